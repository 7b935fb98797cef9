/* SPDX-License-Identifier: Apache-2.0 */
/* WebSocket frames as RFC 6455 wants them from a client that was offered no extension: their heads, that texts are UTF-8,
 * and what a close says. It follows the raw bytes of a connection and tells where they stop being right; putting messages
 * together is the library's business. Pure: no clock, no socket. */
#ifndef SHOPBELL_SERVER_FRAMING_H
#define SHOPBELL_SERVER_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Takes bytes. Answers how many of them may be passed on. When those are not all, `out_code` is the code to close with: the
 * byte behind them must not be; or 0: they stand behind a close and mean nothing. `most` is the longest message. */
size_t framing_take(struct framing *framing, const unsigned char *bytes, size_t len, uint32_t most, int *out_code);

#endif
