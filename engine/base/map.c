/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>

struct map_slot {
	struct str key; /* key.ptr is NULL in a free slot */
	uint32_t hash;
	uint32_t value;
};

void map_clear(struct map *map)
{
	free(map->slots);
	*map = (struct map){ 0 };
}

static struct map_slot *find_slot(const struct map *map, struct str key, uint32_t hash)
{
	size_t mask = map->capacity - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct map_slot *slot = &map->slots[i];
		if (!slot->key.ptr || (slot->hash == hash && str_equal(slot->key, key)))
			return slot;
	}
}

static uint32_t key_hash(struct str key)
{
	return (uint32_t)hash_bytes(key.ptr, key.len, 0);
}

uint32_t map_get(const struct map *map, struct str key)
{
	return map->count ? map_get_hashed(map, key, key_hash(key)) : MAP_NONE;
}

uint32_t map_get_hashed(const struct map *map, struct str key, uint64_t hash)
{
	if (!map->count)
		return MAP_NONE;
	struct map_slot *slot = find_slot(map, key, (uint32_t)hash);
	return slot->key.ptr ? slot->value : MAP_NONE;
}

static void grow(struct map *map)
{
	struct map larger = { .capacity = map->capacity ? map->capacity * 2 : 16, .count = map->count };
	larger.slots = mem_zalloc(larger.capacity, sizeof *larger.slots);
	for (size_t i = 0; i < map->capacity; i++)
		if (map->slots[i].key.ptr)
			*find_slot(&larger, map->slots[i].key, map->slots[i].hash) = map->slots[i];
	free(map->slots);
	*map = larger;
}

/* The slot of `key`, new (with value MAP_NONE) or old. Grows at two thirds full. */
static struct map_slot *claim_slot(struct map *map, struct str key)
{
	if ((map->count + 1) * 3 > map->capacity * 2)
		grow(map);
	uint32_t hash = key_hash(key);
	struct map_slot *slot = find_slot(map, key, hash);
	if (!slot->key.ptr) {
		*slot = (struct map_slot){ { key.ptr ? key.ptr : "", key.len }, hash, MAP_NONE };
		map->count++;
	}
	return slot;
}

void map_put(struct map *map, struct str key, uint32_t value)
{
	claim_slot(map, key)->value = value;
}

uint32_t map_intern(struct map *map, struct str key, uint32_t value)
{
	struct map_slot *slot = claim_slot(map, key);
	if (slot->value == MAP_NONE)
		slot->value = value;
	return slot->value;
}
