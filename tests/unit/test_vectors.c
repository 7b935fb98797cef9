/* SPDX-License-Identifier: Apache-2.0 */
#include "match/vectors.h"

#include "cmocka_all.h"

#include <math.h>

static double cosine(const char *one, const char *other)
{
	float a[VECTOR_DIMENSIONS] = { 0 }, b[VECTOR_DIMENSIONS] = { 0 };
	double sum = 0;
	vectors_add(vectors_find(str_of(one)), 1.0f, a);
	vectors_add(vectors_find(str_of(other)), 1.0f, b);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		sum += (double)(a[d] * b[d]);
	return sum;
}

static void every_word_is_found_in_its_row_with_a_rank_of_its_own(void **state)
{
	static unsigned char seen[30000];
	(void)state;
	assert_int_equal(vectors_count(), sizeof seen);
	for (uint32_t row = 0; row < vectors_count(); row++) {
		assert_int_equal(vectors_find(vectors_word(row)), row);
		assert_true(vectors_rank(row) < vectors_count());
		assert_int_equal(seen[vectors_rank(row)]++, 0);
	}
	assert_int_equal(vectors_rank(vectors_find(str_of("the"))), 0);
}

static void other_words_are_not_found(void **state)
{
	static const char *const words[] = { "", "a1", "zzzzzz", "The", "aaaaaaaaaaaa", "caf\xc3\xa9", "~" };
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++)
		assert_int_equal(vectors_find(str_of(words[i])), VECTORS_NONE);
	assert_true(vectors_know("en"));
	assert_false(vectors_know("de"));
	assert_false(vectors_know(NULL));
}

/* With the unit asked for before, to the bit as without. */
static void a_known_unit_changes_nothing(void **state)
{
	(void)state;
	for (uint32_t row = 0; row < vectors_count(); row += 331) {
		float sum[VECTOR_DIMENSIONS] = { 0 }, known[VECTOR_DIMENSIONS] = { 0 }, product = 0.0f;
		int8_t whole[VECTOR_DIMENSIONS];
		float unit = vectors_unit(row);
		assert_true(unit == vectors_read(row, whole));
		vectors_add(row, 1.5f, sum);
		vectors_add_scaled(row, 1.5f * unit, known);
		assert_memory_equal(sum, known, sizeof sum);
		for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
			product += unit * (float)whole[d] * sum[d];
		assert_true(fabs((double)(vectors_dot(row, unit, sum) - product)) < 1e-4);
	}
}

static void vectors_have_length_one_and_are_added(void **state)
{
	(void)state;
	for (uint32_t row = 0; row < vectors_count(); row += 331) {
		float sum[VECTOR_DIMENSIONS] = { 0 };
		double square = 0;
		vectors_add(row, 1.5f, sum);
		vectors_add(row, 0.5f, sum);
		for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
			square += (double)(sum[d] * sum[d]);
		assert_true(fabs(square - 4.0) < 1e-4);
		int8_t whole[VECTOR_DIMENSIONS];
		float unit = vectors_read(row, whole);
		for (size_t d = 0; d < VECTOR_DIMENSIONS; d++) {
			assert_in_range(whole[d] + 32, 0, 63);
			assert_true(fabs((double)(2 * unit * (float)whole[d] - sum[d])) < 1e-5);
		}
	}
}

static void words_that_mean_nearly_the_same_are_near(void **state)
{
	static const struct {
		const char *word, *near, *far;
	} rows[] = {
		{ "delivery", "shipment", "banana" }, { "refund", "reimbursement", "sunny" },
		{ "buy", "purchase", "mountain" },    { "shirt", "jacket", "parliament" },
		{ "cheap", "inexpensive", "nephew" }, { "monday", "tuesday", "protein" },
	};
	size_t failed = 0;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (cosine(rows[i].word, rows[i].near) < cosine(rows[i].word, rows[i].far) + 0.3) {
			print_error("%s is not nearer to %s than to %s\n", rows[i].word, rows[i].near, rows[i].far);
			failed++;
		}
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_found_in_its_row_with_a_rank_of_its_own),
		cmocka_unit_test(other_words_are_not_found),
		cmocka_unit_test(a_known_unit_changes_nothing),
		cmocka_unit_test(vectors_have_length_one_and_are_added),
		cmocka_unit_test(words_that_mean_nearly_the_same_are_near),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
