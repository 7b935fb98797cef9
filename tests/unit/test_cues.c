/* SPDX-License-Identifier: Apache-2.0 */
#include "sentiment/cues.h"

#include "base/buf.h"
#include "sentiment/internal.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

static const char HEAD[] = "set pet: cat dog guinea_pig\n"
			   "negate: not\n"
			   "read tryna as trying to\n"
			   "swear: blast\n";

static int build(struct arena *arena, const char *source, struct cue_book *out_book, struct error *err)
{
	struct cue_builder *builder = cue_builder_new(arena, "en");
	int result = cue_builder_read(builder, "test.cues", str_of(source), err);
	if (result == 0)
		result = cue_builder_finish(builder, out_book, err);
	cue_builder_free(builder);
	return result;
}

/* The pieces of `text` that the only pattern finds, each between < and >. */
static const char *found(struct arena *arena, const char *pattern, const char *text)
{
	struct cue_book book;
	struct error err = { 0 };
	struct automaton_hit hits[8];
	if (build(arena, arena_printf(arena, "%sfamily blame 1\n\t%s\n", HEAD, pattern), &book, &err)) {
		print_error("%s\n", err.message);
		fail();
	}
	struct tokens tokens = tokens_read_in(arena, str_of(text), book.language);
	struct symbols symbols = symbols_read_in(arena, &book, &tokens);
	size_t count = automaton_find(book.automaton, arena, symbols.letters, symbols.count, hits, 8);
	const char *result = "";
	for (size_t i = 0; i < count; i++) {
		uint32_t from = symbols.places[hits[i].from].from, to = symbols.places[hits[i].to - 1].to;
		result = arena_printf(arena, "%s<%.*s>", result, (int)(to - from), text + from);
	}
	return result;
}

static void test_patterns(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *text, *found;
	} ROWS[] = {
		{ "my cat", "my cat and MY  Cat, my dog", "<my cat><MY  Cat>" },
		{ "my cat", "my old cat", "" },
		{ "my cat", "my, cat", "<my, cat>" },
		{ "my cat", "my. cat", "" },
		{ "my @pet", "my dog, my guinea pig, my guinea", "<my dog><my guinea pig>" },
		{ "my cat|dog|fish", "my fish and my cat", "<my fish><my cat>" },
		{ "my cat|guinea_pig", "my guinea pig", "<my guinea pig>" },
		{ "my [old] cat", "my cat, my old cat, my new cat", "<my cat><my old cat>" },
		{ "my [very_old] cat", "my cat, my very old cat, my old cat", "<my cat><my very old cat>" },
		{ "my [old|very_old] cat", "my very old cat, my old cat, my cat",
		  "<my very old cat><my old cat><my cat>" },
		{ "my [*] cat", "my cat, my blue cat, my big blue cat", "<my cat><my blue cat>" },
		{ "my * cat", "my cat, my blue cat", "<my blue cat>" },
		{ "my ~2 cat", "my cat; my a cat; my a b cat; my a b c cat", "<my cat><my a cat><my a b cat>" },
		{ "my ~2 cat", "my old. cat", "" },
		{ "my ~1 old ~1 cat", "my old cat, my very old cat, my old fat cat",
		  "<my old cat><my very old cat><my old fat cat>" },
		{ "my ~1 [old] ~1 cat", "my a old b cat", "<my a old b cat>" },
		{ "my ~1 [old] ~1 cat", "my a b cat", "<my a b cat>" },
		{ "my ~1 [old] ~1 cat", "my a b c cat", "" },
		{ "cat*", "cat, cats, catering, concat", "<cat><cats><catering>" },
		{ "my cat*|dog", "my catnip, my dogs", "<my catnip>" },
		{ "cate*|cat*", "catering cats", "<catering><cats>" },
		{ "# cats", "3 cats, 3cats, three cats", "<3 cats><3cats>" },
		{ "^ cat", "cat. a cat. cat", "<cat><. cat>" },
		{ "cat ^", "cat dog, cat", "<cat>" },
		{ "cat ?", "cat? cat! cat", "<cat?>" },
		{ "cat ??", "cat? cat?? cat?!",
		  "<cat?"
		  "?><cat?!>" },
		{ "cat ?!", "cat?? cat!?", "<cat!?>" },
		{ "cat !", "cat! cat!! cat?!", "<cat!><cat!!>" },
		{ "cat !!", "cat! cat!!!", "<cat!!!>" },
		{ "## cat", "cat #cat", "<cat>" },
		{ "## ~1 not|dog ~1 cat", "#nocat #notcat", "<notcat>" },
		{ "don't go", "I don't go, I dont go, I do not go", "<don't go><dont go><do not go>" },
		{ "trying to", "I tryna and trying to", "<tryna><trying to>" },
		{ "tryna", "I tryna and trying to", "<tryna><trying to>" },
		{ "so good", "soooo gooood", "<soooo gooood>" },
		{ "\xf0\x9f\x98\xa1", "cat \xf0\x9f\x98\xa1", "<\xf0\x9f\x98\xa1>" },
		{ ":(", "cat :-((", "<:-((>" },
		{ "blast", "bl*st", "<bl*st>" },
		{ "a b a b", "a b a b a b", "<a b a b><a b a b>" },
		{ "a ~9 ~9 b", "a 1 2 3 4 5 6 7 8 9 b b", "<a 1 2 3 4 5 6 7 8 9 b><a 1 2 3 4 5 6 7 8 9 b b>" },
		{ "cat cat", "@cat cat", "" },
	};
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct arena arena = { 0 };
		const char *result = found(&arena, ROWS[i].pattern, ROWS[i].text);
		if (strcmp(result, ROWS[i].found) != 0)
			print_error("\"%s\" in \"%s\": %s, should be %s\n", ROWS[i].pattern, ROWS[i].text, result,
				    ROWS[i].found);
		assert_string_equal(result, ROWS[i].found);
		arena_clear(&arena);
	}
}

