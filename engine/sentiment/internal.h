/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the mood analyser share: the builder of cue books, and utterances as rows of letters. */
#ifndef SHOPBELL_SENTIMENT_INTERNAL_H
#define SHOPBELL_SENTIMENT_INTERNAL_H

#include "sentiment/cues.h"
#include "text/token.h"

/* One or more words in a row, as letters. */
struct letters {
	uint32_t *items;
	size_t count;
};

struct letters_list {
	struct letters *items;
	size_t count, capacity;
};

/* One part of a pattern: any of `choices`, or a gap, or any word. */
struct cue_element {
	struct letters_list choices;
	size_t gap;
	bool is_any, is_optional;
};

struct cue_elements {
	struct cue_element *items;
	size_t count, capacity;
};

/* Where the reader stands, for errors. */
struct cue_spot {
	const char *name;
	size_t line, column;
};

struct cue_patterns {
	struct automaton_pattern *items;
	uint16_t *blocks;
	size_t count, capacity, block_capacity;
};

struct cue_set {
	struct str name;
	struct letters_list words;
};

struct cue_builder {
	struct arena *arena;
	struct arena scratch;
	const char *language;
	struct vocabulary vocabulary;
	struct {
		struct cue_set *items;
		size_t count, capacity;
	} sets;
	struct {
		struct cue_block *items;
		size_t count, capacity;
	} blocks;
	struct cue_patterns patterns;
};

/* The letters of plain words, cut as an utterance is, so that both meet; in the builder's arena. Punctuation has none
 * and is reported. */
struct letters cue_letters(struct cue_builder *builder, struct str words, bool *out_has_punctuation);
/* A number such as "-2.5"; false when `text` is none. */
bool cue_number(struct str text, double *out);
/* Adds every plain row that the elements stand for. */
int patterns_add(struct arena *arena, struct cue_patterns *patterns, const struct cue_elements *elements,
		 uint16_t block, const struct cue_spot *spot, struct error *err);
/* Adds one row of places, which must live as long. */
void patterns_push(struct cue_patterns *patterns, struct automaton_place *places, size_t count, uint16_t block);
void patterns_clear(struct cue_patterns *patterns);
int cue_error(const struct cue_spot *spot, struct error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

enum {
	SYMBOL_CAPS = 1 << 0,  /* written in capitals */
	SYMBOL_EMOJI = 1 << 1, /* an emoji or emoticon */
	SYMBOL_PAUSE = 1 << 2, /* a comma or the like stands before it */
	SYMBOL_CODE = 1 << 3,  /* letters and digits mixed: an order number, a product */
};

struct symbol {
	uint32_t from, to; /* bytes of the utterance */
	uint8_t flags;
};

/* An utterance as the automaton reads it: row of letters, each with its place. */
struct symbols {
	uint32_t *letters;
	struct symbol *places;
	size_t count;
	size_t exclaims, questions; /* signs in all */
	size_t words, shouted;      /* words of letters, and those of them in capitals */
	unsigned flags;             /* of all places together */
};

struct symbols symbols_read_in(struct arena *scratch, const struct cue_book *book, const struct tokens *tokens);

/* How a person would rate it, before squeezing into -1..1: the sum of rated words, each with what its neighbours do
 * to it. C. J. Hutto and E. Gilbert, VADER (2014), whose rules and constants these are where not said otherwise. */
struct rating {
	double sum;      /* all rated words */
	double heat;     /* the same without topics and what is ignored: what may count as frustration */
	double exclaims; /* added to the size of the sum */
	uint32_t worst;  /* the symbol that took most from `heat`, or UINT32_MAX */
	double worst_by;
	uint32_t best; /* the one that gave most */
	double best_by;
};

/* `ignored`: for each symbol, the CUE_IGNORE and CUE_CALM that cover it. */
struct rating rating_read(const struct cue_book *book, const struct symbols *symbols, const uint8_t *ignored);

#endif
