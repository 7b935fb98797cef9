/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* A message under way takes 3 to 5 kB from its arena, and of those there may be thousands while the disk is slow. */
	FIRST_BLOCK_SIZE = 5 * 1024,
	BLOCK_SIZE = 16 * 1024,
	ALIGN = alignof(max_align_t),
};

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes in data */
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

void arena_clear(struct arena *arena)
{
	for (struct arena_block *block = arena->first, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	*arena = (struct arena){ 0 };
}

void arena_reset(struct arena *arena)
{
	for (struct arena_block *block = arena->first; block; block = block->next)
		block->used = 0;
	arena->current = arena->first;
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block = mem_alloc(sizeof *block + size);
	block->next = NULL;
	block->size = size;
	block->used = 0;
	return block;
}

/* The next block with room for `size`: one kept by a reset, or a new one put in behind the current. */
static struct arena_block *block_with_room(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->current;
	if (block && block->next && block->next->size >= size)
		return block->next;
	size_t usual = arena->first ? BLOCK_SIZE : FIRST_BLOCK_SIZE;
	struct arena_block *fresh = block_new(size > usual ? size : usual);
	if (!block) {
		fresh->next = arena->first;
		arena->first = fresh;
	} else {
		fresh->next = block->next;
		block->next = fresh;
	}
	return fresh;
}

/* On its own, so that the many pieces for which there is room cost little. */
__attribute__((noinline)) static void *alloc_elsewhere(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - ALIGN - sizeof(struct arena_block))
		mem_resize(NULL, SIZE_MAX, 2); /* ends the process */
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	arena->current = block_with_room(arena, size);
	arena->current->used += size;
	return arena->current->data + arena->current->used - size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->current;
	/* What is free in a block is whole ALIGNs: a size for which there is room has room to be rounded up. */
	if (!block || block->size - block->used < size)
		return alloc_elsewhere(arena, size);
	void *piece = block->data + block->used;
	block->used += (size + ALIGN - 1) / ALIGN * ALIGN;
	return piece;
}

void *arena_zalloc(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		mem_resize(NULL, SIZE_MAX, 2); /* ends the process */
	return memset(arena_alloc(arena, count * size), 0, count * size);
}

char *arena_strdup(struct arena *arena, struct str text)
{
	char *copy = arena_alloc(arena, text.len + 1);
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	size_t size = (size_t)(len < 0 ? 0 : len) + 1;
	char *text = arena_alloc(arena, size);
	text[0] = '\0';
	vsnprintf(text, size, format, again);
	va_end(again);
	return text;
}

size_t arena_size_bytes(const struct arena *arena)
{
	size_t total = 0;
	for (const struct arena_block *block = arena->first; block; block = block->next)
		total += sizeof *block + block->size;
	return total;
}
