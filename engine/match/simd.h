/* SPDX-License-Identifier: Apache-2.0 */
/* Eight floats that are worked on together, by the vector extension that gcc and clang share: two SSE registers or
 * one of AVX. SIMD_CLONES asks for a second copy of a hot function that uses AVX2, chosen when the program starts.
 * Each lane sums in the same order in both and nothing is fused, so the results are the same to the bit. */
#ifndef SHOPBELL_MATCH_SIMD_H
#define SHOPBELL_MATCH_SIMD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 8 };

typedef float lanes_float __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));
typedef int32_t lanes_int __attribute__((vector_size(LANES * sizeof(int32_t)), aligned(1), may_alias));
typedef uint32_t lanes_bits __attribute__((vector_size(LANES * sizeof(uint32_t)), aligned(4), may_alias));
typedef int8_t lanes_byte __attribute__((vector_size(LANES), aligned(1), may_alias));

#define LANES_AT(pointer) (*(lanes_float *)(pointer))
#define LANES_IN(pointer) (*(const lanes_float *)(pointer))
/* All lanes the same. */
#define LANES_OF(x) ((lanes_float){ 0 } + (float)(x))
/* Lane by lane: where `mask` (a comparison) holds `a`, else `b`. */
#define LANES_PICK(mask, a, b) ((lanes_float)(((mask) & (lanes_int)(a)) | (~(mask) & (lanes_int)(b))))

/* The sum of all lanes, always in the same order. */
static inline float lanes_total(const lanes_float *lanes)
{
	typedef float fours __attribute__((vector_size(4 * sizeof(float)), aligned(4), may_alias));
	fours sums = __builtin_shufflevector(*lanes, *lanes, 0, 1, 2, 3) +
		     __builtin_shufflevector(*lanes, *lanes, 4, 5, 6, 7);
	fours twos = sums + __builtin_shufflevector(sums, sums, 2, 3, 2, 3);
	return twos[0] + twos[1];
}

/* The sum of products of `count` numbers. */
static inline float lanes_dot(const float *a, const float *b, size_t count)
{
	lanes_float sums = { 0 };
	size_t i = 0;
	for (; i + LANES <= count; i += LANES)
		sums += LANES_IN(a + i) * LANES_IN(b + i);
	float sum = lanes_total(&sums);
	for (; i < count; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Eight bytes as numbers, by way of integers, for which there is an instruction. A macro, since a function would
 * return them differently with and without AVX. */
#define LANES_OF_BYTES(bytes) \
	__builtin_convertvector(__builtin_convertvector(*(const lanes_byte *)(bytes), lanes_int), lanes_float)

/* Eight numbers of four bytes at any place; and of each the byte number `j`, from the lowest, as a number. */
#define LANES_OF_WORDS(pointer) (*(const lanes_int *)(const void *)(pointer))
#define LANES_BYTE(words, j) \
	__builtin_convertvector((lanes_int)((lanes_bits)(words) << (24 - 8 * (j))) >> 24, lanes_float)

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SIMD_CLONES __attribute__((target_clones("avx2", "default"), flatten))
#include <immintrin.h>
/* Where a function has a text of its own for AVX2: it is called when SIMD_HAS_AVX2() says so. */
#define SIMD_AVX2       __attribute__((target("avx2"), flatten))
#define SIMD_HAS_AVX2() __builtin_cpu_supports("avx2")
/* Before a loop over a constant number of lanes, at most twelve: so they stay in registers. */
#define SIMD_UNROLLED _Pragma("GCC unroll 12")
#else
#define SIMD_CLONES
#endif

#endif
