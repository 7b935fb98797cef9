/* SPDX-License-Identifier: Apache-2.0 */
#include "match/linear.h"

#include "base/mem.h"
#include "match/simd.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Logistic duals are kept as the margin u that they stand for: dual = cost * sigmoid(-u). That is never at the ends
 * of its range, so that there is no logarithm to take and nothing to guard. A row that was never seen is certain. */
static const float UNSEEN_MARGIN = 30.0f;
enum { NEWTON_STEPS = 6 };

static size_t weight_rows(const struct linear_model *model)
{
	return model->feature_count + VECTOR_DIMENSIONS + 1;
}

void linear_init(struct linear_model *model, enum linear_loss loss, float cost, const struct linear_rows *rows,
                 uint32_t first_class, size_t width)
{
	*model = (struct linear_model){
		.loss = loss,
		.cost = cost,
		.row_count = rows->count,
		.feature_count = rows->feature_count,
		.first_class = first_class,
		.width = width,
	};
	model->weights = mem_zalloc(weight_rows(model) * width, sizeof *model->weights);
	model->duals = mem_zalloc(rows->count * width, sizeof *model->duals);
	if (loss == LINEAR_LOGISTIC)
		for (size_t i = 0; i < rows->count * width; i++)
			model->duals[i] = UNSEEN_MARGIN;
}

void linear_copy(struct linear_model *copy, const struct linear_model *model)
{
	memcpy(copy->weights, model->weights, weight_rows(model) * model->width * sizeof *copy->weights);
	memcpy(copy->duals, model->duals, model->row_count * model->width * sizeof *copy->duals);
}

void linear_clear(struct linear_model *model)
{
	free(model->weights);
	free(model->duals);
	*model = (struct linear_model){ 0 };
}

static inline void add_scaled(float *restrict to, const float *restrict from, float factor, size_t width)
{
	for (size_t c = 0; c < width; c++)
		to[c] += factor * from[c];
}

static inline void score_point(const struct linear_model *model, const uint32_t *ids, const float *values, size_t count,
                               const float *dense, float *restrict scores)
{
	size_t width = model->width;
	const float *dense_weights = model->weights + model->feature_count * width;
	memcpy(scores, dense_weights + VECTOR_DIMENSIONS * width, width * sizeof *scores);
	for (size_t i = 0; i < count; i++)
		add_scaled(scores, model->weights + ids[i] * width, values[i], width);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		add_scaled(scores, dense_weights + d * width, dense[d], width);
}

SIMD_CLONES
void linear_score(const struct linear_model *model, const uint32_t *ids, const float *values, size_t count,
                  const float *dense, float *out_scores)
{
	score_point(model, ids, values, count, dense, out_scores);
}

/* weights += (row, 1) * changes */
static inline void correct_weights(const struct linear_model *model, const struct linear_rows *rows, size_t row,
                                   const float *restrict changes)
{
	size_t width = model->width;
	float *dense_weights = model->weights + model->feature_count * width;
	const float *dense = rows->dense + row * VECTOR_DIMENSIONS;
	for (size_t i = rows->starts[row]; i < rows->starts[row + 1]; i++)
		add_scaled(model->weights + rows->ids[i] * width, changes, rows->values[i], width);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		add_scaled(dense_weights + d * width, changes, dense[d], width);
	add_scaled(dense_weights + VECTOR_DIMENSIONS * width, changes, 1.0f, width);
}

/* e^x for x in -87..0, to 2e-7: 2^k times a polynomial on -ln2/2..ln2/2 (Cephes' coefficients of expf). Written out
 * because libm's cannot run in vector lanes and may differ between machines. */
