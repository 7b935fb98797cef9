/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of the whole file that can be started on as they are. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int copy_pages(struct store *store, sqlite3 *copy, const char *path, struct error *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy, "main", store->db, "main");
	if (!backup)
		return store_error(copy, path, err);
	/* All in one step: one read transaction, which in WAL mode hinders no writer. In several steps a busy writer
	 * would make it start over and over. */
	int step = sqlite3_backup_step(backup, -1);
	sqlite3_backup_finish(backup);
	if (step == SQLITE_BUSY || step == SQLITE_LOCKED)
		return error_set(err, ERROR_SYSTEM, "%s is kept busy by another program", store->path);
	return step == SQLITE_DONE ? 0 : store_error(copy, path, err);
}

/* One file that needs no journal beside it, and every page of it sound. */
static int check_copy(sqlite3 *copy, const char *path, const char *source, struct error *err)
{
	sqlite3_stmt *query = NULL;
	if (sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(copy, "PRAGMA integrity_check(1)", -1, &query, NULL) != SQLITE_OK)
		return store_error(copy, path, err);
	int result = 0;
	if (sqlite3_step(query) != SQLITE_ROW)
		result = store_error(copy, path, err);
	else if (strcmp((const char *)sqlite3_column_text(query, 0), "ok") != 0)
		result = error_set(err, ERROR_INPUT, "%s is damaged (%s): no copy was made", source,
				   (const char *)sqlite3_column_text(query, 0));
	sqlite3_finalize(query);
	return result;
}

static int fill_copy(struct store *store, const char *path, struct error *err)
{
	sqlite3 *copy = NULL;
	int result;
	if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		result = store_error(copy, path, err);
	} else {
		sqlite3_extended_result_codes(copy, 1);
		sqlite3_busy_timeout(copy, BUSY_TIMEOUT_MS);
		result = copy_pages(store, copy, path, err);
		if (result == 0)
			result = check_copy(copy, path, store->path, err);
	}
	sqlite3_close(copy);
	return result;
}

static int sync_path(const char *path, int flags, struct error *err)
{
	int fd = open(path, flags | O_CLOEXEC);
	int result = fd < 0 || fsync(fd) != 0 ? -1 : 0;
	if (result != 0)
		error_set(err, ERROR_SYSTEM, "%s cannot be written to the disk: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return result;
}

/* Gives the finished copy its name; in both cases in one step. */
static int put_in_place(const char *from, const char *to, bool may_replace, struct error *err)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, may_replace ? 0 : RENAME_NOREPLACE) != 0) {
		if (errno == EEXIST)
			return error_set(err, ERROR_CONFLICT, "%s is there already", to);
		return error_set(err, ERROR_SYSTEM, "%s cannot be made: %s", to, strerror(errno));
	}
	char *folder = strdup(to);
	int result = folder ? sync_path(dirname(folder), O_RDONLY | O_DIRECTORY, err) : 0;
	free(folder);
	return result;
}

/* A file of our own to fill, readable for nobody else. */
static int make_empty(const char *path, struct error *err)
{
	unlink(path); /* left behind by a copy that was interrupted */
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, ERROR_SYSTEM, "%s cannot be made: %s", path, strerror(errno));
	close(fd);
	return 0;
}

int backup_to(struct store *store, const char *path, bool may_replace, struct error *err)
{
	struct buf name = { 0 };
	buf_printf(&name, "%s.%ld.part", path, (long)getpid());
	const char *part = buf_text(&name);
	int result = make_empty(part, err);
	if (result == 0)
		result = fill_copy(store, part, err);
	if (result == 0)
		result = sync_path(part, O_RDONLY, err);
	if (result == 0)
		result = put_in_place(part, path, may_replace, err);
	if (result != 0)
		unlink(part);
	buf_clear(&name);
	return result;
}

int store_backup(struct store *store, const char *path, struct error *err)
{
	if (access(path, F_OK) == 0)
		return error_set(err, ERROR_CONFLICT, "%s is there already", path);
	return backup_to(store, path, false, err);
}
