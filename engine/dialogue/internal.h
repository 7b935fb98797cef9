/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the dialogue module share: the calendar, the facts of a conversation, and the way of one visitor's
 * message through the policy. */
#ifndef SHOPBELL_DIALOGUE_INTERNAL_H
#define SHOPBELL_DIALOGUE_INTERNAL_H

#include "base/arena.h"
#include "base/str.h"
#include "dialogue/asked.h"
#include "dialogue/conversation.h"
#include "dialogue/event.h"
#include "dialogue/hours.h"
#include "dialogue/knowledge.h"
#include "dialogue/phrases.h"
#include "dialogue/policy.h"

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
	TEXT_QUESTION, /* the visitor's last message */
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
	double mood; /* running frustration */
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
/* "and to Spain?", "und nach Österreich": goes on from the question before. */
bool is_follow_up(struct str utterance);
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

/* ---- policy.c ---- */

enum trigger {
	TRIGGER_MESSAGE, /* text */
	TRIGGER_CHOSEN,  /* the button of an intent */
	TRIGGER_PERSON,  /* the button for a person */
	TRIGGER_GO_ON,   /* the button "bot" */
	TRIGGER_THUMBS,  /* the second thumb down */
	TRIGGER_BROKEN,  /* the bot failed */
};

/* What is to be decided. */
struct question {
	enum trigger trigger;
	struct str utterance;
	const struct understanding *heard;            /* of the utterance; NULL when nothing was said */
	const struct intent *chosen;                  /* NULL for a button whose intent is gone */
	const struct known_language *chosen_language; /* whose intent that is */
	const char *usual_language;
	const struct facts *facts; /* with the visitor's event folded in */
	const struct input *input;
	const struct situation *situation;
	bool is_open; /* opening hours */
};

enum { CLARIFY_MAX = 3 };

/* The question understood, as the rules see it. */
struct view {
	const struct question *question;
	const struct knowledge *knowledge;
	const struct known_language *language;
	struct understanding heard; /* empty but for the language when nothing was said */
	double threshold;
	struct {
		const struct intent *intent;
		double confidence;
	} candidates[MATCH_CANDIDATES]; /* live ones only */
	size_t candidate_count;
	const struct intent *top; /* first candidate, NULL when there is none */
	double confidence;
	bool is_confident;
	bool is_follow_up; /* only together with the question before it is confident */
	enum wish wish;    /* for a person, in words */
	bool is_upset;     /* this message, or the running mood with it */
	bool is_over_line; /* the running mood */
	bool is_repeated;
	bool is_reachable;             /* somebody of the team is there */
	bool is_full;                  /* ... but too many wait already */
	size_t shown;                  /* candidates worth a did-you-mean */
	const struct segment *segment; /* that sends to a person, or NULL */
	const char *segment_name;      /* of the first that the visitor belongs to, "" */
	int misses;                    /* so many hand over */
	int segment_priority;          /* the highest of all that the visitor belongs to; INT_MIN: none */
	double upset_line;             /* from this frustration on a person is fetched */
	int priority;
};

struct verdict {
	struct decision decision; /* text: what the bot itself says; "" when only a handover speaks */
	enum phrase opening;      /* of the handover's line */
	bool has_opening;
	const char *matter; /* for its apology, "" unknown */
	bool is_full;       /* the handover was refused for the length of the queue */
	int priority;
};

/* The team can be reached. */
bool situation_is_reachable(const struct situation *situation, bool is_open);
void policy_decide(const struct question *question, const struct knowledge *knowledge, struct mind *mind,
		   struct arena *arena, struct verdict *out);
/* view.c */
void view_read(struct view *view, const struct question *question, const struct knowledge *knowledge,
	       struct mind *mind);
/* The confidence from which on an answer is given in a language; `wrong_share` 0: by the shop's promise. */
double answer_threshold(const struct known_language *language, double wrong_share);
/* How many of the candidates with these confidences, best first, are worth a did-you-mean; 0: none is. */
size_t candidates_shown(const double *confidences, size_t count);
/* reply.c: fills text, options and record of a decision whose action, reason and rule stand. */
enum reply {
	REPLY_NONE,
	REPLY_ANSWER,
	REPLY_ANSWER_IF_UPSET,
	REPLY_CLARIFY,
	REPLY_MISS,
	REPLY_ONLY_PERSON,
	REPLY_GO_ON
};
void reply_make(const struct view *view, enum reply reply, struct arena *arena, struct decision *decision);
void reply_record(const struct view *view, struct arena *arena, struct decision *decision);
const char *reply_paragraph_in(struct arena *arena, const char *text); /* text as HTML */
/* The line of a handover, and what the visitor can press. */
const char *handover_text_in(struct arena *arena, const struct verdict *verdict, const struct knowledge *knowledge,
			     const struct facts *facts, const struct situation *situation, bool is_open);

/* ---- conversation.c and its steps ---- */

struct shown_option {
	char *id, *label;
};

struct client_mark {
	uint64_t hash;
	int64_t seq;
	int64_t sender; /* an agent, 0: the visitor, -1: some agent (the event names another, or nobody) */
};

struct conversation {
	struct facts facts;
	char *owned[TEXT_COUNT]; /* behind facts.texts */
	struct {
		struct client_mark *items;
		size_t count, capacity;
	} clients;
	struct {
		int64_t *items;
		size_t count, capacity;
	} bot_lines;
	struct {
		struct shown_option *items;
		size_t count, capacity;
	} shown;
};

/* The label of a button shown in it, or NULL. */
const char *conversation_option_label(const struct conversation *state, const char *id);
bool conversation_is_bot_line(const struct conversation *state, int64_t seq);

/* A step under way: events are written through it, and `facts` runs ahead of the state. */
struct step {
	const struct conversation *state;
	const struct input *input;
	const struct knowledge *knowledge;
	const struct settings *settings;
	struct mind *mind;
	const struct situation *situation;
	struct arena *arena;
	struct facts facts;
	struct opening_state hours;
	struct turn *turn;
};

/* A blank event of now, numbered on, with the owner as it is. */
struct event step_event(const struct step *step, enum event_kind kind, enum author from);
/* Appends a copy and folds it in. */
void step_add(struct step *step, const struct event *event);
/* A line of the system. */
struct event step_line(const struct step *step, enum event_kind kind, enum phrase phrase,
		       const struct phrase_values *values);
void step_refuse(struct step *step, enum refusal refusal);
/* Refuses a text without a visible character or over the limit. */
bool step_takes_text(struct step *step, struct str text);
const char *step_copy(const struct step *step, const char *text);
bool step_is_reachable(const struct step *step);
/* "You are number 2 in line ..." */
const char *step_place(const struct step *step);
const char *step_language(const struct step *step);

/* step_visitor.c, step_agent.c, step_timer.c: each input has its function. */
void step_message(struct step *step);
void step_choose(struct step *step);
void step_person(struct step *step);
void step_rate(struct step *step);
void step_survey(struct step *step);
void step_contact(struct step *step);
void step_close(struct step *step);
void step_unanswerable(struct step *step);
void step_claim(struct step *step);
void step_agent_message(struct step *step);
void step_note(struct step *step);
void step_tag(struct step *step);
void step_transfer(struct step *step);
void step_return(struct step *step);
void step_agent_close(struct step *step);
void step_rate_handover(struct step *step);
void step_agent_gone(struct step *step);
void step_timer(struct step *step);

#endif
