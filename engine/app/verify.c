/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell verify`: whether the data file is sound, and every conversation is what its events add up to. */
#include "app/arguments.h"
#include "app/command.h"
#include "app/data.h"
#include "app/loading.h"
#include "app/progress.h"
#include "base/count.h"
#include "dialogue/conversation.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct verifying {
	struct store *store;
	struct arena arena;
	struct error err;
	int64_t conversation; /* the one being folded; 0: none yet */
	struct conversation *state;
	struct progress progress;
	long conversations, events, problems;
};

static void complain(struct verifying *v, const char *what)
{
	progress_end(&v->progress);
	printf("conversation %lld: %s\n", (long long)v->conversation, what);
	v->problems++;
}

/* A column of the row and what the events say; `is_same` was found out where the types are known. */
static void compare(struct verifying *v, bool is_same, const char *column)
{
	char words[100];
	snprintf(words, sizeof words, "`%s` is not what its events say", column);
	if (!is_same)
		complain(v, words);
}

static void compare_row(struct verifying *v, const struct conversation_row *row)
{
	const struct conversation *state = v->state;
	enum owner owner = conversation_owner(state);
	compare(v, row->seq == conversation_seq(state), "seq");
	compare(v, row->owner == owner, "owner");
	compare(v, row->agent == (owner == OWNER_AGENT ? conversation_agent(state) : 0), "agent");
	compare(v, row->episode == conversation_episode(state), "episode");
	compare(v, row->is_closed == conversation_is_closed(state), "is_closed");
	compare(v, row->reason == conversation_reason(state), "reason");
	compare(v, row->priority == conversation_priority(state), "priority");
	/* Not which time: it moves when the clock is set. */
	compare(v, !row->waiting_since_ms == !conversation_waiting_since(state), "waiting_since_ms");
	compare(v, fabs(row->mood - conversation_mood(state)) < 1e-9, "mood");
	compare(v, row->trend == conversation_trend(state), "trend");
	compare(v, !strcmp(row->language, conversation_language(state)), "language");
	compare(v, !strcmp(row->intent, conversation_intent(state)), "intent");
}

/* All events of one conversation are in: its row must say the same. */
static int end_conversation(struct verifying *v)
{
	struct conversation_row row;
	if (!v->conversation)
		return 0;
	int found = store_load_row(v->store, &v->arena, v->conversation, &row, &v->err);
	if (found < 0)
		return -1;
	if (found == 1)
		complain(v, "there are events of it, but no row");
	else
		compare_row(v, &row);
	conversation_free(v->state);
	v->state = NULL;
	arena_reset(&v->arena);
	return 0;
}

static void begin_conversation(struct verifying *v, int64_t conversation)
{
	v->conversation = conversation;
	v->conversations++;
	v->state = conversation_new();
}

static int take_event(void *context, int64_t conversation, const struct event *event)
{
	struct verifying *v = context;
	if (conversation != v->conversation) {
		if (end_conversation(v))
			return -1;
		begin_conversation(v, conversation);
		progress_reach(&v->progress, event->at_ms);
	}
	v->events++;
	int64_t sender = event->from == AUTHOR_AGENT ? event->agent : 0;
	if (conversation_find_client_id(v->state, event->client_id, sender))
		complain(v, "the same client_id stands in it twice");
	conversation_apply(v->state, event);
	return 0;
}

/* What no conversation leads to. */
static int count_lost(struct verifying *v)
{
	int64_t count;
	if (store_count_events(v->store, &count, &v->err))
		return -1;
	if (count != v->events) {
		printf("%lld events belong to no conversation\n", (long long)(count - v->events));
		v->problems++;
	}
	return 0;
}

static int verify(struct verifying *v)
{
	if (store_check(v->store, &v->err) || store_hold(v->store, &v->err))
		return -1;
	progress_start(&v->progress, "reading every conversation");
	int status = store_each_event(v->store, 0, take_event, v, &v->err);
	progress_end(&v->progress);
	if (!status)
		status = end_conversation(v);
	if (!status)
		status = count_lost(v);
	store_let_go(v->store);
	return status;
}

static int run_verify(int argc, char **argv)
{
	const char *data = DEFAULT_DATA;
	const struct option_spec specs[] = { { "--data", &data, NULL } };
	struct operands none;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	struct verifying v = { 0 };
	if (data_open(data, DATA_READ, &v.store, &v.err) || verify(&v)) {
		status = data_failed("verify", &v.err);
	} else if (v.problems) {
		fprintf(stderr,
			"shopbell verify: %ld problem%s in %ld conversations: keep a copy of the file and put the "
			"last backup in its place\n",
			v.problems, v.problems == 1 ? "" : "s", v.conversations);
		status = EXIT_PROBLEM;
	} else {
		printf("%ld conversation%s, %ld event%s: every page is sound, every conversation is what its events "
		       "say\n",
		       v.conversations, v.conversations == 1 ? "" : "s", v.events, v.events == 1 ? "" : "s");
	}
	conversation_free(v.state);
	arena_clear(&v.arena);
	store_close(v.store);
	return status;
}

const struct command command_verify = {
	"verify", "whether the data file is sound and adds up, also while serving",
	"usage: shopbell verify [--data DIR]\n\n"
	"Reads every page of the data file, replays the events of every conversation, and compares\n"
	"what they add up to with what is kept beside them. Exits 1 when something is wrong.\n",
	run_verify
};
