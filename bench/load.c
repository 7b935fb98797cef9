/* SPDX-License-Identifier: Apache-2.0 */
/* Load on a running Shopbell: idle visitors and what each costs in memory, then messages at a rate and how long their
 * acknowledgements take; at the end every conversation is read again, to see that nothing is lost, doubled or moved.
 *
 *     build/bench/load [IDLE [RATE [SECONDS [VISITORS]]]]      10000 1000 10 200
 *
 * Starts build/shopbell (or $SHOPBELL) itself on a free port, with settings that allow so much from one machine. A
 * message's latency counts from the time it was due, not from when it could be sent: a stall is not hidden. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { IN_FLIGHT = 4096, INPUT_BYTES = 64 * 1024, EVENTS = 512, HANDSHAKES = 100, SLICE_MS = 5, DRAIN_S = 20 };

static const char *const QUESTIONS[] = {
	"how long does delivery take",   "where is my parcel", "how do I send something back",
	"when will my parcel arrive",    "track my order",     "I want to return this",
	"how many days is the shipping", "wheres my parcel",   "do you have a size guide",
};
enum { QUESTION_COUNT = sizeof QUESTIONS / sizeof *QUESTIONS };

struct visitor {
	int fd;
	bool is_open, is_welcome;
	char *input; /* made at the first bytes, given back when it is empty: idle ones need none */
	size_t input_len;
	struct buf output;
	char token[64];
	uint64_t sent, acked, seen_own, seen_bot; /* messages */
	uint64_t last_seq;
	uint64_t due_us[IN_FLIGHT / 64]; /* of those in flight, by number */
};

static struct {
	int epoll, port, running_from; /* running_from: first visitor that talks */
	pid_t server;
	char folder[64];
	struct visitor *visitors;
	size_t count, open, welcome, failed;
	uint64_t acks, errors, out_of_order;
	uint32_t *latency_us;
	size_t latencies, latencies_max;
} bench;

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	if (bench.server > 0)
		kill(bench.server, SIGKILL);
	exit(1);
}

/* ---- The server ---- */

static void write_file(const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", bench.folder, name);
	FILE *file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file))
		die(path);
}

static void write_shop(void)
{
	char path[128];
	strcpy(bench.folder, "/tmp/shopbell-load-XXXXXX");
	if (!mkdtemp(bench.folder))
		die("mkdtemp");
	snprintf(path, sizeof path, "%s/intents", bench.folder);
	mkdir(path, 0700);
	write_file("intents/shop.ini", "[shop]\nname = Load\ngreeting = Hello, I am a bot.\n[limits]\n"
				       "messages per minute = 10000\nconnections per address = 100000\n");
	write_file(
		"intents/topics.md",
		"## How long does delivery take?\n- when will my parcel arrive\n- delivery time\n- how many days for "
		"shipping\n"
		"\nTwo to four days.\n\n## Where is my order?\n- where is my parcel\n- track my order\n- follow my "
		"package\n"
		"\nYou can follow it on the [tracking page](https://shop.example/track).\n\n"
		"## How do I send something back?\n- return an item\n- I want to return this\n- how do returns work\n"
		"\nUse the label in the parcel.\n");
}

static void start_server(void)
{
	const char *program = getenv("SHOPBELL") ? getenv("SHOPBELL") : "build/shopbell";
	int pipes[2];
	char intents[96], data[96], line[256] = "";
	write_shop();
	snprintf(intents, sizeof intents, "%s/intents", bench.folder);
	snprintf(data, sizeof data, "%s/data", bench.folder);
	if (pipe(pipes))
		die("pipe");
	bench.server = fork();
	if (bench.server == 0) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		execl(program, program, "serve", "--intents", intents, "--data", data, "--listen", "127.0.0.1:0",
		      (char *)NULL);
		die(program);
	}
	close(pipes[1]);
	FILE *out = fdopen(pipes[0], "r");
	if (!fgets(line, sizeof line, out) ||
	    sscanf(line, "shopbell: listening on http://127.0.0.1:%d", &bench.port) != 1)
		die("the server does not start");
}

static long status_kb(const char *field)
{
	char path[64], line[256];
	long value = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)bench.server);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, field, strlen(field)))
			value = strtol(line + strlen(field) + 1, NULL, 10);
	if (file)
		fclose(file);
	return value;
}

/* Seconds of processor time that the server has used. */
static double server_cpu_s(void)
{
	char path[64], text[1024];
	unsigned long user = 0, system = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)bench.server);
	FILE *file = fopen(path, "r");
	size_t len = file ? fread(text, 1, sizeof text - 1, file) : 0;
	if (file)
		fclose(file);
	text[len] = '\0';
	const char *rest = strrchr(text, ')');
	if (rest)
		sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void stop_server(void)
{
	char command[128];
	int status;
	kill(bench.server, SIGTERM);
	waitpid(bench.server, &status, 0);
	snprintf(command, sizeof command, "rm -rf '%s'", bench.folder);
	if (system(command))
		fprintf(stderr, "load: %s was left behind\n", bench.folder);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fprintf(stderr, "load: the server ended with %d\n", status);
}

