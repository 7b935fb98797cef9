/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/zone.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct arena arena;

static const struct zone *load(const char *name)
{
	const struct zone *zone = NULL;
	struct error err = { 0 };
	if (zone_load_in(&arena, name, &zone, &err))
		print_error("%s\n", err.message);
	assert_non_null(zone);
	return zone;
}

static int64_t instant(const struct zone *zone, int year, int month, int day, int hour, int minute)
{
	struct civil_time civil = { .year = year, .month = month, .day = day, .minute = hour * 60 + minute };
	return zone_instant_ms(zone, &civil);
}

/* What the C library says of the same instants, zone by zone, from 1900 to 2100. */
static void test_against_libc(void **state)
{
	(void)state;
	static const char *const names[] = { "Europe/London",     "America/New_York",    "Europe/Dublin",
					     "Asia/Kolkata",      "Asia/Kathmandu",      "Australia/Sydney",
					     "America/Sao_Paulo", "Pacific/Chatham",     "Africa/Casablanca",
					     "America/St_Johns",  "Asia/Tokyo",          "UTC",
					     "Europe/Berlin",     "Australia/Lord_Howe", "America/Asuncion",
					     "Pacific/Apia" };
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct zone *zone = load(names[i]);
		setenv("TZ", names[i], 1);
		tzset();
		for (int64_t s = -2208988800; s < 4102444800; s += 5 * 3600 + 1234) {
			time_t at = (time_t)s;
			struct tm tm;
			localtime_r(&at, &tm);
			struct civil_time got = zone_civil(zone, s * 1000 + 999);
			bool ok = got.year == tm.tm_year + 1900 && got.month == tm.tm_mon + 1 &&
				  got.day == tm.tm_mday && got.weekday == (tm.tm_wday + 6) % 7 &&
				  got.minute == tm.tm_hour * 60 + tm.tm_min;
			if (!ok)
				print_error("%s at %lld: %d-%d-%d %d, not %d-%d-%d %d\n", names[i], (long long)s,
					    got.year, got.month, got.day, got.minute, tm.tm_year + 1900, tm.tm_mon + 1,
					    tm.tm_mday, tm.tm_hour * 60 + tm.tm_min);
			assert_true(ok);
		}
	}
}

/* There and back, where the local time comes once. */
static void test_back(void **state)
{
	(void)state;
	static const char *const names[] = { "Europe/London", "America/New_York", "Asia/Kathmandu",
					     "Australia/Lord_Howe" };
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct zone *zone = load(names[i]);
		for (int64_t s = 946684800; s < 2208988800; s += 7 * 3600) {
			struct civil_time civil = zone_civil(zone, s * 1000);
			int64_t back = zone_instant_ms(zone, &civil) / 1000, delta = s / 60 * 60 - back;
			/* In an overlap the first instant is given. */
			if (delta != 0 && delta != 3600 && delta != 1800)
				print_error("%s at %lld came back as %lld\n", names[i], (long long)s, (long long)back);
			assert_true(delta == 0 || delta == 3600 || delta == 1800);
			struct civil_time again = zone_civil(zone, back * 1000);
			assert_int_equal(again.minute, civil.minute);
			assert_int_equal(again.day, civil.day);
		}
	}
}

