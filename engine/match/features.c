/* SPDX-License-Identifier: Apache-2.0 */
#include "match/features.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/vec.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	PIECE_MIN = 2,
	PIECE_MAX = 4,
	PIECES_MAX = (WORD_BYTES_MAX + 2) * (PIECE_MAX - PIECE_MIN + 1), /* of one word */
};

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

/* From the keys of its stems, so that no text is read twice. */
uint64_t feature_key_of_pair(uint64_t first, uint64_t second)
{
	return hash_end((first ^ hash_start(BLOCK_PAIRS)) * 0x9fb21c651e98df25u + second);
}

static bool starts_character(unsigned char byte)
{
	return (byte & 0xc0) != 0x80;
}

/* The keys of the pieces of " word ", counted in characters, not bytes. Gives their number. */
static size_t keys_of_pieces(struct str word, uint64_t keys[PIECES_MAX])
{
	char text[WORD_BYTES_MAX + 2];
	size_t len = word.len < WORD_BYTES_MAX ? word.len : WORD_BYTES_MAX, count = 0;
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
				keys[count++] = hash_end(hash);
		}
	}
	return count;
}

void feature_keys_read(struct feature_keys *keys, const struct terms *terms)
{
	size_t count = terms->count < FEATURE_TERMS_MAX ? terms->count : FEATURE_TERMS_MAX;
	keys->count = 0;
	for (size_t i = 0; i < count; i++)
		vec_push(keys, feature_key_of_stem(terms->items[i].stem));
	keys->ends[BLOCK_STEMS] = keys->count;
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count && j <= i + FEATURE_PAIR_REACH; j++) {
			uint64_t key = feature_key_of_pair(keys->items[i], keys->items[j]);
			vec_push(keys, key);
		}
	keys->ends[BLOCK_PAIRS] = keys->count;
	for (size_t i = 0; i < count; i++) {
		uint64_t pieces[PIECES_MAX];
		size_t piece_count = keys_of_pieces(terms->items[i].word, pieces);
		for (size_t p = 0; p < piece_count; p++)
			vec_push(keys, pieces[p]);
	}
	keys->ends[BLOCK_PIECES] = keys->count;
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

static struct feature_count *count_of(struct feature_counts *counts, uint64_t key, enum feature_block block)
{
	if (counts->count * 2 >= counts->slot_count)
		counts_grow(counts);
	size_t mask = counts->slot_count - 1, i = key & mask;
	for (; counts->slots[i]; i = (i + 1) & mask)
		if (counts->items[counts->slots[i] - 1].key == key)
			return &counts->items[counts->slots[i] - 1];
	vec_push(counts, (struct feature_count){ .key = key, .block = (uint8_t)block });
	counts->slots[i] = (uint32_t)counts->count;
	return &counts->items[counts->count - 1];
}

static void count_texts(struct feature_counts *counts, const struct feature_texts *texts)
{
	for (uint32_t t = 0; t < texts->count; t++) {
		const struct feature_keys *keys = &texts->keys[t];
		size_t i = 0;
		for (enum feature_block block = BLOCK_STEMS; block < BLOCK_COUNT; block++)
			for (; i < keys->ends[block]; i++) {
				struct feature_count *count = count_of(counts, keys->items[i], block);
				if (count->last_text != t + 1)
					count->texts++, count->last_text = t + 1;
			}
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
		const struct feature_keys *keys = &texts->keys[order[n]];
		uint32_t intent = texts->intents[order[n]] + 1;
		for (size_t i = 0; i < keys->count; i++) {
			uint32_t id = features_find(features, keys->items[i]);
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
		insert_slot(features, counts.items[n].key, n);
	}
	features->count = (uint32_t)kept;
	features->idf = mem_resize(features->idf, kept + 1, sizeof *features->idf);
	favour_concentrated(features, texts, counts.items);
	free(counts.items);
	free(counts.slots);
}

void features_clear(struct features *features)
{
	free(features->slots);
	free(features->idf);
	free(features->whitening);
	*features = (struct features){ 0 };
}

size_t features_size_bytes(const struct features *features)
{
	return features->slot_count * sizeof *features->slots + features->count * sizeof *features->idf +
	       (features->whitening ? sizeof *features->whitening : 0);
}

/* The rank of a word stands for its frequency (Zipf): ln(rank + 10). Without a table the length stands for the rank,
 * on the same scale: short words are mostly the frequent ones (Zipf's law of abbreviation), in all languages that
 * Snowball stems. */
static float information_of(const struct features *features, struct str word, uint32_t vector)
{
	if (str_is(word, "0"))
		return 0.0f;
	if (!features->has_vectors)
		return 2.0f + (float)(word.len < 8 ? word.len : 8);
	return logf((float)(vector == VECTORS_NONE ? vectors_count() : vectors_rank(vector)) + 10.0f);
}

struct term_fact term_fact_read_in(struct arena *arena, const struct features *features, const struct term *term)
{
	uint64_t keys[PIECES_MAX];
	size_t count = keys_of_pieces(term->word, keys), known = 0;
	uint32_t *pieces = arena_alloc(arena, (count + 1) * sizeof *pieces);
	for (size_t i = 0; i < count; i++) {
		pieces[known] = features_find(features, keys[i]);
		known += pieces[known] != FEATURE_NONE;
	}
	uint64_t stem_key = feature_key_of_stem(term->stem);
	uint32_t vector = features->has_vectors ? vectors_find(term->word) : VECTORS_NONE;
	return (struct term_fact){
		.stem_key = stem_key,
		.stem = features_find(features, stem_key),
		.vector = vector,
		.vector_unit = vector != VECTORS_NONE ? vectors_unit(vector) : 0.0f,
		.information = information_of(features, term->word, vector),
		.piece_count = (uint32_t)known,
		.pieces = pieces,
	};
}

size_t feature_room(const struct term_fact *facts, size_t count)
{
	size_t room = 1 + count * (1 + FEATURE_PAIR_REACH);
	for (size_t i = 0; i < count; i++)
		room += facts[i].piece_count;
	return room;
}

/* A row that is being read. */
struct row_reader {
	const float *idf; /* by feature */
	uint32_t *marks;  /* by feature: its place in the row plus 1, and how often it has come again times AGAIN */
	uint32_t *ids;
	float *raw; /* idf; what comes again gets its due at the end */
	size_t count;
};

enum { AGAIN = 1 << 16 };
static_assert(FEATURE_TERMS_MAX * (1 + FEATURE_PAIR_REACH + PIECES_MAX) + 1 < AGAIN, "a mark has room for both");

/* The place of the feature in the row. */
static inline uint32_t use_feature(struct row_reader *reader, uint32_t id)
{
	uint32_t mark = reader->marks[id];
	if (mark) {
		reader->marks[id] = mark + AGAIN;
		return mark % AGAIN - 1;
	}
	uint32_t place = (uint32_t)reader->count++;
	reader->marks[id] = place + 1;
	reader->ids[place] = id;
	reader->raw[place] = reader->idf[id];
	return place;
}

/* The keys of the pairs of known stems (with another the examples have none), and their terms. Where the table has them
 * is asked for ahead, since that is all over the memory. */
struct pair_keys {
	struct pair_key {
		uint64_t key;
		uint16_t first, second;
	} items[FEATURE_TERMS_MAX * FEATURE_PAIR_REACH];
	size_t count;
};

static void read_pairs(struct pair_keys *pairs, const struct features *features, const struct term_fact *facts,
		       size_t count)
{
	pairs->count = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = i + 1; j < count && j <= i + FEATURE_PAIR_REACH; j++) {
			if (facts[i].stem == FEATURE_NONE || facts[j].stem == FEATURE_NONE)
				continue;
			uint64_t key = feature_key_of_pair(facts[i].stem_key, facts[j].stem_key);
			__builtin_prefetch(&features->slots[key & (features->slot_count - 1)]);
			pairs->items[pairs->count++] = (struct pair_key){ key, (uint16_t)i, (uint16_t)j };
		}
	}
}

