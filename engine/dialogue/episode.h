/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each episode (from a visitor's first message to the close), folded from the stored events in one
 * pass. Plain sums without a clock or a store; what they mean as shares stands in report.h. */
#ifndef SHOPBELL_DIALOGUE_EPISODE_H
#define SHOPBELL_DIALOGUE_EPISODE_H

#include "dialogue/event.h"

#include <stdbool.h>
#include <stdint.h>

/* Who served: a person's message, a bot's answer, or the answer first and then the person. */
enum handler {
	HANDLER_NONE, /* neither: given up, or nothing but questions back */
	HANDLER_BOT,
	HANDLER_PERSON,
	HANDLER_MIXED,
};

/* The mood at the begin and at the end is the mean of so many messages each; an episode with fewer than twice as many
 * says nothing about a change. */
enum { MOOD_SPAN = 2 };

/* One of several answers, given. */
enum { TRIALS_MAX = 8, TRIAL_LINES = 4, TRIAL_INTENT_BYTES = 65, TRIAL_VARIANT_BYTES = 164 };
struct trial {
	char intent[TRIAL_INTENT_BYTES], variant[TRIAL_VARIANT_BYTES];
	int64_t lines[TRIAL_LINES]; /* the last ones that said it */
	size_t line_count;          /* of all */
	int helpful;                /* the last thumb on it; -1: none */
	bool is_handed_over;        /* afterwards */
};

struct episode {
	int64_t conversation;
	int number; /* in its conversation, from 1 */
	int64_t start_ms, last_ms;
	int64_t close_ms;  /* -1: open */
	int64_t back_ms;   /* from the last event to the visitor's next episode; -1: none so far */
	int64_t age_ms;    /* from the last event to now */
	char language[16]; /* of the visitor's last message that has one */
	char segment[24];  /* of the first decision that has one, cut; "" none */

	/* Turns. A decision that the bot took on typed words is a turn; on a button, no question of understanding. */
	int64_t turns, answers, misses, clarifications;
	int64_t typed_turns,
		understood_turns; /* of typed words; of these: answered, or handed over for what was said */
	/* The bot's lines that answer an intent, before any word of a person; not the line that goes with a handover. */
	int64_t bot_answers;
	int64_t person_messages;
	enum author last_line_from; /* of the last line of bot or agent; 0 none */
	bool is_last_line_answer;
	bool has_asked_for_person;

	/* Handing over. Times are from the moment named; -1: has not happened. */
	bool is_handed_over;
	enum reason reason; /* of the first one */
	bool has_waited;    /* stood in the queue */
	bool is_waiting;    /* and still does */
	int64_t wait_ms;    /* of the first wait that an agent ended */
	int64_t response_ms,
		response_after_handover_ms; /* first message of a person: from the start; from handing over */

	/* What was said of it. The last word counts; -1: nothing. `rated_handler` is who had served until that word: a
	 * later claim does not change it. */
	int csat, ces, nps;
	enum handler rated_handler;
	int64_t thumbs_up, thumbs_down;
	int last_thumb;
	int handover_right;

	struct trial trials[TRIALS_MAX]; /* further ones are not kept */
	size_t trial_count;

	int64_t moods;                 /* typed messages of the visitor */
	double first_mood, last_mood;  /* means of MOOD_SPAN polarities; they count when moods >= 2 * MOOD_SPAN */
	int64_t words, repaired_words; /* for who folds to count in the visitor's messages; 0 here */
};
enum handler episode_handler(const struct episode *episode);
/* Whether the bot answered or handed over; whether that was all (no person's message, no handover). */
bool episode_is_involved(const struct episode *episode);
bool episode_is_deflected(const struct episode *episode);

/* The fold. Zero but for what episodes_init() sets; nothing to clear. */
struct episodes {
	int64_t now_ms;
	void (*each)(void *context, const struct episode *episode);
	void *context;
	struct episode current;
	enum owner owner; /* after the last event */
	int64_t queued_ms, handover_ms;
	enum action action; /* of the last decision */
	bool is_pressed;    /* the visitor's last message was a button */
	double early[MOOD_SPAN], late[MOOD_SPAN];
	struct {
		int64_t seq;
		int helpful;
	} thumbs[32]; /* the last ones, by line */
	int thumb_count;
};
/* `each` is called once for every episode with a message of the visitor, when the next begins or at the end. */
void episodes_init(struct episodes *fold, int64_t now_ms, void (*each)(void *context, const struct episode *episode),
		   void *context);
/* Folds one event in; events come conversation by conversation, in order of seq. Gives the episode that it belongs to,
 * good until the next call, with sums as they are so far. Keeps no pointer to the event. */
struct episode *episodes_add(struct episodes *fold, int64_t conversation, const struct event *event);
void episodes_end(struct episodes *fold);

#endif
