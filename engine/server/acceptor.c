/* SPDX-License-Identifier: Apache-2.0 */
#include "server/acceptor.h"

#include "base/log.h"
#include "base/mem.h"
#include "server/headers.h"
#include "server/loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EVENTS = 256, BACKLOG = 4096, DEFER_S = 3, OUT_OF_FDS_MS = 100 };

/* A connection that has sent too little to tell what it is. */
struct undecided {
	int fd;
	struct sockaddr_storage peer;
	socklen_t len;
	uint64_t address;
	bool is_proxied;
	int64_t since_ms;
	struct undecided *before, *after;
};

struct acceptor {
	struct acceptor_options options;
	pthread_t thread;
	bool is_started;
	int listener, epoll, stop;
	int end_fd; /* a connection with this number or above is one too many */
	uint16_t port;
	atomic_int most;
	struct undecided *waiting;
};

enum kind { KIND_UNKNOWN, KIND_WS, KIND_HTTP, KIND_GONE };

/* Everything under /ws is a WebSocket's; eight bytes tell. */
static enum kind look(int fd)
{
	static const char head[] = "GET /ws";
	char bytes[8];
	ssize_t len = recv(fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT);
	if (len == 0)
		return KIND_GONE;
	if (len < 0)
		return errno == EAGAIN || errno == EINTR ? KIND_UNKNOWN : KIND_GONE;
	size_t known = len < 7 ? (size_t)len : 7;
	if (memcmp(bytes, head, known))
		return KIND_HTTP;
	if (len < 8)
		return KIND_UNKNOWN;
	return bytes[7] == ' ' || bytes[7] == '?' || bytes[7] == '/' ? KIND_WS : KIND_HTTP;
}

static void leave(struct acceptor *acceptor, uint64_t address)
{
	if (address)
		limits_leave(acceptor->options.limits, address);
}

static void hand_over(struct acceptor *acceptor, enum kind kind, const struct undecided *conn)
{
	const struct acceptor_options *options = &acceptor->options;
	if (kind == KIND_WS) {
		options->take_ws(options->context, conn->fd, conn->address, conn->is_proxied);
	} else if (kind == KIND_HTTP) {
		options->take_http(options->context, conn->fd, (const struct sockaddr *)(const void *)&conn->peer,
				   conn->len, conn->address, conn->is_proxied);
	} else {
		close(conn->fd);
		leave(acceptor, conn->address);
	}
}

static void park(struct acceptor *acceptor, const struct undecided *conn)
{
	struct undecided *kept = mem_alloc(sizeof *kept);
	*kept = *conn;
	kept->since_ms = clock_steady_ms();
	kept->after = acceptor->waiting;
	if (kept->after)
		kept->after->before = kept;
	acceptor->waiting = kept;
	/* Edge-triggered: a look takes nothing, so that a level would ring for ever. */
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = kept };
	epoll_ctl(acceptor->epoll, EPOLL_CTL_ADD, kept->fd, &event);
}

static void unpark(struct acceptor *acceptor, struct undecided *conn)
{
	epoll_ctl(acceptor->epoll, EPOLL_CTL_DEL, conn->fd, NULL);
	if (conn->before)
		conn->before->after = conn->after;
	else
		acceptor->waiting = conn->after;
	if (conn->after)
		conn->after->before = conn->before;
	free(conn);
}

/* Tells the reason and closes: what was sent already is read first, or else the reset would overtake the answer. */
static void turn_away(struct acceptor *acceptor, const struct undecided *conn, const struct refused *refusal)
{
	char answer[REFUSAL_BYTES], head[2048], rest[2048];
	ssize_t len = recv(conn->fd, head, sizeof head - 1, MSG_DONTWAIT);
	head[len > 0 ? len : 0] = '\0';
	while (recv(conn->fd, rest, sizeof rest, MSG_DONTWAIT) > 0)
		;
	bool is_tls = conn->is_proxied && strcasestr(head, "\nX-Forwarded-Proto: https\r");
	size_t size = headers_refusal(answer, refusal, is_tls);
	metrics_add(&acceptor->options.metrics->connections_refused, 1);
	(void)!send(conn->fd, answer, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(conn->fd, SHUT_WR);
	close(conn->fd);
}

static void welcome(struct acceptor *acceptor, struct undecided *conn)
{
	static const struct refused full = { "503 Service Unavailable", "Retry-After: 10\r\n", "busy",
					     "too many are connected, please try again" };
	static const struct refused too_many = { "429 Too Many Requests", "Retry-After: 10\r\n", "too_many",
						 "too many connections from this address" };
	uint64_t address = limits_address(acceptor->options.limits, (struct sockaddr *)(void *)&conn->peer);
	conn->is_proxied = limits_is_trusted(acceptor->options.limits, address); /* they are not counted themselves */
	if (conn->fd >= acceptor->end_fd) { /* the kernel gives the lowest free number */
		turn_away(acceptor, conn, &full);
		return;
	}
	if (!conn->is_proxied) {
		if (!limits_enter(acceptor->options.limits, address, atomic_load(&acceptor->most))) {
			turn_away(acceptor, conn, &too_many);
			return;
		}
		conn->address = address;
	}
	metrics_add(&acceptor->options.metrics->connections, 1);
	enum kind kind = look(conn->fd);
	if (kind == KIND_UNKNOWN)
		park(acceptor, conn);
	else
		hand_over(acceptor, kind, conn);
}

static void accept_all(struct acceptor *acceptor)
{
	for (;;) {
		struct undecided conn = { .len = sizeof conn.peer };
		conn.fd = accept4(acceptor->listener, (struct sockaddr *)(void *)&conn.peer, &conn.len,
				  SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (conn.fd >= 0) {
			welcome(acceptor, &conn);
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			/* The queue stays readable: without a pause this thread would spin until somebody leaves. */
			log_line(LOG_WARNING, "connections wait: %s", strerror(errno));
			poll(NULL, 0, OUT_OF_FDS_MS);
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;
		}
	}
}

static void on_bytes(struct acceptor *acceptor, struct undecided *conn, uint32_t events)
{
	enum kind kind = look(conn->fd);
	if (kind == KIND_UNKNOWN && (events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)))
		kind = KIND_GONE;
	if (kind == KIND_UNKNOWN)
		return;
	struct undecided copy = *conn;
	unpark(acceptor, conn);
	hand_over(acceptor, kind, &copy);
}

static void drop_old(struct acceptor *acceptor, int64_t older_than_ms)
{
	int64_t now = clock_steady_ms();
	for (struct undecided *conn = acceptor->waiting, *after; conn; conn = after) {
		after = conn->after;
		if (now - conn->since_ms < older_than_ms)
			continue;
		struct undecided copy = *conn;
		unpark(acceptor, conn);
		hand_over(acceptor, KIND_GONE, &copy);
	}
}

static void *run(void *context)
{
	struct acceptor *acceptor = context;
	struct epoll_event events[EVENTS];
	for (;;) {
		int count = epoll_wait(acceptor->epoll, events, EVENTS, acceptor->waiting ? 1000 : -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr == &acceptor->stop)
				return NULL;
			if (events[i].data.ptr == &acceptor->listener)
				accept_all(acceptor);
			else
				on_bytes(acceptor, events[i].data.ptr, events[i].events);
		}
		drop_old(acceptor, ACCEPT_UNDECIDED_S * 1000);
	}
}

