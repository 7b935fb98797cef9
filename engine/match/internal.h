/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the matcher share. */
#ifndef SHOPBELL_MATCH_INTERNAL_H
#define SHOPBELL_MATCH_INTERNAL_H

#include "base/arena.h"
#include "match/confidence.h"
#include "match/features.h"
#include "match/linear.h"
#include "match/match.h"
#include "match/neighbours.h"
#include "match/spelling.h"

/* The words of the examples, each with what it says: so that a question's words need only be looked up. Also what typing
 * errors are repaired towards. */
struct vocabulary {
	struct str *words, *stems;
	struct term_fact *facts;
	uint32_t *frequencies;
	size_t count;
	char *letters;     /* of the words and stems, */
	uint32_t *pieces;  /* and of the facts */
	uint32_t *slots;   /* an open table: other bits of the word's hash | place in the arrays plus 1, 0 when free */
	size_t slot_count; /* a power of two */
	uint32_t place_mask; /* the bits of a slot that are the place */
	size_t letter_count, piece_count;
	struct spelling_index *spelling;
};
#define WORD_NONE UINT32_MAX

/* The examples themselves, intent by intent, reduced to stems and word vectors: for the nearest one. */
struct example_store {
	uint32_t *intent_starts; /* intent_count + 1 places in the arrays below */
	uint32_t *rows;          /* which training row each is */
	uint32_t *stem_starts;   /* one more than examples */
	uint32_t *stems;         /* features */
	float *stem_values;      /* of length 1 together */
	uint32_t *stem_words;    /* of each, its place among the words below; NULL when it is not asked for */
	uint32_t *own_starts;    /* by intent, plus one: places in the two below */
	uint32_t *own_stems;     /* the different stems of the intent's examples, */
	uint32_t *own_words;     /* and as stem_words: which other words mean nearly the same; NULL for none */
	size_t own_count;
	int8_t *word_vectors; /* VECTOR_DIMENSIONS each, of the different words */
	float *word_units;    /* what makes the length of each 1 */
	size_t word_count;
	int8_t *vectors; /* VECTOR_DIMENSIONS each, 127 is 1; NULL without vectors */
	size_t count;
};

/* The examples word by word, to know them again. */
struct wordings {
	struct wording {
		uint64_t hash; /* of the words */
		uint32_t intent;
	} * items; /* by hash */
	size_t count;
};

/* The classifier as it is kept: bytes for the many sparse features, with one scale a class. */
struct classifier {
	size_t class_count, width; /* width: class_count padded */
	size_t feature_count;
	int8_t *sparse; /* by feature: `width` numbers */
	float *scales;  /* by class */
	float *dense;   /* by dimension, then the constant: `width` numbers */
	float *spoken;  /* by class: what a word's vector as it is says for it; NULL without vectors */
};

struct matcher {
	const char *language;
	const struct thesaurus *thesaurus;
	struct features features;
	struct vocabulary vocabulary;
	struct example_store examples;
	struct wordings wordings;
	struct classifier classifier;
	struct confidence confidence;
	float *records; /* SIGNAL_RECORD by intent; NULL until cross-validated */
	bool only_rank;
	struct match_outlook outlook;
	struct match_stray *strays;
	size_t stray_count;
};

/* The training set as points, in canonical order: by text, then intent. */
struct training_rows {
	struct linear_rows
		points; /* the rows as the classifier sees them: with what words pass on to their neighbours */
	struct neighbours *neighbours; /* NULL when there are none */
	size_t *spread_starts;         /* of the points, when there are */
	uint32_t *spread_ids;
	float *spread_values;
	size_t *starts;
	uint32_t *stem_counts; /* with so many stems each row begins */
	uint32_t *ids;
	float *raw, *values, *dense;
	uint32_t *intents;
	uint32_t *classes;        /* the intents, numbered in the order of their first rows, */
	uint32_t *class_intents;  /* and which intent each is: so how the caller numbers them does not matter */
	uint32_t *places;         /* of each row in the training set */
	struct terms *terms;      /* of each row, in the arena of the training */
	struct term_fact **facts; /* of each row's terms, there too */
	size_t intent_count;
};

