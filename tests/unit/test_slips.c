/* SPDX-License-Identifier: Apache-2.0 */
/* Typing errors in the examples, and words that examples of other intents have. */
#include "match/match.h"

#include "cmocka_all.h"
#include "match_kit.h"

#include <stdlib.h>

struct wording {
	const char *text;
	uint32_t intent;
};

static struct matcher *matcher_of(const struct wording *wordings, size_t count, size_t intents)
{
	struct training_example examples[16];
	struct training_set set = { "en", intents, examples, count, NULL };
	struct match_options options = match_options_defaults();
	assert_true(count <= COUNT(examples));
	for (size_t i = 0; i < count; i++)
		examples[i] = (struct training_example){ str_of(wordings[i].text), wordings[i].intent };
	return matcher_new(&set, &options);
}

static struct match_result rank(const struct matcher *matcher, const char *utterance)
{
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	matcher_rank(matcher, scratch, str_of(utterance), &result);
	match_scratch_free(scratch);
	return result;
}

/* "adress" stands in one intent alone, and still is no word of that one: it is read as "address", which another one has. */
static void a_slip_in_an_example_binds_no_word(void **state)
{
	enum { ADDRESS, MOVE, RETURN };
	static const struct wording examples[] = {
		{ "what is your address", ADDRESS },
		{ "address of the shop", ADDRESS },
		{ "tell me the address please", ADDRESS },
		{ "where is the shop", ADDRESS },
		{ "send my order to another adress", MOVE },
		{ "send my parcel elsewhere", MOVE },
		{ "i am moving house", MOVE },
		{ "post it to my new home", MOVE },
		{ "how do i return a jumper", RETURN },
		{ "send back my shoes", RETURN },
		{ "bring something back", RETURN },
		{ "i want to return it", RETURN },
	};
	static const char *const rows[][2] = {
		{ "whats the adress", "whats the address" },
		{ "the adress please", "the address please" },
		{ "send my order to another adress", "send my order to another address" },
	};
	(void)state;
	struct matcher *matcher = matcher_of(examples, COUNT(examples), 3);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct match_result slip = rank(matcher, rows[i][0]), right = rank(matcher, rows[i][1]);
		assert_int_equal(slip.candidates[0].intent, right.candidates[0].intent);
		assert_true(slip.candidates[0].confidence >= right.candidates[0].confidence - 1e-6);
	}
	assert_int_equal(rank(matcher, "the adress please").candidates[0].intent, ADDRESS);
	assert_int_equal(rank(matcher, "send my order to another adress").candidates[0].intent, MOVE);
	matcher_free(matcher);
}

/* The corpus knows every word of these; the intent does not know them all. */
static void words_of_other_intents_make_less_sure(void **state)
{
	static const struct {
		const char *own, *mixed;
	} rows[] = {
		{ "can i pay by card", "can i pay by sunday" },
		{ "track my parcel", "track my shoes size" },
		{ "are you open today", "are you open shipping" },
		{ "how do i use a coupon", "how do i use a jumper" },
	};
	(void)state;
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct match_result own = rank(matcher, rows[i].own), mixed = rank(matcher, rows[i].mixed);
		assert_true(own.coverage > 0.99 && mixed.coverage > 0.99);
		if (own.candidates[0].confidence <= mixed.candidates[0].confidence)
			print_error("\"%s\" %.3f, \"%s\" %.3f\n", rows[i].own, own.candidates[0].confidence,
				    rows[i].mixed, mixed.candidates[0].confidence);
		assert_true(own.candidates[0].confidence > mixed.candidates[0].confidence);
	}
	matcher_free(matcher);
}

/* A word that there is, but not in the corpus, is no slip of another that begins otherwise. */
static void a_real_word_is_left_as_it_is(void **state)
{
	static const struct wording examples[] = {
		{ "which phone do you sell", 0 }, { "is the phone new", 0 }, { "an old phone wanted", 0 },
		{ "when do you open", 1 },        { "opening hours", 1 },    { "open on sunday", 1 },
	};
	(void)state;
	struct matcher *matcher = matcher_of(examples, COUNT(examples), 2);
	assert_int_equal(rank(matcher, "old iphone").repair_count, 0);
	assert_int_equal(rank(matcher, "old phnoe").repair_count, 1);
	matcher_free(matcher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slip_in_an_example_binds_no_word),
		cmocka_unit_test(words_of_other_intents_make_less_sure),
		cmocka_unit_test(a_real_word_is_left_as_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
