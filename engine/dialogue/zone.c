/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/zone.h"

#include "base/buf.h"
#include "base/count.h"
#include "dialogue/internal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"

enum {
	DAY_S = 86400,
	ZONE_FILE_MAX = 256 * 1024, /* the largest file of the database has 3.5 KB */
	ZONE_NAME_MAX = 100,
	HEADER_BYTES = 44,
	OFFSET_MAX_S = 26 * 3600, /* RFC 8536, 3.2: utoff should be within -25 h .. 26 h */
};

/* One end of the summer time of a POSIX TZ string. */
struct change {
	enum { CHANGE_WEEKDAY, CHANGE_JULIAN, CHANGE_DAY } kind; /* Mm.w.d, Jn (no leap day), n (from 0) */
	int month, week, day;
	int32_t time_s; /* local time of the change, RFC 8536: -167 h .. 167 h */
};

struct zone {
	const int64_t *starts_s; /* ascending: from here on ... */
	const int32_t *offsets;  /* ... this many seconds east of UTC */
	size_t count;
	int32_t first_offset; /* before all of them */
	bool has_rule;        /* the footer: behind the last transition */
	bool has_summer;
	int32_t standard, summer;
	struct change begin, end; /* of summer time */
};

/* ---- The calendar ---- */

int64_t days_from_civil(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

void civil_from_days(int64_t days, int *out_year, int *out_month, int *out_day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month = (int)((5 * day_of_year + 2) / 153); /* from March */
	*out_day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	*out_month = month < 10 ? month + 3 : month - 9;
	*out_year = (int)(year_of_era + era * 400 + (*out_month <= 2));
}

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* 0 Monday .. 6 Sunday; day 0 was a Thursday. */
static int weekday_of(int64_t days)
{
	return (int)(((days + 3) % 7 + 7) % 7);
}

/* ---- The footer: `std offset [dst [offset] [,start,end]]` ---- */

struct scan {
	const char *at, *end;
};

static bool scan_char(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool scan_number(struct scan *s, int max, int *out)
{
	int value = 0;
	const char *from = s->at;
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9' && s->at - from < 4)
		value = value * 10 + (*s->at++ - '0');
	*out = value;
	return s->at > from && value <= max;
}

/* "EST" or "<+03>": the name itself is not kept. */
static bool scan_name(struct scan *s)
{
	const char *from = s->at;
	if (scan_char(s, '<')) {
		while (s->at < s->end && *s->at != '>')
			s->at++;
		return scan_char(s, '>');
	}
	while (s->at < s->end && ((*s->at | 32) >= 'a' && (*s->at | 32) <= 'z'))
		s->at++;
	return s->at - from >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool scan_time(struct scan *s, int hours_max, int32_t *out)
{
	int sign = 1, hours = 0, minutes = 0, seconds = 0;
	if (scan_char(s, '-'))
		sign = -1;
	else
		scan_char(s, '+');
	if (!scan_number(s, hours_max, &hours))
		return false;
	if (scan_char(s, ':') &&
	    (!scan_number(s, 59, &minutes) || (scan_char(s, ':') && !scan_number(s, 59, &seconds))))
		return false;
	*out = sign * (hours * 3600 + minutes * 60 + seconds);
	return true;
}

static bool scan_change(struct scan *s, struct change *out)
{
	bool ok;
	*out = (struct change){ .time_s = 2 * 3600 };
	if (scan_char(s, 'M')) {
		out->kind = CHANGE_WEEKDAY;
		ok = scan_number(s, 12, &out->month) && out->month >= 1 && scan_char(s, '.') &&
		     scan_number(s, 5, &out->week) && out->week >= 1 && scan_char(s, '.') &&
		     scan_number(s, 6, &out->day);
	} else if (scan_char(s, 'J')) {
		out->kind = CHANGE_JULIAN;
		ok = scan_number(s, 365, &out->day) && out->day >= 1;
	} else {
		out->kind = CHANGE_DAY;
		ok = scan_number(s, 365, &out->day);
	}
	return ok && (!scan_char(s, '/') || scan_time(s, 167, &out->time_s));
}

static bool read_footer(struct zone *zone, struct str text)
{
	struct scan s = { text.ptr, text.ptr + text.len };
	int32_t west;
	if (!scan_name(&s) || !scan_time(&s, 24, &west))
		return false;
	zone->has_rule = true;
	zone->standard = -west;
	if (s.at == s.end)
		return true;
	if (!scan_name(&s))
		return false;
	zone->has_summer = true;
	zone->summer = zone->standard + 3600;
	if (s.at < s.end && *s.at != ',') {
		if (!scan_time(&s, 24, &west))
			return false;
		zone->summer = -west;
	}
	return scan_char(&s, ',') && scan_change(&s, &zone->begin) && scan_char(&s, ',') &&
	       scan_change(&s, &zone->end) && s.at == s.end;
}

/* Local seconds since 1970 at which `change` comes in `year`. */
static int64_t change_local_s(const struct change *change, int64_t year)
{
	int64_t first = days_from_civil(year, 1, 1), days = first + change->day;
	if (change->kind == CHANGE_JULIAN)
		days = first + change->day - 1 + (is_leap(year) && change->day >= 60);
	if (change->kind == CHANGE_WEEKDAY) {
		int64_t month = days_from_civil(year, change->month, 1);
		int64_t next = change->month == 12 ? days_from_civil(year + 1, 1, 1)
						   : days_from_civil(year, change->month + 1, 1);
		int wanted = (change->day + 6) % 7; /* POSIX counts from Sunday */
		days = month + (wanted - weekday_of(month) + 7) % 7 + 7 * (change->week - 1);
		if (days >= next)
			days -= 7;
	}
	return days * DAY_S + change->time_s;
}

static int32_t rule_offset(const struct zone *zone, int64_t s)
{
	if (!zone->has_summer)
		return zone->standard;
	int year, month, day;
	int64_t local = s + zone->standard;
	civil_from_days((local - ((local % DAY_S + DAY_S) % DAY_S)) / DAY_S, &year, &month, &day);
	int64_t begin = change_local_s(&zone->begin, year) - zone->standard;
	int64_t end = change_local_s(&zone->end, year) - zone->summer;
	bool is_summer = begin < end ? s >= begin && s < end : s >= begin || s < end;
	return is_summer ? zone->summer : zone->standard;
}

static int32_t offset_at(const struct zone *zone, int64_t s)
{
	if (!zone->count || s < zone->starts_s[0])
		return zone->count || !zone->has_rule ? zone->first_offset : rule_offset(zone, s);
	if (zone->has_rule && s >= zone->starts_s[zone->count - 1])
		return rule_offset(zone, s);
	size_t low = 0, high = zone->count; /* starts[low] <= s < starts[high] */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (zone->starts_s[middle] <= s)
			low = middle;
		else
			high = middle;
	}
	return zone->offsets[low];
}

/* ---- The file ---- */

static uint32_t be32(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

struct header {
	size_t ut_count, standard_count, leap_count, time_count, type_count, char_count;
};

/* Cuts a header off the front of `*rest`. */
static bool read_header(struct str *rest, struct header *out)
{
	const char *p = rest->ptr;
	if (rest->len < HEADER_BYTES || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return false;
	*out = (struct header){ be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36), be32(p + 40) };
	*rest = str_part(*rest, HEADER_BYTES, rest->len);
	return true;
}

/* Bytes of the data block behind a header; SIZE_MAX when a count is beyond reason. */
static size_t block_bytes(const struct header *h, size_t time_bytes)
{
	const size_t counts[] = { h->ut_count,   h->standard_count, h->leap_count,
				  h->time_count, h->type_count,     h->char_count };
	for (size_t i = 0; i < COUNT(counts); i++)
		if (counts[i] > ZONE_FILE_MAX)
			return SIZE_MAX;
	return h->time_count * (time_bytes + 1) + h->type_count * 6 + h->char_count + h->leap_count * (time_bytes + 4) +
	       h->standard_count + h->ut_count;
}

/* `p`: times, then the number of a type for each, then the types. */
static bool read_transitions(struct arena *arena, const struct header *h, const char *p, struct zone *zone)
{
	const char *numbers = p + h->time_count * 8, *types = numbers + h->time_count;
	int64_t *starts = arena_zalloc(arena, h->time_count + 1, sizeof *starts);
	int32_t *offsets = arena_zalloc(arena, h->time_count + 1, sizeof *offsets);
	for (size_t i = 0; i < h->type_count; i++) {
		int32_t offset = (int32_t)be32(types + i * 6);
		if (offset < -OFFSET_MAX_S || offset > OFFSET_MAX_S)
			return false;
	}
	for (size_t i = 0; i < h->time_count; i++) {
		size_t type = (unsigned char)numbers[i];
		starts[i] = (int64_t)((uint64_t)be32(p + i * 8) << 32 | be32(p + i * 8 + 4));
		if (type >= h->type_count || (i && starts[i] <= starts[i - 1]))
			return false;
		offsets[i] = (int32_t)be32(types + type * 6);
	}
	*zone = (struct zone){ .starts_s = starts, .offsets = offsets, .count = h->time_count };
	zone->first_offset = (int32_t)be32(types);
	return true;
}

int zone_read_in(struct arena *arena, const char *name, struct str bytes, const struct zone **out, struct error *err)
{
	struct header header;
	struct zone *zone = arena_zalloc(arena, 1, sizeof *zone);
	struct str rest = bytes;
	if (bytes.len > ZONE_FILE_MAX)
		return error_set(err, ERROR_LIMIT, "the file of time zone \"%s\" has more than %d bytes", name,
				 ZONE_FILE_MAX);
	/* The first block holds times of 32 bits, kept for old readers. */
	if (!read_header(&rest, &header) || block_bytes(&header, 4) > rest.len)
		goto fail;
	rest = str_part(rest, block_bytes(&header, 4), rest.len);
	if (!read_header(&rest, &header) || !header.type_count || header.type_count > 256)
		goto fail;
	size_t size = block_bytes(&header, 8);
	if (size > rest.len || !read_transitions(arena, &header, rest.ptr, zone))
		goto fail;
	struct str footer = str_part(rest, size, rest.len);
	if (footer.len < 2 || footer.ptr[0] != '\n' || footer.ptr[footer.len - 1] != '\n')
		goto fail;
	footer = str_part(footer, 1, footer.len - 2);
	if (footer.len && !read_footer(zone, footer))
		goto fail;
	*out = zone;
	return 0;
fail:
	return error_set(err, ERROR_INPUT, "the file of time zone \"%s\" is damaged", name);
}

static bool is_zone_name(const char *name)
{
	size_t len = strlen(name);
	if (!len || len > ZONE_NAME_MAX || name[0] == '/' || strstr(name, ".."))
		return false;
	return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == len;
}

static int read_file(const char *path, struct buf *out)
{
	char chunk[4096];
	size_t got;
	FILE *file = fopen(path, "rb");
	if (!file)
		return -1;
	while (out->len <= ZONE_FILE_MAX && (got = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_add(out, chunk, got);
	int failed = ferror(file);
	fclose(file);
	return failed ? -1 : 0;
}

int zone_load_in(struct arena *arena, const char *name, const struct zone **out, struct error *err)
{
	if (!strcmp(name, "UTC")) {
		*out = arena_zalloc(arena, 1, sizeof **out);
		return 0;
	}
	if (!is_zone_name(name))
		return error_set(err, ERROR_INPUT, "\"%s\" is not the name of a time zone, such as Europe/London",
				 name);
	char path[sizeof ZONE_FOLDER + ZONE_NAME_MAX];
	snprintf(path, sizeof path, "%s%s", ZONE_FOLDER, name);
	struct buf bytes = { 0 };
	int result;
	if (read_file(path, &bytes))
		result = error_set(err, errno == ENOENT ? ERROR_MISSING : ERROR_SYSTEM,
				   "the time zone \"%s\" is not in %s: %s (is the package tzdata installed?)", name,
				   ZONE_FOLDER, strerror(errno));
	else
		result = zone_read_in(arena, name, buf_str(&bytes), out, err);
	buf_clear(&bytes);
	return result;
}

/* ---- Questions ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct civil_time zone_civil(const struct zone *zone, int64_t ms)
{
	const int64_t lowest = days_from_civil(1, 1, 2) * DAY_S, highest = days_from_civil(9999, 12, 30) * DAY_S;
	int64_t s = floor_div(ms, 1000);
	s = s < lowest ? lowest : s > highest ? highest : s;
	int64_t local = s + offset_at(zone, s), days = floor_div(local, DAY_S);
	struct civil_time civil = { .weekday = weekday_of(days), .minute = (int)((local - days * DAY_S) / 60) };
	civil_from_days(days, &civil.year, &civil.month, &civil.day);
	return civil;
}

int64_t zone_instant_ms(const struct zone *zone, const struct civil_time *civil)
{
	int64_t local = days_from_civil(civil->year, civil->month, civil->day) * DAY_S + (int64_t)civil->minute * 60;
	/* No place changes its clocks twice within two days, so these are the offsets around. */
	int32_t before = offset_at(zone, local - DAY_S), after = offset_at(zone, local + DAY_S);
	int64_t first = local - before, second = local - after;
	if (offset_at(zone, first) == before)
		return first * 1000; /* plain, or the first of an overlap: `before` is then the greater offset */
	if (offset_at(zone, second) == after)
		return second * 1000;
	/* In a gap: the moment at which the clocks jump lies between the two. */
	int64_t low = second < first ? second : first, high = second < first ? first : second;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;
		if (offset_at(zone, middle) == before)
			low = middle;
		else
			high = middle;
	}
	return high * 1000;
}
