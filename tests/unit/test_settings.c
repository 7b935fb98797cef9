/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/settings.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is wrong with a shop.ini is in tests/broken; this is what right ones mean. */
struct reading {
	struct arena arena;
	struct diagnostics problems;
	struct settings settings;
};

static void reading_read(struct reading *reading, const char *text)
{
	*reading = (struct reading){ .arena = { 0 } };
	diagnostics_init(&reading->problems, &reading->arena);
	settings_defaults(&reading->settings);
	settings_read_in(&reading->arena, "shop.ini", str_of(text), &reading->settings, &reading->problems);
}

static void reading_init(struct reading *reading, const char *text)
{
	reading_read(reading, text);
	if (reading->problems.count) {
		struct buf out = { 0 };
		diagnostics_print(&reading->problems, &out);
		fail_msg("%s\n%s", text, buf_text(&out));
	}
}

static void reading_clear(struct reading *reading)
{
	diagnostics_clear(&reading->problems);
	arena_clear(&reading->arena);
}

static void test_empty_files_change_nothing(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "\n\n", "; a note\n# another\n", "\xef\xbb\xbf[shop]\r\n",
					     "[hours]\n[site]" };
	struct settings usual;
	settings_defaults(&usual);
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct reading reading;
		reading_init(&reading, texts[i]);
		assert_string_equal(reading.settings.language, usual.language);
		assert_int_equal(reading.settings.give_up_ms, usual.give_up_ms);
		assert_false(reading.settings.has_hours);
		assert_int_equal(reading.settings.greeting.count, 0);
		assert_int_equal(reading.settings.segment_count + reading.settings.nudge_count, 0);
		reading_clear(&reading);
	}
}

static void test_shop(void **state)
{
	(void)state;
	struct reading reading;
	reading_init(&reading, "[shop]\n"
			       "name = Larkspur & Finch; since 1990 # really\n"
			       "language = DE-at\n"
			       "TIME ZONE: Europe/Vienna\n"
			       "url=https://shop.example\n"
			       "   email   =   hello@shop.example   \n"
			       "greeting en = Hello = hi\n"
			       "greeting = Grüß Gott\n"
			       "suggestions = a | b-c |  | d\n");
	const struct settings *settings = &reading.settings;
	assert_string_equal(settings->name, "Larkspur & Finch; since 1990 # really");
	assert_string_equal(settings->language, "de");
	assert_string_equal(settings->time_zone, "Europe/Vienna");
	assert_string_equal(settings->url, "https://shop.example");
	assert_string_equal(settings->email, "hello@shop.example");
	assert_string_equal(localized_text(&settings->greeting, "en"), "Hello = hi");
	assert_string_equal(localized_text(&settings->greeting, "de"), "Grüß Gott");
	assert_string_equal(localized_text(&settings->greeting, "fr"), "Grüß Gott");
	assert_int_equal(settings->suggestion_count, 3);
	assert_string_equal(settings->suggestions[1], "b-c");
	reading_clear(&reading);
}

/* The sentence of consent as well, and its problems name it. */
static void test_consent_by_language(void **state)
{
	(void)state;
	struct reading reading;
	reading_init(&reading, "[privacy]\nconsent = Keep it.\nconsent de = Behalten Sie sie.\n");
	assert_int_equal(reading.problems.error_count, 0);
	assert_string_equal(localized_text(&reading.settings.consent, "de"), "Behalten Sie sie.");
	assert_string_equal(localized_text(&reading.settings.consent, "fr"), "Keep it.");
	assert_string_equal(localized_text(&reading.settings.consent, ""), "Keep it.");
	reading_clear(&reading);
	reading_read(&reading, "[privacy]\nconsent xyz = Keep it.\nconsent de = a\nconsent de = b\nconsents = c\n");
	assert_int_equal(reading.problems.error_count, 3);
	reading_clear(&reading);
}

