/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept beside the conversations: tags, saved replies, drafts. */
#include "wire/internal.h"

void wire_tags(struct buf *out, const struct wire_tag *tags, size_t count)
{
	buf_add_char(out, '{');
	json_open(out, "tags", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, NULL, '{');
		json_add_text(out, "tag", tags[i].tag);
		json_add_int(out, "count", tags[i].count);
		buf_add_char(out, '}');
	}
	buf_add_text(out, "]}");
}

static void add_reply(struct buf *out, const struct wire_reply *reply)
{
	json_add_int(out, "id", reply->id);
	json_add_text(out, "name", reply->name);
	json_add_text(out, "text", reply->text);
	buf_add_char(out, '}');
}

void wire_reply(struct buf *out, const struct wire_reply *reply)
{
	buf_add_char(out, '{');
	json_open(out, "reply", '{');
	add_reply(out, reply);
	buf_add_char(out, '}');
}

void wire_replies(struct buf *out, const struct wire_reply *replies, size_t count)
{
	buf_add_char(out, '{');
	json_open(out, "replies", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, NULL, '{');
		add_reply(out, &replies[i]);
	}
	buf_add_text(out, "]}");
}

void wire_drafts(struct buf *out, const struct wire_draft *drafts, size_t count)
{
	buf_add_char(out, '{');
	json_open(out, "drafts", '[');
	for (size_t i = 0; i < count; i++) {
		const struct wire_draft *draft = &drafts[i];
		json_open(out, NULL, '{');
		json_add_int(out, "id", draft->id);
		json_add_int(out, "conversation", draft->conversation);
		json_add_int(out, "seq", draft->seq);
		json_add_int(out, "at", draft->at_ms);
		if (draft->agent_name[0])
			json_add_agent(out, draft->agent, draft->agent_name);
		json_add_text(out, "text", draft->utterance);
		json_add_text_unless_empty(out, "lang", draft->language);
		json_add_text_unless_empty(out, "intent", draft->intent);
		json_add_text_unless_empty(out, "question", draft->question);
		json_add_text(out, "answer", draft->answer);
		buf_add_char(out, '}');
	}
	buf_add_text(out, "]}");
}

void wire_approved(struct buf *out, const char *file, const char *intent)
{
	buf_add_char(out, '{');
	json_add_text(out, "file", file);
	json_add_text(out, "intent", intent);
	buf_add_char(out, '}');
}
