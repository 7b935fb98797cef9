/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/edit.h"

#include "base/buf.h"
#include "corpus/markdown.h"
#include "text/utf8.h"

#include <string.h>

/* White space as single blanks, none at the ends; malformed bytes repaired. */
static struct str tidy_in(struct arena *arena, struct str text)
{
	struct str valid = utf8_repair_in(arena, text);
	char *tidy = arena_alloc(arena, valid.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < valid.len; i++) {
		bool is_blank = (unsigned char)valid.ptr[i] <= ' ' || valid.ptr[i] == 0x7f;
		if (!is_blank)
			tidy[len++] = valid.ptr[i];
		else if (len && tidy[len - 1] != ' ')
			tidy[len++] = ' ';
	}
	len -= len && tidy[len - 1] == ' ';
	tidy[len] = '\0';
	return (struct str){ tidy, len };
}

/* Whatever can begin markup; at the start also what makes a list of the line. */
static struct str escaped_in(struct arena *arena, struct str text)
{
	struct buf out = { 0 };
	bool is_start = true;
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("\\`*_[]<>&#~", text.ptr[i]) || (is_start && strchr("-+=.)", text.ptr[i])))
			buf_add_char(&out, '\\');
		is_start &= text.ptr[i] >= '0' && text.ptr[i] <= '9';
		buf_add_char(&out, text.ptr[i]);
	}
	struct str escaped = { arena_strdup(arena, buf_str(&out)), out.len };
	buf_clear(&out);
	return escaped;
}

/* Whether `line` is one block of the wanted type whose text is `text`, and holds no HTML. */
static bool reads_as(struct arena *arena, const char *line, cmark_node_type type, struct str text)
{
	struct source source = { .text = str_of(line) };
	cmark_node *document = markdown_parse(&source), *block = cmark_node_first_child(document), *inner = block;
	bool is_one = block && !cmark_node_next(block) && cmark_node_get_type(block) == type;
	if (is_one && type == CMARK_NODE_LIST) {
		cmark_node *item = cmark_node_first_child(block);
		inner = cmark_node_first_child(item);
		is_one = inner && !cmark_node_next(item) && !cmark_node_next(inner) &&
			 cmark_node_get_type(inner) == CMARK_NODE_PARAGRAPH;
	}
	for (cmark_node *node = is_one ? cmark_node_first_child(inner) : NULL; node; node = cmark_node_next(node))
		is_one &= cmark_node_get_type(node) == CMARK_NODE_TEXT;
	is_one = is_one && str_equal(markdown_text_in(arena, inner), text);
	cmark_node_free(document);
	return is_one;
}

/* `text` behind `prefix` ("- ", "## "), written so that it is read back as it is: as it stands when that will do. */
static int write_in(struct arena *arena, const char *prefix, cmark_node_type type, struct str text, const char *what,
		    const char **out_line, struct error *err)
{
	struct str tidy = tidy_in(arena, text);
	if (!tidy.len)
		return error_set(err, ERROR_INPUT, "%s is empty", what);
	if (utf8_count(tidy) > CORPUS_EXAMPLE_CHARACTERS_MAX)
		return error_set(err, ERROR_INPUT, "%s has more than %d characters", what,
				 CORPUS_EXAMPLE_CHARACTERS_MAX);
	const struct str ways[] = { tidy, escaped_in(arena, tidy) };
	for (size_t i = 0; i < 2; i++) {
		const char *line = arena_printf(arena, "%s%.*s", prefix, STR_ARG(ways[i]));
		if (!reads_as(arena, line, type, tidy))
			continue;
		*out_line = line;
		return 0;
	}
	return error_set(err, ERROR_INPUT, "%s cannot be written into a topic file", what);
}

int edit_heading_in(struct arena *arena, struct str text, const char *what, const char **out_line, struct error *err)
{
	return write_in(arena, "## ", CMARK_NODE_HEADING, text, what, out_line, err);
}

int edit_item_in(struct arena *arena, struct str text, const char *what, const char **out_line, struct error *err)
{
	return write_in(arena, "- ", CMARK_NODE_LIST, text, what, out_line, err);
}

/* Where a backslash makes a plain text of the line; SIZE_MAX: nowhere. */
static size_t spot_to_escape(struct str line)
{
	size_t at = 0, len;
	while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
		at++;
	struct str rest = str_part(line, at, line.len);
	if (rest.len && strchr("#-+=<", rest.ptr[0]))
		return at;
	if (str_starts(rest, "```") || str_starts(rest, "~~~") || str_starts(rest, "* ") || str_is(rest, "*"))
		return at;
	for (len = 0; len < rest.len && rest.ptr[len] >= 'a' && rest.ptr[len] <= 'z';)
		len++;
	bool is_option = len && len < rest.len && rest.ptr[len] == ':' && !str_starts(str_part(rest, len, 3), "://");
	return is_option ? at + len : SIZE_MAX;
}

