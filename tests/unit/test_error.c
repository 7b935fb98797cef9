/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include "cmocka_all.h"

#include <string.h>

static void test_message(void **state)
{
	(void)state;
	struct error err = { 0 };
	assert_int_equal(error_set(&err, ERROR_MISSING, "no file %s", "x.md"), -1);
	assert_int_equal(err.kind, ERROR_MISSING);
	assert_string_equal(err.message, "no file x.md");
	assert_int_equal(error_set(NULL, ERROR_MISSING, "nobody asks"), -1);
}

/* A long message is cut between characters, whatever the offset. */
static void test_long_message_is_cut_at_a_character(void **state)
{
	(void)state;
	char text[2000];
	for (size_t shift = 0; shift < 4; shift++) {
		memset(text, 'a', shift);
		for (size_t i = shift; i + 4 < sizeof text; i += 4)
			memcpy(text + i, "\xf0\x9f\x98\x80", 5);
		struct error err = { 0 };
		error_set(&err, ERROR_INPUT, "%s", text);
		size_t len = strlen(err.message);
		assert_in_range(len, sizeof err.message - 5, sizeof err.message - 1);
		assert_int_equal((len - shift) % 4, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_long_message_is_cut_at_a_character),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
