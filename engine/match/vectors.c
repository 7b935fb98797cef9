/* SPDX-License-Identifier: Apache-2.0 */
/* Layout of vectors/glove-30k.bin, little-endian, all numbers at their natural alignment:
 *
 *     "SBV2" | u16 count | u16 dimensions
 *     u32 starts[count + 1]            where each word begins among the letters at the end
 *     u16 ranks[count]                 0 is the most frequent word
 *     u16 by_end[count]                the rows in alphabetical order of their words read backwards
 *     u16 slots[SLOTS]                 an open table of rows by the hash of their words, FREE where there is none
 *     u8  rows[count][dimensions*6/8]  four numbers of 6 bits (plus 32) in three bytes, lowest bits first
 *     letters                          the words without anything between them
 */
#include "match/vectors.h"

#include "match/simd.h"
#include "match/spelling.h"
#include "text/language.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { ROW_BYTES = VECTOR_DIMENSIONS * 6 / 8, HEADER_BYTES = 8, SLOTS = 65536, FREE = 0xffff };

__asm__(".pushsection .rodata\n"
	".balign 8\n"
	".local shopbell_vectors\n"
	"shopbell_vectors:\n"
	".incbin \"engine/match/vectors/glove-30k.bin\"\n"
	".popsection\n");
extern const unsigned char shopbell_vectors[] __attribute__((visibility("hidden")));

static uint16_t u16_at(size_t offset)
{
	uint16_t value;
	memcpy(&value, shopbell_vectors + offset, sizeof value);
	return value;
}

static uint32_t u32_at(size_t offset)
{
	uint32_t value;
	memcpy(&value, shopbell_vectors + offset, sizeof value);
	return value;
}

bool vectors_know(const char *language)
{
	return language && !strcmp(language, "en");
}

size_t vectors_count(void)
{
	return u16_at(4);
}

uint32_t vectors_rank(uint32_t row)
{
	return u16_at(HEADER_BYTES + (vectors_count() + 1) * 4 + (size_t)row * 2);
}

static uint32_t row_by_end(uint32_t place)
{
	size_t count = vectors_count();
	return u16_at(HEADER_BYTES + (count + 1) * 4 + count * 2 + (size_t)place * 2);
}

static size_t slots_offset(void)
{
	return HEADER_BYTES + (vectors_count() + 1) * 4 + vectors_count() * 4;
}

static const unsigned char *row_bytes(uint32_t row)
{
	return shopbell_vectors + slots_offset() + SLOTS * 2 + (size_t)row * ROW_BYTES;
}

struct str vectors_word(uint32_t row)
{
	uint32_t from = u32_at(HEADER_BYTES + (size_t)row * 4), to = u32_at(HEADER_BYTES + (size_t)row * 4 + 4);
	return (struct str){ (const char *)row_bytes((uint32_t)vectors_count()) + from, to - from };
}

