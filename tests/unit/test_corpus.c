/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/corpus.h"

#include "base/buf.h"
#include "base/mem.h"
#include "text/stem.h"

#include "cmocka_all.h"
#include "patience.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What is wrong with files is in tests/broken; this is what right ones mean. */
struct loading {
	struct arena arena;
	struct diagnostics problems;
	const struct corpus *corpus;
};

static void load_files(struct loading *loading, const struct corpus_file *files, size_t count)
{
	*loading = (struct loading){ .arena = { 0 } };
	diagnostics_init(&loading->problems, &loading->arena);
	loading->corpus = corpus_read_in(&loading->arena, files, count, &loading->problems);
}

static void load_text(struct loading *loading, const char *text)
{
	load_files(loading, &(struct corpus_file){ "topic.md", str_of(text) }, 1);
}

static void loading_clear(struct loading *loading)
{
	diagnostics_clear(&loading->problems);
	arena_clear(&loading->arena);
}

/* Fails with all that was said when there is no corpus. */
static void assert_loaded(const struct loading *loading)
{
	struct buf out = { 0 };
	diagnostics_print(&loading->problems, &out);
	if (!loading->corpus)
		fail_msg("%s", buf_text(&out));
	buf_clear(&out);
}

static const char TOPIC[] = "# Delivery\n"
			    "This page is about *delivery*.\n"
			    "\n"
			    "## How long does **delivery** take? {#delivery-time}\n"
			    "- when will my parcel arrive\n"
			    "- `delivery` time, *please*\n"
			    "\n"
			    "We post within **one day**, see [delivery](https://shop.example/delivery?a=1&b=2).\n"
			    "\n"
			    "next: track-order | Delivery PRICES?\n"
			    "human: when upset\n"
			    "\n"
			    "- a list that is part of the answer\n"
			    "- and goes on\n"
			    "\n"
			    "### When upset\n"
			    "I am sorry.\n"
			    "\n"
			    "### Variant short\n"
			    "One day.\n"
			    "\n"
			    "### When closed\n"
			    "We are closed.\n"
			    "\n"
			    "test: has my package left yet\n"
			    "test: a -> b -> track-order\n"
			    "test: wann kommt mein paket -> none\n"
			    "keywords: post, shipping ,  days\n"
			    "priority: -3\n"
			    "\n"
			    "## Delivery prices\n"
			    "\n"
			    "Please note: it costs £3.\n"
			    "\n"
			    "#### More\n"
			    "https://shop.example/prices\n"
			    "\n"
			    "live: no\n"
			    "\n"
			    "# Orders\n"
			    "## Track order\n"
			    "human: always\n"
			    "\n"
			    "## My health\n"
			    "- i was hurt\n"
			    "\n"
			    "sensitive: yes\n";

static void test_an_intent(void **state)
{
	(void)state;
	struct loading loading;
	load_text(&loading, TOPIC);
	assert_loaded(&loading);
	const struct language_corpus *language = &loading.corpus->languages[0];
	assert_string_equal(language->language, "en");
	assert_int_equal(language->intent_count, 4);
	const struct intent *intent = &language->intents[0];
	assert_string_equal(intent->id, "delivery-time");
	assert_string_equal(intent->question, "How long does delivery take?");
	assert_string_equal(intent->page, "Delivery");
	assert_string_equal(intent->place.file, "topic.md");
	assert_int_equal(intent->place.line, 4);
	assert_int_equal(intent->place.column, 4);
	assert_int_equal(intent->example_count, 2);
	assert_string_equal(intent->examples[1].text, "delivery time, please");
	assert_int_equal(intent->examples[1].place.line, 6);
	assert_int_equal(intent->examples[1].place.column, 3);
	assert_int_equal(intent->human, HUMAN_WHEN_UPSET);
	assert_int_equal(intent->priority, -3);
	assert_true(intent->is_live);
	assert_false(intent->is_sensitive);
	assert_int_equal(intent->keyword_count, 3);
	assert_string_equal(intent->keywords[2], "days");
	assert_int_equal(intent->next_count, 2);
	assert_int_equal(intent->next[0], corpus_intent(language, STR_LIT("track-order")));
	assert_int_equal(intent->next[1], corpus_intent(language, STR_LIT("delivery-prices")));
	assert_false(language->intents[1].is_live);
	assert_string_equal(language->intents[2].page, "Orders");
	assert_int_equal(language->intents[2].human, HUMAN_ALWAYS);
	assert_int_equal(language->intents[2].answer_count, 0);
	assert_true(language->intents[3].is_sensitive);
	assert_int_equal(language->intents[3].human, HUMAN_ALWAYS);
	assert_int_equal(corpus_intent(language, STR_LIT("delivery")), INTENT_NONE);
	loading_clear(&loading);
}

