/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of an erasure in a file too large to be scrubbed at once: it is done in pieces, with everything else
 * going on in between, and survives a restart. */
#include "store/store.h"

#include "../vfs/faulty_vfs.h"
#include "store_case.h"

/* Every file is too large here (store/scrub_limit.c). */
extern const int64_t scrub_at_once_bytes;
const int64_t scrub_at_once_bytes = 0;

/* ---- Conversations with a word of their own each ---- */

enum { COUNT = 120, MARK = 14, PIECES_MAX = 10000 };

struct talk {
	int64_t id;
	size_t lines;
	bool is_erased;
	char mark[MARK +
		  1]; /* random letters, so that the search index, which leaves out a common beginning, holds most */
};

struct shop {
	struct store_case *c;
	unsigned seed;
	struct talk talks[COUNT];
};

static unsigned next_random(struct shop *shop, unsigned below)
{
	shop->seed = shop->seed * 1664525 + 1013904223;
	return (shop->seed >> 16) % below;
}

static void shop_begin(struct shop *shop, struct store_case *c, unsigned seed)
{
	*shop = (struct shop){ .c = c, .seed = seed };
	for (size_t i = 0; i < COUNT; i++)
		for (size_t k = 0; k < MARK; k++)
			shop->talks[i].mark[k] = (char)('a' + next_random(shop, 26));
}

/* A line of any size, some over a page long; it makes rows move between pages while they are alive. */
static void say(struct shop *shop, struct talk *talk)
{
	struct store_case *c = shop->c;
	struct buf text = { 0 };
	struct conversation_row row = blank_row();
	if (talk->id)
		MUST(store_load_row(c->store, &c->arena, talk->id, &row, &err));
	for (unsigned words = 1 + next_random(shop, next_random(shop, 10) ? 8 : 300); words; words--)
		buf_printf(&text, "%s word%u ", talk->mark, next_random(shop, 5000));
	struct event event = said(AUTHOR_VISITOR, buf_text(&text), OWNER_BOT);
	row.last_text = talk->mark;
	row.visitor_name = talk->mark;
	row.subject = next_random(shop, 2) ? talk->mark : "";
	row.profile = arena_strdup(&c->arena, str_part(buf_str(&text), 0, next_random(shop, 200)));
	struct store_write write = write_of(row, &event, 1);
	struct store_result result;
	if (!talk->id)
		give_token(c, &write);
	MUST(store_commit(c->store, &write, 1, &result, &err));
	assert_int_equal(result.outcome, STORE_DONE);
	talk->id = result.conversation;
	talk->lines++;
	buf_clear(&text);
	arena_reset(&c->arena);
}

static size_t count_hits(struct store_case *c, const char *words)
{
	struct search_hit *hits;
	size_t count;
	MUST(store_search(c->store, &c->arena, words, 10, &hits, &count, &err));
	return count;
}

static void erase(struct shop *shop, struct talk *talk)
{
	if (!talk->id || talk->is_erased)
		return;
	MUST(store_erase(shop->c->store, talk->id, &err));
	talk->is_erased = true;
	assert_true(store_owes_scrub(shop->c->store));
	assert_int_equal(count_hits(shop->c, talk->mark), 0);
}

static void scrub_to_the_end(struct store_case *c)
{
	int pieces = 0;
	for (; store_owes_scrub(c->store) && pieces < PIECES_MAX; pieces++)
		MUST(store_scrub_some(c->store, &err));
	assert_true(pieces < PIECES_MAX);
}

/* Nothing of what is erased, everything of what is not. */
static void check_all(struct shop *shop)
{
	struct store_case *c = shop->c;
	for (size_t i = 0; i < COUNT; i++) {
		const struct talk *talk = &shop->talks[i];
		if (talk->is_erased && is_on_disk(c, talk->mark + 3))
			fail_msg("%s of conversation %zu is still in a file", talk->mark, i);
		if (!talk->id || talk->is_erased)
			continue;
		struct event *events;
		size_t count;
		MUST(store_load_events(c->store, &c->arena, talk->id, 0, &events, &count, &err));
		assert_int_equal(count, talk->lines);
		assert_int_equal(count_hits(c, talk->mark), 1);
		arena_reset(&c->arena);
	}
	MUST(store_check(c->store, &err));
	run_sql(c, "INSERT INTO search (search) VALUES ('integrity-check')");
}

