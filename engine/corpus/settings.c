/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/settings.h"

#include "base/count.h"
#include "corpus/internal.h"
#include "text/language.h"

#include <ini.h>
#include <string.h>
#include <threads.h>

enum { LINE_BYTES_MAX = 8000 }; /* of shop.ini: a greeting of 1,000 characters fits in any script */
static const int64_t MINUTE = 60 * 1000;

void settings_defaults(struct settings *settings)
{
	*settings = (struct settings){
		.name = "",
		.language = "en",
		.time_zone = "UTC",
		.url = "",
		.email = "",
		.wrong_share = 0.05,
		.answer_within_ms = 2 * MINUTE,
		.misses = 2,
		.claim_timeout_ms = 2 * MINUTE,
		.give_up_ms = 10 * MINUTE,
		.agent_grace_ms = MINUTE,
		.reopen_ms = 30 * MINUTE,
		.visitor_away_ms = 30 * MINUTE,
		.agent_capacity = 4,
		.survey = SURVEY_CSAT,
		.color = "#1f5f4a",
		.position = "right",
		.bot_name = "",
		.messages_per_minute = 30,
		.connections_per_address = 200,
		.message_length = 4000,
		.unsaved_megabytes = 256,
		.retention_days = 180,
		.tests_must_pass = true,
	};
}

/* ---- Sections ---- */

static const char *const SECTIONS[] = { "shop", "promise", "hours",   "holidays", "handover", "survey",
					"site", "limits",  "privacy", "segment",  "nudge",    "files" };
enum { SECTION_COUNT = COUNT(SECTIONS) };

/* inih hands out keys and values; which line it is at, and the sections, are kept here, because it tells no lines and
 * cuts long names. */
struct ini_file {
	struct settings_reader reader;
	struct settings_lists lists;
	const char *section;     /* of SECTIONS; NULL before the first and in an unknown one */
	bool is_unknown_section; /* its keys are not reported one by one */
	struct str section_name; /* "vip" of [segment vip] */
};

static void read_header(struct ini_file *file, struct str line)
{
	struct settings_reader *reader = &file->reader;
	size_t end = str_find(line, ']');
	struct str inside = str_trim(str_part(line, 1, end - 1));
	size_t word_end = str_find(inside, ' ');
	struct str word = str_part(inside, 0, word_end), name = str_trim(str_part(inside, word_end, inside.len));
	struct spot spot = spot_of(reader->source, reader->line, inside.len ? inside : line);
	file->section = NULL;
	file->is_unknown_section = true;
	if (end == line.len) {
		report(reader->problems, SEVERITY_ERROR, spot, "a section is written as [shop]", "a ] is missing");
		return;
	}
	for (size_t i = 0; i < SECTION_COUNT; i++)
		if (str_equal_nocase(word, str_of(SECTIONS[i])))
			file->section = SECTIONS[i];
	bool may_have_name = file->section && (!strcmp(file->section, "segment") || !strcmp(file->section, "nudge"));
	if (!file->section || (name.len && !may_have_name)) {
		report(reader->problems, SEVERITY_ERROR, spot,
		       file->section ? "only segments and nudges have names"
				     : hint_nearest_in(
					       reader->arena, word, SECTIONS, SECTION_COUNT,
					       "sections are: shop, promise, hours, holidays, handover, site, limits, "
					       "privacy, segment NAME, nudge NAME, files"),
		       "unknown section [%.*s]", STR_ARG(str_part(inside, 0, 100)));
		file->section = NULL;
	}
	file->is_unknown_section = !file->section;
	file->section_name = name;
	lists_open(&file->lists, str_of(file->section), name, spot);
}

static void read_entry(struct ini_file *file, const struct entry *entry)
{
	if (str_is(entry->section, "holidays"))
		lists_add_holiday(&file->lists, entry);
	else if (str_is(entry->section, "segment"))
		lists_add_segment_key(&file->lists, entry);
	else if (str_is(entry->section, "nudge"))
		lists_add_nudge_key(&file->lists, entry);
	else if (!fields_read(&file->reader, entry))
		report(file->reader.problems, SEVERITY_ERROR, entry->key_spot, fields_hint(&file->reader, entry),
		       "unknown key %s in [%.*s]", quoted_in(file->reader.arena, entry->key), STR_ARG(entry->section));
}

/* ---- Lines ---- */

