/* SPDX-License-Identifier: Apache-2.0 */
#include "match/confidence.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where the fit starts from and is held near to, as strongly as so many questions would. By judgement: an
 * example's own wording (2, 0.9, 1, 1, 1, 0) comes to 6, half-known text (-1, 0.2, 0.5, 0.4, 0.4, 0) to -3, unknown
 * text below -6. */
static const double PRIOR_WEIGHTS[SIGNAL_COUNT] = { 1.0, 2.0, 2.0, 3.0, 2.0, 1.0 };
static const double PRIOR_CONSTANT = -5.0;
static const double PRIOR_STRENGTH = 2.0, SCALE_STRENGTH = 40.0;

/* How many questions without an intent there are for each one with. To learn what tells the one from the other many
 * are wanted; the probability and the threshold must reckon with how many there really will be. Shops differ; these
 * are low, since a made question is harder than most real ones that do not belong. */
static const double SHARES_TO_LEARN[SAMPLE_KINDS] = { 1.0, 0.5, 0.5 };
static const double SHARES_TO_RATE[SAMPLE_KINDS] = { 1.0, 0.02, 0.01 };
static const double SHARES_TO_PROMISE[SAMPLE_KINDS] = { 1.0, 0.02, 0.10 };

static const double THRESHOLD_MIN = 0.5;
/* Confidence is mostly spread so that with a threshold of 1 - CREDIT * w about a share w of the answers is wrong.
 * Checked on the open sets with ten examples (2026-11), where 6.0, 7.7 and 3.0 % were wrong instead of 5. */
static const double CREDIT = 4.0;
/* How errors fall with the share of examples that is learnt: with this power of it, cautiously (from five to ten examples an
 * intent, and from ten to all, the open sets have powers of 0.36 to 0.61). */
static const double LEARNING_EXPONENT = 1.0 / 3.0;

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

/* What one sample of each kind counts, so that the kinds have their shares and the own examples count 1 each. */
static void weigh_kinds(const struct confidence_sample *samples, size_t count, const double shares[SAMPLE_KINDS],
			double weights[SAMPLE_KINDS])
{
	size_t counts[SAMPLE_KINDS] = { 0 };
	for (size_t i = 0; i < count; i++)
		counts[samples[i].kind]++;
	double own = counts[SAMPLE_OWN] ? (double)counts[SAMPLE_OWN] : (double)count;
	for (size_t k = 0; k < SAMPLE_KINDS; k++)
		weights[k] = counts[k] ? own * shares[k] / (double)counts[k] : 0.0;
}

/* A logistic regression: `size` numbers a case, parameters pulled to a prior. */
struct regression {
	size_t size, count;
	double *x; /* count * size */
	double *weights;
	bool *is_right;
	double prior[PARAMETERS], pull[PARAMETERS], parameters[PARAMETERS];
};

static void regression_init(struct regression *regression, size_t size, const struct confidence_sample *samples,
			    size_t count, const double shares[SAMPLE_KINDS])
{
	double weights[SAMPLE_KINDS];
	weigh_kinds(samples, count, shares, weights);
	*regression = (struct regression){ .size = size, .count = count };
	for (size_t p = 0; p < size; p++)
		regression->pull[p] = PRIOR_STRENGTH;
	regression->x = mem_zalloc(count * size + 1, sizeof *regression->x);
	regression->weights = mem_zalloc(count + 1, sizeof *regression->weights);
	regression->is_right = mem_zalloc(count + 1, sizeof *regression->is_right);
	for (size_t i = 0; i < count; i++) {
		regression->weights[i] = weights[samples[i].kind];
		regression->is_right[i] = samples[i].is_right;
	}
}

static void regression_clear(struct regression *regression)
{
	free(regression->x);
	free(regression->weights);
	free(regression->is_right);
}

