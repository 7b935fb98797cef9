/* SPDX-License-Identifier: Apache-2.0 */
#include "match/internal.h"

#include "base/mem.h"
#include "match/simd.h"

#include <math.h>
#include <stdlib.h>

void classifier_init(struct classifier *classifier, size_t class_count, size_t feature_count)
{
	size_t width = (class_count + LANES - 1) / LANES * LANES;
	*classifier = (struct classifier){ .class_count = class_count, .feature_count = feature_count, .width = width };
	classifier->sparse = mem_zalloc(feature_count * width + 1, sizeof *classifier->sparse);
	classifier->scales = mem_zalloc(width + 1, sizeof *classifier->scales);
	classifier->dense = mem_zalloc((VECTOR_DIMENSIONS + 1) * width + 1, sizeof *classifier->dense);
}

void classifier_clear(struct classifier *classifier)
{
	free(classifier->sparse);
	free(classifier->scales);
	free(classifier->dense);
	free(classifier->spoken);
	*classifier = (struct classifier){ 0 };
}

size_t classifier_size_bytes(const struct classifier *classifier)
{
	return classifier->feature_count * classifier->width * sizeof *classifier->sparse +
	       (VECTOR_DIMENSIONS + 2) * classifier->width * sizeof *classifier->dense +
	       (classifier->spoken ? classifier->class_count * VECTOR_DIMENSIONS * sizeof *classifier->spoken : 0);
}

void classifier_set_spoken(struct classifier *classifier, const struct whitening *whitening)
{
	classifier->spoken = mem_zalloc(classifier->class_count * VECTOR_DIMENSIONS + 1, sizeof *classifier->spoken);
	for (size_t k = 0; k < classifier->class_count; k++) {
		float *weights = classifier->spoken + k * VECTOR_DIMENSIONS;
		for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
			weights[d] = classifier->dense[d * classifier->width + k];
		if (whitening)
			whitening_apply(whitening, weights);
	}
}

/* The weights of the LANES classes from `half` on for a feature (or, behind the features, a dimension). */
static inline void add_weights(const struct blend *blend, size_t feature, size_t half, float share, lanes_float *sum)
{
	for (size_t m = 0; m < blend->count; m++)
		*sum += share * blend->factors[m] * LANES_IN(blend->models[m].weights + feature * LINEAR_WIDTH + half);
}

static inline void sparse_weights(const struct blend *blend, size_t feature, size_t half, lanes_float *sum)
{
	const struct neighbour *list = neighbours_of(blend->neighbours, (uint32_t)feature);
	*sum = LANES_OF(0.0f);
	add_weights(blend, feature, half, 1.0f, sum);
	for (size_t n = 0; list && n < NEIGHBOURS_MAX && list[n].share > 0; n++)
		add_weights(blend, list[n].feature, half, list[n].share, sum);
}

/* What a step of each class's bytes is worth: the largest weight is 127 of them. */
SIMD_CLONES
static void find_steps(const struct blend *blend, float steps[LINEAR_WIDTH])
{
	for (size_t half = 0; half < LINEAR_WIDTH; half += LANES) {
		lanes_float largest = { 0 }, sum;
		for (size_t f = 0; f < blend->models->feature_count; f++) {
			sparse_weights(blend, f, half, &sum);
			sum = LANES_PICK(sum < 0.0f, -sum, sum);
			largest = LANES_PICK(sum > largest, sum, largest);
		}
		LANES_AT(steps + half) = LANES_PICK(largest > 0.0f, largest / 127.0f, LANES_OF(1.0f));
	}
}

