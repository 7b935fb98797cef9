/* SPDX-License-Identifier: Apache-2.0 */
#include "match/internal.h"

#include "base/mem.h"
#include "match/simd.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static void place_by_intent(struct example_store *store, const struct training_rows *rows)
{
	store->intent_starts = mem_zalloc(rows->intent_count + 2, sizeof *store->intent_starts);
	store->rows = mem_zalloc(store->count + 1, sizeof *store->rows);
	uint32_t *next = store->intent_starts + 1; /* shifted by one, so that filling leaves it as it should be */
	for (size_t r = 0; r < store->count; r++)
		if (rows->intents[r] + 1 < rows->intent_count)
			next[rows->intents[r] + 1]++;
	for (size_t k = 1; k < rows->intent_count; k++)
		next[k] += next[k - 1];
	for (uint32_t r = 0; r < store->count; r++)
		store->rows[next[rows->intents[r]]++] = r;
}

static size_t stem_total(const struct training_rows *rows)
{
	size_t total = 0;
	for (size_t r = 0; r < rows->points.count; r++)
		total += rows->stem_counts[r];
	return total;
}

/* The most frequent words of the language are near to everything. */
enum { RANK_MIN = 300, NEIGHBOURS_LOOKED_AT = 256 };
/* From which cosine on a word accounts for another one in part: for all of it with a cosine of 1. */
static const double COSINE_MIN = 0.2;
/* About the thousandth word of the language. A rarer one tells no more of what is wanted: many are names. */
static const double INFORMATION_MAX = 7.0;

static uint32_t telling_vector(const struct term_fact *fact)
{
	return fact->vector != VECTORS_NONE && vectors_rank(fact->vector) >= RANK_MIN ? fact->vector : VECTORS_NONE;
}

/* The vectors of the stems of `row`, in their order: of the first word with each. As rows of the table for now. */
static void add_stem_words(const struct training_rows *rows, uint32_t row, const uint32_t *stems, size_t count,
			   uint32_t *to)
{
	const struct term_fact *facts = rows->facts[row];
	for (size_t i = 0, t = 0; i < count; i++, t++) {
		while (facts[t].stem != stems[i])
			t++;
		to[i] = telling_vector(&facts[t]);
	}
}

/* Numbers the different words, and takes their vectors out of the table into the form that is quickest to compare. */
static void number_words(struct example_store *store, size_t stem_count)
{
	uint32_t *numbers = mem_zalloc(vectors_count(), sizeof *numbers); /* by row, plus 1 */
	for (size_t s = 0; s < stem_count; s++) {
		uint32_t row = store->stem_words[s];
		if (row != VECTORS_NONE && !numbers[row])
			numbers[row] = (uint32_t)++store->word_count;
	}
	store->word_vectors = mem_zalloc(store->word_count * VECTOR_DIMENSIONS + 1, sizeof *store->word_vectors);
	store->word_units = mem_zalloc(store->word_count + 1, sizeof *store->word_units);
	for (size_t s = 0; s < stem_count; s++) {
		uint32_t row = store->stem_words[s];
		if (row == VECTORS_NONE)
			continue;
		size_t word = store->stem_words[s] = numbers[row] - 1;
		if (store->word_units[word] <= 0)
			store->word_units[word] = vectors_read(row, store->word_vectors + word * VECTOR_DIMENSIONS);
	}
	free(numbers);
}

/* Appends the stems of `row` at `at`, scaled to length 1; where the next example begins. */
static uint32_t add_stems(struct example_store *store, const struct training_rows *rows, uint32_t row, uint32_t at)
{
	size_t from = rows->starts[row], count = rows->stem_counts[row];
	float square = 0.0f;
	for (size_t i = 0; i < count; i++)
		square += rows->raw[from + i] * rows->raw[from + i];
	for (size_t i = 0; i < count; i++) {
		store->stems[at + i] = rows->ids[from + i];
		store->stem_values[at + i] = rows->raw[from + i] / sqrtf(square);
	}
	if (store->stem_words)
		add_stem_words(rows, row, store->stems + at, count, store->stem_words + at);
	return at + (uint32_t)count;
}

static void add_vector(int8_t *to, const float *dense)
{
	float square = 0.0f;
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		square += dense[d] * dense[d];
	float scale = square > 0 ? 127.0f / sqrtf(square) : 0.0f;
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		to[d] = (int8_t)lrintf(dense[d] * scale);
}