static void test_test_lines(void **state)
{
	(void)state;
	struct loading loading;
	load_text(&loading, TOPIC);
	assert_loaded(&loading);
	const struct intent *intent = &loading.corpus->languages[0].intents[0];
	assert_int_equal(intent->test_count, 3);
	assert_string_equal(intent->tests[0].utterance, "has my package left yet");
	assert_int_equal(intent->tests[0].intent, 0);
	assert_int_equal(intent->tests[0].place.line, 25);
	assert_string_equal(intent->tests[1].utterance, "a -> b");
	assert_int_equal(intent->tests[1].intent, 2);
	assert_int_equal(intent->tests[2].expects, EXPECT_NONE);
	assert_int_equal(intent->tests[2].intent, INTENT_NONE);
	loading_clear(&loading);
}

static void test_answers(void **state)
{
	(void)state;
	struct loading loading;
	load_text(&loading, TOPIC);
	assert_loaded(&loading);
	const struct intent *intents = loading.corpus->languages[0].intents;
	const struct answer *plain = intent_answer(&intents[0], ANSWER_PLAIN);
	assert_string_equal(plain->markdown,
			    "We post within **one day**, see [delivery](https://shop.example/delivery?a=1&b=2).\n\n"
			    "- a list that is part of the answer\n- and goes on");
	assert_string_equal(
		plain->html,
		"<p>We post within <strong>one day</strong>, see <a target=\"_blank\" rel=\"noopener noreferrer\" "
		"href=\"https://shop.example/delivery?a=1&amp;b=2\">delivery</a>.</p>\n"
		"<ul>\n<li>a list that is part of the answer</li>\n<li>and goes on</li>\n</ul>");
	assert_string_equal(plain->text,
			    "We post within one day, see delivery (https://shop.example/delivery?a=1&b=2).\n\n"
			    "- a list that is part of the answer\n- and goes on");
	assert_int_equal(intents[0].answer_count, 4);
	assert_ptr_equal(plain, &intents[0].answers[0]);
	assert_string_equal(intent_answer(&intents[0], ANSWER_UPSET)->text, "I am sorry.");
	assert_string_equal(intent_answer(&intents[0], ANSWER_CLOSED)->text, "We are closed.");
	assert_string_equal(intent_answer(&intents[0], ANSWER_VARIANT)->variant, "short");
	assert_string_equal(intent_answer(&intents[1], ANSWER_UPSET)->text,
			    "Please note: it costs £3.\n\nMore\n\nhttps://shop.example/prices");
	assert_null(intent_answer(&intents[2], ANSWER_PLAIN));
	loading_clear(&loading);
}

