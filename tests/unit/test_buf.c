/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "base/vec.h"

#include "cmocka_all.h"

#include <stdlib.h>

static void test_building(void **state)
{
	(void)state;
	struct buf buf = { 0 };
	assert_string_equal(buf_text(&buf), "");
	buf_add_text(&buf, "one ");
	buf_add_str(&buf, STR_LIT("two"));
	buf_add_char(&buf, ' ');
	buf_printf(&buf, "%03d", 3);
	assert_string_equal(buf_text(&buf), "one two 003");
	assert_int_equal(buf_str(&buf).len, 11);
	buf_reset(&buf);
	assert_string_equal(buf_text(&buf), "");
	for (int i = 0; i < 10000; i++)
		buf_printf(&buf, "%d,", i % 10);
	assert_int_equal(buf.len, 20000);
	char *taken = buf_take(&buf);
	assert_int_equal(taken[19999], ',');
	assert_null(buf.data);
	free(taken);
	taken = buf_take(&buf);
	assert_string_equal(taken, "");
	free(taken);
}

static void test_vec(void **state)
{
	(void)state;
	struct {
		struct point {
			int x, y;
		} * items;
		size_t count, capacity;
	} points = { 0 };
	for (int i = 0; i < 1000; i++)
		vec_push(&points, (struct point){ i, -i });
	assert_int_equal(points.count, 1000);
	assert_int_equal(points.items[999].y, -999);
	vec_clear(&points);
	assert_null(points.items);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_building), cmocka_unit_test(test_vec) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
