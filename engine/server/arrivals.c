/* SPDX-License-Identifier: Apache-2.0 */
#include "server/arrivals.h"

#include "base/mem.h"

#include <stdlib.h>
#include <unistd.h>

void arrivals_init(struct arrivals *arrivals)
{
	pthread_mutex_init(&arrivals->mutex, NULL);
	arrivals->first = NULL;
}

void arrivals_clear(struct arrivals *arrivals)
{
	for (struct arrival *arrival = arrivals->first, *next; arrival; arrival = next) {
		next = arrival->next;
		close(arrival->fd);
		free(arrival);
	}
	pthread_mutex_destroy(&arrivals->mutex);
}

bool arrivals_put(struct arrivals *arrivals, int fd, uint64_t address, bool is_proxied)
{
	struct arrival *arrival = mem_alloc(sizeof *arrival);
	*arrival = (struct arrival){ .fd = fd, .address = address, .is_proxied = is_proxied };
	pthread_mutex_lock(&arrivals->mutex);
	bool is_first = !arrivals->first;
	arrival->next = arrivals->first;
	arrivals->first = arrival;
	pthread_mutex_unlock(&arrivals->mutex);
	return is_first;
}

struct arrival *arrivals_take(struct arrivals *arrivals)
{
	pthread_mutex_lock(&arrivals->mutex);
	struct arrival *first = arrivals->first;
	arrivals->first = NULL;
	pthread_mutex_unlock(&arrivals->mutex);
	return first;
}
