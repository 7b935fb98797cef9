/* SPDX-License-Identifier: Apache-2.0 */
/* The table of English word vectors that is built into the program: which words mean nearly the same.
 * Words are ASCII, folded. Rows are numbered in the alphabetical order of their words. */
#ifndef SHOPBELL_MATCH_VECTORS_H
#define SHOPBELL_MATCH_VECTORS_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VECTOR_DIMENSIONS = 100 };
#define VECTORS_NONE UINT32_MAX

/* Whether there is a table for a canonical language code. */
bool vectors_know(const char *language);
size_t vectors_count(void);
/* The row of `word` or VECTORS_NONE; one or two comparisons. */
uint32_t vectors_find(struct str word);
/* How many words of the table are more frequent than that of `row`. */
uint32_t vectors_rank(uint32_t row);
/* The word of `row`, in static memory. */
struct str vectors_word(uint32_t row);
/* Adds `weight` times the vector of `row`, which has length 1, to `sum`. */
void vectors_add(uint32_t row, float weight, float sum[VECTOR_DIMENSIONS]);
/* What makes the length of row `row` 1. */
float vectors_unit(uint32_t row);
/* Adds row `row`, not made of length 1, times `scale`: vectors_add() for who has asked for vectors_unit() before. */
void vectors_add_scaled(uint32_t row, float scale, float sum[VECTOR_DIMENSIONS]);
/* The dot product of row `row`, made of length 1 by `unit`, and `other`. */
float vectors_dot(uint32_t row, float unit, const float other[VECTOR_DIMENSIONS]);
/* The vector of `row` in whole numbers, -32 to 31; gives what makes its length 1. */
float vectors_read(uint32_t row, int8_t out[VECTOR_DIMENSIONS]);
/* The most frequent word at Damerau-Levenshtein distance 1 of `word`, which is not in the table itself, or
 * VECTORS_NONE. Looks at the words that share the first or the second half of it: some hundreds. */
uint32_t vectors_nearest_spelling(struct str word);

#endif
