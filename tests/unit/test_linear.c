/* SPDX-License-Identifier: Apache-2.0 */
#include "match/linear.h"

#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Points of three classes, each with features of its own and one that all share; all dense parts 0. */
enum { ROWS = 30, FEATURES = 7, CLASSES = 3, WIDTH = LINEAR_WIDTH };

struct points {
	size_t starts[ROWS + 1];
	uint32_t ids[ROWS * 3], classes[ROWS];
	float values[ROWS * 3], dense[ROWS * VECTOR_DIMENSIONS];
	struct linear_rows rows;
};

static void fill(struct points *points)
{
	memset(points, 0, sizeof *points);
	for (uint32_t r = 0; r < ROWS; r++) {
		uint32_t class = r % CLASSES, ids[3] = { class * 2, class * 2 + 1, 6 };
		float values[3] = { 0.6f + 0.01f * (float)r, 0.3f, 0.4f };
		points->starts[r + 1] = (r + 1) * 3;
		points->classes[r] = class;
		memcpy(points->ids + r * 3, ids, sizeof ids);
		memcpy(points->values + r * 3, values, sizeof values);
	}
	points->rows = (struct linear_rows){ ROWS,           FEATURES,      points->starts, points->ids,
					     points->values, points->dense, points->classes };
}

static void score(const struct linear_model *model, const struct points *points, size_t row, float scores[WIDTH])
{
	linear_score(model, points->ids + row * 3, points->values + row * 3, 3, points->dense + row * VECTOR_DIMENSIONS,
		     scores);
}

/* The slope of the primal objective |w|^2 / 2 + C * sum of losses along every weight: 0 at its least. */
static double largest_slope(const struct linear_model *model, const struct points *points, uint32_t class)
{
	double slopes[FEATURES + 1] = { 0 }, largest = 0;
	size_t constant = FEATURES + VECTOR_DIMENSIONS;
	for (size_t f = 0; f <= FEATURES; f++)
		slopes[f] = (double)model->weights[(f < FEATURES ? f : constant) * WIDTH + class];
	for (size_t r = 0; r < ROWS; r++) {
		float scores[WIDTH];
		score(model, points, r, scores);
		double sign = points->classes[r] == class ? 1 : -1, margin = sign * (double)scores[class];
		double pull = model->loss == LINEAR_LOGISTIC ? 1 / (1 + exp(margin)) : 2 * fmax(1 - margin, 0);
		for (size_t i = 0; i < 3; i++)
			slopes[points->ids[r * 3 + i]] -=
				(double)model->cost * pull * sign * (double)points->values[r * 3 + i];
		slopes[FEATURES] -= (double)model->cost * pull * sign;
	}
	for (size_t f = 0; f <= FEATURES; f++)
		largest = fmax(largest, fabs(slopes[f]));
	return largest;
}

/* Until nothing changes any more. */
static const struct linear_effort WHOLLY = { .rounds = 3000, .tolerance = 0.0f, .run = 1 };

static void comes_to_rest_where_the_objective_is_least(void **state)
{
	static const struct {
		enum linear_loss loss;
		float cost;
		size_t run; /* ROWS - 1: the last run is shorter; more than all rows: one run */
	} rows[] = { { LINEAR_SQUARED_HINGE, 0.5f, 1 },   { LINEAR_SQUARED_HINGE, 3.0f, 1 },
		     { LINEAR_LOGISTIC, 1.0f, 1 },        { LINEAR_LOGISTIC, 30.0f, 1 },
		     { LINEAR_SQUARED_HINGE, 3.0f, 8 },   { LINEAR_LOGISTIC, 30.0f, ROWS - 1 },
		     { LINEAR_LOGISTIC, 30.0f, ROWS + 1 } };
	struct points points;
	(void)state;
	fill(&points);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct linear_model model;
		linear_init(&model, rows[i].loss, rows[i].cost, &points.rows);
		struct linear_effort effort = WHOLLY;
		effort.run = rows[i].run;
		linear_train(&model, &points.rows, NULL, &effort);
		for (uint32_t class = 0; class < CLASSES; class ++)
			assert_true(largest_slope(&model, &points, class) < 0.01);
		linear_clear(&model);
	}
}

