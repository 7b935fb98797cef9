/* SPDX-License-Identifier: Apache-2.0 */
#include "server/ws.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/vec.h"
#include "server/arrivals.h"
#include "server/handshake.h"
#include "server/reading.h"
#include "wire/wire.h"

#include <assert.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

enum {
	WHEEL = 128,         /* seconds ahead that a time limit can lie */
	READ_BYTES = 512,    /* per connection; longer messages come in pieces (1.9 KB of memory each, not 5.4) */
	WRITE_BYTES = 65536, /* left at 0 the library cuts each write to READ_BYTES: 3.6 times the CPU */
	HEADER_BYTES = 12288,
	DEAF_S = 2, /* behind a fault no answer to a close can be heard; a tick may come before the close went out */
};

struct ws {
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct loop *loop;
	struct limits *limits;
	struct reading *reading;
	struct ws_handlers handlers;
	size_t count;
	uint32_t now_s; /* seconds of ticks */
	struct ws_socket *wheel[WHEEL];
	struct {
		struct ws_socket **items; /* NULL: gone meanwhile */
		size_t count, capacity;
	} unsent; /* got something to send in this round */
	unsigned char joined[WRITE_BYTES];
	struct arrivals arrivals;
	struct task take;
};

struct ws_socket {
	struct lws *wsi;
	struct ws *ws;
	void *user;
	uint64_t address;                 /* counted in limits; 0: not */
	struct ws_socket *before, *after; /* in the wheel's slot */
	struct outbox outbox;
	struct reader reader;
	char *partial; /* a message that came in pieces, so far */
	uint32_t partial_len;
	uint32_t due_s, heard_s, behind_s;
	uint32_t unsent_place; /* in ws->unsent, from 1; 0: not there */
	uint16_t close_code;   /* 0: not closing, or without a word */
	uint16_t fault;        /* 0, or the code to close with when what came before it was answered */
	bool is_admitted, is_open, is_closing, is_pinged, is_greeted, is_proxied, was_behind;
	bool is_blocked; /* goes on when the library says that it can be written */
};

/* ---- Time limits: a wheel with a slot for each second ---- */

static void unschedule(struct ws_socket *socket)
{
	struct ws_socket **slot = &socket->ws->wheel[socket->due_s % WHEEL];
	if (!socket->due_s)
		return;
	if (socket->before)
		socket->before->after = socket->after;
	else
		*slot = socket->after;
	if (socket->after)
		socket->after->before = socket->before;
	socket->before = socket->after = NULL;
	socket->due_s = 0;
}

static void schedule(struct ws_socket *socket, uint32_t seconds)
{
	unschedule(socket);
	socket->due_s = socket->ws->now_s + seconds;
	struct ws_socket **slot = &socket->ws->wheel[socket->due_s % WHEEL];
	socket->after = *slot;
	if (*slot)
		(*slot)->before = socket;
	*slot = socket;
}

/* Ends it within a second, without a word: it may be called from inside the library's callbacks, where a connection must
 * not be freed. (The library's own way to do that waits for its next event, which may be long.) */
static void kill_socket(struct ws_socket *socket)
{
	socket->is_closing = true;
	schedule(socket, 1);
}

static void kill_now(struct ws_socket *socket)
{
	lws_set_timeout(socket->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_SYNC);
}

static void on_due(struct ws_socket *socket)
{
	uint32_t now = socket->ws->now_s;
	if (socket->reader.has_heard) { /* the library tells nothing of a pong that has no word in it */
		socket->heard_s = now;
		socket->is_pinged = socket->reader.has_heard = false;
	}
	uint32_t silent = now - socket->heard_s;
	if (socket->is_closing || socket->fault) {
		kill_now(socket); /* the other side did not answer the close, or takes nothing */
	} else if (!socket->is_greeted) {
		ws_close(socket, LWS_CLOSE_STATUS_POLICY_VIOLATION);
	} else if (socket->behind_s && now - socket->behind_s >= WS_BEHIND_S) {
		atomic_fetch_add(socket->ws->handlers.overflows, 1);
		kill_now(socket);
	} else if (socket->behind_s) {
		schedule(socket, WS_BEHIND_S - (now - socket->behind_s));
	} else if (silent < WS_PING_S) {
		schedule(socket, WS_PING_S - silent);
	} else if (!socket->is_pinged) {
		unsigned char ping[LWS_PRE + 1];
		socket->is_pinged = true;
		lws_write(socket->wsi, ping + LWS_PRE, 0, LWS_WRITE_PING);
		schedule(socket, WS_PONG_S);
	} else {
		kill_now(socket);
	}
}

