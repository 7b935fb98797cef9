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
		enum { HEAD = 2 };
		snprintf(text, sizeof text, "packet %zu", i);
		packets[i] = packet_new(str_of(text));
		assert_true(outbox_put(&outbox, packets[i], SIZE_MAX));
		assert_int_equal(packets[i]->refs, 2);
		bytes += HEAD + strlen(text);
		if (i % 3 == 2) { /* the ring wraps while it grows */
			assert_ptr_equal(outbox_first(&outbox), packets[head]);
			bytes -= packets[head]->len;
			outbox_drop(&outbox);
			assert_int_equal(packets[head++]->refs, 1);
		}
		assert_int_equal(outbox.bytes, bytes);
	}
	assert_int_equal(memcmp(outbox_first(&outbox)->bytes, "\x81\x0apacket 333", 12), 0);
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
	struct packet *ten = packet_new(STR_LIT("01234567")), *empty = packet_new(STR_LIT(""));
	assert_int_equal(ten->len, 10);
	for (int i = 0; i < 10; i++)
		assert_true(outbox_put(&outbox, ten, 102));
	assert_false(outbox_put(&outbox, ten, 102));
	assert_true(outbox_put(&outbox, empty, 102));
	for (int i = outbox.count; i < OUTBOX_PACKETS_MAX; i++)
		assert_true(outbox_put(&outbox, empty, SIZE_MAX));
	assert_false(outbox_put(&outbox, empty, SIZE_MAX));
	outbox_clear(&outbox);
	packet_unref(ten);
	packet_unref(empty);
	packet_unref(NULL);
}

/* RFC 6455 5.2: the length in 7 bits, or 126 and 16 bits, or 127 and 64. */
static void test_heads(void **state)
{
	(void)state;
	static const struct {
		size_t len, head_len;
		const char *head;
	} rows[] = {
		{ 0, 2, "\x81\x00" },
		{ 125, 2, "\x81\x7d" },
		{ 126, 4, "\x81\x7e\x00\x7e" },
		{ 65535, 4, "\x81\x7e\xff\xff" },
		{ 65536, 10, "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00" },
	};
	static char text[65536];
	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct packet *packet = packet_new((struct str){ text, rows[i].len });
		assert_int_equal(packet->len, rows[i].head_len + rows[i].len);
		assert_memory_equal(packet->bytes, rows[i].head, rows[i].head_len);
		assert_memory_equal(packet->bytes + rows[i].head_len, text, rows[i].len);
		packet_unref(packet);
	}
}

/* Whole packets in their order, as many as fit. */
static void test_take(void **state)
{
	(void)state;
	struct outbox outbox = { 0 };
	unsigned char bytes[12];
	static const char *const texts[] = { "ab", "cde", "f", "0123456789x" };
	assert_int_equal(outbox_take(&outbox, bytes, sizeof bytes), 0);
	for (size_t i = 0; i < 4; i++) {
		struct packet *packet = packet_new(str_of(texts[i]));
		assert_true(outbox_put(&outbox, packet, SIZE_MAX));
		packet_unref(packet);
	}
	assert_int_equal(outbox_take(&outbox, bytes, sizeof bytes), 12);
	assert_memory_equal(bytes,
			    "\x81\x02"
			    "ab"
			    "\x81\x03"
			    "cde"
			    "\x81\x01"
			    "f",
			    12);
	assert_int_equal(outbox_take(&outbox, bytes, sizeof bytes), 0);
	assert_int_equal(outbox.count, 1);
	outbox_clear(&outbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_order_and_bounds), cmocka_unit_test(test_limits),
					    cmocka_unit_test(test_heads), cmocka_unit_test(test_take) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
