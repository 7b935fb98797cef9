/* SPDX-License-Identifier: Apache-2.0 */
/* WebSocket connections: text messages in and out, whole. Hides the library behind them; knows nothing of what is
 * said. Everything but ws_take() belongs to the loop's thread. */
#ifndef SHOPBELL_SERVER_WS_H
#define SHOPBELL_SERVER_WS_H

#include "base/error.h"
#include "base/str.h"
#include "server/limits.h"
#include "server/loop.h"
#include "server/outbox.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ws;
struct ws_socket; /* one connection; gone after closed() */

enum {
	WS_HANDSHAKE_S = 10, /* for the request, and again for the first message */
	WS_PING_S = 45,      /* silence after which we ask */
	WS_PONG_S = 60,      /* and how long we wait for the answer */
	WS_CLOSE_S = 3,      /* and for the answer to a close */
	/* Pings, pongs and frames with nothing in them; above: the connection is closed. */
	WS_BARE_BURST = 200,
	WS_BARE_A_MINUTE = 120,
	WS_BEHIND_S = 30,            /* a reader whose outbox does not get empty for so long is closed */
	WS_OUTBOX_SOFT = 256 * 1024, /* bytes; above: what can be read again from the disk should wait */
	WS_OUTBOX_MAX = 1024 * 1024, /* bytes; above: the connection is closed */
};

/* Of the handshake; texts are "" when the header is missing, and whole. */
struct ws_request {
	const char *path, *origin, *host, *cookie, *forwarded_for;
	bool is_proxied;  /* comes from a trusted proxy: the last of `forwarded_for` may be believed */
	bool is_tls;      /* and it says that the browser's connection is encrypted */
	uint64_t address; /* of the connection, as limits know it; 0: a proxy's, not counted */
};

struct ws_handlers {
	void *context;
	atomic_ulong *overflows; /* counts readers that were closed because they did not read */
	/* 101, or the HTTP status to refuse with. `out_user` is for the socket that comes with opened(). */
	int (*admit)(void *context, const struct ws_request *request, void **out_user);
	/* Admitted, but the handshake was not finished: drops `user`. */
	void (*dropped)(void *context, void *user);
	void (*opened)(void *context, struct ws_socket *socket, void *user);
	void (*received)(void *context, struct ws_socket *socket, struct str text);
	void (*drained)(void *context, struct ws_socket *socket); /* its outbox was above soft and is empty again */
	void (*closed)(void *context, struct ws_socket *socket, void *user);
};

/* `limits` counts the connections of each address: what ws_take() was given leaves it at its end. */
int ws_open(struct loop *loop, struct limits *limits, const struct ws_handlers *handlers, struct ws **out,
	    struct error *err);
void ws_close_all(struct ws *ws, int code); /* tells everybody; the loop has to run on for it to arrive */
void ws_free(struct ws *ws);                /* ends what is left */
size_t ws_count(const struct ws *ws);
/* Hands a connected socket over, whose request is still unread; from any thread. `address` (0: none) is left at the end. */
void ws_take(struct ws *ws, int fd, uint64_t address, bool is_proxied);
/* Call once a second: pings and time limits. */
void ws_tick(struct ws *ws);

/* Queues `packet` (and counts it) until ws_flush(). */
void ws_send(struct ws_socket *socket, struct packet *packet);
/* Call at the end of each round: everything that was queued in it for one connection is sent in one piece (an ack and
 * the lines that follow cost a third of three system calls). */
void ws_flush(struct ws *ws);
/* Sends and lets go of a text. */
void ws_send_text(struct ws_socket *socket, struct str text);
/* Says goodbye with a close code (RFC 6455 7.4); what comes in afterwards is dropped. */
void ws_close(struct ws_socket *socket, int code);
void *ws_user(const struct ws_socket *socket);
/* Bytes that wait to be sent. */
size_t ws_queued(const struct ws_socket *socket);
/* The first message was right: the time limit for it is off. */
void ws_greeted(struct ws_socket *socket);

#endif