void ws_tick(struct ws *ws)
{
	ws->now_s++;
	struct ws_socket *due = ws->wheel[ws->now_s % WHEEL];
	for (struct ws_socket *socket = due, *after; socket; socket = after) {
		after = socket->after;
		unschedule(socket);
		on_due(socket);
	}
	/* The library looks at its own time limits (of handshakes and closes) after events only. */
	lws_cancel_service(ws->context);
}

/* ---- Sending ---- */

/* One piece: all small packets that fit together, or one large. Frames that are ready go by RAW, as they are; what the
 * system does not take at once the library keeps. */
static bool write_piece(struct ws_socket *socket)
{
	struct ws *ws = socket->ws;
	struct packet *first = outbox_first(&socket->outbox);
	if (socket->outbox.count == 1 || first->len > WRITE_BYTES) {
		bool is_written = lws_write(socket->wsi, first->bytes, first->len, LWS_WRITE_RAW) >= (int)first->len;
		outbox_drop(&socket->outbox);
		return is_written;
	}
	size_t len = outbox_take(&socket->outbox, ws->joined, sizeof ws->joined);
	return lws_write(socket->wsi, ws->joined, len, LWS_WRITE_RAW) >= (int)len;
}

static void note_behind(struct ws_socket *socket)
{
	if (socket->outbox.bytes <= WS_OUTBOX_SOFT)
		return;
	socket->was_behind = true;
	if (socket->behind_s)
		return;
	socket->behind_s = socket->ws->now_s;
	schedule(socket, WS_BEHIND_S);
}

/* Writes what waits, or as much as goes now. */
static bool push_out(struct ws_socket *socket)
{
	while (socket->outbox.count && !lws_partial_buffered(socket->wsi)) {
		if (!write_piece(socket))
			return false;
		if (socket->outbox.count && lws_send_pipe_choked(socket->wsi))
			break;
	}
	if (!socket->outbox.count) {
		outbox_clear(&socket->outbox);
		return true;
	}
	socket->is_blocked = true;
	note_behind(socket);
	lws_callback_on_writable(socket->wsi);
	return true;
}

void ws_send(struct ws_socket *socket, struct packet *packet)
{
	struct ws *ws = socket->ws;
	if (!socket->is_open || socket->is_closing)
		return;
	/* One large answer may always follow a little: only what piles up is too much. */
	if (!outbox_put(&socket->outbox, packet, socket->outbox.bytes <= WS_OUTBOX_SOFT ? SIZE_MAX : WS_OUTBOX_MAX)) {
		atomic_fetch_add(ws->handlers.overflows, 1);
		kill_socket(socket);
		return;
	}
	if (socket->is_blocked) {
		note_behind(socket);
	} else if (!socket->unsent_place) {
		vec_push(&ws->unsent, socket);
		socket->unsent_place = (uint32_t)ws->unsent.count;
	}
	if (socket->outbox.bytes > WS_OUTBOX_SOFT && !socket->is_blocked && !push_out(socket))
		kill_socket(socket);
}

void ws_flush(struct ws *ws)
{
	for (size_t i = 0; i < ws->unsent.count; i++) {
		struct ws_socket *socket = ws->unsent.items[i];
		if (!socket)
			continue;
		socket->unsent_place = 0;
		/* One that is closing writes the rest when it can be written. */
		if (!socket->is_closing && !socket->is_blocked && !push_out(socket))
			kill_socket(socket);
	}
	ws->unsent.count = 0;
}

void ws_send_text(struct ws_socket *socket, struct str text)
{
	struct packet *packet = packet_new(text);
	ws_send(socket, packet);
	packet_unref(packet);
}

/* For a callback to return: the library sends the code, and waits for the answer, we not for long. */
static int say_goodbye(struct ws_socket *socket, int code)
{
	socket->is_closing = true;
	schedule(socket, socket->fault ? DEAF_S : WS_CLOSE_S);
	lws_close_reason(socket->wsi, (enum lws_close_status)code, NULL, 0);
	return -1;
}