/* Were a member taken as often as it is named, these sets would have 2 to the power of 64 words. */
static void test_a_word_is_in_a_set_once(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct cue_book book;
	struct error err = { 0 };
	struct buf source = { 0 };
	buf_printf(&source, "set pet0: cat dog @pet0\n");
	for (int i = 1; i <= 64; i++)
		buf_printf(&source, "set pet%d: @pet%d @pet%d\n\t@pet%d\n", i, i - 1, i - 1, i);
	buf_printf(&source, "family blame 1\n\tmy @pet64\n");
	assert_int_equal(build(&arena, buf_text(&source), &book, &err), 0);
	buf_clear(&source);
	arena_clear(&arena);
}

static void test_errors(void **state)
{
	(void)state;
	static const struct {
		const char *source, *message;
	} ROWS[] = {
		{ "famly blame 1\n", "test.cues:1:1: error: no such statement: 'famly'" },
		{ "family nonsense 1\n", "test.cues:1:8: error: there is no family of this name: 'nonsense'" },
		{ "family blame\n", "test.cues:1:8: error: the weight is missing behind: 'blame'" },
		{ "family blame heavy\n", "test.cues:1:8: error: there is no family of this name: 'blame heavy'" },
		{ "family blame 1 loud\n", "test.cues:1:16: error: not understood behind the weight: 'loud'" },
		{ "family blame 1 polarity x\n", "test.cues:1:16: error: a number belongs behind this: 'polarity'" },
		{ "\n\tmy cat\n", "test.cues:2:2: error: an indented line needs a statement above it: 'my cat'" },
		{ "family blame 1\n\tmy @pet\n", "test.cues:2:5: error: no set of this name stands above: '@pet'" },
		{ "family blame 1\n\tmy ~0 cat\n", "test.cues:2:5: error: a gap is ~1 to ~9: '~0'" },
		{ "family blame 1\n\tmy ~12 cat\n", "test.cues:2:5: error: a gap is ~1 to ~9: '~12'" },
		{ "family blame 1\n\tmy [old cat\n", "test.cues:2:5: error: the ] is missing: '[old'" },
		{ "family blame 1\n\tmy a|,|b\n", "test.cues:2:7: error: not a word: ','" },
		{ "family blame 1\n\t~2 cat\n",
		  "test.cues:2:2: error: a pattern begins and ends with a word that is named and must be there" },
		{ "family blame 1\n\tcat *\n",
		  "test.cues:2:2: error: a pattern begins and ends with a word that is named and must be there" },
		{ "family blame 1\n\tcat [dog]\n",
		  "test.cues:2:2: error: a pattern begins and ends with a word that is named and must be there" },
		{ "family blame 1\n\ta ~9 ~9 ~9 ~9 ~9 ~9 ~9 b\n",
		  "test.cues:2:2: error: a pattern has at most 64 places, gaps counted in full" },
		{ "family blame 1\n\ta_b|c_d|e_f a_b|c_d|e_f a_b|c_d|e_f a_b|c_d|e_f\n",
		  "test.cues:2:2: error: this line stands for more than 64 rows of words; split it" },
		{ "set pet: cat\nset pet: dog\n",
		  "test.cues:2:5: error: a set of this name stands above already: 'pet'" },
		{ "set pet cat\n", "test.cues:1:1: error: the ':' is missing behind: 'set'" },
		{ "value high: good\n", "test.cues:1:7: error: a number such as -2.5 belongs here: 'high'" },
		{ "value 1.2345: good\n", "test.cues:1:7: error: a number such as -2.5 belongs here: '1.2345'" },
		{ "negate many: not\n", "test.cues:1:8: error: not understood: 'many'" },
		{ "ignore cats\n", "test.cues:1:8: error: not understood: 'cats'" },
		{ "read dunno do not know\n", "test.cues:1:14: error: write: read WORD as WORDS: ' not know'" },
		{ "read do_not as never\n",
		  "test.cues:1:6: error: one word is read as others, and only once: 'do_not'" },
		{ "read dunno as ,\n", "test.cues:1:15: error: one to eight words belong here: ','" },
		{ "negate: #\n", "test.cues:1:9: error: not a word: '#'" },
	};
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct arena arena = { 0 };
		struct cue_book book;
		struct error err = { 0 };
		assert_int_equal(build(&arena, ROWS[i].source, &book, &err), -1);
		assert_string_equal(err.message, ROWS[i].message);
		assert_int_equal(err.kind, ERROR_INPUT);
		arena_clear(&arena);
	}
}

