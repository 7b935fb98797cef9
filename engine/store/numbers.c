/* SPDX-License-Identifier: Apache-2.0 */
/* Replay and counts. What each number means stands in store.h. */
#include "base/vec.h"
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

static int give_question(struct arena *arena, sqlite3_stmt *query, struct event *out_message,
			 struct event *out_decision, struct error *err)
{
	memset(out_decision, 0, sizeof *out_decision);
	if (event_read(arena, query, 0, out_message, err) != 0)
		return -1;
	if (sqlite3_column_type(query, EVENT_COLUMN_COUNT) == SQLITE_NULL) {
		*out_decision = event_blank();
		return 0;
	}
	return event_read(arena, query, EVENT_COLUMN_COUNT, out_decision, err);
}

int store_each_question(struct store *store, int64_t since_ms,
			int (*each)(void *context, const struct event *message, const struct event *decision),
			void *context, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_QUESTIONS, err);
	if (!query)
		return -1;
	struct arena arena = { 0 };
	int step = SQLITE_DONE, result = 0;
	sqlite3_bind_int64(query, 1, since_ms);
	while (result == 0 && (step = sqlite3_step(query)) == SQLITE_ROW) {
		struct event message, decision;
		arena_reset(&arena);
		result = give_question(&arena, query, &message, &decision, err);
		if (result == 0)
			result = each(context, &message, &decision);
	}
	arena_clear(&arena);
	if (result != 0) {
		sqlite3_reset(query);
		return result;
	}
	return store_end(store, query, step, err);
}

int store_each_event(struct store *store, int64_t since_ms,
		     int (*each)(void *context, int64_t conversation, const struct event *event), void *context,
		     struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_EVENTS_SINCE, err);
	if (!query)
		return -1;
	struct arena arena = { 0 };
	int step = SQLITE_DONE, result = 0;
	sqlite3_bind_int64(query, 1, since_ms);
	while (result == 0 && (step = sqlite3_step(query)) == SQLITE_ROW) {
		struct event event;
		arena_reset(&arena);
		result = event_read(&arena, query, 0, &event, err);
		if (result == 0)
			result = each(context, sqlite3_column_int64(query, 1), &event);
	}
	arena_clear(&arena);
	if (result != 0) {
		sqlite3_reset(query);
		return result;
	}
	return store_end(store, query, step, err);
}

/* ---- Counts ---- */

/* An event as far as counting goes: the columns of SQL_EVENTS_IN_TIME. */
struct counted {
	int64_t conversation, seq, episode, at_ms;
	int kind, from, owner, reason, action;
	bool has_intent;
	int csat;
};

struct count {
	struct numbers *out;
	int64_t conversation, episode; /* the episode being counted */
	bool is_seen, is_handed_over;  /* it has counted as an episode; as handed over */
	struct {
		struct counted *items;
		size_t count, capacity;
	} handovers;
};

static struct counted read_counted(sqlite3_stmt *query)
{
	return (struct counted){
		.conversation = sqlite3_column_int64(query, 0),
		.seq = sqlite3_column_int64(query, 1),
		.episode = sqlite3_column_int64(query, 2),
		.at_ms = sqlite3_column_int64(query, 3),
		.kind = sqlite3_column_int(query, 4),
		.from = sqlite3_column_int(query, 5),
		.owner = sqlite3_column_int(query, 6),
		.reason = sqlite3_column_int(query, 7),
		.action = sqlite3_column_int(query, 8),
		.has_intent = sqlite3_column_int(query, 9) != 0,
		.csat = sqlite3_column_int(query, 10),
	};
}

static void count_handover(struct count *count, const struct counted *event)
{
	struct numbers *out = count->out;
	if (event->reason >= 0 && event->reason < (int)(sizeof out->handovers / sizeof *out->handovers))
		out->handovers[event->reason]++;
	out->handed_over_episodes += !count->is_handed_over;
	count->is_handed_over = true;
	vec_push(&count->handovers, *event);
}

