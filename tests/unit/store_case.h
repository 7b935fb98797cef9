/* SPDX-License-Identifier: Apache-2.0 */
/* A data file of its own for each test, in a folder under build/ that is gone afterwards, and conversations to fill
 * it with. */
#ifndef SHOPBELL_TESTS_STORE_CASE_H
#define SHOPBELL_TESTS_STORE_CASE_H

#include "base/buf.h"
#include "store/store.h"

#include "cmocka_all.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOON INT64_C(1766314800000) /* a Sunday */

struct store_case {
	char folder[64];
	char path[100];
	struct store *store;
	struct arena arena;
	unsigned conversations;
};

static inline int case_set_up(void **state)
{
	struct store_case *c = calloc(1, sizeof *c);
	mkdir("build", 0755);
	snprintf(c->folder, sizeof c->folder, "build/store-XXXXXX");
	assert_non_null(mkdtemp(c->folder));
	snprintf(c->path, sizeof c->path, "%s/shopbell.db", c->folder);
	struct error err;
	if (store_open(c->path, STORE_WRITE, &c->store, &err) != 0)
		fail_msg("%s", err.message);
	*state = c;
	return 0;
}

static inline int case_tear_down(void **state)
{
	struct store_case *c = *state;
	store_close(c->store);
	arena_clear(&c->arena);
	DIR *listing = opendir(c->folder);
	for (struct dirent *entry; listing && (entry = readdir(listing));) {
		char path[400];
		snprintf(path, sizeof path, "%s/%s", c->folder, entry->d_name);
		unlink(path);
	}
	if (listing)
		closedir(listing);
	rmdir(c->folder);
	free(c);
	return 0;
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, case_set_up, case_tear_down)

/* Fails with the message when `call` does not give 0. */
#define MUST(call)                                              \
	do {                                                    \
		struct error err = { 0 };                       \
		if ((call) != 0)                                \
			fail_msg("%s: %s", #call, err.message); \
	} while (0)

static inline void case_reopen(struct store_case *c)
{
	store_close(c->store);
	c->store = NULL;
	MUST(store_open(c->path, STORE_WRITE, &c->store, &err));
}

static inline struct conversation_row blank_row(void)
{
	return (struct conversation_row){
		.owner = OWNER_BOT,
		.agent_name = "",
		.episode = 1,
		.created_ms = NOON,
		.updated_ms = NOON,
		.language = "en",
		.intent = "",
		.last_text = "",
		.last_from = AUTHOR_VISITOR,
		.last_at_ms = NOON,
		.visitor_name = "",
		.visitor_email = "",
		.subject = "",
		.profile = "",
		.handover_right = -1,
	};
}

static inline struct event said(enum author from, const char *text, enum owner owner)
{
	struct event event = event_blank();
	event.kind = EVENT_MESSAGE;
	event.from = from;
	event.text = text;
	event.owner = owner;
	event.episode = 1;
	event.at_ms = NOON;
	return event;
}

static inline struct event happened(enum event_kind kind, enum author from, enum owner owner)
{
	struct event event = said(from, "", owner);
	event.kind = kind;
	return event;
}

/* A write of `count` events behind `row`: numbers them, and takes seq and owner of the row from the last one. */
static inline struct store_write write_of(struct conversation_row row, struct event *events, size_t count)
{
	struct store_write write = { .expected_seq = row.seq, .events = events, .event_count = count };
	for (size_t i = 0; i < count; i++)
		events[i].seq = ++row.seq;
	if (count) {
		row.owner = events[count - 1].owner;
		row.agent = events[count - 1].owner_agent;
		row.updated_ms = events[count - 1].at_ms;
	}
	write.row = row;
	return write;
}

/* A token hash that no other conversation of the case has. */
static inline void give_token(struct store_case *c, struct store_write *write)
{
	unsigned number = ++c->conversations;
	memset(write->token_hash, 0, sizeof write->token_hash);
	memcpy(write->token_hash, &number, sizeof number);
}

static inline struct store_result commit_one(struct store_case *c, struct store_write *write)
{
	struct store_result result = { STORE_FAILED, -1, -1 };
	if (!write->row.id)
		give_token(c, write);
	MUST(store_commit(c->store, write, 1, &result, &err));
	return result;
}

/* Adds events to a conversation (id 0: a new one), starting from the row on disk; gives its id. */
static inline int64_t add_events(struct store_case *c, int64_t conversation, struct event *events, size_t count)
{
	struct conversation_row row = blank_row();
	if (conversation)
		MUST(store_load_row(c->store, &c->arena, conversation, &row, &err));
	struct store_write write = write_of(row, events, count);
	struct store_result result = commit_one(c, &write);
	assert_int_equal(result.outcome, STORE_DONE);
	return result.conversation;
}

static inline int64_t add_message(struct store_case *c, int64_t conversation, const char *text)
{
	struct event event = said(AUTHOR_VISITOR, text, OWNER_BOT);
	return add_events(c, conversation, &event, 1);
}

static inline size_t count_events(struct store_case *c, int64_t conversation)
{
	struct event *events;
	size_t count;
	MUST(store_load_events(c->store, &c->arena, conversation, 0, &events, &count, &err));
	return count;
}

/* Whether `needle` stands anywhere in any file of the case's folder. */
static inline bool is_on_disk(struct store_case *c, const char *needle)
{
	bool is_found = false;
	DIR *listing = opendir(c->folder);
	assert_non_null(listing);
	for (struct dirent *entry; (entry = readdir(listing));) {
		char path[400];
		snprintf(path, sizeof path, "%s/%s", c->folder, entry->d_name);
		struct stat info;
		if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || !info.st_size)
			continue;
		FILE *file = fopen(path, "rb");
		char *bytes = malloc((size_t)info.st_size);
		size_t len = fread(bytes, 1, (size_t)info.st_size, file);
		if (memmem(bytes, len, needle, strlen(needle)))
			is_found = true;
		free(bytes);
		fclose(file);
	}
	closedir(listing);
	return is_found;
}

/* SQL that no part of the store runs, through a connection of its own. */
static inline void run_sql(struct store_case *c, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(c->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

#endif