/* The first row whose word is not before `word`. */
static uint32_t first_row_from(struct str word)
{
	uint32_t low = 0, high = (uint32_t)vectors_count();
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (str_compare(vectors_word(middle), word) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t vectors_find(struct str word)
{
	uint32_t hash = 0x811c9dc5; /* FNV-1a */
	for (size_t i = 0; i < word.len; i++)
		hash = (hash ^ (unsigned char)word.ptr[i]) * 0x01000193;
	for (uint32_t slot = hash ^ hash >> 15;; slot++) {
		uint32_t row = u16_at(slots_offset() + (size_t)(slot % SLOTS) * 2);
		if (row == FREE)
			return VECTORS_NONE;
		if (str_equal(vectors_word(row), word))
			return row;
	}
}

enum { GROUP_BYTES = LANES * 6 / 8, GROUPS = (VECTOR_DIMENSIONS + LANES - 1) / LANES };

/* Eight numbers of 6 bits. Their 48 bits are brought four times beside each other, each time a pair of numbers further
 * down, and the second of the pair is put into the upper half. The bytes that are read too many are still in the table. */
static inline void read_group(const unsigned char *bytes, lanes_float *out)
{
	typedef uint64_t pairs __attribute__((vector_size(4 * sizeof(uint64_t))));
	static const pairs DOWN = { 0, 12, 24, 36 };
	uint64_t all;
	memcpy(&all, bytes, sizeof all);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	all = __builtin_bswap64(all);
#endif
	pairs both = (pairs){ all, all, all, all } >> DOWN;
	both = (both & 63) | (both << 26 & UINT64_C(63) << 32);
	*out = __builtin_convertvector((lanes_int)both, lanes_float) - 32.0f;
}

/* The numbers of a row, 0 behind them; gives what makes their length 1. */
static inline float read_row(uint32_t row, lanes_float numbers[GROUPS])
{
	static const lanes_float IS_IN = { 1, 1, 1, 1 }; /* of the last group */
	const unsigned char *bytes = row_bytes(row);
	lanes_float squares = { 0 };
	for (size_t g = 0; g < GROUPS; g++) {
		read_group(bytes + g * GROUP_BYTES, &numbers[g]);
		if (g == GROUPS - 1)
			numbers[g] *= IS_IN;
		squares += numbers[g] * numbers[g];
	}
	return 1.0f / sqrtf(lanes_total(&squares)); /* whole numbers: exact in any order */
}
static_assert(VECTOR_DIMENSIONS % LANES == 4, "IS_IN says so");

SIMD_CLONES
void vectors_add(uint32_t row, float weight, float sum[VECTOR_DIMENSIONS])
{
	lanes_float numbers[GROUPS];
	float scale = weight * read_row(row, numbers);
	for (size_t g = 0; g < GROUPS - 1; g++)
		LANES_AT(sum + g * LANES) += scale * numbers[g];
	for (size_t i = 0; i < VECTOR_DIMENSIONS % LANES; i++)
		sum[(GROUPS - 1) * LANES + i] += scale * numbers[GROUPS - 1][i];
}

SIMD_CLONES
float vectors_unit(uint32_t row)
{
	lanes_float numbers[GROUPS];
	return read_row(row, numbers);
}

/* Whoever knows what makes a row's length 1 need not read it twice. */
SIMD_CLONES
void vectors_add_scaled(uint32_t row, float scale, float sum[VECTOR_DIMENSIONS])
{
	const unsigned char *bytes = row_bytes(row);
	lanes_float numbers;
	for (size_t g = 0; g < GROUPS - 1; g++) {
		read_group(bytes + g * GROUP_BYTES, &numbers);
		LANES_AT(sum + g * LANES) += scale * numbers;
	}
	read_group(bytes + (GROUPS - 1) * GROUP_BYTES, &numbers);
	numbers *= scale;
	for (size_t i = 0; i < VECTOR_DIMENSIONS % LANES; i++)
		sum[(GROUPS - 1) * LANES + i] += numbers[i];
}

SIMD_CLONES
float vectors_dot(uint32_t row, float unit, const float other[VECTOR_DIMENSIONS])
{
	const unsigned char *bytes = row_bytes(row);
	lanes_float numbers, products = { 0 };
	float sum = 0.0f;
	for (size_t g = 0; g < GROUPS - 1; g++) {
		read_group(bytes + g * GROUP_BYTES, &numbers);
		products += numbers * LANES_IN(other + g * LANES);
	}
	read_group(bytes + (GROUPS - 1) * GROUP_BYTES, &numbers);
	for (size_t i = 0; i < VECTOR_DIMENSIONS % LANES; i++)
		sum += numbers[i] * other[(GROUPS - 1) * LANES + i];
	return unit * (lanes_total(&products) + sum);
}

float vectors_read(uint32_t row, int8_t out[VECTOR_DIMENSIONS])
{
	lanes_float numbers[GROUPS];
	float unit = read_row(row, numbers);
	for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
		out[d] = (int8_t)numbers[d / LANES][d % LANES];
	return unit;
}

/* memcmp order of two words read backwards. */
static int compare_by_end(struct str a, struct str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	for (size_t i = 1; i <= shorter; i++)
		if (a.ptr[a.len - i] != b.ptr[b.len - i])
			return (unsigned char)a.ptr[a.len - i] - (unsigned char)b.ptr[b.len - i];
	return (a.len > b.len) - (a.len < b.len);
}

static uint32_t first_place_by_end(struct str tail)
{
	uint32_t low = 0, high = (uint32_t)vectors_count();
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (compare_by_end(vectors_word(row_by_end(middle)), tail) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The better of `best` and `row`: the more frequent one, if it is spelt nearly as `word`. */
static uint32_t better_spelling(struct str word, uint32_t row, uint32_t best)
{
	struct str known = vectors_word(row);
	if (known.len + 1 < word.len || known.len > word.len + 1) /* most fall out here */
		return best;
	if (best != VECTORS_NONE && vectors_rank(row) > vectors_rank(best))
		return best;
	return spelling_distance(word, known, 1) == 1 ? row : best;
}

/* One edit leaves the first or the second half as it was (a transposition over the cut spoils both; the last letter
 * of the first half is left out of it for that). */
uint32_t vectors_nearest_spelling(struct str word)
{
	uint32_t best = VECTORS_NONE, count = (uint32_t)vectors_count();
	struct str head = str_part(word, 0, (word.len - 1) / 2);
	struct str tail = str_part(word, word.len / 2 + 1, word.len);
	if (!head.len || !tail.len)
		return VECTORS_NONE;
	for (uint32_t row = first_row_from(head); row < count; row++) {
		struct str known = vectors_word(row);
		if (known.len < head.len || memcmp(known.ptr, head.ptr, head.len) != 0)
			break;
		best = better_spelling(word, row, best);
	}
	for (uint32_t place = first_place_by_end(tail); place < count; place++) {
		struct str known = vectors_word(row_by_end(place));
		if (known.len < tail.len || memcmp(known.ptr + known.len - tail.len, tail.ptr, tail.len) != 0)
			break;
		best = better_spelling(word, row_by_end(place), best);
	}
	return best;
}
