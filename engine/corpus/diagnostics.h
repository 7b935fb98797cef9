/* SPDX-License-Identifier: Apache-2.0 */
/* All problems of all files, each with its place, in the order of files and lines. */
#ifndef SHOPBELL_CORPUS_DIAGNOSTICS_H
#define SHOPBELL_CORPUS_DIAGNOSTICS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

/* A spot in a file. Lines and columns count from 1; a column counts characters. Column 0: the whole line. */
struct place {
	const char *file; /* relative to the intents folder, as the owner knows it: "delivery.md", "de/lieferung.md" */
	uint32_t line, column;
};

struct problem {
	enum severity severity;
	struct place place;
	const char *what;   /* "unknown key \"nxt\"" */
	const char *hint;   /* "did you mean \"next\"?"; "" when there is none */
	const char *source; /* the line of the file, without its end; "" when there is none */
	uint32_t width;     /* characters to mark under the line, at least 1 */
};

/* Texts live in the arena given at the start. */
struct diagnostics {
	struct arena *arena;
	struct problem *items;
	size_t count, capacity;
	size_t error_count;
};

void diagnostics_init(struct diagnostics *list, struct arena *arena);
/* Frees the list itself, not the texts. */
void diagnostics_clear(struct diagnostics *list);
/* Adds a copy of all texts. At most DIAGNOSTICS_MAX problems are kept; error_count goes on counting. */
enum { DIAGNOSTICS_MAX = 1000 };
void diagnostics_add(struct diagnostics *list, const struct problem *problem);
/* Sorts by file, line, column. */
void diagnostics_sort(struct diagnostics *list);
/* Each as `file:line:column: error: what; hint`, then the source line and a caret line below it. */
void diagnostics_print(const struct diagnostics *list, struct buf *out);
/* The same, but only the first `limit` of one severity; how many of it there are. */
size_t diagnostics_print_some(const struct diagnostics *list, enum severity severity, size_t limit, struct buf *out);

/* The entry of `known` nearest to `word` (Damerau-Levenshtein distance of at most a third of its length, at least
 * one), or NULL: for "did you mean". */
const char *nearest_known(struct str word, const char *const *known, size_t count);

#endif
