/* SPDX-License-Identifier: Apache-2.0 */
#include "app/rows.h"

#include "base/buf.h"
#include "base/vec.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int read_file(struct arena *arena, const char *path, struct str *out, struct error *err)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return error_set(err, ERROR_MISSING, "%s cannot be read: %s", path, strerror(errno));
	struct buf bytes = { 0 };
	char piece[65536];
	for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0 && bytes.len <= ROWS_BYTES_MAX;)
		buf_add(&bytes, piece, got);
	int failed = ferror(file);
	fclose(file);
	if (!failed && bytes.len <= ROWS_BYTES_MAX)
		*out = (struct str){ arena_strdup(arena, buf_str(&bytes)), bytes.len };
	int status = 0;
	if (failed)
		status = error_set(err, ERROR_SYSTEM, "%s cannot be read to its end", path);
	else if (bytes.len > ROWS_BYTES_MAX)
		status = error_set(err, ERROR_LIMIT, "%s is larger than %d MiB", path, ROWS_BYTES_MAX >> 20);
	buf_clear(&bytes);
	return status;
}

int rows_load_in(struct arena *arena, const char *path, bool needs_label, struct rows *out, struct error *err)
{
	struct str rest, line;
	if (read_file(arena, path, &rest, err))
		return -1;
	if (str_starts(rest, "\xef\xbb\xbf"))
		rest = str_part(rest, 3, rest.len);
	struct {
		struct row *items;
		size_t count, capacity;
	} rows = { 0 };
	for (size_t number = 1; str_line(&rest, &line); number++) {
		struct row row = { 0 };
		struct str columns = line;
		if (!str_trim(line).len)
			continue;
		str_split(&columns, '\t', &row.text);
		if (!str_split(&columns, '\t', &row.label))
			row.label = STR_LIT("");
		row.label = str_trim(row.label);
		if (!utf8_is_valid(line) || (needs_label && !row.label.len)) {
			vec_clear(&rows);
			return error_set(err, ERROR_INPUT, "%s:%zu: error: %s", path, number,
					 utf8_is_valid(line) ? "no intent; write text, a tab, and the intent"
							     : "not UTF-8; save the file as UTF-8");
		}
		vec_push(&rows, row);
	}
	if (!rows.count)
		return error_set(err, ERROR_INPUT, "%s has no rows; write text, a tab, and the intent", path);
	out->items = arena_alloc(arena, rows.count * sizeof *rows.items);
	memcpy(out->items, rows.items, rows.count * sizeof *rows.items);
	out->count = rows.count;
	vec_clear(&rows);
	return 0;
}