/* The bytes of one feature. Beside ROUNDER a float has no room for fractions. */
SIMD_CLONES
static void find_bytes(const struct blend *blend, size_t feature, const float steps[LINEAR_WIDTH],
		       int32_t bytes[LINEAR_WIDTH])
{
	static const float ROUNDER = 12582912.0f; /* 1.5 * 2^23 */
	for (size_t half = 0; half < LINEAR_WIDTH; half += LANES) {
		lanes_float sum;
		sparse_weights(blend, feature, half, &sum);
		lanes_float rounded = sum / LANES_IN(steps + half) + ROUNDER - ROUNDER;
		*(lanes_int *)(bytes + half) = __builtin_convertvector(rounded, lanes_int);
	}
}

void classifier_take(struct classifier *classifier, const struct blend *blend, const uint32_t *intents)
{
	uint32_t first = blend->models->first_class;
	size_t feature_count = blend->models->feature_count, width = classifier->width,
	       classes = classifier->class_count - first;
	float steps[LINEAR_WIDTH], weights[LINEAR_WIDTH];
	int32_t bytes[LINEAR_WIDTH];
	classes = classes < LINEAR_WIDTH ? classes : LINEAR_WIDTH;
	intents += first;
	find_steps(blend, steps);
	for (size_t k = 0; k < classes; k++)
		classifier->scales[intents[k]] = steps[k];
	for (size_t f = 0; f < feature_count; f++) {
		find_bytes(blend, f, steps, bytes);
		for (size_t k = 0; k < classes; k++)
			classifier->sparse[f * width + intents[k]] = (int8_t)bytes[k];
	}
	for (size_t d = 0; d <= VECTOR_DIMENSIONS; d++) {
		for (size_t half = 0; half < LINEAR_WIDTH; half += LANES) {
			lanes_float sum = { 0 };
			add_weights(blend, feature_count + d, half, 1.0f, &sum);
			LANES_AT(weights + half) = sum;
		}
		for (size_t k = 0; k < classes; k++)
			classifier->dense[d * width + intents[k]] = weights[k];
	}
}

/* Weights of so many bytes stay in a core's own cache from question to question. */
enum { CACHE_BYTES = 256 * 1024 };

void classifier_fetch(const struct classifier *classifier, const struct feature_row *row)
{
	enum { LINE = 64 };
	size_t width = classifier->width;
	if (classifier->feature_count * width <= CACHE_BYTES)
		return;
	for (size_t i = 0; i < row->count; i++) {
		const int8_t *weights = classifier->sparse + row->ids[i] * width, *last = weights + width - 1;
		do {
			__builtin_prefetch(weights);
			weights += LINE;
		} while (weights < last);
		__builtin_prefetch(last);
	}
}

enum { GROUP = 4 * LANES, BLOCK_LANES = 12 };

/* Turns sums over bytes into scores of the classes from class `from`, and adds the dense part. */
static inline void finish_one(const struct classifier *classifier, const struct feature_row *row, size_t from,
			      float *scores)
{
	size_t width = classifier->width;
	const float *dense = classifier->dense + from;
	lanes_float sum = LANES_IN(scores + from) * LANES_IN(classifier->scales + from);
	sum += LANES_IN(dense + VECTOR_DIMENSIONS * width);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		sum += row->dense[d] * LANES_IN(dense + d * width);
	LANES_AT(scores + from) = sum;
}

/* The sums of GROUP classes. */
struct group_sums {
	lanes_float every[4];
};

/* Adds a feature to the sums of GROUP classes: the first holds every fourth class, and so on. */
static inline void add_feature(struct group_sums *sums, const int8_t *weights, float value)
{
	lanes_int four = LANES_OF_WORDS(weights);
	sums->every[0] += value * LANES_BYTE(four, 0);
	sums->every[1] += value * LANES_BYTE(four, 1);
	sums->every[2] += value * LANES_BYTE(four, 2);
	sums->every[3] += value * LANES_BYTE(four, 3);
}

