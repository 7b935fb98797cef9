/* SPDX-License-Identifier: Apache-2.0 */
/* Commits and what can be read back: conflicts, guards, resuming, lists. */
#include "store/store.h"

#include "store_case.h"

#include <math.h>

/* ---- All of an event and of a row comes back ---- */

static struct event full_event(void)
{
	static const struct option options[] = { { "track-order", "Where is it?" },
						 { "a\tb\\", "line\nbreak\\t" },
						 { "", "" } };
	struct event event = event_blank();
	event.at_ms = NOON + 1;
	event.kind = EVENT_MESSAGE;
	event.from = AUTHOR_AGENT;
	event.agent = 7;
	event.agent_name = "Anna Ünal";
	event.client_id = "c-1";
	event.text = "first line\nsecond \"line\" 📦";
	event.html = "<p>first</p>";
	event.options = options;
	event.option_count = 3;
	event.owner = OWNER_AGENT;
	event.owner_agent = 7;
	event.episode = 3;
	event.reason = REASON_COMPLEX;
	event.action = ACTION_CLARIFY;
	event.intent = "track-order";
	event.confidence = 0.1;
	event.polarity = -0.25;
	event.frustration = 1;
	event.language = "de";
	event.rating = (struct rating){ 3, 1, 5, 7, 10, 0, "thanks" };
	event.contact_name = "Ada";
	event.contact_email = "ada@example.com";
	event.details = "{\"rule\":\"x\"}";
	event.segment = "vip";
	event.variant = "short";
	return event;
}

static void assert_same_event(const struct event *a, const struct event *b)
{
	assert_int_equal(a->seq, b->seq);
	assert_int_equal(a->at_ms, b->at_ms);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->from, b->from);
	assert_int_equal(a->agent, b->agent);
	assert_string_equal(a->agent_name, b->agent_name);
	assert_string_equal(a->client_id, b->client_id);
	assert_string_equal(a->text, b->text);
	assert_string_equal(a->html, b->html);
	assert_int_equal(a->option_count, b->option_count);
	for (size_t i = 0; i < a->option_count; i++) {
		assert_string_equal(a->options[i].id, b->options[i].id);
		assert_string_equal(a->options[i].label, b->options[i].label);
	}
	assert_int_equal(a->owner, b->owner);
	assert_int_equal(a->owner_agent, b->owner_agent);
	assert_int_equal(a->episode, b->episode);
	assert_int_equal(a->reason, b->reason);
	assert_int_equal(a->action, b->action);
	assert_string_equal(a->intent, b->intent);
	assert_true(a->confidence == b->confidence && a->polarity == b->polarity && a->frustration == b->frustration);
	assert_string_equal(a->language, b->language);
	assert_int_equal(a->rating.rates, b->rating.rates);
	assert_int_equal(a->rating.helpful, b->rating.helpful);
	assert_int_equal(a->rating.csat, b->rating.csat);
	assert_int_equal(a->rating.ces, b->rating.ces);
	assert_int_equal(a->rating.nps, b->rating.nps);
	assert_int_equal(a->rating.handover_right, b->rating.handover_right);
	assert_string_equal(a->rating.comment, b->rating.comment);
	assert_string_equal(a->contact_name, b->contact_name);
	assert_string_equal(a->contact_email, b->contact_email);
	assert_string_equal(a->details, b->details);
	assert_string_equal(a->segment, b->segment);
	assert_string_equal(a->variant, b->variant);
}

