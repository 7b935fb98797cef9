/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/advice.h"

#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "text/language.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct adviser {
	struct advice advice;
	struct arena arena;   /* of the advice and of the words */
	struct arena scratch; /* of one text */
	struct stemmer *stemmer;
	struct match_scratch *matching;
	struct map stems;  /* of all wordings */
	struct map places; /* stem -> place in words */
	struct {
		struct advice_word *items;
		size_t count, capacity;
	} words, told;
	struct {
		struct advice_pair *items;
		size_t count, capacity;
	} pairs;
	struct {
		struct advice_alike *items;
		size_t count, capacity;
	} alike;
};

static struct terms read_terms(struct adviser *adviser, struct str text)
{
	const struct language_corpus *corpus = adviser->advice.language->corpus;
	return terms_read_in(&adviser->scratch, adviser->stemmer, corpus->thesaurus, text, corpus->language);
}

/* ---- Wordings ---- */

/* Wording 0 is the heading. */
static struct example wording_of(const struct intent *intent, size_t number)
{
	return number ? intent->examples[number - 1] : (struct example){ intent->question, intent->place };
}

/* An example as the matcher numbers them: heading, wordings, keywords, intent by intent. */
static uint32_t find_example(const struct language_corpus *corpus, uint32_t number, struct example *out)
{
	for (uint32_t i = 0; i < corpus->intent_count; i++) {
		const struct intent *intent = &corpus->intents[i];
		size_t count = 1 + intent->example_count + intent->keyword_count;
		if (number >= count) {
			number -= (uint32_t)count;
			continue;
		}
		if (number <= intent->example_count)
			*out = wording_of(intent, number);
		else
			*out = (struct example){ intent->keywords[number - 1 - intent->example_count], intent->place };
		return i;
	}
	return INTENT_NONE;
}

static struct advice_pair *pair_of(struct adviser *adviser, uint32_t intent, uint32_t other)
{
	uint32_t first = intent < other ? intent : other, second = intent < other ? other : intent;
	for (size_t i = 0; i < adviser->pairs.count; i++)
		if (adviser->pairs.items[i].first == first && adviser->pairs.items[i].second == second)
			return &adviser->pairs.items[i];
	vec_push(&adviser->pairs, (struct advice_pair){ .first = first, .second = second });
	return &adviser->pairs.items[adviser->pairs.count - 1];
}

static int compare_pairs(const void *left, const void *right)
{
	const struct advice_pair *a = left, *b = right;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->second > b->second) - (a->second < b->second);
}

static void find_pairs(struct adviser *adviser)
{
	const struct known_language *language = adviser->advice.language;
	size_t count;
	const struct match_stray *strays = matcher_strays(language->matcher, &count);
	double threshold = matcher_threshold(language->matcher);
	for (size_t i = 0; i < count && strays[i].confidence >= threshold; i++) {
		struct advice_stray stray = { .confidence = strays[i].confidence };
		stray.intent = find_example(language->corpus, strays[i].example, &stray.wording);
		if (stray.intent == INTENT_NONE)
			continue;
		struct advice_pair *pair = pair_of(adviser, stray.intent, strays[i].taken_for);
		pair->strays = mem_resize(pair->strays, pair->count + 1, sizeof *pair->strays);
		pair->strays[pair->count++] = stray;
	}
	if (adviser->pairs.count)
		qsort(adviser->pairs.items, adviser->pairs.count, sizeof *adviser->pairs.items, compare_pairs);
	adviser->advice.pairs = adviser->pairs.items;
	adviser->advice.pair_count = adviser->pairs.count;
}

static void find_few(struct adviser *adviser)
{
	const struct language_corpus *corpus = adviser->advice.language->corpus;
	uint32_t *few = arena_alloc(&adviser->arena, (corpus->intent_count + 1) * sizeof *few);
	for (size_t wordings = 0; wordings < ADVICE_FEW_WORDINGS; wordings++)
		for (uint32_t i = 0; i < corpus->intent_count; i++)
			if (corpus->intents[i].example_count == wordings)
				few[adviser->advice.few_count++] = i;
	adviser->advice.few = few;
}

static int compare_stems(const void *left, const void *right)
{
	const struct term *a = left, *b = right;
	return str_compare(a->stem, b->stem);
}

/* The different stems of a wording in alphabetical order, with the number of its intent in front. */
static struct str stems_of(struct adviser *adviser, uint32_t intent, const char *text)
{
	struct terms terms = read_terms(adviser, str_of(text));
	const char *key = arena_printf(&adviser->scratch, "%u", intent);
	struct str last = { 0 };
	if (terms.count)
		qsort(terms.items, terms.count, sizeof *terms.items, compare_stems);
	for (size_t i = 0; i < terms.count; i++) {
		struct str stem = terms.items[i].stem;
		if (i && str_equal(stem, last))
			continue;
		key = arena_printf(&adviser->scratch, "%s %.*s", key, (int)stem.len, stem.ptr);
		last = stem;
	}
	return str_of(key);
}

static void keep_stems(struct adviser *adviser, const char *text)
{
	struct terms terms = read_terms(adviser, str_of(text));
	for (size_t i = 0; i < terms.count; i++) {
		struct str stem = terms.items[i].stem;
		if (map_get(&adviser->stems, stem) == MAP_NONE)
			map_put(&adviser->stems, (struct str){ arena_strdup(&adviser->arena, stem), stem.len }, 0);
	}
}

