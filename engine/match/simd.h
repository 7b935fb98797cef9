/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the compiler for a second copy of a hot function that uses AVX2, chosen when the program starts. Sums run in
 * the same order in both and nothing is fused (-ffp-contract=off), so the results are the same to the bit. */
#ifndef SHOPBELL_MATCH_SIMD_H
#define SHOPBELL_MATCH_SIMD_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__) \
        && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SIMD_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define SIMD_CLONES
#endif

#endif
