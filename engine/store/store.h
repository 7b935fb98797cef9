/* SPDX-License-Identifier: Apache-2.0 */
/* The data file: conversations and their events, agents, sessions, settings of the program. One SQLite database in
 * WAL mode with synchronous=FULL. One `struct store` belongs to one thread; several may be open on one file, one of
 * them writing. No JSON here: `details` and `profile` are opaque texts. */
#ifndef SHOPBELL_STORE_STORE_H
#define SHOPBELL_STORE_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "dialogue/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

enum store_mode {
	STORE_WRITE, /* makes the file and brings its schema up to date (a backup FILE.before-N is made first) */
	STORE_READ,  /* the file must exist with the newest schema */
};

/* 0, or -1 with err: a damaged file, a newer schema, no rights; the message says what to do. */
int store_open(const char *path, enum store_mode mode, struct store **out, struct error *err);
void store_close(struct store *store); /* NULL does nothing */
/* Brings what the journal holds into the file and empties it, unless somebody who reads hinders that: for who is about to end,
 * and may not be the last one to close the file, who does it otherwise. */
void store_empty_journal(struct store *store);
/* Reads every page and every index: 0, or -1 with what to do about a damaged file. Linear in the file. */
int store_check(struct store *store, struct error *err);
/* From the first read after store_hold() on all reads see one state of the file, whatever others write meanwhile, until
 * store_let_go(). */
int store_hold(struct store *store, struct error *err);
void store_let_go(struct store *store);

enum { TOKEN_HASH_BYTES = 32 };

/* ---- Conversations ---- */

/* What a summary needs beside the events, kept in the conversation's row. Texts never NULL. */
enum { LAST_TEXT_BYTES = 200 };

struct conversation_row {
	int64_t id;
	int64_t seq; /* of the last event */
	enum owner owner;
	int64_t agent; /* owner, or 0 */
	const char *agent_name;
	int episode;
	bool is_closed;
	enum reason reason;
	int priority;
	int64_t created_ms, updated_ms;
	int64_t waiting_since_ms; /* 0 when not waiting */
	double mood;
	int trend;
	const char *language;
	const char *intent;
	const char *last_text; /* of the last message, cut to LAST_TEXT_BYTES */
	enum author last_from;
	int64_t last_agent; /* who wrote it, when an agent did; 0: nobody knows */
	int64_t last_at_ms;
	const char *visitor_name, *visitor_email; /* given or verified */
	const char *subject;                      /* `sub` of the verified identity, "" */
	const char *profile;                      /* opaque: attributes, page */
	int64_t ticket_ms;                        /* a contact left for an answer by e-mail, still open; 0 none */
	int handover_right;                       /* -1, 0, 1 */
	const char *tags;                         /* a line each, "" */
};

/* One step of one conversation, to be stored whole or not at all. */
struct store_write {
	struct conversation_row row;                /* as it is after the events; id 0: a new conversation */
	int64_t expected_seq;                       /* last number on disk before; another one there is a conflict */
	unsigned char token_hash[TOKEN_HASH_BYTES]; /* of a new conversation */
	const struct event *events;
	size_t event_count;
};
enum store_outcome { STORE_DONE, STORE_CONFLICT, STORE_FAILED };
struct store_result {
	enum store_outcome outcome;
	int64_t conversation; /* id, also of a new one */
	int64_t first_id;     /* of the first event; the others follow by one */
};

/* Commits all writes in one transaction. A conflict (somebody else went on in that conversation, or a bot's line
 * where the bot is no longer the owner on disk) leaves that one out and the others in. When the disk refuses, all are
 * STORE_FAILED, nothing is stored, and -1 with err is returned. */
int store_commit(struct store *store, const struct store_write *writes, size_t count, struct store_result *results,
		 struct error *err);

/* 0 found, 1 not found, -1 err. Texts in the arena. */
int store_find_token(struct store *store, const unsigned char hash[TOKEN_HASH_BYTES], int64_t *out_conversation,
		     struct error *err);
/* The other way round. */
int store_load_token(struct store *store, int64_t conversation, unsigned char out_hash[TOKEN_HASH_BYTES],
		     struct error *err);
int store_load_row(struct store *store, struct arena *arena, int64_t conversation, struct conversation_row *out,
		   struct error *err);
/* The events above `after`, in order: after + 1, after + 2 and so on. */
int store_load_events(struct store *store, struct arena *arena, int64_t conversation, int64_t after,
		      struct event **out_events, size_t *out_count, struct error *err);
/* The number among all of event `seq` of a conversation: 0 found, 1 not found, -1 err. */
int store_find_event(struct store *store, int64_t conversation, int64_t seq, int64_t *out_id, struct error *err);
/* Events of all open conversations with an id above `after`, at most `max`, with their conversations. */
struct stored_event {
	int64_t conversation;
	struct event event;
};
int store_load_since(struct store *store, struct arena *arena, int64_t after, size_t max,
		     struct stored_event **out_events, size_t *out_count, struct error *err);
