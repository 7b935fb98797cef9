/* SPDX-License-Identifier: Apache-2.0 */
/* All that the bot knows, as one immutable, counted snapshot: corpus, a trained matcher and a mood lexicon for each
 * language, the shop's time zone. A reload makes a new one aside. */
#ifndef SHOPBELL_DIALOGUE_KNOWLEDGE_H
#define SHOPBELL_DIALOGUE_KNOWLEDGE_H

#include "base/arena.h"
#include "base/str.h"
#include "corpus/corpus.h"
#include "dialogue/asked.h"
#include "match/match.h"
#include "sentiment/mood.h"
#include "text/token.h"

#include <stddef.h>

struct zone;

struct known_language {
	const struct language_corpus *corpus;
	const struct matcher *matcher;
	const struct mood_lexicon *lexicon;
};

struct knowledge {
	const struct corpus *corpus;
	const struct known_language *languages; /* as corpus->languages */
	size_t language_count;
	const struct zone *zone;
};

/* Reads, checks, trains, and runs every `test:` line. NULL when anything is an error (with [files] tests = warn a
 * failed test is a warning). `problems` gets all of it, its texts in `problems->arena`. `before`, when not NULL, is
 * the snapshot in use: matchers of languages that did not change are shared with it. */
struct knowledge *knowledge_load(const char *directory, const struct knowledge *before, struct diagnostics *problems);
/* The same, told how far the training is: `progress` is called now and then with 0..1, which never falls. */
struct knowledge *knowledge_load_telling(const char *directory, const struct knowledge *before,
					 struct diagnostics *problems, void (*progress)(void *context, double share),
					 void *context);
struct knowledge *knowledge_ref(struct knowledge *knowledge);
void knowledge_unref(struct knowledge *knowledge); /* NULL does nothing; safe from every thread */

/* The entry for a language code, or NULL. */
const struct known_language *knowledge_language(const struct knowledge *knowledge, const char *language);

/* What one thread needs to think: scratch memory, reused from turn to turn. */
struct mind;
struct mind *mind_new(void);
void mind_free(struct mind *mind);

/* An utterance, understood. Plain value; pointers borrow from the knowledge. */
struct understanding {
	const struct known_language *language;
	struct match_result match;
	struct mood mood;
	enum wish wish;       /* for a person */
	struct tokens tokens; /* of the mind: until it understands the next one */
};
/* `usual`: the language of the page or of the conversation so far, or NULL for the shop's. */
void knowledge_understand(const struct knowledge *knowledge, struct mind *mind, struct str utterance, const char *usual,
			  struct understanding *out);

#endif
