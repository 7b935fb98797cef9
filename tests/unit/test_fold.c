/* SPDX-License-Identifier: Apache-2.0 */
#include "text/fold.h"

#include "text/token.h"

#include "cmocka_all.h"

#include <string.h>

static void test_words(void **state)
{
	(void)state;
	static const struct {
		const char *language, *text, *folded;
	} rows[] = {
		{ "en", "", "" },
		{ "en", "?!", "" },
		{ "en", "What's up?", "what is up" },
		{ "en", "whats  UP", "what is up" },
		{ "en", "Order 12.50, please :)", "order 12.50 please :)" },
		{ "de", "Größe", "grösse" },
		{ "fr", "L’adresse", "le adresse" },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(fold_words_in(&arena, str_of(rows[i].text), rows[i].language).ptr, rows[i].folded);
	arena_clear(&arena);
}

static void test_slugs(void **state)
{
	(void)state;
	static const struct {
		const char *text, *slug;
	} rows[] = {
		{ "", "" },
		{ "How long does delivery take?", "how-long-does-delivery-take" },
		{ "  Where's my e-mail?! ", "wheres-my-e-mail" },
		{ "Where’s", "wheres" },
		{ "P&P / 3.95", "p-p-3-95" },
		{ "Größe & Straße", "grosse-strasse" },
		{ "Où est-ce, l’été", "ou-est-ce-lete" },
		{ "Łódź Ærø œuvre", "lodz-aero-oeuvre" },
		{ "XXXL www aaa", "xxxl-www-aaa" },
		{ "cafe\xcc\x81", "cafe" },
		{ "ﬁne ＡＢ", "fine-ab" },
		{ "Доставка", "" },
		{ "Доставка 24", "24" },
		{ "--a--b--", "a-b" },
		{ "a\xff"
		  "b",
		  "a-b" },
		{ "👍 ok", "ok" },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str slug = fold_slug_in(&arena, str_of(rows[i].text));
		if (strcmp(slug.ptr, rows[i].slug) != 0 || slug.len != strlen(rows[i].slug))
			fail_msg("\"%s\": expected %s, got %s", rows[i].text, rows[i].slug, slug.ptr);
	}
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_slugs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
