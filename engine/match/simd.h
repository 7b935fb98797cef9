/* SPDX-License-Identifier: Apache-2.0 */
/* Eight floats that are worked on together, by the vector extension that gcc and clang share: two SSE registers or
 * one of AVX. SIMD_CLONES asks for a second copy of a hot function that uses AVX2, chosen when the program starts.
 * Each lane sums in the same order in both and nothing is fused, so the results are the same to the bit. */
#ifndef SHOPBELL_MATCH_SIMD_H
#define SHOPBELL_MATCH_SIMD_H

#include <stdint.h>
#include <string.h>

enum { LANES = 8 };

typedef float lanes_float __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));
typedef int32_t lanes_int __attribute__((vector_size(LANES * sizeof(int32_t)), aligned(4), may_alias));
typedef int8_t lanes_byte __attribute__((vector_size(LANES), aligned(1), may_alias));

#define LANES_AT(pointer) (*(lanes_float *)(pointer))
#define LANES_IN(pointer) (*(const lanes_float *)(pointer))
/* All lanes the same. */
#define LANES_OF(x) ((lanes_float){ 0 } + (float)(x))
/* Lane by lane: where `mask` (a comparison) holds `a`, else `b`. */
#define LANES_PICK(mask, a, b) ((lanes_float)(((mask) & (lanes_int)(a)) | (~(mask) & (lanes_int)(b))))

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SIMD_CLONES __attribute__((target_clones("avx2", "default"), flatten))
#else
#define SIMD_CLONES
#endif

#endif
