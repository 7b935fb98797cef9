/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that fails: nothing is half stored, nothing acknowledged is lost, and it goes on when the disk is back. */
#include "store/store.h"

#include "../vfs/faulty_vfs.h"
#include "store_case.h"

#include <pthread.h>

static int faulty_set_up(void **state)
{
	faulty_install();
	return case_set_up(state);
}

static int faulty_tear_down(void **state)
{
	faulty_arm(FAULT_NONE, 0);
	faulty_on_sync(NULL, NULL);
	case_tear_down(state);
	faulty_remove();
	return 0;
}

#define FAULTY(test) cmocka_unit_test_setup_teardown(test, faulty_set_up, faulty_tear_down)

/* A batch of two: one goes on in `known`, one is new. */
struct batch {
	struct event events[2][3];
	struct store_write writes[2];
	struct store_result results[2];
};

static void make_batch(struct store_case *c, struct batch *batch, int64_t known)
{
	struct conversation_row row;
	MUST(store_load_row(c->store, &c->arena, known, &row, &err));
	for (size_t i = 0; i < 2; i++) {
		batch->events[i][0] = said(AUTHOR_VISITOR, "where is my parcel", OWNER_BOT);
		batch->events[i][1] = happened(EVENT_DECISION, AUTHOR_BOT, OWNER_BOT);
		batch->events[i][2] = said(AUTHOR_BOT, "Follow it here.", OWNER_BOT);
	}
	batch->writes[0] = write_of(row, batch->events[0], 3);
	batch->writes[1] = write_of(blank_row(), batch->events[1], 3);
	give_token(c, &batch->writes[1]);
}

static size_t count_all(struct store_case *c)
{
	struct stored_event *events;
	size_t count;
	MUST(store_load_since(c->store, &c->arena, 0, 1000000, &events, &count, &err));
	return count;
}

/* Lets the disk fail at its n-th operation for n = 0, 1, 2 ... until a commit comes through without reaching it. */
static void fail_everywhere(struct store_case *c, enum fault fault, const char *words)
{
	int64_t known = add_message(c, 0, "hi");
	size_t stored = count_all(c);
	int after = 0;
	for (; after < 1000; after++) {
		struct batch batch;
		struct error refusal = { 0 };
		make_batch(c, &batch, known);
		faulty_arm(fault, after);
		int result = store_commit(c->store, batch.writes, 2, batch.results, &refusal);
		int failures = faulty_failures();
		faulty_arm(FAULT_NONE, 0);
		if (result == 0) {
			assert_int_equal(count_all(c), stored + 6);
			assert_int_equal(failures, 0);
			break;
		}
		assert_int_equal(refusal.kind, ERROR_SYSTEM);
		if (!strstr(refusal.message, words))
			fail_msg("no \"%s\" in: %s", words, refusal.message);
		for (size_t i = 0; i < 2; i++)
			assert_int_equal(batch.results[i].outcome, STORE_FAILED);
		assert_int_equal(count_all(c), stored);
		/* The same again, with the disk back. */
		MUST(store_commit(c->store, batch.writes, 2, batch.results, &err));
		for (size_t i = 0; i < 2; i++)
			assert_int_equal(batch.results[i].outcome, STORE_DONE);
		stored += 6;
		assert_int_equal(count_all(c), stored);
		arena_reset(&c->arena);
	}
	assert_true(after > 0 && after < 1000);
	case_reopen(c);
	assert_int_equal(count_all(c), stored + 6);
}

static void test_full_disk(void **state)
{
	fail_everywhere(*state, FAULT_FULL, "is full");
}

static void test_write_error(void **state)
{
	fail_everywhere(*state, FAULT_WRITE, "failed");
}

static void test_torn_write(void **state)
{
	fail_everywhere(*state, FAULT_TORN_WRITE, "failed");
}

static void test_sync_error(void **state)
{
	fail_everywhere(*state, FAULT_SYNC, "failed");
}

