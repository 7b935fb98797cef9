/* SPDX-License-Identifier: Apache-2.0 */
/* Training the classifier: two losses, blended; the classes in two halves beside each other when there is enough to
 * do. Since every class learns on its own, the result does not depend on the threads. */
#include "match/internal.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>

enum {
	LOSSES = 2,
	PARALLEL_WORK = 4000, /* rows times classes from which on a second thread pays */
	HALVES_MAX = 2,
	LARGE_ROWS = 4000, /* from so many rows on fewer rounds do */
};
static const enum linear_loss LOSS[LOSSES] = { LINEAR_SQUARED_HINGE, LINEAR_LOGISTIC };
/* Costs and the blend of the two, tuned on the open sets (2026-11). The scores of the logistic loss spread 4.4 times
 * as widely as those of the hinge, whatever the corpus; divided by 4 they have about equal say. */
static const float COST[LOSSES] = { 3.0f, 30.0f };
static const float FACTOR[LOSSES] = { 1.0f, 0.25f };
static const float TOLERANCE[LOSSES] = { 0.01f, 0.001f };
static const uint64_t SEED = 88172645463325252u;

/* A range of classes, trained by one thread. */
struct half {
	const struct linear_rows *rows;
	struct linear_model models[LOSSES];
	struct linear_model spare[LOSSES]; /* for folds; made when first needed */
	/* The fold that is being asked: */
	const uint8_t *is_held;
	const struct question *questions;
	size_t question_count;
	float *scores; /* of all questions for all classes */
	size_t scores_width;
};

struct trainer {
	struct half halves[HALVES_MAX];
	size_t half_count;
};

/* How often the rows are gone over at most, from nothing or after forgetting some. */
static unsigned rounds_for(const struct half *half, bool is_fold)
{
	if (half->rows->count < LARGE_ROWS)
		return is_fold ? 8 : 30;
	return is_fold ? 4 : 12;
}

static void *train_whole(void *context)
{
	struct half *half = context;
	for (size_t m = 0; m < LOSSES; m++)
		linear_train(&half->models[m], half->rows, NULL, rounds_for(half, false), TOLERANCE[m], SEED);
	return NULL;
}

static void score_questions(struct half *half, size_t m, float *room)
{
	const struct linear_model *model = &half->spare[m];
	for (size_t q = 0; q < half->question_count; q++) {
		const struct feature_row *row = &half->questions[q].row;
		float *sums = half->scores + q * half->scores_width + model->first_class;
		linear_score(model, row->ids, row->values, row->count, row->dense, room);
		for (size_t c = 0; c < model->width; c++)
			sums[c] += FACTOR[m] * room[c];
	}
}

static void *train_fold(void *context)
{
	struct half *half = context;
	float *room = mem_zalloc(half->models[0].width, sizeof *room);
	for (size_t m = 0; m < LOSSES; m++) {
		struct linear_model *model = &half->models[m];
		if (!half->spare[m].weights)
			linear_init(&half->spare[m], model->loss, model->cost, half->rows, model->first_class,
				    model->width);
		linear_copy(&half->spare[m], model);
		linear_forget(&half->spare[m], half->rows, half->is_held);
		linear_train(&half->spare[m], half->rows, half->is_held, rounds_for(half, true), TOLERANCE[m], SEED);
		score_questions(half, m, room);
	}
	free(room);
	return NULL;
}

/* Runs `work` for every half, the first one here. */
static void run_halves(struct trainer *trainer, void *(*work)(void *))
{
	pthread_t thread;
	bool is_split = trainer->half_count > 1;
	bool has_thread = is_split && !pthread_create(&thread, NULL, work, &trainer->halves[1]);
	work(&trainer->halves[0]);
	if (has_thread)
		pthread_join(thread, NULL);
	else if (is_split)
		work(&trainer->halves[1]);
}

struct trainer *trainer_new(const struct linear_rows *rows, size_t width)
{
	struct trainer *trainer = mem_zalloc(1, sizeof *trainer);
	size_t lanes = width / LINEAR_LANES, first_lanes = (lanes + 1) / 2;
	bool is_split = lanes > 1 && rows->count * width >= PARALLEL_WORK;
	trainer->half_count = is_split ? 2 : 1;
	for (size_t k = 0; k < trainer->half_count; k++) {
		struct half *half = &trainer->halves[k];
		half->rows = rows;
		half->scores_width = width;
		size_t half_lanes = !is_split ? lanes : k ? lanes - first_lanes : first_lanes;
		uint32_t first_class = k ? (uint32_t)(first_lanes * LINEAR_LANES) : 0;
		for (size_t m = 0; m < LOSSES; m++)
			linear_init(&half->models[m], LOSS[m], COST[m], rows, first_class, half_lanes * LINEAR_LANES);
	}
	return trainer;
}

void trainer_free(struct trainer *trainer)
{
	for (size_t k = 0; k < trainer->half_count; k++)
		for (size_t m = 0; m < LOSSES; m++) {
			linear_clear(&trainer->halves[k].models[m]);
			linear_clear(&trainer->halves[k].spare[m]);
		}
	free(trainer);
}

void trainer_train(struct trainer *trainer, struct classifier *classifier)
{
	run_halves(trainer, train_whole);
	for (size_t k = 0; k < trainer->half_count; k++)
		classifier_take(classifier, trainer->halves[k].models, FACTOR, LOSSES);
}

void trainer_ask_without(struct trainer *trainer, const uint8_t *is_held, const struct question *questions,
			 size_t count, float *out_scores)
{
	for (size_t k = 0; k < trainer->half_count; k++) {
		struct half *half = &trainer->halves[k];
		half->is_held = is_held;
		half->questions = questions;
		half->question_count = count;
		half->scores = out_scores;
	}
	run_halves(trainer, train_fold);
}