static void do_anything(struct shop *shop)
{
	struct talk *talk = &shop->talks[next_random(shop, COUNT)];
	unsigned what = next_random(shop, 100);
	if (what < 80) {
		if (!talk->is_erased)
			say(shop, talk);
	} else if (what < 84) {
		MUST(store_index(shop->c->store, &err));
	} else if (what < 87) {
		erase(shop, talk);
	} else if (what < 99) {
		MUST(store_scrub_some(shop->c->store, &err));
	} else {
		case_reopen(shop->c);
	}
}

/* Whatever goes on between the pieces. What was scrubbed once never comes back, also not out of memory when those who share
 * a page with it go on. */
static void test_in_pieces_among_everything_else(void **state)
{
	enum { ROUNDS = 4, ACTS = 350 };
	struct shop shop;
	shop_begin(&shop, *state,
		   19); /* this one finds each of them missing: pages.c, the clearing on the way, `is_again` */
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < ACTS; i++)
			do_anything(&shop);
		erase(&shop, &shop.talks[round]);
		scrub_to_the_end(shop.c);
		check_all(&shop);
		for (size_t i = 0; i < COUNT; i++)
			if (!shop.talks[i].is_erased)
				say(&shop, &shop.talks[i]);
		check_all(&shop);
	}
}

/* ---- A file of many pages ---- */

enum { LINES = 3000, LONG_WORDS = 130, PAGE_BYTES = 4096, FEW_PIECES = 6 };

/* New conversations in one batch, each line of words that no other line has. */
static void fill(struct store_case *c)
{
	struct event *events = calloc(LINES, sizeof *events);
	struct store_write *writes = calloc(LINES, sizeof *writes);
	struct store_result *results = calloc(LINES, sizeof *results);
	unsigned word = 0;
	for (size_t i = 0; i < LINES; i++) {
		struct buf text = { 0 };
		for (size_t k = 0; k < LONG_WORDS; k++)
			buf_printf(&text, "w%uv ", word++ * 2654435761u);
		events[i] = said(AUTHOR_VISITOR, arena_strdup(&c->arena, buf_str(&text)), OWNER_BOT);
		writes[i] = write_of(blank_row(), &events[i], 1);
		give_token(c, &writes[i]);
		buf_clear(&text);
	}
	MUST(store_commit(c->store, writes, LINES, results, &err));
	free(events);
	free(writes);
	free(results);
	arena_reset(&c->arena);
}

static size_t file_pages(struct store_case *c)
{
	struct stat file;
	assert_int_equal(stat(c->path, &file), 0);
	return (size_t)file.st_size / PAGE_BYTES;
}

/* However large the file, a piece is not, counted in what it writes; it may be the one that writes the log back, as any message
 * may. */
static void test_many_pieces(void **state)
{
	enum { PAGES_A_PIECE = 512, PAGES_OF_LOG = 4000 };
	struct store_case *c = *state;
	size_t pieces = 0, pages;
	int64_t id = add_message(c, 0, "xylophonequartet");
	MUST(store_index(c->store, &err));
	fill(c);
	MUST(store_index(c->store, &err));
	MUST(store_erase(c->store, id, &err));
	pages = file_pages(c);
	assert_true(pages > 2 * PAGES_A_PIECE);
	for (; store_owes_scrub(c->store) && pieces < PIECES_MAX; pieces++) {
		int before = faulty_writes();
		MUST(store_scrub_some(c->store, &err));
		if (faulty_writes() - before > PAGES_OF_LOG + PAGES_A_PIECE)
			fail_msg("piece %zu wrote %d times", pieces, faulty_writes() - before);
	}
	if (pieces < pages / PAGES_A_PIECE + FEW_PIECES)
		fail_msg("%zu pieces for %zu pages", pieces, pages);
	assert_false(is_on_disk(c, "xylophonequartet"));
	assert_false(is_on_disk(c, "phonequartet")); /* the index leaves out a common beginning */
	MUST(store_check(c->store, &err));
	run_sql(c, "INSERT INTO search (search) VALUES ('integrity-check')");
}

/* ---- What comes between ---- */

