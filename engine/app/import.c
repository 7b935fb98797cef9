/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell import`: questions and answers of a table, made into a topic file. */
#include "app/command.h"
#include "app/arguments.h"
#include "app/rows.h"
#include "base/buf.h"
#include "base/map.h"

#include <stdbool.h>
#include <stdio.h>

/* Rows with the same answer are one intent: its first question is the heading, the others are wordings. */
struct topics {
	struct map by_answer;
	uint32_t *topic_of; /* by row */
	size_t count;
};

static void group_rows(struct arena *arena, const struct rows *rows, struct topics *topics)
{
	topics->topic_of = arena_alloc(arena, rows->count * sizeof *topics->topic_of);
	for (size_t i = 0; i < rows->count; i++) {
		uint32_t topic = map_intern(&topics->by_answer, rows->items[i].label, (uint32_t)topics->count);
		topics->topic_of[i] = topic;
		topics->count += topic == topics->count;
	}
}

/* A line of an answer that would be read as something else is kept as text by a backslash. */
static void print_answer(struct str answer)
{
	struct str line;
	while (str_line(&answer, &line))
		printf("%s%.*s\n", str_starts(line, "#") || str_starts(line, "-") ? "\\" : "", STR_ARG(line));
}

static void print_topic(const struct rows *rows, const struct topics *topics, uint32_t topic, size_t first)
{
	printf("\n## %.*s\n", STR_ARG(rows->items[first].text));
	for (size_t i = first + 1; i < rows->count; i++)
		if (topics->topic_of[i] == topic)
			printf("- %.*s\n", STR_ARG(rows->items[i].text));
	putchar('\n');
	print_answer(rows->items[first].label);
}

static bool is_header(const struct row *row)
{
	return str_equal_nocase(row->text, STR_LIT("question")) && str_equal_nocase(row->label, STR_LIT("answer"));
}

static int run_import(int argc, char **argv)
{
	struct operands file;
	int status = arguments_read(argc, argv, NULL, 0, 1, 1, &file);
	if (status)
		return status;
	struct arena arena = { 0 };
	struct rows rows;
	struct error err = { 0 };
	if (rows_load_in(&arena, file.items[0], true, &rows, &err)) {
		fprintf(stderr, "shopbell import: %s\n", err.message);
		arena_clear(&arena);
		return EXIT_PROBLEM;
	}
	if (is_header(&rows.items[0]))
		rows.items++, rows.count--;
	struct topics topics = { 0 };
	group_rows(&arena, &rows, &topics);
	puts("# Imported");
	for (size_t i = 0, next = 0; i < rows.count; i++)
		if (topics.topic_of[i] == next)
			print_topic(&rows, &topics, (uint32_t)next++, i);
	fprintf(stderr, "shopbell import: %zu questions with %zu answers; look them through, then `shopbell check`\n",
		rows.count, topics.count);
	map_clear(&topics.by_answer);
	arena_clear(&arena);
	return EXIT_FINE;
}

const struct command command_import = {
	"import", "a table of questions and answers, as a topic file",
	"usage: shopbell import TABLE.tsv > intents/imported.md\n\n"
	"Reads rows of question, a tab, answer (a header line \"Question<TAB>Answer\" and further columns are\n"
	"passed over, so exports of QnA Maker and most spreadsheets fit) and prints a topic file. Questions\n"
	"with the same answer become wordings of one.\n",
	run_import
};
