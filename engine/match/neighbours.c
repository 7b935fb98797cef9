/* SPDX-License-Identifier: Apache-2.0 */
#include "match/neighbours.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "match/simd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From which cosine on two stems are neighbours, and what one that means the very same is given. */
static const float COSINE_MIN = 0.4f, SHARE_MAX = 0.4f;
enum {
	EXAMPLES_MAX = 20, /* an intent, on average: with more there are no neighbours */
	RANK_MIN = 100,    /* the most frequent words of the language are near to everything */
	TURN_STEMS = 16,   /* that a core takes at a time */
};

struct search {
	struct neighbours *neighbours;
	uint32_t *places; /* by feature: the place of its stem below, plus 1; 0 for none */
	uint32_t *stems;  /* features that have a vector */
	float *vectors;   /* of each, of length 1: VECTOR_DIMENSIONS numbers */
	size_t count, capacity;
};

static float *vector_of(struct search *search, uint32_t feature)
{
	if (!search->places[feature]) {
		if (search->count == search->capacity) {
			size_t old = search->capacity;
			search->capacity = old ? old * 2 : 256;
			search->stems = mem_resize(search->stems, search->capacity, sizeof *search->stems);
			search->vectors = mem_resize(search->vectors, search->capacity * VECTOR_DIMENSIONS,
						     sizeof *search->vectors);
			memset(search->vectors + old * VECTOR_DIMENSIONS, 0,
			       (search->capacity - old) * VECTOR_DIMENSIONS * sizeof *search->vectors);
		}
		search->stems[search->count++] = feature;
		search->places[feature] = (uint32_t)search->count;
	}
	return search->vectors + (size_t)(search->places[feature] - 1) * VECTOR_DIMENSIONS;
}

/* A stem stands for all its words, each as often as it occurs. */
static void sum_words(struct search *search, const struct neighbour_words *words)
{
	for (size_t w = 0; w < words->count; w++) {
		const struct term_fact *fact = &words->facts[w];
		if (fact->vector != VECTORS_NONE && vectors_rank(fact->vector) >= RANK_MIN &&
		    fact->stem != FEATURE_NONE)
			vectors_add(fact->vector, (float)words->frequencies[w], vector_of(search, fact->stem));
	}
	for (size_t i = 0; i < search->count; i++) {
		float *vector = search->vectors + i * VECTOR_DIMENSIONS,
		      square = lanes_dot(vector, vector, VECTOR_DIMENSIONS);
		for (size_t d = 0; d < VECTOR_DIMENSIONS && square > 0; d++)
			vector[d] /= sqrtf(square);
	}
}

/* Puts one more into the list of the nearest. */
static void keep_nearest(struct neighbour *list, uint32_t feature, float share)
{
	size_t at = NEIGHBOURS_MAX;
	for (; at && share > list[at - 1].share; at--)
		if (at < NEIGHBOURS_MAX)
			list[at] = list[at - 1];
	if (at < NEIGHBOURS_MAX)
		list[at] = (struct neighbour){ feature, share };
}

SIMD_CLONES
static void find_nearest(const struct search *search, size_t stem)
{
	const float *own = search->vectors + stem * VECTOR_DIMENSIONS;
	struct neighbour *list = search->neighbours->items + (size_t)search->stems[stem] * NEIGHBOURS_MAX;
	for (size_t other = 0; other < search->count; other++) {
		float cosine = lanes_dot(own, search->vectors + other * VECTOR_DIMENSIONS, VECTOR_DIMENSIONS);
		if (other != stem && cosine > COSINE_MIN)
			keep_nearest(list, search->stems[other],
				     SHARE_MAX * (cosine - COSINE_MIN) / (1.0f - COSINE_MIN));
	}
}

static void find_some(void *context, size_t worker, size_t turn)
{
	const struct search *search = context;
	(void)worker;
	for (size_t i = turn * TURN_STEMS; i < (turn + 1) * TURN_STEMS && i < search->count; i++)
		find_nearest(search, i);
}

struct neighbours *neighbours_new(const struct features *features, const struct neighbour_words *words)
{
	if (!features->has_vectors || words->example_count > EXAMPLES_MAX * words->intent_count)
		return NULL;
	struct neighbours *neighbours = mem_zalloc(1, sizeof *neighbours);
	struct search search = { .neighbours = neighbours };
	neighbours->items = mem_zalloc((size_t)features->count * NEIGHBOURS_MAX + 1, sizeof *neighbours->items);
	search.places = mem_zalloc(features->count + 1, sizeof *search.places);
	sum_words(&search, words);
	parallel_each((search.count + TURN_STEMS - 1) / TURN_STEMS, parallel_workers(), find_some, &search);
	free(search.places);
	free(search.stems);
	free(search.vectors);
	return neighbours;
}

void neighbours_free(struct neighbours *neighbours)
{
	if (!neighbours)
		return;
	free(neighbours->items);
	free(neighbours);
}

size_t neighbours_spread(const struct neighbours *neighbours, const uint32_t *ids, const float *values, size_t count,
			 const uint8_t *is_left_out, uint32_t *marks, uint32_t *out_ids, float *out_values)
{
	size_t out_count = count;
	for (size_t i = 0; i < count; i++) {
		out_ids[i] = ids[i];
		out_values[i] = values[i];
		marks[ids[i]] = (uint32_t)i + 1;
	}
	for (size_t i = 0; i < count; i++) {
		const struct neighbour *list = neighbours_of(neighbours, ids[i]);
		for (size_t n = 0; list && n < NEIGHBOURS_MAX && list[n].share > 0; n++) {
			uint32_t id = list[n].feature;
			if (is_left_out && is_left_out[id])
				continue;
			if (!marks[id]) {
				out_ids[out_count] = id;
				out_values[out_count++] = 0.0f;
				marks[id] = (uint32_t)out_count;
			}
			out_values[marks[id] - 1] += list[n].share * values[i];
		}
	}
	for (size_t i = 0; i < out_count; i++)
		marks[out_ids[i]] = 0;
	return out_count;
}
