/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP on the public port: pages, the small API, health and figures. One thread answers; what takes long or changes
 * something is done by a second one, the desk, while the connection is put aside. */
#ifndef SHOPBELL_SERVER_HTTP_H
#define SHOPBELL_SERVER_HTTP_H

#include "base/error.h"
#include "server/hub.h"
#include "server/limits.h"
#include "server/metrics.h"
#include "server/snapshot.h"
#include "server/writer.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct http;

struct http_options {
	const char *store_path;
	const char *intents; /* the owner's folder */
	struct writer *writer;
	struct shelf *shelf;
	struct limits *limits;
	struct metrics *metrics;
	struct hub *hub;
	unsigned connections; /* at most */
};

int http_start(const struct http_options *options, struct http **out, struct error *err);
/* Takes a connected socket over, and the count of its address (0: none) in `limits`; from every thread. */
void http_take(struct http *http, int fd, const struct sockaddr *peer, socklen_t len, uint64_t address);
/* Ends all connections; before the writer stops. What is done at the desk (to try the owner's files, to count years) is waited
 * for, but no longer than HTTP_STOP_MS: then false, and all that it uses must be left as it is; the process can only end. */
enum { HTTP_STOP_MS = 500 };
bool http_stop(struct http *http); /* NULL: true */

#endif
