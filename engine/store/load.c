/* SPDX-License-Identifier: Apache-2.0 */
/* Reading conversations, their events, lists of them, and what is being searched for. */
#include "base/vec.h"
#include "store/internal.h"
#include "text/utf8.h"

#include <string.h>

struct row_vec {
	struct conversation_row *items;
	size_t count, capacity;
};

/* The id in the first column of the only row: 0 found, 1 not found, -1. */
static int find_id(struct store *store, sqlite3_stmt *query, int64_t *out_id, struct error *err)
{
	int step = sqlite3_step(query);
	int64_t id = step == SQLITE_ROW ? sqlite3_column_int64(query, 0) : 0;
	if (store_end(store, query, step, err) != 0)
		return -1;
	if (step != SQLITE_ROW)
		return 1;
	*out_id = id;
	return 0;
}

int store_find_token(struct store *store, const unsigned char hash[TOKEN_HASH_BYTES], int64_t *out_conversation,
		     struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_FIND_TOKEN, err);
	if (!query)
		return -1;
	bind_hash(query, 1, hash);
	return find_id(store, query, out_conversation, err);
}

int store_last_event_id(struct store *store, int64_t *out_id, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LAST_EVENT, err);
	if (!query)
		return -1;
	int result = find_id(store, query, out_id, err);
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

/* ---- Searching ---- */

enum { SEARCH_WORDS_MAX = 16 };

/* Whether the search index ends a word at `code`: it knows no positions, so that a word which it would cut in two
 * cannot be looked for. */
static bool is_between_words(uint32_t code)
{
	static const struct {
		uint32_t from, to;
	} gaps[] = {
		{ 0x80, 0xa9 },     { 0xab, 0xb1 },     { 0xb4, 0xb4 },     { 0xb6, 0xb8 },       { 0xbb, 0xbb },
		{ 0xbf, 0xbf },     { 0xd7, 0xd7 },     { 0xf7, 0xf7 },     { 0x2000, 0x206f },   { 0x20a0, 0x20cf },
		{ 0x2190, 0x245f }, { 0x2500, 0x2775 }, { 0x2794, 0x2bff }, { 0x3000, 0x3004 },   { 0x3008, 0x3020 },
		{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xff01, 0xff0f }, { 0x1f000, 0x1ffff },
	};
	if (code < 0x80)
		return !((code >= '0' && code <= '9') || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z'));
	for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++)
		if (code >= gaps[i].from && code <= gaps[i].to)
			return true;
	return false;
}

/* The words as an FTS5 query: all of them, each as the beginning of a word. Quoted, so that none is an operator. */
static size_t write_query(struct buf *out, struct str words)
{
	size_t count = 0;
	for (size_t at = 0; at < words.len && count < SEARCH_WORDS_MAX;) {
		size_t start = at, end = at;
		while (at < words.len && (end = at, !is_between_words(utf8_next(words, &at))))
			end = at;
		if (end == start)
			continue;
		buf_printf(out, "%s\"%.*s\"*", count++ ? " " : "", (int)(end - start), words.ptr + start);
	}
	return count;
}

static bool is_among(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* The conversations of the newest messages that match, each once. */
static int read_hits(struct store *store, struct arena *arena, sqlite3_stmt *query, int64_t *ids,
		     struct search_hit *hits, size_t limit, size_t *out_count, struct error *err)
{
	size_t count = 0;
	int step = SQLITE_DONE;
	while (count < limit && (step = sqlite3_step(query)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(query, 0);
		if (is_among(ids, count, id))
			continue;
		ids[count] = id;
		hits[count++].snippet = column_text(arena, query, 1);
	}
	*out_count = count;
	return store_end(store, query, step, err);
}

int store_search(struct store *store, struct arena *arena, const char *words, size_t limit,
		 struct search_hit **out_hits, size_t *out_count, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_SEARCH, err);
	if (!query)
		return -1;
	if (limit > STORE_HITS_MAX)
		limit = STORE_HITS_MAX;
	int64_t *ids = arena_zalloc(arena, limit, sizeof *ids);
	struct search_hit *hits = arena_zalloc(arena, limit, sizeof *hits);
	struct buf match = { 0 };
	size_t found = 0, kept = 0;
	int result = 0;
	if (write_query(&match, utf8_repair_in(arena, str_of(words)))) {
		bind_text(query, 1, buf_text(&match));
		result = read_hits(store, arena, query, ids, hits, limit, &found, err);
	}
	buf_clear(&match);
	for (size_t i = 0; i < found && result == 0; i++) {
		hits[kept].snippet = hits[i].snippet;
		int loaded = store_load_row(store, arena, ids[i], &hits[kept].row, err);
		if (loaded < 0)
			result = -1;
		kept += loaded == 0;
	}
	if (result == 0) {
		*out_hits = hits;
		*out_count = kept;
	}
	return result;
}
