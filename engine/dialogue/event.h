/* SPDX-License-Identifier: Apache-2.0 */
/* What a conversation is made of: numbered events that are only ever appended. Plain values without behaviour: store
 * keeps them, wire prints them, conversation_apply() makes a state of them. */
#ifndef SHOPBELL_DIALOGUE_EVENT_H
#define SHOPBELL_DIALOGUE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stored as numbers: add at the end, never renumber. */
enum event_kind {
	EVENT_MESSAGE = 1,
	EVENT_DECISION = 2, /* why the bot said what follows; agents only */
	EVENT_HANDOVER = 3, /* to the queue, or to nobody when no one is there */
	EVENT_CLAIM = 4,
	EVENT_TRANSFER = 5,
	EVENT_RETURN = 6, /* back to the bot, or back to the queue when an agent was lost */
	EVENT_NOTE = 7,   /* agents only */
	EVENT_CONTACT = 8,
	EVENT_RATING = 9, /* a thumb, a survey, or the agent's word on the handover */
	EVENT_NOTICE = 10,
	EVENT_CLOSE = 11,
	EVENT_TAGS = 12, /* agents only; text: all tags after it, a line each; intent: the one put on or taken off */
};
enum author { AUTHOR_VISITOR = 1, AUTHOR_BOT = 2, AUTHOR_AGENT = 3, AUTHOR_SYSTEM = 4 };
enum owner { OWNER_BOT = 1, OWNER_QUEUE = 2, OWNER_AGENT = 3, OWNER_NOBODY = 4 };
enum reason {
	REASON_NONE = 0,
	REASON_ASKED = 1,
	REASON_INTENT = 2,
	REASON_UNSURE = 3,
	REASON_REPEATED = 4,
	REASON_UPSET = 5,
	REASON_COMPLEX = 6,
	REASON_SEGMENT = 7,
};
enum action { ACTION_QUIET = 0, ACTION_ANSWER = 1, ACTION_CLARIFY = 2, ACTION_MISS = 3, ACTION_HANDOVER = 4 };

/* A button. Ids: an intent's id, or "person", "email", "bot", "wait". */
struct option {
	const char *id;
	const char *label;
};

/* What a rating says; -1 where nothing was said. */
struct rating {
	int64_t rates;      /* thumbs: the seq of the bot's message, else 0 */
	int helpful;        /* 0, 1 */
	int csat;           /* 1..5 */
	int ces;            /* 1..7 */
	int nps;            /* 0..10 */
	int handover_right; /* 0, 1: the agent's word */
	const char *comment;
};

/* Texts are never NULL ("" when there is none) and belong to whoever made the event (an arena mostly). */
struct event {
	int64_t id;  /* grows over all conversations; 0 until it is stored */
	int64_t seq; /* 1, 2, 3 ... in its conversation */
	int64_t at_ms;
	enum event_kind kind;
	enum author from;
	int64_t agent;          /* who acted, or 0; of a transfer: who takes over (0: the queue) */
	const char *agent_name; /* as it was then */
	const char *client_id;
	const char *text;
	const char *html;
	const struct option *options;
	size_t option_count;
	enum owner owner;    /* after this event */
	int64_t owner_agent; /* when owner is OWNER_AGENT */
	int episode;         /* from 1; a message after a close begins the next */
	enum reason reason;  /* of a handover, and of a decision to hand over */
	enum action action;  /* of a decision */
	/* Answered by a bot's message; the first candidate of a decision; the id of the button that a visitor's message
	 * pressed; what a notice is about; the tag of a change of tags. */
	const char *intent;
	double confidence;                        /* of a decision; of a handover: its priority in the queue */
	double polarity, frustration;             /* of a visitor's message: mood */
	uint64_t wording;                         /* of one that was just typed: its wording_hash(); else 0 */
	const char *language;                     /* of a visitor's message: the code it was read in */
	struct rating rating;                     /* of a rating */
	const char *contact_name, *contact_email; /* of a contact */
	/* Of a decision: the visitor's segment; of it and the bot's line: which of several answers was given. */
	const char *segment, *variant;
	const char *details; /* of a decision: its reasons; of a contact: the consent; made by wire, opaque here */
};

/* An event with every text "", ratings -1, all else 0. */
struct event event_blank(void);

/* The words of the wire: "message", "visitor", "queue", "asked", "answer" ... "" for a number that is none. */
const char *event_kind_name(enum event_kind kind);
const char *author_name(enum author author);
const char *owner_name(enum owner owner);
const char *reason_name(enum reason reason);
const char *action_name(enum action action);

/* Whether visitors are shown events of this kind. */
bool event_is_public(enum event_kind kind);

#endif