static void test_events_come_back_whole(void **state)
{
	struct store_case *c = *state;
	struct event events[] = { said(AUTHOR_VISITOR, "hi", OWNER_BOT), full_event() };
	int64_t id = add_events(c, 0, events, 2);
	case_reopen(c);
	struct event *loaded;
	size_t count;
	MUST(store_load_events(c->store, &c->arena, id, 0, &loaded, &count, &err));
	assert_int_equal(count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_same_event(&loaded[i], &events[i]);
	assert_true(loaded[0].id > 0 && loaded[1].id == loaded[0].id + 1);
}

static void test_rows_come_back_whole(void **state)
{
	struct store_case *c = *state;
	struct conversation_row row = {
		.owner = OWNER_AGENT,
		.agent = 7,
		.agent_name = "Anna",
		.episode = 2,
		.is_closed = true,
		.reason = REASON_UPSET,
		.priority = -3,
		.created_ms = 1,
		.updated_ms = 2,
		.waiting_since_ms = 3,
		.mood = 0.1,
		.trend = -1,
		.language = "de",
		.intent = "track-order",
		.last_text = "bye",
		.last_from = AUTHOR_AGENT,
		.last_at_ms = 4,
		.last_agent = 7,
		.visitor_name = "Ada",
		.visitor_email = "ada@example.com",
		.subject = "42",
		.profile = "{}",
		.ticket_ms = 5,
		.handover_right = 1,
		.tags = "refund\nurgent",
	};
	struct store_write write = { .row = row };
	struct store_result result = commit_one(c, &write);
	assert_int_equal(result.outcome, STORE_DONE);
	struct conversation_row read;
	MUST(store_load_row(c->store, &c->arena, result.conversation, &read, &err));
	assert_int_equal(read.id, result.conversation);
	assert_int_equal(read.owner, row.owner);
	assert_int_equal(read.agent, row.agent);
	assert_string_equal(read.agent_name, row.agent_name);
	assert_int_equal(read.episode, row.episode);
	assert_true(read.is_closed);
	assert_int_equal(read.reason, row.reason);
	assert_int_equal(read.priority, row.priority);
	assert_int_equal(read.created_ms, row.created_ms);
	assert_int_equal(read.updated_ms, row.updated_ms);
	assert_int_equal(read.waiting_since_ms, row.waiting_since_ms);
	assert_true(read.mood == row.mood);
	assert_int_equal(read.trend, row.trend);
	assert_string_equal(read.language, row.language);
	assert_string_equal(read.intent, row.intent);
	assert_string_equal(read.last_text, row.last_text);
	assert_int_equal(read.last_from, row.last_from);
	assert_int_equal(read.last_at_ms, row.last_at_ms);
	assert_int_equal(read.last_agent, row.last_agent);
	assert_string_equal(read.visitor_name, row.visitor_name);
	assert_string_equal(read.visitor_email, row.visitor_email);
	assert_string_equal(read.subject, row.subject);
	assert_string_equal(read.profile, row.profile);
	assert_int_equal(read.ticket_ms, row.ticket_ms);
	assert_int_equal(read.handover_right, row.handover_right);
	assert_string_equal(read.tags, row.tags);
}

/* Each column that a message leaves alone most of the time is kept when it does change. */
static const struct conversation_row changed_rows[] = {
	{ .owner = OWNER_NOBODY },
	{ .agent = 4 },
	{ .agent_name = "Ben" },
	{ .episode = 2 },
	{ .is_closed = true },
	{ .reason = REASON_ASKED },
	{ .priority = 1 },
	{ .created_ms = 17 },
	{ .waiting_since_ms = 18 },
	{ .visitor_name = "Ada" },
	{ .visitor_email = "ada@example.com" },
	{ .subject = "42" },
	{ .profile = "{}" },
	{ .ticket_ms = 19 },
	{ .handover_right = 1 },
	{ .tags = "refund" },
	{ .mood = 0.5 },
	{ .trend = 1 },
	{ .language = "de" },
	{ .intent = "x" },
	{ .last_text = "y" },
	{ .last_from = AUTHOR_BOT },
	{ .last_at_ms = 20 },
	{ .last_agent = 3 },
	{ .updated_ms = 21 },
};

static void overlay_text(const char **text, const char *change)
{
	if (change)
		*text = change;
}

#define OVERLAY(row, change, field) ((void)((change)->field ? ((row)->field = (change)->field) : 0))

static void overlay(struct conversation_row *row, const struct conversation_row *change)
{
	OVERLAY(row, change, owner);
	OVERLAY(row, change, agent);
	OVERLAY(row, change, episode);
	OVERLAY(row, change, is_closed);
	OVERLAY(row, change, reason);
	OVERLAY(row, change, priority);
	OVERLAY(row, change, created_ms);
	OVERLAY(row, change, waiting_since_ms);
	OVERLAY(row, change, ticket_ms);
	OVERLAY(row, change, handover_right);
	OVERLAY(row, change, mood);
	OVERLAY(row, change, trend);
	OVERLAY(row, change, last_from);
	OVERLAY(row, change, last_at_ms);
	OVERLAY(row, change, last_agent);
	OVERLAY(row, change, updated_ms);
	overlay_text(&row->agent_name, change->agent_name);
	overlay_text(&row->visitor_name, change->visitor_name);
	overlay_text(&row->visitor_email, change->visitor_email);
	overlay_text(&row->subject, change->subject);
	overlay_text(&row->profile, change->profile);
	overlay_text(&row->tags, change->tags);
	overlay_text(&row->language, change->language);
	overlay_text(&row->intent, change->intent);
	overlay_text(&row->last_text, change->last_text);
}

static void assert_same_row(const struct conversation_row *a, const struct conversation_row *b, size_t number)
{
	bool is_same = a->seq == b->seq && a->owner == b->owner && a->agent == b->agent && a->episode == b->episode &&
		       a->is_closed == b->is_closed && a->reason == b->reason && a->priority == b->priority &&
		       a->created_ms == b->created_ms && a->updated_ms == b->updated_ms &&
		       a->waiting_since_ms == b->waiting_since_ms && a->mood == b->mood && a->trend == b->trend &&
		       a->last_from == b->last_from && a->last_agent == b->last_agent &&
		       a->last_at_ms == b->last_at_ms && a->ticket_ms == b->ticket_ms &&
		       a->handover_right == b->handover_right && !strcmp(a->agent_name, b->agent_name) &&
		       !strcmp(a->language, b->language) && !strcmp(a->intent, b->intent) &&
		       !strcmp(a->last_text, b->last_text) && !strcmp(a->visitor_name, b->visitor_name) &&
		       !strcmp(a->visitor_email, b->visitor_email) && !strcmp(a->subject, b->subject) &&
		       !strcmp(a->profile, b->profile) && !strcmp(a->tags, b->tags);
	if (!is_same)
		fail_msg("change %zu was not kept", number);
}

static void test_every_change_of_a_row_is_kept(void **state)
{
	struct store_case *c = *state;
	int64_t id = add_message(c, 0, "hi");
	for (size_t i = 0; i < COUNT(changed_rows); i++) {
		struct conversation_row row, read;
		MUST(store_load_row(c->store, &c->arena, id, &row, &err));
		overlay(&row, &changed_rows[i]);
		struct store_write write = { .row = row, .expected_seq = row.seq };
		assert_int_equal(commit_one(c, &write).outcome, STORE_DONE);
		MUST(store_load_row(c->store, &c->arena, id, &read, &err));
		assert_same_row(&read, &row, i);
	}
}

static void test_last_text_is_cut_between_characters(void **state)
{
	struct store_case *c = *state;
	char text[302] = "a";
	for (size_t i = 0; i < 150; i++)
		memcpy(text + 1 + 2 * i, "é", 2);
	struct store_write write = { .row = blank_row() };
	write.row.last_text = text;
	struct store_result result = commit_one(c, &write);
	struct conversation_row read;
	MUST(store_load_row(c->store, &c->arena, result.conversation, &read, &err));
	assert_int_equal(strlen(read.last_text), 199);
}

static void test_a_score_that_is_no_number_counts_as_0(void **state)
{
	struct store_case *c = *state;
	struct event event = said(AUTHOR_VISITOR, "hi", OWNER_BOT);
	event.polarity = NAN;
	int64_t id = add_events(c, 0, &event, 1);
	struct event *loaded;
	size_t count;
	MUST(store_load_events(c->store, &c->arena, id, 0, &loaded, &count, &err));
	assert_true(loaded[0].polarity == 0);
}

/* ---- Conflicts ---- */

static void test_somebody_went_on(void **state)
{
	struct store_case *c = *state;
	int64_t id = add_message(c, 0, "one");
	struct conversation_row stale;
	MUST(store_load_row(c->store, &c->arena, id, &stale, &err));
	add_message(c, id, "two");
	struct event event = said(AUTHOR_VISITOR, "also two", OWNER_BOT);
	struct store_write write = write_of(stale, &event, 1);
	assert_int_equal(commit_one(c, &write).outcome, STORE_CONFLICT);
	assert_int_equal(count_events(c, id), 2);
}

static void test_a_conversation_that_is_gone(void **state)
{
	struct store_case *c = *state;
	int64_t id = add_message(c, 0, "one");
	struct conversation_row row;
	MUST(store_load_row(c->store, &c->arena, id, &row, &err));
	MUST(store_erase(c->store, id, &err));
	struct event event = said(AUTHOR_VISITOR, "two", OWNER_BOT);
	struct store_write write = write_of(row, &event, 1);
	assert_int_equal(commit_one(c, &write).outcome, STORE_CONFLICT);
	assert_int_equal(store_load_row(c->store, &c->arena, id, &row, NULL), 1);
}

/* Conflicts leave themselves out and the others in, wherever in the batch they are and whatever they have done
 * already when it shows. */
static void test_conflicts_leave_the_others_in(void **state)
{
	struct store_case *c = *state;
	enum { WRITES = 6 };
	int64_t taken = add_message(c, 0, "first");
	struct conversation_row row;
	MUST(store_load_row(c->store, &c->arena, taken, &row, &err));
	add_message(c, taken, "second");
	struct event events[WRITES][3];
	struct store_write writes[WRITES];
	for (size_t i = 0; i < WRITES; i++) {
		for (size_t k = 0; k < 3; k++)
			events[i][k] = said(AUTHOR_VISITOR, "text", OWNER_BOT);
		writes[i] = write_of(blank_row(), events[i], 3);
		give_token(c, &writes[i]);
	}
	writes[1] = write_of(row, events[1], 3);
	memcpy(writes[3].token_hash, writes[0].token_hash, TOKEN_HASH_BYTES); /* the same token again */
	writes[4].expected_seq = 0;
	writes[4].row.id = 4711; /* not there */
	struct store_result results[WRITES];
	MUST(store_commit(c->store, writes, WRITES, results, &err));
	static const enum store_outcome expected[WRITES] = { STORE_DONE,     STORE_CONFLICT, STORE_DONE,
							     STORE_CONFLICT, STORE_CONFLICT, STORE_DONE };
	for (size_t i = 0; i < WRITES; i++) {
		if (results[i].outcome != expected[i])
			fail_msg("write %zu came to %d", i, results[i].outcome);
		if (expected[i] == STORE_DONE)
			assert_int_equal(count_events(c, results[i].conversation), 3);
	}
	assert_int_equal(count_events(c, taken), 2);
	struct conversation_row after;
	MUST(store_load_row(c->store, &c->arena, taken, &after, &err));
	assert_int_equal(after.seq, 2);
}

/* Two steps of one conversation in one batch build on each other. */
static void test_steps_in_one_batch_follow_each_other(void **state)
{
	struct store_case *c = *state;
	int64_t id = add_message(c, 0, "one");
	struct conversation_row row;
	MUST(store_load_row(c->store, &c->arena, id, &row, &err));
	struct event events[2] = { said(AUTHOR_VISITOR, "two", OWNER_BOT), said(AUTHOR_VISITOR, "three", OWNER_BOT) };
	struct store_write writes[2] = { write_of(row, &events[0], 1) };
	writes[1] = write_of(writes[0].row, &events[1], 1);
	struct store_result results[2];
	MUST(store_commit(c->store, writes, 2, results, &err));
	assert_int_equal(results[0].outcome, STORE_DONE);
	assert_int_equal(results[1].outcome, STORE_DONE);
	assert_int_equal(results[1].first_id, results[0].first_id + 1);
	assert_int_equal(count_events(c, id), 3);
}

/* What is known of a conversation from the last commit is not believed when somebody else has written meanwhile. */
static void test_two_who_write(void **state)
{
	struct store_case *c = *state;
	struct store *mine = c->store, *other;
	int64_t id = add_message(c, 0, "one"), last = 0;
	add_message(c, id, "two");
	MUST(store_open(c->path, STORE_WRITE, &other, &err));
	struct conversation_row stale;
	MUST(store_load_row(mine, &c->arena, id, &stale, &err));
	for (int round = 0; round < 3; round++) {
		c->store = round % 2 ? mine : other;
		add_message(c, id, "more");
		int64_t newest;
		MUST(store_last_event_id(c->store, &newest, &err));
		assert_int_equal(newest, 3 + round);
		assert_true(newest > last);
		last = newest;
	}
	c->store = mine;
	struct event event = said(AUTHOR_VISITOR, "late", OWNER_BOT);
	struct store_write write = write_of(stale, &event, 1);
	assert_int_equal(commit_one(c, &write).outcome, STORE_CONFLICT);
	MUST(store_erase(other, id, &err));
	store_close(other);
	struct event again = said(AUTHOR_VISITOR, "later", OWNER_BOT);
	stale.seq = 5;
	write = write_of(stale, &again, 1);
	assert_int_equal(commit_one(c, &write).outcome, STORE_CONFLICT);
	assert_int_equal(count_events(c, id), 0);
}

/* What seldom changes is written too when it does, each of its columns. */
static void test_every_column_changes_by_itself(void **state)
{
	struct store_case *c = *state;
	int64_t id = add_message(c, 0, "hi");
	struct conversation_row row, read;
	for (int column = 0; column < 17; column++) {
		MUST(store_load_row(c->store, &c->arena, id, &row, &err));
		switch (column) {
		case 0: row.agent = 7; break;
		case 1: row.episode++; break;
		case 2: row.is_closed = true; break;
		case 3: row.reason = REASON_ASKED; break;
		case 4: row.priority = 3; break;
		case 5: row.created_ms++; break;
		case 6: row.waiting_since_ms = NOON; break;
		case 7: row.ticket_ms = NOON; break;
		case 8: row.handover_right = 1; break;
		case 9: row.agent_name = "Anna"; break;
		case 10: row.visitor_name = "Ada"; break;
		case 11: row.visitor_email = "ada@example.org"; break;
		case 12: row.subject = "4711"; break;
		case 13: row.profile = "{}"; break;
		case 14: row.tags = "gift"; break;
		case 15: row.updated_ms += 60000; break;
		default: row.owner = OWNER_NOBODY;
		}
		struct store_write write = { .row = row, .expected_seq = row.seq };
		assert_int_equal(commit_one(c, &write).outcome, STORE_DONE);
		MUST(store_load_row(c->store, &c->arena, id, &read, &err));
		bool is_same = read.agent == row.agent && read.episode == row.episode &&
			       read.is_closed == row.is_closed && read.reason == row.reason &&
			       read.priority == row.priority && read.created_ms == row.created_ms &&
			       read.waiting_since_ms == row.waiting_since_ms && read.ticket_ms == row.ticket_ms &&
			       read.handover_right == row.handover_right && read.updated_ms == row.updated_ms &&
			       read.owner == row.owner && !strcmp(read.agent_name, row.agent_name) &&
			       !strcmp(read.visitor_name, row.visitor_name) &&
			       !strcmp(read.visitor_email, row.visitor_email) && !strcmp(read.subject, row.subject) &&
			       !strcmp(read.profile, row.profile) && !strcmp(read.tags, row.tags);
		if (!is_same)
			fail_msg("column %d", column);
	}
}

/* A conversation is read from its end: as far as it is wanted, whatever stands between its steps. */
/* What comes after any number, in pieces of any size: nothing twice, nothing left out. */
static void check_pieces(struct store_case *c, int64_t last)
{
	for (int64_t after = 0; after <= last; after++)
		for (size_t max = 1; max < 8; max++) {
			struct stored_event *events;
			size_t count;
			int64_t rest = last - after;
			MUST(store_load_since(c->store, &c->arena, after, max, &events, &count, &err));
			assert_int_equal(count, rest < (int64_t)max ? rest : (int64_t)max);
			for (size_t i = 0; i < count; i++)
				assert_int_equal(events[i].event.id, after + 1 + (int64_t)i);
			arena_reset(&c->arena);
		}
}

/* Of persons alone, each a row of its own; and with the bot's lines behind one, all in one row. */
static void test_steps_of_many_sizes(void **state)
{
	struct store_case *c = *state;
	enum { STEPS = 40 };
	int64_t ids[3] = { 0 }, total[3] = { 0 };
	for (int i = 0; i < STEPS; i++) {
		struct event events[5];
		size_t count = 1 + (size_t)i % 5;
		for (size_t k = 0; k < count; k++)
			events[k] = said(k && i % 2 ? AUTHOR_BOT : AUTHOR_VISITOR, "text", OWNER_BOT);
		ids[i % 3] = add_events(c, ids[i % 3], events, count);
		total[i % 3] += (int64_t)count;
	}
	for (int which = 0; which < 3; which++)
		for (int64_t after = 0; after <= total[which] + 1; after++) {
			struct event *events;
			size_t count;
			MUST(store_load_events(c->store, &c->arena, ids[which], after, &events, &count, &err));
			assert_int_equal(count, after < total[which] ? total[which] - after : 0);
			for (size_t i = 0; i < count; i++)
				assert_int_equal(events[i].seq, after + 1 + (int64_t)i);
			int64_t id = 0;
			int found = store_find_event(c->store, ids[which], after, &id, NULL);
			assert_int_equal(found, after < 1 || after > total[which]);
			if (found == 0 && after > 1) {
				MUST(store_load_events(c->store, &c->arena, ids[which], after - 1, &events, &count,
						       &err));
				assert_int_equal(events[0].id, id);
			}
		}
	int64_t last, stored;
	MUST(store_last_event_id(c->store, &last, &err));
	MUST(store_count_events(c->store, &stored, &err));
	assert_int_equal(last, total[0] + total[1] + total[2]);
	assert_int_equal(stored, last);
	check_pieces(c, last);
}

/* ---- The bot speaks only where the conversation is the bot's ---- */

struct line {
	enum event_kind kind;
	enum author from;
	enum owner owner;
};
#define VISITOR_SAYS(owner)                          \
	{                                            \
		EVENT_MESSAGE, AUTHOR_VISITOR, owner \
	}
#define BOT_SAYS(owner)                          \
	{                                        \
		EVENT_MESSAGE, AUTHOR_BOT, owner \
	}
#define END             \
	{               \
		0, 0, 0 \
	}

static const struct {
	const char *what;
	struct line before[4], write[4];
	enum store_outcome outcome;
} guard_rows[] = {
	{ "answer",
	  { VISITOR_SAYS(OWNER_BOT), END },
	  { VISITOR_SAYS(OWNER_BOT), BOT_SAYS(OWNER_BOT), END },
	  STORE_DONE },
	{ "late answer to one that waits",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_HANDOVER, AUTHOR_BOT, OWNER_QUEUE }, END },
	  { BOT_SAYS(OWNER_QUEUE), END },
	  STORE_CONFLICT },
	{ "late answer that pretends to own it",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_CLAIM, AUTHOR_AGENT, OWNER_AGENT }, END },
	  { BOT_SAYS(OWNER_BOT), END },
	  STORE_CONFLICT },
	{ "a visitor's line takes nothing from a person",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_CLAIM, AUTHOR_AGENT, OWNER_AGENT }, END },
	  { VISITOR_SAYS(OWNER_BOT), BOT_SAYS(OWNER_BOT), END },
	  STORE_CONFLICT },
	{ "nor a notice",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_CLAIM, AUTHOR_AGENT, OWNER_AGENT }, END },
	  { { EVENT_NOTICE, AUTHOR_SYSTEM, OWNER_BOT }, BOT_SAYS(OWNER_BOT), END },
	  STORE_CONFLICT },
	{ "a return gives it back",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_CLAIM, AUTHOR_AGENT, OWNER_AGENT }, END },
	  { { EVENT_RETURN, AUTHOR_SYSTEM, OWNER_BOT }, BOT_SAYS(OWNER_BOT), END },
	  STORE_DONE },
	{ "a visitor who waits goes on with the bot",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_HANDOVER, AUTHOR_BOT, OWNER_QUEUE }, END },
	  { VISITOR_SAYS(OWNER_BOT), BOT_SAYS(OWNER_BOT), END },
	  STORE_DONE },
	{ "a visitor after the end",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_CLOSE, AUTHOR_AGENT, OWNER_NOBODY }, END },
	  { VISITOR_SAYS(OWNER_BOT), BOT_SAYS(OWNER_BOT), END },
	  STORE_DONE },
	{ "the bot by itself after the end",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_CLOSE, AUTHOR_AGENT, OWNER_NOBODY }, END },
	  { BOT_SAYS(OWNER_BOT), END },
	  STORE_CONFLICT },
	{ "the last line before the handover",
	  { VISITOR_SAYS(OWNER_BOT), END },
	  { VISITOR_SAYS(OWNER_BOT), BOT_SAYS(OWNER_BOT), { EVENT_HANDOVER, AUTHOR_BOT, OWNER_QUEUE }, END },
	  STORE_DONE },
	{ "a line behind the handover",
	  { VISITOR_SAYS(OWNER_BOT), END },
	  { { EVENT_HANDOVER, AUTHOR_BOT, OWNER_QUEUE }, BOT_SAYS(OWNER_QUEUE), END },
	  STORE_CONFLICT },
	{ "a notice may always be given",
	  { VISITOR_SAYS(OWNER_BOT), { EVENT_CLAIM, AUTHOR_AGENT, OWNER_AGENT }, END },
	  { { EVENT_NOTICE, AUTHOR_BOT, OWNER_AGENT }, END },
	  STORE_DONE },
};

