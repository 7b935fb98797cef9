/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is given out piece by piece and taken back all at once. A piece is never freed singly. */
#ifndef SHOPBELL_BASE_ARENA_H
#define SHOPBELL_BASE_ARENA_H

#include "base/str.h"

#include <stddef.h>

struct arena_block;

/* Zero is a valid empty arena: `struct arena a = { 0 };`. */
struct arena {
	struct arena_block *first;   /* the blocks in order of making */
	struct arena_block *current; /* where the next piece comes from */
};

/* Gives all memory back. */
void arena_clear(struct arena *arena);
/* Forgets all pieces and keeps the blocks for the next use: for scratch that is used every turn. */
void arena_reset(struct arena *arena);
/* `size` bytes, aligned for any type, uninitialised; never NULL. */
void *arena_alloc(struct arena *arena, size_t size);
/* A zeroed array of `count` elements of `size` bytes. */
void *arena_zalloc(struct arena *arena, size_t count, size_t size);
/* A NUL-terminated copy. */
char *arena_strdup(struct arena *arena, struct str text);
/* A NUL-terminated text, formatted as printf does. */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Bytes held from the system, given out or not. */
size_t arena_size_bytes(const struct arena *arena);

#endif
