/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/report.h"

#include "base/mem.h"
#include "dialogue/report_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct report {
	size_t episodes;
	struct report_sums sums;
	struct trials trials;
	const struct report_row *rows;
	struct figure *figures; /* one for each row */
	size_t count;
};

struct report *report_new(void)
{
	struct report *report = mem_zalloc(1, sizeof *report);
	report->rows = report_rows(&report->count);
	report->figures = mem_zalloc(report->count, sizeof *report->figures);
	for (size_t i = 0; i < report->count; i++) {
		const struct report_row *row = &report->rows[i];
		report->figures[i] =
			(struct figure){ .kind = row->kind, .name = row->name, .what = row->what, .rule = row->rule };
	}
	return report;
}

void report_free(struct report *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < report->count; i++)
		sample_clear(&report->figures[i].sample);
	free(report->figures);
	trials_clear(&report->trials);
	free(report);
}

static void add_to(struct figure *figure, const struct report_row *row, const struct episode *episode)
{
	if (row->value) {
		double value = row->value(episode, row->which);
		if (!isnan(value))
			sample_add(&figure->sample, value);
		return;
	}
	figure->rate.whole += row->whole(episode, row->which);
	figure->rate.part += row->part(episode, row->which);
	if (row->minus)
		figure->minus += row->minus(episode, row->which);
}

void report_add(struct report *report, const struct episode *episode)
{
	report->episodes++;
	trials_add(&report->trials, episode);
	report->sums.answers += episode->bot_answers;
	report->sums.misses += episode->misses;
	report->sums.clarifications += episode->clarifications;
	report->sums.csat_sum += episode->csat > 0 ? episode->csat : 0;
	for (size_t i = 0; i < report->count; i++)
		add_to(&report->figures[i], &report->rows[i], episode);
}

const struct trials *report_trials(const struct report *report)
{
	return &report->trials;
}

size_t report_episodes(const struct report *report)
{
	return report->episodes;
}

struct report_sums report_sums(const struct report *report)
{
	return report->sums;
}

struct figure *report_figure(struct report *report, const char *name)
{
	for (size_t i = 0; i < report->count; i++)
		if (!strcmp(report->rows[i].name, name))
			return &report->figures[i];
	return NULL;
}

double figure_score(const struct figure *figure)
{
	if (!figure->rate.whole)
		return 0;
	return 100.0 * (double)(figure->rate.part - figure->minus) / (double)figure->rate.whole;
}

struct figure *report_figures(struct report *report, size_t *out_count)
{
	*out_count = report->count;
	return report->figures;
}
