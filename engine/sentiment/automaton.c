/* SPDX-License-Identifier: Apache-2.0 */
#include "sentiment/automaton.h"

#include <assert.h>
#include <string.h>

/* One lane, bit 0 first; a block is a run of optional places with the place before it:
 *
 *     pattern      still  ~2 ~2  waiting | not  working
 *     starts         1     0  0     0    |  1      0
 *     before         1     0  0     0    |  0      0      place in front of a block
 *     optional       0     1  1     0    |  0      0
 *     last           0     0  1     0    |  0      0      last place of a block
 *     any            0     1  1     0    |  0      0
 *     ends           0     0  0     1    |  0      1
 */
struct lane {
	uint64_t starts, ends, any, before, optional, last;
};

/* Where a letter fits, beyond the "any" places. */
struct fit {
	uint32_t lane;
	uint64_t places;
};

struct automaton {
	struct lane *lanes;
	size_t lane_count;
	uint32_t *pattern_at; /* 64 for each lane: the pattern that ends at this bit */
	uint8_t *length_at;   /* and its number of places */
	struct fit *fits;     /* those of letter x: fits[first_fit[x]] .. fits[first_fit[x + 1]], in order of lanes */
	uint32_t *first_fit;
	size_t boundaries;
};

static void lane_add_pattern(struct lane *lane, const struct automaton_pattern *pattern, size_t bit)
{
	lane->starts |= UINT64_C(1) << bit;
	lane->ends |= UINT64_C(1) << (bit + pattern->count - 1);
	for (size_t i = 0; i < pattern->count; i++, bit++) {
		uint64_t place = UINT64_C(1) << bit;
		if (pattern->places[i].is_any)
			lane->any |= place;
		if (!pattern->places[i].is_optional)
			continue;
		assert(i > 0 && i + 1 < pattern->count);
		lane->optional |= place;
		if (!pattern->places[i - 1].is_optional)
			lane->before |= place >> 1;
		if (!pattern->places[i + 1].is_optional)
			lane->last |= place;
	}
}

/* Where each pattern begins, as the number of its first bit, first fit in the given order. Patterns that stand
 * together in the source mostly begin alike, so that few lanes come alive at a time. */
static size_t lay_out(const struct automaton_pattern *patterns, size_t count, uint32_t *out_bits)
{
	size_t bit = 0;
	for (size_t i = 0; i < count; i++) {
		assert(patterns[i].count > 0 && patterns[i].count <= AUTOMATON_PLACES_MAX);
		if (bit % 64 + patterns[i].count > 64)
			bit = (bit / 64 + 1) * 64;
		out_bits[i] = (uint32_t)bit;
		bit += patterns[i].count;
	}
	return (bit + 63) / 64;
}

/* Calls for every (letter, bit): counted first, then stored. */
static void count_fits(const struct automaton_pattern *patterns, size_t count, const uint32_t *bits, uint32_t *counts,
                       uint32_t *seen_lane)
{
	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < patterns[i].count; p++)
			for (size_t l = 0; l < patterns[i].places[p].count; l++) {
				uint32_t letter = patterns[i].places[p].letters[l];
				uint32_t lane = bits[i] / 64 + 1;
				counts[letter] += seen_lane[letter] != lane;
				seen_lane[letter] = lane;
			}
}

/* Patterns come in order of lanes, so that the fits of a letter do too and only its newest can be the same lane's. */
static void store_fits(struct automaton *automaton, const struct automaton_pattern *patterns, size_t count,
                       const uint32_t *bits, uint32_t *next)
{
	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < patterns[i].count; p++)
			for (size_t l = 0; l < patterns[i].places[p].count; l++) {
				uint32_t letter = patterns[i].places[p].letters[l];
				uint32_t lane = bits[i] / 64, at = next[letter];
				if (at == automaton->first_fit[letter] || automaton->fits[at - 1].lane != lane)
					automaton->fits[next[letter]++] = (struct fit){ lane, 0 };
				automaton->fits[next[letter] - 1].places |= UINT64_C(1) << (bits[i] + p) % 64;
			}
}

static void build_fits(struct automaton *automaton, struct arena *arena, const struct automaton_pattern *patterns,
                       size_t count, const uint32_t *bits, size_t letter_count)
{
	uint32_t *counts = arena_zalloc(arena, letter_count + 1, sizeof *counts);
	uint32_t *seen_lane = arena_zalloc(arena, letter_count + 1, sizeof *seen_lane);
	count_fits(patterns, count, bits, counts, seen_lane);
	automaton->first_fit = arena_zalloc(arena, letter_count + 1, sizeof *automaton->first_fit);
	for (size_t i = 0; i < letter_count; i++)
		automaton->first_fit[i + 1] = automaton->first_fit[i] + counts[i];
	automaton->fits = arena_zalloc(arena, automaton->first_fit[letter_count] + 1, sizeof *automaton->fits);
	memcpy(counts, automaton->first_fit, letter_count * sizeof *counts);
	store_fits(automaton, patterns, count, bits, counts);
}

