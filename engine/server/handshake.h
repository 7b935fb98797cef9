/* SPDX-License-Identifier: Apache-2.0 */
/* The request that opens a WebSocket connection, its refusal, and the library that reads it. A part of ws.c, which is the only one that needs it. */
#ifndef SHOPBELL_SERVER_HANDSHAKE_H
#define SHOPBELL_SERVER_HANDSHAKE_H

#include <stdbool.h>

struct lws;
struct lws_context;
struct lws_protocols;
struct lws_vhost;
struct ws_handlers;
struct ws_request;

/* Checks what RFC 6455 4.2.1 asks of the request, fills in the headers of `request`, valid during the call, and asks whether
 * it may come in; refuses it if not. */
bool handshake_admit(struct lws *wsi, const struct ws_handlers *handlers, struct ws_request *request, void **out_user);
/* Answers with an HTTP status instead of the upgrade; `is_tls`: the browser's own connection is encrypted, as a trusted proxy
 * says. */
void handshake_refuse(struct lws *wsi, int status, bool is_tls);
/* The library on our loop, with handshakes that may take `limit_s`; NULL (perhaps with a context) when it does not start.
 * `protocols` have to stay. */
struct lws_vhost *handshake_host(void *loop, const struct lws_protocols *protocols, unsigned limit_s,
				 struct lws_context **out_context);

#endif