/* A point that is asked about, with what the confidence looks at. */
struct question {
	struct feature_row row;
	const struct term_fact *facts;  /* of its terms, */
	size_t fact_count, known_count; /* of which the first `known_count` can be known at all */
	double coverage;
	const uint8_t *is_held; /* by training row: examples that do not count; NULL when all do */
};

/* The best of `count` intents by score, ties to the lower number; MATCH_NONE when count is 0. */
uint32_t best_intent(const float *scores, size_t count);

/* vocabulary.c */
void vocabulary_init(struct vocabulary *vocabulary, const struct features *features, const struct terms *texts,
		     size_t count);
void vocabulary_clear(struct vocabulary *vocabulary);
size_t vocabulary_size_bytes(const struct vocabulary *vocabulary);
/* The place of a term's word, or WORD_NONE. */
uint32_t vocabulary_place(const struct vocabulary *vocabulary, const struct term *term);
/* The facts of a term: what the vocabulary has of it, or else they are made in the arena. */
void vocabulary_fact_in(struct arena *arena, const struct vocabulary *vocabulary, const struct features *features,
			const struct term *term, struct term_fact *out);
/* Share of the information of `count` terms whose stems the examples have, 0..1. */
double facts_coverage(const struct term_fact *facts, size_t count);

/* examples.c */
/* `knows_neighbours`: words that mean nearly the same count, too, where it is asked how much examples explain. */
void example_store_init(struct example_store *store, const struct features *features, const struct training_rows *rows,
			bool knows_neighbours);
/* Call when no question will hold examples back any more: lets go of what only those need. */
void example_store_settle(struct example_store *store);
void example_store_clear(struct example_store *store);
size_t example_store_size_bytes(const struct example_store *store);
/* How near the nearest example of `intent` is, 0..1: mean of the cosines over stems and over word vectors.
 * `values_by_feature` is an array of zeros by feature, given back so. */
double example_store_nearest(const struct example_store *store, const struct question *question, uint32_t intent,
			     float *values_by_feature);
/* The share of what the question tells that words of the examples of `intent` account for, 0..1: in part also words
 * that mean something like theirs. `values_by_feature` as above. */
double example_store_explained(const struct example_store *store, const struct question *question, uint32_t intent,
			       float *values_by_feature);
/* How many examples of `intent`, or of all for MATCH_NONE, have the stem `feature`. Looks at each of their stems. */
size_t example_store_count(const struct example_store *store, uint32_t feature, uint32_t intent);

/* slips.c: rights words of the examples that are typing errors of other words there; for languages that have a table of
 * vectors, which tells what is a word. */
void slips_repair(struct terms *texts, size_t count);

/* wordings.c */
void wordings_init(struct wordings *wordings, const struct training_rows *rows);
void wordings_clear(struct wordings *wordings);
/* The intent that has an example of just these words, or MATCH_NONE; also when two intents have it. */
uint32_t wordings_find(const struct wordings *wordings, const struct terms *terms);

/* classifier.c */
void classifier_init(struct classifier *classifier, size_t class_count, size_t feature_count);
/* Models of the same classes that are added up, each times its factor. */
struct blend {
	const struct linear_model *models;
	const float *factors;
	size_t count;
	const struct neighbours *neighbours; /* of the rows that they learnt from; may be NULL */
};
/* Takes over a blend; its class k is intents[k]. A feature's weight gets what its neighbours would have said for it, so
 * that a question need not be spread. */
void classifier_take(struct classifier *classifier, const struct blend *blend, const uint32_t *intents);
/* Call when it has learnt. `whitening` NULL: vectors are not whitened. The matrix is symmetric, so that whitening the
 * weights does what whitening each word would. */
void classifier_set_spoken(struct classifier *classifier, const struct whitening *whitening);
void classifier_clear(struct classifier *classifier);
size_t classifier_size_bytes(const struct classifier *classifier);
/* Asks the memory for what scoring the row will need, a little later: its ids are enough for that. */
void classifier_fetch(const struct classifier *classifier, const struct feature_row *row);
void classifier_score(const struct classifier *classifier, const struct feature_row *row, float *restrict out_scores);

