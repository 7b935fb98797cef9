/* SPDX-License-Identifier: Apache-2.0 */
/* Which intents an utterance may mean, how surely, and why. Knows examples and intents by number only; what to do
 * with a candidate is the policy's business. */
#ifndef SHOPBELL_MATCH_MATCH_H
#define SHOPBELL_MATCH_MATCH_H

#include "base/str.h"
#include "text/terms.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MATCH_CANDIDATES = 5, MATCH_WHY = 8, MATCH_REPAIRS = 4 };
#define MATCH_NONE UINT32_MAX

/* What a matcher learns from. Everything is borrowed for the time of the call. */
struct training_set {
	const char *language; /* canonical code */
	size_t intent_count;  /* intents are 0 .. intent_count-1 */
	const struct training_example {
		struct str text;
		uint32_t intent;
	} * examples; /* in any order; the result does not depend on it */
	size_t example_count;
	const struct thesaurus *thesaurus; /* may be NULL; must outlive the matcher */
};

struct match_options {
	double wrong_share; /* 0.05: the threshold is chosen so that of the answers given at most so many are wrong */
	bool use_vectors;   /* the table of word vectors, where the language has one */
	bool only_rank;     /* skip confidence and threshold (for measurements); confidence is then the raw score */
	/* Called now and then during training with 0..1, when not NULL. */
	void (*progress)(void *context, double share);
	void *progress_context;
};
struct match_options match_options_defaults(void);

/* Trained, immutable, shared by threads. */
struct matcher;

/* Trains: deterministic to the bit for the same set of examples. The caller frees it. */
struct matcher *matcher_new(const struct training_set *set, const struct match_options *options);
void matcher_free(struct matcher *matcher);

/* The confidence from which on an answer is given, 0..1. */
double matcher_threshold(const struct matcher *matcher);
/* The same for another share of wrong answers; see confidence_threshold_for(). */
double matcher_threshold_for(const struct matcher *matcher, double wrong_share);
size_t matcher_size_bytes(const struct matcher *matcher);

/* What the corpus itself says of how well it will do, by cross-validation. */
struct match_outlook {
	size_t tested;
	double right, wrong, unanswered; /* shares of questions like the examples; they sum to 1 */
	double accuracy;                 /* share whose first candidate is right, answered or not */
};
struct match_outlook matcher_outlook(const struct matcher *matcher);

/* An example (by its place in the training set) that, left out, would land in another intent. From 4,000 examples on
 * not all are tried: two fifths, and above some 40,000 fewer. */
struct match_stray {
	uint32_t example;
	uint32_t taken_for; /* intent */
	double confidence;  /* of that wrong intent */
};
/* All of them, surest first; owned by the matcher. */
const struct match_stray *matcher_strays(const struct matcher *matcher, size_t *out_count);

/* Memory for queries, one per thread; grows to the largest utterance and stays. The caller frees it. */
struct match_scratch;
struct match_scratch *match_scratch_new(void);
void match_scratch_free(struct match_scratch *scratch);

struct match_why {
	uint32_t from, to; /* bytes of the utterance */
	double weight;     /* share of what spoke for the candidate, 0..1; the sum over all is at most 1 */
};

struct candidate {
	uint32_t intent;
	double confidence; /* 0..1: probability that it is right; the sum over all intents is at most 1. At least 0.99
			    * for the very words of an example, unless two intents have it; for any other single word at
			    * most the share of the examples with that word */
	double score;      /* raw decision value, only comparable within one result */
};

/* A word that was repaired towards the corpus, as "parcle" -> "parcel". */
struct match_repair {
	uint32_t from, to;
	char word[WORD_BYTES_MAX + 1];
};

struct match_result {
	struct candidate candidates[MATCH_CANDIDATES]; /* best first; ties in order of intents */
	size_t count;
	struct match_why why[MATCH_WHY]; /* for the first candidate, strongest first */
	size_t why_count;
	double coverage;   /* share of the utterance's informative words that the corpus knows, 0..1 */
	size_t term_count; /* how long the utterance is, in terms */
	struct match_repair repairs[MATCH_REPAIRS];
	size_t repair_count;
};

/* Ranks the intents for `utterance` (any bytes, UTTERANCE_BYTES_MAX are read). No allocation once the scratch has
 * grown. */
void matcher_rank(const struct matcher *matcher, struct match_scratch *scratch, struct str utterance,
		  struct match_result *out);
/* The same in two steps, for an utterance that is cut already, in the matcher's language: its words are taken into the
 * scratch, borrowed from the tokens, and then ranked; once. Between the two it can be asked what share of the informative
 * words the examples have, 0..1, to choose among matchers. */
void matcher_read(const struct matcher *matcher, struct match_scratch *scratch, const struct tokens *tokens);
double matcher_coverage(const struct match_scratch *scratch);
void matcher_rank_read(const struct matcher *matcher, struct match_scratch *scratch, struct match_result *out);

#endif
