/* SPDX-License-Identifier: Apache-2.0 */
#include "server/http.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/gzip.h"
#include "server/headers.h"
#include "server/reading.h"
#include "server/request.h"
#include "wire/wire.h"

#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { IDLE_S = 30, MEMORY_BYTES = 32 * 1024 /* twice what head.h lets through, and more */, DESK_MAX = 64 };
enum { SPARES_MAX = 64, SPARE_BYTES = 64 * 1024 }; /* requests whose memory is kept for the next, and how much of it */

struct http {
	struct MHD_Daemon *daemon;
	struct reading *reading; /* of the library's thread */
	struct clerk front, desk;
	pthread_t thread;      /* of the desk */
	int ended;             /* rings when that has ended */
	pthread_mutex_t mutex; /* guards the four below */
	pthread_cond_t wake;
	struct request *first, **last;
	size_t waiting;
	bool is_stopping;
	struct request *spares; /* of the library's thread */
	size_t spare_count;
	/* /widget.js with the shop's settings in it, for the snapshot with this number. */
	struct buf widget, widget_gzip;
	char widget_etag[40];
	uint64_t widget_number;
};

/* ---- What goes out with every answer ---- */

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
	MHD_add_response_header(response, name, value);
}

static void add_protection(struct MHD_Response *response, const struct request *request)
{
	struct header headers[HEADERS_MAX];
	const char *path = request->path;
	enum headers_kind kind = !strncmp(path, "/widget", 7)    ? HEADERS_SHARED
				 : !strncmp(path, "/console", 8) ? HEADERS_CONSOLE
				 : !strncmp(path, "/api/", 5)    ? HEADERS_DATA
								 : HEADERS_PAGE;
	size_t count = headers_protecting(kind, request->is_tls, headers);
	for (size_t i = 0; i < count; i++)
		add_header(response, headers[i].name, headers[i].value);
}

/* The first of that name. */
static const char *header(const struct request *request, const char *name)
{
	const char *value = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
	return value ? value : "";
}

struct last_header {
	const char *name, *value;
};

static enum MHD_Result keep_last(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct last_header *last = context;
	(void)kind;
	if (value && str_equal_nocase(str_of(name), str_of(last->name)))
		last->value = value;
	return MHD_YES;
}

/* What the proxy itself says stands last: some add a line of their own behind one that came with the request. */
static const char *proxy_header(const struct request *request, const char *name)
{
	struct last_header last = { name, "" };
	MHD_get_connection_values(request->connection, MHD_HEADER_KIND, keep_last, &last);
	return last.value;
}

const char *request_argument(const struct request *request, const char *name)
{
	const char *value = MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
	return value ? value : "";
}

static bool accepts_gzip(const struct request *request)
{
	struct str rest = str_of(header(request, "Accept-Encoding")), part;
	while (str_split(&rest, ',', &part)) {
		struct str name = str_trim(str_part(part, 0, str_find(part, ';')));
		if (str_equal_nocase(name, STR_LIT("gzip")))
			return !str_ends(str_trim(part), "q=0");
	}
	return false;
}

static enum MHD_Result queue(struct request *request, struct MHD_Response *response)
{
	add_protection(response, request);
	if (request->set_cookie)
		add_header(response, "Set-Cookie", request->set_cookie);
	if (request->allow)
		add_header(response, "Allow", request->allow);
	if (request->file_name) {
		char disposition[80];
		snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", request->file_name);
		add_header(response, "Content-Disposition", disposition);
	}
	if (request->retry_after_s) {
		char seconds[24];
		snprintf(seconds, sizeof seconds, "%lld", (long long)request->retry_after_s);
		add_header(response, "Retry-After", seconds);
	}
	enum MHD_Result status = MHD_queue_response(request->connection, (unsigned)request->status, response);
	MHD_destroy_response(response);
	return status;
}

