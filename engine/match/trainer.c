/* SPDX-License-Identifier: Apache-2.0 */
/* Training the classifier: two losses, blended; the classes in groups, which the cores share out among themselves. A
 * group learns from all rows, then forgets those of each fold in turn and answers its questions: all of that without
 * leaving the cache for long. Since every group learns on its own, the result does not depend on the cores. */
#include "match/internal.h"

#include "base/mem.h"
#include "base/parallel.h"

#include <stdatomic.h>
#include <stdlib.h>

enum {
	LOSSES = 2,
	LARGE_ROWS = 4000, /* from so many rows on fewer rounds do, */
	LARGE_RUN = 8,     /* and the weights do not stay in the cache from row to row */
};
static const enum linear_loss LOSS[LOSSES] = { LINEAR_SQUARED_HINGE, LINEAR_LOGISTIC };
/* Costs and the blend of the two, tuned on the open sets (2026-11). The scores of the logistic loss spread 4.4 times
 * as widely as those of the hinge, whatever the corpus; divided by 4 they have about equal say. */
static const float COST[LOSSES] = { 3.0f, 30.0f };
static const float FACTOR[LOSSES] = { 1.0f, 0.25f };
static const float TOLERANCE[LOSSES] = { 0.005f, 0.0005f };
static const float FOLD_SLACK = 3.0f; /* how much less exactly a fold is trained than the whole */
/* Rows from which the whole has learnt nothing when it last looked (of the hinge the last two times) come in a fold after
 * so many rounds. Come they must where examples are few: without them the folds of five examples an intent look much
 * worse than visitors' questions will. */
static const unsigned IDLE_FROM[LOSSES] = { 7, 3 };
enum { IDLE_ROUNDS = 3 };
/* With how many times the duals of the hinge the logistic loss begins. It ends with about 4 times as much; 2 gets there
 * soonest (measured by the loss on training rows, 2026-11). */
static const float HEAD_START = 2.0f;

/* What a thread keeps from group to group. */
struct bench {
	bool is_ready;
	struct linear_model models[LOSSES];
	struct linear_model spare[LOSSES]; /* for folds */
};

struct job {
	const struct training *training;
	size_t group_count;
	atomic_size_t done;
	struct bench benches[PARALLEL_WORKERS_MAX];
};

/* From nothing, or after forgetting some. Chosen by rows that were kept out of the training rows (2026-11): with more
 * rounds neither more of them come right nor is the confidence nearer to the truth. A huge training hurries: each round
 * takes seconds, and the first ones do most. */
static struct linear_effort effort_for(const struct training *training, size_t loss, bool is_fold)
{
	static const unsigned SMALL[LOSSES] = { 24, 14 }, LARGE[LOSSES] = { 10, 4 };
	bool is_large = training->rows->count >= LARGE_ROWS;
	struct linear_effort effort = {
		.tolerance = TOLERANCE[loss],
		.idle_from = IDLE_FROM[loss],
		.idle_rounds = IDLE_ROUNDS,
		.run = is_large ? LARGE_RUN : 1,
	};
	effort.rounds = is_large ? LARGE[loss] : SMALL[loss];
	if (is_fold) {
		effort.rounds = is_large ? 3 : 5;
		effort.tolerance *= FOLD_SLACK;
	}
	if (training->is_hurried)
		effort.rounds = 5;
	return effort;
}

static void ask_questions(const struct training *training, const struct training_fold *fold,
			  const struct linear_model *model, float factor)
{
	float scores[LINEAR_WIDTH];
	size_t count = training->classifier->class_count - model->first_class;
	for (size_t q = 0; q < fold->question_count; q++) {
		const struct feature_row *row = &fold->questions[q].row;
		float *sums = fold->scores + q * training->classifier->width;
		linear_score(model, row->ids, row->values, row->count, row->dense, scores);
		for (size_t c = 0; c < LINEAR_WIDTH && c < count; c++)
			sums[training->intents[model->first_class + c]] += factor * scores[c];
	}
}

static void train_fold(const struct training *training, const struct training_fold *fold, struct bench *bench)
{
	for (size_t m = 0; m < LOSSES; m++) {
		struct linear_model *model = &bench->spare[m];
		linear_copy(model, &bench->models[m]);
		linear_forget(model, training->rows, fold->is_held);
		const struct linear_effort effort = effort_for(training, m, true);
		linear_train(model, training->rows, fold->is_held, &effort);
		ask_questions(training, fold, model, FACTOR[m]);
	}
}

static void prepare(struct bench *bench, const struct training *training, uint32_t first_class)
{
	for (size_t m = 0; m < LOSSES; m++) {
		if (!bench->is_ready) {
			linear_init(&bench->models[m], LOSS[m], COST[m], training->rows);
			linear_init(&bench->spare[m], LOSS[m], COST[m], training->rows);
		}
		linear_reset(&bench->models[m], first_class);
	}
	bench->is_ready = true;
}

static void train_group(void *context, size_t worker, size_t group)
{
	struct job *job = context;
	const struct training *training = job->training;
	struct bench *bench = &job->benches[worker];
	prepare(bench, training, (uint32_t)(group * LINEAR_WIDTH));
	for (size_t m = 0; m < LOSSES; m++) {
		const struct linear_effort effort = effort_for(training, m, false);
		if (LOSS[m] == LINEAR_LOGISTIC)
			linear_follow(&bench->models[m], &bench->models[0], training->rows, HEAD_START);
		linear_train(&bench->models[m], training->rows, NULL, &effort);
	}
	const struct blend blend = { bench->models, FACTOR, LOSSES, training->neighbours };
	classifier_take(training->classifier, &blend, training->intents);
	for (size_t f = 0; f < training->fold_count; f++)
		train_fold(training, &training->folds[f], bench);
	size_t done = atomic_fetch_add(&job->done, 1) + 1;
	if (training->progress && worker == 0)
		training->progress(training->progress_context, (double)done / (double)job->group_count);
}

void classifier_train(const struct training *training)
{
	struct job job = { .training = training };
	job.group_count = (training->classifier->class_count + LINEAR_WIDTH - 1) / LINEAR_WIDTH;
	atomic_init(&job.done, 0);
	parallel_each(job.group_count, parallel_workers(), train_group, &job);
	for (size_t n = 0; n < PARALLEL_WORKERS_MAX; n++)
		for (size_t m = 0; m < LOSSES; m++) {
			linear_clear(&job.benches[n].models[m]);
			linear_clear(&job.benches[n].spare[m]);
		}
}
