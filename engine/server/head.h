/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the requests on a connection, as RFC 9112 writes them and no wider, before a library reads them: what two readers
 * could take for different requests (two lengths, a length beside chunks, a folded or a bare line end, a space before a
 * colon, a NUL) is refused here, and so is what is too long, in our words and with our headers. The libraries take more than
 * that, and refuse the rest with answers of their own. What a request asks for is not looked at. */
#ifndef SHOPBELL_SERVER_HEAD_H
#define SHOPBELL_SERVER_HEAD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HEAD_TARGET_MAX = 4000,  /* bytes of what is asked for */
	HEAD_BYTES_MAX = 8192,   /* of all lines together */
	HEAD_ARGUMENTS_MAX = 32, /* in it */
	HEAD_PARTS_MAX = 128, /* fields, and cookies in them: each is a record for the library, and so is an argument */
	HEAD_REQUEST_MS = 60 * 1000, /* from its first byte to its last */
	HEAD_BODY_MAX = 1 << 20,     /* a body somewhat over what is taken is read, so that the answer arrives */
};

extern const int64_t head_request_ms; /* HEAD_REQUEST_MS, but for a test that is linked with another one */

/* Why a request is refused; texts are static. */
struct head_fault {
	const char *status; /* "400 Bad Request" */
	const char *code, *message;
};

enum head_part {
	HEAD_LINES, /* of the request itself */
	HEAD_BODY,
	HEAD_CHUNK_SIZE,
	HEAD_CHUNK,
	HEAD_CHUNK_END,
	HEAD_TRAILERS,
};

/* A connection; zero at first. */
struct head {
	enum head_part part;
	struct buf line; /* what has come of a line, empty as long as lines come whole */
	size_t requests; /* that came whole */
	size_t bytes, parts;
	bool is_begun; /* the first line was read */
	bool is_1_0, is_chunked, has_length;
	unsigned hosts;
	uint64_t body;    /* bytes of all chunks */
	uint64_t left;    /* bytes of the body or chunk that are still to come */
	int64_t since_ms; /* steady: when the first look was taken at a request that has not come whole */
	bool is_tls;      /* a proxy says that the browser's connection is encrypted */
	const struct head_fault *fault;
};

/* Reads on, up to the end of a head, of a body, or of all. Gives how many bytes that were; with head->fault set, the last of
 * them were wrong, and nothing more is to be read. */
size_t head_read(struct head *head, const char *bytes, size_t len);
/* Looks at the time, after each piece that was read: one byte now and then is no reason to keep a connection for somebody. */
void head_look_at_time(struct head *head, int64_t steady_ms);
/* Whether nothing of the next request has been read. */
bool head_is_between(const struct head *head);
/* Gives the memory back; a connection may end anywhere. */
void head_clear(struct head *head);

#endif
