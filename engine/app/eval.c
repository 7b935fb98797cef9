/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell eval`: the matcher measured on rows whose intents are known. */
#include "app/command.h"
#include "app/arguments.h"
#include "app/progress.h"
#include "app/rows.h"
#include "base/count.h"
#include "base/map.h"
#include "base/vec.h"
#include "match/evaluate.h"
#include "text/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct labels {
	struct map ids;
	struct str *items;
	size_t count;
};

static int by_text(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Numbers the labels in the order of their texts, so that the order of the rows does not matter. */
static void number_labels(struct arena *arena, const struct rows *rows, struct labels *labels)
{
	struct map seen = { 0 };
	labels->items = arena_alloc(arena, rows->count * sizeof *labels->items);
	for (size_t i = 0; i < rows->count; i++)
		if (map_intern(&seen, rows->items[i].label, (uint32_t)labels->count) == labels->count)
			labels->items[labels->count++] = rows->items[i].label;
	map_clear(&seen);
	qsort(labels->items, labels->count, sizeof *labels->items, by_text);
	for (size_t i = 0; i < labels->count; i++)
		map_put(&labels->ids, labels->items[i], (uint32_t)i);
}

/* "card_arrival" -> "card arrival": what a heading of a topic file would say. */
static struct str name_as_text(struct arena *arena, struct str label)
{
	char *text = arena_strdup(arena, label);
	for (char *c = text; *c; c++)
		if (*c == '_' || *c == '-' || *c == '/')
			*c = ' ';
	return str_of(text);
}

static struct training_example *examples_of(struct arena *arena, const struct rows *rows, const struct labels *labels,
					    bool with_names, size_t *out_count)
{
	struct training_example *examples = arena_alloc(arena, (rows->count + labels->count) * sizeof *examples);
	for (size_t i = 0; i < rows->count; i++)
		examples[i] =
			(struct training_example){ rows->items[i].text, map_get(&labels->ids, rows->items[i].label) };
	*out_count = rows->count;
	for (size_t i = 0; with_names && i < labels->count; i++)
		examples[(*out_count)++] =
			(struct training_example){ name_as_text(arena, labels->items[i]), (uint32_t)i };
	return examples;
}

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

struct measured {
	size_t intents, examples;
	struct evaluation evaluation;
	double train_ms;
	size_t model_bytes;
	double threshold;
};

static void print_json(const struct measured *m)
{
	const struct evaluation *e = &m->evaluation;
	printf("{\"intents\":%zu,\"examples\":%zu,\"tested\":%zu,\"accuracy\":%.5f,\"auroc\":", m->intents, m->examples,
	       e->tested, e->accuracy);
	if (e->oos_tested)
		printf("%.5f", e->auroc);
	else
		printf("null");
	printf(",\"coverage\":%.5f,\"precision\":%.5f,\"oos_tested\":%zu,\"oos_refused\":", e->coverage, e->precision,
	       e->oos_tested);
	if (e->oos_tested)
		printf("%.5f", e->oos_refused);
	else
		printf("null");
	printf(",\"ece\":%.5f,\"train_ms\":%.1f,\"query_us_p50\":%.2f,\"query_us_p99\":%.2f,\"model_bytes\":%zu}\n",
	       e->ece, m->train_ms, e->query_us_p50, e->query_us_p99, m->model_bytes);
}

static void print_text(const struct measured *m)
{
	const struct evaluation *e = &m->evaluation;
	printf("learned     %zu intents from %zu examples in %.0f ms; %.2f MB\n", m->intents, m->examples, m->train_ms,
	       (double)m->model_bytes / 1e6);
	printf("accuracy    %.1f %% of %zu questions: the first candidate is right\n", e->accuracy * 100, e->tested);
	printf("answered    %.1f %% (from %.0f %% confidence on), of these right %.1f %%\n", e->coverage * 100,
	       m->threshold * 100, e->precision * 100);
	printf("calibration %.1f %% expected error of the confidence\n", e->ece * 100);
	if (e->oos_tested)
		printf("strangers   %.1f %% of %zu questions of no intent refused; AUROC %.3f\n", e->oos_refused * 100,
		       e->oos_tested, e->auroc);
	printf("speed       %.1f microseconds a question (median), %.1f (99th percentile)\n", e->query_us_p50,
	       e->query_us_p99);
}

static void measure(struct arena *arena, const struct rows *train, const struct rows *test, const struct rows *oos,
		    const char *language, bool with_names, struct measured *out)
{
	struct labels labels = { 0 };
	number_labels(arena, train, &labels);
	struct training_set set = { .language = language, .intent_count = labels.count };
	set.examples = examples_of(arena, train, &labels, with_names, &set.example_count);
	struct match_options options = match_options_defaults();
	struct progress progress;
	progress_start(&progress, "training");
	options.progress = progress_step;
	options.progress_context = &progress;
	double begun = now_ms();
	struct matcher *matcher = matcher_new(&set, &options);
	out->train_ms = now_ms() - begun;
	progress_end(&progress);

	size_t test_count;
	struct training_example *tests = examples_of(arena, test, &labels, false, &test_count);
	struct str *strangers = arena_alloc(arena, (oos->count + 1) * sizeof *strangers);
	for (size_t i = 0; i < oos->count; i++)
		strangers[i] = oos->items[i].text;
	out->evaluation = evaluate_matcher(matcher, tests, test_count, strangers, oos->count);
	out->intents = labels.count;
	out->examples = set.example_count;
	out->model_bytes = matcher_size_bytes(matcher);
	out->threshold = matcher_threshold(matcher);
	matcher_free(matcher);
	map_clear(&labels.ids);
}

static int run_eval(int argc, char **argv)
{
	const char *train_path = NULL, *test_path = NULL, *oos_path = NULL, *language = "en";
	bool is_json = false, with_names = false;
	const struct option_spec specs[] = {
		{ "--train", &train_path, NULL }, { "--test", &test_path, NULL }, { "--oos", &oos_path, NULL },
		{ "--lang", &language, NULL },    { "--json", NULL, &is_json },   { "--names", NULL, &with_names },
	};
	struct operands none;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	const char *code = language_code(str_of(language));
	if (!train_path || !test_path || !code) {
		fputs(code ? "shopbell eval: --train and --test are needed; see `shopbell eval --help`\n"
			   : "shopbell eval: --lang takes a code such as en or de\n",
		      stderr);
		return EXIT_USAGE;
	}
	struct arena arena = { 0 };
	struct rows train, test, oos = { 0 };
	struct error err = { 0 };
	if (rows_load_in(&arena, train_path, "intent", &train, &err) ||
	    rows_load_in(&arena, test_path, "intent", &test, &err) ||
	    (oos_path && rows_load_in(&arena, oos_path, NULL, &oos, &err))) {
		fprintf(stderr, "shopbell eval: %s\n", err.message);
		arena_clear(&arena);
		return EXIT_PROBLEM;
	}
	struct measured measured = { 0 };
	measure(&arena, &train, &test, &oos, code, with_names, &measured);
	if (is_json)
		print_json(&measured);
	else
		print_text(&measured);
	arena_clear(&arena);
	return EXIT_FINE;
}

const struct command command_eval = {
	"eval", "how right the matcher is on rows of your own",
	"usage: shopbell eval --train A.tsv --test B.tsv [--oos C.tsv] [--names] [--json] [--lang CODE]\n\n"
	"Learns from the rows of A (text, a tab, its intent) and measures on those of B; C holds\n"
	"questions that belong to no intent. Confidence and threshold come from A alone.\n\n"
	"  --names      the words of an intent's name are one more example of it\n"
	"  --json       one JSON object; shares are 0 to 1, times in the unit that the key names\n"
	"  --lang CODE  the language of the rows (default: en)\n",
	run_eval
};
