/* SPDX-License-Identifier: Apache-2.0 */
/* One-vs-rest linear classifiers, many classes trained side by side: for every row all classes are scored and
 * corrected at once, so that the vector instructions run over classes and a row is fetched once.
 *
 * Two losses: the squared hinge (better where wordings follow a pattern) and the logistic (better where they do
 * not). Both by dual coordinate descent: Hsieh et al., A dual coordinate descent method for large-scale linear SVM
 * (2008); Yu, Huang, Lin, Dual coordinate descent methods for logistic regression (2011). Their shrinking is not
 * needed, since a row is visited for all classes anyway. */
#ifndef SHOPBELL_MATCH_LINEAR_H
#define SHOPBELL_MATCH_LINEAR_H

#include "match/vectors.h"

#include <stddef.h>
#include <stdint.h>

/* Points with their classes. A point has sparse features, VECTOR_DIMENSIONS dense ones, and a constant 1. */
struct linear_rows {
	size_t count, feature_count;
	const size_t *starts; /* of each row in ids and values, and behind the last */
	const uint32_t *ids;
	const float *values;
	const float *dense; /* count * VECTOR_DIMENSIONS */
	const uint32_t *classes;
};

enum linear_loss { LINEAR_SQUARED_HINGE, LINEAR_LOGISTIC };

/* How many classes a model has: as many as make one cache line of weights. */
enum { LINEAR_WIDTH = 16 };

/* The classifiers of classes first_class .. first_class + LINEAR_WIDTH - 1 (those beyond the last are idle). */
struct linear_model {
	enum linear_loss loss;
	float cost; /* C: how dear an error is, against small weights */
	size_t row_count, feature_count;
	uint32_t first_class;
	float *weights; /* by feature, then dense dimension, then the constant: LINEAR_WIDTH numbers each */
	float *squares; /* by row: its length, squared, with the constant */
	float *duals;   /* by row: what each class has learnt from it */
	uint8_t *
		patience; /* by row: for how many rounds it was skipped last, 0 when something was learnt from it since */
};

/* A model that knows nothing, of the classes from 0 on. */
void linear_init(struct linear_model *model, enum linear_loss loss, float cost, const struct linear_rows *rows);
/* Makes the model know nothing, of the classes from `first_class` on. */
void linear_reset(struct linear_model *model, uint32_t first_class);
/* A copy that goes its own way; `copy` is a model made by linear_init for the same rows. */
void linear_copy(struct linear_model *copy, const struct linear_model *model);
void linear_clear(struct linear_model *model);

/* Makes a logistic model begin with `factor` times what a hinge model has learnt from the same rows: both find the same
 * rows hard, and from there it is a shorter way than from nothing. */
void linear_follow(struct linear_model *model, const struct linear_model *teacher, const struct linear_rows *rows,
		   float factor);

/* How thoroughly to learn. */
struct linear_effort {
	unsigned rounds; /* at most so often over the rows */
	float tolerance; /* until no dual changes by more than so many times the cost */
	/* Rows of other classes that were skipped for so many rounds when the training before ended (1 or more) come only
	 * after so many rounds: until the others have moved the weights there is nothing to be learnt from them. */
	unsigned idle_from, idle_rounds;
	size_t run; /* 1 or more: rows are shuffled in runs of so many that lie beside each other. Longer runs learn
			  * a little more slowly, but find in the cache what rows with the same words have left there */
};
/* Goes over all rows for which `is_held` (by row; may be NULL) is 0, in a shuffled order, which is always the same. Goes
 * on from what the model knows. */
void linear_train(struct linear_model *model, const struct linear_rows *rows, const uint8_t *is_held,
		  const struct linear_effort *effort);
/* Makes the model as if the rows that `is_held` names had never been seen. */
void linear_forget(struct linear_model *model, const struct linear_rows *rows, const uint8_t *is_held);
/* The scores of a point with `count` sparse features, one for each class. */
void linear_score(const struct linear_model *model, const uint32_t *ids, const float *values, size_t count,
		  const float *dense, float out_scores[LINEAR_WIDTH]);

#endif
