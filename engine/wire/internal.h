/* SPDX-License-Identifier: Apache-2.0 */
/* Inside wire: the small JSON writer, and the strict reader of foreign JSON. */
#ifndef SHOPBELL_WIRE_INTERNAL_H
#define SHOPBELL_WIRE_INTERNAL_H

#include "base/arena.h"
#include "wire/wire.h"

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

/* A member whose name comes from outside. */
void json_add_member(struct buf *out, struct str name, const char *text);
/* A member "agent" with both. */
void json_add_agent(struct buf *out, int64_t id, const char *name);
/* `json` as it is when it is one whole JSON object, else nothing. */
void json_add_object_text(struct buf *out, const char *key, const char *json);
/* The members of the JSON object `json` without its brackets, when it is one. */
void json_add_members(struct buf *out, const char *json);
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

enum scan_result {
	SCAN_FINE,
	SCAN_BROKEN, /* not JSON, or not UTF-8 */
	SCAN_DEEP,   /* nested deeper than FRAME_DEPTH_MAX */
	SCAN_NUL,    /* JSON, but a text of it holds U+0000 */
};
/* Whether `json` is one JSON value as RFC 8259 has it. Linear, no allocation. */
enum scan_result json_scan(struct str json);

/* Fills `err` and returns -1. */
int wire_refuse(struct wire_error *err, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

/* A member of an object, in the order in which they stand there. */
struct json_member {
	const struct json_member *next;
	enum json_kind kind;
	struct str name;  /* without escapes */
	struct str value; /* of a text: without escapes, and NUL-terminated; of all others as it stands in the JSON */
};

/* The members of the object that `json` is, in the arena (NULL: none); -1 with err when it is not one. Names and texts end at
 * a U+0000; those are refused, but when `out_has_nul` is not NULL, where it is told: what was read may be looked at then, not
 * trusted. */
int json_read_object(struct arena *arena, struct str json, const struct json_member **out, bool *out_has_nul,
		     struct wire_error *err);
/* The first member of that name, or NULL. */
const struct json_member *json_find(const struct json_member *members, const char *name);
bool json_is(const struct json_member *member, enum json_kind kind); /* false for NULL */
/* The value of a number. */
double json_number(const struct json_member *member);
/* Whether `member` (may be NULL) is a text of `min` to `max` characters. */
bool json_is_text(const struct json_member *member, int64_t min, int64_t max);
/* Whether `member` (may be NULL) is a whole number from `min` to `max`. */
bool json_is_whole(const struct json_member *member, int64_t min, int64_t max, int64_t *out_value);
/* `text`, at most `max_bytes` of it, cut at a character's start. */
struct str json_cut(struct str text, size_t max_bytes);

/* The largest whole number that every JSON reader keeps exact: 2^53 - 1. */
#define WHOLE_MAX INT64_C(9007199254740991)

/* settings.c: ["csat", "ces"] */
void add_survey(struct buf *out, const char *key, unsigned survey);

#endif
