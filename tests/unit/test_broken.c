/* SPDX-License-Identifier: Apache-2.0 */
/* What the owner is told about faulty files, to the letter: each folder of tests/broken holds `intents/` and, in
 * expected.txt, all that loading it says. SHOPBELL_ACCEPT=1 writes expected.txt anew, for a review as of code. */
#include "corpus/corpus.h"

#include "base/mem.h"

#include "cmocka_all.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/broken"
enum { TEXT_MAX = 64 * 1024 };

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static char *read_text(const char *path)
{
	char *text = mem_zalloc(TEXT_MAX + 1, 1);
	FILE *file = fopen(path, "rb");
	size_t len = file ? fread(text, 1, TEXT_MAX, file) : 0;
	if (file)
		fclose(file);
	assert_true(len < TEXT_MAX);
	return text;
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* Whether the case says what it should. */
static bool check_case(const char *name)
{
	char folder[400], expected_path[400];
	snprintf(folder, sizeof folder, FOLDER "/%s/intents", name);
	snprintf(expected_path, sizeof expected_path, FOLDER "/%s/expected.txt", name);
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct buf said = { 0 };
	diagnostics_init(&problems, &arena);
	const struct corpus *corpus = corpus_load_in(&arena, folder, &problems);
	diagnostics_print(&problems, &said);
	if (getenv("SHOPBELL_ACCEPT"))
		write_text(expected_path, buf_text(&said));
	char *expected = read_text(expected_path);
	bool is_right = !strcmp(expected, buf_text(&said)) && said.len;
	if (!is_right)
		print_error("%s: expected\n%s---- said\n%s----\n", name, expected, buf_text(&said));
	/* All or nothing: an error and no corpus, or none and one. */
	bool has_errors = strstr(expected, ": error: ") != NULL;
	if (has_errors != !corpus || has_errors != (problems.error_count > 0)) {
		print_error("%s: %s errors and %s corpus\n", name, has_errors ? "has" : "has no", corpus ? "a" : "no");
		is_right = false;
	}
	free(expected);
	buf_clear(&said);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return is_right;
}

static void test_broken_files(void **state)
{
	(void)state;
	struct dirent **entries;
	int count = scandir(FOLDER, &entries, NULL, by_name), failed = 0, checked = 0;
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.') {
			checked++;
			failed += !check_case(entries[i]->d_name);
		}
		free(entries[i]);
	}
	free(entries);
	assert_true(checked > 0);
	assert_int_equal(failed, 0);
}

static void test_no_folder(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct buf said = { 0 };
	diagnostics_init(&problems, &arena);
	assert_null(corpus_load_in(&arena, FOLDER "/no-such-folder", &problems));
	diagnostics_print(&problems, &said);
	assert_string_equal(buf_text(&said),
			    FOLDER "/no-such-folder:1:1: error: cannot be read: No such file or directory; name the "
				   "folder that your topic files are in\n");
	buf_clear(&said);
	diagnostics_clear(&problems);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_files),
		cmocka_unit_test(test_no_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