static void find_alike(struct adviser *adviser)
{
	const struct language_corpus *corpus = adviser->advice.language->corpus;
	for (uint32_t i = 0; i < corpus->intent_count; i++) {
		const struct intent *intent = &corpus->intents[i];
		struct map seen = { 0 }; /* stems -> wording */
		for (uint32_t n = 0; n <= intent->example_count; n++) {
			struct str key = stems_of(adviser, i, wording_of(intent, n).text);
			uint32_t earlier = map_intern(&seen, key, n);
			if (earlier != n)
				vec_push(&adviser->alike,
					 (struct advice_alike){ wording_of(intent, n), wording_of(intent, earlier) });
			keep_stems(adviser, wording_of(intent, n).text);
		}
		for (size_t n = 0; n < intent->keyword_count; n++)
			keep_stems(adviser, intent->keywords[n]);
		adviser->advice.wordings += 1 + intent->example_count;
		map_clear(&seen);
		arena_reset(&adviser->scratch);
	}
	adviser->advice.alike = adviser->alike.items;
	adviser->advice.alike_count = adviser->alike.count;
}

struct adviser *adviser_new(const struct known_language *language)
{
	struct adviser *adviser = mem_zalloc(1, sizeof *adviser);
	adviser->advice.language = language;
	adviser->stemmer = stemmer_new(language->corpus->language);
	adviser->matching = match_scratch_new();
	find_pairs(adviser);
	find_few(adviser);
	find_alike(adviser);
	return adviser;
}

void adviser_free(struct adviser *adviser)
{
	if (!adviser)
		return;
	for (size_t i = 0; i < adviser->pairs.count; i++)
		free(adviser->pairs.items[i].strays);
	vec_clear(&adviser->pairs);
	vec_clear(&adviser->alike);
	vec_clear(&adviser->words);
	vec_clear(&adviser->told);
	map_clear(&adviser->stems);
	map_clear(&adviser->places);
	match_scratch_free(adviser->matching);
	stemmer_free(adviser->stemmer);
	arena_clear(&adviser->arena);
	arena_clear(&adviser->scratch);
	free(adviser);
}

const struct advice *adviser_advice(const struct adviser *adviser)
{
	return &adviser->advice;
}

/* ---- Words of visitors ---- */

/* Whether the word at `from` is written like a name: a capital inside a sentence. Where every noun has one that says
 * nothing. */
static bool is_like_name(const struct adviser *adviser, struct str utterance, uint32_t from)
{
	if (!strcmp(adviser->advice.language->corpus->language, "de") || !isupper((unsigned char)utterance.ptr[from]))
		return false;
	while (from && strchr(" \t\r\n\"'(", utterance.ptr[from - 1]))
		from--;
	return from && !strchr(".!?:", utterance.ptr[from - 1]);
}

/* A slip for a word of the corpus. What was taken for another word that the corpus does not have either is no slip for
 * certain: "vegan" is no "vegas". */
static bool is_slip(const struct adviser *adviser, const struct match_result *result, const struct term *term)
{
	for (size_t i = 0; i < result->repair_count; i++) {
		struct str stem = stemmer_stem(adviser->stemmer, str_of(result->repairs[i].word));
		if (result->repairs[i].from == term->from && map_get(&adviser->stems, stem) != MAP_NONE)
			return true;
	}
	return false;
}

static bool is_number(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (isdigit((unsigned char)word.ptr[i]))
			return true;
	return false;
}

static bool is_unknown(const struct adviser *adviser, const struct match_result *result, struct str utterance,
		       const struct term *term)
{
	return map_get(&adviser->stems, term->stem) == MAP_NONE && term->word.len > 1 &&
	       !memchr(term->word.ptr, ' ', term->word.len) && !is_number(term->word) &&
	       !language_is_function_word(term->word, adviser->advice.language->corpus->language) &&
	       !is_slip(adviser, result, term) && !is_like_name(adviser, utterance, term->from);
}

static void count_word(struct adviser *adviser, const struct term *term)
{
	uint32_t place = map_get(&adviser->places, term->stem);
	if (place == MAP_NONE) {
		struct str stem = { arena_strdup(&adviser->arena, term->stem), term->stem.len };
		struct str word = { arena_strdup(&adviser->arena, term->word), term->word.len };
		place = (uint32_t)adviser->words.count;
		map_put(&adviser->places, stem, place);
		vec_push(&adviser->words, (struct advice_word){ .word = word });
	}
	adviser->words.items[place].heard++;
}

void adviser_hear(struct adviser *adviser, struct str utterance)
{
	struct match_result result;
	struct map seen = { 0 };
	matcher_rank(adviser->advice.language->matcher, adviser->matching, utterance, &result);
	struct terms terms = read_terms(adviser, utterance);
	for (size_t i = 0; i < terms.count; i++)
		if (is_unknown(adviser, &result, utterance, &terms.items[i]) &&
		    map_intern(&seen, terms.items[i].stem, (uint32_t)i) == i)
			count_word(adviser, &terms.items[i]);
	map_clear(&seen);
	arena_reset(&adviser->scratch);
}

static int compare_words(const void *left, const void *right)
{
	const struct advice_word *a = left, *b = right;
	if (a->heard != b->heard)
		return a->heard < b->heard ? 1 : -1;
	return str_compare(a->word, b->word);
}

const struct advice_word *adviser_words(struct adviser *adviser, size_t *out_count)
{
	adviser->told.count = 0;
	for (size_t i = 0; i < adviser->words.count; i++)
		if (adviser->words.items[i].heard >= ADVICE_HEARD_MIN)
			vec_push(&adviser->told, adviser->words.items[i]);
	if (adviser->told.count)
		qsort(adviser->told.items, adviser->told.count, sizeof *adviser->told.items, compare_words);
	*out_count = adviser->told.count;
	return adviser->told.items;
}
