/* SPDX-License-Identifier: Apache-2.0 */
/* What the bot does with a message: answer, clarify, admit a miss, hand over. One table of rules, one pure function,
 * and a record from which "why did it say that?" can be answered alone. */
#ifndef SHOPBELL_DIALOGUE_POLICY_H
#define SHOPBELL_DIALOGUE_POLICY_H

#include "base/arena.h"
#include "base/str.h"
#include "dialogue/event.h"
#include "dialogue/knowledge.h"

#include <stdbool.h>
#include <stddef.h>

enum { DECISION_OPTIONS = 4, DECISION_WORDS = 8 };

struct decision_word {
	const char *term;   /* as the visitor wrote it */
	const char *family; /* mood words: the cue family, else "" */
	double weight;
};

/* Everything that a decision rested on. Texts live in the arena given. */
struct decision {
	enum action action;
	enum reason reason; /* for a handover, else REASON_NONE */
	const char *rule;   /* the name of the row that decided */
	const char *corpus; /* version */
	const char *language;
	const struct intent *intent; /* answered, or NULL */
	const struct answer *answer; /* of intent, or NULL */
	const char *variant;   /* of the answer, when the owner wrote several: ANSWER_PLAIN_NAME or its name; else "" */
	const char *segment;   /* the first in shop.ini that the visitor belongs to, "" */
	const char *intent_id; /* first candidate (also when not answered), "" */
	double confidence, threshold;
	struct {
		const char *intent;
		double confidence;
	} candidates[MATCH_CANDIDATES];
	size_t candidate_count;
	struct decision_word why[DECISION_WORDS];
	size_t why_count;
	struct decision_word mood_words[DECISION_WORDS];
	size_t mood_word_count;
	double polarity, frustration, running_mood;
	bool is_upset;
	struct option options[DECISION_OPTIONS]; /* did-you-mean, or follow-ups of the answer */
	size_t option_count;
	/* What the bot says, in the decision's language. */
	const char *text, *html;
};

/* The bot without a conversation: one utterance, as a first message with agents there. For `ask`. `language`: a code, or
 * NULL or "" to guess it. `out` is filled always; its texts live in the arena, its intent and answer in the knowledge. */
void policy_ask(const struct knowledge *knowledge, struct mind *mind, struct str utterance, const char *language,
		struct arena *arena, struct decision *out);

#endif
