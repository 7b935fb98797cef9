/* SPDX-License-Identifier: Apache-2.0 */
/* Values by name, drafts, and the replies that the owner keeps. */
#include "base/vec.h"
#include "store/internal.h"

#include <string.h>

int store_get_value(struct store *store, struct arena *arena, const char *name, struct str *out, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_GET_VALUE, err);
	if (!query)
		return -1;
	bind_text(query, 1, name);
	int step = sqlite3_step(query);
	struct str value = { 0 };
	if (step == SQLITE_ROW) {
		const void *bytes = sqlite3_column_blob(query, 0);
		value.len = (size_t)sqlite3_column_bytes(query, 0);
		value.ptr = arena_strdup(arena, (struct str){ bytes, value.len });
	}
	if (store_end(store, query, step, err) != 0)
		return -1;
	if (step != SQLITE_ROW)
		return 1;
	*out = value;
	return 0;
}

int store_set_value(struct store *store, const char *name, struct str value, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_SET_VALUE, err);
	if (!query)
		return -1;
	bind_text(query, 1, name);
	sqlite3_bind_blob64(query, 2, value.len ? value.ptr : "", value.len, SQLITE_STATIC);
	return store_step(store, query, err);
}

/* 0 and its id when the same was taught before, 1 when not. */
static int find_draft(struct store *store, const struct draft_row *draft, int64_t *out_id, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_FIND_DRAFT, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, draft->conversation);
	sqlite3_bind_int64(query, 2, draft->seq);
	sqlite3_bind_int64(query, 3, draft->agent);
	bind_text(query, 4, draft->intent);
	bind_text(query, 5, draft->question);
	return store_find_id(store, query, out_id, err);
}

/* It quotes the visitor: of a conversation that is gone meanwhile nothing may come back by it. */
static int add_draft(struct store *store, const struct draft_row *draft, int64_t *out_id, struct error *err)
{
	int64_t event = 0;
	int found = find_draft(store, draft, out_id, err);
	if (found <= 0)
		return found;
	int missing = store_find_event(store, draft->conversation, draft->seq, &event, err);
	if (missing)
		return missing < 0 ? -1 : error_set(err, ERROR_MISSING, "there is no such message (any more)");
	sqlite3_stmt *query = store_statement(store, SQL_ADD_DRAFT, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, draft->conversation);
	sqlite3_bind_int64(query, 2, draft->seq);
	sqlite3_bind_int64(query, 3, draft->agent);
	sqlite3_bind_int64(query, 4, draft->at_ms);
	bind_text(query, 5, draft->utterance);
	bind_text(query, 6, draft->intent);
	bind_text(query, 7, draft->question);
	bind_text(query, 8, draft->answer);
	sqlite3_bind_int64(query, 9, event);
	if (store_step(store, query, err) != 0)
		return -1;
	*out_id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

int store_add_draft(struct store *store, const struct draft_row *draft, int64_t *out_id, struct error *err)
{
	if (store_begin(store, err) != 0)
		return -1;
	return store_finish(store, add_draft(store, draft, out_id, err), err);
}

int store_list_drafts(struct store *store, struct arena *arena, struct draft_row **out, size_t *out_count,
		      struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LIST_DRAFTS, err);
	if (!query)
		return -1;
	struct {
		struct draft_row *items;
		size_t count, capacity;
	} drafts = { 0 };
	int step;
	while ((step = sqlite3_step(query)) == SQLITE_ROW) {
		struct draft_row draft = { .id = sqlite3_column_int64(query, 0) };
		draft.conversation = sqlite3_column_int64(query, 1);
		draft.seq = sqlite3_column_int64(query, 2);
		draft.agent = sqlite3_column_int64(query, 3);
		draft.at_ms = sqlite3_column_int64(query, 4);
		draft.utterance = column_text(arena, query, 5);
		draft.intent = column_text(arena, query, 6);
		draft.question = column_text(arena, query, 7);
		draft.answer = column_text(arena, query, 8);
		draft.agent_name = column_text(arena, query, 9);
		draft.language = column_text(arena, query, 10);
		vec_push(&drafts, draft);
	}
	int result = store_end(store, query, step, err);
	if (result == 0) {
		*out = arena_alloc(arena, drafts.count * sizeof *drafts.items);
		if (drafts.count)
			memcpy(*out, drafts.items, drafts.count * sizeof *drafts.items);
		*out_count = drafts.count;
	}
	vec_clear(&drafts);
	return result;
}

int store_remove_draft(struct store *store, int64_t draft, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_REMOVE_DRAFT, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, draft);
	if (store_step(store, query, err) != 0)
		return -1;
	return sqlite3_changes(store->db) ? 0 : error_set(err, ERROR_MISSING, "there is no such draft");
}

/* ---- Replies ---- */

/* Runs a change whose first parameter is bound; the others are of `reply`. */
static int put_reply(struct store *store, sqlite3_stmt *query, const struct reply_row *reply, struct error *err)
{
	struct arena arena = { 0 };
	bind_text(query, 2, reply->name);
	bind_text(query, 3, store_fold_name(&arena, reply->name));
	bind_text(query, 4, reply->text);
	int step = sqlite3_step(query), result = 0;
	if (step == SQLITE_CONSTRAINT_UNIQUE) {
		sqlite3_reset(query);
		result = error_set(err, ERROR_CONFLICT, "there is a reply called \"%s\" already", reply->name);
	} else {
		result = store_end(store, query, step, err);
	}
	sqlite3_clear_bindings(query);
	arena_clear(&arena);
	return result;
}

int store_add_reply(struct store *store, const struct reply_row *reply, int64_t *out_id, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_ADD_REPLY, err);
	if (!query)
		return -1;
	sqlite3_bind_int(query, 1, STORE_REPLIES_MAX);
	if (put_reply(store, query, reply, err) != 0)
		return -1;
	if (sqlite3_changes(store->db) == 0)
		return error_set(err, ERROR_LIMIT, "there may be at most %d saved replies", STORE_REPLIES_MAX);
	*out_id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

static int was_reply(struct store *store, struct error *err)
{
	return sqlite3_changes(store->db) ? 0 : error_set(err, ERROR_MISSING, "there is no such reply");
}

int store_change_reply(struct store *store, const struct reply_row *reply, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_CHANGE_REPLY, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, reply->id);
	return put_reply(store, query, reply, err) != 0 ? -1 : was_reply(store, err);
}

int store_remove_reply(struct store *store, int64_t reply, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_REMOVE_REPLY, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, reply);
	return store_step(store, query, err) != 0 ? -1 : was_reply(store, err);
}

int store_list_replies(struct store *store, struct arena *arena, struct reply_row **out, size_t *out_count,
		       struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LIST_REPLIES, err);
	if (!query)
		return -1;
	struct reply_row *rows = arena_zalloc(arena, STORE_REPLIES_MAX, sizeof *rows);
	size_t count = 0;
	int step = SQLITE_DONE;
	while (count < STORE_REPLIES_MAX && (step = sqlite3_step(query)) == SQLITE_ROW)
		rows[count++] = (struct reply_row){ .id = sqlite3_column_int64(query, 0),
						    .name = column_text(arena, query, 1),
						    .text = column_text(arena, query, 2) };
	if (store_end(store, query, step, err) != 0)
		return -1;
	*out = rows;
	*out_count = count;
	return 0;
}
