/* SPDX-License-Identifier: Apache-2.0 */
#include "match/rounds.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A row from which nothing was learnt is skipped for so many rounds; again nothing: twice as many, and so on up to the
 * most. */
enum { PATIENCE = 3, PATIENCE_MAX = 100 };
static const uint64_t SEED = 88172645463325252u;

static uint64_t next_random(uint64_t *state) /* Marsaglia's xorshift64 */
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void shuffle(uint32_t *order, size_t count, uint64_t *state)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)(next_random(state) % i);
		uint32_t held = order[i - 1];
		order[i - 1] = order[j];
		order[j] = held;
	}
}

void rounds_init(struct rounds *rounds, const struct linear_model *model, const struct linear_rows *rows,
		 const uint8_t *is_held, const struct linear_effort *effort)
{
	*rounds = (struct rounds){ .run = effort->run, .patience = model->patience, .seed = SEED };
	rounds->due = mem_alloc((rows->count + 1) * sizeof *rounds->due);
	rounds->order = mem_alloc((rows->count + 1) * sizeof *rounds->order);
	rounds->rest = mem_zalloc(rows->count + 1, sizeof *rounds->rest);
	for (uint32_t row = 0; row < rows->count; row++) {
		bool is_own = rows->classes[row] - model->first_class < LINEAR_WIDTH;
		if (!is_held || !is_held[row])
			rounds->order[rounds->count++] = row;
		if (!is_own && rounds->patience[row] >= effort->idle_from)
			rounds->rest[row] = (uint8_t)effort->idle_rounds;
	}
	memset(rounds->patience, 0, rows->count);
	rounds->run_count = (rounds->count + rounds->run - 1) / rounds->run;
	rounds->runs = mem_alloc((rounds->run_count + 1) * sizeof *rounds->runs);
	for (uint32_t n = 0; n < rounds->run_count; n++)
		rounds->runs[n] = n;
}

void rounds_clear(struct rounds *rounds)
{
	free(rounds->due);
	free(rounds->order);
	free(rounds->runs);
	free(rounds->rest);
}

void rounds_next(struct rounds *rounds)
{
	shuffle(rounds->runs, rounds->run_count, &rounds->seed);
	rounds->due_count = 0;
	for (size_t n = 0; n < rounds->run_count; n++) {
		size_t end = (rounds->runs[n] + 1) * rounds->run;
		for (size_t i = rounds->runs[n] * rounds->run; i < end && i < rounds->count; i++) {
			uint32_t row = rounds->order[i];
			if (rounds->rest[row])
				rounds->rest[row]--;
			else
				rounds->due[rounds->due_count++] = row;
		}
	}
}

void rounds_let_rest(struct rounds *rounds, uint32_t row, bool has_taught)
{
	uint8_t *patience = &rounds->patience[row];
	unsigned longer = *patience ? *patience * 2u + 1u : PATIENCE;
	*patience = has_taught ? 0 : (uint8_t)(longer < PATIENCE_MAX ? longer : PATIENCE_MAX);
	rounds->rest[row] = *patience;
}
