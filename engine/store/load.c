/* SPDX-License-Identifier: Apache-2.0 */
/* Reading conversations, their events, lists of them, and what is being searched for. */
#include "base/vec.h"
#include "store/internal.h"

#include <string.h>

struct row_vec {
	struct conversation_row *items;
	size_t count, capacity;
};

int store_find_token(struct store *store, const unsigned char hash[TOKEN_HASH_BYTES], int64_t *out_conversation,
		     struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_FIND_TOKEN, err);
	if (!query)
		return -1;
	bind_hash(query, 1, hash);
	return store_find_id(store, query, out_conversation, err);
}

int store_last_event_id(struct store *store, int64_t *out_id, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LAST_EVENT, err);
	if (!query)
		return -1;
	int result = store_find_id(store, query, out_id, err);
	if (result == 1)
		*out_id = 0;
	return result < 0 ? -1 : 0;
}

int store_load_row(struct store *store, struct arena *arena, int64_t conversation, struct conversation_row *out,
		   struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LOAD_ROW, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, conversation);
	int step = sqlite3_step(query);
	int result = step == SQLITE_ROW ? row_read(arena, query, out, err) : 1;
	return store_end(store, query, step, err) != 0 ? -1 : result;
}

/* Every row of `query` as an event with its conversation. */
static int read_events(struct store *store, struct arena *arena, sqlite3_stmt *query, struct stored_event **out_events,
		       size_t *out_count, struct error *err)
{
	struct {
		struct stored_event *items;
		size_t count, capacity;
	} found = { 0 };
	int step, result = 0;
	while (result == 0 && (step = sqlite3_step(query)) == SQLITE_ROW) {
		struct stored_event stored = { .conversation = sqlite3_column_int64(query, 1) };
		result = event_read(arena, query, 0, &stored.event, err);
		vec_push(&found, stored);
	}
	if (store_end(store, query, result == 0 ? step : SQLITE_DONE, err) != 0)
		result = -1;
	if (result == 0) {
		*out_events = arena_alloc(arena, found.count * sizeof *found.items);
		if (found.count)
			memcpy(*out_events, found.items, found.count * sizeof *found.items);
		*out_count = found.count;
	}
	vec_clear(&found);
	return result;
}

int store_load_events(struct store *store, struct arena *arena, int64_t conversation, int64_t after,
		      struct event **out_events, size_t *out_count, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LOAD_EVENTS, err);
	struct stored_event *stored = NULL;
	size_t count = 0;
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, conversation);
	sqlite3_bind_int64(query, 2, after);
	if (read_events(store, arena, query, &stored, &count, err) != 0)
		return -1;
	struct event *events = arena_alloc(arena, count * sizeof *events);
	for (size_t i = 0; i < count; i++)
		events[i] = stored[i].event;
	*out_events = events;
	*out_count = count;
	return 0;
}

int store_load_since(struct store *store, struct arena *arena, int64_t after, size_t max,
		     struct stored_event **out_events, size_t *out_count, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LOAD_SINCE, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, after);
	sqlite3_bind_int64(query, 2, (int64_t)max);
	return read_events(store, arena, query, out_events, out_count, err);
}

static void give_rows(struct arena *arena, const struct row_vec *rows, struct conversation_row **out_rows,
		      size_t *out_count)
{
	*out_rows = arena_alloc(arena, rows->count * sizeof *rows->items);
	if (rows->count)
		memcpy(*out_rows, rows->items, rows->count * sizeof *rows->items);
	*out_count = rows->count;
}

int store_list(struct store *store, struct arena *arena, const struct list_query *list,
	       struct conversation_row **out_rows, size_t *out_count, struct error *err)
{
	static const enum statement statements[] = {
		[LIST_WAITING] = SQL_LIST_WAITING,   [LIST_OPEN] = SQL_LIST_OPEN,
		[LIST_ALL] = SQL_LIST_ALL,           [LIST_TICKETS] = SQL_LIST_TICKETS,
		[LIST_OF_AGENT] = SQL_LIST_OF_AGENT, [LIST_OF_SUBJECT] = SQL_LIST_OF_SUBJECT,
		[LIST_TAGGED] = SQL_LIST_TAGGED,
	};
	sqlite3_stmt *query = store_statement(store, statements[list->list], err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, list->before_ms ? list->before_ms : INT64_MAX);
	sqlite3_bind_int64(query, 2, list->limit > INT32_MAX ? INT32_MAX : (int64_t)list->limit);
	if (list->list == LIST_OF_AGENT)
		sqlite3_bind_int64(query, 3, list->agent);
	else if (list->list == LIST_OF_SUBJECT)
		bind_text(query, 3, list->subject);
	else if (list->list == LIST_TAGGED)
		bind_text(query, 3, list->tag);
	struct row_vec rows = { 0 };
	int step, result = 0;
	while (result == 0 && (step = sqlite3_step(query)) == SQLITE_ROW) {
		struct conversation_row row = { 0 };
		result = row_read(arena, query, &row, err);
		vec_push(&rows, row);
	}
	if (store_end(store, query, result == 0 ? step : SQLITE_DONE, err) != 0)
		result = -1;
	if (result == 0)
		give_rows(arena, &rows, out_rows, out_count);
	vec_clear(&rows);
	return result;
}
