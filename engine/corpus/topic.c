/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/topic.h"

#include "base/vec.h"
#include "corpus/lookalike.h"
#include "corpus/markdown.h"
#include "text/fold.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { ID_BYTES_MAX = 64, VARIANT_CHARACTERS_MAX = 40 };

/* The blocks of a file pass by one after the other; this is what the last ones opened. */
struct topic {
	struct arena *arena;
	const struct source *source;
	struct drafts *drafts;
	struct diagnostics *problems;
	struct draft *draft; /* NULL before the first question */
	struct str page;
	struct spot page_spot; /* of a # heading below a question, with how many questions there were by then */
	size_t page_began;
	bool has_loose;       /* something stands below that heading and above its first question */
	bool is_fresh;        /* directly after a question: a list is its wordings */
	bool is_skipping;     /* under a heading that was refused */
	bool is_excused;      /* an error was told that explains why there is no answer */
	struct answer answer; /* being read: when and variant */
	struct spot answer_spot;
	uint32_t wordings_end; /* line of the last wording, 0 when something stands behind them */
	struct {
		struct markdown_block *items;
		size_t count, capacity;
	} blocks;
};

static void complain(struct topic *topic, struct spot spot, const char *hint, const char *what)
{
	report(topic->problems, SEVERITY_ERROR, spot, hint, "%s", what);
}

static struct str kept(struct topic *topic, struct str text)
{
	return (struct str){ arena_strdup(topic->arena, text), text.len };
}

/* ---- Answers ---- */

static bool is_same_case(const struct answer *a, const struct answer *b)
{
	return a->when == b->when && !strcmp(a->variant, b->variant);
}

static void end_answer(struct topic *topic)
{
	struct answer answer = topic->answer;
	struct draft *draft = topic->draft;
	size_t count = topic->blocks.count;
	if (!draft || topic->is_skipping) {
		topic->blocks.count = 0;
		return;
	}
	if (!count) {
		if (answer.when != ANSWER_PLAIN)
			complain(topic, topic->answer_spot, "write the answer below it, or leave the heading out",
				 "nothing stands under this heading");
		return;
	}
	struct spot spot = markdown_spot(topic->source, topic->blocks.items[0].node);
	topic->blocks.count = 0;
	answer.markdown = markdown_join_in(topic->arena, topic->source, topic->blocks.items, count);
	answer.html = answer.text = "";
	if (utf8_count(str_of(answer.markdown)) > CORPUS_ANSWER_CHARACTERS_MAX)
		report(topic->problems, SEVERITY_ERROR, spot, "a chat answer is a few lines; link to the rest",
		       "an answer of more than %d characters", CORPUS_ANSWER_CHARACTERS_MAX);
	else
		markdown_answer_in(topic->arena, topic->blocks.items, count, &answer);
	vec_push(&draft->answers, answer);
}

static void begin_answer(struct topic *topic, enum answer_case when, const char *variant, struct spot spot)
{
	topic->answer = (struct answer){ .when = when, .variant = variant };
	topic->answer_spot = spot;
	topic->is_fresh = topic->is_skipping = false;
	for (size_t i = 0; when != ANSWER_PLAIN && i < topic->draft->answers.count; i++)
		if (is_same_case(&topic->draft->answers.items[i], &topic->answer))
			complain(topic, spot, "keep one of the two", "this question has such an answer already");
}

static int compare_answers(const void *left, const void *right)
{
	const struct answer *a = left, *b = right;
	return (int)a->when - (int)b->when ? (int)a->when - (int)b->when : strcmp(a->variant, b->variant);
}

static void end_intent(struct topic *topic)
{
	end_answer(topic);
	struct draft *draft = topic->draft;
	if (!draft)
		return;
	if (draft->answers.count)
		qsort(draft->answers.items, draft->answers.count, sizeof *draft->answers.items, compare_answers);
	bool has_plain = draft->answers.count && draft->answers.items[0].when == ANSWER_PLAIN;
	bool needs_none = draft->human == HUMAN_ALWAYS || draft->is_sensitive;
	if (!has_plain && !needs_none && !topic->is_excused)
		complain(topic, draft->spot, "write the answer below it, or \"human: always\" for a person",
			 draft->answers.count ? "this question has no usual answer" : "this question has no answer");
	if (draft->is_sensitive && draft->human == HUMAN_NEVER)
		complain(topic, draft->human_spot, "what is sensitive goes to a person; leave one of the two out",
			 "\"human: never\" contradicts \"sensitive: yes\"");
	else if (draft->is_sensitive)
		draft->human = HUMAN_ALWAYS;
	topic->draft = NULL;
}

