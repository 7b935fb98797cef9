/* SPDX-License-Identifier: Apache-2.0 */
/* From the scores of a question to ranked candidates and their confidence; of the whole, or of a sentence of it. */
#include "match/internal.h"

#include "match/simd.h"
#include "text/language.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Of an utterance that is not understood as a whole, so many sentences are tried, if they are not mere interjections;
 * an answer to a part is a little less sure than one to the whole. */
enum { SENTENCES_MAX = 6, SENTENCE_TERMS_MIN = 3 };
static const double SENTENCE_FACTOR = 0.95;

uint32_t best_intent(const float *scores, size_t count)
{
	uint32_t best = MATCH_NONE;
	for (uint32_t k = 0; k < count; k++)
		if (best == MATCH_NONE || scores[k] > scores[best])
			best = k;
	return best;
}

/* Scores lie between about -2 and 2; this makes shares of them that spread over 0..1. */
static const double SHARPNESS = 3.0;

/* Four doubles worked on together, as in simd.h. */
enum { HALF = LANES / 2 };
typedef double lanes_double __attribute__((vector_size(HALF * sizeof(double)), aligned(8), may_alias));
typedef int64_t lanes_long __attribute__((vector_size(HALF * sizeof(int64_t)), aligned(8), may_alias));

static const double UNIT = 1099511627776.0;     /* 2^40 */
static const double WHOLE = 6755399441055744.0; /* 1.5 * 2^52: beside it a double has no room for fractions */

/* `*x` = e^x for -700 <= x <= 0, to one part in 10^9: a fraction of the cost of exp(), which was the most of a question to
 * 150 intents, and the same on every machine. It is a whole power of two, put into the exponent, times e^y with
 * |y| < 0.35, of which the series needs eight terms. */
static inline void power_of_e(lanes_double *x)
{
	static const double LN_2 = 0.69314718055994530942;
	lanes_double shifted = *x * (1 / LN_2) + WHOLE, y = *x - (shifted - WHOLE) * LN_2;
	lanes_double power = (lanes_double)(((lanes_long)shifted + 1023) << 52);
	lanes_double tail = 1.0 / 24 + y * (1.0 / 120 + y * (1.0 / 720 + y * (1.0 / 5040 + y * (1.0 / 40320))));
	*x = power * (1.0 + y * (1.0 + y * (1.0 / 2 + y * (1.0 / 6 + y * tail))));
}

/* Adds e^(how much better than `best` they score), in whole parts of UNIT, rounded down: so the order of the intents does
 * not matter to the last bit. */
static inline void add_half(lanes_double *sums, const lanes_double *scores, double best)
{
	const lanes_double one = (lanes_double){ 0 } + 1.0;
	lanes_double x = SHARPNESS * (*scores - best);
	power_of_e(&x);
	x *= UNIT;
	lanes_double rounded = x + WHOLE - WHOLE;
	*sums += rounded - (lanes_double)((rounded > x) & (lanes_long)one);
}

/* The same of LANES intents. None is better than the best, and what is worse by LEAST adds nothing. */
static inline void add_powers(lanes_double *sums, const float *scores, float best)
{
	static const float LEAST = 230.0f;
	lanes_float most = LANES_OF(best), least = most - LEAST, all = LANES_IN(scores);
	all = LANES_PICK(all < most, all, most);
	all = LANES_PICK(all > least, all, least);
	const lanes_double halves[] = {
		__builtin_convertvector(__builtin_shufflevector(all, all, 0, 1, 2, 3), lanes_double),
		__builtin_convertvector(__builtin_shufflevector(all, all, 4, 5, 6, 7), lanes_double),
	};
	add_half(sums, &halves[0], (double)best);
	add_half(sums, &halves[1], (double)best);
}

/* The sum over all intents, and so 1 divided by the share of the best. */
SIMD_CLONES
static double softmax_sum(const float *scores, size_t count, float best)
{
	lanes_double sums = { 0 };
	double all = 0;
	size_t k = 0;
	for (; k + LANES <= count; k += LANES)
		add_powers(&sums, scores + k, best);
	if (k < count) {
		float rest[LANES];
		for (size_t i = 0; i < LANES; i++)
			rest[i] = k + i < count ? scores[k + i] : -INFINITY;
		add_powers(&sums, rest, best);
	}
	for (size_t i = 0; i < HALF; i++)
		all += sums[i];
	return all / UNIT;
}

