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
	TORN = 2,      /* a constraint did not hold in the middle of a write */
};

static int outcome_of(struct store *store, sqlite3_stmt *query, int step, struct error *err)
{
	if ((step & 0xff) != SQLITE_CONSTRAINT)
		return store_end(store, query, step, err);
	sqlite3_reset(query);
	return TORN;
}

static int add_events(struct store *store, const struct store_write *write, struct store_result *result,
		      struct buf *options, struct error *err)
{
	sqlite3_stmt *add = store_statement(store, SQL_ADD_EVENT, err);
	if (!add)
		return -1;
	for (size_t i = 0; i < write->event_count; i++) {
		const struct event *event = &write->events[i];
		assert(event->seq == write->expected_seq + 1 + (int64_t)i);
		event_bind(add, result->conversation, event, options);
		int outcome = outcome_of(store, add, sqlite3_step(add), err);
		if (outcome != DONE)
			return outcome;
		int64_t id = sqlite3_last_insert_rowid(store->db);
		if (i == 0)
			result->first_id = id;
		if (note_day(store, event, id, err) != 0)
			return -1;
	}
	store->unindexed += write->event_count;
	return 0;
}

/* Whether the row on disk (of SQL_STATE_OF_CONVERSATION) differs from the new one in nothing but what every message
 * changes. */
static bool has_only_moved(sqlite3_stmt *query, const struct conversation_row *row)
{
	const int64_t numbers[] = { row->owner,     row->agent,         row->episode,    row->is_closed,
				    row->reason,    row->priority,      row->created_ms, row->waiting_since_ms,
				    row->ticket_ms, row->handover_right };
	const char *const texts[] = { row->agent_name, row->visitor_name, row->visitor_email,
				      row->subject,    row->profile,      row->tags };
	int column = 1;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (sqlite3_column_int64(query, column++) != numbers[i])
			return false;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *kept = (const char *)sqlite3_column_text(query, column++);
		if (!kept || strcmp(kept, texts[i] ? texts[i] : "") != 0)
			return false;
	}
	return true;
}

/* The conversation as the disk has it: overtaken when it is gone or somebody else went on in it. */
static int check_state(struct store *store, const struct store_write *write, bool *out_only_moved, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_STATE_OF_CONVERSATION, err);
	if (!query)
		return -1;
	sqlite3_bind_int64(query, 1, write->row.id);
	int step = sqlite3_step(query);
	bool is_fine = step == SQLITE_ROW && sqlite3_column_int64(query, 0) == write->expected_seq &&
		       bot_may_speak((enum owner)sqlite3_column_int(query, 1), write);
	*out_only_moved = is_fine && has_only_moved(query, &write->row);
	if (store_end(store, query, step, err) != 0)
		return -1;
	return is_fine ? DONE : OVERTAKEN;
}

static int add_row(struct store *store, const struct store_write *write, struct store_result *result, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_ADD_CONVERSATION, err);
	if (!query)
		return FAILED;
	bind_hash(query, row_bind(query, 1, &write->row), write->token_hash);
	int outcome = outcome_of(store, query, sqlite3_step(query), err);
	if (outcome == DONE)
		result->conversation = sqlite3_last_insert_rowid(store->db);
	return outcome;
}

static int change_row(struct store *store, const struct conversation_row *row, bool is_only_moved, struct error *err)
{
	sqlite3_stmt *query =
		store_statement(store, is_only_moved ? SQL_MOVE_CONVERSATION : SQL_CHANGE_CONVERSATION, err);
	if (!query)
		return FAILED;
	if (is_only_moved)
		row_bind_moved(query, row);
	else
		sqlite3_bind_int64(query, row_bind(query, 1, row), row->id);
	return store_step(store, query, err);
}

/* A new conversation begins as the bot's. */
static int put_row(struct store *store, const struct store_write *write, struct store_result *result, struct error *err)
{
	bool is_moved = false;
	if (!write->row.id)
		return write->expected_seq == 0 && bot_may_speak(OWNER_BOT, write) ? add_row(store, write, result, err)
										   : OVERTAKEN;
	int outcome = check_state(store, write, &is_moved, err);
	return outcome == DONE ? change_row(store, &write->row, is_moved, err) : outcome;
}

static int write_one(struct store *store, const struct store_write *write, struct store_result *result,
		     struct buf *options, struct error *err)
{
	assert(write->row.seq == write->expected_seq + (int64_t)write->event_count);
	int outcome = put_row(store, write, result, err);
	if (outcome == DONE)
		outcome = add_events(store, write, result, options, err);
	return outcome;
}

/* The same, with what a torn write has left behind taken back. */
static int write_one_apart(struct store *store, const struct store_write *write, struct store_result *result,
			   struct buf *options, struct error *err)
{
	if (store_run(store, SQL_SAVEPOINT, err) != 0)
		return FAILED;
	int outcome = write_one(store, write, result, options, err);
	if (outcome == TORN) {
		store->last_day = -1;
		if (store_run(store, SQL_ROLLBACK_TO, err) != 0)
			return FAILED;
		outcome = OVERTAKEN;
	}
	if (outcome != FAILED && store_run(store, SQL_RELEASE, err) != 0)
		return FAILED;
	return outcome;
}

/* All writes in one transaction. TORN: nothing is stored, since one of them could not be finished; only when
 * `is_apart` is false. A savepoint around each would not need that, but copies every page that is touched, and a
 * torn write (the same client_id twice at the same moment) is rare. */
static int write_all(struct store *store, const struct store_write *writes, size_t count, struct store_result *results,
		     bool is_apart, struct error *err)
{
	if (store_begin(store, err) != 0)
		return FAILED;
	struct buf options = { 0 };
	int outcome = DONE;
	for (size_t i = 0; i < count && outcome == DONE; i++) {
		results[i] = (struct store_result){ STORE_DONE, writes[i].row.id, 0 };
		outcome = (is_apart ? write_one_apart : write_one)(store, &writes[i], &results[i], &options, err);
		if (outcome == OVERTAKEN) {
			results[i] = (struct store_result){ STORE_CONFLICT, writes[i].row.id, 0 };
			outcome = DONE;
		}
	}
	buf_clear(&options);
	return store_finish(store, outcome, err);
}

int store_commit(struct store *store, const struct store_write *writes, size_t count, struct store_result *results,
		 struct error *err)
{
	if (store->has_traces)
		store_drop_traces(store, 0);
	int outcome = write_all(store, writes, count, results, false, err);
	if (outcome == TORN) {
		store->last_day = -1;
		outcome = write_all(store, writes, count, results, true, err);
	}
	if (outcome == DONE)
		return 0;
	store->last_day = -1;
	for (size_t i = 0; i < count; i++)
		results[i] = (struct store_result){ STORE_FAILED, writes[i].row.id, 0 };
	return -1;
}