/* Everything else that writes tells of it too, and works again afterwards. */
static void test_other_writes_fail_plainly(void **state)
{
	struct store_case *c = *state;
	unsigned char hash[TOKEN_HASH_BYTES] = { 1 };
	int64_t agent, id = add_message(c, 0, "hi"), other;
	size_t count;
	char copy[200];
	MUST(store_add_agent(c->store, "anna", ROLE_OWNER, "h", NOON, &agent, &err));
	snprintf(copy, sizeof copy, "%s/copy", c->folder);
	for (int round = 0; round < 2; round++) {
		bool is_broken = round == 0;
		int expected = is_broken ? -1 : 0;
		faulty_arm(is_broken ? FAULT_FULL : FAULT_NONE, 0);
		assert_int_equal(store_set_value(c->store, "a", STR_LIT("b"), NULL), expected);
		assert_int_equal(store_add_agent(c->store, "ben", ROLE_AGENT, "h", NOON, &other, NULL), expected);
		assert_int_equal(store_set_password(c->store, agent, "n", NULL), expected);
		assert_int_equal(store_add_session(c->store, hash, agent, NOON, NOON + 1, NULL), expected);
		assert_int_equal(store_index(c->store, NULL), expected);
		assert_int_equal(store_unindexed(c->store), is_broken ? 1 : 0);
		assert_int_equal(store_backup(c->store, copy, NULL, NULL), expected);
		assert_int_equal(store_erase(c->store, id, NULL), expected);
		assert_int_equal(access(copy, F_OK) == 0, !is_broken);
		assert_int_equal(count_all(c), is_broken ? 1 : 0);
	}
	MUST(store_expire(c->store, NOON * 2, &count, &err));
}

/* ---- A slow disk ---- */

struct slow {
	struct store_case *c;
	struct store *reader;
	size_t seen; /* events that a reader saw while the disk was busy with the commit */
	int calls;
};

static void look_around(void *context)
{
	struct slow *slow = context;
	struct stored_event *events;
	if (slow->calls++ > 0)
		return;
	MUST(store_load_since(slow->reader, &slow->c->arena, 0, 100, &events, &slow->seen, &err));
}

/* Readers go on while a commit waits for the disk, and see nothing of it before it is there. */
static void test_readers_do_not_wait_for_the_disk(void **state)
{
	struct store_case *c = *state;
	int64_t id = add_message(c, 0, "one");
	struct slow slow = { .c = c, .seen = 99 };
	MUST(store_open(c->path, STORE_READ, &slow.reader, &err));
	faulty_on_sync(look_around, &slow);
	add_message(c, id, "two");
	faulty_on_sync(NULL, NULL);
	assert_true(slow.calls > 0);
	assert_int_equal(slow.seen, 1);
	store_close(slow.reader);
}

/* However many are in the batch, the disk is waited for as often as for one. */
static void test_one_sync_a_batch(void **state)
{
	struct store_case *c = *state;
	enum { WRITES = 100 };
	struct event events[WRITES];
	struct store_write writes[WRITES];
	struct store_result results[WRITES];
	int64_t id = add_message(c, 0, "hi");
	int before = faulty_syncs();
	add_message(c, id, "one");
	int for_one = faulty_syncs() - before;
	assert_true(for_one > 0);
	for (size_t i = 0; i < WRITES; i++) {
		events[i] = said(AUTHOR_VISITOR, "hi", OWNER_BOT);
		writes[i] = write_of(blank_row(), &events[i], 1);
		give_token(c, &writes[i]);
	}
	before = faulty_syncs();
	MUST(store_commit(c->store, writes, WRITES, results, &err));
	assert_int_equal(faulty_syncs() - before, for_one);
}

/* ---- What is written goes to the system in large pieces (store/vfs.c) ---- */

enum { MANY = 2000, LONG_BYTES = 3000, PAGE_BYTES = 4096 };