static size_t make_lines(const struct line *lines, struct event *events)
{
	size_t count = 0;
	for (; lines[count].kind; count++)
		events[count] = happened(lines[count].kind, lines[count].from, lines[count].owner);
	return count;
}

static void test_bot_guard(void **state)
{
	struct store_case *c = *state;
	for (size_t i = 0; i < COUNT(guard_rows); i++) {
		struct event events[4];
		int64_t id = add_events(c, 0, events, make_lines(guard_rows[i].before, events));
		struct conversation_row row;
		MUST(store_load_row(c->store, &c->arena, id, &row, &err));
		size_t count = make_lines(guard_rows[i].write, events);
		struct store_write write = write_of(row, events, count);
		if (commit_one(c, &write).outcome != guard_rows[i].outcome)
			fail_msg("%s", guard_rows[i].what);
		size_t expected = guard_rows[i].outcome == STORE_DONE ? (size_t)row.seq + count : (size_t)row.seq;
		assert_int_equal(count_events(c, id), expected);
	}
}

/* ---- Finding again ---- */

static void test_tokens(void **state)
{
	struct store_case *c = *state;
	struct event event = said(AUTHOR_VISITOR, "hi", OWNER_BOT);
	struct store_write write = write_of(blank_row(), &event, 1);
	give_token(c, &write);
	memset(write.token_hash, 0xa5, TOKEN_HASH_BYTES);
	struct store_result result;
	MUST(store_commit(c->store, &write, 1, &result, &err));
	int64_t found = 0;
	MUST(store_find_token(c->store, write.token_hash, &found, &err));
	assert_int_equal(found, result.conversation);
	write.token_hash[TOKEN_HASH_BYTES - 1] ^= 1;
	assert_int_equal(store_find_token(c->store, write.token_hash, &found, NULL), 1);
	write.token_hash[TOKEN_HASH_BYTES - 1] ^= 1;
	MUST(store_erase(c->store, result.conversation, &err));
	assert_int_equal(store_find_token(c->store, write.token_hash, &found, NULL), 1);
}

