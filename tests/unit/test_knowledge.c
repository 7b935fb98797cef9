/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/knowledge.h"

#include "base/buf.h"
#include "dialogue/zone.h"

#include "cmocka_all.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for each test. */
static char folder[64];
static struct arena arena;

static const char ini[] = "[shop]\nname = Try\nlanguage = en\ntime zone = Europe/London\n";
static const char english[] =
	"## Delivery time\n- how long does delivery take\n- when will it arrive\n- days until it comes\n\n"
	"Two days.\n\n"
	"## Prices\n- how much does it cost\n- what is the price\n- is it expensive\n\nTen pounds.\n";
static const char german[] = "## Lieferzeit\n- wie lange dauert die lieferung\n- wann kommt es an\n\nZwei Tage.\n\n"
			     "## Preise\n- was kostet es\n- wie teuer ist es\n\nZehn Euro.\n";

static void put(const char *name, const char *text)
{
	FILE *file = fopen(arena_printf(&arena, "%s/%s", folder, name), "wb");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/shopbell-knowledge-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	mkdir(arena_printf(&arena, "%s/de", folder), 0700);
	put("shop.ini", ini);
	put("topics.md", english);
	put("de/themen.md", german);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	static const char *const names[] = { "shop.ini", "topics.md", "words.md", "de/themen.md", "de", "" };
	for (size_t i = 0; i < COUNT(names); i++)
		remove(arena_printf(&arena, "%s/%s", folder, names[i]));
	arena_clear(&arena);
	return 0;
}

static struct knowledge *load(const struct knowledge *before, struct diagnostics *problems)
{
	diagnostics_init(problems, &arena);
	return knowledge_load(folder, before, problems);
}

static struct knowledge *load_well(const struct knowledge *before)
{
	struct diagnostics problems;
	struct buf printed = { 0 };
	struct knowledge *knowledge = load(before, &problems);
	diagnostics_print(&problems, &printed);
	if (!knowledge || problems.count)
		print_error("%s", buf_text(&printed));
	assert_non_null(knowledge);
	assert_int_equal(problems.count, 0);
	buf_clear(&printed);
	diagnostics_clear(&problems);
	return knowledge;
}

static void test_loads(void **state)
{
	(void)state;
	struct knowledge *knowledge = load_well(NULL);
	assert_int_equal(knowledge->language_count, 2);
	assert_string_equal(knowledge->languages[0].corpus->language, "en");
	assert_ptr_equal(knowledge_language(knowledge, "de"), &knowledge->languages[1]);
	assert_null(knowledge_language(knowledge, "fr"));
	assert_null(knowledge_language(knowledge, NULL));
	assert_int_equal(zone_civil(knowledge->zone, 1782900000000).minute, 11 * 60); /* 2026-07-01 10:00 UTC */
	knowledge_unref(knowledge);
	knowledge_unref(NULL);
}

/* A snapshot built beside another shares what did not change, and outlives it. */
static void test_shares_matchers(void **state)
{
	(void)state;
	static const struct {
		const char *file, *text;
		bool shares_english, shares_german;
		const char *remark;
	} rows[] = {
		{ "shop.ini", "[shop]\nname = Other\nlanguage = en\ntime zone = Europe/Berlin\n", true, true,
		  "a name" },
		{ "de/themen.md",
		  "## Lieferzeit\n- wie lange dauert das\n\nDrei Tage.\n\n## Preise\n- was kostet es\n\nZehn.\n", true,
		  false, "German wordings" },
		{ "topics.md",
		  "## Delivery time\n- how long does delivery take\n- when will it arrive\n- days until it "
		  "comes\n\nThree days.\n\n"
		  "## Prices\n- how much does it cost\n- what is the price\n- is it expensive\n\nTwelve pounds.\n",
		  true, true, "an answer only" },
		{ "words.md", "# Words\n\n## Same meaning\n- cost, price\n", false, false, "synonyms" },
		{ "shop.ini", "[shop]\nname = Try\nlanguage = en\n[promise]\nwrong answers = 2%\n", false, false,
		  "the promise" },
	};
	struct knowledge *before = load_well(NULL);
	for (size_t i = 0; i < COUNT(rows); i++) {
		put(rows[i].file, rows[i].text);
		struct knowledge *after = load_well(before);
		bool english_shared = after->languages[0].matcher == before->languages[0].matcher;
		bool german_shared =
			knowledge_language(after, "de")->matcher == knowledge_language(before, "de")->matcher;
		if (english_shared != rows[i].shares_english || german_shared != rows[i].shares_german)
			print_error("%s: English %d, German %d\n", rows[i].remark, english_shared, german_shared);
		assert_int_equal(english_shared, rows[i].shares_english);
		assert_int_equal(german_shared, rows[i].shares_german);
		/* The old one goes first; what it trained goes on working. */
		knowledge_unref(before);
		struct mind *mind = mind_new();
		struct understanding heard;
		knowledge_understand(after, mind, STR_LIT("how much does it cost"), "en", &heard);
		assert_string_equal(after->languages[0].corpus->intents[heard.match.candidates[0].intent].question,
				    "Prices");
		mind_free(mind);
		before = after;
	}
	knowledge_unref(before);
}

/* ---- Test lines ---- */

