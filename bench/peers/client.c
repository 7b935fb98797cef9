/* SPDX-License-Identifier: Apache-2.0 */
/* One measurement of one running server, printed as one JSON line:
 *
 *     client dialect=NAME port=N pid=N [idle=0] [conns=64] [seconds=3] [rate=0] [texts=FILE]
 *
 * 1. `idle` connections are opened, then greeted (each a visitor who says nothing): what a connection costs the server
 *    in processor time and in memory. 2. `conns` further ones ask: at rate=0 each asks anew as soon as it is answered
 *    (as much as the server can), else all together ask so often a second, and an answer's delay counts from when its
 *    question was due. `per_cpu_s` is answers a second of the server's processor time: the number that the other load
 *    of a machine hurts least. Exit status 1 when anything was refused, lost or cut off. */
#include "client.h"

#include "base/mem.h"
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 512, IN_HAND = 100, READ_BYTES = 16384, SOURCES = 4, STEP_US = 10000 };
enum { WARM_MS = 500, DRAIN_MS = 3000, OPEN_MS = 60000 };
enum { LATENCIES_MAX = 1 << 22 };

static struct {
	const struct dialect *dialect;
	const char *texts_path;
	long port, pid, idle, conns;
	double seconds, rate;
	int epoll;
	struct connection *all;
	char **texts;
	size_t text_count;
	uint32_t asked;
	size_t upgraded, ready, lost, refused, answered;
	bool is_counting, is_holding; /* holding: upgraded ones are not greeted yet */
	uint32_t *latency_us;
	size_t latencies;
} run;

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- One connection ---- */

static void lose(struct connection *conn, const char *why)
{
	if (!run.lost++)
		fprintf(stderr, "client: %s: a connection was lost: %s\n", run.dialect->name, why);
	close(conn->fd);
	conn->stage = STAGE_LOST;
}

static void listen_for(struct connection *conn, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = conn };
	epoll_ctl(run.epoll, EPOLL_CTL_MOD, conn->fd, &event);
}

static void send_out(struct connection *conn)
{
	size_t sent = 0;
	while (sent < conn->out.len && conn->stage != STAGE_LOST) {
		ssize_t len = send(conn->fd, conn->out.data + sent, conn->out.len - sent, MSG_NOSIGNAL);
		if (len < 0 && errno == EAGAIN) {
			memmove(conn->out.data, conn->out.data + sent, conn->out.len - sent);
			conn->out.len -= sent;
			listen_for(conn, EPOLLIN | EPOLLOUT);
			return;
		}
		if (len < 0)
			lose(conn, strerror(errno));
		else
			sent += (size_t)len;
	}
	buf_reset(&conn->out);
}

static void ask(struct connection *conn, uint64_t due_us)
{
	const char *text = run.text_count ? run.texts[run.asked % run.text_count] : "";
	if (conn->asked - conn->answered == WAITING_MAX)
		lose(conn, "it does not answer any more");
	if (conn->stage != STAGE_READY)
		return;
	conn->due_us[conn->asked % WAITING_MAX] = due_us;
	run.dialect->ask(conn, conn->asked++, text);
	run.asked++;
}

static void become_ready(struct connection *conn)
{
	conn->stage = STAGE_READY;
	run.ready++;
}

