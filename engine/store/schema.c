/* SPDX-License-Identifier: Apache-2.0 */
/* The layout of the file, as the steps that lead to it. A step that was released is never changed: the next one is
 * added at the end. */
#include "store/internal.h"

#include <string.h>

/* 1: conversations, agents, sessions.
 *
 * Events are in a table by their global number, not by (conversation, seq) WITHOUT ROWID: appending at the end is as
 * fast (5.8 against 6.0 us an event in batches of 1,000, 9.1 against 9.2 in batches of 50, 7% smaller file), and the
 * search index and resuming agents need the number. AUTOINCREMENT (0.6 us) keeps a number from being given again after
 * the newest conversation was erased. `days` finds the first event of a day without an index on the time. The columns of events are
 * not held to types or NOT NULL, nor the conversation to a foreign key (8% of an insert together): a commit has just
 * looked at the conversation, and readers take nothing for granted. */
static const char version_1[] =
	"CREATE TABLE conversations ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, token_hash BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL,"
	" owner INTEGER NOT NULL, agent INTEGER NOT NULL, agent_name TEXT NOT NULL, episode INTEGER NOT NULL,"
	" is_closed INTEGER NOT NULL, reason INTEGER NOT NULL, priority INTEGER NOT NULL, created_ms INTEGER NOT NULL,"
	" updated_ms INTEGER NOT NULL, waiting_since_ms INTEGER NOT NULL, mood REAL NOT NULL, trend INTEGER NOT NULL,"
	" language TEXT NOT NULL, intent TEXT NOT NULL, last_text TEXT NOT NULL, last_author INTEGER NOT NULL,"
	" last_at_ms INTEGER NOT NULL, visitor_name TEXT NOT NULL, visitor_email TEXT NOT NULL, subject TEXT NOT NULL,"
	" profile TEXT NOT NULL, ticket_ms INTEGER NOT NULL, handover_right INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX conversations_by_change ON conversations (is_closed, updated_ms);"
	"CREATE INDEX conversations_waiting ON conversations (priority, waiting_since_ms) WHERE owner = 2;"
	"CREATE INDEX conversations_of_agent ON conversations (agent) WHERE agent <> 0;"
	"CREATE INDEX conversations_of_subject ON conversations (subject) WHERE subject <> '';"
	"CREATE INDEX conversations_with_ticket ON conversations (updated_ms) WHERE ticket_ms <> 0;"
	"CREATE TABLE events ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER,"
	" seq INTEGER, at_ms INTEGER, kind INTEGER, author INTEGER,"
	" agent INTEGER, agent_name TEXT, client_id TEXT, text TEXT,"
	" html TEXT, options TEXT, owner INTEGER, owner_agent INTEGER,"
	" episode INTEGER, reason INTEGER, action INTEGER, intent TEXT,"
	" confidence REAL, polarity REAL, frustration REAL, language TEXT,"
	" rates INTEGER, helpful INTEGER, csat INTEGER, ces INTEGER,"
	" nps INTEGER, handover_right INTEGER, comment TEXT, contact_name TEXT,"
	" contact_email TEXT, details TEXT, UNIQUE (conversation, seq)"
	");"
	"CREATE UNIQUE INDEX events_by_client_id ON events (conversation, client_id, author, agent)"
	" WHERE client_id <> '' AND kind = 1;"
	"CREATE TABLE days (day INTEGER PRIMARY KEY, first_event INTEGER NOT NULL) STRICT;"
	"CREATE TABLE agents ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE,"
	" role INTEGER NOT NULL, password_hash TEXT NOT NULL, created_ms INTEGER NOT NULL"
	") STRICT;"
	"CREATE TABLE sessions ("
	" hash BLOB PRIMARY KEY, agent INTEGER NOT NULL REFERENCES agents (id), created_ms INTEGER NOT NULL,"
	" expires_ms INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX sessions_of_agent ON sessions (agent);"
	"CREATE TABLE kept_values (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;";

