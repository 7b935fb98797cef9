/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of shop.ini that there is one of each, with what they may hold. */
#include "corpus/internal.h"

#include "base/count.h"
#include "text/language.h"
#include "text/utf8.h"

#include <stddef.h>
#include <string.h>

enum { SUGGESTIONS_MAX = 8, ORIGINS_MAX = 100, LOCALIZED_CHARACTERS_MAX = 1000 };
static const int64_t SECOND = 1000, MINUTE = 60 * 1000, HOUR = 3600 * 1000, DAY = 86400000;

/* ---- The keys ---- */

enum value_kind {
	VALUE_TEXT, /* max: characters */
	VALUE_LANGUAGE,
	VALUE_ZONE,
	VALUE_URL,
	VALUE_EMAIL,
	VALUE_IDS,
	VALUE_SHARE,
	VALUE_DURATION, /* min, max: ms */
	VALUE_HOURS,
	VALUE_NUMBER,
	VALUE_ORIGINS,
	VALUE_COLOR,
	VALUE_POSITION,
	VALUE_SURVEY,
	VALUE_TESTS,
};

struct key {
	const char *section, *name;
	enum value_kind kind;
	size_t offset; /* in struct settings */
	int64_t min, max;
};

#define FIELD(member) offsetof(struct settings, member)
static const struct key KEYS[] = {
	{ "shop", "name", VALUE_TEXT, FIELD(name), 0, 100 },
	{ "shop", "language", VALUE_LANGUAGE, FIELD(language), 0, 0 },
	{ "shop", "time zone", VALUE_ZONE, FIELD(time_zone), 0, 0 },
	{ "shop", "url", VALUE_URL, FIELD(url), 0, 500 },
	{ "shop", "email", VALUE_EMAIL, FIELD(email), 0, 200 },
	{ "shop", "suggestions", VALUE_IDS, 0, 0, 0 },
	{ "promise", "wrong answers", VALUE_SHARE, FIELD(wrong_share), 0, 0 },
	{ "promise", "answer within", VALUE_DURATION, FIELD(answer_within_ms), 1000, 86400000 },
	{ "hours", "mon", VALUE_HOURS, FIELD(week[0]), 0, 0 },
	{ "hours", "tue", VALUE_HOURS, FIELD(week[1]), 0, 0 },
	{ "hours", "wed", VALUE_HOURS, FIELD(week[2]), 0, 0 },
	{ "hours", "thu", VALUE_HOURS, FIELD(week[3]), 0, 0 },
	{ "hours", "fri", VALUE_HOURS, FIELD(week[4]), 0, 0 },
	{ "hours", "sat", VALUE_HOURS, FIELD(week[5]), 0, 0 },
	{ "hours", "sun", VALUE_HOURS, FIELD(week[6]), 0, 0 },
	{ "handover", "second miss", VALUE_NUMBER, FIELD(misses), 1, 10 },
	{ "handover", "queue limit", VALUE_NUMBER, FIELD(queue_limit), 0, 10000 },
	{ "handover", "claim timeout", VALUE_DURATION, FIELD(claim_timeout_ms), 1000, 86400000 },
	{ "handover", "give up after", VALUE_DURATION, FIELD(give_up_ms), 1000, 604800000 },
	{ "handover", "agent grace", VALUE_DURATION, FIELD(agent_grace_ms), 0, 3600000 },
	{ "handover", "reopen within", VALUE_DURATION, FIELD(reopen_ms), 0, 2592000000 },
	{ "handover", "visitor away", VALUE_DURATION, FIELD(visitor_away_ms), 1000, 2592000000 },
	{ "handover", "agent capacity", VALUE_NUMBER, FIELD(agent_capacity), 1, 100 },
	{ "survey", "ask", VALUE_SURVEY, FIELD(survey), 0, 0 },
	{ "site", "origins", VALUE_ORIGINS, 0, 0, 0 },
	{ "site", "color", VALUE_COLOR, FIELD(color), 0, 0 },
	{ "site", "position", VALUE_POSITION, FIELD(position), 0, 0 },
	{ "site", "bot name", VALUE_TEXT, FIELD(bot_name), 0, 40 },
	{ "limits", "messages per minute", VALUE_NUMBER, FIELD(messages_per_minute), 1, 10000 },
	{ "limits", "connections per address", VALUE_NUMBER, FIELD(connections_per_address), 1, 100000 },
	{ "limits", "message length", VALUE_NUMBER, FIELD(message_length), 1, 4000 },
	{ "limits", "unsaved megabytes", VALUE_NUMBER, FIELD(unsaved_megabytes), 1, 65536 },
	{ "privacy", "retention days", VALUE_NUMBER, FIELD(retention_days), 0, 36500 },
	{ "files", "tests", VALUE_TESTS, FIELD(tests_must_pass), 0, 0 },
};
enum { KEY_COUNT = COUNT(KEYS) };
_Static_assert(COUNT(KEYS) <= SETTINGS_KEYS_MAX, "room for the line of each key");

