/* SPDX-License-Identifier: Apache-2.0 */
/* From terms to numbers: which features a text has (stems, ordered pairs of stems, pieces of words, the sum of its
 * word vectors), which of them the examples have taught, and what each is worth. */
#ifndef SHOPBELL_MATCH_FEATURES_H
#define SHOPBELL_MATCH_FEATURES_H

#include "match/vectors.h"
#include "match/whitening.h"
#include "text/terms.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum feature_block {
	BLOCK_STEMS,  /* one stem */
	BLOCK_PAIRS,  /* two stems in their order, at most three apart */
	BLOCK_PIECES, /* two to four characters of " word " */
	BLOCK_COUNT,
};

enum { FEATURE_TERMS_MAX = 256 }; /* terms of an utterance that are looked at; what comes behind is not */
#define FEATURE_NONE UINT32_MAX

/* One occurrence of a feature in a text, known or not. */
struct feature_hit {
	uint64_t key;
	uint16_t term, other; /* places of the terms that it is made of; the same one for stems and pieces */
	uint8_t block;
};

struct feature_hits {
	struct feature_hit *items;
	size_t count, capacity;
};

/* All features of the first FEATURE_TERMS_MAX `terms`, in order; what `hits` held before is forgotten. */
void feature_hits_read(struct feature_hits *hits, const struct terms *terms);

/* What the examples have in common: the known features with their numbers 0 .. count-1 and weights. */
struct features {
	struct feature_slot *slots; /* open addressing by key */
	size_t slot_count;          /* a power of two */
	uint32_t count;
	float *idf;      /* per feature; more for one that keeps to few intents */
	uint8_t *blocks; /* per feature */
	bool has_vectors;
	struct whitening *whitening; /* of the sum of vectors; NULL until feature_rows_whiten, or without vectors */
};

/* A text as a point: sparse features and a dense part. Values are set by feature_row_weigh. */
struct feature_row {
	uint32_t *ids;
	float *raw;    /* (1 + ln tf) * idf */
	float *values; /* scaled: each block has its own fixed length */
	size_t count;
	float dense[VECTOR_DIMENSIONS]; /* all 0 when there are no vectors */
	float dense_scale;              /* what the (whitened) sum of vectors was multiplied by to give `dense` */
};

/* What is learnt from. */
struct feature_texts {
	const struct feature_hits *hits; /* one item per text */
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

/* Fills the row's ids, raw and count, each with room for hits->count. `out_slots` (NULL, or as many numbers as hits):
 * the place in the row of each hit or FEATURE_NONE. `marks` is an array of zeros by feature, given back so. */
void feature_row_read(const struct features *features, struct feature_row *row, const struct feature_hits *hits,
		      uint32_t *out_slots, uint32_t *marks);
/* Scales row->values from row->raw so that every block that is there has its share of the whole, leaving out the
 * features for which `is_left_out` (per feature; may be NULL) is set: their values become 0. */
void feature_row_weigh(const struct features *features, struct feature_row *row, const uint8_t *is_left_out);
/* What a term says without any corpus. */
struct term_fact {
	uint32_t vector;   /* its row in the table of vectors, or VECTORS_NONE */
	float information; /* how much it tells of what is meant: 0 for digits, 2.3 for "the", 10.3 for a rare word */
};
/* Fills `out_facts` for the first FEATURE_TERMS_MAX terms. */
void term_facts_read(const struct features *features, const struct terms *terms, struct term_fact *out_facts);

/* Fills row->dense with the weighted, whitened, scaled sum of the vectors of the different words of `terms`. */
void feature_row_add_vectors(const struct features *features, struct feature_row *row, const struct terms *terms,
			     const struct term_fact *facts);
/* Learns the whitening from the dense parts of `count` rows (VECTOR_DIMENSIONS numbers each) and their intents, and
 * whitens them. From then on feature_row_add_vectors does so too. */
void feature_rows_whiten(struct features *features, float *dense, const uint32_t *intents, size_t count,
			 size_t intent_count);

#endif
