/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell check`: everything that is wrong with a folder of topic files, and what to expect of it. */
#include "app/command.h"
#include "app/files.h"
#include "app/loading.h"
#include "app/arguments.h"
#include "base/buf.h"
#include "dialogue/script.h"
#include "text/language.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

enum { FEW_WORDINGS = 4, STRAYS_SHOWN = 12 };

static void print_outlook(const struct known_language *language)
{
	struct match_outlook outlook = matcher_outlook(language->matcher);
	size_t examples = 0;
	for (size_t i = 0; i < language->corpus->intent_count; i++)
		examples += language->corpus->intents[i].example_count + 1;
	printf("%s: %zu questions, %zu wordings\n", language_name(language->corpus->language),
	       language->corpus->intent_count, examples);
	if (!outlook.tested)
		return;
	printf("  Of 100 questions worded unlike any in the files, expect %.0f answered rightly, %.0f wrongly,\n"
	       "  %.0f not answered (from leaving each of %zu wordings out in turn).\n",
	       outlook.right * 100, outlook.wrong * 100, outlook.unanswered * 100, outlook.tested);
}

static void print_few(const struct known_language *language)
{
	for (size_t i = 0; i < language->corpus->intent_count; i++) {
		const struct intent *intent = &language->corpus->intents[i];
		if (intent->example_count < FEW_WORDINGS)
			printf("%s:%u: note: \"%s\" has %zu wordings below its heading; with %d or more it is found "
			       "much better\n",
			       intent->place.file, intent->place.line, intent->question, intent->example_count,
			       FEW_WORDINGS);
	}
}

/* An example as the matcher numbers them: heading, wordings, keywords, intent by intent. */
static const struct intent *example_at(const struct language_corpus *corpus, uint32_t number, struct example *out)
{
	for (size_t i = 0; i < corpus->intent_count; i++) {
		const struct intent *intent = &corpus->intents[i];
		size_t count = 1 + intent->example_count + intent->keyword_count;
		if (number >= count) {
			number -= (uint32_t)count;
			continue;
		}
		*out = (struct example){ intent->question, intent->place };
		if (number > intent->example_count)
			out->text = intent->keywords[number - 1 - intent->example_count];
		else if (number > 0)
			*out = intent->examples[number - 1];
		return intent;
	}
	return NULL;
}

/* Wordings that, left out, would be taken for another intent: what makes two intents easy to confuse. */
static void print_strays(const struct known_language *language)
{
	size_t count;
	const struct match_stray *strays = matcher_strays(language->matcher, &count);
	double threshold = matcher_threshold(language->matcher);
	for (size_t i = 0; i < count && i < STRAYS_SHOWN && strays[i].confidence >= threshold; i++) {
		struct example example;
		const struct intent *own = example_at(language->corpus, strays[i].example, &example);
		const struct intent *other = &language->corpus->intents[strays[i].taken_for];
		if (own)
			printf("%s:%u: note: \"%s\" lies nearer to \"%s\" (%s:%u) than to the other wordings of "
			       "\"%s\"; reword it, or give its own question more wordings like it\n",
			       example.place.file, example.place.line, example.text, other->question, other->place.file,
			       other->place.line, own->question);
	}
}

static size_t check_conversation(struct arena *arena, const char *path, size_t folder,
				 const struct knowledge *knowledge, struct mind *mind, struct diagnostics *problems)
{
	struct str text;
	struct error err = { 0 };
	if (file_read_in(arena, path, SCRIPT_BYTES_MAX, &text, &err)) {
		fprintf(stderr, "shopbell check: %s\n", err.message);
		return 1;
	}
	return script_check(path + folder, text, knowledge, mind, problems);
}

/* Plays the conversations of DIR/tests, in the order of their names. Gives the number of lines that did not come true. */
static size_t check_conversations(const struct knowledge *knowledge, const char *intents)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	glob_t files = { 0 };
	glob(arena_printf(&arena, "%s/tests/*.chat", intents), 0, NULL, &files);
	struct mind *mind = mind_new();
	size_t failed = 0;
	for (size_t i = 0; i < files.gl_pathc; i++)
		failed +=
			check_conversation(&arena, files.gl_pathv[i], strlen(intents) + 1, knowledge, mind, &problems);
	struct buf text = { 0 };
	diagnostics_print(&problems, &text);
	fputs(buf_text(&text), stderr);
	printf("conversations in tests/: %zu, lines that did not come true: %zu\n", files.gl_pathc, failed);
	buf_clear(&text);
	mind_free(mind);
	globfree(&files);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return failed;
}

static int run_check(int argc, char **argv)
{
	struct operands directory;
	int status = arguments_read(argc, argv, NULL, 0, 0, 1, &directory);
	if (status)
		return status;
	const char *intents = directory.count ? directory.items[0] : DEFAULT_INTENTS;
	struct knowledge *knowledge = load_knowledge(intents);
	if (!knowledge)
		return EXIT_PROBLEM;
	for (size_t i = 0; i < knowledge->language_count; i++) {
		print_outlook(&knowledge->languages[i]);
		print_few(&knowledge->languages[i]);
		print_strays(&knowledge->languages[i]);
	}
	size_t failed = check_conversations(knowledge, intents);
	knowledge_unref(knowledge);
	return failed ? EXIT_PROBLEM : EXIT_FINE;
}

const struct command command_check = {
	"check", "every problem of the topic files, and what to expect of them",
	"usage: shopbell check [DIR]\n\n"
	"Reads the folder of topic files (default: intents), runs every `test:` line and every\n"
	"conversation in DIR/tests, and says what is wrong, with its place. Then: how many of 100\n"
	"questions will be answered rightly, which questions have few wordings, and which wordings\n"
	"are easily taken for another question. Exit status 1 when there is an error.\n",
	run_check
};
