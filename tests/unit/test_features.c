/* SPDX-License-Identifier: Apache-2.0 */
#include "match/features.h"

#include "base/mem.h"

#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct text {
	struct terms terms;
	struct feature_keys keys;
};

static void read_text(struct text *text, struct arena *arena, struct stemmer *stemmer, const char *utterance)
{
	text->terms = terms_read_in(arena, stemmer, NULL, str_of(utterance), "en");
	text->keys = (struct feature_keys){ 0 };
	feature_keys_read(&text->keys, &text->terms);
}

static size_t keys_of(const struct feature_keys *keys, enum feature_block block)
{
	return keys->ends[block] - (block == BLOCK_STEMS ? 0 : keys->ends[block - 1]);
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
		size_t stems = keys_of(&text.keys, BLOCK_STEMS), pairs = keys_of(&text.keys, BLOCK_PAIRS);
		size_t pieces = keys_of(&text.keys, BLOCK_PIECES);
		if (stems != rows[i].stems || pairs != rows[i].pairs || pieces != rows[i].pieces) {
			print_error("\"%s\": %zu stems, %zu pairs, %zu pieces\n", rows[i].utterance, stems, pairs,
				    pieces);
			failed++;
		}
		free(text.keys.items);
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
	struct feature_keys keys[TEXT_COUNT];
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		read_text(&texts[i], arena, stemmer, TEXTS[i]);
		keys[i] = texts[i].keys;
	}
	features_learn(features, &(struct feature_texts){ keys, INTENTS, TEXT_COUNT, INTENT_COUNT }, least, true);
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
		free(texts[i].keys.items);
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
	struct feature_keys keys[ROWS];
	uint32_t intents[ROWS];
	double ratios[2];
	(void)state;
	for (size_t k = 0; k < 2; k++)
		read_text(&texts[k], &arena, stemmer, kinds[k]);
	for (uint32_t i = 0; i < ROWS; i++)
		keys[i] = texts[i % 2].keys, intents[i] = i % 2;
	for (size_t n = 0; n < 2; n++) {
		struct features features;
		features_learn(&features, &(struct feature_texts){ keys, intents, n ? ROWS : ROWS / 20, 2 }, 1, false);
		uint32_t parcel = features_find(&features, feature_key_of_stem(str_of("parcel")));
		double rows = n ? ROWS : ROWS / 20;
		ratios[n] = (double)features.idf[parcel] / (log((1 + rows) / (1 + rows / 2)) + 1);
		features_clear(&features);
	}
	assert_true(ratios[0] > 2.0 && ratios[1] > 1.0 && ratios[1] < 1.3);
	for (size_t k = 0; k < 2; k++)
		free(texts[k].keys.items);
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
		free(texts[i].keys.items);
	learn(&few, texts, &arena, 2);
	assert_true(few.count < all.count && features_size_bytes(&few) <= features_size_bytes(&all));
	for (size_t t = 0; t < TEXT_COUNT; t++)
		for (size_t i = 0; i < texts[t].keys.count; i++) {
			uint64_t key = texts[t].keys.items[i];
			assert_int_not_equal(features_find(&all, key), FEATURE_NONE);
			if (i < texts[t].keys.ends[BLOCK_STEMS])
				assert_int_not_equal(features_find(&few, key), FEATURE_NONE);
		}
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(texts[i].keys.items);
	features_clear(&all);
	features_clear(&few);
	arena_clear(&arena);
}

/* A text as a point, as the product reads it. */
struct reading {
	struct arena arena;
	struct term_fact facts[FEATURE_TERMS_MAX];
	struct feature_row row;
	struct feature_uses uses;
	uint32_t *marks;
};

static void read_facts(struct reading *reading, const struct features *features, const struct terms *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		reading->facts[i] = term_fact_read_in(&reading->arena, features, &terms->items[i]);
}

