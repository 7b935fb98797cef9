/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts an utterance into folded words with their places in the original. What a word means (stem, synonym, name)
 * is not decided here. */
#ifndef SHOPBELL_TEXT_TOKEN_H
#define SHOPBELL_TEXT_TOKEN_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

enum token_kind {
	TOKEN_WORD,   /* letters, perhaps with digits: "parcel", "m&s" gives two, "size10" one */
	TOKEN_NUMBER, /* digits only, with . , : or / between digits: "12", "9:30" */
	TOKEN_EMOJI,  /* one emoji or emoticon: a folded text such as the emoji itself or ":(" */
	TOKEN_PUNCT,  /* a run of one punctuation character or of ?! mixed: "!!!", "?!" */
};

enum {
	TOKEN_CAPS = 1 << 0,      /* two letters or more, all of them capitals */
	TOKEN_STRETCHED = 1 << 1, /* a letter three times or more in a row in the original: "sooo"; folded to two */
	TOKEN_MASKED = 1 << 2,    /* letters partly starred or replaced: "f***", "sh!t" */
	TOKEN_CLITIC = 1 << 3,    /* the split-off part of a contraction: "n't" gives "not", "'re" gives "are" */
};

struct token {
	struct str text; /* folded: NFKC, case folded, apostrophes dropped; lives in the arena given */
	uint64_t hash; /* hash_bytes() of the text, seed 0: for the tables that it is looked up in; 0 for punctuation */
	uint32_t from, to; /* bytes [from, to) of the original utterance */
	uint8_t kind;      /* enum token_kind */
	uint8_t flags;
};

struct tokens {
	struct token *items; /* in order of the utterance */
	size_t count;
	struct str text; /* the utterance, all of it */
};

/* Longest utterance that is read, in bytes; what stands behind it is not seen. 4,000 characters of 4 bytes fit. */
enum { UTTERANCE_BYTES_MAX = 16 * 1024 };
/* Longest word in folded bytes; a longer run of letters is cut there and the rest of the run is dropped. */
enum { WORD_BYTES_MAX = 64 };

/* The tokens of `utterance` (any bytes: malformed UTF-8 separates words), linear in its length.
 * English contractions are split in two tokens ("don't": "do" + "not" marked TOKEN_CLITIC); `language` is a code as
 * in text/language.h and says which contractions there are. */
struct tokens tokens_read_in(struct arena *arena, struct str utterance, const char *language);

#endif
