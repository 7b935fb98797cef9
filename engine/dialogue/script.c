/* SPDX-License-Identifier: Apache-2.0 */
/* The reader of .chat files. */
#include "dialogue/script.h"

#include "base/count.h"
#include "dialogue/script_internal.h"

#include <string.h>

enum { NAME_BYTES_MAX = 100 };

struct reader {
	struct arena *arena;
	const char *file;
	struct diagnostics *problems;
	uint32_t number;
	struct str source;
	bool failed;
};

static bool fail(struct reader *reader, const char *what, const char *hint)
{
	reader->failed = true;
	diagnostics_add(reader->problems,
			&(struct problem){
				.place = { reader->file, reader->number, 1 },
				.what = what,
				.hint = hint,
				.source = arena_strdup(reader->arena, str_part(reader->source, 0, 200)),
				.width = 1,
			});
	return false;
}

/* Cuts the next word off. */
static struct str take_word(struct str *rest)
{
	struct str text = str_trim(*rest);
	size_t end = 0;
	while (end < text.len && text.ptr[end] != ' ' && text.ptr[end] != '\t')
		end++;
	*rest = str_trim(str_part(text, end, text.len));
	return str_part(text, 0, end);
}

static bool take_number(struct str text, int max, int *out)
{
	unsigned long long value;
	if (!str_number(text, (unsigned long long)max, &value))
		return false;
	*out = (int)value;
	return true;
}

/* ---- The clock ---- */

static bool read_time(struct str text, int *out_minute)
{
	int hour, minute;
	size_t colon = str_find(text, ':');
	if (colon == text.len || !take_number(str_part(text, 0, colon), 23, &hour) ||
	    !take_number(str_part(text, colon + 1, text.len), 59, &minute))
		return false;
	*out_minute = hour * 60 + minute;
	return true;
}

static bool read_day(struct str word, struct script_clock *clock)
{
	static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	struct str year, month, rest = word;
	clock->weekday = -1;
	for (size_t i = 0; word.len >= 3 && i < COUNT(weekdays); i++)
		if (str_equal_nocase(str_part(word, 0, 3), str_of(weekdays[i])))
			clock->weekday = (int)i;
	if (clock->weekday >= 0)
		return true;
	return str_split(&rest, '-', &year) && str_split(&rest, '-', &month) && take_number(year, 9000, &clock->year) &&
	       clock->year >= 1900 && take_number(month, 12, &clock->month) && clock->month >= 1 &&
	       take_number(rest, 31, &clock->day) && clock->day >= 1;
}

static bool read_names(struct str list, struct str *out, size_t *out_count)
{
	*out_count = 0;
	for (struct str word = take_word(&list); word.len; word = take_word(&list)) {
		if (str_equal_nocase(word, STR_LIT("none")))
			continue;
		if (*out_count == SCRIPT_AGENTS_MAX || word.len > NAME_BYTES_MAX)
			return false;
		out[(*out_count)++] = word;
	}
	return true;
}

static bool read_who(struct str part, struct script_clock *clock)
{
	size_t colon = str_find(part, ':');
	struct str key = str_trim(str_part(part, 0, colon)), value = str_trim(str_part(part, colon + 1, part.len));
	if (str_is(key, "queue"))
		return take_number(value, 10000, &clock->queue);
	if (str_is(key, "agents online")) {
		clock->has_agents = true;
		return read_names(value, clock->online, &clock->online_count);
	}
	if (str_is(key, "agents away")) {
		clock->has_agents = true;
		return read_names(value, clock->away, &clock->away_count);
	}
	return false;
}

static bool read_clock(struct reader *reader, struct str rest, struct script_line *line)
{
	static const char hint[] = "write it as: @ Mon 10:05, agents online: anna";
	struct str part;
	line->kind = SCRIPT_CLOCK;
	line->clock.queue = -1;
	if (!str_split(&rest, ',', &part))
		return fail(reader, "no time", hint);
	struct str day = take_word(&part), time = take_word(&part);
	if (!read_day(day, &line->clock) || !read_time(time, &line->clock.minute) || part.len)
		return fail(reader, "this is not a weekday or date with a time", hint);
	while (str_split(&rest, ',', &part))
		if (!read_who(str_trim(part), &line->clock))
			return fail(reader, "not known behind the time",
				    "agents online: NAMES, agents away: NAMES, queue: N");
	return true;
}

