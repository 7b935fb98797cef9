/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a cue file, statement by statement; the grammar stands in cues.h. */
#include "base/count.h"
#include "base/vec.h"
#include "sentiment/internal.h"

#include <string.h>

/* What the indented lines below a statement are. */
enum section { SECTION_NONE, SECTION_WORDS, SECTION_PATTERNS };

struct statement;

struct reader {
	struct cue_builder *builder;
	struct cue_spot spot;
	const char *line; /* where the line at hand starts */
	enum section section;
	const struct statement *words_go_to;
	double number; /* of `value` and `boost` */
	size_t set;    /* of `set` */
	struct error *err;
};

static int fail(struct reader *reader, struct str at, const char *what)
{
	reader->spot.column = (size_t)(at.ptr - reader->line) + 1;
	return cue_error(&reader->spot, reader->err, "%s: '%.*s'", what, (int)(at.len < 60 ? at.len : 60), at.ptr);
}

/* Words of a list or a choice: "word", "two_words", "begin*". */
static int read_word(struct reader *reader, struct str text, struct letters *out)
{
	struct cue_builder *builder = reader->builder;
	bool is_prefix = text.len > 1 && str_ends(text, "*"), has_punctuation = false;
	char *spaced = arena_strdup(&builder->scratch, str_part(text, 0, text.len - is_prefix));
	/* Between letters; "-_-" is a face. */
	for (char *c = spaced; *c; c++)
		if (*c == '_' && c > spaced && c[-1] != '-')
			*c = ' ';
	*out = cue_letters(builder, str_of(arena_strdup(builder->arena, str_of(spaced))), &has_punctuation);
	if (has_punctuation || !out->count)
		return fail(reader, text, "not a word");
	if (!is_prefix)
		return 0;
	if (out->items[out->count - 1] < LETTER_COUNT)
		return fail(reader, text, "a beginning must be a word");
	struct str stem = builder->vocabulary.words[out->items[out->count - 1]].text;
	out->items[out->count - 1] = vocabulary_add_prefix(&builder->vocabulary, stem);
	return 0;
}

static struct cue_set *find_set(struct cue_builder *builder, struct str name)
{
	for (size_t i = 0; i < builder->sets.count; i++)
		if (str_equal(builder->sets.items[i].name, name))
			return &builder->sets.items[i];
	return NULL;
}

/* Adds what `text` names, a set or a word, to the choices. */
static int read_choice(struct reader *reader, struct str text, struct letters_list *choices)
{
	if (str_starts(text, "@")) {
		const struct cue_set *set = find_set(reader->builder, str_part(text, 1, text.len));
		if (!set)
			return fail(reader, text, "no set of this name stands above");
		for (size_t i = 0; i < set->words.count; i++)
			vec_push(choices, set->words.items[i]);
		return 0;
	}
	struct letters letters;
	if (read_word(reader, text, &letters))
		return -1;
	vec_push(choices, letters);
	return 0;
}

static bool next_word(struct str *rest, struct str *out)
{
	*rest = str_trim(*rest);
	size_t len = 0;
	while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
		len++;
	*out = str_part(*rest, 0, len);
	*rest = str_part(*rest, len, rest->len);
	return len > 0;
}

/* Signs that stand for letters no word is made of. */
static const struct {
	const char *sign;
	uint32_t first, last;
} SIGNS[] = {
	{ "^", LETTER_EDGE, LETTER_EXCLAIMS },    { "?", LETTER_QUESTION, LETTER_MIXED },
	{ "??", LETTER_QUESTIONS, LETTER_MIXED }, { "?!", LETTER_MIXED, LETTER_MIXED },
	{ "!", LETTER_EXCLAIM, LETTER_EXCLAIMS }, { "!!", LETTER_EXCLAIMS, LETTER_EXCLAIMS },
	{ "#", LETTER_NUMBER, LETTER_NUMBER },    { "##", LETTER_HASHTAG, LETTER_HASHTAG },
};

static bool read_sign(struct reader *reader, struct str text, struct letters_list *choices)
{
	for (size_t i = 0; i < COUNT(SIGNS); i++) {
		if (!str_is(text, SIGNS[i].sign))
			continue;
		for (uint32_t letter = SIGNS[i].first; letter <= SIGNS[i].last; letter++) {
			uint32_t *item = arena_alloc(reader->builder->arena, sizeof *item);
			*item = letter;
			vec_push(choices, (struct letters){ item, 1 });
		}
		return true;
	}
	return false;
}

static int read_element(struct reader *reader, struct str text, struct cue_element *out)
{
	unsigned long long gap;
	*out = (struct cue_element){ 0 };
	if (str_starts(text, "~")) {
		if (!str_number(str_part(text, 1, text.len), CUE_GAP_MAX, &gap) || !gap)
			return fail(reader, text, "a gap is ~1 to ~9");
		out->gap = (size_t)gap;
		return 0;
	}
	if (str_starts(text, "[")) {
		if (!str_ends(text, "]"))
			return fail(reader, text, "the ] is missing");
		out->is_optional = true;
		text = str_part(text, 1, text.len - 2);
	}
	struct str choices = text, choice;
	while (str_split(&choices, '|', &choice)) {
		if (str_is(choice, "*"))
			out->is_any = true;
		else if (!read_sign(reader, choice, &out->choices) && read_choice(reader, choice, &out->choices))
			return -1;
	}
	return 0;
}