static void forgetting_rows_equals_never_having_seen_them(void **state)
{
	/* All rows at once, or those that were at rest before only after some rounds. */
	static const struct {
		enum linear_loss loss;
		unsigned idle_from, idle_rounds;
	} rows[] = { { LINEAR_SQUARED_HINGE, 1, 0 },
		     { LINEAR_SQUARED_HINGE, 1, 5 },
		     { LINEAR_LOGISTIC, 1, 0 },
		     { LINEAR_LOGISTIC, 3, 5 } };
	struct points points;
	uint8_t is_held[ROWS] = { 0 };
	(void)state;
	fill(&points);
	for (size_t r = 0; r < ROWS; r += 4)
		is_held[r] = 1;
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum linear_loss loss = rows[i].loss;
		struct linear_effort late = WHOLLY;
		struct linear_model whole, copy, fresh;
		linear_init(&whole, loss, 2.0f, &points.rows);
		linear_init(&copy, loss, 2.0f, &points.rows);
		linear_init(&fresh, loss, 2.0f, &points.rows);
		linear_train(&whole, &points.rows, NULL, &(struct linear_effort){ .rounds = 50, .run = 1 });
		linear_copy(&copy, &whole);
		linear_forget(&copy, &points.rows, is_held);
		late.idle_from = rows[i].idle_from;
		late.idle_rounds = rows[i].idle_rounds;
		linear_train(&copy, &points.rows, is_held, &late);
		linear_train(&fresh, &points.rows, is_held, &WHOLLY);
		for (size_t r = 0; r < ROWS; r++) {
			float one[WIDTH], other[WIDTH];
			score(&copy, &points, r, one);
			score(&fresh, &points, r, other);
			for (size_t c = 0; c < CLASSES; c++)
				assert_true(fabsf(one[c] - other[c]) < 0.01f);
		}
		linear_clear(&whole);
		linear_clear(&copy);
		linear_clear(&fresh);
	}
}

static void a_head_start_leads_to_the_same_place(void **state)
{
	static const float FACTORS[] = { 0.5f, 2.0f, 1000.0f }; /* with the last one most duals are cut */
	struct points points;
	(void)state;
	fill(&points);
	for (size_t i = 0; i < COUNT(FACTORS); i++) {
		struct linear_model hinge, logistic;
		linear_init(&hinge, LINEAR_SQUARED_HINGE, 3.0f, &points.rows);
		linear_init(&logistic, LINEAR_LOGISTIC, 30.0f, &points.rows);
		linear_train(&hinge, &points.rows, NULL, &WHOLLY);
		linear_follow(&logistic, &hinge, &points.rows, FACTORS[i]);
		linear_train(&logistic, &points.rows, NULL, &WHOLLY);
		for (uint32_t class = 0; class < CLASSES; class ++)
			assert_true(largest_slope(&logistic, &points, class) < 0.01);
		linear_clear(&hinge);
		linear_clear(&logistic);
	}
}

static void a_range_of_classes_learns_what_all_together_learn(void **state)
{
	struct points points;
	struct linear_model all, late;
	float one[WIDTH], other[WIDTH];
	(void)state;
	fill(&points);
	for (size_t r = 0; r < ROWS; r++)
		points.classes[r] += 6; /* classes 6, 7 and 8: the last one is the first of another range */
	linear_init(&all, LINEAR_LOGISTIC, 5.0f, &points.rows);
	linear_init(&late, LINEAR_LOGISTIC, 5.0f, &points.rows);
	linear_reset(&all, 6);
	linear_train(&late, &points.rows, NULL,
		     &(struct linear_effort){ .rounds = 5,
					      .run = 1 }); /* what it learnt of other classes is gone after a reset */
	linear_reset(&late, 8);
	linear_train(&all, &points.rows, NULL, &WHOLLY);
	linear_train(&late, &points.rows, NULL, &WHOLLY);
	for (size_t r = 0; r < ROWS; r++) {
		score(&all, &points, r, one);
		score(&late, &points, r, other);
		assert_true(fabsf(one[2] - other[0]) < 0.01f);
	}
	linear_clear(&all);
	linear_clear(&late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_to_rest_where_the_objective_is_least),
		cmocka_unit_test(forgetting_rows_equals_never_having_seen_them),
		cmocka_unit_test(a_head_start_leads_to_the_same_place),
		cmocka_unit_test(a_range_of_classes_learns_what_all_together_learn),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