static enum MHD_Result send_bytes(struct request *request, const void *bytes, size_t len, const char *type,
				  const char *etag, bool is_gzip)
{
	/* `etag` is the file's: both encodings of it have one name, told apart by Vary. */
	bool is_known = etag && strstr(header(request, "If-None-Match"), etag);
	struct MHD_Response *response =
		MHD_create_response_from_buffer(is_known ? 0 : len, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
	request->status = is_known ? 304 : 200;
	add_header(response, "Content-Type", type);
	add_header(response, "Cache-Control", "no-cache");
	add_header(response, "Vary", "Accept-Encoding");
	if (etag)
		add_header(response, "ETag", etag);
	if (is_gzip && !is_known)
		add_header(response, "Content-Encoding", "gzip");
	return queue(request, response);
}

/* ---- /widget.js: the built script with the shop's settings put in ---- */

static void make_widget(struct http *http, const struct asset *asset, const struct snapshot *snapshot)
{
	static const char mark[] = "\"__SHOPBELL_CONFIG__\"";
	const char *raw = (const char *)asset->raw, *at = memmem(raw, asset->raw_size, mark, sizeof mark - 1);
	size_t before = at ? (size_t)(at - raw) : asset->raw_size;
	buf_reset(&http->widget);
	buf_add(&http->widget, raw, before);
	if (at) {
		wire_widget_config(&http->widget, &snapshot->knowledge->corpus->settings);
		buf_add(&http->widget, at + sizeof mark - 1, asset->raw_size - before - (sizeof mark - 1));
	}
	buf_reset(&http->widget_gzip);
	gzip_add(&http->widget_gzip, buf_str(&http->widget));
	snprintf(http->widget_etag, sizeof http->widget_etag, "\"%016llx\"",
		 (unsigned long long)hash_bytes(http->widget.data, http->widget.len, 1));
	http->widget_number = snapshot->number;
}

static enum MHD_Result send_widget(struct request *request)
{
	struct http *http = request->http;
	struct snapshot *snapshot = shelf_take(http->front.options.shelf);
	if (http->widget_number != snapshot->number)
		make_widget(http, request->asset, snapshot);
	snapshot_unref(snapshot);
	bool is_gzip = accepts_gzip(request);
	struct str script = buf_str(is_gzip ? &http->widget_gzip : &http->widget);
	char *copy = arena_strdup(&request->arena, script); /* the next request may make it anew */
	return send_bytes(request, copy, script.len, request->asset->type, http->widget_etag, is_gzip);
}

static enum MHD_Result send_answer(struct request *request)
{
	const struct asset *asset = request->asset;
	if (asset && !strcmp(asset->path, "/widget.js"))
		return send_widget(request);
	if (asset) {
		bool is_gzip = asset->gzip_size && accepts_gzip(request);
		return send_bytes(request, is_gzip ? asset->gzip : asset->raw,
				  is_gzip ? asset->gzip_size : asset->raw_size, asset->type, asset->etag, is_gzip);
	}
	struct MHD_Response *response =
		MHD_create_response_from_buffer(request->answer.len, (void *)(uintptr_t)buf_text(&request->answer),
						MHD_RESPMEM_PERSISTENT);
	if (request->status != 204)
		add_header(response, "Content-Type", request->type ? request->type : "application/json");
	add_header(response, "Cache-Control", "no-store");
	if (request->status == 308)
		add_header(response, "Location", "/console/");
	if (request->status == 426) {
		add_header(response, "Connection", "close");
		add_header(response, "Upgrade", "websocket");
	}
	return queue(request, response);
}

/* ---- The desk ---- */

static void *run_desk(void *context)
{
	struct http *http = context;
	for (;;) {
		pthread_mutex_lock(&http->mutex);
		while (!http->first && !http->is_stopping)
			pthread_cond_wait(&http->wake, &http->mutex);
		struct request *request = http->first;
		if (!request) {
			pthread_mutex_unlock(&http->mutex);
			eventfd_write(http->ended, 1);
			return NULL;
		}
		http->first = request->next;
		if (!http->first)
			http->last = &http->first;
		http->waiting--;
		bool is_stopping = http->is_stopping;
		pthread_mutex_unlock(&http->mutex);
		if (is_stopping)
			answer_error(request, 503, "stopping", "the server is being stopped");
		else
			route_run(&http->desk, request);
		request->is_done = true;
		MHD_resume_connection(request->connection);
	}
}

static bool put_on_desk(struct http *http, struct request *request)
{
	pthread_mutex_lock(&http->mutex);
	bool has_room = http->waiting < DESK_MAX && !http->is_stopping;
	if (has_room) {
		request->is_at_desk = true;
		request->next = NULL;
		MHD_suspend_connection(request->connection); /* before the desk can see it, and resume it */
		*http->last = request;
		http->last = &request->next;
		http->waiting++;
		pthread_cond_signal(&http->wake);
	}
	pthread_mutex_unlock(&http->mutex);
	return has_room;
}

/* ---- A request comes ---- */

static void request_free(struct request *request)
{
	buf_clear(&request->body);
	buf_clear(&request->answer);
	arena_clear(&request->arena);
	free(request);
}

/* An empty one, with memory of one before when there is any. */
static struct request *request_take(struct http *http)
{
	struct request *request = http->spares;
	if (!request)
		return mem_zalloc(1, sizeof *request);
	http->spares = request->next;
	http->spare_count--;
	*request = (struct request){ .arena = request->arena, .body = request->body, .answer = request->answer };
	return request;
}

static void request_put(struct http *http, struct request *request)
{
	size_t bytes = arena_size_bytes(&request->arena) + request->body.capacity + request->answer.capacity;
	if (http->spare_count == SPARES_MAX || bytes > SPARE_BYTES) {
		request_free(request);
		return;
	}
	arena_reset(&request->arena);
	buf_reset(&request->body);
	buf_reset(&request->answer);
	request->next = http->spares;
	http->spares = request;
	http->spare_count++;
}

static struct request *request_new(struct http *http, struct MHD_Connection *connection, const char *method,
				   const char *path)
{
	struct request *request = request_take(http);
	request->http = http;
	request->connection = connection;
	request->method = arena_strdup(&request->arena, str_of(method));
	request->path = arena_strdup(&request->arena, str_of(path));
	request->host = header(request, "Host");
	request->origin = header(request, "Origin");
	request->cookie = header(request, "Cookie");
	request->content_type = header(request, "Content-Type");
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct limits *limits = http->front.options.limits;
	request->address = info && info->client_addr ? limits_address(limits, info->client_addr) : 0;
	if (limits_is_trusted(limits, request->address)) {
		uint64_t told =
			limits_address_text(limits, forwarded_address(proxy_header(request, "X-Forwarded-For")));
		request->address = told ? told : request->address;
		request->is_tls = !strcmp(proxy_header(request, "X-Forwarded-Proto"), "https");
	}
	return request;
}

static enum MHD_Result start_request(struct http *http, struct request *request)
{
	metrics_add(&http->front.options.metrics->http_requests, 1);
	bool is_get = !strcmp(request->method, "GET") || !strcmp(request->method, "HEAD");
	request->is_started = true;
	if (is_get && (request->asset = asset_find(str_of(request->path))))
		return MHD_YES;
	request->route = route_find(is_get ? "GET" : request->method, request->path, &request->number, &request->allow);
	if (request->route)
		return MHD_YES;
	if (is_get && !strcmp(request->path, "/console")) {
		request->status = 308;
	} else if (!strncmp(request->path, "/ws", 3)) {
		/* An upgrade on a connection that was used for HTTP before: it cannot be moved. */
		answer_error(request, 426, "upgrade", "open a new connection for the WebSocket");
	} else if (request->allow) {
		answer_error(request, 405, "method", "this cannot be done here");
	} else {
		answer_error(request, 404, "not_found", "there is nothing here");
	}
	request->is_done = true;
	return MHD_YES;
}

/* A body somewhat over the limit is read to its end, so that the answer arrives; head.h refuses what is far over it. */
static void take_body(struct request *request, const char *bytes, size_t len)
{
	request->received += len;
	if (request->received > BODY_MAX)
		request->is_too_large = true;
	else
		buf_add(&request->body, bytes, len);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
				  const char *method, const char *version, const char *upload, size_t *upload_len,
				  void **state)
{
	struct http *http = context;
	struct request *request = *state;
	(void)version;
	if (!request) {
		*state = request_new(http, connection, method, path);
		return MHD_YES;
	}
	if (*upload_len) {
		take_body(request, upload, *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	if (!request->is_started)
		start_request(http, request);
	if (request->is_done || request->asset)
		return send_answer(request);
	if (request->is_too_large)
		answer_error(request, 413, "too_long", "a body may have at most 65536 bytes");
	else if (!request->route->is_slow)
		route_run(&http->front, request);
	else if (put_on_desk(http, request))
		return MHD_YES;
	else
		answer_error(request, 503, "busy", "too much to do, please try again"), request->retry_after_s = 2;
	return send_answer(request);
}

static void on_end(void *context, struct MHD_Connection *connection, void **state,
		   enum MHD_RequestTerminationCode reason)
{
	struct request *request = *state;
	(void)connection, (void)reason;
	if (request)
		request_put(context, request);
	*state = NULL;
}

/* In the library's thread, before it reads, and again before it closes. */
static void on_connection(void *context, struct MHD_Connection *connection, void **state,
			  enum MHD_ConnectionNotificationCode what)
{
	struct http *http = context;
	const struct http_options *options = &http->front.options;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	uint64_t address = info && info->client_addr ? limits_address(options->limits, info->client_addr) : 0;
	bool is_proxied = limits_is_trusted(options->limits, address);
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		struct reader *reader = *state = mem_zalloc(1, sizeof *reader);
		reader->is_proxied = is_proxied;
		info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		reading_begin(http->reading, reader, info->connect_fd);
		atomic_fetch_add(&options->metrics->http_connections, 1);
		return;
	}
	reading_end(http->reading, *state);
	free(*state);
	*state = NULL;
	atomic_fetch_sub(&options->metrics->http_connections, 1);
	if (address && !is_proxied)
		limits_leave(options->limits, address);
}

/* ---- The whole ---- */

static void log_of_library(void *context, const char *format, va_list args)
{
	char line[512];
	(void)context;
	vsnprintf(line, sizeof line, format, args);
	log_line(LOG_DEBUG, "http: %.*s", (int)strcspn(line, "\n"), line);
}

static void http_free(struct http *http)
{
	clerk_close(&http->front);
	clerk_close(&http->desk);
	reading_free(http->reading);
	buf_clear(&http->widget);
	buf_clear(&http->widget_gzip);
	for (struct request *spare = http->spares, *next; spare; spare = next) {
		next = spare->next;
		request_free(spare);
	}
	pthread_mutex_destroy(&http->mutex);
	pthread_cond_destroy(&http->wake);
	close(http->ended);
	free(http);
}

int http_start(const struct http_options *options, struct http **out, struct error *err)
{
	struct http *http = mem_zalloc(1, sizeof *http);
	pthread_mutex_init(&http->mutex, NULL);
	pthread_cond_init(&http->wake, NULL);
	http->last = &http->first;
	http->reading = reading_new(NULL);
	http->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	drafts_tidy(options->store_path);
	if (clerk_open(&http->front, options, err) || clerk_open(&http->desk, options, err))
		goto fail;
	http->daemon = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC |
						MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
					0, NULL, NULL, on_request, http, MHD_OPTION_EXTERNAL_LOGGER, log_of_library,
					NULL, MHD_OPTION_NOTIFY_COMPLETED, on_end, http, MHD_OPTION_NOTIFY_CONNECTION,
					on_connection, http, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
					MHD_OPTION_CONNECTION_LIMIT, options->connections,
					MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES, MHD_OPTION_END);
	if (!http->daemon) {
		error_set(err, ERROR_SYSTEM, "the HTTP server does not start");
		goto fail;
	}
	pthread_create(&http->thread, NULL, run_desk, http);
	*out = http;
	return 0;
fail:
	http_free(http);
	return -1;
}

void http_take(struct http *http, int fd, const struct sockaddr *peer, socklen_t len, uint64_t address)
{
	/* The library closes the socket also when it does not take it, but tells nobody then. */
	if (MHD_add_connection(http->daemon, fd, peer, len) != MHD_YES && address)
		limits_leave(http->front.options.limits, address);
}

bool http_stop(struct http *http)
{
	if (!http)
		return true;
	struct pollfd ended = { .fd = http->ended, .events = POLLIN };
	pthread_mutex_lock(&http->mutex);
	http->is_stopping = true;
	pthread_cond_signal(&http->wake);
	pthread_mutex_unlock(&http->mutex);
	if (poll(&ended, 1, HTTP_STOP_MS) != 1) {
		pthread_detach(http->thread);
		return false;
	}
	pthread_join(http->thread, NULL);
	MHD_stop_daemon(http->daemon);
	http_free(http);
	return true;
}
