/* SPDX-License-Identifier: Apache-2.0 */
/* Stands between the sockets and both libraries. Of the requests it lets through only what head.h takes, and refuses the rest
 * itself: a library hears nothing of that. The WebSocket library shows nobody the heads of the frames that it reads, takes
 * more than RFC 6455 allows (frames without a mask, lengths in too many bytes, messages of any size) and less (a pong must
 * be UTF-8 for it, when it looks at texts), hangs up where a code should be said, and looks at every byte by itself. The
 * libraries read with recv(); a function of that name in the program itself stands before the C library's (ELF symbol
 * order). What comes behind a handshake goes to take(), and the library hears of it only when it is over. For all other
 * sockets and threads it is the C library's recv() unchanged. tests/server/scenarios/rfc6455.mjs and requests.mjs fail should
 * a library ever read in another way. */
#ifndef SHOPBELL_SERVER_READING_H
#define SHOPBELL_SERVER_READING_H

#include "server/head.h"

#include <stdbool.h>
#include <stddef.h>

struct reading;

/* A connection's part; storage is the caller's, zero at first. */
struct reader {
	int fd;
	bool is_open;    /* the handshake is over: frames come */
	bool is_proxied; /* what a proxy tells is believed */
	struct head head;
	bool is_refused; /* nothing more is read */
	size_t dropped;  /* bytes since then */
};

/* `take` gets what came behind the handshake, to change it as it likes; false: nothing more is wanted, and for the library
 * the other side has ended the connection. It is called inside the library's reading: nothing may be freed in it. NULL: only
 * requests come. */
struct reading *reading_new(bool (*take)(struct reader *reader, unsigned char *bytes, size_t len));
void reading_free(struct reading *reading);
/* From now on this socket is followed, by the thread that calls this and reads it. */
void reading_begin(struct reading *reading, struct reader *reader, int fd);
void reading_end(struct reading *reading, struct reader *reader);
/* Whether a trusted proxy has said, last in the request, that the browser's connection is encrypted. */
bool reading_is_tls(const struct reader *reader);

#endif
