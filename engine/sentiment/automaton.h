/* SPDX-License-Identifier: Apache-2.0 */
/* Finds many patterns over numbered words ("letters") in one pass, whatever the text: a bit-parallel automaton, one
 * bit for each place in each pattern. It knows nothing of words or moods.
 *
 * Shift-And with optional places: G. Navarro and M. Raffinot, Flexible Pattern Matching in Strings (2002), 4.3.
 * We keep each pattern inside one 64-bit lane, so that no bit is carried between lanes, and touch only the lanes
 * that are alive or may begin: most words begin little. */
#ifndef SHOPBELL_SENTIMENT_AUTOMATON_H
#define SHOPBELL_SENTIMENT_AUTOMATON_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	AUTOMATON_PLACES_MAX = 64,  /* in one pattern */
	AUTOMATON_LANES_MAX = 4096, /* lanes of 64 places */
};

struct automaton_place {
	const uint32_t *letters; /* which ones fit; not used when `is_any` */
	size_t count;
	bool is_any;      /* every letter fits but the first `boundaries` */
	bool is_optional; /* may be left out */
};

/* The first and last place are neither optional nor "any". */
struct automaton_pattern {
	struct automaton_place *places;
	size_t count; /* 1..AUTOMATON_PLACES_MAX */
};

struct automaton_hit {
	uint32_t pattern;  /* index */
	uint32_t from, to; /* letters [from, to) of the text: the shortest that end there */
};

/* Immutable. */
struct automaton;

/* Letters are numbers below `letter_count`, of which those below `boundaries` fit no "any" place. NULL when the
 * patterns need more than AUTOMATON_LANES_MAX lanes. Lives in the arena; the patterns need not outlive the call. */
struct automaton *automaton_new_in(struct arena *arena, const struct automaton_pattern *patterns, size_t count,
				   size_t letter_count, size_t boundaries);

/* The patterns that end in `text`, in order of their ends, at most `room`; gives how
 * many. Scratch is used and not given back. Linear in the length. */
size_t automaton_find(const struct automaton *automaton, struct arena *scratch, const uint32_t *text, size_t length,
		      struct automaton_hit *hits, size_t room);

#endif
