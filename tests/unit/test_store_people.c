/* SPDX-License-Identifier: Apache-2.0 */
/* Agents, sessions, values, drafts, saved replies. */
#include "store/store.h"

#include "store_case.h"

#include <pthread.h>

static int64_t add_agent(struct store_case *c, const char *name, enum role role)
{
	int64_t id;
	MUST(store_add_agent(c->store, name, role, "hash", NOON, &id, &err));
	return id;
}

static void test_agents(void **state)
{
	struct store_case *c = *state;
	int64_t anna = add_agent(c, "Anna", ROLE_OWNER), zoe = add_agent(c, "Zoë", ROLE_AGENT);
	struct agent_row *agents, agent;
	size_t count;
	MUST(store_list_agents(c->store, &c->arena, &agents, &count, &err));
	assert_int_equal(count, 2);
	assert_string_equal(agents[0].name, "Anna");
	assert_int_equal(agents[0].role, ROLE_OWNER);
	assert_string_equal(agents[1].name, "Zoë");
	assert_int_equal(agents[1].id, zoe);
	assert_int_equal(agents[1].role, ROLE_AGENT);
	assert_int_equal(agents[1].created_ms, NOON);
	MUST(store_find_agent(c->store, &c->arena, "ANNA", &agent, &err));
	assert_int_equal(agent.id, anna);
	assert_string_equal(agent.password_hash, "hash");
	assert_int_equal(store_find_agent(c->store, &c->arena, "Bob", &agent, NULL), 1);
	MUST(store_remove_agent(c->store, anna, &err));
	assert_int_equal(store_find_agent(c->store, &c->arena, "Anna", &agent, NULL), 1);
	struct error refusal;
	assert_int_equal(store_remove_agent(c->store, anna, &refusal), -1);
	assert_int_equal(refusal.kind, ERROR_MISSING);
	assert_true(add_agent(c, "Anna", ROLE_AGENT) > zoe); /* the number of the one who left is not given again */
}

static const struct {
	const char *first, *second;
	bool is_same;
} name_rows[] = {
	{ "Anna", "anna", true },     { "Zoë", "ZOË", true },       { "ÉLODIE", "élodie", true },
	{ "Łukasz", "łUKASZ", true }, { "Ольга", "оЛЬГА", true },   { "Νίκος", "νίκοσ", false }, /* a final sigma */
	{ "Bob 1", "Bob 2", false },  { "Bob-1", "Bob 1", false },  { "Zoe", "Zoë", false },
	{ "anna ", "anna", false },   { "Żaneta", "żaneta", true }, { "ÿ", "Ÿ", true },
	{ "\xff", "\xfe", true },     { "", "a", false },
};

static void test_names_without_regard_to_case(void **state)
{
	struct store_case *c = *state;
	for (size_t i = 0; i < COUNT(name_rows); i++) {
		struct error refusal = { 0 };
		int64_t first = add_agent(c, name_rows[i].first, ROLE_AGENT), second;
		int result = store_add_agent(c->store, name_rows[i].second, ROLE_AGENT, "h", NOON, &second, &refusal);
		if ((result != 0) != name_rows[i].is_same)
			fail_msg("\"%s\" and \"%s\"", name_rows[i].first, name_rows[i].second);
		if (result != 0)
			assert_int_equal(refusal.kind, ERROR_CONFLICT);
		else
			MUST(store_remove_agent(c->store, second, &err));
		MUST(store_remove_agent(c->store, first, &err));
	}
}

static void make_hash(unsigned char hash[TOKEN_HASH_BYTES], int number)
{
	memset(hash, number, TOKEN_HASH_BYTES);
}

static int find_session(struct store_case *c, int number, int64_t now_ms)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	struct agent_row agent;
	make_hash(hash, number);
	return store_find_session(c->store, &c->arena, hash, now_ms, &agent, NULL);
}

static void add_session(struct store_case *c, int number, int64_t agent, int64_t expires_ms)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	make_hash(hash, number);
	MUST(store_add_session(c->store, hash, agent, NOON, expires_ms, &err));
}

