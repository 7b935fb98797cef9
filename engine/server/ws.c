/* SPDX-License-Identifier: Apache-2.0 */
#include "server/ws.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/vec.h"
#include "server/arrivals.h"
#include "server/framing.h"
#include "server/handshake.h"
#include "server/reading.h"
#include "server/timers.h"
#include "wire/wire.h"

#include <errno.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
	READ_BYTES = 128,    /* the library's own, for each connection; behind the handshake it reads nothing */
	WRITE_BYTES = 65536, /* go out together; at 0 the library cuts what it goes on with to READ_BYTES */
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
	struct timers deadlines;
	uint32_t now_s; /* seconds of ticking, from 1 */
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
	uint64_t address; /* counted in limits; 0: not */
	struct timer deadline;
	struct outbox outbox;
	struct reader reader;
	struct framing framing;
	struct bucket bare;
	struct joint message, ping; /* those that came in pieces, so far */
	uint32_t heard_s, behind_s;
	uint32_t unsent_place; /* in ws->unsent, from 1; 0: not there */
	uint16_t close_code;   /* 0: not closing, or without a word */
	uint16_t fault;        /* 0, or the code to close with when what came before it was answered */
	bool is_admitted, is_open, is_closing, is_pinged, is_greeted, was_behind;
	bool is_said;    /* the close went out */
	bool has_heard;  /* something has come since this was last set to false */
	bool is_blocked; /* goes on when the library says that it can be written */
};

/* ---- Time limits ---- */

static const int64_t MS = 1000; /* in a second */

static struct ws_socket *socket_of(struct timer *deadline)
{
	return (struct ws_socket *)(void *)((char *)deadline - offsetof(struct ws_socket, deadline));
}

static void schedule(struct ws_socket *socket, uint32_t seconds)
{
	timers_set(&socket->ws->deadlines, &socket->deadline, (socket->ws->now_s + seconds) * MS);
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

/* ---- Sending ---- */

/* Straight to the system: the library would do no more with frames that are ready, and takes its time. Only what the system
 * does not take at once is the library's, which keeps it and goes on by itself. */
static bool write_bytes(struct ws_socket *socket, unsigned char *bytes, size_t len)
{
	ssize_t sent = send(socket->reader.fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0 && errno != EAGAIN && errno != EINTR)
		return false;
	size_t done = sent < 0 ? 0 : (size_t)sent;
	return done == len || lws_write(socket->wsi, bytes + done, len - done, LWS_WRITE_RAW) >= (int)(len - done);
}

/* One piece: all small packets that fit together, or one large. */
static bool write_piece(struct ws_socket *socket)
{
	struct ws *ws = socket->ws;
	struct packet *first = outbox_first(&socket->outbox);
	if (socket->outbox.count == 1 || first->len > WRITE_BYTES) {
		bool is_written = write_bytes(socket, first->bytes, first->len);
		outbox_drop(&socket->outbox);
		return is_written;
	}
	size_t len = outbox_take(&socket->outbox, ws->joined, sizeof ws->joined);
	return write_bytes(socket, ws->joined, len);
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
		if (socket)
			socket->unsent_place = 0;
		/* One that is closing writes the rest when it can be written. */
		if (socket && !socket->is_closing && !socket->is_blocked && !push_out(socket))
			kill_socket(socket);
	}
	ws->unsent.count = 0;
}

static void send_new(struct ws_socket *socket, struct packet *packet)
{
	ws_send(socket, packet);
	packet_unref(packet);
}

void ws_send_text(struct ws_socket *socket, struct str text)
{
	send_new(socket, packet_new(text));
}

