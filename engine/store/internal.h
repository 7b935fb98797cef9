/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store: the open file, its prepared statements, and rows to and from plain values. */
#ifndef SHOPBELL_STORE_INTERNAL_H
#define SHOPBELL_STORE_INTERNAL_H

#include "base/buf.h"
#include "base/vec.h"
#include "store/store.h"

#include <sqlite3.h>

/* Every statement that is used again and again; prepared at its first use and kept until the store is closed. */
enum statement {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_DATA_VERSION,
	SQL_STATE_OF_CONVERSATION,
	SQL_ADD_CONVERSATION,
	SQL_CHANGE_CONVERSATION,
	SQL_SET_HEAD,
	SQL_ADD_EVENT,
	SQL_INDEX_RECENT,
	SQL_MARK_INDEXED,
	SQL_COUNT_RECENT,
	SQL_ADD_DAY,
	SQL_FIND_TOKEN,
	SQL_LOAD_TOKEN,
	SQL_LOAD_ROW,
	SQL_LAST_STEP,
	SQL_STEP,
	SQL_LOAD_STEP,
	SQL_LOAD_SINCE,
	SQL_LAST_EVENT,
	SQL_KEEP_LAST_EVENT,
	SQL_LIST_HELD,
	SQL_LIST_SILENT,
	SQL_LIST_WAITING,
	SQL_LIST_OPEN,
	SQL_LIST_ALL,
	SQL_LIST_TICKETS,
	SQL_LIST_OF_AGENT,
	SQL_LIST_OF_SUBJECT,
	SQL_SEARCH,
	SQL_SEARCH_RECENT,
	SQL_SEARCH_TAGS,
	SQL_LIST_TAGGED,
	SQL_LIST_TAGS,
	SQL_ERASE_FROM_SEARCH,
	SQL_ERASE_DRAFTS,
	SQL_ERASE_EVENTS,
	SQL_ERASE_HEAD,
	SQL_ERASE_CONVERSATION,
	SQL_OPTIMIZE_SEARCH,
	SQL_OLDEST,
	SQL_ADD_AGENT,
	SQL_ADD_FIRST_OWNER,
	SQL_FIND_AGENT,
	SQL_LIST_AGENTS,
	SQL_REMOVE_AGENT,
	SQL_SET_PASSWORD,
	SQL_END_SESSIONS,
	SQL_HAS_OWNER,
	SQL_ADD_SESSION,
	SQL_DROP_EXPIRED,
	SQL_FIND_SESSION,
	SQL_REMOVE_SESSION,
	SQL_GET_VALUE,
	SQL_SET_VALUE,
	SQL_DROP_VALUE,
	SQL_FIND_DRAFT,
	SQL_ADD_DRAFT,
	SQL_LIST_DRAFTS,
	SQL_REMOVE_DRAFT,
	SQL_ADD_REPLY,
	SQL_CHANGE_REPLY,
	SQL_REMOVE_REPLY,
	SQL_LIST_REPLIES,
	SQL_QUESTIONS,
	SQL_CHANGED_SINCE,
	SQL_COUNT_EVENTS,
	SQL_COUNT,
};

/* Where a scrub stands. */
struct owed {
	bool is_owed;
	bool is_again; /* something was erased since this one began */
	enum { SCRUB_BEGIN, SCRUB_INDEX, SCRUB_PAGES, SCRUB_END } stage;
	int64_t page; /* the next one to look at */
	/* Of the erasure that was the last when it began, in the file as well: when that has another one, somebody else has
	 * erased since and owes it. */
	char mark[20];
};

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	int64_t last_day;    /* of the days table; -1 not known */
	size_t unindexed;    /* events since the index was brought up to date */
	bool has_traces;     /* something was erased whose copy may still stand in the WAL */
	struct owed owed;    /* what is left to do of an erasure (scrub.c) */
	struct known *known; /* conversations as they are on the disk; NULL until the first commit */
	sqlite3_stmt *statements[SQL_COUNT];
};

enum { BUSY_TIMEOUT_MS = 5000, MS_PER_HOUR = 60 * 60 * 1000, MS_PER_DAY = 24 * MS_PER_HOUR };

/* A number that has a name, as text of SQL. */
#define TEXT_OF(n) #n
#define NUMBER(n)  TEXT_OF(n)

const char *statement_sql(enum statement which); /* static */

/* The statement, reset and with free parameters, or NULL with err. */
sqlite3_stmt *store_statement(struct store *store, enum statement which, struct error *err);
/* Ends a run of `query` whose last step gave `step`: 0 when that was a row or the end, else -1 with err. The query's
 * texts are gone then. */
