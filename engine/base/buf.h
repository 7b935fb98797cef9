/* SPDX-License-Identifier: Apache-2.0 */
/* A growing piece of bytes, always NUL-terminated, for building texts. */
#ifndef SHOPBELL_BASE_BUF_H
#define SHOPBELL_BASE_BUF_H

#include "base/str.h"

#include <stddef.h>

/* Zero is a valid empty buffer; `data` is NULL until the first byte comes. */
struct buf {
	char *data;
	size_t len; /* bytes, without the NUL */
	size_t capacity;
};

/* Gives the memory back; the buffer is empty and usable again. */
void buf_clear(struct buf *buf);
/* Empties it and keeps the memory. */
void buf_reset(struct buf *buf);
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_str(struct buf *buf, struct str text);
void buf_add_text(struct buf *buf, const char *text);
char *buf_grow(struct buf *buf, size_t len); /* for buf_room(), when there is none */
/* Room for `len` more bytes at the end, and one for the NUL: the caller writes them and says with buf_grew() how many it
 * were. */
static inline char *buf_room(struct buf *buf, size_t len)
{
	return len < buf->capacity - buf->len ? buf->data + buf->len : buf_grow(buf, len);
}
static inline void buf_grew(struct buf *buf, size_t len)
{
	buf->len += len;
	buf->data[buf->len] = '\0';
}
static inline void buf_add_char(struct buf *buf, char c)
{
	char *end = buf->capacity - buf->len > 1 ? buf->data + buf->len : buf_room(buf, 1);
	*end = c;
	buf_grew(buf, 1);
}
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The content as a NUL-terminated text, "" when empty; valid until the next change. */
const char *buf_text(const struct buf *buf);
struct str buf_str(const struct buf *buf);
/* Hands the content over: a NUL-terminated heap text that the caller frees; the buffer is empty then. */
char *buf_take(struct buf *buf);

#endif
