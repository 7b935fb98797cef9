/* SPDX-License-Identifier: Apache-2.0 */
/* Load on a running Shopbell: idle visitors and what each costs in memory, then messages at a rate and how long their
 * acknowledgements take; at the end every conversation is read again, to see that nothing is lost, doubled or moved.
 *
 *     build/bench/load [IDLE [RATE [SECONDS [VISITORS]]]]      10000 1000 10 200
 *
 * Starts build/shopbell (or $SHOPBELL) itself on a free port, with settings that allow so much from one machine. A
 * message's latency counts from the time it was due, not from when it could be sent: a stall is not hidden. */
#include "base/mem.h"
#include "crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { SLICE_MS = 5 };

/* ---- The parts of the run ---- */

static void idle_part(struct visitor *visitors, size_t idle)
{
	long before = server_status_kb("VmRSS:");
	double cpu = server_cpu_s();
	uint64_t began = now_us();
	crowd_open(visitors, idle);
	double set_up_s = (double)(now_us() - began) / 1e6, set_up_cpu = server_cpu_s() - cpu;
	printf("idle visitors       %zu opened, %zu failed, %.0f a second, %.0f a CPU second of the server\n",
	       crowd.welcome, crowd.failed, (double)idle / set_up_s,
	       (double)idle / (set_up_cpu > 0 ? set_up_cpu : 0.01));
	printf("memory              %ld KB before, %ld KB with them: %.0f bytes each\n", before,
	       server_status_kb("VmRSS:"), (double)(server_status_kb("VmRSS:") - before) * 1024 / (double)idle);
	cpu = server_cpu_s();
	for (uint64_t end = now_us() + 3000000; now_us() < end;)
		crowd_turn(100);
	printf("idle CPU            %.2f %% of one core\n", (server_cpu_s() - cpu) / 3 * 100);
}

static uint64_t talk_part(struct visitor *talkers, size_t count, uint64_t rate, uint64_t seconds)
{
	uint64_t total = rate * seconds, sent = 0, began = now_us();
	double cpu = server_cpu_s();
	while (sent < total) {
		uint64_t due = (now_us() - began) * rate / 1000000;
		for (; sent < due && sent < total; sent++)
			visitor_say(&talkers[sent % count], began + sent * 1000000 / rate, NULL);
		crowd_turn(SLICE_MS / 5);
	}
	uint64_t end = now_us() + DRAIN_S * 1000000u;
	while (crowd.acks < total && now_us() < end)
		crowd_turn(SLICE_MS);
	double took_s = (double)(now_us() - began) / 1e6;
	cpu = server_cpu_s() - cpu;
	printf("messages            %llu sent at %llu a second by %zu visitors, %llu acknowledged (on disk) in %.1f "
	       "s\n",
	       (unsigned long long)total, (unsigned long long)rate, count, (unsigned long long)crowd.acks, took_s);
	printf("acknowledged after  p50 %.1f ms, p99 %.1f ms, at most %.1f ms\n", crowd_quantile_ms(.5),
	       crowd_quantile_ms(.99), crowd_quantile_ms(1));
	printf("server CPU          %.2f s: %.0f answered and stored a CPU second\n", cpu, (double)crowd.acks / cpu);
	return total;
}

/* Every talker comes back as a page that knows nothing, and must see all that was acknowledged, once and in order. */
static int check_part(struct visitor *talkers, size_t count, uint64_t total)
{
	uint64_t own = 0, bot = 0, acked = crowd.acks, strays = crowd.out_of_order;
	for (size_t i = 0; i < count; i++) {
		visitor_leave(&talkers[i]);
		struct visitor fresh = { 0 };
		memcpy(fresh.token, talkers[i].token, sizeof fresh.token);
		talkers[i] = fresh;
	}
	crowd_open(talkers, count);
	uint64_t end = now_us() + DRAIN_S * 1000000u;
	for (; now_us() < end; crowd_turn(10)) {
		own = bot = 0;
		for (size_t i = 0; i < count; i++) {
			own += talkers[i].seen_own;
			bot += talkers[i].seen_bot;
		}
		if (own >= acked && bot >= acked)
			break;
	}
	printf("read again          %llu messages and %llu lines of the bot; out of order or twice: %llu; errors: "
	       "%llu\n",
	       (unsigned long long)own, (unsigned long long)bot, (unsigned long long)(crowd.out_of_order),
	       (unsigned long long)crowd.errors);
	bool is_good = acked == total && own == acked && crowd.out_of_order == 0 && strays == 0 && !crowd.errors;
	printf("nothing lost        %s\n", is_good ? "yes" : "NO");
	return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
	size_t idle = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
	uint64_t rate = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000,
		 seconds = argc > 3 ? strtoul(argv[3], NULL, 10) : 10;
	size_t talkers = argc > 4 ? strtoul(argv[4], NULL, 10) : 200;
	size_t files = files_most();
	if (idle + talkers + 200 > files || !rate || !talkers) {
		fprintf(stderr, "load: %zu connections do not fit into %zu open files\n", idle + talkers, files);
		return 2;
	}
	crowd.epoll = epoll_create1(EPOLL_CLOEXEC);
	struct visitor *visitors = mem_zalloc(idle + talkers, sizeof *visitors);
	crowd.latencies_max = rate * seconds;
	crowd.latency_us = mem_zalloc(crowd.latencies_max + 1, sizeof *crowd.latency_us);
	start_server();
	if (idle)
		idle_part(visitors, idle);
	struct visitor *talking = visitors + idle;
	crowd_open(talking, talkers);
	uint64_t total = talk_part(talking, talkers, rate, seconds);
	int status = check_part(talking, talkers, total);
	stop_server();
	free(visitors);
	free(crowd.latency_us);
	return status;
}