static int on_writable(struct ws_socket *socket)
{
	socket->is_blocked = false;
	if (socket->fault && !socket->is_closing) {
		socket->is_closing = true;
		socket->close_code = socket->fault;
	}
	if (!push_out(socket))
		return -1;
	if (socket->outbox.count)
		return 0;
	if (socket->close_code)
		return say_goodbye(socket, socket->close_code);
	socket->behind_s = 0;
	if (socket->was_behind) {
		socket->was_behind = false;
		schedule(socket, WS_PING_S);
		socket->ws->handlers.drained(socket->ws->handlers.context, socket);
	}
	return 0;
}

void ws_close(struct ws_socket *socket, int code)
{
	if (!socket->is_open || socket->is_closing)
		return;
	socket->is_closing = true;
	socket->close_code = (uint16_t)code;
	schedule(socket, WS_CLOSE_S);
	lws_callback_on_writable(socket->wsi); /* after what is queued */
}

/* ---- Receiving ---- */

static void on_fault(struct reader *reader, int code)
{
	struct ws_socket *socket = (struct ws_socket *)(void *)((char *)reader - offsetof(struct ws_socket, reader));
	if (socket->is_closing) {
		schedule(socket, DEAF_S); /* no answer to the close will be heard */
		return;
	}
	socket->fault = (uint16_t)code;
	schedule(socket, WS_CLOSE_S);
	lws_callback_on_writable(socket->wsi);
}

static int on_piece(struct ws_socket *socket, const char *bytes, size_t len)
{
	struct ws *ws = socket->ws;
	bool is_last = lws_is_final_fragment(socket->wsi) && !lws_remaining_packet_payload(socket->wsi);
	if (socket->is_closing)
		return 0;
	if (lws_frame_is_binary(socket->wsi))
		return say_goodbye(socket, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE);
	if (socket->partial_len + len > FRAME_BYTES_MAX) /* the reading stops it before; this is the second wall */
		return say_goodbye(socket, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE);
	if (!socket->partial && is_last) {
		ws->handlers.received(ws->handlers.context, socket, (struct str){ len ? bytes : "", len });
		return 0;
	}
	socket->partial = mem_resize(socket->partial, socket->partial_len + len + 1, 1);
	if (len)
		memcpy(socket->partial + socket->partial_len, bytes, len);
	socket->partial_len += (uint32_t)len;
	if (!is_last)
		return 0;
	char *whole = socket->partial;
	struct str text = { whole, socket->partial_len };
	socket->partial = NULL;
	socket->partial_len = 0;
	ws->handlers.received(ws->handlers.context, socket, text);
	free(whole);
	return 0;
}

/* ---- Handshake ---- */

static int on_upgrade(struct ws_socket *socket, struct lws *wsi)
{
	struct ws_request request = { .is_proxied = socket->is_proxied, .address = socket->address };
	socket->is_admitted = handshake_admit(wsi, &socket->ws->handlers, &request, &socket->user);
	return socket->is_admitted ? 0 : -1;
}

static void on_open(struct ws_socket *socket, struct lws *wsi)
{
	struct ws *ws = socket->ws;
	socket->wsi = wsi;
	socket->is_open = socket->reader.is_open = true;
	socket->heard_s = ws->now_s;
	ws->count++;
	schedule(socket, WS_HANDSHAKE_S);
	ws->handlers.opened(ws->handlers.context, socket, socket->user);
}

static void on_destroy(struct ws_socket *socket, struct lws *wsi)
{
	struct ws *ws = socket->ws;
	lws_set_opaque_user_data(wsi, NULL);
	unschedule(socket);
	reading_end(ws->reading, &socket->reader);
	if (socket->is_open) {
		ws->count--;
		ws->handlers.closed(ws->handlers.context, socket, socket->user);
	} else if (socket->is_admitted) {
		ws->handlers.dropped(ws->handlers.context, socket->user);
	}
	if (socket->address)
		limits_leave(ws->limits, socket->address);
	if (socket->unsent_place)
		ws->unsent.items[socket->unsent_place - 1] = NULL;
	outbox_clear(&socket->outbox);
	free(socket->partial);
	free(socket);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *unused, void *in, size_t len)
{
	(void)unused;
	struct ws_socket *socket = wsi ? lws_get_opaque_user_data(wsi) : NULL;
	if (!socket)
		return reason == LWS_CALLBACK_HTTP ? -1 : 0;
	switch (reason) {
	case LWS_CALLBACK_HTTP: /* a request for /ws that does not ask for an upgrade */
		handshake_refuse(wsi, 426);
		return -1;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return on_upgrade(socket, wsi);
	case LWS_CALLBACK_ESTABLISHED: on_open(socket, wsi); return 0;
	case LWS_CALLBACK_RECEIVE: return on_piece(socket, in, len);
	case LWS_CALLBACK_SERVER_WRITEABLE: return on_writable(socket);
	case LWS_CALLBACK_WSI_DESTROY: on_destroy(socket, wsi); return 0;
	default: return 0;
	}
}