/* Answers: Markdown, the HTML and the text of it. */
static void test_renderings(void **state)
{
	(void)state;
	static const struct {
		const char *markdown, *html, *text;
	} rows[] = {
		{ "a < b & \"c\" <3", "<p>a &lt; b &amp; &quot;c&quot; &lt;3</p>", "a < b & \"c\" <3" },
		{ "one\ntwo  \nthree", "<p>one\ntwo<br />\nthree</p>", "one two\nthree" },
		{ "1. a\n2. b\n   - c\n\n   d", NULL, "1. a\n2. b\n  - c\nd" },
		{ "3. a\n4. b\n\n> quoted", NULL, "3. a\n4. b\n\nquoted" },
		{ "```\ncode <b>\n```\nmore", "<pre><code>code &lt;b&gt;\n</code></pre>\n<p>more</p>",
		  "code <b>\n\nmore" },
		{ "<hello@shop.example>, [call](tel:+44123)",
		  "<p><a href=\"mailto:hello@shop.example\">hello@shop.example</a>, <a "
		  "href=\"tel:+44123\">call</a></p>",
		  "hello@shop.example, call (+44123)" },
		{ "<https://shop.example>", NULL, "https://shop.example" },
		{ "[ref]\n\n[ref]: https://shop.example/a", NULL, "ref (https://shop.example/a)" },
		{ "`<a href=\"http` &lt;b&gt;", "<p><code>&lt;a href=&quot;http</code> &lt;b&gt;</p>",
		  "<a href=\"http <b>" },
		{ "<!-- a note -->\n\nvisible", "<p>visible</p>", "visible" },
		{ "a\n\n***\n\nb", "<p>a</p>\n<hr />\n<p>b</p>", "a\n\nb" },
		/* What may not be shown is left out, what it says stays. */
		{ "a <b onclick=x>bold</b> b\n\n<script>alert(1)</script>\n\nc", "<p>a bold b</p>\n<p>c</p>",
		  "a bold b\n\nc" },
		{ "[one *two*](javascript:alert(1)) [three](//evil.example) [](data:text/html,x) [four](/track)",
		  "<p>one <em>two</em> three  <a href=\"/track\">four</a></p>", "one two three  four (/track)" },
		{ "![a **map**](https://shop.example/map.png) ![](x)", "<p>a <strong>map</strong> </p>", "a map" },
		{ "[![inner](x.png)](JavaScript:x)", "<p>inner</p>", "inner" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct loading loading;
		char text[500];
		snprintf(text, sizeof text, "## Question\n\n%s\n", rows[i].markdown);
		load_text(&loading, text);
		assert_loaded(&loading);
		const struct answer *answer = intent_answer(loading.corpus->languages[0].intents, ANSWER_PLAIN);
		if (rows[i].html)
			assert_string_equal(answer->html, rows[i].html);
		assert_string_equal(answer->text, rows[i].text);
		loading_clear(&loading);
	}
}

#define FILE_OF(name, literal)                       \
	{                                            \
		name,                                \
		{                                    \
			literal, sizeof(literal) - 1 \
		}                                    \
	}
static const struct corpus_file SHOP[] = {
	FILE_OF("shop.ini", "[shop]\nlanguage = de\n"),
	FILE_OF("a.md", "## Wo ist mein Paket?\n\nUnterwegs.\n"),
	FILE_OF("en/b.md", "## Where is my parcel?\n\nOn its way.\n"),
	FILE_OF("de/c.md", "## Was kostet es?\n\nNichts.\n"),
	FILE_OF("fr/d.md", "## C'est combien ?\n\nRien.\n"),
	FILE_OF("words.md", "## Same meaning\n- Paket, Sendung\n\n## Same meaning in en\n- parcel, package\n\n"
			    "## Names\n- Royal Mail\n\n## Upset words in fr\n- C'est nul!\n\n"
			    "## Calm words\n- irre gut, krass\n"),
	FILE_OF("en/notes.txt", "not read"),
	FILE_OF("x/y/z.md", "not read"),
};
enum { SHOP_FILES = COUNT(SHOP) };

static void test_languages(void **state)
{
	(void)state;
	struct loading loading;
	load_files(&loading, SHOP, SHOP_FILES);
	assert_loaded(&loading);
	static const char *const codes[] = { "de", "en", "fr" };
	static const size_t counts[] = { 2, 1, 1 };
	assert_int_equal(loading.corpus->language_count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(loading.corpus->languages[i].language, codes[i]);
		assert_int_equal(loading.corpus->languages[i].intent_count, counts[i]);
		assert_ptr_equal(corpus_language(loading.corpus, codes[i]), &loading.corpus->languages[i]);
	}
	assert_null(corpus_language(loading.corpus, "es"));
	assert_string_equal(loading.corpus->languages[2].intents[0].id, "cest-combien");
	loading_clear(&loading);
}

static void test_words(void **state)
{
	(void)state;
	struct loading loading;
	load_files(&loading, SHOP, SHOP_FILES);
	assert_loaded(&loading);
	static const struct {
		const char *language, *utterance, *first_stem;
	} rows[] = { { "de", "Sendung", "paket" },
		     { "en", "packages", "parcel" },
		     { "en", "Royal Mail", "royal mail" },
		     { "fr", "royal mail", "royal mail" },
		     { "en", "Sendung", "sendung" } };
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct language_corpus *language = corpus_language(loading.corpus, rows[i].language);
		struct stemmer *stemmer = stemmer_new(rows[i].language);
		struct terms terms = terms_read_in(&loading.arena, stemmer, language->thesaurus,
						   str_of(rows[i].utterance), rows[i].language);
		assert_true(str_is(terms.items[0].stem, rows[i].first_stem));
		stemmer_free(stemmer);
	}
	const struct language_corpus *german = corpus_language(loading.corpus, "de"),
				     *french = corpus_language(loading.corpus, "fr");
	assert_int_equal(german->calm_word_count, 2);
	assert_true(str_is(german->calm_words[0], "irre gut"));
	assert_int_equal(german->upset_word_count, 0);
	assert_int_equal(french->upset_word_count, 1);
	assert_true(str_is(french->upset_words[0], "ce est nul"));
	loading_clear(&loading);
}

