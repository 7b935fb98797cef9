/* SPDX-License-Identifier: Apache-2.0 */
/* Reading conversations, their events, lists of them, and what is being searched for. */
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

int store_load_token(struct store *store, int64_t conversation, unsigned char out_hash[TOKEN_HASH_BYTES],
		     struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LOAD_TOKEN, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, conversation);
	int step = sqlite3_step(query);
	bool is_whole = step == SQLITE_ROW && sqlite3_column_bytes(query, 0) == TOKEN_HASH_BYTES;
	if (is_whole)
		memcpy(out_hash, sqlite3_column_blob(query, 0), TOKEN_HASH_BYTES);
	return store_end(store, query, step, err) != 0 ? -1 : !is_whole;
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

/* ---- Events ---- */

bool store_begin_read(struct store *store)
{
	return sqlite3_get_autocommit(store->db) && store_exec(store, "BEGIN", NULL) == 0;
}

void store_end_read(struct store *store, bool has_begun)
{
	if (has_begun)
		store_exec(store, "COMMIT", NULL);
}

/* Where the last step of a conversation begins; 0: there is none. */
static int find_last_step(struct store *store, int64_t conversation, int64_t *out, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LAST_STEP, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, conversation);
	int found = store_find_id(store, query, out, err);
	if (found == 1)
		*out = 0;
	return found < 0 ? -1 : 0;
}

/* The step that begins with event `id`; `out_before` gets the one before. Steps lead back only, so that no damage makes a
 * circle of them. */
static int read_step(struct store *store, int64_t conversation, int64_t id, struct span *out, int64_t *out_seq,
		     int64_t *out_before, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_STEP, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, id);
	int step = sqlite3_step(query);
	bool is_sound = false;
	if (step == SQLITE_ROW) {
		int64_t count = sqlite3_column_int64(query, 2);
		*out_seq = sqlite3_column_int64(query, 1);
		*out_before = sqlite3_column_int64(query, 3);
		is_sound = sqlite3_column_int64(query, 0) == conversation && count >= 1 && count <= INT64_MAX - id &&
			   *out_before >= 0 && *out_before < id;
		*out = (struct span){ id, is_sound ? id + count - 1 : id };
	}
	if (store_end(store, query, step, err) != 0)
		return -1;
	return is_sound ? 0 : store_nonsense("line", id, err);
}

int steps_find(struct store *store, int64_t conversation, int64_t after, struct span **out, size_t *out_count,
	       struct error *err)
{
	struct {
		struct span *items;
		size_t count, capacity;
	} steps = { 0 };
	int64_t at = 0, seq = INT64_MAX;
	int result = find_last_step(store, conversation, &at, err);
	while (result == 0 && at && seq > after + 1) {
		struct span span;
		result = read_step(store, conversation, at, &span, &seq, &at, err);
		if (result == 0)
			vec_push(&steps, span);
	}
	if (result != 0) {
		vec_clear(&steps);
		return -1;
	}
	*out = steps.items;
	*out_count = steps.count;
	return 0;
}

/* The events of every row of `query`, added to `found`. */
static int read_rows(struct store *store, struct arena *arena, sqlite3_stmt *query, struct event_vec *found,
		     struct error *err)
{
	int step = SQLITE_DONE, result = 0;
	while (result == 0 && (step = sqlite3_step(query)) == SQLITE_ROW)
		result = events_read(arena, query, 0, found, err);
	if (store_end(store, query, result == 0 ? step : SQLITE_DONE, err) != 0)
		result = -1;
	return result;
}

static int read_steps(struct store *store, struct arena *arena, int64_t conversation, int64_t after,
		      struct event_vec *found, struct error *err)
{
	struct span *steps = NULL;
	size_t count = 0;
	sqlite3_stmt *query = store_statement(store, SQL_LOAD_STEP, err);
	if (!query || steps_find(store, conversation, after, &steps, &count, err) != 0)
		return -1;
	int result = 0;
	while (result == 0 && count--) {
		sqlite3_bind_int64(query, 1, steps[count].first);
		sqlite3_bind_int64(query, 2, steps[count].last);
		result = read_rows(store, arena, query, found, err);
	}
	free(steps);
	return result;
}

