/* SPDX-License-Identifier: Apache-2.0 */
/* The languages that Shopbell can stem, and telling them apart. A language is named by its ISO 639-1 code. */
#ifndef SHOPBELL_TEXT_LANGUAGE_H
#define SHOPBELL_TEXT_LANGUAGE_H

#include "base/str.h"

#include <stdbool.h>

/* The static, canonical code ("en") for a code or tag in any case ("EN", "en-GB", "de_AT"); NULL when no stemmer
 * of libstemmer knows the language. Codes may be compared as pointers. */
const char *language_code(struct str tag);
/* The English name ("German") of a canonical code. */
const char *language_name(const char *code);

/* Whether the folded `word` is one of the little words that hold a sentence of language `code` together. Known for the
 * languages that language_guess knows; false for the others. */
bool language_is_function_word(struct str word, const char *code);

/* Which of `codes` (canonical, `count` of them) `utterance` is written in, judged by function words and letters.
 * `usual` is what it most likely is (the page's or the conversation's language, one of `codes`) and is given back
 * when nothing speaks clearly against it. */
const char *language_guess(struct str utterance, const char *const *codes, size_t count, const char *usual);

/* Whether `utterance` is clearly written in a language other than `code` (known to this module or a script that
 * the language does not use). A hint for refusing, never for answering. */
bool language_is_foreign(struct str utterance, const char *code);

#endif
