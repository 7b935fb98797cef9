/* SPDX-License-Identifier: Apache-2.0 */
/* The words that the mood analyser knows, numbered: what each is worth, and what it does to its neighbours. Built
 * once, then only read. It knows nothing of patterns; to the automaton a word is its number. */
#ifndef SHOPBELL_SENTIMENT_VOCABULARY_H
#define SHOPBELL_SENTIMENT_VOCABULARY_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

#define VOCABULARY_NONE UINT32_MAX

/* Letters that no visitor can write; they stand before all words. The first six end a sentence. */
enum vocabulary_letter {
	LETTER_EDGE,      /* start or end of the utterance, full stop, new line */
	LETTER_QUESTION,  /* ? */
	LETTER_QUESTIONS, /* ?? and more */
	LETTER_MIXED,     /* ?! in any order */
	LETTER_EXCLAIM,   /* ! */
	LETTER_EXCLAIMS,  /* !! and more */
	LETTER_BOUNDARIES,
	LETTER_NUMBER = LETTER_BOUNDARIES,
	LETTER_HASHTAG, /* stands in front of the words of one */
	LETTER_OTHER,   /* a word that is not known */
	LETTER_COUNT,
};

enum {
	WORD_NEGATES = 1 << 0,   /* "not": turns what follows round */
	WORD_CONTRASTS = 1 << 1, /* "but": what follows counts more than what came before */
	WORD_TOPIC = 1 << 2,     /* "problem", "cancel": a matter, not a mood; rated, but no frustration */
	WORD_SWEARS = 1 << 3,    /* a starred word may stand for it */
	WORD_PREFIX = 1 << 4,    /* not a word but the beginning of many; its text ends in '*' */
};

struct vocabulary_word {
	struct str text;
	float valence;           /* -4..4 as rated; 0 when it says nothing */
	float boost;             /* what it adds to the strength of the next mood word, below 0 takes away */
	uint32_t prefix;         /* of a WORD_PREFIX: the next shorter one that it begins with, or VOCABULARY_NONE */
	const uint32_t *reading; /* read as these words instead ("dont": do, not), or NULL */
	uint16_t reading_count;
	uint16_t marks;
};

struct vocabulary_slot;

/* Lives in an arena. The first LETTER_COUNT words are the letters above. */
struct vocabulary {
	struct arena *arena;
	struct vocabulary_word *words;
	size_t count, capacity;
	struct vocabulary_slot *slots;
	size_t slot_count;  /* a power of two */
	uint32_t *prefixes; /* the WORD_PREFIX words in order of text, made by vocabulary_finish */
	size_t prefix_count;
};

void vocabulary_begin(struct vocabulary *vocabulary, struct arena *arena);
/* The number of `text`, which is copied and added when it is new. */
uint32_t vocabulary_add(struct vocabulary *vocabulary, struct str text);
/* The same for a beginning: it stands for every word that starts with `stem`. */
uint32_t vocabulary_add_prefix(struct vocabulary *vocabulary, struct str stem);
/* To be called when all words are in: beginnings ("disappoint*") hand what they have to every word that starts so
 * and has nothing of that kind itself. */
void vocabulary_finish(struct vocabulary *vocabulary);
/* The number of exactly `text`, or VOCABULARY_NONE. */
uint32_t vocabulary_find(const struct vocabulary *vocabulary, struct str text);
/* The same for a text whose hash_bytes(), seed 0, is known. */
uint32_t vocabulary_find_hashed(const struct vocabulary *vocabulary, struct str text, uint64_t hash);
/* The longest beginning that `text` starts with, or VOCABULARY_NONE. After vocabulary_finish. Cost: a binary search. */
uint32_t vocabulary_find_prefix(const struct vocabulary *vocabulary, struct str text);
/* The words that start with the beginning `prefix`, itself among them, in `arena`. Linear: for building only. */
size_t vocabulary_members_in(struct arena *arena, const struct vocabulary *vocabulary, uint32_t prefix,
			     uint32_t **out_members);

#endif