static void test_resume(void **state)
{
	struct store_case *c = *state;
	int64_t id = 0;
	for (int i = 0; i < 5; i++)
		id = add_message(c, id, "text");
	for (int64_t after = 0; after <= 6; after++) {
		struct event *events;
		size_t count;
		MUST(store_load_events(c->store, &c->arena, id, after, &events, &count, &err));
		assert_int_equal(count, after < 5 ? 5 - after : 0);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(events[i].seq, after + 1 + (int64_t)i);
	}
}

static void test_agents_resume_over_all_open_conversations(void **state)
{
	struct store_case *c = *state;
	int64_t a = add_message(c, 0, "a1"), b = add_message(c, 0, "b1"), closed = add_message(c, 0, "c1");
	struct event end = happened(EVENT_CLOSE, AUTHOR_VISITOR, OWNER_NOBODY);
	struct conversation_row row;
	MUST(store_load_row(c->store, &c->arena, closed, &row, &err));
	row.is_closed = true;
	struct store_write write = write_of(row, &end, 1);
	assert_int_equal(commit_one(c, &write).outcome, STORE_DONE);
	add_message(c, a, "a2");
	struct stored_event *events;
	size_t count;
	MUST(store_load_since(c->store, &c->arena, 0, 100, &events, &count, &err));
	assert_int_equal(count, 3);
	assert_int_equal(events[0].conversation, a);
	assert_int_equal(events[1].conversation, b);
	assert_string_equal(events[2].event.text, "a2");
	int64_t last;
	MUST(store_last_event_id(c->store, &last, &err));
	assert_int_equal(events[2].event.id, last);
	MUST(store_load_since(c->store, &c->arena, events[0].event.id, 1, &events, &count, &err));
	assert_int_equal(count, 1);
	assert_string_equal(events[0].event.text, "b1");
	MUST(store_load_since(c->store, &c->arena, last, 100, &events, &count, &err));
	assert_int_equal(count, 0);
}

