/* SPDX-License-Identifier: Apache-2.0 */
#include "match/confidence.h"

#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>

static struct confidence_terms terms_of(double score, double share, double coverage, double nearest)
{
	return (struct confidence_terms){ { score, share, coverage, nearest, 0 } };
}

static void nothing_to_learn_from_leaves_the_prior(void **state)
{
	struct confidence confidence = { 0 };
	struct confidence_terms own = terms_of(2, 0.9, 1, 1), half = terms_of(-1, 0.2, 0.5, 0.4),
				none = terms_of(-2, 0.1, 0, 0);
	(void)state;
	confidence_fit(&confidence, NULL, 0);
	confidence_choose_threshold(&confidence, NULL, 0, 0.05, 1, true);
	assert_true(fabs(confidence.threshold - 0.80) < 1e-9);
	assert_true(confidence_of(&confidence, &own) > confidence.threshold);
	assert_true(confidence_of(&confidence, &half) < 0.2);
	assert_true(confidence_of(&confidence, &none) < 0.01);
}

/* Questions whose chance to be right rises with their score: sigmoid(2 * score). */
static struct confidence_sample *samples_new(size_t count)
{
	struct confidence_sample *samples = calloc(count, sizeof *samples);
	for (size_t i = 0; i < count; i++) {
		double score = -1.5 + 4.0 * (double)i / (double)count;
		double chance = 1 / (1 + exp(-2 * score));
		samples[i].terms = terms_of(score, 0.5, 1, 0.7);
		samples[i].kind = SAMPLE_OWN;
		samples[i].is_right = (double)(i * 7919 % 1000) / 1000 < chance; /* 7919 is prime: spread evenly */
	}
	return samples;
}

static void learns_the_chance_of_being_right(void **state)
{
	enum { COUNT = 4000 };
	struct confidence confidence = { 0 };
	(void)state;
	struct confidence_sample *samples = samples_new(COUNT);
	confidence_fit(&confidence, samples, COUNT);
	for (double score = -1; score <= 2; score += 0.5) {
		struct confidence_terms terms = terms_of(score, 0.5, 1, 0.7);
		assert_true(fabs(confidence_of(&confidence, &terms) - 1 / (1 + exp(-2 * score))) < 0.03);
	}
	free(samples);
}

static void the_threshold_keeps_the_promise_on_what_was_seen(void **state)
{
	enum { COUNT = 4000 };
	static const double PROMISES[] = { 0.02, 0.05, 0.1, 0.2 };
	struct confidence confidence = { 0 };
	double last = 1.0;
	(void)state;
	struct confidence_sample *samples = samples_new(COUNT);
	confidence_fit(&confidence, samples, COUNT);
	for (size_t p = 0; p < COUNT(PROMISES); p++) {
		double given = 0, wrong = 0;
		confidence_choose_threshold(&confidence, samples, COUNT, PROMISES[p], 1, false);
		for (size_t i = 0; i < COUNT; i++)
			if (confidence_of(&confidence, &samples[i].terms) >= confidence.threshold)
				given++, wrong += !samples[i].is_right;
		assert_true(given > 0 && wrong / given < PROMISES[p] + 0.01);
		assert_true(confidence.threshold >= 0.5 && confidence.threshold <= last);
		last = confidence.threshold;
	}
	free(samples);
}

/* Another promise than the one asked for is kept as if it had been, or more carefully. */
static void other_promises_are_kept_too(void **state)
{
	enum { COUNT = 4000 };
	struct confidence confidence = { 0 }, other = { 0 };
	(void)state;
	struct confidence_sample *samples = samples_new(COUNT);
	confidence_fit(&confidence, samples, COUNT);
	other = confidence;
	confidence_choose_threshold(&confidence, samples, COUNT, 0.05, 1, false);
	assert_true(confidence_threshold_for(&confidence, 0.05) == confidence.threshold);
	for (size_t p = 0; p < CONFIDENCE_PROMISES; p++) {
		double share = CONFIDENCE_SHARES[p];
		confidence_choose_threshold(&other, samples, COUNT, share, 1, false);
		assert_true(confidence_threshold_for(&confidence, share) == other.threshold);
		assert_true(confidence_threshold_for(&confidence, share * 1.01) == other.threshold);
	}
	assert_true(confidence_threshold_for(&confidence, 0.0001) ==
		    confidence_threshold_for(&confidence, CONFIDENCE_SHARES[0]));
	free(samples);
}

/* A signal that speaks against being right gets no weight rather than a negative one. */
static void no_signal_speaks_against_an_answer(void **state)
{
	enum { COUNT = 500 };
	struct confidence confidence = { 0 };
	(void)state;
	struct confidence_sample *samples = samples_new(COUNT);
	for (size_t i = 0; i < COUNT; i++)
		samples[i].terms.signals[SIGNAL_NEAREST] = samples[i].is_right ? 0.1 : 0.9;
	confidence_fit(&confidence, samples, COUNT);
	for (size_t s = 0; s < SIGNAL_COUNT; s++)
		assert_true(confidence.weights[s] >= 0);
	free(samples);
}

static void three_lucky_examples_do_not_make_it_sure_of_everything(void **state)
{
	struct confidence confidence = { 0 };
	struct confidence_sample samples[3] = { 0 };
	struct confidence_terms half = terms_of(-1, 0.2, 0.4, 0.3);
	(void)state;
	for (size_t i = 0; i < 3; i++)
		samples[i] = (struct confidence_sample){ .terms = terms_of(0.5, 0.5, 0.8, 0.6), .is_right = true };
	confidence_fit(&confidence, samples, 3);
	confidence_choose_threshold(&confidence, samples, 3, 0.05, 1, true);
	assert_true(confidence_of(&confidence, &half) < confidence.threshold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_learn_from_leaves_the_prior),
		cmocka_unit_test(learns_the_chance_of_being_right),
		cmocka_unit_test(the_threshold_keeps_the_promise_on_what_was_seen),
		cmocka_unit_test(other_promises_are_kept_too),
		cmocka_unit_test(no_signal_speaks_against_an_answer),
		cmocka_unit_test(three_lucky_examples_do_not_make_it_sure_of_everything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
