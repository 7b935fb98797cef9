/* SPDX-License-Identifier: Apache-2.0 */
#include "server/server.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/acceptor.h"
#include "server/http.h"
#include "server/hub.h"
#include "server/reload.h"
#include "server/session.h"
#include "server/ws.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	STOP_GOODBYES_MS = 500,
	STOP_LOOK_MS = 10,
	HTTP_CONNECTIONS = 4096,
	CLOSE_GOING_AWAY = 1001,
	FILES_WANTED = 4096
};

struct server {
	const struct server_options *options;
	char *store_path;
	int lock;
	struct metrics metrics;
	struct loop *loop;
	struct limits *limits;
	uint64_t fingerprint; /* of the intents, before they were loaded */
	struct shelf *shelf;
	struct writer *writer;
	struct hub *hub;
	struct ws *ws;
	struct http *http;
	struct acceptor *acceptor;
	struct reloader *reloader;
	bool is_stopping;
	int64_t stop_ms; /* steady: when the stop began */
	struct timer stop_look;
};

struct server_options server_options_defaults(void)
{
	return (struct server_options){
		.intents = "./intents", .data = "./data", .address = "127.0.0.1", .port = 8080
	};
}

char *server_store_path(const char *data)
{
	struct buf path = { 0 };
	buf_printf(&path, "%s/shopbell.db", data);
	return buf_take(&path);
}

/* ---- Start ---- */

/* The folder, made when it is not there, and locked: two servers on one data file would each think that what it has in
 * memory is all there is. Other commands may work beside a server. */
static int open_folder(struct server *server, struct error *err)
{
	const char *data = server->options->data;
	struct buf path = { 0 };
	if (mkdir(data, 0700) && errno != EEXIST)
		return error_set(err, ERROR_SYSTEM, "the folder %s cannot be made: %s", data, strerror(errno));
	buf_printf(&path, "%s/shopbell.lock", data);
	server->lock = open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int status = 0;
	if (server->lock < 0)
		status = error_set(err, ERROR_SYSTEM, "%s cannot be opened: %s", buf_text(&path), strerror(errno));
	else if (flock(server->lock, LOCK_EX | LOCK_NB))
		status = error_set(
			err, ERROR_CONFLICT,
			"another server works on %s already: stop it first, or name another folder with --data", data);
	buf_clear(&path);
	return status;
}

static int load_knowledge(struct server *server, struct error *err)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct buf text = { 0 };
	diagnostics_init(&problems, &arena);
	server->fingerprint = reload_fingerprint(server->options->intents);
	struct snapshot *first = reload_first(server->options->intents, &problems);
	diagnostics_print(&problems, &text);
	if (text.len)
		fputs(buf_text(&text), stderr);
	if (first) {
		atomic_store(&server->metrics.is_serving, true);
		atomic_store(&server->metrics.corpus_loaded_s, (long)(first->loaded_ms / 1000));
		server->shelf = shelf_new(first);
	}
	int status =
		first ? 0
		      : error_set(err, ERROR_INPUT, "%zu error%s in %s: there is nothing to answer with",
				  problems.error_count, problems.error_count == 1 ? "" : "s", server->options->intents);
	buf_clear(&text);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return status;
}

/* The writer first: it brings the file's schema up to date, and the readers want the newest. */
static int open_stores(struct server *server, struct error *err)
{
	struct store *writing, *reading;
	if (store_open(server->store_path, STORE_WRITE, &writing, err))
		return -1;
	server->writer = writer_start(writing, server->loop, &server->metrics);
	if (store_open(server->store_path, STORE_READ, &reading, err))
		return -1;
	struct hub_options options = { .loop = server->loop,
				       .writer = server->writer,
				       .store = reading,
				       .shelf = server->shelf,
				       .limits = server->limits,
				       .metrics = &server->metrics };
	return hub_open(&options, &server->hub, err);
}

