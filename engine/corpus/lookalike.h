/* SPDX-License-Identifier: Apache-2.0 */
/* What its owner takes for a question, a wording or a page's head, and Markdown for something else: told before visitors
 * read it in an answer, or nobody at all. */
#ifndef SHOPBELL_CORPUS_LOOKALIKE_H
#define SHOPBELL_CORPUS_LOOKALIKE_H

#include "corpus/markdown.h"

#include <stdbool.h>

/* A paragraph from line `first` to `last` with no blank behind ## or -, or a list with the signs of word processors where
 * wordings are due (`is_fresh`: directly below a question). True when an error was reported. */
bool lookalike_paragraph(const struct source *source, uint32_t first, uint32_t last, bool is_fresh,
			 struct diagnostics *problems);
/* A block of code that nobody ended swallows the questions behind it, and so does a comment: for such a block. */
void lookalike_block(const struct source *source, cmark_node *node, struct diagnostics *problems);
/* The lines that some programs keep a page's title and date in: ---, "key: value" and --- at the top of the file. Warns of
 * them; where they end, or 0 when there are none. */
uint32_t lookalike_front_matter(const struct source *source, struct diagnostics *problems);

#endif
