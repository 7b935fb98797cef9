/* SPDX-License-Identifier: Apache-2.0 */
#include "server/head.h"

#include "base/count.h"
#include "base/str.h"

#include <string.h>

/* More digits are no length that anybody means. */
enum { LENGTH_DIGITS = 15, CHUNK_DIGITS = 8, METHOD_MAX = 20 };

enum fault {
	FAULT_LINE_END,
	FAULT_CONTROL,
	FAULT_REQUEST_LINE,
	FAULT_VERSION,
	FAULT_TARGET_LONG,
	FAULT_LONG,
	FAULT_FOLDED,
	FAULT_FIELD,
	FAULT_HOST,
	FAULT_LENGTH,
	FAULT_TWO_LENGTHS,
	FAULT_CODING,
	FAULT_CHUNK,
	FAULT_BODY_LONG,
	FAULT_SUBPROTOCOL,
	FAULT_LATE,
};

static const struct head_fault faults[] = {
	[FAULT_LINE_END] = { "400 Bad Request", "bad_request", "a line of a request ends with CR and LF" },
	[FAULT_CONTROL] = { "400 Bad Request", "bad_request", "a request has no control characters in it" },
	[FAULT_REQUEST_LINE] = { "400 Bad Request", "bad_request",
				 "a request begins with a method, an address as RFC 3986 writes it and HTTP/1.1, one "
				 "space between "
				 "them" },
	[FAULT_VERSION] = { "505 HTTP Version Not Supported", "version", "this server speaks HTTP/1.1" },
	[FAULT_TARGET_LONG] = { "414 URI Too Long", "too_long",
				"an address may have at most 4000 bytes and 32 arguments" },
	[FAULT_LONG] = { "431 Request Header Fields Too Large", "too_long",
			 "the header of a request may have at most 8192 bytes and 128 fields and cookies; are there "
			 "too "
			 "many cookies?" },
	[FAULT_FOLDED] = { "400 Bad Request", "bad_request", "a field of the header stands in one line" },
	[FAULT_FIELD] = { "400 Bad Request", "bad_request",
			  "a field of the header is a name and a colon without a space between them" },
	[FAULT_HOST] = { "400 Bad Request", "bad_request", "a request names one Host" },
	[FAULT_LENGTH] = { "400 Bad Request", "bad_request", "Content-Length is a number" },
	[FAULT_TWO_LENGTHS] = { "400 Bad Request", "bad_request",
				"a request says once how long its body is: Content-Length or Transfer-Encoding" },
	[FAULT_CODING] = { "501 Not Implemented", "coding", "the only Transfer-Encoding here is chunked" },
	[FAULT_CHUNK] = { "400 Bad Request", "bad_request", "a chunk begins with its size and ends with its line" },
	[FAULT_SUBPROTOCOL] = { "400 Bad Request", "bad_request", "there are no subprotocols here" },
	[FAULT_LATE] = { "408 Request Timeout", "late", "a request has to come whole within a minute" },
	[FAULT_BODY_LONG] = { "413 Content Too Large", "too_long", "a body may have at most 65536 bytes" },
};

static void refuse(struct head *head, enum fault fault)
{
	if (!head->fault)
		head->fault = &faults[fault];
}

/* RFC 9110 5.6.2 */
static bool is_token(struct str s)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		      (c && strchr(marks, c))))
			return false;
	}
	return s.len > 0;
}

static bool has_control(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (((unsigned char)line.ptr[i] < ' ' && line.ptr[i] != '\t') || line.ptr[i] == 0x7f)
			return true;
	return false;
}

static int hex_of(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* "%2F"; a NUL would end the path for whoever reads it as C does. */
static bool is_escape(struct str rest)
{
	return rest.len >= 3 && hex_of(rest.ptr[1]) >= 0 && hex_of(rest.ptr[2]) >= 0 &&
	       hex_of(rest.ptr[1]) + hex_of(rest.ptr[2]) > 0;
}

static bool is_target(struct str target)
{
	for (size_t i = 0; i < target.len; i++)
		if ((unsigned char)target.ptr[i] <= ' ' || (unsigned char)target.ptr[i] >= 0x7f ||
		    (target.ptr[i] == '%' && !is_escape(str_part(target, i, 3))))
			return false;
	return str_starts(target, "/") || str_is(target, "*") || str_starts(target, "http://") ||
	       str_starts(target, "https://");
}

static size_t count_of(struct str text, char byte)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == byte;
	return count;
}

