/* SPDX-License-Identifier: Apache-2.0 */
/* JSON is written by hand: cJSON's tree costs an allocation a member, and events are printed for every reader. */
#include "text/utf8.h"
#include "wire/internal.h"

#include <endian.h>
#include <math.h>
#include <string.h>

/* A member always stands behind an opening bracket or another member, and a text ends with its quote, so that the
 * last byte alone tells which. */
void json_comma(struct buf *out)
{
	char last = out->len ? out->data[out->len - 1] : '{';
	if (last != '{' && last != '[')
		buf_add_char(out, ',');
}

/* Of a member with its key; behind what `out` holds there is room for that. Gives where its value begins. */
enum { HEAD_BYTES = 4 }; /* beside the key */
static char *put_head(const struct buf *out, char *at, struct str key)
{
	char last = out->len ? out->data[out->len - 1] : '{';
	if (last != '{' && last != '[')
		*at++ = ',';
	if (!key.ptr)
		return at;
	*at++ = '"';
	memcpy(at, key.ptr, key.len);
	at += key.len;
	*at++ = '"';
	*at++ = ':';
	return at;
}

static void start_member(struct buf *out, struct str key)
{
	char *start = buf_room(out, key.len + HEAD_BYTES);
	buf_grew(out, (size_t)(put_head(out, start, key) - start));
}

void json_put_open(struct buf *out, struct str key, char bracket)
{
	start_member(out, key);
	buf_add_char(out, bracket);
}

void json_frame(struct buf *out, const char *type)
{
	buf_add_char(out, '{');
	json_add_text(out, "type", type);
}

/* What stands for an ASCII byte behind the backslash; 'u' for the long form, 0 when the byte stands for itself. */
static char escape_of(unsigned char byte)
{
	switch (byte) {
	case '"':
	case '\\': return (char)byte;
	case '\b': return 'b';
	case '\f': return 'f';
	case '\n': return 'n';
	case '\r': return 'r';
	case '\t': return 't';
	default: return byte < 0x20 || byte == 0x7f ? 'u' : 0;
	}
}

