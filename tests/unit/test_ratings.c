/* SPDX-License-Identifier: Apache-2.0 */
/* Thumbs, surveys and an agent's word on a handover. */
#include "dialogue/conversation.h"

#include "dialogue_kit.h"

static void only_lines_of_the_bot_are_rated(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "how much is postage");
	int64_t line = kit_bot_line(kit)->seq, last = conversation_seq(kit->state);
	for (int64_t seq = -1; seq <= last + 2; seq++)
		assert_int_equal(kit_rate(kit, seq, 1), seq == line ? REFUSAL_NONE : REFUSAL_NOT_RATEABLE);
}

static void a_thumb_points_up_or_down(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "how much is postage");
	assert_int_equal(kit_rate(kit, kit_bot_line(kit)->seq, -1), REFUSAL_NOT_RATEABLE);
}

static void two_answers_with_a_thumb_down_hand_over(void **state)
{
	struct kit *kit = *state;
	enum { THUMBS = 4, UP = 1, DOWN = 0, END = -1 };
	static const struct {
		struct {
			int thumb, answer;
		} thumbs[THUMBS];
		bool is_handed;
		const char *remark;
	} rows[] = {
		{ { { DOWN, 0 }, { DOWN, 1 }, { END, 0 } }, true, "one each" },
		{ { { DOWN, 0 }, { DOWN, 0 }, { END, 0 } }, false, "the same answer twice" },
		{ { { DOWN, 0 }, { UP, 0 }, { DOWN, 1 }, { END, 0 } }, false, "taken back" },
		{ { { UP, 0 }, { UP, 1 }, { END, 0 } }, false, "content" },
		{ { { DOWN, 0 }, { UP, 0 }, { DOWN, 1 }, { DOWN, 0 } }, true, "taken back, and back again" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t answers[2];
		kit_begin(kit);
		kit_say(kit, "how much is postage");
		answers[0] = kit_bot_line(kit)->seq;
		kit_say(kit, "how do i return something");
		answers[1] = kit_bot_line(kit)->seq;
		for (size_t j = 0; j < THUMBS && rows[i].thumbs[j].thumb != END; j++)
			kit_rate(kit, answers[rows[i].thumbs[j].answer], rows[i].thumbs[j].thumb);
		if ((kit_owner(kit) == OWNER_QUEUE) != rows[i].is_handed)
			print_error("%s\n", rows[i].remark);
		assert_int_equal(kit_owner(kit) == OWNER_QUEUE, rows[i].is_handed);
	}
}

static void thumbs_on_an_earlier_episode_do_not_count_in_this_one(void **state)
{
	struct kit *kit = *state;
	static const char *const texts[] = { "how much is postage", "how do i return something" };
	int64_t answers[COUNT(texts)];
	for (size_t i = 0; i < COUNT(texts); i++) {
		kit_say(kit, texts[i]);
		answers[i] = kit_bot_line(kit)->seq;
	}
	kit_do(kit, INPUT_CLOSE);
	kit_say(kit, "how long does delivery take");
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_int_equal(kit_rate(kit, answers[i], 0), REFUSAL_NONE);
	assert_int_equal(kit_owner(kit), OWNER_BOT);
}

static void a_survey_rates_the_episode_and_no_line(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	struct input survey = input_blank(INPUT_SURVEY);
	survey.rating.csat = 4;
	survey.rating.rates = 99;
	survey.rating.comment = "fine";
	kit_step(kit, &survey);
	const struct rating *kept = &kit->turn.events[0].rating;
	assert_int_equal(kept->csat, 4);
	assert_int_equal(kept->rates, 0);
	assert_int_equal(kept->ces, -1);
	assert_string_equal(kept->comment, "fine");
}

static void an_agent_says_whether_the_handover_was_right(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	struct input right = kit_agent_input(INPUT_RATE_HANDOVER, ANNA, "");
	right.rating.handover_right = 1;
	assert_int_equal(kit_step(kit, &right), REFUSAL_NOT_RATEABLE); /* there was none */
	kit_person(kit);
	assert_int_equal(kit_step(kit, &right), REFUSAL_NONE);
	assert_int_equal(kit->turn.events[0].rating.handover_right, 1);
	assert_int_equal(kit->turn.events[0].from, AUTHOR_AGENT);
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(only_lines_of_the_bot_are_rated),
		KIT_TEST(a_thumb_points_up_or_down),
		KIT_TEST(two_answers_with_a_thumb_down_hand_over),
		KIT_TEST(thumbs_on_an_earlier_episode_do_not_count_in_this_one),
		KIT_TEST(a_survey_rates_the_episode_and_no_line),
		KIT_TEST(an_agent_says_whether_the_handover_was_right),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
