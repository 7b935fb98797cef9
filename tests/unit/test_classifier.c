/* SPDX-License-Identifier: Apache-2.0 */
#include "match/internal.h"

#include "cmocka_all.h"

enum { FEATURES = 40, CLASSES_MAX = 230, ROW = 23 };

/* Numbers of either sign that all differ. */
static float some_number(size_t i)
{
	return (float)((i * 7919 + 13) % 509) / 127.0f - 2.0f;
}

static void fill(struct classifier *classifier, struct feature_row *row, size_t class_count)
{
	classifier_init(classifier, class_count, FEATURES);
	for (size_t k = 0; k < class_count; k++) {
		classifier->scales[k] = some_number(k) / 50.0f;
		for (size_t f = 0; f < FEATURES; f++)
			classifier->sparse[f * classifier->width + k] = (int8_t)((int)((f * 37 + k * 101) % 255) - 127);
		for (size_t d = 0; d <= VECTOR_DIMENSIONS; d++)
			classifier->dense[d * classifier->width + k] = some_number(d * 3 + k * 11);
	}
	for (size_t i = 0; i < ROW; i++) {
		row->ids[i] = (uint32_t)((i * 17) % FEATURES);
		row->values[i] = some_number(i * 29);
	}
	row->count = ROW;
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		row->dense[d] = some_number(d * 31);
}

/* One class after the other and one number after the other. */
static float plain_score(const struct classifier *classifier, const struct feature_row *row, size_t k)
{
	size_t width = classifier->width;
	float sum = 0.0f;
	for (size_t i = 0; i < row->count; i++)
		sum += row->values[i] * (float)classifier->sparse[row->ids[i] * width + k];
	sum = sum * classifier->scales[k] + classifier->dense[VECTOR_DIMENSIONS * width + k];
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		sum += row->dense[d] * classifier->dense[d * width + k];
	return sum;
}

/* However many classes there are, and whatever the processor can do, each is summed in the same order. */
static void every_number_of_classes_is_scored_alike(void **state)
{
	uint32_t ids[ROW];
	float values[ROW], scores[CLASSES_MAX + 16];
	struct feature_row row = { .ids = ids, .values = values };
	(void)state;
	for (size_t count = 1; count <= CLASSES_MAX; count++) {
		struct classifier classifier;
		fill(&classifier, &row, count);
		classifier_score(&classifier, &row, scores);
		for (size_t k = 0; k < count; k++)
			if (scores[k] != plain_score(&classifier, &row, k))
				fail_msg("class %zu of %zu: %a", k, count, (double)scores[k]);
		classifier_clear(&classifier);
	}
}

static void a_row_of_nothing_has_the_constants(void **state)
{
	uint32_t ids[ROW];
	float values[ROW], scores[CLASSES_MAX];
	struct feature_row row = { .ids = ids, .values = values };
	struct classifier classifier;
	(void)state;
	fill(&classifier, &row, 100);
	row.count = 0;
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		row.dense[d] = 0.0f;
	classifier_score(&classifier, &row, scores);
	for (size_t k = 0; k < 100; k++)
		assert_true(scores[k] == classifier.dense[VECTOR_DIMENSIONS * classifier.width + k]);
	classifier_clear(&classifier);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_of_classes_is_scored_alike),
		cmocka_unit_test(a_row_of_nothing_has_the_constants),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