/* The different stems of each intent, in the order in which they occur, each with its first word. */
static void gather_stems(struct example_store *store, size_t intent_count, size_t feature_count)
{
	uint32_t *last = mem_zalloc(feature_count + 1, sizeof *last); /* the latest intent that has it, plus 1 */
	size_t stems = store->stem_starts[store->count], count = 0;
	store->own_starts = mem_zalloc(intent_count + 1, sizeof *store->own_starts);
	store->own_stems = mem_alloc((stems + 1) * sizeof *store->own_stems);
	if (store->stem_words)
		store->own_words = mem_alloc((stems + 1) * sizeof *store->own_words);
	for (uint32_t k = 0; k < intent_count; k++) {
		for (uint32_t s = store->stem_starts[store->intent_starts[k]];
		     s < store->stem_starts[store->intent_starts[k + 1]]; s++) {
			if (last[store->stems[s]] == k + 1)
				continue;
			last[store->stems[s]] = k + 1;
			if (store->stem_words)
				store->own_words[count] = store->stem_words[s];
			store->own_stems[count++] = store->stems[s];
		}
		store->own_starts[k + 1] = (uint32_t)count;
	}
	store->own_count = count;
	store->own_stems = mem_resize(store->own_stems, count + 1, sizeof *store->own_stems);
	if (store->own_words)
		store->own_words = mem_resize(store->own_words, count + 1, sizeof *store->own_words);
	free(last);
}

void example_store_init(struct example_store *store, const struct features *features, const struct training_rows *rows,
			bool knows_neighbours)
{
	size_t stems = stem_total(rows);
	*store = (struct example_store){ .count = rows->points.count };
	place_by_intent(store, rows);
	store->stem_starts = mem_zalloc(store->count + 1, sizeof *store->stem_starts);
	store->stems = mem_zalloc(stems + 1, sizeof *store->stems);
	store->stem_values = mem_zalloc(stems + 1, sizeof *store->stem_values);
	if (features->has_vectors && knows_neighbours)
		store->stem_words = mem_zalloc(stems + 1, sizeof *store->stem_words);
	if (features->has_vectors)
		store->vectors = mem_zalloc(store->count * VECTOR_DIMENSIONS + 1, sizeof *store->vectors);
	for (size_t i = 0; i < store->count; i++) {
		uint32_t row = store->rows[i];
		store->stem_starts[i + 1] = add_stems(store, rows, row, store->stem_starts[i]);
		if (store->vectors)
			add_vector(store->vectors + i * VECTOR_DIMENSIONS,
				   rows->dense + (size_t)row * VECTOR_DIMENSIONS);
	}
	if (store->stem_words)
		number_words(store, stems);
	gather_stems(store, rows->intent_count, features->count);
}

void example_store_settle(struct example_store *store)
{
	free(store->stem_words);
	store->stem_words = NULL;
}

void example_store_clear(struct example_store *store)
{
	free(store->intent_starts);
	free(store->rows);
	free(store->stem_starts);
	free(store->stems);
	free(store->stem_values);
	free(store->stem_words);
	free(store->own_starts);
	free(store->own_stems);
	free(store->own_words);
	free(store->word_vectors);
	free(store->word_units);
	free(store->vectors);
	*store = (struct example_store){ 0 };
}

size_t example_store_size_bytes(const struct example_store *store)
{
	size_t stems = store->count ? store->stem_starts[store->count] : 0;
	return store->count * (sizeof *store->rows + sizeof *store->stem_starts) +
	       stems * (sizeof *store->stems + sizeof *store->stem_values) +
	       store->own_count * (sizeof *store->own_stems + (store->own_words ? sizeof *store->own_words : 0)) +
	       store->word_count * (VECTOR_DIMENSIONS * sizeof *store->word_vectors + sizeof *store->word_units) +
	       (store->vectors ? store->count * VECTOR_DIMENSIONS : 0);
}

enum { BLOCK = 4 * LANES, BLOCKS = VECTOR_DIMENSIONS / BLOCK, REST = BLOCKS * BLOCK };

/* Puts the numbers of each block of 32 in the order in which vector_cosine gets the example's: every fourth, from the
 * first, from the second, and so on. Halves are brought together, then pairs, then fours. */
static inline void order_block(float *to, const float *from, float factor)
{
	const lanes_float scale = LANES_OF(factor);
#define LOWER_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define UPPER_HALVES(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#define LOWER_PAIRS(a, b)  __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define UPPER_PAIRS(a, b)  __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define EVEN_FOURS(a, b)   __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define ODD_FOURS(a, b)    __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
	lanes_float a = LANES_IN(from) * scale, b = LANES_IN(from + LANES) * scale,
		    c = LANES_IN(from + 2 * LANES) * scale, d = LANES_IN(from + 3 * LANES) * scale;
	lanes_float first = LOWER_HALVES(a, c), second = UPPER_HALVES(a, c);
	lanes_float third = LOWER_HALVES(b, d), fourth = UPPER_HALVES(b, d);
	lanes_float low = LOWER_PAIRS(first, second), low_too = LOWER_PAIRS(third, fourth);
	lanes_float high = UPPER_PAIRS(first, second), high_too = UPPER_PAIRS(third, fourth);
	LANES_AT(to) = EVEN_FOURS(low, low_too);
	LANES_AT(to + LANES) = ODD_FOURS(low, low_too);
	LANES_AT(to + 2 * LANES) = EVEN_FOURS(high, high_too);
	LANES_AT(to + 3 * LANES) = ODD_FOURS(high, high_too);
}

