/* SPDX-License-Identifier: Apache-2.0 */
#include "match/linear.h"

#include "base/mem.h"
#include "match/rounds.h"
#include "match/simd.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { W = LINEAR_WIDTH };
_Static_assert(W == 2 * LANES, "a model's classes are two vectors");

/* Logistic duals are kept as the margin u that they stand for: dual = cost * sigmoid(-u). That is never at the ends
 * of its range, so that there is no logarithm to take and nothing to guard. A row that was never seen is certain. */
static const float UNSEEN_MARGIN = 30.0f;
enum {
	NEWTON_STEPS = 2, /* after the first; the next round goes on from where they end */
	CACHE_BYTES = 1024 * 1024,
};
/* A logistic model begins with no dual nearer to its limit than this share of the cost: from there it could hardly
 * move. */
static const float FOLLOW_MAX = 0.9f;

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

static size_t weight_count(const struct linear_model *model)
{
	return (model->feature_count + VECTOR_DIMENSIONS + 1) * W;
}

void linear_init(struct linear_model *model, enum linear_loss loss, float cost, const struct linear_rows *rows)
{
	*model = (struct linear_model){
		.loss = loss,
		.cost = cost,
		.row_count = rows->count,
		.feature_count = rows->feature_count,
	};
	model->weights = mem_zalloc_lines(weight_count(model), sizeof *model->weights);
	model->duals = mem_zalloc_lines(rows->count * W, sizeof *model->duals);
	model->patience = mem_zalloc(rows->count + 1, sizeof *model->patience);
	model->squares = mem_alloc((rows->count + 1) * sizeof *model->squares);
	for (size_t row = 0; row < rows->count; row++) {
		struct point point = point_of(rows, row);
		model->squares[row] = square_of(&point);
	}
	linear_reset(model, 0);
}

void linear_reset(struct linear_model *model, uint32_t first_class)
{
	float unseen = model->loss == LINEAR_LOGISTIC ? UNSEEN_MARGIN : 0.0f;
	model->first_class = first_class;
	memset(model->weights, 0, weight_count(model) * sizeof *model->weights);
	memset(model->patience, 0, model->row_count);
	for (size_t i = 0; i < model->row_count * W; i++)
		model->duals[i] = unseen;
}

void linear_copy(struct linear_model *copy, const struct linear_model *model)
{
	copy->first_class = model->first_class;
	memcpy(copy->weights, model->weights, weight_count(model) * sizeof *copy->weights);
	memcpy(copy->duals, model->duals, model->row_count * W * sizeof *copy->duals);
	memcpy(copy->patience, model->patience, model->row_count);
}

void linear_clear(struct linear_model *model)
{
	free(model->weights);
	free(model->duals);
	free(model->patience);
	free(model->squares);
	*model = (struct linear_model){ 0 };
}

/* Four sums side by side, since each has to wait for its last addition: of either vector of classes, over every other
 * feature. */
struct sums {
	lanes_float even0, even1, odd0, odd1;
};

static inline void add_two(struct sums *sums, const float *even, float even_value, const float *odd, float odd_value)
{
	sums->even0 += even_value * LANES_IN(even);
	sums->even1 += even_value * LANES_IN(even + LANES);
	sums->odd0 += odd_value * LANES_IN(odd);
	sums->odd1 += odd_value * LANES_IN(odd + LANES);
}

static inline void score_point(const struct linear_model *model, const struct point *point, float *scores)
{
	const float *weights = model->weights, *dense = weights + model->feature_count * W,
		    *constant = dense + VECTOR_DIMENSIONS * W;
	struct sums sums = { .even0 = LANES_IN(constant), .even1 = LANES_IN(constant + LANES) };
	size_t i = 0;
	for (; i + 1 < point->count; i += 2)
		add_two(&sums, weights + (size_t)point->ids[i] * W, point->values[i],
			weights + (size_t)point->ids[i + 1] * W, point->values[i + 1]);
	if (i < point->count)
		add_two(&sums, weights + (size_t)point->ids[i] * W, point->values[i], constant, 0.0f);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d += 2)
		add_two(&sums, dense + d * W, point->dense[d], dense + (d + 1) * W, point->dense[d + 1]);
	LANES_AT(scores) = sums.even0 + sums.odd0;
	LANES_AT(scores + LANES) = sums.even1 + sums.odd1;
}

