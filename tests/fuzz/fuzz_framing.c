/* SPDX-License-Identifier: Apache-2.0 */
/* The raw bytes of a WebSocket connection. However they are cut, they say the same. */
#include "server/framing.h"

#include "base/buf.h"
#include "base/mem.h"
#include "text/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct listener {
	struct framing framing;
	struct joint message, ping;
	struct buf said;
	bool is_over;
};

/* Whole messages with their kinds and lengths, one after the other; then how it ended. How much of a broken message came
 * before the fault depends on how it was cut, and nobody gets to see it. */
static void note(struct listener *listener, const struct piece *piece)
{
	struct joint *joint =
		piece->kind == PIECE_PING || piece->kind == PIECE_PONG ? &listener->ping : &listener->message;
	struct str whole;
	assert(!listener->is_over || piece->kind == PIECE_NONE);
	if (piece->kind == PIECE_CLOSE || piece->kind == PIECE_FAULT) {
		listener->is_over = true;
		buf_printf(&listener->said, "%d %d ", piece->kind, piece->code);
	} else if (piece->kind != PIECE_NONE && joint_add(joint, piece, &whole)) {
		assert(whole.len <= MOST);
		assert(piece->kind != PIECE_TEXT || utf8_is_valid(whole));
		buf_printf(&listener->said, "%d %zu ", piece->kind, whole.len);
		if (whole.len)
			buf_add_str(&listener->said, whole);
		joint_clear(joint);
	}
}

/* In parts of `step` bytes, each in memory of its size: unmasking in place stays within. */
static struct buf said_in(const uint8_t *data, size_t size, size_t step)
{
	struct listener listener = { 0 };
	for (size_t from = 0; from < size; from += step) {
		size_t len = step < size - from ? step : size - from;
		unsigned char *part = mem_alloc(len);
		memcpy(part, data + from, len);
		for (size_t at = 0; at < len;) {
			struct piece piece;
			size_t took = framing_take(&listener.framing, part + at, len - at, MOST, &piece);
			assert(took && took <= len - at);
			at += took;
			note(&listener, &piece);
		}
		free(part);
	}
	assert(listener.framing.message <= MOST);
	joint_clear(&listener.message);
	joint_clear(&listener.ping);
	return listener.said;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole = size ? said_in(data, size, size) : (struct buf){ 0 };
	for (size_t step = 1; step < 12 && step < size; step++) {
		struct buf cut = said_in(data, size, step);
		assert(cut.len == whole.len && !memcmp(buf_text(&cut), buf_text(&whole), cut.len));
		buf_clear(&cut);
	}
	buf_clear(&whole);
	return 0;
}
