/* SPDX-License-Identifier: Apache-2.0 */
/* From an utterance to the terms that are compared: tokens, stems, names kept whole, synonyms folded together. */
#ifndef SHOPBELL_TEXT_TERMS_H
#define SHOPBELL_TEXT_TERMS_H

#include "base/arena.h"
#include "base/str.h"
#include "text/stem.h"
#include "text/token.h"

#include <stdint.h>

struct term {
	struct str word;   /* the folded word, digits-only as "0"; a name kept whole is one word with spaces */
	struct str stem;   /* what is compared: the stem, or the stem of the first word of its synonym group */
	uint64_t hash;     /* of the word, as that of a token */
	uint32_t from, to; /* bytes of the original utterance */
};

struct terms {
	struct term *items;
	size_t count;
};

/* Another word and stem in the place of a term. */
void term_replace(struct term *term, struct str word, struct str stem);

/* Names and synonyms of one language, compiled. Immutable; shared by threads. */
struct thesaurus;

/* `names`: phrases that are one term. `groups`: each a list of phrases with the same meaning; the first one stands
 * for all. Lives in the arena. Later groups lose against earlier ones where they share a phrase. */
struct thesaurus_group {
	const struct str *phrases;
	size_t count;
};
struct thesaurus *thesaurus_new_in(struct arena *arena, const char *language, const struct str *names,
				   size_t name_count, const struct thesaurus_group *groups, size_t group_count);

/* The terms of `utterance`, in order. `thesaurus` may be NULL. Punctuation gives none, and emoji only where there is no
 * word. */
struct terms terms_read_in(struct arena *arena, struct stemmer *stemmer, const struct thesaurus *thesaurus,
			   struct str utterance, const char *language);
/* The same of what is cut already, in that language. The words are those of the tokens, not copied. */
struct terms terms_of_tokens_in(struct arena *arena, struct stemmer *stemmer, const struct thesaurus *thesaurus,
				const struct tokens *tokens);

#endif
