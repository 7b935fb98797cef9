/* SPDX-License-Identifier: Apache-2.0 */
/* How visitors were served, as figures over episodes: each share with what it is a share of, and in words what it
 * counts. The definitions are the table in report_rows.c; `shopbell report` and the tests read the same ones. */
#ifndef SHOPBELL_DIALOGUE_REPORT_H
#define SHOPBELL_DIALOGUE_REPORT_H

#include "dialogue/episode.h"
#include "dialogue/sample.h"
#include "dialogue/trials.h"

#include <stddef.h>

/* Coming within this time after a handover is a success; a visitor who is not back within a day was helped, and durably
 * within seven. */
enum { REPORT_TARGET_S = 120, REPORT_HELPED_S = 24 * 3600, REPORT_DURABLE_S = 7 * 24 * 3600 };

enum figure_kind {
	FIGURE_RATE,  /* rate */
	FIGURE_TIME,  /* sample of seconds: median and p90 */
	FIGURE_MEAN,  /* sample: its mean */
	FIGURE_SCORE, /* rate and minus: 100 * (part - minus) / whole, the NPS */
};
/* A row of the tables; all texts static. */
struct figure {
	enum figure_kind kind;
	const char *name; /* of JSON: "handoff_success" */
	const char *what; /* of people */
	const char *rule; /* what is counted among what, "" where `what` says it */
	struct rate rate;
	int64_t minus;
	struct sample sample;
};

/* The score of a FIGURE_SCORE, -100..100; 0 of none. */
double figure_score(const struct figure *figure);

struct report; /* heap */
struct report *report_new(void);
void report_free(struct report *report);
/* Counts one episode, in every figure that it is a case of. */
void report_add(struct report *report, const struct episode *episode);
size_t report_episodes(const struct report *report);
/* Plain sums over the same episodes, beside the figures. */
struct report_sums {
	int64_t answers; /* of the bot alone, to an intent */
	int64_t misses, clarifications;
	int64_t csat_sum; /* of the last survey of each */
};
struct report_sums report_sums(const struct report *report);
/* How the answers did where a question has several; borrowed. */
const struct trials *report_trials(const struct report *report);
/* The figure called `name`, or NULL. */
struct figure *report_figure(struct report *report, const char *name);
/* All figures in order of the tables; borrowed, and the samples may be ordered in place. */
struct figure *report_figures(struct report *report, size_t *out_count);

#endif
