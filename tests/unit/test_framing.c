/* SPDX-License-Identifier: Apache-2.0 */
#include "server/framing.h"

#include "base/buf.h"
#include "base/count.h"
#include "cmocka_all.h"
#include "parts_kit.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 65536 };

/* Frames with a mask of zeros, so that the payload can be read here. */
struct row {
	const char *remark, *bytes;
	size_t len;
	const char *said; /* as note() writes it */
};
#define BYTES(text) text, sizeof(text) - 1
#define M           "\0\0\0\0"

static const struct row rows[] = {
	{ "a text", BYTES("\x81\x82" M "{}"), "text {}" },
	{ "an empty text", BYTES("\x81\x80" M), "text " },
	{ "two texts", BYTES("\x81\x82" M "{}\x81\x82" M "{}"), "text {}|text {}" },
	{ "in pieces", BYTES("\x01\x81" M "{\x00\x80" M "\x80\x81" M "}"), "text {}" },
	{ "a ping within", BYTES("\x01\x81" M "{\x89\x81" M "\xff\x80\x81" M "}"), "ping \xff|text {}" },
	{ "a pong of any bytes", BYTES("\x8a\x83" M "\xff\xfe\xc3"), "pong" },
	{ "126 bytes announced in 16 bits", BYTES("\x81\xfe\x00\x7e" M "x"), "" },
	{ "65,536 bytes announced", BYTES("\x81\xff\0\0\0\0\0\1\0\0" M "x"), "" },
	{ "a character in two pieces", BYTES("\x01\x81" M "\xc3\x80\x81" M "\xb6"), "text \xc3\xb6" },
	{ "a character around a ping", BYTES("\x01\x81" M "\xc3\x89\x81" M "\xc3\x80\x81" M "\xb6"),
	  "ping \xc3|text \xc3\xb6" },
	{ "the longest characters", BYTES("\x81\x8c" M "\xf4\x8f\xbf\xbf\xf0\x90\x80\x80\xed\x9f\xbf."),
	  "text \xf4\x8f\xbf\xbf\xf0\x90\x80\x80\xed\x9f\xbf." },
	{ "long text, then a character", BYTES("\x81\x92" M "0123456789abcdef\xc3\xb6"),
	  "text 0123456789abcdef\xc3\xb6" },
	{ "binary is not looked into", BYTES("\x82\x82" M "\xff\xfe"), "binary" },
	{ "a close without a word", BYTES("\x88\x80" M), "close 0" },
	{ "a close",
	  BYTES("\x88\x85" M "\x03\xe8"
		"bye"),
	  "close 1000" },
	{ "a close in German", BYTES("\x88\x84" M "\x0b\xb8\xc3\xb6"), "close 3000" },
	{ "what stands behind a close", BYTES("\x88\x82" M "\x03\xe8\x7f\x00nonsense"), "close 1000" },

	{ "no mask", BYTES("\x81\x02{}"), "fault 1002" },
	{ "no mask behind a text", BYTES("\x81\x82" M "{}\x81\x02{}"), "text {}|fault 1002" },
	{ "RSV1", BYTES("\xc1\x82" M "{}"), "fault 1002" },
	{ "RSV2", BYTES("\xa1\x82" M "{}"), "fault 1002" },
	{ "RSV3", BYTES("\x91\x82" M "{}"), "fault 1002" },
	{ "opcode 3", BYTES("\x83\x82" M "{}"), "fault 1002" },
	{ "opcode 11", BYTES("\x8b\x82" M "{}"), "fault 1002" },
	{ "a ping in pieces", BYTES("\x09\x80" M), "fault 1002" },
	{ "a long ping", BYTES("\x89\xfe\x00\x7e" M), "fault 1002" },
	{ "a continuation of nothing", BYTES("\x80\x80" M), "fault 1002" },
	{ "a text within a text", BYTES("\x01\x81" M "{\x81\x81" M "}"), "fault 1002" },
	{ "125 bytes in 16 bits", BYTES("\x81\xfe\x00\x7d" M), "fault 1002" },
	{ "65,535 bytes in 64 bits", BYTES("\x81\xff\0\0\0\0\0\0\xff\xff" M), "fault 1002" },
	{ "2^63 bytes", BYTES("\x81\xff\x80\0\0\0\0\0\0\0" M), "fault 1002" },
	{ "65,537 bytes announced", BYTES("\x81\xff\0\0\0\0\0\1\0\1" M), "fault 1009" },
	{ "too many in pieces", BYTES("\x01\x81" M "x\x80\xff\0\0\0\0\0\1\0\0" M), "fault 1009" },
	{ "a stray byte", BYTES("\x81\x83" M "a\x80z"), "fault 1007" },
	{ "overlong", BYTES("\x81\x82" M "\xc0\xaf"), "fault 1007" },
	{ "overlong in three", BYTES("\x81\x83" M "\xe0\x80\x80"), "fault 1007" },
	{ "a surrogate", BYTES("\x81\x83" M "\xed\xa0\x80"), "fault 1007" },
	{ "behind U+10FFFF", BYTES("\x81\x84" M "\xf4\x90\x80\x80"), "fault 1007" },
	{ "stops within a character", BYTES("\x81\x82" M "a\xc3"), "fault 1007" },
	{ "stops so, an empty piece behind", BYTES("\x01\x82" M "a\xc3\x80\x80" M), "fault 1007" },
	{ "a character that another message ends", BYTES("\x01\x81" M "\xc3\x80\x81" M "a"), "fault 1007" },
	{ "half a close code", BYTES("\x88\x81" M "\x03"), "fault 1002" },
	{ "close code 1005", BYTES("\x88\x82" M "\x03\xed"), "fault 1002" },
	{ "close code 2999", BYTES("\x88\x82" M "\x0b\xb7"), "fault 1002" },
	{ "close code 5000", BYTES("\x88\x82" M "\x13\x88"), "fault 1002" },
	{ "a malformed reason", BYTES("\x88\x84" M "\x03\xe8\xc3("), "fault 1007" },
	{ "a reason that stops within a character", BYTES("\x88\x83" M "\x03\xe8\xc3"), "fault 1007" },
};

