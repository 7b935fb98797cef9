/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's folder, watched: what is saved there is loaded aside, checked, and put on the shelf; a faulty state of
 * the files leaves the old knowledge in use and only changes what is told about it. */
#ifndef SHOPBELL_SERVER_RELOAD_H
#define SHOPBELL_SERVER_RELOAD_H

#include "base/error.h"
#include "server/metrics.h"
#include "server/snapshot.h"

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
void reload_stop(struct reloader *reloader);

#endif