static void add_escape(struct buf *out, unsigned char byte, char escape)
{
	static const char digits[] = "0123456789abcdef";
	if (escape != 'u') {
		const char two[2] = { '\\', escape };
		buf_add(out, two, 2);
		return;
	}
	const char six[6] = { '\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15] };
	buf_add(out, six, 6);
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Sixteen bytes that are looked at together; the compiler finds the processor's instructions for it. */
typedef unsigned char bytes16 __attribute__((vector_size(16)));

/* Whether all of them stand for themselves in a text. */
static bool are_plain(const char *bytes)
{
	bytes16 all;
	uint64_t halves[2];
	memcpy(&all, bytes, sizeof all);
	bytes16 other = (bytes16)((all < 0x20) | (all > 0x7e) | (all == '"') | (all == '\\'));
	memcpy(halves, &other, sizeof halves);
	return !(halves[0] | halves[1]);
}

/* Of eight bytes those that do not: the lowest bit that is set is in the first of them (Anderson, Bit Twiddling Hacks: a
 * byte less than n, or equal to n; a bit above the first may be set for nothing). */
static uint64_t other_bytes(const char *bytes)
{
	const uint64_t ones = UINT64_MAX / 255, tops = ones * 0x80;
	uint64_t x;
	memcpy(&x, bytes, sizeof x);
	x = le64toh(x);
	uint64_t quote = x ^ ones * '"', slash = x ^ ones * '\\', delete = x ^ ones * 0x7f;
	uint64_t found = ((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
	return (x | found | ((delete - ones) & ~delete)) & tops;
}

static size_t first_of(uint64_t others)
{
	return (size_t)__builtin_ctzll(others) / 8;
}

/* Bytes from `at` on that stand for themselves in a text. */
static size_t plain_run(struct str text, size_t at)
{
	size_t end = at;
	uint64_t others;
	while (end + sizeof(bytes16) <= text.len && are_plain(text.ptr + end))
		end += sizeof(bytes16);
	for (; end + sizeof others <= text.len; end += sizeof others)
		if ((others = other_bytes(text.ptr + end)))
			return end + first_of(others) - at;
	if (end < text.len &&
	    text.len - at >= sizeof others) { /* the last eight, of which some are known to be plain */
		end = text.len - sizeof others;
		others = other_bytes(text.ptr + end);
		return (others ? end + first_of(others) : text.len) - at;
	}
	while (end < text.len && is_plain((unsigned char)text.ptr[end]))
		end++;
	return end - at;
}

/* One character above ASCII. The line separators are escaped because old JavaScript ends a literal at them. */
static size_t add_wide(struct buf *out, struct str text, size_t at)
{
	size_t next = at;
	uint32_t code = utf8_next(text, &next);
	if (code == 0x2028 || code == 0x2029)
		buf_add_text(out, code == 0x2028 ? "\\u2028" : "\\u2029");
	else if (next - at == 1)
		buf_add(out, "\xef\xbf\xbd", 3);
	else
		buf_add(out, text.ptr + at, next - at);
	return next;
}

static void add_escaped(struct buf *out, struct str text)
{
	for (size_t at = 0; at < text.len;) {
		size_t run = plain_run(text, at);
		if (run) {
			buf_add(out, text.ptr + at, run);
			at += run;
			continue;
		}
		unsigned char byte = (unsigned char)text.ptr[at];
		if (byte >= 0x80) {
			at = add_wide(out, text, at);
			continue;
		}
		add_escape(out, byte, escape_of(byte));
		at++;
	}
}

/* The text as it stands between its quotes, and `end` behind it. `at`: behind what `out` holds and somebody has just put
 * there, in room for that, the text and `end`. */
static void end_text(struct buf *out, char *at, struct str text, char end)
{
	size_t before = (size_t)(at - (out->data + out->len));
	size_t plain = plain_run(text, 0); /* mostly all of it */
	if (plain)
		memcpy(at, text.ptr, plain);
	if (plain == text.len) {
		at[plain] = end;
		buf_grew(out, before + plain + 1);
		return;
	}
	buf_grew(out, before + plain);
	add_escaped(out, str_part(text, plain, text.len));
	buf_add_char(out, end);
}

void json_put_line(struct buf *out, struct str text)
{
	end_text(out, buf_room(out, text.len + 1), text, '\n');
}

static void add_quoted(struct buf *out, struct str text)
{
	char *at = buf_room(out, text.len + 2);
	*at++ = '"';
	end_text(out, at, text, '"');
}

void json_put_text(struct buf *out, struct str key, struct str text)
{
	char *at = put_head(out, buf_room(out, key.len + HEAD_BYTES + text.len + 2), key);
	*at++ = '"';
	end_text(out, at, text, '"');
}

void json_put_quoted(struct buf *out, struct str key, struct str escaped)
{
	start_member(out, key);
	buf_add_char(out, '"');
	buf_add_str(out, escaped);
	buf_add_char(out, '"');
}

void json_add_member(struct buf *out, struct str name, const char *text)
{
	json_add_str(out, NULL, name);
	buf_add_char(out, ':');
	add_quoted(out, str_of(text));
}

static const char digit_pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445"
	"46474849505152535455565758596061626364656667686970717273747576777879808182838485868788899091"
	"9293949596979899";

/* As two digits; below 100. */
static void put_pair(char *at, uint64_t value)
{
	memcpy(at, digit_pairs + 2 * value, 2);
}

/* The decimal digits of `value` up to `end`; gives where they start. */
static char *print_digits(uint64_t value, char *end)
{
	for (; value >= 100; value /= 100)
		put_pair(end -= 2, value % 100);
	if (value >= 10)
		put_pair(end -= 2, value);
	else
		*--end = (char)('0' + value);
	return end;
}

enum { INTEGER_BYTES = 24 };

/* At `at`, where there is room for INTEGER_BYTES, whatever stands in them behind the number; gives its end. */
static char *put_integer(char *at, int64_t value)
{
	char room[2 * INTEGER_BYTES], *end = room + INTEGER_BYTES;
	char *start = print_digits(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, end);
	if (value < 0)
		*--start = '-';
	memset(end, 0, INTEGER_BYTES);
	memcpy(at, start, INTEGER_BYTES); /* always as many: that is two instructions */
	return at + (end - start);
}

void json_integer(struct buf *out, int64_t value)
{
	char *start = buf_room(out, INTEGER_BYTES);
	buf_grew(out, (size_t)(put_integer(start, value) - start));
}

void json_put_int(struct buf *out, struct str key, int64_t value)
{
	char *start = buf_room(out, key.len + HEAD_BYTES + INTEGER_BYTES);
	buf_grew(out, (size_t)(put_integer(put_head(out, start, key), value) - start));
}

/* By whole millionths (exact below 2^53 of them), ten times as fast as printf: a decision has some twenty scores. */
static void add_millionths(struct buf *out, double value)
{
	enum { DECIMALS = 6, MILLION = 1000000 };
	double scaled = value * MILLION;
	int64_t millionths = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
	uint64_t size = millionths < 0 ? 0 - (uint64_t)millionths : (uint64_t)millionths, whole = size / MILLION;
	uint32_t part = (uint32_t)(size % MILLION);
	char *start = buf_room(out, INTEGER_BYTES + 2 + DECIMALS), *at = start;
	if (millionths < 0)
		*at++ = '-';
	if (whole < 10)
		*at++ = (char)('0' + whole);
	else
		at = put_integer(at, (int64_t)whole);
	if (part) {
		*at = '.';
		put_pair(at + 1, part / 10000);
		put_pair(at + 3, part / 100 % 100);
		put_pair(at + 5, part % 100);
		for (at += DECIMALS; *at == '0';)
			at--;
		at++;
	}
	buf_grew(out, (size_t)(at - start));
}

void json_number(struct buf *out, double value)
{
	if (!isfinite(value))
		buf_add_char(out, '0');
	else if (fabs(value) < 1e9)
		add_millionths(out, value);
	else
		buf_printf(out, "%.17g", value);
}

void json_put_real(struct buf *out, struct str key, double value)
{
	start_member(out, key);
	json_number(out, value);
}

void json_add_kept(struct buf *out, const char *key, const char *object)
{
	if (object[0])
		json_add_raw(out, key, str_of(object));
}

void json_put_raw(struct buf *out, struct str key, struct str json)
{
	start_member(out, key);
	buf_add_str(out, json);
}

void json_add_kept_members(struct buf *out, const char *object)
{
	size_t len = strlen(object);
	if (len <= 2) /* "" and "{}" */
		return;
	json_comma(out);
	buf_add(out, object + 1, len - 2);
}

void json_add_agent(struct buf *out, int64_t id, const char *name)
{
	json_open(out, "agent", '{');
	json_add_int(out, "id", id);
	json_add_text(out, "name", name);
	buf_add_char(out, '}');
}

void json_add_options(struct buf *out, const char *key, const struct option *options, size_t count)
{
	json_open(out, key, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, NULL, '{');
		json_add_text(out, "id", options[i].id);
		json_add_text(out, "label", options[i].label);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}