struct str edit_answer_in(struct arena *arena, struct str text)
{
	struct buf out = { 0 };
	struct str line;
	while (str_line(&text, &line)) {
		size_t spot = spot_to_escape(line), before = spot < line.len ? spot : line.len;
		buf_add(&out, line.ptr, before);
		buf_add_text(&out, spot < line.len ? "\\" : "");
		buf_add(&out, line.ptr + before, line.len - before);
		buf_add_char(&out, '\n');
	}
	struct str answer = { arena_strdup(arena, buf_str(&out)), out.len };
	buf_clear(&out);
	return answer;
}

static const char *line_end(struct str file)
{
	size_t at = str_find(file, '\n');
	return at && at < file.len && file.ptr[at - 1] == '\r' ? "\r\n" : "\n";
}

/* Where line `number` (from 1) ends, behind its line end. */
static size_t end_of_line(struct str file, uint32_t number)
{
	size_t at = 0;
	for (; number && at < file.len; number--) {
		size_t end = str_find(str_part(file, at, file.len), '\n');
		at = at + end < file.len ? at + end + 1 : file.len;
	}
	return at;
}

static struct str line_at(struct str file, size_t from)
{
	struct str rest = str_part(file, from, file.len);
	return str_part(rest, 0, str_find(rest, '\n'));
}

/* Behind an item's line stand those that go on with it, indented. */
static size_t end_of_item(struct str file, size_t at)
{
	while (at < file.len && (file.ptr[at] == ' ' || file.ptr[at] == '\t')) {
		struct str line = line_at(file, at);
		if (!str_trim(line).len)
			break;
		at += line.len + (at + line.len < file.len);
	}
	return at;
}

static struct str put_in(struct arena *arena, struct str file, size_t at, const char *lines)
{
	const char *end = line_end(file);
	bool is_open = at && file.ptr[at - 1] != '\n'; /* the last line of the file has no end */
	struct buf out = { 0 };
	buf_add(&out, file.ptr, at);
	buf_add_text(&out, is_open ? end : "");
	for (; *lines; lines++)
		if (*lines == '\n')
			buf_add_text(&out, end);
		else
			buf_add_char(&out, *lines);
	buf_add(&out, file.ptr + at, file.len - at);
	struct str whole = { arena_strdup(arena, buf_str(&out)), out.len };
	buf_clear(&out);
	return whole;
}

/* What stands before the wording in its line: "- ", "  * ". */
static const char *bullet_in(struct arena *arena, struct str line)
{
	size_t len = 0;
	while (len < line.len && (line.ptr[len] == ' ' || line.ptr[len] == '\t'))
		len++;
	if (len < line.len && strchr("-*+", line.ptr[len]))
		for (len++; len < line.len && (line.ptr[len] == ' ' || line.ptr[len] == '\t');)
			len++;
	else
		return NULL;
	return arena_strdup(arena, str_part(line, 0, len));
}

int edit_add_wording_in(struct arena *arena, struct str file, const struct intent *intent, struct str wording,
			struct str *out_file, struct error *err)
{
	uint32_t last = 0;
	const char *bullet = NULL, *line = "";
	for (size_t i = 0; i < intent->example_count; i++)
		if (intent->examples[i].place.line > last)
			last = intent->examples[i].place.line;
	if (last)
		bullet = bullet_in(arena, line_at(file, end_of_line(file, last - 1)));
	if (write_in(arena, "- ", CMARK_NODE_LIST, wording, "the wording", &line, err))
		return -1;
	if (bullet) {
		*out_file = put_in(arena, file, end_of_item(file, end_of_line(file, last)),
				   arena_printf(arena, "%s%s\n", bullet, line + 2));
		return 0;
	}
	if (last)
		return error_set(err, ERROR_INPUT, "line %u of %s is no item of a list with - or *", last,
				 intent->place.file);
	size_t at = end_of_line(file, intent->place.line);
	bool has_gap = at >= file.len || !str_trim(line_at(file, at)).len;
	*out_file = put_in(arena, file, at, arena_printf(arena, has_gap ? "%s\n" : "%s\n\n", line));
	return 0;
}

int edit_add_question_in(struct arena *arena, struct str file, const struct edit_question *question,
			 struct str *out_file, struct error *err)
{
	struct buf lines = { 0 };
	const char *line = "";
	if (write_in(arena, "## ", CMARK_NODE_HEADING, question->question, "the question", &line, err))
		return -1;
	size_t end = file.len;
	buf_printf(&lines, "%s%s\n", file.len ? "\n" : "", line);
	if (question->wording.len) {
		if (write_in(arena, "- ", CMARK_NODE_LIST, question->wording, "the wording", &line, err)) {
			buf_clear(&lines);
			return -1;
		}
		buf_printf(&lines, "%s\n", line);
	}
	struct str answer = str_trim(utf8_repair_in(arena, question->answer)), part;
	buf_add_text(&lines, answer.len ? "\n" : "");
	while (answer.len && str_line(&answer, &part))
		buf_printf(&lines, "%.*s\n", STR_ARG(part));
	*out_file = put_in(arena, file, end, buf_text(&lines));
	buf_clear(&lines);
	return 0;
}
