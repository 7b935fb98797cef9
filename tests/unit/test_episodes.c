/* SPDX-License-Identifier: Apache-2.0 */
/* A message after a close begins a new episode; what is counted in an episode, and what ends with it. */
#include "dialogue/conversation.h"

#include "dialogue_kit.h"

static void a_message_after_the_close_begins_the_next(void **state)
{
	struct kit *kit = *state;
	static const struct {
		bool by_agent;
		int agents;
		int64_t later_ms;
		enum owner owner;
		const char *remark;
	} rows[] = {
		{ true, 1, 5 * KIT_MINUTE, OWNER_QUEUE, "soon after an agent's close: for the same agent" },
		{ true, 0, 5 * KIT_MINUTE, OWNER_BOT, "nobody is there" },
		{ true, 1, 31 * KIT_MINUTE, OWNER_BOT, "later" },
		{ false, 1, 5 * KIT_MINUTE, OWNER_BOT, "closed by the visitor" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		kit_begin(kit);
		kit_person(kit);
		kit_agent(kit, INPUT_CLAIM, ANNA, "");
		if (rows[i].by_agent)
			kit_agent(kit, INPUT_AGENT_CLOSE, ANNA, "");
		else
			kit_do(kit, INPUT_CLOSE);
		assert_true(conversation_is_closed(kit->state));
		assert_int_equal(kit_owner(kit), OWNER_NOBODY);
		kit_pass(kit, rows[i].later_ms);
		kit_set_agents(kit, rows[i].agents);
		kit_say(kit, "how much is postage");
		if (kit_owner(kit) != rows[i].owner)
			print_error("%s: %s\n", rows[i].remark, owner_name(kit_owner(kit)));
		assert_int_equal(kit_owner(kit), rows[i].owner);
		assert_int_equal(conversation_episode(kit->state), 2);
		assert_false(conversation_is_closed(kit->state));
		assert_int_equal(kit->turn.event_count, rows[i].owner == OWNER_BOT ? 3 : 2);
	}
}

static void who_comes_back_soon_is_told_who_was_there(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	kit_agent(kit, INPUT_AGENT_CLOSE, ANNA, "");
	kit_say(kit, "how much is postage");
	assert_true(strstr(kit->turn.events[1].text, "Anna"));
	assert_int_equal(kit->turn.events[1].agent, ANNA);
}

/* Misses, answers and the used handover of an episode do not reach into the next. */
static void a_new_episode_forgets(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "xkcd blorp zzzt");
	kit_say(kit, "asdf ghjk qwer");
	assert_int_equal(kit_reason(kit), REASON_UNSURE);
	kit_do(kit, INPUT_CLOSE);
	kit_say(kit, "asdf ghjk qwer");
	assert_string_equal(kit_rule(kit), "miss");
	assert_int_equal(kit_reason(kit), REASON_NONE);
	kit_say(kit, "asdf ghjk qwer");
	assert_string_equal(kit_rule(kit), "last_miss");
}

/* Whatever brought a person in. */
static void after_a_return_the_bot_hands_over_only_on_request(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "asdf ghjk qwer");
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	kit_agent(kit, INPUT_RETURN, ANNA, "");
	for (int i = 0; i < 3; i++) {
		kit_say(kit, "xkcd blorp zzzt");
		assert_int_equal(kit_owner(kit), OWNER_BOT);
		assert_string_equal(kit_rule(kit), "miss");
	}
	kit_person(kit);
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
}

/* Says the first of some vague questions that is asked back; fails when none is. */
static void say_something_vague(struct kit *kit)
{
	static const char *const vague[] = { "tea",
					     "card",
					     "is it possible",
					     "return tea",
					     "how long",
					     "shipping time cost",
					     "post tea",
					     "do you have it",
					     "cups and plates",
					     "tea post to wales",
					     "what about wool" };
	for (size_t i = 0; i < COUNT(vague); i++) {
		kit_begin(kit);
		kit_say(kit, vague[i]);
		if (!strcmp(kit_rule(kit), "clarify"))
			return;
	}
	fail_msg("none of the vague questions was asked back");
}

static void a_question_asked_back_offers_its_answers_and_a_person(void **state)
{
	struct kit *kit = *state;
	say_something_vague(kit);
	const struct event *line = kit_bot_line(kit);
	assert_true(kit_has_option(line, "person"));
	const char *label = line->options[0].label;
	kit_press(kit, line->options[0].id);
	assert_string_equal(kit->turn.events[0].text, label);
	assert_string_equal(kit_rule(kit), "chosen");
	assert_true(kit->turn.decision->confidence == 1);
}

static void a_question_asked_back_is_no_miss(void **state)
{
	struct kit *kit = *state;
	say_something_vague(kit);
	kit_press(kit, kit_bot_line(kit)->options[0].id);
	kit_say(kit, "asdf ghjk qwer");
	assert_string_equal(kit_rule(kit), "miss"); /* the first, not the last */
}

static void a_chosen_button_keeps_the_rules_of_its_intent(void **state)
{
	struct kit *kit = *state;
	static struct option options[] = { { "allergy", "I had an allergic reaction" }, { "gone", "An old question" } };
	static const char *const rules[] = { "sensitive", "miss" };
	for (size_t i = 0; i < COUNT(options); i++) {
		kit_begin(kit);
		kit_say(kit, "hello");
		/* As if an earlier corpus had shown them. */
		struct event shown = *kit_bot_line(kit);
		shown.seq = conversation_seq(kit->state) + 1;
		shown.options = options;
		shown.option_count = COUNT(options);
		conversation_apply(kit->state, &shown);
		assert_int_equal(kit_press(kit, options[i].id), REFUSAL_NONE);
		assert_string_equal(kit_rule(kit), rules[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(a_message_after_the_close_begins_the_next),
		KIT_TEST(who_comes_back_soon_is_told_who_was_there),
		KIT_TEST(a_new_episode_forgets),
		KIT_TEST(after_a_return_the_bot_hands_over_only_on_request),
		KIT_TEST(a_question_asked_back_offers_its_answers_and_a_person),
		KIT_TEST(a_question_asked_back_is_no_miss),
		KIT_TEST(a_chosen_button_keeps_the_rules_of_its_intent),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
