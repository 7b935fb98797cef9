/* SPDX-License-Identifier: Apache-2.0 */
/* Plays every *.chat of a folder against the topic files in its folder intents/:
 *
 *     golden_run [--accept] [--intents DIR] DIR
 *
 * --accept rewrites each expectation that did not come true to what came; its diff is to be reviewed like code. */
#include "base/buf.h"
#include "base/vec.h"
#include "dialogue/knowledge.h"
#include "dialogue/script.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct files {
	char **items;
	size_t count, capacity;
};

struct run {
	const struct knowledge *knowledge;
	struct mind *mind;
	bool is_accepting;
	size_t passed, failed;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_chats(const char *folder, struct files *out)
{
	DIR *dir = opendir(folder);
	if (!dir) {
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		return -1;
	}
	for (struct dirent *entry; (entry = readdir(dir));)
		if (str_ends(str_of(entry->d_name), ".chat"))
			vec_push(out, mem_strdup(entry->d_name));
	closedir(dir);
	if (out->count)
		qsort(out->items, out->count, sizeof *out->items, by_name);
	return 0;
}

static int read_file(const char *path, struct buf *out)
{
	char chunk[4096];
	size_t got;
	FILE *file = fopen(path, "rb");
	if (!file)
		return -1;
	while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_add(out, chunk, got);
	return fclose(file);
}

/* The text with each failed line replaced by what came, or left out where nothing did. */
static int rewrite(const char *path, struct str text, const struct script_outcome *outcome)
{
	FILE *file = fopen(path, "wb");
	struct str line;
	size_t next = 0;
	if (!file)
		return -1;
	for (uint32_t number = 1; str_line(&text, &line); number++) {
		bool is_failed = next < outcome->failure_count && outcome->failures[next].line == number;
		const char *instead = is_failed ? outcome->failures[next++].instead : NULL;
		if (instead)
			fprintf(file, "%s\n", instead);
		else if (!is_failed && (line.len || text.ptr))
			fprintf(file, "%.*s\n", STR_ARG(line));
	}
	return fclose(file);
}

static void print_failures(const char *name, const struct script_outcome *outcome)
{
	for (size_t i = 0; i < outcome->failure_count; i++) {
		const struct script_failure *failure = &outcome->failures[i];
		printf("%s:%u: expected: %s\n%s:%u:     came: %s\n", name, failure->line, failure->expected, name,
		       failure->line, failure->came);
	}
}

static void play(struct run *run, const char *folder, const char *name)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct buf text = { 0 };
	struct script_outcome outcome = { 0 };
	const char *path = arena_printf(&arena, "%s/%s", folder, name);
	diagnostics_init(&problems, &arena);
	const struct script *script = NULL;
	if (read_file(path, &text))
		printf("%s: %s\n", path, strerror(errno));
	else
		script = script_read_in(&arena, name, buf_str(&text), &problems);
	if (script)
		script_play(script, run->knowledge, run->mind, &arena, &outcome);
	struct buf printed = { 0 };
	diagnostics_print(&problems, &printed);
	fputs(buf_text(&printed), stdout);
	print_failures(name, &outcome);
	bool ok = script && !outcome.failure_count;
	run->passed += ok;
	run->failed += !ok;
	if (run->is_accepting && outcome.failure_count && rewrite(path, buf_str(&text), &outcome))
		printf("%s: %s\n", path, strerror(errno));
	buf_clear(&printed);
	buf_clear(&text);
	diagnostics_clear(&problems);
	arena_clear(&arena);
}

static struct knowledge *load(const char *directory)
{
	struct arena arena = { 0 };
	struct buf printed = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	struct knowledge *knowledge = knowledge_load(directory, NULL, &problems);
	diagnostics_print(&problems, &printed);
	fputs(buf_text(&printed), stdout);
	buf_clear(&printed);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return knowledge;
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	struct files files = { 0 };
	char intents[4096] = "";
	const char *folder = NULL;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--accept"))
			run.is_accepting = true;
		else if (!strcmp(argv[i], "--intents") && i + 1 < argc)
			snprintf(intents, sizeof intents, "%s", argv[++i]);
		else
			folder = argv[i];
	}
	if (!folder || list_chats(folder, &files))
		return 2;
	if (!*intents)
		snprintf(intents, sizeof intents, "%s/intents", folder);
	struct knowledge *knowledge = load(intents);
	run.knowledge = knowledge;
	run.mind = mind_new();
	if (!knowledge)
		run.failed = files.count ? files.count : 1;
	for (size_t i = 0; knowledge && i < files.count; i++)
		play(&run, folder, files.items[i]);
	for (size_t i = 0; i < files.count; i++)
		free(files.items[i]);
	vec_clear(&files);
	mind_free(run.mind);
	knowledge_unref(knowledge);
	printf("%zu passed, %zu failed\n", run.passed, run.failed);
	return run.failed ? 1 : 0;
}