/* ---- What visitors and agents do ---- */

/* "visitor VERB> TEXT" and "agent NAME VERB> TEXT", with or without a text. */
struct verb {
	const char *word;
	enum script_kind kind;
	bool has_text;
};

static const struct verb visitor_verbs[] = {
	{ "", SCRIPT_SAYS, true },
	{ "presses", SCRIPT_PRESSES, true },
	{ "rates", SCRIPT_RATES, true },
	{ "has", SCRIPT_HAS, true },
	{ "leaves email", SCRIPT_EMAIL, true },
	{ "at", SCRIPT_AT, true },
	{ "visits", SCRIPT_VISITS, true },
	{ "closes", SCRIPT_VISITOR_CLOSES, false },
	{ "surveys", SCRIPT_SURVEYS, true },
};
static const struct verb agent_verbs[] = {
	{ "", SCRIPT_AGENT_SAYS, true },      { "notes", SCRIPT_AGENT_NOTES, true },
	{ "claims", SCRIPT_CLAIMS, false },   { "returns", SCRIPT_RETURNS, false },
	{ "leaves", SCRIPT_LEAVES, false },   { "closes", SCRIPT_AGENT_CLOSES, false },
	{ "passes to", SCRIPT_PASSES, true },
};

static bool read_value(struct reader *reader, struct script_line *line)
{
	struct str text = line->text;
	size_t equals = str_find(text, '=');
	switch (line->kind) {
	case SCRIPT_RATES:
		line->value = str_is(text, "helpful");
		return line->value || str_is(text, "not helpful") ||
		       fail(reader, "this is no rating", "helpful or not helpful");
	case SCRIPT_SURVEYS:
		return (take_number(text, 5, &line->value) && line->value > 0) || fail(reader, "not from 1 to 5", "");
	case SCRIPT_VISITS: return take_number(text, 1000000, &line->value) || fail(reader, "this is no number", "");
	case SCRIPT_HAS:
		line->name = str_trim(str_part(text, 0, equals));
		line->text = str_trim(str_part(text, equals + 1, text.len));
		return (equals < text.len && line->name.len) || fail(reader, "not of the form NAME = VALUE", "");
	default: return true;
	}
}

static bool read_verb(struct reader *reader, const struct verb *verbs, size_t count, struct str words, bool has_text,
		      struct script_line *line)
{
	for (size_t i = 0; i < count; i++) {
		if (!str_is(words, verbs[i].word) || has_text != verbs[i].has_text)
			continue;
		line->kind = verbs[i].kind;
		return read_value(reader, line);
	}
	return fail(reader, "nobody does this here",
		    "visitor> or visitor presses, rates, leaves email, surveys, has, at, visits>, closes; "
		    "agent NAME> or notes, passes to>, claims, returns, closes, leaves");
}

/* ---- What is expected ---- */

/* "INTENT sure", "INTENT unsure", "none" or nothing. */
static bool read_bot(struct reader *reader, struct str words, struct script_line *line)
{
	struct str rest = words, intent = take_word(&rest), band = take_word(&rest);
	line->kind = SCRIPT_BOT;
	line->name = intent;
	if (!intent.len)
		line->band = BAND_ANY;
	else if (!band.len && str_is(intent, "none"))
		line->band = BAND_NONE;
	else if (str_is(band, "sure") && !rest.len)
		line->band = BAND_SURE;
	else if (str_is(band, "unsure") && !rest.len)
		line->band = BAND_UNSURE;
	else
		return fail(reader, "the bot's line is not understood",
			    "bot INTENT sure>, bot INTENT unsure>, bot none> or bot>");
	return true;
}

