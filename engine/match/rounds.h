/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows a linear model visits in which round of its training, and in which order. Most rows have nothing to tell to
 * most classes: they are left alone for a while, and for longer each time that they still have nothing. Shrinking of its
 * own kind: nothing has to be known of the loss. The order is always the same. */
#ifndef SHOPBELL_MATCH_ROUNDS_H
#define SHOPBELL_MATCH_ROUNDS_H

#include "match/linear.h"

#include <stdbool.h>

struct rounds {
	uint32_t *due; /* the rows that are visited in this round, in their order */
	size_t due_count;
	uint32_t *order; /* the rows that take part */
	uint32_t *runs;  /* what is shuffled: the numbers of runs of rows */
	size_t count, run_count, run;
	uint8_t *rest;     /* by row: rounds that it is still skipped */
	uint8_t *patience; /* the model's */
	uint64_t seed;
};

/* Takes over whom the training before had let rest, and begins that anew. `is_held` as for linear_train(). The rounds
 * borrow the model's patience. */
void rounds_init(struct rounds *rounds, const struct linear_model *model, const struct linear_rows *rows,
		 const uint8_t *is_held, const struct linear_effort *effort);
void rounds_clear(struct rounds *rounds);
/* Goes on to the next round, or the first: fills `due`. */
void rounds_next(struct rounds *rounds);
/* Says how long a row is skipped after a visit from which the model has learnt something, or nothing. */
void rounds_let_rest(struct rounds *rounds, uint32_t row, bool has_taught);

#endif