/* From every fourth class to the classes in their order: pairs, fours, and the halves put together. */
static inline void put_in_order(struct group_sums *sums)
{
#define LOWER_PAIRS(a, b)  __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define UPPER_PAIRS(a, b)  __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define EVEN_FOURS(a, b)   __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define ODD_FOURS(a, b)    __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOWER_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define UPPER_HALVES(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
	lanes_float *every = sums->every;
	lanes_float low = LOWER_PAIRS(every[0], every[1]), low_too = LOWER_PAIRS(every[2], every[3]);
	lanes_float high = UPPER_PAIRS(every[0], every[1]), high_too = UPPER_PAIRS(every[2], every[3]);
	lanes_float first = EVEN_FOURS(low, low_too), second = ODD_FOURS(low, low_too);
	lanes_float third = EVEN_FOURS(high, high_too), fourth = ODD_FOURS(high, high_too);
	every[0] = LOWER_HALVES(first, second);
	every[1] = LOWER_HALVES(third, fourth);
	every[2] = UPPER_HALVES(first, second);
	every[3] = UPPER_HALVES(third, fourth);
}

/* Sums over the bytes of GROUP classes beside each other. They are taken as LANES whole numbers of four bytes, which are
 * cut apart by shifting: gcc 12 has nothing better for widening bytes than one by one, four times as slow. */
static inline void sum_group(const struct classifier *classifier, const struct feature_row *row, size_t from,
			     struct group_sums *sums)
{
	const int8_t *weights = classifier->sparse + from;
	size_t width = classifier->width, i = 0;
	for (size_t s = 0; s < 4; s++)
		sums->every[s] = LANES_OF(0.0f);
	for (; i + 1 < row->count; i += 2) {
		add_feature(sums, weights + row->ids[i] * width, row->values[i]);
		add_feature(sums, weights + row->ids[i + 1] * width, row->values[i + 1]);
	}
	if (i < row->count)
		add_feature(sums, weights + row->ids[i] * width, row->values[i]);
	put_in_order(sums);
}

/* From sums over bytes to scores of the GROUP classes from class `from`. Four of them beside each other, since each has
 * to wait for its last addition. */
static inline void score_group(const struct classifier *classifier, const struct feature_row *row, size_t from,
			       float *scores)
{
	struct group_sums sums;
	size_t width = classifier->width;
	const float *scales = classifier->scales + from, *dense = classifier->dense + from,
		    *constant = dense + VECTOR_DIMENSIONS * width;
	scores += from;
	sum_group(classifier, row, from, &sums);
	lanes_float sum0 = sums.every[0] * LANES_IN(scales) + LANES_IN(constant);
	lanes_float sum1 = sums.every[1] * LANES_IN(scales + LANES) + LANES_IN(constant + LANES);
	lanes_float sum2 = sums.every[2] * LANES_IN(scales + 2 * LANES) + LANES_IN(constant + 2 * LANES);
	lanes_float sum3 = sums.every[3] * LANES_IN(scales + 3 * LANES) + LANES_IN(constant + 3 * LANES);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++, dense += width) {
		float value = row->dense[d];
		sum0 += value * LANES_IN(dense);
		sum1 += value * LANES_IN(dense + LANES);
		sum2 += value * LANES_IN(dense + 2 * LANES);
		sum3 += value * LANES_IN(dense + 3 * LANES);
	}
	LANES_AT(scores) = sum0;
	LANES_AT(scores + LANES) = sum1;
	LANES_AT(scores + 2 * LANES) = sum2;
	LANES_AT(scores + 3 * LANES) = sum3;
}

static inline void sum_one(const struct classifier *classifier, const struct feature_row *row, size_t from,
			   float *scores)
{
	lanes_float sum = { 0 };
	for (size_t i = 0; i < row->count; i++)
		sum += row->values[i] * LANES_OF_BYTES(classifier->sparse + row->ids[i] * classifier->width + from);
	LANES_AT(scores + from) = sum;
}