static void test_gaps_and_overlaps(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		int year, month, day, hour, minute; /* local */
		int utc_day, utc_hour, utc_minute;
		const char *remark;
	} rows[] = {
		{ "Europe/London", 2026, 3, 29, 0, 59, 29, 0, 59, "the minute before the gap" },
		{ "Europe/London", 2026, 3, 29, 1, 0, 29, 1, 0, "the gap's first minute: its end" },
		{ "Europe/London", 2026, 3, 29, 1, 30, 29, 1, 0, "within the gap" },
		{ "Europe/London", 2026, 3, 29, 2, 0, 29, 1, 0, "the gap's end" },
		{ "Europe/London", 2026, 10, 25, 1, 30, 25, 0, 30, "an overlap: the first" },
		{ "Europe/London", 2026, 10, 25, 2, 0, 25, 2, 0, "behind the overlap" },
		{ "Europe/London", 2050, 3, 27, 1, 30, 27, 1, 0, "a gap by the footer's rule" },
		{ "Europe/London", 2050, 10, 30, 1, 30, 30, 0, 30, "an overlap by the rule" },
		{ "America/New_York", 2026, 3, 8, 2, 30, 8, 7, 0, "a gap in New York" },
		{ "America/New_York", 2026, 11, 1, 1, 30, 1, 5, 30, "an overlap in New York" },
		{ "America/New_York", 2026, 11, 1, 2, 0, 1, 7, 0, "behind it" },
		{ "Australia/Lord_Howe", 2026, 4, 5, 1, 45, 4, 14, 45, "an overlap of half an hour" },
		{ "Asia/Kolkata", 2026, 6, 1, 0, 0, 31, 18, 30, "no summer time" },
		{ "UTC", 2026, 2, 28, 24, 0, 1, 0, 0, "a minute of 1440 carries over" },
	};
	const struct zone *utc = load("UTC");
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t at = instant(load(rows[i].zone), rows[i].year, rows[i].month, rows[i].day, rows[i].hour,
				     rows[i].minute);
		struct civil_time got = zone_civil(utc, at);
		bool ok = got.day == rows[i].utc_day && got.minute == rows[i].utc_hour * 60 + rows[i].utc_minute;
		if (!ok)
			print_error("%s, %s: day %d, %d:%02d UTC\n", rows[i].zone, rows[i].remark, got.day,
				    got.minute / 60, got.minute % 60);
		assert_true(ok);
	}
}

static void test_far_away(void **state)
{
	(void)state;
	const struct zone *zone = load("Europe/London");
	assert_int_equal(zone_civil(zone, INT64_MIN).year, 1);
	assert_int_equal(zone_civil(zone, INT64_MAX).year, 9999);
	assert_int_equal(zone_civil(load("UTC"), -1).minute, 1439);
	assert_int_equal(zone_civil(load("UTC"), -1).year, 1969);
}

static void test_names(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum error_kind kind;
	} rows[] = {
		{ "Europe/Nowhere", ERROR_MISSING }, { "", ERROR_INPUT },
		{ "../../etc/passwd", ERROR_INPUT }, { "/etc/passwd", ERROR_INPUT },
		{ "Europe London", ERROR_INPUT },    { "zone.tab", ERROR_INPUT },
		{ "tzdata.zi", ERROR_INPUT },        { "Europe", ERROR_SYSTEM },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct zone *zone = NULL;
		struct error err = { 0 };
		int result = zone_load_in(&arena, rows[i].name, &zone, &err);
		if (result != -1 || err.kind != rows[i].kind)
			print_error("\"%s\": %d, %s\n", rows[i].name, result, err.message);
		assert_int_equal(result, -1);
		assert_int_equal(err.kind, rows[i].kind);
		assert_null(zone);
	}
}

/* ---- Files that are damaged, made here ---- */

static size_t put_block(char *out, char version, const char *types, size_t type_bytes, const char *times,
			size_t time_bytes, size_t time_count)
{
	char *p = out;
	memset(p, 0, 44);
	memcpy(p, "TZif", 4);
	p[4] = version;
	p[35] = (char)time_count;
	p[39] = (char)(type_bytes / 6);
	p[43] = 4;
	p += 44;
	memcpy(p, times, time_bytes);
	p += time_bytes;
	memcpy(p, types, type_bytes);
	p += type_bytes;
	memcpy(p, "LMT", 4);
	return (size_t)(p + 4 - out);
}

static int read_with_footer(const char *footer, const struct zone **out)
{
	static const char type[6] = { 0, 0, 0x0e, 0x10, 0, 0 }; /* 3,600 s east */
	char bytes[512];
	size_t len = put_block(bytes, '2', type, 6, "", 0, 0);
	len += put_block(bytes + len, '2', type, 6, "", 0, 0);
	size_t footer_len = strlen(footer);
	memcpy(bytes + len, footer, footer_len);
	struct error err = { 0 };
	return zone_read_in(&arena, "Test/Zone", (struct str){ bytes, len + footer_len }, out, &err);
}

