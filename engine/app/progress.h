/* SPDX-License-Identifier: Apache-2.0 */
/* How far a long command is: one line on stderr that renews itself, on a terminal and nowhere else. */
#ifndef SHOPBELL_APP_PROGRESS_H
#define SHOPBELL_APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what; /* "training" */
	bool is_shown;    /* stderr is a terminal */
	int64_t begun_ms;
	int last_percent;
	int64_t first_ms; /* of progress_reach */
};

void progress_start(struct progress *progress, const char *what);
/* `context` is the struct progress; `share` 0..1. Nothing is shown in the first second. Fits match_options.progress. */
void progress_step(void *context, double share);
/* For what is read in the order in which it happened: tells the way from the first time that it was called with to now. */
void progress_reach(struct progress *progress, int64_t at_ms);
/* Wipes the line; also before anything else is printed. */
void progress_end(struct progress *progress);

#endif
