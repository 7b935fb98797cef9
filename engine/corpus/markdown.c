/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/markdown.h"

#include "base/buf.h"
#include "base/count.h"
#include "corpus/corpus.h"

#include <stdlib.h>
#include <string.h>

enum { FAULTS_MAX = 50 }; /* told of one block: each is looked for in all its lines */

cmark_node *markdown_parse(const struct source *source)
{
	return cmark_parse_document(source->text.ptr, source->text.len, CMARK_OPT_DEFAULT);
}

/* Appends `text` with every run of white space as one blank, none in front. */
static void add_words(struct buf *out, const char *text)
{
	for (; text && *text; text++) {
		bool is_space = *text == ' ' || (*text >= '\t' && *text <= '\r');
		if (!is_space)
			buf_add_char(out, *text);
		else if (out->len && out->data[out->len - 1] != ' ')
			buf_add_char(out, ' ');
	}
}

struct str markdown_text_in(struct arena *arena, cmark_node *node)
{
	struct buf out = { 0 };
	cmark_iter *iter = cmark_iter_new(node);
	for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		cmark_node *at = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(at);
		if (event != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
			add_words(&out, " ");
		else if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_HTML_INLINE)
			add_words(&out, cmark_node_get_literal(at));
	}
	cmark_iter_free(iter);
	struct str text = str_trim(buf_str(&out));
	text.ptr = arena_strdup(arena, text);
	buf_clear(&out);
	return text;
}

struct spot markdown_spot(const struct source *source, cmark_node *node)
{
	uint32_t line = (uint32_t)cmark_node_get_start_line(node);
	size_t from = (size_t)cmark_node_get_start_column(node);
	struct str text = source_line(source, line);
	return spot_of(source, line, str_trim(str_part(text, from ? from - 1 : 0, text.len)));
}

/* Where `text` stands in the lines of a block; the block's first line when it is written otherwise there. */
static struct spot find_in(const struct source *source, cmark_node *block, const char *text)
{
	uint32_t last = (uint32_t)cmark_node_get_end_line(block);
	size_t len = text ? strlen(text) : 0;
	for (uint32_t number = (uint32_t)cmark_node_get_start_line(block); len && number <= last; number++) {
		struct str line = source_line(source, number);
		const char *hit = memmem(line.ptr, line.len, text, len);
		if (hit)
			return spot_of(source, number, (struct str){ hit, len });
	}
	return markdown_spot(source, block);
}

/* Whether a link may be clicked: whole addresses, and paths on the shop's own site. */
static bool is_whole_address(struct str url)
{
	static const char *const SAFE[] = { "https://", "http://", "mailto:", "tel:" };
	for (size_t i = 0; i < COUNT(SAFE); i++)
		if (str_equal_nocase(str_part(url, 0, strlen(SAFE[i])), str_of(SAFE[i])) && url.len > strlen(SAFE[i]))
			return true;
	return false;
}

static bool is_path(struct str url)
{
	return str_starts(url, "/") && !str_starts(url, "//") && !str_starts(url, "/\\");
}

/* What is wrong with a link's address; NULL when nothing is. */
static const char *link_fault(struct str url, const char **out_hint)
{
	size_t scheme = 0;
	if (is_whole_address(url))
		return NULL;
	while (scheme < url.len && ((url.ptr[scheme] | 0x20) >= 'a' && (url.ptr[scheme] | 0x20) <= 'z'))
		scheme++;
	*out_hint = "its words are shown without it; links begin with https://, http://, mailto: or tel:";
	if (scheme && scheme < url.len && url.ptr[scheme] == ':')
		return "is no safe link";
	*out_hint = is_path(url) ? "it leads there from the shop's pages only; write the whole address with https://"
				 : "its words are shown without it; write the whole address with https://";
	return "is no whole address";
}

/* "[prices](https://shop.example/our prices)" is no link for Markdown, and visitors would read the signs. */
static void check_text(const struct source *source, cmark_node *block, cmark_node *text, struct arena *arena,
		       struct diagnostics *problems)
{
	struct str literal = str_of(cmark_node_get_literal(text));
	const char *hit = literal.len ? memmem(literal.ptr, literal.len, "](", 2) : NULL;
	if (!hit || !memchr(literal.ptr, '[', (size_t)(hit - literal.ptr)))
		return;
	struct str part = str_part(literal, (size_t)(hit - literal.ptr), literal.len);
	part.len = str_find(part, ')');
	struct spot spot = find_in(source, block, arena_strdup(arena, part));
	bool is_escaped = spot.from && source_line(source, spot.line).ptr[spot.from - 1] == '\\';
	if (spot.len && !is_escaped)
		report(problems, SEVERITY_WARNING, spot,
		       "an address ends at a blank: write %20 for each, and close it with )", "this is no link");
}

