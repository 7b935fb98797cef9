/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign JSON, by the letter of RFC 8259 and in one go. Usual readers are laxer (numbers like 01, raw control characters,
 * texts cut at U+0000, a nesting of 1,000) and make a tree, an allocation a value; here an object is a list of its members,
 * and what is nested in them stays as it stands there, until somebody reads it. */
#include "text/utf8.h"
#include "wire/internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scanner {
	const char *at, *end;
	bool has_nul;
};

static int peek(const struct scanner *scan)
{
	return scan->at < scan->end ? (unsigned char)*scan->at : -1;
}

static bool take(struct scanner *scan, char wanted)
{
	if (peek(scan) != (unsigned char)wanted)
		return false;
	scan->at++;
	return true;
}

static void skip_space(struct scanner *scan)
{
	while (scan->at < scan->end &&
	       (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
		scan->at++;
}

static size_t skip_digits(struct scanner *scan)
{
	const char *start = scan->at;
	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return (size_t)(scan->at - start);
}

/* number = [ "-" ] ( "0" / 1-9 digits ) [ "." digits ] [ e [ sign ] digits ] */
static bool scan_number(struct scanner *scan)
{
	take(scan, '-');
	if (!take(scan, '0') && !skip_digits(scan))
		return false;
	if (take(scan, '.') && !skip_digits(scan))
		return false;
	if (take(scan, 'e') || take(scan, 'E')) {
		if (!take(scan, '+'))
			take(scan, '-');
		return skip_digits(scan) > 0;
	}
	return true;
}

static bool scan_word(struct scanner *scan, const char *word)
{
	for (; *word; word++)
		if (!take(scan, *word))
			return false;
	return true;
}

static int hex_value(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four hexadecimal digits of \uXXXX, or -1. */
static int scan_unit(struct scanner *scan)
{
	int unit = 0;
	for (int i = 0; i < 4; i++) {
		int value = hex_value(peek(scan));
		if (value < 0)
			return -1;
		unit = unit * 16 + value;
		scan->at++;
	}
	return unit;
}

/* Behind a backslash. Halves of surrogate pairs are refused: no UTF-8 stands for them. */
static bool scan_escape(struct scanner *scan)
{
	int c = peek(scan);
	if (c < 0)
		return false;
	scan->at++;
	if (c != 'u')
		return c && strchr("\"\\/bfnrt", c);
	int unit = scan_unit(scan);
	if (unit == 0)
		scan->has_nul = true;
	if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff))
		return false;
	if (unit < 0xd800 || unit > 0xdbff)
		return true;
	if (!take(scan, '\\') || !take(scan, 'u'))
		return false;
	unit = scan_unit(scan);
	return unit >= 0xdc00 && unit <= 0xdfff;
}

/* Over a text; `out`, when it is not NULL, gets what stands between the quotes, and `out_has_escape`. */
static bool scan_text(struct scanner *scan, struct str *out, bool *out_has_escape)
{
	bool has_escape = false;
	if (!take(scan, '"'))
		return false;
	const char *start = scan->at;
	for (;;) {
		while (scan->at < scan->end && (unsigned char)*scan->at >= 0x20 && *scan->at != '"' &&
		       *scan->at != '\\')
			scan->at++;
		int c = peek(scan);
		if (c < 0x20) /* the end of input too */
			return false;
		scan->at++;
		if (c == '"')
			break;
		if (c != '\\')
			continue;
		has_escape = true;
		if (!scan_escape(scan))
			return false;
	}
	if (out) {
		*out = (struct str){ start, (size_t)(scan->at - 1 - start) };
		*out_has_escape = has_escape;
	}
	return true;
}

static enum scan_result scan_value(struct scanner *scan, int depth);

static enum scan_result scan_members(struct scanner *scan, char closing, int depth)
{
	skip_space(scan);
	if (take(scan, closing))
		return SCAN_FINE;
	do {
		skip_space(scan);
		if (closing == '}') {
			if (!scan_text(scan, NULL, NULL))
				return SCAN_BROKEN;
			skip_space(scan);
			if (!take(scan, ':'))
				return SCAN_BROKEN;
		}
		enum scan_result inner = scan_value(scan, depth);
		if (inner != SCAN_FINE)
			return inner;
		skip_space(scan);
	} while (take(scan, ','));
	return take(scan, closing) ? SCAN_FINE : SCAN_BROKEN;
}

/* Recursion is bounded by FRAME_DEPTH_MAX. */
static enum scan_result scan_value(struct scanner *scan, int depth)
{
	bool is_fine;
	skip_space(scan);
	switch (peek(scan)) {
	case '{':
	case '[':
		if (depth == FRAME_DEPTH_MAX)
			return SCAN_DEEP;
		return scan_members(scan, *scan->at++ == '{' ? '}' : ']', depth + 1);
	case '"': is_fine = scan_text(scan, NULL, NULL); break;
	case 't': is_fine = scan_word(scan, "true"); break;
	case 'f': is_fine = scan_word(scan, "false"); break;
	case 'n': is_fine = scan_word(scan, "null"); break;
	default: is_fine = scan_number(scan);
	}
	return is_fine ? SCAN_FINE : SCAN_BROKEN;
}

enum scan_result json_scan(struct str json)
{
	if (!json.len || !utf8_is_valid(json))
		return SCAN_BROKEN;
	struct scanner scan = { json.ptr, json.ptr + json.len, false };
	enum scan_result result = scan_value(&scan, 0);
	if (result != SCAN_FINE)
		return result;
	skip_space(&scan);
	if (scan.at != scan.end)
		return SCAN_BROKEN;
	return scan.has_nul ? SCAN_NUL : SCAN_FINE;
}

int wire_refuse(struct wire_error *err, const char *code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	err->code = code;
	vsnprintf(err->message, sizeof err->message, format, args);
	va_end(args);
	return -1;
}

/* ---- Objects ---- */

/* UTF-8 of a code point; gives the end. */
static char *put_code(char *at, uint32_t code)
{
	if (code < 0x80) {
		*at++ = (char)code;
	} else if (code < 0x800) {
		*at++ = (char)(0xc0 | code >> 6);
		*at++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*at++ = (char)(0xe0 | code >> 12);
		*at++ = (char)(0x80 | (code >> 6 & 0x3f));
		*at++ = (char)(0x80 | (code & 0x3f));
	} else {
		*at++ = (char)(0xf0 | code >> 18);
		*at++ = (char)(0x80 | (code >> 12 & 0x3f));
		*at++ = (char)(0x80 | (code >> 6 & 0x3f));
		*at++ = (char)(0x80 | (code & 0x3f));
	}
	return at;
}

/* What the escape behind a backslash stands for; the scan has let it through. */
static uint32_t read_escape(struct scanner *scan)
{
	static const char letters[] = "bfnrt", codes[] = "\b\f\n\r\t";
	char c = *scan->at++;
	const char *letter = strchr(letters, c);
	if (letter)
		return (uint32_t)codes[letter - letters];
	if (c != 'u')
		return (uint32_t)c;
	uint32_t unit = (uint32_t)scan_unit(scan);
	if (unit < 0xd800 || unit > 0xdbff)
		return unit;
	scan->at += 2; /* the other half's backslash and u */
	return 0x10000 + ((unit - 0xd800) << 10) + ((uint32_t)scan_unit(scan) - 0xdc00);
}

/* The text without escapes, which is never longer than with them, up to a U+0000. */
static struct str plain_text(struct arena *arena, struct str raw)
{
	struct scanner scan = { raw.ptr, raw.ptr + raw.len, false };
	char *plain = arena_alloc(arena, raw.len + 1), *end = plain;
	while (scan.at < scan.end) {
		const char *escape = memchr(scan.at, '\\', (size_t)(scan.end - scan.at));
		size_t len = (size_t)((escape ? escape : scan.end) - scan.at);
		memcpy(end, scan.at, len);
		end += len;
		scan.at += len + (escape != NULL);
		uint32_t code = escape ? read_escape(&scan) : 1;
		if (!code)
			break;
		if (escape)
			end = put_code(end, code);
	}
	*end = '\0';
	return (struct str){ plain, (size_t)(end - plain) };
}

static enum json_kind kind_of(char first)
{
	switch (first) {
	case '{': return JSON_OBJECT;
	case '[': return JSON_ARRAY;
	case 't': return JSON_TRUE;
	case 'f': return JSON_FALSE;
	case 'n': return JSON_NULL;
	default: return JSON_NUMBER;
	}
}

static enum scan_result read_member(struct arena *arena, struct scanner *scan, struct json_member *out)
{
	bool has_escape = false;
	skip_space(scan);
	if (!scan_text(scan, &out->name, &has_escape))
		return SCAN_BROKEN;
	if (has_escape)
		out->name = plain_text(arena, out->name);
	skip_space(scan);
	if (!take(scan, ':'))
		return SCAN_BROKEN;
	skip_space(scan);
	if (peek(scan) == '"') {
		out->kind = JSON_TEXT;
		if (!scan_text(scan, &out->value, &has_escape))
			return SCAN_BROKEN;
		if (has_escape)
			out->value = plain_text(arena, out->value);
		else
			out->value.ptr = arena_strdup(arena, out->value);
	} else {
		const char *start = scan->at;
		enum scan_result result = scan_value(scan, 1);
		if (result != SCAN_FINE)
			return result;
		out->kind = kind_of(*start);
		out->value = (struct str){ start, (size_t)(scan->at - start) };
	}
	skip_space(scan);
	return SCAN_FINE;
}

/* As json_scan(), of an object; anything else is broken. */
static enum scan_result read_members(struct arena *arena, struct str json, const struct json_member **out)
{
	struct scanner scan = { json.ptr, json.ptr + json.len, false };
	const struct json_member **last = out;
	*out = NULL;
	if (!json.len || !utf8_is_valid(json))
		return SCAN_BROKEN;
	skip_space(&scan);
	if (!take(&scan, '{'))
		return json_scan(json) == SCAN_DEEP ? SCAN_DEEP : SCAN_BROKEN;
	skip_space(&scan);
	if (!take(&scan, '}')) {
		do {
			struct json_member *member = arena_alloc(arena, sizeof *member);
			enum scan_result result = read_member(arena, &scan, member);
			if (result != SCAN_FINE)
				return result;
			member->next = NULL;
			*last = member;
			last = &member->next;
		} while (take(&scan, ','));
		if (!take(&scan, '}'))
			return SCAN_BROKEN;
	}
	skip_space(&scan);
	if (scan.at != scan.end)
		return SCAN_BROKEN;
	return scan.has_nul ? SCAN_NUL : SCAN_FINE;
}

int json_read_object(struct arena *arena, struct str json, const struct json_member **out, bool *out_has_nul,
		     struct wire_error *err)
{
	const struct json_member *members;
	enum scan_result result = read_members(arena, json, &members);
	if (result == SCAN_DEEP)
		return wire_refuse(err, "bad_json", "the JSON is nested deeper than %d levels", FRAME_DEPTH_MAX);
	if (result == SCAN_BROKEN)
		return wire_refuse(err, "bad_json", "this is not a JSON object");
	if (result == SCAN_NUL && !out_has_nul)
		return wire_refuse(err, "bad_frame", "a text may not hold the character U+0000");
	if (out_has_nul)
		*out_has_nul = result == SCAN_NUL;
	*out = members;
	return 0;
}

const struct json_member *json_find(const struct json_member *members, const char *name)
{
	while (members && !str_is(members->name, name))
		members = members->next;
	return members;
}

bool json_is(const struct json_member *member, enum json_kind kind)
{
	return member && member->kind == kind;
}

/* A number is never the end of its object: what stands behind it ends it for strtod() too. */
double json_number(const struct json_member *member)
{
	enum { EXACT_DIGITS = 15 };
	int64_t whole = 0;
	size_t i = 0;
	while (i < member->value.len && i < EXACT_DIGITS && member->value.ptr[i] >= '0' && member->value.ptr[i] <= '9')
		whole = whole * 10 + (member->value.ptr[i++] - '0');
	return i == member->value.len ? (double)whole : strtod(member->value.ptr, NULL);
}

bool json_is_text(const struct json_member *member, int64_t min, int64_t max)
{
	if (!json_is(member, JSON_TEXT))
		return false;
	int64_t count = (int64_t)utf8_count(member->value);
	return count >= min && count <= max;
}

bool json_is_whole(const struct json_member *member, int64_t min, int64_t max, int64_t *out_value)
{
	if (!json_is(member, JSON_NUMBER))
		return false;
	double value = json_number(member);
	if (!(value >= (double)min && value <= (double)max) || value != floor(value))
		return false;
	*out_value = (int64_t)value;
	return true;
}

struct str json_cut(struct str text, size_t max_bytes)
{
	if (text.len <= max_bytes)
		return text;
	size_t end = max_bytes;
	while (end && ((unsigned char)text.ptr[end] & 0xc0) == 0x80)
		end--;
	return str_part(text, 0, end);
}