/* ---- Frames ---- */

static void watch(struct visitor *visitor, bool wants_out)
{
	struct epoll_event event = { .events = EPOLLIN | (wants_out ? EPOLLOUT : 0), .data.ptr = visitor };
	epoll_ctl(bench.epoll, EPOLL_CTL_MOD, visitor->fd, &event);
}

static void drop(struct visitor *visitor)
{
	if (visitor->fd < 0)
		return;
	close(visitor->fd);
	visitor->fd = -1;
	bench.failed++;
}

static void flush_output(struct visitor *visitor)
{
	while (visitor->output.len && visitor->fd >= 0) {
		ssize_t len = send(visitor->fd, visitor->output.data, visitor->output.len, MSG_NOSIGNAL);
		if (len < 0 && errno == EAGAIN) {
			watch(visitor, true);
			return;
		}
		if (len < 0) {
			drop(visitor);
			return;
		}
		memmove(visitor->output.data, visitor->output.data + len, visitor->output.len - (size_t)len);
		visitor->output.len -= (size_t)len;
	}
	if (!visitor->output.capacity || visitor->output.len)
		return;
	buf_clear(&visitor->output);
	watch(visitor, false);
}

static void add_frame(struct visitor *visitor, const char *text)
{
	static const unsigned char mask[4] = { 0x12, 0x34, 0x56, 0x78 }; /* nobody looks for secrets here */
	size_t len = strlen(text);
	unsigned char head[8] = { 0x81 };
	size_t head_len = 2;
	if (len < 126) {
		head[1] = (unsigned char)(0x80 | len);
	} else {
		head[1] = 0x80 | 126;
		head[2] = (unsigned char)(len >> 8);
		head[3] = (unsigned char)len;
		head_len = 4;
	}
	memcpy(head + head_len, mask, 4);
	buf_add(&visitor->output, head, head_len + 4);
	for (size_t i = 0; i < len; i++)
		buf_add_char(&visitor->output, (char)((unsigned char)text[i] ^ mask[i & 3]));
}

/* The number or text of a field in the server's own JSON, whose shape is known. */
static uint64_t number_in(const char *json, const char *field)
{
	const char *at = strstr(json, field);
	return at ? strtoull(at + strlen(field), NULL, 10) : 0;
}