struct automaton *automaton_new_in(struct arena *arena, const struct automaton_pattern *patterns, size_t count,
                                   size_t letter_count, size_t boundaries)
{
	struct automaton *automaton = arena_zalloc(arena, 1, sizeof *automaton);
	uint32_t *bits = arena_zalloc(arena, count + 1, sizeof *bits);
	automaton->boundaries = boundaries;
	automaton->lane_count = lay_out(patterns, count, bits);
	if (automaton->lane_count > AUTOMATON_LANES_MAX)
		return NULL;
	automaton->lanes = arena_zalloc(arena, automaton->lane_count + 1, sizeof *automaton->lanes);
	automaton->pattern_at = arena_zalloc(arena, automaton->lane_count * 64 + 1, sizeof *automaton->pattern_at);
	automaton->length_at = arena_zalloc(arena, automaton->lane_count * 64 + 1, sizeof *automaton->length_at);
	for (size_t i = 0; i < count; i++) {
		lane_add_pattern(&automaton->lanes[bits[i] / 64], &patterns[i], bits[i] % 64);
		automaton->pattern_at[bits[i] + patterns[i].count - 1] = (uint32_t)i;
		automaton->length_at[bits[i] + patterns[i].count - 1] = (uint8_t)patterns[i].count;
	}
	build_fits(automaton, arena, patterns, count, bits, letter_count);
	return automaton;
}

/* The places of a lane that are reached after a letter that fits at `fits`. `starts` says which patterns may begin. */
static inline uint64_t lane_step(const struct lane *lane, uint64_t alive, uint64_t starts, uint64_t fits)
{
	alive = ((alive << 1) | starts) & fits;
	/* From the lowest living place of a block up to the block's end all is reached without a letter: subtracting
	 * the bit before the block borrows exactly that far. */
	uint64_t full = alive | lane->last;
	return alive | (lane->optional & (~(full - lane->before) ^ full));
}

static uint64_t fits_in_lane(const struct automaton *automaton, uint32_t letter, size_t lane)
{
	uint64_t places = letter < automaton->boundaries ? 0 : automaton->lanes[lane].any;
	for (uint32_t i = automaton->first_fit[letter]; i < automaton->first_fit[letter + 1]; i++)
		if (automaton->fits[i].lane == lane)
			return places | automaton->fits[i].places;
	return places;
}

/* The bits do not remember where a pattern began; hits are rare, so we go back from the end until it fits. */
static size_t find_start(const struct automaton *automaton, const uint32_t *text, size_t end, size_t lane, unsigned bit)
{
	size_t length = automaton->length_at[lane * 64 + bit];
	uint64_t last = UINT64_C(1) << bit, first = last >> (length - 1);
	uint64_t whole = last | (last - first);
	for (size_t start = end;; start--) {
		uint64_t alive = 0;
		for (size_t i = start; i <= end; i++)
			alive = whole & lane_step(&automaton->lanes[lane], alive, i == start ? first : 0,
			                          fits_in_lane(automaton, text[i], lane));
		if (alive & last)
			return start;
		if (start == 0 || end - start >= length)
			return end;
	}
}

struct search {
	const struct automaton *automaton;
	uint64_t *alive; /* for each lane */
	uint64_t *fits;  /* for each lane: where the letter at hand fits; all 0 between the steps */
	uint64_t *busy;  /* a bit for each lane: some place is alive */
	struct automaton_hit *hits;
	size_t count, room;
};

static void add_hits(struct search *search, const uint32_t *text, size_t at, size_t lane, uint64_t ended)
{
	for (; ended && search->count < search->room; ended &= ended - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(ended);
		search->hits[search->count++] = (struct automaton_hit){
			search->automaton->pattern_at[lane * 64 + bit],
			(uint32_t)find_start(search->automaton, text, at, lane, bit),
			(uint32_t)at + 1,
		};
	}
}

static void step(struct search *search, const uint32_t *text, size_t at)
{
	const struct automaton *automaton = search->automaton;
	uint32_t letter = text[at];
	for (uint32_t i = automaton->first_fit[letter]; i < automaton->first_fit[letter + 1]; i++) {
		const struct fit *fit = &automaton->fits[i];
		search->fits[fit->lane] = fit->places;
		search->busy[fit->lane / 64] |= UINT64_C(1) << fit->lane % 64;
	}
	bool is_word = letter >= automaton->boundaries;
	for (size_t w = 0; w * 64 < automaton->lane_count; w++)
		for (uint64_t todo = search->busy[w]; todo; todo &= todo - 1) {
			size_t l = w * 64 + (unsigned)__builtin_ctzll(todo);
			const struct lane *lane = &automaton->lanes[l];
			uint64_t fits = search->fits[l] | (is_word ? lane->any : 0);
			uint64_t alive = lane_step(lane, search->alive[l], lane->starts, fits);
			search->fits[l] = 0;
			search->alive[l] = alive;
			if (!alive)
				search->busy[w] &= ~(todo & -todo);
			if (alive & lane->ends)
				add_hits(search, text, at, l, alive & lane->ends);
		}
}

size_t automaton_find(const struct automaton *automaton, struct arena *scratch, const uint32_t *text, size_t length,
                      struct automaton_hit *hits, size_t room)
{
	struct search search = {
		.automaton = automaton,
		.alive = arena_zalloc(scratch, automaton->lane_count + 1, sizeof(uint64_t)),
		.fits = arena_zalloc(scratch, automaton->lane_count + 1, sizeof(uint64_t)),
		.busy = arena_zalloc(scratch, automaton->lane_count / 64 + 1, sizeof(uint64_t)),
		.hits = hits,
		.room = room,
	};
	for (size_t i = 0; i < length && search.count < room; i++)
		step(&search, text, i);
	return search.count;
}