/* A number is never given twice, even when the newest conversation is erased and the program starts anew. */
static void test_numbers_are_never_given_again(void **state)
{
	struct store_case *c = *state;
	int64_t last, id = add_message(c, 0, "one");
	MUST(store_last_event_id(c->store, &last, &err));
	MUST(store_erase(c->store, id, &err));
	case_reopen(c);
	int64_t next, other = add_message(c, 0, "two");
	assert_true(other > id);
	MUST(store_last_event_id(c->store, &next, &err));
	assert_true(next > last);
}

static void test_empty_file(void **state)
{
	struct store_case *c = *state;
	int64_t last = 99;
	struct stored_event *events;
	size_t count = 99;
	struct conversation_row row;
	MUST(store_last_event_id(c->store, &last, &err));
	assert_int_equal(last, 0);
	MUST(store_load_since(c->store, &c->arena, 0, 10, &events, &count, &err));
	assert_int_equal(count, 0);
	assert_int_equal(store_load_row(c->store, &c->arena, 1, &row, NULL), 1);
	MUST(store_commit(c->store, NULL, 0, NULL, &err));
}

/* ---- Lists ---- */

static int64_t add_row(struct store_case *c, struct conversation_row row)
{
	struct store_write write = { .row = row };
	return commit_one(c, &write).conversation;
}

