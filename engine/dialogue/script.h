/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations as plain text that a shop owner can read and write, played against the knowledge as it is:
 *
 *     @ Mon 10:05, agents online: anna
 *     visitor> wheres my parcel
 *     bot track-order sure> You can follow
 *     visitor> i want a human
 *     = waiting for agent
 *
 * What is done, a line each:
 *     @ WEEKDAY HH:MM or @ YYYY-MM-DD HH:MM, then any of: agents online: NAMES or none; agents away: NAMES; queue: N
 *                                    sets the clock of the shop's time zone (never back) and who is there
 *     visitor> TEXT                  visitor presses> LABEL          visitor rates> helpful or not helpful
 *     visitor leaves email> ADDRESS  visitor closes                  visitor surveys> CSAT
 *     visitor has> NAME = VALUE      (a verified attribute)          visitor at> /PAGE        visitor visits> N
 *     agent NAME> TEXT               agent NAME notes> TEXT          agent NAME claims, returns, closes or leaves
 *     agent NAME passes to> NAME     (or: queue)
 *     bot fails                      over what was said last: a fault of ours
 * What must come of it, in this order, other lines of bot and system may stand between:
 *     bot INTENT sure> PREFIX        an answer; PREFIX of its plain text, may be empty
 *     bot INTENT unsure> PREFIX      a did-you-mean whose first button is that intent
 *     bot none> PREFIX               a miss               bot> PREFIX           any line of the bot
 *     system> PREFIX                 a line of the system
 *     = owner bot, = waiting for agent, = agent NAME, = nobody, = closed
 *     = handover REASON, = no handover      since the visitor's last line
 * A line that starts with # is a comment. */
#ifndef SHOPBELL_DIALOGUE_SCRIPT_H
#define SHOPBELL_DIALOGUE_SCRIPT_H

#include "base/arena.h"
#include "base/str.h"
#include "corpus/diagnostics.h"
#include "dialogue/knowledge.h"

#include <stddef.h>
#include <stdint.h>

enum { SCRIPT_LINES_MAX = 5000, SCRIPT_BYTES_MAX = 1024 * 1024 };

struct script;

/* Reads the text of a file called `file` in messages; lives in the arena, as `text` must. NULL when a line is not
 * understood: all such lines are in `problems`. */
const struct script *script_read_in(struct arena *arena, const char *file, struct str text,
				    struct diagnostics *problems);

/* A line that did not come true. */
struct script_failure {
	uint32_t line;
	const char *expected; /* the line of the file */
	const char *came;     /* what came instead, in the same language; more than one line with " / " between */
	const char *instead;  /* a line that would be true in its place, NULL when none would */
};
struct script_outcome {
	struct script_failure *failures; /* in order */
	size_t failure_count;
	size_t checked; /* lines that were checked */
};

/* Plays it from an empty conversation. Everything in `out` lives in the arena. */
void script_play(const struct script *script, const struct knowledge *knowledge, struct mind *mind, struct arena *arena,
		 struct script_outcome *out);

/* Reads and plays; what does not come true is an error in `problems`. Gives the number of errors of both kinds. */
size_t script_check(const char *file, struct str text, const struct knowledge *knowledge, struct mind *mind,
		    struct diagnostics *problems);

#endif
