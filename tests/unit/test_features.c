/* SPDX-License-Identifier: Apache-2.0 */
#include "match/features.h"

#include "base/mem.h"

#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct text {
	struct terms terms;
	struct feature_hits hits;
};

static void read_text(struct text *text, struct arena *arena, struct stemmer *stemmer, const char *utterance)
{
	text->terms = terms_read_in(arena, stemmer, NULL, str_of(utterance), "en");
	text->hits = (struct feature_hits){ 0 };
	feature_hits_read(&text->hits, &text->terms);
}

static size_t hits_of(const struct feature_hits *hits, enum feature_block block)
{
	size_t count = 0;
	for (size_t i = 0; i < hits->count; i++)
		count += hits->items[i].block == block;
	return count;
}

static void a_text_has_stems_pairs_and_pieces(void **state)
{
	static const struct {
		const char *utterance;
		size_t stems, pairs, pieces;
	} rows[] = {
		{ "", 0, 0, 0 },
		{ "a", 1, 0, 3 },                 /* " a", " a ", "a " */
		{ "my", 1, 0, 6 },                /* of " my ": 3 + 2 + 1 */
		{ "\xc3\xa9t\xc3\xa9", 1, 0, 9 }, /* characters, not bytes: 4 + 3 + 2 */
		{ "my parcel", 2, 1, 6 + 18 },
		{ "where is my parcel now", 5, 9, 15 + 6 + 6 + 18 + 9 }, /* 3 + 3 + 2 + 1 pairs at most three apart */
	};
	struct arena arena = { 0 };
	struct stemmer *stemmer = stemmer_new("en");
	size_t failed = 0;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text text;
		read_text(&text, &arena, stemmer, rows[i].utterance);
		size_t stems = hits_of(&text.hits, BLOCK_STEMS), pairs = hits_of(&text.hits, BLOCK_PAIRS);
		size_t pieces = hits_of(&text.hits, BLOCK_PIECES);
		if (stems != rows[i].stems || pairs != rows[i].pairs || pieces != rows[i].pieces) {
			print_error("\"%s\": %zu stems, %zu pairs, %zu pieces\n", rows[i].utterance, stems, pairs,
				    pieces);
			failed++;
		}
		free(text.hits.items);
	}
	stemmer_free(stemmer);
	arena_clear(&arena);
	assert_int_equal(failed, 0);
}

static const char *const TEXTS[] = { "where is my parcel", "where is my order", "pay my order", "pay by card" };
static const uint32_t INTENTS[] = { 0, 0, 1, 2 };
enum { TEXT_COUNT = COUNT(TEXTS), INTENT_COUNT = 3 };

static void learn(struct features *features, struct text texts[TEXT_COUNT], struct arena *arena, unsigned least)
{
	struct stemmer *stemmer = stemmer_new("en");
	struct feature_hits hits[TEXT_COUNT];
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		read_text(&texts[i], arena, stemmer, TEXTS[i]);
		hits[i] = texts[i].hits;
	}
	features_learn(features, &(struct feature_texts){ hits, INTENTS, TEXT_COUNT, INTENT_COUNT }, least, true);
	stemmer_free(stemmer);
}

static void weights_follow_how_many_texts_and_intents_have_a_feature(void **state)
{
	static const struct {
		const char *stem;
		unsigned texts;   /* of TEXTS that have it; 0: not known */
		unsigned intents; /* of INTENTS; a word that keeps to few of them counts more */
	} rows[] = { { "my", 3, 2 },   { "where", 2, 1 },    { "order", 2, 2 }, { "parcel", 1, 1 },
		     { "card", 1, 1 }, { "elephant", 0, 0 }, { "", 0, 0 } };
	struct features features;
	struct text texts[TEXT_COUNT];
	struct arena arena = { 0 };
	(void)state;
	learn(&features, texts, &arena, 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t id = features_find(&features, feature_key_of_stem(str_of(rows[i].stem)));
		assert_true((id == FEATURE_NONE) == (rows[i].texts == 0));
		if (id == FEATURE_NONE)
			continue;
		double idf = log((1.0 + TEXT_COUNT) / (1.0 + rows[i].texts)) + 1;
		double concentration = sqrt((1.0 + rows[i].texts) / (1.0 + rows[i].intents));
		assert_true(fabs((double)features.idf[id] - idf * concentration) < 1e-5);
	}
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(texts[i].hits.items);
	features_clear(&features);
	arena_clear(&arena);
}

