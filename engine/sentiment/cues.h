/* SPDX-License-Identifier: Apache-2.0 */
/* Cue files: what people say when they are upset, or calm, as patterns over words; read once into a book, which
 * then finds them all in one pass over an utterance. What the finds add up to is decided in mood.c.
 *
 * A statement starts in the first column; indented lines go on with the statement above them; a # in the first
 * column starts a comment. The statements:
 *
 *     set NAME: word two_words @other     words that patterns name as @NAME
 *     read dont as do not                 one written word that is read as others
 *     value -2.5: awful 😡                what words are rated, -4..4; instead of the table's value
 *     boost 0.3: very really              strengthen (above 0) or weaken the next mood word
 *     negate: not never                   turn round what follows
 *     contrast: but however               what follows counts more
 *     topic: cancel* problem*             rated, but never a sign of frustration by themselves
 *     plain: please help                  not rated at all
 *     swear: damn                         a set like any other, whose words may be starred
 *     family NAME WEIGHT [polarity P] [FLAG ...]
 *         pattern                         each line one pattern
 *     ignore                              cues that touch one of these patterns are dropped
 *         pattern
 *
 * A pattern is a row of: word | beginning* | two_words | @set | a|b|c (any one of these) | [a|b] (may be missing) |
 * ~3 (up to three words) | * (one word) | # (a number) | ## (a
 * hashtag starts) | ^ (start or end of a sentence) | ? ?? ?! ! !! (how a
 * sentence ends). Gaps do not reach over the end of a sentence. Words are written as people do: `don't` is the same
 * as `do not`. A family that is opened again with another weight goes on with that one. */
#ifndef SHOPBELL_SENTIMENT_CUES_H
#define SHOPBELL_SENTIMENT_CUES_H

#include "base/error.h"
#include "sentiment/automaton.h"
#include "sentiment/vocabulary.h"

enum {
	CUE_VARIANTS_MAX = 64, /* plain rows of words that one pattern line may stand for */
	CUE_GAP_MAX = 9,
};

enum {
	CUE_NEGATABLE = 1 << 0, /* `negatable`: says nothing behind a "not" */
	CUE_MATTER = 1 << 1,    /* `matter`: what went wrong; however much of it, a calm report is no anger */
	CUE_WARM = 1 << 2,      /* `warm`: praise and thanks, which irony turns round */
	CUE_IRONIC = 1 << 3,    /* `ironic` */
	CUE_ASKING = 1 << 4,    /* `asking`: a calm question; not when it is shouted */
	CUE_STRONG = 1 << 5,    /* `strong`: unmistakable; no question beside it is a calm one */
	CUE_IGNORE = 1 << 6,    /* takes others away */
	CUE_OFFER = 1 << 8,     /* `offer`: asks what there is to be had; in capitals too that is no anger */
	CUE_CALM = 1 << 7,      /* the same, and its words are not rated either: the owner's */
};

/* What the patterns of one statement have in common. */
struct cue_block {
	const char *family; /* static; NULL for `ignore` */
	double weight;
	double polarity;
	unsigned flags;
};

/* Immutable once made. */
struct cue_book {
	struct vocabulary vocabulary;
	struct automaton *automaton;
	struct cue_block *blocks;
	uint16_t *block_of; /* for each pattern of the automaton */
	size_t pattern_count;
	uint32_t *swears; /* words, for starred ones */
	size_t swear_count;
	const char *language; /* static */
};

struct cue_builder;

/* For texts in `language` (static code); the book will live in `arena`. The caller frees the builder. */
struct cue_builder *cue_builder_new(struct arena *arena, const char *language);
void cue_builder_free(struct cue_builder *builder);
/* Rates words: lines of word TAB value. */
void cue_builder_add_values(struct cue_builder *builder, struct str table);
/* Reads a cue file; `name` stands in front of errors, which name line and column. */
int cue_builder_read(struct cue_builder *builder, const char *name, struct str text, struct error *err);
/* A phrase of the owner's, in plain words; it may be empty, and is cut after AUTOMATON_PLACES_MAX words. */
void cue_builder_add_phrase(struct cue_builder *builder, struct str phrase, struct cue_block block);
/* Makes the book; nothing may be added afterwards. Fails when there are more patterns than the automaton holds. */
int cue_builder_finish(struct cue_builder *builder, struct cue_book *out_book, struct error *err);

/* The static name that equals `name`, or NULL when there is no such family. Families are a fixed list, since their
 * names are shown as reasons and outlive any lexicon. */
const char *cue_family_name(struct str name);

#endif
