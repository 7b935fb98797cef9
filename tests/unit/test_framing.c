/* SPDX-License-Identifier: Apache-2.0 */
#include "server/framing.h"

#include "cmocka_all.h"

#include <string.h>

enum { MOST = 65536 };

/* Frames with a mask of zeros, so that the payload can be read here. `kept`: how many bytes may be passed on. */
struct row {
	const char *remark, *bytes;
	size_t len;
	int code;
	size_t kept;
};
#define BYTES(text) text, sizeof(text) - 1
#define M           "\0\0\0\0"

static const struct row rows[] = {
	{ "a text", BYTES("\x81\x82" M "{}"), 0, 8 },
	{ "an empty text", BYTES("\x81\x80" M), 0, 6 },
	{ "two texts", BYTES("\x81\x82" M "{}\x81\x82" M "{}"), 0, 16 },
	{ "in pieces", BYTES("\x01\x81" M "{\x00\x80" M "\x80\x81" M "}"), 0, 20 },
	{ "a ping within", BYTES("\x01\x81" M "{\x89\x81" M "\xff\x80\x81" M "}"), 0, 21 },
	{ "a pong of any bytes", BYTES("\x8a\x83" M "\xff\xfe\xc3"), 0, 9 },
	{ "126 bytes announced in 16 bits", BYTES("\x81\xfe\x00\x7e" M "x"), 0, 9 },
	{ "65,536 bytes announced", BYTES("\x81\xff\0\0\0\0\0\1\0\0" M "x"), 0, 15 },
	{ "a character in two pieces", BYTES("\x01\x81" M "\xc3\x80\x81" M "\xb6"), 0, 14 },
	{ "a character around a ping", BYTES("\x01\x81" M "\xc3\x89\x81" M "\xc3\x80\x81" M "\xb6"), 0, 21 },
	{ "the longest characters", BYTES("\x81\x8c" M "\xf4\x8f\xbf\xbf\xf0\x90\x80\x80\xed\x9f\xbf."), 0, 18 },
	{ "long text, then a character", BYTES("\x81\x92" M "0123456789abcdef\xc3\xb6"), 0, 24 },
	{ "binary is not looked into", BYTES("\x82\x82" M "\xff\xfe"), 0, 8 },
	{ "a close without a word", BYTES("\x88\x80" M), 0, 6 },
	{ "a close",
	  BYTES("\x88\x85" M "\x03\xe8"
		"bye"),
	  0, 11 },
	{ "a close in German", BYTES("\x88\x84" M "\x0b\xb8\xc3\xb6"), 0, 10 },
	{ "what stands behind a close", BYTES("\x88\x82" M "\x03\xe8\x7f\x00nonsense"), 0, 8 },

	{ "no mask", BYTES("\x81\x02{}"), 1002, 1 },
	{ "no mask behind a text", BYTES("\x81\x82" M "{}\x81\x02{}"), 1002, 9 },
	{ "RSV1", BYTES("\xc1\x82" M "{}"), 1002, 0 },
	{ "RSV2", BYTES("\xa1\x82" M "{}"), 1002, 0 },
	{ "RSV3", BYTES("\x91\x82" M "{}"), 1002, 0 },
	{ "opcode 3", BYTES("\x83\x82" M "{}"), 1002, 0 },
	{ "opcode 11", BYTES("\x8b\x82" M "{}"), 1002, 0 },
	{ "a ping in pieces", BYTES("\x09\x80" M), 1002, 0 },
	{ "a long ping", BYTES("\x89\xfe\x00\x7e" M), 1002, 1 },
	{ "a continuation of nothing", BYTES("\x80\x80" M), 1002, 0 },
	{ "a text within a text", BYTES("\x01\x81" M "{\x81\x81" M "}"), 1002, 7 },
	{ "125 bytes in 16 bits", BYTES("\x81\xfe\x00\x7d" M), 1002, 3 },
	{ "65,535 bytes in 64 bits", BYTES("\x81\xff\0\0\0\0\0\0\xff\xff" M), 1002, 9 },
	{ "2^63 bytes", BYTES("\x81\xff\x80\0\0\0\0\0\0\0" M), 1002, 2 },
	{ "65,537 bytes announced", BYTES("\x81\xff\0\0\0\0\0\1\0\1" M), 1009, 9 },
	{ "too many in pieces", BYTES("\x01\x81" M "x\x80\xff\0\0\0\0\0\1\0\0" M), 1009, 16 },
	{ "a stray byte", BYTES("\x81\x83" M "a\x80z"), 1007, 7 },
	{ "overlong", BYTES("\x81\x82" M "\xc0\xaf"), 1007, 6 },
	{ "overlong in three", BYTES("\x81\x83" M "\xe0\x80\x80"), 1007, 7 },
	{ "a surrogate", BYTES("\x81\x83" M "\xed\xa0\x80"), 1007, 7 },
	{ "behind U+10FFFF", BYTES("\x81\x84" M "\xf4\x90\x80\x80"), 1007, 7 },
	{ "stops within a character", BYTES("\x81\x82" M "a\xc3"), 1007, 7 },
	{ "stops so, an empty piece behind", BYTES("\x01\x82" M "a\xc3\x80\x80" M), 1007, 13 },
	{ "a character that another message ends", BYTES("\x01\x81" M "\xc3\x80\x81" M "a"), 1007, 13 },
	{ "half a close code", BYTES("\x88\x81" M "\x03"), 1002, 1 },
	{ "close code 1005", BYTES("\x88\x82" M "\x03\xed"), 1002, 7 },
	{ "close code 2999", BYTES("\x88\x82" M "\x0b\xb7"), 1002, 7 },
	{ "close code 5000", BYTES("\x88\x82" M "\x13\x88"), 1002, 7 },
	{ "a malformed reason", BYTES("\x88\x84" M "\x03\xe8\xc3("), 1007, 9 },
	{ "a reason that stops within a character", BYTES("\x88\x83" M "\x03\xe8\xc3"), 1007, 8 },
};

