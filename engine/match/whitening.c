/* SPDX-License-Identifier: Apache-2.0 */
#include "match/whitening.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "match/simd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { D = VECTOR_DIMENSIONS, ROUNDS_MAX = 40 };
/* How much of the covariance is replaced by its mean over all directions: few examples know few directions. Tuned on
 * the open sets (2026-11); 0.5 to 0.8 are as good. */
static const double SHRINKAGE = 0.7;

struct matrix {
	double at[D][D];
};

/* From so many points on not all are looked at, but still half as many: these tell enough of the covariance. */
enum { POINTS_ENOUGH = 4000 };

/* Room for the learning; too much for a stack. */
struct workspace {
	struct matrix covariance, root, inverse, step, product;
};

/* The points that count, without the means of their intents; how many they are. */
static size_t take_away_means(double *centred, const float *vectors, const uint32_t *intents, size_t count,
			      size_t intent_count)
{
	double *means = mem_zalloc(intent_count * D + 1, sizeof *means);
	size_t *sizes = mem_zalloc(intent_count + 1, sizeof *sizes), stride = 1 + count / POINTS_ENOUGH, taken = 0;
	for (size_t i = 0; i < count; i++) {
		sizes[intents[i]]++;
		for (size_t d = 0; d < D; d++)
			means[intents[i] * D + d] += (double)vectors[i * D + d];
	}
	for (size_t i = 0; i < count; i += stride, taken++)
		for (size_t d = 0; d < D; d++)
			centred[taken * D + d] =
				(double)vectors[i * D + d] - means[intents[i] * D + d] / (double)sizes[intents[i]];
	free(means);
	free(sizes);
	return taken;
}

/* A block of so many rows of the covariance, whose sums stay in the nearest cache while all points go by. */
enum { BLOCK = 10 };
_Static_assert(D % BLOCK == 0, "blocks are whole");

struct covering {
	struct workspace *work;
	const double *centred;
	size_t count;
};

SIMD_CLONES
static void sum_block(const struct covering *covering, size_t first)
{
	double(*sums)[D] = covering->work->covariance.at + first;
	for (size_t i = 0; i < covering->count; i++) {
		const double *point = covering->centred + i * D;
		for (size_t a = 0; a < BLOCK; a++)
			for (size_t b = first; b < D; b++)
				sums[a][b] += point[first + a] * point[b];
	}
}

static void take_block(void *context, size_t worker, size_t turn)
{
	(void)worker;
	sum_block(context, turn * BLOCK);
}

/* The upper half is summed, the lower is the same. */
static void add_covariance(struct workspace *work, const double *centred, size_t count)
{
	struct covering covering = { work, centred, count };
	parallel_each(D / BLOCK, parallel_workers(), take_block, &covering);
	for (size_t a = 0; a < D; a++)
		for (size_t b = a; b < D; b++) {
			work->covariance.at[a][b] /= (double)count;
			work->covariance.at[b][a] = work->covariance.at[a][b];
		}
}

/* Shrinks the covariance and gives its trace. */
static double shrink(struct workspace *work)
{
	double trace = 0;
	for (size_t d = 0; d < D; d++)
		trace += work->covariance.at[d][d];
	for (size_t a = 0; a < D; a++)
		for (size_t b = 0; b < D; b++)
			work->covariance.at[a][b] *= 1.0 - SHRINKAGE;
	for (size_t d = 0; d < D; d++)
		work->covariance.at[d][d] += SHRINKAGE * trace / D;
	return trace;
}

SIMD_CLONES
static void multiply(const struct matrix *left, const struct matrix *right, struct matrix *out)
{
	for (size_t a = 0; a < D; a++) {
		double sums[D] = { 0 };
		for (size_t k = 0; k < D; k++)
			for (size_t b = 0; b < D; b++)
				sums[b] += left->at[a][k] * right->at[k][b];
		memcpy(out->at[a], sums, sizeof sums);
	}
}

/* How far a matrix is from the unit matrix: the largest sum of a row. */
static double distance_to_unit(const struct matrix *matrix)
{
	double largest = 0;
	for (size_t a = 0; a < D; a++) {
		double sum = 0;
		for (size_t b = 0; b < D; b++)
			sum += fabs(matrix->at[a][b] - (a == b));
		largest = fmax(largest, sum);
	}
	return largest;
}

/* The inverse square root of the covariance, by Newton's iteration without inverses (Higham, Functions of Matrices,
 * 2008, 6.35): with A divided by its largest sum of a row, which no eigenvalue exceeds, Y = A and Z = 1 at first, and
 * T = (3 - ZY) / 2, Y <- YT comes to the root of A and Z <- TZ to its inverse. */
