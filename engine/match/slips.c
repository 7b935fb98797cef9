/* SPDX-License-Identifier: Apache-2.0 */
/* Typing errors in the examples themselves. Owners write "delivry" on purpose, since visitors do: but to learn it as a
 * word of its own would bind it to the one intent where it stands, and hide that it is meant like the right one. */
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "match/internal.h"

#include <stdlib.h>

/* A slip has at least so many letters (shorter words are near to too many others) and occurs at most so often; the right
 * word occurs at least so often. */
enum { SLIP_LETTERS_MIN = 5, SLIP_AT_MOST = 2, RIGHT_FROM = 3 };

struct seen_word {
	const struct term *term; /* the first with it */
	uint32_t frequency;
};

struct seen_words {
	struct map places;
	struct seen_word *items;
	size_t count, capacity;
};

static void see_words(struct seen_words *seen, const struct terms *texts, size_t count)
{
	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < texts[t].count; i++) {
			const struct term *term = &texts[t].items[i];
			uint32_t place = map_intern(&seen->places, term->word, (uint32_t)seen->count);
			if (place == seen->count)
				vec_push(seen, (struct seen_word){ .term = term });
			seen->items[place].frequency++;
		}
}

/* A word that neither the language nor the corpus uses. */
static bool is_doubtful(const struct seen_word *seen)
{
	struct str word = seen->term->word;
	return seen->frequency <= SLIP_AT_MOST && word.len >= SLIP_LETTERS_MIN && word.len <= SPELLING_WORD_MAX &&
	       vectors_find(word) == VECTORS_NONE;
}

/* The most frequent word of the language and the corpus that is one error away; NULL when there is none. */
static const struct term *right_word(const struct seen_words *seen, struct str slip)
{
	const struct seen_word *best = NULL;
	for (size_t i = 0; i < seen->count; i++) {
		const struct seen_word *other = &seen->items[i];
		struct str word = other->term->word;
		bool is_better = other->frequency >= RIGHT_FROM && (!best || other->frequency > best->frequency);
		if (is_better && word.ptr[0] == slip.ptr[0] && word.len + 1 >= slip.len && word.len <= slip.len + 1 &&
		    vectors_find(word) != VECTORS_NONE && spelling_distance(slip, word, 1) == 1)
			best = other;
	}
	return best ? best->term : NULL;
}

void slips_repair(struct terms *texts, size_t count)
{
	struct seen_words seen = { 0 };
	see_words(&seen, texts, count);
	const struct term **meant = mem_zalloc(seen.count + 1, sizeof *meant);
	for (size_t i = 0; i < seen.count; i++)
		if (is_doubtful(&seen.items[i]))
			meant[i] = right_word(&seen, seen.items[i].term->word);
	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < texts[t].count; i++) {
			struct term *term = &texts[t].items[i];
			const struct term *right = meant[map_intern(&seen.places, term->word, 0)];
			if (right)
				term_replace(term, right->word, right->stem);
		}
	map_clear(&seen.places);
	vec_clear(&seen);
	free(meant);
}
