/* SPDX-License-Identifier: Apache-2.0 */
#include "server/writer.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/vec.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

/* While much is written, the next batch collects: a commit costs the processor 400 us, whatever it holds (bench/store:
 * 410 a turn by itself, 24 in batches), and on a quick disk there would be one for every few steps. It goes as soon as nothing has come for a moment.
 * A shop with less than BUSY_PER_S steps a second never waits. */
enum { BATCH_MAX = 5000, BUSY_BATCH = 4, BUSY_PER_S = 4000, COLLECT_US = 5000, MOMENT_US = 500, PROBE_MS = 1000 };

/* The search index is brought up to date when nobody has written for so long, or when so many events wait for it. */
enum { INDEX_IDLE_MS = 1000, INDEX_EVENTS = 12000 };

/* What an erasure leaves to be done in a large file comes in pieces of some ms. A piece that took T is followed by
 * RESTS T without one, so that a tenth of the time at most goes there, whether it is quiet or not: a file of
 * 500 MB is done in less than a minute. When a piece fails, or somebody reads or writes just where it has to, the next comes after
 * RETRY_SCRUB_MS. A clean end gives END_SCRUB_MS to it. */
enum { RESTS = 9, RETRY_SCRUB_MS = 250, END_SCRUB_MS = 200 };

struct writer {
	struct store *store;
	struct loop *loop;
	struct metrics *metrics;
	pthread_t thread;
	pthread_mutex_t mutex; /* guards the five below */
	pthread_cond_t wake;
	struct writing *first, **last;
	size_t queued;
	bool is_stopping;
	bool is_collecting; /* it looks by itself: who puts something in need not wake it */
	/* The thread's own. */
	struct {
		struct store_write *items;
		size_t count, capacity;
	} steps;
	struct {
		struct store_result *items;
		size_t count, capacity;
	} results;
	int64_t taken_us; /* steady: the last batch */
	bool is_busy;     /* the next one is to collect */
	bool is_failing;
	bool may_index;       /* since the last try something was saved */
	int64_t quiet_us;     /* steady: since then nobody has written */
	int64_t scrub_us;     /* steady: when the next piece may be done */
	int64_t scrub_sum_us; /* what the pieces took so far */
	bool is_scrub_failing;
};

static void hand_back(struct writer *writer, struct writing *writing)
{
	if (writing->back)
		writing->back(writing);
	else
		loop_post(writer->loop, &writing->task);
}

/* A batch of steps goes back in one piece, so that the loop is woken once for all of it. */
static void hand_back_steps(struct writer *writer, struct writing *first, const struct writing *end)
{
	struct task *last = &first->task;
	for (struct writing *at = first->next; at != end; at = at->next) {
		last->next = &at->task;
		last = &at->task;
	}
	loop_post_all(writer->loop, &first->task, last);
}

static void note_outcome(struct writer *writer, bool is_done, const struct error *err)
{
	if (!is_done && !writer->is_failing)
		log_line(LOG_ERROR, "messages cannot be saved: %s", err->message);
	if (is_done && writer->is_failing)
		log_line(LOG_INFO, "messages are saved again");
	writer->is_failing = !is_done;
}

/* After an erasure as well: it may owe one, or have done it at once. */
static void note_scrub(struct writer *writer, bool was_owed)
{
	bool is_owed = store_owes_scrub(writer->store);
	atomic_store(&writer->metrics->is_scrub_owed, is_owed);
	if (is_owed && !was_owed)
		log_line(LOG_INFO, "what was erased is now cleared from the data file, in pieces");
	if (is_owed || !was_owed)
		return;
	metrics_add(&writer->metrics->scrubs, 1);
	log_line(LOG_INFO, "what was erased is cleared from the data file: %.3f s in all",
		 (double)writer->scrub_sum_us / 1e6);
	writer->scrub_sum_us = 0;
}

/* Commits the steps from `first` on, as far as they follow each other; gives what comes behind them. */
static struct writing *commit_steps(struct writer *writer, struct writing *first)
{
	struct error err = { 0 };
	writer->steps.count = writer->results.count = 0;
	struct writing *end = first;
	for (; end && end->is_step; end = end->next) {
		vec_push(&writer->steps, end->step);
		vec_push(&writer->results, (struct store_result){ .outcome = STORE_FAILED });
	}
	bool was_owed = store_owes_scrub(writer->store);
	int64_t began_us = clock_steady_us();
	int status = store_commit(writer->store, writer->steps.items, writer->steps.count, writer->results.items, &err);
	metrics_commit(writer->metrics, clock_steady_us() - began_us, writer->steps.count, status == 0);
	note_outcome(writer, status == 0, &err);
	note_scrub(writer, was_owed); /* an erasure by `shopbell erase` is seen by the next commit */
	writer->may_index |= status == 0;
	size_t i = 0;
	for (struct writing *at = first; at != end; at = at->next, i++) {
		at->result = writer->results.items[i];
		if (status)
			at->result.outcome = STORE_FAILED;
		if (at->result.outcome == STORE_CONFLICT)
			metrics_add(&writer->metrics->conflicts, 1);
	}
	hand_back_steps(writer, first, end);
	return end;
}

