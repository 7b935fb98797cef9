/* SPDX-License-Identifier: Apache-2.0 */
#include "server/framing.h"

#include <string.h>

/*  0                   1                   2                   3
 * +-+-+-+-+-------+-+-------------+-------------------------------+   RFC 6455 5.2. FIRST is the byte with FIN, RSV and
 * |F|R|R|R| opcode|M| Payload len |    Extended payload length    |   opcode, SECOND the one with MASK and the length,
 * |I|S|S|S|  (4)  |A|     (7)     |         (16 or 64)            |   WIDE the 2 or 8 bytes of a longer length. */
enum part { FIRST, SECOND, WIDE, MASK, PAYLOAD, OVER };

enum { OP_MORE = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10, CONTROL_MOST = 125 };

static bool is_control(const struct framing *framing)
{
	return framing->opcode >= OP_CLOSE;
}

static int take_first(struct framing *framing, unsigned char byte)
{
	framing->opcode = byte & 0x0f;
	framing->is_final = byte & 0x80;
	bool is_known = framing->opcode <= OP_BINARY || (framing->opcode >= OP_CLOSE && framing->opcode <= OP_PONG);
	if ((byte & 0x70) || !is_known) /* no extension was agreed on that would give them a meaning */
		return FRAMING_PROTOCOL_ERROR;
	if (is_control(framing) ? !framing->is_final : framing->is_in_message != (framing->opcode == OP_MORE))
		return FRAMING_PROTOCOL_ERROR;
	if (!is_control(framing) && framing->opcode != OP_MORE) {
		framing->is_text = framing->opcode == OP_TEXT;
		framing->text = (struct utf8_place){ 0 };
	}
	framing->part = SECOND;
	return 0;
}

/* The length is known. */
static int take_length(struct framing *framing, uint32_t most)
{
	framing->part = MASK;
	framing->have = 0;
	if (framing->left > CONTROL_MOST && is_control(framing))
		return FRAMING_PROTOCOL_ERROR;
	if (framing->opcode == OP_CLOSE && framing->left == 1) /* half a code */
		return FRAMING_PROTOCOL_ERROR;
	if (is_control(framing))
		return 0;
	if (framing->left > most - framing->message)
		return FRAMING_TOO_LARGE;
	framing->message += (uint32_t)framing->left;
	return 0;
}

static int take_second(struct framing *framing, unsigned char byte, uint32_t most)
{
	unsigned length = byte & 0x7f;
	if (!(byte & 0x80)) /* 5.1: a client masks all its frames */
		return FRAMING_PROTOCOL_ERROR;
	framing->wide = length < 126 ? 0 : length == 126 ? 2 : 8;
	framing->have = 0;
	framing->left = framing->wide ? 0 : length;
	framing->part = WIDE;
	if (framing->wide && is_control(framing))
		return FRAMING_PROTOCOL_ERROR;
	return framing->wide ? 0 : take_length(framing, most);
}

static int take_wide(struct framing *framing, unsigned char byte, uint32_t most)
{
	if (!framing->have && framing->wide == 8 && (byte & 0x80)) /* 63 bits are all there are */
		return FRAMING_PROTOCOL_ERROR;
	framing->left = framing->left << 8 | byte;
	if (++framing->have < framing->wide)
		return 0;
	if (framing->left < (framing->wide == 2 ? 126 : 65536)) /* "the minimal number of bytes MUST be used" */
		return FRAMING_PROTOCOL_ERROR;
	return take_length(framing, most);
}