int store_end(struct store *store, sqlite3_stmt *query, int step, struct error *err);
/* Runs a statement without parameters or rows. */
int store_run(struct store *store, enum statement which, struct error *err);
/* Runs `query` with its parameters, no rows wanted. */
int store_step(struct store *store, sqlite3_stmt *query, struct error *err);
/* The id in the first column of the only row of `query`: 0 found, 1 not found, -1. */
int store_find_id(struct store *store, sqlite3_stmt *query, int64_t *out_id, struct error *err);
/* SQL of ours that is needed once. */
int store_exec(struct store *store, const char *sql, struct error *err);
/* Fills err from what the database said last, in words for the operator; -1. */
int store_error(sqlite3 *db, const char *path, struct error *err);
/* BEGIN IMMEDIATE. */
int store_begin(struct store *store, struct error *err);
/* COMMIT when `result` is 0, else ROLLBACK; gives `result`, or -1 with err when the commit fails. */
int store_finish(struct store *store, int result, struct error *err);

/* Fills err for a result of SQLite's file layer, whose words are not kept by the database; -1. */
int store_disk_error(int code, const char *path, struct error *err);

/* Writes the WAL back and empties it, so that nothing erased stands in it; what is kept of the file's pages in memory is
 * dropped. `has_traces` tells whether that was hindered for longer than `timeout_ms`. */
void store_drop_traces(struct store *store, int timeout_ms);

/* ---- What is left of an erasure (scrub.c) ---- */

/* In the transaction that deletes: the file says from now on that a scrub is owed. */
int scrub_owe(struct store *store, struct error *err);
/* Once that is committed. */
void scrub_owed(struct store *store);
/* Whether the file says so, of an erasure that is not known yet: at opening, and when somebody else has written. */
int scrub_load(struct store *store, struct error *err);
/* Whether an erasure does it itself. */
bool scrub_is_quick(const struct store *store);
extern const int64_t scrub_at_once_bytes; /* STORE_SCRUB_AT_ONCE_BYTES but in tests */
/* All of it, unless somebody hinders that: then the rest is owed. 0 or -1. */
int scrub_at_once(struct store *store, int timeout_ms, struct error *err);

/* Parameters count from 1, columns from 0. A bound text must live until the step. */
void bind_text(sqlite3_stmt *query, int parameter, const char *text);
/* What is no number counts as 0 (SQLite would make it NULL). */
void bind_real(sqlite3_stmt *query, int parameter, double value);
void bind_hash(sqlite3_stmt *query, int parameter, const unsigned char hash[TOKEN_HASH_BYTES]);
/* A copy in the arena; "" for NULL. */
const char *column_text(struct arena *arena, sqlite3_stmt *query, int column);

/* Sets store->unindexed. */
int store_count_unindexed(struct store *store, struct error *err);

/* The VFS that writers use (vfs.c); to be registered once, and before the first use. SQLite's result. */
#define STORE_VFS "shopbell"
int vfs_register(void);
/* From now on every page that goes into the database, or none, is freed of what is no row's. SQLite's result. */
int vfs_clear_pages(sqlite3 *db, bool is_on);
/* The same for up to `count` pages that are there already, from `*io_page` on (0: the first), which moves behind them.
 * SQLITE_BUSY: somebody else writes the log back. */
int vfs_clear_some(sqlite3 *db, int64_t *io_page, size_t count, bool *out_end);

/* Fills with zeros what no row needs of a page (pages.c), of whose `len` bytes the database uses the first `usable`;
 * `is_first`: page 1. False when nothing was to be done, or this is no page with rows. */
enum { PAGE_BYTES_MIN = 512, PAGE_BYTES_MAX = 65536 };
bool page_clear(unsigned char *bytes, size_t len, size_t usable, bool is_first);

/* ---- The steps of a conversation (schema.c, 6) ---- */

/* Events [first, last], by their global numbers. */
struct span {
	int64_t first, last;
};
/* The steps that hold the events above `after`, the newest first; owned by the caller. Nothing there is no error, a break in the
 * chain is. What is read afterwards is of the same state of the file only inside one transaction. */
int steps_find(struct store *store, int64_t conversation, int64_t after, struct span **out, size_t *out_count,
	       struct error *err);
/* Everything between two statements is of one state of the file: begins a transaction unless there is one, which the end
 * ends. */
bool store_begin_read(struct store *store);
void store_end_read(struct store *store, bool has_begun);
/* What no version of Shopbell writes was read: fills err; -1. */
int store_nonsense(const char *what, int64_t id, struct error *err);

/* ---- Conversations as this store left them (known.c) ---- */

struct known_row {
	int64_t id, seq;
	int64_t last_step; /* its first event's number; 0: none */
	enum owner owner;
	uint64_t steady; /* known_steady() */
};
/* At the begin of a transaction that writes: forgets everything when somebody else has written since the last one. */
int known_begin(struct store *store, struct error *err);
/* Nothing is known any more: a transaction failed, or rows were changed in another way. */
void known_forget(struct store *store);
/* NULL: not known. Good until the next known_put(). */
const struct known_row *known_find(struct store *store, int64_t conversation);
void known_put(struct store *store, const struct known_row *row);
/* Numbers for so many events, in a row; the first of them. */
int64_t known_take_numbers(struct store *store, size_t count);
/* A hash of all that a message mostly leaves as it is. */
uint64_t known_steady(const struct conversation_row *row);