static void reading_init(struct reading *reading, const struct features *features, const struct terms *terms)
{
	*reading = (struct reading){ 0 };
	read_facts(reading, features, terms);
	size_t room = feature_room(reading->facts, terms->count);
	reading->row.ids = arena_alloc(&reading->arena, room * sizeof *reading->row.ids);
	reading->row.raw = arena_alloc(&reading->arena, room * sizeof *reading->row.raw);
	reading->row.values = arena_alloc(&reading->arena, room * sizeof *reading->row.values);
	reading->uses.wholes = arena_alloc(&reading->arena, room * sizeof *reading->uses.wholes);
	reading->uses.pieces = arena_alloc(&reading->arena, room * sizeof *reading->uses.pieces);
	reading->uses.idf = arena_alloc(&reading->arena, room * sizeof *reading->uses.idf);
	reading->marks = arena_zalloc(&reading->arena, features->count + 1, sizeof *reading->marks);
	feature_row_read(features, &reading->row, reading->facts, terms->count, &reading->uses, reading->marks);
	feature_row_weigh(features, &reading->row);
	feature_row_add_vectors(features, &reading->row, reading->facts, terms->count);
}

static double square_between(const struct feature_row *row, size_t from, size_t to)
{
	double square = 0;
	for (size_t i = from; i < to; i++)
		square += (double)(row->values[i] * row->values[i]);
	return square;
}

/* Whatever the text, each block has the same length; with all of them there the whole has length 1. */
static void every_block_has_its_share_of_the_length(void **state)
{
	struct features features;
	struct text texts[TEXT_COUNT];
	struct arena arena = { 0 };
	double blocks[TEXT_COUNT][BLOCK_COUNT];
	(void)state;
	learn(&features, texts, &arena, 1);
	for (size_t t = 0; t < TEXT_COUNT; t++) {
		struct reading reading;
		reading_init(&reading, &features, &texts[t].terms);
		const struct feature_row *row = &reading.row;
		double square = square_between(row, 0, row->count);
		for (size_t d = 0; d < VECTOR_DIMENSIONS; d++)
			square += (double)(row->dense[d] * row->dense[d]);
		assert_true(fabs(square - 1.0) < 1e-5);
		for (size_t b = 0; b < BLOCK_COUNT; b++) {
			blocks[t][b] = square_between(row, b ? row->ends[b - 1] : 0, row->ends[b]);
			assert_true(fabs(blocks[t][b] - blocks[0][b]) < 1e-5);
		}
		assert_int_equal(row->ends[BLOCK_PIECES], row->count);
		for (size_t i = 0; i < features.count; i++)
			assert_int_equal(reading.marks[i], 0);
		arena_clear(&reading.arena);
		free(texts[t].keys.items);
	}
	features_clear(&features);
	arena_clear(&arena);
}

/* Every use of a feature is told, with its terms: the stems and pairs, and the pieces term by term. */
static bool uses_are_right(const struct reading *reading, const struct features *features, size_t term_count)
{
	const struct feature_uses *uses = &reading->uses;
	const struct feature_row *row = &reading->row;
	size_t piece = 0;
	bool is_right = true;
	for (size_t u = 0; u < uses->whole_count; u++) {
		const struct feature_use *use = &uses->wholes[u];
		is_right &= use->place < row->ends[BLOCK_PAIRS] && use->term <= use->other && use->other < term_count;
		is_right &= (use->term == use->other) == (use->place < row->ends[BLOCK_STEMS]);
	}
	for (size_t t = 0; t < term_count; t++)
		for (size_t p = 0; p < reading->facts[t].piece_count; p++)
			is_right &= row->ids[uses->pieces[piece++]] == reading->facts[t].pieces[p];
	for (size_t i = 0; i < row->count; i++)
		is_right &= uses->idf[i] <= features->idf[row->ids[i]] && uses->idf[i] >= features->idf[row->ids[i]];
	return is_right && uses->whole_count + piece >= row->count;
}

/* A text that is learnt from has, read as a question, just the features that it has taught; of others those that are
 * known. */
