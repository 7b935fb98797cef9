/* SPDX-License-Identifier: Apache-2.0 */
/* The running program: `shopbell serve`. */
#ifndef SHOPBELL_SERVER_SERVER_H
#define SHOPBELL_SERVER_SERVER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct server_options {
	const char *intents, *data; /* folders; the second is made when it is not there */
	const char *address;        /* to listen on: "127.0.0.1", "::1", "0.0.0.0" */
	uint16_t port;              /* 0: any free one */
	const char *const *proxies; /* addresses whose X-Forwarded-For and X-Forwarded-Proto are believed */
	size_t proxy_count;
};
struct server_options server_options_defaults(void);

/* Serves until SIGTERM or SIGINT. 0 after a clean stop, or -1 with err. Problems of the intents are printed to stderr.
 * Prints where it listens to stdout. */
int server_run(const struct server_options *options, struct error *err);

/* The data file in a data folder: "data/shopbell.db". The caller frees it. */
char *server_store_path(const char *data);

#endif
