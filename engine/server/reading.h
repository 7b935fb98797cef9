/* SPDX-License-Identifier: Apache-2.0 */
/* Stands between the sockets and the WebSocket library, which shows nobody the heads of the frames that it reads, takes
 * more than RFC 6455 allows (frames without a mask, lengths in too many bytes, messages of any size) and less (a pong must
 * be UTF-8 for it, when it looks at texts), and hangs up where a code should be said. The library reads
 * with recv(); a function of that name in the program itself stands before the C library's (ELF symbol order), follows
 * the bytes with server/framing, and passes on what is right and no more. For all other sockets and threads it is the C
 * library's recv() unchanged. tests/server/scenarios/rfc6455.mjs fails should the library ever read in another way. */
#ifndef SHOPBELL_SERVER_READING_H
#define SHOPBELL_SERVER_READING_H

#include "server/framing.h"

struct reading;

/* A connection's part; storage is the caller's, zero at first. */
struct reader {
	struct framing framing;
	int fd;
	bool is_open;       /* the handshake is over: frames come */
	bool is_line_empty; /* of the handshake's present line */
	bool has_heard;     /* frames, or parts of them, have come since this was last set to false */
	bool is_deaf;       /* something was wrong, or all was said: what still comes is thrown away */
};

/* `fault` is told once of a connection, with a close code, when what came was wrong. It is called inside the library's
 * reading: nothing may be closed or freed in it. */
struct reading *reading_new(uint32_t message_most, void (*fault)(struct reader *reader, int code));
void reading_free(struct reading *reading);
/* From now on this socket is followed, by the thread that calls this and reads it. */
void reading_begin(struct reading *reading, struct reader *reader, int fd);
void reading_end(struct reading *reading, struct reader *reader);

#endif
