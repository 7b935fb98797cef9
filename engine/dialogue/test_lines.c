/* SPDX-License-Identifier: Apache-2.0 */
/* The `test:` lines of topic files, held against what the bot makes of them. */
#include "dialogue/internal.h"
#include "dialogue/policy_internal.h"

#include <stdio.h>
#include <stdlib.h>

const char *source_line_in(struct arena *arena, const char *directory, const char *file, const char *start,
			   uint32_t *line)
{
	char *text = NULL;
	size_t size = 0;
	const char *found = "";
	FILE *in = fopen(arena_printf(arena, "%s/%s", directory, file), "rb");
	ssize_t length;
	for (uint32_t number = 1; in && (length = getline(&text, &size, in)) >= 0; number++) {
		struct str got = { text, (size_t)length };
		while (got.len && (got.ptr[got.len - 1] == '\n' || got.ptr[got.len - 1] == '\r'))
			got.len--;
		if (*line ? number != *line : !str_starts(got, start))
			continue;
		*line = number;
		found = arena_strdup(arena, got);
		break;
	}
	free(text);
	if (in)
		fclose(in);
	return found;
}

static size_t shown_of(const struct match_result *match)
{
	double confidences[MATCH_CANDIDATES];
	for (size_t i = 0; i < match->count; i++)
		confidences[i] = match->candidates[i].confidence;
	return candidates_shown(match, confidences, match->count);
}

/* What came of a test line, or NULL when it came as expected: a wording lands in an intent when the bot answers with
 * it, or is unsure and offers it first. */
static const char *test_failure(const struct known_language *language, struct mind *mind, const struct test_line *test,
				struct arena *arena)
{
	struct understanding heard;
	struct str utterance = str_of(test->utterance);
	const struct language_corpus *corpus = language->corpus;
	knowledge_understand_in(language, mind, utterance, &heard);
	const struct match_result *match = &heard.match;
	bool is_sure = match->count && match->candidates[0].confidence >= answer_threshold(language, 0);
	const char *first = match->count ? corpus->intents[match->candidates[0].intent].id : "";
	bool is_asked = heard.wish == WISH_PERSON;
	if (test->expects == EXPECT_NONE) {
		if (is_asked)
			return "it was taken for a request to talk to a person";
		return is_sure ? arena_printf(arena, "it was answered with \"%s\"", first) : NULL;
	}
	if (is_asked && is_person_intent(&corpus->intents[test->intent]))
		return NULL;
	if (is_asked)
		return "it was taken for a request to talk to a person";
	if (match->count && match->candidates[0].intent != test->intent && (is_sure || shown_of(match)))
		return arena_printf(arena, "it landed in \"%s\"", first);
	return is_sure || (match->count && match->candidates[0].intent == test->intent && shown_of(match))
		       ? NULL
		       : "the bot did not understand it";
}

static void run_test(const struct knowledge *knowledge, const struct known_language *language, struct mind *mind,
		     const struct test_line *test, const char *directory, struct diagnostics *problems)
{
	struct arena *arena = problems->arena;
	const char *failure = test_failure(language, mind, test, arena);
	arena_reset(mind_arena(mind));
	if (!failure)
		return;
	bool is_strict = knowledge->corpus->settings.tests_must_pass;
	const char *expected = test->expects == EXPECT_NONE ? "no answer" : language->corpus->intents[test->intent].id;
	uint32_t line = test->place.line;
	diagnostics_add(problems,
			&(struct problem){
				.severity = is_strict ? SEVERITY_ERROR : SEVERITY_WARNING,
				.place = test->place,
				.what = arena_printf(arena, "test \"%s\": expected %s%s%s, but %s", test->utterance,
						     test->expects == EXPECT_NONE ? "" : "\"", expected,
						     test->expects == EXPECT_NONE ? "" : "\"", failure),
				.hint = test->expects == EXPECT_NONE
						? "make the wordings of that intent more particular"
						: "add a wording like it to the intent's list",
				.source = source_line_in(arena, directory, test->place.file, "", &line),
				.width = 1,
			});
}

void test_lines_run(const struct knowledge *knowledge, const char *directory, struct diagnostics *problems)
{
	struct mind *mind = mind_new();
	for (size_t i = 0; i < knowledge->language_count; i++) {
		const struct language_corpus *corpus = knowledge->languages[i].corpus;
		for (size_t j = 0; j < corpus->intent_count; j++)
			for (size_t k = 0; k < corpus->intents[j].test_count; k++)
				run_test(knowledge, &knowledge->languages[i], mind, &corpus->intents[j].tests[k],
					 directory, problems);
	}
	mind_free(mind);
	diagnostics_sort(problems);
}
