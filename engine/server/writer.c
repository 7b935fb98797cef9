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
	bool may_index; /* since the last try something was saved */
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
	int64_t began_us = clock_steady_us();
	int status = store_commit(writer->store, writer->steps.items, writer->steps.count, writer->results.items, &err);
	metrics_commit(writer->metrics, clock_steady_us() - began_us, writer->steps.count, status == 0);
	note_outcome(writer, status == 0, &err);
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

static void write_all(struct writer *writer, struct writing *first)
{
	for (struct writing *at = first; at;) {
		if (at->is_step) {
			at = commit_steps(writer, at);
			continue;
		}
		struct writing *next = at->next;
		at->status = at->act(at, writer->store, &at->error);
		hand_back(writer, at);
		at = next;
	}
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

/* Nobody writes. */
static void use_quiet(struct writer *writer)
{
	if (writer->is_failing)
		probe(writer);
	else if (has_to_index(writer))
		index_messages(writer);
}

/* With the mutex: waits for work, to end, or until something that can wait has its time. */
static void wait_for_work(struct writer *writer)
{
	struct timespec until;
	bool is_patient = !writer->is_failing && !has_to_index(writer);
	deadline(&until, 1000 * (writer->is_failing ? PROBE_MS : INDEX_IDLE_MS));
	while (!writer->first && !writer->is_stopping) {
		if (is_patient)
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
		if (has_to_index(writer) && (is_end || store_unindexed(writer->store) >= INDEX_EVENTS))
			index_messages(writer);
	}
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
	atomic_store(&metrics->is_saving, true);
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
