/* SPDX-License-Identifier: Apache-2.0 */
/* What visitors are sent beside events and acknowledgements; agents get some of it too. */
#include "wire/internal.h"

void wire_welcome(struct buf *out, const struct wire_welcome *welcome)
{
	json_frame(out, "welcome");
	json_add_text(out, "shop", welcome->shop);
	json_add_text(out, "bot", welcome->bot);
	json_add_bool(out, "open", welcome->is_open);
	if (!welcome->is_open)
		json_add_int_unless(out, "opens_at", welcome->opens_ms, 0);
	json_add_int(out, "agents", welcome->agents);
	json_add_text(out, "greeting", welcome->greeting);
	json_add_options(out, "suggestions", welcome->suggestions, welcome->suggestion_count);
	json_add_text(out, "lang", welcome->language);
	if (welcome->conversation) {
		json_open(out, "conversation", '{');
		json_add_int(out, "id", welcome->conversation);
		json_add_int(out, "seq", welcome->seq);
		json_add_text(out, "owner", owner_name(welcome->owner));
		json_add_int(out, "episode", welcome->episode);
		buf_add_char(out, '}');
	} else {
		buf_add_text(out, ",\"conversation\":null");
	}
	json_open(out, "limits", '{');
	json_add_int(out, "text", welcome->text_limit);
	buf_add_char(out, '}');
	json_add_text(out, "consent", welcome->consent);
	add_survey(out, "survey", welcome->survey);
	buf_add_char(out, '}');
}

void wire_error_frame(struct buf *out, const char *code, const char *message, const char *client_id,
		      int64_t retry_after_ms, int64_t conversation)
{
	json_frame(out, "error");
	json_add_text(out, "code", code);
	json_add_text(out, "message", message);
	json_add_text_unless_empty(out, "client_id", client_id);
	json_add_int_unless(out, "retry_after_ms", retry_after_ms, 0);
	json_add_int_unless(out, "conversation", conversation, 0);
	buf_add_char(out, '}');
}

void wire_queue(struct buf *out, size_t position, int64_t wait_ms)
{
	json_frame(out, "queue");
	json_add_int(out, "position", (int64_t)position);
	if (wait_ms >= 0)
		json_add_int(out, "wait_s", wait_ms / 1000 + (wait_ms % 1000 != 0));
	buf_add_char(out, '}');
}

void wire_presence(struct buf *out, bool is_open, int64_t opens_ms, int agents)
{
	json_frame(out, "presence");
	json_add_bool(out, "open", is_open);
	if (!is_open)
		json_add_int_unless(out, "opens_at", opens_ms, 0);
	json_add_int(out, "agents", agents);
	buf_add_char(out, '}');
}

void wire_typing(struct buf *out, const char *who, const char *agent_name, int64_t conversation)
{
	json_frame(out, "typing");
	json_add_text(out, "from", who);
	if (agent_name && agent_name[0]) {
		json_open(out, "agent", '{');
		json_add_text(out, "name", agent_name);
		buf_add_char(out, '}');
	}
	json_add_int_unless(out, "conversation", conversation, 0);
	buf_add_char(out, '}');
}

void wire_pong(struct buf *out)
{
	json_frame(out, "pong");
	buf_add_char(out, '}');
}

void wire_read(struct buf *out, int64_t seq, int64_t conversation)
{
	json_frame(out, "read");
	json_add_int(out, "seq", seq);
	json_add_int_unless(out, "conversation", conversation, 0);
	buf_add_char(out, '}');
}