SIMD_CLONES
void linear_score(const struct linear_model *model, const uint32_t *ids, const float *values, size_t count,
		  const float *dense, float out_scores[LINEAR_WIDTH])
{
	struct point point = { ids, values, dense, count };
	score_point(model, &point, out_scores);
}

/* weights += (point, 1) * changes */
static inline void correct_all(const struct linear_model *model, const struct point *point, const float *changes)
{
	lanes_float low = LANES_IN(changes), high = LANES_IN(changes + LANES);
	float *dense = model->weights + model->feature_count * W, *constant = dense + VECTOR_DIMENSIONS * W;
	for (size_t i = 0; i < point->count; i++) {
		float *at = model->weights + (size_t)point->ids[i] * W;
		LANES_AT(at) += point->values[i] * low;
		LANES_AT(at + LANES) += point->values[i] * high;
	}
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++) {
		LANES_AT(dense + d * W) += point->dense[d] * low;
		LANES_AT(dense + d * W + LANES) += point->dense[d] * high;
	}
	LANES_AT(constant) += low;
	LANES_AT(constant + LANES) += high;
}

/* The same for the LANES classes from `half` on. */
static inline void correct_half(const struct linear_model *model, const struct point *point, size_t half,
				const float *changes)
{
	lanes_float change = LANES_IN(changes + half);
	float *weights = model->weights + half, *dense = weights + model->feature_count * W;
	for (size_t i = 0; i < point->count; i++)
		LANES_AT(weights + (size_t)point->ids[i] * W) += point->values[i] * change;
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		LANES_AT(dense + d * W) += point->dense[d] * change;
	LANES_AT(dense + VECTOR_DIMENSIONS * W) += change;
}

/* A half of which no change is larger than `little` is left out: mostly a row has something to tell to very few classes.
 * `largest` is the largest change of either half. */
