/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of which there may be many: holidays, segments, nudges. */
#include "corpus/internal.h"

#include "base/count.h"
#include "base/vec.h"
#include "text/language.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 500, CONDITIONS_MAX = 16 };
static const int64_t NUDGE_AFTER_DEFAULT_MS = 30000, NUDGE_AFTER_MAX_MS = 3600000;
static const int PRIORITY_MAX = 1000, MISSES_MAX = 10;

static void complain(struct settings_lists *lists, struct spot spot, const char *hint, const char *what)
{
	report(lists->problems, SEVERITY_ERROR, spot, hint, "%s", what);
}

static bool is_too_many(struct settings_lists *lists, size_t count, struct spot spot)
{
	if (count == LIST_MAX)
		report(lists->problems, SEVERITY_ERROR, spot, NULL, "more than %d entries of this kind", LIST_MAX);
	return count >= LIST_MAX;
}

/* ---- Holidays ---- */

void lists_add_holiday(struct settings_lists *lists, const struct entry *entry)
{
	struct holiday holiday = { 0 };
	struct str rest = entry->value;
	const char *why = NULL;
	if (!value_date(entry->key, &holiday)) {
		report(lists->problems, SEVERITY_ERROR, entry->key_spot, "write 2026-12-24, or 12-24 for every year",
		       "%s is no date", quoted_in(lists->arena, entry->key));
		return;
	}
	for (size_t i = 0; i < lists->holidays.count; i++) {
		const struct holiday *other = &lists->holidays.items[i];
		if (other->year == holiday.year && other->month == holiday.month && other->day == holiday.day) {
			complain(lists, entry->key_spot, "keep one of the two", "this day is given twice");
			return;
		}
	}
	bool has_hours = rest.len && rest.ptr[0] >= '0' && rest.ptr[0] <= '9';
	if (has_hours && !value_hours(&rest, &holiday.hours, &why)) {
		report(lists->problems, SEVERITY_ERROR, entry->value_spot, why, "%s are no hours",
		       quoted_in(lists->arena, entry->value));
		return;
	}
	if (is_too_many(lists, lists->holidays.count, entry->key_spot))
		return;
	holiday.name = arena_strdup(lists->arena, str_trim(rest));
	vec_push(&lists->holidays, holiday);
}

/* ---- Segments ---- */

static void end_segment(struct settings_lists *lists)
{
	if (!lists->segments.count || lists->segments.items[lists->segments.count - 1].conditions)
		return;
	struct segment *segment = &lists->segments.items[lists->segments.count - 1];
	segment->condition_count = lists->conditions.count;
	struct condition *conditions =
		arena_zalloc(lists->arena, lists->conditions.count ? lists->conditions.count : 1, sizeof *conditions);
	if (lists->conditions.count)
		memcpy(conditions, lists->conditions.items, lists->conditions.count * sizeof *conditions);
	else if (!lists->has_when)
		complain(lists, lists->header, "say who belongs to it, as in: when attribute tier = gold",
			 "this segment has no \"when\"");
	segment->conditions = conditions;
	lists->conditions.count = 0;
	lists->has_when = false;
}

/* "when attribute tier = gold" comes cut at its first "=", and "when = attribute tier = gold" too: both are heard. */
static void cut_condition(const struct entry *entry, struct str *out_subject, struct str *out_value)
{
	struct str subject = str_trim(str_part(entry->key, strlen("when"), entry->key.len));
	*out_value = entry->value;
	if (!subject.len) {
		size_t at = str_find(entry->value, '=');
		subject = str_trim(str_part(entry->value, 0, at));
		*out_value = str_trim(str_part(entry->value, at + 1, entry->value.len));
	}
	*out_subject = subject;
}

/* What is wrong with the condition, or NULL. */
static const char *check_condition(const struct condition *condition)
{
	unsigned long long visits;
	const char *value = condition->value;
	switch (condition->kind) {
	case CONDITION_ATTRIBUTE:
		return *condition->name ? NULL : "name the attribute, as in: when attribute tier = gold";
	case CONDITION_PAGE:
		return *value == '/' ? NULL : "the path of a page begins with /, as in: when page = /checkout";
	case CONDITION_LANGUAGE:
		return language_code(str_of(value)) ? NULL : "write the code of a language, as in: when language = de";
	case CONDITION_VISITS:
		return str_number(str_of(value), 1000000, &visits) ? NULL : "write a number, as in: when visits = 3";
	}
	return NULL;
}

