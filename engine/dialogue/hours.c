/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/hours.h"

#include "dialogue/internal.h"

#include <stddef.h>

enum { HORIZON_DAYS = 60 };

/* The holiday on a date, or NULL. One of that very year goes before one of every year. */
static const struct holiday *holiday_on(const struct settings *settings, int year, int month, int day)
{
	const struct holiday *yearly = NULL;
	for (size_t i = 0; i < settings->holiday_count; i++) {
		const struct holiday *holiday = &settings->holidays[i];
		if (holiday->month != month || holiday->day != day)
			continue;
		if (holiday->year == year)
			return holiday;
		if (!holiday->year && !yearly)
			yearly = holiday;
	}
	return yearly;
}

/* The hours of the day that is `days` after 1970-01-01. */
static const struct day_hours *hours_on(const struct settings *settings, int64_t days)
{
	int year, month, day;
	civil_from_days(days, &year, &month, &day);
	const struct holiday *holiday = holiday_on(settings, year, month, day);
	return holiday ? &holiday->hours : &settings->week[((days + 3) % 7 + 7) % 7];
}

/* Instants are compared, not clock readings: a span that begins in the hour that a change of clocks skips, or that
 * spans the hour that comes twice, is right by itself. */
static int64_t instant(const struct zone *zone, int64_t days, int minute)
{
	struct civil_time civil = { .minute = minute };
	civil_from_days(days, &civil.year, &civil.month, &civil.day);
	return zone_instant_ms(zone, &civil);
}

struct opening_state hours_at(const struct settings *settings, const struct zone *zone, int64_t now_ms)
{
	struct opening_state state = { .holiday = "" };
	struct civil_time civil = zone_civil(zone, now_ms);
	int64_t today = days_from_civil(civil.year, civil.month, civil.day);
	const struct holiday *holiday = holiday_on(settings, civil.year, civil.month, civil.day);
	if (holiday)
		state.holiday = holiday->name ? holiday->name : "";
	state.is_open = !settings->has_hours;
	for (int64_t days = today; settings->has_hours && days <= today + HORIZON_DAYS; days++) {
		const struct day_hours *hours = hours_on(settings, days);
		for (size_t i = 0; i < hours->count; i++) {
			int64_t from = instant(zone, days, hours->ranges[i].from),
				to = instant(zone, days, hours->ranges[i].to);
			if (to <= now_ms || to <= from)
				continue;
			if (state.is_open && from > state.until_ms)
				return state; /* until_ms was the end of the span that now lies in */
			if (!state.is_open && from > now_ms) {
				state.opens_ms = from;
				return state;
			}
			state.is_open = true;
			state.until_ms = to; /* goes on while spans touch, as over midnight */
		}
	}
	if (state.until_ms > instant(zone, today + HORIZON_DAYS, 0))
		state.until_ms = 0; /* open around the clock */
	return state;
}
