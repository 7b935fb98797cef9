/* SPDX-License-Identifier: Apache-2.0 */
/* Intervals and percentiles. */
#include "dialogue/sample.h"

#include "cmocka_all.h"

#include <math.h>

/* The bounds of Wilson's interval are where a normal test of the share just fails: (p - x)^2 = z^2 x(1-x)/n. */
static void check_bound(struct rate rate, double bound)
{
	double n = (double)rate.whole, p = (double)rate.part / n;
	double reach = 1.959964 * 1.959964 * bound * (1 - bound) / n;
	if (fabs((p - bound) * (p - bound) - reach) > 1e-12)
		fail_msg("%lld of %lld: bound %.9f", (long long)rate.part, (long long)rate.whole, bound);
}

static void test_interval(void **state)
{
	(void)state;
	for (int64_t whole = 1; whole <= 200; whole += 7)
		for (int64_t part = 0; part <= whole; part++) {
			struct rate rate = { part, whole };
			double low, high, p = (double)part / (double)whole;
			rate_interval(rate, &low, &high);
			assert_true(low >= 0 && high <= 1 && low <= p + 1e-9 && high >= p - 1e-9);
			check_bound(rate, low);
			check_bound(rate, high);
		}
}

static void test_interval_of_nothing(void **state)
{
	(void)state;
	double low, high;
	rate_interval((struct rate){ 0, 0 }, &low, &high);
	assert_true(low == 0 && high == 1);
}

static const struct {
	int count; /* of the values count, count - 1 ... 1 */
	unsigned percent;
	double expected;
} percentile_rows[] = {
	{ 0, 50, 0 },  { 1, 50, 1 },   { 1, 90, 1 },    { 2, 50, 1 },  { 3, 50, 2 },    { 10, 50, 5 },
	{ 10, 90, 9 }, { 10, 91, 10 }, { 10, 100, 10 }, { 100, 1, 1 }, { 100, 90, 90 },
};

static void test_percentiles(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(percentile_rows); i++) {
		struct sample sample = { 0 };
		for (int value = percentile_rows[i].count; value >= 1; value--)
			sample_add(&sample, value);
		double found = sample_percentile(&sample, percentile_rows[i].percent);
		if (found != percentile_rows[i].expected)
			fail_msg("%u %% of %d: %f", percentile_rows[i].percent, percentile_rows[i].count, found);
		sample_clear(&sample);
	}
}

static void test_mean(void **state)
{
	(void)state;
	struct sample sample = { 0 };
	assert_true(sample_mean(&sample) == 0);
	sample_add(&sample, 1);
	sample_add(&sample, -2);
	sample_add(&sample, 4);
	assert_true(sample_mean(&sample) == 1);
	sample_clear(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_interval_of_nothing),
		cmocka_unit_test(test_percentiles),
		cmocka_unit_test(test_mean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
