/* SPDX-License-Identifier: Apache-2.0 */
/* What can be had without a classifier, on the same rows: the nearest examples by SQLite's full-text search (FTS5,
 * porter stems, bm25) and by the cosine of stemmed words weighed with TF-IDF. Use:
 *
 *     nearest TRAIN.tsv TEST.tsv [OOS.tsv]
 *
 * One JSON line a method. `single`: the intent of the nearest example; `ten`: the intent with the largest sum over the
 * ten nearest. Ties go to the example that stands first. `auroc`: how well that score tells TEST from OOS. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "text/terms.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NEAREST = 10 };

struct row {
	struct str text;
	uint32_t intent;
};

struct rows {
	struct row *items;
	size_t count, capacity;
};

struct hit {
	uint32_t intent;
	double score;
};

struct weight {
	uint32_t example;
	double value;
};

/* The examples that hold one stem. */
struct posting {
	struct weight *items;
	size_t count, capacity;
};

struct nearest {
	struct arena arena, scratch;
	struct map intents, stems;
	struct rows train, test, oos;
	struct stemmer *stemmer;
	/* TF-IDF */
	struct posting *postings;
	double *idf, *sums;
	/* FTS5 */
	sqlite3 *db;
	sqlite3_stmt *find;
};

/* The best examples for a text, best first; gives their number. */
typedef size_t finder(struct nearest *nearest, struct str text, struct hit hits[NEAREST]);

static void fail(const char *what)
{
	fprintf(stderr, "nearest: %s\n", what);
	exit(1);
}

static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static struct rows read_rows(struct nearest *nearest, const char *path)
{
	struct rows rows = { 0 };
	struct buf content = { 0 };
	char piece[1 << 16];
	size_t len;
	struct str text, line, label;
	FILE *file = fopen(path, "r");
	if (!file)
		fail(path);
	while ((len = fread(piece, 1, sizeof piece, file)) > 0)
		buf_add(&content, piece, len);
	fclose(file);
	struct str rest = { arena_strdup(&nearest->arena, buf_str(&content)), content.len };
	buf_clear(&content);
	while (str_line(&rest, &line)) {
		if (!str_split(&line, '\t', &text) || !text.len)
			continue;
		label = line.ptr ? line : (struct str){ "", 0 };
		uint32_t fresh = (uint32_t)nearest->intents.count;
		vec_push(&rows, ((struct row){ text, map_intern(&nearest->intents, label, fresh) }));
	}
	return rows;
}

/* Keeps the ten best; among equals the one that came first. */
static size_t keep(struct hit hits[NEAREST], size_t count, struct hit hit)
{
	if (count == NEAREST && hits[NEAREST - 1].score >= hit.score)
		return count;
	size_t at = count < NEAREST ? count++ : NEAREST - 1;
	for (; at > 0 && hits[at - 1].score < hit.score; at--)
		hits[at] = hits[at - 1];
	hits[at] = hit;
	return count;
}

/* ---- TF-IDF ---- */

/* (1 + ln tf) idf, idf = ln((1 + N) / (1 + df)) + 1; unit length. */
static double term_value(size_t times, double idf)
{
	return (1 + log((double)times)) * idf;
}

/* The distinct stems of a text with their counts; unknown ones only when `is_learning`. */
static size_t stems_of(struct nearest *nearest, struct str text, bool is_learning, uint32_t ids[], size_t times[],
		       size_t most)
{
	size_t count = 0;
	struct terms terms = terms_read_in(&nearest->scratch, nearest->stemmer, NULL, text, "en");
	for (size_t i = 0; i < terms.count; i++) {
		uint32_t id = map_get(&nearest->stems, terms.items[i].stem);
		size_t at = 0;
		if (id == MAP_NONE && is_learning) {
			id = (uint32_t)nearest->stems.count;
			map_put(&nearest->stems, str_of(arena_strdup(&nearest->arena, terms.items[i].stem)), id);
		}
		while (at < count && ids[at] != id)
			at++;
		if (id == MAP_NONE || at == most)
			continue;
		times[at] = at == count ? 1 : times[at] + 1;
		ids[at] = id;
		count += at == count;
	}
	arena_reset(&nearest->scratch);
	return count;
}

enum { STEMS_MAX = 256 };

