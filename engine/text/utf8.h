/* SPDX-License-Identifier: Apache-2.0 */
/* Reading UTF-8 from outside: validity, characters, repair. */
#ifndef SHOPBELL_TEXT_UTF8_H
#define SHOPBELL_TEXT_UTF8_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Well formed as RFC 3629 says: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_is_valid(struct str text);
/* Characters (code points) in valid UTF-8. */
size_t utf8_count(struct str text);
/* The code point at byte `*at`, and `*at` moved behind it. A malformed byte gives U+FFFD and moves one byte.
 * `*at` must be below text.len. */
uint32_t utf8_next(struct str text, size_t *at);
/* Appends the 1 to 4 bytes of `code` to `out` (room for 4); gives their count. */
size_t utf8_put(uint32_t code, char *out);
/* As much of valid `text` as fits into `max_bytes`, whole characters only. */
struct str utf8_cut(struct str text, size_t max_bytes);
/* `text` itself when valid, else a copy with each malformed byte replaced by U+FFFD. */
struct str utf8_repair_in(struct arena *arena, struct str text);
/* A copy fit for one line of a terminal: valid UTF-8, at most so many characters, '?' for control characters but tabs (what
 * somebody wrote may hold escape sequences). */
const char *utf8_printable_in(struct arena *arena, const char *text, size_t characters_max);

#endif
