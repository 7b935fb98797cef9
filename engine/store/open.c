/* SPDX-License-Identifier: Apache-2.0 */
/* Opening the file, and what every part needs to speak with it. */
#include "base/mem.h"
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Errors ---- */

static int damage_error(const char *path, struct error *err)
{
	return error_set(err, ERROR_INPUT,
			 "%s is damaged: keep a copy of it, then put the last backup in its place (`shopbell backup` "
			 "makes them; "
			 "%s.before-N is one from an upgrade), or save what can be read with `sqlite3 %s .recover`",
			 path, path, path);
}

int store_disk_error(int code, const char *path, struct error *err)
{
	if ((code & 0xff) == SQLITE_FULL)
		return error_set(err, ERROR_SYSTEM, "the disk of %s is full: nothing more can be saved", path);
	return error_set(err, ERROR_SYSTEM, "the disk of %s failed (%s, %d)", path, sqlite3_errstr(code), code);
}

int store_error(sqlite3 *db, const char *path, struct error *err)
{
	int code = sqlite3_extended_errcode(db);
	switch (code & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR: return store_disk_error(code, path, err);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN:
		return error_set(err, ERROR_SYSTEM,
				 "%s cannot be opened for writing: check the rights of it and its folder", path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return error_set(err, ERROR_SYSTEM, "%s is kept busy by another program", path);
	case SQLITE_CORRUPT: return damage_error(path, err);
	case SQLITE_NOTADB:
		return error_set(err, ERROR_INPUT,
				 "%s is not a data file of Shopbell, or its beginning is damaged: keep a copy "
				 "of it, then put the last backup in its place",
				 path);
	default: return error_set(err, ERROR_SYSTEM, "%s: %s", path, sqlite3_errmsg(db));
	}
}

/* ---- Statements ---- */

sqlite3_stmt *store_statement(struct store *store, enum statement which, struct error *err)
{
	sqlite3_stmt **kept = &store->statements[which];
	if (!*kept && sqlite3_prepare_v3(store->db, statement_sql(which), -1, SQLITE_PREPARE_PERSISTENT, kept, NULL) !=
			      SQLITE_OK) {
		store_error(store->db, store->path, err);
		return NULL;
	}
	return *kept;
}

int store_end(struct store *store, sqlite3_stmt *query, int step, struct error *err)
{
	int result = step == SQLITE_ROW || step == SQLITE_DONE ? 0 : store_error(store->db, store->path, err);
	sqlite3_reset(query);
	return result;
}

int store_step(struct store *store, sqlite3_stmt *query, struct error *err)
{
	return store_end(store, query, sqlite3_step(query), err);
}

int store_find_id(struct store *store, sqlite3_stmt *query, int64_t *out_id, struct error *err)
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

int store_run(struct store *store, enum statement which, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, which, err);
	return query ? store_step(store, query, err) : -1;
}

int store_exec(struct store *store, const char *sql, struct error *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_error(store->db, store->path, err);
	return 0;
}

int store_begin(struct store *store, struct error *err)
{
	return store_run(store, SQL_BEGIN, err);
}

int store_finish(struct store *store, int result, struct error *err)
{
	if (result == 0)
		result = store_run(store, SQL_COMMIT, err);
	/* After some failures the database has rolled back by itself. */
	if (result != 0 && !sqlite3_get_autocommit(store->db))
		store_run(store, SQL_ROLLBACK, NULL);
	return result;
}

void bind_text(sqlite3_stmt *query, int parameter, const char *text)
{
	sqlite3_bind_text(query, parameter, text ? text : "", -1, SQLITE_STATIC);
}

void bind_real(sqlite3_stmt *query, int parameter, double value)
{
	sqlite3_bind_double(query, parameter, value == value ? value : 0);
}

void bind_hash(sqlite3_stmt *query, int parameter, const unsigned char hash[TOKEN_HASH_BYTES])
{
	sqlite3_bind_blob(query, parameter, hash, TOKEN_HASH_BYTES, SQLITE_STATIC);
}

const char *column_text(struct arena *arena, sqlite3_stmt *query, int column)
{
	const char *text = (const char *)sqlite3_column_text(query, column);
	int bytes = sqlite3_column_bytes(query, column);
	if (!text || bytes <= 0)
		return "";
	return arena_strdup(arena, (struct str){ text, (size_t)bytes });
}

/* ---- Opening ---- */

