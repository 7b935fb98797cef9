/* SPDX-License-Identifier: Apache-2.0 */
/* A fast 64-bit hash of bytes: for tables and for naming versions, not for secrets. */
#ifndef SHOPBELL_BASE_HASH_H
#define SHOPBELL_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The same bytes and seed give the same value on every machine and in every run. */
uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed);

#endif
