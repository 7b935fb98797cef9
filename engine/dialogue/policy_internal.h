/* SPDX-License-Identifier: Apache-2.0 */
/* The way of one question through the policy: view_read() understands it, the first rule that holds decides, reply_make()
 * says it. */
#ifndef SHOPBELL_DIALOGUE_POLICY_INTERNAL_H
#define SHOPBELL_DIALOGUE_POLICY_INTERNAL_H

#include "dialogue/asked.h"
#include "dialogue/bare.h"
#include "dialogue/conversation.h"
#include "dialogue/internal.h"
#include "dialogue/phrases.h"
#include "dialogue/policy.h"

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
	const struct intent *top;    /* first candidate, NULL when there is none */
	const struct intent *second; /* what is asked beside it, as surely, in a clause of its own; NULL mostly */
	double confidence;
	bool is_confident;
	bool is_follow_up; /* only together with the question before it is confident */
	bool is_upset;     /* this message, or the running mood with it */
	bool is_over_line; /* the running mood */
	bool is_repeated;
	bool is_reachable;             /* somebody of the team is there */
	bool is_full;                  /* ... but too many wait already */
	enum bare bare;                /* no question at all */
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

/* ---- view.c ---- */

void view_read(struct view *view, const struct question *question, const struct knowledge *knowledge,
	       struct mind *mind);
/* The confidence from which on an answer is given in a language; `wrong_share` 0: by the shop's promise. */
double answer_threshold(const struct known_language *language, double wrong_share);
/* Whether an intent of that id is politeness or the like: nothing that somebody could have meant to ask. */
bool is_small_talk(const char *id);
/* How many of the candidates of `match` with these confidences, best first, are worth a did-you-mean; 0: none is. */
size_t candidates_shown(const struct match_result *match, const double *confidences, size_t count);

/* ---- reply.c: fills text, options and record of a decision whose action, reason and rule stand. ---- */

enum reply {
	REPLY_NONE,
	REPLY_ANSWER,
	REPLY_ANSWER_IF_UPSET,
	REPLY_CLARIFY,
	REPLY_MISS,
	REPLY_ONLY_PERSON,
	REPLY_ASK_EMAIL,
	REPLY_GO_ON
};
void reply_make(const struct view *view, enum reply reply, struct arena *arena, struct decision *decision);
void reply_record(const struct view *view, struct arena *arena, struct decision *decision);
const char *reply_paragraph_in(struct arena *arena, const char *text); /* text as HTML */
/* The line of a handover, and what the visitor can press. */
const char *handover_text_in(struct arena *arena, const struct verdict *verdict, const struct knowledge *knowledge,
			     const struct facts *facts, const struct situation *situation, bool is_open);

#endif
