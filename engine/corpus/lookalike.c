/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/lookalike.h"

#include "base/count.h"

#include <string.h>

static void complain(struct diagnostics *problems, struct spot spot, const char *hint, const char *what)
{
	report(problems, SEVERITY_ERROR, spot, hint, "%s", what);
}

/* What Markdown takes for text though it was meant as something else: no blank behind ## or behind the - of a wording.
 * Visitors would read it in an answer. */
static bool has_missing_blank(const struct source *source, uint32_t first, uint32_t last, bool is_fresh,
			      struct diagnostics *problems)
{
	for (uint32_t number = first; number <= last; number++) {
		struct str line = str_trim(source_line(source, number));
		unsigned char second = line.len > 1 ? (unsigned char)line.ptr[1] : 0; /* "-5%" is text */
		bool is_letter = ((second | 0x20) >= 'a' && (second | 0x20) <= 'z') || second >= 0x80;
		bool is_dash = is_letter && line.ptr[0] == '-' && number == first && is_fresh;
		if (!is_dash && !str_starts(line, "##"))
			continue;
		complain(problems, spot_of(source, number, line),
			 is_dash ? "write a blank behind the -"
				 : "write a blank behind the #, and leave a line empty before it",
			 is_dash ? "this is no wording" : "this is no heading");
		return true;
	}
	return false;
}

/* A list as word processors write it, where wordings are due: all its lines begin with one of their signs. A single line
 * behind a dash may be an answer. */
static bool has_foreign_bullets(const struct source *source, uint32_t first, uint32_t last,
				struct diagnostics *problems)
{
	static const char *const SIGNS[] = { "–", "—", "•", "·", "●", "▪", "◦", "‣", "∙" };
	enum { DASHES = 2 };
	size_t sign = 0;
	struct str line = str_trim(source_line(source, first));
	while (sign < COUNT(SIGNS) && !str_starts(line, SIGNS[sign]))
		sign++;
	if (sign == COUNT(SIGNS) || (sign < DASHES && first == last))
		return false;
	for (uint32_t number = first; number <= last; number++)
		if (!str_starts(str_trim(source_line(source, number)), SIGNS[sign]))
			return false;
	complain(problems, spot_of(source, first, line), "write - and a blank before each of them",
		 "these are no wordings");
	return true;
}

bool lookalike_paragraph(const struct source *source, uint32_t first, uint32_t last, bool is_fresh,
			 struct diagnostics *problems)
{
	return has_missing_blank(source, first, last, is_fresh, problems) ||
	       (is_fresh && has_foreign_bullets(source, first, last, problems));
}

void lookalike_block(const struct source *source, cmark_node *node, struct diagnostics *problems)
{
	bool is_code = cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK;
	uint32_t first = (uint32_t)cmark_node_get_start_line(node), last = (uint32_t)cmark_node_get_end_line(node);
	struct str opening = str_trim(source_line(source, first));
	bool is_remark = !is_code && str_starts(opening, "<!--");
	for (uint32_t number = first; number <= last; number++) {
		struct str line = str_trim(source_line(source, number));
		if (!str_starts(line, "## "))
			continue;
		bool is_fenced = str_starts(opening, "```") || str_starts(opening, "~~~");
		report(problems, SEVERITY_WARNING, spot_of(source, number, line),
		       is_remark   ? "end the comment above with -->"
		       : !is_code  ? "leave a line empty before it"
		       : is_fenced ? "end the block of code above with a line of ```"
				   : "take the blanks before it away",
		       is_remark ? "this question stands in a comment that does not end, and is not read"
		       : is_code ? "this question stands in a block of code and is not read"
				 : "this question stands in HTML and is not read");
		return;
	}
}

static uint32_t front_matter_end(const struct source *source)
{
	struct str fence = str_trim(source_line(source, 1)), second = str_trim(source_line(source, 2));
	bool is_toml = str_is(fence, "+++");
	size_t word = 0;
	while (word < second.len && (second.ptr[word] == '_' || second.ptr[word] == '-' ||
				     ((second.ptr[word] | 0x20) >= 'a' && (second.ptr[word] | 0x20) <= 'z')))
		word++;
	struct str rest = str_trim(str_part(second, word, second.len));
	if (!(is_toml || str_is(fence, "---")) || !word || !str_starts(rest, is_toml ? "=" : ":"))
		return 0;
	for (uint32_t number = 2; number <= source->line_count; number++) {
		struct str line = source_line(source, number);
		if (str_equal(str_trim(line), fence))
			return number;
		if (str_starts(line, "## "))
			return 0;
	}
	return 0;
}

uint32_t lookalike_front_matter(const struct source *source, struct diagnostics *problems)
{
	uint32_t end = front_matter_end(source);
	if (end)
		report(problems, SEVERITY_WARNING, spot_of(source, 1, str_trim(source_line(source, 1))),
		       "a page's name is written with #; take these lines out",
		       "what stands above the page is not read");
	return end;
}
