/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/queue.h"

#include "cmocka_all.h"

#include <stdlib.h>

enum { MINUTE = 60 * 1000 };

static void check_order(const struct queue *queue, const int64_t *expected, size_t count)
{
	int64_t got[16];
	assert_int_equal(queue_length(queue), count);
	assert_int_equal(queue_list(queue, got, COUNT(got)), count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(got[i], expected[i]);
		assert_int_equal(queue_position(queue, got[i]), i + 1);
	}
}

static void test_order(void **state)
{
	(void)state;
	struct queue *queue = queue_new();
	check_order(queue, NULL, 0);
	queue_push(queue, 1, 0, 100);
	queue_push(queue, 2, 0, 200);
	queue_push(queue, 3, 10, 300); /* dearer, later */
	queue_push(queue, 4, 0, 50);   /* waits the longest */
	queue_push(queue, 5, 10, 300); /* as dear and as long as 3: behind it */
	check_order(queue, (const int64_t[]){ 3, 5, 4, 1, 2 }, 5);
	assert_int_equal(queue_position_for(queue, 11), 1);
	assert_int_equal(queue_position_for(queue, 10), 3);
	assert_int_equal(queue_position_for(queue, 0), 6);
	queue_push(queue, 2, 10, 1); /* moves */
	check_order(queue, (const int64_t[]){ 2, 3, 5, 4, 1 }, 5);
	queue_remove(queue, 5, 0);
	queue_remove(queue, 77, 0);
	check_order(queue, (const int64_t[]){ 2, 3, 4, 1 }, 4);
	assert_int_equal(queue_position(queue, 5), 0);
	int64_t one;
	assert_int_equal(queue_list(queue, &one, 1), 1);
	assert_int_equal(one, 2);
	queue_free(queue);
	queue_free(NULL);
}

/* A random row of pushes and removals stands always in the order that sorting gives. */
static void test_order_at_random(void **state)
{
	(void)state;
	enum { IDS = 40 };
	struct queue *queue = queue_new();
	int64_t since[IDS] = { 0 };
	int priorities[IDS] = { 0 };
	unsigned seed = 7;
	for (int step = 0; step < 4000; step++) {
		seed = seed * 1103515245u + 12345u;
		int id = (int)(seed >> 16) % IDS;
		if (seed >> 8 & 3) {
			since[id] = 1 + (int64_t)(seed >> 20);
			priorities[id] = (int)(seed >> 12 & 3);
			queue_push(queue, id, priorities[id], since[id]);
		} else {
			since[id] = 0;
			queue_remove(queue, id, 0);
		}
		int64_t got[IDS];
		size_t count = queue_list(queue, got, IDS), expected = 0;
		for (int i = 0; i < IDS; i++)
			expected += since[i] != 0;
		assert_int_equal(count, expected);
		for (size_t i = 1; i < count; i++) {
			int64_t a = got[i - 1], b = got[i];
			assert_true(priorities[a] > priorities[b] ||
				    (priorities[a] == priorities[b] && since[a] <= since[b]));
		}
	}
	queue_free(queue);
}

static void test_estimate(void **state)
{
	(void)state;
	struct queue *queue = queue_new();
	assert_int_equal(queue_wait_ms(queue, 1), -1);
	/* Three wait from the start; one is claimed every two minutes. */
	for (int64_t i = 1; i <= 3; i++) {
		queue_push(queue, i, 0, 1);
		assert_int_equal(queue_wait_ms(queue, 1), -1);
	}
	for (int64_t i = 1; i <= 3; i++)
		queue_remove(queue, i, 1 + i * 2 * MINUTE);
	assert_int_equal(queue_wait_ms(queue, 1), 2 * MINUTE);
	assert_int_equal(queue_wait_ms(queue, 4), 8 * MINUTE);
	/* Long idle, then one that waits four minutes: the idle time is not counted. */
	queue_push(queue, 4, 0, 40 * MINUTE);
	queue_remove(queue, 4, 44 * MINUTE);
	assert_int_equal(queue_wait_ms(queue, 1), 2 * MINUTE);
	/* Who leaves without being claimed says nothing. */
	queue_push(queue, 5, 0, 45 * MINUTE);
	queue_remove(queue, 5, 0);
	assert_int_equal(queue_wait_ms(queue, 1), 2 * MINUTE);
	/* An hour later the old waits count no more. */
	queue_push(queue, 6, 0, 120 * MINUTE);
	queue_remove(queue, 6, 121 * MINUTE);
	assert_int_equal(queue_wait_ms(queue, 1), -1);
	queue_free(queue);
}

/* Each estimate is held against the wait that followed. */
static void test_accuracy(void **state)
{
	(void)state;
	struct queue *queue = queue_new();
	int64_t now = 1;
	for (int64_t i = 1; i <= 3; i++) { /* no estimate yet */
		queue_push(queue, i, 0, now);
		now += 2 * MINUTE;
		queue_remove(queue, i, now);
	}
	assert_int_equal(queue_accuracy(queue).count, 0);
	static const int waits[] = { 2, 5, 1 }; /* minutes; 2 are expected each time */
	int64_t error_ms = 0;
	for (size_t i = 0; i < COUNT(waits); i++) {
		queue_push(queue, 10, 0, now);
		queue_push(queue, 10, 5, now); /* moved: what was told stands */
		now += waits[i] * MINUTE;
		queue_remove(queue, 10, now);
		error_ms += abs(waits[i] - 2) * MINUTE;
		assert_int_equal(queue_accuracy(queue).count, i + 1);
		assert_int_equal(queue_accuracy(queue).error_ms, error_ms);
	}
	queue_push(queue, 11, 0, now);
	queue_remove(queue, 11, 0); /* left */
	assert_int_equal(queue_accuracy(queue).count, COUNT(waits));
	queue_free(queue);
}

static void test_estimate_keeps_the_newest(void **state)
{
	(void)state;
	struct queue *queue = queue_new();
	int64_t now = 1;
	/* 100 slow claims, then 50 quick ones within the hour: only those count. */
	for (int64_t i = 1; i <= 150; i++) {
		queue_push(queue, i, 0, now);
		now += i <= 100 ? 10 * MINUTE : MINUTE;
		queue_remove(queue, i, now);
	}
	assert_int_equal(queue_wait_ms(queue, 1), MINUTE);
	queue_free(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_at_random),
		cmocka_unit_test(test_estimate),
		cmocka_unit_test(test_accuracy),
		cmocka_unit_test(test_estimate_keeps_the_newest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