static void test_statements(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct cue_book book;
	struct error err = { 0 };
	const char *source = "# a comment\n"
			     "\n"
			     "value -2.5: awful\n"
			     "\tdread*\n"
			     "value 0.125: fine\r\n"
			     "boost 0.3: very\n"
			     "negate: not\n"
			     "topic: problem*\n"
			     "plain: awfully\n"
			     "family own mistake -1 polarity -0.5 negatable\n"
			     "\tmy mistake\n"
			     "family waiting 0.75 matter\n"
			     "\tstill\n"
			     "family waiting 1.5\n"
			     "\tstill waiting\n";
	assert_int_equal(build(&arena, source, &book, &err), 0);
	assert_int_equal(book.pattern_count, 3);
	const struct cue_block *mistake = &book.blocks[book.block_of[0]];
	assert_string_equal(mistake->family, "own mistake");
	assert_true(mistake->weight == -1 && mistake->polarity == -0.5 && mistake->flags == CUE_NEGATABLE);
	const struct cue_block *still = &book.blocks[book.block_of[1]], *waiting = &book.blocks[book.block_of[2]];
	assert_ptr_equal(still->family, waiting->family);
	assert_ptr_equal(still->family, cue_family_name(STR_LIT("waiting")));
	assert_true(still->weight == 0.75 && still->flags == CUE_MATTER && waiting->weight == 1.5 && !waiting->flags);
	static const struct {
		const char *word;
		float valence, boost;
		unsigned marks;
	} WORDS[] = {
		{ "awful", -2.5F, 0, 0 },      { "fine", 0.125F, 0, 0 }, { "very", 0, 0.3F, 0 },
		{ "not", 0, 0, WORD_NEGATES }, { "awfully", 0, 0, 0 },
	};
	for (size_t i = 0; i < COUNT(WORDS); i++) {
		uint32_t letter = vocabulary_find(&book.vocabulary, str_of(WORDS[i].word));
		assert_true(letter != VOCABULARY_NONE);
		const struct vocabulary_word *word = &book.vocabulary.words[letter];
		assert_true(word->valence == WORDS[i].valence && word->boost == WORDS[i].boost);
		assert_int_equal(word->marks, WORDS[i].marks);
	}
	uint32_t prefix = vocabulary_find_prefix(&book.vocabulary, STR_LIT("dreadful"));
	assert_true(prefix != VOCABULARY_NONE && book.vocabulary.words[prefix].valence == -2.5F);
	assert_true(book.vocabulary.words[vocabulary_find_prefix(&book.vocabulary, STR_LIT("problems"))].marks &
		    WORD_TOPIC);
	assert_int_equal(vocabulary_find_prefix(&book.vocabulary, STR_LIT("drea")), VOCABULARY_NONE);
	arena_clear(&arena);
}

