/* SPDX-License-Identifier: Apache-2.0 */
#include "faulty_vfs.h"

#include <sqlite3.h>

#include <stdatomic.h>
#include <string.h>

static struct {
	sqlite3_vfs vfs;
	sqlite3_vfs *usual;
	atomic_int fault, remaining, failures, syncs, writes, database_writes;
	void (*on_sync)(void *context);
	void *context;
} faulty;

/* The usual VFS's file stands right behind ours. */
struct faulty_file {
	sqlite3_file base;
	sqlite3_file *usual;
	bool is_database;
};

static sqlite3_file *usual_of(sqlite3_file *file)
{
	return ((struct faulty_file *)file)->usual;
}

static bool has_come(bool is_meant)
{
	if (!is_meant || atomic_fetch_sub(&faulty.remaining, 1) > 0)
		return false;
	atomic_fetch_add(&faulty.failures, 1);
	return true;
}

static int on_close(sqlite3_file *file)
{
	return usual_of(file)->pMethods->xClose(usual_of(file));
}

static int on_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
	return usual_of(file)->pMethods->xRead(usual_of(file), bytes, len, at);
}

static int on_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
	int fault = atomic_load(&faulty.fault);
	sqlite3_file *usual = usual_of(file);
	atomic_fetch_add(&faulty.writes, 1);
	bool is_database = ((struct faulty_file *)file)->is_database;
	atomic_fetch_add(&faulty.database_writes, is_database);
	if (!has_come(fault == FAULT_FULL || fault == FAULT_WRITE || fault == FAULT_TORN_WRITE ||
		      (fault == FAULT_DATABASE && is_database)))
		return usual->pMethods->xWrite(usual, bytes, len, at);
	if (fault == FAULT_TORN_WRITE)
		usual->pMethods->xWrite(usual, bytes, len / 2, at);
	return fault == FAULT_FULL || fault == FAULT_DATABASE ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	return usual_of(file)->pMethods->xTruncate(usual_of(file), size);
}

static int on_sync(sqlite3_file *file, int flags)
{
	atomic_fetch_add(&faulty.syncs, 1);
	if (faulty.on_sync)
		faulty.on_sync(faulty.context);
	if (has_come(atomic_load(&faulty.fault) == FAULT_SYNC))
		return SQLITE_IOERR_FSYNC;
	return usual_of(file)->pMethods->xSync(usual_of(file), flags);
}

static int on_file_size(sqlite3_file *file, sqlite3_int64 *out_size)
{
	return usual_of(file)->pMethods->xFileSize(usual_of(file), out_size);
}

static int on_lock(sqlite3_file *file, int lock)
{
	return usual_of(file)->pMethods->xLock(usual_of(file), lock);
}

static int on_unlock(sqlite3_file *file, int lock)
{
	return usual_of(file)->pMethods->xUnlock(usual_of(file), lock);
}

static int on_check_reserved(sqlite3_file *file, int *out_is)
{
	return usual_of(file)->pMethods->xCheckReservedLock(usual_of(file), out_is);
}

static int on_control(sqlite3_file *file, int operation, void *argument)
{
	return usual_of(file)->pMethods->xFileControl(usual_of(file), operation, argument);
}

static int on_sector_size(sqlite3_file *file)
{
	return usual_of(file)->pMethods->xSectorSize(usual_of(file));
}

static int on_characteristics(sqlite3_file *file)
{
	return usual_of(file)->pMethods->xDeviceCharacteristics(usual_of(file));
}

static int on_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
	return usual_of(file)->pMethods->xShmMap(usual_of(file), region, size, extend, out);
}

static int on_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return usual_of(file)->pMethods->xShmLock(usual_of(file), offset, count, flags);
}

static void on_shm_barrier(sqlite3_file *file)
{
	usual_of(file)->pMethods->xShmBarrier(usual_of(file));
}

static int on_shm_unmap(sqlite3_file *file, int is_deleted)
{
	return usual_of(file)->pMethods->xShmUnmap(usual_of(file), is_deleted);
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

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
	(void)vfs;
	struct faulty_file *ours = (struct faulty_file *)file;
	ours->usual = (sqlite3_file *)(ours + 1);
	ours->base.pMethods = NULL;
	ours->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
	int result = faulty.usual->xOpen(faulty.usual, name, ours->usual, flags, out_flags);
	if (ours->usual->pMethods)
		ours->base.pMethods = &methods;
	return result;
}

void faulty_install(void)
{
	faulty.usual = sqlite3_vfs_find(NULL);
	faulty.vfs = *faulty.usual;
	faulty.vfs.zName = "faulty";
	faulty.vfs.pNext = NULL;
	faulty.vfs.szOsFile = (int)sizeof(struct faulty_file) + faulty.usual->szOsFile;
	faulty.vfs.xOpen = on_open;
	faulty_arm(FAULT_NONE, 0);
	faulty_on_sync(NULL, NULL);
	sqlite3_vfs_register(&faulty.vfs, 1);
}

void faulty_remove(void)
{
	sqlite3_vfs_unregister(&faulty.vfs);
	sqlite3_vfs_register(faulty.usual, 1);
}

void faulty_arm(enum fault fault, int after)
{
	atomic_store(&faulty.fault, fault);
	atomic_store(&faulty.remaining, after);
	atomic_store(&faulty.failures, 0);
}

int faulty_failures(void)
{
	return atomic_load(&faulty.failures);
}

int faulty_syncs(void)
{
	return atomic_load(&faulty.syncs);
}

int faulty_writes(void)
{
	return atomic_load(&faulty.writes);
}

int faulty_database_writes(void)
{
	return atomic_load(&faulty.database_writes);
}

void faulty_on_sync(void (*call)(void *context), void *context)
{
	faulty.on_sync = call;
	faulty.context = context;
}
