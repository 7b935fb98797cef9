/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the dialogue module share: the calendar, the facts of a conversation, and what knowledge gives besides.
 * The way of a message through the policy is in policy_internal.h, a step of a conversation in step_internal.h. */
#ifndef SHOPBELL_DIALOGUE_INTERNAL_H
#define SHOPBELL_DIALOGUE_INTERNAL_H

#include "base/arena.h"
#include "base/str.h"
#include "dialogue/event.h"
#include "dialogue/knowledge.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- zone.c ---- */

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back. A month or day out of its range carries over
 * for days only. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int64_t days_from_civil(int64_t year, int month, int day);
void civil_from_days(int64_t days, int *out_year, int *out_month, int *out_day);

/* ---- facts.c: what the policy may know of a conversation. Plain values, so that a step can fold the events that it
 * is about to write into a copy of its own; replay and life then cannot differ. ---- */

enum { ANSWERED_KEPT = 8, THUMBS_KEPT = 4 };

enum fact_text {
	TEXT_QUESTION, /* the visitor's last message; facts_wording() */
	TEXT_ANSWERED, /* the question that the last answer was given to */
	TEXT_INTENT,   /* of the last answer */
	TEXT_AGENT,    /* name of the agent who owns it or closed it */
	TEXT_EMAIL,    /* left by the visitor */
	TEXT_TAGS,     /* of the whole conversation, a line each */
	TEXT_COUNT
};

/* An intent that was answered in this episode. */
struct answered {
	uint64_t intent, wording; /* hashes */
	int times;
};

/* A did-you-mean shows so many questions, and the button for a person behind them. */
enum { CLARIFY_MAX = 3 };

struct facts {
	int64_t seq, last_at_ms;
	int64_t first_ms; /* of the conversation's first event */
	enum owner owner;
	int64_t agent; /* owning, else 0 */
	int episode;
	bool is_closed;
	int64_t closed_ms;
	int64_t closing_agent; /* who closed it, else 0 */
	const char *language;  /* static code, "" before the first message */
	const char *texts[TEXT_COUNT];
	uint64_t wording; /* of TEXT_QUESTION when its event told it, else 0 */
	double mood;      /* running frustration */
	int trend;
	/* The queue. */
	int64_t waiting_since_ms; /* decides the place; 0 when not waiting */
	int64_t queued_ms;        /* decides the timers: later than the above when an agent was lost */
	int64_t place_kept_ms;    /* the place of the conversation that an agent now owns: since it waited, or began */
	int64_t noticed_ms;       /* of the last line about the place */
	bool is_alerted;
	int priority;
	/* This episode. */
	enum reason reason;
	int misses;
	bool is_clarifying; /* the bot's last line asked "did you mean" */
	bool is_automatic_used;
	bool is_full_told;
	bool has_contact;
	bool had_handover;                       /* of the whole conversation */
	int64_t first_seq;                       /* of this episode */
	int64_t began_ms;                        /* this episode */
	struct answered answered[ANSWERED_KEPT]; /* a ring */
	size_t answered_count;
	int64_t thumbs_down[THUMBS_KEPT]; /* seq of bot's messages */
	size_t thumbs_down_count;
};
struct facts facts_blank(void);
/* Texts of the event are borrowed. */
void facts_apply(struct facts *facts, const struct event *event);
const struct answered *facts_answered(const struct facts *facts, const char *intent);

/* What notices are about (event.intent of a notice). */
#define NOTICE_ADDED "added"
#define NOTICE_ALERT "alert"

uint64_t text_hash(const char *text);
/* The same for wordings that differ in case, blanks and punctuation only. */
uint64_t wording_hash(struct str utterance);
/* Of the visitor's last message. */
uint64_t facts_wording(const struct facts *facts);
/* "and to Spain?", "und nach Österreich": goes on from the question before. */
bool is_follow_up(struct str utterance);
/* "and how much is that?": goes on with a question of its own, which what was answered before does not answer. */
bool follow_up_asks(struct str utterance);
/* What is meant instead: "the price" of "no, I meant the price", "nein, ich meine den Preis"; empty when nothing of the
 * kind is said. */
struct str correction_in(struct str utterance);
/* "how do I pay", "comment renvoyer": begins as questions do, with or without a question mark. */
bool begins_as_question(struct str text);
/* A tag as it is kept: one line, blanks and controls as one blank each, none at the ends; NUL-terminated. `out` has room
 * for text.len + 1. */
struct str tag_tidy(struct str text, char *out);

/* ---- knowledge.c ---- */

struct arena *mind_arena(struct mind *mind); /* scratch; the caller resets it when a turn is over */
/* The mood alone, for messages that the bot does not answer; gives the code of their language. */
const char *knowledge_mood(const struct knowledge *knowledge, struct mind *mind, struct str utterance,
			   const char *usual, struct mood *out);
/* As knowledge_understand, in this language whatever it looks like. */
void knowledge_understand_in(const struct known_language *language, struct mind *mind, struct str utterance,
			     struct understanding *out);
/* The candidates alone; the arena of the mind is not reset. */
void knowledge_match_in(const struct known_language *language, struct mind *mind, struct str utterance,
			struct match_result *out);

/* ---- test_lines.c ---- */

/* Line number `*line` of a file of the folder, "" when it cannot be read: for showing it beside a problem. With line 0
 * the first line that begins with `start`; its number goes to `*line`. */
const char *source_line_in(struct arena *arena, const char *directory, const char *file, const char *start,
			   uint32_t *line);
/* Plays every `test:` line; those that fail are added to `problems`, as errors or, by the settings, as warnings. */
void test_lines_run(const struct knowledge *knowledge, const char *directory, struct diagnostics *problems);

#endif
