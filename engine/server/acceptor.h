/* SPDX-License-Identifier: Apache-2.0 */
/* The one public port: accepts, looks at the first bytes without taking them, and gives each connection to the side
 * that understands it. Limits by address and in total hold before anybody has read a byte. */
#ifndef SHOPBELL_SERVER_ACCEPTOR_H
#define SHOPBELL_SERVER_ACCEPTOR_H

#include "base/error.h"
#include "server/limits.h"
#include "server/metrics.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct acceptor;

enum {
	ACCEPT_UNDECIDED_S = 10, /* a connection that has not said what it wants by then is closed */
	/* Of the file descriptors that the process may have (RLIMIT_NOFILE), so many are kept for files and other sockets
	 * of ours, or a quarter where there are few: a connection that would take one of them is told 503. */
	ACCEPT_RESERVED_FDS = 100,
};

struct acceptor_options {
	const char *address; /* "127.0.0.1", "::1", "0.0.0.0" */
	uint16_t port;       /* 0: any free one */
	struct limits *limits;
	struct metrics *metrics;
	void *context;
	/* Both take over the socket, and the count of its address in `limits` (a proxy's is not counted: address 0). */
	void (*take_ws)(void *context, int fd, uint64_t address, bool is_proxied);
	void (*take_http)(void *context, int fd, const struct sockaddr *peer, socklen_t len, uint64_t address,
			  bool is_proxied);
};

/* Binds and listens: from here on connections queue up. */
int acceptor_open(const struct acceptor_options *options, struct acceptor **out, struct error *err);
uint16_t acceptor_port(const struct acceptor *acceptor);
void acceptor_start(struct acceptor *acceptor);
/* How many connections one address may hold; from every thread. */
void acceptor_set_most(struct acceptor *acceptor, int most);
/* Stops accepting and lets the address go; nothing is handed over afterwards. Twice does no harm. */
void acceptor_stop(struct acceptor *acceptor);
/* Stops it and frees it; nobody else may still hold it. */
void acceptor_close(struct acceptor *acceptor);

#endif
