/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of a topic file that the owner approved, as new bytes of the file: all that is not about the change stays as
 * it is, line ends included. Whether the result is a good corpus is for corpus_read_in() to say. */
#ifndef SHOPBELL_CORPUS_EDIT_H
#define SHOPBELL_CORPUS_EDIT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "corpus/corpus.h"

/* Adds `wording` to the list of wordings of `intent`, which was read from these bytes: behind the last one, with the
 * same bullet, or as a new list below the heading. The wording is a text: what Markdown would take for its own is
 * escaped; white space counts as single blanks. 0, or -1 with ERROR_INPUT when nothing is left, when it is too long, or
 * when no way of writing it gives it back. */
int edit_add_wording_in(struct arena *arena, struct str file, const struct intent *intent, struct str wording,
			struct str *out_file, struct error *err);

/* A heading "## ..." and an item "- ..." that are read back as `text`, in the same way. `what` is for the error: "the wording". */
int edit_heading_in(struct arena *arena, struct str text, const char *what, const char **out_line, struct error *err);
int edit_item_in(struct arena *arena, struct str text, const char *what, const char **out_line, struct error *err);
/* `text`, which somebody wrote for another program, as an answer: no line of it is taken for a heading, an option, a wording, the
 * beginning of a block of code or of HTML. Emphasis and links stay. */
struct str edit_answer_in(struct arena *arena, struct str text);

/* A question with its answer at the end of a topic file. */
struct edit_question {
	struct str question; /* a text, escaped as above */
	struct str wording;  /* a text, or empty */
	struct str answer;   /* Markdown, taken as it is */
};
int edit_add_question_in(struct arena *arena, struct str file, const struct edit_question *question,
			 struct str *out_file, struct error *err);

#endif