static void test_sessions(void **state)
{
	struct store_case *c = *state;
	unsigned char hash[TOKEN_HASH_BYTES];
	int64_t anna = add_agent(c, "Anna", ROLE_OWNER), ben = add_agent(c, "Ben", ROLE_AGENT);
	add_session(c, 1, anna, NOON + 1000);
	add_session(c, 2, anna, NOON + 5000);
	add_session(c, 3, ben, NOON + 5000);
	assert_int_equal(find_session(c, 1, NOON + 999), 0);
	assert_int_equal(find_session(c, 1, NOON + 1000), 1); /* expired to the millisecond */
	assert_int_equal(find_session(c, 9, NOON), 1);
	make_hash(hash, 1);
	MUST(store_remove_session(c->store, hash, &err));
	assert_int_equal(find_session(c, 1, NOON), 1);
	/* A new password ends all of this agent's and none of the others'. */
	MUST(store_set_password(c->store, anna, "new", &err));
	assert_int_equal(find_session(c, 2, NOON), 1);
	assert_int_equal(find_session(c, 3, NOON), 0);
	struct agent_row agent;
	MUST(store_find_agent(c->store, &c->arena, "anna", &agent, &err));
	assert_string_equal(agent.password_hash, "new");
	MUST(store_remove_agent(c->store, ben, &err));
	assert_int_equal(find_session(c, 3, NOON), 1);
	struct error refusal;
	make_hash(hash, 4);
	assert_int_equal(store_add_session(c->store, hash, ben, NOON, NOON + 1, &refusal), -1);
	assert_int_equal(refusal.kind, ERROR_MISSING);
	assert_int_equal(store_set_password(c->store, ben, "x", &refusal), -1);
	assert_int_equal(refusal.kind, ERROR_MISSING);
}

/* ---- The first owner ---- */

struct rival {
	const char *path, *name;
	pthread_barrier_t *start;
	int result;
	enum error_kind kind;
};

static void *be_first(void *argument)
{
	struct rival *rival = argument;
	struct store *store = NULL;
	struct error err = { 0 };
	int64_t id;
	if (store_open(rival->path, STORE_WRITE, &store, &err) != 0)
		store = NULL;
	pthread_barrier_wait(rival->start);
	rival->result = store ? store_add_first_owner(store, rival->name, "h", NOON, &id, &err) : -2;
	rival->kind = err.kind;
	store_close(store);
	return NULL;
}

static void test_only_one_becomes_the_first_owner(void **state)
{
	struct store_case *c = *state;
	enum { RIVALS = 4 };
	static const char *const names[RIVALS] = { "a", "b", "c", "d" };
	struct rival rivals[RIVALS];
	pthread_t threads[RIVALS];
	pthread_barrier_t start;
	bool has_owner = true;
	MUST(store_has_owner(c->store, &has_owner, &err));
	assert_false(has_owner);
	pthread_barrier_init(&start, NULL, RIVALS);
	for (size_t i = 0; i < RIVALS; i++) {
		rivals[i] = (struct rival){ c->path, names[i], &start, 0, ERROR_NONE };
		pthread_create(&threads[i], NULL, be_first, &rivals[i]);
	}
	int winners = 0;
	for (size_t i = 0; i < RIVALS; i++) {
		pthread_join(threads[i], NULL);
		winners += rivals[i].result == 0;
		if (rivals[i].result != 0)
			assert_int_equal(rivals[i].kind, ERROR_CONFLICT);
	}
	pthread_barrier_destroy(&start);
	assert_int_equal(winners, 1);
	MUST(store_has_owner(c->store, &has_owner, &err));
	assert_true(has_owner);
}

/* ---- Values and drafts ---- */

static void test_values(void **state)
{
	struct store_case *c = *state;
	struct str value = { 0 };
	assert_int_equal(store_get_value(c->store, &c->arena, "secret", &value, NULL), 1);
	MUST(store_set_value(c->store, "secret", STR_LIT("a\0b"), &err));
	MUST(store_get_value(c->store, &c->arena, "secret", &value, &err));
	assert_true(str_equal(value, STR_LIT("a\0b")));
	MUST(store_set_value(c->store, "secret", STR_LIT(""), &err));
	MUST(store_set_value(c->store, "other", STR_LIT("x"), &err));
	case_reopen(c);
	MUST(store_get_value(c->store, &c->arena, "secret", &value, &err));
	assert_int_equal(value.len, 0);
}

