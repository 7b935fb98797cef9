/* SPDX-License-Identifier: Apache-2.0 */
#include "text/utterance.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

static const char TEXT[] = "Where's l'adresse? Wie geht's, I can't wait :( dell'ordine d'una 12:30";

static bool are_same(const struct tokens *a, const struct tokens *b)
{
	bool same = a->count == b->count && str_equal(a->text, b->text);
	for (size_t i = 0; same && i < a->count; i++) {
		const struct token *x = &a->items[i], *y = &b->items[i];
		same = str_equal(x->text, y->text) && x->from == y->from && x->to == y->to && x->kind == y->kind &&
		       x->flags == y->flags;
	}
	return same;
}

/* Whoever asks gets what he would have cut himself, in any order of asking. */
static void test_same_tokens(void **state)
{
	(void)state;
	static const char *const languages[] = { "en", "de", "fr", "it", "ca", "es", "ru", "en", "sv", "ca", "de" };
	struct arena arena = { 0 };
	struct utterance utterance;
	utterance_init(&utterance, &arena, str_of(TEXT));
	for (size_t i = 0; i < COUNT(languages); i++) {
		struct tokens alone = tokens_read_in(&arena, str_of(TEXT), languages[i]);
		if (!are_same(utterance_tokens(&utterance, languages[i]), &alone))
			fail_msg("%s: other tokens than alone", languages[i]);
	}
	arena_clear(&arena);
}

/* The second to ask is given what the first was; so is one whose language splits the same contractions. */
static void test_cut_once(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct utterance utterance;
	utterance_init(&utterance, &arena, str_of(TEXT));
	const struct tokens *english = utterance_tokens(&utterance, "en"), *german = utterance_tokens(&utterance, "de"),
			    *spanish = utterance_tokens(&utterance, "es");
	assert_ptr_not_equal(english, german);
	assert_false(are_same(english, german));
	assert_ptr_equal(utterance_tokens(&utterance, "en"), english);
	assert_ptr_equal(utterance_tokens(&utterance, "de"), german);
	assert_ptr_equal(utterance_tokens(&utterance, "sv"), spanish);
	assert_ptr_equal(utterance_tokens(&utterance, NULL), spanish);
	/* All of the text is kept, also what is too long to be cut. */
	static char text[UTTERANCE_BYTES_MAX + 10];
	memset(text, 'a', sizeof text);
	utterance_init(&utterance, &arena, (struct str){ text, sizeof text });
	const struct tokens *tokens = utterance_tokens(&utterance, "en");
	assert_int_equal(tokens->text.len, sizeof text);
	assert_int_equal(tokens->items[tokens->count - 1].to, UTTERANCE_BYTES_MAX);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_tokens),
		cmocka_unit_test(test_cut_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