/* ---- Single values ---- */

static void reject(struct settings_reader *reader, const struct entry *entry, const char *hint, const char *what)
{
	report(reader->problems, SEVERITY_ERROR, entry->value_spot.len ? entry->value_spot : entry->key_spot, hint,
	       "%s %s", quoted_in(reader->arena, entry->value), what);
}

static const char *duration_text_in(struct arena *arena, int64_t ms)
{
	const char *unit = ms % DAY == 0 ? "day" : ms % HOUR == 0 ? "hour" : ms % MINUTE == 0 ? "minute" : "second";
	int64_t size = ms % DAY == 0 ? DAY : ms % HOUR == 0 ? HOUR : ms % MINUTE == 0 ? MINUTE : SECOND;
	return ms ? arena_printf(arena, "%lld %s%s", (long long)(ms / size), unit, ms / size == 1 ? "" : "s")
		  : "0 seconds";
}

static void read_duration(struct settings_reader *reader, const struct key *key, const struct entry *entry, void *field)
{
	int64_t ms;
	if (!value_duration(entry->value, &ms)) {
		reject(reader, entry, "write it as 40 seconds, 2 minutes, 1 hour or 30 days", "is no length of time");
		return;
	}
	if (ms < key->min || ms > key->max) {
		reject(reader, entry,
		       arena_printf(reader->arena, "from %s to %s", duration_text_in(reader->arena, key->min),
				    duration_text_in(reader->arena, key->max)),
		       "is out of range");
		return;
	}
	memcpy(field, &ms, sizeof ms);
}

static void read_number(struct settings_reader *reader, const struct key *key, const struct entry *entry, void *field)
{
	unsigned long long value;
	if (!str_number(entry->value, 1000000000, &value) || (int64_t)value < key->min || (int64_t)value > key->max) {
		reject(reader, entry,
		       arena_printf(reader->arena, "write a whole number from %lld to %lld", (long long)key->min,
				    (long long)key->max),
		       "does not fit here");
		return;
	}
	int number = (int)value;
	memcpy(field, &number, sizeof number);
}

static void read_share(struct settings_reader *reader, const struct entry *entry, void *field)
{
	double share;
	if (value_share(entry->value, &share))
		memcpy(field, &share, sizeof share);
	else
		reject(reader, entry, VALUE_SHARE_HINT, "is no share");
}

/* "csat, ces, nps", or "none". */
static void read_survey(struct settings_reader *reader, const struct entry *entry, void *field)
{
	static const char *const QUESTIONS[] = { "csat", "ces", "nps" };
	struct str rest = entry->value, part;
	unsigned asked = 0;
	bool is_none = str_equal_nocase(entry->value, STR_LIT("none"));
	while (!is_none && rest.len && str_split(&rest, ',', &part)) {
		size_t at = 0;
		part = str_trim(part);
		while (at < COUNT(QUESTIONS) && !str_equal_nocase(part, str_of(QUESTIONS[at])))
			at++;
		if (at == COUNT(QUESTIONS)) {
			reject(reader, entry, "write csat, ces, nps, some of them with commas between, or none",
			       "is no question to ask");
			return;
		}
		asked |= 1u << at;
	}
	memcpy(field, &asked, sizeof asked);
}

static void read_hours(struct settings_reader *reader, const struct entry *entry, void *field)
{
	struct day_hours hours = { .count = 0 };
	struct str rest = entry->value;
	const char *why = NULL;
	if (!str_equal_nocase(rest, STR_LIT("closed"))) {
		bool is_read = value_hours(&rest, &hours, &why);
		if (!is_read || rest.len) {
			report(reader->problems, SEVERITY_ERROR,
			       rest.len ? spot_of(reader->source, reader->line, rest) : entry->value_spot,
			       why ? why : "only hours stand here, as in 9:00-17:30", "these are no opening hours");
			return;
		}
	}
	memcpy(field, &hours, sizeof hours);
	reader->settings->has_hours = true;
}

static bool is_email(struct str text)
{
	size_t at = str_find(text, '@');
	struct str host = str_part(text, at + 1, text.len);
	bool is_plain = str_find(text, ' ') == text.len && str_find(host, '@') == host.len;
	return is_plain && at > 0 && at < text.len && host.len > 2 && str_find(host, '.') < host.len - 1 &&
	       host.ptr[0] != '.';
}

