/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the corpus module share: a file in lines, reporting a spot of it, and reading single values. */
#ifndef SHOPBELL_CORPUS_INTERNAL_H
#define SHOPBELL_CORPUS_INTERNAL_H

#include "base/arena.h"
#include "base/str.h"
#include "corpus/diagnostics.h"
#include "corpus/settings.h"

#include <stdbool.h>
#include <stdint.h>

/* A file as it is read: valid UTF-8, without a byte order mark. Lives in an arena. */
struct source {
	const char *name; /* relative to the folder */
	struct str text;
	struct str *lines; /* without their ends; line 1 is lines[0] */
	uint32_t line_count;
};

/* A piece of a line, in bytes. `len` 0: the whole line. */
struct spot {
	const struct source *source;
	uint32_t line;
	size_t from, len;
};

/* Makes a source of raw bytes. Malformed bytes and NULs are reported and stand as U+FFFD. */
void source_init_in(struct arena *arena, const char *name, struct str raw, struct diagnostics *problems,
		    struct source *out);
/* The line with a number, empty beyond the end. */
struct str source_line(const struct source *source, uint32_t line);
/* The spot of `part`, which must be a slice of that line; the line itself when it is not. */
struct spot spot_of(const struct source *source, uint32_t line, struct str part);
struct place spot_place(struct spot spot);
/* Adds a problem; `hint` may be NULL. */
void report(struct diagnostics *problems, enum severity severity, struct spot spot, const char *hint,
	    const char *format, ...) __attribute__((format(printf, 5, 6)));
/* "did you mean "..."?" for the nearest known word, else `otherwise` (may be NULL). */
const char *hint_nearest_in(struct arena *arena, struct str word, const char *const *known, size_t count,
			    const char *otherwise);
/* A text in quotes for a message, cut when it is long: %s of its result. */
const char *quoted_in(struct arena *arena, struct str text);

/* Values. All give false, and leave the result alone, when the text is none. */
/* "40 seconds", "2 minutes", "1 hour 30 minutes", "90s", in milliseconds. */
bool value_duration(struct str text, int64_t *out_ms);
bool value_yes(struct str text, bool *out_yes);
#define VALUE_SHARE_HINT "write it with its sign, from 0.1% to 50%; 5% is usual"
/* "5%" or "2.5 %", from 0.1 % to 50 %, as a share. */
bool value_share(struct str text, double *out_share);
/* "2026-12-24", or "12-24" with the year 0. A day that the calendar has. */
bool value_date(struct str text, struct holiday *out_date);
/* Spans of hours from the front of `*rest`, which is moved behind them: "9:00-12:30, 13:30-17:30 Christmas Eve". On
 * failure `*out_why` says what is wrong (for a hint) and `*rest` begins at it. */
bool value_hours(struct str *rest, struct day_hours *out_hours, const char **out_why);
/* "https://Shop.example:443/" as "https://shop.example"; `*out_why` as above. */
bool value_origin_in(struct arena *arena, struct str text, const char **out_origin, const char **out_why);
/* Whether the system's time zone database has it. */
bool value_is_zone(struct str text);

/* As settings_read_in; also gives where the suggestions stand, one spot for each. */
void settings_read_source_in(struct arena *arena, const struct source *source, struct settings *settings,
			     struct spot **out_suggestions, struct diagnostics *problems);

/* The settings that are lists: [holidays], [segment NAME], [nudge NAME]. */
struct settings_lists {
	struct arena *arena;
	struct diagnostics *problems;
	struct {
		struct holiday *items;
		size_t count, capacity;
	} holidays;
	struct {
		struct segment *items;
		size_t count, capacity;
	} segments;
	struct {
		struct nudge *items;
		size_t count, capacity;
	} nudges;
	struct { /* of the last segment */
		struct condition *items;
		size_t count, capacity;
	} conditions;
	struct spot header; /* of the section that is being read */
	bool has_when;      /* it has a condition, right or wrong */
};

/* One `key = value` of a section: the words and where they stand. */
struct entry {
	struct str section; /* "segment" */
	struct str name;    /* "vip", or empty */
	struct str key, value;
	struct spot key_spot, value_spot;
};

void lists_add_holiday(struct settings_lists *lists, const struct entry *entry);
/* A header was read; `header` is its place. Ends what was open before. */
void lists_open(struct settings_lists *lists, struct str section, struct str name, struct spot header);
void lists_add_segment_key(struct settings_lists *lists, const struct entry *entry);
void lists_add_nudge_key(struct settings_lists *lists, const struct entry *entry);
/* Ends what is open, and hands all over to `settings`. */
void lists_finish(struct settings_lists *lists, struct settings *settings);

/* ---- Settings of which there is one each (settings_fields.c) ---- */

enum { SETTINGS_KEYS_MAX = 48 };

struct settings_reader {
	struct arena *arena;
	const struct source *source;
	struct diagnostics *problems;
	struct settings *settings;
	uint32_t line;                        /* being read */
	uint32_t lines_of[SETTINGS_KEYS_MAX]; /* where each key was read, 0 not yet */
	struct spot *suggestion_spots;
};

/* Reads the entry into the settings; false when its section has no such key. */
bool fields_read(struct settings_reader *reader, const struct entry *entry);
/* What may have been meant by an unknown key, or all keys of its section. */
const char *fields_hint(const struct settings_reader *reader, const struct entry *entry);

#endif
