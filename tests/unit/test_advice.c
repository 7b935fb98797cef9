/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/advice.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char TOPICS[] =
	"## Delivery time\n- how long does delivery take\n- when will it arrive\n- days until it comes\n"
	"- does delivery take long, how long\n- will my parcel be here soon\n- how many days for shipping\n\nTwo "
	"days.\n\n"
	"## Delivery price\n- how much is delivery\n- what does shipping cost\n- is postage free\n"
	"- do i pay for shipping\n- shipping charges\n\nFree.\n\n"
	"## Opening hours\n- when are you open\n- open on sunday\n\nAlways.\n\n"
	"## Returns\n- send it back\n- return a jumper\n- i want to return my order\n- how do returns work\n"
	"- delivery takes how many days until it comes\n\nDo.\n\n"
	"## Contact\n- e-mail address\n\nsome@shop.example\n";

struct shop {
	char folder[64], path[96];
	struct knowledge *knowledge;
	struct adviser *adviser;
};

static void set_up(struct shop *shop, const char *topics)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	snprintf(shop->folder, sizeof shop->folder, "/tmp/shopbell-advice-XXXXXX");
	assert_non_null(mkdtemp(shop->folder));
	snprintf(shop->path, sizeof shop->path, "%s/topics.md", shop->folder);
	FILE *file = fopen(shop->path, "wb");
	assert_non_null(file);
	fputs(topics, file);
	assert_int_equal(fclose(file), 0);
	shop->knowledge = knowledge_load(shop->folder, NULL, &problems);
	assert_non_null(shop->knowledge);
	shop->adviser = adviser_new(&shop->knowledge->languages[0]);
	diagnostics_clear(&problems);
	arena_clear(&arena);
}

static void tear_down(struct shop *shop)
{
	adviser_free(shop->adviser);
	knowledge_unref(shop->knowledge);
	unlink(shop->path);
	rmdir(shop->folder);
}

static void few_wordings_and_equal_ones_are_named(void **state)
{
	struct shop shop;
	(void)state;
	set_up(&shop, TOPICS);
	const struct advice *advice = adviser_advice(shop.adviser);
	const struct intent *intents = advice->language->corpus->intents;
	assert_int_equal(advice->wordings, 24);
	assert_int_equal(advice->few_count, 2);
	assert_string_equal(intents[advice->few[0]].id, "contact");
	assert_string_equal(intents[advice->few[1]].id, "opening-hours");
	assert_int_equal(advice->alike_count, 1);
	assert_string_equal(advice->alike[0].wording.text, "does delivery take long, how long");
	assert_string_equal(advice->alike[0].earlier.text, "how long does delivery take");
	tear_down(&shop);
}

static void what_is_easily_confused_is_named_with_its_wordings(void **state)
{
	struct shop shop;
	bool is_found = false;
	(void)state;
	set_up(&shop, TOPICS);
	const struct advice *advice = adviser_advice(shop.adviser);
	const struct intent *intents = advice->language->corpus->intents;
	for (size_t i = 0; i < advice->pair_count; i++) {
		const struct advice_pair *pair = &advice->pairs[i];
		assert_true(pair->first < pair->second && pair->count > 0);
		assert_true(!i || pair->count <= advice->pairs[i - 1].count);
		for (size_t k = 0; k < pair->count; k++) {
			assert_true(pair->strays[k].intent == pair->first || pair->strays[k].intent == pair->second);
			is_found |= !strcmp(intents[pair->first].id, "delivery-time") &&
				    !strcmp(intents[pair->second].id, "returns") &&
				    strstr(pair->strays[k].wording.text, "delivery takes how many days") != NULL;
		}
	}
	assert_true(is_found);
	tear_down(&shop);
}

static void words_that_visitors_use_and_no_wording_has(void **state)
{
	static const char *const ASKED[] = {
		"is there gluten in it, gluten i mean",
		"gluten free delivery",
		"do you ship to Narnia from Narnia",
		"the parcel for Narnia please",
		"deliverry price",
		"what is the deliverry time",
		"order 4711",
		"where is 4711 and with",
		"once only",
		"is vegan gluten ok",
		"vegan",
	};
	struct shop shop;
	size_t count;
	(void)state;
	set_up(&shop, TOPICS);
	adviser_words(shop.adviser, &count);
	assert_int_equal(count, 0);
	for (size_t i = 0; i < COUNT(ASKED); i++)
		adviser_hear(shop.adviser, str_of(ASKED[i]));
	const struct advice_word *words = adviser_words(shop.adviser, &count);
	for (size_t i = 0; i < count; i++)
		print_message("%.*s %zu\n", (int)words[i].word.len, words[i].word.ptr, words[i].heard);
	assert_int_equal(count, 2);
	assert_true(str_is(words[0].word, "gluten"));
	assert_int_equal(words[0].heard, 3);
	assert_true(str_is(words[1].word, "vegan"));
	assert_int_equal(words[1].heard, 2);
	tear_down(&shop);
}

static void one_question_alone_needs_no_other(void **state)
{
	struct shop shop;
	size_t count;
	(void)state;
	set_up(&shop, "## Hello\n\nHello.\n");
	assert_int_equal(adviser_advice(shop.adviser)->pair_count, 0);
	assert_int_equal(adviser_advice(shop.adviser)->few_count, 1);
	adviser_hear(shop.adviser, str_of(""));
	adviser_words(shop.adviser, &count);
	assert_int_equal(count, 0);
	tear_down(&shop);
	adviser_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_wordings_and_equal_ones_are_named),
		cmocka_unit_test(what_is_easily_confused_is_named_with_its_wordings),
		cmocka_unit_test(words_that_visitors_use_and_no_wording_has),
		cmocka_unit_test(one_question_alone_needs_no_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