/* The same files in any order make the same corpus; another byte or name makes another version. */
static void test_version(void **state)
{
	(void)state;
	struct corpus_file files[SHOP_FILES];
	char first[17] = "";
	for (size_t turn = 0; turn < SHOP_FILES; turn++) {
		struct loading loading;
		for (size_t i = 0; i < SHOP_FILES; i++)
			files[i] = SHOP[(i * 3 + turn) % SHOP_FILES];
		load_files(&loading, files, SHOP_FILES);
		assert_loaded(&loading);
		assert_int_equal(strspn(loading.corpus->version, "0123456789abcdef"), 16);
		if (!turn)
			memcpy(first, loading.corpus->version, sizeof first);
		assert_string_equal(loading.corpus->version, first);
		assert_string_equal(loading.corpus->languages[0].intents[0].id, "wo-ist-mein-paket");
		loading_clear(&loading);
	}
	for (size_t changed = 0; changed < 2; changed++) {
		struct loading loading;
		memcpy(files, SHOP, sizeof files);
		if (changed)
			files[1].text = STR_LIT("## Wo ist mein Paket?\n\nUnterwegs!\n");
		else
			files[1].name = "b.md";
		load_files(&loading, files, SHOP_FILES);
		assert_loaded(&loading);
		assert_string_not_equal(loading.corpus->version, first);
		loading_clear(&loading);
	}
}

/* The files of the folder, and the same from memory, are the same corpus. */
static void test_the_sample_loads_without_a_problem(void **state)
{
	(void)state;
	struct loading loading = { .arena = { 0 } };
	struct buf out = { 0 };
	diagnostics_init(&loading.problems, &loading.arena);
	loading.corpus = corpus_load_in(&loading.arena, "intents", &loading.problems);
	diagnostics_print(&loading.problems, &out);
	if (!loading.corpus || out.len)
		fail_msg("%s", buf_text(&out));
	for (size_t i = 0; i < loading.corpus->language_count; i++)
		assert_true(loading.corpus->languages[i].intent_count > 0);
	buf_clear(&out);
	loading_clear(&loading);
}

static void test_bom_and_line_ends(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"## Question\n- a\n- b\n\nAnswer.\n\nhuman: never\n",
		"\xef\xbb\xbf## Question\r\n- a\r\n- b\r\n\r\nAnswer.\r\n\r\nhuman: never\r\n",
		"## Question\r- a\r- b\r\rAnswer.\r\rhuman: never",
	};
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct loading loading;
		load_text(&loading, texts[i]);
		assert_loaded(&loading);
		const struct intent *intent = loading.corpus->languages[0].intents;
		assert_int_equal(intent->example_count, 2);
		assert_int_equal(intent->human, HUMAN_NEVER);
		assert_string_equal(intent->answers[0].markdown, "Answer.");
		assert_int_equal(intent->examples[1].place.line, 3);
		loading_clear(&loading);
	}
}

/* ---- Limits: at each, and one above ---- */

static void check_limit(const char *what, struct buf *text, bool is_allowed)
{
	struct loading loading;
	load_files(&loading, &(struct corpus_file){ "topic.md", buf_str(text) }, 1);
	if (is_allowed != (loading.corpus != NULL))
		fail_msg("%s: %s", what, loading.problems.count ? loading.problems.items[0].what : "loads");
	loading_clear(&loading);
	buf_reset(text);
}

