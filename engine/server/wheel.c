/* SPDX-License-Identifier: Apache-2.0 */
#include "server/wheel.h"

#include <stddef.h>

void wheel_unset(struct wheel *wheel, struct limit *limit)
{
	if (!limit->due_s)
		return;
	if (limit->before)
		limit->before->after = limit->after;
	else
		wheel->slots[limit->due_s % WHEEL_SECONDS] = limit->after;
	if (limit->after)
		limit->after->before = limit->before;
	*limit = (struct limit){ 0 };
}

void wheel_set(struct wheel *wheel, struct limit *limit, uint32_t seconds)
{
	wheel_unset(wheel, limit);
	limit->due_s = wheel->now_s + seconds;
	struct limit **slot = &wheel->slots[limit->due_s % WHEEL_SECONDS];
	limit->after = *slot;
	if (*slot)
		(*slot)->before = limit;
	*slot = limit;
}

void wheel_turn(struct wheel *wheel, void (*due)(struct limit *limit))
{
	wheel->now_s++;
	struct limit *first = wheel->slots[wheel->now_s % WHEEL_SECONDS];
	for (struct limit *limit = first, *after; limit; limit = after) {
		after = limit->after;
		wheel_unset(wheel, limit);
		due(limit);
	}
}

void wheel_each(struct wheel *wheel, void (*each)(struct limit *limit, void *context), void *context)
{
	for (size_t i = 0; i < WHEEL_SECONDS; i++)
		for (struct limit *limit = wheel->slots[i], *after; limit; limit = after) {
			after = limit->after;
			each(limit, context);
		}
}