/* A greeting in another language alone does not greet everybody. */
static void test_greeting_of_another_language(void **state)
{
	(void)state;
	struct reading reading;
	reading_init(&reading, "[shop]\ngreeting de = Hallo\n");
	assert_string_equal(localized_text(&reading.settings.greeting, "de"), "Hallo");
	assert_string_equal(localized_text(&reading.settings.greeting, "en"), "");
	assert_string_equal(localized_text(&reading.settings.greeting, "fr"), "");
	reading_clear(&reading);
}

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "1s", 1000 },          { "90s", 90000 },
		{ "40 seconds", 40000 }, { "1 second", 1000 },
		{ "2m", 120000 },        { "2 minutes", 120000 },
		{ "1 min", 60000 },      { "1 hour", 3600000 },
		{ "3 Hours", 10800000 }, { "1 hour 30 minutes", 5400000 },
		{ "1h30m", 5400000 },    { "1 day", 86400000 },
		{ "7d", 604800000 },     { "45 sec", 45000 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[100];
		struct reading reading;
		snprintf(text, sizeof text, "[handover]\nclaim timeout = 1s\ngive up after = %s\n", rows[i].text);
		reading_init(&reading, text);
		if (reading.settings.give_up_ms != rows[i].ms)
			fail_msg("%s is %lld ms", rows[i].text, (long long)reading.settings.give_up_ms);
		reading_clear(&reading);
	}
}

static void test_shares(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double share;
	} rows[] = { { "5%", 0.05 }, { "2.5 %", 0.025 }, { "0.1%", 0.001 }, { "50%", 0.5 }, { "1.25%", 0.0125 } };
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[100];
		struct reading reading;
		snprintf(text, sizeof text, "[promise]\nwrong answers = %s\n", rows[i].text);
		reading_init(&reading, text);
		assert_true(reading.settings.wrong_share > rows[i].share - 1e-12 &&
			    reading.settings.wrong_share < rows[i].share + 1e-12);
		reading_clear(&reading);
	}
}

static void test_hours(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		struct day_hours hours;
	} rows[] = {
		{ "closed", { { { 0, 0 } }, 0 } },
		{ "Closed", { { { 0, 0 } }, 0 } },
		{ "9:00-17:30", { { { 540, 1050 } }, 1 } },
		{ "9-17", { { { 540, 1020 } }, 1 } },
		{ "09:00 - 12:30, 13:30–18:00", { { { 540, 750 }, { 810, 1080 } }, 2 } },
		{ "0:00-24:00", { { { 0, 1440 } }, 1 } },
		{ "1-2,2-3,4-5,6-7", { { { 60, 120 }, { 120, 180 }, { 240, 300 }, { 360, 420 } }, 4 } },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[100];
		struct reading reading;
		snprintf(text, sizeof text, "[hours]\nwed = %s\n", rows[i].text);
		reading_init(&reading, text);
		const struct day_hours *seen = &reading.settings.week[2];
		assert_true(reading.settings.has_hours);
		assert_int_equal(reading.settings.week[0].count, 0);
		if (seen->count != rows[i].hours.count)
			fail_msg("%s has %u spans", rows[i].text, seen->count);
		for (size_t j = 0; j < seen->count; j++)
			if (seen->ranges[j].from != rows[i].hours.ranges[j].from ||
			    seen->ranges[j].to != rows[i].hours.ranges[j].to)
				fail_msg("%s: span %zu is %u to %u", rows[i].text, j, seen->ranges[j].from,
					 seen->ranges[j].to);
		reading_clear(&reading);
	}
}

