/* SPDX-License-Identifier: Apache-2.0 */
#include "match/spelling.h"

#include "base/mem.h"

#include <math.h>
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

/* Takes away from both ends what two words have in common; that changes no distance. */
static void trim(struct str *a, struct str *b)
{
	size_t shorter = a->len < b->len ? a->len : b->len, head = 0, tail = 0;
	while (head < shorter && a->ptr[head] == b->ptr[head])
		head++;
	while (tail < shorter - head && a->ptr[a->len - 1 - tail] == b->ptr[b->len - 1 - tail])
		tail++;
	*a = (struct str){ a->ptr + head, a->len - head - tail };
	*b = (struct str){ b->ptr + head, b->len - head - tail };
}

/* Whether one error is between two words that are trimmed. */
static bool is_one_error(struct str a, struct str b)
{
	if (a.len == 2 && b.len == 2)
		return a.ptr[0] == b.ptr[1] && a.ptr[1] == b.ptr[0];
	return a.len <= 1 && b.len <= 1;
}

unsigned spelling_distance(struct str a, struct str b, unsigned limit)
{
	size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
	bool are_long = a.len > SPELLING_WORD_MAX || b.len > SPELLING_WORD_MAX;
	if (gap > limit)
		return limit + 1;
	trim(&a, &b);
	if (!a.len && !b.len)
		return 0;
	if (!limit || are_long)
		return limit + 1;
	if (is_one_error(a, b))
		return 1;
	if (limit == 1)
		return 2;
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
 * at most d deletions from each. Of a form only a hash is kept. Its first bits choose a bucket; beside the number of
 * the word stand as many others as have room:
 *
 *     starts[bucket] ... starts[bucket + 1]: where its entries are     entry: other bits of the hash | number of the word
 *
 * What a clash brings in falls out when the distance is measured. */
enum {
	DELETIONS_MAX = 2,
	FORMS_MAX = 1 + SPELLING_WORD_MAX + SPELLING_WORD_MAX * (SPELLING_WORD_MAX - 1) / 2,
	BUCKET_ENTRIES = 4, /* on average, at most */
};

struct spelling_index {
	const struct str *words;
	const uint32_t *frequencies;
	uint32_t *starts, *entries;
	unsigned bucket_bits;
	uint32_t word_mask; /* the bits of an entry that are the word */
};

/* The hashes of a word's forms: first the word itself, then those with one letter left out, then with two. */
struct forms {
	uint64_t hashes[FORMS_MAX];
	size_t ends[DELETIONS_MAX + 1];
};

/* A form's letters are the digits of a number to this base (modulo 2^64), so that those before a deleted letter, between
 * two and behind them are differences of sums that are known. Behind a deletion all places are divided by the base once. */
static const uint64_t BASE = 0xd6e8feb86659fd93u, INVERSE = 0xcfee444d8b59a89bu;

static uint64_t hash_end(uint64_t sum)
{
	sum = (sum ^ (sum >> 32)) * 0x9fb21c651e98df25u;
	sum = (sum ^ (sum >> 29)) * 0xbf58476d1ce4e5b9u;
	return sum ^ (sum >> 32);
}

static void forms_read(struct forms *forms, struct str word, unsigned deletions)
{
	uint64_t sums[SPELLING_WORD_MAX + 1] = { 0 }, power = 1;
	size_t count = 0, len = word.len;
	for (size_t i = 0; i < len; i++, power *= BASE)
		sums[i + 1] = sums[i] + ((unsigned char)word.ptr[i] + 1u) * power;
	forms->hashes[count++] = hash_end(sums[len]);
	forms->ends[0] = count;
	for (size_t i = 0; i < len && deletions >= 1; i++)
		forms->hashes[count++] = hash_end(sums[i] + (sums[len] - sums[i + 1]) * INVERSE);
	forms->ends[1] = count;
	for (size_t i = 0; i < len && deletions >= 2; i++)
		for (size_t j = i + 1; j < len; j++)
			forms->hashes[count++] = hash_end(sums[i] + (sums[j] - sums[i + 1]) * INVERSE +
							  (sums[len] - sums[j + 1]) * INVERSE * INVERSE);
	forms->ends[2] = count;
}

static unsigned errors_allowed(size_t length)
{
	return length >= SPELLING_TWICE_FROM ? 2 : 1;
}

/* A query of 8 bytes may have lost one: the word of 7 (or 9) must be found at its distance. The number of forms. */
static size_t read_word_forms(struct forms *forms, struct str word)
{
	if (word.len < SPELLING_WORD_MIN || word.len > SPELLING_WORD_MAX)
		return 0;
	forms_read(forms, word, errors_allowed(word.len + 2));
	return forms->ends[DELETIONS_MAX];
}

static size_t bucket_of(const struct spelling_index *index, uint64_t hash)
{
	return (size_t)(hash >> 32 >> (32 - index->bucket_bits));
}

static uint32_t entry_of(const struct spelling_index *index, uint64_t hash, uint32_t word)
{
	return ((uint32_t)hash & ~index->word_mask) | word;
}

/* Chooses how many bits tell buckets and words apart. */
static void choose_bits(struct spelling_index *index, size_t word_count)
{
	struct forms forms;
	size_t entry_count = 0;
	for (size_t w = 0; w < word_count; w++)
		entry_count += read_word_forms(&forms, index->words[w]);
	while (index->bucket_bits < 32 && ((size_t)BUCKET_ENTRIES << index->bucket_bits) < entry_count)
		index->bucket_bits++;
	while (index->word_mask + 1u < word_count)
		index->word_mask = index->word_mask << 1 | 1;
	index->starts = mem_zalloc(((size_t)1 << index->bucket_bits) + 2, sizeof *index->starts);
	index->entries = mem_alloc((entry_count + 1) * sizeof *index->entries);
}

struct spelling_index *spelling_index_new(const struct str *words, const uint32_t *frequencies, size_t count)
{
	struct spelling_index *index = mem_zalloc(1, sizeof *index);
	struct forms forms;
	index->words = words;
	index->frequencies = frequencies;
	choose_bits(index, count);
	size_t buckets = (size_t)1 << index->bucket_bits;
	uint32_t *next = index->starts + 1; /* shifted by one, so that filling leaves it as it should be */
	for (size_t w = 0; w < count; w++)
		for (size_t i = read_word_forms(&forms, words[w]); i-- > 0;)
			next[bucket_of(index, forms.hashes[i]) + 1]++;
	for (size_t b = 1; b <= buckets; b++)
		next[b] += next[b - 1];
	for (uint32_t w = 0; w < count; w++)
		for (size_t i = read_word_forms(&forms, words[w]); i-- > 0;)
			index->entries[next[bucket_of(index, forms.hashes[i])]++] = entry_of(index, forms.hashes[i], w);
	return index;
}

void spelling_index_free(struct spelling_index *index)
{
	if (!index)
		return;
	free(index->starts);
	free(index->entries);
	free(index);
}

size_t spelling_index_size_bytes(const struct spelling_index *index)
{
	size_t buckets = (size_t)1 << index->bucket_bits;
	return sizeof *index + (buckets + 2) * sizeof *index->starts + index->starts[buckets] * sizeof *index->entries;
}

/* How much likelier than others some errors are, as logarithms: fingers that come in the wrong order; a letter left out,
 * for a word can lose one in as many ways as it has letters, and get a wrong one in twenty-five times as many; one that is
 * doubled or not; and few people miss the first letter. */
static const double FOR_SWAPPED = 2.0, FOR_LEFT_OUT = 2.0, FOR_DOUBLED = 1.0, FOR_SAME_START = 1.0;

/* Whether the longer word is the shorter one with one letter written twice. */
static bool is_doubled(struct str longer, struct str shorter)
{
	size_t at = 0;
	while (at < shorter.len && longer.ptr[at] == shorter.ptr[at])
		at++;
	return at && longer.ptr[at] == longer.ptr[at - 1] &&
	       !memcmp(longer.ptr + at + 1, shorter.ptr + at, shorter.len - at);
}

/* Whether two letters beside each other change places, and nothing else. */
static bool is_swapped(struct str a, struct str b)
{
	size_t at = 0;
	while (at < a.len && a.ptr[at] == b.ptr[at])
		at++;
	return at + 1 < a.len && a.ptr[at] == b.ptr[at + 1] && a.ptr[at + 1] == b.ptr[at] &&
	       !memcmp(a.ptr + at + 2, b.ptr + at + 2, a.len - at - 2);
}

static double for_kind_of_error(struct str wrong, struct str right)
{
	double likely = wrong.ptr[0] == right.ptr[0] ? FOR_SAME_START : 0.0;
	if (wrong.len == right.len)
		return likely + (is_swapped(wrong, right) ? FOR_SWAPPED : 0.0);
	bool is_longer = wrong.len == right.len + 1, is_shorter = wrong.len + 1 == right.len;
	if (is_shorter)
		likely += FOR_LEFT_OUT;
	if ((is_longer && is_doubled(wrong, right)) || (is_shorter && is_doubled(right, wrong)))
		likely += FOR_DOUBLED;
	return likely;
}

struct form_search {
	const struct spelling_index *index;
	const struct spelling_judge *judge;
	struct str word;
	uint32_t best;
	unsigned distance; /* of the best; one more than allowed while there is none */
	double likely;     /* the best */
};

static double likelihood_of(const struct form_search *search, uint32_t word)
{
	const struct spelling_judge *judge = search->judge;
	return log1p(search->index->frequencies[word]) + for_kind_of_error(search->word, search->index->words[word]) +
	       (judge ? judge->fit(judge->context, word) : 0.0);
}

static bool is_possible(struct str wrong, struct str right)
{
	return wrong.len >= SPELLING_WHOLE_FROM || right.len > wrong.len ||
	       (right.len == wrong.len && is_swapped(wrong, right));
}

static void try_word(struct form_search *search, uint32_t word, unsigned distance)
{
	const struct str *words = search->index->words;
	if (distance > search->distance || word == search->best || !is_possible(search->word, words[word]))
		return;
	double likely = likelihood_of(search, word);
	bool is_first = search->best == SPELLING_NONE || distance < search->distance;
	if (!is_first && (likely < search->likely ||
			  (likely <= search->likely && str_compare(words[word], words[search->best]) > 0)))
		return;
	search->best = word;
	search->distance = distance;
	search->likely = likely;
}

static void try_form(struct form_search *search, uint64_t hash)
{
	const struct spelling_index *index = search->index;
	size_t bucket = bucket_of(index, hash);
	for (size_t i = index->starts[bucket]; i < index->starts[bucket + 1]; i++) {
		uint32_t word = index->entries[i] & index->word_mask;
		if (index->entries[i] != entry_of(index, hash, word) || word == search->best)
			continue;
		unsigned allowed = errors_allowed(search->word.len);
		unsigned distance = spelling_distance(search->word, index->words[word], allowed);
		if (distance <= allowed)
			try_word(search, word, distance);
	}
}

uint32_t spelling_index_find(const struct spelling_index *index, struct str word, const struct spelling_judge *judge)
{
	if (word.len < SPELLING_WORD_MIN || word.len > SPELLING_WORD_MAX)
		return SPELLING_NONE;
	struct forms forms;
	unsigned allowed = errors_allowed(word.len);
	struct form_search search = { index, judge, word, SPELLING_NONE, allowed + 1, 0.0 };
	forms_read(&forms, word, allowed);
	for (size_t i = 0; i < forms.ends[allowed]; i++) /* they are all over the memory */
		__builtin_prefetch(&index->starts[bucket_of(index, forms.hashes[i])]);
	size_t i = 0;
	/* A word at distance d has a form in common that lacks d letters of either at most. */
	for (unsigned deletions = 0; deletions <= allowed && search.distance >= deletions; deletions++)
		for (; i < forms.ends[deletions]; i++)
			try_form(&search, forms.hashes[i]);
	return search.best;
}
