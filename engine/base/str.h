/* SPDX-License-Identifier: Apache-2.0 */
/* A borrowed slice of UTF-8 bytes: pointer and length, not NUL-terminated, owned by somebody else. */
#ifndef SHOPBELL_BASE_STR_H
#define SHOPBELL_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *ptr;
	size_t len; /* bytes */
};

/* For printf: printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).len, (s).ptr
/* A slice of a string literal. */
#define STR_LIT(literal) ((struct str){ (literal), sizeof(literal) - 1 })

/* Those that are asked for every word of every message stand here, where their lengths are often known beforehand. */

/* A slice of all of NUL-terminated `text`; NULL gives an empty slice. */
static inline struct str str_of(const char *text)
{
	return (struct str){ text ? text : "", text ? strlen(text) : 0 };
}
/* The slice `s[from, from+len)`, cut to what there is. */
struct str str_part(struct str s, size_t from, size_t len);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
static inline bool str_equal(struct str a, struct str b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}
/* As str_equal, but ASCII letters of either case are the same. */
bool str_equal_nocase(struct str a, struct str b);
static inline bool str_is(struct str s, const char *text)
{
	return str_equal(s, str_of(text));
}
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
/* memcmp order, the shorter first. */
int str_compare(struct str a, struct str b);
/* Offset of the first `byte`, or s.len. */
size_t str_find(struct str s, char byte);
/* Cuts the part up to `separator` off the front of `*rest` (and drops the separator). False when `*rest` was
 * used up: rest->ptr is NULL then. "a,,b" gives "a", "", "b". */
bool str_split(struct str *rest, char separator, struct str *out_part);
/* As str_split at newlines; a CR before the newline is dropped. */
bool str_line(struct str *rest, struct str *out_line);
/* A decimal number without sign, all of `s`; false when it is none or above `max`. */
bool str_number(struct str s, unsigned long long max, unsigned long long *out_value);

#endif