static void add_condition(struct settings_lists *lists, const struct entry *entry)
{
	static const char *const KINDS[] = { "attribute", "page", "language", "visits" };
	static const char *const USUAL = "a segment is by attribute, page, language or visits";
	struct str subject, value;
	lists->has_when = true;
	cut_condition(entry, &subject, &value);
	size_t word_end = str_find(subject, ' ');
	struct str word = str_part(subject, 0, word_end);
	struct str name = str_trim(str_part(subject, word_end, subject.len));
	size_t kind = 0;
	while (kind < 4 && !str_equal_nocase(word, str_of(KINDS[kind])))
		kind++;
	if (kind == 4 || (kind != CONDITION_ATTRIBUTE && name.len)) {
		report(lists->problems, SEVERITY_ERROR, entry->key_spot,
		       hint_nearest_in(lists->arena, word, KINDS, 4, USUAL), "%s is no condition",
		       quoted_in(lists->arena, subject));
		return;
	}
	struct condition condition = { .name = arena_strdup(lists->arena, name) };
	condition.kind = kind == 0   ? CONDITION_ATTRIBUTE
			 : kind == 1 ? CONDITION_PAGE
			 : kind == 2 ? CONDITION_LANGUAGE
				     : CONDITION_VISITS;
	const char *code = condition.kind == CONDITION_LANGUAGE ? language_code(value) : NULL;
	condition.value = code ? code : arena_strdup(lists->arena, value);
	const char *wrong = value.len ? check_condition(&condition) : "say what it must be, after the =";
	if (wrong)
		complain(lists, entry->value_spot.len ? entry->value_spot : entry->key_spot, wrong,
			 "this condition is not complete");
	else if (lists->conditions.count == CONDITIONS_MAX)
		complain(lists, entry->key_spot, NULL, "more than 16 conditions in one segment");
	else
		vec_push(&lists->conditions, condition);
}

static void set_priority(struct settings_lists *lists, const struct entry *entry, struct segment *segment)
{
	struct str value = entry->value;
	bool is_negative = str_starts(value, "-");
	unsigned long long number;
	if (!str_number(str_part(value, is_negative, value.len), (unsigned long long)PRIORITY_MAX, &number))
		complain(lists, entry->value_spot, "write a whole number from -1000 to 1000, 0 is usual",
			 "this is no priority");
	else
		segment->priority = is_negative ? -(int)number : (int)number;
}

static void set_misses(struct settings_lists *lists, const struct entry *entry, struct segment *segment)
{
	unsigned long long number;
	if (!str_number(entry->value, MISSES_MAX, &number) || number < 1)
		complain(lists, entry->value_spot, "write a whole number from 1 to 10, 2 is usual",
			 "this does not fit here");
	else
		segment->misses = (int)number;
}

static void set_upset_from(struct settings_lists *lists, const struct entry *entry, struct segment *segment)
{
	static const char *const MOODS[] = { "usual", "annoyed", "upset", "furious" };
	size_t at = 0;
	while (at < 4 && !str_equal_nocase(entry->value, str_of(MOODS[at])))
		at++;
	if (at == 4)
		complain(lists, entry->value_spot, "write annoyed, upset (the usual) or furious", "this is no mood");
	else
		segment->upset_from = (enum upset_from)at;
}

void lists_add_segment_key(struct settings_lists *lists, const struct entry *entry)
{
	static const char *const KEYS[] = { "when", "route", "priority", "wrong answers", "second miss", "upset from" };
	enum { KEY_COUNT = COUNT(KEYS) };
	struct segment *segment = &lists->segments.items[lists->segments.count - 1];
	struct str value = entry->value;
	if (str_equal_nocase(str_part(entry->key, 0, 4), STR_LIT("when")) &&
	    (entry->key.len == 4 || entry->key.ptr[4] == ' ')) {
		add_condition(lists, entry);
	} else if (str_equal_nocase(entry->key, STR_LIT("route"))) {
		bool is_person = str_equal_nocase(value, STR_LIT("person"));
		if (!is_person && !str_equal_nocase(value, STR_LIT("bot")))
			complain(lists, entry->value_spot, "write person or bot", "this is no route");
		segment->route = is_person ? SEGMENT_ROUTE_PERSON : SEGMENT_ROUTE_BOT;
	} else if (str_equal_nocase(entry->key, STR_LIT("priority"))) {
		set_priority(lists, entry, segment);
	} else if (str_equal_nocase(entry->key, STR_LIT("wrong answers"))) {
		if (!value_share(value, &segment->wrong_share))
			complain(lists, entry->value_spot, VALUE_SHARE_HINT, "this is no share");
	} else if (str_equal_nocase(entry->key, STR_LIT("second miss"))) {
		set_misses(lists, entry, segment);
	} else if (str_equal_nocase(entry->key, STR_LIT("upset from"))) {
		set_upset_from(lists, entry, segment);
	} else {
		report(lists->problems, SEVERITY_ERROR, entry->key_spot,
		       hint_nearest_in(lists->arena, entry->key, KEYS, KEY_COUNT,
				       "a segment has: when, route, priority, wrong answers, second miss, upset from"),
		       "unknown key %s in a segment", quoted_in(lists->arena, entry->key));
	}
}