static void add_times(struct buf *text, char c, size_t count)
{
	while (count--)
		buf_add_char(text, c);
}

static void test_limits_of_texts(void **state)
{
	(void)state;
	struct buf text = { 0 };
	for (size_t extra = 0; extra < 2; extra++) {
		buf_add_text(&text, "## Q\n- ");
		add_times(&text, 'x', CORPUS_EXAMPLE_CHARACTERS_MAX + extra);
		buf_add_text(&text, "\n\nA.\n");
		check_limit("wording", &text, !extra);
		buf_add_text(&text, "## Q\n\n");
		add_times(&text, 'x', CORPUS_ANSWER_CHARACTERS_MAX + extra);
		check_limit("answer", &text, !extra);
		buf_add_text(&text, "## Q\n\nA.\n\ntest: ");
		add_times(&text, 'x', CORPUS_EXAMPLE_CHARACTERS_MAX + extra);
		check_limit("test", &text, !extra);
		buf_add_text(&text, "## Q {#");
		add_times(&text, 'x', 64 + extra);
		buf_add_text(&text, "}\n\nA.\n");
		check_limit("id", &text, !extra);
	}
	buf_clear(&text);
}

static void test_limits_of_counts(void **state)
{
	(void)state;
	struct buf text = { 0 };
	for (size_t extra = 0; extra < 2; extra++) {
		for (size_t i = 0; i < CORPUS_INTENTS_MAX + extra; i++)
			buf_printf(&text, "## Q%zu\n\nA.\n\n", i);
		check_limit("intents", &text, !extra);
		buf_add_text(&text, "## Q\n");
		for (size_t i = 1; i < CORPUS_EXAMPLES_MAX + extra; i++)
			buf_printf(&text, "- w%zu\n", i);
		buf_add_text(&text, "\nA.\n");
		check_limit("wordings", &text, !extra);
	}
	buf_clear(&text);
}

/* One mistake, however far the file goes on. */
static void test_too_many_questions_are_told_once(void **state)
{
	(void)state;
	struct buf text = { 0 };
	struct loading loading;
	for (size_t i = 0; i < 5 * CORPUS_INTENTS_MAX; i++)
		buf_printf(&text, "## Q%zu\n\nA.\n\n", i);
	load_files(&loading, &(struct corpus_file){ "a.md", buf_str(&text) }, 1);
	assert_null(loading.corpus);
	assert_int_equal(loading.problems.error_count, 1);
	loading_clear(&loading);
	buf_clear(&text);
}

