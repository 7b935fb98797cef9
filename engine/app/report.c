/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell report`: how visitors were served, each share with what it is a share of. */
#include "app/arguments.h"
#include "app/command.h"
#include "app/data.h"
#include "app/dates.h"
#include "app/loading.h"
#include "app/rates.h"
#include "base/buf.h"
#include "base/count.h"
#include "dialogue/report.h"
#include "store/store.h"
#include "wire/wire.h"

#include <stdio.h>

enum { WHAT_WIDTH = 36 };

/* ---- For people ---- */

static void print_time(struct sample *sample)
{
	size_t count = sample->values.count;
	if (count < SAMPLE_TOO_FEW)
		printf("too few to tell (%zu)", count);
	else
		printf("median %.0f s, 90 %% within %.0f s, of %zu", sample_percentile(sample, 50),
		       sample_percentile(sample, 90), count);
}

static void print_mean(const struct sample *sample)
{
	size_t count = sample->values.count;
	if (count < SAMPLE_TOO_FEW)
		printf("too few to tell (%zu)", count);
	else
		printf("%+.2f of %zu", sample_mean(sample), count);
}

static void print_score(const struct figure *figure)
{
	if (figure->rate.whole < SAMPLE_TOO_FEW)
		printf("too few to tell (%lld)", (long long)figure->rate.whole);
	else
		printf("%+.0f of %lld (%lld less %lld)", figure_score(figure), (long long)figure->rate.whole,
		       (long long)figure->rate.part, (long long)figure->minus);
}

static void print_figure(struct figure *figure)
{
	printf("%-*s ", WHAT_WIDTH, figure->what);
	switch (figure->kind) {
	case FIGURE_RATE: rate_print(figure->rate); break;
	case FIGURE_TIME: print_time(&figure->sample); break;
	case FIGURE_MEAN: print_mean(&figure->sample); break;
	case FIGURE_SCORE: print_score(figure); break;
	}
	printf("%s%s\n", *figure->rule ? "   " : "", figure->rule);
}

static void print_trials(const struct trials *trials)
{
	if (trials->results.count)
		puts("\nquestions with several answers, each visitor having had one of them");
	for (size_t i = 0; i < trials->results.count; i++) {
		const struct trial_result *result = &trials->results.items[i];
		printf("  %s, \"%s\": given in %lld episodes\n    %-*s ", result->intent, result->variant,
		       (long long)result->handed_over.whole, WHAT_WIDTH - 4, "helpful");
		rate_print(result->helpful);
		printf("   of the thumbs given\n    %-*s ", WHAT_WIDTH - 4, "handed over afterwards");
		rate_print(result->handed_over);
		putchar('\n');
	}
}

static void print_people(struct report *report)
{
	size_t count;
	struct figure *figures = report_figures(report, &count);
	printf("%-*s %6zu\n", WHAT_WIDTH, "episodes (first message to close)", report_episodes(report));
	for (size_t i = 0; i < count; i++)
		print_figure(&figures[i]);
	print_trials(report_trials(report));
}

static void print_json(int64_t from_ms, int64_t now_ms, struct report *report)
{
	struct buf line = { 0 };
	wire_report(&line, from_ms, now_ms, report);
	puts(buf_text(&line));
	buf_clear(&line);
}

static int report_data(const char *data, int64_t from_ms, bool is_json)
{
	struct report *report = report_new();
	struct store *store = NULL;
	struct error err = { 0 };
	int64_t now_ms = date_now_ms(), by_hour[24];
	int status = EXIT_FINE;
	if (data_open(data, DATA_READ, &store, &err) || store_report(store, from_ms, now_ms, report, by_hour, &err))
		status = data_failed("report", &err);
	else if (is_json)
		print_json(from_ms, now_ms, report);
	else
		print_people(report);
	store_close(store);
	report_free(report);
	return status;
}

static int run_report(int argc, char **argv)
{
	const char *data = DEFAULT_DATA, *since = NULL;
	bool is_json = false;
	const struct option_spec specs[] = { { "--data", &data, NULL },
					     { "--since", &since, NULL },
					     { "--json", NULL, &is_json } };
	struct operands none;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	int64_t from_ms = date_now_ms() - 7 * 24 * 3600 * (int64_t)1000;
	status = date_read("report", since, &from_ms);
	if (status)
		return status;
	return report_data(data, from_ms, is_json);
}

const struct command command_report = {
	"report", "how visitors were served",
	"usage: shopbell report [--since DATE] [--json] [--data DIR]\n\n"
	"How the episodes that began since DATE (default: seven days ago) were served: by the bot, by a\n"
	"person, handed over and why, waits, ratings, moods. Every share stands beside what it is a\n"
	"share of, with its 95 % interval and the rule by which it counts; under 30 cases there is\n"
	"none. Who served (bot, person, mixed) is taken as it was when the visitor rated.\n\n"
	"  --json   one JSON object with all counts\n",
	run_report
};