static bool is_color(struct str text)
{
	if ((text.len != 7 && text.len != 4) || text.ptr[0] != '#')
		return false;
	for (size_t i = 1; i < text.len; i++)
		if (!strchr("0123456789abcdefABCDEF", text.ptr[i]))
			return false;
	return true;
}

/* Texts that are kept as they are when they pass a check. */
static void read_text(struct settings_reader *reader, const struct key *key, const struct entry *entry, void *field)
{
	struct str value = entry->value;
	const char *kept = arena_strdup(reader->arena, value);
	const char *why = NULL, *what = "does not fit here";
	if (key->max && utf8_count(value) > (size_t)key->max) {
		why = arena_printf(reader->arena, "at most %lld characters", (long long)key->max);
		what = "is too long";
	} else if (key->kind == VALUE_ZONE && !value_is_zone(value)) {
		why = "write it as Europe/London or America/New_York";
		what = "is no time zone that this machine knows";
	} else if (key->kind == VALUE_URL && value.len && !str_starts(value, "https://") &&
		   !str_starts(value, "http://")) {
		why = "an address begins with https://";
		what = "is no address";
	} else if (key->kind == VALUE_EMAIL && value.len && !is_email(value)) {
		why = "write it as hello@shop.example";
		what = "is no e-mail address";
	} else if (key->kind == VALUE_COLOR && !is_color(value)) {
		why = "write it as #1f5f4a";
		what = "is no colour";
	} else if (key->kind == VALUE_POSITION && !str_is(value, "left") && !str_is(value, "right")) {
		why = "write left or right";
		what = "is no side";
	}
	if (why)
		reject(reader, entry, why, what);
	else
		memcpy(field, &kept, sizeof kept);
}

static void read_language(struct settings_reader *reader, const struct entry *entry, void *field)
{
	const char *code = language_code(entry->value);
	if (code)
		memcpy(field, &code, sizeof code);
	else
		reject(reader, entry, "write its code, such as en, de, fr or es", "is no language that can be read");
}

static void read_tests(struct settings_reader *reader, const struct entry *entry, void *field)
{
	bool is_strict = str_equal_nocase(entry->value, STR_LIT("strict"));
	if (!is_strict && !str_equal_nocase(entry->value, STR_LIT("warn")))
		reject(reader, entry, "write strict or warn", "does not fit here");
	else
		memcpy(field, &is_strict, sizeof is_strict);
}

static void read_ids(struct settings_reader *reader, const struct entry *entry)
{
	struct settings *settings = reader->settings;
	struct str rest = entry->value, part;
	settings->suggestions = arena_zalloc(reader->arena, SUGGESTIONS_MAX, sizeof *settings->suggestions);
	reader->suggestion_spots = arena_zalloc(reader->arena, SUGGESTIONS_MAX, sizeof *reader->suggestion_spots);
	settings->suggestion_count = 0;
	while (rest.len && str_split(&rest, '|', &part)) {
		part = str_trim(part);
		if (!part.len)
			continue;
		if (settings->suggestion_count == SUGGESTIONS_MAX) {
			reject(reader, entry, "keep the eight that are asked most", "are too many suggestions");
			return;
		}
		reader->suggestion_spots[settings->suggestion_count] = spot_of(reader->source, reader->line, part);
		settings->suggestions[settings->suggestion_count++] = arena_strdup(reader->arena, part);
	}
}

static void read_origins(struct settings_reader *reader, const struct entry *entry)
{
	struct settings *settings = reader->settings;
	struct str rest = entry->value;
	settings->origins = arena_zalloc(reader->arena, ORIGINS_MAX, sizeof *settings->origins);
	settings->origin_count = 0;
	while (rest.len) {
		size_t len = 0;
		while (len < rest.len && !strchr(" ,\t", rest.ptr[len]))
			len++;
		struct str part = str_part(rest, 0, len);
		rest = str_part(rest, len + 1, rest.len);
		if (!part.len)
			continue;
		const char *origin, *why;
		if (!value_origin_in(reader->arena, part, &origin, &why))
			report(reader->problems, SEVERITY_ERROR, spot_of(reader->source, reader->line, part), why,
			       "%s is no web address of a page's host", quoted_in(reader->arena, part));
		else if (settings->origin_count < ORIGINS_MAX)
			settings->origins[settings->origin_count++] = origin;
		else
			reject(reader, entry, "100 at most", "are too many");
	}
}

/* Texts that there may be one of for each language: "greeting", or "greeting de". */
static const struct {
	const char *section, *name;
	size_t offset;
} LOCALIZED[] = {
	{ "shop", "greeting", FIELD(greeting) },
	{ "privacy", "consent", FIELD(consent) },
};

