/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/zone.h"

#include "zone_kit.h"

#include <string.h>
#include <time.h>

/* What the C library says of the same instants, zone by zone, from 1900 to 2100. */
static void local_times_are_those_of_the_c_library(void **state)
{
	struct arena *arena = *state;
	static const char *const names[] = { "Europe/London",     "America/New_York",    "Europe/Dublin",
					     "Asia/Kolkata",      "Asia/Kathmandu",      "Australia/Sydney",
					     "America/Sao_Paulo", "Pacific/Chatham",     "Africa/Casablanca",
					     "America/St_Johns",  "Asia/Tokyo",          "UTC",
					     "Europe/Berlin",     "Australia/Lord_Howe", "America/Asuncion",
					     "Pacific/Apia" };
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct zone *zone = zone_of(arena, names[i]);
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
static void a_local_time_leads_back_to_its_instant(void **state)
{
	struct arena *arena = *state;
	static const char *const names[] = { "Europe/London", "America/New_York", "Asia/Kathmandu",
					     "Australia/Lord_Howe" };
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct zone *zone = zone_of(arena, names[i]);
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

static void in_a_gap_its_end_is_taken_and_in_an_overlap_the_first(void **state)
{
	struct arena *arena = *state;
	static const struct {
		const char *zone, *local, *utc, *remark;
	} rows[] = {
		{ "Europe/London", "2026-03-29 00:59", "2026-03-29 00:59", "the minute before the gap" },
		{ "Europe/London", "2026-03-29 01:00", "2026-03-29 01:00", "the gap's first minute: its end" },
		{ "Europe/London", "2026-03-29 01:30", "2026-03-29 01:00", "within the gap" },
		{ "Europe/London", "2026-03-29 02:00", "2026-03-29 01:00", "the gap's end" },
		{ "Europe/London", "2026-10-25 01:30", "2026-10-25 00:30", "an overlap: the first" },
		{ "Europe/London", "2026-10-25 02:00", "2026-10-25 02:00", "behind the overlap" },
		{ "Europe/London", "2050-03-27 01:30", "2050-03-27 01:00", "a gap by the footer's rule" },
		{ "Europe/London", "2050-10-30 01:30", "2050-10-30 00:30", "an overlap by the rule" },
		{ "America/New_York", "2026-03-08 02:30", "2026-03-08 07:00", "a gap in New York" },
		{ "America/New_York", "2026-11-01 01:30", "2026-11-01 05:30", "an overlap in New York" },
		{ "America/New_York", "2026-11-01 02:00", "2026-11-01 07:00", "behind it" },
		{ "Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45", "an overlap of half an hour" },
		{ "Asia/Kolkata", "2026-06-01 00:00", "2026-05-31 18:30", "no summer time" },
		{ "UTC", "2026-02-28 24:00", "2026-03-01 00:00", "a minute of 1440 carries over" },
	};
	const struct zone *utc = zone_of(arena, "UTC");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *got = text_of(arena, utc, time_of(zone_of(arena, rows[i].zone), rows[i].local));
		if (strcmp(got, rows[i].utc) != 0)
			print_error("%s, %s\n", rows[i].zone, rows[i].remark);
		assert_string_equal(got, rows[i].utc);
	}
}

static void times_far_away_stay_within_the_calendar(void **state)
{
	struct arena *arena = *state;
	const struct zone *zone = zone_of(arena, "Europe/London");
	assert_int_equal(zone_civil(zone, INT64_MIN).year, 1);
	assert_int_equal(zone_civil(zone, INT64_MAX).year, 9999);
	assert_int_equal(zone_civil(zone_of(arena, "UTC"), -1).minute, 1439);
	assert_int_equal(zone_civil(zone_of(arena, "UTC"), -1).year, 1969);
}

static void names_that_are_no_zone_are_refused(void **state)
{
	struct arena *arena = *state;
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
		int result = zone_load_in(arena, rows[i].name, &zone, &err);
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

static int read_with_footer(struct arena *arena, const char *footer, const struct zone **out)
{
	static const char type[6] = { 0, 0, 0x0e, 0x10, 0, 0 }; /* 3,600 s east */
	char bytes[512];
	size_t len = put_block(bytes, '2', type, 6, "", 0, 0);
	len += put_block(bytes + len, '2', type, 6, "", 0, 0);
	size_t footer_len = strlen(footer);
	memcpy(bytes + len, footer, footer_len);
	struct error err = { 0 };
	return zone_read_in(arena, "Test/Zone", (struct str){ bytes, len + footer_len }, out, &err);
}

static void a_footer_gives_the_rule_of_the_years_to_come(void **state)
{
	struct arena *arena = *state;
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
		int result = read_with_footer(arena, rows[i].footer, &zone);
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

/* The file of London; gives its length. */
static size_t read_london(char *out, size_t size)
{
	FILE *file = fopen("/usr/share/zoneinfo/Europe/London", "rb");
	assert_non_null(file);
	size_t len = fread(out, 1, size, file);
	fclose(file);
	return len;
}

static void a_file_cut_anywhere_is_refused(void **state)
{
	struct arena *arena = *state;
	char bytes[8192];
	size_t len = read_london(bytes, sizeof bytes);
	const struct zone *zone = NULL;
	struct error err = { 0 };
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_equal(zone_read_in(arena, "Cut", (struct str){ bytes, cut }, &zone, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
		arena_reset(arena);
	}
}

/* Each byte of the head as other values: read or refused, never worse. */
static void a_file_that_is_damaged_does_no_harm(void **state)
{
	struct arena *arena = *state;
	enum { HEAD = 300 };
	char bytes[8192];
	size_t len = read_london(bytes, sizeof bytes);
	const struct zone *zone = NULL;
	struct error err = { 0 };
	for (size_t at = 0; at < HEAD; at++) {
		char kept = bytes[at];
		for (int value = 0; value < 256; value += 51) {
			bytes[at] = (char)value;
			if (!zone_read_in(arena, "Changed", (struct str){ bytes, len }, &zone, &err))
				zone_civil(zone, 1700000000000);
			arena_reset(arena);
		}
		bytes[at] = kept;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_times_are_those_of_the_c_library),
		cmocka_unit_test(a_local_time_leads_back_to_its_instant),
		cmocka_unit_test(in_a_gap_its_end_is_taken_and_in_an_overlap_the_first),
		cmocka_unit_test(times_far_away_stay_within_the_calendar),
		cmocka_unit_test(names_that_are_no_zone_are_refused),
		cmocka_unit_test(a_footer_gives_the_rule_of_the_years_to_come),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(a_file_that_is_damaged_does_no_harm),
	};
	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
