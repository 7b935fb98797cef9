/* SPDX-License-Identifier: Apache-2.0 */
/* From what is known about a ranking to the probability that its first candidate is right, and the threshold that
 * keeps a promise. A logistic regression on a few signals, each of which can only speak for an answer; fitted to
 * what cross-validation saw, and held near a prior so that a handful of examples cannot make it sure of everything. */
#ifndef SHOPBELL_MATCH_CONFIDENCE_H
#define SHOPBELL_MATCH_CONFIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum confidence_signal {
	SIGNAL_SCORE, /* the classifier's for the first candidate: about 2 for an example of its own, -2 for others */
	SIGNAL_SHARE, /* of the first candidate in a softmax over all, 0..1 */
	SIGNAL_COVERAGE, /* share of the informative words that the corpus knows, 0..1 */
	SIGNAL_NEAREST,  /* how near the nearest example of the candidate is, 0..1 */
	SIGNAL_OWN,      /* share of the information that words of the candidate's own examples account for, 0..1 */
	SIGNAL_RECORD,   /* how much more often than others this candidate was right when it came first, -1..1 */
	SIGNAL_COUNT,
};

struct confidence_terms {
	double signals[SIGNAL_COUNT];
};

/* The shares of wrong answers for which a threshold is kept beside the chosen one. */
enum { CONFIDENCE_PROMISES = 9 };
extern const double CONFIDENCE_SHARES[CONFIDENCE_PROMISES];

/* Zero is a valid confidence that says 0.5 to everything. */
struct confidence {
	double weights[SIGNAL_COUNT];
	double constant;
	double threshold;                     /* 0..1 */
	double promised[CONFIDENCE_PROMISES]; /* the same for each of CONFIDENCE_SHARES */
};

enum sample_kind {
	SAMPLE_OWN,     /* an example of the corpus, kept out of the training */
	SAMPLE_FOREIGN, /* an example of an intent that was kept out altogether */
	SAMPLE_HOLLOW,  /* an example without the words that tell the most */
	SAMPLE_KINDS,
};

/* A question whose answer is known. */
struct confidence_sample {
	struct confidence_terms terms;
	enum sample_kind kind;
	bool is_right;           /* the first candidate is the intent that was meant */
	uint32_t row, candidate; /* for the caller: which question, which first candidate */
};

/* Fits the weights. Deterministic; `count` may be 0. */
void confidence_fit(struct confidence *confidence, const struct confidence_sample *samples, size_t count);
/* Chooses the threshold so that of the answers given at most `wrong_share` (0..1) are wrong, counting questions that
 * belong to no intent. Never below 0.5: what is more likely wrong than right is not said. `are_few`: the intents have
 * so few examples that what a fold leaves out is missed; then the samples look worse than visitors' questions will,
 * and no threshold is above 1 - 4 * wrong_share. Otherwise `learnt` (0..1], the share of an intent's examples that was learnt by
 * who was asked, says how much fewer mistakes are made by who learns them all. */
void confidence_choose_threshold(struct confidence *confidence, const struct confidence_sample *samples, size_t count,
				 double wrong_share, double learnt, bool are_few);
/* The threshold for another share than was asked for: that of the next smaller one of CONFIDENCE_SHARES, so that the
 * promise is kept; of the smallest when there is none. */
double confidence_threshold_for(const struct confidence *confidence, double wrong_share);
/* The probability that the first candidate is right. */
double confidence_of(const struct confidence *confidence, const struct confidence_terms *terms);

#endif