/* For a callback to return: the library sends the code, and waits for the answer, we not for long. */
static int say_goodbye(struct ws_socket *socket, int code)
{
	socket->is_closing = socket->is_said = true;
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
	if (socket->close_code && !socket->is_said) /* once: for the library a second one is the end */
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

static void on_due(struct timer *deadline, int64_t now_ms)
{
	struct ws_socket *socket = socket_of(deadline);
	uint32_t now = (uint32_t)(now_ms / MS);
	if (socket->has_heard) {
		socket->heard_s = now;
		socket->is_pinged = socket->has_heard = false;
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
		socket->is_pinged = true;
		send_new(socket, packet_control(OP_PING, (struct str){ "", 0 }));
		schedule(socket, WS_PONG_S);
	} else {
		kill_now(socket);
	}
}

void ws_tick(struct ws *ws)
{
	timers_run(&ws->deadlines, ++ws->now_s * MS);
	/* The library looks at its own time limits (of handshakes and closes) after events only. */
	lws_cancel_service(ws->context);
}

/* ---- Receiving ---- */

static void on_text(struct ws_socket *socket, const struct piece *piece)
{
	struct ws *ws = socket->ws;
	struct str text;
	if (socket->is_closing || !joint_add(&socket->message, piece, &text))
		return;
	ws->handlers.received(ws->handlers.context, socket, text);
	joint_clear(&socket->message);
}

static void on_ping(struct ws_socket *socket, const struct piece *piece)
{
	struct str payload;
	if (socket->is_closing || !joint_add(&socket->ping, piece, &payload))
		return;
	send_new(socket, packet_control(OP_PONG, payload));
	joint_clear(&socket->ping);
}

static void on_fault(struct ws_socket *socket, int code)
{
	if (socket->is_closing) {
		schedule(socket, DEAF_S); /* no answer to the close will be heard */
		return;
	}
	socket->fault = (uint16_t)code;
	schedule(socket, WS_CLOSE_S);
	lws_callback_on_writable(socket->wsi);
}

/* The other side says goodbye, or has heard ours: the same code back, behind what waits, as far as it goes. */
static void on_close(struct ws_socket *socket, int code)
{
	const char bytes[2] = { (char)(code >> 8), (char)code };
	if (!socket->is_said && !socket->is_blocked) {
		struct packet *packet = packet_control(OP_CLOSE, (struct str){ bytes, code ? sizeof bytes : 0 });
		outbox_put(&socket->outbox, packet, SIZE_MAX);
		packet_unref(packet);
		push_out(socket);
	}
	socket->is_closing = socket->is_said = true;
}

/* False at the end. */
static bool on_bytes(struct reader *reader, unsigned char *bytes, size_t len)
{
	static const struct rate_limit bare = { .per_minute = WS_BARE_A_MINUTE, .burst = WS_BARE_BURST };
	struct ws_socket *socket = (struct ws_socket *)(void *)((char *)reader - offsetof(struct ws_socket, reader));
	socket->has_heard = true;
	for (size_t at = 0; at < len;) {
		struct piece piece;
		at += framing_take(&socket->framing, bytes + at, len - at, FRAME_BYTES_MAX, &piece);
		if (piece_is_bare(&piece) && bucket_take(&socket->bare, bare, clock_steady_ms()))
			ws_close(socket, LWS_CLOSE_STATUS_POLICY_VIOLATION);
		switch (piece.kind) {
		case PIECE_TEXT: on_text(socket, &piece); break;
		case PIECE_BINARY: ws_close(socket, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE); break;
		case PIECE_PING: on_ping(socket, &piece); break;
		case PIECE_FAULT: on_fault(socket, piece.code); break;
		case PIECE_CLOSE: on_close(socket, piece.code); return false;
		case PIECE_PONG:
		case PIECE_NONE: break;
		}
	}
	return true;
}

/* ---- Handshake ---- */

static int on_upgrade(struct ws_socket *socket, struct lws *wsi)
{
	struct ws_request request = { .is_proxied = socket->reader.is_proxied, .address = socket->address };
	request.is_tls = reading_is_tls(&socket->reader);
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
	timers_set(&ws->deadlines, &socket->deadline, 0);
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
	joint_clear(&socket->message);
	joint_clear(&socket->ping);
	free(socket);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *unused, void *in, size_t len)
{
	(void)unused, (void)in, (void)len;
	struct ws_socket *socket = wsi ? lws_get_opaque_user_data(wsi) : NULL;
	if (!socket)
		return reason == LWS_CALLBACK_HTTP ? -1 : 0;
	switch (reason) {
	case LWS_CALLBACK_HTTP: /* a request for /ws that does not ask for an upgrade */
		handshake_refuse(wsi, 426, reading_is_tls(&socket->reader));
		return -1;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return on_upgrade(socket, wsi);
	case LWS_CALLBACK_ESTABLISHED: on_open(socket, wsi); return 0;
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
			*socket = (struct ws_socket){ .wsi = wsi, .ws = ws, .address = arrival->address };
			socket->reader.is_proxied = arrival->is_proxied;
			socket->deadline.fire = on_due;
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
	struct ws *ws = mem_zalloc(1, sizeof *ws);
	arrivals_init(&ws->arrivals);
	ws->loop = loop;
	ws->limits = limits;
	ws->handlers = *handlers;
	ws->reading = reading_new(on_bytes);
	ws->take.run = take_arrivals;
	ws->now_s = 1;
	ws->vhost = handshake_host(loop_backend(loop), protocols, WS_HANDSHAKE_S, &ws->context);
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
	size_t count = ws->deadlines.count;
	struct timer **all = mem_resize(NULL, count + 1, sizeof *all); /* closing one moves its deadline */
	for (size_t i = 0; i < count; i++)
		all[i] = ws->deadlines.items[i];
	for (size_t i = 0; i < count; i++)
		ws_close(socket_of(all[i]), code);
	free(all);
}

void ws_free(struct ws *ws)
{
	if (!ws)
		return;
	if (ws->context)
		lws_context_destroy(ws->context);
	arrivals_clear(&ws->arrivals);
	reading_free(ws->reading);
	timers_clear(&ws->deadlines);
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
