/* SPDX-License-Identifier: Apache-2.0 */
#include "match/evaluate.h"

#include "cmocka_all.h"
#include "match_kit.h"

#include <math.h>

static const struct str *strangers(size_t *out_count)
{
	static const char *const texts[] = { "asdf qwer zxcv", "who won the world cup in 1998", "", "4711" };
	enum { COUNT = COUNT(texts) };
	static struct str list[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		list[i] = str_of(texts[i]);
	*out_count = COUNT;
	return list;
}

static void what_it_was_taught_is_all_right_and_nonsense_all_refused(void **state)
{
	struct kit kit;
	size_t count;
	const struct str *nonsense = strangers(&count);
	(void)state;
	kit_fill(&kit, KIT_SHOP_COUNT);
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	struct evaluation e = evaluate_matcher(matcher, kit.items, kit.set.example_count, nonsense, count);
	assert_int_equal(e.tested, kit.set.example_count);
	assert_int_equal(e.oos_tested, count);
	assert_true(e.accuracy == 1.0 && e.coverage == 1.0 && e.precision == 1.0 && e.oos_refused == 1.0);
	assert_true(e.auroc == 1.0);
	assert_true(e.ece >= 0 && e.ece < 0.05); /* an example's own words are 0.99 sure, and right */
	assert_true(e.query_us_p50 > 0 && e.query_us_p99 >= e.query_us_p50);
	matcher_free(matcher);
}

/* The same text with and without an intent: neither is surer. Labels that cannot be right are wrong. */
static void wrong_and_equal_ones_are_counted_as_such(void **state)
{
	static const uint32_t labels[] = { 0, 1, MATCH_NONE, KIT_SHOP_COUNT + 7 };
	enum { COUNT = COUNT(labels) };
	struct training_example tests[COUNT];
	struct str out_of_scope[2] = { STR_LIT("delivery time"), STR_LIT("delivery time") };
	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct training_example){ out_of_scope[0], labels[i] };
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	struct evaluation e = evaluate_matcher(matcher, tests, COUNT, out_of_scope, 2);
	assert_true(e.accuracy == 0.25 && e.precision == 0.25 && e.coverage == 1.0);
	assert_true(e.oos_refused == 0.0 && e.auroc == 0.5);
	assert_true(fabs(e.ece - (0.99 - 0.25)) < 1e-9);
	matcher_free(matcher);
}

static void nothing_to_ask(void **state)
{
	(void)state;
	struct matcher *matcher = kit_matcher(2);
	struct evaluation e = evaluate_matcher(matcher, NULL, 0, NULL, 0);
	assert_true(e.accuracy == 0 && e.coverage == 0 && e.precision == 1.0 && e.ece == 0 && e.auroc == 0);
	assert_true(e.oos_refused == 0 && e.query_us_p50 == 0);
	matcher_free(matcher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_was_taught_is_all_right_and_nonsense_all_refused),
		cmocka_unit_test(wrong_and_equal_ones_are_counted_as_such),
		cmocka_unit_test(nothing_to_ask),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
