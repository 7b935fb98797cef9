/* SPDX-License-Identifier: Apache-2.0 */
/* words.md: words with the same meaning, names to keep whole, mood words of the shop. */
#ifndef SHOPBELL_CORPUS_WORDS_H
#define SHOPBELL_CORPUS_WORDS_H

#include "corpus/internal.h"
#include "text/terms.h"

struct words_group {
	const char *language; /* canonical code */
	struct thesaurus_group group;
};

struct words_phrase {
	const char *language; /* NULL: every language */
	struct str phrase;
};

struct words_list {
	struct words_phrase *items;
	size_t count, capacity;
};

/* On the heap until words_clear(); the texts live in the arena. */
struct words {
	struct {
		struct words_group *items;
		size_t count, capacity;
	} groups;
	struct words_list names;       /* as written */
	struct words_list upset, calm; /* folded */
};

/* Reads the file over empty `words`. `usual` is the shop's language; `languages` are those that have topics. */
void words_read_in(struct arena *arena, const struct source *source, const char *usual, const char *const *languages,
		   size_t language_count, struct words *words, struct diagnostics *problems);
void words_clear(struct words *words);

#endif