/* The stems and pairs; how many uses of them there are. `out` NULL: they are not wanted. */
static size_t read_wholes(struct row_reader *reader, const struct features *features, struct feature_row *row,
			  const struct term_fact *facts, size_t count, struct feature_use *out)
{
	struct pair_keys pairs;
	size_t uses = 0;
	read_pairs(&pairs, features, facts, count);
	for (size_t i = 0; i < count; i++) {
		if (facts[i].stem == FEATURE_NONE)
			continue;
		uint32_t place = use_feature(reader, facts[i].stem);
		if (out)
			out[uses++] = (struct feature_use){ place, (uint16_t)i, (uint16_t)i };
	}
	row->ends[BLOCK_STEMS] = reader->count;
	for (size_t i = 0; i < pairs.count; i++) {
		const struct pair_key *pair = &pairs.items[i];
		uint32_t id = features_find(features, pair->key);
		if (id == FEATURE_NONE)
			continue;
		uint32_t place = use_feature(reader, id);
		if (out)
			out[uses++] = (struct feature_use){ place, pair->first, pair->second };
	}
	row->ends[BLOCK_PAIRS] = reader->count;
	return uses;
}

/* The pieces, which most features are: on its own, so that all it needs stays in registers. Their places go to `out`;
 * with a step of 0 nobody wants them. */
__attribute__((noinline)) static void read_pieces(struct row_reader *whole, const struct term_fact *facts, size_t count,
						  uint32_t *out, size_t step)
{
	struct row_reader reader = *whole;
	for (size_t i = 0; i < count; i++)
		for (const uint32_t *id = facts[i].pieces, *end = id + facts[i].piece_count; id < end;
		     id++, out += step)
			*out = use_feature(&reader, *id);
	whole->count = reader.count;
}

/* What comes several times counts more; and the marks are zeros again. */
static void finish_row(const struct feature_row *row, uint32_t *marks)
{
	const uint32_t *ids = row->ids;
	for (size_t i = 0, count = row->count; i < count; i++) {
		uint32_t *mark = &marks[ids[i]];
		uint32_t times = *mark / AGAIN + 1;
		if (times > 1)
			row->raw[i] *= 1.0f + logf((float)times);
		*mark = 0;
	}
}

void feature_row_read(const struct features *features, struct feature_row *row, const struct term_fact *facts,
		      size_t count, struct feature_uses *out_uses, uint32_t *marks)
{
	struct row_reader reader = { .idf = features->idf, .marks = marks, .ids = row->ids, .raw = row->raw };
	uint32_t unwanted;
	size_t uses = read_wholes(&reader, features, row, facts, count, out_uses ? out_uses->wholes : NULL);
	read_pieces(&reader, facts, count, out_uses ? out_uses->pieces : &unwanted, out_uses ? 1 : 0);
	row->ends[BLOCK_PIECES] = row->count = reader.count;
	if (out_uses) {
		out_uses->whole_count = uses;
		memcpy(out_uses->idf, row->raw, row->count * sizeof *row->raw);
	}
	finish_row(row, marks);
}
