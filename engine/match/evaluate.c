/* SPDX-License-Identifier: Apache-2.0 */
#include "match/evaluate.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { BINS = 15 }; /* Guo et al., On calibration of modern neural networks (2017) */

struct outcome {
	double confidence, duration_us;
	bool is_right, is_out_of_scope;
};

static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static struct outcome ask(const struct matcher *matcher, struct match_scratch *scratch, struct str text,
			  uint32_t intent)
{
	struct match_result result;
	double start = now_us();
	matcher_rank(matcher, scratch, text, &result);
	return (struct outcome){
		.duration_us = now_us() - start,
		.confidence = result.count ? result.candidates[0].confidence : 0.0,
		.is_right = result.count && result.candidates[0].intent == intent,
	};
}

static int compare_confidence(const void *left, const void *right)
{
	const struct outcome *a = left, *b = right;
	return (a->confidence > b->confidence) - (a->confidence < b->confidence);
}

static int compare_numbers(const void *left, const void *right)
{
	const double *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

/* The area under the ROC curve by ranks (Mann and Whitney 1947); equals count half. `outcomes` rise in confidence. */
static double area(const struct outcome *outcomes, size_t count, size_t inside, size_t outside)
{
	double won = 0, outside_below = 0;
	if (!inside || !outside)
		return 0;
	for (size_t from = 0, to; from < count; from = to) {
		double in = 0, out = 0;
		for (to = from; to < count && outcomes[to].confidence == outcomes[from].confidence; to++)
			*(outcomes[to].is_out_of_scope ? &out : &in) += 1;
		won += in * (outside_below + 0.5 * out);
		outside_below += out;
	}
	return won / ((double)inside * (double)outside);
}

static double calibration_error(const struct outcome *outcomes, size_t count, size_t inside)
{
	double right[BINS] = { 0 }, confidence[BINS] = { 0 }, error = 0;
	for (size_t i = 0; i < count; i++) {
		if (outcomes[i].is_out_of_scope)
			continue;
		size_t bin = (size_t)fmin(fmax(outcomes[i].confidence, 0.0) * BINS, BINS - 1);
		right[bin] += outcomes[i].is_right;
		confidence[bin] += outcomes[i].confidence;
	}
	for (size_t b = 0; b < BINS; b++)
		error += fabs(right[b] - confidence[b]);
	return inside ? error / (double)inside : 0;
}

/* Counts what was answered at the threshold. */
static void count_answers(struct evaluation *evaluation, const struct outcome *outcomes, size_t count, double threshold)
{
	double right = 0, answered = 0, answered_right = 0, refused = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_answered = outcomes[i].confidence >= threshold;
		refused += outcomes[i].is_out_of_scope && !is_answered;
		right += outcomes[i].is_right;
		answered += !outcomes[i].is_out_of_scope && is_answered;
		answered_right += outcomes[i].is_right && is_answered;
	}
	double tested = evaluation->tested ? (double)evaluation->tested : 1.0;
	evaluation->accuracy = right / tested;
	evaluation->coverage = answered / tested;
	evaluation->precision = answered > 0 ? answered_right / answered : 1.0;
	evaluation->oos_refused = evaluation->oos_tested ? refused / (double)evaluation->oos_tested : 0.0;
}

static void time_queries(struct evaluation *evaluation, const struct outcome *outcomes, size_t count)
{
	double *durations = mem_alloc((count + 1) * sizeof *durations);
	for (size_t i = 0; i < count; i++)
		durations[i] = outcomes[i].duration_us;
	if (count) {
		qsort(durations, count, sizeof *durations, compare_numbers);
		evaluation->query_us_p50 = durations[count / 2];
		evaluation->query_us_p99 = durations[count * 99 / 100];
	}
	free(durations);
}

struct evaluation evaluate_matcher(const struct matcher *matcher, const struct training_example *tests,
				   size_t test_count, const struct str *out_of_scope, size_t out_of_scope_count)
{
	struct evaluation evaluation = { .tested = test_count, .oos_tested = out_of_scope_count };
	struct match_scratch *scratch = match_scratch_new();
	size_t count = test_count + out_of_scope_count;
	struct outcome *outcomes = mem_alloc((count + 1) * sizeof *outcomes);
	for (size_t i = 0; i < test_count; i++)
		outcomes[i] = ask(matcher, scratch, tests[i].text, tests[i].intent);
	for (size_t i = 0; i < out_of_scope_count; i++) {
		outcomes[test_count + i] = ask(matcher, scratch, out_of_scope[i], MATCH_NONE);
		outcomes[test_count + i].is_out_of_scope = true;
	}
	time_queries(&evaluation, outcomes, count);
	if (count)
		qsort(outcomes, count, sizeof *outcomes, compare_confidence);
	evaluation.auroc = area(outcomes, count, test_count, out_of_scope_count);
	evaluation.ece = calibration_error(outcomes, count, test_count);
	count_answers(&evaluation, outcomes, count, matcher_threshold(matcher));
	free(outcomes);
	match_scratch_free(scratch);
	return evaluation;
}
