/* SPDX-License-Identifier: Apache-2.0 */
#include "server/wheel.h"

#include "cmocka_all.h"

#include <stdlib.h>

enum { COUNT = 1000 };

/* Each thing counts how often it was told, and may ask to be told again. */
struct thing {
	struct limit limit; /* first member */
	struct wheel *wheel;
	uint32_t told, told_s, again;
};

static void on_due(struct limit *limit)
{
	struct thing *thing = (struct thing *)(void *)limit;
	assert_int_equal(limit->due_s, 0);
	thing->told++;
	thing->told_s = thing->wheel->now_s;
	if (thing->again)
		wheel_set(thing->wheel, limit, thing->again);
}

static void test_due(void **state)
{
	(void)state;
	struct wheel wheel = { .now_s = 1 };
	struct thing *things = calloc(COUNT, sizeof *things);
	assert_non_null(things);
	for (uint32_t i = 0; i < COUNT; i++) {
		things[i].wheel = &wheel;
		wheel_set(&wheel, &things[i].limit, WHEEL_SECONDS - 1);
		wheel_set(&wheel, &things[i].limit, 1 + i % (WHEEL_SECONDS - 1)); /* the last word counts */
	}
	for (uint32_t i = 0; i < COUNT; i += 3) {
		wheel_unset(&wheel, &things[i].limit);
		wheel_unset(&wheel, &things[i].limit); /* does nothing */
	}
	for (int i = 0; i < WHEEL_SECONDS; i++)
		wheel_turn(&wheel, on_due);
	for (uint32_t i = 0; i < COUNT; i++) {
		assert_int_equal(things[i].told, i % 3 ? 1 : 0);
		assert_int_equal(things[i].told_s, i % 3 ? 2 + i % (WHEEL_SECONDS - 1) : 0);
	}
	free(things);
}

static void test_again(void **state)
{
	(void)state;
	enum { ROUNDS = 10 };
	struct wheel wheel = { .now_s = 1 };
	struct thing often = { .wheel = &wheel, .again = 1 }, seldom = { .wheel = &wheel, .again = WHEEL_SECONDS - 1 };
	wheel_set(&wheel, &often.limit, 1);
	wheel_set(&wheel, &seldom.limit, 1);
	for (int i = 0; i < ROUNDS * (WHEEL_SECONDS - 1); i++)
		wheel_turn(&wheel, on_due);
	assert_int_equal(often.told, ROUNDS * (WHEEL_SECONDS - 1));
	assert_int_equal(seldom.told, ROUNDS);
}

static void postpone(struct limit *limit, void *context)
{
	wheel_set(((struct thing *)(void *)limit)->wheel, limit, *(uint32_t *)context);
}

static void test_each(void **state)
{
	(void)state;
	struct wheel wheel = { .now_s = 1 };
	struct thing things[WHEEL_SECONDS - 1] = { 0 };
	uint32_t three = 3;
	for (uint32_t i = 0; i < WHEEL_SECONDS - 1; i++) {
		things[i].wheel = &wheel;
		wheel_set(&wheel, &things[i].limit, 1 + i);
	}
	wheel_each(&wheel, postpone, &three);
	for (uint32_t i = 0; i < three; i++)
		wheel_turn(&wheel, on_due);
	for (uint32_t i = 0; i < WHEEL_SECONDS - 1; i++)
		assert_int_equal(things[i].told, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
