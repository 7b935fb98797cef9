/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/script.h"

#include "dialogue_kit.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Reading ---- */

static void a_line_that_is_not_understood_is_refused_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *line, *what;
	} rows[] = {
		{ "hello", "nobody speaks in this line" },
		{ "customer> hello", "nobody speaks in this line" },
		{ "system says> hello", "nobody speaks in this line" },
		{ "system", "nobody speaks in this line" },
		{ "visitor says hello", "nobody does this here" },
		{ "visitor jumps> high", "nobody does this here" },
		{ "visitor closes> now", "nobody does this here" },
		{ "visitor rates> great", "this is no rating" },
		{ "visitor surveys> 6", "not from 1 to 5" },
		{ "visitor surveys> 0", "not from 1 to 5" },
		{ "visitor visits> many", "this is no number" },
		{ "visitor has> gold", "not of the form NAME = VALUE" },
		{ "agent> hello", "no name of an agent" },
		{ "agent anna sleeps", "nobody does this here" },
		{ "bot", "nobody speaks in this line" },
		{ "bot delivery-time> x", "the bot's line is not understood" },
		{ "bot delivery-time certain> x", "the bot's line is not understood" },
		{ "bot delivery-time sure now> x", "the bot's line is not understood" },
		{ "= somewhere", "this state is not known" },
		{ "= handover angry", "this state is not known" },
		{ "= agent", "this state is not known" },
		{ "@", "this is not a weekday or date with a time" },
		{ "@ Mon", "this is not a weekday or date with a time" },
		{ "@ Mon 24:00", "this is not a weekday or date with a time" },
		{ "@ Mon 10:60", "this is not a weekday or date with a time" },
		{ "@ Someday 10:00", "this is not a weekday or date with a time" },
		{ "@ 2026-13-01 10:00", "this is not a weekday or date with a time" },
		{ "@ Mon 10:00 sharp", "this is not a weekday or date with a time" },
		{ "@ Mon 10:00, weather: fine", "not known behind the time" },
		{ "@ Mon 10:00, queue: long", "not known behind the time" },
		{ "@ Mon 10:00, agents online: a b c d e f g h i", "not known behind the time" },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diagnostics problems;
		diagnostics_init(&problems, &arena);
		const char *text = arena_printf(&arena, "# first\n@ Mon 10:00\n%s\nvisitor> hi\n", rows[i].line);
		const struct script *script = script_read_in(&arena, "try.chat", str_of(text), &problems);
		const char *what = problems.count ? problems.items[0].what : "(nothing)";
		if (script || strcmp(what, rows[i].what) != 0)
			print_error("\"%s\": %s\n", rows[i].line, what);
		assert_null(script);
		assert_int_equal(problems.count, 1);
		assert_string_equal(what, rows[i].what);
		assert_string_equal(problems.items[0].place.file, "try.chat");
		assert_int_equal(problems.items[0].place.line, 3);
		assert_string_equal(problems.items[0].source, rows[i].line);
		diagnostics_clear(&problems);
	}
	arena_clear(&arena);
}

static void all_problems_are_told_at_once(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	assert_null(script_read_in(&arena, "try.chat", STR_LIT("a\nb\r\n\n# c\nvisitor> d\ne"), &problems));
	assert_int_equal(problems.count, 3);
	assert_int_equal(problems.items[1].place.line, 2);
	assert_int_equal(problems.items[2].place.line, 6);
	diagnostics_clear(&problems);
	arena_clear(&arena);
}

/* Whether a file of so many of these bytes is read. */
static bool is_read(size_t count, char byte)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	char *text = malloc(count);
	assert_non_null(text);
	memset(text, byte, count);
	diagnostics_init(&problems, &arena);
	bool is_read = script_read_in(&arena, "try.chat", (struct str){ text, count }, &problems) != NULL;
	diagnostics_clear(&problems);
	arena_clear(&arena);
	free(text);
	return is_read;
}

/* So many line ends make one line more. */
static void a_script_has_so_many_lines_at_most(void **state)
{
	(void)state;
	assert_true(is_read(SCRIPT_LINES_MAX - 1, '\n'));
	assert_false(is_read(SCRIPT_LINES_MAX, '\n'));
	assert_false(is_read(SCRIPT_LINES_MAX + 1, '\n'));
}

