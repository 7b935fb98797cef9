/* SPDX-License-Identifier: Apache-2.0 */
/* Every line that the bot and the system say by themselves, in English, German, French and Spanish. What the owner
 * writes is not here. The bot says that it is a bot, promises nothing that nobody may keep, and is never cheerful. */
#ifndef SHOPBELL_DIALOGUE_PHRASES_H
#define SHOPBELL_DIALOGUE_PHRASES_H

#include "base/arena.h"
#include "dialogue/event.h"
#include "dialogue/zone.h"

#include <stddef.h>
#include <stdint.h>

enum phrase {
	/* Buttons. */
	PHRASE_PERSON,
	PHRASE_EMAIL,
	PHRASE_BOT,
	PHRASE_WAIT,
	/* The bot. */
	PHRASE_MISS,
	PHRASE_MISS_UPSET,
	PHRASE_CLARIFY,
	PHRASE_ONLY_PERSON, /* a matter for a person, and the automatic handover is used up */
	PHRASE_FULL,        /* {number} wait already */
	PHRASE_GO_ON,
	/* How a handover begins: by its reason. */
	PHRASE_OPEN_ASKED,
	PHRASE_OPEN_INTENT,
	PHRASE_OPEN_SENSITIVE,
	PHRASE_OPEN_UNSURE,
	PHRASE_OPEN_THUMBS,
	PHRASE_OPEN_REPEATED,
	PHRASE_OPEN_UPSET,
	PHRASE_OPEN_UPSET_MATTER, /* {matter} */
	PHRASE_OPEN_COMPLEX,
	PHRASE_OPEN_SEGMENT,
	PHRASE_OPEN_BROKEN,
	/* How it goes on: somebody is there ... */
	PHRASE_CALLING,
	PHRASE_NEXT,
	PHRASE_NUMBER, /* {number} */
	PHRASE_WAIT_SHORT,
	PHRASE_WAIT_MINUTE,
	PHRASE_WAIT_MINUTES, /* {number} */
	PHRASE_WAIT_LONG,
	/* ... or nobody is. */
	PHRASE_NOBODY,
	PHRASE_BACK, /* {when} */
	PHRASE_LEAVE_EMAIL,
	PHRASE_HAVE_EMAIL, /* {email} */
	/* Notices. */
	PHRASE_ADDED,
	PHRASE_ALERT,
	PHRASE_GIVE_UP,
	PHRASE_GIVE_UP_OFFER,
	PHRASE_ASK_EMAIL,
	PHRASE_CONTACT,        /* {email} */
	PHRASE_CLAIM,          /* {name} */
	PHRASE_TRANSFER_AGENT, /* {name} */
	PHRASE_TRANSFER_QUEUE,
	PHRASE_RETURN,
	PHRASE_AGENT_GONE,  /* {name} */
	PHRASE_REOPEN,      /* {name} */
	PHRASE_CLOSE_AGENT, /* {name} */
	PHRASE_CLOSE_VISITOR,
	PHRASE_CLOSE_AWAY,
	/* Parts of a date: {time}, {day}. */
	PHRASE_TIME,
	PHRASE_TODAY,
	PHRASE_TOMORROW,
	PHRASE_ON_DAY,
	PHRASE_ON_DATE,
	PHRASE_COUNT
};

/* What stands in the places of a phrase; NULL and 0 where there is none. */
struct phrase_values {
	const char *name, *email, *when, *matter, *time, *day;
	long number;
};

/* The phrase as it is in the table: in English for a language that has none. */
const char *phrase_text(const char *language, enum phrase phrase);
/* With the places filled in; lives in the arena. */
const char *phrase_in(struct arena *arena, const char *language, enum phrase phrase,
		      const struct phrase_values *values);
/* A place and a wait in whole sentences: "You are number 2 in line. It takes about 4 minutes." `wait_ms` -1: unknown,
 * then nothing is said of it. */
const char *phrase_place_in(struct arena *arena, const char *language, long position, int64_t wait_ms);
/* When something is, seen from now, in the time of the zone: "tomorrow at 9:00", "on Monday, 4 January at 9:00". */
const char *phrase_when_in(struct arena *arena, const char *language, const struct zone *zone, int64_t now_ms,
			   int64_t then_ms);
/* A button with one of the system's meanings: PHRASE_PERSON, PHRASE_EMAIL, PHRASE_BOT or PHRASE_WAIT. */
struct option phrase_option(const char *language, enum phrase phrase);
/* The label of "person", "email", "bot" or "wait", or NULL for another id. */
const char *phrase_label(const char *language, const char *option);

#endif
