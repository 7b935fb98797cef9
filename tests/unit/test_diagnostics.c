/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/diagnostics.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

static void test_print(void **state)
{
	(void)state;
	static const struct {
		struct problem problem;
		const char *printed;
	} rows[] = {
		{ { SEVERITY_ERROR,
		    { "a.md", 3, 5 },
		    "unknown key \"nxt\"",
		    "did you mean \"next\"?",
		    "    nxt: x",
		    3 },
		  "a.md:3:5: error: unknown key \"nxt\"; did you mean \"next\"?\n    nxt: x\n    ^~~\n" },
		{ { SEVERITY_WARNING, { "a.md", 3, 1 }, "what", "", "line", 1 }, "a.md:3:1: warning: what\nline\n^\n" },
		{ { SEVERITY_NOTE, { "shop.ini", 0, 0 }, "none", "", "", 0 }, "shop.ini:1:1: note: none\n" },
		{ { SEVERITY_ERROR, { "a.md", 2, 0 }, "whole line", "", "\t two words ", 1 },
		  "a.md:2:1: error: whole line\n\t two words \n\t ^~~~~~~~~\n" },
		{ { SEVERITY_ERROR, { "a.md", 2, 4 }, "tabs", "", "\ta\tb", 1 },
		  "a.md:2:4: error: tabs\n\ta\tb\n\t \t^\n" },
		{ { SEVERITY_ERROR, { "a.md", 2, 7 }, "after umlauts", "", "Größe: x", 1 },
		  "a.md:2:7: error: after umlauts\nGröße: x\n      ^\n" },
		{ { SEVERITY_ERROR, { "a.md", 2, 5 }, "at the end", "", "four", 3 },
		  "a.md:2:5: error: at the end\nfour\n    ^\n" },
		{ { SEVERITY_ERROR, { "a.md", 2, 1 }, "wide", "", "four", 99 }, "a.md:2:1: error: wide\nfour\n^~~~\n" },
		{ { SEVERITY_ERROR, { "a.md", 2, 9 }, "beyond", "", "four", 1 }, "a.md:2:9: error: beyond\nfour\n" },
		{ { SEVERITY_ERROR,
		    { "a.md", 2, 1 },
		    "escape \x1b[31m",
		    "\x07",
		    "a\x1b\xc2\x9b"
		    "b\xff",
		    1 },
		  "a.md:2:1: error: escape ?[31m; ?\na??b\xef\xbf\xbd\n^\n" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena arena = { 0 };
		struct diagnostics list;
		struct buf out = { 0 };
		diagnostics_init(&list, &arena);
		diagnostics_add(&list, &rows[i].problem);
		diagnostics_print(&list, &out);
		assert_string_equal(buf_text(&out), rows[i].printed);
		buf_clear(&out);
		diagnostics_clear(&list);
		arena_clear(&arena);
	}
}

static void add(struct diagnostics *list, enum severity severity, const char *file, uint32_t line, uint32_t column,
		const char *what)
{
	diagnostics_add(list, &(struct problem){ severity, { file, line, column }, what, "", "", 1 });
}

static void test_some_of_one_severity(void **state)
{
	(void)state;
	static const struct {
		enum severity severity;
		size_t limit, count;
		const char *printed;
	} rows[] = {
		{ SEVERITY_ERROR, SIZE_MAX, 1, "b.md:1:1: error: two\n" },
		{ SEVERITY_WARNING, 2, 3, "a.md:1:1: warning: one\nc.md:1:1: warning: three\n" },
		{ SEVERITY_WARNING, 3, 3,
		  "a.md:1:1: warning: one\nc.md:1:1: warning: three\nd.md:1:1: warning: four\n" },
		{ SEVERITY_WARNING, 0, 3, "" },
		{ SEVERITY_NOTE, SIZE_MAX, 0, "" },
	};
	struct arena arena = { 0 };
	struct diagnostics list;
	diagnostics_init(&list, &arena);
	add(&list, SEVERITY_WARNING, "a.md", 1, 1, "one");
	add(&list, SEVERITY_ERROR, "b.md", 1, 1, "two");
	add(&list, SEVERITY_WARNING, "c.md", 1, 1, "three");
	add(&list, SEVERITY_WARNING, "d.md", 1, 1, "four");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf out = { 0 };
		assert_int_equal(diagnostics_print_some(&list, rows[i].severity, rows[i].limit, &out), rows[i].count);
		assert_string_equal(buf_text(&out), rows[i].printed);
		buf_clear(&out);
	}
	diagnostics_clear(&list);
	arena_clear(&arena);
}

