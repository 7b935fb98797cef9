/* SPDX-License-Identifier: Apache-2.0 */
#include "app/files.h"

#include "app/command.h"
#include "base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int file_read_in(struct arena *arena, const char *path, size_t max_bytes, struct str *out, struct error *err)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return error_set(err, ERROR_MISSING, "%s cannot be read: %s", path, strerror(errno));
	struct buf bytes = { 0 };
	char piece[65536];
	for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0 && bytes.len <= max_bytes;)
		buf_add(&bytes, piece, got);
	const char *failed = ferror(file) ? strerror(errno) : NULL;
	fclose(file);
	if (!failed && bytes.len <= max_bytes)
		*out = (struct str){ arena_strdup(arena, buf_str(&bytes)), bytes.len };
	int status = 0;
	if (failed)
		status = error_set(err, ERROR_SYSTEM, "%s cannot be read: %s", path, failed);
	else if (bytes.len > max_bytes)
		status = error_set(err, ERROR_LIMIT, "%s is larger than %zu MiB", path, max_bytes >> 20);
	buf_clear(&bytes);
	return status;
}

int input_ended(const char *command)
{
	if (!ferror(stdin))
		return EXIT_FINE;
	fprintf(stderr, "shopbell %s: the input cannot be read: %s\n", command, strerror(errno));
	return EXIT_PROBLEM;
}
