/* SPDX-License-Identifier: Apache-2.0 */
#include "sentiment/cues.h"

#include "base/count.h"
#include "base/vec.h"
#include "sentiment/internal.h"
#include "text/token.h"

#include <string.h>

static const char *const FAMILIES[] = {
	"waiting",   "duration", "repetition", "unanswered",  "on hold",     "refusal",     "blame",   "rhetorical",
	"disbelief", "leaving",  "threat",     "demand",      "bot",         "sarcasm",     "failure", "broken",
	"loss",      "money",    "contempt",   "insult",      "superlative", "feeling",     "waste",   "staff",
	"negation",  "swearing", "shouting",   "capitals",    "questions",   "exclamation", "emoji",   "hashtag",
	"praise",    "thanks",   "question",   "own mistake", "valence",     "owner",
};

const char *cue_family_name(struct str name)
{
	for (size_t i = 0; i < COUNT(FAMILIES); i++)
		if (str_is(name, FAMILIES[i]))
			return FAMILIES[i];
	return NULL;
}

struct cue_builder *cue_builder_new(struct arena *arena, const char *language)
{
	struct cue_builder *builder = mem_zalloc(1, sizeof *builder);
	builder->arena = arena;
	builder->language = language;
	vocabulary_begin(&builder->vocabulary, arena);
	return builder;
}

void cue_builder_free(struct cue_builder *builder)
{
	if (!builder)
		return;
	for (size_t i = 0; i < builder->sets.count; i++)
		vec_clear(&builder->sets.items[i].words);
	vec_clear(&builder->sets);
	vec_clear(&builder->blocks);
	patterns_clear(&builder->patterns);
	arena_clear(&builder->scratch);
	free(builder);
}

/* At most three digits behind the point; strtod would ask the locale. */
bool cue_number(struct str text, double *out)
{
	bool is_negative = str_starts(text, "-");
	struct str digits = str_part(text, is_negative, text.len);
	struct str whole = str_part(digits, 0, str_find(digits, '.'));
	struct str part = str_part(digits, whole.len + 1, digits.len);
	unsigned long long units, fraction = 0;
	if (!str_number(whole, 999, &units) || part.len > 3 || (part.len && !str_number(part, 999, &fraction)) ||
	    (whole.len < digits.len && !part.len))
		return false;
	static const double SCALE[] = { 1, 10, 100, 1000 };
	double size = (double)units + (double)fraction / SCALE[part.len];
	*out = is_negative ? -size : size;
	return true;
}

void cue_builder_add_values(struct cue_builder *builder, struct str table)
{
	struct str line, word;
	double value;
	while (str_line(&table, &line)) {
		if (!str_split(&line, '\t', &word) || !line.ptr || !cue_number(line, &value))
			continue;
		uint32_t letter = vocabulary_add(&builder->vocabulary, word); /* may move the words */
		builder->vocabulary.words[letter].valence = (float)value;
	}
}

static void letters_push(struct cue_builder *builder, struct letters *letters, size_t *capacity, uint32_t letter)
{
	if (letters->count == *capacity) {
		*capacity = *capacity ? *capacity * 2 : 4;
		uint32_t *grown = arena_alloc(builder->arena, *capacity * sizeof *grown);
		if (letters->count)
			memcpy(grown, letters->items, letters->count * sizeof *grown);
		letters->items = grown;
	}
	letters->items[letters->count++] = letter;
}

struct letters cue_letters(struct cue_builder *builder, struct str words, bool *out_has_punctuation)
{
	struct letters letters = { 0 };
	size_t capacity = 0;
	struct tokens tokens = tokens_read_in(&builder->scratch, words, builder->language);
	*out_has_punctuation = false;
	for (size_t i = 0; i < tokens.count; i++) {
		const struct token *token = &tokens.items[i];
		if (token->kind == TOKEN_PUNCT) {
			*out_has_punctuation = *out_has_punctuation || !str_is(token->text, "-");
			continue;
		}
		uint32_t letter =
			token->kind == TOKEN_NUMBER ? LETTER_NUMBER : vocabulary_add(&builder->vocabulary, token->text);
		const struct vocabulary_word *word = &builder->vocabulary.words[letter];
		if (!word->reading)
			letters_push(builder, &letters, &capacity, letter);
		for (size_t j = 0; word->reading && j < word->reading_count; j++)
			letters_push(builder, &letters, &capacity, word->reading[j]);
	}
	arena_reset(&builder->scratch);
	return letters;
}

