/* SPDX-License-Identifier: Apache-2.0 */
/* Folding of whole texts, for comparing them: what differs only in case, form or punctuation is the same. Words with
 * their places are token.h. */
#ifndef SHOPBELL_TEXT_FOLD_H
#define SHOPBELL_TEXT_FOLD_H

#include "base/arena.h"
#include "base/str.h"

/* The words, numbers and emoji of `text` in order, folded as tokens are, with one space between: "What's up?" gives
 * "what is up" in English. Empty when there is none. At most UTTERANCE_BYTES_MAX bytes are read. */
struct str fold_words_in(struct arena *arena, struct str text, const char *language);

/* `text` for an address or an id: letters a-z and digits, marks stripped ("Größe" gives "grosse"), apostrophes dropped,
 * every run of anything else one "-", none at the ends. Empty when nothing is left. NUL-terminated. At most
 * UTTERANCE_BYTES_MAX bytes are read. */
struct str fold_slug_in(struct arena *arena, struct str text);

#endif