static inline float exp_small(float x)
{
	float k = (float)(int32_t)(x * 1.44269504f - 0.5f);
	float r = x - k * 0.693359375f + k * 2.12194440e-4f;
	float p = 1.9875691500e-4f;
	p = p * r + 1.3981999507e-3f;
	p = p * r + 8.3334519073e-3f;
	p = p * r + 4.1665795894e-2f;
	p = p * r + 1.6666665459e-1f;
	p = p * r + 5.0000001201e-1f;
	p = p * r * r + r + 1.0f;
	union {
		int32_t bits;
		float value;
	} power = { .bits = ((int32_t)k + 127) * (1 << 23) };
	return p * power.value;
}

/* Not fminf and fmaxf: what those promise about NaN keeps them out of the vector lanes. */
static inline float smaller(float a, float b)
{
	return a < b ? a : b;
}

static inline float larger(float a, float b)
{
	return a > b ? a : b;
}

/* 1 / (1 + e^u) */
static inline float sigmoid_of_minus(float u)
{
	float e = exp_small(-smaller(fabsf(u), 80.0f));
	float over = 1.0f / (1.0f + e);
	return u > 0 ? e * over : over;
}

/* `signs` is 1 for the row's own class, -1 for all others. Each update gives the change of dual times sign. */
static inline void update_hinge(const struct linear_model *model, float square, const float *restrict scores,
                                const float *restrict signs, float *restrict duals, float *restrict changes)
{
	const float ridge = 0.5f / model->cost, step = 1.0f / (square + ridge);
	for (size_t c = 0; c < model->width; c++) {
		float slope = signs[c] * scores[c] - 1.0f + ridge * duals[c];
		float dual = larger(duals[c] - slope * step, 0.0f);
		changes[c] = (dual - duals[c]) * signs[c];
		duals[c] = dual;
	}
}

/* Room for one row's work, each an array by class. */
struct workspace {
	float *scores, *signs, *changes;
	float *base, *old, *margins; /* for the logistic loss */
	const float *squares; /* not by class but by row: its squared length */
};

/* The least of the dual along a class's coordinate is at the u with f(u) = u - base - a C sigmoid(-u) = 0, where
 * a is the row's square and base the margin without the row's own part. f rises; right of 0 it bends down, left of 0
 * up. So Newton's steps from a point between 0 and the root never jump over the root, and no bracket is needed. Such
 * points are 0, base (or base + a C on the left), and the old u if the root has moved away from 0. */
static inline void start_margins(float cost, float square, const struct workspace *work, const float *restrict duals,
                                 size_t width)
{
	float *restrict base = work->base, *restrict old = work->old, *restrict margins = work->margins;
	const float *restrict scores = work->scores, *restrict signs = work->signs;
	for (size_t c = 0; c < width; c++) {
		float b = signs[c] * scores[c], before = duals[c];
		old[c] = cost * sigmoid_of_minus(before);
		base[c] = b - square * old[c];
		float right = larger(larger(0.0f, base[c]), before < b ? before : 0.0f);
		float left = smaller(smaller(0.0f, base[c] + square * cost), before > b ? before : 0.0f);
		margins[c] = base[c] > -0.5f * square * cost ? right : left;
	}
}

static inline void step_margins(float cost, float square, const struct workspace *work, size_t width)
{
	float *restrict margins = work->margins;
	const float *restrict base = work->base;
	const float whole = square * cost;
	for (size_t c = 0; c < width; c++) {
		float u = margins[c], s = sigmoid_of_minus(u);
		margins[c] = u - (u - base[c] - whole * s) / (1.0f + whole * s * (1.0f - s));
	}
}

/* Steps outside, classes inside: only so does the compiler put classes into vector lanes. */
static inline void update_logistic(const struct linear_model *model, float square, const struct workspace *work,
                                   float *restrict duals)
{
	const float cost = model->cost;
	start_margins(cost, square, work, duals, model->width);
	for (int step = 0; step < NEWTON_STEPS; step++)
		step_margins(cost, square, work, model->width);
	const float *restrict margins = work->margins, *restrict old = work->old, *restrict signs = work->signs;
	float *restrict changes = work->changes;
	for (size_t c = 0; c < model->width; c++) {
		changes[c] = (cost * sigmoid_of_minus(margins[c]) - old[c]) * signs[c];
		duals[c] = margins[c];
	}
}