/* ---- Nudges ---- */

static void end_nudge(struct settings_lists *lists)
{
	if (!lists->nudges.count)
		return;
	struct nudge *nudge = &lists->nudges.items[lists->nudges.count - 1];
	if (nudge->text)
		return;
	nudge->text = "";
	complain(lists, lists->header, "add a line such as: text = Can I help?", "this nudge has no text");
}

void lists_add_nudge_key(struct settings_lists *lists, const struct entry *entry)
{
	static const char *const KEYS[] = { "page", "after", "text", "enabled" };
	struct nudge *nudge = &lists->nudges.items[lists->nudges.count - 1];
	if (str_equal_nocase(entry->key, STR_LIT("page"))) {
		nudge->page = arena_strdup(lists->arena, entry->value);
		if (*nudge->page != '/')
			complain(lists, entry->value_spot, "the path of a page begins with /, as in /checkout",
				 "this is no page");
	} else if (str_equal_nocase(entry->key, STR_LIT("after"))) {
		int64_t after_ms;
		if (value_duration(entry->value, &after_ms) && after_ms <= NUDGE_AFTER_MAX_MS)
			nudge->after_ms = after_ms;
		else
			complain(lists, entry->value_spot, "write a time up to an hour, such as 40 seconds",
				 "this is no time to wait");
	} else if (str_equal_nocase(entry->key, STR_LIT("text"))) {
		nudge->text = arena_strdup(lists->arena, entry->value);
	} else if (str_equal_nocase(entry->key, STR_LIT("enabled"))) {
		if (!value_yes(entry->value, &nudge->is_enabled))
			complain(lists, entry->value_spot, "write yes or no", "this is neither yes nor no");
	} else {
		report(lists->problems, SEVERITY_ERROR, entry->key_spot,
		       hint_nearest_in(lists->arena, entry->key, KEYS, 4, "a nudge has: page, after, text, enabled"),
		       "unknown key %s in a nudge", quoted_in(lists->arena, entry->key));
	}
}

/* ---- Sections with names ---- */

static bool is_name_used(const struct settings_lists *lists, bool is_segment, struct str name)
{
	for (size_t i = 0; i < lists->segments.count && is_segment; i++)
		if (str_is(name, lists->segments.items[i].name))
			return true;
	for (size_t i = 0; i < lists->nudges.count && !is_segment; i++)
		if (str_is(name, lists->nudges.items[i].name))
			return true;
	return false;
}

void lists_open(struct settings_lists *lists, struct str section, struct str name, struct spot header)
{
	end_segment(lists);
	end_nudge(lists);
	lists->header = header;
	bool is_segment = str_is(section, "segment");
	if (!is_segment && !str_is(section, "nudge"))
		return;
	if (!name.len)
		report(lists->problems, SEVERITY_ERROR, header, NULL,
		       is_segment ? "a segment needs a name, as in [segment vip]"
				  : "a nudge needs a name, as in [nudge checkout]");
	else if (is_name_used(lists, is_segment, name))
		complain(lists, header, "give each a name of its own", "this name is taken");
	const char *kept = arena_strdup(lists->arena, name);
	if (is_too_many(lists, is_segment ? lists->segments.count : lists->nudges.count, header))
		return;
	if (is_segment)
		vec_push(&lists->segments, (struct segment){ .name = kept });
	else
		vec_push(&lists->nudges,
			 (struct nudge){ .name = kept, .page = "/", .after_ms = NUDGE_AFTER_DEFAULT_MS });
}

/* An arena copy of a list that was gathered on the heap. */
static void *settled(struct arena *arena, void *items, size_t count, size_t size)
{
	void *copy = arena_zalloc(arena, count ? count : 1, size);
	if (count)
		memcpy(copy, items, count * size);
	free(items);
	return copy;
}

void lists_finish(struct settings_lists *lists, struct settings *settings)
{
	end_segment(lists);
	end_nudge(lists);
	settings->holiday_count = lists->holidays.count;
	settings->holidays =
		settled(lists->arena, lists->holidays.items, lists->holidays.count, sizeof *lists->holidays.items);
	settings->segment_count = lists->segments.count;
	settings->segments =
		settled(lists->arena, lists->segments.items, lists->segments.count, sizeof *lists->segments.items);
	settings->nudge_count = lists->nudges.count;
	settings->nudges = settled(lists->arena, lists->nudges.items, lists->nudges.count, sizeof *lists->nudges.items);
	vec_clear(&lists->conditions);
}
