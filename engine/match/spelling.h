/* SPDX-License-Identifier: Apache-2.0 */
/* Misspelt words: how far two spellings are apart, and an index of the words of a corpus that finds near ones. */
#ifndef SHOPBELL_MATCH_SPELLING_H
#define SHOPBELL_MATCH_SPELLING_H

#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

enum {
	SPELLING_WORD_MIN = 3,   /* shorter words are not repaired: too many others are near */
	SPELLING_WHOLE_FROM = 4, /* one that is shorter may only have lost a letter, or have two swapped */
	SPELLING_WORD_MAX = 24,  /* longer ones neither: nobody's word */
	SPELLING_TWICE_FROM = 8, /* from this length on two errors are repaired */
};
#define SPELLING_NONE UINT32_MAX

/* Damerau-Levenshtein distance in its restricted form (optimal string alignment: insert, delete, replace, swap
 * neighbours; no piece edited twice), counted in bytes; `limit` + 1 when it is more than `limit` (0..2). Words of
 * more than SPELLING_WORD_MAX bytes are further than any limit unless equal. */
unsigned spelling_distance(struct str a, struct str b, unsigned limit);

struct spelling_index;

/* An index of `count` different words, each with how often it occurs. The words are borrowed and must live as long.
 * The caller frees it. */
struct spelling_index *spelling_index_new(const struct str *words, const uint32_t *frequencies, size_t count);
void spelling_index_free(struct spelling_index *index);
size_t spelling_index_size_bytes(const struct spelling_index *index);
/* What else speaks for a word than its spelling and frequency: a number like the logarithm of how many times likelier
 * the word is where it would stand. */
struct spelling_judge {
	double (*fit)(const void *context, uint32_t word);
	const void *context;
};
/* The word nearest to `word`: at distance 1, else (from SPELLING_TWICE_FROM bytes) 2; among equals the likeliest by
 * frequency, kind of error and `judge` (may be NULL), then the first in memcmp order; SPELLING_NONE when there is none.
 * Does not allocate. */
uint32_t spelling_index_find(const struct spelling_index *index, struct str word, const struct spelling_judge *judge);

#endif