/* Beginnings among beginnings: always the longest. */
static void test_prefixes(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct vocabulary vocabulary;
	static const char *const STEMS[] = { "a", "ab", "abcd", "abd", "b", "ba", "zz" };
	static const struct {
		const char *word, *stem;
	} ROWS[] = {
		{ "a", "a" },  { "abc", "ab" }, { "abcde", "abcd" }, { "abce", "ab" }, { "abdx", "abd" }, { "ac", "a" },
		{ "bz", "b" }, { "baz", "ba" }, { "z", NULL },       { "zzz", "zz" },  { "", NULL },      { "c", NULL },
	};
	vocabulary_begin(&vocabulary, &arena);
	for (size_t i = 0; i < COUNT(STEMS); i++)
		vocabulary_add_prefix(&vocabulary, str_of(STEMS[i]));
	vocabulary_finish(&vocabulary);
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		uint32_t prefix = vocabulary_find_prefix(&vocabulary, str_of(ROWS[i].word));
		if (!ROWS[i].stem) {
			assert_int_equal(prefix, VOCABULARY_NONE);
			continue;
		}
		assert_true(prefix != VOCABULARY_NONE);
		struct str text = vocabulary.words[prefix].text;
		assert_true(str_is((struct str){ text.ptr, text.len - 1 }, ROWS[i].stem));
	}
	arena_clear(&arena);
}

static bool place_fits(const struct automaton_place *place, uint32_t letter, size_t boundaries)
{
	if (place->is_any)
		return letter >= boundaries;
	for (size_t i = 0; i < place->count; i++)
		if (place->letters[i] == letter)
			return true;
	return false;
}

