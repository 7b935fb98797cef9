/* SPDX-License-Identifier: Apache-2.0 */
/* Is the shop open, and when next: weekly hours, holidays and one-off days in the shop's time zone. */
#ifndef SHOPBELL_DIALOGUE_HOURS_H
#define SHOPBELL_DIALOGUE_HOURS_H

#include "corpus/settings.h"
#include "dialogue/zone.h"

#include <stdbool.h>
#include <stdint.h>

struct opening_state {
	bool is_open;
	int64_t until_ms;    /* open: when it closes; 0 when it never does */
	int64_t opens_ms;    /* closed: when it opens next within 60 days; 0 when not known */
	const char *holiday; /* the name of the holiday today, or "" */
};

struct opening_state hours_at(const struct settings *settings, const struct zone *zone, int64_t now_ms);

#endif
