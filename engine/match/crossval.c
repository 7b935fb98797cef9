/* SPDX-License-Identifier: Apache-2.0 */
/* Cross-validation: what the corpus itself says of how well it will do.
 *
 * In each fold two kinds of rows are kept out: some examples of most intents, and all examples of the other intents.
 * The first show how often the classifier is right, the second what its confidence looks like for questions that
 * belong to no intent. A third kind is made: examples without the words that tell the most. */
#include "match/internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	FOLDS_SMALL = 10,
	FOLDS_LARGE = 5,
	FOLDS_LARGE_ASKED = 3,   /* of them; the others would tell the same */
	LARGE_ROWS = 4000,       /* from so many rows on a fold more or less changes nothing */
	FOREIGN_INTENTS_MIN = 3, /* with fewer intents none is kept out */
	FEW_EXAMPLES = 20,       /* an intent, on average: with fewer each one that is kept out is missed */
	NO_FOLD = UINT8_MAX,
};

/* What is known of a question beside itself. */
struct asked {
	uint32_t row;
	enum sample_kind kind;
};

struct crossval {
	struct matcher *matcher;
	const struct training_rows *rows;
	size_t asked_fold_count;
	uint8_t *row_folds;    /* in which a row is asked, its intent being known; NO_FOLD for never */
	uint8_t *intent_folds; /* in which an intent is kept out; NO_FOLD for never */
	uint8_t *is_held;      /* by row */
	uint8_t *is_left_out;  /* by feature */
	struct arena arena;    /* of one fold's questions */
	struct {
		struct question *items;
		size_t count, capacity;
	} questions;
	struct {
		struct asked *items;
		size_t count, capacity;
	} asked;
	struct {
		struct confidence_sample *items;
		size_t count, capacity;
	} samples;
	struct feature_hits hits;
	uint32_t *marks;          /* zeros by feature */
	float *values_by_feature; /* zeros */
};

/* Intents take turns in being kept out, in the order in which their first rows come, so that how the caller numbers
 * them does not matter; the rows of an intent take turns in the other folds. */
static void choose_folds(struct crossval *crossval)
{
	const struct training_rows *rows = crossval->rows;
	bool is_large = rows->points.count >= LARGE_ROWS;
	size_t folds = is_large ? FOLDS_LARGE : FOLDS_SMALL;
	crossval->asked_fold_count = is_large ? FOLDS_LARGE_ASKED : FOLDS_SMALL;
	uint32_t *turns = mem_zalloc(rows->intent_count + 1, sizeof *turns);
	uint32_t *sizes = mem_zalloc(rows->intent_count + 1, sizeof *sizes);
	memset(crossval->intent_folds, NO_FOLD, rows->intent_count + 1);
	size_t next = 0;
	for (size_t r = 0; r < rows->points.count; r++)
		if (!sizes[rows->intents[r]]++)
			crossval->intent_folds[rows->intents[r]] = (uint8_t)(next++ % folds);
	for (size_t r = 0; r < rows->points.count; r++) {
		uint32_t intent = rows->intents[r];
		size_t fold = (crossval->intent_folds[intent] + 1 + turns[intent]++ % (folds - 1)) % folds;
		crossval->row_folds[r] = sizes[intent] > 1 ? (uint8_t)fold : NO_FOLD;
	}
	if (next < FOREIGN_INTENTS_MIN)
		memset(crossval->intent_folds, NO_FOLD, rows->intent_count);
	free(turns);
	free(sizes);
}

static bool is_foreign(const struct crossval *crossval, size_t row, size_t fold)
{
	return crossval->intent_folds[crossval->rows->intents[row]] == fold;
}

/* Which rows the fold keeps out, and so which features it does not know. */
static void hold_rows(struct crossval *crossval, size_t fold)
{
	const struct training_rows *rows = crossval->rows;
	memset(crossval->is_left_out, 1, crossval->matcher->features.count + 1);
	for (size_t r = 0; r < rows->points.count; r++) {
		crossval->is_held[r] = crossval->row_folds[r] == fold || is_foreign(crossval, r, fold);
		if (!crossval->is_held[r])
			for (size_t i = rows->starts[r]; i < rows->starts[r + 1]; i++)
				crossval->is_left_out[rows->ids[i]] = 0;
	}
}

static bool is_stem_known(const struct crossval *crossval, const struct term *term)
{
	uint32_t id = features_find(&crossval->matcher->features, feature_key_of_stem(term->stem));
	return id != FEATURE_NONE && !crossval->is_left_out[id];
}

