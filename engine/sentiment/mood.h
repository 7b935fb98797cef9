/* SPDX-License-Identifier: Apache-2.0 */
/* How an utterance sounds: polarity as a person would rate it, and frustration: whether a good shop assistant would
 * fetch a colleague now. Two outputs, since a calm problem is not anger. */
#ifndef SHOPBELL_SENTIMENT_MOOD_H
#define SHOPBELL_SENTIMENT_MOOD_H

#include "base/arena.h"
#include "base/str.h"
#include "text/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MOOD_CUES = 8,
	MOOD_PHRASES_MAX = 1000, /* of the owner, of each kind; further ones are not read */
};

/* Where frustration hands over. What it reaches is measured by bench/mood.c; the last result is kept in
 * bench/results/mood.txt. */
extern const double MOOD_UPSET_LINE;

struct mood_cue {
	uint32_t from, to;  /* bytes of the utterance */
	const char *family; /* static, one of the list in cues.c: "waiting", "insult", "valence" ... */
	double weight;      /* above 0 adds frustration, below 0 takes away */
};

struct mood {
	double polarity;                 /* -1..1 */
	double frustration;              /* 0..1 */
	bool is_upset;                   /* frustration >= MOOD_UPSET_LINE */
	struct mood_cue cues[MOOD_CUES]; /* strongest first */
	size_t cue_count;
};

/* Compiled words and cues of one language, with the owner's words on top. Immutable; shared by threads. */
struct mood_lexicon;

/* `upset` and `calm`: the owner's phrases, which add frustration or are never counted. Lives in the arena. A language
 * without tables of its own gets the language-independent cues (punctuation, emoji, capitals). `language` is a static
 * code as language_code gives it. Costs about 15 ms for English, which holds 3.5 MB. */
struct mood_lexicon *mood_lexicon_new_in(struct arena *arena, const char *language, const struct str *upset,
					 size_t upset_count, const struct str *calm, size_t calm_count);

/* Reads the mood of `utterance` (any bytes). `scratch` is used and left as it is found full: the caller resets it. */
void mood_read(const struct mood_lexicon *lexicon, struct arena *scratch, struct str utterance, struct mood *out);
/* The same of an utterance that is cut already, in the lexicon's language. */
void mood_read_tokens(const struct mood_lexicon *lexicon, struct arena *scratch, const struct tokens *tokens,
		      struct mood *out);

/* The running mood of a conversation: give 0 at its start and the last value after. A strong message moves it at
 * once, calm ones let it sink back. Result 0..1. */
double mood_running(double before, const struct mood *latest);

#endif
