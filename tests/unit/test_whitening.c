/* SPDX-License-Identifier: Apache-2.0 */
#include "match/whitening.h"

#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { D = VECTOR_DIMENSIONS, COUNT = 400, MANY = 9600, INTENTS = 4 }; /* of MANY not all are looked at */

/* Intent k lies along axis k; within an intent, the vectors differ along axis 10 most and along 11 a little. */
static float *vectors_new(uint32_t *intents, size_t count)
{
	float *vectors = calloc(count * D, sizeof *vectors);
	for (uint32_t i = 0; i < count; i++) {
		intents[i] = i % INTENTS;
		vectors[i * D + intents[i]] = 0.7f;
		vectors[i * D + 10] = (i / INTENTS) % 2 ? 0.6f : -0.6f;
		vectors[i * D + 11] = (i / INTENTS / 2) % 2 ? 0.2f : -0.2f;
	}
	return vectors;
}

static void directions_within_intents_count_less(size_t count)
{
	uint32_t intents[MANY];
	float *vectors = vectors_new(intents, count);
	struct whitening *whitening = whitening_new(vectors, intents, count, INTENTS);
	double gains[D], trace = 0.36 + 0.04;
	assert_non_null(whitening);
	for (size_t d = 0; d < D; d++) {
		float axis[D] = { 0 };
		axis[d] = 1.0f;
		whitening_apply(whitening, axis);
		gains[d] = (double)axis[d];
	}
	for (size_t d = 0; d < D; d++) {
		double variance = d == 10 ? 0.36 : d == 11 ? 0.04 : 0.0;
		assert_true(fabs(gains[d] * sqrt(0.3 * variance + 0.7 * trace / D) - 1.0) < 1e-4);
	}
	free(whitening);
	free(vectors);
}

static void directions_within_intents_count_less_with_few_vectors_and_with_many(void **state)
{
	(void)state;
	directions_within_intents_count_less(COUNT);
	directions_within_intents_count_less(MANY);
}

static void it_is_symmetric_and_the_order_of_intents_is_no_matter(void **state)
{
	uint32_t intents[COUNT];
	(void)state;
	float *vectors = vectors_new(intents, COUNT);
	for (size_t i = 0; i < COUNT * D; i++)
		vectors[i] += (float)(i * 7919 % 101) / 1000.0f;
	struct whitening *one = whitening_new(vectors, intents, COUNT, INTENTS);
	for (size_t i = 0; i < COUNT; i++)
		intents[i] = INTENTS - 1 - intents[i];
	struct whitening *other = whitening_new(vectors, intents, COUNT, INTENTS);
	assert_memory_equal(one, other, sizeof *one);
	for (size_t a = 0; a < D; a++)
		for (size_t b = 0; b < D; b++)
			assert_true(fabsf(one->matrix[a * WHITENING_STRIDE + b] -
					  one->matrix[b * WHITENING_STRIDE + a]) < 1e-4f);
	free(one);
	free(other);
	free(vectors);
}

static void nothing_to_learn_gives_none(void **state)
{
	float same[3 * D] = { 0 };
	const uint32_t intents[3] = { 0, 0, 1 };
	(void)state;
	same[5] = same[D + 5] = same[2 * D + 7] = 1.0f;
	assert_null(whitening_new(same, intents, 3, 2));
	assert_null(whitening_new(NULL, NULL, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directions_within_intents_count_less_with_few_vectors_and_with_many),
		cmocka_unit_test(it_is_symmetric_and_the_order_of_intents_is_no_matter),
		cmocka_unit_test(nothing_to_learn_gives_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
