/* SPDX-License-Identifier: Apache-2.0 */
/* Topic files and words.md. The first byte chooses: 0 a topic file, 1 words.md beside a small topic file, 2 the same
 * topic file in two languages. */
#include "corpus/corpus.h"
#include "text/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answer(const struct answer *answer)
{
	assert(answer->variant && utf8_is_valid(str_of(answer->markdown)));
	assert(utf8_is_valid(str_of(answer->html)) && utf8_is_valid(str_of(answer->text)));
	assert(utf8_count(str_of(answer->markdown)) <= CORPUS_ANSWER_CHARACTERS_MAX);
	/* cmark writes small letters; in a text every < is escaped. */
	assert(!strstr(answer->html, "<script") && !strstr(answer->html, "<img") && !strstr(answer->html, "<!--"));
	for (const char *link = answer->html; (link = strstr(link, "<a ")); link++) {
		const char *href = strstr(link, "href=\"");
		assert(href);
		struct str url = str_of(href + 6);
		assert(str_equal_nocase(str_part(url, 0, 4), STR_LIT("http")) ||
		       str_equal_nocase(str_part(url, 0, 7), STR_LIT("mailto:")) ||
		       str_equal_nocase(str_part(url, 0, 4), STR_LIT("tel:")) ||
		       (url.ptr[0] == '/' && url.ptr[1] != '/' && url.ptr[1] != '\\'));
	}
}

static void check_intent(const struct language_corpus *language, uint32_t number)
{
	const struct intent *intent = &language->intents[number];
	assert(*intent->id && *intent->question);
	assert(corpus_intent(language, str_of(intent->id)) == number);
	assert(intent->answer_count || intent->human == HUMAN_ALWAYS);
	for (size_t i = 0; i < intent->answer_count; i++)
		check_answer(&intent->answers[i]);
	for (size_t i = 0; i < intent->next_count; i++)
		assert(intent->next[i] < language->intent_count);
	for (size_t i = 0; i < intent->test_count; i++)
		assert(intent->tests[i].expects == EXPECT_NONE || intent->tests[i].intent < language->intent_count);
	for (size_t i = 0; i < intent->example_count; i++)
		assert(utf8_count(str_of(intent->examples[i].text)) <= CORPUS_EXAMPLE_CHARACTERS_MAX);
}

static void check_problems(const struct diagnostics *problems)
{
	struct buf out = { 0 };
	size_t errors = 0;
	for (size_t i = 0; i < problems->count; i++) {
		assert(*problems->items[i].what && problems->items[i].width > 0);
		errors += problems->items[i].severity == SEVERITY_ERROR;
	}
	assert(errors <= problems->error_count);
	diagnostics_print(problems, &out);
	assert(utf8_is_valid(buf_str(&out)));
	buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena arena = { 0 };
	struct diagnostics problems;
	char *copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	struct str text = { copy, size - 1 };
	const struct str small = STR_LIT("## Question\n- wording\n\nAnswer.\n");
	const struct corpus_file choices[3][2] = {
		{ { "topic.md", text }, { "shop.ini", STR_LIT("") } },
		{ { "topic.md", small }, { "words.md", text } },
		{ { "topic.md", text }, { "de/thema.md", text } },
	};
	diagnostics_init(&problems, &arena);
	const struct corpus *corpus = corpus_read_in(&arena, choices[data[0] % 3], 2, &problems);
	assert(!corpus == (problems.error_count > 0));
	check_problems(&problems);
	for (size_t i = 0; corpus && i < corpus->language_count; i++)
		for (uint32_t j = 0; j < corpus->languages[i].intent_count; j++)
			check_intent(&corpus->languages[i], j);
	free(copy);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return 0;
}
