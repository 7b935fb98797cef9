/* SPDX-License-Identifier: Apache-2.0 */
/* A full shop for long: many visitors from several addresses, messages at a steady rate through all of them, visitors who
 * leave and others who come, and one page that does not read. Nothing may be lost, doubled or out of order, the one that
 * does not read is closed while those beside it get everything, and the server's memory stays as it is.
 *
 *     build/bench/soak [SECONDS [VISITORS [RATE]]]      20 2000 500
 *
 * Every visitor says MESSAGES lines, each when the one before was acknowledged, once more when the server says that it is
 * busy, waits until all have been answered, and leaves; somebody new comes instead. So memory has to settle when all of the first have left and their conversations
 * were put away and closed; from then on it is judged. Ctrl-C ends a long run early; what there was is judged. */
#include "base/mem.h"
#include "crowd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum {
	MESSAGES = 4,
	COMING_MAX = 200, /* visitors who are about to come */
	LINGER_S = 75,    /* a conversation that nobody is in stays in memory for a minute */
	AWAY_S = 120,     /* and is closed after two, see crowd.c; some seconds later that is done each second */
	SAMPLE_S = 5,
	SAMPLES_A_LINE = 12, /* a minute */
	SAMPLES_MAX = 100000,
	WINDOW = 3, /* samples, of which the median counts */
	GROWTH_PERCENT = 5,
	TOKENS = 500,      /* of those who left, to come back at the end */
	LONG_LINES = 2500, /* 10 MB: more than the kernel keeps for a page that does not read */
	LONG_LINE_US = 20000,
	LONG_BYTES = 3900,
	DEAF_S = 60,
	FILES_BESIDE = 2000, /* open files that are no visitors, or those of visitors who have just left */
};

static struct {
	struct visitor *visitors;
	size_t count, at, welcome; /* welcome: to begin with */
	uint64_t left, postponed;
	char tokens[TOKENS][64];
	/* One conversation seen by three pages. */
	struct visitor speaker, reader, deaf;
	char long_line[LONG_BYTES + 1];
	uint64_t seconds;       /* that they talked */
	uint64_t deaf_closed_s; /* when that was, 0: not yet */
	long memory_kb[SAMPLES_MAX];
	size_t samples;
} soak;

/* Ctrl-C, or whoever ends a long run: what there was until then is judged all the same. */
static volatile sig_atomic_t is_ended;

static void end(int number)
{
	(void)number;
	is_ended = 1;
}

/* ---- The page that does not read ---- */

static void open_loud(void)
{
	struct visitor *pages[] = { &soak.reader, &soak.deaf };
	memset(soak.long_line, 'x', LONG_BYTES);
	crowd_open(&soak.speaker, 1);
	visitor_say(&soak.speaker, now_us(), NULL);
	while (!soak.speaker.token[0])
		crowd_turn(10);
	for (size_t i = 0; i < 2; i++) {
		memcpy(pages[i]->token, soak.speaker.token, sizeof soak.speaker.token);
		crowd_open(pages[i], 1);
	}
	soak.deaf.is_deaf = true;
	epoll_ctl(crowd.epoll, EPOLL_CTL_DEL, soak.deaf.fd, NULL);
}

static void speak_loudly(uint64_t began)
{
	uint64_t due = 1 + (now_us() - began) / LONG_LINE_US;
	visitor_say_again(&soak.speaker, soak.long_line);
	if (soak.speaker.fd >= 0 && soak.speaker.sent < due && soak.speaker.sent < LONG_LINES &&
	    soak.speaker.sent == soak.speaker.acked)
		visitor_say(&soak.speaker, now_us(), soak.long_line);
}

/* ---- All others ---- */

static bool is_through(const struct visitor *visitor)
{
	return visitor->acked == MESSAGES && visitor->seen_own == MESSAGES && visitor->seen_bot >= MESSAGES;
}

static void replace(size_t i)
{
	struct visitor *visitor = &soak.visitors[i];
	memcpy(soak.tokens[soak.left++ % TOKENS], visitor->token, sizeof visitor->token);
	visitor_leave(visitor);
	*visitor = (struct visitor){ 0 };
	visitor_connect(visitor, (unsigned)(i % 16));
}

