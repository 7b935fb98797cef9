/* SPDX-License-Identifier: Apache-2.0 */
/* Which words spoke for an intent. */
#include "match/internal.h"

#include <string.h>

/* What each term has said for `intent`, by term: the weights of its features times their values; a pair's halves go
 * to both of its terms. */
static void weigh_terms(const struct matcher *matcher, const struct match_scratch *scratch, uint32_t intent,
			float *by_term)
{
	const struct classifier *classifier = &matcher->classifier;
	const struct feature_row *row = &scratch->row;
	float half = 0.5f * classifier->scales[intent];
	for (size_t i = 0; i < row->count; i++) /* raw / idf is how often it counts */
		scratch->said[i] = row->values[i] * matcher->features.idf[row->ids[i]] / row->raw[i] * half *
				   (float)classifier->sparse[row->ids[i] * classifier->width + intent];
	uint16_t term = 0; /* its sum goes along: most features are of the same term alone as the one before */
	float sum = by_term[0];
	for (const struct feature_use *use = scratch->uses, *end = use + scratch->use_count; use < end; use++) {
		float said = scratch->said[use->place];
		if (use->term != term) {
			by_term[term] = sum;
			term = use->term;
			sum = by_term[term];
		}
		sum += said;
		if (use->other == term)
			sum += said;
		else
			by_term[use->other] += said;
	}
	by_term[term] = sum;
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
	weigh_terms(matcher, scratch, intent, by_term);
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