/* 7.4: those of the registry that may be sent, and the two ranges that are free. */
static bool is_close_code(unsigned code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

static void end_frame(struct framing *framing)
{
	framing->part = framing->opcode == OP_CLOSE ? OVER : FIRST;
	if (is_control(framing))
		return;
	framing->is_in_message = !framing->is_final;
	if (framing->is_final)
		framing->message = 0;
}

/* Whether the text that this frame carries ends with it. */
static bool is_last(const struct framing *framing)
{
	return framing->is_text && framing->is_final && !is_control(framing);
}

static int take_mask(struct framing *framing, unsigned char byte)
{
	framing->mask[framing->have++] = byte;
	if (framing->have < sizeof framing->mask)
		return 0;
	framing->part = PAYLOAD;
	framing->have = 0;
	framing->close = 0;
	framing->reason = (struct utf8_place){ 0 };
	if (framing->left)
		return 0;
	if (is_last(framing) && framing->text.following)
		return FRAMING_NOT_UTF8;
	end_frame(framing);
	return 0;
}

/* ---- Payload ---- */

/* One byte more of a text in UTF-8 (RFC 3629 4); false when it is none any more. */
static bool goes_on(struct utf8_place *place, unsigned char byte)
{
	if (place->following) {
		bool is_right = byte >= place->low && byte <= place->high;
		place->following--;
		place->low = 0x80;
		place->high = 0xbf;
		return is_right;
	}
	place->low = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
	place->high = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
	place->following = byte < 0xc2 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	return byte < 0x80 || (byte >= 0xc2 && byte <= 0xf4);
}

/* How many bytes from here on are ASCII, in steps of eight: most of most texts. `at` counts from the payload's start,
 * modulo 4. */
static size_t ascii_ahead(const struct framing *framing, const unsigned char *bytes, size_t len, unsigned at)
{
	unsigned char turned[8];
	uint64_t mask, word;
	size_t count = 0;
	for (unsigned i = 0; i < sizeof turned; i++)
		turned[i] = framing->mask[(at + i) % 4];
	memcpy(&mask, turned, sizeof mask);
	for (; count + sizeof word <= len; count += sizeof word) {
		memcpy(&word, bytes + count, sizeof word);
		if ((word ^ mask) & UINT64_C(0x8080808080808080))
			break;
	}
	return count;
}

/* How many of the bytes go on with the text; all, or up to the one that does not. */
static size_t take_text(struct framing *framing, const unsigned char *bytes, size_t len)
{
	size_t at = 0;
	while (at < len) {
		if (!framing->text.following) {
			at += ascii_ahead(framing, bytes + at, len - at, (framing->have + at) % 4);
			if (at == len)
				break;
		}
		if (!goes_on(&framing->text, bytes[at] ^ framing->mask[(framing->have + at) % 4]))
			break;
		at++;
	}
	return at;
}

/* A close carries a code of two bytes, then a text. */
static int take_close(struct framing *framing, unsigned char byte, unsigned at)
{
	unsigned char plain = byte ^ framing->mask[at % 4];
	if (at < 2) {
		framing->close = (uint16_t)(framing->close << 8 | plain);
		return at == 1 && !is_close_code(framing->close) ? FRAMING_PROTOCOL_ERROR : 0;
	}
	return goes_on(&framing->reason, plain) && (framing->left > 1 || !framing->reason.following) ? 0
												     : FRAMING_NOT_UTF8;
}

/* How many of the bytes are right. */
static size_t take_payload(struct framing *framing, const unsigned char *bytes, size_t len, int *out_code)
{
	size_t count = len < framing->left ? len : (size_t)framing->left, right = count;
	if (framing->opcode == OP_CLOSE) {
		count = 1;
		*out_code = take_close(framing, *bytes, framing->have);
		right = *out_code ? 0 : 1;
	} else if (framing->is_text && !is_control(framing)) {
		right = take_text(framing, bytes, count);
		if (right == framing->left && is_last(framing) && framing->text.following)
			right--; /* it stops within a character */
		*out_code = right < count ? FRAMING_NOT_UTF8 : 0;
	}
	if (*out_code)
		return right;
	framing->left -= count;
	if (framing->opcode == OP_CLOSE)
		framing->have++;
	else
		framing->have = (uint8_t)((framing->have + count) % 4);
	if (!framing->left)
		end_frame(framing);
	return count;
}

size_t framing_take(struct framing *framing, const unsigned char *bytes, size_t len, uint32_t most, int *out_code)
{
	size_t at = 0;
	*out_code = 0;
	while (at < len && !*out_code && framing->part != OVER) {
		switch ((enum part)framing->part) {
		case FIRST: *out_code = take_first(framing, bytes[at]); break;
		case SECOND: *out_code = take_second(framing, bytes[at], most); break;
		case WIDE: *out_code = take_wide(framing, bytes[at], most); break;
		case MASK: *out_code = take_mask(framing, bytes[at]); break;
		case PAYLOAD: at += take_payload(framing, bytes + at, len - at, out_code); continue;
		case OVER: break;
		}
		at += *out_code ? 0 : 1;
	}
	return at;
}