/* The next visitor who can say something says it. */
static bool say_next(uint64_t due_us)
{
	for (size_t tries = 0; tries < soak.count; tries++) {
		size_t i = soak.at++ % soak.count;
		struct visitor *visitor = &soak.visitors[i];
		if (visitor->fd >= 0 && visitor->sent == MESSAGES && is_through(visitor)) {
			/* Not all at once: whoever left holds an open file until the server has seen it. */
			if (soak.left < crowd.welcome - soak.welcome + COMING_MAX)
				replace(i);
			continue;
		}
		visitor_say_again(visitor, NULL);
		if (visitor->is_welcome && visitor->fd >= 0 && visitor->sent < MESSAGES &&
		    visitor->sent == visitor->acked) {
			visitor_say(visitor, due_us, NULL);
			return true;
		}
	}
	soak.postponed++; /* the server does not keep up */
	return false;
}

static int by_size(const void *a, const void *b)
{
	long left = *(const long *)a, right = *(const long *)b;
	return (left > right) - (left < right);
}

static long median_kb(size_t from)
{
	long sorted[WINDOW];
	memcpy(sorted, soak.memory_kb + from, sizeof sorted);
	qsort(sorted, WINDOW, sizeof *sorted, by_size);
	return sorted[WINDOW / 2];
}

static void sample(uint64_t second, uint64_t sent)
{
	if (!soak.deaf_closed_s && server_metric("outbox_overflows_total") >= 1) {
		soak.deaf_closed_s = second + 1;
		printf("after %5llu s       the page that does not read was closed, %llu long lines in\n",
		       (unsigned long long)second, (unsigned long long)soak.speaker.sent);
	}
	if (soak.samples == SAMPLES_MAX)
		return;
	soak.memory_kb[soak.samples++] = server_status_kb("VmRSS:");
	if (soak.samples % SAMPLES_A_LINE == 1)
		printf("after %5llu s       %llu sent, %llu acknowledged, %llu visitors left, %.0f conversations in "
		       "memory, %ld MB, %.0f MB unsaved, %.0f s of CPU\n",
		       (unsigned long long)second, (unsigned long long)sent, (unsigned long long)crowd.acks,
		       (unsigned long long)soak.left, server_metric("conversations_loaded"),
		       soak.memory_kb[soak.samples - 1] / 1024, server_metric("unsaved_bytes") / (1024 * 1024),
		       server_cpu_s());
	fflush(stdout);
}

static uint64_t talk(uint64_t seconds, uint64_t rate)
{
	uint64_t began = now_us(), sent = 0, next_sample = 0;
	for (uint64_t gone; !is_ended && (gone = now_us() - began) < seconds * 1000000;) {
		uint64_t due = gone * rate / 1000000;
		for (; sent < due; sent++)
			if (!say_next(began + sent * 1000000 / rate))
				break;
		speak_loudly(began);
		if (gone / 1000000 >= next_sample) {
			sample(gone / 1000000, sent);
			next_sample += SAMPLE_S;
		}
		crowd_turn(1);
	}
	soak.seconds = (now_us() - began + 999999) / 1000000;
	return sent;
}

/* ---- What must hold ---- */

static bool judge(const char *what, bool is_good)
{
	printf("%-19s %s\n", what, is_good ? "yes" : "NO");
	return is_good;
}

static bool is_all_told(uint64_t *out_missing)
{
	*out_missing = 0;
	for (size_t i = 0; i < soak.count; i++) {
		struct visitor *visitor = &soak.visitors[i];
		visitor_say_again(visitor, NULL);
		*out_missing += (visitor->sent - visitor->acked) + (visitor->sent - visitor->seen_own);
	}
	visitor_say_again(&soak.speaker, soak.long_line);
	*out_missing += soak.speaker.sent - soak.speaker.acked + (soak.speaker.sent - soak.reader.seen_own);
	return !*out_missing;
}

/* At once when too much waits for it, half a minute later when it is only behind. */
static bool is_deaf_closed(void)
{
	double closed = 0;
	for (uint64_t until = now_us() + DEAF_S * 1000000u;
	     (closed = server_metric("outbox_overflows_total")) < 1 && now_us() < until;)
		crowd_turn(100);
	return closed == 1;
}

/* Some of those who left come back as pages that know nothing. */
static bool come_back(void)
{
	size_t count = soak.left < TOKENS ? (size_t)soak.left : TOKENS, whole = 0;
	struct visitor *again = mem_zalloc(count + 1, sizeof *again);
	for (size_t i = 0; i < count; i++)
		memcpy(again[i].token, soak.tokens[i], sizeof again[i].token);
	crowd_open(again, count);
	for (uint64_t end = now_us() + DRAIN_S * 1000000u; whole < count && now_us() < end; crowd_turn(10)) {
		whole = 0;
		for (size_t i = 0; i < count; i++)
			whole += again[i].seen_own == MESSAGES && again[i].seen_bot >= MESSAGES;
	}
	printf("came back           %zu of those who left, %zu found everything they had said\n", count, whole);
	for (size_t i = 0; i < count; i++)
		visitor_leave(&again[i]);
	free(again);
	return whole == count;
}

