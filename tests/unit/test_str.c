/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "cmocka_all.h"

#include <limits.h>
#include <string.h>

static void test_trim(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} rows[] = { { "", "" }, { "  ", "" }, { "a", "a" }, { "\t a b\r\n", "a b" }, { "a ", "a" } };
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_true(str_is(str_trim(str_of(rows[i].in)), rows[i].out));
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(str_equal(str_of(NULL), STR_LIT("")));
	assert_true(str_equal_nocase(STR_LIT("AbC"), STR_LIT("aBc")));
	assert_false(str_equal_nocase(STR_LIT("abc"), STR_LIT("abcd")));
	assert_true(str_compare(STR_LIT("a"), STR_LIT("b")) < 0);
	assert_true(str_compare(STR_LIT("ab"), STR_LIT("a")) > 0);
	assert_int_equal(str_compare(STR_LIT("ab"), STR_LIT("ab")), 0);
	assert_true(str_starts(STR_LIT("abc"), "ab"));
	assert_false(str_starts(STR_LIT("a"), "ab"));
	assert_true(str_ends(STR_LIT("abc"), "bc"));
	assert_false(str_ends(STR_LIT("c"), "bc"));
	assert_true(str_is(str_part(STR_LIT("hello"), 1, 3), "ell"));
	assert_true(str_is(str_part(STR_LIT("hello"), 9, 3), ""));
	assert_int_equal(str_find(STR_LIT("abc"), 'c'), 2);
	assert_int_equal(str_find(STR_LIT("abc"), 'x'), 3);
}

static void test_split(void **state)
{
	(void)state;
	struct str rest = STR_LIT("a,,b,"), part;
	static const char *const parts[] = { "a", "", "b", "" };
	size_t count = 0;
	while (str_split(&rest, ',', &part))
		assert_true(str_is(part, parts[count++]));
	assert_int_equal(count, 4);
}

static void test_lines(void **state)
{
	(void)state;
	struct str rest = STR_LIT("one\r\n\ntwo"), line;
	static const char *const lines[] = { "one", "", "two" };
	size_t count = 0;
	while (str_line(&rest, &line))
		assert_true(str_is(line, lines[count++]));
	assert_int_equal(count, 3);
}

static void test_number(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned long long max;
		int ok;
		unsigned long long value;
	} rows[] = {
		{ "0", 9, 1, 0 },
		{ "9", 9, 1, 9 },
		{ "10", 9, 0, 0 },
		{ "5", 3, 0, 0 },
		{ "", 9, 0, 0 },
		{ "-1", 9, 0, 0 },
		{ "1x", 99, 0, 0 },
		{ "18446744073709551615", ULLONG_MAX, 1, ULLONG_MAX },
		{ "18446744073709551616", ULLONG_MAX, 0, 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned long long value = 0;
		bool ok = str_number(str_of(rows[i].text), rows[i].max, &value);
		if (ok != rows[i].ok || (ok && value != rows[i].value))
			fail_msg("%s up to %llu: %d %llu", rows[i].text, rows[i].max, ok, value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trim),  cmocka_unit_test(test_compare), cmocka_unit_test(test_split),
		cmocka_unit_test(test_lines), cmocka_unit_test(test_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