static void test_test_lines(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		const char *problem; /* part of it, "" for none */
	} rows[] = {
		{ "test: how long does the delivery take", "" },
		{ "test: how much does it cost",
		  "test \"how much does it cost\": expected \"delivery-time\", but it landed in \"prices\"" },
		{ "test: how much does it cost -> prices", "" },
		{ "test: xyzzy plugh",
		  "test \"xyzzy plugh\": expected \"delivery-time\", but the bot did not understand it" },
		{ "test: xyzzy plugh -> none", "" },
		{ "test: when will it arrive -> none",
		  "expected no answer, but it was answered with \"delivery-time\"" },
		{ "test: i want to talk to a human -> none", "it was taken for a request to talk to a person" },
		{ "test: i want to talk to a human", "it was taken for a request to talk to a person" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diagnostics problems;
		put("topics.md",
		    arena_printf(&arena,
				 "## Delivery time\n- how long does delivery take\n- when will it arrive\n"
				 "- days until it comes\n\nTwo days.\n\n%s\n\n"
				 "## Prices\n- how much does it cost\n- what is the price\n- is it expensive\n\n"
				 "Ten pounds.\n",
				 rows[i].line));
		struct knowledge *knowledge = load(NULL, &problems);
		const char *what = problems.count ? problems.items[0].what : "";
		bool ok = (knowledge != NULL) == !*rows[i].problem && strstr(what, rows[i].problem) &&
			  problems.count == (*rows[i].problem != 0);
		if (!ok)
			print_error("%s: %s\n", rows[i].line, what);
		assert_true(ok);
		if (problems.count) {
			assert_int_equal(problems.items[0].severity, SEVERITY_ERROR);
			assert_string_equal(problems.items[0].place.file, "topics.md");
			assert_int_equal(problems.items[0].place.line, 8);
			assert_string_equal(problems.items[0].source, rows[i].line);
		}
		diagnostics_clear(&problems);
		knowledge_unref(knowledge);
	}
}

static void test_warnings_let_through(void **state)
{
	(void)state;
	struct diagnostics problems;
	put("shop.ini", "[shop]\nlanguage = en\n[files]\ntests = warn\n");
	put("topics.md",
	    "## Delivery time\n- how long does delivery take\n- when will it arrive\n\nTwo days.\n\n"
	    "test: xyzzy plugh\n\n## Prices\n- how much does it cost\n- what is the price\n\nTen pounds.\n");
	struct knowledge *knowledge = load(NULL, &problems);
	assert_non_null(knowledge);
	assert_int_equal(problems.count, 1);
	assert_int_equal(problems.error_count, 0);
	assert_int_equal(problems.items[0].severity, SEVERITY_WARNING);
	diagnostics_clear(&problems);
	knowledge_unref(knowledge);
}

static void test_faults_refuse(void **state)
{
	(void)state;
	struct diagnostics problems;
	put("topics.md", "no heading\n");
	assert_null(load(NULL, &problems));
	assert_true(problems.error_count > 0);
	diagnostics_clear(&problems);
	diagnostics_init(&problems, &arena);
	assert_null(knowledge_load("/nowhere/at/all", NULL, &problems));
	assert_true(problems.error_count > 0);
	diagnostics_clear(&problems);
}

static void test_unknown_zone(void **state)
{
	(void)state;
	struct diagnostics problems;
	put("shop.ini", "[shop]\nname = Try\ntime zone = Europe/Atlantis\n");
	assert_null(load(NULL, &problems));
	assert_int_equal(problems.error_count, 1);
	assert_true(strstr(problems.items[0].what, "Europe/Atlantis"));
	assert_string_equal(problems.items[0].place.file, "shop.ini");
	assert_int_equal(problems.items[0].place.line, 3);
	assert_string_equal(problems.items[0].source, "time zone = Europe/Atlantis");
	diagnostics_clear(&problems);
}

/* ---- Thinking ---- */

static void test_languages(void **state)
{
	(void)state;
	static const struct {
		const char *text, *usual, *language;
	} rows[] = {
		{ "how long does delivery take", NULL, "en" },
		{ "wie lange dauert die lieferung", NULL, "de" },
		{ "wie lange dauert die lieferung", "en", "de" },
		{ "how long does delivery take", "de", "en" },
		{ "ok", "de", "de" },
		{ "ok", NULL, "en" },
		{ "ok", "fr", "en" },
		{ "", "de", "de" },
	};
	struct knowledge *knowledge = load_well(NULL);
	struct mind *mind = mind_new();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct understanding heard;
		knowledge_understand(knowledge, mind, str_of(rows[i].text), rows[i].usual, &heard);
		if (strcmp(heard.language->corpus->language, rows[i].language) != 0)
			print_error("\"%s\", usually %s: %s\n", rows[i].text, rows[i].usual ? rows[i].usual : "(none)",
				    heard.language->corpus->language);
		assert_string_equal(heard.language->corpus->language, rows[i].language);
	}
	mind_free(mind);
	mind_free(NULL);
	knowledge_unref(knowledge);
}

static void *count_up_and_down(void *context)
{
	struct knowledge *knowledge = context;
	struct mind *mind = mind_new();
	struct understanding heard;
	for (int i = 0; i < 500; i++) {
		knowledge_ref(knowledge);
		knowledge_understand(knowledge, mind, STR_LIT("how long does delivery take"), NULL, &heard);
		assert_string_equal(knowledge->languages[0].corpus->intents[heard.match.candidates[0].intent].question,
				    "Delivery time");
		knowledge_unref(knowledge);
	}
	mind_free(mind);
	knowledge_unref(knowledge);
	return NULL;
}

static void test_threads(void **state)
{
	(void)state;
	struct knowledge *knowledge = load_well(NULL);
	pthread_t threads[4];
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_up_and_down, knowledge_ref(knowledge)), 0);
	knowledge_unref(knowledge); /* the last thread gives it back */
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_loads, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_shares_matchers, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_test_lines, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_warnings_let_through, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_faults_refuse, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_unknown_zone, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_languages, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_threads, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
