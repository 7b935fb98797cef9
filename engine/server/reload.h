/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's folder, watched: what is saved there is loaded aside, checked, and put on the shelf; a faulty state of
 * the files leaves the old knowledge in use and only changes what is told about it. */
#ifndef SHOPBELL_SERVER_RELOAD_H
#define SHOPBELL_SERVER_RELOAD_H

#include "base/error.h"
#include "server/metrics.h"
#include "server/snapshot.h"

#include <stdbool.h>
#include <stdint.h>

struct reloader;

struct reload_options {
	const char *directory;
	struct shelf *shelf;
	struct metrics *metrics;
	void *context;
	void (*reloaded)(void *context); /* by the reloader's thread, after each reload, good or bad */
	uint64_t seen;                   /* reload_fingerprint() before the first load: what changed since is noticed */
};

/* A number over names, sizes and times of all files: another one after any change. */
uint64_t reload_fingerprint(const char *directory);

/* Loads for the first time. NULL when there are errors: all problems are in `problems` then. */
struct snapshot *reload_first(const char *directory, struct diagnostics *problems);
struct reloader *reload_start(const struct reload_options *options);
/* Reloads now, as if a file had been saved; from every thread. */
void reload_ask(struct reloader *reloader);
/* Ends the thread. A load that is under way is waited for, but no longer than RELOAD_STOP_MS: then false, and all that it
 * uses must be left as it is; the process can only end. */
enum { RELOAD_STOP_MS = 500 };
bool reload_stop(struct reloader *reloader); /* NULL: true */

#endif
