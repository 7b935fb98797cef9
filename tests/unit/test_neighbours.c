/* SPDX-License-Identifier: Apache-2.0 */
#include "match/neighbours.h"

#include "base/count.h"

#include "cmocka_all.h"

#include <stdlib.h>

static const char *const TEXTS[] = { "the parcel is late", "the package is lost", "a blue jumper",
				     "my packages",        "xyzzy the parcel",    "the elephant" };
enum { WORDS = 24 };

struct corner {
	struct arena arena;
	struct features features;
	struct term_fact facts[WORDS];
	uint32_t frequencies[WORDS];
	struct neighbour_words words;
};

static void open_corner(struct corner *corner, bool has_vectors)
{
	static const uint32_t intents[] = { 0, 1, 2, 0, 1, 2 };
	struct stemmer *stemmer = stemmer_new("en");
	struct terms terms[COUNT(TEXTS)];
	struct feature_keys keys[COUNT(TEXTS)] = { 0 };
	size_t count = 0;
	*corner = (struct corner){ 0 };
	for (size_t i = 0; i < COUNT(TEXTS); i++) {
		terms[i] = terms_read_in(&corner->arena, stemmer, NULL, str_of(TEXTS[i]), "en");
		feature_keys_read(&keys[i], &terms[i]);
	}
	struct feature_texts texts = { keys, intents, COUNT(TEXTS), 3 };
	features_learn(&corner->features, &texts, 1, has_vectors);
	for (size_t i = 0; i < COUNT(TEXTS); i++)
		for (size_t t = 0; t < terms[i].count; t++) {
			assert_true(count < WORDS);
			corner->frequencies[count] = 1;
			corner->facts[count++] =
				term_fact_read_in(&corner->arena, &corner->features, &terms[i].items[t]);
		}
	corner->words = (struct neighbour_words){ corner->facts, corner->frequencies, count, COUNT(TEXTS), 3 };
	for (size_t i = 0; i < COUNT(TEXTS); i++)
		free(keys[i].items);
	stemmer_free(stemmer);
}

static void close_corner(struct corner *corner)
{
	features_clear(&corner->features);
	arena_clear(&corner->arena);
}

static uint32_t stem(const struct corner *corner, const char *text)
{
	uint32_t feature = features_find(&corner->features, feature_key_of_stem(str_of(text)));
	assert_int_not_equal(feature, FEATURE_NONE);
	return feature;
}

static float share_of(const struct neighbours *neighbours, uint32_t of, uint32_t to)
{
	const struct neighbour *list = neighbours_of(neighbours, of);
	for (size_t n = 0; n < NEIGHBOURS_MAX; n++)
		if (list[n].share > 0 && list[n].feature == to)
			return list[n].share;
	return 0;
}

static void words_of_one_meaning_are_neighbours(void **state)
{
	static const struct {
		const char *one, *other;
		bool are_near;
	} rows[] = {
		{ "parcel", "packag", true },  { "parcel", "eleph", false },
		{ "parcel", "jumper", false }, { "the", "is", false }, /* everywhere, and so near to everything */
		{ "xyzzi", "the", false },                             /* no word of the table */
	};
	struct corner corner;
	(void)state;
	open_corner(&corner, true);
	struct neighbours *neighbours = neighbours_new(&corner.features, &corner.words);
	assert_non_null(neighbours);
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t one = stem(&corner, rows[i].one), other = stem(&corner, rows[i].other);
		float there = share_of(neighbours, one, other), back = share_of(neighbours, other, one);
		if ((there > 0) != rows[i].are_near || (back > 0) != rows[i].are_near)
			print_error("%s, %s: %g and %g\n", rows[i].one, rows[i].other, (double)there, (double)back);
		assert_true((there > 0) == rows[i].are_near && (back > 0) == rows[i].are_near);
		assert_true(there < 1 && share_of(neighbours, one, one) <= 0);
	}
	neighbours_free(neighbours);
	close_corner(&corner);
}

static void a_value_is_passed_on_once(void **state)
{
	enum { ROOM = 2 * (1 + NEIGHBOURS_MAX) };
	struct corner corner;
	(void)state;
	open_corner(&corner, true);
	struct neighbours *neighbours = neighbours_new(&corner.features, &corner.words);
	uint32_t ids[] = { stem(&corner, "parcel"), stem(&corner, "packag") }, out_ids[ROOM];
	float values[] = { 1.0f, 0.5f }, out_values[ROOM], share = share_of(neighbours, ids[0], ids[1]);
	float back = share_of(neighbours, ids[1], ids[0]);
	uint32_t *marks = calloc(corner.features.count, sizeof *marks);
	uint8_t *is_left_out = calloc(corner.features.count, 1);

	/* Both are there: each gets what the other had at first. */
	size_t count = neighbours_spread(neighbours, ids, values, 2, NULL, marks, out_ids, out_values);
	assert_true(count >= 2 && out_ids[0] == ids[0] && out_ids[1] == ids[1]);
	assert_true(out_values[0] == 1.0f + back * 0.5f && out_values[1] == 0.5f + share * 1.0f);
	/* One is there: the other comes behind it. */
	count = neighbours_spread(neighbours, ids, values, 1, NULL, marks, out_ids, out_values);
	bool is_found = false;
	for (size_t i = 1; i < count; i++)
		is_found = is_found || (out_ids[i] == ids[1] && out_values[i] == share);
	assert_true(is_found);
	/* Unless it is left out. */
	is_left_out[ids[1]] = 1;
	assert_int_equal(neighbours_spread(neighbours, ids, values, 1, is_left_out, marks, out_ids, out_values),
			 count - 1);
	/* Without neighbours a copy. */
	assert_int_equal(neighbours_spread(NULL, ids, values, 2, NULL, marks, out_ids, out_values), 2);
	assert_true(out_ids[1] == ids[1] && out_values[1] == values[1]);
	for (size_t f = 0; f < corner.features.count; f++)
		assert_int_equal(marks[f], 0);
	free(marks);
	free(is_left_out);
	neighbours_free(neighbours);
	close_corner(&corner);
}

static void none_without_vectors_or_with_many_examples(void **state)
{
	enum { MANY = 20 }; /* an intent, on average, that still have neighbours */
	struct corner corner;
	(void)state;
	open_corner(&corner, false);
	assert_null(neighbours_new(&corner.features, &corner.words));
	close_corner(&corner);
	open_corner(&corner, true);
	corner.words.example_count = MANY * corner.words.intent_count;
	struct neighbours *neighbours = neighbours_new(&corner.features, &corner.words);
	assert_non_null(neighbours);
	neighbours_free(neighbours);
	corner.words.example_count++;
	assert_null(neighbours_new(&corner.features, &corner.words));
	neighbours_free(NULL);
	close_corner(&corner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_one_meaning_are_neighbours),
		cmocka_unit_test(a_value_is_passed_on_once),
		cmocka_unit_test(none_without_vectors_or_with_many_examples),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
