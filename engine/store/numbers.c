/* SPDX-License-Identifier: Apache-2.0 */
/* What happened, given event by event: for a replay, for an audit, for the report. */
#include "dialogue/report.h"
#include "store/internal.h"

#include <string.h>

/* The message of a row, and the decision behind it: in the same row, or in the next one, which follows in the query. */
static int read_question(struct arena *arena, sqlite3_stmt *query, struct event_vec *found, struct error *err)
{
	found->count = 0;
	if (events_read(arena, query, 0, found, err) != 0)
		return -1;
	if (found->count == 1 && sqlite3_column_type(query, EVENT_COLUMN_COUNT) != SQLITE_NULL)
		return events_read(arena, query, EVENT_COLUMN_COUNT, found, err);
	return 0;
}

int store_each_question(struct store *store, int64_t since_ms,
			int (*each)(void *context, const struct event *message, const struct event *decision),
			void *context, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_QUESTIONS, err);
	if (!query)
		return -1;
	struct arena arena = { 0 };
	struct event_vec found = { 0 };
	int step = SQLITE_DONE, result = 0;
	sqlite3_bind_int64(query, 1, since_ms);
	while (result == 0 && (step = sqlite3_step(query)) == SQLITE_ROW) {
		struct event none = event_blank();
		arena_reset(&arena);
		result = read_question(&arena, query, &found, err);
		if (result == 0)
			result = each(context, &found.items[0].event,
				      found.count > 1 && found.items[1].event.kind == EVENT_DECISION
					      ? &found.items[1].event
					      : &none);
	}
	vec_clear(&found);
	arena_clear(&arena);
	if (result != 0) {
		sqlite3_reset(query);
		return result;
	}
	return store_end(store, query, step, err);
}

/* The next conversation of `query`, 0 behind the last. */
static int next_changed(struct store *store, sqlite3_stmt *query, int64_t *out, struct error *err)
{
	int step = sqlite3_step(query);
	*out = step == SQLITE_ROW ? sqlite3_column_int64(query, 0) : 0;
	return step == SQLITE_ROW ? 0 : store_end(store, query, step, err);
}

int store_each_event(struct store *store, int64_t since_ms,
		     int (*each)(void *context, int64_t conversation, const struct event *event), void *context,
		     struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_CHANGED_SINCE, err);
	if (!query)
		return -1;
	struct arena arena = { 0 };
	int64_t conversation = 0;
	bool has_begun = store_begin_read(store);
	sqlite3_bind_int64(query, 1, since_ms);
	int result = next_changed(store, query, &conversation, err);
	while (result == 0 && conversation) {
		struct event *events;
		size_t count = 0;
		arena_reset(&arena);
		result = store_load_events(store, &arena, conversation, 0, &events, &count, err);
		for (size_t i = 0; i < count && result == 0; i++)
			result = each(context, conversation, &events[i]);
		if (result == 0)
			result = next_changed(store, query, &conversation, err);
	}
	sqlite3_reset(query);
	store_end_read(store, has_begun);
	arena_clear(&arena);
	return result;
}

int store_count_events(struct store *store, int64_t *out_count, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_COUNT_EVENTS, err);
	return query ? store_find_id(store, query, out_count, err) : -1;
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