static void learn_tfidf(struct nearest *nearest)
{
	uint32_t ids[STEMS_MAX];
	size_t times[STEMS_MAX], count, n = nearest->train.count;
	for (size_t i = 0; i < n; i++)
		stems_of(nearest, nearest->train.items[i].text, true, ids, times, STEMS_MAX);
	nearest->postings = mem_zalloc(nearest->stems.count, sizeof *nearest->postings);
	nearest->idf = mem_zalloc(nearest->stems.count, sizeof *nearest->idf);
	nearest->sums = mem_zalloc(n, sizeof *nearest->sums);
	for (size_t i = 0; i < n; i++) {
		count = stems_of(nearest, nearest->train.items[i].text, false, ids, times, STEMS_MAX);
		for (size_t k = 0; k < count; k++)
			vec_push(&nearest->postings[ids[k]], ((struct weight){ (uint32_t)i, (double)times[k] }));
	}
	for (size_t s = 0; s < nearest->stems.count; s++) {
		struct posting *posting = &nearest->postings[s];
		nearest->idf[s] = log((1 + (double)n) / (1 + (double)posting->count)) + 1;
		for (size_t k = 0; k < posting->count; k++) {
			struct weight *weight = &posting->items[k];
			weight->value = term_value((size_t)weight->value, nearest->idf[s]);
			nearest->sums[weight->example] += weight->value * weight->value;
		}
	}
	for (size_t s = 0; s < nearest->stems.count; s++)
		for (size_t k = 0; k < nearest->postings[s].count; k++)
			nearest->postings[s].items[k].value /=
				sqrt(nearest->sums[nearest->postings[s].items[k].example]);
	memset(nearest->sums, 0, n * sizeof *nearest->sums);
}

static size_t find_tfidf(struct nearest *nearest, struct str text, struct hit hits[NEAREST])
{
	uint32_t ids[STEMS_MAX];
	size_t times[STEMS_MAX], found = 0;
	double length = 0;
	size_t count = stems_of(nearest, text, false, ids, times, STEMS_MAX);
	for (size_t i = 0; i < count; i++) {
		double value = term_value(times[i], nearest->idf[ids[i]]);
		const struct posting *posting = &nearest->postings[ids[i]];
		length += value * value;
		for (size_t k = 0; k < posting->count; k++)
			nearest->sums[posting->items[k].example] += value * posting->items[k].value;
	}
	for (size_t i = 0; i < nearest->train.count; i++) {
		double score = nearest->sums[i] / sqrt(length);
		if (nearest->sums[i] > 0)
			found = keep(hits, found, (struct hit){ nearest->train.items[i].intent, score });
		nearest->sums[i] = 0;
	}
	return found;
}

/* ---- FTS5 ---- */

static void learn_fts(struct nearest *nearest)
{
	sqlite3_stmt *add;
	if (sqlite3_open(":memory:", &nearest->db) ||
	    sqlite3_exec(nearest->db, "CREATE VIRTUAL TABLE e USING fts5(text, intent UNINDEXED, tokenize='porter')",
			 NULL, NULL, NULL) ||
	    sqlite3_exec(nearest->db, "BEGIN", NULL, NULL, NULL) ||
	    sqlite3_prepare_v2(nearest->db, "INSERT INTO e VALUES (?, ?)", -1, &add, NULL))
		fail(sqlite3_errmsg(nearest->db));
	for (size_t i = 0; i < nearest->train.count; i++) {
		const struct row *row = &nearest->train.items[i];
		sqlite3_bind_text(add, 1, row->text.ptr, (int)row->text.len, SQLITE_STATIC);
		sqlite3_bind_int64(add, 2, row->intent);
		if (sqlite3_step(add) != SQLITE_DONE)
			fail(sqlite3_errmsg(nearest->db));
		sqlite3_reset(add);
	}
	sqlite3_finalize(add);
	if (sqlite3_exec(nearest->db, "COMMIT", NULL, NULL, NULL) ||
	    sqlite3_prepare_v2(nearest->db, "SELECT intent, -rank FROM e WHERE e MATCH ? ORDER BY rank LIMIT ?", -1,
			       &nearest->find, NULL))
		fail(sqlite3_errmsg(nearest->db));
}

/* Any of the words: "where" OR "is" OR "it". */
static size_t find_fts(struct nearest *nearest, struct str text, struct hit hits[NEAREST])
{
	struct buf query = { 0 };
	size_t found = 0;
	for (size_t i = 0, from = 0; i <= text.len; i++) {
		unsigned char c = i < text.len ? (unsigned char)text.ptr[i] : ' ';
		bool is_letter = c >= 0x80 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
		if (is_letter)
			continue;
		if (i > from)
			buf_printf(&query, "%s\"%.*s\"", query.len ? " OR " : "",
				   STR_ARG(str_part(text, from, i - from)));
		from = i + 1;
	}
	if (query.len) {
		sqlite3_bind_text(nearest->find, 1, query.data, (int)query.len, SQLITE_STATIC);
		sqlite3_bind_int(nearest->find, 2, NEAREST);
		while (sqlite3_step(nearest->find) == SQLITE_ROW)
			hits[found++] = (struct hit){ (uint32_t)sqlite3_column_int64(nearest->find, 0),
						      sqlite3_column_double(nearest->find, 1) };
		sqlite3_reset(nearest->find);
	}
	buf_clear(&query);
	return found;
}