static int read_pattern(struct reader *reader, struct str line)
{
	struct cue_builder *builder = reader->builder;
	struct cue_elements elements = { 0 };
	struct str word, rest = line;
	int result = 0;
	while (!result && next_word(&rest, &word)) {
		struct cue_element element;
		result = read_element(reader, word, &element);
		vec_push(&elements, element);
	}
	if (!result) {
		reader->spot.column = (size_t)(str_trim(line).ptr - reader->line) + 1;
		result = patterns_add(builder->arena, &builder->patterns, &elements,
				      (uint16_t)(builder->blocks.count - 1), &reader->spot, reader->err);
	}
	for (size_t i = 0; i < elements.count; i++)
		vec_clear(&elements.items[i].choices);
	vec_clear(&elements);
	return result;
}

struct statement {
	const char *word;
	/* Reads what stands on the statement's own line, up to the ':' where there is one. */
	int (*read)(struct reader *reader, struct str rest);
	enum section section;
	/* What a word of the list becomes. */
	void (*take)(struct reader *reader, struct letters letters);
	uint16_t mark;
};

static struct vocabulary_word *last_word(struct reader *reader, struct letters letters)
{
	return &reader->builder->vocabulary.words[letters.items[letters.count - 1]];
}

static void take_value(struct reader *reader, struct letters letters)
{
	last_word(reader, letters)->valence = (float)reader->number;
}

static void take_boost(struct reader *reader, struct letters letters)
{
	last_word(reader, letters)->boost = (float)reader->number;
}

static void take_mark(struct reader *reader, struct letters letters)
{
	last_word(reader, letters)->marks |= reader->words_go_to->mark;
}

static void take_plain(struct reader *reader, struct letters letters)
{
	last_word(reader, letters)->valence = 0;
}

static bool letters_are_in(const struct letters_list *list, struct letters letters)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].count == letters.count &&
		    !memcmp(list->items[i].items, letters.items, letters.count * sizeof *letters.items))
			return true;
	return false;
}

/* Each once: a set that names another many times, or itself, grows no further. */
static void take_member(struct reader *reader, struct letters letters)
{
	struct letters_list *words = &reader->builder->sets.items[reader->set].words;
	if (!letters_are_in(words, letters))
		vec_push(words, letters);
}

static void take_swear(struct reader *reader, struct letters letters)
{
	take_mark(reader, letters);
	take_member(reader, letters);
}

static int read_nothing(struct reader *reader, struct str rest)
{
	rest = str_trim(rest);
	return rest.len ? fail(reader, rest, "not understood") : 0;
}

static int read_amount(struct reader *reader, struct str rest)
{
	rest = str_trim(rest);
	return cue_number(rest, &reader->number) ? 0 : fail(reader, rest, "a number such as -2.5 belongs here");
}

static int read_set(struct reader *reader, struct str rest)
{
	struct cue_builder *builder = reader->builder;
	rest = str_trim(rest);
	struct str name = rest.len ? rest : STR_LIT("swear");
	struct cue_set *set = find_set(builder, name);
	if (set && rest.len)
		return fail(reader, rest, "a set of this name stands above already");
	reader->set = set ? (size_t)(set - builder->sets.items) : builder->sets.count;
	if (!set)
		vec_push(&builder->sets, (struct cue_set){ .name = { arena_strdup(builder->arena, name), name.len } });
	return 0;
}

static int read_reading(struct reader *reader, struct str rest)
{
	struct cue_builder *builder = reader->builder;
	struct str word, as;
	struct letters written, read = { 0 };
	bool has_punctuation = false;
	if (!next_word(&rest, &word) || !next_word(&rest, &as) || !str_is(as, "as"))
		return fail(reader, rest, "write: read WORD as WORDS");
	if (read_word(reader, word, &written))
		return -1;
	if (written.count != 1 || written.items[0] < LETTER_COUNT)
		return fail(reader, word, "one word is read as others, and only once");
	read = cue_letters(builder, str_trim(rest), &has_punctuation);
	if (!read.count || read.count > 8 || has_punctuation)
		return fail(reader, str_trim(rest), "one to eight words belong here");
	struct vocabulary_word *entry = &builder->vocabulary.words[written.items[0]];
	entry->reading = read.items;
	entry->reading_count = (uint16_t)read.count;
	return 0;
}

static const struct {
	const char *word;
	unsigned flag;
} FLAGS[] = {
	{ "negatable", CUE_NEGATABLE }, { "matter", CUE_MATTER }, { "warm", CUE_WARM },   { "ironic", CUE_IRONIC },
	{ "asking", CUE_ASKING },       { "strong", CUE_STRONG }, { "offer", CUE_OFFER },
};

