/* SPDX-License-Identifier: Apache-2.0 */
/* What an owner could do for better answers in one language: which questions are easily taken for each other and
 * through which wordings, which have too few, which wordings teach nothing new, and which words visitors use that no
 * wording has. Says what is so; how it is told is for who prints it. */
#ifndef SHOPBELL_DIALOGUE_ADVICE_H
#define SHOPBELL_DIALOGUE_ADVICE_H

#include "dialogue/knowledge.h"

enum {
	ADVICE_FEW_WORDINGS = 5,  /* below the heading: with fewer a question is often not found */
	ADVICE_WORDINGS_AIM = 10, /* beyond so many each further one helps little */
	ADVICE_HEARD_MIN = 2,     /* in so many questions a word must be: once is a slip, or somebody's name */
};

/* Two questions that are easily taken for each other, by the wordings of either that land in the other one when they
 * are left out of the training, and would be answered. */
struct advice_pair {
	uint32_t first, second; /* intents; first < second */
	struct advice_stray {
		struct example wording;
		uint32_t intent; /* whose it is; the other one is what it is taken for */
		double confidence;
	} * strays; /* surest first */
	size_t count;
};

struct advice_alike { /* the same stems, perhaps in another order */
	struct example wording, earlier;
};

struct advice_word {
	struct str word;
	size_t heard; /* questions that have it */
};

struct advice {
	const struct known_language *language;
	size_t wordings;                 /* headings included */
	const struct advice_pair *pairs; /* most strays first */
	size_t pair_count;
	const uint32_t *few; /* intents, those with the fewest wordings first */
	size_t few_count;
	const struct advice_alike *alike; /* in the order of the files */
	size_t alike_count;
};

struct adviser;
/* Looks at `language`, which must outlive the adviser. The caller frees it. */
struct adviser *adviser_new(const struct known_language *language);
void adviser_free(struct adviser *adviser);
/* Lives as long as the adviser. */
const struct advice *adviser_advice(const struct adviser *adviser);

/* Takes note of what a visitor asked in this language. */
void adviser_hear(struct adviser *adviser, struct str utterance);
/* The words that at least ADVICE_HEARD_MIN of the questions have and no wording does, most frequent first: without
 * function words, numbers, names (of words.md, or capitalised inside a sentence), and what is a slip for a word of
 * the corpus. Good until the next call of adviser_hear. */
const struct advice_word *adviser_words(struct adviser *adviser, size_t *out_count);

#endif