static void write_file(const char *folder, const char *name, const char *text, size_t len)
{
	char path[300];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static size_t errors_of(const char *folder)
{
	struct loading loading = { .arena = { 0 } };
	diagnostics_init(&loading.problems, &loading.arena);
	loading.corpus = corpus_load_in(&loading.arena, folder, &loading.problems);
	size_t errors = loading.problems.error_count;
	assert_int_equal(!loading.corpus, errors > 0);
	loading_clear(&loading);
	return errors;
}

static void test_limits_of_files(void **state)
{
	(void)state;
	char folder[] = "/tmp/shopbell-corpus-XXXXXX", name[40], path[300];
	assert_non_null(mkdtemp(folder));
	char *big = mem_alloc(CORPUS_FILE_BYTES_MAX + 1);
	memset(big, '\n', CORPUS_FILE_BYTES_MAX + 1);
	memcpy(big, "## Q\n\nA.\n", 9);
	write_file(folder, "f0.md", big, CORPUS_FILE_BYTES_MAX);
	assert_int_equal(errors_of(folder), 0);
	write_file(folder, "f0.md", big, CORPUS_FILE_BYTES_MAX + 1);
	assert_true(errors_of(folder) > 0);
	write_file(folder, "f0.md", big, 9);
	for (int i = 1; i < CORPUS_FILES_MAX; i++) {
		snprintf(name, sizeof name, "f%d.md", i);
		write_file(folder, name, "", 0);
	}
	assert_int_equal(errors_of(folder), 0);
	snprintf(name, sizeof name, "f%d.md", CORPUS_FILES_MAX);
	write_file(folder, name, "", 0);
	assert_true(errors_of(folder) > 0);
	for (int i = 0; i <= CORPUS_FILES_MAX; i++) {
		snprintf(path, sizeof path, "%s/f%d.md", folder, i);
		unlink(path);
	}
	assert_int_equal(mkfifo((snprintf(path, sizeof path, "%s/pipe.md", folder), path), 0600), 0);
	write_file(folder, "f.md", "## Q\n\nA.\n", 9);
	assert_int_equal(errors_of(folder), 0); /* a pipe is not waited for */
	unlink(path);
	snprintf(path, sizeof path, "%s/f.md", folder);
	unlink(path);
	rmdir(folder);
	free(big);
}

/* ---- Size ---- */

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void test_a_large_corpus_loads_at_once(void **state)
{
	(void)state;
	struct buf text = { 0 };
	struct loading loading;
	for (size_t i = 0; i < 150; i++) {
		buf_printf(&text, "## Question number %zu\n", i);
		for (size_t j = 0; j < 100; j++)
			buf_printf(&text, "- wording %zu of question %zu, can you tell me when my parcel comes\n", j,
				   i);
		buf_printf(&text,
			   "\nThe answer, see [here](https://shop.example/%zu).\n\nnext: question-number-%zu\n\n", i,
			   (i + 1) % 150);
	}
	double start = seconds_now();
	load_files(&loading, &(struct corpus_file){ "topic.md", buf_str(&text) }, 1);
	double took = seconds_now() - start;
	assert_loaded(&loading);
	assert_int_equal(loading.corpus->languages[0].intent_count, 150);
	if (took > 2.0 * PATIENCE)
		fail_msg("150 questions with 100 wordings each took %.2f s", took);
	loading_clear(&loading);
	buf_clear(&text);
}

/* A full file of one thing after the other: it may be refused, but soon. */
static void test_hostile_files_take_linear_time(void **state)
{
	(void)state;
	static const struct {
		const char *name, *pattern;
	} rows[] = {
		{ "t.md", "> " },
		{ "t.md", "- " },
		{ "t.md", "1.\n" },
		{ "t.md", "## \n" },
		{ "t.md", "## a {#" },
		{ "t.md", "## a\n- b\n" },
		{ "t.md", "[" },
		{ "t.md", "[a](b:c) " },
		{ "t.md", "*a " },
		{ "t.md", "## a\n\nnext: b\n\n" },
		{ "t.md", "a: b\n" },
		{ "t.md", "### x\n" },
		{ "t.md", "<!-- " },
		{ "t.md", "\xff" },
		{ "t.md", "\xff\n" },
		{ "t.md", "\\" },
		{ "words.md", "## Names\n- a\n" },
		{ "words.md", "!," },
		{ "words.md", "a," },
		{ "words.md", "## in in in " },
		{ "shop.ini", "[segment a]\n" },
		{ "shop.ini", "x" },
		{ "shop.ini", "a=b\n" },
		{ "shop.ini", "[" },
		{ "shop.ini", "12-24=x\n" },
	};
	struct buf text = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_reset(&text);
		if (!strcmp(rows[i].name, "t.md"))
			buf_add_text(&text, "## Start\n\nA.\n\n");
		else if (!strcmp(rows[i].name, "words.md"))
			buf_add_text(&text, "## Names\n- ");
		else
			buf_add_text(&text, "[holidays]\n");
		while (text.len < 1024 * 1024)
			buf_add_text(&text, rows[i].pattern);
		struct loading loading;
		double start = seconds_now();
		load_files(&loading, &(struct corpus_file){ rows[i].name, buf_str(&text) }, 1);
		if (seconds_now() - start > 4.0 * PATIENCE)
			fail_msg("row %zu (%s, \"%s\") took %.2f s", i, rows[i].name, rows[i].pattern,
				 seconds_now() - start);
		loading_clear(&loading);
	}
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_intent),
		cmocka_unit_test(test_test_lines),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_renderings),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_the_sample_loads_without_a_problem),
		cmocka_unit_test(test_bom_and_line_ends),
		cmocka_unit_test(test_limits_of_texts),
		cmocka_unit_test(test_limits_of_counts),
		cmocka_unit_test(test_too_many_questions_are_told_once),
		cmocka_unit_test(test_limits_of_files),
		cmocka_unit_test(test_a_large_corpus_loads_at_once),
		cmocka_unit_test(test_hostile_files_take_linear_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
