/* SPDX-License-Identifier: Apache-2.0 */
#include "server/headers.h"

#include "base/buf.h"
#include "wire/wire.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define PAGES                                                                                              \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " \
	"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "

size_t headers_protecting(enum headers_kind kind, bool is_tls, struct header out[HEADERS_MAX])
{
	static const char *const policies[] = { [HEADERS_DATA] = "default-src 'none'; frame-ancestors 'none'",
						[HEADERS_PAGE] = PAGES "'self'",
						[HEADERS_CONSOLE] = PAGES "'none'",
						[HEADERS_SHARED] = PAGES "'self'" };
	bool is_shared = kind == HEADERS_SHARED, is_private = kind == HEADERS_DATA || kind == HEADERS_CONSOLE;
	size_t count = 0;
	out[count++] = (struct header){ "Content-Security-Policy", policies[kind] };
	out[count++] = (struct header){ "X-Content-Type-Options", "nosniff" };
	out[count++] =
		(struct header){ "Referrer-Policy", is_private ? "no-referrer" : "strict-origin-when-cross-origin" };
	out[count++] = (struct header){ "Cross-Origin-Resource-Policy", is_shared ? "cross-origin" : "same-origin" };
	out[count++] = is_shared ? (struct header){ "Access-Control-Allow-Origin", "*" }
				 : (struct header){ "Cross-Origin-Opener-Policy", "same-origin" };
	if (is_tls)
		out[count++] = (struct header){ "Strict-Transport-Security", "max-age=31536000" };
	return count;
}

size_t headers_refusal(char out[REFUSAL_BYTES], const struct refused *refusal, bool is_tls)
{
	struct header headers[HEADERS_MAX];
	struct buf body = { 0 };
	size_t count = headers_protecting(HEADERS_DATA, is_tls, headers), len = 0;
	wire_http_error(&body, refusal->code, refusal->message);
	len += (size_t)snprintf(out, REFUSAL_BYTES,
				"HTTP/1.1 %s\r\n%sContent-Type: application/json\r\nContent-Length: %zu\r\n"
				"Cache-Control: no-store\r\nConnection: close\r\n",
				refusal->status, refusal->lines, body.len);
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(out + len, REFUSAL_BYTES - len, "%s: %s\r\n", headers[i].name,
					headers[i].value);
	len += (size_t)snprintf(out + len, REFUSAL_BYTES - len, "\r\n%s", buf_text(&body));
	assert(len < REFUSAL_BYTES); /* all of it is ours */
	buf_clear(&body);
	return len;
}
