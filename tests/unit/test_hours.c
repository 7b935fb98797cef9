/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/hours.h"

#include "zone_kit.h"

#include <string.h>

static struct day_hours hours_of(int from, int to)
{
	return (struct day_hours){ .ranges = { { (uint16_t)from, (uint16_t)to } }, .count = 1 };
}

/* A shop: Mon-Fri 9:00-12:30 and 13:30-17:30, Sat 10:00-16:00. */
static void plain_week(struct settings *settings)
{
	static const struct holiday holidays[] = {
		{ 0, 12, 25, { .count = 0 }, "Christmas Day" },
		{ 2026, 12, 28, { .count = 0 }, "Boxing Day (substitute day)" },
		{ 2026, 12, 24, { .ranges = { { 540, 780 } }, .count = 1 }, "Christmas Eve" },
		{ 0, 12, 24, { .count = 0 }, "Closed on other Christmas Eves" },
		{ 2027, 2, 7, { .ranges = { { 600, 720 } }, .count = 1 }, "A Sunday that is open" },
		{ 0, 2, 29, { .count = 0 }, "Leap day" },
	};
	struct day_hours day = { .ranges = { { 540, 750 }, { 810, 1050 } }, .count = 2 };
	*settings = (struct settings){ .has_hours = true, .holidays = holidays, .holiday_count = COUNT(holidays) };
	for (int i = 0; i < 5; i++)
		settings->week[i] = day;
	settings->week[5] = hours_of(600, 960);
}

static void every_day(struct settings *settings, int from, int to)
{
	*settings = (struct settings){ .has_hours = true };
	for (int i = 0; i < 7; i++)
		settings->week[i] = hours_of(from, to);
}

struct row {
	const char *now;
	bool is_open;
	const char *until, *opens, *holiday, *remark;
};

static void check(struct arena *arena, const struct settings *settings, const struct zone *zone, const struct row *rows,
		  size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct opening_state got = hours_at(settings, zone, time_of(zone, rows[i].now));
		bool ok = got.is_open == rows[i].is_open &&
			  !strcmp(text_of(arena, zone, got.until_ms), rows[i].until) &&
			  !strcmp(text_of(arena, zone, got.opens_ms), rows[i].opens) &&
			  !strcmp(got.holiday, rows[i].holiday);
		if (!ok)
			print_error("%s (%s): open %d until \"%s\" opens \"%s\" holiday \"%s\"\n", rows[i].now,
				    rows[i].remark, got.is_open, text_of(arena, zone, got.until_ms),
				    text_of(arena, zone, got.opens_ms), got.holiday);
		assert_true(ok);
	}
}

static void the_week_gives_way_to_holidays(void **state)
{
	struct arena *arena = *state;
	static const struct row rows[] = {
		{ "2026-11-23 10:05", true, "2026-11-23 12:30", "", "", "Monday morning" },
		{ "2026-11-23 09:00", true, "2026-11-23 12:30", "", "", "the first minute" },
		{ "2026-11-23 08:59", false, "", "2026-11-23 09:00", "", "the minute before" },
		{ "2026-11-23 12:30", false, "", "2026-11-23 13:30", "", "the lunch begins" },
		{ "2026-11-23 13:29", false, "", "2026-11-23 13:30", "", "the lunch ends" },
		{ "2026-11-23 17:29", true, "2026-11-23 17:30", "", "", "the last minute" },
		{ "2026-11-23 17:30", false, "", "2026-11-24 09:00", "", "over" },
		{ "2026-11-28 16:00", false, "", "2026-11-30 09:00", "", "Saturday evening: Monday" },
		{ "2026-11-29 12:00", false, "", "2026-11-30 09:00", "", "Sunday" },
		{ "2026-12-24 12:00", true, "2026-12-24 13:00", "", "Christmas Eve",
		  "a holiday with hours; this year goes first" },
		{ "2026-12-24 13:30", false, "", "2026-12-26 10:00", "Christmas Eve", "over a holiday to Saturday" },
		{ "2026-12-25 10:00", false, "", "2026-12-26 10:00", "Christmas Day", "a holiday of every year" },
		{ "2026-12-26 16:30", false, "", "2026-12-29 09:00", "", "over Sunday and a one-off Monday" },
		{ "2026-12-28 11:00", false, "", "2026-12-29 09:00", "Boxing Day (substitute day)", "a one-off day" },
		{ "2027-12-24 11:00", false, "", "2027-12-27 09:00", "Closed on other Christmas Eves",
		  "of every other year" },
		{ "2027-12-28 11:00", true, "2027-12-28 12:30", "", "", "one-off means that year" },
		{ "2027-02-07 11:00", true, "2027-02-07 12:00", "", "A Sunday that is open", "a one-off opening" },
		{ "2028-02-29 11:00", false, "", "2028-03-01 09:00", "Leap day", "leap day" },
	};
	struct settings settings;
	plain_week(&settings);
	check(arena, &settings, zone_of(arena, "Europe/London"), rows, COUNT(rows));
	check(arena, &settings, zone_of(arena, "America/New_York"), rows, COUNT(rows));
}

