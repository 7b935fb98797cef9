/* SPDX-License-Identifier: Apache-2.0 */
/* Time limits of many things, in seconds: a wheel with a slot for each second, so that setting one and taking it back cost
 * the same however many there are. Nothing is allocated. */
#ifndef SHOPBELL_SERVER_WHEEL_H
#define SHOPBELL_SERVER_WHEEL_H

#include <stdint.h>

enum { WHEEL_SECONDS = 128 }; /* a limit lies less than that ahead */

/* Lives inside what it limits; zero is one that is not set. */
struct limit {
	struct limit *before, *after; /* in its slot */
	uint32_t due_s;               /* 0: not set */
};

/* Zero but for now_s, which begins at 1. */
struct wheel {
	struct limit *slots[WHEEL_SECONDS];
	uint32_t now_s; /* seconds of turning */
};

void wheel_set(struct wheel *wheel, struct limit *limit, uint32_t seconds);
void wheel_unset(struct wheel *wheel, struct limit *limit);
/* A second has gone by: each limit that is due is unset and told. What is told may set and unset that one. */
void wheel_turn(struct wheel *wheel, void (*due)(struct limit *limit));
/* All that are set, some perhaps twice, as `each` sets them anew. */
void wheel_each(struct wheel *wheel, void (*each)(struct limit *limit, void *context), void *context);

#endif
