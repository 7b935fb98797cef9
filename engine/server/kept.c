/* SPDX-License-Identifier: Apache-2.0 */
/* Tags in use, and the replies that the owner keeps for all agents. */
#include "server/request.h"
#include "wire/wire.h"

void kept_list_tags(struct clerk *clerk, struct request *request)
{
	struct tag_count *tags;
	size_t count;
	struct error err = { 0 };
	if (store_list_tags(clerk->store, &request->arena, &tags, &count, &err)) {
		answer_failure(request, &err);
		return;
	}
	struct wire_tag *rows = arena_zalloc(&request->arena, count + 1, sizeof *rows);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct wire_tag){ tags[i].tag, tags[i].count };
	request->status = 200;
	wire_tags(&request->answer, rows, count);
}

/* ---- Replies ---- */

void kept_list_replies(struct clerk *clerk, struct request *request)
{
	struct reply_row *replies;
	size_t count;
	struct error err = { 0 };
	if (store_list_replies(clerk->store, &request->arena, &replies, &count, &err)) {
		answer_failure(request, &err);
		return;
	}
	struct wire_reply *rows = arena_zalloc(&request->arena, count + 1, sizeof *rows);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct wire_reply){ replies[i].id, replies[i].name, replies[i].text };
	request->status = 200;
	wire_replies(&request->answer, rows, count);
}

struct reply_change {
	struct writing writing; /* first member */
	struct reply_row reply;
};

static int add_reply(struct writing *writing, struct store *store, struct error *err)
{
	struct reply_change *change = (struct reply_change *)(void *)writing;
	return store_add_reply(store, &change->reply, &change->reply.id, err);
}

static int change_reply(struct writing *writing, struct store *store, struct error *err)
{
	return store_change_reply(store, &((struct reply_change *)(void *)writing)->reply, err);
}

static int remove_reply(struct writing *writing, struct store *store, struct error *err)
{
	return store_remove_reply(store, ((struct reply_change *)(void *)writing)->reply.id, err);
}

/* Name and text of the body, or false after an answer. */
static bool read_reply(struct request *request, struct reply_row *out)
{
	static const char *const names[] = { "name", "text" };
	const char *values[2], *name;
	if (!request_texts(request, names, 2, REPLY_CHARACTERS_MAX, values))
		return false;
	struct str trimmed = str_trim(str_of(values[0]));
	out->name = name = arena_strdup(&request->arena, trimmed);
	out->text = values[1];
	size_t characters = 0;
	bool has_control = false;
	for (; *name; name++) {
		characters += ((unsigned char)*name & 0xc0) != 0x80;
		has_control |= (unsigned char)*name < ' ';
	}
	if (!characters || characters > REPLY_NAME_CHARACTERS_MAX || has_control)
		answer_error(request, 400, "bad_frame",
			     arena_printf(&request->arena, "`name` must be one line of 1 to %d characters",
					  REPLY_NAME_CHARACTERS_MAX));
	else if (!str_trim(str_of(out->text)).len)
		answer_error(request, 400, "empty", "`text` has no visible character");
	else
		return true;
	return false;
}

/* Runs a change and tells all consoles; false after an answer. */
static bool take(struct clerk *clerk, struct request *request, struct reply_change *change,
		 int (*act)(struct writing *, struct store *, struct error *))
{
	struct error err = { 0 };
	change->writing.act = act;
	if (writer_ask(clerk->options.writer, &change->writing, &err)) {
		answer_failure(request, &err);
		return false;
	}
	hub_changed(clerk->options.hub, CHANGED_REPLIES);
	return true;
}

static void answer_reply(struct request *request, int status, const struct reply_row *reply)
{
	struct wire_reply told = { reply->id, reply->name, reply->text };
	request->status = status;
	wire_reply(&request->answer, &told);
}

void kept_create_reply(struct clerk *clerk, struct request *request)
{
	struct reply_change change = { 0 };
	if (read_reply(request, &change.reply) && take(clerk, request, &change, add_reply))
		answer_reply(request, 201, &change.reply);
}

void kept_change_reply(struct clerk *clerk, struct request *request)
{
	struct reply_change change = { .reply.id = request->number };
	if (read_reply(request, &change.reply) && take(clerk, request, &change, change_reply))
		answer_reply(request, 200, &change.reply);
}

void kept_delete_reply(struct clerk *clerk, struct request *request)
{
	struct reply_change change = { .reply.id = request->number };
	if (take(clerk, request, &change, remove_reply))
		request->status = 204;
}
