/* SPDX-License-Identifier: Apache-2.0 */
#include "crowd.h"

#include "base/mem.h"
#include "process.h"

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
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	INPUT_BYTES = 64 * 1024,
	EVENTS = 512,
	HANDSHAKES = 100,
	VISITORS_A_HOST = 4000 /* more, and the kernel seeks long for a free port */
};

struct crowd crowd;

static const char *const QUESTIONS[] = {
	"how long does delivery take",   "where is my parcel", "how do I send something back",
	"when will my parcel arrive",    "track my order",     "I want to return this",
	"how many days is the shipping", "wheres my parcel",   "do you have a size guide",
};
enum { QUESTION_COUNT = sizeof QUESTIONS / sizeof *QUESTIONS };

uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void die(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	if (crowd.server > 0)
		kill(crowd.server, SIGKILL);
	exit(1);
}

size_t files_most(void)
{
	struct rlimit files = { 0 };
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	return (size_t)files.rlim_cur;
}

/* ---- The server ---- */

static void write_file(const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", crowd.folder, name);
	FILE *file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file))
		die(path);
}

static void write_shop(void)
{
	char path[128];
	const char *place = getenv("TMPDIR");
	snprintf(crowd.folder, sizeof crowd.folder, "%s/shopbell-load-XXXXXX", place && *place ? place : "/tmp");
	if (!mkdtemp(crowd.folder))
		die("mkdtemp");
	snprintf(path, sizeof path, "%s/intents", crowd.folder);
	mkdir(path, 0700);
	write_file("intents/shop.ini", "[shop]\nname = Load\ngreeting = Hello, I am a bot.\n[limits]\n"
				       "messages per minute = 10000\nconnections per address = 100000\n"
				       "[handover]\nvisitor away = 2 minutes\n");
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

void start_server(void)
{
	const char *program = getenv("SHOPBELL") ? getenv("SHOPBELL") : "build/shopbell";
	int pipes[2];
	char intents[96], data[96], line[256] = "";
	write_shop();
	snprintf(intents, sizeof intents, "%s/intents", crowd.folder);
	snprintf(data, sizeof data, "%s/data", crowd.folder);
	if (pipe(pipes))
		die("pipe");
	crowd.server = fork();
	if (crowd.server == 0) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		setpgid(0, 0); /* Ctrl-C is for the bench, which ends the server when it has judged */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		execl(program, program, "serve", "--intents", intents, "--data", data, "--listen", "127.0.0.1:0",
		      (char *)NULL);
		die(program);
	}
	close(pipes[1]);
	FILE *out = fdopen(pipes[0], "r");
	if (!fgets(line, sizeof line, out) ||
	    sscanf(line, "shopbell: listening on http://127.0.0.1:%d", &crowd.port) != 1)
		die("the server does not start");
}

long server_status_kb(const char *field)
{
	char path[64], line[256];
	long value = 0;
	snprintf(path, sizeof path, "/proc/%d/status", (int)crowd.server);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, field, strlen(field)))
			value = strtol(line + strlen(field) + 1, NULL, 10);
	if (file)
		fclose(file);
	return value;
}

double server_cpu_s(void)
{
	return process_cpu_s(crowd.server);
}

void stop_server(void)
{
	char command[128];
	int status;
	kill(crowd.server, SIGTERM);
	waitpid(crowd.server, &status, 0);
	snprintf(command, sizeof command, "rm -rf '%s'", crowd.folder);
	if (system(command))
		fprintf(stderr, "crowd: %s was left behind\n", crowd.folder);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fprintf(stderr, "crowd: the server ended with %d\n", status);
}

double server_metric(const char *name)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)crowd.port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	static const char request[] = "GET /metrics HTTP/1.0\r\n\r\n";
	struct buf answer = { 0 };
	char bytes[4096], line[128];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)(void *)&address, sizeof address) ||
	    send(fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0)
		die("/metrics");
	for (ssize_t len; (len = recv(fd, bytes, sizeof bytes, 0)) > 0;)
		buf_add(&answer, bytes, (size_t)len);
	close(fd);
	snprintf(line, sizeof line, "\nshopbell_%s ", name);
	const char *at = strstr(buf_text(&answer), line);
	double value = at ? strtod(at + strlen(line), NULL) : -1;
	buf_clear(&answer);
	return value;
}

/* ---- Frames ---- */

static void watch(struct visitor *visitor, bool wants_out)
{
	struct epoll_event event = { .events = EPOLLIN | (wants_out ? EPOLLOUT : 0), .data.ptr = visitor };
	epoll_ctl(crowd.epoll, EPOLL_CTL_MOD, visitor->fd, &event);
}