/* ---- Schema ---- */

enum { SCHEMA_NEWEST = 8, APPLICATION_ID = 0x53684265 /* "ShBe" */ };
/* Brings the open file up to date; a file that holds something already is copied to FILE.before-N first. */
int schema_update(struct store *store, struct error *err);
/* Whether this is a file of ours with the newest schema: 0 or -1. `out_version` is set when it is ours. */
int schema_check(struct store *store, int *out_version, struct error *err);

/* Copies the file's content to `path`, checked and synced. `may_replace`: an older copy is overwritten. */
int backup_to(struct store *store, const char *path, bool may_replace, bool (*is_unwanted)(void), struct error *err);

/* ---- Rows ---- */

/* A conversation is two rows: `conversations` has what lists are found by and what seldom changes, `heads` where it stands,
 * which every message changes. */
#define ROW_COLUMNS                                                                                          \
	"id, owner, agent, agent_name, episode, is_closed, reason, priority, created_ms, waiting_since_ms, " \
	"visitor_name, visitor_email, subject, profile, ticket_ms, handover_right, tags, seq, updated_ms, rest"
#define ROWS_AND_HEADS "conversations CROSS JOIN heads ON heads.conversation = conversations.id"
/* Lists are kept in order of the minute of the last change, and sorted within it: so a message mostly leaves the indexes
 * as they are. */
#define CHANGE_MS 60000
/* Binds what `conversations` has of it, but for the id, to parameters from `first` on; gives the next free one. */
int row_bind(sqlite3_stmt *query, int first, const struct conversation_row *row);
/* Reads ROW_COLUMNS. */
int row_read(struct arena *arena, sqlite3_stmt *query, struct conversation_row *out, struct error *err);

/* A row is about one event, and holds those behind it in the same step, if no person's line is among them (pack.c). */
#define EVENT_COLUMNS(prefix)                                                                                          \
	prefix "id, " prefix "conversation, " prefix "seq, " prefix "at_ms, " prefix "kind, " prefix "author, " prefix \
	       "text, " prefix "language, " prefix "rest"
enum { EVENT_COLUMN_COUNT = 9 };
struct event_vec {
	struct stored_event *items;
	size_t count, capacity;
};
/* Binds the parameters of SQL_ADD_EVENT but 9 and 10, which say of the first row of a step what stands in the others as NULL. `rest` must live until the step. */
void event_bind(sqlite3_stmt *query, int64_t id, int64_t conversation, const struct event *event, struct str rest);
/* Adds the events of a row, whose columns begin at `first`, to `found`; when it fails some may be there already. */
int events_read(struct arena *arena, sqlite3_stmt *query, int first, struct event_vec *found, struct error *err);

/* Whether all events of a step may stand in one row. */
bool events_fit_together(const struct event *events, size_t count);
/* The `rest` of a row about events[0]: what the columns do not say of it, and the others, if any. */
void events_pack(struct buf *out, const struct event *events, size_t count);
/* The same back, added to `found`; `own` has what the columns say. False: no version of Shopbell writes such bytes. */
bool events_unpack(struct arena *arena, struct str bytes, const struct event *own, int64_t conversation,
		   struct event_vec *found);
/* The `rest` of a head: what is in no column of its own; and the same back. False: no version of Shopbell writes such bytes. */
void head_pack(struct buf *out, const struct conversation_row *row);
bool head_unpack(struct arena *arena, struct str bytes, struct conversation_row *row);
/* What was a column up to layout 7, as the parameters of packed_7(), which gives the `rest` of a head. */
#define PACKED_COLUMNS_7 "last_author, last_at_ms, mood, trend, language, intent, last_text"
enum { PACKED_COUNT_7 = 7 };
/* What was a column up to layout 6, as the parameters of the function packed_6(), which gives the `rest` of a row. */
#define PACKED_COLUMNS_6                                                                                             \
	"agent, agent_name, client_id, html, options, owner, owner_agent, episode, reason, action, intent, "         \
	"confidence, polarity, frustration, rates, helpful, csat, ces, nps, handover_right, comment, contact_name, " \
	"contact_email, segment, variant, details"
enum { PACKED_COUNT_6 = 26 };
int pack_register(sqlite3 *db);

/* Buttons as text, a line each: id, tab, label; a backslash stands before t for a tab, n for a newline, and itself. Anything
 * is read; a line without a tab is an id without label. */
const struct option *options_read_in(struct arena *arena, const char *text, size_t *out_count);

/* Messages and notes of people are searched; the bot's own lines are in the corpus. */
#define IS_SEARCHED "text <> '' AND (kind = 7 OR (kind = 1 AND author <> 2))"

#endif
