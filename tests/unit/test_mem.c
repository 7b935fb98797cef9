/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include "cmocka_all.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES = 64 * 1024, PIECE_BYTES = 1024, KEPT_EVERY = 64 };

/* A sanitizer's allocator keeps what was freed, to tell who uses it. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
static const bool IS_WATCHED = true;
#else
static const bool IS_WATCHED = false;
#endif

static long resident_kb(void)
{
	char line[128];
	long value = 0;
	FILE *file = fopen("/proc/self/status", "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file))
		if (!strncmp(line, "VmRSS:", 6))
			value = strtol(line + 6, NULL, 10);
	fclose(file);
	return value;
}

/* A heap of free pieces between a few that are still used: they stay as they are, most of the rest goes back. */
static void test_give_back(void **state)
{
	(void)state;
	long before = resident_kb();
	char **pieces = mem_zalloc(PIECES, sizeof *pieces);
	for (size_t i = 0; i < PIECES; i++)
		pieces[i] = memset(mem_alloc(PIECE_BYTES), (int)(i % 251), PIECE_BYTES);
	long full = resident_kb();
	for (size_t i = 0; i < PIECES; i++)
		if (i % KEPT_EVERY)
			free(pieces[i]);
	mem_give_back();
	if (!IS_WATCHED)
		assert_true(resident_kb() - before < (full - before) / 2);
	for (size_t i = 0; i < PIECES; i += KEPT_EVERY) {
		for (size_t at = 0; at < PIECE_BYTES; at++)
			assert_int_equal((unsigned char)pieces[i][at], i % 251);
		free(pieces[i]);
	}
	free(pieces);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_give_back) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
