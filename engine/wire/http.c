/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of HTTP calls. */
#include "text/utf8.h"
#include "wire/internal.h"

#include <string.h>

/* The value of `name` in `object`, or an empty text; -1 with err when it is not a text or too long. */
static int read_named(const cJSON *object, const char *name, int max, const char **out, struct wire_error *err)
{
	const cJSON *found = NULL;
	*out = "";
	for (const cJSON *member = object->child; member; member = member->next) {
		if (strcmp(member->string, name) != 0)
			continue;
		if (found)
			return wire_refuse(err, "bad_frame", "`%s` is there twice", name);
		found = member;
	}
	if (!found)
		return 0;
	if (!cJSON_IsString(found))
		return wire_refuse(err, "bad_frame", "`%s` must be a text of at most %d characters", name, max);
	if (!json_is_text(found, 0, max))
		return wire_refuse(err, "too_long", "`%s` may have at most %d characters", name, max);
	*out = found->valuestring;
	return 0;
}

int wire_read_texts(struct arena *arena, struct str json, const char *const *names, size_t count, int max_characters,
		    const char **out_values, struct wire_error *err)
{
	if (json.len > FRAME_BYTES_MAX)
		return wire_refuse(err, "too_long", "a body may have at most %d bytes", FRAME_BYTES_MAX);
	const cJSON *object = json_read_object(arena, json, NULL, err);
	if (!object)
		return -1;
	const char **values = arena_zalloc(arena, count, sizeof *values);
	int result = 0;
	for (size_t i = 0; i < count && result == 0; i++)
		result = read_named(object, names[i], max_characters, &values[i], err);
	for (size_t i = 0; i < count && result == 0; i++)
		out_values[i] = values[i];
	return result;
}

void wire_http_error(struct buf *out, const char *code, const char *message)
{
	buf_add_text(out, "{\"error\":{");
	json_add_text(out, "code", code);
	json_add_text(out, "message", message);
	buf_add_text(out, "}}");
}

void wire_http_problems(struct buf *out, const char *code, const char *message, const struct problem *problems,
			size_t count)
{
	buf_add_text(out, "{\"error\":{");
	json_add_text(out, "code", code);
	json_add_text(out, "message", message);
	buf_add_char(out, '}');
	json_add_problems(out, problems, count);
	buf_add_char(out, '}');
}

void wire_pair(struct buf *out, const char *name, const char *json_value)
{
	buf_add_char(out, '{');
	json_add_text(out, NULL, name);
	buf_add_char(out, ':');
	buf_add_text(out, json_value);
	buf_add_char(out, '}');
}

/* ---- The corpus as the console lists it ---- */

static const char *human_name(enum human_rule rule)
{
	switch (rule) {
	case HUMAN_NEVER: return "never";
	case HUMAN_WHEN_UPSET: return "when upset";
	case HUMAN_ALWAYS: return "always";
	case HUMAN_DEFAULT: return "default";
	}
	return "";
}

static void add_intents(struct buf *out, const struct language_corpus *language)
{
	json_open(out, "intents", '[');
	for (size_t i = 0; i < language->intent_count; i++) {
		const struct intent *intent = &language->intents[i];
		json_open(out, NULL, '{');
		json_add_text(out, "id", intent->id);
		json_add_text(out, "question", intent->question);
		json_add_text(out, "page", intent->page);
		json_add_text(out, "file", intent->place.file);
		json_add_int(out, "examples", (int64_t)intent->example_count);
		json_add_text(out, "human", human_name(intent->human));
		json_add_bool(out, "live", intent->is_live);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void wire_corpus_page(struct buf *out, const struct wire_corpus *state, const struct corpus *corpus)
{
	buf_add_char(out, '{');
	json_add_corpus(out, state);
	json_open(out, "languages", '[');
	for (size_t i = 0; corpus && i < corpus->language_count; i++) {
		json_open(out, NULL, '{');
		json_add_text(out, "language", corpus->languages[i].language);
		add_intents(out, &corpus->languages[i]);
		buf_add_char(out, '}');
	}
	buf_add_text(out, "]}");
}
