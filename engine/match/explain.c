/* SPDX-License-Identifier: Apache-2.0 */
/* Which words spoke for an intent. */
#include "match/internal.h"

#include "match/simd.h"

#include <string.h>

/* What each feature of the row has said for `intent` to each term that has it: half of its weight times its value, as
 * often as one term counts (raw / idf is how often all do). */
SIMD_CLONES
static void weigh_features(const struct matcher *matcher, const struct match_scratch *scratch, uint32_t intent)
{
	const struct classifier *classifier = &matcher->classifier;
	const struct feature_row *row = &scratch->row;
	const int8_t *weights = classifier->sparse + intent;
	const float *idf = scratch->uses.idf, *raw = row->raw, *values = row->values;
	float half = 0.5f * classifier->scales[intent], *said = scratch->said;
	size_t i = 0;
	for (; i < row->count; i++)
		said[i] = (float)weights[row->ids[i] * classifier->width];
	for (i = 0; i + LANES <= row->count; i += LANES)
		LANES_AT(said + i) =
			LANES_IN(values + i) * LANES_IN(idf + i) / LANES_IN(raw + i) * half * LANES_IN(said + i);
	for (; i < row->count; i++)
		said[i] = values[i] * idf[i] / raw[i] * half * said[i];
}

/* What each term has said for `intent`, by term: what its features have; a pair's halves go to both of its terms. */
static void weigh_terms(const struct matcher *matcher, const struct match_scratch *scratch, uint32_t intent,
			size_t count, float *by_term)
{
	const struct feature_uses *uses = &scratch->uses;
	const float *said = scratch->said;
	const uint32_t *piece = uses->pieces;
	weigh_features(matcher, scratch, intent);
	for (const struct feature_use *use = uses->wholes, *end = use + uses->whole_count; use < end; use++) {
		by_term[use->term] += said[use->place];
		by_term[use->other] += said[use->place];
	}
	for (size_t i = 0; i < count; i++) {
		float sum = by_term[i];
		for (const uint32_t *end = piece + scratch->facts[i].piece_count; piece < end; piece++) {
			sum += said[*piece];
			sum += said[*piece];
		}
		by_term[i] = sum;
	}
}

static void weigh_vectors(const struct matcher *matcher, const struct match_scratch *scratch, uint32_t intent,
			  size_t count, float *by_term)
{
	if (!matcher->classifier.spoken)
		return;
	const float *weights = matcher->classifier.spoken + (size_t)intent * VECTOR_DIMENSIONS;
	for (size_t i = 0; i < count; i++) {
		const struct term_fact *fact = &scratch->facts[i];
		if (fact->vector != VECTORS_NONE)
			by_term[i] += vectors_dot(fact->vector, fact->vector_unit, weights) * fact->information *
				      scratch->row.dense_scale;
	}
}

size_t explain(const struct matcher *matcher, const struct match_scratch *scratch, uint32_t intent,
	       struct match_why why[MATCH_WHY])
{
	float by_term[FEATURE_TERMS_MAX + 1];
	size_t terms = scratch->term_count, count = 0;
	double all = 0;
	memset(by_term, 0, (terms + 1) * sizeof *by_term);
	weigh_terms(matcher, scratch, intent, terms, by_term);
	weigh_vectors(matcher, scratch, intent, terms, by_term);
	for (size_t i = 0; i < terms; i++)
		all += by_term[i] > 0 ? (double)by_term[i] : 0;
	for (size_t i = 0; i < terms; i++) {
		const struct term *term = &scratch->terms.items[i];
		double weight = by_term[i] > 0 ? (double)by_term[i] / all : 0;
		if (weight <= 0 || (count == MATCH_WHY && weight <= why[count - 1].weight))
			continue;
		size_t at = count == MATCH_WHY ? count - 1 : count++;
		for (; at && weight > why[at - 1].weight; at--)
			why[at] = why[at - 1];
		why[at] = (struct match_why){ term->from, term->to, weight };
	}
	return count;
}