static inline float largest_of(const float *values, size_t width)
{
	float largest = 0.0f;
	for (size_t c = 0; c < width; c++)
		largest = larger(largest, fabsf(values[c]));
	return largest;
}

/* 1 (for the constant) plus the row's own squared length. */
static float square_of(const struct linear_rows *rows, size_t row)
{
	float square = 1.0f;
	for (size_t i = rows->starts[row]; i < rows->starts[row + 1]; i++)
		square += rows->values[i] * rows->values[i];
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		square += rows->dense[row * VECTOR_DIMENSIONS + d] * rows->dense[row * VECTOR_DIMENSIONS + d];
	return square;
}

/* Lets the model learn from one row; the largest change of a dual. */
SIMD_CLONES
static float visit_row(const struct linear_model *model, const struct linear_rows *rows, size_t row,
                       const struct workspace *work)
{
	size_t start = rows->starts[row], count = rows->starts[row + 1] - start;
	float *duals = model->duals + row * model->width;
	uint32_t own = rows->classes[row] - model->first_class;
	score_point(model, rows->ids + start, rows->values + start, count, rows->dense + row * VECTOR_DIMENSIONS,
	            work->scores);
	if (own < model->width)
		work->signs[own] = 1.0f;
	if (model->loss == LINEAR_LOGISTIC)
		update_logistic(model, work->squares[row], work, duals);
	else
		update_hinge(model, work->squares[row], work->scores, work->signs, duals, work->changes);
	if (own < model->width)
		work->signs[own] = -1.0f;
	float largest = largest_of(work->changes, model->width);
	if (largest > 1e-6f)
		correct_weights(model, rows, row, work->changes);
	return largest;
}

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

void linear_train(struct linear_model *model, const struct linear_rows *rows, const uint8_t *is_held, unsigned rounds,
                  float tolerance, uint64_t seed)
{
	size_t width = model->width;
	float *room = mem_zalloc(width * 6 + rows->count, sizeof *room), *squares = room + width * 6;
	struct workspace work = { room, room + width, room + width * 2, room + width * 3, room + width * 4,
		                  room + width * 5, squares };
	uint32_t *order = mem_zalloc(rows->count + 1, sizeof *order);
	size_t count = 0;
	for (size_t c = 0; c < width; c++)
		work.signs[c] = -1.0f;
	for (uint32_t row = 0; row < rows->count; row++) {
		squares[row] = square_of(rows, row);
		if (!is_held || !is_held[row])
			order[count++] = row;
	}
	for (unsigned round = 0; round < rounds; round++) {
		float largest = 0.0f;
		shuffle(order, count, &seed);
		for (size_t i = 0; i < count; i++)
			largest = larger(largest, visit_row(model, rows, order[i], &work));
		if (largest <= tolerance * model->cost)
			break;
	}
	free(order);
	free(room);
}

static void forget_row(struct linear_model *model, const struct linear_rows *rows, size_t row, float *changes)
{
	float *duals = model->duals + row * model->width;
	for (size_t c = 0; c < model->width; c++) {
		bool is_own = rows->classes[row] == model->first_class + c;
		float dual = model->loss == LINEAR_LOGISTIC ? model->cost * sigmoid_of_minus(duals[c]) : duals[c];
		changes[c] = is_own ? -dual : dual;
		duals[c] = model->loss == LINEAR_LOGISTIC ? UNSEEN_MARGIN : 0.0f;
	}
	correct_weights(model, rows, row, changes);
}

void linear_forget(struct linear_model *model, const struct linear_rows *rows, const uint8_t *is_held)
{
	float *changes = mem_zalloc(model->width, sizeof *changes);
	for (size_t row = 0; row < rows->count; row++)
		if (is_held[row])
			forget_row(model, rows, row, changes);
	free(changes);
}