static void drop(struct visitor *visitor)
{
	if (visitor->fd < 0)
		return;
	close(visitor->fd);
	visitor->fd = -1;
	crowd.failed++;
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
		crowd.out_of_order++;
	visitor->acked++;
	crowd.acks++;
	uint64_t took = now_us() - visitor->due_us[number % (DUE_KEPT)];
	if (crowd.latencies < crowd.latencies_max)
		crowd.latency_us[crowd.latencies++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
}

static void on_event(struct visitor *visitor, const char *json)
{
	uint64_t seq = number_in(json, "\"seq\":");
	if (seq <= visitor->last_seq)
		crowd.out_of_order++;
	visitor->last_seq = seq;
	if (strstr(json, "\"from\":\"visitor\"")) {
		if (number_in(json, "\"client_id\":\"m") != visitor->seen_own)
			crowd.out_of_order++;
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
		crowd.welcome++;
	} else if (crowd.is_patient && strstr(json, "\"code\":\"busy\"")) {
		visitor->again_us = now_us() + 1000 * number_in(json, "\"retry_after_ms\":");
		crowd.busy++;
	} else if (!strncmp(json, "{\"type\":\"error\"", 15)) {
		if (!crowd.errors++)
			fprintf(stderr, "crowd: %s\n", json);
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
		else if ((head[0] & 15) == 8 && len >= 2 && !crowd.closed++)
			fprintf(stderr, "crowd: closed with %d\n",
				(unsigned char)text[0] << 8 | (unsigned char)text[1]);
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
		fprintf(stderr, "crowd: refused: %.60s\n", visitor->input);
		drop(visitor);
		return;
	}
	visitor->is_open = true;
	crowd.open++;
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

void crowd_turn(int wait_ms)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(crowd.epoll, events, EVENTS, wait_ms);
	for (int i = 0; i < count; i++) {
		struct visitor *visitor = events[i].data.ptr;
		if (visitor->fd >= 0 && events[i].events & EPOLLOUT)
			flush_output(visitor);
		if (visitor->fd >= 0 && !visitor->is_deaf && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			on_readable(visitor);
	}
}

void visitor_connect(struct visitor *visitor, unsigned host)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)crowd.port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + host) };
	visitor->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* The port is chosen at connect(), so that one address has as many as there are. */
	if (visitor->fd >= 0)
		setsockopt(visitor->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
	if (visitor->fd < 0 || bind(visitor->fd, (struct sockaddr *)(void *)&own, sizeof own) ||
	    connect(visitor->fd, (struct sockaddr *)(void *)&address, sizeof address))
		die("connect");
	fcntl(visitor->fd, F_SETFL, O_NONBLOCK);
	setsockopt(visitor->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = visitor };
	epoll_ctl(crowd.epoll, EPOLL_CTL_ADD, visitor->fd, &event);
	buf_printf(&visitor->output,
		   "GET /ws/visitor HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
		   "Connection: Upgrade\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"
		   "Sec-WebSocket-Version: 13\r\n\r\n",
		   crowd.port);
	flush_output(visitor);
}

void crowd_open(struct visitor *visitors, size_t count)
{
	size_t base = crowd.welcome + crowd.failed;
	for (size_t i = 0; i < count; i++) {
		visitor_connect(&visitors[i], (unsigned)(i / VISITORS_A_HOST));
		while (i + 1 > crowd.welcome + crowd.failed - base + HANDSHAKES)
			crowd_turn(10);
	}
	uint64_t end = now_us() + DRAIN_S * 1000000u;
	while (crowd.welcome + crowd.failed - base < count && now_us() < end)
		crowd_turn(10);
}

static void send_message(struct visitor *visitor, uint64_t number, const char *text)
{
	struct buf frame = { 0 };
	if (!text)
		text = QUESTIONS[(number * 7 + (uint64_t)visitor->fd) % QUESTION_COUNT];
	buf_printf(&frame, "{\"type\":\"message\",\"client_id\":\"m%llu\",\"text\":\"%s\"}", (unsigned long long)number,
		   text);
	add_frame(visitor, buf_text(&frame));
	flush_output(visitor);
	buf_clear(&frame);
}

void visitor_say(struct visitor *visitor, uint64_t due_us, const char *text)
{
	visitor->due_us[visitor->sent % DUE_KEPT] = due_us;
	send_message(visitor, visitor->sent++, text);
}

void visitor_say_again(struct visitor *visitor, const char *text)
{
	if (visitor->fd < 0 || !visitor->again_us || now_us() < visitor->again_us)
		return;
	visitor->again_us = 0;
	send_message(visitor, visitor->sent - 1, text);
}

void visitor_leave(struct visitor *visitor)
{
	if (visitor->fd >= 0)
		close(visitor->fd);
	visitor->fd = -1;
	buf_clear(&visitor->output);
	free(visitor->input);
	visitor->input = NULL;
	visitor->input_len = 0;
}

/* ---- Figures ---- */

static int by_value(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

double crowd_quantile_ms(double share)
{
	if (!crowd.latencies)
		return 0;
	qsort(crowd.latency_us, crowd.latencies, sizeof *crowd.latency_us, by_value);
	return crowd.latency_us[(size_t)(share * (double)(crowd.latencies - 1))] / 1e3;
}
