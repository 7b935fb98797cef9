/* SPDX-License-Identifier: Apache-2.0 */
/* Token buckets, and how many connections an address holds. Addresses are kept only as seeded hashes, in memory. */
#ifndef SHOPBELL_SERVER_LIMITS_H
#define SHOPBELL_SERVER_LIMITS_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

/* Plain value, zero is a full bucket. */
struct bucket {
	float spent;      /* tokens taken and not grown back */
	uint32_t last_ms; /* steady time, wraps */
};
/* A bucket holds `burst` tokens and gets `per_minute` back. */
struct rate_limit {
	double per_minute, burst;
};
/* Takes a token: 0; or, when there is none, after how many ms there will be one (at least 1). */
int64_t bucket_take(struct bucket *bucket, struct rate_limit rate, int64_t steady_ms);
/* Puts one back: what it was taken for did not count after all. */
void bucket_give(struct bucket *bucket);

enum limit_kind {
	LIMIT_MESSAGES,      /* of one address */
	LIMIT_CONVERSATIONS, /* new ones, of one address */
	LIMIT_ASK,           /* POST /api/v1/ask, of one address */
	LIMIT_SIGN_IN,       /* of one address */
	LIMIT_SIGN_IN_NAME,  /* of one agent's name */
	LIMIT_EXPORT,        /* of one address */
	LIMIT_ERASE,         /* of one address */
	LIMIT_TOKENS,        /* that open nothing, of one address */
};

/* All buckets and counts by address. Safe from every thread. */
struct limits;
struct limits *limits_new(void);
void limits_free(struct limits *limits);
/* The address without its port as a seeded hash; of IPv6 the first 64 bits, which one household has. */
uint64_t limits_address(const struct limits *limits, const struct sockaddr *address);
/* The same for the text of an address as a proxy passes it on; 0 when it is none. */
uint64_t limits_address_text(const struct limits *limits, struct str text);
/* The same for a name. */
uint64_t limits_name(const struct limits *limits, const char *name);
int64_t limits_take(struct limits *limits, enum limit_kind kind, uint64_t key, struct rate_limit rate,
		    int64_t steady_ms);
void limits_give(struct limits *limits, enum limit_kind kind, uint64_t key);
/* From now on this address is a proxy's: its word about the real address is believed. -1 when it is no address or one too
 * many. Before other threads start. */
int limits_trust(struct limits *limits, struct str address);
bool limits_is_trusted(const struct limits *limits, uint64_t address);
/* One more connection of an address: false when it has `most` already. */
bool limits_enter(struct limits *limits, uint64_t address, int most);
void limits_leave(struct limits *limits, uint64_t address);
/* Forgets buckets that are full again; call now and then. */
void limits_sweep(struct limits *limits, int64_t steady_ms);
size_t limits_size(const struct limits *limits); /* entries kept */

#endif
