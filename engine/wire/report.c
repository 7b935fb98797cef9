/* SPDX-License-Identifier: Apache-2.0 */
/* Figures, each with what it is a share of. */
#include "dialogue/report.h"
#include "wire/internal.h"

/* A share is told from so many cases on as count, share and interval; below, as the count alone. */
static void add_rate(struct buf *out, struct rate rate)
{
	double low, high;
	json_add_int(out, "part", rate.part);
	json_add_int(out, "whole", rate.whole);
	if (rate.whole < SAMPLE_TOO_FEW)
		return;
	rate_interval(rate, &low, &high);
	json_add_real(out, "share", (double)rate.part / (double)rate.whole);
	json_add_real(out, "low", low);
	json_add_real(out, "high", high);
}

static void add_times(struct buf *out, struct sample *sample)
{
	json_add_int(out, "n", (int64_t)sample->values.count);
	json_add_real(out, "median", sample_percentile(sample, 50));
	json_add_real(out, "p90", sample_percentile(sample, 90));
}

/* The members of a figure's value. */
static void add_value(struct buf *out, struct figure *figure)
{
	switch (figure->kind) {
	case FIGURE_RATE: add_rate(out, figure->rate); break;
	case FIGURE_TIME: add_times(out, &figure->sample); break;
	case FIGURE_MEAN:
		json_add_int(out, "n", (int64_t)figure->sample.values.count);
		json_add_real(out, "mean", sample_mean(&figure->sample));
		break;
	case FIGURE_SCORE:
		json_add_int(out, "promoters", figure->rate.part);
		json_add_int(out, "detractors", figure->minus);
		json_add_int(out, "n", figure->rate.whole);
		json_add_real(out, "score", figure_score(figure));
		break;
	}
}

static const char *kind_name(enum figure_kind kind)
{
	switch (kind) {
	case FIGURE_RATE: return "rate";
	case FIGURE_TIME: return "time";
	case FIGURE_MEAN: return "mean";
	case FIGURE_SCORE: return "score";
	}
	return "";
}

static void add_head(struct buf *out, int64_t from_ms, int64_t to_ms, const struct report *report)
{
	json_add_int(out, "from", from_ms);
	json_add_int(out, "to", to_ms);
	json_add_int(out, "episodes", (int64_t)report_episodes(report));
}

static void add_answers(struct buf *out, const struct trials *trials)
{
	json_open(out, "answers", '[');
	for (size_t i = 0; i < trials->results.count; i++) {
		const struct trial_result *result = &trials->results.items[i];
		json_open(out, NULL, '{');
		json_add_text(out, "intent", result->intent);
		json_add_text(out, "variant", result->variant);
		json_open(out, "helpful", '{');
		add_rate(out, result->helpful);
		buf_add_char(out, '}');
		json_open(out, "handed_over", '{');
		add_rate(out, result->handed_over);
		buf_add_text(out, "}}");
	}
	buf_add_char(out, ']');
}

void wire_report(struct buf *out, int64_t from_ms, int64_t to_ms, struct report *report)
{
	size_t count;
	struct figure *figures = report_figures(report, &count);
	buf_add_char(out, '{');
	add_head(out, from_ms, to_ms, report);
	for (size_t i = 0; i < count; i++) {
		json_open(out, figures[i].name, '{');
		add_value(out, &figures[i]);
		buf_add_char(out, '}');
	}
	add_answers(out, report_trials(report));
	buf_add_char(out, '}');
}

static void add_figures(struct buf *out, struct report *report)
{
	size_t count;
	struct figure *figures = report_figures(report, &count);
	json_open(out, "figures", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, NULL, '{');
		json_add_text(out, "name", figures[i].name);
		json_add_text(out, "kind", kind_name(figures[i].kind));
		json_add_text(out, "what", figures[i].what);
		json_add_text(out, "rule", figures[i].rule);
		add_value(out, &figures[i]);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

/* By the names of the table in dialogue/report.c. */
static struct rate rate_of(struct report *report, const char *name)
{
	const struct figure *figure = report_figure(report, name);
	return figure ? figure->rate : (struct rate){ 0, 0 };
}

static void add_handovers(struct buf *out, struct report *report)
{
	struct buf name = { 0 };
	json_open(out, "handed_over", '{');
	for (enum reason reason = REASON_ASKED; reason <= REASON_SEGMENT; reason++) {
		buf_reset(&name);
		buf_printf(&name, "handoff_%s", reason_name(reason));
		json_add_int(out, reason_name(reason), rate_of(report, buf_text(&name)).part);
	}
	buf_add_char(out, '}');
	buf_clear(&name);
	json_add_int(out, "handed_over_episodes", rate_of(report, "handoff").part);
	json_add_int(out, "claimed", rate_of(report, "handoff_claimed").part);
	json_add_int(out, "missed", rate_of(report, "handoff_abandoned").part + rate_of(report, "handoff_nobody").part);
	json_open(out, "wait_s", '{');
	add_times(out, &report_figure(report, "wait_s")->sample);
	buf_add_char(out, '}');
}

static void add_sums(struct buf *out, struct report *report)
{
	struct report_sums sums = report_sums(report);
	struct rate thumbs = rate_of(report, "helpful");
	json_add_int(out, "answered", sums.answers);
	json_add_int(out, "misses", sums.misses);
	json_add_int(out, "clarifications", sums.clarifications);
	add_handovers(out, report);
	json_open(out, "rated", '{');
	json_add_int(out, "helpful", thumbs.part);
	json_add_int(out, "not_helpful", thumbs.whole - thumbs.part);
	buf_add_char(out, '}');
	json_open(out, "csat", '{');
	json_add_int(out, "sum", sums.csat_sum);
	json_add_int(out, "n", rate_of(report, "csat").whole);
	buf_add_char(out, '}');
}

void wire_numbers(struct buf *out, int64_t from_ms, int64_t to_ms, struct report *report, const int64_t by_hour[24])
{
	buf_add_char(out, '{');
	add_head(out, from_ms, to_ms, report);
	add_sums(out, report);
	json_open(out, "by_hour", '[');
	for (size_t i = 0; i < 24; i++)
		json_add_int(out, NULL, by_hour[i]);
	buf_add_char(out, ']');
	add_figures(out, report);
	buf_add_char(out, '}');
}
