/* SPDX-License-Identifier: Apache-2.0 */
/* What the bot answers: follow-ups, questions asked again, segments, variants, and questions without a conversation.
 * Who owns the conversation after each decision is test_policy's. */
#include "dialogue/policy.h"

#include "dialogue_kit.h"

#include <stdio.h>

static void what_is_not_live_is_never_answered(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "do you do gift wrapping");
	assert_null(kit->turn.decision->intent);
	for (size_t i = 0; i < kit->turn.decision->candidate_count; i++)
		assert_string_not_equal(kit->turn.decision->candidates[i].intent, "gift-wrap");
}

static void a_closed_shop_has_answers_of_its_own(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "what are your opening hours");
	assert_true(str_starts(str_of(kit_bot_text(kit)), "The shop is open"));
	kit_begin(kit);
	kit->situation.now_ms = kit_time(kit, 1, 22, 0);
	kit_say(kit, "what are your opening hours");
	assert_true(str_starts(str_of(kit_bot_text(kit)), "We are closed just now."));
}

static void follow_ups_of_an_answer_are_its_buttons(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "how much is postage");
	const struct event *line = kit_bot_line(kit);
	assert_int_equal(line->option_count, 2);
	assert_string_equal(line->options[0].id, "delivery-time");
	assert_string_equal(line->options[0].label, "How long does delivery take?");
	assert_true(strstr(line->html, "<p>"));
}

static void check_follow_up(struct kit *kit, const char *text)
{
	kit_say(kit, text);
	assert_string_equal(kit_rule(kit), "follow_up");
	assert_string_equal(conversation_intent(kit->state), "refund-time");
}

static void a_few_words_go_on_from_the_question_before(void **state)
{
	struct kit *kit = *state;
	static const char *const elliptical[] = { "and on paypal", "on paypal?", "same for paypal", "by cheque",
						  "or on paypal" };
	for (size_t i = 0; i < COUNT(elliptical); i++) {
		kit_begin(kit);
		kit_say(kit, "how long does it take to refund me");
		check_follow_up(kit, elliptical[i]);
		check_follow_up(kit, "and by cheque"); /* the question before is still the first one */
	}
}

static void a_few_words_without_a_question_before_are_not_understood(void **state)
{
	struct kit *kit = *state;
	static const char *const texts[] = { "and for coffee mugs", "on paypal?", "same for paypal", "by cheque",
					     "or on paypal" };
	for (size_t i = 0; i < COUNT(texts); i++) {
		kit_begin(kit);
		kit_say(kit, texts[i]);
		assert_string_not_equal(kit_rule(kit), "follow_up");
		assert_string_not_equal(kit_rule(kit), "answer");
	}
}

static void what_is_complete_or_long_stands_on_its_own(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "how long does it take to refund me");
	kit_say(kit, "and how much is postage");
	assert_string_equal(kit_rule(kit), "answer");
	kit_say(kit, "on the hills above the village seven zebras sing");
	assert_string_not_equal(kit_rule(kit), "follow_up");
}

static void a_question_asked_again_is_handed_over(void **state)
{
	struct kit *kit = *state;
	static const struct {
		const char *texts[4];
		const char *rule; /* of the last */
		const char *remark;
	} rows_of_repeats[] = {
		{ { "where is my order?", "Where is MY order" }, "repeated", "case and signs do not matter" },
		{ { "where is my order", "where is my order now" }, "repeated", "nearly the same words" },
		{ { "where is my order", "any news on my parcel" },
		  "answer",
		  "the same matter, other words: once more" },
		{ { "where is my order", "any news on my parcel", "have you posted it yet" },
		  "repeated",
		  "a third time" },
		{ { "where is my order", "how much is postage", "where is my order" },
		  "repeated",
		  "with another between" },
		{ { "thanks", "thanks", "thanks", "thank you very much" }, "answer", "politeness is no repeat" },
		{ { "postage", "postage" }, "answer", "too short to be a repeat" },
	};
	for (size_t i = 0; i < COUNT(rows_of_repeats); i++) {
		kit_begin(kit);
		for (size_t j = 0; j < 4 && rows_of_repeats[i].texts[j]; j++)
			kit_say(kit, rows_of_repeats[i].texts[j]);
		if (strcmp(kit_rule(kit), rows_of_repeats[i].rule) != 0)
			print_error("%s: %s\n", rows_of_repeats[i].remark, kit_rule(kit));
		assert_string_equal(kit_rule(kit), rows_of_repeats[i].rule);
	}
}

/* Though none alone would be enough. */
static void a_mood_that_sinks_over_several_messages_is_handed_over(void **state)
{
	struct kit *kit = *state;
	static const char *const texts[] = { "still waiting for an answer here", "this is really annoying",
					     "i am getting annoyed, still nothing",
					     "not good enough, i am very annoyed" };
	enum reason reason = REASON_NONE;
	double before = 0;
	for (size_t i = 0; i < COUNT(texts) && reason != REASON_UPSET; i++) {
		kit_say(kit, texts[i]);
		reason = kit_reason(kit);
		assert_true(conversation_mood(kit->state) >= before);
		before = conversation_mood(kit->state) / 4;
	}
	assert_int_equal(reason, REASON_UPSET);
}

