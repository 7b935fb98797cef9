/* SPDX-License-Identifier: Apache-2.0 */
/* A time zone of the system's database, read once, usable from every thread and for several zones at once (which
 * libc's localtime is not). */
#ifndef SHOPBELL_DIALOGUE_ZONE_H
#define SHOPBELL_DIALOGUE_ZONE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#include <stdint.h>

struct zone;

struct civil_time {
	int year, month, day; /* month and day from 1 */
	int weekday;          /* 0 Monday .. 6 Sunday */
	int minute;           /* after midnight, 0..1439 */
};

/* Reads "Europe/London" from /usr/share/zoneinfo (TZif, RFC 8536). "UTC" needs no file. 0, or -1 with err. */
int zone_load_in(struct arena *arena, const char *name, const struct zone **out, struct error *err);
/* The same from the bytes of a TZif file of version 2 or later; `name` is for messages. Any bytes may come: what is
 * not well formed is refused with ERROR_INPUT. */
int zone_read_in(struct arena *arena, const char *name, struct str bytes, const struct zone **out, struct error *err);
/* The local time at an instant. Instants before the year 1 or after 9999 count as those bounds. Logarithmic in the
 * number of transitions. */
struct civil_time zone_civil(const struct zone *zone, int64_t ms);
/* The instant of a civil time; in a gap the instant after it, in an overlap the first. Weekday is not read. A minute
 * of 1440 and more and a day past the month's end carry over. */
int64_t zone_instant_ms(const struct zone *zone, const struct civil_time *civil);

#endif
