/* SPDX-License-Identifier: Apache-2.0 */
/* shop.ini: whatever it says, the settings stay usable. */
#include "corpus/settings.h"

#include "text/language.h"
#include "text/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_hours(const struct day_hours *hours)
{
	assert(hours->count <= DAY_RANGES_MAX);
	for (size_t i = 0; i < hours->count; i++) {
		assert(hours->ranges[i].from < hours->ranges[i].to && hours->ranges[i].to <= 1440);
		assert(!i || hours->ranges[i].from >= hours->ranges[i - 1].to);
	}
}

static void check_settings(const struct settings *settings)
{
	assert(language_code(str_of(settings->language)));
	assert(settings->name && settings->time_zone && settings->url && settings->email);
	assert(settings->wrong_share > 0 && settings->wrong_share <= 0.5);
	assert(settings->misses >= 1 && settings->queue_limit >= 0 && settings->agent_capacity >= 1);
	assert(settings->message_length >= 1 && settings->message_length <= 4000);
	assert(settings->claim_timeout_ms > 0 && settings->give_up_ms > 0 && settings->visitor_away_ms > 0);
	assert(settings->greeting.count <= LANGUAGES_MAX && localized_text(&settings->greeting, "en"));
	assert(settings->consent.count <= LANGUAGES_MAX && localized_text(&settings->consent, "en"));
	for (size_t i = 0; i < 7; i++)
		check_hours(&settings->week[i]);
	for (size_t i = 0; i < settings->holiday_count; i++) {
		const struct holiday *holiday = &settings->holidays[i];
		assert(holiday->month >= 1 && holiday->month <= 12 && holiday->day >= 1 && holiday->day <= 31 &&
		       holiday->name);
		check_hours(&holiday->hours);
	}
	for (size_t i = 0; i < settings->segment_count; i++) {
		assert(settings->segments[i].name && settings->segments[i].conditions);
		for (size_t j = 0; j < settings->segments[i].condition_count; j++)
			assert(settings->segments[i].conditions[j].name && *settings->segments[i].conditions[j].value);
	}
	for (size_t i = 0; i < settings->nudge_count; i++)
		assert(settings->nudges[i].text && settings->nudges[i].page && settings->nudges[i].after_ms >= 0);
	for (size_t i = 0; i < settings->origin_count; i++)
		assert(str_starts(str_of(settings->origins[i]), "http"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct settings settings;
	struct buf out = { 0 };
	char *copy = malloc(size ? size : 1);
	if (size)
		memcpy(copy, data, size);
	diagnostics_init(&problems, &arena);
	settings_defaults(&settings);
	settings_read_in(&arena, "shop.ini", (struct str){ copy, size }, &settings, &problems);
	check_settings(&settings);
	diagnostics_print(&problems, &out);
	assert(utf8_is_valid(buf_str(&out)));
	buf_clear(&out);
	free(copy);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return 0;
}