/* Events come in order of conversation and seq, so an episode's stand together. */
static void count_event(struct count *count, const struct counted *event)
{
	struct numbers *out = count->out;
	bool is_visitors = event->kind == EVENT_MESSAGE && event->from == AUTHOR_VISITOR;
	if (event->conversation != count->conversation || event->episode != count->episode) {
		count->conversation = event->conversation;
		count->episode = event->episode;
		count->is_seen = count->is_handed_over = false;
	}
	if ((is_visitors || event->kind == EVENT_HANDOVER) && !count->is_seen) {
		count->is_seen = true;
		out->episodes++;
	}
	if (is_visitors)
		out->messages_by_hour[(event->at_ms - out->from_ms) / (60 * 60 * 1000) % 24]++;
	if (event->kind == EVENT_MESSAGE && event->from == AUTHOR_BOT)
		out->bot_answers += event->has_intent;
	if (event->kind == EVENT_DECISION) {
		out->misses += event->action == ACTION_MISS;
		out->clarifications += event->action == ACTION_CLARIFY;
	}
	if (event->kind == EVENT_HANDOVER)
		count_handover(count, event);
	if (event->kind == EVENT_RATING && event->csat > 0) {
		out->csat_sum += event->csat;
		out->csat_count++;
	}
}

/* How the wait after a handover ended, also after the time that is counted: the wait in ms, -1 nobody came, -2 it
 * goes on, -3 err. */
enum { NOBODY_CAME = -1, STILL_WAITING = -2, WAIT_FAILED = -3 };
static int64_t end_of_wait(struct store *store, const struct counted *handover, struct error *err)
{
	if (handover->owner != OWNER_QUEUE)
		return NOBODY_CAME;
	sqlite3_stmt *query = store_statement(store, SQL_END_OF_WAIT, err);
	if (!query)
		return WAIT_FAILED;
	sqlite3_bind_int64(query, 1, handover->conversation);
	sqlite3_bind_int64(query, 2, handover->seq);
	int step = sqlite3_step(query);
	int64_t wait = STILL_WAITING;
	if (step == SQLITE_ROW) {
		wait = sqlite3_column_int64(query, 0) - handover->at_ms;
		if (sqlite3_column_int(query, 1) != OWNER_AGENT)
			wait = NOBODY_CAME;
		else if (wait < 0) /* the clock was set back */
			wait = 0;
	}
	return store_end(store, query, step, err) == 0 ? wait : WAIT_FAILED;
}

static int compare_waits(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The nearest-rank percentile: the smallest wait that at least `percent` of all do not exceed. */
static int64_t percentile(const int64_t *sorted, size_t count, size_t percent)
{
	return count ? sorted[(count * percent + 99) / 100 - 1] : 0;
}

static int count_waits(struct store *store, const struct count *count, struct error *err)
{
	struct numbers *out = count->out;
	struct {
		int64_t *items;
		size_t count, capacity;
	} waits = { 0 };
	int result = 0;
	for (size_t i = 0; i < count->handovers.count && result == 0; i++) {
		int64_t wait = end_of_wait(store, &count->handovers.items[i], err);
		if (wait == WAIT_FAILED)
			result = -1;
		else if (wait == NOBODY_CAME)
			out->missed++;
		else if (wait >= 0)
			vec_push(&waits, wait);
	}
	if (waits.count)
		qsort(waits.items, waits.count, sizeof *waits.items, compare_waits);
	out->claimed = out->wait_count = (int64_t)waits.count;
	out->wait_median_ms = percentile(waits.items, waits.count, 50);
	out->wait_p90_ms = percentile(waits.items, waits.count, 90);
	vec_clear(&waits);
	return result;
}

static int count_ratings(struct store *store, struct numbers *out, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_RATINGS_IN_TIME, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, out->from_ms);
	sqlite3_bind_int64(query, 2, out->to_ms);
	int step = sqlite3_step(query);
	if (step == SQLITE_ROW) {
		out->helpful = sqlite3_column_int64(query, 0);
		out->not_helpful = sqlite3_column_int64(query, 1);
	}
	return store_end(store, query, step, err);
}

int store_numbers(struct store *store, int64_t from_ms, int64_t to_ms, struct numbers *out, struct error *err)
{
	struct numbers numbers = { .from_ms = from_ms, .to_ms = to_ms };
	struct count count = { .out = &numbers };
	sqlite3_stmt *query = store_statement(store, SQL_EVENTS_IN_TIME, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, from_ms);
	sqlite3_bind_int64(query, 2, to_ms);
	int step;
	while ((step = sqlite3_step(query)) == SQLITE_ROW) {
		struct counted event = read_counted(query);
		count_event(&count, &event);
	}
	int result = store_end(store, query, step, err);
	if (result == 0)
		result = count_waits(store, &count, err);
	if (result == 0)
		result = count_ratings(store, &numbers, err);
	vec_clear(&count.handovers);
	if (result == 0)
		*out = numbers;
	return result;
}