static void on_ack(struct visitor *visitor, const char *json)
{
	uint64_t number = number_in(json, "\"client_id\":\"m");
	const char *token = strstr(json, "\"token\":\"");
	if (token)
		sscanf(token + 9, "%63[^\"]", visitor->token);
	if (number != visitor->acked)
		bench.out_of_order++;
	visitor->acked++;
	bench.acks++;
	uint64_t took = now_us() - visitor->due_us[number % (IN_FLIGHT / 64)];
	if (bench.latencies < bench.latencies_max)
		bench.latency_us[bench.latencies++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
}

static void on_event(struct visitor *visitor, const char *json)
{
	uint64_t seq = number_in(json, "\"seq\":");
	if (seq <= visitor->last_seq)
		bench.out_of_order++;
	visitor->last_seq = seq;
	if (strstr(json, "\"from\":\"visitor\"")) {
		if (number_in(json, "\"client_id\":\"m") != visitor->seen_own)
			bench.out_of_order++;
		visitor->seen_own++;
	} else {
		visitor->seen_bot++;
	}
}

static void on_text(struct visitor *visitor, char *json)
{
	if (!strncmp(json, "{\"type\":\"ack\"", 13)) {
		on_ack(visitor, json);
	} else if (!strncmp(json, "{\"type\":\"event\"", 15)) {
		on_event(visitor, json);
	} else if (!strncmp(json, "{\"type\":\"welcome\"", 17)) {
		visitor->is_welcome = true;
		bench.welcome++;
	} else if (!strncmp(json, "{\"type\":\"error\"", 15)) {
		if (!bench.errors++)
			fprintf(stderr, "load: %s\n", json);
	}
}

/* Takes whole frames off the front of the input; pings are answered. */
static void take_frames(struct visitor *visitor)
{
	size_t at = 0;
	while (visitor->input_len - at >= 2) {
		unsigned char *head = (unsigned char *)visitor->input + at;
		size_t len = head[1] & 127, head_len = 2;
		if (len == 126 && visitor->input_len - at < 4)
			break;
		if (len == 126) {
			len = (size_t)head[2] << 8 | head[3];
			head_len = 4;
		}
		if (visitor->input_len - at < head_len + len)
			break;
		char *text = (char *)head + head_len, behind = text[len];
		text[len] = '\0';
		if ((head[0] & 15) == 1)
			on_text(visitor, text);
		else if ((head[0] & 15) == 9)
			buf_add(&visitor->output, "\x8a\x80\0\0\0\0", 6);
		text[len] = behind;
		at += head_len + len;
	}
	memmove(visitor->input, visitor->input + at, visitor->input_len - at);
	visitor->input_len -= at;
}

static void take_handshake(struct visitor *visitor)
{
	visitor->input[visitor->input_len] = '\0';
	char *end = strstr(visitor->input, "\r\n\r\n");
	if (!end)
		return;
	if (strncmp(visitor->input, "HTTP/1.1 101", 12)) {
		fprintf(stderr, "load: refused: %.60s\n", visitor->input);
		drop(visitor);
		return;
	}
	visitor->is_open = true;
	bench.open++;
	size_t used = (size_t)(end + 4 - visitor->input);
	memmove(visitor->input, end + 4, visitor->input_len - used);
	visitor->input_len -= used;
	char hello[160];
	snprintf(hello, sizeof hello,
		 visitor->token[0] ? "{\"type\":\"hello\",\"token\":\"%s\"}" : "{\"type\":\"hello\"%s}",
		 visitor->token);
	add_frame(visitor, hello);
}

static void on_readable(struct visitor *visitor)
{
	if (!visitor->input)
		visitor->input = mem_alloc(INPUT_BYTES + 1);
	for (;;) {
		ssize_t len =
			recv(visitor->fd, visitor->input + visitor->input_len, INPUT_BYTES - visitor->input_len, 0);
		if (len < 0 && errno == EAGAIN)
			break;
		if (len <= 0) {
			drop(visitor);
			break;
		}
		visitor->input_len += (size_t)len;
		if (!visitor->is_open)
			take_handshake(visitor);
		if (visitor->is_open)
			take_frames(visitor);
	}
	if (!visitor->input_len) {
		free(visitor->input);
		visitor->input = NULL;
	}
	flush_output(visitor);
}

static void turn(int wait_ms)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(bench.epoll, events, EVENTS, wait_ms);
	for (int i = 0; i < count; i++) {
		struct visitor *visitor = events[i].data.ptr;
		if (visitor->fd >= 0 && events[i].events & EPOLLOUT)
			flush_output(visitor);
		if (visitor->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			on_readable(visitor);
	}
}

static void connect_visitor(struct visitor *visitor)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)bench.port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;
	visitor->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (visitor->fd < 0 || connect(visitor->fd, (struct sockaddr *)(void *)&address, sizeof address))
		die("connect");
	fcntl(visitor->fd, F_SETFL, O_NONBLOCK);
	setsockopt(visitor->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = visitor };
	epoll_ctl(bench.epoll, EPOLL_CTL_ADD, visitor->fd, &event);
	buf_printf(&visitor->output,
		   "GET /ws/visitor HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
		   "Connection: Upgrade\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"
		   "Sec-WebSocket-Version: 13\r\n\r\n",
		   bench.port);
	flush_output(visitor);
}

/* Opens visitors [from, to), a bounded number of handshakes at a time. */
static void open_visitors(size_t from, size_t to)
{
	size_t base = bench.welcome;
	for (size_t i = from; i < to; i++) {
		connect_visitor(&bench.visitors[i]);
		while (i - from + 1 > bench.welcome - base + bench.failed + HANDSHAKES)
			turn(10);
	}
	uint64_t end = now_us() + DRAIN_S * 1000000u;
	while (bench.welcome - base + bench.failed < to - from && now_us() < end)
		turn(10);
}

/* ---- The parts of the run ---- */

static void idle_part(size_t idle)
{
	long before = status_kb("VmRSS:");
	double cpu = server_cpu_s();
	uint64_t began = now_us();
	open_visitors(0, idle);
	double set_up_s = (double)(now_us() - began) / 1e6, set_up_cpu = server_cpu_s() - cpu;
	printf("idle visitors       %zu opened, %zu failed, %.0f a second, %.0f a CPU second of the server\n",
	       bench.welcome, bench.failed, (double)idle / set_up_s,
	       (double)idle / (set_up_cpu > 0 ? set_up_cpu : 0.01));
	printf("memory              %ld KB before, %ld KB with them: %.0f bytes each\n", before, status_kb("VmRSS:"),
	       (double)(status_kb("VmRSS:") - before) * 1024 / (double)idle);
	cpu = server_cpu_s();
	for (uint64_t end = now_us() + 3000000; now_us() < end;)
		turn(100);
	printf("idle CPU            %.2f %% of one core\n", (server_cpu_s() - cpu) / 3 * 100);
}