struct confidence_terms confidence_terms_of(const struct matcher *matcher, const struct question *question,
					    const float *scores, uint32_t best, float *values_by_feature)
{
	struct confidence_terms terms = { 0 };
	if (best == MATCH_NONE)
		return terms;
	if (matcher->classifier.class_count > 1) { /* a classifier of one class has never seen anything else */
		double all = softmax_sum(scores, matcher->classifier.class_count, scores[best]);
		terms.signals[SIGNAL_SCORE] = (double)scores[best];
		terms.signals[SIGNAL_SHARE] = 1.0 / all;
	}
	terms.signals[SIGNAL_COVERAGE] = question->coverage;
	terms.signals[SIGNAL_NEAREST] = example_store_nearest(&matcher->examples, question, best, values_by_feature);
	terms.signals[SIGNAL_OWN] = example_store_explained(&matcher->examples, question, best, values_by_feature);
	terms.signals[SIGNAL_RECORD] = matcher->records ? (double)matcher->records[best] : 0.0;
	return terms;
}

/* A score that at least MATCH_CANDIDATES intents reach, quickly found: of every LANES-th intent the best, and of those
 * bests the last that is among so many. */
static inline float score_reached(const float *scores, size_t count)
{
	lanes_float bests = LANES_OF(-INFINITY);
	float sorted[LANES] = { 0 };
	for (size_t k = 0; k + LANES <= count; k += LANES) {
		lanes_float others = LANES_IN(scores + k);
		bests = LANES_PICK(others > bests, others, bests);
	}
	for (size_t i = 0; i < LANES; i++) {
		size_t at = i;
		for (; at && bests[i] > sorted[at - 1]; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = bests[i];
	}
	return sorted[MATCH_CANDIDATES - 1];
}
static_assert((int)MATCH_CANDIDATES <= (int)LANES, "so many bests there are");

static inline bool any_reaches(const float *scores, float reached)
{
	lanes_long marks = (lanes_long)(LANES_IN(scores) >= LANES_OF(reached));
	return (marks[0] | marks[1] | marks[2] | marks[3]) != 0;
}

/* The best intents so far. */
struct picked {
	float scores[MATCH_CANDIDATES];
	uint32_t intents[MATCH_CANDIDATES];
	size_t count;
};

static inline void pick(struct picked *picked, uint32_t intent, float score)
{
	size_t at = picked->count;
	if (at == MATCH_CANDIDATES && score <= picked->scores[at - 1])
		return;
	at = at < MATCH_CANDIDATES ? picked->count++ : at - 1;
	for (; at && score > picked->scores[at - 1]; at--) {
		picked->scores[at] = picked->scores[at - 1];
		picked->intents[at] = picked->intents[at - 1];
	}
	picked->scores[at] = score;
	picked->intents[at] = intent;
}

/* The best MATCH_CANDIDATES intents by score; ties in order of intents. */
SIMD_CLONES
static void pick_candidates(const float *scores, size_t count, struct match_result *out)
{
	struct picked picked = { .count = 0 };
	float reached = score_reached(scores, count);
	size_t k = 0;
	for (; k + LANES <= count; k += LANES)
		if (any_reaches(scores + k, reached))
			for (size_t i = 0; i < LANES; i++)
				if (scores[k + i] >= reached)
					pick(&picked, (uint32_t)(k + i), scores[k + i]);
	for (; k < count; k++)
		pick(&picked, (uint32_t)k, scores[k]);
	for (size_t i = 0; i < picked.count; i++)
		out->candidates[i] =
			(struct candidate){ .intent = picked.intents[i], .score = (double)picked.scores[i] };
	out->count = picked.count;
}

/* The others share what the first leaves, in proportion to a softmax over all scores, of which the first has `its_share`,
 * and none is surer than it. */
static void share_confidence(double its_share, double first, struct match_result *out)
{
	out->candidates[0].confidence = first;
	for (size_t i = 1; i < out->count; i++) {
		double all = 1.0 / its_share,
		       share = exp(SHARPNESS * (out->candidates[i].score - out->candidates[0].score));
		out->candidates[i].confidence = fmin(first * share, (1.0 - first) * share / (all - 1.0));
	}
}

/* The owner has said what these very words mean. */
static const double WORDING_CONFIDENCE = 0.99;

/* Puts the intent that has an example of just these words first, if there is one. */
static uint32_t prefer_wording(const struct matcher *matcher, struct match_scratch *scratch)
{
	uint32_t intent = wordings_find(&matcher->wordings, &scratch->terms);
	if (intent == MATCH_NONE)
		return MATCH_NONE;
	uint32_t best = best_intent(scratch->scores, matcher->classifier.class_count);
	if (intent != best)
		scratch->scores[intent] = nextafterf(scratch->scores[best], INFINITY);
	return intent;
}

/* What is written in another language is taken for half as likely to be understood. Only asked where it matters: a
 * text all of whose words the corpus knows is no foreign one. */
static const double COVERAGE_OF_OWN_LANGUAGE = 0.9, FOREIGN_FACTOR = 0.5;

static double doubt_foreign(const struct matcher *matcher, struct str utterance, double coverage, double confidence)
{
	bool is_doubtful = confidence >= matcher->confidence.threshold && coverage < COVERAGE_OF_OWN_LANGUAGE;
	return is_doubtful && language_is_foreign(utterance, matcher->language) ? confidence * FOREIGN_FACTOR
										: confidence;
}

/* Puts the intents with most examples that have the stem `feature` into `out`, then by score; as confidence how many they
 * have. */
static void pick_by_word(const struct matcher *matcher, const float *scores, uint32_t feature, struct match_result *out)
{
	out->count = 0;
	for (uint32_t k = 0; k < matcher->classifier.class_count; k++) {
		struct candidate found = { k, (double)example_store_count(&matcher->examples, feature, k), scores[k] };
		size_t at = out->count;
		for (; at; at--) {
			const struct candidate *before = &out->candidates[at - 1];
			if (found.confidence < before->confidence ||
			    (found.confidence <= before->confidence && found.score <= before->score))
				break;
			if (at < MATCH_CANDIDATES)
				out->candidates[at] = *before;
		}
		if (at == MATCH_CANDIDATES)
			continue;
		out->candidates[at] = found;
		out->count += out->count < MATCH_CANDIDATES;
	}
}

/* A word alone tells the matter, not what is wanted of it: "order" may be any of a dozen questions, however much one of
 * them stands out by its letters. So none is surer than its share of the examples that have the word; and the others come
 * in the order of theirs behind the first candidate; one without the word is not answered with. */
static void rank_lone_word(const struct matcher *matcher, const struct match_scratch *scratch, struct match_result *out)
{
	const struct candidate first = out->candidates[0];
	uint32_t feature = scratch->facts[0].stem;
	size_t all = feature == FEATURE_NONE ? 0 : example_store_count(&matcher->examples, feature, MATCH_NONE);
	double own = (double)example_store_count(&matcher->examples, feature, first.intent), surest = first.confidence;
	if (!all || (own <= 0 && surest < matcher->confidence.threshold))
		return;
	pick_by_word(matcher, scratch->scores, feature, out);
	if (own > 0) {
		size_t at = 0;
		while (at + 1 < out->count && out->candidates[at].intent != first.intent)
			at++;
		memmove(out->candidates + 1, out->candidates, at * sizeof first);
		out->candidates[0] = (struct candidate){ first.intent, own, first.score };
	}
	for (size_t i = 0; i < out->count; i++) {
		out->candidates[i].confidence = fmin(surest, out->candidates[i].confidence / (double)all);
		surest = i ? surest : out->candidates[0].confidence;
	}
}

static void rate_candidates(const struct matcher *matcher, struct match_scratch *scratch, uint32_t wording,
			    struct match_result *out)
{
	if (matcher->only_rank) {
		for (size_t i = 0; i < out->count; i++)
			out->candidates[i].confidence = out->candidates[i].score;
		return;
	}
	struct question question = { .row = scratch->row,
				     .facts = scratch->facts,
				     .fact_count = scratch->term_count,
				     .known_count = scratch->term_count,
				     .coverage = out->coverage };
	struct confidence_terms terms = confidence_terms_of(matcher, &question, scratch->scores,
							    out->candidates[0].intent, scratch->values_by_feature);
	double confidence = confidence_of(&matcher->confidence, &terms);
	confidence = doubt_foreign(matcher, scratch->text, out->coverage, confidence);
	if (wording == out->candidates[0].intent)
		confidence = fmax(confidence, WORDING_CONFIDENCE);
	share_confidence(terms.signals[SIGNAL_SHARE], confidence, out);
	if (scratch->terms.count == 1 && wording == MATCH_NONE)
		rank_lone_word(matcher, scratch, out);
}

/* Ranks the words that were read; all but the explanation. */
static void rank_words(const struct matcher *matcher, struct match_scratch *scratch, struct match_result *out)
{
	out->count = out->why_count = 0;
	scratch_score(matcher, scratch);
	out->repair_count = scratch->repair_count;
	memcpy(out->repairs, scratch->repairs, out->repair_count * sizeof *out->repairs);
	out->term_count = scratch->terms.count;
	out->coverage = matcher_coverage(scratch);
	uint32_t wording = prefer_wording(matcher, scratch);
	pick_candidates(scratch->scores, matcher->classifier.class_count, out);
	if (out->count)
		rate_candidates(matcher, scratch, wording, out);
}

static bool is_blank(char c)
{
	return !c || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Cuts the first sentence off `rest`: it ends with . ! ? or ; before white space, or with the line. False at the end. */
static bool next_sentence(struct str *rest, struct str *out_sentence)
{
	if (!rest->len)
		return false;
	size_t end = 0;
	for (; end < rest->len; end++) {
		char c = rest->ptr[end];
		bool is_stop = c == '.' || c == '!' || c == '?' || c == ';';
		if (c == '\n' || (is_stop && (end + 1 == rest->len || is_blank(rest->ptr[end + 1]))))
			break;
	}
	end += end < rest->len;
	*out_sentence = str_part(*rest, 0, end);
	*rest = str_part(*rest, end, rest->len);
	return true;
}

/* Says of the whole utterance what was found for its sentence at byte `from`. */
static void take_sentence(struct match_result *out, const struct match_result *sentence, uint32_t from)
{
	size_t term_count = out->term_count;
	*out = *sentence;
	out->term_count = term_count;
	for (size_t i = 0; i < out->count; i++)
		out->candidates[i].confidence *= SENTENCE_FACTOR;
	for (size_t i = 0; i < out->why_count; i++) {
		out->why[i].from += from;
		out->why[i].to += from;
	}
	for (size_t i = 0; i < out->repair_count; i++) {
		out->repairs[i].from += from;
		out->repairs[i].to += from;
	}
}

/* People tell a story around their question. When the whole is not sure enough but a sentence of it surely says what the
 * whole seems to say, that is answered. A sentence that surely says another thing is a second question, and both are
 * left to who can deal with them (answering it was tried: on BANKING77 only half of such answers were right). */
static void rank_sentences(const struct matcher *matcher, struct match_scratch *scratch, struct str utterance,
			   struct match_result *out)
{
	struct match_result found = { 0 }, result;
	struct str rest = str_part(utterance, 0, UTTERANCE_BYTES_MAX), sentence;
	double enough = matcher->confidence.threshold / SENTENCE_FACTOR;
	size_t place = 0;
	for (int n = 0; n < SENTENCES_MAX && next_sentence(&rest, &sentence); n++) {
		if (sentence.len == utterance.len)
			return;
		scratch_read_text(matcher, scratch, sentence);
		rank_words(matcher, scratch, &result);
		bool is_sure = result.count && result.term_count >= SENTENCE_TERMS_MIN &&
			       result.candidates[0].confidence >= enough;
		if (is_sure && result.candidates[0].intent != out->candidates[0].intent)
			return;
		if (is_sure && (!found.count || result.candidates[0].confidence > found.candidates[0].confidence)) {
			found = result;
			found.why_count = explain(matcher, scratch, found.candidates[0].intent, found.why);
			place = (size_t)(sentence.ptr - utterance.ptr);
		}
	}
	if (found.count)
		take_sentence(out, &found, (uint32_t)place);
}

void matcher_rank_read(const struct matcher *matcher, struct match_scratch *scratch, struct match_result *out)
{
	assert(scratch->reader == matcher);
	struct str utterance = scratch->text;
	rank_words(matcher, scratch, out);
	if (out->count)
		out->why_count = explain(matcher, scratch, out->candidates[0].intent, out->why);
	if (out->count && !matcher->only_rank && out->candidates[0].confidence < matcher->confidence.threshold)
		rank_sentences(matcher, scratch, utterance, out);
	scratch->reader = NULL;
}

void matcher_rank(const struct matcher *matcher, struct match_scratch *scratch, struct str utterance,
		  struct match_result *out)
{
	scratch_read_text(matcher, scratch, utterance);
	matcher_rank_read(matcher, scratch, out);
}
