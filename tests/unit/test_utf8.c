/* SPDX-License-Identifier: Apache-2.0 */
#include "base/count.h"
#include "text/utf8.h"

#include "cmocka_all.h"

#include <string.h>

static struct str bytes(const char *text, size_t len)
{
	return (struct str){ text, len };
}
#define BYTES(literal) bytes("" literal, sizeof(literal) - 1)

static void test_validity(void **state)
{
	(void)state;
	const struct {
		struct str text;
		bool is_valid;
		const char *why;
	} rows[] = {
		{ BYTES(""), true, "empty" },
		{ BYTES("plain"), true, "ASCII" },
		{ BYTES("a\0b"), true, "NUL is a character" },
		{ BYTES("gr\xc3\xb6\xc3\x9f"
			"er"),
		  true, "two bytes" },
		{ BYTES("\xe2\x82\xac"), true, "three bytes" },
		{ BYTES("\xf0\x9f\x98\xa1"), true, "four bytes" },
		{ BYTES("\xf4\x8f\xbf\xbf"), true, "the last code point" },
		{ BYTES("\xed\x9f\xbf\xee\x80\x80"), true, "either side of the surrogates" },
		{ BYTES("\x80"), false, "a tail alone" },
		{ BYTES("\xc3"), false, "cut after one of two" },
		{ BYTES("\xe2\x82"), false, "cut after two of three" },
		{ BYTES("\xf0\x9f\x98"), false, "cut after three of four" },
		{ BYTES("\xc0\xaf"), false, "overlong, two bytes" },
		{ BYTES("\xc1\xbf"), false, "overlong, two bytes" },
		{ BYTES("\xe0\x9f\xbf"), false, "overlong, three bytes" },
		{ BYTES("\xf0\x8f\xbf\xbf"), false, "overlong, four bytes" },
		{ BYTES("\xed\xa0\x80"), false, "first surrogate" },
		{ BYTES("\xed\xbf\xbf"), false, "last surrogate" },
		{ BYTES("\xf4\x90\x80\x80"), false, "above U+10FFFF" },
		{ BYTES("\xf5\x80\x80\x80"), false, "no such lead" },
		{ BYTES("\xff"), false, "no such byte" },
		{ BYTES("eight by\xfete"), false, "behind a fast start" },
		{ BYTES("12345678\xc3"), false, "at the very end" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (utf8_is_valid(rows[i].text) != rows[i].is_valid)
			fail_msg("%s: should be %s", rows[i].why, rows[i].is_valid ? "valid" : "malformed");
}

/* Every code point is written and read back; what is no code point is not valid. */
static void test_every_code_point(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x110000; code++) {
		char out[4];
		struct str text = { out, utf8_put(code, out) };
		bool is_code_point = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
		size_t at = 0;
		if (utf8_is_valid(text) != is_code_point)
			fail_msg("U+%04X", (unsigned)code);
		if (is_code_point && (utf8_next(text, &at) != code || at != text.len))
			fail_msg("U+%04X does not come back", (unsigned)code);
	}
}

static void test_next_steps_over_malformed_bytes(void **state)
{
	(void)state;
	struct str text = BYTES("a\xff\xe2\x82z");
	static const uint32_t codes[] = { 'a', 0xfffd, 0xfffd, 0xfffd, 'z' };
	size_t at = 0;
	for (size_t i = 0; i < COUNT(codes); i++)
		assert_int_equal(utf8_next(text, &at), codes[i]);
	assert_int_equal(at, text.len);
}

static void test_count(void **state)
{
	(void)state;
	assert_int_equal(utf8_count(BYTES("")), 0);
	assert_int_equal(utf8_count(BYTES("Gr\xc3\xb6\xc3\x9f"
					  "e")),
			 5);
	assert_int_equal(utf8_count(BYTES("\xf0\x9f\x98\xa1!")), 2);
}

static void test_repair(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct str good = BYTES("gr\xc3\xbc\xc3\x9f");
	assert_ptr_equal(utf8_repair_in(&arena, good).ptr, good.ptr);
	struct str repaired = utf8_repair_in(&arena, BYTES("a\xc3z\xff"));
	assert_true(str_is(repaired, "a\xef\xbf\xbdz\xef\xbf\xbd"));
	assert_true(utf8_is_valid(repaired));
	arena_clear(&arena);
}

static void test_cut(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t max;
		const char *kept;
	} rows[] = {
		{ "", 0, "" },    { "abc", 3, "abc" }, { "abc", 2, "ab" }, { "abc", 0, "" },  { "aé", 3, "aé" },
		{ "aé", 2, "a" }, { "€", 2, "" },      { "€", 3, "€" },    { "a😀b", 4, "a" }, { "a😀b", 5, "a😀" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str kept = utf8_cut(str_of(rows[i].text), rows[i].max);
		if (!str_is(kept, rows[i].kept))
			fail_msg("%s at %zu: %.*s", rows[i].text, rows[i].max, STR_ARG(kept));
	}
}

static void test_printable(void **state)
{
	static const struct {
		const char *text;
		size_t most;
		const char *expected;
	} rows[] = {
		{ "", 9, "" },
		{ "grüße\t€", 9, "grüße\t€" },
		{ "a\x1b[2Jb\x07\r\nc", 99, "a?[2Jb???c" },
		{ "a\xc2\x9b"
		  "31m\x7f",
		  99, "a?31m?" },
		{ "a\xff"
		  "b",
		  99,
		  "a\xef\xbf\xbd"
		  "b" },
		{ "äöü", 2, "äö" },
	};
	struct arena arena = { 0 };
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(utf8_printable_in(&arena, rows[i].text, rows[i].most), rows[i].expected);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_validity),
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_next_steps_over_malformed_bytes),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_repair),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_printable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