static void deadline(struct timespec *out, int64_t us)
{
	clock_gettime(CLOCK_MONOTONIC, out);
	int64_t ns = (int64_t)out->tv_nsec + us * 1000;
	out->tv_sec += (time_t)(ns / 1000000000);
	out->tv_nsec = (long)(ns % 1000000000);
}

/* The disk refused the last batch and nobody writes: try by ourselves whether it is back. */
static void probe(struct writer *writer)
{
	struct error err = { 0 };
	int status = store_set_value(writer->store, "last_probe", STR_LIT("1"), &err);
	note_outcome(writer, status == 0, &err);
	atomic_store(&writer->metrics->is_saving, status == 0);
}

static bool has_to_index(const struct writer *writer)
{
	return writer->may_index && store_unindexed(writer->store);
}

/* A failure is told when it hinders a message. */
static void index_messages(struct writer *writer)
{
	struct error err = { 0 };
	writer->may_index = false;
	if (store_index(writer->store, &err))
		log_line(LOG_DEBUG, "the search index is not up to date: %s", err.message);
}

/* When the next piece of a scrub may be done, if there is one. A disk that refuses is left alone. */
static int64_t next_scrub_us(const struct writer *writer)
{
	return store_owes_scrub(writer->store) && !writer->is_failing ? writer->scrub_us : INT64_MAX;
}

static int scrub_some(struct writer *writer)
{
	struct error err = { 0 };
	int64_t began_us = clock_steady_us();
	int result = store_scrub_some(writer->store, &err);
	int64_t ended_us = clock_steady_us(), took_us = ended_us - began_us;
	if (result < 0 && !writer->is_scrub_failing)
		log_line(LOG_WARNING, "what was erased cannot be cleared from the data file yet: %s", err.message);
	writer->is_scrub_failing = result < 0;
	metrics_add(&writer->metrics->scrub_us, (unsigned long)took_us);
	writer->scrub_sum_us += took_us;
	writer->scrub_us = ended_us + RESTS * took_us;
	if (result && took_us * RESTS < RETRY_SCRUB_MS * 1000)
		writer->scrub_us = ended_us + RETRY_SCRUB_MS * 1000;
	note_scrub(writer, true);
	return result;
}

/* What is left goes on at the next start. */
static void scrub_before_end(struct writer *writer)
{
	int64_t until_us = clock_steady_us() + END_SCRUB_MS * 1000;
	while (next_scrub_us(writer) != INT64_MAX && clock_steady_us() < until_us)
		if (scrub_some(writer))
			return;
}

/* By itself, between the batches. */
static void act(struct writer *writer, struct writing *writing)
{
	bool was_owed = store_owes_scrub(writer->store);
	writing->status = writing->act(writing, writer->store, &writing->error);
	note_scrub(writer, was_owed);
	hand_back(writer, writing);
}

static void write_all(struct writer *writer, struct writing *first)
{
	for (struct writing *at = first; at;) {
		if (at->is_step) {
			at = commit_steps(writer, at);
			continue;
		}
		struct writing *next = at->next;
		act(writer, at);
		at = next;
	}
	writer->quiet_us = clock_steady_us();
}

/* When something that can wait has its time, or never. */
static int64_t next_quiet_us(const struct writer *writer)
{
	int64_t next_us = next_scrub_us(writer);
	if (writer->is_failing)
		return writer->quiet_us + PROBE_MS * 1000;
	if (has_to_index(writer) && writer->quiet_us + INDEX_IDLE_MS * 1000 < next_us)
		return writer->quiet_us + INDEX_IDLE_MS * 1000;
	return next_us;
}

/* Nobody writes. */
static void use_quiet(struct writer *writer)
{
	int64_t now_us = clock_steady_us();
	if (writer->is_failing && now_us >= writer->quiet_us + PROBE_MS * 1000)
		probe(writer);
	else if (!writer->is_failing && has_to_index(writer) && now_us >= writer->quiet_us + INDEX_IDLE_MS * 1000)
		index_messages(writer);
	else
		return;
	writer->quiet_us = clock_steady_us();
}

/* With the mutex: waits for work, to end, or until something that can wait has its time. */
static void wait_for_work(struct writer *writer)
{
	struct timespec until;
	int64_t next_us = next_quiet_us(writer), now_us = clock_steady_us();
	if (next_us != INT64_MAX)
		deadline(&until, next_us > now_us ? next_us - now_us : 0);
	while (!writer->first && !writer->is_stopping) {
		if (next_us == INT64_MAX)
			pthread_cond_wait(&writer->wake, &writer->mutex);
		else if (pthread_cond_timedwait(&writer->wake, &writer->mutex, &until))
			return;
	}
}

/* With the mutex: lets more come. */
static void collect(struct writer *writer)
{
	size_t had = 0;
	writer->is_collecting = true;
	for (int us = 0; us < COLLECT_US && had < writer->queued && writer->queued < BATCH_MAX; us += MOMENT_US) {
		struct timespec until;
		had = writer->queued;
		deadline(&until, MOMENT_US);
		while (!writer->is_stopping && writer->queued < BATCH_MAX &&
		       !pthread_cond_timedwait(&writer->wake, &writer->mutex, &until))
			;
	}
	writer->is_collecting = false;
}