/* ---- Headings ---- */

/* Cuts `{#id}` off the end of the question. Gives false when there is none, or none that may be used. */
static bool cut_id(struct topic *topic, uint32_t line_number, struct str *question, struct str *out_id)
{
	static const char *const USUAL = "an id is small letters, digits and -, as in {#delivery-time}";
	struct str line = source_line(topic->source, line_number);
	const char *hit = memmem(question->ptr, question->len, "{#", 2);
	const char *written = memmem(line.ptr, line.len, "{#", 2);
	if (!hit)
		return false;
	struct str id = { hit + 2, (size_t)(question->ptr + question->len - hit) - 2 };
	struct spot spot = spot_of(topic->source, line_number,
				   written ? str_trim(str_part(line, (size_t)(written - line.ptr), line.len)) : line);
	*question = str_trim(str_part(*question, 0, (size_t)(hit - question->ptr)));
	if (!str_ends(id, "}")) {
		complain(topic, spot, "close it with }, and write nothing behind it", "the id is not closed");
		return false;
	}
	id.len--;
	for (size_t i = 0; i < id.len; i++)
		if (!memchr("abcdefghijklmnopqrstuvwxyz0123456789-_", id.ptr[i], 38)) {
			struct str slug = fold_slug_in(topic->arena, id);
			report(topic->problems, SEVERITY_ERROR, spot,
			       slug.len ? arena_printf(topic->arena, "write {#%.*s}", STR_ARG(slug)) : USUAL,
			       "%s is no id", quoted_in(topic->arena, id));
			return false;
		}
	if (!id.len || id.len > ID_BYTES_MAX) {
		complain(topic, spot, USUAL, id.len ? "this id is longer than 64 characters" : "the id is empty");
		return false;
	}
	*out_id = kept(topic, id);
	return true;
}

/* The text of a heading in its line, for pointing at it. */
static struct spot heading_spot(struct topic *topic, cmark_node *node)
{
	uint32_t number = (uint32_t)cmark_node_get_start_line(node);
	struct str line = str_trim(source_line(topic->source, number));
	while (line.len && line.ptr[0] == '#')
		line = str_part(line, 1, line.len);
	line = str_trim(line);
	const char *id = line.len ? memmem(line.ptr, line.len, "{#", 2) : NULL;
	if (id && id > line.ptr)
		line = str_trim(str_part(line, 0, (size_t)(id - line.ptr)));
	return spot_of(topic->source, number, line);
}

/* Text with a line of --- below it is a heading for Markdown, and mostly a mistake here. */
static bool is_underlined(struct topic *topic, cmark_node *node)
{
	struct str line = str_trim(source_line(topic->source, (uint32_t)cmark_node_get_start_line(node)));
	return !str_starts(line, "#");
}

static void begin_intent(struct topic *topic, cmark_node *node)
{
	struct draft draft = { .page = topic->page, .human = HUMAN_DEFAULT, .is_live = true };
	draft.spot = heading_spot(topic, node);
	draft.question = markdown_text_in(topic->arena, node);
	struct str whole = draft.question;
	bool has_id = cut_id(topic, (uint32_t)cmark_node_get_start_line(node), &draft.question, &draft.id);
	draft.question = kept(topic, draft.question);
	if (!draft.question.len)
		complain(topic, draft.spot, "write the question behind ##", "this heading is empty");
	if (utf8_count(draft.question) > CORPUS_EXAMPLE_CHARACTERS_MAX)
		report(topic->problems, SEVERITY_ERROR, draft.spot, NULL, "a heading of more than %d characters",
		       CORPUS_EXAMPLE_CHARACTERS_MAX);
	if (!has_id) {
		draft.id = str_part(fold_slug_in(topic->arena, draft.question), 0, ID_BYTES_MAX);
		draft.id = kept(topic, draft.id);
		if (!draft.id.len && draft.question.len && whole.len == draft.question.len)
			complain(topic, draft.spot, "write one behind it, as in {#delivery-time}",
				 "this heading has no Latin letter to make an id of");
	}
	topic->is_skipping = topic->drafts->count >= CORPUS_INTENTS_MAX;
	if (topic->is_skipping && !topic->drafts->is_full)
		report(topic->problems, SEVERITY_ERROR, draft.spot, "neither this one nor those behind it are read",
		       "more than %d questions in one language", CORPUS_INTENTS_MAX);
	topic->drafts->is_full |= topic->is_skipping;
	if (topic->is_skipping)
		return;
	vec_push(topic->drafts, draft);
	topic->drafts->example_count++;
	topic->draft = &topic->drafts->items[topic->drafts->count - 1];
	topic->is_excused = !draft.question.len;
	begin_answer(topic, ANSWER_PLAIN, "", draft.spot);
	topic->is_fresh = true;
}

