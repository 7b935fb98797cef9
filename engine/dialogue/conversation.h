/* SPDX-License-Identifier: Apache-2.0 */
/* One conversation: its state follows from its events, and one step is a pure function
 *
 *     (state, input, knowledge, situation) -> events to append, or a refusal
 *
 *      message                 second miss, asked, upset ...             claim
 *   .--------.  BOT  --------------------------------------->  QUEUE  ----------->  AGENT
 *   '------->'   ^ ^------------------ return ------------------------------------'  |
 *    answers     |         nobody there, or given up: NOBODY (a ticket) <--- QUEUE    | close
 *                '---- next message ---------------  NOBODY  <------------------------'
 *
 * No clock, socket, SQL or JSON here. */
#ifndef SHOPBELL_DIALOGUE_CONVERSATION_H
#define SHOPBELL_DIALOGUE_CONVERSATION_H

#include "base/arena.h"
#include "base/str.h"
#include "dialogue/event.h"
#include "dialogue/knowledge.h"

#include <stdbool.h>
#include <stdint.h>

struct conversation; /* the state; opaque, heap, small */

struct conversation *conversation_new(void);
void conversation_free(struct conversation *state);
/* Folds one event in. Events must come in order of seq without a gap; anything else is a broken invariant. */
void conversation_apply(struct conversation *state, const struct event *event);

/* Moves all times in the state by so much: the clock was set, and what has gone by since remains the same. The events keep
 * the times that they were given. */
void conversation_shift(struct conversation *state, int64_t by_ms);

/* Questions. */
int64_t conversation_last_at(const struct conversation *state); /* of the last event, ms; 0 when empty */
int64_t conversation_seq(const struct conversation *state);     /* last number; 0 when empty */
enum owner conversation_owner(const struct conversation *state);
int64_t conversation_agent(const struct conversation *state); /* owning agent or 0 */
int conversation_episode(const struct conversation *state);
bool conversation_is_closed(const struct conversation *state);
const char *conversation_language(const struct conversation *state);  /* code, "" before the first message */
double conversation_mood(const struct conversation *state);           /* running frustration 0..1 */
int conversation_trend(const struct conversation *state);             /* -1 sinking, 0 steady, 1 rising */
int64_t conversation_waiting_since(const struct conversation *state); /* ms, 0 when not in the queue */
int conversation_priority(const struct conversation *state);
enum reason conversation_reason(const struct conversation *state); /* of the last handover of this episode */
const char *conversation_intent(const struct conversation *state); /* last answered, "" */
const char *conversation_tags(const struct conversation *state);   /* a line each, "" when there are none */
/* The seq of the event that this sender (`agent`, or 0: the visitor) made under this client_id, 0 when there is none. By
 * hash: the caller compares the stored event before it trusts a hit. */
int64_t conversation_find_client_id(const struct conversation *state, const char *client_id, int64_t agent);

/* What a tag may be: one line, without white space at its ends. */
enum { TAG_CHARACTERS_MAX = 40, TAGS_MAX = 12 };

enum input_kind {
	INPUT_MESSAGE, /* text */
	INPUT_CHOOSE,  /* option: of a button that an event showed, or a suggestion of the settings */
	INPUT_PERSON,
	INPUT_RATE,          /* rating */
	INPUT_SURVEY,        /* rating */
	INPUT_CONTACT,       /* contact_name, contact_email */
	INPUT_CLOSE,         /* by the visitor */
	INPUT_CLAIM,         /* by agent */
	INPUT_AGENT_MESSAGE, /* by agent: text; claims first when the bot, the queue or nobody owns */
	INPUT_NOTE,          /* by agent: text */
	INPUT_TAG,           /* by agent: text, a tag to put on or, is_removal, to take off */
	INPUT_TRANSFER,      /* by agent: to_agent + to_agent_name, or 0: the queue */
	INPUT_RETURN,        /* by agent */
	INPUT_AGENT_CLOSE,   /* by agent */
	INPUT_RATE_HANDOVER, /* by agent: rating */
	INPUT_AGENT_GONE,    /* the owning agent's grace is over */
	INPUT_TIMER,         /* the time of conversation_wake_ms() has come */
	INPUT_UNANSWERABLE,  /* the bot failed to think about the last message (a bug): hand over once */
};

struct input {
	enum input_kind kind;
	const char *client_id; /* "" when none */
	struct str text;
	bool is_removal;
	const char *option;
	const char *language;  /* of the page, canonical or "" */
	const char *page_path; /* "" unknown */
	int64_t agent;
	const char *agent_name;
	int64_t to_agent;
	const char *to_agent_name;
	struct rating rating;
	const char *contact_name, *contact_email;
	/* Verified attributes of the visitor as name, value pairs; unverified ones are never given. */
	const struct option *attributes;
	size_t attribute_count;
	int visits;
	const char *subject; /* of a visitor who is signed in at the shop, "" */
	bool has_variants;   /* the answer may be one of several; without, it is the plain one */
};
struct input input_blank(enum input_kind kind);
/* Whether the event is what this input makes (client_id and sender aside). */
bool event_is_of_input(const struct event *event, const struct input *input);

/* The world around, as the shell sees it now. */
struct situation {
	int64_t now_ms;
	int agents_online;    /* signed in and connected, away or not */
	int agents_available; /* status available and below their load */
	int queue_length;     /* waiting now, this one not counted */
	int queue_position;   /* of this one when it waits (from 1), else where it would stand */
	int64_t wait_ms;      /* estimate for that position; -1 unknown */
};

enum refusal {
	REFUSAL_NONE,
	REFUSAL_EMPTY, /* text without a visible character */
	REFUSAL_TOO_LONG,
	REFUSAL_UNKNOWN_OPTION,
	REFUSAL_NO_CONVERSATION,
	REFUSAL_NOT_RATEABLE,
	REFUSAL_TAKEN, /* another agent owns it */
	REFUSAL_CLOSED,
	REFUSAL_NOT_YOURS,
	REFUSAL_TOO_MANY_TAGS,
};

/* What a step decided. Everything lives in the arena given to the step, but that `decision` also borrows from the
 * knowledge: print it before that is given back. */
struct turn {
	enum refusal refusal; /* then there are no events */
	struct event *events; /* numbered on from the state's seq; to be stored together, then applied */
	size_t event_count;
	const struct decision *decision; /* of the EVENT_DECISION among them, for wire to print; or NULL */
	bool is_alert;                   /* nobody claimed it in time: tell all agents */
};

/* One step. `state` is not changed: apply the events once they are taken. */
void conversation_step(const struct conversation *state, const struct input *input, const struct knowledge *knowledge,
		       struct mind *mind, const struct situation *situation, struct arena *arena, struct turn *out);

/* When INPUT_TIMER is wanted next (Unix ms), 0 for never. */
int64_t conversation_wake_ms(const struct conversation *state, const struct settings *settings);

#endif
