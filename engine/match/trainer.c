/* SPDX-License-Identifier: Apache-2.0 */
/* Training the classifier: two losses, blended; the classes in parts, which two threads share. Since every class
 * learns on its own, the result depends neither on the parts nor on the threads. */
#include "match/internal.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

enum {
	LOSSES = 2,
	THREADS = 2,
	PARALLEL_WORK = 4000,              /* rows times classes from which on a second thread pays */
	PART_CELLS_MAX = 12 * 1000 * 1000, /* rows times classes of one part: bounds the memory of a training */
	LARGE_ROWS = 4000,                 /* from so many rows on fewer rounds do */
};
static const enum linear_loss LOSS[LOSSES] = { LINEAR_SQUARED_HINGE, LINEAR_LOGISTIC };
/* Costs and the blend of the two, tuned on the open sets (2026-11). The scores of the logistic loss spread 4.4 times
 * as widely as those of the hinge, whatever the corpus; divided by 4 they have about equal say. */
static const float COST[LOSSES] = { 3.0f, 30.0f };
static const float FACTOR[LOSSES] = { 1.0f, 0.25f };
static const float TOLERANCE[LOSSES] = { 0.01f, 0.001f };
static const float FOLD_SLACK = 3.0f; /* how much less exactly a fold is trained than the whole */
static const uint64_t SEED = 88172645463325252u;

/* A range of classes. */
struct part {
	uint32_t first_class;
	size_t width;
	struct linear_model models[LOSSES];
	struct linear_model spare[LOSSES]; /* for folds; made when first needed */
};

struct trainer {
	const struct linear_rows *rows;
	size_t width;
	struct part *parts;
	size_t part_count;
	bool keeps_models;
	struct classifier *classifier; /* that is being trained, or NULL: */
	/* the fold that is being asked */
	const uint8_t *is_held;
	const struct question *questions;
	size_t question_count;
	float *scores; /* of all questions for all classes */
};

/* How often the rows are gone over at most: from nothing, or after forgetting some. */
static unsigned rounds_for(const struct trainer *trainer, bool is_fold)
{
	if (!trainer->keeps_models)
		return 5; /* a huge training: each round takes seconds, and the first ones do most */
	if (trainer->rows->count < LARGE_ROWS)
		return is_fold ? 6 : 20;
	return is_fold ? 3 : 12;
}

static void init_models(const struct trainer *trainer, const struct part *part, struct linear_model *models)
{
	for (size_t m = 0; m < LOSSES; m++)
		linear_init(&models[m], LOSS[m], COST[m], trainer->rows, part->first_class, part->width);
}

static void clear_models(struct linear_model *models)
{
	for (size_t m = 0; m < LOSSES; m++)
		linear_clear(&models[m]);
}

static void train_whole(struct trainer *trainer, struct part *part)
{
	init_models(trainer, part, part->models);
	for (size_t m = 0; m < LOSSES; m++)
		linear_train(&part->models[m], trainer->rows, NULL, rounds_for(trainer, false), TOLERANCE[m], SEED);
	classifier_take(trainer->classifier, part->models, FACTOR, LOSSES);
	if (!trainer->keeps_models)
		clear_models(part->models);
}

static void score_questions(struct trainer *trainer, const struct linear_model *model, float factor, float *room)
{
	for (size_t q = 0; q < trainer->question_count; q++) {
		const struct feature_row *row = &trainer->questions[q].row;
		float *sums = trainer->scores + q * trainer->width + model->first_class;
		linear_score(model, row->ids, row->values, row->count, row->dense, room);
		for (size_t c = 0; c < model->width; c++)
			sums[c] += factor * room[c];
	}
}

static void train_fold(struct trainer *trainer, struct part *part)
{
	float *room = mem_zalloc(part->width, sizeof *room);
	if (!part->spare[0].weights)
		init_models(trainer, part, part->spare);
	for (size_t m = 0; m < LOSSES; m++) {
		struct linear_model *model = &part->spare[m];
		linear_copy(model, &part->models[m]);
		linear_forget(model, trainer->rows, trainer->is_held);
		linear_train(model, trainer->rows, trainer->is_held, rounds_for(trainer, true),
			     FOLD_SLACK * TOLERANCE[m], SEED);
		score_questions(trainer, model, FACTOR[m], room);
	}
	free(room);
}

/* Every other part, from `first` on. */
static void work_on_parts(struct trainer *trainer, size_t first)
{
	for (size_t p = first; p < trainer->part_count; p += THREADS) {
		if (trainer->classifier)
			train_whole(trainer, &trainer->parts[p]);
		else
			train_fold(trainer, &trainer->parts[p]);
	}
}

static void *work_on_odd_parts(void *trainer)
{
	work_on_parts(trainer, 1);
	return NULL;
}

static void work_on_all_parts(struct trainer *trainer)
{
	pthread_t thread;
	bool has_thread = trainer->part_count > 1 && !pthread_create(&thread, NULL, work_on_odd_parts, trainer);
	work_on_parts(trainer, 0);
	if (has_thread)
		pthread_join(thread, NULL);
	else
		work_on_parts(trainer, 1);
}

struct trainer *trainer_new(const struct linear_rows *rows, size_t width, bool keeps_models)
{
	struct trainer *trainer = mem_zalloc(1, sizeof *trainer);
	size_t lanes = width / LINEAR_LANES, parts = 1 + rows->count * width / PART_CELLS_MAX;
	if (rows->count * width >= PARALLEL_WORK)
		parts = (parts + THREADS - 1) / THREADS * THREADS;
	size_t part_lanes = lanes ? (lanes + parts - 1) / parts : 0;
	trainer->rows = rows;
	trainer->width = width;
	trainer->keeps_models = keeps_models;
	trainer->parts = mem_zalloc(parts + 1, sizeof *trainer->parts);
	for (size_t from = 0; from < lanes; from += part_lanes) {
		size_t count = lanes - from < part_lanes ? lanes - from : part_lanes;
		trainer->parts[trainer->part_count++] = (struct part){
			.first_class = (uint32_t)(from * LINEAR_LANES),
			.width = count * LINEAR_LANES,
		};
	}
	return trainer;
}

void trainer_free(struct trainer *trainer)
{
	for (size_t p = 0; p < trainer->part_count; p++) {
		clear_models(trainer->parts[p].models);
		clear_models(trainer->parts[p].spare);
	}
	free(trainer->parts);
	free(trainer);
}

void trainer_train(struct trainer *trainer, struct classifier *classifier)
{
	trainer->classifier = classifier;
	work_on_all_parts(trainer);
	trainer->classifier = NULL;
}

void trainer_ask_without(struct trainer *trainer, const uint8_t *is_held, const struct question *questions,
			 size_t count, float *out_scores)
{
	trainer->is_held = is_held;
	trainer->questions = questions;
	trainer->question_count = count;
	trainer->scores = out_scores;
	work_on_all_parts(trainer);
}