static bool is_flat(uint64_t rate)
{
	uint64_t settled_s =
		2 * soak.count * MESSAGES / rate + AWAY_S + LINGER_S; /* the first all come and go at once */
	size_t from = (size_t)(settled_s / SAMPLE_S) + 1;
	if (from + 2 * (size_t)WINDOW > soak.samples) {
		printf("memory              %ld MB; settles after %llu s, so that %llu s tell nothing\n",
		       server_status_kb("VmRSS:") / 1024, (unsigned long long)settled_s,
		       (unsigned long long)soak.seconds);
		return true;
	}
	long first = median_kb(from), last = median_kb(soak.samples - WINDOW);
	printf("memory              %ld MB after %llu s, %ld MB at the end\n", first / 1024,
	       (unsigned long long)settled_s, last / 1024);
	return judge("memory is flat", last <= first + first * GROWTH_PERCENT / 100);
}

static int check(uint64_t rate, uint64_t sent)
{
	uint64_t missing = 0;
	double cpu = server_cpu_s();
	for (uint64_t end = now_us() + DRAIN_S * 1000000u; !is_all_told(&missing) && now_us() < end;)
		crowd_turn(10);
	printf("messages            %llu of visitors and %llu long ones, %llu acknowledged (on disk); %llu visitors "
	       "left and others came\n",
	       (unsigned long long)sent, (unsigned long long)soak.speaker.sent, (unsigned long long)crowd.acks,
	       (unsigned long long)soak.left);
	printf("acknowledged after  p50 %.1f ms, p99 %.1f ms, at most %.1f ms\n", crowd_quantile_ms(.5),
	       crowd_quantile_ms(.99), crowd_quantile_ms(1));
	printf("server CPU          %.1f s, %.0f %% of one core\n", cpu, cpu / (double)soak.seconds * 100);
	printf("missing %llu, out of order or twice %llu, errors %llu, connections lost %zu; told to come again "
	       "%llu, postponed %llu\n",
	       (unsigned long long)missing, (unsigned long long)crowd.out_of_order, (unsigned long long)crowd.errors,
	       crowd.failed, (unsigned long long)crowd.busy, (unsigned long long)soak.postponed);
	bool is_good = judge("nothing lost", !missing && !crowd.out_of_order && !crowd.errors && !crowd.failed);
	if (soak.speaker.sent == LONG_LINES)
		is_good &= judge("stopped one closed", is_deaf_closed());
	is_good &= come_back();
	is_good &= is_flat(rate);
	printf("verdict             %s after %llu s%s\n", is_good ? "passed" : "FAILED",
	       (unsigned long long)soak.seconds, is_ended ? ", ended early" : "");
	return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
	uint64_t seconds = argc > 1 ? strtoul(argv[1], NULL, 10) : 20,
		 rate = argc > 3 ? strtoul(argv[3], NULL, 10) : 500;
	size_t wanted = argc > 2 ? strtoul(argv[2], NULL, 10) : 2000, files = files_most();
	if (!seconds || !rate || !wanted || files < 2 * FILES_BESIDE) {
		fprintf(stderr, "usage: soak [SECONDS [VISITORS [RATE]]]\n");
		return 2;
	}
	soak.count = wanted + FILES_BESIDE > files ? files - FILES_BESIDE : wanted;
	if (soak.count < wanted)
		printf("no more than        %zu files may be open in a process here: %zu visitors instead of %zu\n",
		       files, soak.count, wanted);
	crowd.epoll = epoll_create1(EPOLL_CLOEXEC);
	crowd.latencies_max = seconds * rate;
	crowd.latency_us = mem_zalloc(crowd.latencies_max + 1, sizeof *crowd.latency_us);
	soak.visitors = mem_zalloc(soak.count, sizeof *soak.visitors);
	crowd.is_patient = true;
	start_server();
	crowd_open(soak.visitors, soak.count);
	printf("visitors            %zu connected, %zu not; server %ld MB\n", crowd.welcome, crowd.failed,
	       server_status_kb("VmRSS:") / 1024);
	open_loud();
	soak.welcome = crowd.welcome;
	signal(SIGINT, end);
	signal(SIGTERM, end);
	int status = check(rate, talk(seconds, rate));
	stop_server();
	free(soak.visitors);
	free(crowd.latency_us);
	return status;
}
