/* SPDX-License-Identifier: Apache-2.0 */
/* Forgetting, so that nothing of it can be found in the file or beside it.
 *
 * Deleted rows and freed pages are overwritten (secure_delete). Three places would still hold what was erased: the
 * search index, which only notes that a message is gone until its parts are next merged, so all are merged at once;
 * the WAL, which holds pages as they were before, so it is written back and emptied; and a page of the table from
 * which rows moved away, which SQLite overwrites when cells are freed. */
#include "store/internal.h"

#include <string.h>

enum { EXPIRE_AT_ONCE = 200, TRACES_TIMEOUT_MS = 200 };

static int erase_rows(struct store *store, int64_t conversation, struct error *err)
{
	static const enum statement order[] = { SQL_ERASE_FROM_SEARCH, SQL_ERASE_DRAFTS, SQL_ERASE_EVENTS,
						SQL_ERASE_CONVERSATION };
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		sqlite3_stmt *query = store_statement(store, order[i], err);
		if (!query)
			return -1;
		sqlite3_bind_int64(query, 1, conversation);
		if (store_step(store, query, err) != 0)
			return -1;
	}
	return 0;
}

/* A reader in the middle of a query can hinder that; then it is tried again before each commit, and closing does it. */
void store_drop_traces(struct store *store, int timeout_ms)
{
	sqlite3_busy_timeout(store->db, timeout_ms);
	int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	store->has_traces = result != SQLITE_OK;
}

int store_erase(struct store *store, int64_t conversation, struct error *err)
{
	if (store_begin(store, err) != 0)
		return -1;
	int result = erase_rows(store, conversation, err);
	if (result == 0)
		result = store_run(store, SQL_OPTIMIZE_SEARCH, err);
	if (store_finish(store, result, err) != 0)
		return -1;
	store_drop_traces(store, TRACES_TIMEOUT_MS);
	return 0;
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

/* One batch. The last one cleans the search index for all of them. */
static int expire_some(struct store *store, int64_t before_ms, size_t total, size_t *out_count, struct error *err)
{
	int64_t ids[EXPIRE_AT_ONCE];
	size_t count = 0;
	if (find_oldest(store, before_ms, ids, EXPIRE_AT_ONCE, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (erase_rows(store, ids[i], err) != 0)
			return -1;
	*out_count = count;
	if (total + count > 0 && count < EXPIRE_AT_ONCE)
		return store_run(store, SQL_OPTIMIZE_SEARCH, err);
	return 0;
}

int store_expire(struct store *store, int64_t before_ms, size_t *out_count, struct error *err)
{
	size_t total = 0, count = EXPIRE_AT_ONCE;
	while (count == EXPIRE_AT_ONCE) {
		if (store_begin(store, err) != 0)
			return -1;
		int result = expire_some(store, before_ms, total, &count, err);
		if (store_finish(store, result, err) != 0)
			return -1;
		total += count;
	}
	if (total)
		store_drop_traces(store, TRACES_TIMEOUT_MS);
	*out_count = total;
	return 0;
}
