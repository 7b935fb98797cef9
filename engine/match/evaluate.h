/* SPDX-License-Identifier: Apache-2.0 */
/* How well a matcher does on questions whose intents are known, and on questions that belong to none: the numbers of
 * `shopbell eval`. Reads no file and prints nothing. */
#ifndef SHOPBELL_MATCH_EVALUATE_H
#define SHOPBELL_MATCH_EVALUATE_H

#include "match/match.h"

struct evaluation {
	size_t tested;      /* questions that have an intent */
	double accuracy;    /* share of them whose first candidate is right */
	double coverage;    /* share of them answered, at the matcher's own threshold */
	double precision;   /* share of the answered ones that are right; 1 when none is answered */
	double ece;         /* expected calibration error: mean distance of confidence and accuracy, 15 bins */
	size_t oos_tested;  /* questions that belong to no intent */
	double oos_refused; /* share of them not answered; 0 when there are none */
	double auroc;       /* chance that a question with an intent is surer than one without; 0 without the latter */
	double query_us_p50, query_us_p99; /* microseconds a question took, over both kinds */
};

/* `tests`: questions with their intents (MATCH_NONE or any number the matcher does not know counts as wrong).
 * `out_of_scope`: questions without. Runs on the caller's thread, one query after the other. */
struct evaluation evaluate_matcher(const struct matcher *matcher, const struct training_example *tests,
				   size_t test_count, const struct str *out_of_scope, size_t out_of_scope_count);

#endif
