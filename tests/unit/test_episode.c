/* SPDX-License-Identifier: Apache-2.0 */
/* Episodes of conversations that really took place: the dialogue makes the events, the fold reads them. */
#include "dialogue/episode.h"

#include "dialogue_kit.h"

enum { EPISODES_MAX = 8 };

struct seen {
	struct episode episodes[EPISODES_MAX];
	size_t count;
};

static void keep(void *context, const struct episode *episode)
{
	struct seen *seen = context;
	assert_true(seen->count < EPISODES_MAX);
	seen->episodes[seen->count++] = *episode;
}

struct course {
	struct kit *kit;
	struct episodes fold;
	struct seen seen;
};

static void go(struct course *course, int minute, struct input input)
{
	struct kit *kit = course->kit;
	kit->situation.now_ms = kit_time(kit, 1, 10, minute);
	conversation_step(kit->state, &input, kit->knowledge, kit->mind, &kit->situation, &kit->arena, &kit->turn);
	assert_int_equal(kit->turn.refusal, REFUSAL_NONE);
	for (size_t i = 0; i < kit->turn.event_count; i++) {
		conversation_apply(kit->state, &kit->turn.events[i]);
		episodes_add(&course->fold, 1, &kit->turn.events[i]);
	}
}

static struct input says(const char *text)
{
	struct input input = input_blank(INPUT_MESSAGE);
	input.text = str_of(text);
	return input;
}

static struct input by_anna(enum input_kind kind, const char *text)
{
	return kit_agent_input(kind, ANNA, text);
}

static struct input stars(int csat)
{
	struct input input = input_blank(INPUT_SURVEY);
	input.rating.csat = csat;
	return input;
}

static void two_episodes_with_a_person_and_with_the_bot(void **state)
{
	struct course course = { .kit = *state };
	episodes_init(&course.fold, kit_time(course.kit, 3, 10, 0), keep, &course.seen);
	go(&course, 0, says("wheres my parcel"));
	go(&course, 1, input_blank(INPUT_PERSON));
	go(&course, 4, by_anna(INPUT_CLAIM, ""));
	go(&course, 6, by_anna(INPUT_AGENT_MESSAGE, "I look for it."));
	go(&course, 20, by_anna(INPUT_AGENT_CLOSE, ""));
	go(&course, 25, stars(5));
	kit_set_agents(course.kit, 0);
	go(&course, 50, says("wheres my parcel"));
	episodes_end(&course.fold);

	assert_int_equal(course.seen.count, 2);
	const struct episode *first = &course.seen.episodes[0], *second = &course.seen.episodes[1];
	assert_int_equal(first->number, 1);
	assert_int_equal(episode_handler(first), HANDLER_MIXED);
	assert_int_equal(first->rated_handler, HANDLER_MIXED);
	assert_int_equal(first->csat, 5);
	assert_int_equal(first->reason, REASON_ASKED);
	assert_true(first->is_handed_over && first->has_waited && !first->is_waiting && first->has_asked_for_person);
	assert_int_equal(first->wait_ms, 3 * KIT_MINUTE);
	assert_int_equal(first->response_ms, 6 * KIT_MINUTE);
	assert_int_equal(first->response_after_handover_ms, 5 * KIT_MINUTE);
	assert_int_equal(first->close_ms - first->start_ms, 20 * KIT_MINUTE);
	assert_int_equal(first->back_ms, 30 * KIT_MINUTE);
	assert_string_equal(first->language, "en");
	assert_int_equal(first->typed_turns, 1);
	assert_int_equal(first->understood_turns, 1);

	assert_int_equal(second->number, 2);
	assert_int_equal(episode_handler(second), HANDLER_BOT);
	assert_int_equal(second->back_ms, -1);
	assert_int_equal(second->csat, -1);
	assert_int_equal(second->age_ms, kit_time(course.kit, 3, 10, 0) - kit_time(course.kit, 1, 10, 50));
	assert_true(second->is_last_line_answer && !second->is_handed_over);
}

/* Nothing is written past the end. */
static void more_thumbs_than_are_remembered_are_all_counted(void **state)
{
	(void)state;
	struct seen seen = { .count = 0 };
	struct episodes fold;
	enum { THUMBS = 100 };
	episodes_init(&fold, 1, keep, &seen);
	struct event event = event_blank();
	event.kind = EVENT_MESSAGE;
	event.from = AUTHOR_VISITOR;
	event.episode = 1;
	event.at_ms = 1;
	episodes_add(&fold, 1, &event);
	event.kind = EVENT_RATING;
	for (int i = 0; i < THUMBS; i++) {
		event.rating.rates = i + 2;
		event.rating.helpful = i % 2;
		episodes_add(&fold, 1, &event);
	}
	episodes_end(&fold);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.episodes[0].thumbs_up, THUMBS / 2);
	assert_int_equal(seen.episodes[0].thumbs_down, THUMBS / 2);
}

static void a_clock_that_is_set_back_makes_no_negative_times(void **state)
{
	(void)state;
	struct seen seen = { .count = 0 };
	struct episodes fold;
	episodes_init(&fold, 10, keep, &seen);
	struct event event = event_blank();
	event.kind = EVENT_MESSAGE;
	event.from = AUTHOR_VISITOR;
	event.owner = OWNER_QUEUE;
	event.episode = 1;
	event.at_ms = 1000;
	episodes_add(&fold, 1, &event);
	event.kind = EVENT_CLAIM;
	event.owner = OWNER_AGENT;
	event.at_ms = 500;
	episodes_add(&fold, 1, &event);
	episodes_end(&fold);
	assert_int_equal(seen.episodes[0].wait_ms, 0);
	assert_int_equal(seen.episodes[0].age_ms, 0);
}

static void nothing_gives_no_episode(void **state)
{
	(void)state;
	struct seen seen = { .count = 0 };
	struct episodes fold;
	episodes_init(&fold, 10, keep, &seen);
	episodes_end(&fold);
	assert_int_equal(seen.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(two_episodes_with_a_person_and_with_the_bot),
		cmocka_unit_test(more_thumbs_than_are_remembered_are_all_counted),
		cmocka_unit_test(a_clock_that_is_set_back_makes_no_negative_times),
		cmocka_unit_test(nothing_gives_no_episode),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