static void test_order(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct diagnostics list;
	struct buf out = { 0 };
	diagnostics_init(&list, &arena);
	diagnostics_sort(&list);
	add(&list, SEVERITY_ERROR, "b.md", 1, 1, "six");
	add(&list, SEVERITY_WARNING, "a.md", 2, 5, "five");
	add(&list, SEVERITY_ERROR, "a.md", 2, 5, "four");
	add(&list, SEVERITY_ERROR, "a.md", 2, 3, "three");
	add(&list, SEVERITY_ERROR, "a.md", 1, 9, "two");
	add(&list, SEVERITY_NOTE, "a.md", 0, 0, "one");
	diagnostics_sort(&list);
	static const char *const order[] = { "one", "two", "three", "four", "five", "six" };
	for (size_t i = 0; i < list.count; i++)
		assert_string_equal(list.items[i].what, order[i]);
	assert_int_equal(list.error_count, 4);
	buf_clear(&out);
	diagnostics_clear(&list);
	arena_clear(&arena);
}

/* So many are kept, all are counted; what was given may go away at once. */
static void test_limit_and_copies(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct diagnostics list;
	diagnostics_init(&list, &arena);
	for (unsigned i = 0; i <= DIAGNOSTICS_MAX; i++) {
		char what[20];
		snprintf(what, sizeof what, "number %u", i);
		add(&list, SEVERITY_ERROR, what, i, 1, what);
		memset(what, '?', sizeof what);
	}
	assert_int_equal(list.count, DIAGNOSTICS_MAX);
	assert_int_equal(list.error_count, DIAGNOSTICS_MAX + 1);
	assert_string_equal(list.items[DIAGNOSTICS_MAX - 1].what, "number 999");
	assert_string_equal(list.items[0].place.file, "number 0");
	diagnostics_clear(&list);
	arena_clear(&arena);
}

static void test_long_lines_are_cut(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct diagnostics list;
	struct buf out = { 0 };
	static char line[1000];
	memset(line, 'x', sizeof line - 1);
	diagnostics_init(&list, &arena);
	diagnostics_add(&list, &(struct problem){ SEVERITY_ERROR, { "a", 1, 500 }, "far right", "", line, 4 });
	diagnostics_print(&list, &out);
	assert_true(out.len < 300);
	assert_null(strchr(buf_text(&out), '^'));
	buf_clear(&out);
	diagnostics_clear(&list);
	arena_clear(&arena);
}

static void test_nearest(void **state)
{
	(void)state;
	static const char *const known[] = { "next", "human", "test", "sensitive", "live", "priority", "keywords" };
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{ "next", "next" },
		{ "nxt", "next" },
		{ "nextt", "next" },
		{ "enxt", "next" },
		{ "NEXT", "next" },
		{ "huamn", "human" },
		{ "sensative", "sensitive" },
		{ "sensitiv", "sensitive" },
		{ "pirority", "priority" },
		{ "tset", "test" },
		{ "keyword", "keywords" },
		{ "", NULL },
		{ "x", NULL },
		{ "note", NULL },
		{ "answer", NULL },
		{ "when", NULL },
		{ "lve", "live" },
		{ "prioritat", "priority" },
		{ "priotary", NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *found = nearest_known(str_of(rows[i].word), known, COUNT(known));
		if (!found != !rows[i].nearest || (found && strcmp(found, rows[i].nearest) != 0))
			fail_msg("\"%s\" is near \"%s\"", rows[i].word, found ? found : "nothing");
	}
	static char long_word[5000];
	memset(long_word, 'a', sizeof long_word - 1);
	const char *const long_known[] = { long_word };
	assert_null(nearest_known(str_of(long_word), long_known, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_some_of_one_severity),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_limit_and_copies),
		cmocka_unit_test(test_long_lines_are_cut),
		cmocka_unit_test(test_nearest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
