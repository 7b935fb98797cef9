/* SPDX-License-Identifier: Apache-2.0 */
#include "app/dates.h"

#include "app/command.h"

#include <stdio.h>
#include <time.h>

int64_t date_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int read_day(const char *text, int64_t *out_ms)
{
	struct tm day = { 0 };
	const char *end = strptime(text, "%Y-%m-%d", &day);
	int wanted = day.tm_mday;
	if (!end || *end)
		return -1;
	time_t seconds = timegm(&day);
	if (day.tm_mday != wanted) /* 31 February was carried over */
		return -1;
	*out_ms = (int64_t)seconds * 1000;
	return 0;
}

int date_read(const char *command, const char *text, int64_t *out_ms)
{
	if (!text || !read_day(text, out_ms))
		return 0;
	fprintf(stderr, "shopbell %s: \"%s\" is no date; write it as 2026-01-31\n", command, text);
	return EXIT_USAGE;
}
