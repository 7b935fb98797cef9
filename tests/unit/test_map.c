/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/arena.h"

#include "cmocka_all.h"

static void test_put_and_get(void **state)
{
	(void)state;
	struct map map = { 0 };
	assert_int_equal(map_get(&map, STR_LIT("a")), MAP_NONE);
	map_put(&map, STR_LIT("a"), 1);
	map_put(&map, STR_LIT(""), 2);
	map_put(&map, STR_LIT("a"), 3);
	assert_int_equal(map_get(&map, STR_LIT("a")), 3);
	assert_int_equal(map_get(&map, STR_LIT("")), 2);
	assert_int_equal(map.count, 2);
	assert_int_equal(map_intern(&map, STR_LIT("a"), 9), 3);
	assert_int_equal(map_intern(&map, STR_LIT("b"), 9), 9);
	map_clear(&map);
}

static void test_ten_thousand(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct map map = { 0 };
	for (uint32_t i = 0; i < 10000; i++)
		map_put(&map, str_of(arena_printf(&arena, "key %u", i)), i);
	for (uint32_t i = 0; i < 10000; i++)
		assert_int_equal(map_get(&map, str_of(arena_printf(&arena, "key %u", i))), i);
	assert_int_equal(map_get(&map, STR_LIT("key 10000")), MAP_NONE);
	map_clear(&map);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_and_get),
		cmocka_unit_test(test_ten_thousand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
