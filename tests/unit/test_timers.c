/* SPDX-License-Identifier: Apache-2.0 */
#include "server/timers.h"

#include "cmocka_all.h"

#include <stdbool.h>
#include <stdlib.h>

enum { TIMERS = 300 };

struct bell {
	struct timer timer; /* first member */
	struct timers *all;
	int64_t rang_ms;
	int64_t again_ms; /* set itself to this when it rings */
};

static int64_t last_rang_ms;

static void ring(struct timer *timer, int64_t now_ms)
{
	struct bell *bell = (struct bell *)timer;
	assert_true(timer->at_ms >= last_rang_ms);
	assert_true(timer->at_ms <= now_ms);
	last_rang_ms = timer->at_ms;
	bell->rang_ms = now_ms;
	if (bell->again_ms)
		timers_set(bell->all, timer, bell->again_ms);
}

static void test_in_order(void **state)
{
	(void)state;
	static struct bell bells[TIMERS];
	struct timers timers = { 0 };
	unsigned seed = 3;
	last_rang_ms = 0;
	for (int i = 0; i < TIMERS; i++) {
		bells[i] = (struct bell){ .timer.fire = ring, .all = &timers };
		timers_set(&timers, &bells[i].timer, 1 + rand_r(&seed) % 1000);
	}
	for (int i = 0; i < TIMERS; i += 3) /* some move, some go */
		timers_set(&timers, &bells[i].timer, i % 2 ? 0 : 1 + rand_r(&seed) % 1000);
	timers_run(&timers, 500);
	for (int i = 0; i < TIMERS; i++) {
		bool is_due = bells[i].timer.at_ms && bells[i].timer.at_ms <= 500;
		assert_int_equal(bells[i].rang_ms, is_due ? 500 : 0);
		assert_int_equal(bells[i].timer.place == 0, is_due || !bells[i].timer.at_ms);
	}
	assert_true(timers_next(&timers) > 500);
	timers_run(&timers, 1000);
	assert_int_equal(timers_next(&timers), 0);
	timers_clear(&timers);
}

/* Set twice, the last word counts; unset twice, the second does nothing; each rings once, in its own second. */
static void test_each_rings_once(void **state)
{
	enum { BELLS = 1000, SECONDS = 127 };
	(void)state;
	static struct bell bells[BELLS];
	struct timers timers = { 0 };
	last_rang_ms = 0;
	for (int i = 0; i < BELLS; i++) {
		bells[i] = (struct bell){ .timer.fire = ring, .all = &timers };
		timers_set(&timers, &bells[i].timer, SECONDS * 1000);
		timers_set(&timers, &bells[i].timer, 1000 * (1 + i % SECONDS));
	}
	for (int i = 0; i < BELLS; i += 3) {
		timers_set(&timers, &bells[i].timer, 0);
		timers_set(&timers, &bells[i].timer, 0);
	}
	for (int second = 1; second <= SECONDS; second++) {
		for (int i = 0; i < BELLS; i++)
			assert_int_equal(bells[i].rang_ms,
					 i % 3 && 1 + i % SECONDS < second ? 1000 * (1 + i % SECONDS) : 0);
		timers_run(&timers, second * 1000);
	}
	assert_int_equal(timers_next(&timers), 0);
	timers_clear(&timers);
}

/* The clock was set: all move together, in the same order. */
static void test_moved_together(void **state)
{
	(void)state;
	struct timers timers = { 0 };
	struct bell bells[3] = { 0 };
	last_rang_ms = 0;
	for (int i = 0; i < 3; i++) {
		bells[i] = (struct bell){ .timer.fire = ring, .all = &timers };
		timers_set(&timers, &bells[i].timer, 1000 * (3 - i));
	}
	timers_shift(&timers, 5000);
	assert_int_equal(timers_next(&timers), 6000);
	timers_run(&timers, 6999);
	assert_int_equal(bells[2].rang_ms, 6999);
	assert_int_equal(bells[1].rang_ms, 0);
	timers_shift(&timers, -7000);
	last_rang_ms = 0;
	timers_run(&timers, 1000);
	assert_int_equal(bells[1].rang_ms, 1000);
	assert_int_equal(bells[0].rang_ms, 1000);
	assert_int_equal(timers_next(&timers), 0);
	timers_clear(&timers);
}

static void test_one_that_rings_at_once_again(void **state)
{
	(void)state;
	struct timers timers = { 0 };
	struct bell bell = { .timer.fire = ring, .all = &timers, .again_ms = 10 };
	last_rang_ms = 0;
	timers_set(&timers, &bell.timer, 10);
	timers_run(&timers, 20); /* ends, though the timer is due again */
	assert_int_equal(timers_next(&timers), 10);
	timers_set(&timers, &bell.timer, 0);
	assert_int_equal(timers_next(&timers), 0);
	timers_clear(&timers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_each_rings_once),
		cmocka_unit_test(test_moved_together),
		cmocka_unit_test(test_one_that_rings_at_once_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
