/* SPDX-License-Identifier: Apache-2.0 */
#include "match/internal.h"

#include "base/mem.h"

#include <stdlib.h>

static uint64_t hash_of(const struct terms *terms)
{
	uint64_t hash = 0;
	for (size_t i = 0; i < terms->count; i++) {
		hash = (hash ^ terms->items[i].hash) * 0x9fb21c651e98df25u;
		hash ^= hash >> 32;
	}
	return hash;
}

static int compare_wordings(const void *left, const void *right)
{
	const struct wording *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->intent > b->intent) - (a->intent < b->intent);
}

void wordings_init(struct wordings *wordings, const struct training_rows *rows)
{
	*wordings = (struct wordings){ .items = mem_alloc((rows->points.count + 1) * sizeof *wordings->items) };
	for (size_t i = 0; i < rows->points.count; i++)
		if (rows->terms[i].count)
			wordings->items[wordings->count++] =
				(struct wording){ hash_of(&rows->terms[i]), rows->intents[i] };
	if (wordings->count)
		qsort(wordings->items, wordings->count, sizeof *wordings->items, compare_wordings);
}

void wordings_clear(struct wordings *wordings)
{
	free(wordings->items);
	*wordings = (struct wordings){ 0 };
}

uint32_t wordings_find(const struct wordings *wordings, const struct terms *terms)
{
	uint64_t hash = hash_of(terms);
	uint32_t intent = MATCH_NONE;
	size_t low = 0, high = wordings->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (wordings->items[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < wordings->count && wordings->items[low].hash == hash; low++) {
		if (intent != MATCH_NONE && intent != wordings->items[low].intent)
			return MATCH_NONE;
		intent = wordings->items[low].intent;
	}
	return intent;
}