/* Whether the places from `p` on match text[i..end) in full: the slow, plain way. */
static bool fits_plainly(const struct automaton_pattern *pattern, size_t p, const uint32_t *text, size_t i, size_t end,
			 size_t boundaries)
{
	if (p == pattern->count)
		return i == end;
	if (i < end && place_fits(&pattern->places[p], text[i], boundaries) &&
	    fits_plainly(pattern, p + 1, text, i + 1, end, boundaries))
		return true;
	return pattern->places[p].is_optional && fits_plainly(pattern, p + 1, text, i, end, boundaries);
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

enum { LETTERS = 6, BOUNDARIES = 2, PATTERNS = 40, TEXT = 24 };

static void make_pattern(struct arena *arena, uint32_t *random, struct automaton_pattern *pattern)
{
	pattern->count = 1 + next_random(random) % 9;
	pattern->places = arena_zalloc(arena, pattern->count, sizeof *pattern->places);
	for (size_t p = 0; p < pattern->count; p++) {
		struct automaton_place *place = &pattern->places[p];
		bool is_inner = p > 0 && p + 1 < pattern->count;
		uint32_t *letters = arena_zalloc(arena, 2, sizeof *letters);
		letters[0] = next_random(random) % LETTERS;
		letters[1] = next_random(random) % LETTERS;
		place->letters = letters;
		place->is_any = is_inner && next_random(random) % 3 == 0;
		place->is_optional = is_inner && next_random(random) % 2;
		place->count = place->is_any ? 0 : 1 + next_random(random) % 2;
	}
}

static bool has_hit(const struct automaton_hit *hits, size_t count, uint32_t pattern, size_t from, size_t to)
{
	for (size_t i = 0; i < count; i++)
		if (hits[i].pattern == pattern && hits[i].from == from && hits[i].to == to)
			return true;
	return false;
}

/* Random patterns over few letters, against the plain way: the same ends, and the shortest start for each. */
static void test_automaton_against_plain(void **state)
{
	(void)state;
	uint32_t random = 1;
	for (int round = 0; round < 300; round++) {
		struct arena arena = { 0 };
		struct automaton_pattern patterns[PATTERNS];
		uint32_t text[TEXT];
		for (size_t i = 0; i < PATTERNS; i++)
			make_pattern(&arena, &random, &patterns[i]);
		for (size_t i = 0; i < TEXT; i++)
			text[i] = next_random(&random) % LETTERS;
		const struct automaton *automaton = automaton_new_in(&arena, patterns, PATTERNS, LETTERS, BOUNDARIES);
		struct automaton_hit *hits = arena_zalloc(&arena, PATTERNS * TEXT, sizeof *hits);
		size_t count = automaton_find(automaton, &arena, text, TEXT, hits, PATTERNS * TEXT), at = 0;
		for (size_t end = 1; end <= TEXT; end++)
			for (uint32_t i = 0; i < PATTERNS; i++) {
				size_t from = end;
				while (from-- > 0 && !fits_plainly(&patterns[i], 0, text, from, end, BOUNDARIES))
					;
				if (from == SIZE_MAX)
					continue;
				assert_true(has_hit(hits, count, i, from, end));
				at++;
			}
		assert_int_equal(at, count);
		for (size_t i = 1; i < count; i++)
			assert_true(hits[i - 1].to <= hits[i].to);
		arena_clear(&arena);
	}
}

static void test_automaton_limits(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	/* As long as a pattern may be, and as many as fit. */
	struct automaton_place places[AUTOMATON_PLACES_MAX];
	const uint32_t letter = 1;
	for (size_t i = 0; i < AUTOMATON_PLACES_MAX; i++)
		places[i] = (struct automaton_place){ &letter, 1, false, false };
	struct automaton_pattern *patterns = arena_zalloc(&arena, AUTOMATON_LANES_MAX + 1, sizeof *patterns);
	for (size_t i = 0; i <= AUTOMATON_LANES_MAX; i++)
		patterns[i] = (struct automaton_pattern){ places, AUTOMATON_PLACES_MAX };
	assert_null(automaton_new_in(&arena, patterns, AUTOMATON_LANES_MAX + 1, 2, 1));
	const struct automaton *automaton = automaton_new_in(&arena, patterns, AUTOMATON_LANES_MAX, 2, 1);
	assert_non_null(automaton);
	uint32_t text[AUTOMATON_PLACES_MAX];
	for (size_t i = 0; i < AUTOMATON_PLACES_MAX; i++)
		text[i] = 1;
	struct automaton_hit hits[3];
	assert_int_equal(automaton_find(automaton, &arena, text, AUTOMATON_PLACES_MAX, hits, 3),
			 3); /* no more than room */
	assert_int_equal(automaton_find(automaton, &arena, text, AUTOMATON_PLACES_MAX - 1, hits, 3), 0);
	assert_int_equal(hits[2].from, 0);
	assert_int_equal(hits[2].to, AUTOMATON_PLACES_MAX);
	/* None at all. */
	automaton = automaton_new_in(&arena, NULL, 0, 2, 1);
	assert_int_equal(automaton_find(automaton, &arena, text, AUTOMATON_PLACES_MAX, hits, 3), 0);
	assert_int_equal(automaton_find(automaton, &arena, text, 0, hits, 3), 0);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),         cmocka_unit_test(test_a_word_is_in_a_set_once),
		cmocka_unit_test(test_errors),           cmocka_unit_test(test_statements),
		cmocka_unit_test(test_prefixes),         cmocka_unit_test(test_automaton_against_plain),
		cmocka_unit_test(test_automaton_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
