/* SPDX-License-Identifier: Apache-2.0 */
/* Time zones of this machine and times written as text, for the tests of calendars. The state of a group is an arena. */
#ifndef SHOPBELL_TESTS_ZONE_KIT_H
#define SHOPBELL_TESTS_ZONE_KIT_H

#include "dialogue/zone.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

static inline int arena_setup(void **state)
{
	*state = calloc(1, sizeof(struct arena));
	return *state ? 0 : -1;
}

static inline int arena_teardown(void **state)
{
	arena_clear(*state);
	free(*state);
	return 0;
}

static inline const struct zone *zone_of(struct arena *arena, const char *name)
{
	const struct zone *zone = NULL;
	struct error err = { 0 };
	if (zone_load_in(arena, name, &zone, &err))
		fail_msg("%s", err.message);
	return zone;
}

/* "2026-03-29 01:30", local time, as Unix ms. */
static inline int64_t time_of(const struct zone *zone, const char *text)
{
	struct civil_time civil = { 0 };
	int hour, minute;
	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d", &civil.year, &civil.month, &civil.day, &hour, &minute), 5);
	civil.minute = hour * 60 + minute;
	return zone_instant_ms(zone, &civil);
}

/* The way back; "" for 0. */
static inline const char *text_of(struct arena *arena, const struct zone *zone, int64_t ms)
{
	if (!ms)
		return "";
	struct civil_time civil = zone_civil(zone, ms);
	return arena_printf(arena, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day, civil.minute / 60,
			    civil.minute % 60);
}

#endif
