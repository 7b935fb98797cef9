/* SPDX-License-Identifier: Apache-2.0 */
/* What durable writes cost: turns of a conversation (visitor's message, decision, the bot's answer) are offered at a
 * fixed rate to one writer, as in the server, and counted when they are on the disk.
 *
 *   bench/store [SECONDS] [FILE]     SECONDS for each row (3), FILE is made and removed (build/bench/store.db)
 *
 * One JSON line a row. `single`: every turn a transaction of its own; `group`: everything that waits goes into one; last
 * the two without a rate ("offered":0), where ALWAYS turns wait at any time, which shows the most that each can do (a delay
 * is then that of a transaction). `group+wait`: as group, but after a batch of more than 50 the next one collects for 5 ms. Delays count from the time
 * at which a turn was to be offered, so that a writer that falls behind cannot hide it. `cpu_us` is the CPU time of
 * the process a turn, offering included. The disk is shared: compare rows of one run, not of two. */
#include "base/mem.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 3, BATCH_MAX = 5000, CONVERSATIONS = 500, WAIT_US = 5000, BUSY_BATCH = 50, ALWAYS = 500 };
/* Room for the turns of a second without a rate. */
enum { TURNS_A_SECOND_MAX = 500000 };
enum mode { MODE_SINGLE, MODE_GROUP, MODE_GROUP_WAIT };
static const char *const mode_names[] = { "single", "group", "group+wait" };

/* Enough of a decision's details to weigh what a real one does. */
static const char details[] =
	"1\nanswer\nsure\ntrack-order\n\n\n0.912345\n0.613\n3\ntrack-order\n0.912345\ndelivery-time\n"
	"0.04\nreturn-item\n0.01\n2\nparcel\n0.6\nwhere\n0.2\n0\n0.05\nfalse\n0\n0.05\n\nen\n"
	"00c0ffee00c0ffee\n180\n";
static const char *const questions[] = {
	"where is my parcel, it should have come yesterday",
	"how do I return a jumper that is too small",
	"can I pay with paypal",
	"do you ship to ireland and what does it cost",
	"my voucher does not work in the basket",
	"which size is right when I am 1.80 m",
};

struct run {
	enum mode mode;
	double rate; /* 0: ALWAYS turns wait */
	long count;  /* turns offered in all */
	atomic_long offered;
	int64_t start_ns;
	int64_t taken_ns; /* the batch that is being written */
	struct conversation_row rows[CONVERSATIONS];
	float *delays_ms;
};

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void wait_ns(int64_t ns)
{
	struct timespec t = { ns / 1000000000, ns % 1000000000 };
	if (ns > 0)
		nanosleep(&t, NULL);
}

static int64_t due_ns(const struct run *run, long turn)
{
	if (run->rate <= 0)
		return run->taken_ns;
	return run->start_ns + (int64_t)((double)turn * 1e9 / run->rate);
}

static void *offer(void *argument)
{
	struct run *run = argument;
	for (long turn = 0; turn < run->count;) {
		long due = (long)((double)(now_ns(CLOCK_MONOTONIC) - run->start_ns) * run->rate / 1e9) + 1;
		turn = due < run->count ? due : run->count;
		atomic_store(&run->offered, turn);
		wait_ns(due_ns(run, turn) - now_ns(CLOCK_MONOTONIC));
	}
	return NULL;
}

static struct event event_at(struct run *run, long turn, enum event_kind kind, enum author from, const char *text)
{
	struct event event = event_blank();
	event.kind = kind;
	event.from = from;
	event.text = text;
	event.owner = OWNER_BOT;
	event.episode = 1;
	event.at_ms = due_ns(run, turn) / 1000000;
	return event;
}

/* The next turn of one of the conversations, which are taken in turns. */
static struct store_write make_turn(struct run *run, long turn, struct event events[EVENTS], char client_id[24])
{
	struct conversation_row *row = &run->rows[turn % CONVERSATIONS];
	snprintf(client_id, 24, "m-%ld", turn);
	events[0] = event_at(run, turn, EVENT_MESSAGE, AUTHOR_VISITOR, questions[turn % 6]);
	events[0].client_id = client_id;
	events[0].language = "en";
	events[1] = event_at(run, turn, EVENT_DECISION, AUTHOR_BOT, "");
	events[1].details = details;
	events[2] = event_at(run, turn, EVENT_MESSAGE, AUTHOR_BOT,
			     "You can follow your parcel with the link in our e-mail.");
	events[2].html = "<p>You can follow your parcel with the <a href=\"https://shop.example/track\">link</a> in "
			 "our e-mail.</p>";
	events[2].intent = "track-order";
	struct store_write write = { .expected_seq = row->seq, .events = events, .event_count = EVENTS };
	for (size_t i = 0; i < EVENTS; i++)
		events[i].seq = ++row->seq;
	row->updated_ms = row->last_at_ms = events[0].at_ms;
	row->last_text = events[2].text;
	write.row = *row;
	return write;
}

static void fail(const struct error *err)
{
	fprintf(stderr, "bench/store: %s\n", err->message);
	exit(1);
}

static void commit(struct store *store, const struct store_write *writes, size_t count, struct store_result *results)
{
	struct error err;
	if (store_commit(store, writes, count, results, &err) != 0)
		fail(&err);
	for (size_t i = 0; i < count; i++) {
		if (results[i].outcome != STORE_DONE) {
			fprintf(stderr, "bench/store: a write came to %d\n", results[i].outcome);
			exit(1);
		}
	}
}