static int take_pair(void *context, const char *section, const char *key, const char *value)
{
	struct ini_file *file = context;
	struct settings_reader *reader = &file->reader;
	(void)section; /* cut at 50 bytes: read_header has the whole */
	struct str line = source_line(reader->source, reader->line);
	size_t separator = 0;
	while (separator < line.len && line.ptr[separator] != '=' && line.ptr[separator] != ':')
		separator++;
	struct entry entry = { .section = str_of(file->section),
			       .name = file->section_name,
			       .key = str_trim(str_part(line, 0, separator)),
			       .value = str_trim(str_part(line, separator + 1, line.len)) };
	entry.key_spot = spot_of(reader->source, reader->line, entry.key);
	entry.value_spot = spot_of(reader->source, reader->line, entry.value);
	/* Both cut at the first = or :, so this never happens; were it otherwise, the owner must hear of it. */
	if (!str_is(entry.key, key) || !str_is(entry.value, value ? value : "")) {
		report(reader->problems, SEVERITY_ERROR, entry.key_spot, NULL, "this line cannot be read");
		return 0;
	}
	if (file->section)
		read_entry(file, &entry);
	else if (!file->is_unknown_section)
		report(reader->problems, SEVERITY_ERROR, entry.key_spot, "begin with a section such as [shop]",
		       "this stands before the first section");
	return 1;
}

/* Whether inih may see the line; else it was dealt with here. */
static bool is_for_inih(struct ini_file *file, struct str line)
{
	struct settings_reader *reader = &file->reader;
	struct str trimmed = str_trim(line);
	struct spot spot = spot_of(reader->source, reader->line, str_part(trimmed, 0, 40));
	if (!trimmed.len || trimmed.ptr[0] == ';' || trimmed.ptr[0] == '#')
		return false;
	if (line.len > LINE_BYTES_MAX) {
		report(reader->problems, SEVERITY_ERROR, spot, NULL, "a line of more than %d bytes", LINE_BYTES_MAX);
		return false;
	}
	if (trimmed.ptr[0] == '[') {
		read_header(file, trimmed);
		return false;
	}
	size_t key_end = 0;
	while (key_end < trimmed.len && trimmed.ptr[key_end] != '=' && trimmed.ptr[key_end] != ':')
		key_end++;
	if (key_end && key_end < trimmed.len)
		return true;
	if (!file->is_unknown_section)
		report(reader->problems, SEVERITY_ERROR, spot, "write: key = value, or ; before a note",
		       "this is no setting");
	return false;
}

/* Gives inih one line per call, as fgets() would; a line that it must not see is empty. */
static char *next_line(char *out, int room, void *context)
{
	struct ini_file *file = context;
	struct settings_reader *reader = &file->reader;
	if (reader->line >= reader->source->line_count)
		return NULL;
	struct str line = source_line(reader->source, ++reader->line);
	size_t len = is_for_inih(file, line) && line.len + 2 <= (size_t)room ? line.len : 0;
	memcpy(out, line.ptr, len);
	memcpy(out + len, "\n", 2);
	return out;
}

/* inih's switches are variables of the library; they are set once, to values that never change after. */
static void set_switches(void)
{
	ini_use_stack = false;
	ini_allow_realloc = false;
	ini_max_line = ini_initial_alloc = LINE_BYTES_MAX + 2;
	ini_allow_multiline = false;       /* an indented line is a line */
	ini_allow_inline_comments = false; /* a greeting may hold a semicolon */
	ini_stop_on_first_error = false;
}

/* ---- The file ---- */

/* The text without a language stands first, under the shop's language, even if it is empty. */
static void settle(struct localized *texts, const char *language)
{
	size_t plain = 0;
	while (plain < texts->count && *texts->items[plain].language)
		plain++;
	if (!texts->count || (plain == texts->count && plain == LANGUAGES_MAX))
		return;
	const char *text = plain < texts->count ? texts->items[plain].text : "";
	size_t behind = plain < texts->count ? plain : texts->count++;
	memmove(&texts->items[1], &texts->items[0], behind * sizeof *texts->items);
	texts->items[0].language = language;
	texts->items[0].text = text;
}

void settings_read_source_in(struct arena *arena, const struct source *source, struct settings *settings,
			     struct spot **out_suggestions, struct diagnostics *problems)
{
	static once_flag once = ONCE_FLAG_INIT;
	call_once(&once, set_switches);
	struct ini_file file = {
		.reader = { .arena = arena, .source = source, .problems = problems, .settings = settings },
		.lists = { .arena = arena, .problems = problems },
	};
	ini_parse_stream(next_line, &file, take_pair, &file);
	settle(&settings->greeting, settings->language);
	settle(&settings->consent, settings->language);
	lists_finish(&file.lists, settings);
	*out_suggestions = file.reader.suggestion_spots;
	if (settings->give_up_ms < settings->claim_timeout_ms)
		report(problems, SEVERITY_WARNING, (struct spot){ source, 0, 0, 0 },
		       "\"give up after\" is usually the longer of the two",
		       "visitors are asked for their address before everybody is called");
}

void settings_read_in(struct arena *arena, const char *file, struct str text, struct settings *settings,
		      struct diagnostics *problems)
{
	struct source source;
	struct spot *suggestions;
	source_init_in(arena, file, text, problems, &source);
	settings_read_source_in(arena, &source, settings, &suggestions, problems);
}

const char *localized_text(const struct localized *texts, const char *language)
{
	for (size_t i = 0; i < texts->count; i++)
		if (!strcmp(texts->items[i].language, language))
			return texts->items[i].text;
	return texts->count ? texts->items[0].text : "";
}
