/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die_of_memory(size_t size)
{
	fprintf(stderr, "shopbell: out of memory (%zu bytes wanted)\n", size);
	abort();
}

void *mem_alloc(size_t size)
{
	void *block = malloc(size ? size : 1);
	if (!block)
		die_of_memory(size);
	return block;
}

void *mem_zalloc(size_t count, size_t size)
{
	void *block = calloc(count ? count : 1, size ? size : 1);
	if (!block)
		die_of_memory(count);
	return block;
}

void *mem_zalloc_lines(size_t count, size_t size)
{
	enum { LINE = 64 };
	if (size && count > (SIZE_MAX - LINE) / size)
		die_of_memory(SIZE_MAX);
	size_t bytes = (count * size + LINE) / LINE * LINE;
	void *block = aligned_alloc(LINE, bytes);
	if (!block)
		die_of_memory(bytes);
	return memset(block, 0, bytes);
}

void *mem_resize(void *block, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		die_of_memory(SIZE_MAX);
	size_t bytes = count * size;
	void *grown = realloc(block, bytes ? bytes : 1);
	if (!grown)
		die_of_memory(bytes);
	return grown;
}

char *mem_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(mem_alloc(size), text, size);
}

void mem_give_back(void)
{
	malloc_trim(0);
}
