/* SPDX-License-Identifier: Apache-2.0 */
#include "server/handshake.h"

#include "base/count.h"
#include "base/log.h"
#include "base/str.h"
#include "server/head.h"
#include "server/headers.h"
#include "server/ws.h"

#include <libwebsockets.h>
#include <string.h>

/* No field is longer than the whole head: one that did not fit would seem not to be there, and somebody would be let in for it. */
enum { VALUE_BYTES = HEAD_BYTES_MAX + 1, KEY_CHARACTERS = 24 /* 16 bytes in base64, RFC 6455 4.1 */ };

void handshake_refuse(struct lws *wsi, int status, bool is_tls)
{
	static const struct {
		int status;
		struct refused refusal;
	} rows[] = {
		{ 400, { "400 Bad Request", "", "bad_request", "this is no handshake of RFC 6455" } },
		{ 401, { "401 Unauthorized", "", "sign_in", "please sign in" } },
		{ 403, { "403 Forbidden", "", "origin", "this site is not named under [site] origins" } },
		{ 404, { "404 Not Found", "", "not_found", "there is nothing here" } },
		{ 426,
		  { "426 Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n", "upgrade",
		    "this is for WebSockets of version 13" } },
		{ 429,
		  { "429 Too Many Requests", "Retry-After: 10\r\n", "too_many",
		    "too many connections from this address" } },
		{ 503,
		  { "503 Service Unavailable", "Retry-After: 5\r\n", "busy", "too much to do, please try again" } },
	};
	char bytes[LWS_PRE + REFUSAL_BYTES];
	size_t row = 0;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].status == status)
			row = i;
	size_t len = headers_refusal(bytes + LWS_PRE, &rows[row].refusal, is_tls);
	lws_write(wsi, (unsigned char *)bytes + LWS_PRE, len, LWS_WRITE_HTTP_HEADERS);
}

/* A header that is there twice comes as both values with a comma between them. */
static const char *value_of(struct lws *wsi, enum lws_token_indexes token, char out[VALUE_BYTES])
{
	if (lws_hdr_copy(wsi, out, VALUE_BYTES, token) < 0)
		out[0] = '\0';
	return out;
}

static bool is_key(struct str key)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	if (key.len != KEY_CHARACTERS || !str_ends(key, "=="))
		return false;
	for (size_t i = 0; i < KEY_CHARACTERS - 2; i++)
		if (!key.ptr[i] || !strchr(digits, key.ptr[i]))
			return false;
	return true;
}

/* "keep-alive, Upgrade" */
static bool has_word(struct str list, struct str word)
{
	struct str part;
	while (str_split(&list, ',', &part))
		if (str_equal_nocase(str_trim(part), word))
			return true;
	return false;
}

/* 101, or the status to refuse with: 426 for another version of the protocol, 400 for what is missing, there twice or
 * malformed. */
static int check(struct lws *wsi, const char *host)
{
	char value[VALUE_BYTES];
	if (!str_is(str_of(value_of(wsi, WSI_TOKEN_HTTP, value)), "HTTP/1.1"))
		return 400;
	struct str version = str_trim(str_of(value_of(wsi, WSI_TOKEN_VERSION, value)));
	if (version.len && !str_is(version, "13"))
		return strchr(value, ',') ? 400 : 426;
	if (!version.len || !is_key(str_trim(str_of(value_of(wsi, WSI_TOKEN_KEY, value)))) ||
	    !has_word(str_of(value_of(wsi, WSI_TOKEN_CONNECTION, value)), STR_LIT("upgrade")))
		return 400;
	return !*host || strchr(host, ',') ? 400 : 101;
}

bool handshake_admit(struct lws *wsi, const struct ws_handlers *handlers, struct ws_request *request, void **out_user)
{
	enum { VALUES = 5 };
	static const enum lws_token_indexes tokens[VALUES] = { WSI_TOKEN_GET_URI, WSI_TOKEN_ORIGIN, WSI_TOKEN_HOST,
							       WSI_TOKEN_HTTP_COOKIE, WSI_TOKEN_X_FORWARDED_FOR };
	const char **slots[VALUES] = { &request->path, &request->origin, &request->host, &request->cookie,
				       &request->forwarded_for };
	char values[VALUES][VALUE_BYTES];
	for (size_t i = 0; i < VALUES; i++)
		*slots[i] = value_of(wsi, tokens[i], values[i]);
	int status = check(wsi, request->host);
	if (status == 101)
		status = handlers->admit(handlers->context, request, out_user);
	if (status != 101)
		handshake_refuse(wsi, status, request->is_tls);
	return status == 101;
}

/* ---- The library, as it is set up ---- */

static void log_of_library(int level, const char *line)
{
	log_line(LOG_DEBUG, "websocket: %d %.*s", level, (int)strcspn(line, "\n"), line);
}

struct lws_vhost *handshake_host(void *loop, const struct lws_protocols *protocols, unsigned limit_s,
				 struct lws_context **out_context)
{
	enum { HEADER_BYTES = 12288, SERVICE_BYTES = 8192 };
	static const lws_retry_bo_t no_validity_timers; /* they stand in one sorted list: 5-7 times slower set-up */
	void *loops[1] = { loop };
	struct lws_context_creation_info info = {
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBEV,
		.foreign_loops = loops,
		.pt_serv_buf_size = SERVICE_BYTES,
		.max_http_header_data = HEADER_BYTES,
		.retry_and_idle_policy = &no_validity_timers,
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.protocols = protocols,
		.vhost_name = "shopbell",
		.timeout_secs = limit_s,
	};
	lws_set_log_level(LLL_ERR | LLL_WARN, log_of_library);
	*out_context = lws_create_context(&info);
	return *out_context ? lws_create_vhost(*out_context, &info) : NULL;
}
