/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign JSON. cJSON is lenient (numbers like 01, raw control characters, texts cut at U+0000, a nesting of 1,000)
 * and therefore only sees what a strict scan has let through. */
#include "text/utf8.h"
#include "wire/internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
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
	while (scan->at < scan->end && memchr(" \t\r\n", *scan->at, 4))
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

static bool scan_text(struct scanner *scan)
{
	if (!take(scan, '"'))
		return false;
	for (;;) {
		int c = peek(scan);
		if (c < 0x20) /* the end of input too */
			return false;
		scan->at++;
		if (c == '"')
			return true;
		if (c == '\\' && !scan_escape(scan))
			return false;
	}
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
			if (!scan_text(scan))
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
	case '"': is_fine = scan_text(scan); break;
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

cJSON *json_read_object(struct str json, bool *out_has_nul, struct wire_error *err)
{
	enum scan_result result = json_scan(json);
	if (result == SCAN_DEEP) {
		wire_refuse(err, "bad_json", "the JSON is nested deeper than %d levels", FRAME_DEPTH_MAX);
		return NULL;
	}
	if (result == SCAN_NUL && !out_has_nul) {
		wire_refuse(err, "bad_frame", "a text may not hold the character U+0000");
		return NULL;
	}
	cJSON *object = result == SCAN_BROKEN ? NULL : cJSON_ParseWithLength(json.ptr, json.len);
	if (!cJSON_IsObject(object)) {
		cJSON_Delete(object);
		wire_refuse(err, "bad_json", "this is not a JSON object");
		return NULL;
	}
	if (out_has_nul)
		*out_has_nul = result == SCAN_NUL;
	return object;
}

bool json_is_text(const cJSON *item, int64_t min, int64_t max)
{
	if (!cJSON_IsString(item))
		return false;
	int64_t count = (int64_t)utf8_count(str_of(item->valuestring));
	return count >= min && count <= max;
}

bool json_is_whole(const cJSON *item, int64_t min, int64_t max, int64_t *out_value)
{
	if (!cJSON_IsNumber(item))
		return false;
	double value = item->valuedouble;
	if (!(value >= (double)min && value <= (double)max) || value != floor(value))
		return false;
	*out_value = (int64_t)value;
	return true;
}

struct str json_cut(const char *text, size_t max_bytes)
{
	struct str all = str_of(text);
	if (all.len <= max_bytes)
		return all;
	size_t end = max_bytes;
	while (end && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	return str_part(all, 0, end);
}
