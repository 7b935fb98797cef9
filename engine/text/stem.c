/* SPDX-License-Identifier: Apache-2.0 */
#include "text/stem.h"

#include "base/count.h"
#include "base/hash.h"
#include "base/mem.h"
#include "text/internal.h"

#include <libstemmer.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	CACHE_SLOTS = 2048, /* a power of two; about 130 kB, more words than a day's chats of one shop hold */
	CACHE_WORD_MAX = 31,
	WORD_ROOM = MARKS_STRIPPED_MAX,
};

struct cache_slot {
	uint8_t word_len, stem_len; /* word_len 0: free */
	char word[CACHE_WORD_MAX], stem[CACHE_WORD_MAX];
};

struct ending {
	const char *plain, *accented;
};

struct dialect;

struct stemmer {
	struct sb_stemmer *snowball; /* NULL: the language has none, words stay as they are */
	const struct dialect *dialect;
	struct cache_slot *cache;
	char out[WORD_ROOM];
};

/* People type without accents, and some spell out umlauts or double a consonant too often. Both spellings meet when
 * the same things are done to each word: marks are stripped, endings that Snowball knows only with their accent get
 * it back, then comes Snowball, then marks are stripped again. */
struct dialect {
	const char *language;
	const struct ending *endings; /* ends with a NULL */
	bool spells_umlauts;          /* ae, oe, ue are umlauts */
	bool squeezes;                /* a doubled consonant inside a stem is the same as a single one */
};

static const struct ending NO_ENDINGS[] = { { NULL, NULL } };
static const struct ending FR_ENDINGS[] = { { "ees", "ées" }, { "ee", "ée" }, { NULL, NULL } };
static const struct ending ES_ENDINGS[] = { { "cion", "ción" }, { "sion", "sión" }, { NULL, NULL } };
static const struct ending PT_ENDINGS[] = { { "coes", "ções" }, { "cao", "ção" }, { NULL, NULL } };
static const struct dialect DIALECTS[] = {
	{ "de", NO_ENDINGS, true, true },   { "fr", FR_ENDINGS, false, true },  { "es", ES_ENDINGS, false, false },
	{ "pt", PT_ENDINGS, false, false }, { "it", NO_ENDINGS, false, false },
};

static const struct dialect *dialect_of(const char *code)
{
	for (size_t i = 0; i < COUNT(DIALECTS); i++)
		if (!strcmp(DIALECTS[i].language, code))
			return &DIALECTS[i];
	return NULL;
}

struct stemmer *stemmer_new(const char *code)
{
	struct stemmer *stemmer = mem_zalloc(1, sizeof *stemmer);
	stemmer->snowball = sb_stemmer_new(language_snowball(code), NULL);
	stemmer->dialect = dialect_of(code);
	stemmer->cache = mem_zalloc(CACHE_SLOTS, sizeof *stemmer->cache);
	return stemmer;
}

void stemmer_free(struct stemmer *stemmer)
{
	if (!stemmer)
		return;
	sb_stemmer_delete(stemmer->snowball);
	free(stemmer->cache);
	free(stemmer);
}

static bool is_ascii(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if ((unsigned char)word.ptr[i] >= 0x80)
			return false;
	return true;
}

static bool is_vowel(char c)
{
	return c && strchr("aeiouy", c);
}

/* "groesse" as "grosse", which is what strip_marks leaves of the umlaut. After a vowel or q the e is one of its own:
 * "neue", "bauen", "bequem". */
static size_t join_umlauts(char *word, size_t len)
{
	size_t kept = 0;
	for (size_t i = 0; i < len; i++) {
		word[kept++] = word[i];
		bool is_base = word[i] == 'a' || word[i] == 'o' || word[i] == 'u';
		bool follows = i > 0 && (is_vowel(word[i - 1]) || word[i - 1] == 'q');
		if (is_base && !follows && i + 1 < len && word[i + 1] == 'e')
			i++;
	}
	return kept;
}

static size_t restore_ending(const struct ending *endings, char *word, size_t len)
{
	for (; endings->plain; endings++) {
		size_t plain_len = strlen(endings->plain), accented_len = strlen(endings->accented);
		if (len <= plain_len || !str_ends((struct str){ word, len }, endings->plain))
			continue;
		memcpy(word + len - plain_len, endings->accented, accented_len);
		return len - plain_len + accented_len;
	}
	return len;
}

/* "addresse" and "adresse"; not at the end of a stem, where "denn" and "den" differ. */
static size_t squeeze(char *stem, size_t len)
{
	size_t kept = 0;
	for (size_t i = 0; i < len; i++) {
		bool is_inside = kept > 0 && i + 1 < len;
		if (is_inside && stem[i] == stem[kept - 1] && stem[i] >= 'a' && stem[i] <= 'z' && !is_vowel(stem[i]))
			continue;
		stem[kept++] = stem[i];
	}
	return kept;
}

/* The stem of `word`, to stemmer->out. */
static struct str compute(struct stemmer *stemmer, struct str word)
{
	char prepared[WORD_ROOM];
	const struct dialect *dialect = stemmer->dialect;
	struct str input = word;
	if (dialect) {
		size_t len = strip_marks(word, prepared);
		if (dialect->spells_umlauts)
			len = join_umlauts(prepared, len);
		input = (struct str){ prepared, restore_ending(dialect->endings, prepared, len) };
	}
	struct str stem = input;
	if (stemmer->snowball) {
		const sb_symbol *found =
			sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)input.ptr, (int)input.len);
		if (found && sb_stemmer_length(stemmer->snowball) > 0)
			stem = (struct str){ (const char *)found, (size_t)sb_stemmer_length(stemmer->snowball) };
	}
	size_t len = strip_marks(stem, stemmer->out);
	if (dialect && dialect->squeezes)
		len = squeeze(stemmer->out, len);
	return (struct str){ stemmer->out, len };
}

struct str stemmer_stem(struct stemmer *stemmer, struct str word)
{
	return stemmer_stem_hashed(stemmer, word, hash_bytes(word.ptr, word.len, 0));
}

struct str stemmer_stem_hashed(struct stemmer *stemmer, struct str word, uint64_t hash)
{
	word = str_part(word, 0, WORD_BYTES_MAX);
	/* Digits, stars and such are left alone by every stemmer; one letter too. */
	if (word.len < 2 && is_ascii(word)) {
		memcpy(stemmer->out, word.ptr, word.len);
		return (struct str){ stemmer->out, word.len };
	}
	if (word.len > CACHE_WORD_MAX)
		return compute(stemmer, word);
	/* Two words share a pair of slots; a third drives out the one that came first. */
	struct cache_slot *slot = &stemmer->cache[hash & (CACHE_SLOTS - 2)];
	for (size_t i = 0; i < 2; i++)
		if (slot[i].word_len == word.len && !memcmp(slot[i].word, word.ptr, word.len))
			return (struct str){ slot[i].stem, slot[i].stem_len };
	struct str stem = compute(stemmer, word);
	if (stem.len > CACHE_WORD_MAX)
		return stem;
	slot[1] = slot[0];
	slot->word_len = (uint8_t)word.len;
	slot->stem_len = (uint8_t)stem.len;
	memcpy(slot->word, word.ptr, word.len);
	memcpy(slot->stem, stem.ptr, stem.len);
	return (struct str){ slot->stem, slot->stem_len };
}
