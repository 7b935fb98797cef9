/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent a second time is known by its client_id, its sender and its body. */
#include "dialogue/conversation.h"

#include "dialogue_kit.h"

#include <stdio.h>

/* The number of the event that it made. */
static int64_t say_as(struct kit *kit, const char *client_id)
{
	struct input input = input_blank(INPUT_MESSAGE);
	input.text = STR_LIT("hello");
	input.client_id = client_id;
	assert_int_equal(kit_step(kit, &input), REFUSAL_NONE);
	return kit->turn.events[0].seq;
}

static int64_t act_as(struct kit *kit, enum input_kind kind, const char *client_id)
{
	struct input input = kit_agent_input(kind, ANNA, kind == INPUT_NOTE ? "noted" : "");
	input.client_id = client_id;
	assert_int_equal(kit_step(kit, &input), REFUSAL_NONE);
	return kit->turn.events[0].seq;
}

static void a_message_is_found_by_its_client_id(void **state)
{
	struct kit *kit = *state;
	static const char *const ids[] = { "a", "b", "c" };
	int64_t seqs[COUNT(ids)];
	for (size_t i = 0; i < COUNT(ids); i++)
		seqs[i] = say_as(kit, ids[i]);
	for (size_t i = 0; i < COUNT(ids); i++)
		assert_int_equal(conversation_find_client_id(kit->state, ids[i], 0), seqs[i]);
	assert_int_equal(conversation_find_client_id(kit->state, "d", 0), 0);
}

/* Two numbers in each, one of a visitor and one of an agent that are alike. */
static void each_of_many_is_found(void **state)
{
	enum { MANY = 200 };
	struct kit *kit = *state;
	int64_t said[MANY], noted[MANY];
	char id[16];
	for (int i = 0; i < MANY; i++) {
		snprintf(id, sizeof id, "m%d", i);
		said[i] = say_as(kit, id);
		noted[i] = act_as(kit, INPUT_NOTE, id);
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(id, sizeof id, "m%d", i);
		assert_int_equal(conversation_find_client_id(kit->state, id, 0), said[i]);
		assert_int_equal(conversation_find_client_id(kit->state, id, ANNA), noted[i]);
		assert_int_equal(conversation_find_client_id(kit->state, id, BEN), 0);
		snprintf(id, sizeof id, "n%d", i);
		assert_int_equal(conversation_find_client_id(kit->state, id, 0), 0);
	}
}

static void a_message_without_a_client_id_is_never_found(void **state)
{
	struct kit *kit = *state;
	say_as(kit, "");
	assert_int_equal(conversation_find_client_id(kit->state, "", 0), 0);
}

/* Two pages may both begin with "a". */
static void each_sender_counts_for_themselves(void **state)
{
	struct kit *kit = *state;
	int64_t said = say_as(kit, "a");
	assert_int_equal(conversation_find_client_id(kit->state, "a", ANNA), 0);
	int64_t claimed = act_as(kit, INPUT_CLAIM, "a");
	assert_int_equal(conversation_find_client_id(kit->state, "a", ANNA), claimed);
	assert_int_equal(conversation_find_client_id(kit->state, "a", 0), said);
	assert_int_equal(conversation_find_client_id(kit->state, "a", BEN), 0);
}

/* Its event names who takes over, not who gave it: it is found for any agent. */
static void a_transfer_is_found_for_any_agent(void **state)
{
	struct kit *kit = *state;
	say_as(kit, "a");
	act_as(kit, INPUT_CLAIM, "b");
	int64_t transferred = act_as(kit, INPUT_TRANSFER, "t");
	assert_int_equal(conversation_find_client_id(kit->state, "t", ANNA), transferred);
	assert_int_equal(conversation_find_client_id(kit->state, "t", 0), 0);
}