static void begin_case(struct topic *topic, cmark_node *node)
{
	static const char *const KNOWN[] = { "When upset", "When closed", "Variant" };
	static const char *const USUAL =
		"### begins \"When upset\", \"When closed\" or \"Variant NAME\"; in an answer use ####";
	struct str title = markdown_text_in(topic->arena, node);
	struct spot spot = heading_spot(topic, node);
	size_t word_end = str_find(title, ' ');
	end_answer(topic);
	if (!topic->draft) {
		complain(topic, spot, "a ## heading with the question comes first", "this belongs to no question");
		topic->is_skipping = true;
	} else if (str_equal_nocase(title, str_of(KNOWN[0]))) {
		begin_answer(topic, ANSWER_UPSET, "", spot);
	} else if (str_equal_nocase(title, str_of(KNOWN[1]))) {
		begin_answer(topic, ANSWER_CLOSED, "", spot);
	} else if (str_equal_nocase(str_part(title, 0, word_end), str_of(KNOWN[2]))) {
		struct str name = kept(topic, str_trim(str_part(title, word_end, title.len)));
		begin_answer(topic, ANSWER_VARIANT, name.ptr, spot);
		if (str_equal_nocase(name, STR_LIT(ANSWER_PLAIN_NAME)))
			complain(topic, spot, "call it otherwise", "\"plain\" is the name of the answer above");
		if (!name.len || utf8_count(name) > VARIANT_CHARACTERS_MAX)
			complain(topic, spot, "write it behind, as in ### Variant short; 40 characters at most",
				 "a variant needs a name");
	} else {
		report(topic->problems, SEVERITY_ERROR, spot, hint_nearest_in(topic->arena, title, KNOWN, 3, USUAL),
		       "unknown heading %s", quoted_in(topic->arena, title));
		topic->is_skipping = topic->is_excused = true;
		topic->is_fresh = false;
	}
}

/* A # where ## was meant would silently lose a question. */
static void end_page(struct topic *topic)
{
	if (topic->page_spot.source && topic->has_loose && topic->drafts->count == topic->page_began)
		report(topic->problems, SEVERITY_WARNING, topic->page_spot,
		       "a question is written with ##; # begins a page of questions",
		       "no question stands on this page, so nobody sees what does");
	topic->page_spot = (struct spot){ 0 };
	topic->has_loose = false;
}

static void begin_page(struct topic *topic, cmark_node *node, bool is_below)
{
	topic->page = markdown_text_in(topic->arena, node);
	topic->is_skipping = false;
	if (is_below)
		topic->page_spot = heading_spot(topic, node);
	topic->page_began = topic->drafts->count;
	if (!topic->page.len)
		complain(topic, heading_spot(topic, node), "write the page's name behind #", "this heading is empty");
}

static void read_heading(struct topic *topic, cmark_node *node)
{
	int level = cmark_node_get_heading_level(node);
	if (level <= 2 && is_underlined(topic, node) && (level == 2 || topic->draft)) {
		complain(topic, heading_spot(topic, node),
			 "leave a line empty before the ---, or write ## for a question",
			 "the line below makes a heading of this");
		topic->is_excused = true;
		return;
	}
	if (level == 1) {
		bool is_below = topic->draft || topic->page_spot.source;
		end_intent(topic);
		end_page(topic);
		begin_page(topic, node, is_below);
	} else if (level == 2) {
		end_intent(topic);
		begin_intent(topic, node);
	} else if (level == 3) {
		begin_case(topic, node);
	} else if (topic->draft && !topic->is_skipping) {
		topic->is_fresh = false;
		markdown_check(topic->source, node, topic->arena, topic->problems);
		vec_push(&topic->blocks, (struct markdown_block){ node });
	}
}