static void say(struct visitor *visitor, uint64_t due_us)
{
	char frame[256];
	snprintf(frame, sizeof frame, "{\"type\":\"message\",\"client_id\":\"m%llu\",\"text\":\"%s\"}",
		 (unsigned long long)visitor->sent,
		 QUESTIONS[(visitor->sent * 7 + (uint64_t)visitor->fd) % QUESTION_COUNT]);
	visitor->due_us[visitor->sent++ % (IN_FLIGHT / 64)] = due_us;
	add_frame(visitor, frame);
	flush_output(visitor);
}

static int by_value(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

static double quantile_ms(double share)
{
	if (!bench.latencies)
		return 0;
	size_t at = (size_t)(share * (double)(bench.latencies - 1));
	return bench.latency_us[at] / 1e3;
}

static uint64_t talk_part(struct visitor *talkers, size_t count, uint64_t rate, uint64_t seconds)
{
	uint64_t total = rate * seconds, sent = 0, began = now_us();
	double cpu = server_cpu_s();
	while (sent < total) {
		uint64_t due = (now_us() - began) * rate / 1000000;
		for (; sent < due && sent < total; sent++)
			say(&talkers[sent % count], began + sent * 1000000 / rate);
		turn(SLICE_MS / 5);
	}
	uint64_t end = now_us() + DRAIN_S * 1000000u;
	while (bench.acks < total && now_us() < end)
		turn(SLICE_MS);
	double took_s = (double)(now_us() - began) / 1e6;
	cpu = server_cpu_s() - cpu;
	qsort(bench.latency_us, bench.latencies, sizeof *bench.latency_us, by_value);
	printf("messages            %llu sent at %llu a second by %zu visitors, %llu acknowledged (on disk) in %.1f "
	       "s\n",
	       (unsigned long long)total, (unsigned long long)rate, count, (unsigned long long)bench.acks, took_s);
	printf("acknowledged after  p50 %.1f ms, p99 %.1f ms, at most %.1f ms\n", quantile_ms(.5), quantile_ms(.99),
	       quantile_ms(1));
	printf("server CPU          %.2f s: %.0f answered and stored a CPU second\n", cpu, (double)bench.acks / cpu);
	return total;
}

/* Every talker comes back as a page that knows nothing, and must see all that was acknowledged, once and in order. */
static int check_part(struct visitor *talkers, size_t count, uint64_t total)
{
	uint64_t own = 0, bot = 0, acked = bench.acks, strays = bench.out_of_order;
	for (size_t i = 0; i < count; i++) {
		close(talkers[i].fd);
		buf_clear(&talkers[i].output);
		free(talkers[i].input);
		struct visitor fresh = { 0 };
		memcpy(fresh.token, talkers[i].token, sizeof fresh.token);
		talkers[i] = fresh;
	}
	size_t base = (size_t)(talkers - bench.visitors);
	open_visitors(base, base + count);
	uint64_t end = now_us() + DRAIN_S * 1000000u;
	for (; now_us() < end; turn(10)) {
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
	       (unsigned long long)own, (unsigned long long)bot, (unsigned long long)(bench.out_of_order),
	       (unsigned long long)bench.errors);
	bool is_good = acked == total && own == acked && bench.out_of_order == 0 && strays == 0 && !bench.errors;
	printf("nothing lost        %s\n", is_good ? "yes" : "NO");
	return is_good ? 0 : 1;
}

int main(int argc, char **argv)
{
	size_t idle = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
	uint64_t rate = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000,
		 seconds = argc > 3 ? strtoul(argv[3], NULL, 10) : 10;
	size_t talkers = argc > 4 ? strtoul(argv[4], NULL, 10) : 200;
	struct rlimit files = { 0 };
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (idle + talkers + 200 > files.rlim_cur || !rate || !talkers) {
		fprintf(stderr, "load: %zu connections do not fit into %llu open files\n", idle + talkers,
			(unsigned long long)files.rlim_cur);
		return 2;
	}
	bench.epoll = epoll_create1(EPOLL_CLOEXEC);
	bench.visitors = mem_zalloc(idle + talkers, sizeof *bench.visitors);
	bench.latencies_max = rate * seconds;
	bench.latency_us = mem_zalloc(bench.latencies_max + 1, sizeof *bench.latency_us);
	start_server();
	if (idle)
		idle_part(idle);
	struct visitor *talking = bench.visitors + idle;
	open_visitors(idle, idle + talkers);
	uint64_t total = talk_part(talking, talkers, rate, seconds);
	int status = check_part(talking, talkers, total);
	stop_server();
	return status;
}