/* ---- The whole ---- */

static void take_arrivals(struct task *task)
{
	struct ws *ws = (struct ws *)(void *)((char *)task - offsetof(struct ws, take));
	for (struct arrival *arrival = arrivals_take(&ws->arrivals), *next; arrival; arrival = next) {
		next = arrival->next;
		struct lws *wsi = lws_adopt_socket_vhost(ws->vhost, arrival->fd); /* closes it when it fails */
		if (wsi) {
			struct ws_socket *socket = mem_zalloc(1, sizeof *socket);
			*socket = (struct ws_socket){
				.wsi = wsi, .ws = ws, .address = arrival->address, .is_proxied = arrival->is_proxied
			};
			lws_set_opaque_user_data(wsi, socket);
			reading_begin(ws->reading, &socket->reader, arrival->fd);
		} else if (arrival->address) {
			limits_leave(ws->limits, arrival->address);
		}
		free(arrival);
	}
}

void ws_take(struct ws *ws, int fd, uint64_t address, bool is_proxied)
{
	if (arrivals_put(&ws->arrivals, fd, address, is_proxied))
		loop_post(ws->loop, &ws->take);
}

static void log_of_library(int level, const char *line)
{
	log_line(LOG_DEBUG, "websocket: %d %.*s", level, (int)strcspn(line, "\n"), line);
}

int ws_open(struct loop *loop, struct limits *limits, const struct ws_handlers *handlers, struct ws **out,
	    struct error *err)
{
	static const struct lws_protocols protocols[] = {
		{ .name = "shopbell",
		  .callback = on_event,
		  .rx_buffer_size = READ_BYTES,
		  .tx_packet_size = WRITE_BYTES },
		{ 0 },
	};
	static const lws_retry_bo_t no_validity_timers; /* they stand in one sorted list: 5-7 times slower set-up */
	lws_set_log_level(LLL_ERR | LLL_WARN, log_of_library);
	struct ws *ws = mem_zalloc(1, sizeof *ws);
	arrivals_init(&ws->arrivals);
	ws->loop = loop;
	ws->limits = limits;
	ws->handlers = *handlers;
	ws->reading = reading_new(FRAME_BYTES_MAX, on_fault);
	ws->take.run = take_arrivals;
	ws->now_s = 1;
	void *loops[1] = { loop_backend(loop) };
	struct lws_context_creation_info info = {
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBEV,
		.foreign_loops = loops,
		.pt_serv_buf_size = 8192,
		.max_http_header_data = HEADER_BYTES,
		.retry_and_idle_policy = &no_validity_timers,
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.protocols = protocols,
		.vhost_name = "shopbell",
		.timeout_secs = WS_HANDSHAKE_S,
	};
	ws->context = lws_create_context(&info);
	if (ws->context)
		ws->vhost = lws_create_vhost(ws->context, &info);
	if (!ws->vhost) {
		ws_free(ws);
		return error_set(err, ERROR_SYSTEM,
				 "WebSocket does not start: is the package libwebsockets-evlib-ev installed?");
	}
	*out = ws;
	return 0;
}

void ws_close_all(struct ws *ws, int code)
{
	for (size_t i = 0; i < WHEEL; i++)
		for (struct ws_socket *socket = ws->wheel[i], *after; socket; socket = after) {
			after = socket->after;
			ws_close(socket, code);
		}
}

void ws_free(struct ws *ws)
{
	if (!ws)
		return;
	if (ws->context)
		lws_context_destroy(ws->context);
	arrivals_clear(&ws->arrivals);
	reading_free(ws->reading);
	vec_clear(&ws->unsent);
	free(ws);
}

size_t ws_count(const struct ws *ws)
{
	return ws->count;
}

void *ws_user(const struct ws_socket *socket)
{
	return socket->user;
}

size_t ws_queued(const struct ws_socket *socket)
{
	return socket->outbox.bytes;
}

void ws_greeted(struct ws_socket *socket)
{
	socket->is_greeted = true;
}
