/* SPDX-License-Identifier: Apache-2.0 */
#include "match/spelling.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* One row of the table of distances between prefixes; `above` is the row before, `above2` the one before that. */
static unsigned next_row(struct str a, struct str b, size_t i, const unsigned char *above2, const unsigned char *above,
			 unsigned char *row)
{
	unsigned least = row[0] = (unsigned char)(i + 1);
	for (size_t j = 0; j < b.len; j++) {
		unsigned value = above[j] + (a.ptr[i] != b.ptr[j]);
		value = smaller(value, smaller(above[j + 1], row[j]) + 1u);
		if (i && j && a.ptr[i] == b.ptr[j - 1] && a.ptr[i - 1] == b.ptr[j])
			value = smaller(value, above2[j - 1] + 1u);
		row[j + 1] = (unsigned char)value;
		least = smaller(least, value);
	}
	return least;
}

unsigned spelling_distance(struct str a, struct str b, unsigned limit)
{
	if (str_equal(a, b))
		return 0;
	size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
	if (gap > limit || a.len > SPELLING_WORD_MAX || b.len > SPELLING_WORD_MAX)
		return limit + 1;
	unsigned char rows[3][SPELLING_WORD_MAX + 1];
	for (size_t j = 0; j <= b.len; j++)
		rows[1][j] = (unsigned char)j;
	for (size_t i = 0; i < a.len; i++) {
		unsigned char *above = rows[(i + 1) % 3];
		unsigned least = next_row(a, b, i, rows[i % 3], above, rows[(i + 2) % 3]);
		if (least > limit)
			return limit + 1;
	}
	return smaller(rows[(a.len + 1) % 3][b.len], limit + 1);
}

/* After Garbe's symmetric deletion (SymSpell, 2012): two words at distance d have a common form that is reached by
 * at most d deletions from each. Forms are kept as 32-bit hashes beside their word, sorted by hash; what a clash
 * brings in falls out when the distance is measured. */
struct form {
	uint32_t hash;
	uint32_t word;
};

struct spelling_index {
	const struct str *words;
	const uint32_t *frequencies;
	struct form *forms;
	size_t count, capacity;
};

/* Calls `take` with the hash of every form of `word` with up to `deletions` letters left out; a form may come twice. */
static void each_form(struct str word, unsigned deletions, void (*take)(void *context, uint32_t hash), void *context)
{
	char shorter[SPELLING_WORD_MAX];
	take(context, (uint32_t)hash_bytes(word.ptr, word.len, 0));
	if (!deletions || word.len < 2)
		return;
	for (size_t i = 0; i < word.len; i++) {
		memcpy(shorter, word.ptr, i);
		memcpy(shorter + i, word.ptr + i + 1, word.len - i - 1);
		each_form((struct str){ shorter, word.len - 1 }, deletions - 1, take, context);
	}
}

struct form_collector {
	struct spelling_index *index;
	uint32_t word;
};

static void keep_form(void *context, uint32_t hash)
{
	struct form_collector *collector = context;
	struct spelling_index *index = collector->index;
	if (index->count == index->capacity) {
		index->capacity = index->capacity ? index->capacity * 2 : 1024;
		index->forms = mem_resize(index->forms, index->capacity, sizeof *index->forms);
	}
	index->forms[index->count++] = (struct form){ hash, collector->word };
}

static int compare_forms(const void *left, const void *right)
{
	const struct form *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->word > b->word) - (a->word < b->word);
}

static unsigned errors_allowed(size_t length)
{
	return length >= SPELLING_TWICE_FROM ? 2 : 1;
}

struct spelling_index *spelling_index_new(const struct str *words, const uint32_t *frequencies, size_t count)
{
	struct spelling_index *index = mem_zalloc(1, sizeof *index);
	index->words = words;
	index->frequencies = frequencies;
	for (uint32_t w = 0; w < count; w++) {
		struct form_collector collector = { index, w };
		/* A query of 8 bytes may have lost one: the word of 7 (or 9) must be found at its distance. */
		if (words[w].len + 1 >= SPELLING_WORD_MIN && words[w].len <= SPELLING_WORD_MAX)
			each_form(words[w], errors_allowed(words[w].len + 2), keep_form, &collector);
	}
	if (index->count)
		qsort(index->forms, index->count, sizeof *index->forms, compare_forms);
	size_t kept = 0;
	for (size_t i = 0; i < index->count; i++)
		if (!i || compare_forms(&index->forms[i - 1], &index->forms[i]))
			index->forms[kept++] = index->forms[i];
	index->count = index->capacity = kept;
	if (kept)
		index->forms = mem_resize(index->forms, kept, sizeof *index->forms);
	return index;
}

void spelling_index_free(struct spelling_index *index)
{
	if (!index)
		return;
	free(index->forms);
	free(index);
}

size_t spelling_index_size_bytes(const struct spelling_index *index)
{
	return sizeof *index + index->count * sizeof *index->forms;
}

struct form_search {
	const struct spelling_index *index;
	struct str word;
	uint32_t best;
	unsigned distance; /* of the best; one more than allowed while there is none */
};

static bool is_better(const struct form_search *search, uint32_t word, unsigned distance)
{
	if (search->best == SPELLING_NONE || distance != search->distance)
		return distance < search->distance;
	uint32_t often = search->index->frequencies[word], best_often = search->index->frequencies[search->best];
	if (often != best_often)
		return often > best_often;
	return str_compare(search->index->words[word], search->index->words[search->best]) < 0;
}

static void try_form(void *context, uint32_t hash)
{
	struct form_search *search = context;
	const struct spelling_index *index = search->index;
	size_t low = 0, high = index->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (index->forms[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < index->count && index->forms[low].hash == hash; low++) {
		uint32_t word = index->forms[low].word;
		if (word == search->best)
			continue;
		unsigned distance =
			spelling_distance(search->word, index->words[word], errors_allowed(search->word.len));
		if (is_better(search, word, distance))
			search->best = word, search->distance = distance;
	}
}

uint32_t spelling_index_find(const struct spelling_index *index, struct str word)
{
	if (word.len < SPELLING_WORD_MIN || word.len > SPELLING_WORD_MAX || !index->count)
		return SPELLING_NONE;
	unsigned allowed = errors_allowed(word.len);
	struct form_search search = { index, word, SPELLING_NONE, allowed + 1 };
	each_form(word, allowed, try_form, &search);
	return search.best;
}
