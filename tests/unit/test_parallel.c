/* SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"

#include "cmocka_all.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

enum { TURNS = 1000 };

struct tally {
	size_t workers;
	unsigned char turns[TURNS + 1]; /* each written by the one that took it */
	atomic_bool is_stranger;
};

static void take(void *context, size_t worker, size_t turn)
{
	struct tally *tally = context;
	if (worker >= tally->workers)
		atomic_store(&tally->is_stranger, true);
	tally->turns[turn]++;
}

static void every_turn_is_taken_once(void **state)
{
	static const struct {
		size_t count, workers;
	} rows[] = { { 0, 1 },     { 0, 4 },     { 1, 1 },     { 1, 4 },
		     { TURNS, 1 }, { TURNS, 2 }, { 3, TURNS }, { TURNS, PARALLEL_WORKERS_MAX } };
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tally tally = { .workers = rows[i].workers };
		parallel_each(rows[i].count, rows[i].workers, take, &tally);
		for (size_t turn = 0; turn <= TURNS; turn++)
			if (tally.turns[turn] != (turn < rows[i].count))
				fail_msg("%zu turns, %zu workers: turn %zu was taken %u times", rows[i].count,
					 rows[i].workers, turn, (unsigned)tally.turns[turn]);
		assert_false(atomic_load(&tally.is_stranger));
	}
}

static void no_more_workers_than_the_limit(void **state)
{
	struct tally tally = { .workers = PARALLEL_WORKERS_MAX };
	(void)state;
	assert_true(parallel_workers() >= 1 && parallel_workers() <= PARALLEL_WORKERS_MAX);
	parallel_each(TURNS, 1000, take, &tally);
	assert_false(atomic_load(&tally.is_stranger));
}

struct niceness {
	int own;
	int turns[TURNS];
};

static void note_niceness(void *context, size_t worker, size_t turn)
{
	struct niceness *niceness = context;
	(void)worker;
	niceness->turns[turn] = getpriority(PRIO_PROCESS, 0);
}

static void *stand_back_and_work(void *context)
{
	struct niceness *niceness = context;
	parallel_stand_back();
	niceness->own = getpriority(PRIO_PROCESS, 0);
	parallel_each(TURNS, PARALLEL_WORKERS_MAX, note_niceness, niceness);
	return NULL;
}

static void who_stands_back_takes_its_workers_along_and_nobody_else(void **state)
{
	struct niceness niceness;
	pthread_t thread;
	int before = getpriority(PRIO_PROCESS, 0);
	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, stand_back_and_work, &niceness), 0);
	pthread_join(thread, NULL);
	assert_int_equal(niceness.own, before + PARALLEL_NICE < 19 ? before + PARALLEL_NICE : 19);
	for (size_t turn = 0; turn < TURNS; turn++)
		assert_int_equal(niceness.turns[turn], niceness.own);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
}

static void note_own_niceness(void *context)
{
	*(int *)context = getpriority(PRIO_PROCESS, 0);
}

static void what_is_done_behind_is_done_before_it_returns_and_leaves_the_caller_as_urgent(void **state)
{
	int before = getpriority(PRIO_PROCESS, 0), behind = before;
	(void)state;
	parallel_behind(note_own_niceness, &behind);
	assert_int_equal(behind, before + PARALLEL_NICE < 19 ? before + PARALLEL_NICE : 19);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_turn_is_taken_once),
		cmocka_unit_test(no_more_workers_than_the_limit),
		cmocka_unit_test(who_stands_back_takes_its_workers_along_and_nobody_else),
		cmocka_unit_test(what_is_done_behind_is_done_before_it_returns_and_leaves_the_caller_as_urgent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
