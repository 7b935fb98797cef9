/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/bare.h"

#include "cmocka_all.h"

static void test_bare(void **state)
{
	(void)state;
	static const struct {
		const char *language, *text;
		enum bare bare;
	} rows[] = {
		{ "en", "ada@tea.example", BARE_ADDRESS },
		{ "en", "my email is ada.l+shop@mail.tea.example.", BARE_ADDRESS },
		{ "en", "you can reach me at ada@tea.example, thanks", BARE_ADDRESS },
		{ "de", "meine Adresse ist ada@tee.example", BARE_ADDRESS },
		{ "fr", "mon adresse : ada@the.example merci", BARE_ADDRESS },
		{ "es", "mi correo es ada@te.example", BARE_ADDRESS },
		{ "en", "please change my order to ada@tea.example", BARE_NOTHING },
		{ "en", "ada@tea", BARE_NOTHING },
		{ "en", "@acme", BARE_NOTHING },
		{ "en", "a @ b . c", BARE_NOTHING },
		{ "en", "@", BARE_NOTHING },
		{ "en", "ada@", BARE_NOTHING },
		{ "en", "ada@.x", BARE_NOTHING },
		{ "en", "482913", BARE_NUMBER },
		{ "en", "it's AB-482913", BARE_NUMBER },
		{ "en", "#10 482 913", BARE_NUMBER },
		{ "en", "+44 7700 900123", BARE_NUMBER },
		{ "de", "die nummer ist 482913", BARE_NUMBER },
		{ "es", "es el número 482913", BARE_NUMBER },
		{ "en", "order 482913", BARE_NOTHING },
		{ "en", "ORDER 482913", BARE_NOTHING },
		{ "en", "42", BARE_NOTHING },
		{ "en", "£45.90", BARE_NOTHING },
		{ "en", "in 2027?", BARE_NOTHING },
		{ "en", "size 38", BARE_NOTHING },
		{ "en", "", BARE_NOTHING },
		{ "en", "it is my", BARE_NOTHING },
		{ "en", "😀", BARE_NOTHING },
	};
	struct arena arena = { 0 };
	size_t failed = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tokens tokens = tokens_read_in(&arena, str_of(rows[i].text), rows[i].language);
		enum bare got = bare_read(&tokens);
		if (got != rows[i].bare)
			print_error("%s \"%s\": %d\n", rows[i].language, rows[i].text, got);
		failed += got != rows[i].bare;
		arena_reset(&arena);
	}
	arena_clear(&arena);
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_bare) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