/* ---- Wordings ---- */

/* A line that only belongs to an item because no empty line stands before it: Markdown adds it to the item. */
static bool has_stray_line(struct topic *topic, cmark_node *paragraph)
{
	uint32_t first = (uint32_t)cmark_node_get_start_line(paragraph);
	uint32_t last = (uint32_t)cmark_node_get_end_line(paragraph);
	for (uint32_t number = first + 1; number <= last; number++) {
		struct str line = source_line(topic->source, number);
		if (!line.len || line.ptr[0] == ' ' || line.ptr[0] == '\t')
			continue;
		complain(topic, spot_of(topic->source, number, str_trim(line)), "leave a line empty before it",
			 "this line continues the wording above");
		topic->is_excused = true;
		return true;
	}
	return false;
}

/* "- human: always" is a wording as it stands; hardly anybody asks that. */
static void warn_if_option(struct topic *topic, cmark_node *paragraph)
{
	struct spot spot = markdown_spot(topic->source, paragraph);
	if (options_is_one(str_part(source_line(topic->source, spot.line), spot.from, spot.len)))
		report(topic->problems, SEVERITY_WARNING, spot,
		       "as an option write it without the -, in a paragraph of its own", "this is taken for a wording");
}

static void read_example(struct topic *topic, cmark_node *item)
{
	cmark_node *paragraph = cmark_node_first_child(item);
	if (!paragraph || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH || cmark_node_next(paragraph)) {
		complain(topic, markdown_spot(topic->source, item), "write what a visitor might ask, nothing else",
			 paragraph ? "a wording is one line of text" : "this wording is empty");
		return;
	}
	if (has_stray_line(topic, paragraph))
		return;
	warn_if_option(topic, paragraph);
	struct draft_example example = { markdown_text_in(topic->arena, paragraph),
					 markdown_spot(topic->source, paragraph) };
	if (utf8_count(example.text) > CORPUS_EXAMPLE_CHARACTERS_MAX) {
		report(topic->problems, SEVERITY_ERROR, example.spot, NULL, "a wording of more than %d characters",
		       CORPUS_EXAMPLE_CHARACTERS_MAX);
		return;
	}
	if (topic->drafts->example_count == CORPUS_EXAMPLES_MAX)
		report(topic->problems, SEVERITY_ERROR, example.spot, NULL, "more than %d wordings in one language",
		       CORPUS_EXAMPLES_MAX);
	if (topic->drafts->example_count++ < CORPUS_EXAMPLES_MAX)
		vec_push(&topic->draft->examples, example);
}

/* ---- Blocks ---- */

static void read_paragraph(struct topic *topic, cmark_node *node)
{
	uint32_t first = (uint32_t)cmark_node_get_start_line(node), last = (uint32_t)cmark_node_get_end_line(node);
	uint32_t known = 0;
	if (lookalike_paragraph(topic->source, first, last, topic->is_fresh, topic->problems)) {
		topic->is_excused = true;
		return;
	}
	enum option_paragraph look = options_look(topic->source, first, last, &known);
	struct str line = str_trim(source_line(topic->source, known ? known : first));
	struct spot spot = spot_of(topic->source, known ? known : first, line);
	if (look == OPTIONS_ALL && topic->draft) {
		options_read(topic->arena, topic->source, first, last, topic->draft, topic->problems);
		return;
	}
	if (look == OPTIONS_ALL && known && !topic->is_skipping)
		complain(topic, spot, "options stand below the ## heading that they are for",
			 "this belongs to no question");
	topic->is_fresh = false;
	if (!topic->draft || topic->is_skipping)
		return;
	if (look == OPTIONS_MIXED) {
		complain(topic, spot, "put option lines in a paragraph of their own, with an empty line around it",
			 "an option line inside a text");
		topic->is_excused = true;
		return;
	}
	if (look == OPTIONS_CAPITAL)
		report(topic->problems, SEVERITY_WARNING, spot,
		       "an option is written in small letters, the colon right behind: human: always",
		       "visitors are shown this line");
	markdown_check(topic->source, node, topic->arena, topic->problems);
	vec_push(&topic->blocks, (struct markdown_block){ node });
}

