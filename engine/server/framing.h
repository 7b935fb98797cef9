/* SPDX-License-Identifier: Apache-2.0 */
/* WebSocket frames as RFC 6455 wants them from a client that was offered no extension: what a connection's raw bytes say,
 * that texts are UTF-8, and where the bytes stop being right. Pure: no clock, no socket. */
#ifndef SHOPBELL_SERVER_FRAMING_H
#define SHOPBELL_SERVER_FRAMING_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum opcode { OP_MORE = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

/* Close codes of RFC 6455 7.4.1. */
enum { FRAMING_PROTOCOL_ERROR = 1002, FRAMING_NOT_UTF8 = 1007, FRAMING_TOO_LARGE = 1009 };

/* Where a text stands within a character: bytes to come, and the range of the next. Zero: between two. */
struct utf8_place {
	uint8_t following, low, high;
};

/* Plain value, zero is the beginning of a connection, behind the handshake. */
struct framing {
	uint64_t left;    /* length as far as it was read; then: payload still to come */
	uint32_t message; /* payload of the frames of this message so far */
	uint16_t close;   /* the close code as far as it was read */
	uint8_t mask[4];
	struct utf8_place text, reason; /* of the message, of the close */
	uint8_t part, have;   /* enum in framing.c; bytes of this part so far (of a message's payload: modulo 4) */
	uint8_t opcode, wide; /* of this frame; bytes of its extended length: 0, 2 or 8 */
	bool is_final, is_in_message, is_text;
};

enum piece_kind {
	PIECE_NONE, /* nothing yet; or what stands behind the end and means nothing */
	PIECE_TEXT, /* of a message */
	PIECE_BINARY,
	PIECE_PING,
	PIECE_PONG,
	PIECE_CLOSE, /* the end: it has a code and no bytes */
	PIECE_FAULT, /* the end: a byte that must not be */
};

struct piece {
	enum piece_kind kind;
	bool is_last; /* the message, or the ping, ends with it */
	int code;     /* of a close: what it says, 0 nothing; of a fault: what to close with */
	struct str bytes;
};

/* Takes bytes up to the end of a piece, and answers how many. They are unmasked in place, and the piece lies in them. `most`
 * is the longest message. */
size_t framing_take(struct framing *framing, unsigned char *bytes, size_t len, uint32_t most, struct piece *out);

/* Does it end a frame that brings nothing of a message: a ping, a pong, a part without a byte? Whoever counts messages sees
 * none of these. */
bool piece_is_bare(const struct piece *piece);

/* A message, or a ping, whose pieces come one after the other. Zero is valid and empty. */
struct joint {
	char *bytes;
	uint32_t len;
};
/* Adds a piece. True when it was the last: `out` is the whole then, valid until the piece's bytes are gone or the joint is
 * added to or cleared. */
bool joint_add(struct joint *joint, const struct piece *piece, struct str *out);
void joint_clear(struct joint *joint);

#endif
