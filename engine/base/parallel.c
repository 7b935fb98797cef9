/* SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>

struct loop {
	size_t count;
	atomic_size_t next;
	void (*work)(void *context, size_t worker, size_t turn);
	void *context;
};

struct worker {
	struct loop *loop;
	size_t number;
	pthread_t thread;
	bool is_started;
};

/* The affinity, not the number of cores: a container may have been given fewer. */
size_t parallel_workers(void)
{
	cpu_set_t cores;
	int count = sched_getaffinity(0, sizeof cores, &cores) ? 1 : CPU_COUNT(&cores);
	return count < 1 ? 1 : count > PARALLEL_WORKERS_MAX ? PARALLEL_WORKERS_MAX : (size_t)count;
}

static void *take_turns(void *context)
{
	struct worker *worker = context;
	struct loop *loop = worker->loop;
	for (size_t turn; (turn = atomic_fetch_add(&loop->next, 1)) < loop->count;)
		loop->work(loop->context, worker->number, turn);
	return NULL;
}

void parallel_each(size_t count, size_t workers, void (*work)(void *context, size_t worker, size_t turn), void *context)
{
	struct loop loop = { .count = count, .work = work, .context = context };
	struct worker all[PARALLEL_WORKERS_MAX] = { { .loop = &loop } };
	atomic_init(&loop.next, 0);
	for (size_t n = 1; n < workers && n < count && n < PARALLEL_WORKERS_MAX; n++) {
		all[n] = (struct worker){ .loop = &loop, .number = n };
		all[n].is_started = !pthread_create(&all[n].thread, NULL, take_turns, &all[n]);
	}
	take_turns(&all[0]);
	for (size_t n = 1; n < PARALLEL_WORKERS_MAX; n++)
		if (all[n].is_started)
			pthread_join(all[n].thread, NULL);
}

void parallel_stand_back(void)
{
	/* On Linux this is a matter of the thread, and is passed on to those that it starts. The kernel cuts it at its own
	 * limit of 19. */
	setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + PARALLEL_NICE);
}

struct errand {
	void (*work)(void *context);
	void *context;
};

static void *run_errand(void *context)
{
	const struct errand *errand = context;
	parallel_stand_back();
	errand->work(errand->context);
	return NULL;
}

void parallel_behind(void (*work)(void *context), void *context)
{
	struct errand errand = { work, context };
	pthread_t thread;
	if (pthread_create(&thread, NULL, run_errand, &errand))
		work(context);
	else
		pthread_join(thread, NULL);
}
