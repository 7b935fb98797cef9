/* SPDX-License-Identifier: Apache-2.0 */
/* Option lines: `key: value` in a paragraph of their own. */
#include "corpus/topic.h"

#include "base/count.h"
#include "base/vec.h"
#include "text/utf8.h"

#include <string.h>

enum { NEXT_MAX = 8, TESTS_MAX = 500, KEYWORDS_MAX = 100, PRIORITY_MAX = 1000 };

struct option_line {
	struct str key, value;
	struct spot key_spot, value_spot; /* the value's is the key's when there is no value */
};

struct option_reader {
	struct arena *arena;
	const struct source *source;
	struct draft *draft;
	struct diagnostics *problems;
	uint32_t line;
};

static void complain(struct option_reader *reader, struct spot spot, const char *hint, const char *what)
{
	report(reader->problems, SEVERITY_ERROR, spot, hint, "%s", what);
}

static void read_next(struct option_reader *reader, const struct option_line *line)
{
	struct str rest = line->value, part;
	while (str_split(&rest, '|', &part)) {
		part = str_trim(part);
		if (!part.len) {
			complain(reader, line->value_spot, "put one | between two names", "a name is missing here");
			return;
		}
		if (reader->draft->next.count == NEXT_MAX) {
			complain(reader, spot_of(reader->source, reader->line, part), "at most eight",
				 "too many buttons");
			return;
		}
		struct reference reference = { { arena_strdup(reader->arena, part), part.len },
					       spot_of(reader->source, reader->line, part) };
		vec_push(&reader->draft->next, reference);
	}
}

static void read_human(struct option_reader *reader, const struct option_line *line)
{
	static const char *const RULES[] = { "always", "when upset", "never" };
	static const enum human_rule MEANINGS[] = { HUMAN_ALWAYS, HUMAN_WHEN_UPSET, HUMAN_NEVER };
	for (size_t i = 0; i < 3; i++)
		if (str_equal_nocase(line->value, str_of(RULES[i]))) {
			reader->draft->human = MEANINGS[i];
			reader->draft->human_spot = line->value_spot;
			return;
		}
	report(reader->problems, SEVERITY_ERROR, line->value_spot,
	       hint_nearest_in(reader->arena, line->value, RULES, 3, "write always, when upset or never"),
	       "unknown value %s", quoted_in(reader->arena, line->value));
}

/* "text", "text -> other-id", "text -> none"; the last arrow counts. */
static void read_test(struct option_reader *reader, const struct option_line *line)
{
	struct str text = line->value, target = { "", 0 };
	for (size_t i = 0; i + 1 < line->value.len; i++)
		if (line->value.ptr[i] == '-' && line->value.ptr[i + 1] == '>') {
			text = str_trim(str_part(line->value, 0, i));
			target = str_trim(str_part(line->value, i + 2, line->value.len));
			if (!target.len)
				complain(reader, line->value_spot, "write an id behind the arrow, or none",
					 "the arrow leads nowhere");
		}
	if (!text.len) {
		complain(reader, line->value_spot, "write what a visitor might ask", "this test is empty");
		return;
	}
	if (utf8_count(text) > CORPUS_EXAMPLE_CHARACTERS_MAX) {
		report(reader->problems, SEVERITY_ERROR, line->value_spot, NULL, "a test of more than %d characters",
		       CORPUS_EXAMPLE_CHARACTERS_MAX);
		return;
	}
	if (reader->draft->tests.count == TESTS_MAX) {
		report(reader->problems, SEVERITY_ERROR, line->key_spot, NULL, "more than %d tests of one question",
		       TESTS_MAX);
		return;
	}
	struct draft_test test = {
		.utterance = { arena_strdup(reader->arena, text), text.len },
		.spot = spot_of(reader->source, reader->line, text),
		.expects = { { arena_strdup(reader->arena, target), target.len },
			     spot_of(reader->source, reader->line, target) },
	};
	vec_push(&reader->draft->tests, test);
}

static void read_yes(struct option_reader *reader, const struct option_line *line, bool *out_yes)
{
	if (!value_yes(line->value, out_yes))
		report(reader->problems, SEVERITY_ERROR, line->value_spot, "write yes or no",
		       "%s is neither yes nor no", quoted_in(reader->arena, line->value));
}

static void read_sensitive(struct option_reader *reader, const struct option_line *line)
{
	read_yes(reader, line, &reader->draft->is_sensitive);
}

static void read_live(struct option_reader *reader, const struct option_line *line)
{
	read_yes(reader, line, &reader->draft->is_live);
}

static void read_priority(struct option_reader *reader, const struct option_line *line)
{
	bool is_negative = str_starts(line->value, "-");
	unsigned long long number;
	if (!str_number(str_part(line->value, is_negative, line->value.len), PRIORITY_MAX, &number))
		report(reader->problems, SEVERITY_ERROR, line->value_spot,
		       "write a whole number from -1000 to 1000, 0 is usual", "%s is no priority",
		       quoted_in(reader->arena, line->value));
	else
		reader->draft->priority = is_negative ? -(int)number : (int)number;
}

