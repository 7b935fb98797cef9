/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_clear(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ 0 };
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

char *buf_grow(struct buf *buf, size_t more)
{
	if (more >= SIZE_MAX - buf->len)
		mem_resize(NULL, SIZE_MAX, 2); /* ends the process */
	size_t needed = buf->len + more + 1;
	size_t capacity = buf->capacity ? buf->capacity : 64;
	while (capacity < needed)
		capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
	buf->data = mem_resize(buf->data, capacity, 1);
	buf->capacity = capacity;
	return buf->data + buf->len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	char *end = buf_room(buf, len);
	if (len)
		memcpy(end, bytes, len);
	buf_grew(buf, len);
}

void buf_add_str(struct buf *buf, struct str text)
{
	buf_add(buf, text.ptr, text.len);
}

void buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len > 0) {
		vsnprintf(buf_room(buf, (size_t)len), (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}

const char *buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

struct str buf_str(const struct buf *buf)
{
	return (struct str){ buf_text(buf), buf->len };
}

char *buf_take(struct buf *buf)
{
	char *text = buf->data ? buf->data : mem_strdup("");
	*buf = (struct buf){ 0 };
	return text;
}
