/* SPDX-License-Identifier: Apache-2.0 */
#include "match/linear.h"

#include "base/mem.h"
#include "match/simd.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)LANES == (int)LINEAR_LANES, "classes come in whole vectors");

/* Logistic duals are kept as the margin u that they stand for: dual = cost * sigmoid(-u). That is never at the ends
 * of its range, so that there is no logarithm to take and nothing to guard. A row that was never seen is certain. */
static const float UNSEEN_MARGIN = 30.0f;
enum {
	NEWTON_STEPS = 6,
	PATIENCE = 3, /* a row from which nothing was learnt is skipped for so many rounds */
};

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

/* A point of the training set or one that is asked about. */
struct point {
	const uint32_t *ids;
	const float *values, *dense;
	size_t count;
};

static struct point point_of(const struct linear_rows *rows, size_t row)
{
	size_t start = rows->starts[row];
	return (struct point){ rows->ids + start, rows->values + start, rows->dense + row * VECTOR_DIMENSIONS,
			       rows->starts[row + 1] - start };
}

/* The scores of one vector of classes from class `from`. */
static inline void score_one(const struct linear_model *model, const struct point *point, size_t from, float *scores)
{
	const float *dense = model->weights + model->feature_count * model->width + from;
	lanes_float sum = LANES_IN(dense + VECTOR_DIMENSIONS * model->width);
	for (size_t i = 0; i < point->count; i++)
		sum += point->values[i] * LANES_IN(model->weights + point->ids[i] * model->width + from);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		sum += point->dense[d] * LANES_IN(dense + d * model->width);
	LANES_AT(scores + from) = sum;
}

/* The same for four vectors beside each other: written out, so that the sums stay in registers. */
static inline void score_four(const struct linear_model *model, const struct point *point, size_t from, float *scores)
{
	const float *dense = model->weights + model->feature_count * model->width + from;
	const float *at = dense + VECTOR_DIMENSIONS * model->width;
	lanes_float sum0 = LANES_IN(at), sum1 = LANES_IN(at + LANES);
	lanes_float sum2 = LANES_IN(at + 2 * LANES), sum3 = LANES_IN(at + 3 * LANES);
	for (size_t i = 0; i < point->count + VECTOR_DIMENSIONS; i++) {
		bool is_sparse = i < point->count;
		float value = is_sparse ? point->values[i] : point->dense[i - point->count];
		at = is_sparse ? model->weights + point->ids[i] * model->width + from
			       : dense + (i - point->count) * model->width;
		sum0 += value * LANES_IN(at);
		sum1 += value * LANES_IN(at + LANES);
		sum2 += value * LANES_IN(at + 2 * LANES);
		sum3 += value * LANES_IN(at + 3 * LANES);
	}
	LANES_AT(scores + from) = sum0;
	LANES_AT(scores + from + LANES) = sum1;
	LANES_AT(scores + from + 2 * LANES) = sum2;
	LANES_AT(scores + from + 3 * LANES) = sum3;
}

static inline void score_point(const struct linear_model *model, const struct point *point, float *scores)
{
	size_t from = 0;
	for (; from + 4 * LANES <= model->width; from += 4 * LANES)
		score_four(model, point, from, scores);
	for (; from < model->width; from += LANES)
		score_one(model, point, from, scores);
}

SIMD_CLONES
void linear_score(const struct linear_model *model, const uint32_t *ids, const float *values, size_t count,
		  const float *dense, float *out_scores)
{
	struct point point = { ids, values, dense, count };
	score_point(model, &point, out_scores);
}

static inline void add_scaled(float *to, const float *from, float factor, size_t width)
{
	for (size_t c = 0; c < width; c += LANES)
		LANES_AT(to + c) += factor * LANES_IN(from + c);
}

/* weights += (point, 1) * changes */
static inline void correct_weights(const struct linear_model *model, const struct point *point, const float *changes)
{
	size_t width = model->width;
	float *dense_weights = model->weights + model->feature_count * width;
	for (size_t i = 0; i < point->count; i++)
		add_scaled(model->weights + point->ids[i] * width, changes, point->values[i], width);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		add_scaled(dense_weights + d * width, changes, point->dense[d], width);
	add_scaled(dense_weights + VECTOR_DIMENSIONS * width, changes, 1.0f, width);
}

/* The vectors go by pointer: passed by value they would be passed differently with and without AVX. */