static void take_ws(void *context, int fd, uint64_t address, bool is_proxied)
{
	struct server *server = context;
	ws_take(server->ws, fd, address, is_proxied);
}

static void take_http(void *context, int fd, const struct sockaddr *peer, socklen_t len, uint64_t address,
		      bool is_proxied)
{
	struct server *server = context;
	(void)is_proxied;
	http_take(server->http, fd, peer, len, address);
}

static void set_limits(struct server *server)
{
	struct snapshot *snapshot = shelf_take(server->shelf);
	acceptor_set_most(server->acceptor, snapshot->knowledge->corpus->settings.connections_per_address);
	snapshot_unref(snapshot);
}

static void on_reloaded(void *context)
{
	struct server *server = context;
	set_limits(server);
	hub_reloaded(server->hub);
}

static int open_sockets(struct server *server, struct error *err)
{
	const struct server_options *options = server->options;
	struct ws_handlers handlers = hub_handlers(server->hub);
	if (ws_open(server->loop, server->limits, &handlers, &server->ws, err))
		return -1;
	struct http_options http = { .store_path = server->store_path,
				     .intents = options->intents,
				     .writer = server->writer,
				     .shelf = server->shelf,
				     .limits = server->limits,
				     .metrics = &server->metrics,
				     .hub = server->hub,
				     .connections = HTTP_CONNECTIONS };
	if (http_start(&http, &server->http, err))
		return -1;
	struct acceptor_options acceptor = { .address = options->address,
					     .port = options->port,
					     .limits = server->limits,
					     .metrics = &server->metrics,
					     .context = server,
					     .take_ws = take_ws,
					     .take_http = take_http };
	if (acceptor_open(&acceptor, &server->acceptor, err))
		return -1;
	set_limits(server);
	acceptor_start(server->acceptor);
	return 0;
}

static int make_link(struct writing *writing, struct store *store, struct error *err)
{
	return setup_make(store, writing->context, err);
}

/* The first line is for programs too; it has to be there as soon as connections are taken. */
static int greet(struct server *server, struct error *err)
{
	const char *address = server->options->address;
	bool is_six = strchr(address, ':') != NULL, has_owner = true;
	char url[128];
	struct store *store;
	struct writing writing = { .act = make_link };
	struct secret link;
	snprintf(url, sizeof url, is_six ? "http://[%s]:%d" : "http://%s:%d", address, acceptor_port(server->acceptor));
	printf("shopbell: listening on %s\n", url);
	fflush(stdout);
	if (store_open(server->store_path, STORE_READ, &store, err))
		return -1;
	int status = store_has_owner(store, &has_owner, err);
	store_close(store);
	writing.context = &link;
	if (status || (!has_owner && writer_ask(server->writer, &writing, err)))
		return -1;
	printf("  the demonstration shop   %s/\n  the console for agents   %s/console/\n", url, url);
	if (!has_owner)
		printf("  make the first owner     %s/console/#setup=%s\n"
		       "                           (this link works once; a restart makes a new one)\n",
		       url, link.text);
	fflush(stdout);
	return 0;
}

/* ---- Run and stop ---- */

static void on_tick(void *context, int64_t now_ms)
{
	struct server *server = context;
	ws_tick(server->ws);
	hub_tick(server->hub, now_ms);
}

static void on_stepped(void *context, int64_t by_ms)
{
	hub_clock_stepped(((struct server *)context)->hub, by_ms);
}

static void on_settle(void *context)
{
	struct server *server = context;
	hub_settle(server->hub);
	ws_flush(server->ws);
}

/* Goes on until what was at the writer has been told and the goodbyes are out. */
static void on_stop_look(struct timer *timer, int64_t now_ms)
{
	struct server *server = (struct server *)(void *)((char *)timer - offsetof(struct server, stop_look));
	int64_t gone_ms = clock_steady_ms() - server->stop_ms;
	bool is_idle = hub_is_idle(server->hub);
	if (is_idle)
		ws_close_all(server->ws, CLOSE_GOING_AWAY);
	if ((is_idle && !ws_count(server->ws)) || gone_ms > STOP_GOODBYES_MS)
		loop_stop(server->loop);
	else
		loop_set_timer(server->loop, timer, now_ms + STOP_LOOK_MS);
}

