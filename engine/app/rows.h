/* SPDX-License-Identifier: Apache-2.0 */
/* Files of tab-separated rows: `text<TAB>intent` for measuring, `question<TAB>answer` to be made a topic file. */
#ifndef SHOPBELL_APP_ROWS_H
#define SHOPBELL_APP_ROWS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#include <stddef.h>

struct row {
	struct str text, label; /* label is empty when the row has one column */
	size_t line;            /* of the file, from 1 */
};
struct rows {
	struct row *items;
	size_t count;
};

enum { ROWS_BYTES_MAX = 64 * 1024 * 1024 };

/* Reads all of a file into the arena; empty lines are passed over, a column after the second too. `label` is what the second
 * column holds ("intent"): a row without it is an error that names its line; NULL: it may be missing. 0, or -1 with err. */
int rows_load_in(struct arena *arena, const char *path, const char *label, struct rows *out, struct error *err);

#endif