/* "HTTP/1.1" */
static void take_version(struct head *head, struct str version)
{
	head->is_1_0 = str_is(version, "HTTP/1.0");
	if (head->is_1_0 || str_is(version, "HTTP/1.1"))
		return;
	bool is_other = version.len == 8 && str_starts(version, "HTTP/") && version.ptr[6] == '.' &&
			version.ptr[5] >= '0' && version.ptr[5] <= '9' && version.ptr[7] >= '0' &&
			version.ptr[7] <= '9';
	refuse(head, is_other ? FAULT_VERSION : FAULT_REQUEST_LINE);
}

static void take_request_line(struct head *head, struct str line)
{
	struct str rest = line, method, target;
	if (!line.len)
		return; /* an empty line before it does no harm (RFC 9112 2.2) */
	head->is_begun = true;
	if (!str_split(&rest, ' ', &method) || method.len > METHOD_MAX || !is_token(method) ||
	    !str_split(&rest, ' ', &target)) {
		refuse(head, FAULT_REQUEST_LINE);
		return;
	}
	if (target.len > HEAD_TARGET_MAX || count_of(target, '&') >= HEAD_ARGUMENTS_MAX)
		refuse(head, FAULT_TARGET_LONG);
	else if (!is_target(target))
		refuse(head, FAULT_REQUEST_LINE);
	take_version(head, rest);
}

/* ---- Fields ---- */

static void take_host(struct head *head, struct str value)
{
	(void)value;
	if (++head->hosts > 1)
		refuse(head, FAULT_HOST);
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len > 0;
}

static void take_length(struct head *head, struct str value)
{
	if (head->has_length || head->is_chunked)
		refuse(head, FAULT_TWO_LENGTHS);
	else if (!is_digits(value) || value.len > LENGTH_DIGITS)
		refuse(head, FAULT_LENGTH);
	head->has_length = true;
	for (size_t i = 0; !head->fault && i < value.len; i++)
		head->left = head->left * 10 + (uint64_t)(value.ptr[i] - '0');
	if (head->left > HEAD_BODY_MAX)
		refuse(head, FAULT_BODY_LONG);
}

static void take_coding(struct head *head, struct str value)
{
	/* HTTP/1.0 has no chunks: whoever passes it on may have taken the body for something else. */
	if (head->has_length || head->is_chunked || head->is_1_0)
		refuse(head, FAULT_TWO_LENGTHS);
	else if (!str_equal_nocase(value, STR_LIT("chunked")))
		refuse(head, FAULT_CODING);
	head->is_chunked = true;
}

static void take_proto(struct head *head, struct str value)
{
	head->is_tls = str_is(value, "https");
}

static void take_cookies(struct head *head, struct str value)
{
	head->parts += 1 + count_of(value, ';');
}

/* The library would hang up. */
static void take_subprotocol(struct head *head, struct str value)
{
	(void)value;
	refuse(head, FAULT_SUBPROTOCOL);
}

static void take_field(struct head *head, struct str line)
{
	static const struct {
		const char *name;
		void (*take)(struct head *head, struct str value);
	} known[] = {
		{ "Host", take_host },
		{ "Content-Length", take_length },
		{ "Transfer-Encoding", take_coding },
		{ "X-Forwarded-Proto", take_proto },
		{ "Cookie", take_cookies },
		{ "Sec-WebSocket-Protocol", take_subprotocol },
	};
	struct str rest = line, name;
	if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
		refuse(head, FAULT_FOLDED);
		return;
	}
	str_split(&rest, ':', &name);
	if (name.len == line.len || !is_token(name)) {
		refuse(head, FAULT_FIELD);
		return;
	}
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_equal_nocase(name, str_of(known[i].name)))
			known[i].take(head, str_trim(rest));
	if (++head->parts > HEAD_PARTS_MAX)
		refuse(head, FAULT_LONG);
}

/* ---- Where requests end ---- */

static void start_over(struct head *head)
{
	struct buf line = head->line;
	buf_reset(&line);
	*head = (struct head){ .line = line, .is_tls = head->is_tls, .requests = head->requests + 1 };
}

