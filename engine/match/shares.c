/* SPDX-License-Identifier: Apache-2.0 */
/* From a row of features to a point: how much of its length each block has, the vectors of its words among them. */
#include "match/features.h"
#include "match/simd.h"

#include <math.h>
#include <string.h>

/* How the squared length of a whole row is shared out among its blocks; tuned on the open sets at 10 and 5
 * examples an intent (2026-11): doubling or halving any of them changes less than the noise of 0.3 points. */
static const float BLOCK_SHARES[BLOCK_COUNT] = { 1.0f, 0.5f, 1.0f };
static const float VECTOR_SHARE = 2.0f;

void feature_row_leave_out(struct feature_row *row, const uint8_t *is_left_out)
{
	size_t i = 0, known = 0;
	for (enum feature_block block = BLOCK_STEMS; block < BLOCK_COUNT; block++) {
		for (; i < row->ends[block]; i++)
			if (!is_left_out[row->ids[i]]) {
				row->ids[known] = row->ids[i];
				row->raw[known++] = row->raw[i];
			}
		row->ends[block] = known;
	}
	row->count = known;
}

static float whole_share(const struct features *features)
{
	float whole = features->has_vectors ? VECTOR_SHARE : 0.0f;
	for (size_t b = 0; b < BLOCK_COUNT; b++)
		whole += BLOCK_SHARES[b];
	return whole;
}

void feature_row_weigh(const struct features *features, struct feature_row *row)
{
	float whole = whole_share(features);
	size_t from = 0;
	for (enum feature_block block = BLOCK_STEMS; block < BLOCK_COUNT; block++) {
		const float *raw = row->raw;
		const size_t to = row->ends[block];
		float square = 0.0f;
		for (size_t i = from; i < to; i++)
			square += raw[i] * raw[i];
		float scale = square > 0 ? sqrtf(BLOCK_SHARES[block] / whole / square) : 0.0f;
		for (; from + LANES <= to; from += LANES)
			LANES_AT(row->values + from) = LANES_IN(raw + from) * scale;
		for (; from < to; from++)
			row->values[from] = raw[from] * scale;
	}
}

/* Whitens `dense` and gives it the length of its share; by what it was multiplied at the end. */
static float scale_dense(const struct features *features, float *dense)
{
	if (features->whitening)
		whitening_apply(features->whitening, dense);
	float square = lanes_dot(dense, dense, VECTOR_DIMENSIONS);
	float scale = square > 0 ? sqrtf(VECTOR_SHARE / whole_share(features) / square) : 0.0f;
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		dense[d] *= scale;
	return scale;
}

static bool is_repeated(const struct term_fact *facts, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (facts[j].vector == facts[i].vector)
			return true;
	return false;
}

void feature_row_add_vectors(const struct features *features, struct feature_row *row, const struct term_fact *facts,
			     size_t count)
{
	memset(row->dense, 0, sizeof row->dense);
	row->dense_scale = 0.0f;
	if (!features->has_vectors)
		return;
	for (size_t i = 0; i < count; i++)
		if (facts[i].vector != VECTORS_NONE && !is_repeated(facts, i))
			vectors_add_scaled(facts[i].vector, facts[i].information * facts[i].vector_unit, row->dense);
	row->dense_scale = scale_dense(features, row->dense);
}

void feature_rows_whiten(struct features *features, float *dense, const uint32_t *intents, size_t count,
			 size_t intent_count)
{
	if (!features->has_vectors)
		return;
	features->whitening = whitening_new(dense, intents, count, intent_count);
	for (size_t i = 0; i < count; i++)
		scale_dense(features, dense + i * VECTOR_DIMENSIONS);
}
