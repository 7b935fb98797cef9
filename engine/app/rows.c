/* SPDX-License-Identifier: Apache-2.0 */
#include "app/rows.h"

#include "app/files.h"
#include "base/vec.h"
#include "text/utf8.h"

#include <string.h>

int rows_load_in(struct arena *arena, const char *path, const char *label, struct rows *out, struct error *err)
{
	struct str rest, line;
	if (file_read_in(arena, path, ROWS_BYTES_MAX, &rest, err))
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
		row.line = number;
		if (!utf8_is_valid(line) || (label && !row.label.len)) {
			vec_clear(&rows);
			if (!utf8_is_valid(line))
				return error_set(err, ERROR_INPUT, "%s:%zu: error: not UTF-8; save the file as UTF-8",
						 path, number);
			return error_set(err, ERROR_INPUT, "%s:%zu: error: no %s; write text, a tab, and the %s", path,
					 number, label, label);
		}
		vec_push(&rows, row);
	}
	if (!rows.count)
		return error_set(err, ERROR_INPUT, "%s has no rows; write text%s%s", path,
				 label ? ", a tab, and the " : "", label ? label : "");
	out->items = arena_alloc(arena, rows.count * sizeof *rows.items);
	memcpy(out->items, rows.items, rows.count * sizeof *rows.items);
	out->count = rows.count;
	vec_clear(&rows);
	return 0;
}
