/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/edit.h"

#include "base/buf.h"

#include "cmocka_all.h"

#include <string.h>

/* A file that is read; fails with what is wrong. */
static const struct corpus *read_file(struct arena *arena, struct str text)
{
	struct diagnostics problems;
	diagnostics_init(&problems, arena);
	const struct corpus *corpus = corpus_read_in(arena, &(struct corpus_file){ "topic.md", text }, 1, &problems);
	struct buf out = { 0 };
	diagnostics_print(&problems, &out);
	if (!corpus)
		fail_msg("%s\nof\n%.*s", buf_text(&out), STR_ARG(text));
	buf_clear(&out);
	diagnostics_clear(&problems);
	return corpus;
}

/* ---- Another wording ---- */

/* Between `<+>` and `</+>` stands what is new; the rest is the file before. */
static const struct {
	const char *remark, *after;
} places[] = {
	{ "behind the last", "## A?\n- one\n- two\n<+>- new\n</+>\nYes.\n" },
	{ "no list yet", "## A?\n<+>- new\n</+>\nYes.\n" },
	{ "no list, no gap", "## A?\n<+>- new\n\n</+>Yes.\n" },
	{ "the owner's bullet", "## A?\n  * one\n<+>  * new\n</+>\nYes.\n" },
	{ "an item of two lines", "## A?\n- one\n  and more\n<+>- new\n</+>\nYes.\n" },
	{ "line ends of Windows", "## A?\r\n- one\r\n<+>- new\r\n</+>\r\nYes.\r\n" },
	{ "a mark at the front", "\xef\xbb\xbf## A?\n- one\n<+>- new\n</+>\nYes.\n" },
	{ "a list in the answer", "## A?\n- one\n<+>- new\n</+>\nTake:\n\n- this\n- that\n" },
	{ "other questions around",
	  "# P\n\n## Z?\n- z\n\nZ.\n\n## A?\n- one\n<+>- new\n</+>\nYes.\n\n## Y?\n- y\n\nY.\n" },
	{ "nothing but a person", "## A?\n- one\n<+>- new\n</+>\nhuman: always" },
};

/* `text` without the marks, and without what stands between them when `is_before`. */
static struct str unmarked_in(struct arena *arena, const char *text, bool is_before)
{
	struct buf out = { 0 };
	const char *open = strstr(text, "<+>"), *close = strstr(text, "</+>");
	buf_add(&out, text, open ? (size_t)(open - text) : strlen(text));
	if (open && !is_before)
		buf_add(&out, open + 3, (size_t)(close - open) - 3);
	buf_add_text(&out, close ? close + 4 : "");
	struct str kept = { arena_strdup(arena, buf_str(&out)), out.len };
	buf_clear(&out);
	return kept;
}

static const struct intent *intent_called(const struct corpus *corpus, const char *id)
{
	uint32_t at = corpus_intent(&corpus->languages[0], str_of(id));
	assert_int_not_equal(at, INTENT_NONE);
	return &corpus->languages[0].intents[at];
}

static void test_where_a_wording_goes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		struct arena arena = { 0 };
		struct error err = { 0 };
		struct str before = unmarked_in(&arena, places[i].after, true), got;
		struct str wanted = unmarked_in(&arena, places[i].after, false);
		const struct intent *intent = intent_called(read_file(&arena, before), "a");
		if (edit_add_wording_in(&arena, before, intent, STR_LIT("new"), &got, &err))
			fail_msg("%s: %s", places[i].remark, err.message);
		if (!str_equal(got, wanted))
			fail_msg("%s:\n%.*s", places[i].remark, STR_ARG(got));
		const struct intent *after = intent_called(read_file(&arena, got), "a");
		assert_int_equal(after->example_count, intent->example_count + 1);
		assert_string_equal(after->examples[intent->example_count].text, "new");
		arena_clear(&arena);
	}
}

/* A file whose last line is the list's. */
static void test_a_file_without_an_end(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct str file = STR_LIT("## A?\n- one\n\nYes.\n\n## B?\n- b"), got;
	struct intent intent = { .place = { "topic.md", 6, 1 },
				 .examples = &(struct example){ "b", { "topic.md", 7, 3 } },
				 .example_count = 1 };
	assert_int_equal(edit_add_wording_in(&arena, file, &intent, STR_LIT("new"), &got, &err), 0);
	assert_true(str_ends(got, "## B?\n- b\n- new\n"));
	arena_clear(&arena);
}

