/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/words.h"

#include "base/count.h"
#include "base/map.h"
#include "base/vec.h"
#include "corpus/markdown.h"
#include "text/fold.h"
#include "text/language.h"

#include <string.h>

enum { PHRASE_WORDS_MAX = 12, PHRASES_MAX = 20000, GROUP_MAX = 200 };

enum part { PART_NONE, PART_MEANING, PART_NAMES, PART_UPSET, PART_CALM };

static const struct {
	const char *title;
	enum part part;
} PARTS[] = {
	{ "Same meaning", PART_MEANING },
	{ "Names", PART_NAMES },
	{ "Upset words", PART_UPSET },
	{ "Calm words", PART_CALM },
};
enum { PART_COUNT = COUNT(PARTS) };

struct words_reader {
	struct arena *arena;
	const struct source *source;
	struct diagnostics *problems;
	struct words *words;
	const char *usual;
	const char *const *languages;
	size_t language_count;
	enum part part;
	const char *language; /* of the part; NULL: every language */
	size_t phrase_count;
	struct map seen; /* "de synonym" -> line, to tell of doubles */
};

static void complain(struct words_reader *reader, struct spot spot, const char *hint, const char *what)
{
	report(reader->problems, SEVERITY_ERROR, spot, hint, "%s", what);
}

static struct spot title_spot(struct words_reader *reader, cmark_node *node)
{
	uint32_t number = (uint32_t)cmark_node_get_start_line(node);
	struct str line = str_trim(source_line(reader->source, number));
	while (line.len && line.ptr[0] == '#')
		line = str_part(line, 1, line.len);
	return spot_of(reader->source, number, str_trim(line));
}

/* "Same meaning in de" as "Same meaning" and "de". */
static struct str cut_language(struct str *title)
{
	for (size_t i = 0; i + 4 <= title->len; i++) {
		if (!str_equal_nocase(str_part(*title, i, 4), STR_LIT(" in ")))
			continue;
		struct str tag = str_trim(str_part(*title, i + 4, title->len));
		*title = str_trim(str_part(*title, 0, i));
		return tag;
	}
	return (struct str){ "", 0 };
}

static void set_language(struct words_reader *reader, struct str tag, struct spot spot)
{
	reader->language = reader->part == PART_NAMES ? NULL : reader->usual;
	if (!tag.len)
		return;
	const char *code = language_code(tag);
	if (!code) {
		report(reader->problems, SEVERITY_ERROR, spot, "write its code, as in: Same meaning in de",
		       "%s is no language that can be read", quoted_in(reader->arena, tag));
		reader->part = PART_NONE;
		return;
	}
	reader->language = code;
	for (size_t i = 0; i < reader->language_count; i++)
		if (reader->languages[i] == code)
			return;
	report(reader->problems, SEVERITY_WARNING, spot, NULL, "there are no topics in %s", language_name(code));
}

static void read_heading(struct words_reader *reader, cmark_node *node)
{
	int level = cmark_node_get_heading_level(node);
	struct spot spot = title_spot(reader, node);
	if (level == 1) {
		reader->part = PART_NONE;
		return;
	}
	struct str title = markdown_text_in(reader->arena, node), whole = title;
	struct str tag = cut_language(&title);
	const char *known[PART_COUNT];
	reader->part = PART_NONE;
	for (size_t i = 0; i < PART_COUNT; i++) {
		known[i] = PARTS[i].title;
		if (level == 2 && str_equal_nocase(title, str_of(known[i])))
			reader->part = PARTS[i].part;
	}
	if (reader->part != PART_NONE)
		set_language(reader, tag, spot);
	else
		report(reader->problems, SEVERITY_ERROR, spot,
		       level > 2 ? "there are only ## headings here"
				 : hint_nearest_in(reader->arena, title, known, PART_COUNT,
						   "headings are: Same meaning, Names, Upset words, Calm words"),
		       "unknown heading %s", quoted_in(reader->arena, whole));
}

/* A phrase as it is compared; empty, with the problem told, when it cannot be one. */
static struct str folded_phrase(struct words_reader *reader, struct str phrase, struct spot spot)
{
	const char *language = reader->language ? reader->language : reader->usual;
	struct str folded = fold_words_in(reader->arena, phrase, language);
	size_t words = folded.len > 0;
	for (size_t i = 0; i < folded.len; i++)
		words += folded.ptr[i] == ' ';
	if (!words)
		report(reader->problems, SEVERITY_ERROR, spot, NULL, "there is no word in %s",
		       quoted_in(reader->arena, phrase));
	else if (words > PHRASE_WORDS_MAX)
		report(reader->problems, SEVERITY_ERROR, spot, NULL, "a phrase of more than %d words",
		       PHRASE_WORDS_MAX);
	else if (reader->phrase_count++ == PHRASES_MAX)
		report(reader->problems, SEVERITY_ERROR, spot, NULL, "more than %d phrases", PHRASES_MAX);
	else if (reader->phrase_count <= PHRASES_MAX)
		return folded;
	return (struct str){ "", 0 };
}

/* Where in its line a phrase stands; the whole item when markup hides it. Phrases are asked for in their order, so
 * that `*from`, where the last one ended, need not be gone over again. */