/* |---|:--:| below the first row. */
static bool is_table_rule(struct str line)
{
	size_t bars = 0, dashes = 0;
	line = str_trim(line);
	for (size_t i = 0; i < line.len; i++) {
		bars += line.ptr[i] == '|';
		dashes += line.ptr[i] == '-';
		if (!strchr("|-: ", line.ptr[i]))
			return false;
	}
	return bars && dashes;
}

/* Some programs make tables of Markdown; it has none itself, and a chat is too narrow for them. */
static void check_table(const struct source *source, cmark_node *paragraph, struct diagnostics *problems)
{
	uint32_t last = (uint32_t)cmark_node_get_end_line(paragraph);
	for (uint32_t number = (uint32_t)cmark_node_get_start_line(paragraph) + 1; number <= last; number++) {
		struct str line = str_trim(source_line(source, number));
		if (!is_table_rule(line))
			continue;
		report(problems, SEVERITY_WARNING, spot_of(source, number, line),
		       "the chat shows it as it is typed; write a list, as in - Ireland: 6 days",
		       "a table in an answer");
		return;
	}
}

void markdown_check(const struct source *source, cmark_node *block, struct arena *arena, struct diagnostics *problems)
{
	cmark_iter *iter = cmark_iter_new(block);
	bool has_html = false;
	size_t faults_left = FAULTS_MAX;
	for (cmark_event_type event; faults_left && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		cmark_node *at = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(at);
		if (event != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
			if (has_html)
				continue; /* the end of a tag is no second mistake */
			has_html = true;
			struct str literal = str_of(cmark_node_get_literal(at));
			struct str line = str_part(literal, 0, str_find(literal, '\n'));
			report(problems, SEVERITY_WARNING, find_in(source, block, arena_strdup(arena, line)),
			       "HTML is left out; write Markdown, and &lt; for a plain <", "raw HTML in an answer");
		} else if (type == CMARK_NODE_TEXT) {
			check_text(source, block, at, arena, problems);
		} else if (type == CMARK_NODE_PARAGRAPH) {
			check_table(source, at, problems);
		} else if (type == CMARK_NODE_IMAGE) {
			faults_left--;
			report(problems, SEVERITY_WARNING, find_in(source, block, cmark_node_get_url(at)),
			       "only its words are shown, since the chat loads nothing from elsewhere; write a link to "
			       "it: "
			       "[what it shows](address)",
			       "a picture in an answer");
		} else if (type == CMARK_NODE_LINK) {
			const char *url = cmark_node_get_url(at), *hint = NULL;
			const char *fault = link_fault(str_of(url), &hint);
			faults_left -= fault != NULL;
			if (fault)
				report(problems, SEVERITY_WARNING, find_in(source, block, url), hint, "%s %s",
				       quoted_in(arena, str_of(url)), fault);
		}
	}
	cmark_iter_free(iter);
}

/* ---- Answers ---- */

/* A text being laid out: what must come between the last block and the next is known only when the next one comes. */
struct layout {
	struct buf text;
	int gap;           /* newlines owed */
	size_t link_start; /* where the label of the open link begins */
	int depth;         /* of lists */
};

static void owe(struct layout *layout, int newlines)
{
	if (newlines > layout->gap)
		layout->gap = newlines;
}

static void add_text(struct layout *layout, const char *text)
{
	for (; layout->text.len && layout->gap > 0; layout->gap--)
		buf_add_char(&layout->text, '\n');
	layout->gap = 0;
	buf_add_text(&layout->text, text ? text : "");
}

/* The target in parentheses, unless the label says it already. */
static void end_link(struct layout *layout, cmark_node *link)
{
	struct str url = str_of(cmark_node_get_url(link));
	if (str_starts(url, "mailto:"))
		url = str_part(url, 7, url.len);
	else if (str_starts(url, "tel:"))
		url = str_part(url, 4, url.len);
	struct str label = str_part(buf_str(&layout->text), layout->link_start, layout->text.len);
	if (str_equal(label, url))
		return;
	buf_add_text(&layout->text, label.len ? " (" : "(");
	buf_add_str(&layout->text, url);
	buf_add_text(&layout->text, ")");
}

static void begin_item(struct layout *layout, cmark_node *item)
{
	cmark_node *list = cmark_node_parent(item);
	int number = cmark_node_get_list_start(list);
	for (cmark_node *before = cmark_node_previous(item); before; before = cmark_node_previous(before))
		number++;
	owe(layout, 1);
	add_text(layout, "");
	for (int i = 1; i < layout->depth && i < 8; i++)
		buf_add_text(&layout->text, "  ");
	if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST)
		buf_printf(&layout->text, "%d. ", number);
	else
		buf_add_text(&layout->text, "- ");
}

