/* SPDX-License-Identifier: Apache-2.0 */
/* From the elements of a pattern line to rows of places for the automaton. A choice of several words in a row is no
 * place; a line with such choices stands for several rows, one for each way to choose. */
#include "sentiment/internal.h"

#include "base/vec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int cue_error(const struct cue_spot *spot, struct error *err, const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return error_set(err, ERROR_INPUT, "%s:%zu:%zu: error: %s", spot->name, spot->line, spot->column, text);
}

void patterns_clear(struct cue_patterns *patterns)
{
	free(patterns->items);
	free(patterns->blocks);
	*patterns = (struct cue_patterns){ 0 };
}

void patterns_push(struct cue_patterns *patterns, struct automaton_place *places, size_t count, uint16_t block)
{
	vec_push(patterns, (struct automaton_pattern){ .places = places, .count = count });
	if (patterns->block_capacity < patterns->capacity) {
		patterns->blocks = mem_resize(patterns->blocks, patterns->capacity, sizeof *patterns->blocks);
		patterns->block_capacity = patterns->capacity;
	}
	patterns->blocks[patterns->count - 1] = block;
}

struct rows {
	struct arena *arena;
	const struct cue_elements *elements;
	struct automaton_place places[AUTOMATON_PLACES_MAX]; /* of the row being made */
	struct cue_patterns *patterns;
	uint16_t block;
	size_t made;
	const struct cue_spot *spot;
	struct error *err;
};

static int add_row(struct rows *rows, size_t count)
{
	if (++rows->made > CUE_VARIANTS_MAX)
		return cue_error(rows->spot, rows->err, "this line stands for more than %d rows of words; split it",
				 CUE_VARIANTS_MAX);
	if (!count || rows->places[0].is_optional || rows->places[0].is_any || rows->places[count - 1].is_optional ||
	    rows->places[count - 1].is_any)
		return cue_error(rows->spot, rows->err,
				 "a pattern begins and ends with a word that is named and must be there");
	struct automaton_place *copy = arena_alloc(rows->arena, count * sizeof *copy);
	memcpy(copy, rows->places, count * sizeof *copy);
	patterns_push(rows->patterns, copy, count, rows->block);
	return 0;
}

static int too_long(const struct rows *rows)
{
	return cue_error(rows->spot, rows->err, "a pattern has at most %d places, gaps counted in full",
			 AUTOMATON_PLACES_MAX);
}

static int add_rows_from(struct rows *rows, size_t at, size_t count);

/* All choices of one word are one place together. */
static int add_single_choices(struct rows *rows, const struct cue_element *element, size_t at, size_t count)
{
	uint32_t *letters = arena_alloc(rows->arena, (element->choices.count + 1) * sizeof *letters);
	size_t singles = 0;
	for (size_t i = 0; i < element->choices.count; i++)
		if (element->choices.items[i].count == 1)
			letters[singles++] = element->choices.items[i].items[0];
	if (!singles && !element->is_any)
		return 0;
	rows->places[count] = (struct automaton_place){ letters, singles, element->is_any, element->is_optional };
	return add_rows_from(rows, at + 1, count + 1);
}

static int add_long_choices(struct rows *rows, const struct cue_element *element, size_t at, size_t count)
{
	bool has_single = element->is_any;
	for (size_t i = 0; i < element->choices.count; i++) {
		const struct letters *choice = &element->choices.items[i];
		has_single = has_single || choice->count == 1;
		if (choice->count < 2)
			continue;
		if (count + choice->count > AUTOMATON_PLACES_MAX)
			return too_long(rows);
		for (size_t j = 0; j < choice->count; j++)
			rows->places[count + j] = (struct automaton_place){ &choice->items[j], 1, false, false };
		if (add_rows_from(rows, at + 1, count + choice->count))
			return -1;
	}
	/* Left out, where no optional place of its own says so. */
	return element->is_optional && !has_single ? add_rows_from(rows, at + 1, count) : 0;
}

static int add_rows_from(struct rows *rows, size_t at, size_t count)
{
	if (at == rows->elements->count)
		return add_row(rows, count);
	const struct cue_element *element = &rows->elements->items[at];
	if (count + (element->gap ? element->gap : 1) > AUTOMATON_PLACES_MAX)
		return too_long(rows);
	if (!element->gap)
		return add_single_choices(rows, element, at, count) || add_long_choices(rows, element, at, count) ? -1
														  : 0;
	for (size_t i = 0; i < element->gap; i++)
		rows->places[count++] = (struct automaton_place){ .is_any = true, .is_optional = true };
	return add_rows_from(rows, at + 1, count);
}

int patterns_add(struct arena *arena, struct cue_patterns *patterns, const struct cue_elements *elements,
		 uint16_t block, const struct cue_spot *spot, struct error *err)
{
	struct rows rows = {
		.arena = arena, .elements = elements, .patterns = patterns, .block = block, .spot = spot, .err = err
	};
	return add_rows_from(&rows, 0, 0);
}
