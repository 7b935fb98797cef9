/* SPDX-License-Identifier: Apache-2.0 */
/* Heap allocation that ends the process, with a line on stderr, when memory is out: no caller checks
 * for NULL. Therefore every size that comes from outside must be limited before it gets here. */
#ifndef SHOPBELL_BASE_MEM_H
#define SHOPBELL_BASE_MEM_H

#include <stddef.h>

/* A new block of `size` bytes (uninitialised); the caller frees it with free(). */
void *mem_alloc(size_t size);
/* A new zeroed array of `count` elements of `size` bytes each; overflow ends the process. */
void *mem_zalloc(size_t count, size_t size);
/* The same, beginning at a cache line (64 bytes). */
void *mem_zalloc_lines(size_t count, size_t size);
/* As realloc() for an array of `count` elements of `size` bytes each; `block` may be NULL. */
void *mem_resize(void *block, size_t count, size_t size);
/* A NUL-terminated heap copy; the caller frees it with free(). */
char *mem_strdup(const char *text);
/* Gives memory that was freed back to the system, after much more was used than usual; looks at all that is free, which takes
 * milliseconds. */
void mem_give_back(void);

#endif
