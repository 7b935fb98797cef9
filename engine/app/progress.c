/* SPDX-License-Identifier: Apache-2.0 */
#include "app/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_MS = 1000 };

static int64_t monotonic_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_start(struct progress *progress, const char *what)
{
	*progress = (struct progress){ .what = what, .last_percent = -1, .begun_ms = monotonic_ms() };
	progress->is_shown = isatty(STDERR_FILENO);
}

void progress_step(void *context, double share)
{
	struct progress *progress = context;
	int percent = (int)(share * 100);
	if (!progress->is_shown || percent <= progress->last_percent || monotonic_ms() - progress->begun_ms < QUIET_MS)
		return;
	progress->last_percent = percent;
	fprintf(stderr, "\r%s ... %d %%", progress->what, percent);
	fflush(stderr);
}

void progress_reach(struct progress *progress, int64_t at_ms)
{
	if (!progress->is_shown)
		return;
	int64_t now_ms = (int64_t)time(NULL) * 1000;
	if (!progress->first_ms)
		progress->first_ms = at_ms;
	if (at_ms > progress->first_ms && at_ms <= now_ms)
		progress_step(progress, (double)(at_ms - progress->first_ms) / (double)(now_ms - progress->first_ms));
}

void progress_end(struct progress *progress)
{
	if (progress->last_percent < 0)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
}
