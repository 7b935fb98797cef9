/* SPDX-License-Identifier: Apache-2.0 */
/* The write path: everything that waits goes into one transaction, so that one fsync serves all of it. */
#include "store/internal.h"

#include <assert.h>
#include <string.h>

/* A person's conversation goes back to the bot by a return alone; anything else that would make the bot its owner
 * does not count for the guard. */
static enum owner owner_after(enum owner owner, const struct event *event)
{
	bool is_grab = owner == OWNER_AGENT && event->owner == OWNER_BOT && event->kind != EVENT_RETURN;
	return is_grab ? owner : event->owner;
}

/* Whether every line of the bot stands where the bot owns the conversation, from what is on disk on. */
static bool bot_may_speak(enum owner owner, const struct store_write *write)
{
	for (size_t i = 0; i < write->event_count; i++) {
		const struct event *event = &write->events[i];
		if (event->kind == EVENT_MESSAGE && event->from == AUTHOR_BOT && owner != OWNER_BOT)
			return false;
		owner = owner_after(owner, event);
	}
	return true;
}

/* Where a day begins is kept once, so that numbers of last week need not read last year. */
static int note_day(struct store *store, const struct event *event, int64_t id, struct error *err)
{
	int64_t day = event->at_ms / MS_PER_DAY;
	if (day == store->last_day)
		return 0;
	sqlite3_stmt *query = store_statement(store, SQL_ADD_DAY, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, day);
	sqlite3_bind_int64(query, 2, id);
	store->last_day = day;
	return store_step(store, query, err);
}

enum outcome {
	FAILED = -1, /* with err */
	DONE = 0,
	OVERTAKEN = 1, /* a conflict, seen before anything was written */
};

/* What the steps of a batch share. */
struct batch {
	struct store *store;
	struct buf rest; /* of the row that is being written */
	struct error *err;
};

/* A row for `count` events from number `at` of the step on. */
static int add_row_of_events(struct batch *batch, const struct store_write *write, const struct store_result *result,
			     size_t at, size_t count, int64_t step_before)
{
	sqlite3_stmt *add = store_statement(batch->store, SQL_ADD_EVENT, batch->err);
	if (!add)
		return FAILED;
	buf_reset(&batch->rest);
	events_pack(&batch->rest, &write->events[at], count);
	event_bind(add, result->first_id + (int64_t)at, result->conversation, &write->events[at],
		   buf_str(&batch->rest));
	if (at == 0) {
		sqlite3_bind_int64(add, 9, (int64_t)write->event_count);
		sqlite3_bind_int64(add, 10, step_before);
	} else {
		sqlite3_bind_null(add, 9);
		sqlite3_bind_null(add, 10);
	}
	return store_step(batch->store, add, batch->err) == 0 ? DONE : FAILED;
}

static int add_events(struct batch *batch, const struct store_write *write, const struct store_result *result,
		      int64_t step_before)
{
	struct store *store = batch->store;
	size_t at_once = events_fit_together(write->events, write->event_count) ? write->event_count : 1;
	for (size_t i = 0; i < write->event_count; i += at_once)
		if (add_row_of_events(batch, write, result, i, at_once, step_before) != DONE)
			return FAILED;
	for (size_t i = 0; i < write->event_count; i++) {
		assert(write->events[i].seq == write->expected_seq + 1 + (int64_t)i);
		if (note_day(store, &write->events[i], result->first_id + (int64_t)i, batch->err) != 0)
			return FAILED;
	}
	store->unindexed += write->event_count;
	return DONE;
}

/* Reads a conversation that is not known: `out` gets id 0 when it is not there. */
static int read_known(struct batch *batch, int64_t conversation, struct known_row *out)
{
	sqlite3_stmt *query = store_statement(batch->store, SQL_STATE_OF_CONVERSATION, batch->err);
	if (!query)
		return FAILED;
	sqlite3_bind_int64(query, 1, conversation);
	int step = sqlite3_step(query), at = 1;
	*out = (struct known_row){ 0 };
	if (step == SQLITE_ROW) {
		struct conversation_row row = { .owner = (enum owner)sqlite3_column_int(query, at++) };
		row.agent = sqlite3_column_int64(query, at++);
		row.episode = sqlite3_column_int(query, at++);
		row.is_closed = sqlite3_column_int(query, at++) != 0;
		row.reason = (enum reason)sqlite3_column_int(query, at++);
		row.priority = sqlite3_column_int(query, at++);
		row.created_ms = sqlite3_column_int64(query, at++);
		row.waiting_since_ms = sqlite3_column_int64(query, at++);
		row.ticket_ms = sqlite3_column_int64(query, at++);
		row.handover_right = sqlite3_column_int(query, at++);
		row.agent_name = (const char *)sqlite3_column_text(query, at++);
		row.visitor_name = (const char *)sqlite3_column_text(query, at++);
		row.visitor_email = (const char *)sqlite3_column_text(query, at++);
		row.subject = (const char *)sqlite3_column_text(query, at++);
		row.profile = (const char *)sqlite3_column_text(query, at++);
		row.tags = (const char *)sqlite3_column_text(query, at++);
		row.updated_ms = sqlite3_column_int64(query, at++);
		*out = (struct known_row){ .id = conversation,
					   .seq = sqlite3_column_int64(query, 0),
					   .last_step = sqlite3_column_int64(query, at),
					   .owner = row.owner,
					   .steady = known_steady(&row) };
	}
	return store_end(batch->store, query, step, batch->err) != 0 ? FAILED : DONE;
}