static struct spot phrase_spot(struct words_reader *reader, struct spot item, struct str phrase, size_t *from)
{
	struct str line = str_part(source_line(reader->source, item.line), 0, item.from + item.len);
	struct str rest = str_part(line, *from > item.from ? *from : item.from, line.len);
	const char *hit = rest.len && phrase.len ? memmem(rest.ptr, rest.len, phrase.ptr, phrase.len) : NULL;
	*from = hit ? (size_t)(hit - line.ptr) + phrase.len : line.len;
	return hit ? spot_of(reader->source, item.line, (struct str){ hit, phrase.len }) : item;
}

/* A synonym that an earlier group has too is of no use: the first group counts. */
static void warn_if_seen(struct words_reader *reader, struct str folded, struct str phrase, struct spot spot)
{
	const char *key = arena_printf(reader->arena, "%s %.*s", reader->language, STR_ARG(folded));
	uint32_t line = map_intern(&reader->seen, str_of(key), spot.line);
	if (line != spot.line)
		report(reader->problems, SEVERITY_WARNING, spot,
		       arena_printf(reader->arena, "it stands in line %u too, and that counts", line),
		       "%s is in two groups", quoted_in(reader->arena, phrase));
}

static void read_group(struct words_reader *reader, struct str text, struct spot item)
{
	struct str phrases[GROUP_MAX], rest = text, part;
	size_t count = 0, from = 0;
	while (rest.len && str_split(&rest, ',', &part)) {
		part = str_trim(part);
		if (!part.len)
			continue;
		struct spot spot = phrase_spot(reader, item, part, &from);
		if (count == GROUP_MAX) {
			report(reader->problems, SEVERITY_ERROR, spot, NULL, "more than %d phrases in one group",
			       GROUP_MAX);
			return;
		}
		struct str folded = folded_phrase(reader, part, spot);
		if (!folded.len)
			return;
		warn_if_seen(reader, folded, part, spot);
		phrases[count++] = part;
	}
	if (count < 2) {
		complain(reader, item, "write at least two with a comma between: parcel, package",
			 "one phrase alone has nothing to mean the same as");
		return;
	}
	struct str *kept = arena_alloc(reader->arena, count * sizeof *kept);
	memcpy(kept, phrases, count * sizeof *kept);
	vec_push(&reader->words->groups, (struct words_group){ reader->language, { kept, count } });
}

static void read_phrases(struct words_reader *reader, struct str text, struct spot item)
{
	struct words_list *list = reader->part == PART_NAMES   ? &reader->words->names
				  : reader->part == PART_UPSET ? &reader->words->upset
							       : &reader->words->calm;
	struct str rest = text, part;
	size_t from = 0;
	while (rest.len && str_split(&rest, ',', &part)) {
		part = str_trim(part);
		if (!part.len)
			continue;
		struct str folded = folded_phrase(reader, part, phrase_spot(reader, item, part, &from));
		if (folded.len)
			vec_push(list,
				 (struct words_phrase){ reader->language, reader->part == PART_NAMES ? part : folded });
	}
}

static void read_list(struct words_reader *reader, cmark_node *list)
{
	for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
		cmark_node *paragraph = cmark_node_first_child(item);
		struct spot spot = markdown_spot(reader->source, paragraph ? paragraph : item);
		if (!paragraph || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH ||
		    cmark_node_next(paragraph)) {
			complain(reader, spot, "write words with commas between", "this is no line of words");
			continue;
		}
		struct str text = markdown_text_in(reader->arena, paragraph);
		if (reader->part == PART_MEANING)
			read_group(reader, text, spot);
		else
			read_phrases(reader, text, spot);
	}
}

/* Groups without the - before them; other text explains, in sentences. */
static void check_paragraph(struct words_reader *reader, cmark_node *node)
{
	uint32_t first = (uint32_t)cmark_node_get_start_line(node), last = (uint32_t)cmark_node_get_end_line(node);
	for (uint32_t number = first; number <= last; number++) {
		struct str line = str_trim(source_line(reader->source, number));
		bool is_sentence = !line.len || strchr(".:!?", line.ptr[line.len - 1]);
		if (is_sentence || str_find(line, ',') == line.len)
			return;
	}
	struct str line = str_trim(source_line(reader->source, first));
	report(reader->problems, SEVERITY_WARNING, spot_of(reader->source, first, line),
	       "write - and a blank before it", "this line of words is not read");
}

void words_read_in(struct arena *arena, const struct source *source, const char *usual, const char *const *languages,
		   size_t language_count, struct words *words, struct diagnostics *problems)
{
	struct words_reader reader = { .arena = arena,
				       .source = source,
				       .problems = problems,
				       .words = words,
				       .usual = usual,
				       .languages = languages,
				       .language_count = language_count };
	cmark_node *document = markdown_parse(source);
	for (cmark_node *node = cmark_node_first_child(document); node; node = cmark_node_next(node))
		if (cmark_node_get_type(node) == CMARK_NODE_HEADING)
			read_heading(&reader, node);
		else if (cmark_node_get_type(node) == CMARK_NODE_LIST && reader.part != PART_NONE)
			read_list(&reader, node);
		else if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH && reader.part == PART_MEANING)
			check_paragraph(&reader, node);
	cmark_node_free(document);
	map_clear(&reader.seen);
}

void words_clear(struct words *words)
{
	vec_clear(&words->groups);
	vec_clear(&words->names);
	vec_clear(&words->upset);
	vec_clear(&words->calm);
}
