/* SPDX-License-Identifier: Apache-2.0 */
#include "sentiment/vocabulary.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing with linear probing. base/map.h would do, but its memory is the heap's, and a lexicon goes with
 * its arena, which calls nobody. */
struct vocabulary_slot {
	uint32_t hash;
	uint32_t word; /* VOCABULARY_NONE in a free slot */
};

enum { SLOTS_AT_START = 1024 };

static struct vocabulary_slot *slots_new_in(struct arena *arena, size_t count)
{
	struct vocabulary_slot *slots = arena_alloc(arena, count * sizeof *slots);
	memset(slots, 0xff, count * sizeof *slots);
	return slots;
}

static uint32_t text_hash(struct str text)
{
	return (uint32_t)hash_bytes(text.ptr, text.len, 0);
}

static struct vocabulary_slot *find_slot(const struct vocabulary *vocabulary, struct str text, uint32_t hash)
{
	size_t mask = vocabulary->slot_count - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct vocabulary_slot *slot = &vocabulary->slots[i];
		if (slot->word == VOCABULARY_NONE ||
		    (slot->hash == hash && str_equal(vocabulary->words[slot->word].text, text)))
			return slot;
	}
}

static void grow_slots(struct vocabulary *vocabulary)
{
	struct vocabulary_slot *old = vocabulary->slots;
	size_t old_count = vocabulary->slot_count;
	vocabulary->slot_count = old_count * 2;
	vocabulary->slots = slots_new_in(vocabulary->arena, vocabulary->slot_count);
	for (size_t i = 0; i < old_count; i++)
		if (old[i].word != VOCABULARY_NONE)
			*find_slot(vocabulary, vocabulary->words[old[i].word].text, old[i].hash) = old[i];
}

static void grow_words(struct vocabulary *vocabulary)
{
	struct vocabulary_word *old = vocabulary->words;
	vocabulary->capacity = vocabulary->capacity * 2;
	vocabulary->words = arena_alloc(vocabulary->arena, vocabulary->capacity * sizeof *vocabulary->words);
	memcpy(vocabulary->words, old, vocabulary->count * sizeof *old);
}

void vocabulary_begin(struct vocabulary *vocabulary, struct arena *arena)
{
	/* Not words: no token holds a space. */
	static const char *const letters[LETTER_COUNT] = { " .", " ?", " ??", " ?!", " !", " !!", " 0", " #", " " };
	*vocabulary = (struct vocabulary){ .arena = arena, .capacity = SLOTS_AT_START, .slot_count = SLOTS_AT_START };
	vocabulary->words = arena_alloc(arena, vocabulary->capacity * sizeof *vocabulary->words);
	vocabulary->slots = slots_new_in(arena, vocabulary->slot_count);
	for (size_t i = 0; i < LETTER_COUNT; i++)
		vocabulary_add(vocabulary, str_of(letters[i]));
}

uint32_t vocabulary_add(struct vocabulary *vocabulary, struct str text)
{
	uint32_t hash = text_hash(text);
	struct vocabulary_slot *slot = find_slot(vocabulary, text, hash);
	if (slot->word != VOCABULARY_NONE)
		return slot->word;
	/* At most half full: a miss, which is what most words of an utterance are, then ends after one or two probes. */
	if ((vocabulary->count + 1) * 2 > vocabulary->slot_count) {
		grow_slots(vocabulary);
		slot = find_slot(vocabulary, text, hash);
	}
	if (vocabulary->count == vocabulary->capacity)
		grow_words(vocabulary);
	uint32_t number = (uint32_t)vocabulary->count++;
	*slot = (struct vocabulary_slot){ hash, number };
	vocabulary->words[number] = (struct vocabulary_word){
		.text = { arena_strdup(vocabulary->arena, text), text.len },
		.prefix = VOCABULARY_NONE,
	};
	return number;
}

uint32_t vocabulary_add_prefix(struct vocabulary *vocabulary, struct str stem)
{
	/* The star keeps it apart from the word that is spelt like it. */
	struct str starred = str_of(arena_printf(vocabulary->arena, "%.*s*", STR_ARG(stem)));
	uint32_t number = vocabulary_add(vocabulary, starred);
	vocabulary->words[number].marks |= WORD_PREFIX;
	return number;
}

