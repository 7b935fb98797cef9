/* SPDX-License-Identifier: Apache-2.0 */
/* Between SQLite and the files of who writes.
 *
 * What SQLite writes to the log goes to the system in large pieces. It writes the head of each page and the page one by one: 29
 * calls for a commit of forty turns, a third of what the commit costs the system besides the disk. Here they wait
 * until something else is done with the log: it is synced (nothing is committed before), read, measured or cut, the place in it
 * is given back, or the next piece does not follow. So nobody ever sees the log without them: other connections read no
 * further in it than to the last commit.
 *
 * The database itself is written straight on: a log that is written back only in part, because somebody still reads what was
 * before, is not followed by a sync, and at once others look for those pages there. While a scrub is owed its pages are
 * cleared on their way (pages.c), and those that stand there already in their place. */
#include "base/mem.h"
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

/* SQLite's own writing takes less than 128 KiB at once. */
enum { GATHERED_MAX = 126 * 1024 };

struct file {
	sqlite3_file base;
	sqlite3_file *below;   /* of the usual VFS */
	struct file *log;      /* of a database; NULL: not open */
	struct file *database; /* of a log; its writes are gathered */
	bool is_clearing;      /* of a database: its pages are freed of what is no row's on their way (pages.c) */
	unsigned char *bytes;  /* what waits; NULL until there is something */
	int len;
	sqlite3_int64 at;
	size_t page_bytes, usable_bytes; /* of a database, once they were asked for */
};

static struct file *file_of(sqlite3_file *file)
{
	return (struct file *)(void *)file;
}

static sqlite3_file *below(sqlite3_file *file)
{
	return file_of(file)->below;
}

/* What cannot be written is dropped: who asked for it is told, now or when it asks for the sync, and begins anew. */
static int write_gathered(struct file *file)
{
	int len = file->len;
	file->len = 0;
	return len ? file->below->pMethods->xWrite(file->below, file->bytes, len, file->at) : SQLITE_OK;
}

/* A page of a database. */
static int write_cleared(struct file *file, const void *bytes, int len, sqlite3_int64 at)
{
	unsigned char page[PAGE_BYTES_MAX];
	memcpy(page, bytes, (size_t)len);
	page_clear(page, (size_t)len, file->usable_bytes, at == 0);
	return file->below->pMethods->xWrite(file->below, page, len, at);
}

static int on_write(sqlite3_file *base, const void *bytes, int len, sqlite3_int64 at)
{
	struct file *file = file_of(base);
	if (file->len && (at != file->at + file->len || len > GATHERED_MAX - file->len)) {
		int result = write_gathered(file);
		if (result != SQLITE_OK)
			return result;
	}
	if (file->is_clearing && (size_t)len == file->page_bytes)
		return write_cleared(file, bytes, len, at);
	if (!file->database || len > GATHERED_MAX)
		return file->below->pMethods->xWrite(file->below, bytes, len, at);
	if (!file->bytes)
		file->bytes = mem_alloc(GATHERED_MAX);
	if (!file->len)
		file->at = at;
	memcpy(file->bytes + file->len, bytes, (size_t)len);
	file->len += len;
	return SQLITE_OK;
}

static int on_close(sqlite3_file *base)
{
	struct file *file = file_of(base);
	int written = write_gathered(file), closed = file->below->pMethods->xClose(file->below);
	if (file->database)
		file->database->log = NULL;
	if (file->log)
		file->log->database = NULL;
	free(file->bytes);
	free(file->below);
	return written != SQLITE_OK ? written : closed;
}

static int on_read(sqlite3_file *base, void *bytes, int len, sqlite3_int64 at)
{
	int result = write_gathered(file_of(base));
	return result != SQLITE_OK ? result : below(base)->pMethods->xRead(below(base), bytes, len, at);
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	int result = write_gathered(file_of(base));
	return result != SQLITE_OK ? result : below(base)->pMethods->xTruncate(below(base), size);
}

static int on_sync(sqlite3_file *base, int flags)
{
	int result = write_gathered(file_of(base));
	return result != SQLITE_OK ? result : below(base)->pMethods->xSync(below(base), flags);
}

static int on_file_size(sqlite3_file *base, sqlite3_int64 *out_size)
{
	int result = write_gathered(file_of(base));
	return result != SQLITE_OK ? result : below(base)->pMethods->xFileSize(below(base), out_size);
}

static int on_lock(sqlite3_file *base, int lock)
{
	return below(base)->pMethods->xLock(below(base), lock);
}

static int on_unlock(sqlite3_file *base, int lock)
{
	return below(base)->pMethods->xUnlock(below(base), lock);
}

static int on_check_reserved(sqlite3_file *base, int *out_is)
{
	return below(base)->pMethods->xCheckReservedLock(below(base), out_is);
}

static int on_control(sqlite3_file *base, int operation, void *argument)
{
	return below(base)->pMethods->xFileControl(below(base), operation, argument);
}

static int on_sector_size(sqlite3_file *base)
{
	return below(base)->pMethods->xSectorSize(below(base));
}

static int on_characteristics(sqlite3_file *base)
{
	return below(base)->pMethods->xDeviceCharacteristics(below(base));
}