static bool read_state(struct reader *reader, struct str rest, struct script_line *line)
{
	static const struct {
		const char *text;
		enum script_kind kind;
		enum owner owner;
	} known[] = {
		{ "owner bot", SCRIPT_OWNER, OWNER_BOT },
		{ "waiting for agent", SCRIPT_OWNER, OWNER_QUEUE },
		{ "nobody", SCRIPT_OWNER, OWNER_NOBODY },
		{ "closed", SCRIPT_CLOSED, OWNER_NOBODY },
		{ "no handover", SCRIPT_NO_HANDOVER, OWNER_NOBODY },
	};
	struct str text = str_trim(rest);
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_is(text, known[i].text)) {
			line->kind = known[i].kind;
			line->owner = known[i].owner;
			return true;
		}
	struct str word = take_word(&text);
	if (str_is(word, "agent") && text.len && text.len <= NAME_BYTES_MAX) {
		line->kind = SCRIPT_OWNER;
		line->owner = OWNER_AGENT;
		line->name = text;
		return true;
	}
	line->kind = SCRIPT_HANDOVER;
	for (int reason = REASON_ASKED; str_is(word, "handover") && reason <= REASON_SEGMENT; reason++)
		if (str_is(text, reason_name((enum reason)reason))) {
			line->reason = (enum reason)reason;
			return true;
		}
	return fail(reader, "this state is not known",
		    "= owner bot, = waiting for agent, = agent NAME, = nobody, = closed, = handover REASON or = no "
		    "handover");
}

/* ---- The file ---- */

static bool read_line(struct reader *reader, struct str source, struct script_line *line)
{
	struct str text = str_trim(source);
	*line = (struct script_line){ .number = reader->number, .source = text };
	if (text.ptr[0] == '@')
		return read_clock(reader, str_part(text, 1, text.len), line);
	if (text.ptr[0] == '=')
		return read_state(reader, str_part(text, 1, text.len), line);
	size_t arrow = str_find(text, '>');
	bool has_text = arrow < text.len;
	struct str words = str_trim(str_part(text, 0, arrow));
	struct str who = take_word(&words);
	line->text = str_trim(str_part(text, arrow + 1, text.len));
	if (str_is(who, "visitor"))
		return read_verb(reader, visitor_verbs, COUNT(visitor_verbs), words, has_text, line);
	if (str_is(who, "agent")) {
		line->name = take_word(&words);
		if (!line->name.len || line->name.len > NAME_BYTES_MAX)
			return fail(reader, "no name of an agent", "agent anna> TEXT");
		return read_verb(reader, agent_verbs, COUNT(agent_verbs), words, has_text, line);
	}
	if (str_is(who, "bot") && !has_text && str_is(words, "fails")) {
		line->kind = SCRIPT_BOT_FAILS;
		return true;
	}
	if (str_is(who, "bot") && has_text)
		return read_bot(reader, words, line);
	line->kind = SCRIPT_SYSTEM;
	if (str_is(who, "system") && has_text && !words.len)
		return true;
	return fail(reader, "nobody speaks in this line", "lines begin with visitor, bot, agent, system, =, @ or #");
}

const struct script *script_read_in(struct arena *arena, const char *file, struct str text,
				    struct diagnostics *problems)
{
	struct reader reader = { .arena = arena, .file = file, .problems = problems, .number = 1 };
	struct script *script = arena_zalloc(arena, 1, sizeof *script);
	size_t lines = 1;
	script->file = file;
	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	if (text.len > SCRIPT_BYTES_MAX || lines > SCRIPT_LINES_MAX) {
		fail(&reader, arena_printf(arena, "more than %d lines or %d bytes", SCRIPT_LINES_MAX, SCRIPT_BYTES_MAX),
		     "");
		return NULL;
	}
	script->lines = arena_zalloc(arena, lines, sizeof *script->lines);
	if (str_starts(text, "\xef\xbb\xbf"))
		text = str_part(text, 3, text.len);
	for (; str_line(&text, &reader.source); reader.number++) {
		struct str trimmed = str_trim(reader.source);
		if (!trimmed.len || trimmed.ptr[0] == '#')
			continue;
		if (read_line(&reader, reader.source, &script->lines[script->count]))
			script->count++;
	}
	return reader.failed ? NULL : script;
}
