/* SPDX-License-Identifier: Apache-2.0 */
/* One topic file: its intents as drafts. What needs the other files (ids, wordings, `next:`, `test:`) is left for
 * resolve.c. */
#ifndef SHOPBELL_CORPUS_TOPIC_H
#define SHOPBELL_CORPUS_TOPIC_H

#include "corpus/corpus.h"
#include "corpus/internal.h"

#include <stdbool.h>

/* A name as the owner wrote it, to be looked up when all intents are known. */
struct reference {
	struct str name;
	struct spot spot;
};

struct draft_test {
	struct str utterance;
	struct spot spot;
	struct reference expects; /* name empty: the intent itself; "none": no intent */
};

struct draft_example {
	struct str text;
	struct spot spot;
};

/* An intent while it is read; the arrays are on the heap until drafts_clear(). */
struct draft {
	struct str id, question, page;
	struct spot spot; /* of the heading's text */
	struct {
		struct draft_example *items;
		size_t count, capacity;
	} examples;
	struct {
		struct answer *items;
		size_t count, capacity;
	} answers;
	struct {
		struct reference *items;
		size_t count, capacity;
	} next;
	struct {
		struct draft_test *items;
		size_t count, capacity;
	} tests;
	struct {
		const char **items;
		size_t count, capacity;
	} keywords;
	enum human_rule human;
	struct spot human_spot;
	bool is_sensitive, is_live;
	int priority;
	unsigned options_seen; /* bits of the options that may stand once */
};

struct drafts {
	const char *language; /* canonical code */
	struct draft *items;
	size_t count, capacity;
	size_t example_count; /* with headings */
	bool is_full;         /* there are more questions than may be, and that was told */
};

/* Reads a topic file into `drafts`; texts live in `arena`. */
void topic_read_in(struct arena *arena, const struct source *source, struct drafts *drafts,
		   struct diagnostics *problems);
void drafts_clear(struct drafts *drafts);

/* ---- Option lines (options.c) ---- */

enum option_paragraph {
	OPTIONS_NONE,    /* an ordinary paragraph */
	OPTIONS_ALL,     /* every line is `key: value` */
	OPTIONS_MIXED,   /* a known option among other text; `*out_line` is its line */
	OPTIONS_CAPITAL, /* every line is a known option but for a capital letter or a blank before the colon */
};
/* Whether a line is a known option. */
bool options_is_one(struct str line);
/* `*out_line` is the first line with a known option, or 0. */
enum option_paragraph options_look(const struct source *source, uint32_t first, uint32_t last, uint32_t *out_line);
/* Reads the option lines first..last into `draft`. */
void options_read(struct arena *arena, const struct source *source, uint32_t first, uint32_t last, struct draft *draft,
		  struct diagnostics *problems);

#endif
