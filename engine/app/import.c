/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell import`: questions and answers of a table, made into a topic file. */
#include "app/command.h"
#include "app/arguments.h"
#include "app/rows.h"
#include "base/buf.h"
#include "base/map.h"
#include "corpus/edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

/* Each row as it will stand in the file, or -1 with the first that cannot. */
static int write_rows(struct arena *arena, const struct rows *rows, const struct topics *topics, const char *path,
		      const char **lines, struct error *err)
{
	for (size_t i = 0, next = 0; i < rows->count; i++) {
		const struct row *row = &rows->items[i];
		struct error why = { 0 };
		bool is_first = topics->topic_of[i] == next;
		bool has_nul =
			memchr(row->text.ptr, '\0', row->text.len) || memchr(row->label.ptr, '\0', row->label.len);
		next += is_first;
		if (has_nul)
			error_set(&why, ERROR_INPUT, "there is a NUL in this row; save the file as UTF-8");
		if (has_nul ||
		    (is_first ? edit_heading_in : edit_item_in)(arena, row->text, "the question", &lines[i], &why))
			return error_set(err, ERROR_INPUT, "%s:%zu: error: %s", path, row->line, why.message);
	}
	return 0;
}

static void print_topic(struct arena *arena, const struct rows *rows, const struct topics *topics, const char **lines,
			size_t first)
{
	printf("\n%s\n", lines[first]);
	for (size_t i = first + 1; i < rows->count; i++)
		if (topics->topic_of[i] == topics->topic_of[first])
			puts(lines[i]);
	struct str answer = edit_answer_in(arena, rows->items[first].label);
	printf("\n%.*s", STR_ARG(answer));
}

static bool is_header(const struct row *row)
{
	return str_equal_nocase(row->text, STR_LIT("question")) && str_equal_nocase(row->label, STR_LIT("answer"));
}

static int print_file(struct arena *arena, const struct rows *rows, const struct topics *topics, const char *path,
		      struct error *err)
{
	const char **lines = arena_alloc(arena, (rows->count + 1) * sizeof *lines);
	if (write_rows(arena, rows, topics, path, lines, err))
		return -1;
	puts("# Imported");
	for (size_t i = 0, next = 0; i < rows->count; i++)
		if (topics->topic_of[i] == next) {
			print_topic(arena, rows, topics, lines, i);
			next++;
		}
	fprintf(stderr, "shopbell import: %zu questions with %zu answers; look them through, then `shopbell check`\n",
		rows->count, topics->count);
	return 0;
}

static int run_import(int argc, char **argv)
{
	struct operands file;
	int status = arguments_read(argc, argv, NULL, 0, 1, 1, &file);
	if (status)
		return status;
	struct arena arena = { 0 };
	struct rows rows;
	struct topics topics = { 0 };
	struct error err = { 0 };
	status = rows_load_in(&arena, file.items[0], "answer", &rows, &err);
	if (!status && is_header(&rows.items[0]))
		rows.items++, rows.count--;
	if (!status && !rows.count)
		status = error_set(&err, ERROR_INPUT, "%s has no rows below its header", file.items[0]);
	if (!status) {
		group_rows(&arena, &rows, &topics);
		status = print_file(&arena, &rows, &topics, file.items[0], &err);
	}
	if (status)
		fprintf(stderr, "shopbell import: %s\n", err.message);
	map_clear(&topics.by_answer);
	arena_clear(&arena);
	return status ? EXIT_PROBLEM : EXIT_FINE;
}

const struct command command_import = {
	"import", "a table of questions and answers, as a topic file",
	"usage: shopbell import TABLE.tsv > intents/imported.md\n\n"
	"Reads rows of question, a tab, answer (a header line \"Question<TAB>Answer\" and further columns are\n"
	"passed over, so exports of QnA Maker and most spreadsheets fit) and prints a topic file. Questions\n"
	"with the same answer become wordings of one.\n",
	run_import
};