static void test_footers(void **state)
{
	(void)state;
	static const struct {
		const char *footer;
		int july_minutes; /* east of UTC at noon of July 1, 2030; -9999: refused */
		int january_minutes;
	} rows[] = {
		{ "\n\n", 60, 60 },
		{ "\nUTC0\n", 0, 0 },
		{ "\n<+0330>-3:30\n", 210, 210 },
		{ "\nGMT0BST,M3.5.0/1,M10.5.0\n", 60, 0 },
		{ "\nIST-1GMT0,M10.5.0,M3.5.0/1\n", 60, 0 },          /* Dublin's summer time is its standard time */
		{ "\nAEST-10AEDT,M10.1.0,M4.1.0/3\n", 600, 660 },     /* over the new year */
		{ "\n<-02>2<-01>,M3.5.0/-1,M10.5.0/0\n", -60, -120 }, /* a change the evening before */
		{ "\nXXX0YYY,J60/0,J300/0\n", 60, 0 },
		{ "\nXXX0YYY,59/0,300/0\n", 60, 0 },
		{ "\nXXX3EDT4,0/0,J365/23\n", -240, -240 }, /* summer all year, as tzdata writes it */
		{ "\nAB0\n", -9999, 0 },
		{ "\nABC\n", -9999, 0 },
		{ "\nABC25\n", -9999, 0 },
		{ "\nABC0DEF\n", -9999, 0 },
		{ "\nABC0DEF,M13.1.0,M10.5.0\n", -9999, 0 },
		{ "\nABC0DEF,M3.6.0,M10.5.0\n", -9999, 0 },
		{ "\nABC0DEF,M3.5.7,M10.5.0\n", -9999, 0 },
		{ "\nABC0DEF,M3.5.0,M10.5.0 \n", -9999, 0 },
		{ "\nABC0DEF,J0,J10\n", -9999, 0 },
		{ "\n<ABC0\n", -9999, 0 },
		{ "\nABC0DEF,M3.5.0/168,M10.5.0\n", -9999, 0 },
		{ "", -9999, 0 },
		{ "\n", -9999, 0 },
		{ "\nUTC0", -9999, 0 },
	};
	const int64_t july = 1909137600000, january = 1893499200000;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct zone *zone = NULL;
		int result = read_with_footer(rows[i].footer, &zone);
		bool ok = result == (rows[i].july_minutes == -9999 ? -1 : 0);
		if (ok && !result) {
			struct civil_time summer = zone_civil(zone, july), winter = zone_civil(zone, january);
			ok = (summer.minute - 720 - rows[i].july_minutes) % 1440 == 0 &&
			     (winter.minute - 720 - rows[i].january_minutes) % 1440 == 0;
			if (!ok)
				print_error("July %d, January %d\n", summer.minute - 720, winter.minute - 720);
		}
		if (!ok)
			print_error("footer %zu: \"%s\" gave %d\n", i, rows[i].footer, result);
		assert_true(ok);
	}
}

/* Every prefix of a real file, and the file with each byte of its head changed, is read or refused, never worse. */
static void test_damaged_files(void **state)
{
	(void)state;
	char bytes[8192];
	FILE *file = fopen("/usr/share/zoneinfo/Europe/London", "rb");
	assert_non_null(file);
	size_t len = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	struct arena scratch = { 0 };
	const struct zone *zone = NULL;
	struct error err = { 0 };
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_equal(zone_read_in(&scratch, "Cut", (struct str){ bytes, cut }, &zone, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		arena_reset(&scratch);
	}
	for (size_t at = 0; at < 300; at++) {
		char kept = bytes[at];
		for (int value = 0; value < 256; value += 51) {
			bytes[at] = (char)value;
			if (!zone_read_in(&scratch, "Changed", (struct str){ bytes, len }, &zone, &err))
				zone_civil(zone, 1700000000000);
			arena_reset(&scratch);
		}
		bytes[at] = kept;
	}
	arena_clear(&scratch);
}

static int clear(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_libc),
		cmocka_unit_test(test_back),
		cmocka_unit_test(test_gaps_and_overlaps),
		cmocka_unit_test(test_far_away),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_footers),
		cmocka_unit_test(test_damaged_files),
	};
	return cmocka_run_group_tests(tests, NULL, clear);
}