static void start_conversations(struct run *run, struct store *store)
{
	static struct store_write writes[CONVERSATIONS];
	static struct store_result results[CONVERSATIONS];
	for (int i = 0; i < CONVERSATIONS; i++) {
		run->rows[i] = (struct conversation_row){
			.owner = OWNER_BOT,
			.agent_name = "",
			.episode = 1,
			.language = "en",
			.intent = "",
			.last_text = "",
			.last_from = AUTHOR_BOT,
			.visitor_name = "",
			.visitor_email = "",
			.subject = "",
			.handover_right = -1,
			.profile = "{\"page\":{\"url\":\"https://shop.example/cart\",\"title\":\"Your basket\"}}",
		};
		writes[i] = (struct store_write){ .row = run->rows[i] };
		memcpy(writes[i].token_hash, &i, sizeof i);
	}
	commit(store, writes, CONVERSATIONS, results);
	for (int i = 0; i < CONVERSATIONS; i++)
		run->rows[i].id = results[i].conversation;
}

/* Takes what is offered until all is on the disk; gives the number of transactions. */
static long write_all(struct run *run, struct store *store, long *out_done, int64_t deadline_ns)
{
	struct event(*events)[EVENTS] = mem_zalloc(BATCH_MAX, sizeof *events);
	char(*client_ids)[24] = mem_zalloc(BATCH_MAX, sizeof *client_ids);
	struct store_write *writes = mem_zalloc(BATCH_MAX, sizeof *writes);
	struct store_result *results = mem_zalloc(BATCH_MAX, sizeof *results);
	long done = 0, transactions = 0, last_batch = 0;
	while (done < run->count && now_ns(CLOCK_MONOTONIC) < deadline_ns) {
		long ready = run->rate > 0 ? atomic_load(&run->offered) : done + ALWAYS;
		ready = ready < run->count ? ready : run->count;
		if (ready == done) {
			wait_ns(20000);
			continue;
		}
		if (run->mode == MODE_GROUP_WAIT && last_batch > BUSY_BATCH) {
			wait_ns(due_ns(run, done) + WAIT_US * 1000 - now_ns(CLOCK_MONOTONIC));
			ready = atomic_load(&run->offered);
		}
		run->taken_ns = now_ns(CLOCK_MONOTONIC);
		long take = run->mode == MODE_SINGLE ? 1 : ready - done;
		take = take < BATCH_MAX ? take : BATCH_MAX;
		for (long i = 0; i < take; i++)
			writes[i] = make_turn(run, done + i, events[i], client_ids[i]);
		commit(store, writes, (size_t)take, results);
		int64_t now = now_ns(CLOCK_MONOTONIC);
		for (long i = 0; i < take; i++)
			run->delays_ms[done + i] = (float)(now - due_ns(run, done + i)) / 1e6F;
		done += last_batch = take;
		transactions++;
	}
	free(events);
	free(client_ids);
	free(writes);
	free(results);
	*out_done = done;
	return transactions;
}

static int compare_delays(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

static void remove_file(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[1000];
	for (size_t i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
}

static void measure(const char *path, enum mode mode, double rate, double seconds)
{
	struct run *run = mem_zalloc(1, sizeof *run);
	struct store *store;
	struct error err;
	pthread_t thread;
	remove_file(path);
	if (store_open(path, STORE_WRITE, &store, &err) != 0)
		fail(&err);
	start_conversations(run, store);
	run->mode = mode;
	run->rate = rate;
	run->count = (long)((rate > 0 ? rate : TURNS_A_SECOND_MAX) * seconds);
	run->delays_ms = mem_zalloc((size_t)run->count, sizeof *run->delays_ms);
	int64_t cpu_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	run->start_ns = now_ns(CLOCK_MONOTONIC);
	if (rate > 0)
		pthread_create(&thread, NULL, offer, run);
	int64_t grace_ns = rate > 0 ? 1000000000 : 0; /* for what is behind */
	long done, transactions = write_all(run, store, &done, run->start_ns + (int64_t)(seconds * 1e9) + grace_ns);
	double elapsed = (double)(now_ns(CLOCK_MONOTONIC) - run->start_ns) / 1e9;
	cpu_ns = now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_ns;
	if (rate > 0)
		pthread_join(thread, NULL);
	store_close(store);
	qsort(run->delays_ms, (size_t)done, sizeof *run->delays_ms, compare_delays);
	printf("{\"bench\":\"store\",\"mode\":\"%s\",\"offered\":%.0f,\"turns_s\":%.0f,\"transactions_s\":%.0f,\"p50_"
	       "ms\":%.2f,"
	       "\"p99_ms\":%.2f,\"cpu_us\":%.1f,\"left\":%ld}\n",
	       mode_names[mode], rate, (double)done / elapsed, (double)transactions / elapsed,
	       done ? (double)run->delays_ms[done / 2] : 0, done ? (double)run->delays_ms[done * 99 / 100] : 0,
	       done ? (double)cpu_ns / 1e3 / (double)done : 0, rate > 0 ? run->count - done : 0);
	fflush(stdout);
	remove_file(path);
	free(run->delays_ms);
	free(run);
}

int main(int argc, char **argv)
{
	static const double rates[] = { 1000, 10000, 0 };
	double seconds = argc > 1 ? atof(argv[1]) : 3;
	const char *path = argc > 2 ? argv[2] : "build/bench/store.db";
	if (seconds <= 0 || argc > 3) {
		fprintf(stderr, "usage: store [SECONDS] [FILE]\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
		for (enum mode mode = MODE_SINGLE; mode <= (rates[i] > 0 ? MODE_GROUP_WAIT : MODE_GROUP); mode++)
			measure(path, mode, rates[i], seconds);
	return 0;
}
