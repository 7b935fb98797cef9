/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell replay`: what visitors really asked, put to the corpus as it is now. */
#include "app/command.h"
#include "app/data.h"
#include "app/dates.h"
#include "app/loading.h"
#include "app/progress.h"
#include "app/arguments.h"
#include "base/count.h"
#include "dialogue/policy.h"
#include "store/store.h"
#include "text/language.h"
#include "text/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct replay {
	const struct knowledge *knowledge;
	struct mind *mind;
	struct arena arena;
	struct progress progress;
	size_t asked, same, answered_now, lost_answer, other_answer;
};

static void print_change(struct arena *arena, const struct event *message, const struct event *before,
			 const struct decision *now)
{
	printf("%s\n  was: %s %s (%.0f %%)\n  now: %s %s (%.0f %%)\n",
	       utf8_printable_in(arena, message->text, SIZE_MAX), action_name(before->action), before->intent,
	       before->confidence * 100, action_name(now->action), now->intent_id, now->confidence * 100);
}

static int ask_again(void *context, const struct event *message, const struct event *decision)
{
	struct replay *replay = context;
	if (decision->kind != EVENT_DECISION)
		return 0;
	struct decision now;
	policy_ask(replay->knowledge, replay->mind, str_of(message->text), language_code(str_of(message->language)),
		   &replay->arena, &now);
	bool was = decision->action == ACTION_ANSWER, is = now.action == ACTION_ANSWER;
	progress_reach(&replay->progress, message->at_ms);
	replay->asked++;
	if (was == is && (!was || !strcmp(decision->intent, now.intent_id))) {
		replay->same++;
	} else {
		replay->answered_now += !was && is;
		replay->lost_answer += was && !is;
		replay->other_answer += was && is;
		progress_end(&replay->progress);
		print_change(&replay->arena, message, decision, &now);
	}
	arena_reset(&replay->arena);
	return 0;
}

static int replay_store(struct replay *replay, const char *data, int64_t since_ms)
{
	struct store *store = NULL;
	struct error err = { 0 };
	progress_start(&replay->progress, "asking again");
	int failed = data_open(data, DATA_READ, &store, &err) ||
		     store_each_question(store, since_ms, ask_again, replay, &err);
	progress_end(&replay->progress);
	if (failed)
		fprintf(stderr, "shopbell replay: %s\n", err.message);
	else
		printf("%zu questions asked again: %zu as before, %zu answered now, %zu no longer answered, %zu with "
		       "another answer\n",
		       replay->asked, replay->same, replay->answered_now, replay->lost_answer, replay->other_answer);
	store_close(store);
	return failed ? EXIT_PROBLEM : EXIT_FINE;
}

static int run_replay(int argc, char **argv)
{
	const char *data = DEFAULT_DATA, *intents = DEFAULT_INTENTS, *since = NULL;
	const struct option_spec specs[] = { { "--data", &data, NULL },
					     { "--intents", &intents, NULL },
					     { "--since", &since, NULL } };
	struct operands none;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	int64_t since_ms = 0;
	status = date_read("replay", since, &since_ms);
	if (status)
		return status;
	struct knowledge *knowledge = load_knowledge(intents, false);
	if (!knowledge)
		return EXIT_PROBLEM;
	struct replay replay = { .knowledge = knowledge, .mind = mind_new() };
	status = replay_store(&replay, data, since_ms);
	mind_free(replay.mind);
	arena_clear(&replay.arena);
	knowledge_unref(knowledge);
	return status;
}

const struct command command_replay = {
	"replay", "recorded questions against the files as they are now",
	"usage: shopbell replay [--since DATE] [--intents DIR] [--data DIR]\n\n"
	"Puts every question that the bot decided on since DATE (default: all) to the topic files as they\n"
	"are now, as a first message, and prints those that would go another way. Nothing is changed.\n",
	run_replay
};