static void on_answer(struct connection *conn)
{
	if (conn->asked == conn->answered)
		return; /* said unasked */
	uint64_t now = now_us(), took = now - conn->due_us[conn->answered++ % WAITING_MAX];
	run.answered++;
	if (run.is_counting && run.latencies < LATENCIES_MAX)
		run.latency_us[run.latencies++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
	if (run.rate <= 0 && run.seconds > 0)
		ask(conn, now);
}

static void on_heard(struct connection *conn, enum heard heard, struct str text)
{
	if (heard == HEARD_READY && conn->stage == STAGE_GREETING)
		become_ready(conn);
	else if (heard == HEARD_ANSWER)
		on_answer(conn);
	else if (heard == HEARD_REFUSAL && !run.refused++)
		fprintf(stderr, "client: %s: refused: %.*s\n", run.dialect->name, STR_ARG(text));
}

static void greet(struct connection *conn)
{
	conn->stage = STAGE_GREETING;
	if (run.dialect->greet)
		run.dialect->greet(conn);
	else
		become_ready(conn);
}

static void on_upgraded(struct connection *conn, int status)
{
	if (status != 101) {
		lose(conn, "no upgrade");
		return;
	}
	conn->stage = STAGE_UPGRADED;
	run.upgraded++;
	if (!run.is_holding)
		greet(conn);
}

static void take_in(struct connection *conn)
{
	struct str rest = buf_str(&conn->in), text;
	unsigned char opcode;
	int status;
	if (conn->stage == STAGE_CONNECTING && (status = answer_take(&rest)) != 0)
		on_upgraded(conn, status);
	while (run.dialect->is_http && (status = answer_take(&rest)) != 0) {
		on_heard(conn, status == 200 ? HEARD_ANSWER : HEARD_REFUSAL, str_of("no status 200"));
	}
	while (!run.dialect->is_http && conn->stage != STAGE_CONNECTING && conn->stage != STAGE_LOST &&
	       frame_take(&rest, &opcode, &text)) {
		if (opcode == 1)
			on_heard(conn, run.dialect->hear(conn, text), text);
		else if (opcode == 9)
			frame_add(&conn->out, 10, text);
		else if (opcode == 8)
			lose(conn, "closed by the server");
	}
	memmove(conn->in.data, rest.ptr, rest.len);
	conn->in.len = rest.len;
}

static void on_readable(struct connection *conn)
{
	static char bytes[READ_BYTES];
	ssize_t len = recv(conn->fd, bytes, sizeof bytes, 0);
	if (len < 0 && errno == EAGAIN)
		return;
	if (len <= 0) {
		lose(conn, len ? strerror(errno) : "ended by the server");
		return;
	}
	buf_add(&conn->in, bytes, (size_t)len);
	take_in(conn);
	send_out(conn);
	if (!conn->due_us && !conn->in.len) {
		buf_clear(&conn->in); /* ten thousand idle ones need not hold memory here */
		buf_clear(&conn->out);
	}
}

/* Waits in microseconds: a whole millisecond too late would be most of what is measured at a rate. */
static void turn(uint64_t wait_us)
{
	struct epoll_event events[EVENTS];
	struct timespec wait = { .tv_sec = (time_t)(wait_us / 1000000), .tv_nsec = (long)(wait_us % 1000000 * 1000) };
	int count = epoll_pwait2(run.epoll, events, EVENTS, &wait, NULL);
	for (int i = 0; i < count; i++) {
		struct connection *conn = events[i].data.ptr;
		if (conn->stage != STAGE_LOST && events[i].events & EPOLLOUT) {
			listen_for(conn, EPOLLIN);
			send_out(conn);
		}
		if (conn->stage != STAGE_LOST && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			on_readable(conn);
	}
}

/* Several source addresses, so that the ports of one do not run out over many rounds. */
static void open_connection(struct connection *conn, size_t number)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)run.port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in from = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(number % SOURCES)) };
	int one = 1;
	conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (conn->fd < 0)
		die("socket");
	setsockopt(conn->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
	setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (bind(conn->fd, (struct sockaddr *)(void *)&from, sizeof from) ||
	    connect(conn->fd, (struct sockaddr *)(void *)&to, sizeof to))
		die("connect");
	fcntl(conn->fd, F_SETFL, O_NONBLOCK);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = conn };
	epoll_ctl(run.epoll, EPOLL_CTL_ADD, conn->fd, &event);
	if (run.dialect->is_http) {
		run.upgraded++;
		become_ready(conn);
		return;
	}
	buf_printf(&conn->out,
		   "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%ld\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		   "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
		   run.dialect->path, run.port);
	send_out(conn);
}

/* ---- The phases ---- */