static void test_drafts(void **state)
{
	struct store_case *c = *state;
	int64_t first, second, conversation = add_message(c, 0, "do you gift wrap");
	int64_t anna = add_agent(c, "Anna", ROLE_AGENT);
	const struct draft_row draft = {
		.conversation = conversation,
		.seq = 1,
		.agent = anna,
		.at_ms = NOON,
		.utterance = "do you gift wrap",
		.intent = "",
		.question = "Do you gift wrap?",
		.answer = "Yes, for free.",
	};
	struct draft_row other = draft;
	other.conversation = add_message(c, 0, "x");
	other.intent = "gift-wrap";
	MUST(store_add_draft(c->store, &draft, &first, &err));
	MUST(store_add_draft(c->store, &other, &second, &err));
	/* Sent again after a break it is the same lesson, not a second one. */
	int64_t again;
	MUST(store_add_draft(c->store, &draft, &again, &err));
	assert_int_equal(again, first);
	struct draft_row *drafts;
	size_t count;
	MUST(store_list_drafts(c->store, &c->arena, &drafts, &count, &err));
	assert_int_equal(count, 2);
	assert_int_equal(drafts[0].id, first);
	assert_int_equal(drafts[0].conversation, conversation);
	assert_int_equal(drafts[0].seq, 1);
	assert_int_equal(drafts[0].agent, anna);
	assert_string_equal(drafts[0].agent_name, "Anna");
	assert_int_equal(drafts[0].at_ms, NOON);
	assert_string_equal(drafts[0].utterance, "do you gift wrap");
	assert_string_equal(drafts[0].question, "Do you gift wrap?");
	assert_string_equal(drafts[0].answer, "Yes, for free.");
	assert_string_equal(drafts[1].intent, "gift-wrap");
	/* A draft quotes the visitor: it goes with the conversation. */
	MUST(store_erase(c->store, conversation, &err));
	MUST(store_list_drafts(c->store, &c->arena, &drafts, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(drafts[0].id, second);
	/* Nor does what was being taught while it was erased bring it back; and nobody teaches from what was never said. */
	struct error gone;
	assert_int_equal(store_add_draft(c->store, &draft, &again, &gone), -1);
	assert_int_equal(gone.kind, ERROR_MISSING);
	other.seq = 2;
	assert_int_equal(store_add_draft(c->store, &other, &again, &gone), -1);
	assert_int_equal(gone.kind, ERROR_MISSING);
	MUST(store_remove_draft(c->store, second, &err));
	MUST(store_list_drafts(c->store, &c->arena, &drafts, &count, &err));
	assert_int_equal(count, 0);
	struct error refusal;
	assert_int_equal(store_remove_draft(c->store, second, &refusal), -1);
	assert_int_equal(refusal.kind, ERROR_MISSING);
}

/* ---- Saved replies ---- */

static enum error_kind put_reply(struct store_case *c, int64_t *id, const char *name, const char *text)
{
	struct reply_row reply = { *id, name, text };
	struct error refusal = { 0 };
	int result =
		*id ? store_change_reply(c->store, &reply, &refusal) : store_add_reply(c->store, &reply, id, &refusal);
	return result ? refusal.kind : ERROR_NONE;
}

static void test_replies(void **state)
{
	struct store_case *c = *state;
	struct reply_row *replies;
	size_t count, first;
	int64_t zoo = 0, bye = 0, other = 0, none = 4711;
	MUST(store_list_replies(c->store, &c->arena, &replies, &first, &err));
	for (size_t i = 0; i < first; i++) /* those that a new shop begins with */
		MUST(store_remove_reply(c->store, replies[i].id, &err));
	assert_int_equal(put_reply(c, &zoo, "Zoo", "Hello {name}"), ERROR_NONE);
	assert_int_equal(put_reply(c, &bye, "bye", "Goodbye"), ERROR_NONE);
	assert_int_equal(put_reply(c, &other, "ZOO", "x"), ERROR_CONFLICT);
	assert_int_equal(put_reply(c, &bye, "zoo", "x"), ERROR_CONFLICT);
	assert_int_equal(put_reply(c, &none, "none", "x"), ERROR_MISSING);
	assert_int_equal(put_reply(c, &bye, "Bye", "Good night"), ERROR_NONE);
	case_reopen(c);
	MUST(store_list_replies(c->store, &c->arena, &replies, &count, &err));
	assert_int_equal(count, 2);
	assert_string_equal(replies[0].name, "Bye");
	assert_string_equal(replies[0].text, "Good night");
	assert_int_equal(replies[1].id, zoo);
	MUST(store_remove_reply(c->store, zoo, &err));
	struct error refusal;
	assert_int_equal(store_remove_reply(c->store, zoo, &refusal), -1);
	assert_int_equal(refusal.kind, ERROR_MISSING);
}

static void test_so_many_replies(void **state)
{
	struct store_case *c = *state;
	struct reply_row *replies;
	size_t count;
	int64_t id = 0;
	MUST(store_list_replies(c->store, &c->arena, &replies, &count, &err));
	for (char name[20]; count < STORE_REPLIES_MAX; count++, id = 0) {
		snprintf(name, sizeof name, "reply %zu", count);
		assert_int_equal(put_reply(c, &id, name, "x"), ERROR_NONE);
	}
	assert_int_equal(put_reply(c, &id, "one more", "x"), ERROR_LIMIT);
	MUST(store_list_replies(c->store, &c->arena, &replies, &count, &err));
	assert_int_equal(count, STORE_REPLIES_MAX);
	MUST(store_remove_reply(c->store, replies[0].id, &err));
	assert_int_equal(put_reply(c, &id, "one more", "x"), ERROR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_agents),   CASE(test_names_without_regard_to_case),
		CASE(test_sessions), CASE(test_only_one_becomes_the_first_owner),
		CASE(test_values),   CASE(test_drafts),
		CASE(test_replies),  CASE(test_so_many_replies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
