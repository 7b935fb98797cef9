/* SPDX-License-Identifier: Apache-2.0 */
/* What is left to do once rows are deleted, so that nothing of them can be found in the file or beside it.
 *
 * Deleted rows and freed pages are overwritten (secure_delete). Four places would still hold what was erased:
 * - the search index, which only notes that a message is gone until its parts are merged: all are merged into one;
 * - pages from which rows moved to a neighbour while they were alive, in the space that is free since (found by erasing among
 *   300 conversations of random sizes: texts of 2 in 100 were still there): each page of the file is looked at, and what no
 *   row needs of it becomes zeros (pages.c). That is done in the file itself, and is nobody's change: no row differs;
 * - the WAL, which holds pages as they were before: it is written back and emptied. What goes into the file meanwhile is
 *   cleared on its way, and pages in memory are read anew afterwards, so that nothing comes back out of them;
 * - backups, which are the operator's.
 *
 * A small file is done at once. A larger one owes it: that stands in the file with the deletion, so that a restart goes on, and
 * is done in pieces that hold up nobody. */
#include "store/internal.h"

#include <stdio.h>
#include <sys/stat.h>

/* Pages of the search index that are written in a piece, some 9 ms of the processor, and pages of the file that are looked at,
 * some 2. Of a file of 190 MB, of 300,000 messages with their answers, all pieces take 0.3 s. */
#define MERGE_PAGES 64
enum { CLEAR_PAGES = 512 };
enum { HINDERED_MS = 100 }; /* until it is tried again */
enum { JOURNAL_TIMEOUT_MS = 200 };

#define OWED_NAME   "scrub_owed"
#define MERGE(rank) "INSERT INTO search (search, rank) VALUES ('merge', " rank ");"

/* ---- Owing it ---- */

bool scrub_is_quick(const struct store *store)
{
	struct stat file;
	return stat(store->path, &file) == 0 && file.st_size <= scrub_at_once_bytes;
}

int scrub_owe(struct store *store, struct error *err)
{
	uint64_t number;
	sqlite3_randomness((int)sizeof number, &number);
	snprintf(store->owed.mark, sizeof store->owed.mark, "%016llx", (unsigned long long)number);
	return store_set_value(store, OWED_NAME, str_of(store->owed.mark), err);
}

void scrub_owed(struct store *store)
{
	store->owed.is_again = store->owed.is_owed && store->owed.stage != SCRUB_BEGIN;
	store->owed.is_owed = true;
	vfs_clear_pages(store->db, true);
}

int scrub_load(struct store *store, struct error *err)
{
	struct arena arena = { 0 };
	struct str value;
	int found = store_get_value(store, &arena, OWED_NAME, &value, err);
	if (found == 0 && !str_equal(value, str_of(store->owed.mark))) {
		snprintf(store->owed.mark, sizeof store->owed.mark, "%.*s", STR_ARG(value));
		scrub_owed(store);
	}
	arena_clear(&arena);
	return found < 0 ? -1 : 0;
}

bool store_owes_scrub(const struct store *store)
{
	return store->owed.is_owed;
}

/* ---- Its pieces ---- */

/* A reader in the middle of a query can hinder that; then it is tried again before each commit, and closing does it. */
void store_drop_traces(struct store *store, int timeout_ms)
{
	sqlite3_busy_timeout(store->db, timeout_ms);
	int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	store->has_traces = result != SQLITE_OK;
	if (!store->has_traces)
		sqlite3_db_release_memory(store->db);
}

void store_empty_journal(struct store *store)
{
	store_drop_traces(store, JOURNAL_TIMEOUT_MS);
}

/* The first merge of a negative number takes all parts of the index there are; later ones go on with it, and do nothing when
 * it has come to its end, as long as two parts are enough for one (https://sqlite.org/fts5.html#the_merge_command). */
static int merge_some(struct store *store, struct error *err)
{
	static const char begin[] =
		"INSERT INTO search (search, rank) VALUES ('usermerge', 2);" MERGE("-" NUMBER(MERGE_PAGES));
	struct owed *owed = &store->owed;
	bool is_first = owed->stage == SCRUB_BEGIN;
	int before = sqlite3_total_changes(store->db);
	if (store_begin(store, err) != 0)
		return -1;
	int result = store_exec(store, is_first ? begin : MERGE(NUMBER(MERGE_PAGES)), err);
	if (store_finish(store, result, err) != 0)
		return -1;
	if (is_first) {
		owed->is_again = false;
		owed->stage = SCRUB_INDEX;
		owed->page = 0;
	} else if (sqlite3_total_changes(store->db) - before < 2) {
		owed->stage = SCRUB_PAGES;
	}
	return 0;
}

static int clear_some(struct store *store, struct error *err)
{
	bool is_end;
	int result = vfs_clear_pages(store->db, true); /* in case it could not be done when it was owed */
	if (result == SQLITE_OK)
		result = vfs_clear_some(store->db, &store->owed.page, CLEAR_PAGES, &is_end);
	if ((result & 0xff) == SQLITE_BUSY)
		return 1;
	if (result != SQLITE_OK)
		return store_disk_error(result, store->path, err);
	if (is_end)
		store->owed.stage = SCRUB_END;
	return 0;
}

/* Nothing is owed any more, unless somebody else has erased since. */
static int settle(struct store *store, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_DROP_VALUE, err);
	if (!query)
		return -1;
	struct str mark = str_of(store->owed.mark);
	bind_text(query, 1, OWED_NAME);
	sqlite3_bind_blob64(query, 2, mark.ptr, mark.len, SQLITE_STATIC);
	return store_step(store, query, err);
}

/* From here on nothing of it is in any file, nor in memory that goes into one. */
static int end_scrub(struct store *store, int timeout_ms, struct error *err)
{
	struct owed *owed = &store->owed;
	store_drop_traces(store, timeout_ms);
	if (store->has_traces)
		return 1;
	if (!owed->is_again) {
		if (settle(store, err) != 0)
			return -1;
		vfs_clear_pages(store->db, false);
	}
	owed->is_owed = owed->is_again;
	owed->is_again = false;
	owed->stage = SCRUB_BEGIN;
	return 0;
}

/* `timeout_ms`: how long it waits for those who read. */
static int scrub_some(struct store *store, int timeout_ms, struct error *err)
{
	switch (store->owed.stage) {
	case SCRUB_BEGIN:
	case SCRUB_INDEX: return merge_some(store, err);
	case SCRUB_PAGES: return clear_some(store, err);
	default: return end_scrub(store, timeout_ms, err);
	}
}

int store_scrub_some(struct store *store, struct error *err)
{
	return store->owed.is_owed ? scrub_some(store, 0, err) : 0;
}

int scrub_at_once(struct store *store, int timeout_ms, struct error *err)
{
	int result = 0;
	while (store->owed.is_owed && result == 0)
		result = scrub_some(store, timeout_ms, err);
	return result < 0 ? -1 : 0;
}

int store_scrub(struct store *store, struct error *err)
{
	int result = 0;
	for (int waited = 0; store->owed.is_owed && result >= 0 && waited < STORE_SCRUB_PATIENCE_MS;) {
		result = scrub_some(store, 0, err);
		if (result == 1) {
			sqlite3_sleep(HINDERED_MS);
			waited += HINDERED_MS;
		}
	}
	return result;
}