/* So many new conversations with a long line each that SQLite keeps not all of their pages until the commit. */
static int commit_many(struct store_case *c)
{
	struct event *events = calloc(MANY, sizeof *events);
	struct store_write *writes = calloc(MANY, sizeof *writes);
	struct store_result *results = calloc(MANY, sizeof *results);
	char text[LONG_BYTES + 1] = "";
	memset(text, 'x', LONG_BYTES);
	for (size_t i = 0; i < MANY; i++) {
		events[i] = said(AUTHOR_VISITOR, text, OWNER_BOT);
		writes[i] = write_of(blank_row(), &events[i], 1);
		give_token(c, &writes[i]);
	}
	int result = store_commit(c->store, writes, MANY, results, NULL);
	free(events);
	free(writes);
	free(results);
	return result;
}

static int64_t wal_size(struct store_case *c)
{
	char path[220];
	struct stat wal;
	snprintf(path, sizeof path, "%s-wal", c->path);
	return stat(path, &wal) == 0 ? (int64_t)wal.st_size : 0;
}

static void test_few_large_writes(void **state)
{
	struct store_case *c = *state;
	add_message(c, 0, "hi");
	int before = faulty_writes();
	int64_t size = wal_size(c);
	assert_int_equal(commit_many(c), 0);
	int64_t pages = (wal_size(c) - size) / PAGE_BYTES, writes = faulty_writes() - before;
	assert_true(pages >= MANY / 2);
	if (writes * 10 > pages)
		fail_msg("%lld writes for %lld pages", (long long)writes, (long long)pages);
}

/* What a transaction has written when it fails must be in nobody's way: not when somebody else writes next, in the same
 * places, nor when the first goes on. */
static void test_a_rollback_leaves_nothing_behind(void **state)
{
	static const enum fault faults[] = { FAULT_FULL, FAULT_WRITE, FAULT_TORN_WRITE, FAULT_SYNC };
	struct store_case *c = *state, other = { 0 };
	int64_t id = add_message(c, 0, "one");
	size_t stored = 1;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		for (int after = 0; after < 4; after++) {
			faulty_arm(faults[i], after);
			bool is_stored = commit_many(c) == 0;
			assert_true(is_stored || faulty_failures());
			stored += is_stored ? MANY : 0;
			faulty_arm(FAULT_NONE, 0);
			MUST(store_open(c->path, STORE_WRITE, &other.store, &err));
			add_message(&other, id, "two");
			add_message(c, id, "three");
			add_message(&other, id, "four");
			stored += 3;
			assert_int_equal(count_events(&other, id), 1 + 3 * (4 * i + (size_t)after + 1));
			MUST(store_check(other.store, &err));
			store_close(other.store);
			arena_reset(&c->arena);
		}
	}
	arena_clear(&other.arena);
	case_reopen(c);
	MUST(store_check(c->store, &err));
	assert_int_equal(count_all(c), stored);
}

/* ---- The journal is written back while somebody still reads what was before ---- */

/* Fills a file of its own until SQLite writes the journal back, as far as a reader lets it, and lets that fail after `good`
 * writes. Gives how many writes to the database there were; nobody may notice. */
static int write_back_beside_a_reader(struct store_case *c, const char *name, int good)
{
	struct store_case side = { 0 };
	struct store *early, *late;
	snprintf(side.path, sizeof side.path, "%.60s/%s", c->folder, name);
	MUST(store_open(side.path, STORE_WRITE, &side.store, &err));
	assert_int_equal(commit_many(&side), 0);
	MUST(store_open(side.path, STORE_READ, &early, &err));
	MUST(store_hold(early, &err));
	MUST(store_check(early, &err));
	faulty_arm(FAULT_DATABASE, good);
	int before = faulty_database_writes();
	assert_int_equal(commit_many(&side), 0);
	int writes = faulty_database_writes() - before;
	faulty_arm(FAULT_NONE, 0);
	MUST(store_open(side.path, STORE_READ, &late, &err));
	MUST(store_check(late, &err));
	store_close(late);
	store_let_go(early);
	store_close(early);
	case_reopen(&side); /* the rest of the journal is written back */
	MUST(store_check(side.store, &err));
	assert_int_equal(count_all(&side), 2 * MANY);
	store_close(side.store);
	arena_clear(&side.arena);
	return writes;
}

