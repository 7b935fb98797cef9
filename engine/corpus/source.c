/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/internal.h"

#include "text/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Cuts the next line off: newline, carriage return, or both end it, as cmark has it. */
static bool cut_line(struct str *rest, struct str *out_line)
{
	if (!rest->len)
		return false;
	size_t at = 0;
	while (at < rest->len && rest->ptr[at] != '\n' && rest->ptr[at] != '\r')
		at++;
	*out_line = str_part(*rest, 0, at);
	bool is_pair = at + 1 < rest->len && rest->ptr[at] == '\r' && rest->ptr[at + 1] == '\n';
	*rest = str_part(*rest, at < rest->len ? at + (is_pair ? 2 : 1) : at, rest->len);
	return true;
}

static void split_lines(struct arena *arena, struct source *source)
{
	struct str rest = source->text, line;
	size_t count = 0;
	while (cut_line(&rest, &line))
		count++;
	source->lines = arena_alloc(arena, (count ? count : 1) * sizeof *source->lines);
	for (rest = source->text; cut_line(&rest, &line);)
		source->lines[source->line_count++] = line;
}

/* Characters of a line before the byte `at`, when some bytes may be malformed: each of those counts as one. */
static uint32_t characters_before(struct str line, size_t at)
{
	uint32_t count = 0;
	for (size_t i = 0; i < at && i < line.len; count++)
		utf8_next(line, &i);
	return count;
}

/* Reports the first malformed byte of each line that has one. */
static void report_malformed(const struct source *source, struct str raw, struct diagnostics *problems)
{
	struct str line;
	for (uint32_t number = 1; cut_line(&raw, &line); number++) {
		const char *zero = line.len ? memchr(line.ptr, '\0', line.len) : NULL;
		if (utf8_is_valid(line) && !zero)
			continue;
		size_t at = 0, next = 0;
		while (at < line.len) {
			next = at;
			bool is_sign = str_starts(str_part(line, at, 3), "\xef\xbf\xbd");
			uint32_t code = utf8_next(line, &next);
			if (!code || (code == 0xfffd && !is_sign))
				break;
			at = next;
		}
		struct problem problem = {
			.severity = SEVERITY_ERROR,
			.place = { source->name, number, characters_before(line, at) + 1 },
			.what = line.ptr[at] ? "this byte is not UTF-8" : "a zero byte in a text",
			.hint = "save the file as UTF-8",
			.source = arena_strdup(problems->arena, str_part(line, 0, 1000)),
		};
		diagnostics_add(problems, &problem);
	}
}

/* What an editor's "Unicode" may be. Told once, not for each of its lines. */
static bool is_utf16(struct str raw)
{
	return str_starts(raw, "\xff\xfe") || str_starts(raw, "\xfe\xff");
}

static void report_utf16(const struct source *source, struct diagnostics *problems)
{
	struct problem problem = {
		.severity = SEVERITY_ERROR,
		.place = { source->name, 1, 0 },
		.what = "this file is UTF-16",
		.hint = "save it as UTF-8, which editors offer under Save as",
		.source = "",
	};
	diagnostics_add(problems, &problem);
}

/* NULs become U+FFFD, as cmark would make them. */
static struct str without_zeros_in(struct arena *arena, struct str text)
{
	size_t zeros = 0;
	for (size_t i = 0; i < text.len; i++)
		zeros += !text.ptr[i];
	if (!zeros)
		return text;
	char *copy = arena_alloc(arena, text.len + 2 * zeros);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i])
			copy[len++] = text.ptr[i];
		else
			len += utf8_put(0xfffd, copy + len);
	return (struct str){ copy, len };
}

void source_init_in(struct arena *arena, const char *name, struct str raw, struct diagnostics *problems,
		    struct source *out)
{
	if (str_starts(raw, "\xef\xbb\xbf"))
		raw = str_part(raw, 3, raw.len);
	*out = (struct source){ .name = name };
	if (is_utf16(raw)) {
		report_utf16(out, problems);
		raw = (struct str){ "", 0 };
	} else if (!utf8_is_valid(raw) || (raw.len && memchr(raw.ptr, '\0', raw.len))) {
		report_malformed(out, raw, problems);
	}
	out->text = without_zeros_in(arena, utf8_repair_in(arena, raw));
	split_lines(arena, out);
}

struct str source_line(const struct source *source, uint32_t line)
{
	return line && line <= source->line_count ? source->lines[line - 1] : (struct str){ "", 0 };
}

struct spot spot_of(const struct source *source, uint32_t line, struct str part)
{
	struct str whole = source_line(source, line);
	if (part.ptr < whole.ptr || part.ptr + part.len > whole.ptr + whole.len)
		return (struct spot){ source, line, 0, 0 };
	return (struct spot){ source, line, (size_t)(part.ptr - whole.ptr), part.len };
}

struct place spot_place(struct spot spot)
{
	struct place place = { spot.source->name, spot.line, 0 };
	if (spot.len)
		place.column = (uint32_t)utf8_count(str_part(source_line(spot.source, spot.line), 0, spot.from)) + 1;
	return place;
}

void report(struct diagnostics *problems, enum severity severity, struct spot spot, const char *hint,
	    const char *format, ...)
{
	enum { LINE_BYTES_SHOWN = 1000 }; /* more than are printed: a hostile line may have megabytes */
	char what[1000];
	va_list args;
	if (problems->count >= DIAGNOSTICS_MAX) {
		problems->error_count += severity == SEVERITY_ERROR;
		return;
	}
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	struct str line = source_line(spot.source, spot.line);
	struct problem problem = {
		.severity = severity,
		.place = spot_place(spot),
		.what = what,
		.hint = hint ? hint : "",
		.source = arena_strdup(problems->arena, str_part(line, 0, LINE_BYTES_SHOWN)),
		.width = (uint32_t)utf8_count(str_part(line, spot.from, spot.len)),
	};
	diagnostics_add(problems, &problem);
}

const char *hint_nearest_in(struct arena *arena, struct str word, const char *const *known, size_t count,
			    const char *otherwise)
{
	const char *nearest = nearest_known(word, known, count);
	return nearest ? arena_printf(arena, "did you mean \"%s\"?", nearest) : otherwise;
}

const char *quoted_in(struct arena *arena, struct str text)
{
	enum { SHOWN_MAX = 80 };
	size_t at = 0, count = 0;
	while (at < text.len && count < SHOWN_MAX) {
		utf8_next(text, &at);
		count++;
	}
	return arena_printf(arena, "\"%.*s%s\"", (int)at, text.len ? text.ptr : "", at < text.len ? "..." : "");
}