struct row {
	enum input_kind kind;
	const char *text, *option, *email;
	int helpful, csat, handover_right; /* -1: says nothing of it */
	int64_t agent, to_agent;
};
static const struct row every_input_that_is_stored[] = {
	{ INPUT_MESSAGE, "track my order", "", "", -1, -1, -1, 0, 0 },
	{ INPUT_MESSAGE, "delivery time", "", "", -1, -1, -1, 0, 0 },
	{ INPUT_RATE, "", "", "", 1, -1, -1, 0, 0 },
	{ INPUT_RATE, "", "", "", 0, -1, -1, 0, 0 },
	{ INPUT_SURVEY, "", "", "", -1, 5, -1, 0, 0 },
	{ INPUT_SURVEY, "", "", "", -1, 4, -1, 0, 0 },
	{ INPUT_PERSON, "", "", "", -1, -1, -1, 0, 0 },
	{ INPUT_CHOOSE, "", "email", "", -1, -1, -1, 0, 0 },
	{ INPUT_CONTACT, "", "", "a@b.example", -1, -1, -1, 0, 0 },
	{ INPUT_CONTACT, "", "", "c@d.example", -1, -1, -1, 0, 0 },
	{ INPUT_CLAIM, "", "", "", -1, -1, -1, ANNA, 0 },
	{ INPUT_AGENT_MESSAGE, "hello, Anna here", "", "", -1, -1, -1, ANNA, 0 },
	{ INPUT_NOTE, "hello, Anna here", "", "", -1, -1, -1, ANNA, 0 },
	{ INPUT_RATE_HANDOVER, "", "", "", -1, -1, 1, ANNA, 0 },
	{ INPUT_TRANSFER, "", "", "", -1, -1, -1, ANNA, BEN },
	{ INPUT_CLOSE, "", "", "", -1, -1, -1, 0, 0 },
};
enum { ROWS = COUNT(every_input_that_is_stored) };

static struct input input_of(const struct row *row, int64_t rated)
{
	struct input input = kit_agent_input(row->kind, row->agent, row->text);
	input.client_id = "id";
	input.option = row->option;
	input.contact_email = row->email;
	input.rating.rates = row->kind == INPUT_RATE ? rated : 0;
	input.rating.helpful = row->helpful;
	input.rating.csat = row->csat;
	input.rating.handover_right = row->handover_right;
	input.to_agent = row->to_agent;
	input.to_agent_name = kit_agent_name(row->to_agent);
	return input;
}

/* Each input, done once: the event that it made is that of the same input, and of no other. */
static void an_event_is_known_for_the_input_that_made_it(void **state)
{
	struct kit *kit = *state;
	struct input inputs[ROWS];
	struct event events[ROWS];
	int64_t bot_line = 0;
	for (size_t i = 0; i < ROWS; i++) {
		inputs[i] = input_of(&every_input_that_is_stored[i], bot_line);
		assert_int_equal(kit_step(kit, &inputs[i]), REFUSAL_NONE);
		assert_true(kit->turn.event_count > 0);
		events[i] = kit->turn.events[0];
		assert_string_equal(events[i].client_id, "id");
		if (kit_bot_line(kit))
			bot_line = kit_bot_line(kit)->seq;
	}
	for (size_t i = 0; i < ROWS; i++)
		for (size_t k = 0; k < ROWS; k++)
			if (event_is_of_input(&events[i], &inputs[k]) != (i == k))
				fail_msg("event %zu, input %zu", i, k);
}

static void a_timer_makes_nothing_that_is_sent_again(void **state)
{
	struct kit *kit = *state;
	struct input timer = input_blank(INPUT_TIMER);
	kit_say(kit, "hello");
	assert_false(event_is_of_input(&kit->turn.events[0], &timer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(a_message_is_found_by_its_client_id),
		KIT_TEST(each_of_many_is_found),
		KIT_TEST(a_message_without_a_client_id_is_never_found),
		KIT_TEST(each_sender_counts_for_themselves),
		KIT_TEST(a_transfer_is_found_for_any_agent),
		KIT_TEST(an_event_is_known_for_the_input_that_made_it),
		KIT_TEST(a_timer_makes_nothing_that_is_sent_again),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
