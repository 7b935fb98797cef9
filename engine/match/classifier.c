/* SPDX-License-Identifier: Apache-2.0 */
#include "match/internal.h"

#include "base/mem.h"
#include "match/simd.h"

#include <math.h>
#include <stdlib.h>

void classifier_init(struct classifier *classifier, size_t class_count, size_t feature_count)
{
	size_t width = (class_count + LINEAR_LANES - 1) / LINEAR_LANES * LINEAR_LANES;
	*classifier = (struct classifier){ .class_count = class_count, .width = width };
	classifier->sparse = mem_zalloc(feature_count * width + 1, sizeof *classifier->sparse);
	classifier->scales = mem_zalloc(width + 1, sizeof *classifier->scales);
	classifier->dense = mem_zalloc((VECTOR_DIMENSIONS + 1) * width + 1, sizeof *classifier->dense);
}

void classifier_clear(struct classifier *classifier)
{
	free(classifier->sparse);
	free(classifier->scales);
	free(classifier->dense);
	*classifier = (struct classifier){ 0 };
}

size_t classifier_size_bytes(const struct classifier *classifier, size_t feature_count)
{
	return feature_count * classifier->width * sizeof *classifier->sparse
	       + (VECTOR_DIMENSIONS + 2) * classifier->width * sizeof *classifier->dense;
}

static float blended(const struct linear_model *models, const float *factors, size_t count, size_t place)
{
	float sum = 0.0f;
	for (size_t m = 0; m < count; m++)
		sum += factors[m] * models[m].weights[place];
	return sum;
}

static float largest_weight(const struct linear_model *models, const float *factors, size_t count, size_t column)
{
	float largest = 0.0f;
	for (size_t f = 0; f < models->feature_count; f++)
		largest = fmaxf(largest, fabsf(blended(models, factors, count, f * models->width + column)));
	return largest;
}

/* The last column may be padding of the models; it is all zero and harmless in the padding of the classifier. */
void classifier_take(struct classifier *classifier, const struct linear_model *models, const float *factors,
                     size_t count)
{
	size_t feature_count = models->feature_count;
	for (size_t k = 0; k < models->width && models->first_class + k < classifier->class_count; k++) {
		size_t column = models->first_class + k;
		float largest = largest_weight(models, factors, count, k);
		float step = largest > 0 ? largest / 127.0f : 1.0f;
		classifier->scales[column] = step;
		for (size_t f = 0; f < feature_count; f++)
			classifier->sparse[f * classifier->width + column] =
			        (int8_t)lrintf(blended(models, factors, count, f * models->width + k) / step);
		for (size_t d = 0; d <= VECTOR_DIMENSIONS; d++)
			classifier->dense[d * classifier->width + column] =
			        blended(models, factors, count, (feature_count + d) * models->width + k);
	}
}

/* The scores of `count` vectors of classes from class `from`; they stay in registers while the features pass by. */
static inline void score_vectors(const struct classifier *classifier, const struct feature_row *row, size_t from,
                                 const size_t count, float *scores)
{
	size_t width = classifier->width;
	const float *dense = classifier->dense + from;
	lanes_float sums[4] = { { 0 } };
	for (size_t i = 0; i < row->count; i++) {
		const int8_t *weights = classifier->sparse + row->ids[i] * width + from;
		for (size_t k = 0; k < count; k++) {
			lanes_byte bytes = *(const lanes_byte *)(weights + k * LANES);
			sums[k] += row->values[i] * __builtin_convertvector(bytes, lanes_float);
		}
	}
	for (size_t k = 0; k < count; k++)
		sums[k] = sums[k] * LANES_IN(classifier->scales + from + k * LANES)
		          + LANES_IN(dense + VECTOR_DIMENSIONS * width + k * LANES);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		for (size_t k = 0; k < count; k++)
			sums[k] += row->dense[d] * LANES_IN(dense + d * width + k * LANES);
	for (size_t k = 0; k < count; k++)
		LANES_AT(scores + from + k * LANES) = sums[k];
}

SIMD_CLONES
void classifier_score(const struct classifier *classifier, const struct feature_row *row, float *restrict out_scores)
{
	size_t from = 0;
	for (; from + 4 * LANES <= classifier->width; from += 4 * LANES)
		score_vectors(classifier, row, from, 4, out_scores);
	for (; from < classifier->width; from += LANES)
		score_vectors(classifier, row, from, 1, out_scores);
}
