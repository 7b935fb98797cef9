/* SPDX-License-Identifier: Apache-2.0 */
#include "server/head.h"

#include "base/count.h"
#include "base/str.h"
#include "cmocka_all.h"
#include "parts_kit.h"

#include <stdlib.h>
#include <string.h>

#define GET         "GET / HTTP/1.1\r\n"
#define POST        "POST /x HTTP/1.1\r\nHost: x\r\n"
#define HOST        "Host: x\r\n"
#define BYTES(text) text, sizeof(text) - 1

/* What comes, how many whole requests are in it, the status of the refusal behind them (0: none). */
static const struct row {
	const char *bytes;
	size_t len, requests;
	int status;
	const char *remark;
} rows[] = {
	{ BYTES(GET HOST "\r\n"), 1, 0, "the least" },
	{ BYTES("GET / HTTP/1.0\r\n\r\n"), 1, 0, "no Host in 1.0" },
	{ BYTES("\r\n\r\n" GET HOST "\r\n"), 1, 0, "empty lines before it" },
	{ BYTES(GET HOST "\r\n" GET HOST "\r\n\r\n"), 2, 0, "two, and an empty line" },
	{ BYTES(GET HOST "X:\r\nY:  \t \r\nZ: \xc3\xa4\ta\r\n\r\n"), 1, 0, "empty values, tabs, other letters" },
	{ BYTES("GET http://x/%2F%7e?a=b&c HTTP/1.1\r\n" HOST "\r\n"), 1, 0, "the whole address" },
	{ BYTES("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), 1, 0, "no address" },
	{ BYTES(POST "Content-Length: 5\r\n\r\nhello" GET HOST "\r\n"), 2, 0, "a body" },
	{ BYTES(POST "Content-Length: 5\r\n\r\nhell"), 0, 0, "most of a body" },
	{ BYTES(POST "content-length:0\r\n\r\n"), 1, 0, "an empty body" },
	{ BYTES(POST "Content-Length: 6\r\n\r\n\r\n\n\r\0x" GET HOST "\r\n"), 2, 0, "a body of anything" },
	{ BYTES(POST "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA;a=\"b\"\r\n0\r\n\r\n12345\r\n0\r\n\r\n" GET HOST
		     "\r\n"),
	  2, 0, "chunks" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n000\r\nX: y\r\n\r\n"), 1, 0, "a trailer" },

	{ BYTES("GET / HTTP/1.1\n"), 0, 400, "a bare LF behind the first line" },
	{ BYTES(GET "Host: x\n"), 0, 400, "a bare LF behind a field" },
	{ BYTES(GET HOST "\n"), 0, 400, "a bare LF for the end" },
	{ BYTES(GET "Host: x\rX: y\r\n"), 0, 400, "a bare CR" },
	{ BYTES(GET HOST "\r\r\n"), 0, 400, "two CR" },
	{ BYTES(GET HOST "X: a\0b\r\n"), 0, 400, "a NUL in a value" },
	{ BYTES("GET /\0 HTTP/1.1\r\n"), 0, 400, "a NUL in the address" },
	{ BYTES(GET HOST "X: \x7f\r\n"), 0, 400, "a control character" },
	{ BYTES(GET " Host: x\r\n"), 0, 400, "a blank before the first field" },
	{ BYTES(GET HOST "X: a\r\n b\r\n"), 0, 400, "a folded line" },
	{ BYTES(GET HOST "X: a\r\n\tb\r\n"), 0, 400, "folded with a tab" },
	{ BYTES(GET "Host : x\r\n"), 0, 400, "a space before the colon" },
	{ BYTES(GET HOST "Transfer-Encoding\t: chunked\r\n"), 0, 400, "a tab before the colon" },
	{ BYTES(GET ": x\r\n"), 0, 400, "no name" },
	{ BYTES(GET "Host\r\n"), 0, 400, "no colon" },
	{ BYTES(GET "Ho(st: x\r\n"), 0, 400, "a name that is none" },
	{ BYTES(GET "\r\n"), 0, 400, "no Host" },
	{ BYTES(GET HOST HOST), 0, 400, "two Hosts" },
	{ BYTES("GET / HTTP/1.0\r\n" HOST "host: y\r\n"), 0, 400, "two Hosts in 1.0" },
	{ BYTES("GET /\r\n"), 0, 400, "HTTP/0.9" },
	{ BYTES("GET  / HTTP/1.1\r\n"), 0, 400, "two spaces" },
	{ BYTES("GET / HTTP/1.1 \r\n"), 0, 400, "a space behind it" },
	{ BYTES("GET\t/ HTTP/1.1\r\n"), 0, 400, "a tab for a space" },
	{ BYTES(" GET / HTTP/1.1\r\n"), 0, 400, "a space before it" },
	{ BYTES("G@T / HTTP/1.1\r\n"), 0, 400, "no method" },
	{ BYTES("ABCDEFGHIJKLMNOPQRSTU / HTTP/1.1\r\n"), 0, 400, "a long method" },
	{ BYTES("GET x HTTP/1.1\r\n"), 0, 400, "no address" },
	{ BYTES("CONNECT x:443 HTTP/1.1\r\n"), 0, 400, "a host for an address" },
	{ BYTES("GET /\xc3\xa4 HTTP/1.1\r\n"), 0, 400, "a letter that has to be escaped" },
	{ BYTES("GET /%zz HTTP/1.1\r\n"), 0, 400, "no escape" },
	{ BYTES("GET /%4 HTTP/1.1\r\n"), 0, 400, "half an escape" },
	{ BYTES("GET /%00 HTTP/1.1\r\n"), 0, 400, "an escaped NUL" },
	{ BYTES("GET / http/1.1\r\n"), 0, 400, "small letters" },
	{ BYTES("GET / HTTP/1.1x\r\n"), 0, 400, "more than a version" },
	{ BYTES("GET / HTTP/1.2\r\n"), 0, 505, "another version" },
	{ BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 0, 505, "HTTP/2" },
	{ BYTES(POST "Content-Length: 5\r\nContent-Length: 5\r\n"), 0, 400, "the same length twice" },
	{ BYTES(POST "Content-Length: 5\r\nX: y\r\nCONTENT-LENGTH: 6\r\n"), 0, 400, "two lengths" },
	{ BYTES(POST "Content-Length: 5, 5\r\n"), 0, 400, "two lengths in one" },
	{ BYTES(POST "Content-Length: +5\r\n"), 0, 400, "a sign" },
	{ BYTES(POST "Content-Length: -5\r\n"), 0, 400, "less than nothing" },
	{ BYTES(POST "Content-Length: 0x5\r\n"), 0, 400, "hexadecimal" },
	{ BYTES(POST "Content-Length:\r\n"), 0, 400, "no length" },
	{ BYTES(POST "Content-Length: 18446744073709551621\r\n"), 0, 400, "2 to the 64th and five" },
	{ BYTES(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 0, 400, "a length, then chunks" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 0, 400, "chunks, then a length" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 0, 400, "chunks twice" },
	{ BYTES("POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"), 0, 400, "chunks in 1.0" },
	{ BYTES(POST "Transfer-Encoding: identity\r\n"), 0, 501, "another coding" },
	{ BYTES(POST "Transfer-Encoding: gzip, chunked\r\n"), 0, 501, "two codings" },
	{ BYTES(POST "Transfer-Encoding: xchunked\r\n"), 0, 501, "a coding that is none" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n5 \r\n"), 0, 400, "a space behind a size" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n0x5\r\n"), 0, 400, "a size that is none" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n\r\n"), 0, 400, "no size" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n5\n"), 0, 400, "a bare LF behind a size" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n"), 0, 400, "a chunk that is longer" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n000000001\r\n"), 0, 400, "too many digits" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n"), 0, 400,
	  "a length in the trailer" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n80000\r\n"), 0, 0, "half of the largest" },
	{ BYTES(POST "Transfer-Encoding: chunked\r\n\r\n100001\r\n"), 0, 413, "too much at once" },
	{ BYTES(POST "Content-Length: 1048577\r\n"), 0, 413, "too much" },
	{ BYTES(GET HOST "Sec-WebSocket-Protocol: chat\r\n"), 0, 400, "a subprotocol" },
	{ BYTES(GET HOST "\r\nG T"), 1, 0, "the beginning of something" },
	{ BYTES(GET HOST "\r\nG T\r\n"), 1, 400, "nothing behind a request" },
	{ BYTES(POST "Content-Length: 3\r\n\r\nGET / HTTP/1.1\r\n"), 1, 400, "a length that is wrong" },
};

struct outcome {
	size_t requests;
	int status;
};

static void follow_part(void *context, unsigned char *part, size_t size)
{
	struct head *head = context;
	for (size_t at = 0, took; at < size && !head->fault; at += took) {
		took = head_read(head, (const char *)part + at, size - at);
		assert_true(took > 0 && took <= size - at);
	}
}

static struct outcome follow(const char *bytes, size_t len, size_t cut, size_t other)
{
	struct head head = { 0 };
	take_in_parts(bytes, len, cut, other, follow_part, &head);
	struct outcome outcome = { head.requests, head.fault ? atoi(head.fault->status) : 0 };
	assert_true(!head.fault || (*head.fault->code && *head.fault->message));
	head_clear(&head);
	return outcome;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		for (size_t cut = 0; cut <= row->len; cut++)
			for (size_t other = cut; other <= row->len; other++) {
				struct outcome outcome = follow(row->bytes, row->len, cut, other);
				if (outcome.requests != row->requests || outcome.status != row->status)
					fail_msg("%s, cut at %zu and %zu: %zu requests, %d", row->remark, cut, other,
						 outcome.requests, outcome.status);
			}
	}
}

/* ---- Limits: at each, one below and one above ---- */

static void fill(struct buf *out, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_add_text(out, text);
}

static int status_of(struct buf *request)
{
	struct outcome outcome = follow(buf_text(request), request->len, request->len / 3, request->len / 2);
	assert_int_equal(outcome.requests, outcome.status ? 0 : 1);
	buf_clear(request);
	return outcome.status;
}

static int with_target(size_t bytes, size_t arguments)
{
	struct buf request = { 0 };
	buf_add_text(&request, "GET /?");
	fill(&request, "&", arguments - 1);
	fill(&request, "x", bytes - 2 - (arguments - 1));
	buf_add_text(&request, " HTTP/1.1\r\n" HOST "\r\n");
	return status_of(&request);
}

static int with_fields(size_t fields, size_t cookies)
{
	struct buf request = { 0 };
	buf_add_text(&request, GET HOST);
	fill(&request, "X: y\r\n", fields - 2);
	buf_add_text(&request, "Cookie: a=b");
	fill(&request, "; a=b", cookies - 1);
	buf_add_text(&request, "\r\n\r\n");
	return status_of(&request);
}

static int with_bytes(size_t bytes)
{
	struct buf request = { 0 };
	buf_add_text(&request, GET HOST "X: ");
	fill(&request, "y", bytes - request.len - 4);
	buf_add_text(&request, "\r\n\r\n");
	assert_int_equal(request.len, bytes);
	return status_of(&request);
}

static int with_body(size_t bytes, bool is_chunked)
{
	struct buf request = { 0 };
	if (is_chunked)
		buf_printf(&request, POST "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", bytes);
	else
		buf_printf(&request, POST "Content-Length: %zu\r\n\r\n", bytes);
	fill(&request, "0123456789abcdef", bytes / 16);
	fill(&request, "x", bytes % 16);
	buf_add_text(&request, is_chunked ? "\r\n0\r\n\r\n" : "");
	return status_of(&request);
}

static void test_limits(void **state)
{
	(void)state;
	for (int more = -1; more <= 1; more++) {
		size_t add = (size_t)more; /* wraps for one less, and back again */
		assert_int_equal(with_target(HEAD_TARGET_MAX + add, 1), more > 0 ? 414 : 0);
		assert_int_equal(with_target(100, HEAD_ARGUMENTS_MAX + add), more > 0 ? 414 : 0);
		assert_int_equal(with_fields(HEAD_PARTS_MAX - 1 + add, 1), more > 0 ? 431 : 0);
		assert_int_equal(with_fields(2, HEAD_PARTS_MAX - 2 + add), more > 0 ? 431 : 0);
		assert_int_equal(with_bytes(HEAD_BYTES_MAX + add), more > 0 ? 431 : 0);
		assert_int_equal(with_body(HEAD_BODY_MAX + add, false), more > 0 ? 413 : 0);
		assert_int_equal(with_body(HEAD_BODY_MAX + add, true), more > 0 ? 413 : 0);
	}
}

/* What never ends is refused before its end, and no more of it is kept than is allowed. */
static void test_endless(void **state)
{
	static const struct {
		const char *start, *rest;
		int status;
	} endless[] = {
		{ "GET /", "x", 414 },
		{ "", "\r\n", 414 },
		{ GET "X: ", "y", 431 },
		{ GET, "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", 431 },
		{ POST "Transfer-Encoding: chunked\r\n\r\n1;", "x", 431 },
		{ POST "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n", 431 },
		{ POST "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 413 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(endless); i++) {
		struct head head = { 0 };
		struct str start = str_of(endless[i].start), rest = str_of(endless[i].rest);
		for (size_t at = 0; at < start.len; at += head_read(&head, start.ptr + at, start.len - at))
			assert_null(head.fault);
		for (size_t came = 0; !head.fault && came < 8 * (size_t)HEAD_BODY_MAX; came += rest.len)
			for (size_t at = 0; at < rest.len && !head.fault;)
				at += head_read(&head, rest.ptr + at, rest.len - at);
		if (!head.fault || atoi(head.fault->status) != endless[i].status)
			fail_msg("%s...: %s", endless[i].rest, head.fault ? head.fault->status : "goes on");
		assert_true(head.line.len <= HEAD_BYTES_MAX);
		head_clear(&head);
	}
}

static void test_what_a_proxy_tells(void **state)
{
	static const char request[] = GET HOST "X-Forwarded-Proto: https\r\n\r\n";
	struct head head = { 0 };
	(void)state;
	assert_int_equal(head_read(&head, BYTES(request)), sizeof request - 1);
	assert_true(head.is_tls && head_is_between(&head));
	head_clear(&head);
}

/* From its first byte a request has so long, and the next one anew; between two of them time does not count. */
static void test_time(void **state)
{
	static const char first[] = GET, rest[] = HOST "\r\n", body[] = POST "Content-Length: 3\r\n\r\nxy";
	const int64_t most = head_request_ms, starts[] = { 1000, 10 * most };
	struct head head = { 0 };
	(void)state;
	assert_int_equal(most, HEAD_REQUEST_MS);
	for (size_t i = 0; i < COUNT(starts); i++) {
		head_look_at_time(&head, starts[i] - 1);
		head_read(&head, BYTES(first));
		head_look_at_time(&head, starts[i]);
		head_look_at_time(&head, starts[i] + most);
		assert_null(head.fault);
		head_read(&head, BYTES(rest));
		assert_true(head_is_between(&head));
		head_look_at_time(&head, starts[i] + 2 * most);
		assert_null(head.fault);
	}
	for (size_t at = 0; at < sizeof body - 1; at += head_read(&head, body + at, sizeof body - 1 - at))
		;
	head_look_at_time(&head, 100 * most);
	head_look_at_time(&head, 101 * most);
	assert_null(head.fault);
	head_look_at_time(&head, 101 * most + 1);
	assert_non_null(head.fault);
	assert_int_equal(atoi(head.fault->status), 408);
	head_clear(&head);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),    cmocka_unit_test(test_limits),
		cmocka_unit_test(test_endless), cmocka_unit_test(test_what_a_proxy_tells),
		cmocka_unit_test(test_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