/* A new file is for its owner only: it holds what customers say. An existing one keeps its rights. */
static int make_file(const char *path, struct error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, ERROR_SYSTEM,
				 "%s cannot be opened for writing (%s): check the rights of it and its folder", path,
				 strerror(errno));
	close(fd);
	return 0;
}

/* The last process to close the file empties its WAL: what is left in there tells of a crash (or of a process that
 * has the file open right now, where the check is merely not needed). */
static bool was_left_open(const char *path)
{
	struct stat wal;
	struct buf name = { 0 };
	buf_printf(&name, "%s-wal", path);
	bool has_content = stat(buf_text(&name), &wal) == 0 && wal.st_size > 0;
	buf_clear(&name);
	return has_content;
}

/* `check` is a pragma that says "ok" when nothing is wrong. */
static int run_check(struct store *store, const char *check, struct error *err)
{
	sqlite3_stmt *query = NULL;
	if (sqlite3_prepare_v2(store->db, check, -1, &query, NULL) != SQLITE_OK)
		return store_error(store->db, store->path, err);
	int result = 0;
	if (sqlite3_step(query) != SQLITE_ROW)
		result = store_error(store->db, store->path, err);
	else if (strcmp((const char *)sqlite3_column_text(query, 0), "ok") != 0)
		result = damage_error(store->path, err);
	sqlite3_finalize(query);
	return result;
}

/* secure_delete: what is erased is overwritten. The journal's limit keeps the WAL from staying as large as the
 * largest batch made it. It is written back every 16 MB instead of 4: pages that are changed by every batch are then copied
 * a quarter as often. Temporary tables stay out of the file system. */
static const char settings_of_all[] = "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
				      "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
				      "PRAGMA cache_size = -4000; PRAGMA synchronous = FULL;";
static const char settings_of_writer[] = "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864;"
					 "PRAGMA wal_autocheckpoint = 4000;";

static int set_up(struct store *store, bool has_crashed, struct error *err)
{
	int version;
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	if (store_exec(store, settings_of_all, err) != 0)
		return -1;
	if (store->mode == STORE_READ) {
		if (schema_check(store, &version, err) != 0)
			return -1;
		return store_exec(store, "PRAGMA query_only = ON", err);
	}
	/* A foreign file is refused before anything is written to it. */
	if (schema_check(store, &version, err) != 0 || store_exec(store, settings_of_writer, err) != 0)
		return -1;
	if (has_crashed && run_check(store, "PRAGMA quick_check(1)", err) != 0)
		return -1;
	return schema_update(store, err);
}

/* SQLite counts every allocation under a lock, for figures that nobody here asks for: 7% of a commit. It can only be
 * told before its first use in the process, and to be told too late does no harm. */
static void set_up_process(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite3_initialize();
	vfs_register();
}

int store_open(const char *path, enum store_mode mode, struct store **out, struct error *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	if (mode == STORE_READ && access(path, F_OK) != 0)
		return error_set(err, ERROR_MISSING, "%s is not there: start `shopbell serve` once to make it", path);
	if (mode == STORE_WRITE && make_file(path, err) != 0)
		return -1;
	static pthread_once_t is_set_up = PTHREAD_ONCE_INIT;
	pthread_once(&is_set_up, set_up_process);
	struct store *store = mem_zalloc(1, sizeof *store);
	store->path = mem_strdup(path);
	store->mode = mode;
	store->last_day = -1;
	bool has_crashed = was_left_open(path);
	int result = 0;
	if (sqlite3_open_v2(path, &store->db, flags, mode == STORE_WRITE ? STORE_VFS : NULL) != SQLITE_OK)
		result = store_error(store->db, path, err);
	if (result == 0)
		result = set_up(store, has_crashed, err);
	if (result == 0 && mode == STORE_WRITE)
		result = store_count_unindexed(store, err);
	if (result == 0 && mode == STORE_WRITE)
		result = scrub_load(store, err);
	if (result != 0) {
		store_close(store);
		return -1;
	}
	*out = store;
	return 0;
}

int store_check(struct store *store, struct error *err)
{
	return run_check(store, "PRAGMA integrity_check(1)", err);
}

int store_hold(struct store *store, struct error *err)
{
	return store_exec(store, "BEGIN", err);
}

void store_let_go(struct store *store)
{
	store_exec(store, "COMMIT", NULL);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	free(store->known);
	free(store->path);
	free(store);
}