/* trainer.c: trains one classifier, and others that have not seen some of its rows. */
struct training {
	const struct linear_rows *rows;
	const struct neighbours *neighbours; /* may be NULL */
	const uint32_t *intents;             /* which intent each class of the rows is */
	struct classifier *classifier;
	const struct training_fold {
		const uint8_t *is_held; /* by row */
		const struct question *questions;
		size_t question_count;
		float *scores; /* a table of questions by the classifier's width, all 0 at first */
	} * folds;
	size_t fold_count;
	bool is_hurried; /* a huge training: a little less exact */
	void (*progress)(void *context, double share);
	void *progress_context;
};
/* Fills the classifier, and the scores of each fold's questions by what it would have become without the rows that
 * are held: these start from the whole and forget those rows, which takes a few rounds instead of many. */
void classifier_train(const struct training *training);

/* crossval.c: what is asked of a matcher whose rows are read, and what follows from the scores. */
struct crossval *crossval_new(const struct matcher *matcher, const struct training_rows *rows);
void crossval_free(struct crossval *crossval);
const struct training_fold *crossval_folds(const struct crossval *crossval, size_t *out_count);
/* Fills the matcher's confidence, records, outlook and strays. */
void crossval_conclude(struct crossval *crossval, struct matcher *matcher, double wrong_share);

/* scratch.c: a question on its way, from words to scores. */
enum { STEMMERS_MAX = 16 }; /* stemmers that a scratch keeps; one more makes it forget the last */

/* What the table of word vectors has nearest to words that it does not know. */
enum { SPELLING_MEMORY_SLOTS = 512 };
struct spelling_memory {
	struct remembered_spelling {
		char word[SPELLING_WORD_MAX];
		uint32_t row; /* VECTORS_NONE: nothing is near */
		uint8_t len;  /* 0: free */
	} slots[SPELLING_MEMORY_SLOTS];
};

struct match_scratch {
	struct arena arena; /* what the terms need beside the tokens */
	struct {
		const char *language;
		struct stemmer *stemmer;
	} stemmers[STEMMERS_MAX];
	size_t stemmer_count;
	const struct matcher *reader; /* whose words stand below; NULL: none that could be ranked */
	struct str text;              /* where they are from */
	struct terms terms;
	size_t term_count; /* of them, those that are looked at */
	struct term_fact facts[FEATURE_TERMS_MAX];
	struct match_repair repairs[MATCH_REPAIRS];
	size_t repair_count;
	struct spelling_memory spellings;
	struct feature_row row;
	float *said;              /* as the row: what each feature has said for an intent */
	struct feature_uses uses; /* of the row's features */
	size_t row_room;
	uint32_t *marks;          /* by feature: zeros */
	float *values_by_feature; /* by feature: zeros */
	size_t feature_room;
	float *scores; /* by intent, padded */
	size_t score_room;
};
/* Cuts `text` in the scratch's own arena and reads it. */
void scratch_read_text(const struct matcher *matcher, struct match_scratch *scratch, struct str text);
/* From the words that were read to the row and the scores. */
void scratch_score(const struct matcher *matcher, struct match_scratch *scratch);

/* repair.c: repairs misspelt terms of the scratch in place (word, stem and facts; the places in the utterance stay) and
 * notes the first of them. */
void vocabulary_repair(const struct matcher *matcher, struct match_scratch *scratch, struct stemmer *stemmer);

/* explain.c: the terms of the scratch that spoke for `intent`, strongest first. After scratch_score(). */
size_t explain(const struct matcher *matcher, const struct match_scratch *scratch, uint32_t intent,
	       struct match_why why[MATCH_WHY]);

/* What the confidence looks at, for the scores of one question. */
struct confidence_terms confidence_terms_of(const struct matcher *matcher, const struct question *question,
					    const float *scores, uint32_t best, float *values_by_feature);

#endif
