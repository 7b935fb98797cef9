/* SPDX-License-Identifier: Apache-2.0 */
/* A table from 64-bit numbers (row ids, hashes) to pointers, with removal. Not for keys that an outsider chooses:
 * those are hashed with a secret seed first. */
#ifndef SHOPBELL_SERVER_IDMAP_H
#define SHOPBELL_SERVER_IDMAP_H

#include <stddef.h>
#include <stdint.h>

struct idmap_slot {
	uint64_t key;
	void *value; /* NULL: free */
};

/* Zero is a valid empty table. */
struct idmap {
	struct idmap_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

void idmap_clear(struct idmap *map);
/* What is kept for `key`, or NULL. */
void *idmap_get(const struct idmap *map, uint64_t key);
/* Keeps `value` (not NULL) for `key`, instead of any earlier one. */
void idmap_put(struct idmap *map, uint64_t key, void *value);
/* Takes it out and gives it, or NULL. */
void *idmap_remove(struct idmap *map, uint64_t key);
/* Walks through: start with *at = 0; NULL at the end. Nothing may be put or removed meanwhile. */
void *idmap_next(const struct idmap *map, size_t *at);

#endif