static void assert_list(struct store_case *c, struct list_query query, const char *expected)
{
	struct conversation_row *rows;
	size_t count;
	struct buf line = { 0 };
	query.limit = query.limit ? query.limit : 50;
	MUST(store_list(c->store, &c->arena, &query, &rows, &count, &err));
	for (size_t i = 0; i < count; i++)
		buf_printf(&line, "%s ", rows[i].visitor_name);
	assert_string_equal(buf_text(&line), expected);
	buf_clear(&line);
}

/* Ids are given in the order of adding: a is 1. */
static void assert_held(struct store_case *c, const char *expected)
{
	int64_t *ids;
	size_t count;
	struct buf line = { 0 };
	bool is_there[26] = { false };
	MUST(store_load_held(c->store, &c->arena, &ids, &count, &err));
	for (size_t i = 0; i < count; i++)
		is_there[ids[i] - 1] = true;
	for (int i = 0; i < 26; i++)
		if (is_there[i])
			buf_printf(&line, "%c ", 'a' + i);
	assert_string_equal(buf_text(&line), expected);
	buf_clear(&line);
}

static void assert_tags(struct store_case *c, const char *expected)
{
	struct tag_count *tags;
	size_t count;
	struct buf line = { 0 };
	MUST(store_list_tags(c->store, &c->arena, &tags, &count, &err));
	for (size_t i = 0; i < count; i++)
		buf_printf(&line, "%s %lld, ", tags[i].tag, (long long)tags[i].count);
	assert_string_equal(buf_text(&line), expected);
	buf_clear(&line);
}

