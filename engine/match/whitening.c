/* SPDX-License-Identifier: Apache-2.0 */
#include "match/whitening.h"

#include "base/mem.h"
#include "match/simd.h"

#include <math.h>
#include <stdlib.h>

enum { D = VECTOR_DIMENSIONS, SWEEPS_MAX = 12 };
/* How much of the covariance is replaced by its mean over all directions: few examples know few directions. Tuned on
 * the open sets (2026-11); 0.5 to 0.8 are as good. */
static const double SHRINKAGE = 0.7;

/* Room for the learning; too much for a stack. */
struct workspace {
	double covariance[D][D]; /* becomes diagonal: the eigenvalues */
	double vectors[D][D];    /* the eigenvectors, in columns */
};

static void take_away_means(double *centred, const float *vectors, const uint32_t *intents, size_t count,
			    size_t intent_count)
{
	double *means = mem_zalloc(intent_count * D + 1, sizeof *means);
	size_t *sizes = mem_zalloc(intent_count + 1, sizeof *sizes);
	for (size_t i = 0; i < count; i++) {
		sizes[intents[i]]++;
		for (size_t d = 0; d < D; d++)
			means[intents[i] * D + d] += (double)vectors[i * D + d];
	}
	for (size_t i = 0; i < count; i++)
		for (size_t d = 0; d < D; d++)
			centred[i * D + d] =
				(double)vectors[i * D + d] - means[intents[i] * D + d] / (double)sizes[intents[i]];
	free(means);
	free(sizes);
}

SIMD_CLONES
static void add_covariance(struct workspace *work, const double *centred, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t a = 0; a < D; a++) {
			double x = centred[i * D + a] / (double)count;
			for (size_t b = 0; b < D; b++)
				work->covariance[a][b] += x * centred[i * D + b];
		}
}

/* Shrinks the covariance and gives its trace. */
static double shrink(struct workspace *work)
{
	double trace = 0;
	for (size_t d = 0; d < D; d++)
		trace += work->covariance[d][d];
	for (size_t a = 0; a < D; a++)
		for (size_t b = 0; b < D; b++)
			work->covariance[a][b] *= 1.0 - SHRINKAGE;
	for (size_t d = 0; d < D; d++)
		work->covariance[d][d] += SHRINKAGE * trace / D;
	return trace;
}

static void rotate(double *x, double *y, double cosine, double sine)
{
	double was = *x;
	*x = cosine * was - sine * *y;
	*y = sine * was + cosine * *y;
}

/* Turns the axes p and q so that the element between them becomes 0 (Jacobi 1846). */
static void turn_axes(struct workspace *work, size_t p, size_t q)
{
	double off = work->covariance[p][q];
	if (off == 0.0)
		return;
	double theta = (work->covariance[q][q] - work->covariance[p][p]) / (2.0 * off);
	double tangent = (theta >= 0 ? 1.0 : -1.0) / (fabs(theta) + sqrt(theta * theta + 1.0));
	double cosine = 1.0 / sqrt(tangent * tangent + 1.0), sine = tangent * cosine;
	for (size_t k = 0; k < D; k++)
		rotate(&work->covariance[k][p], &work->covariance[k][q], cosine, sine);
	for (size_t k = 0; k < D; k++)
		rotate(&work->covariance[p][k], &work->covariance[q][k], cosine, sine);
	for (size_t k = 0; k < D; k++)
		rotate(&work->vectors[k][p], &work->vectors[k][q], cosine, sine);
}

static void find_eigenvectors(struct workspace *work, double trace)
{
	for (size_t d = 0; d < D; d++)
		work->vectors[d][d] = 1.0;
	for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
		double off = 0;
		for (size_t p = 0; p < D; p++)
			for (size_t q = p + 1; q < D; q++)
				off += work->covariance[p][q] * work->covariance[p][q];
		if (off < 1e-16 * trace * trace)
			break;
		for (size_t p = 0; p < D; p++)
			for (size_t q = p + 1; q < D; q++)
				turn_axes(work, p, q);
	}
}

struct whitening *whitening_new(const float *vectors, const uint32_t *intents, size_t count, size_t intent_count)
{
	struct workspace *work = mem_zalloc(1, sizeof *work);
	struct whitening *whitening = NULL;
	double *centred = mem_zalloc(count * D + 1, sizeof *centred);
	take_away_means(centred, vectors, intents, count, intent_count);
	add_covariance(work, centred, count);
	double trace = shrink(work);
	if (trace > 1e-9) {
		find_eigenvectors(work, trace);
		whitening = mem_zalloc(1, sizeof *whitening);
		for (size_t a = 0; a < D; a++)
			for (size_t b = 0; b < D; b++) {
				double sum = 0;
				for (size_t k = 0; k < D; k++)
					sum += work->vectors[a][k] * work->vectors[b][k] / sqrt(work->covariance[k][k]);
				whitening->matrix[a * WHITENING_STRIDE + b] = (float)sum;
			}
	}
	free(centred);
	free(work);
	return whitening;
}

/* Two rows of the matrix at a time, so that the sums are fetched and put back half as often. */
SIMD_CLONES
void whitening_apply(const struct whitening *whitening, float vector[VECTOR_DIMENSIONS])
{
	float sums[WHITENING_STRIDE] = { 0 };
	for (size_t a = 0; a < D; a += 2) {
		const float *row = whitening->matrix + a * WHITENING_STRIDE;
		for (size_t b = 0; b < WHITENING_STRIDE; b += LANES)
			LANES_AT(sums + b) +=
				vector[a] * LANES_IN(row + b) + vector[a + 1] * LANES_IN(row + WHITENING_STRIDE + b);
	}
	memcpy(vector, sums, D * sizeof *vector);
}
