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

enum { PAGES_AT_ONCE = 256 }; /* a ms or two */

/* In one read transaction, which in WAL mode hinders no writer: without it a busy writer would make every step begin anew. */
static int copy_steps(struct store *store, sqlite3_backup *backup, bool (*is_unwanted)(void), struct error *err)
{
	int step = SQLITE_OK;
	if (store_exec(store, "SELECT 1 FROM sqlite_schema", err) != 0) /* from here on it reads */
		return -1;
	while (step == SQLITE_OK) {
		if (is_unwanted && is_unwanted())
			return error_set(err, ERROR_INPUT, "it was asked to stop: no copy was made");
		step = sqlite3_backup_step(backup, PAGES_AT_ONCE);
	}
	if (step == SQLITE_BUSY || step == SQLITE_LOCKED)
		return error_set(err, ERROR_SYSTEM, "%s is kept busy by another program", store->path);
	return step == SQLITE_DONE ? 0 : 1;
}

static int copy_pages(struct store *store, sqlite3 *copy, const char *path, bool (*is_unwanted)(void),
		      struct error *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy, "main", store->db, "main");
	if (!backup)
		return store_error(copy, path, err);
	bool has_begun = store_begin_read(store);
	int result = copy_steps(store, backup, is_unwanted, err);
	sqlite3_backup_finish(backup);
	store_end_read(store, has_begun);
	return result > 0 ? store_error(copy, path, err) : result;
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

static int fill_copy(struct store *store, const char *path, bool (*is_unwanted)(void), struct error *err)
{
	sqlite3 *copy = NULL;
	int result;
	if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		result = store_error(copy, path, err);
	} else {
		sqlite3_extended_result_codes(copy, 1);
		sqlite3_busy_timeout(copy, BUSY_TIMEOUT_MS);
		result = copy_pages(store, copy, path, is_unwanted, err);
		if (result == 0)
			result = check_copy(copy, path, store->path, err);
	}
	sqlite3_close(copy);
	return result;
}

static int sync_path(const char *path, int flags, struct error *err)
{
	int fd = open(path, flags | O_CLOEXEC);
	/* EINVAL: of folders some file systems know no sync, and need none. */
	int result = fd < 0 || (fsync(fd) != 0 && errno != EINVAL) ? -1 : 0;
	if (result != 0)
		error_set(err, ERROR_SYSTEM, "%s cannot be written to the disk: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return result;
}

/* Makes the file if there is none: all file systems can do that in one step, and not all can rename to what must not exist. */
static int reserve(const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return error_set(err, ERROR_CONFLICT, "%s is there already", path);
	if (fd < 0)
		return error_set(err, ERROR_SYSTEM, "%s cannot be made: %s", path, strerror(errno));
	close(fd);
	return 0;
}

/* Gives the finished copy its name; what was there is replaced in one step. */
static int put_in_place(const char *from, const char *to, bool may_replace, struct error *err)
{
	if (!may_replace && reserve(to, err) != 0)
		return -1;
	if (rename(from, to) != 0) {
		error_set(err, ERROR_SYSTEM, "%s cannot be made: %s", to, strerror(errno));
		if (!may_replace)
			unlink(to);
		return -1;
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

int backup_to(struct store *store, const char *path, bool may_replace, bool (*is_unwanted)(void), struct error *err)
{
	struct buf name = { 0 };
	buf_printf(&name, "%s.%ld.part", path, (long)getpid());
	const char *part = buf_text(&name);
	int result = make_empty(part, err);
	if (result == 0)
		result = fill_copy(store, part, is_unwanted, err);
	if (result == 0)
		result = sync_path(part, O_RDONLY, err);
	if (result == 0)
		result = put_in_place(part, path, may_replace, err);
	if (result != 0)
		unlink(part);
	buf_clear(&name);
	return result;
}

int store_backup(struct store *store, const char *path, bool (*is_unwanted)(void), struct error *err)
{
	if (access(path, F_OK) == 0)
		return error_set(err, ERROR_CONFLICT, "%s is there already", path);
	return backup_to(store, path, false, is_unwanted, err);
}
