/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Frames ---- */

void frame_add(struct buf *out, unsigned char opcode, struct str payload)
{
	static const unsigned char mask[4] = { 0x2a, 0x71, 0x0f,
					       0xc3 }; /* it has to be there; nobody guards a secret */
	unsigned char head[8] = { (unsigned char)(0x80 | opcode) };
	size_t head_len = 2;
	if (payload.len < 126) {
		head[1] = (unsigned char)(0x80 | payload.len);
	} else {
		head[1] = 0x80 | 126;
		head[2] = (unsigned char)(payload.len >> 8);
		head[3] = (unsigned char)payload.len;
		head_len = 4;
	}
	memcpy(head + head_len, mask, 4);
	buf_add(out, head, head_len + 4);
	for (size_t i = 0; i < payload.len; i++)
		buf_add_char(out, (char)((unsigned char)payload.ptr[i] ^ mask[i & 3]));
}

bool frame_take(struct str *rest, unsigned char *out_opcode, struct str *out_payload)
{
	const unsigned char *head = (const unsigned char *)rest->ptr;
	size_t head_len = 2;
	if (rest->len < 2)
		return false;
	size_t len = head[1] & 127;
	if (len == 126) {
		head_len = 4;
		if (rest->len < head_len)
			return false;
		len = (size_t)head[2] << 8 | head[3];
	}
	if (rest->len < head_len + len)
		return false;
	*out_opcode = head[0] & 15;
	*out_payload = str_part(*rest, head_len, len);
	*rest = str_part(*rest, head_len + len, rest->len);
	return true;
}

int answer_take(struct str *rest)
{
	const char *end = memmem(rest->ptr, rest->len, "\r\n\r\n", 4);
	if (!end)
		return 0;
	struct str head = str_part(*rest, 0, (size_t)(end + 4 - rest->ptr)), line;
	struct str lines = head;
	unsigned long long body = 0, status = 0;
	str_number(str_part(head, 9, 3), 999, &status);
	while (str_line(&lines, &line)) {
		static const struct str name = { "content-length:", 15 };
		if (str_equal_nocase(str_part(line, 0, name.len), name))
			str_number(str_trim(str_part(line, name.len, line.len)), 1 << 20, &body);
	}
	if (rest->len < head.len + body)
		return 0;
	*rest = str_part(*rest, head.len + body, rest->len);
	return (int)status;
}

/* ---- What is said ---- */

static void say(struct connection *conn, const char *text)
{
	frame_add(&conn->out, 1, str_of(text));
}

/* The same bytes to every echo. For a Shopbell they are what a page sends to hear whether it still is connected: read and
 * checked like any other frame, counted by the limits, answered; nothing is stored. */
#define PING "{\"type\":\"ping\",\"client_id\":\"m%08u\",\"seq\":1,\"helpful\":true}"

static void ask_echo(struct connection *conn, uint32_t number, const char *text)
{
	char frame[96];
	(void)text;
	snprintf(frame, sizeof frame, PING, number);
	say(conn, frame);
}

/* As long, and dearer: a rating of a conversation that there is not, looked up and refused. A Shopbell takes an unbroken row
 * of refusals for a broken page and closes: now and then a frame that it accepts (and answers with nothing) is among them.
 * That frame's cost is Shopbell's. */
static void ask_refusal(struct connection *conn, uint32_t number, const char *text)
{
	enum { BETWEEN = 32 };
	char frame[96];
	(void)text;
	snprintf(frame, sizeof frame, "{\"type\":\"rate\",\"client_id\":\"m%08u\",\"seq\":1,\"helpful\":true}", number);
	say(conn, frame);
	if (number % BETWEEN == BETWEEN - 1)
		say(conn, "{\"type\":\"typing\"}");
}

static void ask_socketio(struct connection *conn, uint32_t number, const char *text)
{
	char frame[112];
	(void)text;
	snprintf(frame, sizeof frame, "42[\"m\"," PING "]", number);
	say(conn, frame);
}

