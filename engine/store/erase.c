/* SPDX-License-Identifier: Apache-2.0 */
/* Forgetting, so that nothing of it can be found in the file or beside it.
 *
 * Deleted rows and freed pages are overwritten (secure_delete). Four places would still hold what was erased:
 * - the search index, which only notes that a message is gone until its parts are merged: all are merged at once;
 * - pages from which rows moved to a neighbour while they were alive, in the space that is free since: only writing
 *   the file anew (VACUUM) is sure to leave it behind (found by erasing among 300 conversations of random sizes: without
 *   it, texts of 2 in 100 were still there);
 * - the WAL, which holds pages as they were before: it is written back and emptied;
 * - backups, which are the operator's. */
#include "store/internal.h"

#include <stdlib.h>
#include <sys/stat.h>

/* A file above this size is not written anew, since that takes a second for some 60 MB, and all who write wait. */
#define SCRUB_BYTES_MAX (INT64_C(512) * 1024 * 1024)
/* Above this the copy that VACUUM makes on its way stands in a temporary file instead of in memory. */
#define SCRUB_MEMORY_MAX (INT64_C(64) * 1024 * 1024)

enum { EXPIRE_AT_ONCE = 200, TRACES_TIMEOUT_MS = 200 };

/* Runs a statement of one number, or, with a `last`, of a first and a last one. */
static int run_on(struct store *store, enum statement which, int64_t first, int64_t last, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, which, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, first);
	if (last)
		sqlite3_bind_int64(query, 2, last);
	return store_step(store, query, err);
}

/* In a transaction. */
static int erase_rows(struct store *store, int64_t conversation, struct error *err)
{
	struct span *steps = NULL;
	size_t count = 0;
	int result = store_run(store, SQL_KEEP_LAST_EVENT, err);
	if (result == 0)
		result = steps_find(store, conversation, 0, &steps, &count, err);
	for (size_t i = 0; i < count && result == 0; i++) {
		result = run_on(store, SQL_ERASE_FROM_SEARCH, steps[i].first, steps[i].last, err);
		if (result == 0)
			result = run_on(store, SQL_ERASE_EVENTS, steps[i].first, steps[i].last, err);
	}
	free(steps);
	if (result == 0)
		result = run_on(store, SQL_ERASE_DRAFTS, conversation, 0, err);
	if (result == 0)
		result = run_on(store, SQL_ERASE_HEAD, conversation, 0, err);
	if (result == 0)
		result = run_on(store, SQL_ERASE_CONVERSATION, conversation, 0, err);
	known_forget(store);
	return result;
}

/* A reader in the middle of a query can hinder that; then it is tried again before each commit, and closing does it. */
void store_drop_traces(struct store *store, int timeout_ms)
{
	sqlite3_busy_timeout(store->db, timeout_ms);
	int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	store->has_traces = result != SQLITE_OK;
}

/* Once the rows are deleted. When it fails they are gone all the same, but may be found in the file by its bytes; to
 * erase again tries it again. */
static int scrub(struct store *store, struct error *err)
{
	struct stat file;
	int result = 0;
	if (stat(store->path, &file) == 0 && file.st_size <= SCRUB_BYTES_MAX) {
		bool is_small = file.st_size <= SCRUB_MEMORY_MAX;
		result = store_exec(store, is_small ? "VACUUM" : "PRAGMA temp_store = FILE; VACUUM", err);
		if (!is_small)
			store_exec(store, "PRAGMA temp_store = MEMORY", NULL);
	}
	store_drop_traces(store, TRACES_TIMEOUT_MS);
	return result;
}

int store_erase(struct store *store, int64_t conversation, struct error *err)
{
	if (store_begin(store, err) != 0)
		return -1;
	int result = erase_rows(store, conversation, err);
	if (result == 0)
		result = store_run(store, SQL_OPTIMIZE_SEARCH, err);
	return store_finish(store, result, err) == 0 ? scrub(store, err) : -1;
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
	*out_count = total;
	return total ? scrub(store, err) : 0;
}
