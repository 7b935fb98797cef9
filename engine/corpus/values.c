/* SPDX-License-Identifier: Apache-2.0 */
/* Single values of the owner's files: times, dates, hours, addresses. */
#include "base/count.h"
#include "corpus/internal.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MINUTES = 24 * 60, DURATION_DAYS_MAX = 36500 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void skip_spaces(struct str *rest)
{
	while (rest->len && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
		*rest = str_part(*rest, 1, rest->len);
}

/* The characters at the front for which `belongs` holds. */
static struct str cut_while(struct str *rest, bool (*belongs)(char))
{
	size_t len = 0;
	while (len < rest->len && belongs(rest->ptr[len]))
		len++;
	struct str part = str_part(*rest, 0, len);
	*rest = str_part(*rest, len, rest->len);
	return part;
}

/* A number of at most `digits` digits from the front. */
static bool cut_number(struct str *rest, size_t digits, unsigned *out)
{
	struct str left = *rest;
	struct str number = cut_while(&left, is_digit);
	unsigned long long value;
	if (number.len > digits || !str_number(number, 999999, &value))
		return false;
	*rest = left;
	*out = (unsigned)value;
	return true;
}

static bool cut_sign(struct str *rest, const char *sign)
{
	if (!str_starts(*rest, sign))
		return false;
	*rest = str_part(*rest, strlen(sign), rest->len);
	return true;
}

static int64_t unit_ms(struct str unit)
{
	static const struct {
		const char *name;
		int64_t ms;
	} UNITS[] = {
		{ "s", 1000 },       { "sec", 1000 },      { "second", 1000 },   { "seconds", 1000 },
		{ "m", 60000 },      { "min", 60000 },     { "minute", 60000 },  { "minutes", 60000 },
		{ "h", 3600000 },    { "hour", 3600000 },  { "hours", 3600000 }, { "d", 86400000 },
		{ "day", 86400000 }, { "days", 86400000 },
	};
	for (size_t i = 0; i < COUNT(UNITS); i++)
		if (str_equal_nocase(unit, str_of(UNITS[i].name)))
			return UNITS[i].ms;
	return 0;
}

bool value_duration(struct str text, int64_t *out_ms)
{
	int64_t total = 0;
	text = str_trim(text);
	if (!text.len)
		return false;
	while (text.len) {
		unsigned number;
		if (!cut_number(&text, 6, &number))
			return false;
		skip_spaces(&text);
		int64_t unit = unit_ms(cut_while(&text, is_letter));
		if (!unit)
			return false;
		total += unit * number;
		skip_spaces(&text);
		if (total > DURATION_DAYS_MAX * (int64_t)86400000)
			return false;
	}
	*out_ms = total;
	return true;
}

/* Digits are read by hand so that no locale matters. */
bool value_share(struct str text, double *out_share)
{
	unsigned long long whole = 0, part = 0;
	bool has_sign = str_ends(text, "%");
	text = str_trim(str_part(text, 0, text.len - has_sign));
	size_t dot = str_find(text, '.');
	struct str decimals = str_part(text, dot + 1, text.len);
	bool is_read = str_number(str_part(text, 0, dot), 100, &whole) &&
		       (dot == text.len || (decimals.len <= 2 && str_number(decimals, 99, &part)));
	double percent = (double)whole + (double)part / (decimals.len == 1 ? 10 : 100);
	if (!has_sign || !is_read || percent < 0.1 || percent > 50)
		return false;
	*out_share = percent / 100;
	return true;
}

bool value_yes(struct str text, bool *out_yes)
{
	bool is_yes = str_equal_nocase(text, STR_LIT("yes"));
	if (!is_yes && !str_equal_nocase(text, STR_LIT("no")))
		return false;
	*out_yes = is_yes;
	return true;
}

static unsigned days_of(unsigned year, unsigned month)
{
	static const unsigned char DAYS[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool is_leap = year == 0 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
	return month == 2 && !is_leap ? 28 : DAYS[month - 1];
}

bool value_date(struct str text, struct holiday *out_date)
{
	unsigned year = 0, month = 0, day = 0;
	bool has_year = text.len == 10;
	if (text.len != 5 && !has_year)
		return false;
	if (has_year && (!cut_number(&text, 4, &year) || !cut_sign(&text, "-") || year < 1970))
		return false;
	if (!cut_number(&text, 2, &month) || !cut_sign(&text, "-") || !cut_number(&text, 2, &day) || text.len)
		return false;
	if (!month || month > 12 || !day || day > days_of(year, month))
		return false;
	out_date->year = (int16_t)year;
	out_date->month = (uint8_t)month;
	out_date->day = (uint8_t)day;
	return true;
}

/* "9", "9:00", "24:00". */
static bool cut_time(struct str *rest, uint16_t *out_minute)
{
	struct str left = *rest;
	unsigned hour, minute = 0;
	if (!cut_number(&left, 2, &hour))
		return false;
	if (cut_sign(&left, ":")) {
		struct str digits = left;
		if (cut_while(&digits, is_digit).len != 2 || !cut_number(&left, 2, &minute))
			return false;
	}
	if (minute > 59 || hour * 60 + minute > DAY_MINUTES)
		return false;
	*out_minute = (uint16_t)(hour * 60 + minute);
	*rest = left;
	return true;
}

static bool cut_span(struct str *rest, struct opening *out)
{
	struct str left = *rest;
	if (!cut_time(&left, &out->from))
		return false;
	skip_spaces(&left);
	if (!cut_sign(&left, "-") && !cut_sign(&left, "\xe2\x80\x93"))
		return false;
	skip_spaces(&left);
	if (!cut_time(&left, &out->to))
		return false;
	*rest = left;
	return true;
}

bool value_hours(struct str *rest, struct day_hours *out_hours, const char **out_why)
{
	struct day_hours hours = { .count = 0 };
	skip_spaces(rest);
	for (;;) {
		struct str left = *rest;
		struct opening span;
		if (!cut_span(&left, &span)) {
			*out_why = "write hours as 9:00-17:30, several with commas between, or closed";
			return false;
		}
		if (span.from >= span.to) {
			*out_why = "a span ends after it begins; what goes on after midnight stands under the next day";
			return false;
		}
		if (hours.count && span.from < hours.ranges[hours.count - 1].to) {
			*out_why = "spans follow each other without overlapping";
			return false;
		}
		if (hours.count == DAY_RANGES_MAX) {
			*out_why = "a day has four spans at most";
			return false;
		}
		hours.ranges[hours.count++] = span;
		skip_spaces(&left);
		*rest = left;
		if (!cut_sign(rest, ","))
			break;
		skip_spaces(rest);
	}
	*out_hours = hours;
	return true;
}

static bool is_host_part(char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == '.';
}

bool value_origin_in(struct arena *arena, struct str text, const char **out_origin, const char **out_why)
{
	char *origin = arena_strdup(arena, text);
	for (char *c = origin; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	struct str rest = str_of(origin);
	bool is_secure = str_starts(rest, "https://");
	*out_why = "write the scheme too, as in https://shop.example";
	if (!is_secure && !str_starts(rest, "http://"))
		return false;
	rest = str_part(rest, is_secure ? 8 : 7, rest.len);
	*out_why = "write scheme and host only, as in https://shop.example";
	struct str host = cut_while(&rest, is_host_part);
	if (!host.len || host.ptr[0] == '.' || host.ptr[0] == '-' || str_find(host, '*') < host.len)
		return false;
	unsigned port = 0;
	if (cut_sign(&rest, ":") && (!cut_number(&rest, 5, &port) || !port || port > 65535))
		return false;
	cut_sign(&rest, "/");
	if (rest.len)
		return false;
	bool is_usual = !port || port == (is_secure ? 443u : 80u);
	const char *scheme = is_secure ? "https" : "http";
	*out_origin = is_usual ? arena_printf(arena, "%s://%.*s", scheme, STR_ARG(host))
			       : arena_printf(arena, "%s://%.*s:%u", scheme, STR_ARG(host), port);
	return true;
}

bool value_is_zone(struct str text)
{
	char path[160];
	if (str_is(text, "UTC"))
		return true; /* needs no database */
	if (!text.len || text.len > 100 || text.ptr[0] == '/' || text.ptr[0] == '.' || text.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!is_letter(c) && !is_digit(c) && !strchr("_+-/", c))
			return false; /* a dot would lead out of the folder */
	}
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", STR_ARG(text));
	FILE *file = fopen(path, "rb");
	char magic[4] = "";
	bool is_zone = file && fread(magic, 1, 4, file) == 4 && !memcmp(magic, "TZif", 4);
	if (file)
		fclose(file);
	return is_zone;
}
