/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cards.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Numbers that the card brands publish for tests. */
static const struct {
	const char *text, *masked, *remark;
} rows[] = {
	{ "my card is 4111111111111111 thanks", "my card is ************1111 thanks", "Visa" },
	{ "4111 1111 1111 1111", "**** **** **** 1111", "in blocks" },
	{ "4111-1111-1111-1111.", "****-****-****-1111.", "with dashes" },
	{ "378282246310005", "***********0005", "American Express, 15 digits" },
	{ "3782 822463 10005", "**** ****** *0005", "American Express as printed" },
	{ "5555555555554444, 5105105105105100", "************4444, ************5100", "two of them" },
	{ "6011000990139424", "************9424", "Discover" },
	{ "4222222222222", "*********2222", "13 digits" },
	{ "order 12345 4111 1111 1111 1111", "order 12345 **** **** **** 1111", "another number before it" },
	{ "4111 1111 1111 1111 123", "**** **** **** 1111 123", "the security code behind it" },
	{ "4111111111111112", "4111111111111112", "wrong check digit" },
	{ "41111111111111111111111", "41111111111111111111111", "too many digits" },
	{ "411111111111", "411111111111", "too few" },
	{ "1234567890123452", "1234567890123452", "no card begins with 1" },
	{ "call 020 7946 0958", "call 020 7946 0958", "a telephone number" },
	{ "4111  1111 1111 1111", "4111  1111 1111 1111", "two blanks part numbers" },
	{ "22 1111 1111 4111 1111 1111 1111", "** **** **** **** **** **** 1111",
	  "what is left of one begins another" },
	{ "", "", "nothing" },
	{ "x4111111111111111y", "x************1111y", "letters around" },
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[128];
		strcpy(text, rows[i].text);
		cards_mask(text);
		if (strcmp(text, rows[i].masked))
			fail_msg("%s: \"%s\" became \"%s\", not \"%s\"", rows[i].remark, rows[i].text, text,
				 rows[i].masked);
	}
}

static void test_long_text(void **state)
{
	(void)state;
	enum { LEN = 1000 * 1000 };
	char *text = malloc(LEN + 1);
	for (int i = 0; i < LEN; i++)
		text[i] = i % 2 ? ' ' : '4';
	text[LEN] = '\0';
	clock_t began = clock();
	cards_mask(text);
	assert_true((double)(clock() - began) / CLOCKS_PER_SEC < 5);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_long_text) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
