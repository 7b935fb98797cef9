/* SPDX-License-Identifier: Apache-2.0 */
/* Where the owner wrote several answers to one question: how each of them did. Sums only. */
#ifndef SHOPBELL_DIALOGUE_TRIALS_H
#define SHOPBELL_DIALOGUE_TRIALS_H

#include "dialogue/episode.h"
#include "dialogue/sample.h"

#include <stddef.h>

/* One answer. Its cases are the episodes in which it was given, each once. */
struct trial_result {
	char intent[TRIAL_INTENT_BYTES], variant[TRIAL_VARIANT_BYTES];
	struct rate helpful;     /* thumbs up, among thumbs */
	struct rate handed_over; /* handed over afterwards, among all */
};

/* Zero is a valid empty one. */
struct trials {
	struct {
		struct trial_result *items; /* in order of question, then of name */
		size_t count, capacity;
	} results;
};
void trials_clear(struct trials *trials);
/* Counts the answers given in the episode. Linear in the answers known. */
void trials_add(struct trials *trials, const struct episode *episode);

#endif