static void only_verified_attributes_and_pages_make_a_segment(void **state)
{
	struct kit *kit = *state;
	static const struct {
		struct option attribute;
		const char *page;
		bool is_person;
	} rows_of_segments[] = {
		{ { "tier", "gold" }, "", true },         { { "tier", "silver" }, "", false },
		{ { "Tier", "gold" }, "", false },        { { "tier", "gold " }, "", false },
		{ { "x", "y" }, "/checkout/help", true }, { { "x", "y" }, "/checkout/helpers", true },
		{ { "x", "y" }, "/checkout", false },     { { "x", "y" }, "", false },
	};
	for (size_t i = 0; i < COUNT(rows_of_segments); i++) {
		kit_begin(kit);
		struct input input = input_blank(INPUT_MESSAGE);
		input.text = STR_LIT("how hot should the water be");
		input.attributes = &rows_of_segments[i].attribute;
		input.attribute_count = 1;
		input.page_path = rows_of_segments[i].page;
		kit_step(kit, &input);
		assert_int_equal(kit_owner(kit) == OWNER_QUEUE, rows_of_segments[i].is_person);
		if (rows_of_segments[i].is_person && !*rows_of_segments[i].page)
			assert_int_equal(conversation_priority(kit->state), 10);
	}
}

static void say_as(struct kit *kit, const char *plan, const char *subject, const char *text)
{
	struct option attribute = { "plan", plan };
	struct input input = input_blank(INPUT_MESSAGE);
	input.text = str_of(text);
	input.attributes = &attribute;
	input.attribute_count = 1;
	input.subject = subject;
	input.has_variants = true;
	kit_step(kit, &input);
}

/* Who is handed over at which miss, and at which mood; and what is recorded. */
static void a_segment_has_thresholds_of_its_own(void **state)
{
	struct kit *kit = *state;
	static const struct {
		const char *plan, *segment;
		int misses;
		enum reason annoyed, upset;
	} rows_of_plans[] = {
		{ "trial", "trial", 1, REASON_UPSET, REASON_UPSET },
		{ "basic", "", 2, REASON_NONE, REASON_UPSET },
		{ "patient", "patient", 3, REASON_NONE, REASON_NONE },
	};
	double last = 1;
	for (size_t i = 0; i < COUNT(rows_of_plans); i++) {
		int misses = 0;
		kit_begin(kit);
		while (kit_owner(kit) == OWNER_BOT) {
			say_as(kit, rows_of_plans[i].plan, "", "asdf ghjk qwer");
			misses++;
			assert_string_equal(kit->turn.decision->segment, rows_of_plans[i].segment);
			assert_string_equal(kit_event(kit, EVENT_DECISION, AUTHOR_BOT)->segment,
					    rows_of_plans[i].segment);
		}
		assert_int_equal(misses, rows_of_plans[i].misses);
		assert_int_equal(kit_reason(kit), REASON_UNSURE);
		kit_begin(kit);
		say_as(kit, rows_of_plans[i].plan, "", "where is my order, i have waited so long");
		assert_true(kit->turn.decision->threshold <= last);
		last = kit->turn.decision->threshold;
		assert_int_equal(kit_reason(kit), rows_of_plans[i].annoyed);
		kit_begin(kit);
		say_as(kit, rows_of_plans[i].plan, "", "where is my order, this is ridiculous");
		assert_int_equal(kit_reason(kit), rows_of_plans[i].upset);
	}
}

/* Each visitor has one of the answers, always the same one, about as many the one as the other; what was given is on
 * record, and who is not a visitor (a test, a trial in the terminal) gets the plain one. */
static void each_visitor_has_one_of_the_answers(void **state)
{
	struct kit *kit = *state;
	enum { VISITORS = 400 };
	int is_short = 0;
	for (int i = 0; i < VISITORS; i++) {
		char subject[32];
		snprintf(subject, sizeof subject, "customer %d", i);
		bool was_short = false;
		for (int again = 0; again < 2; again++) {
			kit_begin(kit);
			kit->situation.now_ms += again * KIT_HOUR; /* signed in: at any time */
			say_as(kit, "basic", subject, "how do returns work");
			const struct event *line = kit_bot_line(kit);
			bool says_short = str_starts(str_of(line->text), "Print the label");
			assert_string_equal(line->variant, says_short ? "short" : "plain");
			assert_string_equal(kit_event(kit, EVENT_DECISION, AUTHOR_BOT)->variant, line->variant);
			assert_true(!again || says_short == was_short);
			was_short = says_short;
		}
		is_short += was_short;
	}
	assert_true(is_short > VISITORS * 2 / 5 && is_short < VISITORS * 3 / 5);
	is_short = 0;
	for (int i = 0; i < VISITORS; i++) {
		kit_begin(kit);
		kit->situation.now_ms += i * 17;
		say_as(kit, "basic", "", "how do returns work");
		char first[8];
		snprintf(first, sizeof first, "%s", kit_bot_line(kit)->variant);
		is_short += !strcmp(first, "short");
		say_as(kit, "basic", "", "hello");
		assert_string_equal(kit_bot_line(kit)->variant, ""); /* has no second answer */
		say_as(kit, "basic", "", "return policy");
		assert_string_equal(kit_bot_line(kit)->variant, first);
	}
	assert_true(is_short > VISITORS * 2 / 5 && is_short < VISITORS * 3 / 5);
	kit_begin(kit);
	kit_say(kit, "how do returns work");
	assert_string_equal(kit_bot_line(kit)->variant, "");
	assert_true(str_starts(str_of(kit_bot_text(kit)), "Open the order"));
}

