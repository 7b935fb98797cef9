/* SPDX-License-Identifier: Apache-2.0 */
#include "match/features.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/vec.h"
#include "match/simd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How the squared length of a whole row is shared out among its blocks; tuned on the open sets at 10 and 5
 * examples an intent (2026-11): doubling or halving any of them changes less than the noise of 0.3 points. */
static const float BLOCK_SHARES[BLOCK_COUNT] = { 1.0f, 0.5f, 1.0f };
static const float VECTOR_SHARE = 2.0f;
enum { PAIR_REACH = 3, PIECE_MIN = 2, PIECE_MAX = 4 };

struct feature_slot {
	uint32_t check; /* the other half of the key */
	uint32_t id;    /* FEATURE_NONE in a free slot */
};

/* FNV-1a over the bytes, so that the pieces that begin at one character share the work; finished per piece as
 * hash_bytes does. The block seeds the hash, so blocks have their own keys. */
static uint64_t hash_start(enum feature_block block)
{
	return 0xcbf29ce484222325u ^ ((uint64_t)block + 1) * 0x9e3779b97f4a7c15u;
}

static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * 0x100000001b3u;
}

static uint64_t hash_text(uint64_t hash, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		hash = hash_byte(hash, (unsigned char)text.ptr[i]);
	return hash;
}

static uint64_t hash_end(uint64_t hash)
{
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
	return hash ^ (hash >> 31);
}

uint64_t feature_key_of_stem(struct str stem)
{
	return hash_end(hash_text(hash_start(BLOCK_STEMS), stem));
}

static void add_hit(struct feature_hits *hits, uint64_t key, enum feature_block block, size_t term, size_t other)
{
	vec_push(hits, (struct feature_hit){ key, (uint16_t)term, (uint16_t)other, (uint8_t)block });
}

static bool starts_character(unsigned char byte)
{
	return (byte & 0xc0) != 0x80;
}

/* The pieces of " word ", counted in characters, not bytes. */
static void add_pieces(struct feature_hits *hits, struct str word, size_t term)
{
	char text[WORD_BYTES_MAX + 3];
	size_t len = word.len < WORD_BYTES_MAX ? word.len : WORD_BYTES_MAX;
	text[0] = ' ';
	memcpy(text + 1, word.ptr, len);
	text[len + 1] = ' ';
	for (size_t from = 0; from < len + 1; from++) {
		if (!starts_character((unsigned char)text[from]))
			continue;
		uint64_t hash = hash_start(BLOCK_PIECES);
		size_t at = from;
		for (int characters = 1; characters <= PIECE_MAX && at < len + 2; characters++) {
			do
				hash = hash_byte(hash, (unsigned char)text[at++]);
			while (at < len + 2 && !starts_character((unsigned char)text[at]));
			if (characters >= PIECE_MIN)
				add_hit(hits, hash_end(hash), BLOCK_PIECES, term, term);
		}
	}
}

static void add_pairs(struct feature_hits *hits, const struct terms *terms, size_t count, size_t first)
{
	uint64_t head = hash_byte(hash_text(hash_start(BLOCK_PAIRS), terms->items[first].stem), ' ');
	for (size_t second = first + 1; second < count && second <= first + PAIR_REACH; second++)
		add_hit(hits, hash_end(hash_text(head, terms->items[second].stem)), BLOCK_PAIRS, first, second);
}

void feature_hits_read(struct feature_hits *hits, const struct terms *terms)
{
	size_t count = terms->count < FEATURE_TERMS_MAX ? terms->count : FEATURE_TERMS_MAX;
	hits->count = 0;
	for (size_t i = 0; i < count; i++)
		add_hit(hits, feature_key_of_stem(terms->items[i].stem), BLOCK_STEMS, i, i);
	for (size_t i = 0; i < count; i++)
		add_pairs(hits, terms, count, i);
	for (size_t i = 0; i < count; i++)
		add_pieces(hits, terms->items[i].word, i);
}