static double case_logit(const struct regression *regression, size_t i, const double *parameters)
{
	double sum = 0;
	for (size_t p = 0; p < regression->size; p++)
		sum += parameters[p] * regression->x[i * regression->size + p];
	return sum;
}

/* Log loss plus the pull to the prior. */
static double regression_loss(const struct regression *regression, const double *parameters)
{
	double loss = 0;
	for (size_t i = 0; i < regression->count; i++) {
		double logit = case_logit(regression, i, parameters),
		       against = regression->is_right[i] ? -logit : logit;
		loss += regression->weights[i] * (fmax(against, 0.0) + log1p(exp(-fabs(against))));
	}
	for (size_t p = 0; p < regression->size; p++)
		loss += 0.5 * regression->pull[p] * pow(parameters[p] - regression->prior[p], 2);
	return loss;
}

/* Slope and curvature of the loss. */
static void differentiate(const struct regression *regression, double curvature[PARAMETERS][PARAMETERS],
			  double slope[PARAMETERS])
{
	size_t size = regression->size;
	for (size_t p = 0; p < size; p++) {
		slope[p] = regression->pull[p] * (regression->parameters[p] - regression->prior[p]);
		for (size_t q = 0; q < size; q++)
			curvature[p][q] = p == q ? regression->pull[p] : 0.0;
	}
	for (size_t i = 0; i < regression->count; i++) {
		const double *x = regression->x + i * size;
		double rate = sigmoid(case_logit(regression, i, regression->parameters)),
		       weight = regression->weights[i];
		for (size_t p = 0; p < size; p++) {
			slope[p] += weight * (rate - (regression->is_right[i] ? 1.0 : 0.0)) * x[p];
			for (size_t q = 0; q < size; q++)
				curvature[p][q] += weight * rate * (1.0 - rate) * x[p] * x[q];
		}
	}
}

/* Turns the slope into Newton's step, by Gauss without pivoting: the pull makes the curvature positive definite. */
static void solve(size_t size, double curvature[PARAMETERS][PARAMETERS], double slope[PARAMETERS])
{
	for (size_t k = 0; k < size; k++)
		for (size_t i = k + 1; i < size; i++) {
			double factor = curvature[i][k] / curvature[k][k];
			for (size_t j = k; j < size; j++)
				curvature[i][j] -= factor * curvature[k][j];
			slope[i] -= factor * slope[k];
		}
	for (size_t k = size; k-- > 0;) {
		for (size_t j = k + 1; j < size; j++)
			slope[k] -= curvature[k][j] * slope[j];
		slope[k] /= curvature[k][k];
	}
}

/* Newton's method, each step halved until it helps. All parameters but the last (the constant) stay above 0. */
static void regression_fit(struct regression *regression)
{
	double loss = regression_loss(regression, regression->parameters);
	for (int round = 0; round < NEWTON_ROUNDS; round++) {
		double curvature[PARAMETERS][PARAMETERS], step[PARAMETERS], next[PARAMETERS];
		bool is_better = false;
		differentiate(regression, curvature, step);
		solve(regression->size, curvature, step);
		for (double share = 1.0; share > 1e-3 && !is_better; share *= 0.5) {
			for (size_t p = 0; p < regression->size; p++) {
				next[p] = regression->parameters[p] - share * step[p];
				if (p + 1 < regression->size)
					next[p] = fmax(next[p], 0.0);
			}
			double next_loss = regression_loss(regression, next);
			is_better = next_loss < loss - 1e-9 * fabs(loss);
			loss = is_better ? next_loss : loss;
		}
		if (!is_better)
			break;
		memcpy(regression->parameters, next, sizeof next);
	}
}

