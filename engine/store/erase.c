/* SPDX-License-Identifier: Apache-2.0 */
/* Forgetting: the rows. What they leave behind: scrub.c. */
#include "base/count.h"
#include "base/mem.h"
#include "store/internal.h"

#include <stdlib.h>

enum { TRACES_TIMEOUT_MS = 200 };

static int run_on(struct store *store, enum statement which, int64_t conversation, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, which, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, conversation);
	return store_step(store, query, err);
}

/* The same for its events among those of `span`. */
static int run_on_span(struct store *store, enum statement which, int64_t conversation, struct span span,
		       struct error *err)
{
	sqlite3_stmt *query = store_statement(store, which, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, conversation);
	sqlite3_bind_int64(query, 2, span.first);
	sqlite3_bind_int64(query, 3, span.last);
	return store_step(store, query, err);
}

/* Where its events are: in its steps, or anywhere when damage hides these. Nobody keeps what is damaged for ever. */
static int find_events(struct store *store, int64_t conversation, struct span **out, size_t *out_count,
		       struct error *err)
{
	struct error damage = { 0 };
	if (steps_find(store, conversation, 0, out, out_count, &damage) == 0)
		return 0;
	if (damage.kind != ERROR_INPUT)
		return error_set(err, damage.kind, "%s", damage.message);
	*out = mem_alloc(sizeof **out);
	**out = (struct span){ 1, INT64_MAX };
	*out_count = 1;
	return 0;
}

/* In a transaction. */
static int erase_rows(struct store *store, int64_t conversation, struct error *err)
{
	static const enum statement others[] = { SQL_ERASE_DRAFTS, SQL_ERASE_HEAD, SQL_ERASE_CONVERSATION };
	struct span *spans = NULL;
	size_t count = 0;
	int result = store_run(store, SQL_KEEP_LAST_EVENT, err);
	if (result == 0)
		result = find_events(store, conversation, &spans, &count, err);
	for (size_t i = 0; i < count && result == 0; i++) {
		result = run_on_span(store, SQL_ERASE_FROM_SEARCH, conversation, spans[i], err);
		if (result == 0)
			result = run_on_span(store, SQL_ERASE_EVENTS, conversation, spans[i], err);
	}
	free(spans);
	for (size_t i = 0; i < COUNT(others) && result == 0; i++)
		result = run_on(store, others[i], conversation, err);
	known_forget(store);
	return result;
}

/* Ends the transaction in which something was deleted, if `result` is 0. */
static int finish_erasing(struct store *store, int result, struct error *err)
{
	if (result == 0)
		result = scrub_owe(store, err);
	result = store_finish(store, result, err);
	if (result == 0)
		scrub_owed(store);
	return result;
}

/* The whole of a quick scrub is less than a message waits for anyway. When it fails the rows are gone all the same. */
static int scrub_or_owe(struct store *store, bool is_quick, struct error *err)
{
	if (!is_quick) {
		store_drop_traces(store, TRACES_TIMEOUT_MS);
		return 0;
	}
	return scrub_at_once(store, TRACES_TIMEOUT_MS, err);
}

int store_erase(struct store *store, int64_t conversation, struct error *err)
{
	if (store_begin(store, err) != 0 || finish_erasing(store, erase_rows(store, conversation, err), err) != 0)
		return -1;
	return scrub_or_owe(store, scrub_is_quick(store), err);
}

/* Conversations not changed since `before_ms`, at most `max`. */
static int find_oldest(struct store *store, int64_t before_ms, int64_t *ids, size_t max, size_t *out_count,
		       struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_OLDEST, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, before_ms);
	sqlite3_bind_int64(query, 2, (int64_t)max);
	size_t count = 0;
	int step;
	while ((step = sqlite3_step(query)) == SQLITE_ROW && count < max)
		ids[count++] = sqlite3_column_int64(query, 0);
	*out_count = count;
	return store_end(store, query, step, err);
}

int store_expire(struct store *store, int64_t before_ms, size_t *out_count, struct error *err)
{
	int64_t ids[STORE_EXPIRE_AT_ONCE];
	size_t count = 0;
	if (find_oldest(store, before_ms, ids, STORE_EXPIRE_AT_ONCE, &count, err) != 0)
		return -1;
	if (count) {
		if (store_begin(store, err) != 0)
			return -1;
		int result = 0;
		for (size_t i = 0; i < count && result == 0; i++)
			result = erase_rows(store, ids[i], err);
		if (finish_erasing(store, result, err) != 0)
			return -1;
	}
	*out_count = count;
	if (count == STORE_EXPIRE_AT_ONCE || !store->owed.is_owed)
		return 0;
	return scrub_or_owe(store, scrub_is_quick(store), err);
}
