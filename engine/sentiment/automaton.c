/* SPDX-License-Identifier: Apache-2.0 */
#include "sentiment/automaton.h"

#include <assert.h>
#include <stdlib.h>
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

/* Behind the last of a list. */
#define LANE_NONE UINT32_MAX

/* Where a letter fits, beyond the "any" places. */
struct fit {
	uint32_t lane;
	uint64_t places;
};

/* What comes alive in a lane when patterns begin with a letter, whatever is alive there. */
struct begin {
	uint32_t lane;
	bool has_end; /* one of them has no second place */
	uint64_t places;
};

struct automaton {
	struct lane *lanes;
	size_t lane_count;
	uint32_t *pattern_at; /* 64 for each lane: the pattern that ends at this bit */
	uint8_t *length_at;   /* and its number of places */
	struct fit *fits;     /* those of letter x: from fits[first_fit[x]] on, in order of lanes, up to LANE_NONE */
	struct begin *begins; /* in the same way, where patterns begin with letter x */
	uint32_t *first_fit, *first_begin;
	uint32_t *fit_end; /* where the LANE_NONE of each letter is */
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

/* The places of a lane that are reached after a letter that fits at `fits`. `starts` says which patterns may begin. */
static inline uint64_t lane_step(const struct lane *lane, uint64_t alive, uint64_t starts, uint64_t fits)
{
	alive = ((alive << 1) | starts) & fits;
	/* From the lowest living place of a block up to the block's end all is reached without a letter: subtracting
	 * the bit before the block borrows exactly that far. */
	uint64_t full = alive | lane->last;
	return alive | (lane->optional & (~(full - lane->before) ^ full));
}

struct placed {
	const struct automaton_pattern *pattern;
	uint32_t first_letter; /* the lowest that it may begin with */
	uint32_t index;
	uint32_t bit; /* of its first place, counted over all lanes */
};

static int compare_placed(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	if (x->first_letter != y->first_letter)
		return x->first_letter < y->first_letter ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* Puts patterns that begin alike together, so that a word brings few lanes to life, and gives the count of lanes. */
static size_t lay_out(const struct automaton_pattern *patterns, size_t count, struct placed *placed)
{
	for (size_t i = 0; i < count; i++) {
		assert(patterns[i].count > 0 && patterns[i].count <= AUTOMATON_PLACES_MAX);
		placed[i] = (struct placed){ &patterns[i], UINT32_MAX, (uint32_t)i, 0 };
		for (size_t l = 0; l < patterns[i].places[0].count; l++)
			if (patterns[i].places[0].letters[l] < placed[i].first_letter)
				placed[i].first_letter = patterns[i].places[0].letters[l];
	}
	qsort(placed, count, sizeof *placed, compare_placed);
	size_t bit = 0;
	for (size_t i = 0; i < count; i++) {
		if (bit % 64 + placed[i].pattern->count > 64)
			bit = (bit / 64 + 1) * 64;
		placed[i].bit = (uint32_t)bit;
		bit += placed[i].pattern->count;
	}
	return (bit + 63) / 64;
}

/* Two tables from letters to lists, built in two rounds: counted, then stored. Patterns come in order of lanes, so that
 * each list is in order too, and only its newest entry can be of the same lane. */
struct fit_builder {
	struct automaton *automaton;
	uint32_t *fit_end, *begin_end; /* for each letter, behind its newest entry */
	bool is_storing;
};

static void add_begin(struct fit_builder *builder, uint32_t letter, uint32_t bit)
{
	struct automaton *automaton = builder->automaton;
	uint32_t *end = &builder->begin_end[letter];
	if (!builder->is_storing) {
		++*end; /* an upper bound: more than one pattern of a lane may begin so */
		return;
	}
	if (*end == automaton->first_begin[letter] || automaton->begins[*end - 1].lane != bit / 64)
		automaton->begins[(*end)++] = (struct begin){ .lane = bit / 64 };
	struct begin *begin = &automaton->begins[*end - 1];
	const struct lane *lane = &automaton->lanes[begin->lane];
	begin->places |= UINT64_C(1) << bit % 64;
	begin->places = lane_step(lane, 0, begin->places, begin->places);
	begin->has_end = (begin->places & lane->ends) != 0;
}

static void add_fit(struct fit_builder *builder, uint32_t letter, uint32_t bit)
{
	struct automaton *automaton = builder->automaton;
	uint32_t *end = &builder->fit_end[letter];
	if (!builder->is_storing) {
		++*end;
		return;
	}
	if (*end == automaton->first_fit[letter] || automaton->fits[*end - 1].lane != bit / 64)
		automaton->fits[(*end)++] = (struct fit){ bit / 64, 0 };
	automaton->fits[*end - 1].places |= UINT64_C(1) << bit % 64;
}

static void add_placed(struct fit_builder *builder, const struct placed *placed)
{
	for (uint32_t p = 0; p < placed->pattern->count; p++)
		for (size_t l = 0; l < placed->pattern->places[p].count; l++) {
			uint32_t letter = placed->pattern->places[p].letters[l];
			add_fit(builder, letter, placed->bit + p);
			if (p == 0)
				add_begin(builder, letter, placed->bit);
		}
}

/* From counts to where each list starts, with room for its end, and the sum of all behind them; `counts` becomes the
 * same. */
static uint32_t *starts_in(struct arena *arena, uint32_t *counts, size_t letter_count)
{
	uint32_t *starts = arena_zalloc(arena, letter_count + 1, sizeof *starts);
	for (size_t i = 0; i < letter_count; i++) {
		starts[i + 1] = starts[i] + counts[i] + 1;
		counts[i] = starts[i];
	}
	return starts;
}

static void build_fits(struct automaton *automaton, struct arena *arena, const struct placed *placed, size_t count,
		       size_t letter_count)
{
	struct fit_builder builder = { .automaton = automaton };
	builder.fit_end = arena_zalloc(arena, letter_count + 1, sizeof(uint32_t));
	builder.begin_end = arena_zalloc(arena, letter_count + 1, sizeof(uint32_t));
	for (size_t i = 0; i < count; i++)
		add_placed(&builder, &placed[i]);
	automaton->first_fit = starts_in(arena, builder.fit_end, letter_count);
	automaton->first_begin = starts_in(arena, builder.begin_end, letter_count);
	automaton->fits = arena_zalloc(arena, automaton->first_fit[letter_count] + 1, sizeof *automaton->fits);
	automaton->begins = arena_zalloc(arena, automaton->first_begin[letter_count] + 1, sizeof *automaton->begins);
	builder.is_storing = true;
	for (size_t i = 0; i < count; i++)
		add_placed(&builder, &placed[i]);
	automaton->fit_end = builder.fit_end;
	for (size_t i = 0; i < letter_count; i++) {
		automaton->fits[builder.fit_end[i]].lane = LANE_NONE;
		automaton->begins[builder.begin_end[i]].lane = LANE_NONE;
	}
}

struct automaton *automaton_new_in(struct arena *arena, const struct automaton_pattern *patterns, size_t count,
				   size_t letter_count, size_t boundaries)
{
	struct automaton *automaton = arena_zalloc(arena, 1, sizeof *automaton);
	struct placed *placed = arena_zalloc(arena, count + 1, sizeof *placed);
	automaton->boundaries = boundaries;
	automaton->lane_count = lay_out(patterns, count, placed);
	if (automaton->lane_count > AUTOMATON_LANES_MAX)
		return NULL;
	automaton->lanes = arena_zalloc(arena, automaton->lane_count + 1, sizeof *automaton->lanes);
	automaton->pattern_at = arena_zalloc(arena, automaton->lane_count * 64 + 1, sizeof *automaton->pattern_at);
	automaton->length_at = arena_zalloc(arena, automaton->lane_count * 64 + 1, sizeof *automaton->length_at);
	for (size_t i = 0; i < count; i++) {
		size_t last = placed[i].bit + placed[i].pattern->count - 1;
		lane_add_pattern(&automaton->lanes[placed[i].bit / 64], placed[i].pattern, placed[i].bit % 64);
		automaton->pattern_at[last] = placed[i].index;
		automaton->length_at[last] = (uint8_t)placed[i].pattern->count;
	}
	build_fits(automaton, arena, placed, count, letter_count);
	return automaton;
}

/* Where one letter fits in one lane, by a binary search: for going back, where no walk goes along. */
static uint64_t fits_in_lane(const struct automaton *automaton, uint32_t letter, size_t lane)
{
	uint64_t places = letter < automaton->boundaries ? 0 : automaton->lanes[lane].any;
	const struct fit *low = &automaton->fits[automaton->first_fit[letter]];
	size_t count = automaton->fit_end[letter] - automaton->first_fit[letter];
	while (count > 1) {
		size_t half = count / 2;
		low += low[half].lane <= lane ? half : 0;
		count -= half;
	}
	return count && low->lane == lane ? places | low->places : places;
}

/* The bits do not remember where a pattern began; hits are rare, so we go back from the end until it fits. */
static size_t find_start(const struct automaton *automaton, const uint32_t *text, size_t end, size_t lane, unsigned bit)
{
	size_t length = automaton->length_at[lane * 64 + bit];
	uint64_t last = UINT64_C(1) << bit, first = last >> (length - 1);
	uint64_t whole = last | (last - first);
	uint64_t fits[AUTOMATON_PLACES_MAX]; /* of the letters before `end`, backwards */
	for (size_t back = 0; back < length && back <= end; back++) {
		fits[back] = fits_in_lane(automaton, text[end - back], lane) & whole;
		if (!(fits[back] & first))
			continue;
		uint64_t alive = 0;
		for (size_t i = back + 1; i-- > 0;)
			alive = whole & lane_step(&automaton->lanes[lane], alive, i == back ? first : 0, fits[i]);
		if (alive & last)
			return end - back;
	}
	return end; /* not reached: the pattern has ended here */
}

struct search {
	const struct automaton *automaton;
	uint64_t *alive; /* for each lane */
	uint64_t *busy;  /* a bit for each lane: some place is alive */
	size_t busy_count;
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

/* Goes on from the living places of all lanes; whether a pattern ends. Both the busy lanes and the letter's fits are in
 * order of lanes: one walk along both. */
static bool go_on(struct search *search, uint32_t letter)
{
	const struct automaton *automaton = search->automaton;
	const struct fit *fit = &automaton->fits[automaton->first_fit[letter]];
	const uint64_t any = letter >= automaton->boundaries ? ~UINT64_C(0) : 0;
	uint64_t ended = 0;
	for (size_t w = 0; w < search->busy_count; w++)
		for (uint64_t todo = search->busy[w]; todo; todo &= todo - 1) {
			size_t l = w * 64 + (unsigned)__builtin_ctzll(todo);
			const struct lane *lane = &automaton->lanes[l];
			while (fit->lane < l)
				fit++;
			uint64_t fits = (lane->any & any) | (fit->lane == l ? fit->places : 0);
			uint64_t alive = lane_step(lane, search->alive[l], 0, fits);
			search->alive[l] = alive;
			if (!alive)
				search->busy[w] &= ~(todo & -todo);
			ended |= alive & lane->ends;
		}
	return ended != 0;
}

/* Brings to life what begins with the letter; whether a pattern ends there, too. */
static bool begin(struct search *search, uint32_t letter)
{
	const struct automaton *automaton = search->automaton;
	bool has_end = false;
	const struct begin *begin = &automaton->begins[automaton->first_begin[letter]];
	for (; begin->lane != LANE_NONE; begin++) {
		search->busy[begin->lane / 64] |= UINT64_C(1) << begin->lane % 64;
		search->alive[begin->lane] |= begin->places;
		has_end = has_end || begin->has_end;
	}
	return has_end;
}

static void step(struct search *search, const uint32_t *text, size_t at)
{
	bool goes_to_end = go_on(search, text[at]), begins_with_end = begin(search, text[at]);
	if (!goes_to_end && !begins_with_end)
		return;
	for (size_t w = 0; w < search->busy_count; w++)
		for (uint64_t todo = search->busy[w]; todo; todo &= todo - 1) {
			size_t l = w * 64 + (unsigned)__builtin_ctzll(todo);
			add_hits(search, text, at, l, search->alive[l] & search->automaton->lanes[l].ends);
		}
}

size_t automaton_find(const struct automaton *automaton, struct arena *scratch, const uint32_t *text, size_t length,
		      struct automaton_hit *hits, size_t room)
{
	struct search search = {
		.automaton = automaton,
		.alive = arena_zalloc(scratch, automaton->lane_count + 1, sizeof(uint64_t)),
		.busy = arena_zalloc(scratch, automaton->lane_count / 64 + 1, sizeof(uint64_t)),
		.busy_count = (automaton->lane_count + 63) / 64,
		.hits = hits,
		.room = room,
	};
	for (size_t i = 0; i < length && search.count < room; i++)
		step(&search, text, i);
	return search.count;
}