static inline void order_by_bytes(float *to, const float *from, float scale)
{
	for (size_t i = 0; i < REST; i += BLOCK)
		order_block(to + i, from + i, scale);
	for (size_t i = REST; i < VECTOR_DIMENSIONS; i++)
		to[i] = from[i] * scale;
}

/* Rounding to whole 127ths moves each of 100 numbers by a half at most, and so makes a vector 5 longer at most. */
static const float VECTOR_COSINE_MOST = 1.05f;
static_assert(VECTOR_DIMENSIONS <= 100, "VECTOR_COSINE_MOST says so");

/* The sum of products. `vector` is ordered by bytes. */
static inline float bytes_dot(const int8_t *bytes, const float *vector)
{
	lanes_float sums = { 0 };
	for (size_t d = 0; d < REST; d += BLOCK) {
		lanes_int four = LANES_OF_WORDS(bytes + d);
		sums += LANES_BYTE(four, 0) * LANES_IN(vector + d);
		sums += LANES_BYTE(four, 1) * LANES_IN(vector + d + LANES);
		sums += LANES_BYTE(four, 2) * LANES_IN(vector + d + 2 * LANES);
		sums += LANES_BYTE(four, 3) * LANES_IN(vector + d + 3 * LANES);
	}
	float sum = lanes_total(&sums);
	for (size_t d = REST; d < VECTOR_DIMENSIONS; d++)
		sum += (float)bytes[d] * vector[d];
	return sum;
}

/* Both of length 1 (the example's in 127ths), or 0 when there is no vector. */
static inline float vector_cosine(const int8_t *example, const float *vector)
{
	return bytes_dot(example, vector) / 127.0f;
}

static inline float stem_cosine(const struct example_store *store, size_t example, const float *values_by_feature)
{
	const uint32_t *stems = store->stems;
	const float *values = store->stem_values;
	float sum = 0.0f;
	for (size_t i = store->stem_starts[example], end = store->stem_starts[example + 1]; i < end; i++)
		sum += values[i] * values_by_feature[stems[i]];
	return sum;
}

/* Spreads the question's stem values (of length 1 together) out by feature, or takes them away again. */
static void spread_stems(const struct feature_row *row, float *values_by_feature, bool is_away)
{
	float square = 0.0f;
	for (size_t i = 0; i < row->ends[BLOCK_STEMS]; i++)
		square += row->values[i] * row->values[i];
	float scale = is_away || square <= 0 ? 0.0f : 1.0f / sqrtf(square);
	for (size_t i = 0; i < row->ends[BLOCK_STEMS]; i++)
		values_by_feature[row->ids[i]] = row->values[i] * scale;
}

SIMD_CLONES
double example_store_nearest(const struct example_store *store, const struct question *question, uint32_t intent,
			     float *values_by_feature)
{
	float vector[VECTOR_DIMENSIONS];
	float square = lanes_dot(question->row.dense, question->row.dense, VECTOR_DIMENSIONS);
	float scale = square > 0 ? 1.0f / sqrtf(square) : 0.0f;
	order_by_bytes(vector, question->row.dense, scale);
	spread_stems(&question->row, values_by_feature, false);
	float nearest = 0.0f;
	for (size_t i = store->intent_starts[intent]; i < store->intent_starts[intent + 1]; i++) {
		if (question->is_held && question->is_held[store->rows[i]])
			continue;
		float cosine = stem_cosine(store, i, values_by_feature);
		if (store->vectors && 0.5f * (cosine + VECTOR_COSINE_MOST) <= nearest)
			continue;
		if (store->vectors)
			cosine = 0.5f * (cosine + vector_cosine(store->vectors + i * VECTOR_DIMENSIONS, vector));
		nearest = cosine > nearest ? cosine : nearest;
	}
	spread_stems(&question->row, values_by_feature, true);
	return nearest < 1.0f ? nearest : 1.0;
}

/* What stands by feature while the words of an intent are gone through. */
static const float ASKED = 1.0f, /* the question has it */
	FOUND = 2.0f,            /* and so has an example */
	SEEN = 3.0f;             /* only examples have it */

/* Different words of the intent's examples that the question has not. */
struct other_words {
	uint32_t items[NEIGHBOURS_LOOKED_AT];
	size_t count;
};