uint32_t features_find(const struct features *features, uint64_t key)
{
	size_t mask = features->slot_count - 1;
	for (size_t i = key & mask;; i = (i + 1) & mask) {
		const struct feature_slot *slot = &features->slots[i];
		if (slot->id == FEATURE_NONE || slot->check == (uint32_t)(key >> 32))
			return slot->id;
	}
}

static void insert_slot(struct features *features, uint64_t key, uint32_t id)
{
	size_t mask = features->slot_count - 1, i = key & mask;
	while (features->slots[i].id != FEATURE_NONE)
		i = (i + 1) & mask;
	features->slots[i] = (struct feature_slot){ (uint32_t)(key >> 32), id };
}

/* What is counted about a feature while learning. */
struct feature_count {
	uint64_t key;
	uint32_t texts;     /* that have it */
	uint32_t last_text; /* the latest of them, plus 1 */
	uint8_t block;
};

struct feature_counts {
	struct feature_count *items; /* in order of first sight */
	size_t count, capacity;
	uint32_t *slots; /* place in items plus 1, 0 when free */
	size_t slot_count;
};

static void counts_grow(struct feature_counts *counts)
{
	counts->slot_count = counts->slot_count ? counts->slot_count * 2 : 4096;
	free(counts->slots);
	counts->slots = mem_zalloc(counts->slot_count, sizeof *counts->slots);
	for (size_t n = 0; n < counts->count; n++) {
		size_t i = counts->items[n].key & (counts->slot_count - 1);
		while (counts->slots[i])
			i = (i + 1) & (counts->slot_count - 1);
		counts->slots[i] = (uint32_t)n + 1;
	}
}

static struct feature_count *count_of(struct feature_counts *counts, const struct feature_hit *hit)
{
	if (counts->count * 2 >= counts->slot_count)
		counts_grow(counts);
	size_t mask = counts->slot_count - 1, i = hit->key & mask;
	for (; counts->slots[i]; i = (i + 1) & mask)
		if (counts->items[counts->slots[i] - 1].key == hit->key)
			return &counts->items[counts->slots[i] - 1];
	vec_push(counts, (struct feature_count){ .key = hit->key, .block = hit->block });
	counts->slots[i] = (uint32_t)counts->count;
	return &counts->items[counts->count - 1];
}

static void count_texts(struct feature_counts *counts, const struct feature_texts *texts)
{
	for (uint32_t t = 0; t < texts->count; t++)
		for (size_t i = 0; i < texts->hits[t].count; i++) {
			struct feature_count *count = count_of(counts, &texts->hits[t].items[i]);
			if (count->last_text != t + 1)
				count->texts++, count->last_text = t + 1;
		}
}

/* Smoothed inverse document frequency: ln((1 + N) / (1 + df)) + 1. */
static float idf_of(size_t text_count, uint32_t texts)
{
	return (float)(log((1.0 + (double)text_count) / (1.0 + texts)) + 1.0);
}

/* The texts, those of one intent after each other; the caller frees the list. */
static uint32_t *texts_by_intent(const struct feature_texts *texts)
{
	uint32_t *order = mem_zalloc(texts->count + 1, sizeof *order);
	size_t *next = mem_zalloc(texts->intent_count + 2, sizeof *next);
	for (size_t t = 0; t < texts->count; t++)
		next[texts->intents[t] + 1]++;
	for (size_t k = 1; k < texts->intent_count; k++)
		next[k] += next[k - 1];
	for (uint32_t t = 0; t < texts->count; t++)
		order[next[texts->intents[t]]++] = t;
	free(next);
	return order;
}

/* How many intents have each feature; the caller frees it. */
static uint32_t *count_intents(const struct features *features, const struct feature_texts *texts)
{
	uint32_t *counts = mem_zalloc(features->count + 1, sizeof *counts);
	uint32_t *last = mem_zalloc(features->count + 1, sizeof *last); /* the latest intent, plus 1 */
	uint32_t *order = texts_by_intent(texts);
	for (size_t n = 0; n < texts->count; n++) {
		const struct feature_hits *hits = &texts->hits[order[n]];
		uint32_t intent = texts->intents[order[n]] + 1;
		for (size_t i = 0; i < hits->count; i++) {
			uint32_t id = features_find(features, hits->items[i].key);
			if (id != FEATURE_NONE && last[id] != intent)
				counts[id]++, last[id] = intent;
		}
	}
	free(last);
	free(order);
	return counts;
}