static void test_a_journal_that_cannot_be_written_back(void **state)
{
	int writes = write_back_beside_a_reader(*state, "whole.db", 1 << 30);
	assert_true(writes > 1);
	write_back_beside_a_reader(*state, "last.db", writes - 1);
}

/* ---- The end of the journal torn off, as by a power cut ---- */

static size_t read_file(const char *path, char *bytes, size_t room)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t len = fread(bytes, 1, room, file);
	fclose(file);
	return len;
}

static void write_file(const char *path, const char *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

/* Opens the file with the first `len` bytes of the journal; gives how many conversations there are. Each must be
 * whole: three events. */
static size_t open_torn(struct store_case *c, const char *main_bytes, size_t main_len, const char *wal_bytes,
			size_t len)
{
	char path[200], wal[220];
	struct store_case torn = { 0 };
	snprintf(path, sizeof path, "%s/torn.db", c->folder);
	snprintf(wal, sizeof wal, "%s-wal", path);
	write_file(path, main_bytes, main_len);
	write_file(wal, wal_bytes, len);
	MUST(store_open(path, STORE_WRITE, &torn.store, &err));
	struct conversation_row *rows;
	size_t count;
	MUST(store_list(torn.store, &torn.arena, &(struct list_query){ .list = LIST_ALL, .limit = 100 }, &rows, &count,
			&err));
	for (size_t i = 0; i < count; i++)
		assert_int_equal(count_events(&torn, rows[i].id), 3);
	store_close(torn.store);
	arena_clear(&torn.arena);
	return count;
}

static void test_journal_torn_off_anywhere(void **state)
{
	struct store_case *c = *state;
	enum { ROOM = 1 << 20, CONVERSATIONS = 6 };
	char *main_bytes = malloc(ROOM), *wal_bytes = malloc(ROOM), wal[220];
	case_reopen(c); /* the layout is in the file itself now */
	for (size_t i = 0; i < CONVERSATIONS; i++) {
		struct event events[3] = { said(AUTHOR_VISITOR, "where is my parcel", OWNER_BOT),
					   happened(EVENT_DECISION, AUTHOR_BOT, OWNER_BOT),
					   said(AUTHOR_BOT, "Here.", OWNER_BOT) };
		add_events(c, 0, events, 3);
	}
	snprintf(wal, sizeof wal, "%s-wal", c->path);
	size_t main_len = read_file(c->path, main_bytes, ROOM), wal_len = read_file(wal, wal_bytes, ROOM);
	assert_true(wal_len > 0 && wal_len < ROOM);
	size_t before = 0;
	for (size_t len = 0; len < wal_len; len += 1013) {
		size_t count = open_torn(c, main_bytes, main_len, wal_bytes, len);
		assert_true(count >= before && count <= CONVERSATIONS);
		before = count;
	}
	assert_int_equal(open_torn(c, main_bytes, main_len, wal_bytes, wal_len), CONVERSATIONS);
	/* The last page is there but its bytes are not what was written. */
	memset(wal_bytes + wal_len - 2000, 0, 2000);
	assert_int_equal(open_torn(c, main_bytes, main_len, wal_bytes, wal_len), CONVERSATIONS - 1);
	free(main_bytes);
	free(wal_bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAULTY(test_full_disk),
		FAULTY(test_write_error),
		FAULTY(test_torn_write),
		FAULTY(test_sync_error),
		FAULTY(test_other_writes_fail_plainly),
		FAULTY(test_readers_do_not_wait_for_the_disk),
		FAULTY(test_one_sync_a_batch),
		FAULTY(test_few_large_writes),
		FAULTY(test_a_rollback_leaves_nothing_behind),
		FAULTY(test_a_journal_that_cannot_be_written_back),
		FAULTY(test_journal_torn_off_anywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