static void read_localized(struct settings_reader *reader, const char *name, struct localized *texts,
			   const struct entry *entry)
{
	struct str tag = str_trim(str_part(entry->key, strlen(name), entry->key.len));
	const char *code = tag.len ? language_code(tag) : "";
	if (!code) {
		report(reader->problems, SEVERITY_ERROR, entry->key_spot,
		       arena_printf(reader->arena, "write the code of a language, as in: %s de", name),
		       "%s is no language", quoted_in(reader->arena, tag));
		return;
	}
	if (utf8_count(entry->value) > LOCALIZED_CHARACTERS_MAX)
		reject(reader, entry, "at most 1000 characters", "is too long");
	for (size_t i = 0; i < texts->count; i++)
		if (!strcmp(texts->items[i].language, code)) {
			report(reader->problems, SEVERITY_ERROR, entry->key_spot, "keep one of the two",
			       "this %s is given twice", name);
			return;
		}
	if (texts->count == LANGUAGES_MAX) {
		report(reader->problems, SEVERITY_ERROR, entry->key_spot, NULL, "%s in more than %d languages", name,
		       LANGUAGES_MAX);
		return;
	}
	texts->items[texts->count].language = code;
	texts->items[texts->count++].text = arena_strdup(reader->arena, entry->value);
}

static void read_value(struct settings_reader *reader, const struct key *key, const struct entry *entry)
{
	void *field = (char *)reader->settings + key->offset;
	switch (key->kind) {
	case VALUE_TEXT:
	case VALUE_ZONE:
	case VALUE_URL:
	case VALUE_EMAIL:
	case VALUE_COLOR:
	case VALUE_POSITION: read_text(reader, key, entry, field); break;
	case VALUE_LANGUAGE: read_language(reader, entry, field); break;
	case VALUE_IDS: read_ids(reader, entry); break;
	case VALUE_SHARE: read_share(reader, entry, field); break;
	case VALUE_DURATION: read_duration(reader, key, entry, field); break;
	case VALUE_HOURS: read_hours(reader, entry, field); break;
	case VALUE_NUMBER: read_number(reader, key, entry, field); break;
	case VALUE_ORIGINS: read_origins(reader, entry); break;
	case VALUE_SURVEY: read_survey(reader, entry, field); break;
	case VALUE_TESTS: read_tests(reader, entry, field); break;
	}
}

static bool take_localized(struct settings_reader *reader, const struct entry *entry)
{
	for (size_t i = 0; i < COUNT(LOCALIZED); i++) {
		const char *name = LOCALIZED[i].name;
		size_t len = strlen(name);
		if (!str_is(entry->section, LOCALIZED[i].section) || entry->key.len < len ||
		    !str_equal_nocase(str_part(entry->key, 0, len), str_of(name)) ||
		    (entry->key.len > len && entry->key.ptr[len] != ' '))
			continue;
		char *settings = (char *)reader->settings;
		read_localized(reader, name, (struct localized *)(settings + LOCALIZED[i].offset), entry);
		return true;
	}
	return false;
}

bool fields_read(struct settings_reader *reader, const struct entry *entry)
{
	if (take_localized(reader, entry))
		return true;
	for (size_t i = 0; i < KEY_COUNT; i++) {
		if (!str_is(entry->section, KEYS[i].section) || !str_equal_nocase(entry->key, str_of(KEYS[i].name)))
			continue;
		if (reader->lines_of[i])
			report(reader->problems, SEVERITY_ERROR, entry->key_spot, "keep one of the two",
			       "\"%s\" is given twice, first in line %u", KEYS[i].name, reader->lines_of[i]);
		else
			read_value(reader, &KEYS[i], entry);
		reader->lines_of[i] = reader->line;
		return true;
	}
	return false;
}

const char *fields_hint(const struct settings_reader *reader, const struct entry *entry)
{
	const char *names[KEY_COUNT + COUNT(LOCALIZED)];
	size_t count = 0;
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (str_is(entry->section, KEYS[i].section))
			names[count++] = KEYS[i].name;
	for (size_t i = 0; i < COUNT(LOCALIZED); i++)
		if (str_is(entry->section, LOCALIZED[i].section))
			names[count++] = LOCALIZED[i].name;
	const char *nearest = nearest_known(entry->key, names, count);
	if (nearest)
		return arena_printf(reader->arena, "did you mean \"%s\"?", nearest);
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (str_equal_nocase(entry->key, str_of(KEYS[i].name)))
			return arena_printf(reader->arena, "it stands under [%s]", KEYS[i].section);
	struct buf list = { 0 };
	for (size_t i = 0; i < count; i++)
		buf_printf(&list, "%s%s", i ? ", " : "keys here are: ", names[i]);
	const char *hint = arena_strdup(reader->arena, buf_str(&list));
	buf_clear(&list);
	return hint;
}