static void the_bot_is_sorry_only_where_it_had_tried(void **state)
{
	struct kit *kit = *state;
	static const char demand[] = "get me a human, you useless bot!!! this is a shambles";
	kit_say(kit, demand);
	assert_int_equal(kit_reason(kit), REASON_ASKED);
	assert_false(strstr(kit_bot_text(kit), "sorry"));
	kit_begin(kit);
	kit_say(kit, "asdf ghjk qwer");
	kit_say(kit, demand);
	assert_int_equal(kit_reason(kit), REASON_ASKED);
}

/* ---- policy_ask() ---- */

static void a_question_is_decided_without_a_conversation(void **state)
{
	struct kit *kit = *state;
	static const struct {
		const char *text;
		enum action action;
		enum reason reason;
		const char *intent, *language;
	} rows_of_questions[] = {
		{ "how much is postage", ACTION_ANSWER, REASON_NONE, "delivery-prices", "en" },
		{ "was kostet der versand", ACTION_ANSWER, REASON_NONE, "delivery-prices", "de" },
		{ "asdf ghjk qwer", ACTION_MISS, REASON_NONE, NULL, "en" },
		{ "i want a human", ACTION_HANDOVER, REASON_ASKED, NULL, "en" },
		{ "ich möchte mit einem menschen sprechen", ACTION_HANDOVER, REASON_ASKED, NULL, "de" },
		{ "the tea made me ill", ACTION_HANDOVER, REASON_INTENT, "allergy", "en" },
		{ "WHERE IS MY PARCEL!!! this is the third time I ask, useless", ACTION_HANDOVER, REASON_UPSET,
		  "track-order", "en" },
		{ "", ACTION_MISS, REASON_NONE, NULL, "en" },
		{ "\xff\xfe\x80", ACTION_MISS, REASON_NONE, NULL, "en" },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows_of_questions); i++) {
		struct decision got;
		policy_ask(kit->knowledge, kit->mind, str_of(rows_of_questions[i].text), "", &arena, &got);
		bool ok = got.action == rows_of_questions[i].action && got.reason == rows_of_questions[i].reason &&
			  !strcmp(got.language, rows_of_questions[i].language) && *got.text && *got.html && *got.rule &&
			  (!rows_of_questions[i].intent || !strcmp(got.intent_id, rows_of_questions[i].intent));
		if (!ok)
			print_error("\"%s\": %s %s %s %s\n", rows_of_questions[i].text, action_name(got.action),
				    reason_name(got.reason), got.intent_id, got.language);
		assert_true(ok);
		assert_string_equal(got.corpus, kit->knowledge->corpus->version);
		/* What is sensitive is not answered. */
		if (!strcmp(got.rule, "sensitive"))
			assert_false(strstr(got.text, "doctor"));
	}
	arena_clear(&arena);
}

static void words_in_the_line_of_the_bot_are_never_markup(void **state)
{
	struct kit *kit = *state;
	struct arena arena = { 0 };
	struct decision got;
	policy_ask(kit->knowledge, kit->mind, STR_LIT("<b>zorp</b> & flim"), "", &arena, &got);
	assert_false(strstr(got.html, "<b>"));
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(what_is_not_live_is_never_answered),
		KIT_TEST(a_closed_shop_has_answers_of_its_own),
		KIT_TEST(follow_ups_of_an_answer_are_its_buttons),
		KIT_TEST(a_few_words_go_on_from_the_question_before),
		KIT_TEST(a_few_words_without_a_question_before_are_not_understood),
		KIT_TEST(what_is_complete_or_long_stands_on_its_own),
		KIT_TEST(a_question_asked_again_is_handed_over),
		KIT_TEST(a_mood_that_sinks_over_several_messages_is_handed_over),
		KIT_TEST(only_verified_attributes_and_pages_make_a_segment),
		KIT_TEST(a_segment_has_thresholds_of_its_own),
		KIT_TEST(each_visitor_has_one_of_the_answers),
		KIT_TEST(the_bot_is_sorry_only_where_it_had_tried),
		KIT_TEST(a_question_is_decided_without_a_conversation),
		KIT_TEST(words_in_the_line_of_the_bot_are_never_markup),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
