/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/phrases.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE = 60 * 1000 };

static struct arena arena;
static const char *const languages[] = { "en", "de", "fr", "es" };

/* The places of a phrase, in any order: one bit each; -1 for a place that nobody fills. */
static int places_of(const char *text)
{
	static const char *const known[] = { "{name}", "{email}", "{when}", "{matter}", "{time}", "{day}", "{number}" };
	int places = 0;
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
		size_t i = 0;
		while (i < COUNT(known) && strncmp(at, known[i], strlen(known[i])) != 0)
			i++;
		if (i == COUNT(known) || places & 1 << i)
			return -1;
		places |= 1 << i;
	}
	return places;
}

static void test_table_is_whole(void **state)
{
	(void)state;
	for (int phrase = 0; phrase < PHRASE_COUNT; phrase++) {
		int places = places_of(phrase_text("en", (enum phrase)phrase));
		for (size_t i = 0; i < COUNT(languages); i++) {
			const char *text = phrase_text(languages[i], (enum phrase)phrase);
			bool ok = text && *text && places >= 0 && places_of(text) == places && !strchr(text, '!');
			if (!ok)
				print_error("phrase %d in %s: \"%s\"\n", phrase, languages[i],
					    text ? text : "(missing)");
			assert_true(ok);
		}
	}
	assert_string_equal(phrase_text("nl", PHRASE_PERSON), phrase_text("en", PHRASE_PERSON));
	assert_string_equal(phrase_text("", PHRASE_PERSON), "Talk to a person");
}

/* Each language is its own: no line was left in English. */
static void test_translated(void **state)
{
	(void)state;
	for (int phrase = 0; phrase < PHRASE_TIME; phrase++)
		for (size_t i = 1; i < COUNT(languages); i++)
			assert_string_not_equal(phrase_text(languages[i], (enum phrase)phrase),
						phrase_text("en", (enum phrase)phrase));
}

/* Lines of the bot say that it is one. */
static void test_bot_says_so(void **state)
{
	(void)state;
	static const enum phrase rows[] = { PHRASE_MISS,        PHRASE_MISS_UPSET, PHRASE_CLARIFY,
					    PHRASE_ONLY_PERSON, PHRASE_FULL,       PHRASE_GO_ON };
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t j = 0; j < COUNT(languages); j++)
			assert_true(strstr(phrase_text(languages[j], rows[i]), "bot") ||
				    strstr(phrase_text(languages[j], rows[i]), "Bot"));
}

static void test_filling(void **state)
{
	(void)state;
	struct phrase_values values = { .name = "Anna {name}", .email = "a@b.example", .number = 12 };
	assert_string_equal(phrase_in(&arena, "en", PHRASE_CLAIM, &values), "Anna {name} has joined.");
	assert_string_equal(phrase_in(&arena, "de", PHRASE_CONTACT, &values), "Danke. Wir schreiben an a@b.example.");
	assert_string_equal(phrase_in(&arena, "en", PHRASE_NUMBER, &values), "You are number 12 in line.");
	assert_string_equal(phrase_in(&arena, "en", PHRASE_CLAIM, &(struct phrase_values){ 0 }), " has joined.");
}

static void test_place(void **state)
{
	(void)state;
	static const struct {
		const char *language;
		long position;
		int64_t wait_ms;
		const char *text;
	} rows[] = {
		{ "en", 1, -1, "You are next in line." },
		{ "en", 0, -1, "You are next in line." },
		{ "en", 2, -1, "You are number 2 in line." },
		{ "en", 1, 0, "You are next in line. It usually takes less than a minute." },
		{ "en", 1, MINUTE / 2 - 1, "You are next in line. It usually takes less than a minute." },
		{ "en", 1, MINUTE / 2, "You are next in line. It will take about a minute." },
		{ "en", 3, 4 * MINUTE, "You are number 3 in line. It will take about 4 minutes." },
		{ "en", 3, 59 * MINUTE, "You are number 3 in line. It will take about 59 minutes." },
		{ "en", 9, 60 * MINUTE, "You are number 9 in line. It may take more than an hour." },
		{ "de", 2, 3 * MINUTE, "Sie sind Nummer 2 in der Reihe. Es dauert etwa 3 Minuten." },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(phrase_place_in(&arena, rows[i].language, rows[i].position, rows[i].wait_ms),
				    rows[i].text);
}

static void test_when(void **state)
{
	(void)state;
	static const struct {
		const char *language;
		int days, minute; /* after Saturday 2026-11-28 12:00 in London */
		const char *text;
	} rows[] = {
		{ "en", 0, 13 * 60 + 30, "today at 13:30" },
		{ "en", 1, 9 * 60, "tomorrow at 9:00" },
		{ "en", 2, 9 * 60, "on Monday at 9:00" },
		{ "en", 6, 0, "on Friday at 0:00" },
		{ "en", 7, 9 * 60 + 5, "on Saturday, 5 December at 9:05" },
		{ "en", 37, 9 * 60, "on Monday, 4 January at 9:00" },
		{ "de", 0, 14 * 60, "heute um 14:00 Uhr" },
		{ "de", 2, 9 * 60, "am Montag um 9:00 Uhr" },
		{ "de", 37, 9 * 60, "am Montag, dem 4. Januar, um 9:00 Uhr" },
		{ "fr", 2, 9 * 60, "lundi à 9:00" },
		{ "fr", 37, 9 * 60, "lundi 4 janvier à 9:00" },
		{ "es", 1, 9 * 60, "mañana a las 9:00" },
		{ "es", 37, 9 * 60, "el lunes 4 de enero a las 9:00" },
	};
	const struct zone *zone = NULL;
	assert_int_equal(zone_load_in(&arena, "Europe/London", &zone, NULL), 0);
	int64_t now =
		zone_instant_ms(zone, &(struct civil_time){ .year = 2026, .month = 11, .day = 28, .minute = 720 });
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct civil_time then = {
			.year = 2026, .month = 11, .day = 28 + rows[i].days, .minute = rows[i].minute
		};
		const char *got = phrase_when_in(&arena, rows[i].language, zone, now, zone_instant_ms(zone, &then));
		assert_string_equal(got, rows[i].text);
	}
}

static void test_options(void **state)
{
	(void)state;
	assert_string_equal(phrase_option("de", PHRASE_EMAIL).id, "email");
	assert_string_equal(phrase_label("de", "person"), "Mit einem Menschen sprechen");
	assert_string_equal(phrase_label("en", "wait"), phrase_option("en", PHRASE_WAIT).label);
	assert_null(phrase_label("en", "delivery-time"));
	assert_null(phrase_label("en", ""));
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
		cmocka_unit_test(test_table_is_whole), cmocka_unit_test(test_translated),
		cmocka_unit_test(test_bot_says_so),    cmocka_unit_test(test_filling),
		cmocka_unit_test(test_place),          cmocka_unit_test(test_when),
		cmocka_unit_test(test_options),
	};
	return cmocka_run_group_tests(tests, NULL, clear);
}
