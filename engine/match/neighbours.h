/* SPDX-License-Identifier: Apache-2.0 */
/* Which stems of the examples mean nearly the same, by the table of word vectors. A wording with "parcel" teaches a
 * little about "package" too, if another wording has that word: with few examples an intent, most words were seen in
 * one wording only. Used while training; what a question costs does not change (see classifier_take). */
#ifndef SHOPBELL_MATCH_NEIGHBOURS_H
#define SHOPBELL_MATCH_NEIGHBOURS_H

#include "match/features.h"

#include <stddef.h>
#include <stdint.h>

enum { NEIGHBOURS_MAX = 5 }; /* of one stem */

struct neighbours {
	struct neighbour {
		uint32_t feature;
		float share; /* of a value that is passed on, 0..1; 0 behind the last */
	} * items;           /* by feature: NEIGHBOURS_MAX, the nearest first */
};

/* The different words of the examples. */
struct neighbour_words {
	const struct term_fact *facts;
	const uint32_t *frequencies;
	size_t count;
	size_t example_count, intent_count; /* that they are from */
};
/* Finds the neighbours of all stems, each with every other one, on all cores: a million pairs take some 30 ms. NULL when
 * there are none: without vectors, or with so many examples that they teach each word. */
struct neighbours *neighbours_new(const struct features *features, const struct neighbour_words *words);
void neighbours_free(struct neighbours *neighbours);

/* The neighbours of `feature`: NEIGHBOURS_MAX of them, or NULL. `neighbours` may be NULL. */
static inline const struct neighbour *neighbours_of(const struct neighbours *neighbours, uint32_t feature)
{
	return neighbours ? neighbours->items + (size_t)feature * NEIGHBOURS_MAX : NULL;
}

/* Writes `count` features with their values, and what they pass on to their neighbours, except to those for which
 * `is_left_out` (by feature; may be NULL) is set; gives how many that are. The outputs need room for
 * count * (1 + NEIGHBOURS_MAX). `marks` is an array of zeros by feature, given back so. */
size_t neighbours_spread(const struct neighbours *neighbours, const uint32_t *ids, const float *values, size_t count,
			 const uint8_t *is_left_out, uint32_t *marks, uint32_t *out_ids, float *out_values);

#endif
