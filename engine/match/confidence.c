/* SPDX-License-Identifier: Apache-2.0 */
#include "match/confidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where the fit starts from and is held near to. */
static const double PRIOR_WEIGHTS[SIGNAL_COUNT] = { 2.0, 1.0, 4.0, 4.0 };
static const double PRIOR_CONSTANT = -6.5;
/* How many questions the prior counts for. */
static const double PRIOR_STRENGTH = 2.0;
/* What visitors are expected to ask: so many questions of each kind. The last two belong to no intent. */
static const double KIND_SHARES[SAMPLE_KINDS] = { 0.85, 0.10, 0.05 };
enum { PARAMETERS = SIGNAL_COUNT + 1, NEWTON_ROUNDS = 30 };

static double sigmoid(double x)
{
	return 1.0 / (1.0 + exp(-x));
}

static double logit_of(const struct confidence *confidence, const struct confidence_terms *terms)
{
	double sum = confidence->constant;
	for (size_t s = 0; s < SIGNAL_COUNT; s++)
		sum += confidence->weights[s] * terms->signals[s];
	return sum;
}

double confidence_of(const struct confidence *confidence, const struct confidence_terms *terms)
{
	return sigmoid(logit_of(confidence, terms));
}

/* What one sample of each kind counts, so that the kinds have their shares and those of the own examples count 1. */
static void weigh_kinds(const struct confidence_sample *samples, size_t count, double weights[SAMPLE_KINDS])
{
	size_t counts[SAMPLE_KINDS] = { 0 };
	for (size_t i = 0; i < count; i++)
		counts[samples[i].kind]++;
	double own = counts[SAMPLE_OWN] ? (double)counts[SAMPLE_OWN] : (double)count;
	for (size_t k = 0; k < SAMPLE_KINDS; k++)
		weights[k] = counts[k] ? own * KIND_SHARES[k] / KIND_SHARES[SAMPLE_OWN] / (double)counts[k] : 0.0;
}

/* Solves `matrix` * x = `vector` in place (the matrix is positive definite), by Gauss without pivoting. */
static void solve(double matrix[PARAMETERS][PARAMETERS], double vector[PARAMETERS])
{
	for (size_t k = 0; k < PARAMETERS; k++)
		for (size_t i = k + 1; i < PARAMETERS; i++) {
			double factor = matrix[i][k] / matrix[k][k];
			for (size_t j = k; j < PARAMETERS; j++)
				matrix[i][j] -= factor * matrix[k][j];
			vector[i] -= factor * vector[k];
		}
	for (size_t k = PARAMETERS; k-- > 0;) {
		for (size_t j = k + 1; j < PARAMETERS; j++)
			vector[k] -= matrix[k][j] * vector[j];
		vector[k] /= matrix[k][k];
	}
}

/* Adds the slope and curvature of one sample's loss. */
static void add_sample(const struct confidence *confidence, const struct confidence_sample *sample, double weight,
                       double curvature[PARAMETERS][PARAMETERS], double slope[PARAMETERS])
{
	double x[PARAMETERS], p = confidence_of(confidence, &sample->terms);
	memcpy(x, sample->terms.signals, sizeof sample->terms.signals);
	x[SIGNAL_COUNT] = 1.0;
	for (size_t i = 0; i < PARAMETERS; i++) {
		slope[i] += weight * (p - (sample->is_right ? 1.0 : 0.0)) * x[i];
		for (size_t j = 0; j < PARAMETERS; j++)
			curvature[i][j] += weight * p * (1.0 - p) * x[i] * x[j];
	}
}

/* Newton's method on the logistic loss plus the pull to the prior; a weight that would turn negative is set to 0. */
void confidence_fit(struct confidence *confidence, const struct confidence_sample *samples, size_t count)
{
	double weights[SAMPLE_KINDS];
	weigh_kinds(samples, count, weights);
	memcpy(confidence->weights, PRIOR_WEIGHTS, sizeof PRIOR_WEIGHTS);
	confidence->constant = PRIOR_CONSTANT;
	for (int round = 0; round < NEWTON_ROUNDS; round++) {
		double curvature[PARAMETERS][PARAMETERS] = { { 0 } }, slope[PARAMETERS] = { 0 };
		for (size_t s = 0; s < PARAMETERS; s++) {
			bool is_constant = s == SIGNAL_COUNT;
			double now = is_constant ? confidence->constant : confidence->weights[s];
			double prior = is_constant ? PRIOR_CONSTANT : PRIOR_WEIGHTS[s];
			curvature[s][s] = PRIOR_STRENGTH;
			slope[s] = PRIOR_STRENGTH * (now - prior);
		}
		for (size_t i = 0; i < count; i++)
			add_sample(confidence, &samples[i], weights[samples[i].kind], curvature, slope);
		solve(curvature, slope);
		for (size_t s = 0; s < SIGNAL_COUNT; s++)
			confidence->weights[s] = fmax(confidence->weights[s] - slope[s], 0.0);
		confidence->constant -= slope[SIGNAL_COUNT];
	}
}

struct graded {
	double confidence, right, weight;
};

static int compare_graded(const void *left, const void *right)
{
	const struct graded *a = left, *b = right;
	if (a->confidence != b->confidence)
		return a->confidence < b->confidence ? 1 : -1;
	return (a->right < b->right) - (a->right > b->right);
}

/* Downwards from the surest: the lowest confidence down to which the answers given keep the promise. Each question
 * counts half as what it was and half as what its confidence says, and one more wrong answer than was seen is
 * reckoned with, so that few examples do not promise much. */
void confidence_choose_threshold(struct confidence *confidence, const struct confidence_sample *samples, size_t count,
                                 double wrong_share)
{
	double weights[SAMPLE_KINDS];
	weigh_kinds(samples, count, weights);
	struct graded *graded = malloc((count + 1) * sizeof *graded);
	for (size_t i = 0; i < count; i++)
		graded[i] = (struct graded){ confidence_of(confidence, &samples[i].terms), samples[i].is_right,
			                     weights[samples[i].kind] };
	qsort(graded, count, sizeof *graded, compare_graded);
	double given = 0, wrong = 0, threshold = 1.0 - wrong_share;
	for (size_t i = 0; i < count; i++) {
		given += graded[i].weight;
		wrong += graded[i].weight * (1.0 - 0.5 * (graded[i].right + graded[i].confidence));
		if (wrong <= wrong_share * given && graded[i].confidence < threshold)
			threshold = graded[i].confidence;
	}
	confidence->threshold = threshold;
	free(graded);
}
