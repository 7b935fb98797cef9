/* SPDX-License-Identifier: Apache-2.0 */
/* Makes sums of word vectors easier to tell apart: directions in which the wordings of one intent differ among
 * themselves count less. Learnt from the owner's own examples. */
#ifndef SHOPBELL_MATCH_WHITENING_H
#define SHOPBELL_MATCH_WHITENING_H

#include "match/vectors.h"

#include <stddef.h>
#include <stdint.h>

/* A symmetric matrix: (0.3 S + 0.7 tr(S) / d I)^-1/2, with S the mean covariance within an intent. */
enum { WHITENING_STRIDE = 104 }; /* a row, padded to whole vectors of eight */
struct whitening {
	float matrix[VECTOR_DIMENSIONS * WHITENING_STRIDE];
};

/* Learns from `count` vectors of length 1 (or all 0), VECTOR_DIMENSIONS numbers each, and their intents, numbers below
 * `intent_count`. NULL when the intents' vectors do not differ, so that there is nothing to learn; else the caller
 * frees it with free(). Of more than 4,000 vectors not all are looked at. */
struct whitening *whitening_new(const float *vectors, const uint32_t *intents, size_t count, size_t intent_count);
/* Multiplies `vector` by the matrix, in place. */
void whitening_apply(const struct whitening *whitening, float vector[VECTOR_DIMENSIONS]);

#endif