static void find_inverse_root(struct workspace *work)
{
	struct matrix *product = &work->product;
	double scale = 0;
	for (size_t a = 0; a < D; a++) {
		double sum = 0;
		for (size_t b = 0; b < D; b++)
			sum += fabs(work->covariance.at[a][b]);
		scale = fmax(scale, sum);
	}
	for (size_t a = 0; a < D; a++)
		for (size_t b = 0; b < D; b++) {
			work->root.at[a][b] = work->covariance.at[a][b] / scale;
			work->inverse.at[a][b] = a == b;
		}
	for (int round = 0; round < ROUNDS_MAX; round++) {
		multiply(&work->inverse, &work->root, product);
		if (distance_to_unit(product) < 1e-7)
			break;
		for (size_t a = 0; a < D; a++)
			for (size_t b = 0; b < D; b++)
				work->step.at[a][b] = ((a == b ? 3.0 : 0.0) - product->at[a][b]) / 2.0;
		multiply(&work->root, &work->step, product);
		work->root = *product;
		multiply(&work->step, &work->inverse, product);
		work->inverse = *product;
	}
	for (size_t a = 0; a < D; a++)
		for (size_t b = 0; b < D; b++)
			work->inverse.at[a][b] /= sqrt(scale);
}

struct whitening *whitening_new(const float *vectors, const uint32_t *intents, size_t count, size_t intent_count)
{
	struct workspace *work = mem_zalloc(1, sizeof *work);
	struct whitening *whitening = NULL;
	double *centred = mem_zalloc(count * D + 1, sizeof *centred);
	size_t taken = take_away_means(centred, vectors, intents, count, intent_count);
	add_covariance(work, centred, taken);
	double trace = shrink(work);
	if (trace > 1e-9) {
		find_inverse_root(work);
		whitening = mem_zalloc(1, sizeof *whitening);
		for (size_t a = 0; a < D; a++)
			for (size_t b = 0; b < D; b++)
				whitening->matrix[a * WHITENING_STRIDE + b] =
					(float)(0.5 * (work->inverse.at[a][b] + work->inverse.at[b][a]));
	}
	free(centred);
	free(work);
	return whitening;
}

/* The sums of seven times LANES columns from `from` on, which stay in registers; two rows of the matrix at a time. */
static inline void add_columns(const struct whitening *whitening, const float *vector, size_t from, float *sums)
{
	lanes_float sum0 = { 0 }, sum1 = { 0 }, sum2 = { 0 }, sum3 = { 0 }, sum4 = { 0 }, sum5 = { 0 }, sum6 = { 0 };
	for (size_t a = 0; a < D; a += 2) {
		const float *row = whitening->matrix + a * WHITENING_STRIDE + from, *next = row + WHITENING_STRIDE;
		float x = vector[a], y = vector[a + 1];
		sum0 += x * LANES_IN(row) + y * LANES_IN(next);
		sum1 += x * LANES_IN(row + LANES) + y * LANES_IN(next + LANES);
		sum2 += x * LANES_IN(row + 2 * LANES) + y * LANES_IN(next + 2 * LANES);
		sum3 += x * LANES_IN(row + 3 * LANES) + y * LANES_IN(next + 3 * LANES);
		sum4 += x * LANES_IN(row + 4 * LANES) + y * LANES_IN(next + 4 * LANES);
		sum5 += x * LANES_IN(row + 5 * LANES) + y * LANES_IN(next + 5 * LANES);
		sum6 += x * LANES_IN(row + 6 * LANES) + y * LANES_IN(next + 6 * LANES);
	}
	LANES_AT(sums + from) = sum0;
	LANES_AT(sums + from + LANES) = sum1;
	LANES_AT(sums + from + 2 * LANES) = sum2;
	LANES_AT(sums + from + 3 * LANES) = sum3;
	LANES_AT(sums + from + 4 * LANES) = sum4;
	LANES_AT(sums + from + 5 * LANES) = sum5;
	LANES_AT(sums + from + 6 * LANES) = sum6;
}

/* In two halves, which share one column of lanes. */
SIMD_CLONES
void whitening_apply(const struct whitening *whitening, float vector[VECTOR_DIMENSIONS])
{
	enum { HALF = 7 * LANES };
	float sums[WHITENING_STRIDE];
	_Static_assert(2 * HALF / WHITENING_STRIDE == 1 && 2 * HALF % WHITENING_STRIDE <= LANES, "two halves are all");
	add_columns(whitening, vector, 0, sums);
	add_columns(whitening, vector, WHITENING_STRIDE - HALF, sums);
	memcpy(vector, sums, D * sizeof *vector);
}