int store_last_event_id(struct store *store, int64_t *out_id, struct error *err);

/* The conversations that wait or belong to an agent; in the arena. */
int store_load_held(struct store *store, struct arena *arena, int64_t **out_ids, size_t *out_count, struct error *err);
/* Where a walk through conversations in the order of their last change stands; zeros: at the beginning. */
struct store_place {
	int64_t minute, id;
};
/* Up to `max` open conversations of the bot that were last changed before `before_ms`, from `place` on, which moves behind
 * them. */
int store_load_silent(struct store *store, int64_t before_ms, struct store_place *place, int64_t *ids, size_t max,
		      size_t *out_count, struct error *err);

enum store_list {
	LIST_WAITING,
	LIST_OPEN,
	LIST_ALL,
	LIST_TICKETS,
	LIST_OF_AGENT,
	LIST_OF_SUBJECT,
	LIST_TAGGED,
};
struct list_query {
	enum store_list list;
	int64_t agent;       /* LIST_OF_AGENT */
	const char *subject; /* LIST_OF_SUBJECT */
	const char *tag;     /* LIST_TAGGED; the letters a to z without regard to case */
	int64_t before_ms;   /* updated before; 0: no bound */
	size_t limit;
};
/* Newest first; waiting: in order of the queue. */
int store_list(struct store *store, struct arena *arena, const struct list_query *query,
	       struct conversation_row **out_rows, size_t *out_count, struct error *err);
/* Messages are put into the search index some time after their commit, many at once: store_unindexed() events wait for
 * that, and store_index() does it, in a transaction of its own. They are found and erased all the same; looking through
 * some thousands of them takes milliseconds. */
size_t store_unindexed(const struct store *store);
int store_index(struct store *store, struct error *err);
/* First the conversations with a tag that has `words` in it (the letters a to z without regard to case), then full text
 * search in what visitors and agents wrote, notes included (the bot's lines are in the corpus): all words, in one
 * message, each as the beginning of a word, without regard to case and accents. Newest first in both, each conversation
 * once, at most STORE_HITS_MAX. */
enum { STORE_HITS_MAX = 200 };
struct search_hit {
	struct conversation_row row;
	const char *snippet; /* plain text with the hit */
};
int store_search(struct store *store, struct arena *arena, const char *words, size_t limit,
		 struct search_hit **out_hits, size_t *out_count, struct error *err);

/* The tags that are in use, the most used first, at most STORE_TAGS_MAX; of several spellings the one with capitals, whichever
 * is newer. Linear in the conversations that have some. */
enum { STORE_TAGS_MAX = 500 };
struct tag_count {
	const char *tag;
	int64_t count;
};
int store_list_tags(struct store *store, struct arena *arena, struct tag_count **out, size_t *out_count,
		    struct error *err);

/* Removes everything of a conversation: rows, search index, free space of the file, its journal. Not from backups.
 * Nothing there is no error. In a file of up to STORE_SCRUB_AT_ONCE_BYTES nothing of it is left afterwards, or -1: the
 * conversation is gone, and what is left of it is owed. In a larger file it is not found any more and the journal is empty, but
 * the search index may hold its words, and free space of pages its texts: that is owed (below). Cost: linear in the
 * conversation and in a small file. */
#define STORE_SCRUB_AT_ONCE_BYTES (INT64_C(32) * 1024 * 1024)
int store_erase(struct store *store, int64_t conversation, struct error *err);
/* The same for up to STORE_EXPIRE_AT_ONCE conversations last changed before `before_ms`; gives their count. Fewer: these were
 * the last, and only then it is seen to that nothing of them is left. */
enum { STORE_EXPIRE_AT_ONCE = 50 };
int store_expire(struct store *store, int64_t before_ms, size_t *out_count, struct error *err);

/* Whether something erased is still to be cleared from the search index and the free space of the file. That stands in the
 * file, and is known again when it is opened. */
bool store_owes_scrub(const struct store *store);
/* Does a piece of that, which takes some ms: 0, or 1 when another reads or writes just now and it is to be tried again, or
 * -1. The whole is linear in the file, and done when nothing is owed any more. */
int store_scrub_some(struct store *store, struct error *err);
/* Does all of it, and waits up to STORE_SCRUB_PATIENCE_MS for others: 0, 1 when they did not stop, -1. */
enum { STORE_SCRUB_PATIENCE_MS = 5000 };
int store_scrub(struct store *store, struct error *err);

/* ---- Agents and sessions. Passwords come as finished hashes. ---- */

enum role { ROLE_AGENT = 1, ROLE_OWNER = 2 };
struct agent_row {
	int64_t id;
	const char *name; /* unique without regard to case */
	enum role role;
	const char *password_hash;
	int64_t created_ms;
};
/* ERROR_CONFLICT when the name is taken. */
int store_add_agent(struct store *store, const char *name, enum role role, const char *password_hash, int64_t now_ms,
		    int64_t *out_id, struct error *err);
