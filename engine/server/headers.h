/* SPDX-License-Identifier: Apache-2.0 */
/* The headers that protect, for every answer that this program gives: pages and data by HTTP, refusals by the acceptor and
 * of WebSocket handshakes, which are given before a library has read the request. */
#ifndef SHOPBELL_SERVER_HEADERS_H
#define SHOPBELL_SERVER_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

enum headers_kind {
	HEADERS_DATA,    /* shows nothing and loads nothing: JSON, refusals */
	HEADERS_PAGE,    /* nothing from elsewhere, nothing inline */
	HEADERS_CONSOLE, /* the same, and it may not be framed at all */
	HEADERS_SHARED,  /* what shops include has to be readable from their pages */
};
struct header {
	const char *name, *value;
};
enum { HEADERS_MAX = 6 };

/* Fills in `out` and gives their count; texts are static. `is_tls`: the browser's connection is, as a trusted proxy says. */
size_t headers_protecting(enum headers_kind kind, bool is_tls, struct header out[HEADERS_MAX]);

enum { REFUSAL_BYTES = 1200 };
/* An answer to a connection that ends with it; texts are ours and have nothing in them that JSON escapes. */
struct refused {
	const char *status;         /* "429 Too Many Requests" */
	const char *lines;          /* further lines of the header, each with its end */
	const char *code, *message; /* in its body, as errors of the API have them */
};
/* The whole answer. Gives its length. */
size_t headers_refusal(char out[REFUSAL_BYTES], const struct refused *refusal, bool is_tls);

#endif
