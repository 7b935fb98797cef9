/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/phrases.h"

#include "zone_kit.h"

#include <string.h>

enum { MINUTE = 60 * 1000 };

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

static void every_phrase_has_the_same_places_in_every_language(void **state)
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

static void no_line_was_left_in_english(void **state)
{
	(void)state;
	for (int phrase = 0; phrase < PHRASE_TIME; phrase++)
		for (size_t i = 1; i < COUNT(languages); i++)
			assert_string_not_equal(phrase_text(languages[i], (enum phrase)phrase),
						phrase_text("en", (enum phrase)phrase));
}

static void lines_of_the_bot_say_that_it_is_one(void **state)
{
	(void)state;
	static const enum phrase rows[] = { PHRASE_MISS,        PHRASE_MISS_UPSET, PHRASE_CLARIFY,
					    PHRASE_ONLY_PERSON, PHRASE_FULL,       PHRASE_GO_ON };
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t j = 0; j < COUNT(languages); j++)
			assert_true(strstr(phrase_text(languages[j], rows[i]), "bot") ||
				    strstr(phrase_text(languages[j], rows[i]), "Bot"));
}

static void places_are_filled_with_values_as_they_are(void **state)
{
	struct arena *arena = *state;
	struct phrase_values values = { .name = "Anna {name}", .email = "a@b.example", .number = 12 };
	assert_string_equal(phrase_in(arena, "en", PHRASE_CLAIM, &values), "Anna {name} has joined.");
	assert_string_equal(phrase_in(arena, "de", PHRASE_CONTACT, &values), "Danke. Wir schreiben an a@b.example.");
	assert_string_equal(phrase_in(arena, "en", PHRASE_NUMBER, &values), "You are number 12 in line.");
	assert_string_equal(phrase_in(arena, "en", PHRASE_CLAIM, &(struct phrase_values){ 0 }), " has joined.");
}

static void a_place_in_line_has_an_honest_wait(void **state)
{
	struct arena *arena = *state;
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
		assert_string_equal(phrase_place_in(arena, rows[i].language, rows[i].position, rows[i].wait_ms),
				    rows[i].text);
}

static void a_time_is_told_as_people_tell_it(void **state)
{
	struct arena *arena = *state;
	static const struct {
		const char *language, *then, *text;
	} rows[] = {
		{ "en", "2026-11-28 13:30", "today at 13:30" },
		{ "en", "2026-11-29 09:00", "tomorrow at 9:00" },
		{ "en", "2026-11-30 09:00", "on Monday at 9:00" },
		{ "en", "2026-12-04 00:00", "on Friday at 0:00" },
		{ "en", "2026-12-05 09:05", "on Saturday, 5 December at 9:05" },
		{ "en", "2027-01-04 09:00", "on Monday, 4 January at 9:00" },
		{ "de", "2026-11-28 14:00", "heute um 14:00 Uhr" },
		{ "de", "2026-11-30 09:00", "am Montag um 9:00 Uhr" },
		{ "de", "2027-01-04 09:00", "am Montag, dem 4. Januar, um 9:00 Uhr" },
		{ "fr", "2026-11-30 09:00", "lundi à 9:00" },
		{ "fr", "2027-01-04 09:00", "lundi 4 janvier à 9:00" },
		{ "es", "2026-11-29 09:00", "mañana a las 9:00" },
		{ "es", "2027-01-04 09:00", "el lunes 4 de enero a las 9:00" },
	};
	const struct zone *zone = zone_of(arena, "Europe/London");
	int64_t now = time_of(zone, "2026-11-28 12:00"); /* a Saturday */
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(phrase_when_in(arena, rows[i].language, zone, now, time_of(zone, rows[i].then)),
				    rows[i].text);
}

static void buttons_have_their_labels(void **state)
{
	(void)state;
	assert_string_equal(phrase_option("de", PHRASE_EMAIL).id, "email");
	assert_string_equal(phrase_label("de", "person"), "Mit einem Menschen sprechen");
	assert_string_equal(phrase_label("en", "wait"), phrase_option("en", PHRASE_WAIT).label);
	assert_null(phrase_label("en", "delivery-time"));
	assert_null(phrase_label("en", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_phrase_has_the_same_places_in_every_language),
		cmocka_unit_test(no_line_was_left_in_english),
		cmocka_unit_test(lines_of_the_bot_say_that_it_is_one),
		cmocka_unit_test(places_are_filled_with_values_as_they_are),
		cmocka_unit_test(a_place_in_line_has_an_honest_wait),
		cmocka_unit_test(a_time_is_told_as_people_tell_it),
		cmocka_unit_test(buttons_have_their_labels),
	};
	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
