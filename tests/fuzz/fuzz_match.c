/* SPDX-License-Identifier: Apache-2.0 */
/* What a visitor writes, against a small trained matcher. The first byte chooses one of two languages, and whether all is
 * asked again, in one step or in several: to read an utterance costs far more than anything that is done with it. */
#include "base/count.h"
#include "match/match.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct matcher *train(const char *language)
{
	const struct training_example items[] = {
		{ STR_LIT("where is my parcel"), 0 },
		{ STR_LIT("track my order"), 0 },
		{ STR_LIT("my package has not come"), 0 },
		{ STR_LIT("how can i pay"), 1 },
		{ STR_LIT("do you take paypal"), 1 },
		{ STR_LIT("payment methods"), 1 },
		{ STR_LIT("i want my money back"), 2 },
		{ STR_LIT("refund please"), 2 },
		{ STR_LIT("wann kommt mein paket"), 3 },
		{ STR_LIT("lieferzeit"), 3 },
		{ STR_LIT("hello"), 4 },
	};
	struct training_set set = { language, 5, items, COUNT(items), NULL };
	struct match_options options = match_options_defaults();
	return matcher_new(&set, &options);
}

static void check_why(const struct match_why *why, size_t count, size_t limit)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		assert(why[i].from < why[i].to && why[i].to <= limit);
		assert(why[i].weight > 0 && (!i || why[i].weight <= why[i - 1].weight));
		sum += why[i].weight;
	}
	assert(sum <= 1.0 + 1e-6);
}

static void check_result(const struct match_result *result, size_t limit)
{
	double sum = 0;
	assert(result->count == MATCH_CANDIDATES && result->coverage >= 0 && result->coverage <= 1 + 1e-9);
	for (size_t i = 0; i < result->count; i++) {
		const struct candidate *candidate = &result->candidates[i];
		assert(candidate->intent < 5 && isfinite(candidate->score));
		assert(candidate->confidence >= 0 && candidate->confidence <= 1);
		assert(!i || candidate->confidence <= candidate[-1].confidence);
		sum += candidate->confidence;
	}
	assert(sum <= 1.0 + 1e-9);
	for (size_t i = 0; i < result->repair_count; i++)
		assert(result->repairs[i].from < result->repairs[i].to && result->repairs[i].to <= limit &&
		       strlen(result->repairs[i].word) > 0);
	check_why(result->why, result->why_count, limit);
}

static struct matcher *matchers[2];

/* The same to the last bit; what lies between the fields does not count. */
static void check_same(const struct match_result *a, const struct match_result *b)
{
	assert(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct candidate *left = &a->candidates[i], *right = &b->candidates[i];
		assert(left->intent == right->intent);
		assert(!memcmp(&left->confidence, &right->confidence, sizeof left->confidence));
		assert(!memcmp(&left->score, &right->score, sizeof left->score));
	}
}

/* Cut outside, and after another matcher has looked at the words. */
static void rank_in_steps(const struct matcher *matcher, const struct matcher *other, struct match_scratch *scratch,
			  struct str utterance, struct match_result *out)
{
	struct arena arena = { 0 };
	struct tokens tokens = tokens_read_in(&arena, utterance, matcher == matchers[0] ? "en" : "de");
	matcher_read(other, scratch, &tokens);
	matcher_read(matcher, scratch, &tokens);
	double coverage = matcher_coverage(scratch);
	assert(coverage >= 0 && coverage <= 1);
	matcher_rank_read(matcher, scratch, out);
	arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct match_scratch *scratch;
	struct match_result result, again;
	if (!size)
		return 0;
	if (!scratch) {
		scratch = match_scratch_new();
		matchers[0] = train("en");
		matchers[1] = train("de");
	}
	const struct matcher *matcher = matchers[data[0] & 1];
	char *copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	struct str utterance = { copy, size - 1 };
	memset(&result, 0, sizeof result);
	memset(&again, 0, sizeof again);
	matcher_rank(matcher, scratch, utterance, &result);
	check_result(&result, utterance.len);
	if (data[0] & 4) {
		if (data[0] & 2)
			rank_in_steps(matcher, matchers[~data[0] & 1], scratch, utterance, &again);
		else
			matcher_rank(matcher, scratch, utterance, &again);
		check_same(&result, &again);
	}
	free(copy);
	return 0;
}