/* Opens connections [from, to), so many handshakes at a time. */
static void open_all(size_t from, size_t to)
{
	uint64_t end = now_us() + OPEN_MS * 1000;
	size_t base = run.upgraded + run.lost;
	for (size_t i = from; i < to; i++) {
		open_connection(&run.all[i], i);
		while (i - from + 1 > run.upgraded + run.lost - base + IN_HAND && now_us() < end)
			turn(STEP_US);
	}
	while (run.upgraded + run.lost - base < to - from && now_us() < end)
		turn(STEP_US);
}

static void wait_ready(size_t wanted)
{
	for (uint64_t end = now_us() + OPEN_MS * 1000; run.ready + run.lost < wanted && now_us() < end;)
		turn(STEP_US);
	if (run.ready < wanted) {
		fprintf(stderr, "client: %s: only %zu of %zu connections are ready\n", run.dialect->name, run.ready,
			wanted);
		exit(1);
	}
}

static void greet_all(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		greet(&run.all[i]);
		send_out(&run.all[i]);
		while (run.ready + run.lost + IN_HAND < i + 1)
			turn(STEP_US);
	}
	wait_ready(count);
}

static void settle(uint64_t ms)
{
	for (uint64_t end = now_us() + ms * 1000; now_us() < end;)
		turn(STEP_US);
}

static double rate_of(size_t count, double seconds)
{
	return seconds > 0 ? (double)count / seconds : 0;
}

static void idle_phase(void)
{
	size_t count = (size_t)run.idle;
	double memory = process_resident_bytes(run.pid), cpu = process_cpu_s(run.pid);
	uint64_t began = now_us();
	run.is_holding = true;
	open_all(0, count);
	double opened_cpu = process_cpu_s(run.pid) - cpu, opened_s = (double)(now_us() - began) / 1e6;
	greet_all(count);
	double greeted_cpu = process_cpu_s(run.pid) - cpu;
	run.is_holding = false;
	settle(500);
	double after = process_resident_bytes(run.pid);
	printf("\"idle\":%zu,\"setup_per_s\":%.0f,\"setup_per_cpu_s\":%.0f,\"greeted_per_cpu_s\":%.0f,"
	       "\"idle_bytes\":%.0f,\"resident_bytes\":%.0f,",
	       count, rate_of(count, opened_s), rate_of(count, opened_cpu), rate_of(count, greeted_cpu),
	       (after - memory) / (double)count, after);
}

/* Asks until `until`, as the load wants it. */
static void ask_until(struct connection *conns, uint64_t began, uint64_t until, uint64_t *sent)
{
	size_t count = (size_t)run.conns;
	for (uint64_t now; (now = now_us()) < until;) {
		if (run.rate <= 0) {
			turn(STEP_US);
			continue;
		}
		uint64_t due_us;
		for (; (due_us = began + (uint64_t)((double)*sent * 1e6 / run.rate)) <= now; ++*sent) {
			struct connection *conn = &conns[*sent % count];
			ask(conn, due_us);
			send_out(conn);
		}
		turn((due_us < until ? due_us : until) - now);
	}
}