static void read_keywords(struct option_reader *reader, const struct option_line *line)
{
	struct str rest = line->value, part;
	while (str_split(&rest, ',', &part)) {
		part = str_trim(part);
		if (!part.len)
			continue;
		if (reader->draft->keywords.count == KEYWORDS_MAX) {
			complain(reader, line->key_spot, NULL, "more than 100 keywords");
			return;
		}
		vec_push(&reader->draft->keywords, arena_strdup(reader->arena, part));
	}
}

static const struct {
	const char *name;
	void (*read)(struct option_reader *, const struct option_line *);
	bool is_once;
} OPTIONS[] = {
	{ "next", read_next, false },          { "human", read_human, true }, { "test", read_test, false },
	{ "sensitive", read_sensitive, true }, { "live", read_live, true },   { "priority", read_priority, true },
	{ "keywords", read_keywords, false },
};
enum { OPTION_COUNT = COUNT(OPTIONS) };

static size_t option_named(struct str key)
{
	size_t i = 0;
	while (i < OPTION_COUNT && !str_is(key, OPTIONS[i].name))
		i++;
	return i;
}

/* Cuts `key: value`. A key is small letters; a colon with no blank behind it makes one only of a known key, since
 * "https://..." is an address. */
static bool cut_option(struct str line, struct str *out_key, struct str *out_value)
{
	line = str_trim(line);
	size_t len = 0;
	while (len < line.len && line.ptr[len] >= 'a' && line.ptr[len] <= 'z')
		len++;
	if (!len || len == line.len || line.ptr[len] != ':')
		return false;
	struct str key = str_part(line, 0, len), value = str_part(line, len + 1, line.len);
	bool is_apart = !value.len || value.ptr[0] == ' ' || value.ptr[0] == '\t';
	if (!is_apart && option_named(key) == OPTION_COUNT)
		return false;
	value = str_trim(value);
	if (str_ends(value, "\\")) /* a hard line break of Markdown */
		value = str_trim(str_part(value, 0, value.len - 1));
	*out_key = key;
	*out_value = value;
	return true;
}

/* "Next: ..." with a capital letter and "next : ..." are sentences, but were hardly meant as such. */
static bool is_capital_option(struct str line)
{
	line = str_trim(line);
	struct str key = str_part(line, 0, str_find(line, ':')), word = str_trim(key);
	for (size_t i = 0; i < OPTION_COUNT && key.len < line.len; i++)
		if (str_equal_nocase(word, str_of(OPTIONS[i].name)) && !str_equal(key, str_of(OPTIONS[i].name)))
			return true;
	return false;
}

bool options_is_one(struct str line)
{
	struct str key, value;
	return cut_option(line, &key, &value) && option_named(key) < OPTION_COUNT;
}

enum option_paragraph options_look(const struct source *source, uint32_t first, uint32_t last, uint32_t *out_line)
{
	uint32_t known = 0, options = 0, capitals = 0, count = last - first + 1;
	for (uint32_t line = first; line <= last; line++) {
		struct str key, value;
		capitals += is_capital_option(source_line(source, line));
		if (!cut_option(source_line(source, line), &key, &value))
			continue;
		options++;
		if (!known && option_named(key) < OPTION_COUNT)
			known = line;
	}
	*out_line = known;
	if (options == count)
		return OPTIONS_ALL;
	if (capitals && options + capitals == count)
		return OPTIONS_CAPITAL;
	return known ? OPTIONS_MIXED : OPTIONS_NONE;
}

static void read_line(struct option_reader *reader, const struct option_line *line)
{
	size_t option = option_named(line->key);
	if (option == OPTION_COUNT) {
		const char *names[OPTION_COUNT];
		for (size_t i = 0; i < OPTION_COUNT; i++)
			names[i] = OPTIONS[i].name;
		report(reader->problems, SEVERITY_ERROR, line->key_spot,
		       hint_nearest_in(reader->arena, line->key, names, OPTION_COUNT,
				       "keys are: next, human, test, sensitive, live, priority, keywords; "
				       "a sentence begins with a capital letter"),
		       "unknown key %s", quoted_in(reader->arena, line->key));
		return;
	}
	if (OPTIONS[option].is_once && (reader->draft->options_seen >> option & 1))
		report(reader->problems, SEVERITY_ERROR, line->key_spot, "keep one of the two",
		       "\"%s\" is given twice for this question", OPTIONS[option].name);
	else if (!line->value.len)
		report(reader->problems, SEVERITY_ERROR, line->key_spot,
		       "write a value behind the colon, or leave the line out", "\"%s\" has no value",
		       OPTIONS[option].name);
	else
		OPTIONS[option].read(reader, line);
	reader->draft->options_seen |= 1u << option;
}

void options_read(struct arena *arena, const struct source *source, uint32_t first, uint32_t last, struct draft *draft,
		  struct diagnostics *problems)
{
	struct option_reader reader = { arena, source, draft, problems, first };
	for (; reader.line <= last; reader.line++) {
		struct option_line line;
		if (!cut_option(source_line(source, reader.line), &line.key, &line.value))
			continue;
		line.key_spot = spot_of(source, reader.line, line.key);
		line.value_spot = line.value.len ? spot_of(source, reader.line, line.value) : line.key_spot;
		read_line(&reader, &line);
	}
}
