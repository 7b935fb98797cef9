/* SPDX-License-Identifier: Apache-2.0 */
#include "text/terms.h"

#include "base/hash.h"

#include <stdbool.h>
#include <string.h>

enum {
	PHRASE_TERMS_MAX = 12, /* a longer name or synonym is never found; it would be a sentence */
	KEY_BYTES_MAX = PHRASE_TERMS_MAX * (WORD_BYTES_MAX * 2 + 1),
	HEAD_BITS = 1024,
};
#define NO_PHRASE UINT32_MAX
#define BEGINNING (UINT32_MAX - 1) /* only the start of longer phrases */

/* From phrases to numbers. A phrase is its words with spaces between, and the table knows each of its beginnings
 * too, so that reading stops early. Not a `struct map`, because it lives in an arena and nobody frees it. */
struct phrase_table {
	struct phrase {
		struct str key; /* key.ptr is NULL in a free slot */
		uint32_t number;
	} * slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
	uint64_t heads[HEAD_BITS / 64]; /* a bit for each first word: most words begin no phrase */
};

/* Names compare folded words, since a name is not inflected; synonyms compare stems. */
struct thesaurus {
	struct phrase_table names, synonyms;
	const struct str *stands_for; /* by number of synonym: the stem of the group */
};

static struct phrase *find_slot(const struct phrase_table *table, struct str key)
{
	size_t mask = table->capacity - 1;
	size_t i = hash_bytes(key.ptr, key.len, 0) & mask;
	while (table->slots[i].key.ptr && !str_equal(table->slots[i].key, key))
		i = (i + 1) & mask;
	return &table->slots[i];
}

static uint32_t table_get(const struct phrase_table *table, struct str key)
{
	if (!table->count)
		return NO_PHRASE;
	const struct phrase *slot = find_slot(table, key);
	return slot->key.ptr ? slot->number : NO_PHRASE;
}

static void table_grow(struct phrase_table *table, struct arena *arena)
{
	struct phrase_table larger = *table;
	larger.capacity = table->capacity ? table->capacity * 2 : 16;
	larger.slots = arena_zalloc(arena, larger.capacity, sizeof *larger.slots);
	for (size_t i = 0; i < table->capacity; i++)
		if (table->slots[i].key.ptr)
			*find_slot(&larger, table->slots[i].key) = table->slots[i];
	*table = larger;
}

/* The first phrase to come keeps the key; a beginning gives way to a phrase. */
static void table_add(struct phrase_table *table, struct arena *arena, struct str key, uint32_t number)
{
	if ((table->count + 1) * 3 > table->capacity * 2)
		table_grow(table, arena);
	struct phrase *slot = find_slot(table, key);
	if (!slot->key.ptr) {
		*slot = (struct phrase){ { arena_strdup(arena, key), key.len }, number };
		table->count++;
	} else if (slot->number == BEGINNING) {
		slot->number = number;
	}
}

void term_replace(struct term *term, struct str word, struct str stem)
{
	term->word = word;
	term->stem = stem;
	term->hash = hash_bytes(word.ptr, word.len, 0);
}

static struct str part_of(const struct term *term, bool by_stem)
{
	return by_stem ? term->stem : term->word;
}

/* Appends a word to the phrase of `len` bytes in `key`; the new length. False when it would be too long. */
static bool key_add(char key[KEY_BYTES_MAX], size_t *len, struct str part)
{
	if (*len + part.len + 1 > KEY_BYTES_MAX)
		return false;
	if (*len)
		key[(*len)++] = ' ';
	memcpy(key + *len, part.ptr, part.len);
	*len += part.len;
	return true;
}

/* By its length and first two letters; several words may share one. */
static unsigned head_bit(struct str word)
{
	unsigned first = word.len ? (unsigned char)word.ptr[0] : 0,
		 second = word.len > 1 ? (unsigned char)word.ptr[1] : 0;
	return (first * 41 + second * 7 + (unsigned)word.len * 157) % HEAD_BITS;
}

static bool may_begin(const struct phrase_table *table, struct str word)
{
	unsigned bit = head_bit(word);
	return table->heads[bit / 64] >> bit % 64 & 1;
}

static void add_phrase(struct phrase_table *table, struct arena *arena, const struct terms *terms, bool by_stem,
		       uint32_t number)
{
	char key[KEY_BYTES_MAX];
	size_t len = 0;
	if (!terms->count || terms->count > PHRASE_TERMS_MAX)
		return;
	unsigned head = head_bit(part_of(&terms->items[0], by_stem));
	table->heads[head / 64] |= UINT64_C(1) << head % 64;
	for (size_t i = 0; i < terms->count; i++) {
		if (!key_add(key, &len, part_of(&terms->items[i], by_stem)))
			return;
		table_add(table, arena, (struct str){ key, len }, i + 1 < terms->count ? BEGINNING : number);
	}
}

/* How many terms from `at` on, whose word may begin a phrase, are the longest one of the table; 0 when none is. */
__attribute__((noinline)) static size_t longest_phrase(const struct phrase_table *table, const struct terms *terms,
						       size_t at, bool by_stem, uint32_t *out_number)
{
	char key[KEY_BYTES_MAX];
	size_t len = 0, longest = 0;
	for (size_t i = at; i < terms->count && i - at < PHRASE_TERMS_MAX; i++) {
		if (!key_add(key, &len, part_of(&terms->items[i], by_stem)))
			break;
		uint32_t number = table_get(table, (struct str){ key, len });
		if (number == NO_PHRASE)
			break;
		if (number != BEGINNING) {
			longest = i - at + 1;
			*out_number = number;
		}
	}
	return longest;
}

