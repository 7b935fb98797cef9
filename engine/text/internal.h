/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the text module share: classes of characters, folding of one word, contractions, emoticons. */
#ifndef SHOPBELL_TEXT_INTERNAL_H
#define SHOPBELL_TEXT_INTERNAL_H

#include "base/str.h"
#include "text/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum char_class {
	CHAR_SPACE, /* also controls, malformed bytes, and code points without a character */
	CHAR_LETTER,
	CHAR_DIGIT,
	CHAR_MARK,       /* combining: belongs to the letter before it */
	CHAR_IGNORED,    /* soft hyphen, joiners: invisible inside a word */
	CHAR_APOSTROPHE, /* ' and all that people type for it */
	CHAR_PUNCT,      /* punctuation and symbols */
	CHAR_EMOJI,
};

extern const uint8_t ASCII_CLASSES[128];
enum char_class char_class_beyond_ascii(uint32_t code);
static inline enum char_class char_class_of(uint32_t code)
{
	return code < 0x80 ? (enum char_class)ASCII_CLASSES[code] : char_class_beyond_ascii(code);
}
bool char_is_upper(uint32_t code);
bool char_is_regional(uint32_t code); /* one half of a flag */

/* The letter or digit of `byte` folded, for ASCII. */
static inline char ascii_fold(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
}

/* The first bytes of a text as a number that sorts as the text does; `len` is at most WORD_KEY_BYTES, what is missing
 * counts as NULs. For tables that are searched for every word of every message. */
enum { WORD_KEY_BYTES = 8 };
static inline uint64_t word_key(const char *text, size_t len)
{
	uint64_t key = 0;
	memcpy(&key, text, len);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	key = __builtin_bswap64(key);
#endif
	return key;
}

/* Folds `run`, valid UTF-8 of one word: NFKC, case folded, every apostrophe as "'", a letter in a row more than
 * twice kept twice. At most WORD_BYTES_MAX bytes, cut between characters. Gives the length; `*out_stretched` is set
 * when letters were dropped. At most 256 bytes of the run are read. */
size_t fold_word(struct str run, bool is_ascii, char out[WORD_BYTES_MAX], bool *out_stretched);

/* Copies the folded `word` with its Latin and Greek letters in their plain form, "größe" as "grosse"; gives the
 * length. Other scripts keep their marks, which are part of the spelling there. */
enum { MARKS_STRIPPED_MAX = 4 * WORD_BYTES_MAX };
size_t strip_marks(struct str word, char out[MARKS_STRIPPED_MAX]);

/* A word in two: "don't" in "do" and "not". Both texts are slices of the folded word or static. */
struct contraction {
	struct str first, second;
	size_t head_characters; /* characters of the folded word before the cut; 0 when the tail says it */
	size_t tail_characters; /* characters of the folded word behind the cut */
	bool is_second_clitic;  /* which of the two is the split-off part: "not" in don't, "le" in l'adresse */
	bool is_one;            /* `second` is empty: "mother's" is "mother" */
};

struct contraction_rules;
/* The rules of a language, or NULL when it has none. */
const struct contraction_rules *contraction_rules_for(const char *language);
/* Splits `folded`. False when it is to stay whole (its apostrophes are then dropped by the caller). */
bool contraction_split(const struct contraction_rules *rules, struct str folded, bool has_apostrophe,
		       struct contraction *out);

/* libstemmer's name for a canonical code, "" for an unknown one. */
const char *language_snowball(const char *code);

/* The languages that are told apart by their words. */
enum guess { GUESS_EN, GUESS_DE, GUESS_FR, GUESS_ES, GUESS_IT, GUESS_NL, GUESS_PT, GUESS_COUNT };
/* In which of them the folded word is a telling one, as bits 1 << enum guess. */
unsigned language_word(struct str folded);

/* Bytes of the emoticon at `at`, 0 when there is none; `*out_text` is its plain form: ":-)))" is ":)". */
size_t emoticon_at(struct str text, size_t at, const char **out_text);

/* Bytes of the word at `at` whose letters are partly starred or replaced ("f***", "sh!t"), 0 when it is none.
 * Looks at no more than a word of 24 bytes. */
size_t masked_at(struct str text, size_t at);

#endif
