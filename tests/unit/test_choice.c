/* SPDX-License-Identifier: Apache-2.0 */
#include "base/count.h"
#include "dialogue/choice.h"

#include "cmocka_all.h"

static void test_choices(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t count, choice;
	} rows[] = {
		{ "yes", 1, 1 },
		{ "Yes please!", 1, 1 },
		{ "yes", 2, 0 }, /* which? */
		{ "yes, the second one", 2, 2 },
		{ "2", 2, 2 },
		{ "2.", 3, 2 },
		{ "the first", 1, 1 },
		{ "3", 2, 3 }, /* the button behind them */
		{ "3", 1, 0 },
		{ "4", 3, 0 },
		{ "das zweite bitte", 2, 2 },
		{ "Ja, genau", 1, 1 },
		{ "la première", 2, 1 },
		{ "oui c'est ça", 1, 1 },
		{ "Sí, por favor", 1, 1 },
		{ "la segunda", 3, 2 },
		{ "the first or the second", 2, 0 },
		{ "yes but when", 1, 0 },
		{ "no", 1, 0 },
		{ "my second order", 2, 0 },
		{ "where is it", 1, 0 },
		{ "", 1, 0 },
		{ "...", 1, 0 },
		{ "yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes", 1,
		  0 }, /* too long to be one */
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena arena = { 0 };
		size_t choice = choice_read(&arena, str_of(rows[i].text), rows[i].count);
		if (choice != rows[i].choice)
			fail_msg("\"%s\" of %zu: %zu instead of %zu", rows[i].text, rows[i].count, choice,
				 rows[i].choice);
		arena_clear(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_choices) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
