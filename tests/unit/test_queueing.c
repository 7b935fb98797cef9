/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting for a person: what a visitor is told, who is alarmed when, and what is left when nobody comes. */
#include "dialogue/conversation.h"

#include "dialogue_kit.h"

/* ---- In the queue ---- */

static void one_who_waits_is_told_the_place_again_after_a_while(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	assert_int_equal(conversation_waiting_since(kit->state), kit->situation.now_ms);
	kit_say(kit, "it is about my order");
	assert_int_equal(kit->turn.event_count, 1); /* the place was told a second ago */
	kit_pass(kit, KIT_MINUTE);
	kit->situation.queue_position = 2;
	kit->situation.wait_ms = 3 * KIT_MINUTE;
	kit_say(kit, "number 4711");
	assert_int_equal(kit->turn.event_count, 2);
	assert_string_equal(kit->turn.events[1].text,
			    "Added for the team to read. You are number 2 in line. It will take about 3 minutes.");
	kit_say(kit, "thanks");
	assert_int_equal(kit->turn.event_count, 1);
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
}

static void a_timer_that_comes_early_does_nothing(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	assert_int_equal(kit_wakes_in(kit), kit_settings(kit)->claim_timeout_ms);
	kit_do(kit, INPUT_TIMER);
	assert_int_equal(kit->turn.event_count, 0);
}

static void a_claim_that_nobody_makes_in_time_alarms_all_agents(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	int64_t since_ms = kit->situation.now_ms;
	kit_wake(kit);
	assert_true(kit->turn.is_alert);
	assert_int_equal(kit->turn.events[0].kind, EVENT_NOTICE);
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
	assert_int_equal(kit->situation.now_ms + kit_wakes_in(kit), since_ms + kit_settings(kit)->give_up_ms);
}

static void when_nobody_comes_the_visitor_may_write_wait_or_ask_the_bot(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	kit_wake(kit);
	kit_wake(kit);
	assert_false(kit->turn.is_alert);
	assert_int_equal(kit_owner(kit), OWNER_NOBODY);
	const struct event *notice = &kit->turn.events[0];
	assert_true(kit_has_option(notice, "email"));
	assert_true(kit_has_option(notice, "wait"));
	assert_true(kit_has_option(notice, "bot"));
	kit_press(kit, "wait"); /* from the first step of the ladder on */
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
	assert_int_equal(kit_wakes_in(kit), kit_settings(kit)->claim_timeout_ms);
	kit_press(kit, "bot");
	assert_int_equal(kit_owner(kit), OWNER_BOT);
	assert_true(strstr(kit_bot_text(kit), "I am the bot"));
}

/* ---- Timers of the others ---- */

static void a_conversation_with_the_bot_ends_when_it_is_quiet(void **state)
{
	struct kit *kit = *state;
	assert_int_equal(kit_wakes_in(kit), -1);
	kit_say(kit, "hello");
	assert_int_equal(kit_wakes_in(kit), kit_settings(kit)->visitor_away_ms);
	kit_wake(kit);
	assert_true(conversation_is_closed(kit->state));
	assert_int_equal(kit->turn.events[0].from, AUTHOR_SYSTEM);
	assert_int_equal(kit_wakes_in(kit), -1);
}

static void an_agent_has_no_timer(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	assert_int_equal(kit_wakes_in(kit), -1);
	kit_agent(kit, INPUT_RETURN, ANNA, "");
	assert_int_equal(kit_wakes_in(kit), kit_settings(kit)->visitor_away_ms);
}

static void with_nobody_there_only_a_ticket_stays_open(void **state)
{
	struct kit *kit = *state;
	for (int has_contact = 0; has_contact < 2; has_contact++) {
		kit_begin(kit);
		kit_set_agents(kit, 0);
		kit_person(kit);
		if (has_contact)
			kit_contact(kit, "", "a@b.example");
		assert_int_equal(kit_wakes_in(kit) == -1, has_contact);
	}
}

/* ---- Tickets ---- */

static void with_nobody_there_an_address_is_taken(void **state)
{
	struct kit *kit = *state;
	kit_set_agents(kit, 0);
	kit_person(kit);
	assert_true(kit_has_option(kit_handover(kit), "email"));
	assert_true(kit_has_option(kit_handover(kit), "bot"));
	kit_press(kit, "email");
	assert_int_equal(kit_owner(kit), OWNER_NOBODY);
	assert_int_equal(kit->turn.events[1].kind, EVENT_NOTICE);
	kit_contact(kit, "Ada", "a@b.example");
	assert_int_equal(kit->turn.events[0].kind, EVENT_CONTACT);
	assert_string_equal(kit->turn.events[0].contact_name, "Ada");
	assert_string_equal(kit->turn.events[1].text, "Thank you. We will write to a@b.example.");
	assert_int_equal(kit_owner(kit), OWNER_NOBODY);
}

