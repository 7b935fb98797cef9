/* SPDX-License-Identifier: Apache-2.0 */
/* Cross-validation: what the corpus itself says of how well it will do.
 *
 * In each fold two kinds of rows are kept out: some examples of most intents, and all examples of the other intents.
 * The first show how often the classifier is right, the second what its confidence looks like for questions that
 * belong to no intent. A third kind is made: examples without the words that tell the most. */
#include "match/internal.h"

#include "base/mem.h"
#include "base/parallel.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	FOLDS_SMALL = 8,
	FOLDS_LARGE = 5,
	FOLDS_LARGE_ASKED = 2,   /* of them; the others would tell the same, */
	LARGE_STRIDE = 2,        /* and so would more than every other strange question */
	LARGE_ROWS = 4000,       /* from so many rows on a fold more or less changes nothing */
	FOREIGN_INTENTS_MIN = 3, /* with fewer intents none is kept out */
	FEW_EXAMPLES = 20,       /* an intent, on average: with fewer each one that is kept out is missed */
	NO_FOLD = UINT8_MAX,
	TURN_QUESTIONS = 64, /* that a core takes at a time */
};

/* What is known of a question beside itself. */
struct asked {
	uint32_t row;
	uint8_t kind; /* enum sample_kind */
	uint8_t fold;
};

struct fold {
	uint8_t *is_held;     /* by row */
	uint8_t *is_left_out; /* by feature */
	size_t first_question;
};

/* What a thread needs. */
struct desk {
	struct arena arena;       /* what questions and samples are made of, until the end */
	uint32_t *marks;          /* zeros by feature */
	float *values_by_feature; /* zeros */
	uint32_t *ids;            /* of one question's features */
	float *raw, *values;
	size_t room;
};

struct crossval {
	const struct matcher *matcher;
	const struct training_rows *rows;
	uint8_t *row_folds;    /* in which a row is asked, its intent being known; NO_FOLD for never */
	uint8_t *intent_folds; /* in which an intent is kept out; NO_FOLD for never */
	struct fold folds[FOLDS_SMALL];
	struct training_fold training_folds[FOLDS_SMALL]; /* the same folds, as the training knows them */
	size_t fold_count;                                /* that are asked */
	double learnt;                                    /* the share of an intent's examples that a fold has learnt */
	struct {
		struct asked *items; /* fold by fold */
		size_t count, capacity;
	} asked;
	struct question *questions;        /* as asked */
	struct confidence_sample *samples; /* as asked */
	float *scores;                     /* by question and intent, padded */
	struct desk desks[PARALLEL_WORKERS_MAX];
};

/* Intents take turns in being kept out, in the order in which their first rows come, so that how the caller numbers
 * them does not matter; the rows of an intent take turns in the other folds. */