/* `*x` = sigmoid(-x) = 1 / (1 + e^x). e^-|x| is 2^k times a polynomial on -ln2/2..ln2/2 (Cephes' coefficients of
 * expf, good to 2e-7). Written out because libm's cannot run in lanes and may differ between machines. */
static inline void sigmoid_of_minus(lanes_float *x)
{
	lanes_int is_positive = *x > 0.0f;
	lanes_float down = LANES_PICK(is_positive, -*x, *x);
	down = LANES_PICK(down > -80.0f, down, LANES_OF(-80.0f));
	lanes_int k = __builtin_convertvector(down * 1.44269504f - 0.5f, lanes_int);
	lanes_float whole = __builtin_convertvector(k, lanes_float);
	lanes_float r = down - whole * 0.693359375f + whole * 2.12194440e-4f;
	lanes_float p = r * 1.9875691500e-4f + 1.3981999507e-3f;
	p = p * r + 8.3334519073e-3f;
	p = p * r + 4.1665795894e-2f;
	p = p * r + 1.6666665459e-1f;
	p = p * r + 5.0000001201e-1f;
	p = p * r * r + r + 1.0f;
	lanes_float e = p * (lanes_float)((k + 127) << 23);
	lanes_float over = 1.0f / (1.0f + e);
	*x = LANES_PICK(is_positive, e * over, over);
}

/* Where the new margin is looked for: the u with f(u) = u - base - a C sigmoid(-u) = 0, where a is the row's square
 * and base the margin without the row's own part, is the least of the dual along the class's coordinate. f rises;
 * right of 0 it bends down, left of 0 up. So Newton's steps from a point between 0 and the root never jump over the
 * root, and no bracket is needed. Such points are 0, base (or base + a C on the left), and the old u if the root
 * has moved away from 0. */
static inline void solve_margins(float whole, const lanes_float *b, const lanes_float *base, lanes_float *margins)
{
	const lanes_float zero = { 0 }, before = *margins, high = *base + whole;
	lanes_float right = LANES_PICK(*base > 0.0f, *base, zero), left = LANES_PICK(high < 0.0f, high, zero);
	lanes_float moved_up = LANES_PICK(before < *b, before, zero),
		    moved_down = LANES_PICK(before > *b, before, zero);
	right = LANES_PICK(right > moved_up, right, moved_up);
	left = LANES_PICK(left < moved_down, left, moved_down);
	lanes_float u = LANES_PICK(*base > -0.5f * whole, right, left);
	for (int step = 0; step < NEWTON_STEPS; step++) {
		lanes_float s = u;
		sigmoid_of_minus(&s);
		u -= (u - *base - whole * s) / (1.0f + whole * s * (1.0f - s));
	}
	*margins = u;
}

/* `signs` is 1 for the row's own class, -1 for all others. An update gives the change of dual times sign. */
static inline void update_logistic(float cost, float square, const float *scores, const float *signs, float *duals,
				   float *changes)
{
	lanes_float sign = LANES_IN(signs), b = sign * LANES_IN(scores), margins = LANES_IN(duals);
	lanes_float old = margins;
	sigmoid_of_minus(&old);
	lanes_float base = b - square * cost * old;
	solve_margins(square * cost, &b, &base, &margins);
	LANES_AT(duals) = margins;
	sigmoid_of_minus(&margins);
	LANES_AT(changes) = cost * (margins - old) * sign;
}

static inline void update_hinge(float cost, float square, const float *scores, const float *signs, float *duals,
				float *changes)
{
	const float ridge = 0.5f / cost, step = 1.0f / (square + ridge);
	lanes_float sign = LANES_IN(signs), old = LANES_IN(duals);
	lanes_float dual = old - (sign * LANES_IN(scores) - 1.0f + ridge * old) * step;
	dual = LANES_PICK(dual > 0.0f, dual, LANES_OF(0.0f));
	LANES_AT(changes) = (dual - old) * sign;
	LANES_AT(duals) = dual;
}

static inline float largest_of(const float *values, size_t width)
{
	float largest = 0.0f;
	lanes_float most = { 0 };
	for (size_t c = 0; c < width; c += LANES) {
		lanes_float value = LANES_IN(values + c), size = LANES_PICK(value < 0.0f, -value, value);
		most = LANES_PICK(size > most, size, most);
	}
	for (size_t k = 0; k < LANES; k++)
		largest = most[k] > largest ? most[k] : largest;
	return largest;
}