static int parse_address(const struct acceptor_options *options, struct sockaddr_storage *out, socklen_t *out_len)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(options->port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(options->port) };
	if (inet_pton(AF_INET, options->address, &four.sin_addr) == 1) {
		memcpy(out, &four, *out_len = sizeof four);
		return 0;
	}
	if (inet_pton(AF_INET6, options->address, &six.sin6_addr) == 1) {
		memcpy(out, &six, *out_len = sizeof six);
		return 0;
	}
	return -1;
}

static int listen_on(struct acceptor *acceptor, struct error *err)
{
	const struct acceptor_options *options = &acceptor->options;
	struct sockaddr_storage address = { 0 };
	socklen_t len;
	int one = 1, defer = DEFER_S;
	if (parse_address(options, &address, &len))
		return error_set(err, ERROR_INPUT,
				 "%s is no address to listen on; use for instance 127.0.0.1 or 0.0.0.0",
				 options->address);
	int fd = acceptor->listener = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_set(err, ERROR_SYSTEM, "no socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer, sizeof defer);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* those that it accepts inherit that */
	if (bind(fd, (struct sockaddr *)(void *)&address, len) || listen(fd, BACKLOG))
		return error_set(err, ERROR_SYSTEM, "cannot listen on %s:%d: %s%s", options->address, options->port,
				 strerror(errno), errno == EADDRINUSE ? "; is Shopbell running already?" : "");
	getsockname(fd, (struct sockaddr *)(void *)&address, &len);
	acceptor->port = ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&address)->sin_port
							    : ((struct sockaddr_in6 *)(void *)&address)->sin6_port);
	return 0;
}

/* The rest is for the data file, the owner's files and what else is to be opened while as many are connected as can be. */
static int find_end_fd(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur > INT_MAX)
		return INT_MAX;
	int most = (int)files.rlim_cur, reserved = ACCEPT_RESERVED_FDS < most / 4 ? ACCEPT_RESERVED_FDS : most / 4;
	return most - reserved;
}

static int watch(struct acceptor *acceptor, int *fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = fd };
	return epoll_ctl(acceptor->epoll, EPOLL_CTL_ADD, *fd, &event);
}

int acceptor_open(const struct acceptor_options *options, struct acceptor **out, struct error *err)
{
	struct acceptor *acceptor = mem_zalloc(1, sizeof *acceptor);
	acceptor->options = *options;
	acceptor->listener = -1;
	acceptor->end_fd = find_end_fd();
	atomic_init(&acceptor->most, 1000);
	acceptor->epoll = epoll_create1(EPOLL_CLOEXEC);
	acceptor->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (listen_on(acceptor, err))
		goto fail;
	if (watch(acceptor, &acceptor->listener) || watch(acceptor, &acceptor->stop)) {
		error_set(err, ERROR_SYSTEM, "epoll: %s", strerror(errno));
		goto fail;
	}
	*out = acceptor;
	return 0;
fail:
	acceptor_close(acceptor);
	return -1;
}

uint16_t acceptor_port(const struct acceptor *acceptor)
{
	return acceptor->port;
}

void acceptor_start(struct acceptor *acceptor)
{
	pthread_create(&acceptor->thread, NULL, run, acceptor);
	acceptor->is_started = true;
}

void acceptor_set_most(struct acceptor *acceptor, int most)
{
	atomic_store(&acceptor->most, most);
}

void acceptor_stop(struct acceptor *acceptor)
{
	if (acceptor->is_started) {
		eventfd_write(acceptor->stop, 1);
		pthread_join(acceptor->thread, NULL);
		acceptor->is_started = false;
	}
	drop_old(acceptor, 0);
	if (acceptor->listener >= 0)
		close(acceptor->listener);
	acceptor->listener = -1;
}

void acceptor_close(struct acceptor *acceptor)
{
	if (!acceptor)
		return;
	acceptor_stop(acceptor);
	close(acceptor->epoll);
	close(acceptor->stop);
	free(acceptor);
}
