/* SPDX-License-Identifier: Apache-2.0 */
#include "match/match.h"

#include "base/mem.h"
#include "base/vec.h"
#include "match/internal.h"

#include <stdlib.h>
#include <string.h>

/* The more rows there are, the more of them must have a pair or piece for it to be kept: rare ones cost memory and
 * are worth nothing there (measured on the open sets at 6,000 to 15,000 rows). */
enum { ROWS_PER_LEAST_TEXT = 2500, LEAST_TEXTS_MAX = 6 };

/* Rows times classes: from HUGE_CELLS on (150 intents of 100 examples are 2 million) a training hurries, and learns its
 * confidence from a sample of about SAMPLE_CELLS. */
enum { HUGE_CELLS = 6 * 1000 * 1000, SAMPLE_CELLS = 2 * 1000 * 1000 };

static unsigned least_texts(size_t row_count)
{
	size_t least = 1 + row_count / ROWS_PER_LEAST_TEXT;
	return (unsigned)(least < LEAST_TEXTS_MAX ? least : LEAST_TEXTS_MAX);
}

struct match_options match_options_defaults(void)
{
	return (struct match_options){ .wrong_share = 0.05, .use_vectors = true };
}

struct ordered {
	struct str text;
	uint32_t intent, place;
};

static int compare_ordered(const void *left, const void *right)
{
	const struct ordered *a = left, *b = right;
	int order = str_compare(a->text, b->text);
	if (order)
		return order;
	if (a->intent != b->intent)
		return a->intent < b->intent ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

/* By text first: then the order does not depend on how the caller numbers the intents. */
static void order_rows(const struct training_set *set, struct training_rows *rows, struct ordered *ordered)
{
	for (uint32_t i = 0; i < set->example_count; i++)
		ordered[i] = (struct ordered){ set->examples[i].text, set->examples[i].intent, i };
	if (set->example_count)
		qsort(ordered, set->example_count, sizeof *ordered, compare_ordered);
	for (size_t i = 0; i < set->example_count; i++) {
		rows->intents[i] = ordered[i].intent;
		rows->places[i] = ordered[i].place;
	}
}

/* Intents without rows come last. */
static void number_classes(struct training_rows *rows, size_t row_count)
{
	uint32_t *classes = mem_zalloc(rows->intent_count + 1, sizeof *classes), next = 0; /* by intent, plus 1 */
	for (size_t r = 0; r < row_count; r++) {
		uint32_t intent = rows->intents[r];
		if (!classes[intent]) {
			rows->class_intents[next] = intent;
			classes[intent] = ++next;
		}
		rows->classes[r] = classes[intent] - 1;
	}
	for (uint32_t k = 0; k < rows->intent_count; k++)
		if (!classes[k])
			rows->class_intents[next++] = k;
	free(classes);
}

static void rows_init(struct training_rows *rows, const struct training_set *set)
{
	size_t count = set->example_count;
	*rows = (struct training_rows){ .intent_count = set->intent_count };
	rows->starts = mem_zalloc(count + 1, sizeof *rows->starts);
	rows->stem_counts = mem_zalloc(count + 1, sizeof *rows->stem_counts);
	rows->intents = mem_zalloc(count + 1, sizeof *rows->intents);
	rows->classes = mem_zalloc(count + 1, sizeof *rows->classes);
	rows->class_intents = mem_zalloc(set->intent_count + 1, sizeof *rows->class_intents);
	rows->places = mem_zalloc(count + 1, sizeof *rows->places);
	rows->dense = mem_zalloc(count * VECTOR_DIMENSIONS + 1, sizeof *rows->dense);
	rows->terms = mem_zalloc(count + 1, sizeof *rows->terms);
	rows->facts = mem_zalloc(count + 1, sizeof *rows->facts);
}

static void rows_clear(struct training_rows *rows)
{
	free(rows->starts);
	free(rows->stem_counts);
	free(rows->ids);
	free(rows->raw);
	free(rows->values);
	free(rows->dense);
	free(rows->intents);
	free(rows->classes);
	free(rows->class_intents);
	free(rows->places);
	free(rows->terms);
	free(rows->facts);
	neighbours_free(rows->neighbours);
	free(rows->spread_starts);
	free(rows->spread_ids);
	free(rows->spread_values);
}

static void read_terms(struct training_rows *rows, const struct training_set *set, struct arena *arena)
{
	struct stemmer *stemmer = stemmer_new(set->language);
	struct ordered *ordered = mem_alloc((set->example_count + 1) * sizeof *ordered);
	order_rows(set, rows, ordered);
	number_classes(rows, set->example_count);
	for (size_t i = 0; i < set->example_count; i++)
		rows->terms[i] = terms_read_in(arena, stemmer, set->thesaurus, ordered[i].text, set->language);
	free(ordered);
	stemmer_free(stemmer);
}

static size_t term_count(const struct training_rows *rows, size_t row)
{
	size_t count = rows->terms[row].count;
	return count < FEATURE_TERMS_MAX ? count : FEATURE_TERMS_MAX;
}

/* Turns the facts of each row into its point. */
static void fill_points(struct training_rows *rows, const struct features *features, size_t count)
{
	size_t total = 0;
	for (size_t i = 0; i < count; i++)
		total += feature_room(rows->facts[i], term_count(rows, i));
	rows->ids = mem_zalloc(total + 1, sizeof *rows->ids);
	rows->raw = mem_zalloc(total + 1, sizeof *rows->raw);
	rows->values = mem_zalloc(total + 1, sizeof *rows->values);
	uint32_t *marks = mem_zalloc(features->count + 1, sizeof *marks);
	for (size_t i = 0; i < count; i++) {
		size_t start = rows->starts[i];
		struct feature_row row = { .ids = rows->ids + start,
					   .raw = rows->raw + start,
					   .values = rows->values + start };
		feature_row_read(features, &row, rows->facts[i], term_count(rows, i), NULL, marks);
		feature_row_weigh(features, &row);
		feature_row_add_vectors(features, &row, rows->facts[i], term_count(rows, i));
		memcpy(rows->dense + i * VECTOR_DIMENSIONS, row.dense, sizeof row.dense);
		rows->stem_counts[i] = (uint32_t)row.ends[BLOCK_STEMS];
		rows->starts[i + 1] = start + row.count;
	}
	free(marks);
}

static void read_facts(const struct matcher *matcher, struct training_rows *rows, size_t count, struct arena *arena)
{
	for (size_t i = 0; i < count; i++) {
		rows->facts[i] = arena_alloc(arena, (rows->terms[i].count + 1) * sizeof *rows->facts[i]);
		for (size_t t = 0; t < term_count(rows, i); t++)
			vocabulary_fact_in(arena, &matcher->vocabulary, &matcher->features, &rows->terms[i].items[t],
					   &rows->facts[i][t]);
	}
}

/* Makes the points of what the words of the rows pass on to their neighbours, if they have any. */
static void spread_points(struct training_rows *rows, const struct matcher *matcher)
{
	const struct vocabulary *vocabulary = &matcher->vocabulary;
	const struct neighbour_words words = { vocabulary->facts, vocabulary->frequencies, vocabulary->count,
					       rows->points.count, rows->intent_count };
	rows->neighbours = neighbours_new(&matcher->features, &words);
	if (!rows->neighbours)
		return;
	size_t count = rows->points.count, room = rows->starts[count] * (1 + NEIGHBOURS_MAX) + 1;
	uint32_t *marks = mem_zalloc(matcher->features.count + 1, sizeof *marks);
	rows->spread_starts = mem_zalloc(count + 1, sizeof *rows->spread_starts);
	rows->spread_ids = mem_alloc(room * sizeof *rows->spread_ids);
	rows->spread_values = mem_alloc(room * sizeof *rows->spread_values);
	for (size_t i = 0; i < count; i++) {
		size_t from = rows->starts[i], to = rows->spread_starts[i];
		rows->spread_starts[i + 1] =
			to + neighbours_spread(rows->neighbours, rows->ids + from, rows->values + from,
					       rows->starts[i + 1] - from, NULL, marks, rows->spread_ids + to,
					       rows->spread_values + to);
	}
	free(marks);
	rows->points.starts = rows->spread_starts;
	rows->points.ids = rows->spread_ids;
	rows->points.values = rows->spread_values;
}

static void read_rows(struct matcher *matcher, struct training_rows *rows, const struct training_set *set,
		      bool has_vectors, struct arena *arena)
{
	size_t count = set->example_count;
	rows_init(rows, set);
	read_terms(rows, set, arena);
	if (has_vectors)
		slips_repair(rows->terms, count);
	struct feature_keys *keys = mem_zalloc(count + 1, sizeof *keys);
	for (size_t i = 0; i < count; i++)
		feature_keys_read(&keys[i], &rows->terms[i]);
	struct feature_texts texts = { keys, rows->intents, count, rows->intent_count };
	features_learn(&matcher->features, &texts, least_texts(count), has_vectors);
	for (size_t i = 0; i < count; i++)
		vec_clear(&keys[i]);
	free(keys);
	vocabulary_init(&matcher->vocabulary, &matcher->features, rows->terms, count);
	read_facts(matcher, rows, count, arena);
	fill_points(rows, &matcher->features, count);
	feature_rows_whiten(&matcher->features, rows->dense, rows->intents, count, rows->intent_count);
	rows->points = (struct linear_rows){
		.count = count,
		.feature_count = matcher->features.count,
		.starts = rows->starts,
		.ids = rows->ids,
		.values = rows->values,
		.dense = rows->dense,
		.classes = rows->classes,
	};
	spread_points(rows, matcher);
}

/* Cross-validates on every so-manieth example of each intent instead of on all, by a smaller matcher: for corpora
 * whose folds would take minutes. Takes over what it found; with fewer examples that is on the cautious side. */
static void learn_confidence_from_sample(struct matcher *matcher, const struct training_rows *rows,
					 const struct training_set *set, const struct match_options *options)
{
	size_t stride = 1 + rows->points.count * matcher->classifier.width / SAMPLE_CELLS, count = 0;
	struct training_example *examples = mem_alloc((rows->points.count + 1) * sizeof *examples);
	uint32_t *places = mem_alloc((rows->points.count + 1) * sizeof *places);
	uint32_t *turns = mem_zalloc(rows->intent_count + 1, sizeof *turns);
	for (size_t r = 0; r < rows->points.count; r++) {
		if (turns[rows->intents[r]]++ % stride)
			continue;
		places[count] = rows->places[r];
		examples[count++] = set->examples[rows->places[r]];
	}
	struct training_set sample = *set;
	sample.examples = examples;
	sample.example_count = count;
	struct matcher *smaller = matcher_new(&sample, options);
	matcher->confidence = smaller->confidence;
	matcher->outlook = smaller->outlook;
	matcher->records = smaller->records;
	matcher->strays = smaller->strays;
	matcher->stray_count = smaller->stray_count;
	smaller->records = NULL;
	smaller->strays = NULL;
	for (size_t i = 0; i < matcher->stray_count; i++)
		matcher->strays[i].example = places[matcher->strays[i].example];
	matcher_free(smaller);
	free(examples);
	free(places);
	free(turns);
}

struct matcher *matcher_new(const struct training_set *set, const struct match_options *options)
{
	struct matcher *matcher = mem_zalloc(1, sizeof *matcher);
	struct arena arena = { 0 };
	struct training_rows rows;
	matcher->language = set->language;
	matcher->thesaurus = set->thesaurus;
	matcher->only_rank = options->only_rank;
	read_rows(matcher, &rows, set, options->use_vectors && vectors_know(set->language), &arena);
	example_store_init(&matcher->examples, &matcher->features, &rows, rows.neighbours != NULL);
	wordings_init(&matcher->wordings, &rows);
	classifier_init(&matcher->classifier, set->intent_count, matcher->features.count);
	bool is_huge = rows.points.count * matcher->classifier.width > HUGE_CELLS;
	struct crossval *crossval = options->only_rank || is_huge ? NULL : crossval_new(matcher, &rows);
	struct training training = {
		.rows = &rows.points,
		.neighbours = rows.neighbours,
		.intents = rows.class_intents,
		.classifier = &matcher->classifier,
		.is_hurried = is_huge,
		.progress = options->progress,
		.progress_context = options->progress_context,
	};
	training.folds = crossval_folds(crossval, &training.fold_count);
	classifier_train(&training);
	if (matcher->features.has_vectors)
		classifier_set_spoken(&matcher->classifier, matcher->features.whitening);
	if (crossval)
		crossval_conclude(crossval, matcher, options->wrong_share);
	else if (!options->only_rank)
		learn_confidence_from_sample(matcher, &rows, set, options);
	crossval_free(crossval);
	example_store_settle(&matcher->examples);
	rows_clear(&rows);
	arena_clear(&arena);
	return matcher;
}

void matcher_free(struct matcher *matcher)
{
	if (!matcher)
		return;
	features_clear(&matcher->features);
	vocabulary_clear(&matcher->vocabulary);
	example_store_clear(&matcher->examples);
	wordings_clear(&matcher->wordings);
	classifier_clear(&matcher->classifier);
	free(matcher->records);
	free(matcher->strays);
	free(matcher);
}

double matcher_threshold(const struct matcher *matcher)
{
	return matcher->confidence.threshold;
}

double matcher_threshold_for(const struct matcher *matcher, double wrong_share)
{
	return confidence_threshold_for(&matcher->confidence, wrong_share);
}

size_t matcher_size_bytes(const struct matcher *matcher)
{
	return sizeof *matcher + features_size_bytes(&matcher->features) + vocabulary_size_bytes(&matcher->vocabulary) +
	       example_store_size_bytes(&matcher->examples) +
	       matcher->wordings.count * sizeof *matcher->wordings.items + classifier_size_bytes(&matcher->classifier) +
	       matcher->stray_count * sizeof *matcher->strays;
}

struct match_outlook matcher_outlook(const struct matcher *matcher)
{
	return matcher->outlook;
}

const struct match_stray *matcher_strays(const struct matcher *matcher, size_t *out_count)
{
	*out_count = matcher->stray_count;
	return matcher->strays;
}
