/* SPDX-License-Identifier: Apache-2.0 */
#include "server/idmap.h"

#include "cmocka_all.h"

#include <stdlib.h>

static void test_put_get_remove(void **state)
{
	(void)state;
	struct idmap map = { 0 };
	int a, b;
	assert_null(idmap_get(&map, 7));
	assert_null(idmap_remove(&map, 7));
	idmap_put(&map, 7, &a);
	idmap_put(&map, 0, &b);
	assert_ptr_equal(idmap_get(&map, 7), &a);
	idmap_put(&map, 7, &b);
	assert_int_equal(map.count, 2);
	assert_ptr_equal(idmap_remove(&map, 7), &b);
	assert_null(idmap_get(&map, 7));
	assert_ptr_equal(idmap_get(&map, 0), &b);
	idmap_clear(&map);
}

/* Against a plain array: 20,000 random puts and removals over 500 keys, so that runs of slots form and break up. */
static void test_like_an_array(void **state)
{
	(void)state;
	enum { KEYS = 500, ROUNDS = 20000 };
	static char things[KEYS];
	void *expected[KEYS] = { 0 };
	struct idmap map = { 0 };
	unsigned seed = 1;
	size_t count = 0;
	for (int round = 0; round < ROUNDS; round++) {
		size_t key = (size_t)rand_r(&seed) % KEYS;
		if (rand_r(&seed) % 2) {
			idmap_put(&map, key, &things[key]);
			count += !expected[key];
			expected[key] = &things[key];
		} else {
			assert_ptr_equal(idmap_remove(&map, key), expected[key]);
			count -= expected[key] != NULL;
			expected[key] = NULL;
		}
		assert_int_equal(map.count, count);
	}
	for (size_t key = 0; key < KEYS; key++)
		assert_ptr_equal(idmap_get(&map, key), expected[key]);
	size_t at = 0, seen = 0;
	while (idmap_next(&map, &at))
		seen++;
	assert_int_equal(seen, count);
	idmap_clear(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put_get_remove),
		cmocka_unit_test(test_like_an_array),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