/* Whether so many steps since the last batch was taken are many for the time. */
static bool is_much(struct writer *writer, size_t count)
{
	int64_t now_us = clock_steady_us(), took_us = now_us - writer->taken_us;
	writer->taken_us = now_us;
	return count >= BUSY_BATCH && (int64_t)count * 1000000 >= took_us * BUSY_PER_S;
}

/* Waits for work. Everything queued is taken, at most BATCH_MAX; NULL when it is time to end, or for what can wait. */
static struct writing *take_all(struct writer *writer, bool *out_end)
{
	pthread_mutex_lock(&writer->mutex);
	wait_for_work(writer);
	if (writer->first && writer->is_busy)
		collect(writer);
	struct writing *first = writer->first, *end = first;
	size_t count = 0;
	for (; end && count < BATCH_MAX - 1 && end->next; count++)
		end = end->next;
	writer->first = end ? end->next : NULL;
	if (end)
		end->next = NULL;
	if (!writer->first)
		writer->last = &writer->first;
	count += first != NULL;
	writer->queued -= count;
	writer->is_busy = is_much(writer, count);
	*out_end = !first && writer->is_stopping;
	pthread_mutex_unlock(&writer->mutex);
	return first;
}

static void *run(void *context)
{
	struct writer *writer = context;
	for (bool is_end = false; !is_end;) {
		struct writing *first = take_all(writer, &is_end);
		writer->steps.count = 0;
		if (first)
			write_all(writer, first);
		else if (!is_end)
			use_quiet(writer);
		if (!is_end && clock_steady_us() >= next_scrub_us(writer))
			scrub_some(writer);
		if (has_to_index(writer) && (is_end || store_unindexed(writer->store) >= INDEX_EVENTS))
			index_messages(writer);
	}
	scrub_before_end(writer);
	store_empty_journal(writer->store);
	return NULL;
}

struct writer *writer_start(struct store *store, struct loop *loop, struct metrics *metrics)
{
	struct writer *writer = mem_zalloc(1, sizeof *writer);
	writer->store = store;
	writer->loop = loop;
	writer->metrics = metrics;
	writer->last = &writer->first;
	writer->may_index = true;
	writer->quiet_us = clock_steady_us();
	atomic_store(&metrics->is_saving, true);
	note_scrub(writer, false); /* what was owed when the program was ended */
	pthread_condattr_t steady;
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->wake, &steady);
	pthread_condattr_destroy(&steady);
	pthread_mutex_init(&writer->mutex, NULL);
	pthread_create(&writer->thread, NULL, run, writer);
	return writer;
}

void writer_stop(struct writer *writer)
{
	if (!writer)
		return;
	pthread_mutex_lock(&writer->mutex);
	writer->is_stopping = true;
	pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->mutex);
	pthread_join(writer->thread, NULL);
	store_close(writer->store);
}

void writer_free(struct writer *writer)
{
	if (!writer)
		return;
	pthread_cond_destroy(&writer->wake);
	pthread_mutex_destroy(&writer->mutex);
	vec_clear(&writer->steps);
	vec_clear(&writer->results);
	free(writer);
}

void writer_put_all(struct writer *writer, struct writing *first, struct writing *last)
{
	size_t count = 1;
	last->next = NULL;
	for (struct writing *at = first; at != last; at = at->next)
		count++;
	pthread_mutex_lock(&writer->mutex);
	*writer->last = first;
	writer->last = &last->next;
	writer->queued += count;
	if (!writer->is_collecting || writer->queued >= BATCH_MAX)
		pthread_cond_signal(&writer->wake);
	pthread_mutex_unlock(&writer->mutex);
}

void writer_put(struct writer *writer, struct writing *writing)
{
	writer_put_all(writer, writing, writing);
}

struct asked {
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool is_back;
};

static void asked_back(struct writing *writing)
{
	struct asked *asked = writing->asked;
	pthread_mutex_lock(&asked->mutex);
	asked->is_back = true;
	pthread_cond_signal(&asked->wake);
	pthread_mutex_unlock(&asked->mutex);
}

int writer_ask(struct writer *writer, struct writing *writing, struct error *err)
{
	struct asked asked = { .mutex = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };
	writing->is_step = false;
	writing->back = asked_back;
	/* cppcheck-suppress autoVariables ; it is back before this function is */
	writing->asked = &asked;
	writer_put(writer, writing);
	pthread_mutex_lock(&asked.mutex);
	while (!asked.is_back)
		pthread_cond_wait(&asked.wake, &asked.mutex);
	pthread_mutex_unlock(&asked.mutex);
	pthread_cond_destroy(&asked.wake);
	pthread_mutex_destroy(&asked.mutex);
	if (writing->status && err)
		*err = writing->error;
	return writing->status;
}

int writing_erase(struct writing *writing, struct store *store, struct error *err)
{
	return store_erase(store, writing->number, err);
}