/* Whoever folds them relies on it. */
static int check_numbers(const struct event *events, size_t count, int64_t after, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (events[i].seq != after + 1 + (int64_t)i)
			return store_nonsense("line", events[i].id, err);
	return 0;
}

int store_load_events(struct store *store, struct arena *arena, int64_t conversation, int64_t after,
		      struct event **out_events, size_t *out_count, struct error *err)
{
	struct event_vec found = { 0 };
	bool has_begun = store_begin_read(store);
	int result = read_steps(store, arena, conversation, after, &found, err);
	store_end_read(store, has_begun);
	if (result == 0) {
		size_t skip = 0; /* the first step may begin before */
		while (skip < found.count && found.items[skip].event.seq <= after)
			skip++;
		*out_count = found.count - skip;
		*out_events = arena_alloc(arena, *out_count * sizeof **out_events);
		for (size_t i = 0; i < *out_count; i++)
			(*out_events)[i] = found.items[skip + i].event;
		result = check_numbers(*out_events, *out_count, after, err);
	}
	vec_clear(&found);
	return result;
}

int store_find_event(struct store *store, int64_t conversation, int64_t seq, int64_t *out_id, struct error *err)
{
	struct span *steps = NULL;
	size_t count = 0;
	int64_t first = 0;
	bool has_begun = store_begin_read(store);
	int result = steps_find(store, conversation, seq - 1, &steps, &count, err);
	if (result == 0 && count) {
		struct span span;
		int64_t before;
		result = read_step(store, conversation, steps[count - 1].first, &span, &first, &before, err);
	}
	store_end_read(store, has_begun);
	bool is_there =
		result == 0 && count && seq >= first && steps[count - 1].first + (seq - first) <= steps[count - 1].last;
	if (is_there)
		*out_id = steps[count - 1].first + (seq - first);
	free(steps);
	return result == 0 ? !is_there : -1;
}

int store_load_since(struct store *store, struct arena *arena, int64_t after, size_t max,
		     struct stored_event **out_events, size_t *out_count, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LOAD_SINCE, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, after);
	sqlite3_bind_int64(query, 2, (int64_t)max + 1); /* the first row may hold nothing that is new */
	struct event_vec found = { 0 };
	int result = read_rows(store, arena, query, &found, err);
	if (result == 0) {
		size_t skip = 0;
		while (skip < found.count && found.items[skip].event.id <= after)
			skip++;
		*out_count = found.count - skip < max ? found.count - skip : max;
		*out_events = arena_alloc(arena, *out_count * sizeof *found.items);
		if (*out_count)
			memcpy(*out_events, found.items + skip, *out_count * sizeof *found.items);
	}
	vec_clear(&found);
	return result;
}

int store_load_held(struct store *store, struct arena *arena, int64_t **out_ids, size_t *out_count, struct error *err)
{
	struct {
		int64_t *items;
		size_t count, capacity;
	} ids = { 0 };
	sqlite3_stmt *query = store_statement(store, SQL_LIST_HELD, err);
	int step;
	if (!query)
		return -1;
	while ((step = sqlite3_step(query)) == SQLITE_ROW)
		vec_push(&ids, sqlite3_column_int64(query, 0));
	int result = store_end(store, query, step, err) != 0 ? -1 : 0;
	if (result == 0) {
		*out_ids = arena_alloc(arena, ids.count * sizeof *ids.items);
		if (ids.count)
			memcpy(*out_ids, ids.items, ids.count * sizeof *ids.items);
		*out_count = ids.count;
	}
	vec_clear(&ids);
	return result;
}

int store_load_silent(struct store *store, int64_t before_ms, struct store_place *place, int64_t *ids, size_t max,
		      size_t *out_count, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LIST_SILENT, err);
	struct store_place at = *place;
	size_t count = 0;
	int step;
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, before_ms);
	sqlite3_bind_int64(query, 2, at.minute);
	sqlite3_bind_int64(query, 3, at.id);
	sqlite3_bind_int64(query, 4, (int64_t)max);
	for (; (step = sqlite3_step(query)) == SQLITE_ROW; count++) {
		at = (struct store_place){ sqlite3_column_int64(query, 1), sqlite3_column_int64(query, 0) };
		ids[count] = at.id;
	}
	if (store_end(store, query, step, err) != 0)
		return -1;
	*place = at;
	*out_count = count;
	return 0;
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
