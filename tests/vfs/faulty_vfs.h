/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that can be made to fail: a SQLite VFS around the usual one. For tests; one at a time in a process. */
#ifndef SHOPBELL_TESTS_FAULTY_VFS_H
#define SHOPBELL_TESTS_FAULTY_VFS_H

#include <stdbool.h>

/* Makes it the one that every file opened from now on uses. */
void faulty_install(void);
/* The usual one again; all files must be closed. */
void faulty_remove(void);

enum fault {
	FAULT_NONE,
	FAULT_FULL,       /* a write finds the disk full */
	FAULT_WRITE,      /* a write fails */
	FAULT_TORN_WRITE, /* a write fails after half of its bytes */
	FAULT_SYNC,       /* an fsync fails */
	FAULT_DATABASE,   /* a write to the database itself, not to its journal, finds the disk full */
};
/* The operation of that kind after the next `after` ones fails, and every one behind it, until this is called with
 * FAULT_NONE. */
void faulty_arm(enum fault fault, int after);
/* How many operations failed since faulty_arm. */
int faulty_failures(void);
/* How many fsyncs there were since the start. */
int faulty_syncs(void);
/* How many writes there were since the start, those that failed too. */
int faulty_writes(void);
/* How many of them went to the database itself. */
int faulty_database_writes(void);
/* Called at the beginning of each fsync in the thread that wants it; NULL for none. */
void faulty_on_sync(void (*call)(void *context), void *context);

#endif
