/* SPDX-License-Identifier: Apache-2.0 */
/* Everything of the wire that reads foreign bytes. The first byte chooses which: 0 a visitor's frame, 1 an agent's,
 * 2 claims, 3 a token's header, 4 a body's texts, 5 an earlier profile, 6 a text to be printed. */
#include "wire/wire.h"

#include "text/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text, size_t max_characters)
{
	assert(utf8_is_valid(str_of(text)));
	assert(utf8_count(str_of(text)) <= max_characters);
}

static void check_refusal(const struct wire_error *err)
{
	assert(err->code && err->code[0] && err->message[0]);
	assert(memchr(err->message, '\0', sizeof err->message));
}

static void check_frame(const struct frame *frame)
{
	assert(frame->type != FRAME_NONE);
	check_text(frame->client_id, CLIENT_ID_MAX);
	check_text(frame->token, TOKEN_TEXT_MAX);
	check_text(frame->identity, JWT_BYTES_MAX);
	check_text(frame->language, 64);
	check_text(frame->text, TEXT_LIMIT);
	check_text(frame->page_url, PAGE_URL_MAX);
	check_text(frame->page_title, PAGE_TITLE_MAX);
	check_text(frame->name, NAME_MAX_CHARACTERS);
	check_text(frame->rating.comment, COMMENT_MAX_CHARACTERS);
	assert(frame->limit >= 1 && frame->limit <= LIST_LIMIT_MAX);
	assert(frame->seq >= 0 && frame->last >= 0 && frame->conversation >= 0 && frame->before >= 0);
	assert(frame->type != FRAME_MESSAGE || (frame->text[0] && frame->client_id[0]));
	assert(frame->type != FRAME_CONTACT || (frame->has_consent && strchr(frame->email, '@')));
}

static void read_frame(struct arena *arena, enum frame_side side, struct str json)
{
	struct frame frame;
	struct wire_error err = { NULL, "" };
	if (wire_read_frame(arena, side, json, TEXT_LIMIT, &frame, &err) == 0)
		check_frame(&frame);
	else
		check_refusal(&err);
	/* Whatever was understood can be said back. */
	struct buf out = { 0 };
	wire_ack(&out, &(struct wire_ack){ .of = frame.type, .client_id = frame.client_id, .token = "" });
	assert(utf8_is_valid(buf_str(&out)));
	buf_clear(&out);
}

static void read_identity(struct arena *arena, struct str json)
{
	struct wire_identity who;
	struct wire_error err = { NULL, "" };
	struct buf out = { 0 }, again = { 0 };
	if (wire_read_identity(arena, json, &who, &err) != 0) {
		check_refusal(&err);
		return;
	}
	assert(who.expires_s >= 0 && who.attribute_count <= 32);
	wire_profile(&out, "", "https://shop.example/", "x", &who);
	wire_profile(&again, buf_text(&out), NULL, NULL, NULL);
	/* What was kept once is kept as it is. */
	struct buf third = { 0 };
	wire_profile(&third, buf_text(&again), NULL, NULL, NULL);
	assert(strcmp(buf_text(&again), buf_text(&third)) == 0);
	buf_clear(&third);
	buf_clear(&again);
	buf_clear(&out);
}

static void read_header(struct arena *arena, struct str json)
{
	const char *alg = NULL;
	struct wire_error err = { NULL, "" };
	if (wire_read_jwt_header(arena, json, &alg, &err) == 0)
		assert(alg);
	else
		check_refusal(&err);
}

static void read_body(struct arena *arena, struct str json)
{
	static const char *const names[] = { "name", "password", "text" };
	const char *values[3] = { NULL, NULL, NULL };
	struct wire_error err = { NULL, "" };
	if (wire_read_texts(arena, json, names, 3, 50, values, &err) != 0) {
		check_refusal(&err);
		return;
	}
	for (size_t i = 0; i < 3; i++)
		check_text(values[i], 50);
}

/* A text in a frame of ours: read back by our own reader, it is one whole frame. */
static void print_text(struct arena *arena, struct str bytes)
{
	const char *text = arena_strdup(arena, bytes);
	struct buf out = { 0 };
	struct wire_error err = { NULL, "" };
	static const char *const names[] = { "text" };
	const char *read = NULL;
	wire_alert(&out, 1, text);
	if (out.len <= FRAME_BYTES_MAX) {
		assert(wire_read_texts(arena, buf_str(&out), names, 1, FRAME_BYTES_MAX, &read, &err) == 0);
		assert(str_equal(str_of(read), utf8_repair_in(arena, str_of(text))));
	}
	buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	if (!size)
		return 0;
	/* A copy without a NUL behind it, so that reading one byte too many is seen. */
	char *copy = malloc(size);
	memcpy(copy, data, size);
	struct str rest = { copy + 1, size - 1 };
	struct buf out = { 0 };
	switch (data[0] % 7) {
	case 0: read_frame(&arena, SIDE_VISITOR, rest); break;
	case 1: read_frame(&arena, SIDE_AGENT, rest); break;
	case 2: read_identity(&arena, rest); break;
	case 3: read_header(&arena, rest); break;
	case 4: read_body(&arena, rest); break;
	case 5: wire_profile(&out, arena_strdup(&arena, rest), NULL, NULL, NULL); break;
	default: print_text(&arena, rest);
	}
	buf_clear(&out);
	free(copy);
	arena_clear(&arena);
	return 0;
}
