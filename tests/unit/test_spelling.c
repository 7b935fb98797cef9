/* SPDX-License-Identifier: Apache-2.0 */
#include "match/spelling.h"

#include "match/vectors.h"

#include "cmocka_all.h"

static void measures_distances_up_to_a_limit(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned limit, distance;
	} rows[] = {
		{ "parcel", "parcel", 0, 0 },
		{ "", "", 1, 0 },
		{ "", "a", 1, 1 },
		{ "parcel", "parcels", 1, 1 }, /* one more */
		{ "parcel", "parel", 1, 1 },   /* one less */
		{ "parcel", "pargel", 1, 1 },  /* another */
		{ "parcel", "parcle", 1, 1 },  /* swapped at the end */
		{ "parcel", "aprcel", 1, 1 },  /* and at the beginning */
		{ "parcel", "apcrel", 1, 2 },  /* beyond the limit: limit + 1 */
		{ "parcel", "apcrel", 2, 2 },
		{ "delivery", "delevary", 2, 2 },
		{ "delivery", "delevaru", 2, 3 },
		{ "ca", "abc", 2, 3 },                                                /* no piece is edited twice */
		{ "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyy", 2, 3 }, /* longer than any word */
		{ "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", 2, 0 },
	};
	size_t failed = 0;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned there = spelling_distance(str_of(rows[i].a), str_of(rows[i].b), rows[i].limit);
		unsigned back = spelling_distance(str_of(rows[i].b), str_of(rows[i].a), rows[i].limit);
		if (there != rows[i].distance || back != there) {
			print_error("%s, %s: expected %u, got %u and %u\n", rows[i].a, rows[i].b, rows[i].distance,
				    there, back);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

static void finds_the_nearest_and_then_the_most_frequent_word(void **state)
{
	static const char *const texts[] = { "order", "border", "delivery", "deliver", "shipping",
					     "card",  "cart",   "care",     "voucher", "exchange",
					     "de",    "litter", "later",    "when",    "where" };
	static const uint32_t frequencies[] = { 9, 1, 8, 3, 4, 5, 6, 6, 2, 2, 1, 1, 4, 9, 7 };
	enum { COUNT = COUNT(texts) };
	static const struct {
		const char *word, *found; /* "" for nothing */
	} rows[] = {
		{ "oder", "order" },
		{ "orderr", "order" },
		{ "wher", "where" }, /* a letter left out, though "when" is more frequent */
		{ "bordr", "border" },
		{ "liter", "litter" },     /* a letter too few of two, though "later" is more frequent */
		{ "delivey", "delivery" }, /* also one from "deliver": the frequent one */
		{ "delievry", "delivery" },
		{ "deliverey", "delivery" },
		{ "shiping", "shipping" },
		{ "shippping", "shipping" },
		{ "shpipnig", "shipping" }, /* two errors, from eight letters on */
		{ "shping", "" },           /* two errors, but only six letters */
		{ "carx", "care" },         /* three at the same distance, two as frequent: the alphabet decides */
		{ "caer", "care" },         /* swapped goes before lost or another */
		{ "crd", "card" },          /* three letters may have lost one, */
		{ "cor", "" },              /* but not be others */
		{ "cd", "" },               /* too short */
		{ "exchnage", "exchange" },
		{ "xchange", "exchange" },
		{ "voucher", "voucher" },
		{ "elephant", "" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "" },
	};
	struct str words[COUNT];
	size_t failed = 0;
	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		words[i] = str_of(texts[i]);
	struct spelling_index *index = spelling_index_new(words, frequencies, COUNT);
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint32_t found = spelling_index_find(index, str_of(rows[i].word), NULL);
		const char *got = found == SPELLING_NONE ? "" : texts[found];
		if (!str_is(str_of(got), rows[i].found)) {
			print_error("%s: expected \"%s\", got \"%s\"\n", rows[i].word, rows[i].found, got);
			failed++;
		}
	}
	assert_true(spelling_index_size_bytes(index) > 0);
	spelling_index_free(index);
	index = spelling_index_new(NULL, NULL, 0);
	assert_int_equal(spelling_index_find(index, str_of("order"), NULL), SPELLING_NONE);
	spelling_index_free(index);
	spelling_index_free(NULL);
	assert_int_equal(failed, 0);
}

static double like_the_last(const void *context, uint32_t word)
{
	return word + 1 == *(const size_t *)context ? 9.0 : 0.0;
}

static void what_else_is_known_can_decide_among_equals(void **state)
{
	static const char *const texts[] = { "think", "thanks", "thank" };
	static const uint32_t frequencies[] = { 50, 50, 1 };
	static const size_t count = sizeof texts / sizeof *texts;
	struct str words[sizeof texts / sizeof *texts];
	const struct spelling_judge judge = { like_the_last, &count };
	(void)state;
	for (size_t i = 0; i < count; i++)
		words[i] = str_of(texts[i]);
	struct spelling_index *index = spelling_index_new(words, frequencies, count);
	assert_int_equal(spelling_index_find(index, str_of("thnk"), NULL), 0);
	assert_int_equal(spelling_index_find(index, str_of("thnk"), &judge), 2);
	assert_int_equal(spelling_index_find(index, str_of("thnks"), &judge), 1); /* but not for a nearer word */
	spelling_index_free(index);
}

/* Every word with one letter left out finds a word at distance 1, in the index and in the table of vectors. */
static void one_lost_letter_is_always_found(void **state)
{
	enum { STEP = 97 };
	(void)state;
	for (uint32_t row = 0; row < vectors_count(); row += STEP) {
		struct str word = vectors_word(row);
		uint32_t once = 1;
		struct spelling_index *index = spelling_index_new(&word, &once, 1);
		for (size_t gone = 0; gone < word.len && word.len > SPELLING_WORD_MIN && word.len < 20; gone++) {
			char text[32];
			size_t len = 0;
			for (size_t i = 0; i < word.len; i++)
				if (i != gone)
					text[len++] = word.ptr[i];
			struct str wrong = { text, len };
			if (vectors_find(wrong) != VECTORS_NONE)
				continue;
			assert_int_equal(spelling_index_find(index, wrong, NULL), 0);
			uint32_t found = vectors_nearest_spelling(wrong);
			assert_int_not_equal(found, VECTORS_NONE);
			assert_int_equal(spelling_distance(wrong, vectors_word(found), 1), 1);
			assert_true(vectors_rank(found) <= vectors_rank(row));
		}
		spelling_index_free(index);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_distances_up_to_a_limit),
		cmocka_unit_test(finds_the_nearest_and_then_the_most_frequent_word),
		cmocka_unit_test(what_else_is_known_can_decide_among_equals),
		cmocka_unit_test(one_lost_letter_is_always_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