/* 1 (for the constant) plus the point's own squared length. */
static float square_of(const struct point *point)
{
	float square = 1.0f;
	for (size_t i = 0; i < point->count; i++)
		square += point->values[i] * point->values[i];
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		square += point->dense[d] * point->dense[d];
	return square;
}

/* Room for a training. */
struct workspace {
	float *scores, *signs, *changes; /* by class */
	float *squares;                  /* by row */
	uint32_t *order;                 /* the rows that take part */
	uint8_t *rest;                   /* by row: rounds that it is still skipped */
	size_t count;
};

/* Lets the model learn from one row; the largest change of a dual. */
SIMD_CLONES
static float visit_row(const struct linear_model *model, const struct linear_rows *rows, size_t row,
		       const struct workspace *work)
{
	struct point point = point_of(rows, row);
	float *duals = model->duals + row * model->width, square = work->squares[row];
	uint32_t own = rows->classes[row] - model->first_class;
	score_point(model, &point, work->scores);
	if (own < model->width)
		work->signs[own] = 1.0f;
	for (size_t c = 0; c < model->width; c += LANES)
		if (model->loss == LINEAR_LOGISTIC)
			update_logistic(model->cost, square, work->scores + c, work->signs + c, duals + c,
					work->changes + c);
		else
			update_hinge(model->cost, square, work->scores + c, work->signs + c, duals + c,
				     work->changes + c);
	if (own < model->width)
		work->signs[own] = -1.0f;
	float largest = largest_of(work->changes, model->width);
	if (largest > 1e-6f)
		correct_weights(model, &point, work->changes);
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

static void workspace_init(struct workspace *work, const struct linear_model *model, const struct linear_rows *rows,
			   const uint8_t *is_held)
{
	work->scores = mem_zalloc(model->width * 3, sizeof *work->scores);
	work->signs = work->scores + model->width;
	work->changes = work->signs + model->width;
	work->squares = mem_zalloc(rows->count + 1, sizeof *work->squares);
	work->order = mem_zalloc(rows->count + 1, sizeof *work->order);
	work->rest = mem_zalloc(rows->count + 1, sizeof *work->rest);
	work->count = 0;
	for (size_t c = 0; c < model->width; c++)
		work->signs[c] = -1.0f;
	for (uint32_t row = 0; row < rows->count; row++) {
		struct point point = point_of(rows, row);
		work->squares[row] = square_of(&point);
		if (!is_held || !is_held[row])
			work->order[work->count++] = row;
	}
}

static void workspace_clear(struct workspace *work)
{
	free(work->scores);
	free(work->squares);
	free(work->order);
	free(work->rest);
}

void linear_train(struct linear_model *model, const struct linear_rows *rows, const uint8_t *is_held, unsigned rounds,
		  float tolerance, uint64_t seed)
{
	struct workspace work;
	float little = tolerance * model->cost;
	workspace_init(&work, model, rows, is_held);
	for (unsigned round = 0; round < rounds; round++) {
		float largest = 0.0f;
		shuffle(work.order, work.count, &seed);
		for (size_t i = 0; i < work.count; i++) {
			uint32_t row = work.order[i];
			if (work.rest[row]) {
				work.rest[row]--;
				continue;
			}
			float change = visit_row(model, rows, row, &work);
			work.rest[row] = change <= little ? PATIENCE : 0;
			largest = change > largest ? change : largest;
		}
		if (largest <= little)
			break;
	}
	workspace_clear(&work);
}

static void forget_row(struct linear_model *model, const struct linear_rows *rows, size_t row, float *changes)
{
	float *duals = model->duals + row * model->width;
	struct point point = point_of(rows, row);
	for (size_t c = 0; c < model->width; c += LANES) {
		lanes_float dual = LANES_IN(duals + c);
		if (model->loss == LINEAR_LOGISTIC) {
			sigmoid_of_minus(&dual);
			dual *= model->cost;
		}
		LANES_AT(changes + c) = dual;
		LANES_AT(duals + c) = LANES_OF(model->loss == LINEAR_LOGISTIC ? UNSEEN_MARGIN : 0.0f);
	}
	if (rows->classes[row] - model->first_class < model->width)
		changes[rows->classes[row] - model->first_class] *= -1.0f;
	correct_weights(model, &point, changes);
}

void linear_forget(struct linear_model *model, const struct linear_rows *rows, const uint8_t *is_held)
{
	float *changes = mem_zalloc(model->width, sizeof *changes);
	for (size_t row = 0; row < rows->count; row++)
		if (is_held[row])
			forget_row(model, rows, row, changes);
	free(changes);
}