static inline void correct_weights(const struct linear_model *model, const struct point *point, const float *changes,
				   const float largest[2], float little)
{
	if (largest[0] > little && largest[1] > little)
		correct_all(model, point, changes);
	else if (largest[0] > little || largest[1] > little)
		correct_half(model, point, largest[0] > little ? 0 : LANES, changes);
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
 * root, and no bracket is needed. Such points are 0 and base (or base + a C on the left). A step from the old margin,
 * whose sigmoid is `old`, ends in such a point, or before it, if the old margin is on the same side of 0. */
static inline void solve_margins(float whole, const lanes_float *old, const lanes_float *base, lanes_float *margins)
{
	const lanes_float zero = { 0 }, before = *margins, high = *base + whole;
	lanes_float next = before - (before - *base - whole * *old) / (1.0f + whole * *old * (1.0f - *old));
	lanes_float right = LANES_PICK(*base > 0.0f, *base, zero), left = LANES_PICK(high < 0.0f, high, zero);
	right = LANES_PICK((before > 0.0f) & (next > right), next, right);
	left = LANES_PICK((before < 0.0f) & (next < left), next, left);
	lanes_float u = LANES_PICK(*base > -0.5f * whole, right, left);
	for (int step = 0; step < NEWTON_STEPS; step++) {
		lanes_float s = u;
		sigmoid_of_minus(&s);
		u -= (u - *base - whole * s) / (1.0f + whole * s * (1.0f - s));
	}
	*margins = u;
}

/* `signs` is 1 for the row's own class, -1 for all others. An update gives the change of dual times sign. */
static inline void update_logistic(float cost, float square, const float *scores, const float *signs,
				   const float *duals, float *new_duals, float *changes)
{
	lanes_float sign = LANES_IN(signs), b = sign * LANES_IN(scores), margins = LANES_IN(duals);
	lanes_float old = margins;
	sigmoid_of_minus(&old);
	lanes_float base = b - square * cost * old;
	solve_margins(square * cost, &old, &base, &margins);
	LANES_AT(new_duals) = margins;
	sigmoid_of_minus(&margins);
	LANES_AT(changes) = cost * (margins - old) * sign;
}

static inline void update_hinge(float cost, float square, const float *scores, const float *signs, const float *duals,
				float *new_duals, float *changes)
{
	const float ridge = 0.5f / cost, step = 1.0f / (square + ridge);
	lanes_float sign = LANES_IN(signs), old = LANES_IN(duals);
	lanes_float dual = old - (sign * LANES_IN(scores) - 1.0f + ridge * old) * step;
	dual = LANES_PICK(dual > 0.0f, dual, LANES_OF(0.0f));
	LANES_AT(changes) = (dual - old) * sign;
	LANES_AT(new_duals) = dual;
}

static inline float largest_of(const float values[LANES])
{
	lanes_float sizes = LANES_IN(values);
	sizes = LANES_PICK(sizes < 0.0f, -sizes, sizes);
	float largest = 0.0f;
	for (size_t k = 0; k < LANES; k++)
		largest = sizes[k] > largest ? sizes[k] : largest;
	return largest;
}

/* Room for a visit. */
struct workspace {
	float scores[W], signs[W], duals[W], changes[W];
	float little; /* a smaller change of a dual is not made */
};

static inline void fetch_line(const void *at)
{
	__builtin_prefetch(at);
}

/* Rows come in random order, and what they need lies all over the memory: it is asked for ahead. First the row... */
static inline void fetch_row(const struct linear_model *model, const struct linear_rows *rows, size_t row)
{
	struct point point = point_of(rows, row);
	for (size_t i = 0; i < point.count; i += 16) {
		fetch_line(point.ids + i);
		fetch_line(point.values + i);
	}
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d += 16)
		fetch_line(point.dense + d);
	fetch_line(model->duals + row * W);
}

/* ... then the weights of its features. */
static inline void fetch_weights(const struct linear_model *model, const struct linear_rows *rows, size_t row)
{
	struct point point = point_of(rows, row);
	for (size_t i = 0; i < point.count; i++)
		fetch_line(model->weights + (size_t)point.ids[i] * W);
}

/* Lets the model learn from one row; the largest change of a dual. */
SIMD_CLONES
static float visit_row(const struct linear_model *model, const struct linear_rows *rows, size_t row,
		       struct workspace *work)
{
	struct point point = point_of(rows, row);
	float *duals = model->duals + row * W, square = model->squares[row];
	uint32_t own = rows->classes[row] - model->first_class;
	score_point(model, &point, work->scores);
	if (own < W)
		work->signs[own] = 1.0f;
	for (size_t c = 0; c < W; c += LANES)
		if (model->loss == LINEAR_LOGISTIC)
			update_logistic(model->cost, square, work->scores + c, work->signs + c, duals + c,
					work->duals + c, work->changes + c);
		else
			update_hinge(model->cost, square, work->scores + c, work->signs + c, duals + c, work->duals + c,
				     work->changes + c);
	if (own < W)
		work->signs[own] = -1.0f;
	const float largest[2] = { largest_of(work->changes), largest_of(work->changes + LANES) };
	for (size_t half = 0; half < 2; half++)
		if (largest[half] > work->little)
			memcpy(duals + half * LANES, work->duals + half * LANES, LANES * sizeof *duals);
	correct_weights(model, &point, work->changes, largest, work->little);
	return largest[0] > largest[1] ? largest[0] : largest[1];
}