/* Marks what the question has and examples of `intent` have, too. */
static void find_words(const struct example_store *store, uint32_t intent, float *marks, struct other_words *out)
{
	out->count = 0;
	for (uint32_t s = store->own_starts[intent]; s < store->own_starts[intent + 1]; s++) {
		float *mark = &marks[store->own_stems[s]];
		if (*mark > 0)
			*mark = FOUND;
		else if (store->own_words && store->own_words[s] != VECTORS_NONE && out->count < NEIGHBOURS_LOOKED_AT)
			out->items[out->count++] = store->own_words[s];
	}
}

/* The same among the examples that are not held, stem by stem. */
static void find_words_not_held(const struct example_store *store, const struct question *question, uint32_t intent,
				float *marks, struct other_words *out)
{
	out->count = 0;
	for (size_t i = store->intent_starts[intent]; i < store->intent_starts[intent + 1]; i++) {
		if (question->is_held[store->rows[i]])
			continue;
		for (uint32_t s = store->stem_starts[i]; s < store->stem_starts[i + 1]; s++) {
			float *mark = &marks[store->stems[s]];
			bool is_new = *mark <= 0 && store->stem_words && store->stem_words[s] != VECTORS_NONE;
			if (is_new && out->count < NEIGHBOURS_LOOKED_AT)
				out->items[out->count++] = store->stem_words[s];
			*mark = *mark == ASKED || *mark == FOUND ? FOUND : SEEN;
		}
	}
}

static void clear_marks(const struct example_store *store, const struct question *question, uint32_t intent,
			float *marks)
{
	for (uint32_t s = store->own_starts[intent]; question->is_held && s < store->own_starts[intent + 1]; s++)
		marks[store->own_stems[s]] = 0.0f;
	for (size_t i = 0; i < question->known_count; i++)
		if (question->facts[i].stem != FEATURE_NONE)
			marks[question->facts[i].stem] = 0.0f;
}

/* The largest cosine of `vector` (of length 1) with one of the words, 0 when none is above. */
SIMD_CLONES
static float nearest_word(const struct example_store *store, const struct other_words *words,
			  const float vector[VECTOR_DIMENSIONS])
{
	float ordered[VECTOR_DIMENSIONS], nearest = 0.0f;
	order_by_bytes(ordered, vector, 1.0f);
	for (size_t i = 0; i < words->count; i++) {
		size_t word = words->items[i];
		float cosine =
			store->word_units[word] * bytes_dot(store->word_vectors + word * VECTOR_DIMENSIONS, ordered);
		nearest = cosine > nearest ? cosine : nearest;
	}
	return nearest;
}

/* How much of a word's meaning the nearest of the intent's words has, 0..1. */
static double neighbour_share(const struct example_store *store, const struct other_words *words,
			      const struct term_fact *fact)
{
	float vector[VECTOR_DIMENSIONS] = { 0 };
	uint32_t row = telling_vector(fact);
	if (row == VECTORS_NONE || !words->count)
		return 0.0;
	vectors_add_scaled(row, fact->vector_unit, vector);
	double nearest = (double)nearest_word(store, words, vector);
	return nearest > COSINE_MIN ? fmin((nearest - COSINE_MIN) / (1.0 - COSINE_MIN), 1.0) : 0.0;
}

double example_store_explained(const struct example_store *store, const struct question *question, uint32_t intent,
			       float *values_by_feature)
{
	struct other_words words;
	double all = 0, own = 0;
	for (size_t i = 0; i < question->known_count; i++)
		if (question->facts[i].stem != FEATURE_NONE)
			values_by_feature[question->facts[i].stem] = ASKED;
	if (question->is_held)
		find_words_not_held(store, question, intent, values_by_feature, &words);
	else
		find_words(store, intent, values_by_feature, &words);
	for (size_t i = 0; i < question->fact_count; i++) {
		const struct term_fact *fact = &question->facts[i];
		double information = fmin((double)fact->information, INFORMATION_MAX);
		bool is_found = fact->stem != FEATURE_NONE && values_by_feature[fact->stem] == FOUND;
		all += information;
		if (i < question->known_count)
			own += information * (is_found ? 1.0 : neighbour_share(store, &words, fact));
	}
	clear_marks(store, question, intent, values_by_feature);
	return all > 0 ? own / all : 0.0;
}

size_t example_store_count(const struct example_store *store, uint32_t feature, uint32_t intent)
{
	bool is_all = intent == MATCH_NONE;
	uint32_t first = is_all ? 0 : store->intent_starts[intent];
	uint32_t last = is_all ? (uint32_t)store->count : store->intent_starts[intent + 1];
	size_t count = 0;
	for (uint32_t i = store->stem_starts[first]; i < store->stem_starts[last]; i++)
		count += store->stems[i] == feature;
	return count;
}
