/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell mood`: how each line of stdin sounds. */
#include "app/command.h"
#include "app/arguments.h"
#include "app/files.h"
#include "base/count.h"
#include "sentiment/mood.h"
#include "text/language.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>

static void print_mood(struct str line, const struct mood *mood)
{
	printf("%+.2f %s", mood->polarity, mood->is_upset ? "upset" : "calm ");
	for (size_t i = 0; i < mood->cue_count; i++) {
		const struct mood_cue *cue = &mood->cues[i];
		struct str words = str_part(line, cue->from, cue->to - cue->from);
		printf("%s%.*s (%s %+.2f)", i ? ", " : "  ", STR_ARG(words), cue->family, cue->weight);
	}
	putchar('\n');
}

static int read_lines(const struct mood_lexicon *lexicon, bool is_json)
{
	struct arena scratch = { 0 };
	struct buf json = { 0 };
	char *bytes = NULL;
	size_t capacity = 0;
	for (ssize_t length; (length = getline(&bytes, &capacity, stdin)) >= 0;) {
		struct str rest = { bytes, (size_t)length }, line = { bytes, 0 };
		str_line(&rest, &line);
		struct mood mood;
		mood_read(lexicon, &scratch, line, &mood);
		if (is_json) {
			buf_reset(&json);
			wire_mood(&json, line, &mood);
			puts(buf_text(&json));
		} else {
			print_mood(line, &mood);
		}
		arena_reset(&scratch);
	}
	int status = input_ended("mood");
	free(bytes);
	buf_clear(&json);
	arena_clear(&scratch);
	return status;
}

static int run_mood(int argc, char **argv)
{
	const char *language = "en";
	bool is_json = false;
	const struct option_spec specs[] = { { "--lang", &language, NULL }, { "--json", NULL, &is_json } };
	struct operands none;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	const char *code = language_code(str_of(language));
	if (!code) {
		fprintf(stderr, "shopbell mood: no language is called \"%s\"; use a code such as en or de\n", language);
		return EXIT_USAGE;
	}
	struct arena arena = { 0 };
	status = read_lines(mood_lexicon_new_in(&arena, code, NULL, 0, NULL, 0), is_json);
	arena_clear(&arena);
	return status;
}

const struct command command_mood = {
	"mood", "how each line of the input sounds",
	"usage: shopbell mood [--json] [--lang CODE] < LINES\n\n"
	"Reads a text a line and says how it sounds: a score from -1 (bad) to 1 (good), whether such\n"
	"a visitor is upset and would be handed to a person, and the words that say so.\n\n"
	"  --json       a line of JSON each: score, label, upset, frustration, words\n"
	"  --lang CODE  the language of the lines (default: en)\n",
	run_mood
};