uint32_t vocabulary_find(const struct vocabulary *vocabulary, struct str text)
{
	return find_slot(vocabulary, text, text_hash(text))->word;
}

uint32_t vocabulary_find_hashed(const struct vocabulary *vocabulary, struct str text, uint64_t hash)
{
	return find_slot(vocabulary, text, (uint32_t)hash)->word;
}

/* The text of a beginning without its star. */
static struct str stem_of(const struct vocabulary *vocabulary, uint32_t prefix)
{
	struct str text = vocabulary->words[prefix].text;
	return (struct str){ text.ptr, text.len - 1 };
}

static bool starts_with(struct str text, struct str start)
{
	return text.len >= start.len && memcmp(text.ptr, start.ptr, start.len) == 0;
}

/* Among the beginnings in order, the last that is not behind `text`: if any is a start of `text`, then the longest
 * such one is that one or one that it starts with itself, which the `prefix` links lead to. */
uint32_t vocabulary_find_prefix(const struct vocabulary *vocabulary, struct str text)
{
	size_t low = 0, high = vocabulary->prefix_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (str_compare(stem_of(vocabulary, vocabulary->prefixes[middle]), text) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	uint32_t prefix = low ? vocabulary->prefixes[low - 1] : VOCABULARY_NONE;
	while (prefix != VOCABULARY_NONE && !starts_with(text, stem_of(vocabulary, prefix)))
		prefix = vocabulary->words[prefix].prefix;
	return prefix;
}

size_t vocabulary_members_in(struct arena *arena, const struct vocabulary *vocabulary, uint32_t prefix,
			     uint32_t **out_members)
{
	struct str stem = stem_of(vocabulary, prefix);
	size_t count = 0;
	for (size_t i = 0; i < vocabulary->count; i++)
		count += starts_with(vocabulary->words[i].text, stem);
	uint32_t *members = arena_alloc(arena, count * sizeof *members);
	count = 0;
	for (size_t i = 0; i < vocabulary->count; i++)
		if (starts_with(vocabulary->words[i].text, stem))
			members[count++] = (uint32_t)i;
	*out_members = members;
	return count;
}

struct named_prefix {
	struct str stem;
	uint32_t word;
};

static int compare_prefixes(const void *a, const void *b)
{
	return str_compare(((const struct named_prefix *)a)->stem, ((const struct named_prefix *)b)->stem);
}

static void sort_prefixes(struct vocabulary *vocabulary)
{
	struct named_prefix *named = arena_alloc(vocabulary->arena, (vocabulary->count + 1) * sizeof *named);
	size_t count = 0;
	for (size_t i = 0; i < vocabulary->count; i++)
		if (vocabulary->words[i].marks & WORD_PREFIX)
			named[count++] = (struct named_prefix){ stem_of(vocabulary, (uint32_t)i), (uint32_t)i };
	qsort(named, count, sizeof *named, compare_prefixes);
	vocabulary->prefixes = arena_alloc(vocabulary->arena, (count + 1) * sizeof *vocabulary->prefixes);
	for (size_t i = 0; i < count; i++) {
		/* The list is in order up to i, so that a shorter one is found like that of any other text. */
		vocabulary->prefix_count = i;
		vocabulary->words[named[i].word].prefix = vocabulary_find_prefix(vocabulary, named[i].stem);
		vocabulary->prefixes[i] = named[i].word;
	}
	vocabulary->prefix_count = count;
}

void vocabulary_finish(struct vocabulary *vocabulary)
{
	sort_prefixes(vocabulary);
	for (size_t i = LETTER_COUNT; i < vocabulary->count; i++) {
		struct vocabulary_word *word = &vocabulary->words[i];
		if (word->marks & WORD_PREFIX)
			continue;
		uint32_t prefix = vocabulary_find_prefix(vocabulary, word->text);
		if (prefix == VOCABULARY_NONE)
			continue;
		const struct vocabulary_word *from = &vocabulary->words[prefix];
		word->marks |= from->marks & (uint16_t)~WORD_PREFIX;
		if (word->valence == 0)
			word->valence = from->valence;
		if (word->boost == 0)
			word->boost = from->boost;
	}
}
