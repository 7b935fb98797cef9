/* SPDX-License-Identifier: Apache-2.0 */
/* From terms to numbers: which features a text has (stems, ordered pairs of stems, pieces of words, the sum of its
 * word vectors), which of them the examples have taught, and what each is worth. */
#ifndef SHOPBELL_MATCH_FEATURES_H
#define SHOPBELL_MATCH_FEATURES_H

#include "base/arena.h"
#include "match/vectors.h"
#include "match/whitening.h"
#include "text/terms.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum feature_block {
	BLOCK_STEMS,  /* one stem */
	BLOCK_PAIRS,  /* two stems in their order, at most FEATURE_PAIR_REACH apart */
	BLOCK_PIECES, /* two to four characters of " word " */
	BLOCK_COUNT,
};

enum { FEATURE_TERMS_MAX = 256 }; /* terms of an utterance that are looked at; what comes behind is not */
enum { FEATURE_PAIR_REACH = 3 };  /* how far apart two stems may stand that are a pair */
#define FEATURE_NONE UINT32_MAX

/* The features of a text that is learnt from, as keys, block by block and as often as they occur. */
struct feature_keys {
	uint64_t *items;
	size_t count, capacity;
	size_t ends[BLOCK_COUNT];
};

/* All features of the first FEATURE_TERMS_MAX `terms`; what `keys` held before is forgotten. */
void feature_keys_read(struct feature_keys *keys, const struct terms *terms);

/* What the examples have in common: the known features with their numbers 0 .. count-1 and weights. */
struct features {
	struct feature_slot *slots; /* open addressing by key */
	size_t slot_count;          /* a power of two */
	uint32_t count;
	float *idf; /* per feature; more for one that keeps to few intents */
	bool has_vectors;
	struct whitening *whitening; /* of the sum of vectors; NULL until feature_rows_whiten, or without vectors */
};

/* A text as a point: sparse features and a dense part. Values are set by feature_row_weigh. */
struct feature_row {
	uint32_t *ids;
	float *raw;    /* (1 + ln tf) * idf */
	float *values; /* scaled: each block has its own fixed length */
	size_t count;
	size_t ends[BLOCK_COUNT];       /* stems come first, then pairs, then pieces: where each of them ends */
	float dense[VECTOR_DIMENSIONS]; /* all 0 when there are no vectors */
	float dense_scale;              /* what the (whitened) sum of vectors was multiplied by to give `dense` */
};

/* What is learnt from. */
struct feature_texts {
	const struct feature_keys *keys; /* one item per text */
	const uint32_t *intents;         /* of each text, below intent_count */
	size_t count, intent_count;
};
/* The features that `texts` teach, numbered in order of first sight. Stems are kept always, other features when at
 * least `least_texts` texts have them. */
void features_learn(struct features *features, const struct feature_texts *texts, unsigned least_texts,
		    bool has_vectors);
void features_clear(struct features *features);
size_t features_size_bytes(const struct features *features);
/* The number of the feature with this key, or FEATURE_NONE. */
uint32_t features_find(const struct features *features, uint64_t key);
/* The key of the feature that a stem alone is. */
uint64_t feature_key_of_stem(struct str stem);
/* The key of the feature that two stems in this order are, from their own keys. */
uint64_t feature_key_of_pair(uint64_t first, uint64_t second);

/* What a term is, alone. */
struct term_fact {
	uint64_t stem_key;
	uint32_t stem;     /* the feature that its stem is, or FEATURE_NONE */
	uint32_t vector;   /* its row in the table of vectors, or VECTORS_NONE */
	float vector_unit; /* what makes the length of that row 1 */
	float information; /* how much it tells of what is meant: 0 for digits, 2.3 for "the", 10.3 for a rare word */
	uint32_t piece_count;   /* known features among its pieces, */
	const uint32_t *pieces; /* in their order, as often as they occur */
};
/* The facts of one term, its pieces in the arena. */
struct term_fact term_fact_read_in(struct arena *arena, const struct features *features, const struct term *term);

/* Where a row has its features from. */
struct feature_uses {
	struct feature_use {
		uint32_t place;       /* in the row */
		uint16_t term, other; /* places of the terms that it is made of; the same one for a stem */
	} * wholes;                   /* of stems, then of pairs */
	size_t whole_count;
	uint32_t *pieces; /* places in the row of the pieces of the first term, of the second one, and so on */
	float *idf;       /* of the row's features */
};
/* At most so many features, or uses of them, have `count` terms. */
size_t feature_room(const struct term_fact *facts, size_t count);
/* Fills the row's ids, raw, count and ends from `count` terms, at most FEATURE_TERMS_MAX; the row has room for
 * feature_room() of them. Fills `out_uses`, if it is not NULL, whose arrays have as much room. `marks` is an array of
 * zeros by feature, given back so. */
void feature_row_read(const struct features *features, struct feature_row *row, const struct term_fact *facts,
		      size_t count, struct feature_uses *out_uses, uint32_t *marks);
/* Scales row->values from row->raw so that every block that is there has its share of the whole. */
void feature_row_weigh(const struct features *features, struct feature_row *row);
/* Takes away the features for which `is_left_out` (per feature) is set. Call before weighing. */
void feature_row_leave_out(struct feature_row *row, const uint8_t *is_left_out);
/* Fills row->dense with the weighted, whitened, scaled sum of the vectors of the different words among `count` terms. */
void feature_row_add_vectors(const struct features *features, struct feature_row *row, const struct term_fact *facts,
			     size_t count);
/* Learns the whitening from the dense parts of `count` rows (VECTOR_DIMENSIONS numbers each) and their intents, and
 * whitens them. From then on feature_row_add_vectors does so too. */
void feature_rows_whiten(struct features *features, float *dense, const uint32_t *intents, size_t count,
			 size_t intent_count);

#endif
