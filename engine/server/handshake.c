/* SPDX-License-Identifier: Apache-2.0 */
#include "server/handshake.h"

#include "server/ws.h"

#include <libwebsockets.h>
#include <stdio.h>

void handshake_refuse(struct lws *wsi, int status)
{
	static const struct {
		int status;
		const char *line;
	} lines[] = {
		{ 401, "401 Unauthorized" },
		{ 403, "403 Forbidden" },
		{ 404, "404 Not Found" },
		{ 426, "426 Upgrade Required\r\nUpgrade: websocket" },
		{ 429, "429 Too Many Requests\r\nRetry-After: 10" },
		{ 503, "503 Service Unavailable\r\nRetry-After: 5" },
	};
	const char *line = "400 Bad Request";
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (lines[i].status == status)
			line = lines[i].line;
	unsigned char bytes[LWS_PRE + 256];
	int len = snprintf((char *)bytes + LWS_PRE, 256,
			   "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", line);
	lws_write(wsi, bytes + LWS_PRE, (size_t)len, LWS_WRITE_HTTP_HEADERS);
}

bool handshake_admit(struct lws *wsi, const struct ws_handlers *handlers, struct ws_request *request, void **out_user)
{
	enum { VALUE = 4000, VALUES = 6 };
	static const enum lws_token_indexes tokens[VALUES - 1] = { WSI_TOKEN_GET_URI, WSI_TOKEN_ORIGIN, WSI_TOKEN_HOST,
								   WSI_TOKEN_HTTP_COOKIE, WSI_TOKEN_X_FORWARDED_FOR };
	static const char proto[] = "x-forwarded-proto:";
	const char **slots[VALUES] = { &request->path,   &request->origin,        &request->host,
				       &request->cookie, &request->forwarded_for, &request->forwarded_proto };
	char values[VALUES][VALUE];
	for (size_t i = 0; i < VALUES; i++) {
		int len = i < VALUES - 1 ? lws_hdr_copy(wsi, values[i], VALUE, tokens[i])
					 : lws_hdr_custom_copy(wsi, values[i], VALUE, proto, (int)sizeof proto - 1);
		if (len < 0)
			values[i][0] = '\0';
		*slots[i] = values[i];
	}
	int status = handlers->admit(handlers->context, request, out_user);
	if (status != 101)
		handshake_refuse(wsi, status);
	return status == 101;
}
