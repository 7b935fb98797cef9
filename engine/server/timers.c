/* SPDX-License-Identifier: Apache-2.0 */
#include "server/timers.h"

#include "base/vec.h"

void timers_clear(struct timers *timers)
{
	for (size_t i = 0; i < timers->count; i++)
		timers->items[i]->place = 0;
	vec_clear(timers);
}

static void put(struct timers *timers, size_t at, struct timer *timer)
{
	timers->items[at] = timer;
	timer->place = at + 1;
}

static void sift_up(struct timers *timers, size_t at, struct timer *timer)
{
	while (at && timers->items[(at - 1) / 2]->at_ms > timer->at_ms) {
		put(timers, at, timers->items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(timers, at, timer);
}

static void sift_down(struct timers *timers, size_t at, struct timer *timer)
{
	for (size_t child; (child = 2 * at + 1) < timers->count; at = child) {
		if (child + 1 < timers->count && timers->items[child + 1]->at_ms < timers->items[child]->at_ms)
			child++;
		if (timers->items[child]->at_ms >= timer->at_ms)
			break;
		put(timers, at, timers->items[child]);
	}
	put(timers, at, timer);
}

static void unset(struct timers *timers, struct timer *timer)
{
	size_t at = timer->place - 1;
	timer->place = 0;
	struct timer *last = timers->items[--timers->count];
	if (last == timer)
		return;
	if (at && timers->items[(at - 1) / 2]->at_ms > last->at_ms)
		sift_up(timers, at, last);
	else
		sift_down(timers, at, last);
}

void timers_set(struct timers *timers, struct timer *timer, int64_t at_ms)
{
	if (timer->place)
		unset(timers, timer);
	timer->at_ms = at_ms;
	if (!at_ms)
		return;
	(void)vec_room(timers);
	timers->count++;
	sift_up(timers, timers->count - 1, timer);
}

void timers_shift(struct timers *timers, int64_t by_ms)
{
	for (size_t i = 0; i < timers->count; i++)
		timers->items[i]->at_ms += by_ms;
}

int64_t timers_next(const struct timers *timers)
{
	return timers->count ? timers->items[0]->at_ms : 0;
}

void timers_run(struct timers *timers, int64_t now_ms)
{
	/* At most as many as are set now: a timer that sets itself again at once must not hold the loop for ever. */
	for (size_t left = timers->count; left && timers->count && timers->items[0]->at_ms <= now_ms; left--) {
		struct timer *timer = timers->items[0];
		unset(timers, timer);
		timer->fire(timer, now_ms);
	}
}