static void test_lists(void **state)
{
	struct store_case *c = *state;
	static const struct {
		const char *name;
		enum owner owner;
		int64_t agent, updated_ms, waiting_ms;
		int priority;
		const char *subject;
		bool is_closed;
		int64_t ticket_ms;
		const char *tags;
	} rows[] = {
		{ "a", OWNER_BOT, 0, 10, 0, 0, "", false, 0, "Refund" },
		{ "b", OWNER_QUEUE, 0, 50, 20, 0, "ada", false, 0, "late\nrefund\nnew" },
		{ "c", OWNER_QUEUE, 0, 20, 10, 0, "", false, 0, "no refund" },
		{ "d", OWNER_QUEUE, 0, 40, 30, 5, "", false, 0, "" },
		{ "e", OWNER_AGENT, 1, 30, 0, 0, "ada", false, 0, "late" },
		{ "f", OWNER_AGENT, 2, 60, 0, 0, "", false, 0, "" },
		{ "g", OWNER_NOBODY, 0, 70, 0, 0, "ada", true, 65, "refund" },
		{ "h", OWNER_NOBODY, 0, 5, 0, 0, "", true, 0, "" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct conversation_row row = blank_row();
		row.visitor_name = rows[i].name;
		row.owner = rows[i].owner;
		row.agent = rows[i].agent;
		row.updated_ms = rows[i].updated_ms;
		row.waiting_since_ms = rows[i].waiting_ms;
		row.priority = rows[i].priority;
		row.subject = rows[i].subject;
		row.is_closed = rows[i].is_closed;
		row.ticket_ms = rows[i].ticket_ms;
		row.tags = rows[i].tags;
		add_row(c, row);
	}
	assert_held(c, "b c d e f ");
	assert_list(c, (struct list_query){ .list = LIST_WAITING }, "d c b ");
	assert_list(c, (struct list_query){ .list = LIST_OPEN }, "f b d e c a ");
	assert_list(c, (struct list_query){ .list = LIST_ALL }, "g f b d e c a h ");
	assert_list(c, (struct list_query){ .list = LIST_ALL, .limit = 3 }, "g f b ");
	assert_list(c, (struct list_query){ .list = LIST_ALL, .limit = 3, .before_ms = 50 }, "d e c ");
	assert_list(c, (struct list_query){ .list = LIST_TICKETS }, "g ");
	assert_list(c, (struct list_query){ .list = LIST_TAGGED, .tag = "refund" }, "g b a ");
	assert_list(c, (struct list_query){ .list = LIST_TAGGED, .tag = "REFUND", .before_ms = 70, .limit = 1 }, "b ");
	assert_list(c, (struct list_query){ .list = LIST_TAGGED, .tag = "refun" }, "");
	assert_list(c, (struct list_query){ .list = LIST_TAGGED, .tag = "late\nrefund" }, "b "); /* two lines of it */
	assert_tags(c, "Refund 3, late 2, new 1, no refund 1, ");
	assert_list(c, (struct list_query){ .list = LIST_OF_AGENT, .agent = 1 }, "e ");
	assert_list(c, (struct list_query){ .list = LIST_OF_AGENT, .agent = 0 }, "");
	assert_list(c, (struct list_query){ .list = LIST_OF_SUBJECT, .subject = "ada" }, "g b e ");
	assert_list(c, (struct list_query){ .list = LIST_OF_SUBJECT, .subject = "" }, "");
	assert_list(c, (struct list_query){ .list = LIST_OF_SUBJECT, .subject = "' OR 1 --" }, "");
}

/* Open, with the bot, and silent since before: each once, a page at a time, whatever their minute. */
static void test_silent_ones(void **state)
{
	struct store_case *c = *state;
	enum { ROWS = 200, PAGE = 7, SECONDS_BETWEEN = 13 };
	static const struct {
		enum owner owner;
		int64_t agent;
		bool is_closed, is_meant;
	} kinds[] = {
		{ OWNER_BOT, 0, false, true },     { OWNER_BOT, 0, true, false },    { OWNER_QUEUE, 0, false, false },
		{ OWNER_NOBODY, 0, false, false }, { OWNER_AGENT, 1, false, false },
	};
	const int64_t before_ms = ROWS / 2 * SECONDS_BETWEEN * 1000;
	size_t times[ROWS] = { 0 }, count = PAGE;
	for (int i = 0; i < ROWS; i++) {
		struct conversation_row row = blank_row();
		row.owner = kinds[i % COUNT(kinds)].owner;
		row.agent = kinds[i % COUNT(kinds)].agent;
		row.is_closed = kinds[i % COUNT(kinds)].is_closed;
		row.updated_ms = i * SECONDS_BETWEEN * 1000;
		add_row(c, row);
	}
	struct store_place place = { 0 };
	while (count == PAGE) {
		int64_t ids[PAGE];
		MUST(store_load_silent(c->store, before_ms, &place, ids, PAGE, &count, &err));
		for (size_t i = 0; i < count; i++)
			times[ids[i] - 1]++;
	}
	for (size_t i = 0; i < ROWS; i++)
		assert_int_equal(times[i], kinds[i % COUNT(kinds)].is_meant && i < ROWS / 2);
}

/* ---- Many at once ---- */

static void test_group_commit(void **state)
{
	struct store_case *c = *state;
	enum { WRITES = 1000, EVENTS = 3 };
	struct event(*events)[EVENTS] = calloc(WRITES, sizeof *events);
	struct store_write *writes = calloc(WRITES, sizeof *writes);
	struct store_result *results = calloc(WRITES, sizeof *results);
	for (size_t i = 0; i < WRITES; i++) {
		events[i][0] = said(AUTHOR_VISITOR, "where is my parcel", OWNER_BOT);
		events[i][1] = happened(EVENT_DECISION, AUTHOR_BOT, OWNER_BOT);
		events[i][2] = said(AUTHOR_BOT, "Follow it here.", OWNER_BOT);
		writes[i] = write_of(blank_row(), events[i], EVENTS);
		give_token(c, &writes[i]);
	}
	MUST(store_commit(c->store, writes, WRITES, results, &err));
	case_reopen(c);
	for (size_t i = 0; i < WRITES; i++) {
		assert_int_equal(results[i].outcome, STORE_DONE);
		assert_int_equal(results[i].first_id, results[0].first_id + (int64_t)(i * EVENTS));
		assert_int_equal(count_events(c, results[i].conversation), EVENTS);
		arena_reset(&c->arena);
	}
	free(events);
	free(writes);
	free(results);
}

/* A reader beside the writer sees what was committed, at once. */
static void test_reader_beside_the_writer(void **state)
{
	struct store_case *c = *state;
	struct store *reader;
	MUST(store_open(c->path, STORE_READ, &reader, &err));
	int64_t id = 0;
	for (int64_t i = 1; i <= 20; i++) {
		struct event *events;
		size_t count;
		id = add_message(c, id, "text");
		MUST(store_load_events(reader, &c->arena, id, 0, &events, &count, &err));
		assert_int_equal(count, i);
	}
	struct error refusal;
	assert_int_equal(store_set_value(reader, "x", STR_LIT("y"), &refusal), -1);
	store_close(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_events_come_back_whole),
		CASE(test_rows_come_back_whole),
		CASE(test_every_change_of_a_row_is_kept),
		CASE(test_last_text_is_cut_between_characters),
		CASE(test_a_score_that_is_no_number_counts_as_0),
		CASE(test_somebody_went_on),
		CASE(test_a_conversation_that_is_gone),
		CASE(test_conflicts_leave_the_others_in),
		CASE(test_steps_in_one_batch_follow_each_other),
		CASE(test_two_who_write),
		CASE(test_every_column_changes_by_itself),
		CASE(test_steps_of_many_sizes),
		CASE(test_bot_guard),
		CASE(test_tokens),
		CASE(test_resume),
		CASE(test_agents_resume_over_all_open_conversations),
		CASE(test_numbers_are_never_given_again),
		CASE(test_empty_file),
		CASE(test_lists),
		CASE(test_silent_ones),
		CASE(test_group_commit),
		CASE(test_reader_beside_the_writer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
