/* SPDX-License-Identifier: Apache-2.0 */
/* A question on its way: from tokens to words that the matcher knows, from those to the scores of the intents. */
#include "match/internal.h"

#include "base/mem.h"

#include <stdlib.h>

struct match_scratch *match_scratch_new(void)
{
	return mem_zalloc(1, sizeof(struct match_scratch));
}

void match_scratch_free(struct match_scratch *scratch)
{
	if (!scratch)
		return;
	for (size_t i = 0; i < scratch->stemmer_count; i++)
		stemmer_free(scratch->stemmers[i].stemmer);
	arena_clear(&scratch->arena);
	free(scratch->row.ids);
	free(scratch->row.raw);
	free(scratch->row.values);
	free(scratch->said);
	free(scratch->uses.wholes);
	free(scratch->uses.pieces);
	free(scratch->uses.idf);
	free(scratch->marks);
	free(scratch->values_by_feature);
	free(scratch->scores);
	free(scratch);
}

static struct stemmer *stemmer_for(struct match_scratch *scratch, const char *language)
{
	for (size_t i = 0; i < scratch->stemmer_count; i++)
		if (scratch->stemmers[i].language == language)
			return scratch->stemmers[i].stemmer;
	if (scratch->stemmer_count == STEMMERS_MAX)
		stemmer_free(scratch->stemmers[--scratch->stemmer_count].stemmer);
	struct stemmer *stemmer = stemmer_new(language);
	scratch->stemmers[scratch->stemmer_count].language = language;
	scratch->stemmers[scratch->stemmer_count++].stemmer = stemmer;
	return stemmer;
}

static void make_row_room(struct match_scratch *scratch)
{
	struct feature_row *row = &scratch->row;
	struct feature_uses *uses = &scratch->uses;
	row->ids = mem_resize(row->ids, scratch->row_room, sizeof *row->ids);
	row->raw = mem_resize(row->raw, scratch->row_room, sizeof *row->raw);
	row->values = mem_resize(row->values, scratch->row_room, sizeof *row->values);
	uses->wholes = mem_resize(uses->wholes, scratch->row_room, sizeof *uses->wholes);
	uses->pieces = mem_resize(uses->pieces, scratch->row_room, sizeof *uses->pieces);
	uses->idf = mem_resize(uses->idf, scratch->row_room, sizeof *uses->idf);
	scratch->said = mem_resize(scratch->said, scratch->row_room, sizeof *scratch->said);
}

static void make_room(struct match_scratch *scratch, const struct matcher *matcher)
{
	if (scratch->feature_room < matcher->features.count + 1) {
		free(scratch->marks);
		free(scratch->values_by_feature);
		scratch->feature_room = matcher->features.count + 1;
		scratch->marks = mem_zalloc(scratch->feature_room, sizeof *scratch->marks);
		scratch->values_by_feature = mem_zalloc(scratch->feature_room, sizeof *scratch->values_by_feature);
	}
	if (scratch->score_room < matcher->classifier.width + 1) {
		scratch->score_room = matcher->classifier.width + 1;
		scratch->scores = mem_resize(scratch->scores, scratch->score_room, sizeof *scratch->scores);
	}
	size_t room = feature_room(scratch->facts, scratch->term_count);
	if (scratch->row_room < room) {
		scratch->row_room = room * 2 + 256;
		make_row_room(scratch);
	}
}

/* Reads the words of the tokens into the scratch: terms (repaired) and their facts. */
static void read_words(const struct matcher *matcher, struct match_scratch *scratch, const struct tokens *tokens)
{
	struct stemmer *stemmer = stemmer_for(scratch, matcher->language);
	struct arena *arena = &scratch->arena;
	scratch->reader = matcher;
	scratch->text = tokens->text;
	scratch->terms = terms_of_tokens_in(arena, stemmer, matcher->thesaurus, tokens);
	scratch->term_count = scratch->terms.count < FEATURE_TERMS_MAX ? scratch->terms.count : FEATURE_TERMS_MAX;
	for (size_t i = 0; i < scratch->term_count; i++)
		vocabulary_fact_in(arena, &matcher->vocabulary, &matcher->features, &scratch->terms.items[i],
				   &scratch->facts[i]);
	vocabulary_repair(matcher, scratch, stemmer);
}

void matcher_read(const struct matcher *matcher, struct match_scratch *scratch, const struct tokens *tokens)
{
	arena_reset(&scratch->arena);
	read_words(matcher, scratch, tokens);
}

double matcher_coverage(const struct match_scratch *scratch)
{
	return facts_coverage(scratch->facts, scratch->term_count);
}

void scratch_read_text(const struct matcher *matcher, struct match_scratch *scratch, struct str text)
{
	arena_reset(&scratch->arena);
	struct tokens tokens = tokens_read_in(&scratch->arena, text, matcher->language);
	read_words(matcher, scratch, &tokens);
}

void scratch_score(const struct matcher *matcher, struct match_scratch *scratch)
{
	const struct features *features = &matcher->features;
	make_room(scratch, matcher);
	feature_row_read(features, &scratch->row, scratch->facts, scratch->term_count, &scratch->uses, scratch->marks);
	classifier_fetch(&matcher->classifier, &scratch->row);
	feature_row_weigh(features, &scratch->row);
	feature_row_add_vectors(features, &scratch->row, scratch->facts, scratch->term_count);
	classifier_score(&matcher->classifier, &scratch->row, scratch->scores);
}
