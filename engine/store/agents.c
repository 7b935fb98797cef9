/* SPDX-License-Identifier: Apache-2.0 */
/* Agents and their sessions. */
#include "base/vec.h"
#include "store/internal.h"
#include "text/utf8.h"

#include <string.h>

/* The small letter for a capital of the alphabets that names are written in here: Latin, Greek, Cyrillic. Not the
 * folding of the text module, for which "Bob-1" and "bob 1" are the same. */
static uint32_t small_letter(uint32_t code)
{
	static const struct {
		uint32_t from, to, distance;
		bool is_paired; /* capital and small letter take turns, the capital first */
	} ranges[] = {
		{ 'A', 'Z', 32, false },     { 0xc0, 0xd6, 32, false },   { 0xd8, 0xde, 32, false },
		{ 0x100, 0x12f, 1, true },   { 0x132, 0x137, 1, true },   { 0x139, 0x148, 1, true },
		{ 0x14a, 0x177, 1, true },   { 0x179, 0x17e, 1, true },   { 0x391, 0x3a1, 32, false },
		{ 0x3a3, 0x3ab, 32, false }, { 0x400, 0x40f, 80, false }, { 0x410, 0x42f, 32, false },
		{ 0x460, 0x481, 1, true },   { 0x48a, 0x4bf, 1, true },   { 0x1e00, 0x1e95, 1, true },
		{ 0x1ea0, 0x1eff, 1, true },
	};
	if (code == 0x178)
		return 0xff;
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		if (code < ranges[i].from || code > ranges[i].to)
			continue;
		return ranges[i].is_paired && (code - ranges[i].from) % 2 ? code : code + ranges[i].distance;
	}
	return code;
}

const char *store_fold_name(struct arena *arena, const char *name)
{
	struct str text = str_of(name);
	char *folded = arena_alloc(arena, text.len * 4 + 1);
	size_t len = 0;
	for (size_t at = 0; at < text.len;)
		len += utf8_put(small_letter(utf8_next(text, &at)), folded + len);
	folded[len] = '\0';
	return folded;
}

/* Runs an INSERT of an agent, whose parameters all but the first two are bound. */
static int add_agent(struct store *store, enum statement which, const char *name, enum role role,
		     const char *password_hash, int64_t now_ms, int64_t *out_id, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, which, err);
	if (!query)
		return -1;
	struct arena arena = { 0 };
	bind_text(query, 1, name);
	bind_text(query, 2, store_fold_name(&arena, name));
	sqlite3_bind_int(query, 3, (int)role);
	bind_text(query, 4, password_hash);
	sqlite3_bind_int64(query, 5, now_ms);
	int step = sqlite3_step(query), result = 0;
	if (step == SQLITE_CONSTRAINT_UNIQUE) {
		sqlite3_reset(query);
		result = error_set(err, ERROR_CONFLICT, "there is somebody called \"%s\" already", name);
	} else {
		result = store_end(store, query, step, err);
	}
	sqlite3_clear_bindings(query);
	arena_clear(&arena);
	if (result == 0 && sqlite3_changes(store->db) == 0)
		return error_set(err, ERROR_CONFLICT, "there is an owner already");
	if (result == 0)
		*out_id = sqlite3_last_insert_rowid(store->db);
	return result;
}

int store_add_agent(struct store *store, const char *name, enum role role, const char *password_hash, int64_t now_ms,
		    int64_t *out_id, struct error *err)
{
	return add_agent(store, SQL_ADD_AGENT, name, role, password_hash, now_ms, out_id, err);
}

int store_add_first_owner(struct store *store, const char *name, const char *password_hash, int64_t now_ms,
			  int64_t *out_id, struct error *err)
{
	return add_agent(store, SQL_ADD_FIRST_OWNER, name, ROLE_OWNER, password_hash, now_ms, out_id, err);
}

static struct agent_row read_agent(struct arena *arena, sqlite3_stmt *query)
{
	return (struct agent_row){
		.id = sqlite3_column_int64(query, 0),
		.name = column_text(arena, query, 1),
		.role = sqlite3_column_int(query, 2) == ROLE_OWNER ? ROLE_OWNER : ROLE_AGENT,
		.password_hash = column_text(arena, query, 3),
		.created_ms = sqlite3_column_int64(query, 4),
	};
}

static int find_agent(struct store *store, struct arena *arena, sqlite3_stmt *query, struct agent_row *out,
		      struct error *err)
{
	struct agent_row agent = { 0 };
	int step = sqlite3_step(query);
	if (step == SQLITE_ROW)
		agent = read_agent(arena, query);
	if (store_end(store, query, step, err) != 0)
		return -1;
	if (step != SQLITE_ROW)
		return 1;
	*out = agent;
	return 0;
}

