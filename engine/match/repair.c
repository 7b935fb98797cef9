/* SPDX-License-Identifier: Apache-2.0 */
/* Misspelt words of a question: which word of the corpus, or of the language, was meant. */
#include "match/internal.h"

#include "base/hash.h"

#include <math.h>
#include <string.h>

/* A word that the corpus knows is right. One that only the table of vectors knows is right too, unless it is a rare
 * one and could be a frequent one of the corpus: "oder" is a river, but a shop's visitors mean "order". */
enum { RARE_FROM_RANK = 8000, FREQUENT_FROM = 3 };

static void note_repair(struct match_scratch *scratch, const struct term *term)
{
	if (scratch->repair_count == MATCH_REPAIRS)
		return;
	size_t len = term->word.len < WORD_BYTES_MAX ? term->word.len : WORD_BYTES_MAX;
	struct match_repair *repair = &scratch->repairs[scratch->repair_count++];
	repair->from = term->from;
	repair->to = term->to;
	memcpy(repair->word, term->word.ptr, len);
	repair->word[len] = '\0';
}

/* A misspelt word among its neighbours. */
struct gap {
	const struct matcher *matcher;
	const struct match_scratch *scratch;
	size_t at; /* among its terms */
};

static bool is_known_pair(const struct gap *gap, uint64_t first, uint64_t second)
{
	return features_find(&gap->matcher->features, feature_key_of_pair(first, second)) != FEATURE_NONE;
}

/* With how many of the terms beside the gap a word of the corpus makes a pair that the corpus knows. */
static size_t count_pairs(const struct gap *gap, uint32_t place)
{
	uint64_t key = gap->matcher->vocabulary.facts[place].stem_key;
	const struct term_fact *facts = gap->scratch->facts;
	size_t known = 0, first = gap->at < FEATURE_PAIR_REACH ? 0 : gap->at - FEATURE_PAIR_REACH;
	for (size_t i = first; i < gap->at; i++)
		known += is_known_pair(gap, facts[i].stem_key, key);
	for (size_t i = gap->at + 1; i < gap->scratch->term_count && i <= gap->at + FEATURE_PAIR_REACH; i++)
		known += is_known_pair(gap, key, facts[i].stem_key);
	return known;
}

/* One pair makes a word about six times likelier, more of them more so. By judgement; rows of the open training sets
 * that were kept out, misspelt at random (2026-11), lose half of what they lost without pairs and kinds of errors. */
static const double FOR_PAIRS = 2.5;

static double fit_of(const void *context, uint32_t place)
{
	return FOR_PAIRS * log1p((double)count_pairs(context, place));
}

/* Whether a word that is too short to be sure, or that the table knows, may be another one after all. A word that there is
 * and that begins with another letter is meant as it stands: an "iphone" is no telephone of ours. */
static bool is_likely_meant(const struct gap *gap, struct str wrong, uint32_t row, uint32_t place)
{
	const struct vocabulary *vocabulary = &gap->matcher->vocabulary;
	bool is_frequent = vocabulary->frequencies[place] >= FREQUENT_FROM;
	if (row != VECTORS_NONE)
		return is_frequent && wrong.ptr[0] == vocabulary->words[place].ptr[0] &&
		       spelling_distance(wrong, vocabulary->words[place], 1) <= 1;
	return wrong.len >= SPELLING_WHOLE_FROM || is_frequent || count_pairs(gap, place);
}

/* Without a table a short word that the corpus does not know may be any word of the language. */
static bool repair_to_corpus(const struct gap *gap, struct term *term, uint32_t row)
{
	const struct vocabulary *vocabulary = &gap->matcher->vocabulary;
	bool is_short = term->word.len < SPELLING_WHOLE_FROM;
	if (row != VECTORS_NONE ? vectors_rank(row) < RARE_FROM_RANK : is_short && !gap->matcher->features.has_vectors)
		return false;
	struct spelling_judge judge = { fit_of, gap };
	uint32_t place = spelling_index_find(vocabulary->spelling, term->word, &judge);
	if (place == SPELLING_NONE || !is_likely_meant(gap, term->word, row, place))
		return false;
	term_replace(term, vocabulary->words[place], vocabulary->stems[place]);
	return true;
}

/* vectors_nearest_spelling() looks at some hundred words; who writes "hoodei" or the name of a brand is not the last. */
static uint32_t nearest_spelling(struct spelling_memory *memory, struct str word)
{
	uint64_t hash = hash_bytes(word.ptr, word.len, 0);
	struct remembered_spelling *slot = &memory->slots[hash % SPELLING_MEMORY_SLOTS];
	if (slot->len == word.len && !memcmp(slot->word, word.ptr, word.len))
		return slot->row;
	slot->row = vectors_nearest_spelling(word);
	slot->len = (uint8_t)word.len;
	memcpy(slot->word, word.ptr, word.len);
	return slot->row;
}

static bool repair_to_table(struct match_scratch *scratch, struct stemmer *stemmer, struct term *term)
{
	uint32_t row = nearest_spelling(&scratch->spellings, term->word);
	if (row == VECTORS_NONE)
		return false;
	struct str word = vectors_word(row), stem = stemmer_stem(stemmer, word);
	term_replace(term, word, (struct str){ arena_strdup(&scratch->arena, stem), stem.len });
	return true;
}

/* The corpus is asked first: what the owner writes about is what visitors most likely mean. Only a word of the table
 * that is one error away goes before a word of the corpus that is two away. */
static bool repair_term(const struct gap *gap, struct match_scratch *scratch, struct stemmer *stemmer,
			struct term *term)
{
	uint32_t row = scratch->facts[gap->at].vector;
	bool can_use_table =
		gap->matcher->features.has_vectors && row == VECTORS_NONE && term->word.len >= SPELLING_WHOLE_FROM;
	struct term by_corpus = *term, by_table = *term;
	bool has_corpus = repair_to_corpus(gap, &by_corpus, row);
	if (has_corpus && spelling_distance(term->word, by_corpus.word, 1) == 1) {
		*term = by_corpus;
		return true;
	}
	if (can_use_table && repair_to_table(scratch, stemmer, &by_table))
		*term = by_table;
	else if (has_corpus)
		*term = by_corpus;
	else
		return false;
	return true;
}

void vocabulary_repair(const struct matcher *matcher, struct match_scratch *scratch, struct stemmer *stemmer)
{
	const struct vocabulary *vocabulary = &matcher->vocabulary;
	scratch->repair_count = 0;
	for (size_t i = 0; i < scratch->term_count; i++) {
		struct term *term = &scratch->terms.items[i];
		if (scratch->facts[i].stem != FEATURE_NONE || term->word.len < SPELLING_WORD_MIN ||
		    term->word.len > SPELLING_WORD_MAX || vocabulary_place(vocabulary, term) != WORD_NONE)
			continue;
		const struct gap gap = { matcher, scratch, i };
		if (repair_term(&gap, scratch, stemmer, term)) {
			note_repair(scratch, term);
			vocabulary_fact_in(&scratch->arena, vocabulary, &matcher->features, term, &scratch->facts[i]);
		}
	}
}