/* 2: searching, and what agents taught. The index holds no text of its own (external content) and no positions
 * (detail=none): 2.8 us a message in batches of 1,000 and 7 in batches of 50, against 4.3 and 11 with them. */
static const char version_2[] =
	"CREATE VIRTUAL TABLE search USING fts5 (text, content = 'events', content_rowid = 'id', detail = 'none',"
	" columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');"
	"INSERT INTO search (rowid, text) SELECT id, text FROM events WHERE " IS_SEARCHED ";"
	"CREATE TABLE drafts ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" agent INTEGER NOT NULL, at_ms INTEGER NOT NULL, utterance TEXT NOT NULL, intent TEXT NOT NULL,"
	" question TEXT NOT NULL, answer TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX drafts_of_conversation ON drafts (conversation);";

/* 3: a message is put into the index later, together with many (36,000 instructions a message when each transaction did
 * it, a tenth of that in hundreds): events above `indexed_to` are not in it yet and are looked through one by one. */
static const char version_3[] =
	"CREATE TABLE search_state (id INTEGER PRIMARY KEY, indexed_to INTEGER NOT NULL) STRICT;"
	"INSERT INTO search_state (id, indexed_to) SELECT 1, ifnull(max(id), 0) FROM events;";

/* 4: tags, a line each, in the row that lists are made of; the index serves their names, the list of one, and the
 * search. And the replies that the owner keeps for all agents. */
static const char version_4[] =
	"ALTER TABLE conversations ADD COLUMN tags TEXT NOT NULL DEFAULT '';"
	"CREATE INDEX conversations_tagged ON conversations (updated_ms, tags) WHERE tags <> '';"
	"CREATE TABLE replies ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folded_name TEXT NOT NULL UNIQUE, text TEXT NOT "
	"NULL"
	") STRICT;"
	"INSERT INTO replies (name, folded_name, text) VALUES"
	" ('Hello', 'hello', 'Hello {name}, this is {agent} from {shop}. I have read what you wrote. '),"
	" ('One moment', 'one moment', 'Let me look that up for you, it takes a minute or two.'),"
	" ('Sorry', 'sorry', 'I am sorry about this, {name}. I will put it right.'),"
	" ('Anything else', 'anything else', 'Is there anything else that I can help you with?');";

/* 5: who was served, and with which of several answers. */
static const char version_5[] = "ALTER TABLE events ADD COLUMN segment TEXT;"
				"ALTER TABLE events ADD COLUMN variant TEXT;";

/* 6: events without an index. The events of a step (what one commit adds to one conversation) have numbers in a row: the
 * first of them says how many they are (`step`) and where the step before of its conversation begins (`before`, 0: there is
 * none), and the conversation says where its last one begins. So a conversation is read from its end along its steps, and
 * what is added to it stands at the end of the table and nowhere else. The indexes on (conversation, seq) and on client_id
 * each cost a page of the journal for every conversation of a batch; without them, without AUTOINCREMENT, with indexes
 * on the minute of the last change, and with what known.c spares, a turn in a batch of eight takes 63,000 instructions
 * instead of 99,000. That a client_id stands once in its conversation is seen to by who commits: it knows the
 * conversation as it is on the disk, or gets a conflict. `last_erased` keeps a number from being given again after the
 * newest conversation was erased. */