static void on_signal(void *context, int number)
{
	struct server *server = context;
	if (number == SIGHUP) {
		reload_ask(server->reloader);
		return;
	}
	if (server->is_stopping)
		return;
	server->is_stopping = true;
	server->stop_ms = clock_steady_ms();
	acceptor_stop(server->acceptor); /* not closed: the builder may be about to set its limits */
	hub_stop(server->hub);
	server->stop_look.fire = on_stop_look;
	loop_set_timer(server->loop, &server->stop_look, clock_ms());
}

/* A slow disk may have taken the last words only after the loop has ended: whoever still listens hears of it. */
static void tell_last(struct server *server)
{
	if (!server->ws)
		return;
	loop_run_posted(server->loop);
	hub_settle(server->hub);
	ws_flush(server->ws);
}

static void close_all(struct server *server)
{
	if (server->acceptor)
		acceptor_stop(server->acceptor);
	bool is_idle = http_stop(server->http); /* its desk may still ask the writer */
	writer_stop(server->writer);
	tell_last(server);
	ws_free(server->ws);
	if (!is_idle || !reload_stop(server->reloader)) {
		/* Everything is on the disk and everybody was told. To learn from a large folder, for a reload or to try a
		 * draft, may take many seconds, of which nobody has anything any more: the kernel takes back what is left. */
		fflush(NULL);
		_exit(EXIT_SUCCESS);
	}
	writer_free(server->writer);
	acceptor_close(server->acceptor);
	hub_close(server->hub);
	loop_close(server->loop);
	shelf_free(server->shelf);
	limits_free(server->limits);
	if (server->lock >= 0)
		close(server->lock);
	free(server->store_path);
}

/* As many open files as the system lets us have; a connection is one. */
static void raise_limits(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_max < FILES_WANTED)
		log_line(LOG_WARNING,
			 "only %llu files may be open, so that there is room for fewer connections than that: "
			 "raise it with `ulimit -n`, or LimitNOFILE= in the unit",
			 (unsigned long long)files.rlim_max);
}

/* Signals go to the loop alone: every thread starts with them blocked, and one that comes before the loop runs waits for
 * it. */
static void set_signals(sigset_t *before)
{
	sigset_t blocked;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of the disk, not the end */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &blocked, before);
}

int server_run(const struct server_options *options, struct error *err)
{
	struct server server = { .options = options, .lock = -1, .store_path = server_store_path(options->data) };
	sigset_t before;
	int status = -1;
	raise_limits();
	set_signals(&before);
	server.limits = limits_new();
	for (size_t i = 0; i < options->proxy_count; i++)
		if (limits_trust(server.limits, str_of(options->proxies[i]))) {
			error_set(err, ERROR_INPUT, "%s is no address of a proxy, or one too many",
				  options->proxies[i]);
			goto done;
		}
	if (sodium_start(err) || open_folder(&server, err) || loop_open(&server.loop, err) ||
	    load_knowledge(&server, err) || open_stores(&server, err) || open_sockets(&server, err) ||
	    greet(&server, err))
		goto done;
	struct reload_options reload = { .directory = options->intents,
					 .shelf = server.shelf,
					 .metrics = &server.metrics,
					 .context = &server,
					 .reloaded = on_reloaded,
					 .seen = server.fingerprint };
	server.reloader = reload_start(&reload);
	struct loop_handlers handlers = {
		.context = &server, .tick = on_tick, .settle = on_settle, .signal = on_signal, .stepped = on_stepped
	};
	loop_run(server.loop, &handlers);
	status = 0;
done:
	close_all(&server);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return status;
}