static int by_value(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

static double quantile_us(double share)
{
	return run.latencies ? run.latency_us[(size_t)(share * (double)(run.latencies - 1))] : 0;
}

static void talk_phase(void)
{
	struct connection *conns = run.all + run.idle;
	uint64_t sent = 0, began = now_us(), warm = began + WARM_MS * 1000;
	for (long i = 0; i < run.conns && run.rate <= 0; i++) {
		ask(&conns[i], began);
		send_out(&conns[i]);
	}
	ask_until(conns, began, warm, &sent);
	size_t before = run.answered;
	double cpu = process_cpu_s(run.pid), own = process_cpu_s(getpid());
	uint64_t counted_from = now_us();
	run.is_counting = true;
	ask_until(conns, began, warm + (uint64_t)(run.seconds * 1e6), &sent);
	run.is_counting = false;
	size_t answered = run.answered - before;
	double took_s = (double)(now_us() - counted_from) / 1e6;
	cpu = process_cpu_s(run.pid) - cpu;
	own = process_cpu_s(getpid()) - own;
	run.seconds = 0; /* nobody asks anew */
	for (uint64_t end = now_us() + DRAIN_MS * 1000; run.answered < run.asked && now_us() < end;)
		turn(STEP_US);
	qsort(run.latency_us, run.latencies, sizeof *run.latency_us, by_value);
	printf("\"conns\":%ld,\"rate\":%.0f,\"answers\":%zu,\"per_s\":%.0f,\"cpu_s\":%.2f,\"per_cpu_s\":%.0f,\"p50_"
	       "us\":%.0f,"
	       "\"p99_us\":%.0f,\"client_cpu\":%.2f,",
	       run.conns, run.rate, answered, rate_of(answered, took_s), cpu, rate_of(answered, cpu), quantile_us(.5),
	       quantile_us(.99), own / took_s);
}

/* ---- What is wanted ---- */

/* The first column of a data file, fit to stand between the quotes of JSON. */
static void read_texts(const char *path)
{
	char line[4096];
	size_t capacity = 0;
	FILE *file = fopen(path, "r");
	if (!file)
		die(path);
	while (fgets(line, sizeof line, file)) {
		struct buf text = { 0 };
		for (const char *c = line; *c && !strchr("\t\r\n", *c); c++) {
			if (*c == '"' || *c == '\\')
				buf_add_char(&text, '\\');
			buf_add_char(&text, *c);
		}
		if (run.text_count == capacity)
			run.texts = mem_resize(run.texts, capacity = capacity ? 2 * capacity : 1024, sizeof *run.texts);
		if (text.len)
			run.texts[run.text_count++] = buf_take(&text);
	}
	fclose(file);
}

static bool read_argument(const char *argument)
{
	const struct {
		const char *name;
		long *number;
		double *real;
	} options[] = {
		{ "port=", &run.port, NULL },   { "pid=", &run.pid, NULL },         { "idle=", &run.idle, NULL },
		{ "conns=", &run.conns, NULL }, { "seconds=", NULL, &run.seconds }, { "rate=", NULL, &run.rate },
	};
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		size_t len = strlen(options[i].name);
		if (strncmp(argument, options[i].name, len))
			continue;
		if (options[i].number)
			*options[i].number = strtol(argument + len, NULL, 10);
		else
			*options[i].real = strtod(argument + len, NULL);
		return true;
	}
	if (!strncmp(argument, "texts=", 6))
		run.texts_path = argument + 6;
	else if (!strncmp(argument, "dialect=", 8))
		run.dialect = dialect_find(argument + 8);
	else
		return false;
	return true;
}

static int usage(void)
{
	struct buf names = { 0 };
	dialect_names(&names);
	fprintf(stderr, "usage: client dialect=%s port=N pid=N [idle=N] [conns=N] [seconds=S] [rate=N] [texts=FILE]\n",
		buf_text(&names));
	buf_clear(&names);
	return 2;
}

int main(int argc, char **argv)
{
	struct rlimit files;
	run.conns = 64;
	run.seconds = 3;
	for (int i = 1; i < argc; i++)
		if (!read_argument(argv[i]))
			return usage();
	if (!run.dialect || run.port <= 0 || run.pid <= 0 || run.idle < 0 || run.conns < 1)
		return usage();
	prctl(PR_SET_TIMERSLACK, 1UL); /* a wait otherwise ends up to 50 us late */
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (run.texts_path)
		read_texts(run.texts_path);
	size_t total = (size_t)(run.idle + run.conns);
	run.epoll = epoll_create1(EPOLL_CLOEXEC);
	run.all = mem_zalloc(total, sizeof *run.all);
	run.latency_us = mem_alloc(LATENCIES_MAX * sizeof *run.latency_us);
	printf("{\"dialect\":\"%s\",", run.dialect->name);
	if (run.idle)
		idle_phase();
	for (size_t i = (size_t)run.idle; i < total; i++)
		run.all[i].due_us = mem_alloc(WAITING_MAX * sizeof *run.all[i].due_us);
	open_all((size_t)run.idle, total);
	wait_ready(total);
	if (run.seconds > 0)
		talk_phase();
	printf("\"unanswered\":%zu,\"refused\":%zu,\"lost\":%zu}\n", run.asked - run.answered, run.refused, run.lost);
	return run.asked != run.answered || run.refused || run.lost;
}