static int read_flag(struct reader *reader, struct str *rest, struct str word, struct cue_block *block)
{
	struct str amount;
	for (size_t i = 0; i < COUNT(FLAGS); i++)
		if (str_is(word, FLAGS[i].word)) {
			block->flags |= FLAGS[i].flag;
			return 0;
		}
	if (!str_is(word, "polarity"))
		return fail(reader, word, "not understood behind the weight");
	if (!next_word(rest, &amount) || !cue_number(amount, &block->polarity))
		return fail(reader, word, "a number belongs behind this");
	return 0;
}

/* NAME may be of two words: all up to the first number. */
static int read_family(struct reader *reader, struct str rest)
{
	struct cue_block block = { 0 };
	struct str name = str_trim(rest), word;
	size_t name_len = 0;
	bool has_weight = false;
	rest = name;
	while (!has_weight && next_word(&rest, &word)) {
		has_weight = cue_number(word, &block.weight);
		if (!has_weight)
			name_len = (size_t)(word.ptr + word.len - name.ptr);
	}
	name.len = name_len;
	block.family = cue_family_name(name);
	if (!block.family)
		return fail(reader, name, "there is no family of this name");
	if (!has_weight)
		return fail(reader, name, "the weight is missing behind");
	while (next_word(&rest, &word))
		if (read_flag(reader, &rest, word, &block))
			return -1;
	vec_push(&reader->builder->blocks, block);
	return 0;
}

static int read_ignore(struct reader *reader, struct str rest)
{
	vec_push(&reader->builder->blocks, (struct cue_block){ .flags = CUE_IGNORE });
	return read_nothing(reader, rest);
}

static const struct statement STATEMENTS[] = {
	{ "set", read_set, SECTION_WORDS, take_member, 0 },
	{ "swear", read_set, SECTION_WORDS, take_swear, WORD_SWEARS },
	{ "value", read_amount, SECTION_WORDS, take_value, 0 },
	{ "boost", read_amount, SECTION_WORDS, take_boost, 0 },
	{ "negate", read_nothing, SECTION_WORDS, take_mark, WORD_NEGATES },
	{ "contrast", read_nothing, SECTION_WORDS, take_mark, WORD_CONTRASTS },
	{ "topic", read_nothing, SECTION_WORDS, take_mark, WORD_TOPIC },
	{ "plain", read_nothing, SECTION_WORDS, take_plain, 0 },
	{ "read", read_reading, SECTION_NONE, NULL, 0 },
	{ "family", read_family, SECTION_PATTERNS, NULL, 0 },
	{ "ignore", read_ignore, SECTION_PATTERNS, NULL, 0 },
};

static int read_list(struct reader *reader, struct str rest)
{
	struct str word;
	while (next_word(&rest, &word)) {
		struct letters_list words = { 0 };
		/* A sign may be a member of a set; it has no value or mark of its own. */
		bool is_sign = reader->words_go_to->take == take_member && read_sign(reader, word, &words);
		int result = is_sign ? 0 : read_choice(reader, word, &words);
		for (size_t i = 0; i < words.count; i++)
			reader->words_go_to->take(reader, words.items[i]);
		vec_clear(&words);
		if (result)
			return -1;
	}
	return 0;
}

static int read_statement(struct reader *reader, struct str line)
{
	struct str whole = line, word;
	size_t len = 0;
	while (len < line.len && line.ptr[len] != ' ' && line.ptr[len] != ':')
		len++;
	word = str_part(whole, 0, len);
	struct str rest = str_part(whole, len, whole.len);
	for (size_t i = 0; i < COUNT(STATEMENTS); i++) {
		const struct statement *statement = &STATEMENTS[i];
		if (!str_is(word, statement->word))
			continue;
		reader->section = statement->section;
		if (statement->section != SECTION_WORDS)
			return statement->read(reader, rest);
		struct str head;
		reader->words_go_to = statement;
		if (str_find(rest, ':') == rest.len)
			return fail(reader, word, "the ':' is missing behind");
		str_split(&rest, ':', &head);
		return statement->read(reader, head) ? -1 : read_list(reader, rest);
	}
	return fail(reader, word, "no such statement");
}

int cue_builder_read(struct cue_builder *builder, const char *name, struct str text, struct error *err)
{
	struct reader reader = { .builder = builder, .spot = { name, 0, 1 }, .err = err };
	struct str line;
	while (str_line(&text, &line)) {
		int result = 0;
		reader.spot.line++;
		reader.line = line.ptr;
		if (!str_trim(line).len || line.ptr[0] == '#')
			continue;
		if (line.ptr[0] != ' ' && line.ptr[0] != '\t')
			result = read_statement(&reader, line);
		else if (reader.section == SECTION_NONE)
			result = fail(&reader, str_trim(line), "an indented line needs a statement above it");
		else if (reader.section == SECTION_WORDS)
			result = read_list(&reader, line);
		else
			result = read_pattern(&reader, line);
		if (result)
			return -1;
	}
	return 0;
}
