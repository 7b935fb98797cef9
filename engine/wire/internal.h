/* SPDX-License-Identifier: Apache-2.0 */
/* Inside wire: the small JSON writer, and reading foreign JSON into cJSON's tree. */
#ifndef SHOPBELL_WIRE_INTERNAL_H
#define SHOPBELL_WIRE_INTERNAL_H

#include "wire/wire.h"

#include <cjson/cJSON.h>

/* ---- Writing. A member puts its own comma, except behind an opening bracket. `key` NULL: an element of an array.
 * Keys are literals of ours that need no escaping; their lengths are reckoned by the compiler, which is why these are inline. ---- */

void json_put_open(struct buf *out, struct str key, char bracket);
void json_put_text(struct buf *out, struct str key, struct str text);
void json_put_int(struct buf *out, struct str key, int64_t value);
void json_put_real(struct buf *out, struct str key, double value);
void json_put_raw(struct buf *out, struct str key, struct str json);

static inline struct str json_key(const char *key)
{
	return (struct str){ key, key ? __builtin_strlen(key) : 0 };
}

static inline void json_open(struct buf *out, const char *key, char bracket) /* '{' or '[' */
{
	json_put_open(out, json_key(key), bracket);
}

static inline void json_add_str(struct buf *out, const char *key, struct str text)
{
	json_put_text(out, json_key(key), text);
}

static inline void json_add_text(struct buf *out, const char *key, const char *text)
{
	json_put_text(out, json_key(key), str_of(text));
}

static inline void json_add_text_unless_empty(struct buf *out, const char *key, const char *text)
{
	if (text && text[0])
		json_add_text(out, key, text);
}

static inline void json_add_int(struct buf *out, const char *key, int64_t value)
{
	json_put_int(out, json_key(key), value);
}

static inline void json_add_int_unless(struct buf *out, const char *key, int64_t value, int64_t none)
{
	if (value != none)
		json_add_int(out, key, value);
}

/* Six decimals, which is more than any score here means; what is not finite becomes 0. */
static inline void json_add_real(struct buf *out, const char *key, double value)
{
	json_put_real(out, json_key(key), value);
}

/* A value that is JSON for certain. */
static inline void json_add_raw(struct buf *out, const char *key, struct str json)
{
	json_put_raw(out, json_key(key), json);
}

static inline void json_add_bool(struct buf *out, const char *key, bool value)
{
	json_put_raw(out, json_key(key), value ? STR_LIT("true") : STR_LIT("false"));
}

/* A text as it stands between its quotes, and a line end; a number. Without a key, and no comma is put before it. */
void json_put_line(struct buf *out, struct str text);
void json_number(struct buf *out, double value);
void json_integer(struct buf *out, int64_t value);
/* A text that json_put_line() wrote before, without the line end. */
void json_put_quoted(struct buf *out, struct str key, struct str escaped);
/* Member "details" of an event, of what wire_decision_details() wrote; nothing for "". */
void json_add_details(struct buf *out, const char *details);
/* A member whose name comes from outside. */
void json_add_member(struct buf *out, struct str name, const char *text);
/* A member "agent" with both. */
void json_add_agent(struct buf *out, int64_t id, const char *name);
/* An object that wire itself printed and the store has kept; nothing for "". */
void json_add_kept(struct buf *out, const char *key, const char *object);
/* The members of such an object, without its brackets. */
void json_add_kept_members(struct buf *out, const char *object);
/* The comma before the next element, where one is needed. */
void json_comma(struct buf *out);
/* Opens a frame: {"type":"TYPE". Nothing is put before it, whatever `out` holds. */
void json_frame(struct buf *out, const char *type);

void json_add_options(struct buf *out, const char *key, const struct option *options, size_t count);
/* The fields of a corpus frame, without `type`. */
void json_add_problems(struct buf *out, const struct problem *problems, size_t count); /* as a member */
void json_add_corpus(struct buf *out, const struct wire_corpus *corpus);
/* Member "events", as agents see them. */
void json_add_events(struct buf *out, const struct event *events, size_t count, int64_t conversation);
void json_add_suggestions(struct buf *out, const struct wire_suggestion *suggestions, size_t count);

/* "waiting", "mine" ...; "" for a number that is none. */
const char *list_filter_name(enum list_filter filter);

/* ---- Reading ---- */

/* Fills `err` and returns -1. */
int wire_refuse(struct wire_error *err, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The object that `json` is, all of it in `arena` (never delete it), or NULL with err. A tree is given although its texts
 * hold U+0000 when `out_has_nul` is not NULL (and told there): it may be looked at, not trusted. */
const cJSON *json_read_object(struct arena *arena, struct str json, bool *out_has_nul, struct wire_error *err);
/* Whether `item` (may be NULL) is a text of `min` to `max` characters. */
bool json_is_text(const cJSON *item, int64_t min, int64_t max);
/* Whether `item` (may be NULL) is a whole number from `min` to `max`. */
bool json_is_whole(const cJSON *item, int64_t min, int64_t max, int64_t *out_value);

/* The largest whole number that every JSON reader keeps exact: 2^53 - 1. */
#define WHOLE_MAX INT64_C(9007199254740991)

/* settings.c: ["csat", "ces"] */
void add_survey(struct buf *out, const char *key, unsigned survey);

#endif
