/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown by cmark, as the corpus needs it: plain texts of nodes, answers as safe HTML and as text. The only part of
 * the program that knows cmark's nodes, beside those that walk the blocks of a file (topic.c, words.c). */
#ifndef SHOPBELL_CORPUS_MARKDOWN_H
#define SHOPBELL_CORPUS_MARKDOWN_H

#include "base/arena.h"
#include "base/str.h"
#include "corpus/internal.h"

#include <cmark.h>

struct answer;

/* The whole file as a tree; the caller frees it with cmark_node_free(). */
cmark_node *markdown_parse(const struct source *source);
/* The text of a node without its markup, white space as single blanks, trimmed. */
struct str markdown_text_in(struct arena *arena, cmark_node *node);
/* The first line of a block, from its first character on. */
struct spot markdown_spot(const struct source *source, cmark_node *node);

/* Warns of what an answer will not show: raw HTML, pictures, links that are not safe. */
void markdown_check(const struct source *source, cmark_node *block, struct arena *arena, struct diagnostics *problems);
/* A block of an answer being gathered. */
struct markdown_block {
	cmark_node *node;
};

/* The source of all blocks, with an empty line between each two. */
const char *markdown_join_in(struct arena *arena, const struct source *source, const struct markdown_block *blocks,
			     size_t count);
/* Fills html and text of `out` from blocks that were checked. The blocks are taken out of their tree and freed. What
 * markdown_check warns of is left out, of pictures and links all but their words. */
void markdown_answer_in(struct arena *arena, const struct markdown_block *blocks, size_t count, struct answer *out);

#endif
