/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell check`: everything that is wrong with a folder of topic files, and what to expect of it. */
#include "app/arguments.h"
#include "app/command.h"
#include "app/data.h"
#include "app/files.h"
#include "app/loading.h"
#include "app/progress.h"
#include "base/buf.h"
#include "base/count.h"
#include "dialogue/advice.h"
#include "dialogue/script.h"
#include "text/language.h"
#include "wire/wire.h"

#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* An owner reads so much of each list; `--all` prints the rest. */
enum { PAIRS_SHOWN = 6, STRAYS_SHOWN = 3, FEW_SHOWN = 6, ALIKE_SHOWN = 6, WORDS_SHOWN = 20 };

struct check {
	const char *intents, *data;
	bool is_data_named, is_json, shows_all;
	const struct knowledge *knowledge;
	struct adviser *advisers[LANGUAGES_MAX];
	size_t heard; /* recorded questions */
	struct progress hearing;
};

/* ---- What is told ---- */

static size_t shown(const struct check *check, size_t count, size_t limit)
{
	return check->shows_all || count < limit ? count : limit;
}

static void tell_more(size_t count, size_t told, const char *indent)
{
	if (told < count)
		printf("%sand %zu more (--all)\n", indent, count - told);
}

static void tell_outlook(const struct advice *advice)
{
	const struct language_corpus *corpus = advice->language->corpus;
	struct match_outlook outlook = matcher_outlook(advice->language->matcher);
	printf("%s: %zu questions, %zu wordings\n", language_name(corpus->language), corpus->intent_count,
	       advice->wordings);
	if (outlook.tested)
		printf("  Of 100 questions worded unlike any in the files, expect %.0f answered rightly, %.0f "
		       "wrongly,\n"
		       "  %.0f not answered (from leaving each of %zu wordings out in turn).\n",
		       outlook.right * 100, outlook.wrong * 100, outlook.unanswered * 100, outlook.tested);
}

static void tell_pair(const struct check *check, const struct language_corpus *corpus, const struct advice_pair *pair)
{
	const struct intent *first = &corpus->intents[pair->first], *second = &corpus->intents[pair->second];
	size_t count = shown(check, pair->count, STRAYS_SHOWN);
	printf("    \"%s\" and \"%s\":\n", first->question, second->question);
	for (size_t i = 0; i < count; i++) {
		const struct advice_stray *stray = &pair->strays[i];
		printf("      %s:%u: \"%s\" lies nearer to \"%s\"\n", stray->wording.place.file,
		       stray->wording.place.line, stray->wording.text,
		       stray->intent == pair->first ? second->question : first->question);
	}
	tell_more(pair->count, count, "      ");
}

static void tell_pairs(const struct check *check, const struct advice *advice)
{
	size_t count = shown(check, advice->pair_count, PAIRS_SHOWN);
	if (count)
		printf("  Easily taken for each other; reword what is named, or give its own question more wordings "
		       "like it:\n");
	for (size_t i = 0; i < count; i++)
		tell_pair(check, advice->language->corpus, &advice->pairs[i]);
	tell_more(advice->pair_count, count, "    ");
}

static void tell_words(const struct check *check, struct adviser *adviser)
{
	size_t count, told;
	const struct advice_word *words = adviser_words(adviser, &count);
	told = shown(check, count, WORDS_SHOWN);
	if (!told)
		return;
	printf("  Words that visitors use and no wording has, with the number of questions; a new wording or a line of "
	       "words.md:\n    ");
	for (size_t i = 0; i < told; i++)
		printf("%s%.*s (%zu)", i ? ", " : "", (int)words[i].word.len, words[i].word.ptr, words[i].heard);
	printf("\n");
	tell_more(count, told, "    ");
}

static void tell_few(const struct check *check, const struct advice *advice)
{
	size_t count = shown(check, advice->few_count, FEW_SHOWN);
	if (count)
		printf("  Too few wordings below the heading; aim at %d, as different as visitors are:\n",
		       ADVICE_WORDINGS_AIM);
	for (size_t i = 0; i < count; i++) {
		const struct intent *intent = &advice->language->corpus->intents[advice->few[i]];
		printf("    %s:%u: \"%s\" has %zu\n", intent->place.file, intent->place.line, intent->question,
		       intent->example_count);
	}
	tell_more(advice->few_count, count, "    ");
}

static void tell_alike(const struct check *check, const struct advice *advice)
{
	size_t count = shown(check, advice->alike_count, ALIKE_SHOWN);
	if (count)
		printf("  The same words as another wording of the question, so nothing new is learnt from it:\n");
	for (size_t i = 0; i < count; i++)
		printf("    %s:%u: \"%s\", as \"%s\"\n", advice->alike[i].wording.place.file,
		       advice->alike[i].wording.place.line, advice->alike[i].wording.text,
		       advice->alike[i].earlier.text);
	tell_more(advice->alike_count, count, "    ");
}

/* What matters most comes first. */
static void tell(const struct check *check)
{
	for (size_t i = 0; i < check->knowledge->language_count; i++) {
		const struct advice *advice = adviser_advice(check->advisers[i]);
		tell_outlook(advice);
		tell_few(check, advice);
		tell_pairs(check, advice);
		tell_words(check, check->advisers[i]);
		tell_alike(check, advice);
	}
}

static void print_json(const struct check *check, size_t conversations, size_t failed)
{
	struct buf out = { 0 };
	buf_printf(&out, "{\"languages\":[");
	for (size_t i = 0; i < check->knowledge->language_count; i++) {
		size_t count;
		const struct advice_word *words = adviser_words(check->advisers[i], &count);
		wire_advice(&out, adviser_advice(check->advisers[i]), words, count);
	}
	buf_printf(&out, "],\"heard\":%zu,\"conversations\":%zu,\"failed\":%zu}", check->heard, conversations, failed);
	puts(buf_text(&out));
	buf_clear(&out);
}

/* ---- What visitors asked ---- */

static int hear(void *context, const struct event *message, const struct event *decision)
{
	struct check *check = context;
	progress_reach(&check->hearing, message->at_ms);
	for (size_t i = 0; i < check->knowledge->language_count; i++)
		if (!strcmp(check->knowledge->languages[i].corpus->language, message->language))
			adviser_hear(check->advisers[i], str_of(message->text));
	check->heard++;
	(void)decision;
	return 0;
}

/* A data folder that nobody named need not be there. */
static int hear_visitors(struct check *check)
{
	struct store *store = NULL;
	struct error err = { 0 };
	char path[4096];
	snprintf(path, sizeof path, "%s/shopbell.db", check->data);
	if (!check->is_data_named && access(path, F_OK))
		return EXIT_FINE;
	progress_start(&check->hearing, "reading what visitors asked");
	int failed =
		data_open(check->data, DATA_READ, &store, &err) || store_each_question(store, 0, hear, check, &err);
	progress_end(&check->hearing);
	store_close(store);
	return failed ? data_failed("check", &err) : EXIT_FINE;
}

/* ---- Conversations ---- */

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

/* The folder's own name is no pattern, whatever signs are in it. */
static const char *pattern_in(struct arena *arena, const char *folder)
{
	struct buf pattern = { 0 };
	for (const char *at = folder; *at; at++) {
		if (strchr("*?[]\\", *at))
			buf_add_char(&pattern, '\\');
		buf_add_char(&pattern, *at);
	}
	buf_add_text(&pattern, "/tests/*.chat");
	const char *result = arena_strdup(arena, buf_str(&pattern));
	buf_clear(&pattern);
	return result;
}

/* Plays the conversations of DIR/tests, in the order of their names. Gives the number of lines that did not come true. */
static size_t check_conversations(const struct check *check, size_t *out_count)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	glob_t files = { 0 };
	glob(pattern_in(&arena, check->intents), 0, NULL, &files);
	struct mind *mind = mind_new();
	size_t failed = 0;
	for (size_t i = 0; i < files.gl_pathc; i++)
		failed += check_conversation(&arena, files.gl_pathv[i], strlen(check->intents) + 1, check->knowledge,
					     mind, &problems);
	struct buf text = { 0 };
	diagnostics_print(&problems, &text);
	fputs(buf_text(&text), stderr);
	*out_count = files.gl_pathc;
	buf_clear(&text);
	mind_free(mind);
	globfree(&files);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return failed;
}

/* The last line is what an owner reads first. */
static void tell_verdict(size_t conversations, size_t failed)
{
	if (conversations && failed)
		printf("%zu conversations in tests/: %zu line%s did not come true; mend the topics, or the line if it "
		       "is "
		       "out of date\n",
		       conversations, failed, failed == 1 ? "" : "s");
	else if (conversations)
		printf("No errors, and all %zu conversations in tests/ come true.\n", conversations);
	else
		printf("No errors. There are no conversations in tests/ that must come true.\n");
}

static int check_knowledge(struct check *check)
{
	size_t conversations;
	for (size_t i = 0; i < check->knowledge->language_count; i++)
		check->advisers[i] = adviser_new(&check->knowledge->languages[i]);
	int status = hear_visitors(check);
	if (!check->is_json)
		tell(check);
	size_t failed = check_conversations(check, &conversations);
	if (check->is_json)
		print_json(check, conversations, failed);
	else
		tell_verdict(conversations, failed);
	for (size_t i = 0; i < check->knowledge->language_count; i++)
		adviser_free(check->advisers[i]);
	return failed ? EXIT_PROBLEM : status;
}

static int run_check(int argc, char **argv)
{
	struct check check = { .intents = DEFAULT_INTENTS };
	struct operands directory;
	const struct option_spec specs[] = { { "--data", &check.data, NULL },
					     { "--all", NULL, &check.shows_all },
					     { "--json", NULL, &check.is_json } };
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 1, &directory);
	if (status)
		return status;
	check.is_data_named = check.data != NULL;
	if (!check.data)
		check.data = DEFAULT_DATA;
	if (directory.count)
		check.intents = directory.items[0];
	struct knowledge *knowledge = load_knowledge(check.intents, check.shows_all);
	if (!knowledge)
		return EXIT_PROBLEM;
	check.knowledge = knowledge;
	status = check_knowledge(&check);
	knowledge_unref(knowledge);
	return status;
}

const struct command command_check = {
	"check", "every problem of the topic files, and what to expect of them",
	"usage: shopbell check [--data DIR] [--all] [--json] [DIR]\n\n"
	"Reads the folder of topic files (default: intents), runs every `test:` line and every\n"
	"conversation in DIR/tests, and says what is wrong, with its place. Then, for each language: how\n"
	"many of 100 questions will be answered rightly, which questions have too few wordings, which are\n"
	"easily taken for each other and through which wordings, which words of the recorded questions no\n"
	"wording has, and which wordings teach nothing new. Exit status 1 when there is an error.\n"
	"  --data  where the recorded questions are (default: data, if it is there)\n"
	"  --all   the lists in full, and all warnings\n"
	"  --json  all of it as one object; confused, unknown, few and alike are those lists\n",
	run_check
};