static void test_owed_over_a_restart(void **state)
{
	struct store_case *c = *state;
	int64_t id = add_message(c, 0, "xylophonequartet");
	add_message(c, 0, "something else");
	MUST(store_index(c->store, &err));
	assert_false(store_owes_scrub(c->store));
	MUST(store_erase(c->store, id, &err));
	for (int pieces = 0; pieces < 3; pieces++) { /* whatever was done already */
		case_reopen(c);
		assert_true(store_owes_scrub(c->store));
		for (int i = 0; i < pieces; i++)
			MUST(store_scrub_some(c->store, &err));
	}
	case_reopen(c);
	MUST(store_scrub(c->store, &err));
	assert_false(store_owes_scrub(c->store));
	assert_false(is_on_disk(c, "phonequartet"));
	case_reopen(c);
	assert_false(store_owes_scrub(c->store));
	MUST(store_scrub_some(c->store, &err)); /* nothing to do is no error */
	assert_int_equal(count_hits(c, "something"), 1);
}

/* One who reads all the time keeps the log from being emptied: it is owed until that has ended. */
static void test_hindered_by_a_reader(void **state)
{
	enum { TRIES = 20 };
	struct store_case *c = *state;
	struct store *reader;
	struct conversation_row row;
	int64_t id = add_message(c, 0, "xylophonequartet"), other = add_message(c, 0, "something else");
	int hindered = 0;
	MUST(store_index(c->store, &err));
	MUST(store_open(c->path, STORE_READ, &reader, &err));
	MUST(store_hold(reader, &err));
	MUST(store_load_row(reader, &c->arena, id, &row, &err));
	MUST(store_erase(c->store, id, &err));
	for (int i = 0; i < TRIES; i++) {
		int result = store_scrub_some(c->store, NULL);
		assert_true(result >= 0);
		hindered += result;
		add_message(c, other, "and something more");
	}
	assert_true(hindered > 0);
	assert_true(store_owes_scrub(c->store));
	store_let_go(reader);
	scrub_to_the_end(c);
	assert_false(is_on_disk(c, "phonequartet"));
	assert_int_equal(count_events(c, other), 1 + TRIES);
	store_close(reader);
}

/* Two conversations, and another connection to the file, as `shopbell erase` has beside the server. */
static struct store *open_another(struct store_case *c, int64_t *out_first, int64_t *out_second)
{
	struct store *other;
	*out_first = add_message(c, 0, "xylophonequartet");
	*out_second = add_message(c, 0, "harpsichordtrio");
	MUST(store_index(c->store, &err));
	MUST(store_open(c->path, STORE_WRITE, &other, &err));
	return other;
}

/* Who scrubs last has seen all of it. */
static void test_two_who_erase(void **state)
{
	struct store_case *c = *state;
	int64_t first, second;
	struct store *other = open_another(c, &first, &second);
	MUST(store_erase(c->store, first, &err));
	MUST(store_scrub_some(c->store, &err));
	MUST(store_erase(other, second, &err));
	MUST(store_scrub(other, &err));
	assert_false(is_on_disk(c, "phonequartet"));
	assert_false(is_on_disk(c, "sichordtrio"));
	add_message(c, 0, "in between");
	scrub_to_the_end(c);
	assert_false(is_on_disk(c, "phonequartet"));
	assert_false(is_on_disk(c, "sichordtrio"));
	store_close(other);
}

/* The server has pages in its memory while the other one clears them in the file, and goes on when that was ended half-way. */
static void test_who_writes_owes_what_another_erased(void **state)
{
	struct store_case *c = *state;
	int64_t first, second;
	struct store *other = open_another(c, &first, &second);
	MUST(store_erase(other, first, &err));
	MUST(store_scrub_some(other, &err));
	assert_false(store_owes_scrub(c->store));
	add_message(c, second, "in between");
	assert_true(store_owes_scrub(c->store));
	store_close(other); /* with half of it done */
	scrub_to_the_end(c);
	assert_false(is_on_disk(c, "phonequartet"));
	add_message(c, second, "and now");
	assert_false(store_owes_scrub(c->store));
	case_reopen(c);
	assert_false(store_owes_scrub(c->store));
}

