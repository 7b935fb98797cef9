/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell report`: how visitors were served, each share with what it is a share of. */
#include "app/command.h"
#include "app/data.h"
#include "app/dates.h"
#include "app/loading.h"
#include "app/arguments.h"
#include "store/store.h"

#include <math.h>
#include <stdio.h>

/* Below so many cases a share says nothing. */
enum { TOO_FEW = 30 };

/* Wilson's score interval at 95 % (E. B. Wilson 1927). */
static void print_rate(const char *what, int64_t part, int64_t whole)
{
	printf("%-34s %6lld of %6lld", what, (long long)part, (long long)whole);
	if (whole < TOO_FEW) {
		puts("   too few to tell");
		return;
	}
	const double z = 1.959964;
	double n = (double)whole, p = (double)part / n;
	double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	printf("   %5.1f %%  (%.1f to %.1f)\n", p * 100, fmax(0, middle - half) * 100, fmin(1, middle + half) * 100);
}

static void print_numbers(const struct numbers *numbers)
{
	printf("conversations (episodes)           %6lld\n", (long long)numbers->episodes);
	print_rate("handed over", numbers->handed_over_episodes, numbers->episodes);
	for (int reason = REASON_ASKED; reason <= REASON_SEGMENT; reason++) {
		char what[64];
		snprintf(what, sizeof what, "  because: %s", reason_name((enum reason)reason));
		if (numbers->handovers[reason])
			print_rate(what, numbers->handovers[reason], numbers->handed_over_episodes);
	}
	print_rate("  claimed by a person", numbers->claimed, numbers->handed_over_episodes);
	print_rate("  missed", numbers->missed, numbers->handed_over_episodes);
	if (numbers->wait_count >= TOO_FEW)
		printf("  wait: median %.0f s, 90 %% within %.0f s, of %lld\n", (double)numbers->wait_median_ms / 1e3,
		       (double)numbers->wait_p90_ms / 1e3, (long long)numbers->wait_count);
	else
		printf("  wait: too few to tell (%lld)\n", (long long)numbers->wait_count);
	int64_t turns = numbers->bot_answers + numbers->misses + numbers->clarifications;
	print_rate("bot turns with an answer", numbers->bot_answers, turns);
	print_rate("bot turns with \"did you mean\"", numbers->clarifications, turns);
	print_rate("bot turns without", numbers->misses, turns);
	print_rate("bot answers rated helpful", numbers->helpful, numbers->helpful + numbers->not_helpful);
	if (numbers->csat_count >= TOO_FEW)
		printf("satisfaction, 1 to 5               %.2f of %lld ratings\n",
		       (double)numbers->csat_sum / (double)numbers->csat_count, (long long)numbers->csat_count);
	else
		printf("satisfaction, 1 to 5               too few to tell (%lld ratings)\n",
		       (long long)numbers->csat_count);
}

static int run_report(int argc, char **argv)
{
	const char *data = DEFAULT_DATA, *since = NULL;
	const struct option_spec specs[] = { { "--data", &data, NULL }, { "--since", &since, NULL } };
	struct operands none;
	int status = arguments_read(argc, argv, specs, sizeof specs / sizeof *specs, 0, 0, &none);
	if (status)
		return status;
	int64_t to_ms = date_now_ms(), from_ms = to_ms - 7 * 24 * 3600 * (int64_t)1000;
	if (since && date_read(since, &from_ms)) {
		fprintf(stderr, "shopbell report: \"%s\" is no date; write it as 2026-01-31\n", since);
		return EXIT_USAGE;
	}
	struct store *store = NULL;
	struct error err = { 0 };
	struct numbers numbers;
	status = EXIT_FINE;
	if (data_open(data, STORE_READ, &store, &err) || store_numbers(store, from_ms, to_ms, &numbers, &err)) {
		status = data_failed("report", &err);
	} else {
		print_numbers(&numbers);
	}
	store_close(store);
	return status;
}

const struct command command_report = {
	"report", "how visitors were served",
	"usage: shopbell report [--since DATE] [--data DIR]\n\n"
	"Counts of conversations, handovers and their reasons, waits, ratings since DATE (default: the\n"
	"last seven days). Every share stands beside what it is a share of, with its 95 % interval;\n"
	"under 30 cases there is none.\n",
	run_report
};
