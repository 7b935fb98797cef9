/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

/* FNV-1a (Fowler, Noll, Vo) followed by the 64-bit finaliser of SplitMix64 (Steele, Lea, Flood 2014), which
 * FNV needs because its high bits mix poorly for short keys. */
uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed)
{
	const unsigned char *p = bytes;
	uint64_t h = 0xcbf29ce484222325u ^ seed;
	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
	h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
	return h ^ (h >> 31);
}