static void a_script_has_so_many_bytes_at_most(void **state)
{
	(void)state;
	assert_true(is_read(SCRIPT_BYTES_MAX, '#'));
	assert_false(is_read(SCRIPT_BYTES_MAX + 1, '#'));
}

/* ---- Playing ---- */

struct play {
	const char *text;
	uint32_t line;       /* of the one failure; 0: none */
	const char *came;    /* part of it */
	const char *instead; /* NULL: none */
};

static void play_all(struct kit *kit, const struct play *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena = { 0 };
		struct diagnostics problems;
		struct script_outcome outcome;
		diagnostics_init(&problems, &arena);
		const struct script *script = script_read_in(&arena, "try.chat", str_of(rows[i].text), &problems);
		assert_non_null(script);
		script_play(script, kit->knowledge, kit->mind, &arena, &outcome);
		const struct script_failure *failure = outcome.failures;
		bool ok = outcome.failure_count == (rows[i].line != 0);
		if (ok && rows[i].line)
			ok = failure->line == rows[i].line && strstr(failure->came, rows[i].came) &&
			     (rows[i].instead ? failure->instead && !strcmp(failure->instead, rows[i].instead)
					      : !failure->instead);
		for (size_t j = 0; !ok && j < outcome.failure_count; j++)
			print_error("row %zu, line %u: expected \"%s\", came \"%s\", instead \"%s\"\n", i,
				    outcome.failures[j].line, outcome.failures[j].expected, outcome.failures[j].came,
				    outcome.failures[j].instead ? outcome.failures[j].instead : "(none)");
		if (!ok)
			print_error("row %zu: %zu failures\n%s\n", i, outcome.failure_count, rows[i].text);
		assert_true(ok);
		diagnostics_clear(&problems);
		arena_clear(&arena);
	}
}

#define START "@ Mon 10:00, agents online: anna\n"

static void what_was_expected_is_held_against_what_came(void **state)
{
	struct kit *kit = *state;
	static const struct play rows[] = {
		{ START "visitor> how much is postage\nbot delivery-prices sure> Delivery costs\n", 0, "", NULL },
		{ START "visitor> how much is postage\nbot delivery-prices sure>\n= owner bot\n= no handover\n", 0, "",
		  NULL },
		{ START "visitor> how much is postage\nbot> Delivery\n", 0, "", NULL },
		{ START "visitor> how much is postage\nbot delivery-time sure>\n", 3,
		  "bot delivery-prices sure> Delivery",
		  "bot delivery-prices sure> Delivery costs £3.50 and is free from £40." },
		{ START "visitor> how much is postage\nbot delivery-prices unsure>\n", 3, "delivery-prices sure",
		  "bot delivery-prices sure> Delivery costs £3.50 and is free from £40." },
		{ START "visitor> how much is postage\nbot delivery-prices sure> Nothing\n", 3, "Delivery costs",
		  "bot delivery-prices sure> Delivery costs £3.50 and is free from £40." },
		{ START "visitor> how much is postage\nsystem>\n", 3, "bot delivery-prices", NULL },
		{ START "visitor> how much is postage\n= waiting for agent\n", 3, "= owner bot", "= owner bot" },
		{ START "visitor> how much is postage\n= handover upset\n", 3, "= no handover", "= no handover" },
		{ START "visitor> i want a human\n= no handover\n", 3, "= handover asked", "= handover asked" },
		{ START "visitor> i want a human\nagent anna claims\n= agent ben\n", 4, "= agent anna",
		  "= agent anna" },
		{ START "visitor> hello\n= closed\n", 3, "= owner bot", "= owner bot" },
		/* In order, with others between; not twice the same. */
		{ START "visitor> my teapot arrived broken\nsystem> A colleague\n", 0, "", NULL },
		{ START "visitor> my teapot arrived broken\nbot arrived-broken sure>\nsystem>\nsystem>\n", 5, "system>",
		  NULL },
		{ START "visitor> my teapot arrived broken\nsystem>\nbot arrived-broken sure>\n", 4,
		  "bot arrived-broken", NULL },
		/* Lines belong to what was done last. */
		{ START "visitor> hello\nvisitor closes\nbot hello sure>\n", 4, "You have ended", NULL },
		/* The clock. */
		{ START "visitor> hello\n@ Tue 9:00\nsystem> It was quiet\n= closed\n", 0, "", NULL },
		{ START "visitor> hello\n@ 2026-05-01 9:00\n", 3, "cannot go back", "@ 2026-05-01 9:00" },
		{ "visitor presses> Talk to a person\n= nobody\n", 0, "", NULL },
		/* What cannot be done. */
		{ START "visitor> hello\nvisitor presses> Fly to the moon\n", 3, "no such button",
		  "visitor presses> Fly to the moon" },
		{ START "visitor closes\n", 2, "nothing was said yet", "visitor closes" },
		{ START "visitor> hello\nagent anna returns\n", 3, "does not have it", "agent anna returns" },
		{ START "visitor> hello\nagent anna claims\nagent ben claims\n", 4, "another agent",
		  "agent ben claims" },
		{ START "visitor rates> helpful\n", 2, "refused", "visitor rates> helpful" },
		/* CRLF and a byte order mark. */
		{ "\xef\xbb\xbf@ Mon 10:00, agents online: anna\r\nvisitor> hello\r\nbot hello sure>\r\n", 0, "",
		  NULL },
	};
	play_all(kit, rows, COUNT(rows));
}