static const char version_6[] =
	"ALTER TABLE conversations ADD COLUMN last_step INTEGER NOT NULL DEFAULT 0;"
	"UPDATE conversations SET last_step = ifnull((SELECT id FROM events e WHERE e.conversation = conversations.id"
	" ORDER BY seq DESC LIMIT 1), 0);"
	"ALTER TABLE conversations ADD COLUMN updated_minute INTEGER NOT NULL DEFAULT 0;"
	"UPDATE conversations SET updated_minute = updated_ms / 60000;"
	"DROP INDEX conversations_by_change;"
	"DROP INDEX conversations_with_ticket;"
	"DROP INDEX conversations_tagged;"
	"CREATE INDEX conversations_by_change ON conversations (is_closed, updated_minute);"
	"CREATE INDEX conversations_with_ticket ON conversations (updated_minute) WHERE ticket_ms <> 0;"
	"CREATE INDEX conversations_tagged ON conversations (updated_minute, tags) WHERE tags <> '';"
	"ALTER TABLE drafts ADD COLUMN event INTEGER NOT NULL DEFAULT 0;"
	"UPDATE drafts SET event = ifnull((SELECT id FROM events e WHERE e.conversation = drafts.conversation"
	" AND e.seq = drafts.seq), 0);"
	"CREATE TABLE last_erased (id INTEGER PRIMARY KEY, event INTEGER NOT NULL) STRICT;"
	"INSERT INTO last_erased (id, event)"
	" SELECT 1, ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0);"
	"CREATE TABLE events_6 ("
	" id INTEGER PRIMARY KEY, conversation INTEGER,"
	" seq INTEGER, at_ms INTEGER, kind INTEGER, author INTEGER,"
	" agent INTEGER, agent_name TEXT, client_id TEXT, text TEXT,"
	" html TEXT, options TEXT, owner INTEGER, owner_agent INTEGER,"
	" episode INTEGER, reason INTEGER, action INTEGER, intent TEXT,"
	" confidence REAL, polarity REAL, frustration REAL, language TEXT,"
	" rates INTEGER, helpful INTEGER, csat INTEGER, ces INTEGER,"
	" nps INTEGER, handover_right INTEGER, comment TEXT, contact_name TEXT,"
	" contact_email TEXT, details TEXT, segment TEXT, variant TEXT, step INTEGER, before INTEGER"
	");"
	/* What is there already: each event a step of its own. */
	"INSERT INTO events_6 SELECT e.*, 1, ifnull((SELECT o.id FROM events o WHERE o.conversation = e.conversation"
	" AND o.seq < e.seq ORDER BY o.seq DESC LIMIT 1), 0) FROM events e ORDER BY e.id;"
	"DROP TABLE events;"
	"ALTER TABLE events_6 RENAME TO events;";

/* 7: a step as one row: of its first event the columns that something is looked for by, all else, and the events behind
 * it, as bytes (pack.c). A question and its answer are three events: as three rows of 36 columns they were half of what a
 * commit costs the processor. A line of a person has a row always, since rows are what is searched. */
static const char version_7[] =
	"CREATE TABLE events_7 ("
	" id INTEGER PRIMARY KEY, conversation INTEGER, seq INTEGER, at_ms INTEGER, kind INTEGER, author INTEGER,"
	" text TEXT, language TEXT, step INTEGER, before INTEGER, rest BLOB"
	");"
	"INSERT INTO events_7 SELECT id, conversation, seq, at_ms, kind, author, nullif(text, ''), nullif(language, "
	"''),"
	" step, before, packed_6(" PACKED_COLUMNS_6 ") FROM events ORDER BY id;"
	"DROP TABLE events;"
	"ALTER TABLE events_7 RENAME TO events;";

/* 8: where a conversation stands, which every message changes, is a row of its own: of the 29 columns of the one row every
 * message read 19, to write them again as they were. 7,700 of a turn's instructions went there. */
static const char version_8[] =
	"CREATE TABLE heads (conversation INTEGER PRIMARY KEY, seq INTEGER, updated_ms INTEGER, last_step INTEGER, "
	"rest BLOB);"
	"INSERT INTO heads SELECT id, seq, updated_ms, last_step, packed_7(" PACKED_COLUMNS_7 ") FROM conversations;"
	"ALTER TABLE conversations DROP COLUMN seq;"
	"ALTER TABLE conversations DROP COLUMN updated_ms;"
	"ALTER TABLE conversations DROP COLUMN mood;"
	"ALTER TABLE conversations DROP COLUMN trend;"
	"ALTER TABLE conversations DROP COLUMN language;"
	"ALTER TABLE conversations DROP COLUMN intent;"
	"ALTER TABLE conversations DROP COLUMN last_text;"
	"ALTER TABLE conversations DROP COLUMN last_author;"
	"ALTER TABLE conversations DROP COLUMN last_at_ms;"
	"ALTER TABLE conversations DROP COLUMN last_step;";