/* In London clocks go from 1:00 to 2:00 on 2026-03-29. */
static void a_span_that_begins_in_the_gap_opens_at_its_end(void **state)
{
	struct arena *arena = *state;
	const struct zone *zone = zone_of(arena, "Europe/London");
	struct settings settings;
	every_day(&settings, 90, 180); /* 1:30 to 3:00 */
	static const struct row spring[] = {
		{ "2026-03-29 00:59", false, "", "2026-03-29 02:00", "",
		  "1:30 does not come: opens at the end of the gap" },
		{ "2026-03-29 02:30", true, "2026-03-29 03:00", "", "", "after the gap" },
		{ "2026-03-28 03:30", false, "", "2026-03-29 02:00", "", "the day before" },
	};
	check(arena, &settings, zone, spring, COUNT(spring));
}

/* In London clocks go from 2:00 to 1:00 on 2026-10-25: 1:30 comes twice. */
static void a_span_from_a_time_that_comes_twice_is_open_from_the_first(void **state)
{
	struct arena *arena = *state;
	const struct zone *zone = zone_of(arena, "Europe/London");
	struct settings settings;
	every_day(&settings, 90, 180); /* 1:30 to 3:00 */
	int64_t first = time_of(zone, "2026-10-25 01:30"), end = time_of(zone, "2026-10-25 03:00");
	assert_int_equal(end - first, 150 * 60 * 1000);
	for (int64_t at = first; at < end; at += 60 * 1000)
		assert_true(hours_at(&settings, zone, at).is_open);
	assert_false(hours_at(&settings, zone, first - 1).is_open);
	assert_false(hours_at(&settings, zone, end).is_open);
}

static void a_span_within_the_gap_is_not_open_at_all(void **state)
{
	struct arena *arena = *state;
	const struct zone *zone = zone_of(arena, "Europe/London");
	struct settings settings;
	every_day(&settings, 65, 115); /* 1:05 to 1:55 */
	struct opening_state in_gap = hours_at(&settings, zone, time_of(zone, "2026-03-29 00:30"));
	assert_false(in_gap.is_open);
	assert_string_equal(text_of(arena, zone, in_gap.opens_ms), "2026-03-30 01:05");
}

static void a_day_of_change_is_an_hour_shorter_or_longer(void **state)
{
	struct arena *arena = *state;
	const struct zone *zone = zone_of(arena, "America/New_York");
	struct settings settings;
	every_day(&settings, 0, 720); /* 0:00 to 12:00 */
	struct opening_state spring = hours_at(&settings, zone, time_of(zone, "2026-03-08 00:00"));
	struct opening_state autumn = hours_at(&settings, zone, time_of(zone, "2026-11-01 00:00"));
	assert_int_equal(spring.until_ms - time_of(zone, "2026-03-08 00:00"), 11 * 3600 * 1000);
	assert_int_equal(autumn.until_ms - time_of(zone, "2026-11-01 00:00"), 13 * 3600 * 1000);
}

