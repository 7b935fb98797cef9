/* SPDX-License-Identifier: Apache-2.0 */
/* Episodes written line by line, as events. */
#ifndef SHOPBELL_TESTS_STORY_H
#define SHOPBELL_TESTS_STORY_H

#include "dialogue/episode.h"

#include "cmocka_all.h"

#define STORY_BEGIN INT64_C(1766314800000) /* 2025-12-21 11:00 UTC */
enum { STORY_MINUTE = 60 * 1000, STORY_HOUR = 60 * STORY_MINUTE };
#define STORY_DAY (INT64_C(24) * STORY_HOUR)

enum line_kind {
	END,
	SAYS,    /* the visitor; value: polarity */
	PRESSES, /* a button: text */
	ANSWERS, /* the bot, with its decision; number: another action of that */
	CLARIFIES,
	MISSES,
	HANDS, /* over to the queue; number: reason */
	HANDS_TO_NOBODY,
	CLAIMS,
	WRITES,   /* an agent */
	RETURNS,  /* to the bot */
	GIVES_UP, /* the queue, nobody came */
	CLOSES,
	STARS,  /* csat: number */
	EASE,   /* ces: number */
	WOULD,  /* nps: number */
	THUMBS, /* value 0 or 1, on the line of number */
	JUDGES, /* an agent the handover: number */
};
struct line {
	int minute; /* after STORY_BEGIN */
	enum line_kind kind;
	int number;
	double value;
	const char *text;
	int episode; /* 0: as the line before */
	const char *variant, *segment;
};

/* LINE(minute, kind, number, value) and so on in order, or by name. */
#define LINE(when, ...)                             \
	{                                           \
		.minute = when, .kind = __VA_ARGS__ \
	}

static inline void story_message(struct event *event, const struct line *line)
{
	event->kind = EVENT_MESSAGE;
	event->from = line->kind == WRITES ? AUTHOR_AGENT : line->kind == ANSWERS ? AUTHOR_BOT : AUTHOR_VISITOR;
	event->text = "words";
	event->intent = line->text ? line->text : line->kind == ANSWERS ? "delivery-time" : "";
	event->polarity = line->value;
	event->variant = line->variant ? line->variant : "";
	event->language = event->from == AUTHOR_VISITOR ? "en" : "";
}

static inline void story_decision(struct event *event, enum action action)
{
	event->kind = EVENT_DECISION;
	event->from = AUTHOR_BOT;
	event->action = action;
}

static inline void story_change(struct event *event, enum event_kind kind, enum owner owner)
{
	event->kind = kind;
	event->from = AUTHOR_SYSTEM;
	event->owner = owner;
}

static inline void story_rating(struct event *event, const struct line *line)
{
	event->kind = EVENT_RATING;
	event->from = AUTHOR_VISITOR;
	switch (line->kind) {
	case STARS: event->rating.csat = line->number; break;
	case EASE: event->rating.ces = line->number; break;
	case WOULD: event->rating.nps = line->number; break;
	case JUDGES: event->rating.handover_right = line->number; break;
	default:
		event->rating.rates = line->number;
		event->rating.helpful = line->value > 0;
		break;
	}
}

static inline void story_event(struct event *event, const struct line *line)
{
	switch (line->kind) {
	case SAYS:
	case PRESSES:
	case WRITES: story_message(event, line); break;
	case ANSWERS: story_message(event, line); break;
	case CLARIFIES: story_decision(event, ACTION_CLARIFY); break;
	case MISSES: story_decision(event, ACTION_MISS); break;
	case HANDS: story_change(event, EVENT_HANDOVER, OWNER_QUEUE); break;
	case HANDS_TO_NOBODY: story_change(event, EVENT_HANDOVER, OWNER_NOBODY); break;
	case CLAIMS: story_change(event, EVENT_CLAIM, OWNER_AGENT); break;
	case RETURNS: story_change(event, EVENT_RETURN, OWNER_BOT); break;
	case GIVES_UP: story_change(event, EVENT_NOTICE, OWNER_NOBODY); break;
	case CLOSES: story_change(event, EVENT_CLOSE, OWNER_NOBODY); break;
	default: story_rating(event, line); break;
	}
	if (line->kind == HANDS || line->kind == HANDS_TO_NOBODY)
		event->reason = (enum reason)line->number;
}

/* The events of `lines` up to END, given to `each` in turn. */
static inline void story_tell(const struct line *lines, void (*each)(void *context, const struct event *event),
			      void *context)
{
	enum owner owner = OWNER_BOT;
	int64_t seq = 0;
	int episode = 1;
	for (; lines->kind != END; lines++) {
		struct event event = event_blank();
		if (lines->episode) {
			episode = lines->episode;
			owner = OWNER_BOT;
		}
		event.episode = episode;
		event.at_ms = STORY_BEGIN + (int64_t)lines->minute * STORY_MINUTE;
		event.owner = owner;
		event.segment = lines->segment ? lines->segment : "";
		if (lines->kind == ANSWERS) {
			struct event decision = event;
			decision.seq = ++seq;
			story_decision(&decision, lines->number ? (enum action)lines->number : ACTION_ANSWER);
			each(context, &decision);
		}
		event.seq = ++seq;
		story_event(&event, lines);
		owner = event.owner;
		each(context, &event);
	}
}

#endif
