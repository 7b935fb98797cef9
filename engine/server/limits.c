/* SPDX-License-Identifier: Apache-2.0 */
#include "server/limits.h"

#include "base/hash.h"
#include "base/mem.h"
#include "server/idmap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A flood from ever new addresses must not eat the memory: above this, new ones go uncounted until the next sweep. */
enum { ENTRIES_MAX = 200 * 1000, KEEP_MS = 10 * 60 * 1000, PROXIES_MAX = 16 };

struct entry {
	uint64_t key;
	struct bucket bucket;
};

struct limits {
	pthread_mutex_t mutex;
	uint64_t seed;
	struct idmap buckets;     /* kind and key -> entry */
	struct idmap connections; /* address -> count, as a pointer-sized number */
	uint64_t proxies[PROXIES_MAX];
	size_t proxy_count;
};

int64_t bucket_take(struct bucket *bucket, struct rate_limit rate, int64_t steady_ms)
{
	uint32_t now = (uint32_t)steady_ms;
	double spent = (double)bucket->spent - (double)(uint32_t)(now - bucket->last_ms) * rate.per_minute / 60e3;
	if (spent < 0)
		spent = 0;
	bucket->last_ms = now;
	bucket->spent = (float)spent;
	if (spent + 1 > rate.burst + 1e-3) {
		double wait = (spent + 1 - rate.burst) * 60e3 / rate.per_minute;
		return wait < 1 ? 1 : (int64_t)wait;
	}
	bucket->spent = (float)(spent + 1);
	return 0;
}

void bucket_give(struct bucket *bucket)
{
	bucket->spent = bucket->spent > 1 ? bucket->spent - 1 : 0;
}

struct limits *limits_new(void)
{
	struct limits *limits = mem_zalloc(1, sizeof *limits);
	pthread_mutex_init(&limits->mutex, NULL);
	randombytes_buf(&limits->seed, sizeof limits->seed);
	return limits;
}

void limits_free(struct limits *limits)
{
	if (!limits)
		return;
	size_t at = 0;
	for (void *entry; (entry = idmap_next(&limits->buckets, &at));)
		free(entry);
	idmap_clear(&limits->buckets);
	idmap_clear(&limits->connections);
	pthread_mutex_destroy(&limits->mutex);
	free(limits);
}

uint64_t limits_address(const struct limits *limits, const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return hash_bytes(&((const struct sockaddr_in *)(const void *)address)->sin_addr, 4, limits->seed);
	if (address->sa_family != AF_INET6)
		return hash_bytes("", 0, limits->seed);
	const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	if (IN6_IS_ADDR_V4MAPPED(six))
		return hash_bytes(six->s6_addr + 12, 4, limits->seed);
	return hash_bytes(six->s6_addr, 8, limits->seed);
}

uint64_t limits_address_text(const struct limits *limits, struct str text)
{
	char name[64];
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	if (text.len && text.ptr[0] == '[' && text.ptr[text.len - 1] == ']')
		text = str_part(text, 1, text.len - 2);
	if (text.len >= sizeof name)
		return 0;
	memcpy(name, text.ptr, text.len);
	name[text.len] = '\0';
	if (inet_pton(AF_INET, name, &four.sin_addr) == 1)
		return limits_address(limits, (const struct sockaddr *)(const void *)&four);
	if (inet_pton(AF_INET6, name, &six.sin6_addr) == 1)
		return limits_address(limits, (const struct sockaddr *)(const void *)&six);
	return 0;
}

uint64_t limits_name(const struct limits *limits, const char *name)
{
	return hash_bytes(name, strlen(name), limits->seed);
}

static struct entry *entry_of(struct limits *limits, enum limit_kind kind, uint64_t key, bool make)
{
	uint64_t full[2] = { key, (uint64_t)kind };
	uint64_t hash = hash_bytes(full, sizeof full, limits->seed);
	struct entry *entry = idmap_get(&limits->buckets, hash);
	if (entry || !make || limits->buckets.count >= ENTRIES_MAX)
		return entry;
	entry = mem_zalloc(1, sizeof *entry);
	entry->key = hash;
	idmap_put(&limits->buckets, hash, entry);
	return entry;
}

int64_t limits_take(struct limits *limits, enum limit_kind kind, uint64_t key, struct rate_limit rate,
		    int64_t steady_ms)
{
	pthread_mutex_lock(&limits->mutex);
	struct entry *entry = entry_of(limits, kind, key, true);
	int64_t wait = entry ? bucket_take(&entry->bucket, rate, steady_ms) : 0;
	pthread_mutex_unlock(&limits->mutex);
	return wait;
}

void limits_give(struct limits *limits, enum limit_kind kind, uint64_t key)
{
	pthread_mutex_lock(&limits->mutex);
	struct entry *entry = entry_of(limits, kind, key, false);
	if (entry)
		bucket_give(&entry->bucket);
	pthread_mutex_unlock(&limits->mutex);
}

int limits_trust(struct limits *limits, struct str address)
{
	uint64_t key = limits_address_text(limits, address);
	if (!key || limits->proxy_count == PROXIES_MAX)
		return -1;
	limits->proxies[limits->proxy_count++] = key;
	return 0;
}

bool limits_is_trusted(const struct limits *limits, uint64_t address)
{
	for (size_t i = 0; i < limits->proxy_count; i++)
		if (limits->proxies[i] == address)
			return true;
	return false;
}

bool limits_enter(struct limits *limits, uint64_t address, int most)
{
	pthread_mutex_lock(&limits->mutex);
	uintptr_t count = (uintptr_t)idmap_get(&limits->connections, address);
	bool is_in = count < (uintptr_t)most;
	if (is_in)
		idmap_put(&limits->connections, address, (void *)(count + 1));
	pthread_mutex_unlock(&limits->mutex);
	return is_in;
}

void limits_leave(struct limits *limits, uint64_t address)
{
	pthread_mutex_lock(&limits->mutex);
	uintptr_t count = (uintptr_t)idmap_get(&limits->connections, address);
	if (count > 1)
		idmap_put(&limits->connections, address, (void *)(count - 1));
	else
		idmap_remove(&limits->connections, address);
	pthread_mutex_unlock(&limits->mutex);
}

/* A bucket that nobody touched for so long counts as full: no rate here takes longer to grow back. */
void limits_sweep(struct limits *limits, int64_t steady_ms)
{
	pthread_mutex_lock(&limits->mutex);
	struct idmap kept = { 0 };
	size_t at = 0;
	for (struct entry *entry; (entry = idmap_next(&limits->buckets, &at));) {
		if ((uint32_t)((uint32_t)steady_ms - entry->bucket.last_ms) > KEEP_MS)
			free(entry);
		else
			idmap_put(&kept, entry->key, entry);
	}
	idmap_clear(&limits->buckets);
	limits->buckets = kept;
	pthread_mutex_unlock(&limits->mutex);
}

size_t limits_size(const struct limits *limits)
{
	return limits->buckets.count + limits->connections.count;
}