void linear_train(struct linear_model *model, const struct linear_rows *rows, const uint8_t *is_held,
		  const struct linear_effort *effort)
{
	struct workspace work = { .little = effort->tolerance * model->cost };
	struct rounds rounds;
	bool is_large = weight_count(model) * sizeof *model->weights > CACHE_BYTES;
	for (size_t c = 0; c < W; c++)
		work.signs[c] = -1.0f;
	rounds_init(&rounds, model, rows, is_held, effort);
	for (unsigned round = 0; round < effort->rounds; round++) {
		float largest = 0.0f;
		rounds_next(&rounds);
		for (size_t i = 0; i < rounds.due_count; i++) {
			uint32_t row = rounds.due[i];
			if (i + 2 < rounds.due_count && is_large)
				fetch_row(model, rows, rounds.due[i + 2]);
			if (i + 1 < rounds.due_count && is_large)
				fetch_weights(model, rows, rounds.due[i + 1]);
			float change = visit_row(model, rows, row, &work);
			rounds_let_rest(&rounds, row, change > work.little);
			largest = change > largest ? change : largest;
		}
		if (largest <= work.little && round >= effort->idle_rounds)
			break;
	}
	rounds_clear(&rounds);
}

/* From most rows most classes have learnt next to nothing: so little stays. */
static const float WORTH_FORGETTING = 1e-5f;

static void forget_row(struct linear_model *model, const struct linear_rows *rows, size_t row)
{
	float *duals = model->duals + row * W, changes[W];
	uint32_t own = rows->classes[row] - model->first_class;
	struct point point = point_of(rows, row);
	for (size_t c = 0; c < W; c += LANES) {
		lanes_float dual = LANES_IN(duals + c);
		if (model->loss == LINEAR_LOGISTIC) {
			sigmoid_of_minus(&dual);
			dual *= model->cost;
		}
		LANES_AT(changes + c) = dual;
		LANES_AT(duals + c) = LANES_OF(model->loss == LINEAR_LOGISTIC ? UNSEEN_MARGIN : 0.0f);
	}
	if (own < W)
		changes[own] = -changes[own];
	const float largest[2] = { largest_of(changes), largest_of(changes + LANES) };
	correct_weights(model, &point, changes, largest, WORTH_FORGETTING * model->cost);
}

SIMD_CLONES
void linear_forget(struct linear_model *model, const struct linear_rows *rows, const uint8_t *is_held)
{
	for (size_t row = 0; row < rows->count; row++)
		if (is_held[row])
			forget_row(model, rows, row);
}

/* Gives the logistic duals of a row `factor` times those of the teacher, cut at the most that a dual may be. What was cut
 * off has to leave the weights. */
static void follow_row(struct linear_model *model, const struct linear_rows *rows, size_t row, const float *taught,
		       float factor)
{
	const float most = FOLLOW_MAX * model->cost;
	struct point point = point_of(rows, row);
	uint32_t own = rows->classes[row] - model->first_class;
	float *duals = model->duals + row * W, changes[W] = { 0 };
	for (uint32_t c = 0; c < W; c++) {
		float dual = factor * taught[c];
		if (dual > most) {
			changes[c] = c == own ? most - dual : dual - most;
			dual = most;
		}
		duals[c] = dual > 0 ? (float)log((double)(model->cost / dual) - 1.0) : UNSEEN_MARGIN;
	}
	const float largest[2] = { largest_of(changes), largest_of(changes + LANES) };
	correct_weights(model, &point, changes, largest, 0.0f);
}

void linear_follow(struct linear_model *model, const struct linear_model *teacher, const struct linear_rows *rows,
		   float factor)
{
	assert(model->loss == LINEAR_LOGISTIC && teacher->loss == LINEAR_SQUARED_HINGE);
	model->first_class = teacher->first_class;
	for (size_t i = 0; i < weight_count(model); i++)
		model->weights[i] = factor * teacher->weights[i];
	for (size_t row = 0; row < rows->count; row++)
		follow_row(model, rows, row, teacher->duals + row * W, factor);
}