/* ---- Measuring ---- */

static struct hit single_of(const struct hit hits[NEAREST], size_t count)
{
	return count ? hits[0] : (struct hit){ MAP_NONE, 0 };
}

static struct hit ten_of(const struct hit hits[NEAREST], size_t count)
{
	struct hit best = { MAP_NONE, 0 };
	for (size_t i = 0; i < count; i++) {
		double sum = 0;
		for (size_t k = 0; k < count; k++)
			sum += hits[k].intent == hits[i].intent ? hits[k].score : 0;
		if (sum > best.score)
			best = (struct hit){ hits[i].intent, sum };
	}
	return best;
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

/* Share of pairs (one of either list) in which the first one's score is larger, ties counted half. */
static double auroc_of(double *in, size_t in_count, double *out, size_t out_count)
{
	double sum = 0;
	qsort(out, out_count, sizeof *out, by_value);
	for (size_t i = 0; i < in_count; i++) {
		size_t below = 0, same = 0;
		while (below < out_count && out[below] < in[i])
			below++;
		while (below + same < out_count && out[below + same] == in[i])
			same++;
		sum += (double)below + (double)same / 2;
	}
	return sum / (double)in_count / (double)out_count;
}

static void measure(struct nearest *nearest, const char *name, finder *find,
		    struct hit (*choose)(const struct hit *, size_t))
{
	struct hit hits[NEAREST];
	size_t right = 0, tests = nearest->test.count, strangers = nearest->oos.count;
	double *in = mem_zalloc(tests + 1, sizeof *in), *out = mem_zalloc(strangers + 1, sizeof *out);
	double *times = mem_zalloc(tests + 1, sizeof *times);
	for (size_t i = 0; i < tests; i++) {
		double began = now_us();
		struct hit best = choose(hits, find(nearest, nearest->test.items[i].text, hits));
		times[i] = now_us() - began;
		right += best.intent == nearest->test.items[i].intent;
		in[i] = best.score;
	}
	for (size_t i = 0; i < strangers; i++)
		out[i] = choose(hits, find(nearest, nearest->oos.items[i].text, hits)).score;
	qsort(times, tests, sizeof *times, by_value);
	printf("{\"method\":\"%s\",\"tested\":%zu,\"accuracy\":%.5f,", name, tests, (double)right / (double)tests);
	if (strangers)
		printf("\"auroc\":%.5f,", auroc_of(in, tests, out, strangers));
	printf("\"query_us_p50\":%.2f}\n", times[tests / 2]);
	free(in);
	free(out);
	free(times);
}

int main(int argc, char **argv)
{
	static struct nearest nearest;
	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: nearest TRAIN.tsv TEST.tsv [OOS.tsv]\n");
		return 2;
	}
	nearest.train = read_rows(&nearest, argv[1]);
	nearest.test = read_rows(&nearest, argv[2]);
	if (argc > 3)
		nearest.oos = read_rows(&nearest, argv[3]);
	if (!nearest.train.count || !nearest.test.count)
		fail("no rows");
	nearest.stemmer = stemmer_new("en");
	learn_tfidf(&nearest);
	learn_fts(&nearest);
	measure(&nearest, "TF-IDF, nearest example", find_tfidf, single_of);
	measure(&nearest, "TF-IDF, ten nearest", find_tfidf, ten_of);
	measure(&nearest, "SQLite FTS5, nearest example", find_fts, single_of);
	measure(&nearest, "SQLite FTS5, ten nearest", find_fts, ten_of);
	sqlite3_finalize(nearest.find);
	sqlite3_close(nearest.db);
	stemmer_free(nearest.stemmer);
	for (size_t s = 0; s < nearest.stems.count; s++)
		vec_clear(&nearest.postings[s]);
	free(nearest.postings);
	free(nearest.idf);
	free(nearest.sums);
	vec_clear(&nearest.train);
	vec_clear(&nearest.test);
	vec_clear(&nearest.oos);
	map_clear(&nearest.intents);
	map_clear(&nearest.stems);
	arena_clear(&nearest.scratch);
	arena_clear(&nearest.arena);
	return 0;
}