/* Of two features that equally many texts have, the one that keeps to few intents says more: idf is multiplied by
 * ((1 + texts) / (1 + intents))^power. With few examples the classifier cannot find that out by itself: drawing ten and
 * five rows an intent from the open training sets (2026-11), 0.5 brings 1.4 points on BANKING77 and 0.4 on the two
 * others (0.3 to 0.8 are as good); with all their rows it costs 0.3, and so fades. */
static const double CONCENTRATION_POWER = 0.5;
enum { CONCENTRATION_FULL_UNTIL = 20 }; /* examples an intent, on average */

static void favour_concentrated(struct features *features, const struct feature_texts *texts,
				const struct feature_count *counts)
{
	double each = texts->intent_count ? (double)texts->count / (double)texts->intent_count : 0.0;
	double power = CONCENTRATION_POWER * fmin(1.0, CONCENTRATION_FULL_UNTIL / fmax(each, 1.0));
	uint32_t *intents = count_intents(features, texts);
	for (uint32_t n = 0; n < features->count; n++)
		if (intents[n] < counts[n].texts)
			features->idf[n] *= (float)pow((1.0 + counts[n].texts) / (1.0 + intents[n]), power);
	free(intents);
}

void features_learn(struct features *features, const struct feature_texts *texts, unsigned least_texts,
		    bool has_vectors)
{
	struct feature_counts counts = { 0 };
	count_texts(&counts, texts);
	*features = (struct features){ .has_vectors = has_vectors, .slot_count = 64 };
	features->idf = mem_zalloc(counts.count + 1, sizeof *features->idf);
	features->blocks = mem_zalloc(counts.count + 1, sizeof *features->blocks);
	size_t kept = 0;
	for (size_t n = 0; n < counts.count; n++)
		if (counts.items[n].block == BLOCK_STEMS || counts.items[n].texts >= least_texts)
			counts.items[kept++] = counts.items[n];
	while (features->slot_count < kept * 2)
		features->slot_count *= 2;
	features->slots = mem_alloc(features->slot_count * sizeof *features->slots);
	memset(features->slots, 0xff, features->slot_count * sizeof *features->slots);
	for (uint32_t n = 0; n < kept; n++) {
		features->idf[n] = idf_of(texts->count, counts.items[n].texts);
		features->blocks[n] = counts.items[n].block;
		insert_slot(features, counts.items[n].key, n);
	}
	features->count = (uint32_t)kept;
	features->idf = mem_resize(features->idf, kept + 1, sizeof *features->idf);
	features->blocks = mem_resize(features->blocks, kept + 1, sizeof *features->blocks);
	favour_concentrated(features, texts, counts.items);
	free(counts.items);
	free(counts.slots);
}

void features_clear(struct features *features)
{
	free(features->slots);
	free(features->idf);
	free(features->blocks);
	free(features->whitening);
	*features = (struct features){ 0 };
}

size_t features_size_bytes(const struct features *features)
{
	return features->slot_count * sizeof *features->slots +
	       features->count * (sizeof *features->idf + sizeof *features->blocks) +
	       (features->whitening ? sizeof *features->whitening : 0);
}

void feature_row_read(const struct features *features, struct feature_row *row, const struct feature_hits *hits,
		      uint32_t *out_slots, uint32_t *marks)
{
	row->count = 0;
	for (size_t i = 0; i < hits->count; i++) {
		uint32_t id = features_find(features, hits->items[i].key);
		if (id != FEATURE_NONE && !marks[id]) {
			row->ids[row->count] = id;
			row->raw[row->count++] = 0.0f;
			marks[id] = (uint32_t)row->count;
		}
		if (id != FEATURE_NONE)
			row->raw[marks[id] - 1] += 1.0f;
		if (out_slots)
			out_slots[i] = id == FEATURE_NONE ? FEATURE_NONE : marks[id] - 1;
	}
	for (size_t i = 0; i < row->count; i++) {
		float times = row->raw[i], idf = features->idf[row->ids[i]];
		row->raw[i] = times > 1.0f ? (1.0f + logf(times)) * idf : idf;
		marks[row->ids[i]] = 0;
	}
}

