/* SPDX-License-Identifier: Apache-2.0 */
/* A table from byte strings to 32-bit numbers (mostly: index of something in an array). Keys are borrowed: they
 * must live as long as the table. Nothing depends on the order of the slots, and there is no removal. */
#ifndef SHOPBELL_BASE_MAP_H
#define SHOPBELL_BASE_MAP_H

#include "base/str.h"

#include <stdint.h>

#define MAP_NONE UINT32_MAX /* what map_get gives for a key that is not there */

struct map_slot;

/* Zero is a valid empty table. */
struct map {
	struct map_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

void map_clear(struct map *map);
/* The number kept for `key`, or MAP_NONE. */
uint32_t map_get(const struct map *map, struct str key);
/* The same for a key whose hash_bytes(), seed 0, is known. */
uint32_t map_get_hashed(const struct map *map, struct str key, uint64_t hash);
/* Keeps `value` (below MAP_NONE) for `key`, instead of any earlier one. */
void map_put(struct map *map, struct str key, uint32_t value);
/* The number kept for `key`; when there is none, keeps `value` for it and gives `value`. */
uint32_t map_intern(struct map *map, struct str key, uint32_t value);

#endif
