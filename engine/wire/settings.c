/* SPDX-License-Identifier: Apache-2.0 */
/* shop.ini as understood, for the owner's page and for the widget. Sections and keys are those of the file, with _
 * for blanks; durations are milliseconds. */
#include "wire/internal.h"

static void add_localized(struct buf *out, const char *key, const struct localized *texts)
{
	json_open(out, key, '{');
	for (size_t i = 0; i < texts->count; i++)
		json_add_member(out, str_of(texts->items[i].language), texts->items[i].text);
	buf_add_char(out, '}');
}

static void add_texts(struct buf *out, const char *key, const char *const *texts, size_t count)
{
	json_open(out, key, '[');
	for (size_t i = 0; i < count; i++)
		json_add_text(out, NULL, texts[i]);
	buf_add_char(out, ']');
}

void add_survey(struct buf *out, const char *key, unsigned survey)
{
	static const char *const questions[] = { "csat", "ces", "nps" };
	json_open(out, key, '[');
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
		if (survey >> i & 1)
			json_add_text(out, NULL, questions[i]);
	buf_add_char(out, ']');
}

static void add_clock(struct buf *out, unsigned minutes)
{
	buf_printf(out, "%u:%02u", minutes / 60, minutes % 60);
}

/* As in the file: ["9:00-12:30", "13:30-17:30"], empty when closed. */
static void add_day(struct buf *out, const char *key, const struct day_hours *hours)
{
	json_open(out, key, '[');
	for (size_t i = 0; i < hours->count; i++) {
		json_comma(out);
		buf_add_char(out, '"');
		add_clock(out, hours->ranges[i].from);
		buf_add_char(out, '-');
		add_clock(out, hours->ranges[i].to);
		buf_add_char(out, '"');
	}
	buf_add_char(out, ']');
}

