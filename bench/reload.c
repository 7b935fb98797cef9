/* SPDX-License-Identifier: Apache-2.0 */
/* What visitors notice while the owner saves: acknowledgement times with nothing else to do, and while a large corpus is
 * learnt again and again; and how long a save takes to be live.
 *
 *     build/bench/reload [RATE [SECONDS [VISITORS]]]      200 10 50
 *
 * Both parts of a round take SECONDS, in turns; three rounds. The corpus is made up: 150 intents of 100 wordings. */
#include "base/buf.h"
#include "base/mem.h"
#include "crowd.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INTENTS = 150, WORDINGS = 100, WORDS = 3000, OWN_WORDS = 12, ROUNDS = 3, LOOK_US = 50000, LOAD_S = 300 };

static uint64_t next_random(uint64_t *state) /* Marsaglia's xorshift64 */
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* A made-up word for each number. */
static void add_word(struct buf *out, uint64_t number)
{
	static const char *const SYLLABLES[] = {
		"ba", "re", "mi", "to", "lu", "san", "der", "kin", "pol", "ven", "ga"
	};
	enum { COUNT = sizeof SYLLABLES / sizeof *SYLLABLES };
	for (uint64_t rest = number + COUNT; rest; rest /= COUNT)
		buf_printf(out, "%s", SYLLABLES[rest % COUNT]);
}

/* Half of a wording's words are its intent's, the others anybody's, the frequent ones more often. */
static void add_wording(struct buf *out, uint64_t intent, uint64_t *random)
{
	size_t count = 5 + next_random(random) % 6;
	buf_printf(out, "- ");
	for (size_t i = 0; i < count; i++) {
		uint64_t any = next_random(random) % WORDS * (next_random(random) % WORDS) / WORDS;
		add_word(out, i % 2 ? any : (intent * OWN_WORDS + next_random(random) % OWN_WORDS) % WORDS);
		buf_printf(out, " ");
	}
	buf_printf(out, "\n");
}

/* Puts a whole file in place, as editors do. */
static void save(const char *name, const struct buf *text)
{
	char path[128], aside[128];
	snprintf(path, sizeof path, "%s/intents/%s", crowd.folder, name);
	snprintf(aside, sizeof aside, "%s/%s", crowd.folder, name);
	FILE *file = fopen(aside, "w");
	if (!file || fputs(buf_text(text), file) < 0 || fclose(file) || rename(aside, path))
		die(path);
}

static void save_corpus(void)
{
	struct buf text = { 0 };
	uint64_t random = 88172645463325252u;
	for (uint64_t intent = 0; intent < INTENTS; intent++) {
		buf_printf(&text, "## ");
		add_word(&text, WORDS + intent);
		buf_printf(&text, " {#made-%llu}\n", (unsigned long long)intent);
		for (size_t i = 0; i < WORDINGS; i++)
			add_wording(&text, intent, &random);
		buf_printf(&text, "\nAnswer %llu.\n\n", (unsigned long long)intent);
	}
	save("made.md", &text);
	buf_clear(&text);
}

/* Saves a small file with a wording that was not there before, and waits until that is live. */
static uint64_t save_version(uint64_t version)
{
	struct buf text = { 0 };
	double before = server_metric("reloads_total");
	buf_printf(&text, "## Which version is this?\n- version number %llu please\n\nIt is new.\n",
		   (unsigned long long)version);
	uint64_t began = now_us();
	save("version.md", &text);
	buf_clear(&text);
	while (server_metric("reloads_total") <= before) {
		if (now_us() - began > LOAD_S * 1000000u)
			die("the corpus does not become live");
		usleep(LOOK_US);
	}
	return now_us() - began;
}

/* What the owner's saves have taken. */
struct saves {
	uint64_t count, took_us, version;
};

/* The owner is a process of their own, so that visitors do not wait for them here. Saves until the pipe is closed. */
static pid_t owner_start(struct saves *saves, const int done[2], int tell)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	close(done[1]); /* or it would never be seen to be closed */
	struct pollfd ended = { .fd = done[0], .events = POLLIN };
	do {
		saves->took_us += save_version(++saves->version);
		saves->count++;
	} while (!poll(&ended, 1, 0));
	_exit(write(tell, saves, sizeof *saves) == sizeof *saves ? 0 : 1);
}

static void owner_end(pid_t pid, struct saves *saves, int done, int told)
{
	int status;
	close(done);
	if (read(told, saves, sizeof *saves) != sizeof *saves || waitpid(pid, &status, 0) != pid || status)
		die("the owner");
	close(told);
}

static bool talk(struct visitor *talkers, size_t count, uint64_t rate, uint64_t seconds, const char *name)
{
	uint64_t total = rate * seconds, sent = 0, began = now_us(), acks = crowd.acks;
	crowd.latencies = 0;
	while (sent < total) {
		uint64_t due = (now_us() - began) * rate / 1000000;
		for (; sent < due && sent < total; sent++)
			visitor_say(&talkers[sent % count], began + sent * 1000000 / rate, NULL);
		crowd_turn(1);
	}
	for (uint64_t end = now_us() + DRAIN_S * 1000000u; crowd.acks < acks + total && now_us() < end;)
		crowd_turn(5);
	printf("%-20s acknowledged after p50 %6.2f ms, p99 %6.2f ms, at most %6.1f ms\n", name, crowd_quantile_ms(.5),
	       crowd_quantile_ms(.99), crowd_quantile_ms(1));
	return crowd.acks == acks + total;
}

static bool talk_while_it_learns(struct visitor *talkers, size_t count, uint64_t rate, uint64_t seconds,
				 struct saves *saves)
{
	int done[2], told[2];
	if (pipe2(done, O_CLOEXEC) || pipe2(told, O_CLOEXEC))
		die("pipe");
	pid_t owner = owner_start(saves, done, told[1]);
	bool is_good = owner > 0 && talk(talkers, count, rate, seconds, "while it learns");
	owner_end(owner, saves, done[1], told[0]);
	close(done[0]);
	close(told[1]);
	return is_good;
}

int main(int argc, char **argv)
{
	uint64_t rate = argc > 1 ? strtoul(argv[1], NULL, 10) : 200,
		 seconds = argc > 2 ? strtoul(argv[2], NULL, 10) : 10;
	size_t talkers = argc > 3 ? strtoul(argv[3], NULL, 10) : 50;
	if (!rate || !seconds || !talkers)
		return 2;
	crowd.epoll = epoll_create1(EPOLL_CLOEXEC);
	struct visitor *visitors = mem_zalloc(talkers, sizeof *visitors);
	crowd.latencies_max = rate * seconds;
	crowd.latency_us = mem_zalloc(crowd.latencies_max + 1, sizeof *crowd.latency_us);
	start_server();
	struct saves saves = { 0 };
	save_corpus();
	save_version(0);
	crowd_open(visitors, talkers);
	bool is_good = true;
	for (int round = 0; round < ROUNDS; round++) {
		is_good &= talk(visitors, talkers, rate, seconds, "nothing else to do");
		is_good &= talk_while_it_learns(visitors, talkers, rate, seconds, &saves);
	}
	printf("a save was live after %.1f s on average of %llu; every message was acknowledged: %s\n",
	       (double)saves.took_us / 1e6 / (double)saves.count, (unsigned long long)saves.count,
	       is_good ? "yes" : "NO");
	is_good &= !crowd.errors && !crowd.out_of_order;
	stop_server();
	free(visitors);
	free(crowd.latency_us);
	return is_good ? 0 : 1;
}
