/* SPDX-License-Identifier: Apache-2.0 */
/* A conversation to try things on: the shop of tests/golden/intents, a clock, and who is there. The shop is read once for
 * a program; each test has a conversation of its own:
 *
 *     static void a_person_is_called(void **state)
 *     {
 *             struct kit *kit = *state;
 *             kit_person(kit);
 *             assert_int_equal(kit_owner(kit), OWNER_QUEUE);
 *     }
 *     ... { KIT_TEST(a_person_is_called) }; cmocka_run_group_tests(tests, kit_setup, kit_teardown); */
#ifndef SHOPBELL_TESTS_DIALOGUE_KIT_H
#define SHOPBELL_TESTS_DIALOGUE_KIT_H

#include "dialogue/conversation.h"
#include "dialogue/policy.h"
#include "dialogue/zone.h"

#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#define KIT_INTENTS "tests/golden/intents"

enum { KIT_SECOND = 1000, KIT_MINUTE = 60 * KIT_SECOND, KIT_HOUR = 60 * KIT_MINUTE };

struct kit {
	struct arena arena; /* of turns; reset by kit_clear() */
	struct knowledge *knowledge;
	struct mind *mind;
	struct conversation *state;
	struct situation situation;
	struct turn turn; /* of the last step */
};

static inline struct knowledge *kit_load(const char *folder)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct buf printed = { 0 };
	diagnostics_init(&problems, &arena);
	struct knowledge *knowledge = knowledge_load(folder, NULL, &problems);
	diagnostics_print(&problems, &printed);
	if (!knowledge)
		print_error("%s", buf_text(&printed));
	buf_clear(&printed);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	assert_non_null(knowledge);
	return knowledge;
}

/* Local time of the shop, on 2026-06-DAY: the 1st is a Monday. */
static inline int64_t kit_time(const struct kit *kit, int day, int hour, int minute)
{
	struct civil_time civil = { .year = 2026, .month = 6, .day = day, .minute = hour * 60 + minute };
	return zone_instant_ms(kit->knowledge->zone, &civil);
}

/* A new conversation, Monday at ten, Anna there. */
static inline void kit_begin(struct kit *kit)
{
	conversation_free(kit->state);
	arena_reset(&kit->arena);
	kit->state = conversation_new();
	kit->situation = (struct situation){
		.now_ms = kit_time(kit, 1, 10, 0),
		.agents_online = 1,
		.agents_available = 1,
		.queue_position = 1,
		.wait_ms = -1,
	};
}

static inline int kit_setup(void **state)
{
	struct kit *kit = calloc(1, sizeof *kit);
	assert_non_null(kit);
	kit->knowledge = kit_load(KIT_INTENTS);
	kit->mind = mind_new();
	kit_begin(kit);
	*state = kit;
	return 0;
}

static inline int kit_teardown(void **state)
{
	struct kit *kit = *state;
	conversation_free(kit->state);
	mind_free(kit->mind);
	knowledge_unref(kit->knowledge);
	arena_clear(&kit->arena);
	free(kit);
	return 0;
}

static inline int kit_test_setup(void **state)
{
	kit_begin(*state);
	return 0;
}
#define KIT_TEST(test) cmocka_unit_test_setup(test, kit_test_setup)

/* ---- The world ---- */

static inline const struct settings *kit_settings(const struct kit *kit)
{
	return &kit->knowledge->corpus->settings;
}

/* So many agents are there, and free. */
static inline void kit_set_agents(struct kit *kit, int count)
{
	kit->situation.agents_online = kit->situation.agents_available = count;
}

static inline void kit_pass(struct kit *kit, int64_t ms)
{
	kit->situation.now_ms += ms;
}

/* When the next timer is wanted, counted from now (ms); -1 for never. */
static inline int64_t kit_wakes_in(const struct kit *kit)
{
	int64_t wake_ms = conversation_wake_ms(kit->state, kit_settings(kit));
	return wake_ms ? wake_ms - kit->situation.now_ms : -1;
}

/* ---- What visitors and agents do: a step each, a second later, its events applied ---- */

