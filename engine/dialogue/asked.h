/* SPDX-License-Identifier: Apache-2.0 */
/* Does somebody ask for a person, in so many words? By small patterns, so that it works for a shop without such an
 * intent, and as the first thing said. */
#ifndef SHOPBELL_DIALOGUE_ASKED_H
#define SHOPBELL_DIALOGUE_ASKED_H

#include "base/str.h"

#include <stdbool.h>

struct intent;
struct utterance;

enum wish {
	WISH_NONE,      /* nothing of the kind is said */
	WISH_PERSON,    /* "can I talk to someone", "human please" */
	WISH_NO_PERSON, /* the reverse, or a question about the bot: "am I talking to a person" */
};
/* The words of all patterns, in tables: made once, shared by threads. */
struct wish_words;
struct wish_words *wish_words_new(void);
void wish_words_free(struct wish_words *words); /* NULL does nothing */

/* In English and in `language` (de, fr, es; others have English only). "user agent" and "human hair" are none. Linear in
 * the length of the utterance, which is cut here when nobody did before. */
enum wish person_wish(const struct wish_words *words, struct utterance *utterance, const char *language);
/* The language among those with rules that `utterance` is in, `usual` (one of them) when nothing speaks clearly against it:
 * for a shop that has no files in the visitor's. */
const char *wish_language(struct str utterance, const char *usual);
/* Whether an intent is that request: `human: always`, under one of the usual ids ("talk-to-a-person", "human" ...). */
bool is_person_intent(const struct intent *intent);

#endif