static const char *const wordings[] = {
	"plain words",
	"<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"a < b & c > d",
	"&amp; &lt;b&gt;",
	"*stars* and _lines_ and __more__",
	"`code`",
	"[link](javascript:alert(1))",
	"![picture](https://shop.example/x.png)",
	"<https://shop.example/>",
	"https://shop.example/a_b*c",
	"# heading",
	"## heading",
	"- list",
	"+ list",
	"1. first",
	"12) first",
	"---",
	"===",
	"> quoted",
	"human: always",
	"next: A?",
	"{#id} what",
	"back\\slash \\* \\",
	"| a | b |",
	"~~gone~~",
	"wo ist mein P\xc3\xa4"
	"ckchen \xf0\x9f\x93\xa6",
	"???",
	"`",
	"\"quoted\" 'text'",
	"[ ] task",
	"[x]: https://shop.example/",
};

static void test_any_text_comes_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wordings); i++) {
		struct arena arena = { 0 };
		struct error err = { 0 };
		struct str file = STR_LIT("## A?\n- one\n\nYes.\n"), got;
		const struct intent *intent = intent_called(read_file(&arena, file), "a");
		if (edit_add_wording_in(&arena, file, intent, str_of(wordings[i]), &got, &err))
			fail_msg("%s: %s", wordings[i], err.message);
		const struct corpus *corpus = read_file(&arena, got);
		assert_int_equal(corpus->languages[0].intent_count, 1);
		const struct intent *after = intent_called(corpus, "a");
		assert_int_equal(after->example_count, 2);
		assert_string_equal(after->examples[1].text, wordings[i]);
		assert_int_equal(after->human, HUMAN_DEFAULT);
		arena_clear(&arena);
	}
}

static void test_what_is_no_wording(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct str file = STR_LIT("## A?\n- one\n\nYes.\n"), got;
	const struct intent *intent = intent_called(read_file(&arena, file), "a");
	char *longest = arena_alloc(&arena, CORPUS_EXAMPLE_CHARACTERS_MAX + 2);
	memset(longest, 'a', CORPUS_EXAMPLE_CHARACTERS_MAX + 1);
	longest[CORPUS_EXAMPLE_CHARACTERS_MAX + 1] = '\0';
	const char *const bad[] = { "", " \n\t ", longest };
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err = { 0 };
		assert_int_equal(edit_add_wording_in(&arena, file, intent, str_of(bad[i]), &got, &err), -1);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
	struct error err = { 0 };
	assert_int_equal(edit_add_wording_in(&arena, file, intent, str_of(longest + 1), &got, &err), 0);
	/* Lines become one. */
	assert_int_equal(edit_add_wording_in(&arena, file, intent, STR_LIT(" two\n\n## B?\r\nlines "), &got, &err), 0);
	assert_string_equal(intent_called(read_file(&arena, got), "a")->examples[1].text, "two ## B? lines");
	arena_clear(&arena);
}

/* ---- Another question ---- */

static void test_a_new_question(void **state)
{
	(void)state;
	static const struct {
		const char *file, *question, *wording, *answer, *added;
	} rows[] = {
		{ "## A?\n\nYes.\n", "Do you wrap gifts?", "gift wrap", "Yes, **for free**.\nAsk.\n",
		  "\n## Do you wrap gifts?\n- gift wrap\n\nYes, **for free**.\nAsk.\n" },
		{ "## A?\n\nYes.", "B?", "", "No.", "\n\n## B?\n\nNo.\n" },
		{ "## A?\r\n\r\nYes.\r\n", "B?", "bb", "No.\r\nNever.", "\r\n## B?\r\n- bb\r\n\r\nNo.\r\nNever.\r\n" },
		{ "## A?\n\nYes.\n", "<i>B</i> *c* #", "# x", "human: always",
		  "\n## \\<i\\>B\\</i\\> \\*c\\* \\#\n- \\# x\n\nhuman: always\n" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena arena = { 0 };
		struct error err = { 0 };
		struct str got, file = str_of(rows[i].file);
		struct edit_question question = { str_of(rows[i].question), str_of(rows[i].wording),
						  str_of(rows[i].answer) };
		if (edit_add_question_in(&arena, file, &question, &got, &err))
			fail_msg("row %zu: %s", i, err.message);
		assert_true(str_equal(str_part(got, 0, file.len), file));
		assert_string_equal(arena_strdup(&arena, str_part(got, file.len, got.len)), rows[i].added);
		const struct corpus *corpus = read_file(&arena, got);
		assert_int_equal(corpus->languages[0].intent_count, 2);
		assert_string_equal(corpus->languages[0].intents[1].question, rows[i].question);
		arena_clear(&arena);
	}
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct str got;
	struct edit_question empty = { STR_LIT("  "), STR_LIT("x"), STR_LIT("y") };
	assert_int_equal(edit_add_question_in(&arena, STR_LIT("## A?\n\nYes.\n"), &empty, &got, &err), -1);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_a_wording_goes), cmocka_unit_test(test_a_file_without_an_end),
		cmocka_unit_test(test_any_text_comes_back),  cmocka_unit_test(test_what_is_no_wording),
		cmocka_unit_test(test_a_new_question),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
