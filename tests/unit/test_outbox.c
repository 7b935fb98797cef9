/* SPDX-License-Identifier: Apache-2.0 */
#include "server/outbox.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

static void test_order_and_bounds(void **state)
{
	(void)state;
	enum { COUNT = 1000 };
	struct outbox outbox = { 0 };
	struct packet *packets[COUNT];
	size_t bytes = 0, head = 0;
	assert_null(outbox_first(&outbox));
	for (size_t i = 0; i < COUNT; i++) {
		char text[32];
		snprintf(text, sizeof text, "packet %zu", i);
		packets[i] = packet_new(str_of(text));
		assert_true(outbox_put(&outbox, packets[i], SIZE_MAX));
		assert_int_equal(packets[i]->refs, 2);
		bytes += strlen(text);
		if (i % 3 == 2) { /* the ring wraps while it grows */
			assert_ptr_equal(outbox_first(&outbox), packets[head]);
			bytes -= packets[head]->len;
			outbox_drop(&outbox);
			assert_int_equal(packets[head++]->refs, 1);
		}
		assert_int_equal(outbox.bytes, bytes);
	}
	assert_int_equal(memcmp(outbox_first(&outbox)->bytes + PACKET_ROOM, "packet 333", 10), 0);
	outbox_clear(&outbox);
	assert_int_equal(outbox.bytes, 0);
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(packets[i]->refs, 1);
		packet_unref(packets[i]);
	}
}

static void test_limits(void **state)
{
	(void)state;
	struct outbox outbox = { 0 };
	struct packet *ten = packet_new(STR_LIT("0123456789")), *empty = packet_new(STR_LIT(""));
	for (int i = 0; i < 10; i++)
		assert_true(outbox_put(&outbox, ten, 100));
	assert_false(outbox_put(&outbox, ten, 100));
	assert_true(outbox_put(&outbox, empty, 100));
	for (int i = outbox.count; i < OUTBOX_PACKETS_MAX; i++)
		assert_true(outbox_put(&outbox, empty, 100));
	assert_false(outbox_put(&outbox, empty, 100));
	outbox_clear(&outbox);
	packet_unref(ten);
	packet_unref(empty);
	packet_unref(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_order_and_bounds), cmocka_unit_test(test_limits) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
