/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign JSON, read by cJSON. What it passes over in silence is looked at here: bytes that are no UTF-8, and texts that it
 * would cut at a U+0000. */
#include "text/utf8.h"
#include "wire/internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

int wire_refuse(struct wire_error *err, const char *code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	err->code = code;
	vsnprintf(err->message, sizeof err->message, format, args);
	va_end(args);
	return -1;
}

/* Whether a text of `json`, which is JSON, holds \u0000. */
static bool has_escaped_nul(struct str json)
{
	const char *end = json.ptr + json.len;
	for (const char *at = memchr(json.ptr, '\\', json.len); at; at = memchr(at, '\\', (size_t)(end - at))) {
		if (str_starts((struct str){ at, (size_t)(end - at) }, "\\u0000"))
			return true;
		at += 2; /* an escaped backslash escapes nothing; JSON never ends behind one */
	}
	return false;
}

/* Goes no deeper than that itself. */
static bool is_deeper_than(const cJSON *item, int levels)
{
	if (levels == 0)
		return cJSON_IsObject(item) || cJSON_IsArray(item);
	for (const cJSON *inner = item->child; inner; inner = inner->next)
		if (is_deeper_than(inner, levels - 1))
			return true;
	return false;
}

static bool has_byte_order_mark(struct str json)
{
	return str_starts(json, "\xef\xbb\xbf"); /* RFC 8259, 8.1: none may be sent */
}

/* ---- Memory for cJSON ----
 * A tree of many small pieces, made and freed with every frame, was a fifth of what a frame costs. cJSON can be given other
 * functions, but hands nothing of ours to them: while a thread parses, they find its arena here. */

static _Thread_local struct arena *parsing;

static void *take_piece(size_t size)
{
	return parsing ? arena_alloc(parsing, size) : malloc(size);
}

static void drop_piece(void *piece)
{
	if (!parsing)
		free(piece);
}

static void set_hooks(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){ take_piece, drop_piece });
}

static const cJSON *parse_in(struct arena *arena, struct str json, const char **out_end)
{
	static once_flag once = ONCE_FLAG_INIT;
	call_once(&once, set_hooks);
	parsing = arena;
	const cJSON *tree = cJSON_ParseWithLengthOpts(json.ptr, json.len, out_end, false);
	parsing = NULL;
	return tree;
}

static const cJSON *read_tree(struct arena *arena, struct str json)
{
	const char *end = NULL;
	if (!json.len || !utf8_is_valid(json) || memchr(json.ptr, '\0', json.len) || has_byte_order_mark(json))
		return NULL;
	const cJSON *tree = parse_in(arena, json, &end);
	bool is_whole = tree && !str_trim((struct str){ end, (size_t)(json.ptr + json.len - end) }).len;
	return is_whole && cJSON_IsObject(tree) ? tree : NULL;
}

const cJSON *json_read_object(struct arena *arena, struct str json, bool *out_has_nul, struct wire_error *err)
{
	const cJSON *tree = read_tree(arena, json);
	bool has_nul = tree && has_escaped_nul(json);
	if (!tree)
		wire_refuse(err, "bad_json", "this is not a JSON object");
	else if (is_deeper_than(tree, FRAME_DEPTH_MAX))
		wire_refuse(err, "bad_json", "the JSON is nested deeper than %d levels", FRAME_DEPTH_MAX);
	else if (has_nul && !out_has_nul)
		wire_refuse(err, "bad_frame", "a text may not hold the character U+0000");
	else {
		if (out_has_nul)
			*out_has_nul = has_nul;
		return tree;
	}
	return NULL;
}

bool json_is_text(const cJSON *item, int64_t min, int64_t max)
{
	if (!cJSON_IsString(item))
		return false;
	int64_t count = (int64_t)utf8_count(str_of(item->valuestring));
	return count >= min && count <= max;
}

bool json_is_whole(const cJSON *item, int64_t min, int64_t max, int64_t *out_value)
{
	if (!cJSON_IsNumber(item))
		return false;
	double value = item->valuedouble;
	if (!(value >= (double)min && value <= (double)max) || value != floor(value))
		return false;
	*out_value = (int64_t)value;
	return true;
}