static float whole_share(const struct features *features)
{
	float whole = features->has_vectors ? VECTOR_SHARE : 0.0f;
	for (size_t b = 0; b < BLOCK_COUNT; b++)
		whole += BLOCK_SHARES[b];
	return whole;
}

void feature_row_weigh(const struct features *features, struct feature_row *row, const uint8_t *is_left_out)
{
	float squares[BLOCK_COUNT] = { 0 }, scales[BLOCK_COUNT];
	for (size_t i = 0; i < row->count; i++)
		if (!is_left_out || !is_left_out[row->ids[i]])
			squares[features->blocks[row->ids[i]]] += row->raw[i] * row->raw[i];
	for (size_t b = 0; b < BLOCK_COUNT; b++)
		scales[b] = squares[b] > 0 ? sqrtf(BLOCK_SHARES[b] / whole_share(features) / squares[b]) : 0.0f;
	for (size_t i = 0; i < row->count; i++) {
		bool is_out = is_left_out && is_left_out[row->ids[i]];
		row->values[i] = is_out ? 0.0f : row->raw[i] * scales[features->blocks[row->ids[i]]];
	}
}

/* The rank of a word stands for its frequency (Zipf): ln(rank + 10). Without a table the length stands for the rank,
 * on the same scale: short words are mostly the frequent ones (Zipf's law of abbreviation), in all languages that
 * Snowball stems. */
void term_facts_read(const struct features *features, const struct terms *terms, struct term_fact *out_facts)
{
	for (size_t i = 0; i < terms->count && i < FEATURE_TERMS_MAX; i++) {
		struct str word = terms->items[i].word;
		uint32_t row = features->has_vectors ? vectors_find(word) : VECTORS_NONE;
		size_t rank = row == VECTORS_NONE ? vectors_count() : vectors_rank(row);
		float length = (float)(word.len < 8 ? word.len : 8);
		float information = features->has_vectors ? logf((float)rank + 10.0f) : 2.0f + length;
		out_facts[i] = (struct term_fact){ row, str_is(word, "0") ? 0.0f : information };
	}
}

/* Whitens `dense` and gives it the length of its share; by what it was multiplied at the end. */
static float scale_dense(const struct features *features, float *dense)
{
	if (features->whitening)
		whitening_apply(features->whitening, dense);
	float square = lanes_dot(dense, dense, VECTOR_DIMENSIONS);
	float scale = square > 0 ? sqrtf(VECTOR_SHARE / whole_share(features) / square) : 0.0f;
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		dense[d] *= scale;
	return scale;
}

static bool is_repeated(const struct term_fact *facts, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (facts[j].vector == facts[i].vector)
			return true;
	return false;
}

void feature_row_add_vectors(const struct features *features, struct feature_row *row, const struct terms *terms,
			     const struct term_fact *facts)
{
	memset(row->dense, 0, sizeof row->dense);
	row->dense_scale = 0.0f;
	if (!features->has_vectors)
		return;
	size_t count = terms->count < FEATURE_TERMS_MAX ? terms->count : FEATURE_TERMS_MAX;
	for (size_t i = 0; i < count; i++) {
		if (facts[i].vector != VECTORS_NONE && !is_repeated(facts, i))
			vectors_add(facts[i].vector, facts[i].information, row->dense);
	}
	row->dense_scale = scale_dense(features, row->dense);
}

void feature_rows_whiten(struct features *features, float *dense, const uint32_t *intents, size_t count,
			 size_t intent_count)
{
	if (!features->has_vectors)
		return;
	features->whitening = whitening_new(dense, intents, count, intent_count);
	for (size_t i = 0; i < count; i++)
		scale_dense(features, dense + i * VECTOR_DIMENSIONS);
}
