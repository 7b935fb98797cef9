/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum log_level loudest = LOG_INFO;

void log_set_level(enum log_level level)
{
	loudest = level;
}

void log_line(enum log_level level, const char *format, ...)
{
	static const char *const names[] = { "error: ", "warning: ", "", "debug: " };
	if (level > loudest)
		return;
	char line[2048];
	int head = snprintf(line, sizeof line, "shopbell: %s", names[level]);
	va_list args;
	va_start(args, format);
	int len = vsnprintf(line + head, sizeof line - (size_t)head - 1, format, args);
	va_end(args);
	size_t end = strlen(line);
	if (len < 0)
		return;
	line[end] = '\n';
	fwrite(line, 1, end + 1, stderr); /* one call: stdio's lock keeps the line whole */
}
