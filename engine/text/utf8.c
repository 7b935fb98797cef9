/* SPDX-License-Identifier: Apache-2.0 */
#include "text/utf8.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd };

static bool is_tail(struct str text, size_t at)
{
	return at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80;
}

static uint32_t tail_bits(struct str text, size_t at)
{
	return (unsigned char)text.ptr[at] & 0x3f;
}

/* The bytes of the character at `at` (its code in `*out_code`), or 0 when it is malformed. */
static size_t decode(struct str text, size_t at, uint32_t *out_code)
{
	uint32_t lead = (unsigned char)text.ptr[at], code;
	if (lead < 0x80) {
		*out_code = lead;
		return 1;
	}
	if (lead < 0xc2 || lead > 0xf4 || !is_tail(text, at + 1))
		return 0;
	if (lead < 0xe0) {
		*out_code = (lead & 0x1f) << 6 | tail_bits(text, at + 1);
		return 2;
	}
	if (!is_tail(text, at + 2))
		return 0;
	if (lead < 0xf0) {
		code = (lead & 0x0f) << 12 | tail_bits(text, at + 1) << 6 | tail_bits(text, at + 2);
		*out_code = code;
		return code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 0 : 3;
	}
	if (!is_tail(text, at + 3))
		return 0;
	code = (lead & 0x07) << 18 | tail_bits(text, at + 1) << 12 | tail_bits(text, at + 2) << 6 |
	       tail_bits(text, at + 3);
	*out_code = code;
	return code < 0x10000 || code > 0x10ffff ? 0 : 4;
}

/* Bytes from `at` on that are surely ASCII, eight at a time. */
static size_t ascii_ahead(struct str text, size_t at)
{
	size_t start = at;
	while (text.len - at >= 8) {
		uint64_t eight;
		memcpy(&eight, text.ptr + at, 8);
		if (eight & 0x8080808080808080u)
			break;
		at += 8;
	}
	return at - start;
}

/* Offset of the first malformed byte, or text.len. */
static size_t valid_length(struct str text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t code;
		at += ascii_ahead(text, at);
		if (at == text.len)
			break;
		size_t bytes = decode(text, at, &code);
		if (!bytes)
			return at;
		at += bytes;
	}
	return text.len;
}

bool utf8_is_valid(struct str text)
{
	return valid_length(text) == text.len;
}

size_t utf8_count(struct str text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return count;
}

uint32_t utf8_next(struct str text, size_t *at)
{
	uint32_t code;
	size_t bytes = decode(text, *at, &code);
	*at += bytes ? bytes : 1;
	return bytes ? code : REPLACEMENT;
}

size_t utf8_put(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (code >> 18 & 0x07));
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

struct str utf8_cut(struct str text, size_t max_bytes)
{
	size_t end = text.len < max_bytes ? text.len : max_bytes;
	while (end && is_tail(text, end))
		end--;
	return str_part(text, 0, end);
}

struct str utf8_repair_in(struct arena *arena, struct str text)
{
	size_t good = valid_length(text);
	if (good == text.len)
		return text;
	char *copy = arena_alloc(arena, good + (text.len - good) * 3);
	memcpy(copy, text.ptr, good);
	size_t len = good;
	for (size_t at = good; at < text.len;)
		len += utf8_put(utf8_next(text, &at), copy + len);
	return (struct str){ copy, len };
}

const char *utf8_printable_in(struct arena *arena, const char *text, size_t characters_max)
{
	struct str source = str_of(text);
	char *copy = arena_alloc(arena, source.len * 3 + 1);
	size_t len = 0, count = 0;
	for (size_t at = 0; at < source.len && count < characters_max; count++) {
		uint32_t code = utf8_next(source, &at);
		bool is_control = (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0);
		len += utf8_put(is_control ? '?' : code, copy + len);
	}
	copy[len] = '\0';
	return copy;
}