struct listener {
	struct framing framing;
	struct joint message, ping;
	struct buf said;
};

/* Whole messages, and what is not one. */
static void note(struct listener *listener, const struct piece *piece)
{
	static const char *const names[] = { "", "text ", "binary", "ping ", "pong", "close ", "fault " };
	bool is_ping = piece->kind == PIECE_PING || piece->kind == PIECE_PONG;
	struct joint *joint = is_ping ? &listener->ping : &listener->message;
	struct str whole;
	if (piece->kind == PIECE_NONE || !joint_add(joint, piece, &whole))
		return;
	if (listener->said.len)
		buf_add_char(&listener->said, '|');
	buf_add_text(&listener->said, names[piece->kind]);
	if (piece->kind == PIECE_TEXT || piece->kind == PIECE_PING)
		buf_add_str(&listener->said, whole);
	else if (piece->kind == PIECE_CLOSE || piece->kind == PIECE_FAULT)
		buf_printf(&listener->said, "%d", piece->code);
	joint_clear(joint);
}

static void listen_to(void *context, unsigned char *bytes, size_t len)
{
	struct listener *listener = context;
	for (size_t at = 0; at < len;) {
		struct piece piece;
		size_t took = framing_take(&listener->framing, bytes + at, len - at, MOST, &piece);
		assert_true(took > 0 && took <= len - at);
		at += took;
		note(listener, &piece);
	}
}

/* What is said when the bytes come in three parts, cut there. */
static struct buf take(const char *bytes, size_t len, size_t cut, size_t other)
{
	struct listener listener = { 0 };
	take_in_parts(bytes, len, cut, other, listen_to, &listener);
	joint_clear(&listener.message);
	joint_clear(&listener.ping);
	return listener.said;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		for (size_t cut = 0; cut <= row->len; cut++)
			for (size_t other = cut; other <= row->len; other++) {
				struct buf said = take(row->bytes, row->len, cut, other);
				if (strcmp(buf_text(&said), row->said))
					fail_msg("%s, cut at %zu and %zu: %s", row->remark, cut, other,
						 buf_text(&said));
				buf_clear(&said);
			}
	}
}

/* The same under other masks, whatever stands where in eight bytes. */
static void test_masks(void **state)
{
	(void)state;
	static const char text[] = "size: gr\xc3\xb6\xc3\x9f"
				   "er, and 0123456789 of them; \xf0\x9f\x98\x80 bye";
	enum { LEN = sizeof text - 1, HEAD = 6 };
	char frame[HEAD + LEN] = { '\x81', (char)(0x80 | LEN) };
	for (unsigned seed = 0; seed < 256; seed++) {
		for (unsigned i = 0; i < 4; i++)
			frame[2 + i] = (char)(seed * (i + 1) + 85 * i);
		for (size_t i = 0; i < LEN; i++)
			frame[HEAD + i] = (char)(text[i] ^ frame[2 + i % 4]);
		for (size_t cut = 0; cut <= sizeof frame; cut++) {
			struct buf said = take(frame, sizeof frame, cut, cut);
			assert_int_equal(strncmp(buf_text(&said), "text ", 5), 0);
			assert_string_equal(buf_text(&said) + 5, text);
			buf_clear(&said);
		}
		/* Each byte in turn made one that no text has. */
		for (size_t i = 0; i < LEN; i++) {
			char right = frame[HEAD + i];
			frame[HEAD + i] = (char)(right ^ text[i] ^ 0xff);
			struct buf said = take(frame, sizeof frame, 3, 9);
			assert_string_equal(buf_text(&said), "fault 1007");
			buf_clear(&said);
			frame[HEAD + i] = right;
		}
	}
}

/* A close that comes masked, in every cutting. */
static void test_masked_close(void **state)
{
	(void)state;
	static const char plain[] = "\x0f\xa1gr\xc3\xb6\xc3\x9f"
				    "e und Gr\xc3\xbc\xc3\x9f"
				    "e";
	static const char mask[] = { 1, (char)0x82, 3, (char)0xc4 };
	enum { LEN = sizeof plain - 1, HEAD = 6 };
	char frame[HEAD + LEN] = { '\x88', (char)(0x80 | LEN) };
	memcpy(frame + 2, mask, sizeof mask);
	for (size_t i = 0; i < LEN; i++)
		frame[HEAD + i] = (char)(plain[i] ^ mask[i % 4]);
	for (size_t cut = 0; cut <= sizeof frame; cut++)
		for (size_t other = cut; other <= sizeof frame; other++) {
			struct buf said = take(frame, sizeof frame, cut, other);
			assert_string_equal(buf_text(&said), "close 4001");
			buf_clear(&said);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_masked_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