/* The bytes in two or three parts, cut there; how many were kept. */
static size_t take(const unsigned char *bytes, size_t len, size_t cut, size_t other, int *out_code)
{
	struct framing framing = { 0 };
	const size_t ends[] = { cut, other, len };
	size_t at = 0;
	*out_code = 0;
	for (size_t i = 0; i < COUNT(ends); i++) {
		size_t part = ends[i] > at ? ends[i] - at : 0;
		size_t kept = framing_take(&framing, bytes + at, part, MOST, out_code);
		at += kept;
		if (kept < part)
			break;
	}
	return at;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		for (size_t cut = 0; cut <= row->len; cut++)
			for (size_t other = cut; other <= row->len; other++) {
				int code;
				size_t kept = take((const unsigned char *)row->bytes, row->len, cut, other, &code);
				if (kept != row->kept || code != row->code)
					fail_msg("%s, cut at %zu and %zu: %zu kept, code %d", row->remark, cut, other,
						 kept, code);
			}
	}
}

/* The same under other masks, whatever stands where in eight bytes. */
static void test_masks(void **state)
{
	(void)state;
	static const char text[] = "size: gr\xc3\xb6\xc3\x9f"
				   "er, and 0123456789 of them; \xf0\x9f\x98\x80 bye";
	unsigned char frame[6 + sizeof text] = { 0x81, 0x80 | (sizeof text - 1) };
	for (unsigned seed = 0; seed < 256; seed++) {
		for (unsigned i = 0; i < 4; i++)
			frame[2 + i] = (unsigned char)(seed * (i + 1) + 85 * i);
		for (size_t i = 0; i < sizeof text - 1; i++)
			frame[6 + i] = (unsigned char)((unsigned char)text[i] ^ frame[2 + i % 4]);
		int code;
		size_t len = 6 + sizeof text - 1;
		for (size_t cut = 0; cut <= len; cut++)
			assert_int_equal(take(frame, len, cut, cut, &code), len);
		/* Each byte in turn made one that no text has. */
		for (size_t i = 0; i < sizeof text - 1; i++) {
			frame[6 + i] ^= (unsigned char)((unsigned char)text[i] ^ 0xff);
			assert_int_equal(take(frame, len, 3, 9, &code), 6 + i);
			assert_int_equal(code, FRAMING_NOT_UTF8);
			frame[6 + i] ^= (unsigned char)((unsigned char)text[i] ^ 0xff);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_masks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