int store_find_agent(struct store *store, struct arena *arena, const char *name, struct agent_row *out,
		     struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_FIND_AGENT, err);
	if (!query)
		return -1;
	bind_text(query, 1, store_fold_name(arena, name));
	return find_agent(store, arena, query, out, err);
}

int store_list_agents(struct store *store, struct arena *arena, struct agent_row **out, size_t *out_count,
		      struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LIST_AGENTS, err);
	if (!query)
		return -1;
	struct {
		struct agent_row *items;
		size_t count, capacity;
	} agents = { 0 };
	int step;
	while ((step = sqlite3_step(query)) == SQLITE_ROW)
		vec_push(&agents, read_agent(arena, query));
	int result = store_end(store, query, step, err);
	if (result == 0) {
		*out = arena_alloc(arena, agents.count * sizeof *agents.items);
		if (agents.count)
			memcpy(*out, agents.items, agents.count * sizeof *agents.items);
		*out_count = agents.count;
	}
	vec_clear(&agents);
	return result;
}

/* Runs a change of one agent whose other parameters are bound; ERROR_MISSING when there is none of that number. */
static int change_agent(struct store *store, sqlite3_stmt *query, int64_t agent, struct error *err)
{
	sqlite3_stmt *end = store_statement(store, SQL_END_SESSIONS, err);
	if (!end)
		return -1;
	sqlite3_bind_int64(end, 1, agent);
	if (store_step(store, end, err) != 0)
		return -1;
	sqlite3_bind_int64(query, 1, agent);
	if (store_step(store, query, err) != 0)
		return -1;
	if (sqlite3_changes(store->db) == 0)
		return error_set(err, ERROR_MISSING, "there is no such agent");
	return 0;
}

int store_remove_agent(struct store *store, int64_t agent, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_REMOVE_AGENT, err);
	if (!query || store_begin(store, err) != 0)
		return -1;
	return store_finish(store, change_agent(store, query, agent, err), err);
}

int store_set_password(struct store *store, int64_t agent, const char *password_hash, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_SET_PASSWORD, err);
	if (!query || store_begin(store, err) != 0)
		return -1;
	bind_text(query, 2, password_hash);
	return store_finish(store, change_agent(store, query, agent, err), err);
}

int store_has_owner(struct store *store, bool *out_has, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_HAS_OWNER, err);
	if (!query)
		return -1;
	int step = sqlite3_step(query);
	bool has_owner = step == SQLITE_ROW && sqlite3_column_int(query, 0);
	if (store_end(store, query, step, err) != 0)
		return -1;
	*out_has = has_owner;
	return 0;
}

/* ---- Sessions ---- */

static int add_session(struct store *store, const unsigned char hash[TOKEN_HASH_BYTES], int64_t agent, int64_t now_ms,
		       int64_t expires_ms, struct error *err)
{
	sqlite3_stmt *drop = store_statement(store, SQL_DROP_EXPIRED, err);
	sqlite3_stmt *add = store_statement(store, SQL_ADD_SESSION, err);
	if (!drop || !add)
		return -1;
	sqlite3_bind_int64(drop, 1, now_ms);
	if (store_step(store, drop, err) != 0)
		return -1;
	bind_hash(add, 1, hash);
	sqlite3_bind_int64(add, 2, agent);
	sqlite3_bind_int64(add, 3, now_ms);
	sqlite3_bind_int64(add, 4, expires_ms);
	int step = sqlite3_step(add);
	if (step == SQLITE_CONSTRAINT_FOREIGNKEY) {
		sqlite3_reset(add);
		return error_set(err, ERROR_MISSING, "there is no such agent");
	}
	return store_end(store, add, step, err);
}

/* The expired ones go at the same time: there is no timer for them. */
int store_add_session(struct store *store, const unsigned char hash[TOKEN_HASH_BYTES], int64_t agent, int64_t now_ms,
		      int64_t expires_ms, struct error *err)
{
	if (store_begin(store, err) != 0)
		return -1;
	return store_finish(store, add_session(store, hash, agent, now_ms, expires_ms, err), err);
}

int store_find_session(struct store *store, struct arena *arena, const unsigned char hash[TOKEN_HASH_BYTES],
		       int64_t now_ms, struct agent_row *out, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_FIND_SESSION, err);
	if (!query)
		return -1;
	bind_hash(query, 1, hash);
	sqlite3_bind_int64(query, 2, now_ms);
	return find_agent(store, arena, query, out, err);
}

int store_remove_session(struct store *store, const unsigned char hash[TOKEN_HASH_BYTES], struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_REMOVE_SESSION, err);
	if (!query)
		return -1;
	bind_hash(query, 1, hash);
	return store_step(store, query, err);
}