static void ask_message(struct connection *conn, uint32_t number, const char *text)
{
	struct buf frame = { 0 };
	buf_printf(&frame, "{\"type\":\"message\",\"client_id\":\"m%u\",\"text\":\"%s\"}", number, text);
	frame_add(&conn->out, 1, buf_str(&frame));
	buf_clear(&frame);
}

static void ask_http(struct connection *conn, uint32_t number, const char *text)
{
	(void)number;
	buf_printf(&conn->out,
		   "POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
		   "Content-Length: %zu\r\n\r\n{\"text\":\"%s\"}",
		   strlen(text) + 11, text);
}

static void greet_socketio(struct connection *conn)
{
	say(conn, "40");
}

static void greet_shopbell(struct connection *conn)
{
	say(conn, "{\"type\":\"hello\"}");
}

/* ---- What is heard ---- */

static enum heard hear_any(struct connection *conn, struct str text)
{
	(void)conn;
	(void)text;
	return HEARD_ANSWER;
}

static enum heard hear_socketio(struct connection *conn, struct str text)
{
	if (str_starts(text, "42"))
		return HEARD_ANSWER;
	if (str_starts(text, "40"))
		return HEARD_READY;
	if (str_is(text, "2"))
		say(conn, "3");
	return HEARD_NOTHING;
}

/* `answer` is how the answers begin. */
static enum heard hear_frame(struct str text, const char *answer)
{
	if (str_starts(text, answer))
		return HEARD_ANSWER;
	if (str_starts(text, "{\"type\":\"welcome\""))
		return HEARD_READY;
	return str_starts(text, "{\"type\":\"error\"") ? HEARD_REFUSAL : HEARD_NOTHING;
}

static enum heard hear_pong(struct connection *conn, struct str text)
{
	(void)conn;
	return hear_frame(text, "{\"type\":\"pong\"");
}

static enum heard hear_refusal(struct connection *conn, struct str text)
{
	(void)conn;
	return hear_frame(text, "{\"type\":\"error\",\"code\":\"no_conversation\"");
}

/* ack, the visitor's own line, the bot's line (and, after a handover, a system's): the first line that is not the
 * visitor's is the answer. */
static enum heard hear_shopbell(struct connection *conn, struct str text)
{
	static const char own[] = "\"from\":\"visitor\"";
	if (str_starts(text, "{\"type\":\"ack\"")) {
		conn->awaits_line = true;
		return HEARD_NOTHING;
	}
	if (str_starts(text, "{\"type\":\"welcome\""))
		return HEARD_READY;
	if (str_starts(text, "{\"type\":\"error\""))
		return HEARD_REFUSAL;
	if (!conn->awaits_line || !str_starts(text, "{\"type\":\"event\"") ||
	    memmem(text.ptr, text.len, own, sizeof own - 1))
		return HEARD_NOTHING;
	conn->awaits_line = false;
	return HEARD_ANSWER;
}

static const struct dialect DIALECTS[] = {
	{ "echo", "/ws", false, NULL, ask_echo, hear_any },
	{ "socketio", "/socket.io/?EIO=4&transport=websocket", false, greet_socketio, ask_socketio, hear_socketio },
	{ "shopbell-echo", "/ws/visitor", false, greet_shopbell, ask_echo, hear_pong },
	{ "shopbell-refusal", "/ws/visitor", false, greet_shopbell, ask_refusal, hear_refusal },
	{ "shopbell", "/ws/visitor", false, greet_shopbell, ask_message, hear_shopbell },
	{ "bot", "/ws", false, NULL, ask_message, hear_any },
	{ "ask", NULL, true, NULL, ask_http, hear_any },
};
enum { DIALECT_COUNT = sizeof DIALECTS / sizeof *DIALECTS };

const struct dialect *dialect_find(const char *name)
{
	for (size_t i = 0; i < DIALECT_COUNT; i++)
		if (!strcmp(DIALECTS[i].name, name))
			return &DIALECTS[i];
	return NULL;
}

void dialect_names(struct buf *out)
{
	for (size_t i = 0; i < DIALECT_COUNT; i++)
		buf_printf(out, "%s%s", i ? "|" : "", DIALECTS[i].name);
}