/* The words of `count` terms as one text. */
static struct str joined_in(struct arena *arena, const struct term *items, size_t count, bool by_stem)
{
	if (count == 1)
		return part_of(items, by_stem);
	size_t len = 0;
	for (size_t i = 0; i < count; i++)
		len += part_of(&items[i], by_stem).len + 1;
	char *text = arena_alloc(arena, len);
	len = 0;
	for (size_t i = 0; i < count; i++) {
		struct str part = part_of(&items[i], by_stem);
		if (i)
			text[len++] = ' ';
		memcpy(text + len, part.ptr, part.len);
		len += part.len;
	}
	return (struct str){ text, len };
}

/* Replaces each phrase of the table by one term, in place. */
static void merge(struct arena *arena, const struct thesaurus *thesaurus, bool are_synonyms, struct terms *terms)
{
	const struct phrase_table *table = are_synonyms ? &thesaurus->synonyms : &thesaurus->names;
	size_t kept = 0;
	if (!table->count)
		return;
	for (size_t at = 0; at < terms->count;) {
		uint32_t number = 0;
		bool may = may_begin(table, part_of(&terms->items[at], are_synonyms));
		size_t count = may ? longest_phrase(table, terms, at, are_synonyms, &number) : 0;
		struct term *term = &terms->items[kept++];
		if (term != &terms->items[at])
			*term = terms->items[at];
		if (count) {
			uint32_t to = terms->items[at + count - 1].to;
			struct str word = joined_in(arena, &terms->items[at], count, false);
			term_replace(term, word, are_synonyms ? thesaurus->stands_for[number] : word);
			term->to = to;
		}
		at += count ? count : 1;
	}
	terms->count = kept;
}

/* Of an utterance that has nothing else: an owner may say what a thumb held up stands for. Beside words they say how
 * something is meant, not what. */
static void add_emoji(struct terms *terms, const struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];
		if (token->kind == TOKEN_EMOJI)
			terms->items[terms->count++] =
				(struct term){ token->text, token->text, token->hash, token->from, token->to };
	}
}

static struct terms plain_terms_in(struct arena *arena, struct stemmer *stemmer, const struct tokens *tokens)
{
	struct terms terms = { .items = arena_alloc(arena, (tokens->count ? tokens->count : 1) * sizeof *terms.items) };
	/* Stems are never much longer than their words; the few that are get a piece of their own. */
	size_t room = 0;
	for (size_t i = 0; i < tokens->count; i++)
		room += tokens->items[i].text.len + 8;
	char *stems = arena_alloc(arena, room ? room : 1);
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];
		struct term *term = &terms.items[terms.count];
		if (token->kind != TOKEN_WORD && token->kind != TOKEN_NUMBER)
			continue;
		*term = (struct term){ .word = token->text, .hash = token->hash, .from = token->from, .to = token->to };
		terms.count++;
		if (token->kind == TOKEN_NUMBER) {
			term_replace(term, STR_LIT("0"), STR_LIT("0"));
			continue;
		}
		struct str stem = stemmer_stem_hashed(stemmer, token->text, token->hash);
		if (stem.len > token->text.len + 8)
			term->stem = (struct str){ arena_strdup(arena, stem), stem.len };
		else
			term->stem = (struct str){ memcpy(stems, stem.ptr, stem.len), stem.len };
		stems += stem.len > token->text.len + 8 ? 0 : stem.len;
	}
	if (!terms.count)
		add_emoji(&terms, tokens);
	return terms;
}

static void add_group(struct thesaurus *thesaurus, struct arena *arena, struct stemmer *stemmer, const char *language,
		      const struct thesaurus_group *group, uint32_t number, struct str *stands_for)
{
	for (size_t i = 0; i < group->count; i++) {
		struct tokens tokens = tokens_read_in(arena, group->phrases[i], language);
		struct terms terms = plain_terms_in(arena, stemmer, &tokens);
		merge(arena, thesaurus, false, &terms);
		if (i == 0)
			*stands_for = joined_in(arena, terms.items, terms.count, true);
		if (stands_for->len)
			add_phrase(&thesaurus->synonyms, arena, &terms, true, number);
	}
}

struct thesaurus *thesaurus_new_in(struct arena *arena, const char *language, const struct str *names,
				   size_t name_count, const struct thesaurus_group *groups, size_t group_count)
{
	struct thesaurus *thesaurus = arena_zalloc(arena, 1, sizeof *thesaurus);
	struct str *stands_for = arena_zalloc(arena, group_count ? group_count : 1, sizeof *stands_for);
	struct stemmer *stemmer = stemmer_new(language);
	thesaurus->stands_for = stands_for;
	for (size_t i = 0; i < name_count; i++) {
		struct tokens tokens = tokens_read_in(arena, names[i], language);
		struct terms terms = plain_terms_in(arena, stemmer, &tokens);
		add_phrase(&thesaurus->names, arena, &terms, false, (uint32_t)i);
	}
	for (size_t i = 0; i < group_count; i++)
		add_group(thesaurus, arena, stemmer, language, &groups[i], (uint32_t)i, &stands_for[i]);
	stemmer_free(stemmer);
	return thesaurus;
}

struct terms terms_of_tokens_in(struct arena *arena, struct stemmer *stemmer, const struct thesaurus *thesaurus,
				const struct tokens *tokens)
{
	struct terms terms = plain_terms_in(arena, stemmer, tokens);
	if (thesaurus) {
		merge(arena, thesaurus, false, &terms);
		merge(arena, thesaurus, true, &terms);
	}
	return terms;
}

struct terms terms_read_in(struct arena *arena, struct stemmer *stemmer, const struct thesaurus *thesaurus,
			   struct str utterance, const char *language)
{
	struct tokens tokens = tokens_read_in(arena, utterance, language);
	return terms_of_tokens_in(arena, stemmer, thesaurus, &tokens);
}