static void a_question_has_the_features_that_were_taught(void **state)
{
	static const struct {
		const char *utterance;
		size_t stems, pairs; /* that the texts have taught */
		bool are_all_pieces_known;
	} rows[] = {
		{ "where is my parcel", 4, 6, true }, /* all of a text */
		{ "my parcel is where", 4, 1, true }, /* only "my parcel" in this order */
		{ "my my", 1, 0, true },
		{ "where elephant parcel", 2, 1, false }, /* a pair reaches over what is unknown */
		{ "elephant", 0, 0, false },
		{ "", 0, 0, true },
	};
	struct features features;
	struct text texts[TEXT_COUNT];
	struct arena arena = { 0 };
	struct stemmer *stemmer = stemmer_new("en");
	size_t failed = 0;
	(void)state;
	learn(&features, texts, &arena, 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text text;
		struct reading reading;
		read_text(&text, &arena, stemmer, rows[i].utterance);
		reading_init(&reading, &features, &text.terms);
		const struct feature_row *row = &reading.row;
		size_t pieces = 0;
		for (size_t t = 0; t < text.terms.count; t++)
			pieces += reading.facts[t].piece_count;
		bool is_right = row->ends[BLOCK_STEMS] == rows[i].stems &&
				row->ends[BLOCK_PAIRS] - row->ends[BLOCK_STEMS] == rows[i].pairs &&
				(pieces == keys_of(&text.keys, BLOCK_PIECES)) == rows[i].are_all_pieces_known;
		if (!is_right || !uses_are_right(&reading, &features, text.terms.count)) {
			print_error("\"%s\": %zu stems, %zu pairs\n", rows[i].utterance, row->ends[BLOCK_STEMS],
				    row->ends[BLOCK_PAIRS] - row->ends[BLOCK_STEMS]);
			failed++;
		}
		arena_clear(&reading.arena);
		free(text.keys.items);
	}
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(texts[i].keys.items);
	features_clear(&features);
	stemmer_free(stemmer);
	arena_clear(&arena);
	assert_int_equal(failed, 0);
}

static void what_is_left_out_is_gone(void **state)
{
	struct features features;
	struct text texts[TEXT_COUNT];
	struct arena arena = { 0 };
	struct reading whole, part;
	(void)state;
	learn(&features, texts, &arena, 1);
	reading_init(&whole, &features, &texts[0].terms);
	reading_init(&part, &features, &texts[0].terms);
	uint8_t *is_left_out = arena_zalloc(&arena, features.count + 1, 1);
	for (size_t i = 0; i < whole.row.count; i += 2)
		is_left_out[whole.row.ids[i]] = 1;
	feature_row_leave_out(&part.row, is_left_out);
	feature_row_weigh(&features, &part.row);
	assert_int_equal(part.row.count, whole.row.count / 2);
	for (size_t i = 0; i < part.row.count; i++)
		assert_int_equal(part.row.ids[i], whole.row.ids[2 * i + 1]);
	for (size_t b = 0, from = 0; b < BLOCK_COUNT;
	     from = part.row.ends[b++]) /* what is left has the block's share */
		assert_true(fabs(square_between(&part.row, from, part.row.ends[b]) -
				 square_between(&whole.row, b ? whole.row.ends[b - 1] : 0, whole.row.ends[b])) < 1e-5);
	arena_clear(&whole.arena);
	arena_clear(&part.arena);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(texts[i].keys.items);
	features_clear(&features);
	arena_clear(&arena);
}

static void rare_words_tell_more_and_digits_nothing(void **state)
{
	struct text texts[TEXT_COUNT], text;
	struct features with, without;
	struct arena arena = { 0 };
	struct stemmer *stemmer = stemmer_new("en");
	struct reading reading = { 0 };
	const struct term_fact *facts = reading.facts;
	(void)state;
	learn(&with, texts, &arena, 1);
	without = with;
	without.has_vectors = false;
	read_text(&text, &arena, stemmer, "the parcel qwertyqwerty 123");
	read_facts(&reading, &with, &text.terms);
	assert_true(facts[0].information < facts[1].information && facts[1].information < facts[2].information);
	assert_true(facts[3].information == 0.0f);
	assert_true(facts[0].vector != VECTORS_NONE && facts[2].vector == VECTORS_NONE);
	assert_true(facts[1].stem != FEATURE_NONE && facts[2].stem == FEATURE_NONE);
	read_facts(&reading, &without, &text.terms);
	assert_true(facts[0].information < facts[1].information && facts[3].information == 0.0f);
	assert_true(facts[0].vector == VECTORS_NONE);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(texts[i].keys.items);
	free(text.keys.items);
	features_clear(&with);
	stemmer_free(stemmer);
	arena_clear(&reading.arena);
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
		cmocka_unit_test(a_question_has_the_features_that_were_taught),
		cmocka_unit_test(what_is_left_out_is_gone),
		cmocka_unit_test(rare_words_tell_more_and_digits_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
