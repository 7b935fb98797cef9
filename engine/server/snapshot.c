/* SPDX-License-Identifier: Apache-2.0 */
#include "server/snapshot.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

struct shelf {
	pthread_mutex_t mutex;
	struct snapshot *current;
};

struct snapshot *snapshot_new(struct knowledge *knowledge, bool is_serving, int64_t loaded_ms)
{
	struct snapshot *snapshot = mem_zalloc(1, sizeof *snapshot);
	atomic_init(&snapshot->refs, 1);
	snapshot->knowledge = knowledge;
	snapshot->is_serving = is_serving;
	snapshot->loaded_ms = loaded_ms;
	diagnostics_init(&snapshot->problems, &snapshot->arena);
	return snapshot;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
	atomic_fetch_add(&snapshot->refs, 1);
	return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
	if (!snapshot || atomic_fetch_sub(&snapshot->refs, 1) != 1)
		return;
	knowledge_unref(snapshot->knowledge);
	diagnostics_clear(&snapshot->problems);
	arena_clear(&snapshot->arena);
	free(snapshot);
}

struct wire_corpus snapshot_corpus(const struct snapshot *snapshot)
{
	return (struct wire_corpus){
		.version = snapshot->knowledge->corpus->version,
		.is_serving = snapshot->is_serving,
		.loaded_ms = snapshot->loaded_ms,
		.problems = snapshot->problems.items,
		.problem_count = snapshot->problems.count,
	};
}

struct shelf *shelf_new(struct snapshot *first)
{
	struct shelf *shelf = mem_zalloc(1, sizeof *shelf);
	pthread_mutex_init(&shelf->mutex, NULL);
	first->number = 1;
	shelf->current = first;
	return shelf;
}

void shelf_free(struct shelf *shelf)
{
	if (!shelf)
		return;
	snapshot_unref(shelf->current);
	pthread_mutex_destroy(&shelf->mutex);
	free(shelf);
}

struct snapshot *shelf_take(struct shelf *shelf)
{
	pthread_mutex_lock(&shelf->mutex);
	struct snapshot *snapshot = snapshot_ref(shelf->current);
	pthread_mutex_unlock(&shelf->mutex);
	return snapshot;
}

void shelf_put(struct shelf *shelf, struct snapshot *snapshot)
{
	pthread_mutex_lock(&shelf->mutex);
	struct snapshot *before = shelf->current;
	snapshot->number = before->number + 1;
	shelf->current = snapshot;
	pthread_mutex_unlock(&shelf->mutex);
	snapshot_unref(before);
}