static inline enum refusal kit_step(struct kit *kit, const struct input *input)
{
	kit->situation.now_ms += KIT_SECOND;
	conversation_step(kit->state, input, kit->knowledge, kit->mind, &kit->situation, &kit->arena, &kit->turn);
	for (size_t i = 0; i < kit->turn.event_count; i++)
		conversation_apply(kit->state, &kit->turn.events[i]);
	return kit->turn.refusal;
}

static inline enum refusal kit_say(struct kit *kit, const char *text)
{
	struct input input = input_blank(INPUT_MESSAGE);
	input.text = str_of(text);
	return kit_step(kit, &input);
}

static inline enum refusal kit_press(struct kit *kit, const char *option)
{
	struct input input = input_blank(INPUT_CHOOSE);
	input.option = option;
	return kit_step(kit, &input);
}

static inline enum refusal kit_do(struct kit *kit, enum input_kind kind)
{
	struct input input = input_blank(kind);
	return kit_step(kit, &input);
}

static inline enum refusal kit_person(struct kit *kit)
{
	return kit_press(kit, "person");
}

static inline enum refusal kit_rate(struct kit *kit, int64_t seq, int helpful)
{
	struct input input = input_blank(INPUT_RATE);
	input.rating.rates = seq;
	input.rating.helpful = helpful;
	return kit_step(kit, &input);
}

static inline enum refusal kit_contact(struct kit *kit, const char *name, const char *email)
{
	struct input input = input_blank(INPUT_CONTACT);
	input.contact_name = name;
	input.contact_email = email;
	return kit_step(kit, &input);
}

enum { ANNA = 1, BEN, CLEO };

static inline const char *kit_agent_name(int64_t agent)
{
	static const char *const names[] = { "", "Anna", "Ben", "Cleo" };
	return names[agent];
}

static inline struct input kit_agent_input(enum input_kind kind, int64_t agent, const char *text)
{
	struct input input = input_blank(kind);
	input.agent = agent;
	input.agent_name = kit_agent_name(agent);
	input.text = str_of(text);
	return input;
}

static inline enum refusal kit_agent(struct kit *kit, enum input_kind kind, int64_t agent, const char *text)
{
	struct input input = kit_agent_input(kind, agent, text);
	return kit_step(kit, &input);
}

/* `to`: an agent, or 0 for the queue. */
static inline enum refusal kit_transfer(struct kit *kit, int64_t from, int64_t to)
{
	struct input input = kit_agent_input(INPUT_TRANSFER, from, "");
	input.to_agent = to;
	input.to_agent_name = kit_agent_name(to);
	return kit_step(kit, &input);
}

/* The timer, at the time that was asked for. */
static inline void kit_wake(struct kit *kit)
{
	int64_t wait_ms = kit_wakes_in(kit);
	assert_true(wait_ms > 0);
	kit->situation.now_ms += wait_ms - KIT_SECOND;
	kit_do(kit, INPUT_TIMER);
}

/* ---- What came of it ---- */

static inline enum owner kit_owner(const struct kit *kit)
{
	return conversation_owner(kit->state);
}

static inline enum reason kit_reason(const struct kit *kit)
{
	return conversation_reason(kit->state);
}

/* The last event of a kind in the last turn, or NULL. */
static inline const struct event *kit_event(const struct kit *kit, enum event_kind kind, enum author from)
{
	for (size_t i = kit->turn.event_count; i-- > 0;)
		if (kit->turn.events[i].kind == kind && kit->turn.events[i].from == from)
			return &kit->turn.events[i];
	return NULL;
}

static inline const char *kit_rule(const struct kit *kit)
{
	return kit->turn.decision ? kit->turn.decision->rule : "";
}

/* The bot's line of the last turn, or NULL. */
static inline const struct event *kit_bot_line(const struct kit *kit)
{
	return kit_event(kit, EVENT_MESSAGE, AUTHOR_BOT);
}

static inline const char *kit_bot_text(const struct kit *kit)
{
	const struct event *line = kit_bot_line(kit);
	return line ? line->text : "";
}

/* The handover's line of the last turn, or NULL. */
static inline const struct event *kit_handover(const struct kit *kit)
{
	return kit_event(kit, EVENT_HANDOVER, AUTHOR_SYSTEM);
}

static inline bool kit_has_option(const struct event *event, const char *id)
{
	for (size_t i = 0; event && i < event->option_count; i++)
		if (!strcmp(event->options[i].id, id))
			return true;
	return false;
}

#endif
