/* SPDX-License-Identifier: Apache-2.0 */
#include "server/framing.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/*  0                   1                   2                   3
 * +-+-+-+-+-------+-+-------------+-------------------------------+   RFC 6455 5.2. FIRST is the byte with FIN, RSV and
 * |F|R|R|R| opcode|M| Payload len |    Extended payload length    |   opcode, SECOND the one with MASK and the length,
 * |I|S|S|S|  (4)  |A|     (7)     |         (16 or 64)            |   WIDE the 2 or 8 bytes of a longer length. */
enum part { FIRST, SECOND, WIDE, MASK, PAYLOAD, OVER };

enum { CONTROL_MOST = 125 };

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

/* How many bytes from here on are ASCII, in steps of eight: most of most texts. */
static size_t ascii_ahead(const unsigned char *bytes, size_t len)
{
	uint64_t word;
	size_t count = 0;
	for (; count + sizeof word <= len; count += sizeof word) {
		memcpy(&word, bytes + count, sizeof word);
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	return count;
}

/* Whether the bytes go on with the text. */
static bool take_text(struct utf8_place *place, const unsigned char *bytes, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		if (!place->following)
			at += ascii_ahead(bytes + at, len - at);
		if (at < len && !goes_on(place, bytes[at]))
			return false;
	}
	return true;
}

/* `at` counts from the payload's start, modulo 4. */
static void unmask(const struct framing *framing, unsigned char *bytes, size_t len, unsigned at)
{
	unsigned char turned[8];
	uint64_t mask, word;
	size_t i = 0;
	for (unsigned j = 0; j < sizeof turned; j++)
		turned[j] = framing->mask[(at + j) % 4];
	memcpy(&mask, turned, sizeof mask);
	for (; i + sizeof word <= len; i += sizeof word) {
		memcpy(&word, bytes + i, sizeof word);
		word ^= mask;
		memcpy(bytes + i, &word, sizeof word);
	}
	for (; i < len; i++)
		bytes[i] ^= turned[i % 4];
}

/* A close carries a code of two bytes, then a text. */
static int take_close(struct framing *framing, const unsigned char *bytes, size_t len)
{
	for (; len && framing->have < 2; bytes++, len--, framing->left--) {
		framing->close = (uint16_t)(framing->close << 8 | *bytes);
		if (++framing->have == 2 && !is_close_code(framing->close))
			return FRAMING_PROTOCOL_ERROR;
	}
	framing->left -= len;
	framing->have = (uint8_t)(framing->have + len);
	bool is_right = take_text(&framing->reason, bytes, len) && (framing->left || !framing->reason.following);
	return is_right ? 0 : FRAMING_NOT_UTF8;
}

/* What this frame is a piece of. */
static enum piece_kind kind_of(const struct framing *framing)
{
	switch (framing->opcode) {
	case OP_CLOSE: return PIECE_CLOSE;
	case OP_PING: return PIECE_PING;
	case OP_PONG: return PIECE_PONG;
	default: return framing->is_text ? PIECE_TEXT : PIECE_BINARY;
	}
}

/* Payload of this frame, as much as there is; all of a frame without any. */
static int take_payload(struct framing *framing, unsigned char *bytes, size_t len, struct piece *out)
{
	enum piece_kind kind = kind_of(framing);
	size_t count = len < framing->left ? len : (size_t)framing->left;
	unmask(framing, bytes, count, framing->have % 4);
	if (kind == PIECE_CLOSE) {
		int code = take_close(framing, bytes, count);
		if (code || framing->left)
			return code;
		*out = (struct piece){ .kind = kind, .is_last = true, .code = framing->close };
		end_frame(framing);
		return 0;
	}
	framing->left -= count;
	framing->have = (uint8_t)((framing->have + count) % 4);
	bool is_last = !framing->left && (is_control(framing) || framing->is_final);
	if (kind == PIECE_TEXT && (!take_text(&framing->text, bytes, count) || (is_last && framing->text.following)))
		return FRAMING_NOT_UTF8;
	*out = (struct piece){ .kind = kind, .is_last = is_last, .bytes = { (const char *)bytes, count } };
	if (!framing->left)
		end_frame(framing);
	return 0;
}

/* Also over the mask's last byte, when no payload follows. */
static int take_mask(struct framing *framing, unsigned char *byte, struct piece *out)
{
	framing->mask[framing->have++] = *byte;
	if (framing->have < sizeof framing->mask)
		return 0;
	framing->part = PAYLOAD;
	framing->have = 0;
	framing->close = 0;
	framing->reason = (struct utf8_place){ 0 };
	return framing->left ? 0 : take_payload(framing, byte + 1, 0, out);
}

size_t framing_take(struct framing *framing, unsigned char *bytes, size_t len, uint32_t most, struct piece *out)
{
	size_t at = 0;
	int code = 0;
	*out = (struct piece){ 0 };
	while (at < len && !code && out->kind == PIECE_NONE) {
		uint64_t left = framing->left;
		switch ((enum part)framing->part) {
		case FIRST: code = take_first(framing, bytes[at++]); break;
		case SECOND: code = take_second(framing, bytes[at++], most); break;
		case WIDE: code = take_wide(framing, bytes[at++], most); break;
		case MASK: code = take_mask(framing, &bytes[at++], out); break;
		case PAYLOAD:
			code = take_payload(framing, bytes + at, len - at, out);
			at += left < len - at ? (size_t)left : len - at;
			break;
		case OVER: return len;
		}
	}
	if (code) {
		framing->part = OVER;
		*out = (struct piece){ .kind = PIECE_FAULT, .is_last = true, .code = code };
	}
	return at;
}

bool piece_is_bare(const struct piece *piece)
{
	bool is_answer = piece->kind == PIECE_PING || piece->kind == PIECE_PONG;
	return is_answer ? piece->is_last : piece->kind == PIECE_TEXT && !piece->is_last && !piece->bytes.len;
}

/* ---- What comes in pieces ---- */

bool joint_add(struct joint *joint, const struct piece *piece, struct str *out)
{
	*out = piece->bytes;
	if (!joint->len && piece->is_last)
		return true;
	if (piece->bytes.len) {
		joint->bytes = mem_resize(joint->bytes, joint->len + piece->bytes.len, 1);
		memcpy(joint->bytes + joint->len, piece->bytes.ptr, piece->bytes.len);
		joint->len += (uint32_t)piece->bytes.len;
	}
	*out = (struct str){ joint->bytes, joint->len };
	return piece->is_last;
}

void joint_clear(struct joint *joint)
{
	free(joint->bytes);
	*joint = (struct joint){ 0 };
}