static void score_plainly(const struct classifier *classifier, const struct feature_row *row, float *scores)
{
	size_t width = classifier->width, from = 0;
	for (; from + GROUP <= width; from += GROUP)
		score_group(classifier, row, from, scores);
	if (from < width && width >= GROUP) /* some of them once more */
		score_group(classifier, row, width - GROUP, scores);
	for (; from < width && width < GROUP; from += LANES) {
		sum_one(classifier, row, from, scores);
		finish_one(classifier, row, from, scores);
	}
}

#ifdef SIMD_AVX2
/* The scores of `lanes` times LANES classes from class `from` on. AVX2 widens bytes as it reads them, which gcc 12 does
 * only when told; each class sums in the same order as above. */
SIMD_AVX2 __attribute__((always_inline)) static inline void score_lanes(const struct classifier *classifier,
									const struct feature_row *row, size_t from,
									float *scores, const size_t lanes)
{
	const size_t width = classifier->width, count = row->count;
	const int8_t *sparse = classifier->sparse + from;
	const float *scales = classifier->scales + from, *dense = classifier->dense + from;
	lanes_float sums[BLOCK_LANES];
	SIMD_UNROLLED
	for (size_t l = 0; l < lanes; l++)
		sums[l] = (lanes_float){ 0 };
	for (size_t i = 0; i < count; i++) {
		const int8_t *weights = sparse + row->ids[i] * width;
		float value = row->values[i];
		SIMD_UNROLLED
		for (size_t l = 0; l < lanes; l++) {
			__m128i bytes = _mm_loadl_epi64((const __m128i *)(const void *)(weights + l * LANES));
			sums[l] += value * __builtin_convertvector((lanes_int)_mm256_cvtepi8_epi32(bytes), lanes_float);
		}
	}
	SIMD_UNROLLED
	for (size_t l = 0; l < lanes; l++)
		sums[l] = sums[l] * LANES_IN(scales + l * LANES) +
			  LANES_IN(dense + VECTOR_DIMENSIONS * width + l * LANES);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++, dense += width) {
		float value = row->dense[d];
		SIMD_UNROLLED
		for (size_t l = 0; l < lanes; l++)
			sums[l] += value * LANES_IN(dense + l * LANES);
	}
	SIMD_UNROLLED
	for (size_t l = 0; l < lanes; l++)
		LANES_AT(scores + from + l * LANES) = sums[l];
}

/* In blocks as equal as can be: a small one would wait for its own additions. */
SIMD_AVX2
static void score_widely(const struct classifier *classifier, const struct feature_row *row, float *scores)
{
	size_t lanes = classifier->width / LANES, blocks = (lanes + BLOCK_LANES - 1) / BLOCK_LANES, from = 0;
	for (; blocks; blocks--) {
		size_t now = (lanes + blocks - 1) / blocks;
		switch (now) {
		case 1: score_lanes(classifier, row, from, scores, 1); break;
		case 2: score_lanes(classifier, row, from, scores, 2); break;
		case 3: score_lanes(classifier, row, from, scores, 3); break;
		case 4: score_lanes(classifier, row, from, scores, 4); break;
		case 5: score_lanes(classifier, row, from, scores, 5); break;
		case 6: score_lanes(classifier, row, from, scores, 6); break;
		case 7: score_lanes(classifier, row, from, scores, 7); break;
		case 8: score_lanes(classifier, row, from, scores, 8); break;
		case 9: score_lanes(classifier, row, from, scores, 9); break;
		case 10: score_lanes(classifier, row, from, scores, 10); break;
		case 11: score_lanes(classifier, row, from, scores, 11); break;
		default: score_lanes(classifier, row, from, scores, BLOCK_LANES); break;
		}
		lanes -= now;
		from += now * LANES;
	}
}
#endif

void classifier_score(const struct classifier *classifier, const struct feature_row *row, float *restrict out_scores)
{
#ifdef SIMD_AVX2
	if (SIMD_HAS_AVX2()) {
		score_widely(classifier, row, out_scores);
		return;
	}
#endif
	score_plainly(classifier, row, out_scores);
}
