/* SPDX-License-Identifier: Apache-2.0 */
#include "server/reload.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "server/loop.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* Editors save in several steps, and a copied folder comes file by file: a short silence means that it is whole. */
enum { QUIET_MS = 30, QUIET_MAX_MS = 300, LOOK_MS = 500 };

struct reloader {
	struct reload_options options;
	char *directory;
	pthread_t thread;
	int inotify, wake, ended;
	atomic_bool is_stopping;
	uint64_t seen; /* fingerprint of the folder, for file systems that tell nothing */
};

static void add_problems(struct snapshot *snapshot, const struct diagnostics *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		diagnostics_add(&snapshot->problems, &problems->items[i]);
}

struct snapshot *reload_first(const char *directory, struct diagnostics *problems)
{
	struct knowledge *knowledge = knowledge_load(directory, NULL, problems);
	if (!knowledge)
		return NULL;
	struct snapshot *snapshot = snapshot_new(knowledge, true, clock_ms());
	add_problems(snapshot, problems);
	return snapshot;
}

static void tell(const struct diagnostics *problems, bool is_good, const char *version, int64_t took_ms)
{
	struct buf text = { 0 };
	diagnostics_print(problems, &text);
	if (problems->count)
		fputs(buf_text(&text), stderr); /* as `shopbell check` prints them: editors know the form */
	if (is_good)
		log_line(LOG_INFO, "answers reloaded in %lld ms, version %s", (long long)took_ms, version);
	else
		log_line(LOG_ERROR, "the changed files have errors: the old answers go on serving");
	buf_clear(&text);
}

static void reload(struct reloader *reloader)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	struct snapshot *before = shelf_take(reloader->options.shelf);
	int64_t began_ms = clock_steady_ms();
	struct knowledge *knowledge = knowledge_load(reloader->directory, before->knowledge, &problems);
	bool is_good = knowledge != NULL;
	struct snapshot *next = snapshot_new(is_good ? knowledge : knowledge_ref(before->knowledge), is_good,
					     is_good ? clock_ms() : before->loaded_ms);
	add_problems(next, &problems);
	struct metrics *metrics = reloader->options.metrics;
	metrics_add(is_good ? &metrics->reloads : &metrics->reloads_failed, 1);
	atomic_store(&metrics->is_serving, is_good);
	atomic_store(&metrics->corpus_loaded_s, (long)(next->loaded_ms / 1000));
	tell(&problems, is_good, next->knowledge->corpus->version, clock_steady_ms() - began_ms);
	shelf_put(reloader->options.shelf, next);
	snapshot_unref(before);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	reloader->options.reloaded(reloader->options.context);
}

/* Calls `visit` for the folder and every folder right in it. */
static void each_folder(const char *directory, void (*visit)(void *context, const char *path), void *context)
{
	visit(context, directory);
	DIR *dir = opendir(directory);
	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		char path[4096];
		struct stat status;
		int len = snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
		if (entry->d_name[0] != '.' && len < (int)sizeof path && !stat(path, &status) &&
		    S_ISDIR(status.st_mode))
			visit(context, path);
	}
	closedir(dir);
}

static void watch_folder(void *context, const char *path)
{
	struct reloader *reloader = context;
	/* No IN_MODIFY: a file that is still being written is not finished. Adding twice changes nothing. */
	inotify_add_watch(reloader->inotify, path,
			  IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB |
				  IN_ONLYDIR);
}

static void add_fingerprint(void *context, const char *path)
{
	uint64_t *sum = context;
	DIR *dir = opendir(path);
	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));) {
		struct stat status;
		if (entry->d_name[0] == '.' || fstatat(dirfd(dir), entry->d_name, &status, 0) ||
		    !S_ISREG(status.st_mode))
			continue;
		/* A sum, since the order of a directory means nothing. */
		*sum += ((uint64_t)status.st_ino * 31 + (uint64_t)status.st_size) * 1000003u +
			(uint64_t)status.st_mtim.tv_sec * 1000000007u + (uint64_t)status.st_mtim.tv_nsec * 31u;
	}
	closedir(dir);
}

uint64_t reload_fingerprint(const char *directory)
{
	uint64_t sum = 1;
	each_folder(directory, add_fingerprint, &sum);
	return sum;
}

/* Whether a file came, went or changed since the last call. */
static bool has_changed(struct reloader *reloader)
{
	uint64_t sum = reload_fingerprint(reloader->directory);
	bool is_new = sum != reloader->seen;
	reloader->seen = sum;
	return is_new;
}

/* Reads away what inotify has to say, until it is silent. */
static void wait_for_quiet(struct reloader *reloader)
{
	_Alignas(struct inotify_event) char events[4096];
	struct pollfd fd = { .fd = reloader->inotify, .events = POLLIN };
	int64_t end_ms = clock_steady_ms() + QUIET_MAX_MS;
	do {
		while (read(reloader->inotify, events, sizeof events) > 0)
			;
	} while (clock_steady_ms() < end_ms && poll(&fd, 1, QUIET_MS) > 0);
}

static void *run(void *context)
{
	struct reloader *reloader = context;
	parallel_stand_back(); /* visitors do not wait for what is learnt; the first load, for which all wait, is not here */
	struct pollfd fds[2] = { { .fd = reloader->wake, .events = POLLIN },
				 { .fd = reloader->inotify, .events = POLLIN } };
	while (!atomic_load(&reloader->is_stopping)) {
		eventfd_t count;
		each_folder(reloader->directory, watch_folder, reloader);
		int ready = poll(fds, 2, LOOK_MS);
		bool is_asked = ready > 0 && fds[0].revents && !eventfd_read(reloader->wake, &count);
		if (ready > 0 && fds[1].revents)
			wait_for_quiet(reloader);
		/* The fingerprint decides: a look costs some microseconds, notices network file systems and folders put in
		 * place of the old one as well, and spares a load when only something else in the folder was touched. */
		if (!atomic_load(&reloader->is_stopping) && (has_changed(reloader) || is_asked))
			reload(reloader);
	}
	eventfd_write(reloader->ended, 1);
	return NULL;
}

struct reloader *reload_start(const struct reload_options *options)
{
	struct reloader *reloader = mem_zalloc(1, sizeof *reloader);
	reloader->options = *options;
	reloader->directory = mem_strdup(options->directory);
	reloader->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	reloader->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	reloader->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	reloader->seen = options->seen;
	pthread_create(&reloader->thread, NULL, run, reloader);
	return reloader;
}

void reload_ask(struct reloader *reloader)
{
	eventfd_write(reloader->wake, 1);
}

bool reload_stop(struct reloader *reloader)
{
	if (!reloader)
		return true;
	struct pollfd ended = { .fd = reloader->ended, .events = POLLIN };
	atomic_store(&reloader->is_stopping, true);
	reload_ask(reloader);
	if (poll(&ended, 1, RELOAD_STOP_MS) != 1) {
		pthread_detach(reloader->thread); /* nobody waits for it any more: the process ends */
		return false;
	}
	pthread_join(reloader->thread, NULL);
	close(reloader->ended);
	if (reloader->inotify >= 0)
		close(reloader->inotify);
	close(reloader->wake);
	free(reloader->directory);
	free(reloader);
	return true;
}
