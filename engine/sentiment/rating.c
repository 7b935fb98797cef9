/* SPDX-License-Identifier: Apache-2.0 */
/* Rated words and what their neighbours do to them, after VADER. Departures: a sentence or a comma ends the reach of
 * a negation or booster, and "no" counts as a word only when nothing rated follows. */
#include "sentiment/internal.h"

/* The constants of Hutto and Gilbert (2014), measured there by asking people. */
static const double CAPS = 0.733;
static const double NEGATION = -0.74;
static const double BEFORE_BUT = 0.5, AFTER_BUT = 1.5;
static const double FADING[] = { 1.0, 0.95, 0.9 }; /* of a booster, by distance */
static const double EXCLAIM = 0.292;
static const size_t EXCLAIMS_MAX = 4;
enum { REACH = 3 }; /* words that a negation or booster reaches */

static const struct vocabulary_word *word_at(const struct cue_book *book, const struct symbols *symbols, size_t at)
{
	return &book->vocabulary.words[symbols->letters[at]];
}

/* Whether a rated word stands within reach behind `at`, in the same sentence. */
static bool rated_follows(const struct cue_book *book, const struct symbols *symbols, size_t at)
{
	for (size_t i = at + 1; i < symbols->count && i <= at + REACH; i++) {
		if (symbols->letters[i] < LETTER_BOUNDARIES)
			return false;
		if (word_at(book, symbols, i)->valence != 0)
			return true;
	}
	return false;
}

static double word_value(const struct cue_book *book, const struct symbols *symbols, size_t at, bool is_mixed_case)
{
	const struct vocabulary_word *word = word_at(book, symbols, at);
	double value = word->valence;
	if (value == 0 || ((word->marks & WORD_NEGATES) && rated_follows(book, symbols, at)))
		return 0;
	double sign = value > 0 ? 1 : -1;
	if (is_mixed_case && (symbols->places[at].flags & SYMBOL_CAPS))
		value += sign * CAPS;
	bool is_negated = false;
	/* A face stands for itself: "never came :(" is no good news. */
	for (size_t back = 1; back <= REACH && back <= at && !(symbols->places[at].flags & SYMBOL_EMOJI); back++) {
		const struct vocabulary_word *before = word_at(book, symbols, at - back);
		if (symbols->letters[at - back] < LETTER_BOUNDARIES ||
		    (symbols->places[at - back + 1].flags & SYMBOL_PAUSE))
			break;
		if (before->valence == 0 && before->boost != 0)
			value += sign * before->boost * FADING[back - 1];
		is_negated = is_negated || (before->marks & WORD_NEGATES);
	}
	return is_negated ? value * NEGATION : value;
}

static size_t find_contrast(const struct cue_book *book, const struct symbols *symbols)
{
	for (size_t i = symbols->count; i-- > 0;)
		if (word_at(book, symbols, i)->marks & WORD_CONTRASTS)
			return i;
	return symbols->count;
}

static void add_heat(struct rating *rating, uint32_t at, double value)
{
	rating->heat += value;
	if (value < rating->worst_by) {
		rating->worst_by = value;
		rating->worst = at;
	}
	if (value > rating->best_by) {
		rating->best_by = value;
		rating->best = at;
	}
}

static double question_marks(size_t count)
{
	return count < 2 ? 0 : count <= 3 ? 0.18 * (double)count : 0.96;
}

struct rating rating_read(const struct cue_book *book, const struct symbols *symbols, const uint8_t *ignored)
{
	struct rating rating = { .worst = UINT32_MAX, .best = UINT32_MAX };
	bool is_mixed_case = symbols->shouted > 0 && symbols->shouted < symbols->words;
	size_t contrast = find_contrast(book, symbols);
	for (size_t i = 0; i < symbols->count; i++) {
		double value = word_value(book, symbols, i, is_mixed_case);
		/* Of a look-alike ("no thanks", "not bad") nothing bad is believed. */
		if (value == 0 || (ignored[i] & CUE_CALM) || (value < 0 && (ignored[i] & CUE_IGNORE)))
			continue;
		if (contrast < symbols->count)
			value *= i < contrast ? BEFORE_BUT : AFTER_BUT;
		rating.sum += value;
		if (!(ignored[i] & CUE_IGNORE) && !(word_at(book, symbols, i)->marks & WORD_TOPIC))
			add_heat(&rating, (uint32_t)i, value);
	}
	size_t exclaims = symbols->exclaims < EXCLAIMS_MAX ? symbols->exclaims : EXCLAIMS_MAX;
	rating.exclaims = EXCLAIM * (double)exclaims + question_marks(symbols->questions);
	return rating;
}