static bool is_comment(cmark_node *node)
{
	struct str literal = str_trim(str_of(cmark_node_get_literal(node)));
	return str_starts(literal, "<!--") && str_ends(literal, "-->");
}

/* The signs change within the list: Markdown begins another one, which would be the answer. */
static bool is_torn_list(struct topic *topic, cmark_node *node)
{
	uint32_t first = (uint32_t)cmark_node_get_start_line(node);
	if (!topic->wordings_end || first != topic->wordings_end + 1)
		return false;
	complain(topic, markdown_spot(topic->source, node), "write the same sign, -, before all of them",
		 "the sign before the wordings changes here");
	topic->is_excused = true;
	return true;
}

static void read_wordings(struct topic *topic, cmark_node *list)
{
	uint32_t end = (uint32_t)cmark_node_get_end_line(list);
	topic->is_fresh = false;
	for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item))
		read_example(topic, item);
	while (end && !str_trim(source_line(topic->source, end)).len)
		end--;
	topic->wordings_end = end;
}

static void read_block(struct topic *topic, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	bool is_wordings =
		type == CMARK_NODE_LIST && topic->is_fresh && cmark_node_get_list_type(node) == CMARK_BULLET_LIST;
	bool is_torn = type == CMARK_NODE_LIST && is_torn_list(topic, node);
	topic->wordings_end = 0;
	topic->has_loose |= !topic->draft && (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_LIST);
	if (type == CMARK_NODE_CODE_BLOCK || (type == CMARK_NODE_HTML_BLOCK && !is_comment(node)))
		lookalike_block(topic->source, node, topic->problems);
	if (type == CMARK_NODE_HEADING) {
		read_heading(topic, node);
	} else if (type == CMARK_NODE_PARAGRAPH) {
		read_paragraph(topic, node);
	} else if (type == CMARK_NODE_HTML_BLOCK && is_comment(node)) {
		return; /* the owner's notes */
	} else if (topic->draft && !topic->is_skipping && is_wordings) {
		read_wordings(topic, node);
	} else if (topic->draft && !topic->is_skipping && !is_torn) {
		topic->is_fresh = false;
		markdown_check(topic->source, node, topic->arena, topic->problems);
		vec_push(&topic->blocks, (struct markdown_block){ node });
	}
}

/* "de/lieferung.md" is the page "lieferung" when no # heading names it. */
static struct str page_of_file(const char *name)
{
	struct str page = str_of(name);
	const char *slash = strrchr(name, '/');
	if (slash)
		page = str_of(slash + 1);
	return str_ends(page, ".md") ? str_part(page, 0, page.len - 3) : page;
}

void topic_read_in(struct arena *arena, const struct source *source, struct drafts *drafts,
		   struct diagnostics *problems)
{
	struct topic topic = { .arena = arena, .source = source, .drafts = drafts, .problems = problems };
	size_t before = drafts->count;
	topic.page = kept(&topic, page_of_file(source->name));
	uint32_t skipped = lookalike_front_matter(source, problems);
	cmark_node *document = markdown_parse(source);
	/* A block that is part of an answer leaves the tree when the answer ends, after its next one is known. */
	for (cmark_node *node = cmark_node_first_child(document), *next; node; node = next) {
		next = cmark_node_next(node);
		if ((uint32_t)cmark_node_get_start_line(node) > skipped)
			read_block(&topic, node);
	}
	end_intent(&topic);
	end_page(&topic);
	cmark_node_free(document);
	vec_clear(&topic.blocks);
	if (drafts->count == before)
		report(problems, SEVERITY_WARNING, (struct spot){ source, 0, 0, 0 },
		       "a question is a ## heading with its answer below", "there is no question in this file");
}

void drafts_clear(struct drafts *drafts)
{
	for (size_t i = 0; i < drafts->count; i++) {
		struct draft *draft = &drafts->items[i];
		vec_clear(&draft->examples);
		vec_clear(&draft->answers);
		vec_clear(&draft->next);
		vec_clear(&draft->tests);
		vec_clear(&draft->keywords);
	}
	vec_clear(drafts);
}
