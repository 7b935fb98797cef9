/* SPDX-License-Identifier: Apache-2.0 */
/* Things to do at a time: a heap of timers that live inside their owners. Knows no clock. */
#ifndef SHOPBELL_SERVER_TIMERS_H
#define SHOPBELL_SERVER_TIMERS_H

#include <stddef.h>
#include <stdint.h>

/* Zero is a timer that is not set, but for `fire`. */
struct timer {
	int64_t at_ms;
	size_t place; /* in the heap, from 1; 0: not set */
	void (*fire)(struct timer *timer, int64_t now_ms);
};

/* Zero is valid and empty. */
struct timers {
	struct timer **items;
	size_t count, capacity;
};

void timers_clear(struct timers *timers);
/* Sets or moves it; at_ms 0 unsets. O(log n). */
void timers_set(struct timers *timers, struct timer *timer, int64_t at_ms);
/* Moves all that are set by so much. */
void timers_shift(struct timers *timers, int64_t by_ms);
/* When the first is due, 0 when there is none. */
int64_t timers_next(const struct timers *timers);
/* Unsets and fires those due until `now_ms`, earliest first, each once: one that is set again to a time that has
 * passed waits for the next call. */
void timers_run(struct timers *timers, int64_t now_ms);

#endif