/* Once is enough: what it has seen already does not begin its scrub anew. */
static void test_own_erasure_is_known(void **state)
{
	struct store_case *c = *state;
	int64_t id = add_message(c, 0, "xylophonequartet"), other = add_message(c, 0, "something else");
	int before = 0, after = 0;
	MUST(store_index(c->store, &err));
	MUST(store_erase(c->store, id, &err));
	for (; store_owes_scrub(c->store) && before < PIECES_MAX; before++)
		MUST(store_scrub_some(c->store, &err));
	id = add_message(c, 0, "xylophonequartet");
	MUST(store_index(c->store, &err));
	MUST(store_erase(c->store, id, &err));
	for (; store_owes_scrub(c->store) && after < PIECES_MAX; after++) {
		MUST(store_scrub_some(c->store, &err));
		add_message(c, other, "and something more");
	}
	assert_int_equal(after, before);
}

/* Who ends its scrub does not settle what another has come to owe meanwhile. */
static void test_another_owes_at_the_end(void **state)
{
	struct store_case *c = *state;
	int64_t first, second;
	struct store *other = open_another(c, &first, &second);
	MUST(store_erase(other, first, &err));
	MUST(store_erase(c->store, second, &err));
	MUST(store_scrub(other, &err));
	assert_false(store_owes_scrub(other));
	store_close(other);
	case_reopen(c); /* as after a crash */
	assert_true(store_owes_scrub(c->store));
	scrub_to_the_end(c);
	case_reopen(c);
	assert_false(store_owes_scrub(c->store));
	assert_false(is_on_disk(c, "sichordtrio"));
}

static void test_expired_in_pages(void **state)
{
	struct store_case *c = *state;
	size_t count, left = 2 * STORE_EXPIRE_AT_ONCE + 1;
	for (size_t i = 0; i < left; i++)
		add_message(c, 0, "xylophonequartet");
	MUST(store_expire(c->store, NOON, &count, &err));
	assert_false(store_owes_scrub(c->store));
	for (; left; left -= count) {
		MUST(store_expire(c->store, NOON + 1, &count, &err));
		assert_int_equal(count, left < STORE_EXPIRE_AT_ONCE ? left : STORE_EXPIRE_AT_ONCE);
		assert_true(store_owes_scrub(c->store));
	}
	scrub_to_the_end(c);
	assert_false(is_on_disk(c, "phonequartet"));
}

/* ---- A disk that fails ---- */

static int faulty_set_up(void **state)
{
	faulty_install();
	return case_set_up(state);
}

static int faulty_tear_down(void **state)
{
	faulty_arm(FAULT_NONE, 0);
	case_tear_down(state);
	faulty_remove();
	return 0;
}

/* Wherever it fails, the file stays sound, the piece is tried again, and in the end nothing is left. */
static void fail_everywhere(struct store_case *c, enum fault fault)
{
	enum { AFTER_MAX = 200 };
	int failures = 1;
	int64_t other = add_message(c, 0, "something else");
	for (int after = 0; failures && after < AFTER_MAX; after++) {
		int64_t id = add_message(c, 0, "xylophonequartet");
		MUST(store_index(c->store, &err));
		MUST(store_erase(c->store, id, &err));
		faulty_arm(fault, after);
		for (int pieces = 0; store_owes_scrub(c->store) && pieces < FEW_PIECES; pieces++) {
			struct error err = { 0 };
			if (store_scrub_some(c->store, &err) < 0)
				assert_int_equal(err.kind, ERROR_SYSTEM);
		}
		failures = faulty_failures();
		faulty_arm(FAULT_NONE, 0);
		add_message(c, other, "and something more");
		scrub_to_the_end(c);
		assert_false(is_on_disk(c, "phonequartet"));
		MUST(store_check(c->store, &err));
		arena_reset(&c->arena);
	}
	assert_int_equal(failures, 0);
}

static void test_write_error(void **state)
{
	fail_everywhere(*state, FAULT_WRITE);
}

static void test_torn_write(void **state)
{
	fail_everywhere(*state, FAULT_TORN_WRITE);
}

static void test_sync_error(void **state)
{
	fail_everywhere(*state, FAULT_SYNC);
}

#define FAULTY(test) cmocka_unit_test_setup_teardown(test, faulty_set_up, faulty_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_in_pieces_among_everything_else),
		FAULTY(test_many_pieces),
		CASE(test_owed_over_a_restart),
		CASE(test_hindered_by_a_reader),
		CASE(test_two_who_erase),
		CASE(test_who_writes_owes_what_another_erased),
		CASE(test_own_erasure_is_known),
		CASE(test_another_owes_at_the_end),
		CASE(test_expired_in_pages),
		FAULTY(test_write_error),
		FAULTY(test_torn_write),
		FAULTY(test_sync_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
