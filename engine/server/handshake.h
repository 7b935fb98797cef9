/* SPDX-License-Identifier: Apache-2.0 */
/* The request that opens a WebSocket connection, and its refusal. A part of ws.c, which is the only one that needs it. */
#ifndef SHOPBELL_SERVER_HANDSHAKE_H
#define SHOPBELL_SERVER_HANDSHAKE_H

#include <stdbool.h>

struct lws;
struct ws_handlers;
struct ws_request;

/* Checks what RFC 6455 4.2.1 asks of the request, fills in the headers of `request`, valid during the call, and asks whether
 * it may come in; refuses it if not. */
bool handshake_admit(struct lws *wsi, const struct ws_handlers *handlers, struct ws_request *request, void **out_user);
/* Answers with an HTTP status instead of the upgrade. */
void handshake_refuse(struct lws *wsi, int status);

#endif