static void add_hours(struct buf *out, const struct settings *settings)
{
	static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	if (settings->has_hours) {
		json_open(out, "hours", '{');
		for (size_t i = 0; i < 7; i++)
			add_day(out, days[i], &settings->week[i]);
		buf_add_char(out, '}');
	}
	json_open(out, "holidays", '[');
	for (size_t i = 0; i < settings->holiday_count; i++) {
		const struct holiday *holiday = &settings->holidays[i];
		json_open(out, NULL, '{');
		json_add_int_unless(out, "year", holiday->year, 0);
		json_add_int(out, "month", holiday->month);
		json_add_int(out, "day", holiday->day);
		json_add_text(out, "name", holiday->name);
		add_day(out, "hours", &holiday->hours);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_handover(struct buf *out, const struct settings *settings)
{
	json_open(out, "handover", '{');
	json_add_int(out, "second_miss", settings->misses);
	json_add_int(out, "queue_limit", settings->queue_limit);
	json_add_int(out, "claim_timeout", settings->claim_timeout_ms);
	json_add_int(out, "give_up_after", settings->give_up_ms);
	json_add_int(out, "agent_grace", settings->agent_grace_ms);
	json_add_int(out, "reopen_within", settings->reopen_ms);
	json_add_int(out, "visitor_away", settings->visitor_away_ms);
	json_add_int(out, "agent_capacity", settings->agent_capacity);
	buf_add_char(out, '}');
}

static const char *condition_name(const struct condition *condition)
{
	switch (condition->kind) {
	case CONDITION_ATTRIBUTE: return condition->name;
	case CONDITION_PAGE: return "page";
	case CONDITION_LANGUAGE: return "language";
	case CONDITION_VISITS: return "visits";
	}
	return "";
}

static void add_segments(struct buf *out, const struct settings *settings)
{
	static const char *const moods[] = { "usual", "annoyed", "upset", "furious" };
	json_open(out, "segments", '[');
	for (size_t i = 0; i < settings->segment_count; i++) {
		const struct segment *segment = &settings->segments[i];
		json_open(out, NULL, '{');
		json_add_text(out, "name", segment->name);
		json_open(out, "conditions", '[');
		for (size_t k = 0; k < segment->condition_count; k++) {
			json_open(out, NULL, '{');
			json_add_text(out, "name", condition_name(&segment->conditions[k]));
			json_add_text(out, "value", segment->conditions[k].value);
			buf_add_char(out, '}');
		}
		buf_add_char(out, ']');
		json_add_text(out, "route", segment->route == SEGMENT_ROUTE_PERSON ? "person" : "bot");
		json_add_int(out, "priority", segment->priority);
		if (segment->wrong_share > 0)
			json_add_real(out, "wrong_answers", segment->wrong_share);
		json_add_int_unless(out, "second_miss", segment->misses, 0);
		if (segment->upset_from)
			json_add_text(out, "upset_from", moods[segment->upset_from]);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_nudges(struct buf *out, const struct settings *settings, bool is_all)
{
	json_open(out, "nudges", '[');
	for (size_t i = 0; i < settings->nudge_count; i++) {
		const struct nudge *nudge = &settings->nudges[i];
		if (!is_all && !nudge->is_enabled)
			continue;
		json_open(out, NULL, '{');
		json_add_text(out, "name", nudge->name);
		json_add_text(out, "page", nudge->page);
		json_add_int(out, "after_ms", nudge->after_ms);
		json_add_text(out, "text", nudge->text);
		if (is_all)
			json_add_bool(out, "enabled", nudge->is_enabled);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_shop(struct buf *out, const struct settings *settings)
{
	json_open(out, "shop", '{');
	json_add_text(out, "name", settings->name);
	json_add_text(out, "language", settings->language);
	json_add_text(out, "time_zone", settings->time_zone);
	json_add_text(out, "url", settings->url);
	json_add_text(out, "email", settings->email);
	add_localized(out, "greeting", &settings->greeting);
	add_texts(out, "suggestions", settings->suggestions, settings->suggestion_count);
	buf_add_char(out, '}');
	json_open(out, "promise", '{');
	json_add_real(out, "wrong_answers", settings->wrong_share);
	json_add_int(out, "answer_within", settings->answer_within_ms);
	buf_add_char(out, '}');
}

static void add_site(struct buf *out, const struct settings *settings)
{
	json_open(out, "site", '{');
	add_texts(out, "origins", settings->origins, settings->origin_count);
	json_add_text(out, "color", settings->color);
	json_add_text(out, "position", settings->position);
	json_add_text(out, "bot_name", settings->bot_name);
	buf_add_char(out, '}');
	json_open(out, "limits", '{');
	json_add_int(out, "messages_per_minute", settings->messages_per_minute);
	json_add_int(out, "connections_per_address", settings->connections_per_address);
	json_add_int(out, "message_length", settings->message_length);
	json_add_int(out, "unsaved_megabytes", settings->unsaved_megabytes);
	buf_add_char(out, '}');
	json_open(out, "privacy", '{');
	json_add_int(out, "retention_days", settings->retention_days);
	add_localized(out, "consent", &settings->consent);
	buf_add_char(out, '}');
}

void wire_settings_page(struct buf *out, const struct settings *settings)
{
	buf_add_char(out, '{');
	add_shop(out, settings);
	add_hours(out, settings);
	add_handover(out, settings);
	json_open(out, "survey", '{');
	add_survey(out, "ask", settings->survey);
	buf_add_char(out, '}');
	add_site(out, settings);
	add_segments(out, settings);
	add_nudges(out, settings, true);
	json_open(out, "files", '{');
	json_add_text(out, "tests", settings->tests_must_pass ? "error" : "warn");
	buf_add_text(out, "}}");
}

void wire_widget_config(struct buf *out, const struct settings *settings)
{
	buf_add_char(out, '{');
	json_add_text(out, "name", settings->name);
	json_add_text(out, "bot", settings->bot_name);
	json_add_text(out, "language", settings->language);
	json_add_text(out, "color", settings->color);
	json_add_text(out, "position", settings->position);
	add_localized(out, "greeting", &settings->greeting);
	add_nudges(out, settings, false);
	buf_add_char(out, '}');
}
