/* SPDX-License-Identifier: Apache-2.0 */
/* Measures the mood analyser on open data: how many angry messages it finds, how often it takes calm ones for angry,
 * how well its polarity agrees with people, and how long a message takes. Use: mood DATA_FOLDER; where the folder or
 * a file is missing, it says so and goes on. What the files are, and the last results, stand in bench/README.md. */
#include "base/arena.h"
#include "base/vec.h"
#include "sentiment/mood.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct row {
	struct str text, label;
};

struct rows {
	struct row *items;
	size_t count, capacity;
};

static bool read_rows(struct arena *arena, const char *folder, const char *name, struct rows *out)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	if (!file) {
		printf("%-28s not there, left out\n", name);
		return false;
	}
	fseek(file, 0, SEEK_END);
	long size = ftell(file);
	rewind(file);
	char *bytes = arena_alloc(arena, size > 0 ? (size_t)size : 1);
	struct str rest = { bytes, fread(bytes, 1, size > 0 ? (size_t)size : 0, file) }, line;
	fclose(file);
	while (str_line(&rest, &line)) {
		struct row row = { 0 };
		if (str_split(&line, '\t', &row.text) && line.ptr && str_split(&line, '\t', &row.label))
			vec_push(out, row);
	}
	return out->count > 0;
}

static struct mood read_mood(const struct mood_lexicon *lexicon, struct arena *scratch, struct str text)
{
	struct mood mood;
	mood_read(lexicon, scratch, text, &mood);
	arena_reset(scratch);
	return mood;
}

/* Some rows of the made-up shop questions carry a swear word as style; the plain rows are those without. */
static bool holds_swearing(struct str text)
{
	static const char *const WORDS[] = { "fuck",        "fucking", "shit",     "damn", "goddamn",
					     "thisgoddamn", "bloody",  "freaking", "crap", "hell",
					     "fucken",      "fuckin",  "goddam" };
	struct str word;
	while (str_split(&text, ' ', &word))
		for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
			if (str_equal_nocase(word, str_of(WORDS[i])))
				return true;
	return false;
}

static void measure_alarms(const struct mood_lexicon *lexicon, struct arena *scratch, const struct rows *rows,
			   const char *name, const char *without)
{
	size_t counted = 0, alarms = 0;
	for (size_t i = 0; i < rows->count; i++) {
		if (str_is(rows->items[i].label, without) || (*without && holds_swearing(rows->items[i].text)))
			continue;
		counted++;
		alarms += read_mood(lexicon, scratch, rows->items[i].text).is_upset;
	}
	printf("%-28s false alarms %zu of %zu = %.4f\n", name, alarms, counted, (double)alarms / (double)counted);
}

static void measure_recall(const struct mood_lexicon *lexicon, struct arena *scratch, const struct rows *rows,
			   const char *name)
{
	size_t negatives = 0, found = 0, flagged = 0;
	for (size_t i = 0; i < rows->count; i++) {
		bool is_negative = str_is(rows->items[i].label, "negative");
		bool is_upset = read_mood(lexicon, scratch, rows->items[i].text).is_upset;
		negatives += is_negative;
		flagged += is_upset;
		found += is_negative && is_upset;
	}
	double recall = (double)found / (double)negatives, precision = (double)found / (double)(flagged ? flagged : 1);
	printf("%-28s recall %zu of %zu = %.4f, precision %zu of %zu = %.4f, F1 %.4f\n", name, found, negatives, recall,
	       found, flagged, precision, 2 * precision * recall / (precision + recall));
}

static double number_of(struct arena *scratch, struct str text)
{
	return strtod(arena_strdup(scratch, text), NULL);
}

/* Pearson's r between polarity and the mean rating of people. */
static void measure_agreement(const struct mood_lexicon *lexicon, struct arena *scratch, const struct rows *rows,
			      const char *name)
{
	double n = (double)rows->count, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
	for (size_t i = 0; i < rows->count; i++) {
		double rated = number_of(scratch, rows->items[i].label);
		double read = read_mood(lexicon, scratch, rows->items[i].text).polarity;
		x += read;
		y += rated;
		xx += read * read;
		yy += rated * rated;
		xy += read * rated;
	}
	double r = (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y));
	printf("%-28s Pearson r %.4f over %zu rows\n", name, r, rows->count);
}

static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Each row alone, tokens and all, the best of three times: the clock's own cost is in it. */
static void measure_time(const struct mood_lexicon *lexicon, struct arena *scratch, const struct rows *rows,
			 const char *name)
{
	double *times = mem_alloc(rows->count * sizeof *times);
	size_t bytes = 0;
	for (size_t i = 0; i < rows->count; i++) {
		times[i] = 1e9;
		bytes += rows->items[i].text.len;
		for (int turn = 0; turn < 3; turn++) {
			double start = now_us();
			(void)read_mood(lexicon, scratch, rows->items[i].text);
			times[i] = fmin(times[i], now_us() - start);
		}
	}
	qsort(times, rows->count, sizeof *times, compare_doubles);
	printf("%-28s median %.2f us, 99 of 100 below %.2f us; %zu bytes a message on average\n", name,
	       times[rows->count / 2], times[rows->count * 99 / 100], bytes / rows->count);
	free(times);
}

enum task { TASK_ALARMS, TASK_PLAIN_ALARMS, TASK_RECALL, TASK_AGREEMENT };

static const struct {
	const char *file;
	enum task task;
} TASKS[] = {
	{ "intents/shop27/train.tsv", TASK_PLAIN_ALARMS },  { "intents/banking77/train.tsv", TASK_ALARMS },
	{ "intents/clinc150/train.tsv", TASK_ALARMS },      { "sentiment/airline-dev.tsv", TASK_RECALL },
	{ "sentiment/support-probe-dev.tsv", TASK_RECALL }, { "sentiment/tweets-dev.tsv", TASK_AGREEMENT },
	{ "sentiment/amazon-dev.tsv", TASK_AGREEMENT },
};

int main(int argc, char **argv)
{
	struct arena arena = { 0 }, scratch = { 0 };
	if (argc != 2) {
		fprintf(stderr, "usage: %s DATA_FOLDER\n", argv[0]);
		return 2;
	}
	double start = now_us();
	const struct mood_lexicon *lexicon = mood_lexicon_new_in(&arena, "en", NULL, 0, NULL, 0);
	printf("%-28s %.1f ms, %zu kB\n", "lexicon made in", (now_us() - start) / 1e3, arena_size_bytes(&arena) / 1024);
	for (size_t i = 0; i < sizeof TASKS / sizeof *TASKS; i++) {
		struct rows rows = { 0 };
		if (!read_rows(&arena, argv[1], TASKS[i].file, &rows))
			continue;
		if (TASKS[i].task == TASK_AGREEMENT)
			measure_agreement(lexicon, &scratch, &rows, TASKS[i].file);
		else if (TASKS[i].task == TASK_RECALL)
			measure_recall(lexicon, &scratch, &rows, TASKS[i].file);
		else
			measure_alarms(lexicon, &scratch, &rows, TASKS[i].file,
				       TASKS[i].task == TASK_PLAIN_ALARMS ? "complaint" : "");
		measure_time(lexicon, &scratch, &rows, "");
		vec_clear(&rows);
	}
	arena_clear(&arena);
	arena_clear(&scratch);
	return 0;
}