/* Which signals tell right from wrong. */
static void fit_weights(struct confidence *confidence, const struct confidence_sample *samples, size_t count)
{
	struct regression regression;
	regression_init(&regression, PARAMETERS, samples, count, SHARES_TO_LEARN);
	for (size_t i = 0; i < count; i++) {
		memcpy(regression.x + i * PARAMETERS, samples[i].terms.signals, sizeof samples[i].terms.signals);
		regression.x[i * PARAMETERS + SIGNAL_COUNT] = 1.0;
	}
	memcpy(regression.prior, PRIOR_WEIGHTS, sizeof PRIOR_WEIGHTS);
	regression.prior[SIGNAL_COUNT] = PRIOR_CONSTANT;
	memcpy(regression.parameters, regression.prior, sizeof regression.prior);
	regression_fit(&regression);
	memcpy(confidence->weights, regression.parameters, sizeof confidence->weights);
	confidence->constant = regression.parameters[SIGNAL_COUNT];
	regression_clear(&regression);
}

/* How sure that makes, when questions come in their real proportions (Platt's scaling of the whole sum). */
static void fit_scale(struct confidence *confidence, const struct confidence_sample *samples, size_t count)
{
	struct regression regression;
	regression_init(&regression, 2, samples, count, SHARES_TO_RATE);
	for (size_t i = 0; i < count; i++) {
		regression.x[i * 2] = logit_of(confidence, &samples[i].terms);
		regression.x[i * 2 + 1] = 1.0;
	}
	regression.prior[0] = regression.parameters[0] = 1.0;
	regression.pull[0] = SCALE_STRENGTH;
	regression_fit(&regression);
	for (size_t s = 0; s < SIGNAL_COUNT; s++)
		confidence->weights[s] *= regression.parameters[0];
	confidence->constant = confidence->constant * regression.parameters[0] + regression.parameters[1];
	regression_clear(&regression);
}

void confidence_fit(struct confidence *confidence, const struct confidence_sample *samples, size_t count)
{
	fit_weights(confidence, samples, count);
	fit_scale(confidence, samples, count);
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
 * counts half as what it was and half as what its confidence says, which smooths what few samples leave to chance. */
static double threshold_of(const struct graded *graded, size_t count, double wrong_share, double learnt, bool are_few)
{
	double given = 0, wrong = 0;
	double threshold = are_few ? fmax(1.0 - CREDIT * wrong_share, THRESHOLD_MIN) : 1.0;
	double allowed = are_few ? wrong_share : wrong_share * pow(learnt, -LEARNING_EXPONENT);
	for (size_t i = 0; i < count && graded[i].confidence >= THRESHOLD_MIN; i++) {
		given += graded[i].weight;
		wrong += graded[i].weight * (1.0 - 0.5 * (graded[i].right + graded[i].confidence));
		if (wrong <= allowed * given && graded[i].confidence < threshold)
			threshold = graded[i].confidence;
	}
	return threshold;
}

const double CONFIDENCE_SHARES[CONFIDENCE_PROMISES] = { 0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5 };

void confidence_choose_threshold(struct confidence *confidence, const struct confidence_sample *samples, size_t count,
				 double wrong_share, double learnt, bool are_few)
{
	double weights[SAMPLE_KINDS];
	struct graded *graded = mem_alloc((count + 1) * sizeof *graded);
	weigh_kinds(samples, count, SHARES_TO_PROMISE, weights);
	for (size_t i = 0; i < count; i++)
		graded[i] = (struct graded){ confidence_of(confidence, &samples[i].terms), samples[i].is_right,
					     weights[samples[i].kind] };
	if (count)
		qsort(graded, count, sizeof *graded, compare_graded);
	confidence->threshold = threshold_of(graded, count, wrong_share, learnt, are_few);
	for (size_t i = 0; i < CONFIDENCE_PROMISES; i++)
		confidence->promised[i] = threshold_of(graded, count, CONFIDENCE_SHARES[i], learnt, are_few);
	free(graded);
}

double confidence_threshold_for(const struct confidence *confidence, double wrong_share)
{
	size_t at = 0;
	while (at + 1 < CONFIDENCE_PROMISES && CONFIDENCE_SHARES[at + 1] <= wrong_share)
		at++;
	return confidence->promised[at];
}