static const char *const steps[SCHEMA_NEWEST] = { version_1, version_2, version_3, version_4,
						  version_5, version_6, version_7, version_8 };

/* The number that a PRAGMA or a count answers with. */
static int read_number(struct store *store, const char *sql, int64_t *out, struct error *err)
{
	sqlite3_stmt *query = NULL;
	if (sqlite3_prepare_v2(store->db, sql, -1, &query, NULL) != SQLITE_OK)
		return store_error(store->db, store->path, err);
	int result = 0;
	if (sqlite3_step(query) == SQLITE_ROW)
		*out = sqlite3_column_int64(query, 0);
	else
		result = store_error(store->db, store->path, err);
	sqlite3_finalize(query);
	return result;
}

int schema_check(struct store *store, int *out_version, struct error *err)
{
	int64_t application = 0, version = 0, tables = 0;
	if (read_number(store, "PRAGMA application_id", &application, err) != 0 ||
	    read_number(store, "PRAGMA user_version", &version, err) != 0 ||
	    read_number(store, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
		return -1;
	if (application == 0 && version == 0 && tables == 0) {
		*out_version = 0;
		return store->mode == STORE_WRITE
			       ? 0
			       : error_set(err, ERROR_MISSING, "%s is empty: start `shopbell serve` once to fill it",
					   store->path);
	}
	if (application != APPLICATION_ID || version < 1)
		return error_set(err, ERROR_INPUT,
				 "%s is a database of another program: give Shopbell a folder of its own with --data",
				 store->path);
	if (version > SCHEMA_NEWEST)
		return error_set(err, ERROR_INPUT,
				 "%s was written by a newer Shopbell (layout %d, this program knows up to %d): install "
				 "that version "
				 "again, or put the copy %s.before-%d in its place",
				 store->path, (int)version, SCHEMA_NEWEST, store->path, SCHEMA_NEWEST + 1);
	if (version < SCHEMA_NEWEST && store->mode == STORE_READ)
		return error_set(err, ERROR_INPUT,
				 "%s has an older layout: start `shopbell serve` once to bring it up to date",
				 store->path);
	*out_version = (int)version;
	return 0;
}

/* Inside one transaction: another process may have been faster, and a crash leaves the old layout whole. */
static int take_steps(struct store *store, struct error *err)
{
	int version = 0;
	if (schema_check(store, &version, err) != 0)
		return -1;
	if (version == SCHEMA_NEWEST)
		return 0;
	if (pack_register(store->db) != SQLITE_OK)
		return store_error(store->db, store->path, err);
	for (; version < SCHEMA_NEWEST; version++)
		if (store_exec(store, steps[version], err) != 0)
			return -1;
	struct buf sql = { 0 };
	buf_printf(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID, SCHEMA_NEWEST);
	int result = store_exec(store, buf_text(&sql), err);
	buf_clear(&sql);
	return result;
}

int schema_update(struct store *store, struct error *err)
{
	int version = 0;
	if (schema_check(store, &version, err) != 0)
		return -1;
	if (version == SCHEMA_NEWEST)
		return 0;
	if (version > 0) {
		struct buf copy = { 0 };
		buf_printf(&copy, "%s.before-%d", store->path, version + 1);
		int result = backup_to(store, buf_text(&copy), true, NULL, err);
		buf_clear(&copy);
		if (result != 0)
			return -1;
	}
	if (store_begin(store, err) != 0)
		return -1;
	return store_finish(store, take_steps(store, err), err);
}
