/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets on their way from the acceptor to the thread that serves WebSockets. A part of ws.c. */
#ifndef SHOPBELL_SERVER_ARRIVALS_H
#define SHOPBELL_SERVER_ARRIVALS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct arrival {
	int fd;
	uint64_t address; /* counted in limits; 0: not */
	bool is_proxied;
	struct arrival *next;
};

struct arrivals {
	pthread_mutex_t mutex;
	struct arrival *first;
};

void arrivals_init(struct arrivals *arrivals);
void arrivals_clear(struct arrivals *arrivals); /* closes what nobody took */
/* From any thread. True when there was none before: then somebody has to be told. */
bool arrivals_put(struct arrivals *arrivals, int fd, uint64_t address, bool is_proxied);
/* All there are, linked; the caller frees each with free(). */
struct arrival *arrivals_take(struct arrivals *arrivals);

#endif
