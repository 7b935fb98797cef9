/* SPDX-License-Identifier: Apache-2.0 */
#include "server/idmap.h"

#include "base/mem.h"

#include <stdlib.h>

/* The finaliser of splitmix64 (Steele, Lea, Flood 2014): row ids are consecutive, slots must not be. */
static size_t slot_of(const struct idmap *map, uint64_t key)
{
	key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
	key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
	return (size_t)(key ^ (key >> 31)) & (map->capacity - 1);
}

void idmap_clear(struct idmap *map)
{
	free(map->slots);
	*map = (struct idmap){ 0 };
}

static struct idmap_slot *find(const struct idmap *map, uint64_t key)
{
	if (!map->capacity)
		return NULL;
	for (size_t at = slot_of(map, key);; at = (at + 1) & (map->capacity - 1)) {
		struct idmap_slot *slot = &map->slots[at];
		if (!slot->value || slot->key == key)
			return slot;
	}
}

void *idmap_get(const struct idmap *map, uint64_t key)
{
	struct idmap_slot *slot = find(map, key);
	return slot ? slot->value : NULL;
}

static void grow(struct idmap *map)
{
	struct idmap bigger = { .capacity = map->capacity ? map->capacity * 2 : 16 };
	bigger.slots = mem_zalloc(bigger.capacity, sizeof *bigger.slots);
	for (size_t i = 0; i < map->capacity; i++)
		if (map->slots[i].value)
			*find(&bigger, map->slots[i].key) = map->slots[i];
	bigger.count = map->count;
	free(map->slots);
	*map = bigger;
}

void idmap_put(struct idmap *map, uint64_t key, void *value)
{
	if ((map->count + 1) * 4 > map->capacity * 3)
		grow(map);
	struct idmap_slot *slot = find(map, key);
	if (!slot->value)
		map->count++;
	*slot = (struct idmap_slot){ key, value };
}

/* Linear probing without tombstones: the entries behind the hole move up as long as they may stand there. */
void *idmap_remove(struct idmap *map, uint64_t key)
{
	struct idmap_slot *slot = find(map, key);
	if (!slot || !slot->value)
		return NULL;
	void *value = slot->value;
	size_t mask = map->capacity - 1, hole = (size_t)(slot - map->slots);
	for (size_t at = (hole + 1) & mask; map->slots[at].value; at = (at + 1) & mask) {
		size_t home = slot_of(map, map->slots[at].key);
		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		map->slots[hole] = map->slots[at];
		hole = at;
	}
	map->slots[hole] = (struct idmap_slot){ 0 };
	map->count--;
	return value;
}

void *idmap_next(const struct idmap *map, size_t *at)
{
	while (*at < map->capacity) {
		void *value = map->slots[(*at)++].value;
		if (value)
			return value;
	}
	return NULL;
}
