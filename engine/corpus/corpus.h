/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's folder of topic files, read and checked: languages, intents, examples, answers, words, settings.
 * Immutable after loading. How well anything matches is not known here. */
#ifndef SHOPBELL_CORPUS_CORPUS_H
#define SHOPBELL_CORPUS_CORPUS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "corpus/diagnostics.h"
#include "corpus/settings.h"
#include "text/terms.h"

#include <stdbool.h>
#include <stdint.h>

/* Limits, each told to the owner as an error at the place where it is passed. */
enum {
	CORPUS_FILES_MAX = 2000,
	CORPUS_FILE_BYTES_MAX = 4 * 1024 * 1024,
	CORPUS_INTENTS_MAX = 2000,        /* per language */
	CORPUS_EXAMPLES_MAX = 200 * 1000, /* per language */
	CORPUS_EXAMPLE_CHARACTERS_MAX = 1000,
	CORPUS_ANSWER_CHARACTERS_MAX = 8000,
};
#define INTENT_NONE UINT32_MAX

/* What the answer above all ### is called beside its variants. */
#define ANSWER_PLAIN_NAME "plain"

enum answer_case { ANSWER_PLAIN, ANSWER_UPSET, ANSWER_CLOSED, ANSWER_VARIANT };

struct answer {
	enum answer_case when;
	const char *variant;  /* the name of `### Variant NAME`, else "" */
	const char *markdown; /* as the owner wrote it */
	const char *html;     /* by cmark, safe: no raw HTML, links http(s), mailto, tel and paths only */
	const char *text;     /* plain text for transcripts and screen readers; link targets in parentheses */
};

enum human_rule { HUMAN_NEVER, HUMAN_WHEN_UPSET, HUMAN_ALWAYS, HUMAN_DEFAULT };

struct example {
	const char *text;
	struct place place;
};

enum expectation { EXPECT_INTENT, EXPECT_NONE };

struct test_line {
	const char *utterance;
	enum expectation expects;
	uint32_t intent; /* index in the language; INTENT_NONE for EXPECT_NONE */
	struct place place;
};

struct intent {
	const char *id;       /* "delivery-time" */
	const char *question; /* the heading, as plain text */
	const char *page;     /* the `#` heading above, else the file's name */
	struct place place;
	const struct example *examples; /* without the heading */
	size_t example_count;
	const struct answer *answers; /* the plain one first, if there is one */
	size_t answer_count;
	const uint32_t *next; /* intents of the same language */
	size_t next_count;
	const struct test_line *tests;
	size_t test_count;
	enum human_rule human;
	bool is_sensitive, is_live;
	int priority;
	const char *const *keywords;
	size_t keyword_count;
};

/* All of one language: the files in the folder itself are in the shop's language, `de/` holds German ... */
struct language_corpus {
	const char *language; /* canonical code */
	const struct intent *intents;
	size_t intent_count;
	const struct thesaurus *thesaurus;
	/* Mood words of words.md in this language (folded phrases). */
	const struct str *upset_words;
	size_t upset_word_count;
	const struct str *calm_words;
	size_t calm_word_count;
	const uint32_t *by_id; /* the intents in the order of their ids */
};

struct corpus {
	struct settings settings;
	const struct language_corpus *languages; /* the shop's language first, the rest by code */
	size_t language_count;
	char version[17]; /* 16 hex digits over names and bytes of all files, whatever the order of the directory */
};

/* Reads all of `directory` into `arena`. Returns NULL when a file has an error; warnings alone do not hinder.
 * `problems` then tells all of them (its arena may be `arena`). Cost: linear in the bytes read. */
const struct corpus *corpus_load_in(struct arena *arena, const char *directory, struct diagnostics *problems);

/* A file that was read elsewhere; its name is relative to the folder: "shop.ini", "delivery.md", "de/lieferung.md". */
struct corpus_file {
	const char *name;
	struct str text;
};
/* As corpus_load_in, from memory; the order of the files does not matter. What is no file of a corpus by its name is
 * not looked at. */
const struct corpus *corpus_read_in(struct arena *arena, const struct corpus_file *files, size_t count,
				    struct diagnostics *problems);

/* Where `language` is in the corpus, or NULL. */
const struct language_corpus *corpus_language(const struct corpus *corpus, const char *language);
/* The index of the intent called `id`, or INTENT_NONE. */
uint32_t corpus_intent(const struct language_corpus *language, struct str id);
/* The answer for the case, else the plain one, else NULL. */
const struct answer *intent_answer(const struct intent *intent, enum answer_case when);

#endif