static void choose_folds(struct crossval *crossval)
{
	const struct training_rows *rows = crossval->rows;
	bool is_large = rows->points.count >= LARGE_ROWS;
	size_t folds = is_large ? FOLDS_LARGE : FOLDS_SMALL;
	crossval->fold_count = is_large ? FOLDS_LARGE_ASKED : FOLDS_SMALL;
	crossval->learnt = 1.0 - 1.0 / (double)(folds - 1);
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
static void hold_rows(struct crossval *crossval, size_t number)
{
	const struct training_rows *rows = crossval->rows;
	struct fold *fold = &crossval->folds[number];
	fold->is_held = mem_zalloc(rows->points.count + 1, 1);
	fold->is_left_out = mem_alloc(crossval->matcher->features.count + 1);
	memset(fold->is_left_out, 1, crossval->matcher->features.count + 1);
	for (size_t r = 0; r < rows->points.count; r++) {
		fold->is_held[r] = crossval->row_folds[r] == number || is_foreign(crossval, r, number);
		if (!fold->is_held[r])
			for (size_t i = rows->starts[r]; i < rows->starts[r + 1]; i++)
				fold->is_left_out[rows->ids[i]] = 0;
	}
}

static void make_room(struct desk *desk, size_t room)
{
	if (desk->room >= room)
		return;
	desk->room = room * 2;
	desk->ids = mem_resize(desk->ids, desk->room, sizeof *desk->ids);
	desk->raw = mem_resize(desk->raw, desk->room, sizeof *desk->raw);
	desk->values = mem_resize(desk->values, desk->room, sizeof *desk->values);
}

/* Reads the features of `count` terms into the row, without those that the fold does not know; spread to their
 * neighbours, as the rows are that the fold learns from. */
static void read_row(const struct crossval *crossval, struct desk *desk, const struct fold *fold,
		     const struct term_fact *facts, size_t count, struct feature_row *row)
{
	const struct features *features = &crossval->matcher->features;
	const struct neighbours *neighbours = crossval->rows->neighbours;
	make_room(desk, feature_room(facts, count));
	struct feature_row known = { .ids = desk->ids, .raw = desk->raw, .values = desk->values };
	feature_row_read(features, &known, facts, count, NULL, desk->marks);
	feature_row_leave_out(&known, fold->is_left_out);
	feature_row_weigh(features, &known);
	*row = known;
	size_t room = known.count * (neighbours ? 1 + NEIGHBOURS_MAX : 1) + 1;
	row->ids = arena_alloc(&desk->arena, room * sizeof *row->ids);
	row->values = arena_alloc(&desk->arena, room * sizeof *row->values);
	row->raw = NULL;
	row->count = neighbours_spread(neighbours, known.ids, known.values, known.count, fold->is_left_out, desk->marks,
				       row->ids, row->values);
}

/* Makes a question of `count` terms, of which the first `known_count` can be known at all and the others are not; all but
 * its dense part. */
static void read_question(const struct crossval *crossval, struct desk *desk, const struct fold *fold,
			  const struct term_fact *facts, size_t count, size_t known_count, struct question *out)
{
	double known = 0, all = 0;
	*out = (struct question){
		.facts = facts, .fact_count = count, .known_count = known_count, .is_held = fold->is_held
	};
	read_row(crossval, desk, fold, facts, known_count, &out->row);
	for (size_t i = 0; i < count; i++) {
		bool is_known = i < known_count && facts[i].stem != FEATURE_NONE && !fold->is_left_out[facts[i].stem];
		all += (double)facts[i].information;
		known += is_known ? (double)facts[i].information : 0;
	}
	out->coverage = all > 0 ? known / all : 0;
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

static size_t term_count(const struct crossval *crossval, size_t row)
{
	size_t count = crossval->rows->terms[row].count;
	return count < FEATURE_TERMS_MAX ? count : FEATURE_TERMS_MAX;
}

/* Of the row's terms the half that tells the most is unknown. */
static void read_hollow(const struct crossval *crossval, struct desk *desk, const struct fold *fold,
			const struct term_fact *facts, size_t count, struct question *out)
{
	struct term_fact *hollow = arena_alloc(&desk->arena, count * sizeof *hollow);
	size_t keep = count / 2, kept = 0, gone = keep;
	for (size_t i = 0; i < count; i++)
		hollow[count_more_telling(facts, count, i) >= count - keep ? kept++ : gone++] = facts[i];
	read_question(crossval, desk, fold, hollow, count, keep, out);
	feature_row_add_vectors(&crossval->matcher->features, &out->row, hollow, keep);
}

static void read_asked(const struct crossval *crossval, struct desk *desk, size_t number)
{
	const struct asked *asked = &crossval->asked.items[number];
	const struct term_fact *facts = crossval->rows->facts[asked->row];
	const struct fold *fold = &crossval->folds[asked->fold];
	struct question *question = &crossval->questions[number];
	size_t count = term_count(crossval, asked->row);
	if (asked->kind == SAMPLE_HOLLOW) {
		read_hollow(crossval, desk, fold, facts, count, question);
		return;
	}
	read_question(crossval, desk, fold, facts, count, count, question);
	/* What the vectors of the words say does not depend on what the fold knows. */
	memcpy(question->row.dense, crossval->rows->dense + (size_t)asked->row * VECTOR_DIMENSIONS,
	       sizeof question->row.dense);
}

static void list_questions(struct crossval *crossval, uint8_t fold)
{
	const struct training_rows *rows = crossval->rows;
	uint32_t stride = rows->points.count >= LARGE_ROWS ? LARGE_STRIDE : 1;
	crossval->folds[fold].first_question = crossval->asked.count;
	for (uint32_t r = 0; r < rows->points.count; r++) {
		bool is_turn = r % stride == 0;
		if (is_foreign(crossval, r, fold)) {
			if (is_turn)
				vec_push(&crossval->asked, (struct asked){ r, SAMPLE_FOREIGN, fold });
		} else if (crossval->row_folds[r] == fold) {
			vec_push(&crossval->asked, (struct asked){ r, SAMPLE_OWN, fold });
			if (is_turn && term_count(crossval, r) / 2)
				vec_push(&crossval->asked, (struct asked){ r, SAMPLE_HOLLOW, fold });
		}
	}
}

static void read_some(void *context, size_t worker, size_t turn)
{
	struct crossval *crossval = context;
	struct desk *desk = &crossval->desks[worker];
	size_t end = (turn + 1) * TURN_QUESTIONS;
	if (!desk->marks)
		desk->marks = mem_zalloc(crossval->matcher->features.count + 1, sizeof *desk->marks);
	for (size_t i = turn * TURN_QUESTIONS; i < end && i < crossval->asked.count; i++)
		read_asked(crossval, desk, i);
}

struct crossval *crossval_new(const struct matcher *matcher, const struct training_rows *rows)
{
	struct crossval *crossval = mem_zalloc(1, sizeof *crossval);
	crossval->matcher = matcher;
	crossval->rows = rows;
	crossval->row_folds = mem_alloc(rows->points.count + 1);
	crossval->intent_folds = mem_alloc(rows->intent_count + 1);
	choose_folds(crossval);
	for (size_t fold = 0; fold < crossval->fold_count; fold++) {
		hold_rows(crossval, fold);
		list_questions(crossval, (uint8_t)fold);
	}
	size_t count = crossval->asked.count, width = matcher->classifier.width;
	crossval->questions = mem_zalloc(count + 1, sizeof *crossval->questions);
	crossval->samples = mem_zalloc(count + 1, sizeof *crossval->samples);
	crossval->scores = mem_zalloc(count * width + 1, sizeof *crossval->scores);
	parallel_each((count + TURN_QUESTIONS - 1) / TURN_QUESTIONS, parallel_workers(), read_some, crossval);
	for (size_t f = 0; f < crossval->fold_count; f++) {
		size_t first = crossval->folds[f].first_question;
		size_t end = f + 1 < crossval->fold_count ? crossval->folds[f + 1].first_question : count;
		crossval->training_folds[f] = (struct training_fold){
			.is_held = crossval->folds[f].is_held,
			.questions = crossval->questions + first,
			.question_count = end - first,
			.scores = crossval->scores + first * width,
		};
	}
	return crossval;
}

void crossval_free(struct crossval *crossval)
{
	if (!crossval)
		return;
	for (size_t f = 0; f < FOLDS_SMALL; f++) {
		free(crossval->folds[f].is_held);
		free(crossval->folds[f].is_left_out);
	}
	for (size_t n = 0; n < PARALLEL_WORKERS_MAX; n++) {
		free(crossval->desks[n].marks);
		free(crossval->desks[n].values_by_feature);
		free(crossval->desks[n].ids);
		free(crossval->desks[n].raw);
		free(crossval->desks[n].values);
		arena_clear(&crossval->desks[n].arena);
	}
	free(crossval->row_folds);
	free(crossval->intent_folds);
	free(crossval->questions);
	free(crossval->samples);
	free(crossval->scores);
	vec_clear(&crossval->asked);
	free(crossval);
}

const struct training_fold *crossval_folds(const struct crossval *crossval, size_t *out_count)
{
	*out_count = crossval ? crossval->fold_count : 0;
	return crossval ? crossval->training_folds : NULL;
}

/* Makes a sample of a question's scores. Intents that were kept out cannot be candidates. */
static void take_sample(const struct crossval *crossval, struct desk *desk, size_t number)
{
	const struct training_rows *rows = crossval->rows;
	struct asked asked = crossval->asked.items[number];
	float *scores = crossval->scores + number * crossval->matcher->classifier.width;
	for (size_t k = 0; k < rows->intent_count; k++)
		if (crossval->intent_folds[k] == asked.fold)
			scores[k] = -INFINITY;
	uint32_t best = best_intent(scores, rows->intent_count);
	crossval->samples[number] = (struct confidence_sample){
		.terms = confidence_terms_of(crossval->matcher, &crossval->questions[number], scores, best,
					     desk->values_by_feature),
		.kind = asked.kind,
		.is_right = asked.kind == SAMPLE_OWN && best == rows->intents[asked.row],
		.row = asked.row,
		.candidate = best,
	};
}

static void take_some(void *context, size_t worker, size_t turn)
{
	struct crossval *crossval = context;
	struct desk *desk = &crossval->desks[worker];
	size_t end = (turn + 1) * TURN_QUESTIONS;
	if (!desk->values_by_feature)
		desk->values_by_feature =
			mem_zalloc(crossval->matcher->features.count + 1, sizeof *desk->values_by_feature);
	for (size_t i = turn * TURN_QUESTIONS; i < end && i < crossval->asked.count; i++)
		take_sample(crossval, desk, i);
}

static int compare_strays(const void *left, const void *right)
{
	const struct match_stray *a = left, *b = right;
	if (a->confidence != b->confidence)
		return a->confidence < b->confidence ? 1 : -1;
	return (a->example > b->example) - (a->example < b->example);
}

static void take_outlook(const struct crossval *crossval, struct matcher *matcher)
{
	struct match_outlook outlook = { 0 };
	matcher->strays = mem_zalloc(crossval->rows->points.count + 1, sizeof *matcher->strays);
	for (size_t i = 0; i < crossval->asked.count; i++) {
		const struct confidence_sample *sample = &crossval->samples[i];
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
static void take_records(const struct crossval *crossval, struct matcher *matcher)
{
	static const double PULL = 4.0;
	size_t intent_count = crossval->rows->intent_count;
	float *first = mem_zalloc(intent_count + 1, sizeof *first),
	      *right = mem_zalloc(intent_count + 1, sizeof *right);
	double all_first = 0, all_right = 0;
	for (size_t i = 0; i < crossval->asked.count; i++) {
		const struct confidence_sample *sample = &crossval->samples[i];
		if (sample->kind != SAMPLE_OWN)
			continue;
		first[sample->candidate] += 1.0f;
		right[sample->candidate] += sample->is_right;
		all_first += 1.0;
		all_right += sample->is_right;
	}
	double average = all_first > 0 ? all_right / all_first : 0;
	for (size_t i = 0; i < crossval->asked.count; i++) {
		struct confidence_sample *sample = &crossval->samples[i];
		bool is_counted = sample->kind == SAMPLE_OWN; /* and must not help to judge itself */
		double cases = (double)first[sample->candidate] - is_counted;
		double good = (double)right[sample->candidate] - (is_counted && sample->is_right);
		sample->terms.signals[SIGNAL_RECORD] = (good + PULL * average) / (cases + PULL) - average;
	}
	matcher->records = first;
	for (size_t k = 0; k < intent_count; k++)
		first[k] = (float)((right[k] + PULL * average) / (first[k] + PULL) - average);
	free(right);
}

void crossval_conclude(struct crossval *crossval, struct matcher *matcher, double wrong_share)
{
	const struct training_rows *rows = crossval->rows;
	size_t count = crossval->asked.count;
	parallel_each((count + TURN_QUESTIONS - 1) / TURN_QUESTIONS, parallel_workers(), take_some, crossval);
	take_records(crossval, matcher);
	confidence_fit(&matcher->confidence, crossval->samples, count);
	confidence_choose_threshold(&matcher->confidence, crossval->samples, count, wrong_share, crossval->learnt,
				    rows->points.count < FEW_EXAMPLES * rows->intent_count);
	take_outlook(crossval, matcher);
}