static void an_address_that_is_known_is_not_asked_for_again(void **state)
{
	struct kit *kit = *state;
	kit_set_agents(kit, 0);
	kit_person(kit);
	kit_contact(kit, "Ada", "a@b.example");
	kit_set_agents(kit, 1);
	kit_person(kit);
	kit_wake(kit);
	kit_wake(kit);
	const struct event *in_vain = &kit->turn.events[0];
	assert_true(strstr(in_vain->text, "We have your address a@b.example"));
	assert_false(kit_has_option(in_vain, "email"));
	assert_true(kit_has_option(in_vain, "wait"));
	kit_set_agents(kit, 0);
	kit_person(kit);
	assert_true(strstr(kit_handover(kit)->text, "a@b.example"));
	assert_false(kit_has_option(kit_handover(kit), "email"));
}

static void any_agent_closes_a_ticket(void **state)
{
	struct kit *kit = *state;
	kit_set_agents(kit, 0);
	kit_person(kit);
	kit_contact(kit, "Ada", "a@b.example");
	assert_int_equal(kit_agent(kit, INPUT_AGENT_CLOSE, ANNA, ""), REFUSAL_NONE);
	assert_true(conversation_is_closed(kit->state));
}

/* ---- From hand to hand ---- */

static void a_transfer_names_who_takes_over(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	assert_int_equal(conversation_waiting_since(kit->state), 0);
	kit_transfer(kit, ANNA, BEN);
	assert_int_equal(conversation_agent(kit->state), BEN);
	assert_string_equal(kit->turn.events[0].text, "Ben takes over from here.");
	assert_string_equal(kit->turn.events[0].agent_name, "Ben");
	assert_int_equal(kit_agent(kit, INPUT_RETURN, ANNA, ""), REFUSAL_NOT_YOURS);
}

/* Its place is kept; the clock of the ladder starts anew. */
static void back_in_the_queue_it_stands_where_it_stood(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	int64_t since_ms = kit->situation.now_ms;
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	kit_transfer(kit, ANNA, 0);
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
	assert_int_equal(conversation_waiting_since(kit->state), since_ms);
	assert_int_equal(kit_wakes_in(kit), kit_settings(kit)->claim_timeout_ms);
}

static void an_agent_who_is_lost_gives_it_back_to_the_queue(void **state)
{
	struct kit *kit = *state;
	kit_person(kit);
	int64_t since_ms = kit->situation.now_ms;
	kit_agent(kit, INPUT_CLAIM, BEN, "");
	kit_agent(kit, INPUT_AGENT_GONE, ANNA, "");
	assert_int_equal(kit->turn.event_count, 0); /* it is not hers */
	kit_agent(kit, INPUT_AGENT_GONE, BEN, "");
	assert_int_equal(kit->turn.events[0].kind, EVENT_RETURN);
	assert_true(strstr(kit->turn.events[0].text, "Ben"));
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
	assert_int_equal(conversation_waiting_since(kit->state), since_ms);
}

/* It was never in the queue: it stands where it began, before those who came later. */
static void a_lost_agent_who_took_it_from_the_bot_leaves_it_at_the_front(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	int64_t began_ms = kit->situation.now_ms;
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	kit_pass(kit, KIT_HOUR);
	kit_agent(kit, INPUT_AGENT_GONE, ANNA, "");
	assert_int_equal(conversation_waiting_since(kit->state), began_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(one_who_waits_is_told_the_place_again_after_a_while),
		KIT_TEST(a_timer_that_comes_early_does_nothing),
		KIT_TEST(a_claim_that_nobody_makes_in_time_alarms_all_agents),
		KIT_TEST(when_nobody_comes_the_visitor_may_write_wait_or_ask_the_bot),
		KIT_TEST(a_conversation_with_the_bot_ends_when_it_is_quiet),
		KIT_TEST(an_agent_has_no_timer),
		KIT_TEST(with_nobody_there_only_a_ticket_stays_open),
		KIT_TEST(with_nobody_there_an_address_is_taken),
		KIT_TEST(an_address_that_is_known_is_not_asked_for_again),
		KIT_TEST(any_agent_closes_a_ticket),
		KIT_TEST(a_transfer_names_who_takes_over),
		KIT_TEST(back_in_the_queue_it_stands_where_it_stood),
		KIT_TEST(an_agent_who_is_lost_gives_it_back_to_the_queue),
		KIT_TEST(a_lost_agent_who_took_it_from_the_bot_leaves_it_at_the_front),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
