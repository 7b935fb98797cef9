/* SPDX-License-Identifier: Apache-2.0 */
/* Several answers to one question: what becomes of each, told line by line. */
#include "dialogue/trials.h"

#include "story.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct line STORIES[][12] = {
	{ /* helpful; said twice, counted once; the last thumb counts, on whichever line */
		LINE(0, SAYS), LINE(1, ANSWERS, .text = "returns", .variant = "short", .segment = "vip"),
		LINE(2, SAYS), LINE(3, ANSWERS, .text = "returns", .variant = "short", .segment = "trial"),
		LINE(4, THUMBS, 6, 0), LINE(5, THUMBS, 3, 1), { END } },
	{ /* not helpful, then a person; what is answered afterwards led to nothing */
		LINE(0, SAYS), LINE(1, ANSWERS, .text = "returns", .variant = "plain"),
		LINE(2, THUMBS, 3, 0), LINE(3, HANDS, REASON_UNSURE), LINE(4, CLAIMS), LINE(5, RETURNS),
		LINE(6, SAYS), LINE(7, ANSWERS, .text = "refunds", .variant = "plain"), { END } },
	{ /* no second answer there: no case */
		LINE(0, SAYS), LINE(1, ANSWERS, .text = "hello"), LINE(2, THUMBS, 3, 1), { END } },
	{ /* two episodes are two cases */
		LINE(0, SAYS), LINE(1, ANSWERS, .text = "returns", .variant = "short"), LINE(2, CLOSES),
		LINE(9, SAYS, .episode = 2), LINE(10, ANSWERS, .text = "returns", .variant = "short"),
		LINE(11, HANDS, REASON_ASKED), { END } },
};
/* clang-format on */

struct teller {
	struct episodes fold;
	struct trials trials;
	int64_t conversation;
	char segments[8][24];
	size_t episodes;
};

static void take_episode(void *context, const struct episode *episode)
{
	struct teller *teller = context;
	trials_add(&teller->trials, episode);
	snprintf(teller->segments[teller->episodes++], sizeof teller->segments[0], "%s", episode->segment);
}

static void take_event(void *context, const struct event *event)
{
	struct teller *teller = context;
	episodes_add(&teller->fold, teller->conversation, event);
}

static void check(const struct trials *trials, size_t at, const char *name, int helpful, int thumbs, int handed,
		  int given)
{
	const struct trial_result *result = &trials->results.items[at];
	char found[300];
	snprintf(found, sizeof found, "%s %s", result->intent, result->variant);
	assert_string_equal(found, name);
	assert_int_equal(result->helpful.part, helpful);
	assert_int_equal(result->helpful.whole, thumbs);
	assert_int_equal(result->handed_over.part, handed);
	assert_int_equal(result->handed_over.whole, given);
}

static void test_stories(void **state)
{
	(void)state;
	struct teller teller = { .conversation = 1 };
	episodes_init(&teller.fold, STORY_BEGIN + STORY_DAY, take_episode, &teller);
	for (size_t i = 0; i < COUNT(STORIES); i++, teller.conversation++)
		story_tell(STORIES[i], take_event, &teller);
	episodes_end(&teller.fold);
	assert_int_equal(teller.episodes, 5);
	assert_int_equal(teller.trials.results.count, 3);
	check(&teller.trials, 0, "refunds plain", 0, 0, 0, 1);
	check(&teller.trials, 1, "returns plain", 0, 1, 1, 1);
	check(&teller.trials, 2, "returns short", 1, 1, 1, 3);
	assert_string_equal(teller.segments[0], "vip"); /* the first counts */
	assert_string_equal(teller.segments[1], "");
	trials_clear(&teller.trials);
}

static void test_more_than_are_kept(void **state)
{
	(void)state;
	struct episodes fold;
	struct teller teller = { .conversation = 1 };
	episodes_init(&fold, STORY_BEGIN, take_episode, &teller);
	for (int i = 0; i < TRIALS_MAX + 2; i++) {
		char intent[32];
		struct event event = event_blank();
		snprintf(intent, sizeof intent, "question-%d", i);
		event.kind = EVENT_MESSAGE;
		event.from = i ? AUTHOR_BOT : AUTHOR_VISITOR;
		event.seq = i + 1;
		event.at_ms = STORY_BEGIN + i;
		event.episode = 1;
		event.owner = OWNER_BOT;
		event.intent = i ? intent : "";
		event.variant = i ? "short" : "";
		episodes_add(&fold, 1, &event);
	}
	episodes_end(&fold);
	assert_int_equal(teller.trials.results.count, TRIALS_MAX);
	trials_clear(&teller.trials);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stories),
		cmocka_unit_test(test_more_than_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