static void end_head(struct head *head)
{
	if (head->hosts != 1 && !head->is_1_0) {
		refuse(head, FAULT_HOST);
		return;
	}
	head->bytes = 0;
	if (head->is_chunked)
		head->part = HEAD_CHUNK_SIZE;
	else if (head->left)
		head->part = HEAD_BODY;
	else
		start_over(head);
}

/* "1a" or "1a;name=value" */
static void take_chunk_size(struct head *head, struct str line)
{
	size_t digits = 0;
	head->bytes = 0;
	for (head->left = 0; digits < line.len && hex_of(line.ptr[digits]) >= 0; digits++)
		head->left = head->left * 16 + (uint64_t)hex_of(line.ptr[digits]);
	if (!digits || digits > CHUNK_DIGITS || (digits < line.len && line.ptr[digits] != ';'))
		refuse(head, FAULT_CHUNK);
	head->body += head->left;
	if (head->body > HEAD_BODY_MAX)
		refuse(head, FAULT_BODY_LONG);
	head->part = head->left ? HEAD_CHUNK : HEAD_TRAILERS;
}

/* A whole line, without its end. */
static void take_line(struct head *head, struct str line)
{
	if (!str_ends(line, "\r")) {
		refuse(head, FAULT_LINE_END);
		return;
	}
	line.len--;
	if (has_control(line)) {
		refuse(head, memchr(line.ptr, '\r', line.len) ? FAULT_LINE_END : FAULT_CONTROL);
		return;
	}
	if (head->part == HEAD_CHUNK_SIZE)
		take_chunk_size(head, line);
	else if (head->part == HEAD_CHUNK_END && line.len)
		refuse(head, FAULT_CHUNK);
	else if (head->part == HEAD_CHUNK_END)
		head->part = HEAD_CHUNK_SIZE;
	else if (head->part == HEAD_TRAILERS && !line.len)
		start_over(head);
	else if (!head->is_begun)
		take_request_line(head, line);
	else if (line.len)
		take_field(head, line);
	else
		end_head(head);
}

static size_t read_body(struct head *head, size_t len)
{
	if (len < head->left) {
		head->left -= len;
		return len;
	}
	len = (size_t)head->left;
	head->left = 0;
	if (head->part == HEAD_BODY)
		start_over(head);
	else
		head->part = HEAD_CHUNK_END;
	return len;
}

/* Up to the end of the line, or of all when that has not come. */
static size_t read_line(struct head *head, const char *bytes, size_t len)
{
	const char *end = memchr(bytes, '\n', len);
	size_t used = end ? (size_t)(end - bytes) + 1 : len;
	head->bytes += used;
	if (head->bytes > HEAD_BYTES_MAX) {
		refuse(head, head->part == HEAD_LINES && !head->is_begun ? FAULT_TARGET_LONG : FAULT_LONG);
	} else if (!end) {
		buf_add(&head->line, bytes, len);
	} else if (head->line.len) {
		buf_add(&head->line, bytes, used - 1);
		take_line(head, buf_str(&head->line));
		buf_reset(&head->line);
	} else {
		take_line(head, (struct str){ bytes, used - 1 });
	}
	return used;
}

size_t head_read(struct head *head, const char *bytes, size_t len)
{
	size_t at = 0;
	bool is_in_head = head->part == HEAD_LINES;
	while (at < len && !head->fault) {
		bool has_begun = !head_is_between(head);
		at += head->part == HEAD_BODY || head->part == HEAD_CHUNK ? read_body(head, len - at)
									  : read_line(head, bytes + at, len - at);
		if (head->fault || (has_begun && head_is_between(head)) || (is_in_head && head->part != HEAD_LINES))
			break;
	}
	return at;
}

void head_look_at_time(struct head *head, int64_t steady_ms)
{
	if (head_is_between(head))
		head->since_ms = 0;
	else if (!head->since_ms)
		head->since_ms = steady_ms;
	else if (steady_ms - head->since_ms > head_request_ms)
		refuse(head, FAULT_LATE);
}

bool head_is_between(const struct head *head)
{
	return head->part == HEAD_LINES && !head->is_begun && !head->line.len;
}

void head_clear(struct head *head)
{
	buf_clear(&head->line);
}