/* Two conversations never share a token: one that is there already is a conflict. */
static int add_row(struct batch *batch, const struct store_write *write, struct store_result *result)
{
	struct store *store = batch->store;
	sqlite3_stmt *query = store_statement(store, SQL_ADD_CONVERSATION, batch->err);
	if (!query)
		return FAILED;
	bind_hash(query, row_bind(query, 1, &write->row), write->token_hash);
	int step = sqlite3_step(query);
	if ((step & 0xff) == SQLITE_CONSTRAINT) {
		sqlite3_reset(query);
		return OVERTAKEN;
	}
	if (store_end(store, query, step, batch->err) != 0)
		return FAILED;
	result->conversation = sqlite3_last_insert_rowid(store->db);
	return DONE;
}

static int change_row(struct batch *batch, const struct conversation_row *row)
{
	sqlite3_stmt *query = store_statement(batch->store, SQL_CHANGE_CONVERSATION, batch->err);
	if (!query)
		return FAILED;
	sqlite3_bind_int64(query, row_bind(query, 1, row), row->id);
	return store_step(batch->store, query, batch->err);
}

static int set_head(struct batch *batch, int64_t conversation, const struct conversation_row *row, int64_t last_step)
{
	sqlite3_stmt *query = store_statement(batch->store, SQL_SET_HEAD, batch->err);
	if (!query)
		return FAILED;
	buf_reset(&batch->rest);
	head_pack(&batch->rest, row);
	sqlite3_bind_int64(query, 1, conversation);
	sqlite3_bind_int64(query, 2, row->seq);
	sqlite3_bind_int64(query, 3, row->updated_ms);
	sqlite3_bind_int64(query, 4, last_step);
	sqlite3_bind_blob64(query, 5, batch->rest.data, batch->rest.len, SQLITE_STATIC);
	return store_step(batch->store, query, batch->err);
}

/* The conversation as the disk has it: overtaken when it is gone or somebody else went on in it. A new one begins as the
 * bot's. */
static int check_state(struct batch *batch, const struct store_write *write, struct known_row *out_before)
{
	const struct known_row *known = write->row.id ? known_find(batch->store, write->row.id) : NULL;
	*out_before = known ? *known : (struct known_row){ .owner = OWNER_BOT };
	if (!known && write->row.id && read_known(batch, write->row.id, out_before) != DONE)
		return FAILED;
	bool is_fine = out_before->id == write->row.id && out_before->seq == write->expected_seq &&
		       bot_may_speak(out_before->owner, write);
	return is_fine ? DONE : OVERTAKEN;
}

static int write_one(struct batch *batch, const struct store_write *write, struct store_result *result)
{
	struct known_row before, after = { .seq = write->row.seq, .owner = write->row.owner };
	assert(write->row.seq == write->expected_seq + (int64_t)write->event_count);
	int outcome = check_state(batch, write, &before);
	if (outcome != DONE)
		return outcome;
	after.steady = known_steady(&write->row);
	after.last_step = before.last_step;
	if (write->event_count)
		after.last_step = result->first_id = known_take_numbers(batch->store, write->event_count);
	if (!before.id)
		outcome = add_row(batch, write, result);
	else if (after.steady != before.steady)
		outcome = change_row(batch, &write->row);
	if (outcome == DONE)
		outcome = set_head(batch, result->conversation, &write->row, after.last_step);
	if (outcome == DONE)
		outcome = add_events(batch, write, result, before.last_step);
	after.id = result->conversation;
	if (outcome == DONE)
		known_put(batch->store, &after);
	return outcome;
}

/* All writes in one transaction. */
static int write_all(struct batch *batch, const struct store_write *writes, size_t count, struct store_result *results)
{
	if (store_begin(batch->store, batch->err) != 0)
		return FAILED;
	int outcome = known_begin(batch->store, batch->err);
	for (size_t i = 0; i < count && outcome == DONE; i++) {
		results[i] = (struct store_result){ STORE_DONE, writes[i].row.id, 0 };
		outcome = write_one(batch, &writes[i], &results[i]);
		if (outcome == OVERTAKEN) {
			results[i] = (struct store_result){ STORE_CONFLICT, writes[i].row.id, 0 };
			outcome = DONE;
		}
	}
	return store_finish(batch->store, outcome, batch->err);
}

int store_commit(struct store *store, const struct store_write *writes, size_t count, struct store_result *results,
		 struct error *err)
{
	struct batch batch = { .store = store, .err = err };
	if (store->has_traces)
		store_drop_traces(store, 0);
	int outcome = write_all(&batch, writes, count, results);
	buf_clear(&batch.rest);
	if (outcome == DONE)
		return 0;
	known_forget(store);
	for (size_t i = 0; i < count; i++)
		results[i] = (struct store_result){ STORE_FAILED, writes[i].row.id, 0 };
	return -1;
}