static int on_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
	return below(base)->pMethods->xShmMap(below(base), region, size, extend, out);
}

/* The locks of the log are the database's. After a rollback somebody else may write where what waits would go: it goes while
 * the place is ours. Nothing was promised of it. */
static int on_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
	struct file *file = file_of(base);
	if ((flags & SQLITE_SHM_UNLOCK) && file->log)
		write_gathered(file->log);
	return below(base)->pMethods->xShmLock(below(base), offset, count, flags);
}

static void on_shm_barrier(sqlite3_file *base)
{
	below(base)->pMethods->xShmBarrier(below(base));
}

static int on_shm_unmap(sqlite3_file *base, int is_deleted)
{
	return below(base)->pMethods->xShmUnmap(below(base), is_deleted);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_file_size,
	.xLock = on_lock,
	.xUnlock = on_unlock,
	.xCheckReservedLock = on_check_reserved,
	.xFileControl = on_control,
	.xSectorSize = on_sector_size,
	.xDeviceCharacteristics = on_characteristics,
	.xShmMap = on_shm_map,
	.xShmLock = on_shm_lock,
	.xShmBarrier = on_shm_barrier,
	.xShmUnmap = on_shm_unmap,
};

/* Below is whatever SQLite would use without us at that time. */
static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
	(void)vfs;
	sqlite3_vfs *usual = sqlite3_vfs_find(NULL);
	struct file *file = file_of(base);
	*file = (struct file){ 0 };
	file->below = mem_zalloc(1, (size_t)usual->szOsFile);
	int result = usual->xOpen(usual, name, file->below, flags, out_flags);
	if (!file->below->pMethods) {
		free(file->below);
		return result;
	}
	file->base.pMethods = &methods;
	if (result == SQLITE_OK && (flags & SQLITE_OPEN_WAL)) {
		file->database = file_of(sqlite3_database_file_object(name));
		file->database->log = file;
	}
	return result;
}

/* ---- Clearing ---- */

static struct file *database_of(sqlite3 *db)
{
	sqlite3_file *file = NULL;
	sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	return file && file->pMethods == &methods ? file_of(file) : NULL;
}

static int read_page_size(struct file *file)
{
	unsigned char head[24];
	int result = on_read(&file->base, head, (int)sizeof head, 0);
	if (result != SQLITE_OK)
		return result;
	size_t bytes = (size_t)head[16] << 8 | head[17];
	file->page_bytes = bytes == 1 ? PAGE_BYTES_MAX : bytes;
	file->usable_bytes = file->page_bytes - head[20];
	return file->page_bytes >= PAGE_BYTES_MIN && file->page_bytes <= PAGE_BYTES_MAX ? SQLITE_OK : SQLITE_CORRUPT;
}

int vfs_clear_pages(sqlite3 *db, bool is_on)
{
	struct file *file = database_of(db);
	if (!file)
		return SQLITE_ERROR;
	int result = is_on && !file->is_clearing ? read_page_size(file) : SQLITE_OK;
	file->is_clearing = is_on && result == SQLITE_OK;
	return result;
}

/* The lock of those who copy the log into the database, the only ones who write there; they find it held only
 * while this runs, and try again at their next commit. */
enum { CHECKPOINT_LOCK = 1 }; /* https://sqlite.org/walformat.html#wal_locks */

static int clear_locked(struct file *file, int64_t *io_page, size_t count, bool *out_end)
{
	sqlite3_int64 size = 0;
	size_t len = file->page_bytes;
	unsigned char page[PAGE_BYTES_MAX];
	int result = on_file_size(&file->base, &size);
	int64_t last = (int64_t)size / (int64_t)len;
	for (; result == SQLITE_OK && count && *io_page < last; count--) {
		int64_t at = *io_page * (int64_t)len;
		result = on_read(&file->base, page, (int)len, at);
		if (result == SQLITE_OK && page_clear(page, len, file->usable_bytes, at == 0))
			result = on_write(&file->base, page, (int)len, at);
		*io_page += result == SQLITE_OK;
	}
	*out_end = *io_page >= last;
	return result == SQLITE_OK && *out_end ? on_sync(&file->base, SQLITE_SYNC_NORMAL) : result;
}

int vfs_clear_some(sqlite3 *db, int64_t *io_page, size_t count, bool *out_end)
{
	struct file *file = database_of(db);
	*out_end = false;
	if (!file || !file->is_clearing)
		return SQLITE_ERROR;
	int result = on_shm_lock(&file->base, CHECKPOINT_LOCK, 1, SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE);
	if (result != SQLITE_OK)
		return result;
	result = clear_locked(file, io_page, count, out_end);
	on_shm_lock(&file->base, CHECKPOINT_LOCK, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
	return result;
}

int vfs_register(void)
{
	sqlite3_vfs *vfs = mem_alloc(sizeof *vfs); /* SQLite's, as long as the process lives */
	*vfs = *sqlite3_vfs_find(NULL);
	vfs->pNext = NULL;
	vfs->zName = STORE_VFS;
	vfs->szOsFile = (int)sizeof(struct file);
	vfs->xOpen = on_open;
	return sqlite3_vfs_register(vfs, 0);
}