/* A holiday lasts from midnight to midnight by the clock on the wall, 23 hours or 25. */
static void a_holiday_on_a_day_of_change_is_that_day(void **state)
{
	struct arena *arena = *state;
	static const struct holiday holidays[] = {
		{ 2026, 3, 29, { .count = 0 }, "Spring" },
		{ 2026, 10, 25, { .ranges = { { 60, 180 } }, .count = 1 }, "Autumn" }, /* 1:00 to 3:00 */
	};
	struct settings settings;
	every_day(&settings, 0, 1380); /* 0:00 to 23:00 */
	settings.holidays = holidays;
	settings.holiday_count = COUNT(holidays);
	static const struct row rows[] = {
		{ "2026-03-28 22:59", true, "2026-03-28 23:00", "", "", "the evening before" },
		{ "2026-03-28 23:00", false, "", "2026-03-30 00:00", "", "closed until after the holiday" },
		{ "2026-03-29 00:00", false, "", "2026-03-30 00:00", "Spring", "its first minute" },
		{ "2026-03-29 02:00", false, "", "2026-03-30 00:00", "Spring", "behind the gap" },
		{ "2026-03-29 23:59", false, "", "2026-03-30 00:00", "Spring", "its last minute" },
		{ "2026-03-30 00:00", true, "2026-03-30 23:00", "", "", "over" },
		{ "2026-10-25 00:59", false, "", "2026-10-25 01:00", "Autumn", "before its hours" },
		{ "2026-10-25 01:30", true, "2026-10-25 03:00", "", "Autumn", "the first half past one" },
		{ "2026-10-25 02:59", true, "2026-10-25 03:00", "", "Autumn", "its last open minute" },
		{ "2026-10-25 03:00", false, "", "2026-10-26 00:00", "Autumn", "the rest of it" },
	};
	check(arena, &settings, zone_of(arena, "Europe/London"), rows, COUNT(rows));
}

/* Without hours, or with all of them: no end is told. */
static void a_shop_around_the_clock_is_always_open(void **state)
{
	struct arena *arena = *state;
	const struct zone *zone = zone_of(arena, "Europe/London");
	struct settings shops[2] = { { .has_hours = false } };
	every_day(&shops[1], 0, 1440);
	for (size_t i = 0; i < COUNT(shops); i++) {
		struct opening_state open = hours_at(&shops[i], zone, time_of(zone, "2026-11-22 03:00"));
		assert_true(open.is_open);
		assert_int_equal(open.until_ms, 0);
	}
}

/* Friday and Saturday 20:00 to 24:00, Saturday and Sunday from 0:00 to 4:00. */
static void a_night_goes_on_over_midnight(void **state)
{
	struct arena *arena = *state;
	struct settings settings = { .has_hours = true };
	settings.week[4] = hours_of(1200, 1440);
	settings.week[5] = (struct day_hours){ .ranges = { { 0, 240 }, { 1200, 1440 } }, .count = 2 };
	settings.week[6] = hours_of(0, 240);
	static const struct row rows[] = {
		{ "2026-11-20 21:00", true, "2026-11-21 04:00", "", "", "Friday night" },
		{ "2026-11-21 00:00", true, "2026-11-21 04:00", "", "", "midnight" },
		{ "2026-11-21 04:00", false, "", "2026-11-21 20:00", "", "Saturday morning" },
		{ "2026-11-22 04:00", false, "", "2026-11-27 20:00", "", "Sunday morning" },
	};
	check(arena, &settings, zone_of(arena, "Europe/London"), rows, COUNT(rows));
}

static void a_shop_that_never_opens_says_no_time(void **state)
{
	struct arena *arena = *state;
	struct settings settings = { .has_hours = true };
	struct opening_state closed = hours_at(&settings, zone_of(arena, "Europe/London"), 1767225600000);
	assert_false(closed.is_open);
	assert_int_equal(closed.opens_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_week_gives_way_to_holidays),
		cmocka_unit_test(a_span_that_begins_in_the_gap_opens_at_its_end),
		cmocka_unit_test(a_span_from_a_time_that_comes_twice_is_open_from_the_first),
		cmocka_unit_test(a_span_within_the_gap_is_not_open_at_all),
		cmocka_unit_test(a_day_of_change_is_an_hour_shorter_or_longer),
		cmocka_unit_test(a_holiday_on_a_day_of_change_is_that_day),
		cmocka_unit_test(a_shop_around_the_clock_is_always_open),
		cmocka_unit_test(a_night_goes_on_over_midnight),
		cmocka_unit_test(a_shop_that_never_opens_says_no_time),
	};
	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