/* Each line of an outcome is fit to stand in the file. */
static void accepting_all_that_came_makes_the_script_true(void **state)
{
	struct kit *kit = *state;
	static const char text[] = START "visitor> how much is postage\nbot x sure>\nbot y sure>\nsystem>\n= closed\n"
					 "visitor> asdf ghjk qwer\nbot> X\n= handover upset\n"
					 "visitor> i want a human\nbot none>\nsystem> X\n= nobody\n";
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct script_outcome outcome;
	diagnostics_init(&problems, &arena);
	script_play(script_read_in(&arena, "a.chat", str_of(text), &problems), kit->knowledge, kit->mind, &arena,
		    &outcome);
	assert_int_equal(outcome.failure_count, 9);
	assert_int_equal(outcome.checked, 9);
	struct buf again = { 0 };
	struct str rest = str_of(text), line;
	size_t next = 0;
	for (uint32_t number = 1; str_line(&rest, &line); number++) {
		bool is_failed = next < outcome.failure_count && outcome.failures[next].line == number;
		if (is_failed && outcome.failures[next].instead)
			buf_printf(&again, "%s\n", outcome.failures[next].instead);
		else if (!is_failed)
			buf_printf(&again, "%.*s\n", STR_ARG(line));
		next += is_failed;
	}
	script_play(script_read_in(&arena, "b.chat", buf_str(&again), &problems), kit->knowledge, kit->mind, &arena,
		    &outcome);
	for (size_t i = 0; i < outcome.failure_count; i++)
		print_error("%u: %s / %s\n", outcome.failures[i].line, outcome.failures[i].expected,
			    outcome.failures[i].came);
	assert_int_equal(outcome.failure_count, 0);
	buf_clear(&again);
	diagnostics_clear(&problems);
	arena_clear(&arena);
}

static void a_check_counts_and_names_what_failed(void **state)
{
	struct kit *kit = *state;
	struct arena arena = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	assert_int_equal(script_check("tests/a.chat", STR_LIT("visitor> hello\nbot hello sure>\n"), kit->knowledge,
				      kit->mind, &problems),
			 0);
	assert_int_equal(script_check("tests/b.chat", STR_LIT("visitor> hello\nbot bye sure>\n= nobody\n"),
				      kit->knowledge, kit->mind, &problems),
			 2);
	assert_int_equal(script_check("tests/c.chat", STR_LIT("nonsense\n"), kit->knowledge, kit->mind, &problems), 1);
	assert_int_equal(problems.error_count, 3);
	assert_string_equal(problems.items[0].place.file, "tests/b.chat");
	assert_int_equal(problems.items[0].place.line, 2);
	assert_true(strstr(problems.items[0].what, "bot hello sure> Hello, I am Leaf"));
	diagnostics_clear(&problems);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_is_not_understood_is_refused_with_its_place),
		cmocka_unit_test(all_problems_are_told_at_once),
		cmocka_unit_test(a_script_has_so_many_lines_at_most),
		cmocka_unit_test(a_script_has_so_many_bytes_at_most),
		KIT_TEST(what_was_expected_is_held_against_what_came),
		KIT_TEST(accepting_all_that_came_makes_the_script_true),
		KIT_TEST(a_check_counts_and_names_what_failed),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