/* Where every intent has many examples, the classifier sees by itself which words keep to few of them. */
static void with_many_examples_concentration_fades(void **state)
{
	enum { ROWS = 400 };
	static const char *const kinds[] = { "where is my parcel", "pay my order" };
	struct arena arena = { 0 };
	struct stemmer *stemmer = stemmer_new("en");
	struct text texts[2];
	struct feature_hits hits[ROWS];
	uint32_t intents[ROWS];
	double ratios[2];
	(void)state;
	for (size_t k = 0; k < 2; k++)
		read_text(&texts[k], &arena, stemmer, kinds[k]);
	for (uint32_t i = 0; i < ROWS; i++)
		hits[i] = texts[i % 2].hits, intents[i] = i % 2;
	for (size_t n = 0; n < 2; n++) {
		struct features features;
		features_learn(&features, &(struct feature_texts){ hits, intents, n ? ROWS : ROWS / 20, 2 }, 1, false);
		uint32_t parcel = features_find(&features, feature_key_of_stem(str_of("parcel")));
		double rows = n ? ROWS : ROWS / 20;
		ratios[n] = (double)features.idf[parcel] / (log((1 + rows) / (1 + rows / 2)) + 1);
		features_clear(&features);
	}
	assert_true(ratios[0] > 2.0 && ratios[1] > 1.0 && ratios[1] < 1.3);
	for (size_t k = 0; k < 2; k++)
		free(texts[k].hits.items);
	stemmer_free(stemmer);
	arena_clear(&arena);
}

static void rare_pairs_and_pieces_are_dropped_and_stems_kept(void **state)
{
	struct features all, few;
	struct text texts[TEXT_COUNT];
	struct arena arena = { 0 };
	(void)state;
	learn(&all, texts, &arena, 1);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(texts[i].hits.items);
	learn(&few, texts, &arena, 2);
	assert_true(few.count < all.count && features_size_bytes(&few) <= features_size_bytes(&all));
	for (size_t t = 0; t < TEXT_COUNT; t++)
		for (size_t i = 0; i < texts[t].hits.count; i++) {
			const struct feature_hit *hit = &texts[t].hits.items[i];
			assert_int_not_equal(features_find(&all, hit->key), FEATURE_NONE);
			if (hit->block == BLOCK_STEMS)
				assert_int_not_equal(features_find(&few, hit->key), FEATURE_NONE);
		}
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(texts[i].hits.items);
	features_clear(&all);
	features_clear(&few);
	arena_clear(&arena);
}

/* Whatever the text, each block has the same length; with all of them there the whole has length 1. */
static void every_block_has_its_share_of_the_length(void **state)
{
	struct features features;
	struct text texts[TEXT_COUNT];
	struct arena arena = { 0 };
	(void)state;
	learn(&features, texts, &arena, 1);
	uint32_t *marks = mem_zalloc(features.count, sizeof *marks);
	for (size_t t = 0; t < TEXT_COUNT; t++) {
		struct feature_row row = { 0 };
		struct term_fact facts[FEATURE_TERMS_MAX];
		double square = 0;
		row.ids = mem_alloc(texts[t].hits.count * sizeof *row.ids);
		row.raw = mem_alloc(texts[t].hits.count * sizeof *row.raw);
		row.values = mem_alloc(texts[t].hits.count * sizeof *row.values);
		feature_row_read(&features, &row, &texts[t].hits, NULL, marks);
		feature_row_weigh(&features, &row, NULL);
		term_facts_read(&features, &texts[t].terms, facts);
		feature_row_add_vectors(&features, &row, &texts[t].terms, facts);
		for (size_t i = 0; i < row.count; i++)
			square += (double)(row.values[i] * row.values[i]);
		for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
			square += (double)(row.dense[d] * row.dense[d]);
		assert_true(fabs(square - 1.0) < 1e-5);
		free(row.ids);
		free(row.raw);
		free(row.values);
		free(texts[t].hits.items);
	}
	for (size_t i = 0; i < features.count; i++)
		assert_int_equal(marks[i], 0);
	free(marks);
	features_clear(&features);
	arena_clear(&arena);
}

static void rare_words_tell_more_and_digits_nothing(void **state)
{
	struct features with = { .has_vectors = true }, without = { .has_vectors = false };
	struct arena arena = { 0 };
	struct stemmer *stemmer = stemmer_new("en");
	struct term_fact facts[FEATURE_TERMS_MAX];
	struct terms terms = terms_read_in(&arena, stemmer, NULL, str_of("the parcel qwertyqwerty 123"), "en");
	(void)state;
	term_facts_read(&with, &terms, facts);
	assert_true(facts[0].information < facts[1].information && facts[1].information < facts[2].information);
	assert_true(facts[3].information == 0.0f);
	assert_true(facts[0].vector != VECTORS_NONE && facts[2].vector == VECTORS_NONE);
	term_facts_read(&without, &terms, facts);
	assert_true(facts[0].information < facts[1].information && facts[3].information == 0.0f);
	assert_true(facts[0].vector == VECTORS_NONE);
	stemmer_free(stemmer);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_has_stems_pairs_and_pieces),
		cmocka_unit_test(weights_follow_how_many_texts_and_intents_have_a_feature),
		cmocka_unit_test(with_many_examples_concentration_fades),
		cmocka_unit_test(rare_pairs_and_pieces_are_dropped_and_stems_kept),
		cmocka_unit_test(every_block_has_its_share_of_the_length),
		cmocka_unit_test(rare_words_tell_more_and_digits_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
