/* SPDX-License-Identifier: Apache-2.0 */
#include "match/internal.h"

#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Letters stay where they are until the words are known. */
static void count_word(struct vocabulary *vocabulary, struct map *places, const struct term *term, size_t *capacity)
{
	uint32_t place = map_intern(places, term->word, (uint32_t)vocabulary->count);
	if (place < vocabulary->count) {
		vocabulary->frequencies[place]++;
		return;
	}
	if (vocabulary->count == *capacity) {
		*capacity = *capacity ? *capacity * 2 : 256;
		vocabulary->words = mem_resize(vocabulary->words, *capacity, sizeof *vocabulary->words);
		vocabulary->stems = mem_resize(vocabulary->stems, *capacity, sizeof *vocabulary->stems);
		vocabulary->frequencies =
			mem_resize(vocabulary->frequencies, *capacity, sizeof *vocabulary->frequencies);
	}
	vocabulary->words[place] = term->word;
	vocabulary->stems[place] = term->stem;
	vocabulary->frequencies[place] = 1;
	vocabulary->count++;
}

static void count_words(struct vocabulary *vocabulary, const struct terms *texts, size_t count)
{
	struct map places = { 0 };
	size_t capacity = 0;
	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < texts[t].count; i++)
			count_word(vocabulary, &places, &texts[t].items[i], &capacity);
	map_clear(&places);
	vocabulary->words = mem_resize(vocabulary->words, vocabulary->count + 1, sizeof *vocabulary->words);
	vocabulary->stems = mem_resize(vocabulary->stems, vocabulary->count + 1, sizeof *vocabulary->stems);
	vocabulary->frequencies =
		mem_resize(vocabulary->frequencies, vocabulary->count + 1, sizeof *vocabulary->frequencies);
}

static bool is_head_of(struct str head, struct str word)
{
	return head.len <= word.len && !memcmp(head.ptr, word.ptr, head.len);
}

/* Copies all letters into one piece; most stems are the head of their word. */
static void keep_letters(struct vocabulary *vocabulary)
{
	size_t total = 0;
	for (size_t w = 0; w < vocabulary->count; w++)
		total += vocabulary->words[w].len +
			 (is_head_of(vocabulary->stems[w], vocabulary->words[w]) ? 0 : vocabulary->stems[w].len);
	char *at = vocabulary->letters = mem_alloc(total + 1);
	for (size_t w = 0; w < vocabulary->count; w++) {
		struct str *word = &vocabulary->words[w], *stem = &vocabulary->stems[w];
		bool is_head = is_head_of(*stem, *word);
		word->ptr = memcpy(at, word->ptr, word->len);
		at += word->len;
		stem->ptr = is_head ? word->ptr : memcpy(at, stem->ptr, stem->len);
		at += is_head ? 0 : stem->len;
	}
	vocabulary->letter_count = total;
}

static void learn_facts(struct vocabulary *vocabulary, const struct features *features)
{
	struct arena arena = { 0 };
	vocabulary->facts = mem_alloc((vocabulary->count + 1) * sizeof *vocabulary->facts);
	for (size_t w = 0; w < vocabulary->count; w++) {
		struct term term = { .word = vocabulary->words[w], .stem = vocabulary->stems[w] };
		vocabulary->facts[w] = term_fact_read_in(&arena, features, &term);
		vocabulary->piece_count += vocabulary->facts[w].piece_count;
	}
	uint32_t *at = vocabulary->pieces = mem_alloc((vocabulary->piece_count + 1) * sizeof *vocabulary->pieces);
	for (size_t w = 0; w < vocabulary->count; w++) {
		struct term_fact *fact = &vocabulary->facts[w];
		fact->pieces = memcpy(at, fact->pieces, fact->piece_count * sizeof *at);
		at += fact->piece_count;
	}
	arena_clear(&arena);
}

static void fill_slots(struct vocabulary *vocabulary)
{
	vocabulary->slot_count = 16;
	while (vocabulary->slot_count < vocabulary->count * 2)
		vocabulary->slot_count *= 2;
	while (vocabulary->place_mask < vocabulary->count)
		vocabulary->place_mask = vocabulary->place_mask << 1 | 1;
	vocabulary->slots = mem_zalloc(vocabulary->slot_count, sizeof *vocabulary->slots);
	for (uint32_t w = 0; w < vocabulary->count; w++) {
		uint64_t hash = hash_bytes(vocabulary->words[w].ptr, vocabulary->words[w].len, 0);
		size_t i = hash >> 32 & (vocabulary->slot_count - 1);
		while (vocabulary->slots[i])
			i = (i + 1) & (vocabulary->slot_count - 1);
		vocabulary->slots[i] = ((uint32_t)hash & ~vocabulary->place_mask) | (w + 1);
	}
}

void vocabulary_init(struct vocabulary *vocabulary, const struct features *features, const struct terms *texts,
		     size_t count)
{
	*vocabulary = (struct vocabulary){ 0 };
	count_words(vocabulary, texts, count);
	keep_letters(vocabulary);
	learn_facts(vocabulary, features);
	fill_slots(vocabulary);
	vocabulary->spelling = spelling_index_new(vocabulary->words, vocabulary->frequencies, vocabulary->count);
}

void vocabulary_clear(struct vocabulary *vocabulary)
{
	spelling_index_free(vocabulary->spelling);
	free(vocabulary->words);
	free(vocabulary->stems);
	free(vocabulary->facts);
	free(vocabulary->frequencies);
	free(vocabulary->letters);
	free(vocabulary->pieces);
	free(vocabulary->slots);
	*vocabulary = (struct vocabulary){ 0 };
}

size_t vocabulary_size_bytes(const struct vocabulary *vocabulary)
{
	return spelling_index_size_bytes(vocabulary->spelling) +
	       vocabulary->count *
		       (sizeof *vocabulary->words * 2 + sizeof *vocabulary->facts + sizeof *vocabulary->frequencies) +
	       vocabulary->letter_count + vocabulary->piece_count * sizeof *vocabulary->pieces +
	       vocabulary->slot_count * sizeof *vocabulary->slots;
}

uint32_t vocabulary_place(const struct vocabulary *vocabulary, const struct term *term)
{
	uint64_t hash = term->hash;
	size_t mask = vocabulary->slot_count - 1;
	for (size_t i = hash >> 32 & mask; vocabulary->slots[i]; i = (i + 1) & mask) {
		uint32_t slot = vocabulary->slots[i], place = (slot & vocabulary->place_mask) - 1;
		if (!((slot ^ (uint32_t)hash) & ~vocabulary->place_mask) &&
		    str_equal(vocabulary->words[place], term->word))
			return place;
	}
	return WORD_NONE;
}

/* A word has another stem than in the examples when it was repaired and the examples have it in a synonym. */
void vocabulary_fact_in(struct arena *arena, const struct vocabulary *vocabulary, const struct features *features,
			const struct term *term, struct term_fact *out)
{
	uint32_t place = vocabulary_place(vocabulary, term);
	if (place != WORD_NONE && str_equal(vocabulary->stems[place], term->stem))
		*out = vocabulary->facts[place];
	else
		*out = term_fact_read_in(arena, features, term);
}

double facts_coverage(const struct term_fact *facts, size_t count)
{
	double known = 0, all = 0;
	for (size_t i = 0; i < count; i++) {
		all += (double)facts[i].information;
		if (facts[i].stem != FEATURE_NONE)
			known += (double)facts[i].information;
	}
	return all > 0 ? known / all : 0;
}
