/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "cmocka_all.h"

#include <stdalign.h>
#include <string.h>

static void test_pieces_are_aligned_and_apart(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	unsigned char *pieces[100];
	for (size_t i = 0; i < 100; i++) {
		pieces[i] = arena_alloc(&arena, i + 1);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		memset(pieces[i], (int)i, i + 1);
	}
	for (size_t i = 0; i < 100; i++)
		for (size_t k = 0; k <= i; k++)
			assert_int_equal(pieces[i][k], i);
	arena_clear(&arena);
	assert_int_equal(arena_size_bytes(&arena), 0);
}

static void test_a_piece_larger_than_a_block(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	char *small = arena_strdup(&arena, STR_LIT("small"));
	char *large = arena_zalloc(&arena, 1000, 1000);
	char *after = arena_strdup(&arena, STR_LIT("after"));
	assert_int_equal(large[999999], 0);
	assert_string_equal(small, "small");
	assert_string_equal(after, "after");
	arena_clear(&arena);
}

static void test_reset_keeps_the_memory(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 1000; i++)
			arena_printf(&arena, "%d of %s", i, "a thousand");
		arena_alloc(&arena, 40000);
		static size_t first;
		if (!round)
			first = arena_size_bytes(&arena);
		assert_true(arena_size_bytes(&arena) <= 2 * first);
		arena_reset(&arena);
	}
	arena_clear(&arena);
}

static void test_printf(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	assert_string_equal(arena_printf(&arena, "%s-%d", "x", 7), "x-7");
	assert_string_equal(arena_printf(&arena, "%s", ""), "");
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_aligned_and_apart),
		cmocka_unit_test(test_a_piece_larger_than_a_block),
		cmocka_unit_test(test_reset_keeps_the_memory),
		cmocka_unit_test(test_printf),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