/* Makes the first owner, only if there is none: ERROR_CONFLICT otherwise. */
int store_add_first_owner(struct store *store, const char *name, const char *password_hash, int64_t now_ms,
			  int64_t *out_id, struct error *err);
/* A name without regard to case: "Zoë" and "ZOË" are one. */
const char *store_fold_name(struct arena *arena, const char *name);
int store_find_agent(struct store *store, struct arena *arena, const char *name, struct agent_row *out,
		     struct error *err); /* 0, 1 not found, -1 */
int store_list_agents(struct store *store, struct arena *arena, struct agent_row **out, size_t *out_count,
		      struct error *err);
int store_remove_agent(struct store *store, int64_t agent, struct error *err); /* ends the sessions too */
int store_set_password(struct store *store, int64_t agent, const char *password_hash, struct error *err); /* too */
int store_has_owner(struct store *store, bool *out_has, struct error *err);

int store_add_session(struct store *store, const unsigned char hash[TOKEN_HASH_BYTES], int64_t agent, int64_t now_ms,
		      int64_t expires_ms, struct error *err);
/* 0 found and not expired, 1 not, -1. */
int store_find_session(struct store *store, struct arena *arena, const unsigned char hash[TOKEN_HASH_BYTES],
		       int64_t now_ms, struct agent_row *out, struct error *err);
int store_remove_session(struct store *store, const unsigned char hash[TOKEN_HASH_BYTES], struct error *err);

/* ---- Small things kept by name (the secret for identities, the hash of the one-time link) ---- */
int store_get_value(struct store *store, struct arena *arena, const char *name, struct str *out, struct error *err);
int store_set_value(struct store *store, const char *name, struct str value, struct error *err);

/* ---- What agents taught: drafts for the owner ---- */
struct draft_row {
	int64_t id, conversation, seq, agent, at_ms;
	const char *agent_name; /* as it is now, "" when there is none; not for adding */
	const char *language;   /* of the visitor's message; not for adding */
	const char *utterance;
	const char *intent;   /* or "" */
	const char *question; /* or "" */
	const char *answer;
};
/* What the same agent taught before of the same message is not added again: `out_id` is then the first one's. ERROR_MISSING
 * when the message is not there (any more). */
int store_add_draft(struct store *store, const struct draft_row *draft, int64_t *out_id, struct error *err);
int store_list_drafts(struct store *store, struct arena *arena, struct draft_row **out, size_t *out_count,
		      struct error *err);

/* ERROR_MISSING when there is none of that number. */
int store_remove_draft(struct store *store, int64_t draft, struct error *err);

/* ---- Replies that the owner keeps for all agents ---- */
enum { STORE_REPLIES_MAX = 200 };
struct reply_row {
	int64_t id;
	const char *name; /* unique without regard to case */
	const char *text;
};
/* ERROR_CONFLICT when the name is taken; ERROR_LIMIT when there are STORE_REPLIES_MAX already. */
int store_add_reply(struct store *store, const struct reply_row *reply, int64_t *out_id, struct error *err);
/* ERROR_CONFLICT; ERROR_MISSING when there is none of that number. */
int store_change_reply(struct store *store, const struct reply_row *reply, struct error *err);
int store_remove_reply(struct store *store, int64_t reply, struct error *err); /* ERROR_MISSING */
/* By name. */
int store_list_replies(struct store *store, struct arena *arena, struct reply_row **out, size_t *out_count,
		       struct error *err);

/* ---- For replay and numbers ---- */
/* Calls `each` for every visitor message from `since_ms` on with the decision on it, which stands right behind it
 * (kind 0 when none). Stops when `each` returns non-zero, and returns that. */
int store_each_question(struct store *store, int64_t since_ms,
			int (*each)(void *context, const struct event *message, const struct event *decision),
			void *context, struct error *err);
/* Calls `each` for every event, also the older ones, of the conversations that something happened in since `since_ms`:
 * conversation by conversation, in order of seq. The event is good until `each` returns; `each` may read through this
 * store. Stops when it returns non-zero, and returns that. Linear in those events. */
int store_each_event(struct store *store, int64_t since_ms,
		     int (*each)(void *context, int64_t conversation, const struct event *event), void *context,
		     struct error *err);
/* All that the file holds, also any that belong to no conversation. Linear in the file. */
int store_count_events(struct store *store, int64_t *out_count, struct error *err);
/* Adds the episodes that began at `from_ms` or later, as they stand at `now_ms`, to `report` (dialogue/report.h), and
 * counts the visitors' messages since then: `by_hour` gets 24 counts, hours since from_ms modulo 24. All figures of the
 * program are made by this. Cost: as store_each_event. */
struct report;
int store_report(struct store *store, int64_t from_ms, int64_t now_ms, struct report *report, int64_t by_hour[24],
		 struct error *err);

/* A consistent, checked copy of the whole file at `path` (must not exist), also while others write. `is_unwanted`, if
 * not NULL, is asked now and then: true ends it, and nothing of it is left. */
int store_backup(struct store *store, const char *path, bool (*is_unwanted)(void), struct error *err);

#endif
