/* SPDX-License-Identifier: Apache-2.0 */
/* All SQL that is run again and again. */
#include "store/internal.h"

#define INDEXED_TO "(SELECT indexed_to FROM search_state)"
/* The last row may hold the whole of its step. */
#define LAST_EVENT \
	"(SELECT ifnull(max(id + ifnull(step, 1) - 1), 0) FROM events WHERE id = (SELECT max(id) FROM events))"
/* The minute stands among them since a compound query can be sorted by nothing else. */
#define SELECT_ROWS "SELECT " ROW_COLUMNS ", updated_minute FROM " ROWS_AND_HEADS " WHERE "
#define MINUTE(ms)  ms " / " NUMBER(CHANGE_MS)
#define BEFORE_1    "updated_ms < ?1 AND updated_minute <= " MINUTE("?1")
#define NEWEST      "ORDER BY updated_minute DESC, updated_ms DESC, id DESC"

static const char *const statements[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_DATA_VERSION] = "PRAGMA data_version",

	[SQL_STATE_OF_CONVERSATION] =
		"SELECT seq, owner, agent, episode, is_closed, reason, priority, created_ms, waiting_since_ms, "
		"ticket_ms, handover_right, agent_name, visitor_name, visitor_email, subject, profile, tags, "
		"updated_ms, last_step FROM " ROWS_AND_HEADS " WHERE id = ?1",
	[SQL_ADD_CONVERSATION] =
		"INSERT INTO conversations (owner, agent, agent_name, episode, is_closed, reason, priority, "
		"created_ms, waiting_since_ms, visitor_name, visitor_email, subject, profile, ticket_ms, "
		"handover_right, tags, updated_minute, token_hash) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
	[SQL_CHANGE_CONVERSATION] =
		"UPDATE conversations SET owner = ?1, agent = ?2, agent_name = ?3, episode = ?4, is_closed = ?5, "
		"reason = ?6, priority = ?7, created_ms = ?8, waiting_since_ms = ?9, visitor_name = ?10, "
		"visitor_email = ?11, subject = ?12, profile = ?13, ticket_ms = ?14, handover_right = ?15, "
		"tags = ?16, updated_minute = ?17 WHERE id = ?18",
	[SQL_SET_HEAD] = "REPLACE INTO heads (conversation, seq, updated_ms, last_step, rest) "
			 "VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_ADD_EVENT] =
		"INSERT INTO events (id, conversation, seq, at_ms, kind, author, text, language, step, before, "
		"rest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[SQL_INDEX_RECENT] = "INSERT INTO search (rowid, text) SELECT id, text FROM events WHERE id > " INDEXED_TO
			     " AND " IS_SEARCHED,
	[SQL_MARK_INDEXED] = "UPDATE search_state SET indexed_to = (SELECT ifnull(max(id), indexed_to) FROM events)",
	[SQL_COUNT_RECENT] = "SELECT ifnull(sum(step), 0) FROM events WHERE id > " INDEXED_TO,
	[SQL_ADD_DAY] = "INSERT OR IGNORE INTO days (day, first_event) VALUES (?1, ?2)",

	[SQL_FIND_TOKEN] = "SELECT id FROM conversations WHERE token_hash = ?1",
	[SQL_LOAD_TOKEN] = "SELECT token_hash FROM conversations WHERE id = ?1",
	[SQL_LOAD_ROW] = SELECT_ROWS "id = ?1",
	[SQL_LAST_STEP] = "SELECT last_step FROM heads WHERE conversation = ?1",
	[SQL_STEP] = "SELECT conversation, seq, step, before FROM events WHERE id = ?1",
	[SQL_LOAD_STEP] = "SELECT " EVENT_COLUMNS("") " FROM events WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
	/* From the row on that may hold ?1 and events behind it. */
	[SQL_LOAD_SINCE] =
		"SELECT " EVENT_COLUMNS("e.") " FROM events e CROSS JOIN conversations c ON c.id = e.conversation "
					      "WHERE e.id >= (SELECT ifnull(max(id), 0) FROM events WHERE id <= ?1) "
					      "AND c.is_closed = 0 ORDER BY e.id LIMIT ?2",
	[SQL_LAST_EVENT] = "SELECT max(event, " LAST_EVENT ") FROM last_erased",
	[SQL_KEEP_LAST_EVENT] = "UPDATE last_erased SET event = max(event, " LAST_EVENT ")",

	[SQL_LIST_HELD] = "SELECT id FROM conversations WHERE owner = 2 UNION ALL "
			  "SELECT id FROM conversations WHERE agent <> 0",
	/* In the order of the index by change, so that a page costs no more than what is on it. */
	[SQL_LIST_SILENT] = "SELECT id, updated_minute FROM " ROWS_AND_HEADS " WHERE is_closed = 0 AND owner = 1 AND "
			    "(updated_minute, id) > (?2, ?3) AND " BEFORE_1 " ORDER BY updated_minute, id LIMIT ?4",
	/* ?1 before, ?2 limit, ?3 what the list is of. */
	[SQL_LIST_WAITING] =
		SELECT_ROWS "owner = 2 AND updated_ms < ?1 ORDER BY priority DESC, waiting_since_ms, id LIMIT ?2",
	[SQL_LIST_OPEN] = SELECT_ROWS "is_closed = 0 AND " BEFORE_1 " " NEWEST " LIMIT ?2",
	[SQL_LIST_ALL] = SELECT_ROWS "is_closed = 0 AND " BEFORE_1 " UNION ALL " SELECT_ROWS
				     "is_closed = 1 AND " BEFORE_1 " " NEWEST " LIMIT ?2",
	[SQL_LIST_TICKETS] = SELECT_ROWS "ticket_ms <> 0 AND " BEFORE_1 " " NEWEST " LIMIT ?2",
	[SQL_LIST_OF_AGENT] =
		SELECT_ROWS "agent = ?3 AND agent <> 0 AND updated_ms < ?1 ORDER BY updated_ms DESC, id DESC LIMIT ?2",
	[SQL_LIST_OF_SUBJECT] = SELECT_ROWS
	"subject = ?3 AND subject <> '' AND updated_ms < ?1 ORDER BY updated_ms DESC, id DESC LIMIT ?2",
	[SQL_SEARCH] = "SELECT e.conversation, snippet(search, 0, '', '', '…', 24) FROM search CROSS JOIN events e "
		       "ON e.id = search.rowid WHERE search MATCH ?1 ORDER BY search.rowid DESC",

	[SQL_SEARCH_RECENT] =
		"SELECT conversation, text FROM events WHERE id > " INDEXED_TO " AND " IS_SEARCHED " ORDER BY id DESC",

	/* Tags stand a line each: with a line end before and after, ?3 is one whole line, or a part of any. */
	[SQL_LIST_TAGGED] = SELECT_ROWS
	"tags <> '' AND " BEFORE_1 " AND "
	"instr(char(10) || lower(tags) || char(10), char(10) || lower(?3) || char(10)) " NEWEST " LIMIT ?2",
	[SQL_SEARCH_TAGS] = "SELECT id, replace(tags, char(10), ', ') FROM " ROWS_AND_HEADS " WHERE tags <> '' AND "
			    "instr(lower(tags), lower(?1)) " NEWEST,
	[SQL_LIST_TAGS] = "SELECT tags FROM " ROWS_AND_HEADS " WHERE tags <> '' " NEWEST,

	/* To delete what is not in the index would damage it. */
	[SQL_ERASE_FROM_SEARCH] =
		"INSERT INTO search (search, rowid, text) SELECT 'delete', id, text FROM events "
		"WHERE id BETWEEN ?2 AND ?3 AND conversation = ?1 AND id <= " INDEXED_TO " AND " IS_SEARCHED,
	[SQL_ERASE_DRAFTS] = "DELETE FROM drafts WHERE conversation = ?1",
	[SQL_ERASE_EVENTS] = "DELETE FROM events WHERE id BETWEEN ?2 AND ?3 AND conversation = ?1",
	[SQL_ERASE_HEAD] = "DELETE FROM heads WHERE conversation = ?1",
	[SQL_ERASE_CONVERSATION] = "DELETE FROM conversations WHERE id = ?1",
	[SQL_OPTIMIZE_SEARCH] = "INSERT INTO search (search) VALUES ('optimize')",
	[SQL_OLDEST] = "SELECT id FROM " ROWS_AND_HEADS " WHERE is_closed = 0 AND " BEFORE_1 " UNION ALL "
		       "SELECT id FROM " ROWS_AND_HEADS " WHERE is_closed = 1 AND " BEFORE_1 " LIMIT ?2",

	[SQL_ADD_AGENT] =
		"INSERT INTO agents (name, folded_name, role, password_hash, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_ADD_FIRST_OWNER] = "INSERT INTO agents (name, folded_name, role, password_hash, created_ms) "
				"SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM agents WHERE role = 2)",
	[SQL_FIND_AGENT] = "SELECT id, name, role, password_hash, created_ms FROM agents WHERE folded_name = ?1",
	[SQL_LIST_AGENTS] = "SELECT id, name, role, password_hash, created_ms FROM agents ORDER BY folded_name",
	[SQL_REMOVE_AGENT] = "DELETE FROM agents WHERE id = ?1",
	[SQL_SET_PASSWORD] = "UPDATE agents SET password_hash = ?2 WHERE id = ?1",
	[SQL_END_SESSIONS] = "DELETE FROM sessions WHERE agent = ?1",
	[SQL_HAS_OWNER] = "SELECT EXISTS (SELECT 1 FROM agents WHERE role = 2)",
	[SQL_ADD_SESSION] = "INSERT INTO sessions (hash, agent, created_ms, expires_ms) VALUES (?1, ?2, ?3, ?4)",
	[SQL_DROP_EXPIRED] = "DELETE FROM sessions WHERE expires_ms <= ?1",
	[SQL_FIND_SESSION] = "SELECT a.id, a.name, a.role, a.password_hash, a.created_ms FROM sessions s "
			     "JOIN agents a ON a.id = s.agent WHERE s.hash = ?1 AND s.expires_ms > ?2",
	[SQL_REMOVE_SESSION] = "DELETE FROM sessions WHERE hash = ?1",

	[SQL_GET_VALUE] = "SELECT value FROM kept_values WHERE name = ?1",
	[SQL_SET_VALUE] = "INSERT INTO kept_values (name, value) VALUES (?1, ?2) "
			  "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
	[SQL_DROP_VALUE] = "DELETE FROM kept_values WHERE name = ?1 AND value = ?2",
	[SQL_FIND_DRAFT] = "SELECT id FROM drafts WHERE conversation = ?1 AND seq = ?2 AND agent = ?3 AND intent = ?4 "
			   "AND question = ?5",
	[SQL_ADD_DRAFT] =
		"INSERT INTO drafts (conversation, seq, agent, at_ms, utterance, intent, question, answer, event) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[SQL_LIST_DRAFTS] =
		"SELECT d.id, d.conversation, d.seq, d.agent, d.at_ms, d.utterance, d.intent, d.question, d.answer, "
		"a.name, e.language FROM drafts d LEFT JOIN agents a ON a.id = d.agent "
		"LEFT JOIN events e ON e.id = d.event ORDER BY d.id",
	[SQL_REMOVE_DRAFT] = "DELETE FROM drafts WHERE id = ?1",
	[SQL_ADD_REPLY] = "INSERT INTO replies (name, folded_name, text) SELECT ?2, ?3, ?4 "
			  "WHERE (SELECT count(*) FROM replies) < ?1",
	[SQL_CHANGE_REPLY] = "UPDATE replies SET name = ?2, folded_name = ?3, text = ?4 WHERE id = ?1",
	[SQL_REMOVE_REPLY] = "DELETE FROM replies WHERE id = ?1",
	[SQL_LIST_REPLIES] = "SELECT id, name, text FROM replies ORDER BY folded_name",

	/* The decision on a message stands right behind it, mostly in the same row. */
	[SQL_QUESTIONS] = "SELECT " EVENT_COLUMNS("m.") ", " EVENT_COLUMNS(
		"d.") " FROM events m LEFT JOIN events d "
		      "ON d.id = m.id + 1 AND d.kind = 2 AND d.conversation = m.conversation "
		      "WHERE m.id >= (SELECT ifnull(min(first_event), 0) FROM days WHERE day >= ?1 / 86400000) "
		      "AND m.kind = 1 AND m.author = 1 AND m.at_ms >= ?1 ORDER BY m.id",
	[SQL_CHANGED_SINCE] = "SELECT conversation FROM heads WHERE updated_ms >= ?1 ORDER BY conversation",
	[SQL_COUNT_EVENTS] = "SELECT ifnull(sum(step), 0) FROM events",
};

const char *statement_sql(enum statement which)
{
	return statements[which];
}