/* Asks `terms`, of which the first `known_count` can be known at all and the others are not. */
static void ask(struct crossval *crossval, const struct terms *terms, const struct term_fact *facts, size_t known_count,
		struct asked asked)
{
	const struct features *features = &crossval->matcher->features;
	struct question question = { .is_held = crossval->is_held };
	struct terms known_terms = { terms->items, known_count };
	feature_hits_read(&crossval->hits, &known_terms);
	size_t room = crossval->hits.count + 1;
	question.row.ids = arena_alloc(&crossval->arena, room * sizeof *question.row.ids);
	question.row.raw = arena_alloc(&crossval->arena, room * sizeof *question.row.raw);
	question.row.values = arena_alloc(&crossval->arena, room * sizeof *question.row.values);
	feature_row_read(features, &question.row, &crossval->hits, NULL, crossval->marks);
	feature_row_weigh(features, &question.row, crossval->is_left_out);
	feature_row_add_vectors(features, &question.row, &known_terms, facts);
	double known = 0, all = 0;
	for (size_t i = 0; i < terms->count && i < FEATURE_TERMS_MAX; i++) {
		bool is_known = i < known_count && is_stem_known(crossval, &terms->items[i]);
		all += (double)facts[i].information;
		known += is_known ? (double)facts[i].information : 0;
	}
	question.coverage = all > 0 ? known / all : 0;
	vec_push(&crossval->questions, question);
	vec_push(&crossval->asked, asked);
}

/* How many of the `count` terms tell more than term `i`; of equal ones the first tells more. */
static size_t count_more_telling(const struct term_fact *facts, size_t count, size_t i)
{
	size_t more = 0;
	for (size_t j = 0; j < count; j++)
		more += facts[j].information > facts[i].information ||
			(j < i && facts[j].information == facts[i].information);
	return more;
}

/* Asks the row with the half of its terms that tells the most unknown. */
static void ask_hollow(struct crossval *crossval, uint32_t row)
{
	const struct terms *terms = &crossval->rows->terms[row];
	const struct term_fact *facts = crossval->rows->facts[row];
	size_t count = terms->count < FEATURE_TERMS_MAX ? terms->count : FEATURE_TERMS_MAX, keep = count / 2;
	if (!keep)
		return;
	struct terms hollow = { arena_alloc(&crossval->arena, count * sizeof *hollow.items), count };
	struct term_fact *hollow_facts = arena_alloc(&crossval->arena, count * sizeof *hollow_facts);
	size_t kept = 0, gone = keep;
	for (size_t i = 0; i < count; i++) {
		size_t place = count_more_telling(facts, count, i) >= count - keep ? kept++ : gone++;
		hollow.items[place] = terms->items[i];
		hollow_facts[place] = facts[i];
	}
	ask(crossval, &hollow, hollow_facts, keep, (struct asked){ row, SAMPLE_HOLLOW });
}

static void ask_fold(struct crossval *crossval, size_t fold)
{
	for (uint32_t r = 0; r < crossval->rows->points.count; r++) {
		const struct terms *terms = &crossval->rows->terms[r];
		const struct term_fact *facts = crossval->rows->facts[r];
		if (is_foreign(crossval, r, fold)) {
			ask(crossval, terms, facts, terms->count, (struct asked){ r, SAMPLE_FOREIGN });
		} else if (crossval->row_folds[r] == fold) {
			ask(crossval, terms, facts, terms->count, (struct asked){ r, SAMPLE_OWN });
			ask_hollow(crossval, r);
		}
	}
}

/* Makes samples of the fold's scores. Intents that were kept out cannot be candidates. */
static void take_samples(struct crossval *crossval, size_t fold, float *scores)
{
	const struct training_rows *rows = crossval->rows;
	size_t width = crossval->matcher->classifier.width;
	for (size_t q = 0; q < crossval->questions.count; q++) {
		float *row_scores = scores + q * width;
		struct asked asked = crossval->asked.items[q];
		for (size_t k = 0; k < rows->intent_count; k++)
			if (crossval->intent_folds[k] == fold)
				row_scores[k] = -INFINITY;
		uint32_t best = best_intent(row_scores, rows->intent_count);
		vec_push(&crossval->samples,
			 (struct confidence_sample){
				 .terms = confidence_terms_of(crossval->matcher, &crossval->questions.items[q],
							      row_scores, best, crossval->values_by_feature),
				 .kind = asked.kind,
				 .is_right = asked.kind == SAMPLE_OWN && best == rows->intents[asked.row],
				 .row = asked.row,
				 .candidate = best,
			 });
	}
}

static void run_folds(struct crossval *crossval, struct trainer *trainer, const struct match_options *options)
{
	for (size_t fold = 0; fold < crossval->asked_fold_count; fold++) {
		crossval->questions.count = crossval->asked.count = 0;
		arena_reset(&crossval->arena);
		hold_rows(crossval, fold);
		ask_fold(crossval, fold);
		if (!crossval->questions.count)
			continue;
		float *scores =
			mem_zalloc(crossval->questions.count * crossval->matcher->classifier.width, sizeof *scores);
		trainer_ask_without(trainer, crossval->is_held, crossval->questions.items, crossval->questions.count,
				    scores);
		take_samples(crossval, fold, scores);
		free(scores);
		if (options->progress)
			options->progress(options->progress_context,
					  0.5 + 0.5 * (double)(fold + 1) / (double)crossval->asked_fold_count);
	}
}

