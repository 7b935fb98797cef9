/* SPDX-License-Identifier: Apache-2.0 */
/* What happened, given event by event: for a replay, for an audit, for the report. */
#include "dialogue/report.h"
#include "store/internal.h"

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

/* ---- The report ---- */

struct counting {
	struct episodes fold;
	struct report *report;
	int64_t from_ms, *by_hour;
};

static void take_episode(void *context, const struct episode *episode)
{
	struct counting *counting = context;
	if (episode->start_ms >= counting->from_ms)
		report_add(counting->report, episode);
}

static int take_event(void *context, int64_t conversation, const struct event *event)
{
	struct counting *counting = context;
	bool is_visitors = event->kind == EVENT_MESSAGE && event->from == AUTHOR_VISITOR;
	episodes_add(&counting->fold, conversation, event);
	if (is_visitors && event->at_ms >= counting->from_ms)
		counting->by_hour[(event->at_ms - counting->from_ms) / MS_PER_HOUR % 24]++;
	return 0;
}

int store_report(struct store *store, int64_t from_ms, int64_t now_ms, struct report *report, int64_t by_hour[24],
		 struct error *err)
{
	struct counting counting = { .report = report, .from_ms = from_ms, .by_hour = by_hour };
	episodes_init(&counting.fold, now_ms, take_episode, &counting);
	memset(by_hour, 0, 24 * sizeof *by_hour);
	if (store_each_event(store, from_ms, take_event, &counting, err) != 0)
		return -1;
	episodes_end(&counting.fold);
	return 0;
}
