/* SPDX-License-Identifier: Apache-2.0 */
#include "server/limits.h"

#include "base/arena.h"

#include "cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static void test_bucket(void **state)
{
	(void)state;
	const struct rate_limit rate = { .per_minute = 30, .burst = 3 };
	struct bucket bucket = { 0 };
	const int64_t start = (int64_t)UINT32_MAX - 1000; /* the clock of a bucket wraps */
	for (int i = 0; i < 3; i++)
		assert_int_equal(bucket_take(&bucket, rate, start), 0);
	int64_t wait = bucket_take(&bucket, rate, start);
	assert_in_range(wait, 1999, 2001);
	assert_true(bucket_take(&bucket, rate, start + wait - 100) > 0);
	assert_int_equal(bucket_take(&bucket, rate, start + wait + 1), 0);
	assert_true(bucket_take(&bucket, rate, start + wait + 1) > 0);
	bucket_give(&bucket);
	assert_int_equal(bucket_take(&bucket, rate, start + wait + 1), 0);
	/* Rested, it holds its burst and no more. */
	for (int i = 0; i < 3; i++)
		assert_int_equal(bucket_take(&bucket, rate, start + 600000), 0);
	assert_true(bucket_take(&bucket, rate, start + 600000) > 0);
}

static void test_fires_and_spares(void **state)
{
	(void)state;
	const struct rate_limit rate = { .per_minute = 60, .burst = 5 };
	struct limits *limits = limits_new();
	uint64_t loud = limits_address_text(limits, STR_LIT("192.0.2.1"));
	uint64_t other = limits_address_text(limits, STR_LIT("192.0.2.2"));
	for (int i = 0; i < 5; i++)
		assert_int_equal(limits_take(limits, LIMIT_ASK, loud, rate, 1000), 0);
	assert_true(limits_take(limits, LIMIT_ASK, loud, rate, 1000) > 0);
	assert_int_equal(limits_take(limits, LIMIT_ASK, other, rate, 1000), 0);
	assert_int_equal(limits_take(limits, LIMIT_MESSAGES, loud, rate, 1000), 0);
	limits_sweep(limits, 1000 + 60 * 1000);
	assert_int_equal(limits_size(limits), 3);
	limits_sweep(limits, 1000 + 60 * 60 * 1000);
	assert_int_equal(limits_size(limits), 0);
	limits_free(limits);
}

static void test_connections(void **state)
{
	(void)state;
	struct limits *limits = limits_new();
	for (int i = 0; i < 200; i++)
		assert_true(limits_enter(limits, 1, 200));
	assert_false(limits_enter(limits, 1, 200));
	assert_true(limits_enter(limits, 2, 200));
	limits_leave(limits, 1);
	assert_true(limits_enter(limits, 1, 200));
	for (int i = 0; i < 200; i++)
		limits_leave(limits, 1);
	limits_leave(limits, 2);
	assert_int_equal(limits_size(limits), 0);
	limits_free(limits);
}

static void test_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool are_one;
		const char *remark;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", true, "the same" },
		{ "192.0.2.1", "192.0.2.2", false, "neighbours" },
		{ "::ffff:192.0.2.1", "192.0.2.1", true, "IPv4 seen through IPv6" },
		{ "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true, "one household" },
		{ "2001:db8:1:2::1", "2001:db8:1:3::1", false, "two households" },
		{ "[2001:db8::1]", "2001:db8::1", true, "brackets" },
	};
	struct limits *limits = limits_new();
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t a = limits_address_text(limits, str_of(rows[i].a)),
			 b = limits_address_text(limits, str_of(rows[i].b));
		if (!a || !b || (a == b) != rows[i].are_one)
			fail_msg("%s and %s: %s", rows[i].a, rows[i].b, rows[i].remark);
	}
	static const char *const wrong[] = { "",           "localhost", "1.2.3",   "1.2.3.4.5",
					     "1.2.3.4:80", "::g",       "unknown", "999.1.1.1" };
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (limits_address_text(limits, str_of(wrong[i])))
			fail_msg("\"%s\" is no address", wrong[i]);
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = 99 };
	inet_pton(AF_INET, "192.0.2.1", &four.sin_addr);
	assert_int_equal(limits_address(limits, (struct sockaddr *)&four),
			 limits_address_text(limits, STR_LIT("192.0.2.1")));
	assert_int_equal(limits_name(limits, "Anna"), limits_name(limits, "Anna"));
	assert_int_not_equal(limits_name(limits, "Anna"), limits_name(limits, "Anne"));
	limits_free(limits);
}

static void test_proxies(void **state)
{
	(void)state;
	struct limits *limits = limits_new();
	assert_int_equal(limits_trust(limits, STR_LIT("10.0.0.1")), 0);
	assert_int_equal(limits_trust(limits, STR_LIT("ten")), -1);
	assert_true(limits_is_trusted(limits, limits_address_text(limits, STR_LIT("10.0.0.1"))));
	assert_false(limits_is_trusted(limits, limits_address_text(limits, STR_LIT("10.0.0.2"))));
	limits_free(limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bucket),      cmocka_unit_test(test_fires_and_spares),
		cmocka_unit_test(test_connections), cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_proxies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
