/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/diagnostics.h"

#include "base/vec.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum {
	SOURCE_CHARACTERS_MAX = 240, /* a longer line is cut: nobody reads it in a terminal */
	NEAREST_BYTES_MAX = 100,
};

void diagnostics_init(struct diagnostics *list, struct arena *arena)
{
	*list = (struct diagnostics){ .arena = arena };
}

void diagnostics_clear(struct diagnostics *list)
{
	vec_clear(list);
	list->error_count = 0;
}

void diagnostics_add(struct diagnostics *list, const struct problem *problem)
{
	list->error_count += problem->severity == SEVERITY_ERROR;
	if (list->count >= DIAGNOSTICS_MAX)
		return;
	struct problem copy = *problem;
	copy.place.file = arena_strdup(list->arena, str_of(problem->place.file));
	copy.what = utf8_printable_in(list->arena, problem->what, SIZE_MAX);
	copy.hint = utf8_printable_in(list->arena, problem->hint, SIZE_MAX);
	copy.source = utf8_printable_in(list->arena, problem->source, SOURCE_CHARACTERS_MAX);
	copy.width = problem->width ? problem->width : 1;
	vec_push(list, copy);
}

static int compare_places(const void *left, const void *right)
{
	const struct problem *a = left, *b = right;
	int order = strcmp(a->place.file, b->place.file);
	if (order)
		return order;
	if (a->place.line != b->place.line)
		return a->place.line < b->place.line ? -1 : 1;
	if (a->place.column != b->place.column)
		return a->place.column < b->place.column ? -1 : 1;
	if (a->severity != b->severity)
		return a->severity < b->severity ? -1 : 1;
	return strcmp(a->what, b->what);
}

void diagnostics_sort(struct diagnostics *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, compare_places);
}

/* The line below the source: tabs stay tabs, so that the caret stands where the character does. */
static void print_caret(const struct problem *problem, struct buf *out)
{
	struct str source = str_of(problem->source);
	uint32_t column = problem->place.column, width = problem->width;
	size_t characters = utf8_count(source);
	if (!column) { /* the whole line, from its first visible character */
		struct str trimmed = str_trim(source);
		column = (uint32_t)utf8_count(str_part(source, 0, (size_t)(trimmed.ptr - source.ptr))) + 1;
		width = (uint32_t)utf8_count(trimmed);
	}
	if (column > characters + 1)
		return; /* the source was cut before it */
	if (width > characters + 1 - column)
		width = (uint32_t)characters + 1 - column;
	size_t at = 0;
	for (uint32_t i = 1; i < column; i++)
		buf_add_char(out, utf8_next(source, &at) == '\t' ? '\t' : ' ');
	buf_add_char(out, '^');
	for (uint32_t i = 1; i < width; i++)
		buf_add_char(out, '~');
	buf_add_char(out, '\n');
}

/* `file:line:column: error: what; hint`, then the source line and a caret line below it, each with a newline. */
static void print_problem(const struct problem *problem, struct buf *out)
{
	static const char *const NAMES[] = { "error", "warning", "note" };
	const struct place *place = &problem->place;
	buf_printf(out, "%s:%u:%u: %s: %s", place->file, place->line ? place->line : 1,
		   place->column ? place->column : 1, NAMES[problem->severity], problem->what);
	if (*problem->hint)
		buf_printf(out, "; %s", problem->hint);
	buf_add_char(out, '\n');
	if (!*problem->source)
		return;
	buf_add_text(out, problem->source);
	buf_add_char(out, '\n');
	print_caret(problem, out);
}

void diagnostics_print(const struct diagnostics *list, struct buf *out)
{
	for (size_t i = 0; i < list->count; i++)
		print_problem(&list->items[i], out);
}

size_t diagnostics_print_some(const struct diagnostics *list, enum severity severity, size_t limit, struct buf *out)
{
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].severity == severity && count++ < limit)
			print_problem(&list->items[i], out);
	return count;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein distance in its optimal string alignment form (Boytsov 2011, section 2): insertion, deletion,
 * replacement, or exchange of two neighbours, no part edited twice. Letters of either case are the same. */
static size_t edit_distance(struct str a, struct str b)
{
	size_t rows[3][NEAREST_BYTES_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	for (size_t j = 0; j <= b.len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool is_same = lower(a.ptr[i - 1]) == lower(b.ptr[j - 1]);
			row[j] = least(least(row[j - 1], last[j]) + 1, last[j - 1] + !is_same);
			if (i > 1 && j > 1 && lower(a.ptr[i - 1]) == lower(b.ptr[j - 2]) &&
			    lower(a.ptr[i - 2]) == lower(b.ptr[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[b.len];
}

const char *nearest_known(struct str word, const char *const *known, size_t count)
{
	const char *best = NULL;
	size_t limit = word.len / 3 ? word.len / 3 : 1, best_distance = limit + 1;
	if (!word.len || word.len > NEAREST_BYTES_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct str candidate = str_of(known[i]);
		if (candidate.len > word.len + limit || candidate.len + limit < word.len ||
		    candidate.len > NEAREST_BYTES_MAX)
			continue;
		size_t distance = edit_distance(word, candidate);
		if (distance < best_distance) {
			best = known[i];
			best_distance = distance;
		}
	}
	return best;
}
