/* SPDX-License-Identifier: Apache-2.0 */
/* Snowball stems, by libstemmer. */
#ifndef SHOPBELL_TEXT_STEM_H
#define SHOPBELL_TEXT_STEM_H

#include "base/str.h"

#include <stdint.h>

struct stemmer; /* one thread at a time */

/* A stemmer for the canonical language `code`; the caller frees it. */
struct stemmer *stemmer_new(const char *code);
void stemmer_free(struct stemmer *stemmer);
/* The stem of a folded word. It lives until the next call with the same stemmer: copy it at once. */
struct str stemmer_stem(struct stemmer *stemmer, struct str word);
/* The same of a word whose hash_bytes(), seed 0, is known. */
struct str stemmer_stem_hashed(struct stemmer *stemmer, struct str word, uint64_t hash);

#endif