static void lay_out_enter(struct layout *layout, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
	case CMARK_NODE_CODE:
	case CMARK_NODE_CODE_BLOCK:
		add_text(layout, cmark_node_get_literal(node));
		if (cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK)
			owe(layout, 1); /* its literal ends with a newline */
		break;
	case CMARK_NODE_SOFTBREAK: add_text(layout, " "); break;
	case CMARK_NODE_LINEBREAK: add_text(layout, "\n"); break;
	case CMARK_NODE_LINK:
		add_text(layout, "");
		layout->link_start = layout->text.len;
		break;
	case CMARK_NODE_LIST: layout->depth++; break;
	case CMARK_NODE_ITEM: begin_item(layout, node); break;
	default: break;
	}
}

static void lay_out_exit(struct layout *layout, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_LINK: end_link(layout, node); break;
	case CMARK_NODE_PARAGRAPH:
	case CMARK_NODE_HEADING: owe(layout, layout->depth ? 1 : 2); break;
	case CMARK_NODE_LIST:
		layout->depth--;
		owe(layout, layout->depth ? 1 : 2);
		break;
	default: break;
	}
}

static const char *plain_text_in(struct arena *arena, cmark_node *document)
{
	struct layout layout = { .gap = 0 };
	cmark_iter *iter = cmark_iter_new(document);
	for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;)
		if (event == CMARK_EVENT_ENTER)
			lay_out_enter(&layout, cmark_iter_get_node(iter));
		else
			lay_out_exit(&layout, cmark_iter_get_node(iter));
	cmark_iter_free(iter);
	const char *text = arena_strdup(arena, str_trim(buf_str(&layout.text)));
	buf_clear(&layout.text);
	return text;
}

/* cmark's HTML, with links to pages opening beside the shop and not telling where they come from. In cmark's output
 * a text never holds "<a ", so a plain search finds the links. */
static const char *html_in(struct arena *arena, cmark_node *document)
{
	static const char *const LINK = "<a href=\"http";
	char *html = cmark_render_html(document, CMARK_OPT_DEFAULT);
	struct buf out = { 0 };
	const char *rest = html, *hit;
	for (; (hit = strstr(rest, LINK)); rest = hit + strlen(LINK)) {
		buf_add(&out, rest, (size_t)(hit - rest));
		buf_add_text(&out, "<a target=\"_blank\" rel=\"noopener noreferrer\" href=\"http");
	}
	buf_add_text(&out, rest);
	const char *kept = arena_strdup(arena, str_trim(buf_str(&out)));
	buf_clear(&out);
	free(html);
	return kept;
}

/* The lines of a block, without what is empty at the end. */
static struct str block_source(const struct source *source, cmark_node *node)
{
	uint32_t first = (uint32_t)cmark_node_get_start_line(node), last = (uint32_t)cmark_node_get_end_line(node);
	while (last > first && !str_trim(source_line(source, last)).len)
		last--;
	struct str begin = source_line(source, first), end = source_line(source, last);
	if (end.ptr < begin.ptr)
		return begin;
	return (struct str){ begin.ptr, (size_t)(end.ptr + end.len - begin.ptr) };
}

const char *markdown_join_in(struct arena *arena, const struct source *source, const struct markdown_block *blocks,
			     size_t count)
{
	struct buf markdown = { 0 };
	for (size_t i = 0; i < count; i++) {
		buf_add_text(&markdown, i ? "\n\n" : "");
		buf_add_str(&markdown, block_source(source, blocks[i].node));
	}
	const char *kept = arena_strdup(arena, buf_str(&markdown));
	buf_clear(&markdown);
	return kept;
}

/* Puts what a link or a picture says in its own place. */
static void unwrap(cmark_node *node)
{
	for (cmark_node *child; (child = cmark_node_first_child(node));)
		cmark_node_insert_before(node, child);
	cmark_node_free(node);
}

static bool is_unsafe_link(cmark_node *node)
{
	struct str url = str_of(cmark_node_get_url(node));
	return !is_whole_address(url) && !is_path(url);
}

/* Takes out what markdown_check warns of: HTML wholly, of pictures and unsafe links all but their words. Where a node
 * is left (HTML has nothing inside: where it is entered) the iterator stands beyond it already, so it may go. */
static void make_safe(cmark_node *document)
{
	cmark_iter *iter = cmark_iter_new(document);
	for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		bool is_html = type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE;
		bool is_left = event == CMARK_EVENT_EXIT;
		if (is_html ||
		    (is_left && (type == CMARK_NODE_IMAGE || (type == CMARK_NODE_LINK && is_unsafe_link(node)))))
			unwrap(node);
	}
	cmark_iter_free(iter);
}

void markdown_answer_in(struct arena *arena, const struct markdown_block *blocks, size_t count, struct answer *out)
{
	cmark_node *document = cmark_node_new(CMARK_NODE_DOCUMENT);
	for (size_t i = 0; i < count; i++)
		cmark_node_append_child(document, blocks[i].node);
	make_safe(document);
	out->html = html_in(arena, document);
	out->text = plain_text_in(arena, document);
	cmark_node_free(document);
}