static int compare_strays(const void *left, const void *right)
{
	const struct match_stray *a = left, *b = right;
	if (a->confidence != b->confidence)
		return a->confidence < b->confidence ? 1 : -1;
	return (a->example > b->example) - (a->example < b->example);
}

static void take_outlook(struct crossval *crossval)
{
	struct matcher *matcher = crossval->matcher;
	struct match_outlook outlook = { 0 };
	matcher->strays = mem_zalloc(crossval->rows->points.count + 1, sizeof *matcher->strays);
	for (size_t i = 0; i < crossval->samples.count; i++) {
		const struct confidence_sample *sample = &crossval->samples.items[i];
		if (sample->kind != SAMPLE_OWN)
			continue;
		double confidence = confidence_of(&matcher->confidence, &sample->terms);
		bool is_answered = confidence >= matcher->confidence.threshold;
		outlook.tested++;
		outlook.accuracy += sample->is_right;
		outlook.right += sample->is_right && is_answered;
		outlook.wrong += !sample->is_right && is_answered;
		outlook.unanswered += !is_answered;
		if (!sample->is_right)
			matcher->strays[matcher->stray_count++] =
				(struct match_stray){ crossval->rows->places[sample->row], sample->candidate,
						      confidence };
	}
	double scale = outlook.tested ? 1.0 / (double)outlook.tested : 0.0;
	outlook.accuracy *= scale;
	outlook.right *= scale;
	outlook.wrong *= scale;
	outlook.unanswered *= scale;
	matcher->outlook = outlook;
	qsort(matcher->strays, matcher->stray_count, sizeof *matcher->strays, compare_strays);
}

/* How often each intent was right when it came first among the own examples, compared with all: a few intents are
 * taken for others much more often than their scores show. Few cases are pulled to the average. */
static void take_records(struct crossval *crossval)
{
	static const double PULL = 4.0;
	size_t intent_count = crossval->rows->intent_count;
	float *first = mem_zalloc(intent_count + 1, sizeof *first),
	      *right = mem_zalloc(intent_count + 1, sizeof *right);
	double all_first = 0, all_right = 0;
	for (size_t i = 0; i < crossval->samples.count; i++) {
		const struct confidence_sample *sample = &crossval->samples.items[i];
		if (sample->kind != SAMPLE_OWN)
			continue;
		first[sample->candidate] += 1.0f;
		right[sample->candidate] += sample->is_right;
		all_first += 1.0;
		all_right += sample->is_right;
	}
	double average = all_first > 0 ? all_right / all_first : 0;
	for (size_t i = 0; i < crossval->samples.count; i++) {
		struct confidence_sample *sample = &crossval->samples.items[i];
		bool is_counted = sample->kind == SAMPLE_OWN; /* and must not help to judge itself */
		double cases = (double)first[sample->candidate] - is_counted;
		double good = (double)right[sample->candidate] - (is_counted && sample->is_right);
		sample->terms.signals[SIGNAL_RECORD] = (good + PULL * average) / (cases + PULL) - average;
	}
	crossval->matcher->records = first;
	for (size_t k = 0; k < intent_count; k++)
		first[k] = (float)((right[k] + PULL * average) / (first[k] + PULL) - average);
	free(right);
}

void matcher_crossvalidate(struct matcher *matcher, const struct training_rows *rows, struct trainer *trainer,
			   const struct match_options *options)
{
	struct crossval crossval = { .matcher = matcher, .rows = rows };
	crossval.row_folds = mem_alloc(rows->points.count + 1);
	crossval.intent_folds = mem_alloc(rows->intent_count + 1);
	crossval.is_held = mem_alloc(rows->points.count + 1);
	crossval.is_left_out = mem_alloc(matcher->features.count + 1);
	crossval.marks = mem_zalloc(matcher->features.count + 1, sizeof *crossval.marks);
	crossval.values_by_feature = mem_zalloc(matcher->features.count + 1, sizeof *crossval.values_by_feature);
	choose_folds(&crossval);
	run_folds(&crossval, trainer, options);
	take_records(&crossval);
	confidence_fit(&matcher->confidence, crossval.samples.items, crossval.samples.count);
	confidence_choose_threshold(&matcher->confidence, crossval.samples.items, crossval.samples.count,
				    options->wrong_share, rows->points.count < FEW_EXAMPLES * rows->intent_count);
	take_outlook(&crossval);
	free(crossval.row_folds);
	free(crossval.intent_folds);
	free(crossval.is_held);
	free(crossval.is_left_out);
	free(crossval.marks);
	free(crossval.values_by_feature);
	free(crossval.hits.items);
	vec_clear(&crossval.questions);
	vec_clear(&crossval.asked);
	vec_clear(&crossval.samples);
	arena_clear(&crossval.arena);
}