static bool is_same_block(const struct cue_block *a, const struct cue_block *b)
{
	return a->family == b->family && a->flags == b->flags && a->weight == b->weight;
}

/* The index of `block`, which is often the same as the last. */
static uint16_t add_block(struct cue_builder *builder, const struct cue_block *block)
{
	size_t count = builder->blocks.count;
	if (count && is_same_block(&builder->blocks.items[count - 1], block))
		return (uint16_t)(count - 1);
	vec_push(&builder->blocks, *block);
	return (uint16_t)count;
}

void cue_builder_add_phrase(struct cue_builder *builder, struct str phrase, struct cue_block block)
{
	bool has_punctuation;
	struct letters letters = cue_letters(builder, phrase, &has_punctuation);
	if (letters.count > AUTOMATON_PLACES_MAX)
		letters.count = AUTOMATON_PLACES_MAX;
	if (!letters.count)
		return;
	struct automaton_place *places = arena_zalloc(builder->arena, letters.count, sizeof *places);
	for (size_t i = 0; i < letters.count; i++) {
		places[i].letters = &letters.items[i];
		places[i].count = 1;
	}
	patterns_push(&builder->patterns, places, letters.count, add_block(builder, &block));
}

/* A place that names a beginning fits every word that starts so. `members` remembers the words of each beginning:
 * one scan of the vocabulary for each, however many places name it. */
static void widen_prefixes(struct cue_builder *builder, struct letters *members, struct automaton_place *place)
{
	struct letters wide = { 0 };
	size_t capacity = 0;
	bool has_prefix = false;
	for (size_t i = 0; i < place->count; i++) {
		uint32_t letter = place->letters[i];
		if (!(builder->vocabulary.words[letter].marks & WORD_PREFIX)) {
			letters_push(builder, &wide, &capacity, letter);
			continue;
		}
		has_prefix = true;
		if (!members[letter].items)
			members[letter].count = vocabulary_members_in(builder->arena, &builder->vocabulary, letter,
								      &members[letter].items);
		for (size_t j = 0; j < members[letter].count; j++)
			letters_push(builder, &wide, &capacity, members[letter].items[j]);
	}
	if (has_prefix) {
		place->letters = wide.items;
		place->count = wide.count;
	}
}

static void widen_all(struct cue_builder *builder)
{
	struct letters *members = mem_zalloc(builder->vocabulary.count, sizeof *members);
	for (size_t i = 0; i < builder->patterns.count; i++)
		for (size_t p = 0; p < builder->patterns.items[i].count; p++)
			widen_prefixes(builder, members, &builder->patterns.items[i].places[p]);
	free(members);
}

static void collect_swears(struct cue_builder *builder, struct cue_book *book)
{
	const struct vocabulary *vocabulary = &builder->vocabulary;
	book->swears = arena_alloc(builder->arena, (vocabulary->count + 1) * sizeof *book->swears);
	for (size_t i = 0; i < vocabulary->count; i++)
		if ((vocabulary->words[i].marks & (WORD_SWEARS | WORD_PREFIX)) == WORD_SWEARS)
			book->swears[book->swear_count++] = (uint32_t)i;
}

int cue_builder_finish(struct cue_builder *builder, struct cue_book *out_book, struct error *err)
{
	struct arena *arena = builder->arena;
	const struct cue_patterns *patterns = &builder->patterns;
	struct cue_book book = { .pattern_count = patterns->count, .language = builder->language };
	widen_all(builder);
	vocabulary_finish(&builder->vocabulary);
	book.automaton =
		automaton_new_in(arena, patterns->items, patterns->count, builder->vocabulary.count, LETTER_BOUNDARIES);
	if (!book.automaton)
		return error_set(err, ERROR_LIMIT, "too many mood phrases: %zu rows of words are more than fit",
				 patterns->count);
	book.blocks = arena_zalloc(arena, builder->blocks.count + 1, sizeof *book.blocks);
	book.block_of = arena_zalloc(arena, patterns->count + 1, sizeof *book.block_of);
	if (builder->blocks.count)
		memcpy(book.blocks, builder->blocks.items, builder->blocks.count * sizeof *book.blocks);
	if (patterns->count)
		memcpy(book.block_of, patterns->blocks, patterns->count * sizeof *book.block_of);
	collect_swears(builder, &book);
	book.vocabulary = builder->vocabulary;
	*out_book = book;
	return 0;
}