static void test_holidays(void **state)
{
	(void)state;
	struct reading reading;
	reading_init(&reading, "[holidays]\n2026-12-25 = Christmas Day\n01-01 = New Year's Day\n02-29 = Leap day\n"
			       "2028-02-29 =\n2026-12-24 = 9:00-12:00, 12:30-13:00 Christmas Eve\n");
	static const struct {
		int year, month, day, spans;
		const char *name;
	} rows[] = {
		{ 2026, 12, 25, 0, "Christmas Day" }, { 0, 1, 1, 0, "New Year's Day" },
		{ 0, 2, 29, 0, "Leap day" },          { 2028, 2, 29, 0, "" },
		{ 2026, 12, 24, 2, "Christmas Eve" },
	};
	assert_int_equal(reading.settings.holiday_count, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct holiday *holiday = &reading.settings.holidays[i];
		assert_int_equal(holiday->year, rows[i].year);
		assert_int_equal(holiday->month, rows[i].month);
		assert_int_equal(holiday->day, rows[i].day);
		assert_int_equal(holiday->hours.count, rows[i].spans);
		assert_string_equal(holiday->name, rows[i].name);
	}
	reading_clear(&reading);
}

static void test_site(void **state)
{
	(void)state;
	struct reading reading;
	reading_init(&reading,
		     "[site]\norigins = https://Shop.example/ https://www.shop.example:443, http://localhost:8080\n"
		     "color = #ABC\nposition = left\nbot name = Finch\n");
	static const char *const origins[] = { "https://shop.example", "https://www.shop.example",
					       "http://localhost:8080" };
	assert_int_equal(reading.settings.origin_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(reading.settings.origins[i], origins[i]);
	assert_string_equal(reading.settings.color, "#ABC");
	assert_string_equal(reading.settings.position, "left");
	assert_string_equal(reading.settings.bot_name, "Finch");
	reading_clear(&reading);
}

/* Each number at its least and greatest. */
static void test_numbers_at_their_limits(void **state)
{
	(void)state;
	struct reading reading;
	reading_init(&reading,
		     "[handover]\nsecond miss = 1\nqueue limit = 0\nagent capacity = 100\n"
		     "[limits]\nmessages per minute = 10000\nconnections per address = 1\nmessage length = 4000\n"
		     "unsaved megabytes = 65536\n"
		     "[privacy]\nretention days = 0\n[files]\ntests = warn\n");
	const struct settings *settings = &reading.settings;
	assert_int_equal(settings->misses, 1);
	assert_int_equal(settings->queue_limit, 0);
	assert_int_equal(settings->agent_capacity, 100);
	assert_int_equal(settings->messages_per_minute, 10000);
	assert_int_equal(settings->connections_per_address, 1);
	assert_int_equal(settings->message_length, 4000);
	assert_int_equal(settings->unsaved_megabytes, 65536);
	assert_int_equal(settings->retention_days, 0);
	assert_false(settings->tests_must_pass);
	reading_clear(&reading);
}

static void test_segments_and_nudges(void **state)
{
	(void)state;
	struct reading reading;
	reading_init(
		&reading,
		"[segment vip]\nwhen = attribute tier = gold\nwhen page = /checkout\nroute = person\npriority = 10\n"
		"wrong answers = 2.5%\nsecond miss = 1\nupset from = annoyed\n"
		"[segment coming back]\nwhen visits = 3\nwhen = language = DE\npriority = -5\nroute = bot\n"
		"[nudge checkout]\npage = /checkout\nafter = 40 seconds\ntext = Can I help?\nenabled = yes\n"
		"[nudge home]\ntext = Hello\n");
	const struct settings *settings = &reading.settings;
	assert_int_equal(settings->segment_count, 2);
	const struct segment *vip = &settings->segments[0], *back = &settings->segments[1];
	assert_string_equal(vip->name, "vip");
	assert_int_equal(vip->route, SEGMENT_ROUTE_PERSON);
	assert_int_equal(vip->priority, 10);
	assert_int_equal(vip->condition_count, 2);
	assert_int_equal(vip->conditions[0].kind, CONDITION_ATTRIBUTE);
	assert_string_equal(vip->conditions[0].name, "tier");
	assert_string_equal(vip->conditions[0].value, "gold");
	assert_int_equal(vip->conditions[1].kind, CONDITION_PAGE);
	assert_string_equal(vip->conditions[1].value, "/checkout");
	assert_true(vip->wrong_share > 0.0249 && vip->wrong_share < 0.0251);
	assert_int_equal(vip->misses, 1);
	assert_int_equal(vip->upset_from, UPSET_FROM_ANNOYED);
	assert_string_equal(back->name, "coming back");
	assert_true(back->wrong_share == 0 && back->misses == 0 && back->upset_from == UPSET_FROM_USUAL);
	assert_int_equal(back->route, SEGMENT_ROUTE_BOT);
	assert_int_equal(back->priority, -5);
	assert_int_equal(back->conditions[0].kind, CONDITION_VISITS);
	assert_string_equal(back->conditions[0].value, "3");
	assert_string_equal(back->conditions[1].value, "de");
	assert_int_equal(settings->nudge_count, 2);
	assert_int_equal(settings->nudges[0].after_ms, 40000);
	assert_true(settings->nudges[0].is_enabled);
	assert_string_equal(settings->nudges[0].page, "/checkout");
	assert_false(settings->nudges[1].is_enabled);
	assert_string_equal(settings->nudges[1].page, "/");
	reading_clear(&reading);
}

static void test_survey(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned survey;
		size_t problems;
	} rows[] = {
		{ "", SURVEY_CSAT, 0 },
		{ "[survey]\nask = csat\n", SURVEY_CSAT, 0 },
		{ "[survey]\nask = csat, ces, nps\n", SURVEY_CSAT | SURVEY_CES | SURVEY_NPS, 0 },
		{ "[survey]\nask = NPS,CES\n", SURVEY_CES | SURVEY_NPS, 0 },
		{ "[survey]\nask = nps, nps\n", SURVEY_NPS, 0 },
		{ "[survey]\nask = none\n", 0, 0 },
		{ "[survey]\nask = stars\n", SURVEY_CSAT, 1 },
		{ "[survey]\nask = csat ces\n", SURVEY_CSAT, 1 },
		{ "[survey]\nask = csat, none\n", SURVEY_CSAT, 1 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reading reading;
		reading_read(&reading, rows[i].text);
		assert_int_equal(reading.settings.survey, rows[i].survey);
		assert_int_equal(reading.problems.error_count, rows[i].problems);
		reading_clear(&reading);
	}
}

/* The longest line that is read, whole; and one byte more. */
static void test_long_lines(void **state)
{
	(void)state;
	enum { LINE_MAX_BYTES = 8000, KEY = sizeof "consent = " - 1, SECTION = sizeof "[privacy]\n" - 1 };
	for (size_t extra = 0; extra < 2; extra++) {
		char text[SECTION + LINE_MAX_BYTES + 20] = "[privacy]\nconsent = ";
		/* Blanks in the middle make it long without making the text long. */
		memset(text + SECTION + KEY, ' ', LINE_MAX_BYTES - KEY + extra);
		text[SECTION + LINE_MAX_BYTES + extra - 1] = 'x';
		struct arena arena = { 0 };
		struct diagnostics problems;
		struct settings settings;
		diagnostics_init(&problems, &arena);
		settings_defaults(&settings);
		settings_read_in(&arena, "shop.ini", str_of(text), &settings, &problems);
		assert_int_equal(problems.error_count, extra);
		assert_string_equal(localized_text(&settings.consent, "en"), extra ? "" : "x");
		diagnostics_clear(&problems);
		arena_clear(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_files_change_nothing),
		cmocka_unit_test(test_shop),
		cmocka_unit_test(test_consent_by_language),
		cmocka_unit_test(test_greeting_of_another_language),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_holidays),
		cmocka_unit_test(test_site),
		cmocka_unit_test(test_numbers_at_their_limits),
		cmocka_unit_test(test_segments_and_nudges),
		cmocka_unit_test(test_survey),
		cmocka_unit_test(test_long_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
