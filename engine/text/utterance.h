/* SPDX-License-Identifier: Apache-2.0 */
/* An utterance that several readers look at: cut into tokens once, however many of them ask. */
#ifndef SHOPBELL_TEXT_UTTERANCE_H
#define SHOPBELL_TEXT_UTTERANCE_H

#include "text/token.h"

struct contraction_rules;

/* Languages differ only in the contractions that they split; so many sets of them there are, one of none. */
enum { UTTERANCE_CUTS_MAX = 6 };

struct utterance {
	struct arena *arena; /* where the tokens live */
	struct str text;     /* borrowed */
	struct utterance_cut {
		const struct contraction_rules *rules; /* NULL: none are split */
		struct tokens tokens;
	} cuts[UTTERANCE_CUTS_MAX];
	size_t cut_count;
};

/* Nothing is cut yet. */
void utterance_init(struct utterance *utterance, struct arena *arena, struct str text);
/* What tokens_read_in() gives in `language`; of the utterance, as long as it and its arena live. */
const struct tokens *utterance_tokens(struct utterance *utterance, const char *language);

#endif
