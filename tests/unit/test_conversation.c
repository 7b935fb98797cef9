/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/conversation.h"

#include "dialogue_kit.h"

#include <stdio.h>
#include <stdlib.h>

static struct kit kit;

/* ---- Refusals ---- */

static char *text_of_length(size_t characters)
{
	char *text = calloc(characters + 1, 1);
	memset(text, 'a', characters);
	return text;
}

static void test_texts_refused(void **state)
{
	(void)state;
	int limit = kit.knowledge->corpus->settings.message_length;
	char *at_limit = text_of_length((size_t)limit), *above = text_of_length((size_t)limit + 1);
	const struct {
		const char *text;
		enum refusal refusal;
	} rows[] = {
		{ "", REFUSAL_EMPTY },
		{ "  \n\t ", REFUSAL_EMPTY },
		{ "\xe2\x80\x8b\xe2\x80\x8b", REFUSAL_EMPTY }, /* zero-width spaces */
		{ "\xc2\xa0\xe3\x80\x80\xef\xbb\xbf", REFUSAL_EMPTY },
		{ ".", REFUSAL_NONE },
		{ "\xf0\x9f\x91\x8d", REFUSAL_NONE },
		{ at_limit, REFUSAL_NONE },
		{ above, REFUSAL_TOO_LONG },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		kit_begin(&kit);
		enum refusal got = kit_say(&kit, rows[i].text);
		if (got != rows[i].refusal)
			print_error("row %zu: %d\n", i, got);
		assert_int_equal(got, rows[i].refusal);
		assert_int_equal(kit.turn.event_count > 0, got == REFUSAL_NONE);
	}
	free(at_limit);
	free(above);
}

/* Malformed bytes are repaired before anything keeps them. */
static void test_text_is_repaired(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "where\xff is my order");
	assert_string_equal(kit_event(&kit, EVENT_MESSAGE, AUTHOR_VISITOR)->text, "where\xef\xbf\xbd is my order");
}

static void test_agents_refused(void **state)
{
	(void)state;
	static const struct {
		enum input_kind kind;
		enum refusal empty, bots, queued, own, others, closed;
	} rows[] = {
		{ INPUT_CLAIM, REFUSAL_NO_CONVERSATION, REFUSAL_NONE, REFUSAL_NONE, REFUSAL_NONE, REFUSAL_TAKEN,
		  REFUSAL_CLOSED },
		{ INPUT_AGENT_MESSAGE, REFUSAL_NO_CONVERSATION, REFUSAL_NONE, REFUSAL_NONE, REFUSAL_NONE,
		  REFUSAL_NOT_YOURS, REFUSAL_CLOSED },
		{ INPUT_NOTE, REFUSAL_NO_CONVERSATION, REFUSAL_NONE, REFUSAL_NONE, REFUSAL_NONE, REFUSAL_NONE,
		  REFUSAL_NONE },
		{ INPUT_TAG, REFUSAL_NO_CONVERSATION, REFUSAL_NONE, REFUSAL_NONE, REFUSAL_NONE, REFUSAL_NONE,
		  REFUSAL_NONE },
		{ INPUT_TRANSFER, REFUSAL_NO_CONVERSATION, REFUSAL_NOT_YOURS, REFUSAL_NOT_YOURS, REFUSAL_NONE,
		  REFUSAL_NOT_YOURS, REFUSAL_CLOSED },
		{ INPUT_RETURN, REFUSAL_NO_CONVERSATION, REFUSAL_NOT_YOURS, REFUSAL_NOT_YOURS, REFUSAL_NONE,
		  REFUSAL_NOT_YOURS, REFUSAL_CLOSED },
		{ INPUT_AGENT_CLOSE, REFUSAL_NO_CONVERSATION, REFUSAL_NOT_YOURS, REFUSAL_NOT_YOURS, REFUSAL_NONE,
		  REFUSAL_NOT_YOURS, REFUSAL_CLOSED },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const enum refusal expected[] = { rows[i].empty, rows[i].bots,   rows[i].queued,
						  rows[i].own,   rows[i].others, rows[i].closed };
		for (size_t at = 0; at < COUNT(expected); at++) {
			kit_begin(&kit);
			if (at == 1 || at == 5)
				kit_say(&kit, "hello");
			if (at == 2)
				kit_press(&kit, "person");
			if (at == 3 || at == 4) {
				kit_say(&kit, "hello");
				kit_agent(&kit, INPUT_CLAIM, at == 3 ? 1 : 2, "");
			}
			if (at == 5)
				kit_do(&kit, INPUT_CLOSE);
			enum refusal got = kit_agent(&kit, rows[i].kind, 1, "hi");
			if (got != expected[at])
				print_error("input %d, column %zu: %d\n", rows[i].kind, at, got);
			assert_int_equal(got, expected[at]);
		}
	}
}

static void test_visitors_refused(void **state)
{
	(void)state;
	static const enum input_kind before[] = { INPUT_RATE, INPUT_SURVEY, INPUT_CONTACT, INPUT_CLOSE };
	for (size_t i = 0; i < COUNT(before); i++) {
		kit_begin(&kit);
		assert_int_equal(kit_do(&kit, before[i]), REFUSAL_NO_CONVERSATION);
	}
	kit_begin(&kit);
	assert_int_equal(kit_press(&kit, "delivery-prices"), REFUSAL_UNKNOWN_OPTION);
	assert_int_equal(kit_press(&kit, "email"), REFUSAL_UNKNOWN_OPTION);
	assert_int_equal(kit_press(&kit, ""), REFUSAL_UNKNOWN_OPTION);
	assert_int_equal(kit_press(&kit, "track-order"), REFUSAL_NONE); /* a suggestion of the settings */
	assert_string_equal(conversation_intent(kit.state), "track-order");
	kit_do(&kit, INPUT_CLOSE);
	assert_int_equal(kit_do(&kit, INPUT_CLOSE), REFUSAL_CLOSED);
}

static void test_rating_only_bot_lines(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "how much is postage");
	for (int64_t seq = -1; seq <= 5; seq++) {
		struct input input = input_blank(INPUT_RATE);
		input.rating.rates = seq;
		input.rating.helpful = 1;
		assert_int_equal(kit_step(&kit, &input), seq == 3 ? REFUSAL_NONE : REFUSAL_NOT_RATEABLE);
	}
	struct input nothing = input_blank(INPUT_RATE);
	nothing.rating.rates = 3;
	assert_int_equal(kit_step(&kit, &nothing), REFUSAL_NOT_RATEABLE);
	assert_int_equal(kit_agent(&kit, INPUT_RATE_HANDOVER, 1, ""), REFUSAL_NOT_RATEABLE);
}

/* ---- Owners ---- */

static void test_no_bot_while_a_person_owns(void **state)
{
	(void)state;
	static const char *const texts[] = { "how much is postage", "hello", "i want a human",
					     "useless!!! furious!!!" };
	kit_begin(&kit);
	kit_say(&kit, "hello");
	kit_agent(&kit, INPUT_AGENT_MESSAGE, 1, "Hello, this is Anna.");
	/* A message of an agent claims first. */
	assert_int_equal(kit.turn.event_count, 2);
	assert_int_equal(kit.turn.events[0].kind, EVENT_CLAIM);
	assert_string_equal(kit.turn.events[0].text, "Anna has joined.");
	assert_int_equal(kit.turn.events[0].from, AUTHOR_AGENT);
	for (size_t i = 0; i < COUNT(texts); i++) {
		kit_say(&kit, texts[i]);
		assert_int_equal(kit.turn.event_count, 1);
		assert_int_equal(kit.turn.events[0].owner, OWNER_AGENT);
		assert_int_equal(kit.turn.events[0].owner_agent, 1);
	}
	/* Mood goes on being read. */
	assert_true(kit.turn.events[0].frustration > 0.3);
	assert_int_equal(kit_agent(&kit, INPUT_CLAIM, 1, ""), REFUSAL_NONE);
	assert_int_equal(kit.turn.event_count, 0);
}

static void test_queue_notices(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_press(&kit, "person");
	assert_int_equal(conversation_waiting_since(kit.state), kit.situation.now_ms);
	kit_say(&kit, "it is about my order");
	assert_int_equal(kit.turn.event_count, 1); /* the place was told a second ago */
	kit.situation.now_ms += KIT_MINUTE;
	kit.situation.queue_position = 2;
	kit.situation.wait_ms = 3 * KIT_MINUTE;
	kit_say(&kit, "number 4711");
	assert_int_equal(kit.turn.event_count, 2);
	assert_string_equal(kit.turn.events[1].text,
			    "Added for the team to read. You are number 2 in line. It will take about 3 minutes.");
	kit_say(&kit, "thanks");
	assert_int_equal(kit.turn.event_count, 1);
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
}

static void test_ladder_of_the_queue(void **state)
{
	(void)state;
	const struct settings *settings = &kit.knowledge->corpus->settings;
	kit_begin(&kit);
	kit_press(&kit, "person");
	int64_t since = kit.situation.now_ms;
	assert_int_equal(conversation_wake_ms(kit.state, settings), since + settings->claim_timeout_ms);
	/* Too early: nothing. */
	kit_do(&kit, INPUT_TIMER);
	assert_int_equal(kit.turn.event_count, 0);
	kit_wake(&kit);
	assert_true(kit.turn.is_alert);
	assert_int_equal(kit.turn.events[0].kind, EVENT_NOTICE);
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
	assert_int_equal(conversation_wake_ms(kit.state, settings), since + settings->give_up_ms);
	kit_wake(&kit);
	assert_false(kit.turn.is_alert);
	assert_int_equal(conversation_owner(kit.state), OWNER_NOBODY);
	assert_true(kit_has_option(&kit.turn.events[0], "email") && kit_has_option(&kit.turn.events[0], "wait") &&
		    kit_has_option(&kit.turn.events[0], "bot"));
	/* Waiting on starts anew. */
	kit_press(&kit, "wait");
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
	assert_int_equal(conversation_wake_ms(kit.state, settings), kit.situation.now_ms + settings->claim_timeout_ms);
	kit_press(&kit, "bot");
	assert_int_equal(conversation_owner(kit.state), OWNER_BOT);
	assert_true(strstr(kit_bot_text(&kit), "I am the bot"));
}

static void test_timers_by_owner(void **state)
{
	(void)state;
	const struct settings *settings = &kit.knowledge->corpus->settings;
	kit_begin(&kit);
	assert_int_equal(conversation_wake_ms(kit.state, settings), 0);
	kit_say(&kit, "hello");
	assert_int_equal(conversation_wake_ms(kit.state, settings), kit.situation.now_ms + settings->visitor_away_ms);
	kit_agent(&kit, INPUT_CLAIM, 1, "");
	assert_int_equal(conversation_wake_ms(kit.state, settings), 0);
	kit_agent(&kit, INPUT_RETURN, 1, "");
	kit_wake(&kit);
	assert_true(conversation_is_closed(kit.state));
	assert_int_equal(kit.turn.events[0].from, AUTHOR_SYSTEM);
	assert_int_equal(conversation_wake_ms(kit.state, settings), 0);
	/* Nobody there: closed when silent, but a ticket stays open. */
	for (int has_contact = 0; has_contact < 2; has_contact++) {
		kit_begin(&kit);
		kit.situation.agents_available = kit.situation.agents_online = 0;
		kit_press(&kit, "person");
		struct input contact = input_blank(INPUT_CONTACT);
		contact.contact_email = "a@b.example";
		if (has_contact)
			kit_step(&kit, &contact);
		assert_int_equal(conversation_wake_ms(kit.state, settings) == 0, has_contact);
	}
}

static void test_contact(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit.situation.agents_available = kit.situation.agents_online = 0;
	kit_press(&kit, "person");
	const struct event *handover = kit_event(&kit, EVENT_HANDOVER, AUTHOR_SYSTEM);
	assert_true(kit_has_option(handover, "email") && kit_has_option(handover, "bot"));
	kit_press(&kit, "email");
	assert_int_equal(conversation_owner(kit.state), OWNER_NOBODY);
	assert_int_equal(kit.turn.events[1].kind, EVENT_NOTICE);
	struct input contact = input_blank(INPUT_CONTACT);
	contact.contact_email = "a@b.example";
	contact.contact_name = "Ada";
	kit_step(&kit, &contact);
	assert_int_equal(kit.turn.events[0].kind, EVENT_CONTACT);
	assert_string_equal(kit.turn.events[0].contact_name, "Ada");
	assert_string_equal(kit.turn.events[1].text, "Thank you. We will write to a@b.example.");
	assert_int_equal(conversation_owner(kit.state), OWNER_NOBODY);
	/* Waiting in vain, the address is known. */
	kit.situation.agents_available = kit.situation.agents_online = 1;
	kit_press(&kit, "person");
	kit_wake(&kit);
	kit_wake(&kit);
	assert_true(strstr(kit.turn.events[0].text, "We have your address a@b.example"));
	assert_false(kit_has_option(&kit.turn.events[0], "email"));
	assert_true(kit_has_option(&kit.turn.events[0], "wait"));
	kit.situation.agents_available = kit.situation.agents_online = 0;
	/* Asked again, too. */
	kit_press(&kit, "person");
	handover = kit_event(&kit, EVENT_HANDOVER, AUTHOR_SYSTEM);
	assert_true(strstr(handover->text, "a@b.example"));
	assert_false(kit_has_option(handover, "email"));
	/* An agent answers the ticket, or closes it. */
	assert_int_equal(kit_agent(&kit, INPUT_AGENT_CLOSE, 1, ""), REFUSAL_NONE);
	assert_true(conversation_is_closed(kit.state));
}

static void test_transfers(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_press(&kit, "person");
	int64_t since = kit.situation.now_ms;
	kit_agent(&kit, INPUT_CLAIM, 1, "");
	assert_int_equal(conversation_waiting_since(kit.state), 0);
	struct input transfer = input_blank(INPUT_TRANSFER);
	transfer.agent = 1;
	transfer.agent_name = "Anna";
	transfer.to_agent = 2;
	transfer.to_agent_name = "Ben";
	kit_step(&kit, &transfer);
	assert_int_equal(conversation_agent(kit.state), 2);
	assert_string_equal(kit.turn.events[0].text, "Ben takes over from here.");
	assert_string_equal(kit.turn.events[0].agent_name, "Ben");
	assert_int_equal(kit_agent(&kit, INPUT_RETURN, 1, ""), REFUSAL_NOT_YOURS);
	/* To the queue: the place from before is kept, the clock of the ladder starts anew. */
	transfer.agent = 2;
	transfer.to_agent = 0;
	kit_step(&kit, &transfer);
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
	assert_int_equal(conversation_waiting_since(kit.state), since);
	assert_int_equal(conversation_wake_ms(kit.state, &kit.knowledge->corpus->settings),
			 kit.situation.now_ms + kit.knowledge->corpus->settings.claim_timeout_ms);
	/* An agent who is lost: the same. */
	kit_agent(&kit, INPUT_CLAIM, 2, "");
	kit_agent(&kit, INPUT_AGENT_GONE, 1, "");
	assert_int_equal(kit.turn.event_count, 0);
	kit_agent(&kit, INPUT_AGENT_GONE, 2, "");
	assert_int_equal(kit.turn.events[0].kind, EVENT_RETURN);
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
	assert_int_equal(conversation_waiting_since(kit.state), since);
	assert_true(strstr(kit.turn.events[0].text, "Ben"));
}

/* An agent who took it from the bot, and is lost: it stands where it began, before those who came later. */
static void test_lost_agent_keeps_the_front(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "hello");
	int64_t began = kit.situation.now_ms;
	kit_agent(&kit, INPUT_CLAIM, 1, "");
	kit.situation.now_ms += KIT_HOUR;
	kit_agent(&kit, INPUT_AGENT_GONE, 1, "");
	assert_int_equal(conversation_waiting_since(kit.state), began);
}

/* ---- Episodes ---- */

static void test_episodes(void **state)
{
	(void)state;
	static const struct {
		bool by_agent;
		int agents;
		int64_t later_ms;
		enum owner owner;
		const char *remark;
	} rows[] = {
		{ true, 1, 5 * KIT_MINUTE, OWNER_QUEUE, "soon after an agent's close: the same agent" },
		{ true, 0, 5 * KIT_MINUTE, OWNER_BOT, "nobody is there" },
		{ true, 1, 31 * KIT_MINUTE, OWNER_BOT, "later" },
		{ false, 1, 5 * KIT_MINUTE, OWNER_BOT, "closed by the visitor" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		kit_begin(&kit);
		kit_press(&kit, "person");
		kit_agent(&kit, INPUT_CLAIM, 1, "");
		if (rows[i].by_agent)
			kit_agent(&kit, INPUT_AGENT_CLOSE, 1, "");
		else
			kit_do(&kit, INPUT_CLOSE);
		assert_true(conversation_is_closed(kit.state));
		assert_int_equal(conversation_owner(kit.state), OWNER_NOBODY);
		kit.situation.now_ms += rows[i].later_ms;
		kit.situation.agents_online = kit.situation.agents_available = rows[i].agents;
		kit_say(&kit, "how much is postage");
		if (conversation_owner(kit.state) != rows[i].owner)
			print_error("%s: %s\n", rows[i].remark, owner_name(conversation_owner(kit.state)));
		assert_int_equal(conversation_owner(kit.state), rows[i].owner);
		assert_int_equal(conversation_episode(kit.state), 2);
		assert_false(conversation_is_closed(kit.state));
		assert_int_equal(kit.turn.event_count, rows[i].owner == OWNER_BOT ? 3 : 2);
		if (rows[i].owner == OWNER_QUEUE) {
			assert_true(strstr(kit.turn.events[1].text, "Anna"));
			assert_int_equal(kit.turn.events[1].agent, 1);
		}
	}
}

/* Misses, answers and the used handover of an episode do not reach into the next. */
static void test_new_episode_forgets(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "xkcd blorp zzzt");
	kit_say(&kit, "asdf ghjk qwer");
	assert_int_equal(conversation_reason(kit.state), REASON_UNSURE);
	kit_do(&kit, INPUT_CLOSE);
	kit_say(&kit, "asdf ghjk qwer");
	assert_string_equal(kit_rule(&kit), "miss");
	assert_int_equal(conversation_reason(kit.state), REASON_NONE);
	kit_say(&kit, "asdf ghjk qwer");
	assert_string_equal(kit_rule(&kit), "last_miss");
}

/* Whatever brought a person in: after a return the bot does not hand over by itself again. */
static void test_return_uses_up(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "asdf ghjk qwer");
	kit_agent(&kit, INPUT_CLAIM, 1, "");
	kit_agent(&kit, INPUT_RETURN, 1, "");
	for (int i = 0; i < 3; i++) {
		kit_say(&kit, "xkcd blorp zzzt");
		assert_int_equal(conversation_owner(kit.state), OWNER_BOT);
		assert_string_equal(kit_rule(&kit), "miss");
	}
	kit_press(&kit, "person");
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
}

static void test_clarified_is_no_miss(void **state)
{
	(void)state;
	/* Look for a question that is asked back, chosen by its button, and then missed once more. */
	static const char *const vague[] = { "tea",
					     "card",
					     "is it possible",
					     "return tea",
					     "how long",
					     "shipping time cost",
					     "post tea",
					     "do you have it",
					     "cups and plates",
					     "tea post to wales",
					     "what about wool" };
	for (size_t i = 0; i < COUNT(vague); i++) {
		kit_begin(&kit);
		kit_say(&kit, vague[i]);
		if (strcmp(kit_rule(&kit), "clarify") != 0)
			continue;
		const struct event *line = kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT);
		assert_true(kit_has_option(line, "person"));
		const char *id = line->options[0].id, *label = line->options[0].label;
		kit_press(&kit, id);
		assert_string_equal(kit.turn.events[0].text, label);
		assert_string_equal(kit_rule(&kit), "chosen");
		assert_true(kit.turn.decision->confidence == 1);
		kit_say(&kit, "asdf ghjk qwer");
		assert_string_equal(kit_rule(&kit), "miss");
		return;
	}
	fail_msg("none of the vague questions was asked back");
}

static void test_chosen_keeps_its_rules(void **state)
{
	(void)state;
	struct option options[] = { { "allergy", "I had an allergic reaction" }, { "gone", "An old question" } };
	static const char *const rules[] = { "sensitive", "miss" };
	for (size_t i = 0; i < COUNT(options); i++) {
		kit_begin(&kit);
		kit_say(&kit, "hello");
		/* As if an earlier corpus had shown them. */
		struct event shown = kit.turn.events[2];
		shown.seq = 4;
		shown.options = options;
		shown.option_count = COUNT(options);
		conversation_apply(kit.state, &shown);
		assert_int_equal(kit_press(&kit, options[i].id), REFUSAL_NONE);
		assert_string_equal(kit_rule(&kit), rules[i]);
	}
}

/* ---- Ratings ---- */

static void test_thumbs(void **state)
{
	(void)state;
	static const struct {
		int thumbs[4]; /* on answers 1 and 2 in turn; -1: no more */
		int on[4];
		bool is_handed;
	} rows[] = {
		{ { 0, 0, -1 }, { 0, 1 }, true },        { { 0, 0, -1 }, { 0, 0 }, false }, /* the same answer twice */
		{ { 0, 1, 0, -1 }, { 0, 0, 1 }, false },                                    /* taken back */
		{ { 1, 1, -1 }, { 0, 1 }, false },       { { 0, 1, 0, 0 }, { 0, 0, 1, 0 }, true },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t lines[2];
		kit_begin(&kit);
		kit_say(&kit, "how much is postage");
		lines[0] = kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT)->seq;
		kit_say(&kit, "how do i return something");
		lines[1] = kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT)->seq;
		for (size_t j = 0; j < 4 && rows[i].thumbs[j] >= 0; j++) {
			struct input input = input_blank(INPUT_RATE);
			input.rating.rates = lines[rows[i].on[j]];
			input.rating.helpful = rows[i].thumbs[j];
			kit_step(&kit, &input);
		}
		if ((conversation_owner(kit.state) == OWNER_QUEUE) != rows[i].is_handed)
			print_error("row %zu\n", i);
		assert_int_equal(conversation_owner(kit.state) == OWNER_QUEUE, rows[i].is_handed);
	}
}

/* Answers of an earlier episode may be rated, but count in this one no more. */
static void test_thumbs_of_earlier_episodes(void **state)
{
	(void)state;
	static const char *const texts[] = { "how much is postage", "how do i return something" };
	int64_t lines[COUNT(texts)];
	kit_begin(&kit);
	for (size_t i = 0; i < COUNT(texts); i++) {
		kit_say(&kit, texts[i]);
		lines[i] = kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT)->seq;
	}
	kit_do(&kit, INPUT_CLOSE);
	kit_say(&kit, "how long does delivery take");
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct input input = input_blank(INPUT_RATE);
		input.rating.rates = lines[i];
		input.rating.helpful = 0;
		assert_int_equal(kit_step(&kit, &input), REFUSAL_NONE);
	}
	assert_int_equal(conversation_owner(kit.state), OWNER_BOT);
}

static void test_surveys_and_words_of_agents(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_press(&kit, "person");
	struct input survey = input_blank(INPUT_SURVEY);
	survey.rating.csat = 4;
	survey.rating.rates = 99; /* a survey rates no line */
	survey.rating.comment = "fine";
	kit_step(&kit, &survey);
	assert_int_equal(kit.turn.events[0].rating.csat, 4);
	assert_int_equal(kit.turn.events[0].rating.rates, 0);
	assert_int_equal(kit.turn.events[0].rating.ces, -1);
	assert_string_equal(kit.turn.events[0].rating.comment, "fine");
	struct input right = input_blank(INPUT_RATE_HANDOVER);
	right.agent = 1;
	right.agent_name = "Anna";
	right.rating.handover_right = 1;
	assert_int_equal(kit_step(&kit, &right), REFUSAL_NONE);
	assert_int_equal(kit.turn.events[0].rating.handover_right, 1);
	assert_int_equal(kit.turn.events[0].from, AUTHOR_AGENT);
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
}

/* ---- The rest of the state ---- */

static void test_client_ids(void **state)
{
	(void)state;
	kit_begin(&kit);
	static const char *const ids[] = { "a", "b", "", "c" };
	static const int64_t seqs[] = { 1, 4, 0, 10 };
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct input input = input_blank(INPUT_MESSAGE);
		input.text = STR_LIT("hello");
		input.client_id = ids[i];
		kit_step(&kit, &input);
	}
	for (size_t i = 0; i < COUNT(ids); i++)
		assert_int_equal(conversation_find_client_id(kit.state, ids[i], 0), seqs[i]);
	assert_int_equal(conversation_find_client_id(kit.state, "d", 0), 0);
	/* Each sender counts for themselves: two pages may both begin with "a". */
	assert_int_equal(conversation_find_client_id(kit.state, "a", 1), 0);
	struct input claim = input_blank(INPUT_CLAIM);
	claim.agent = 1;
	claim.agent_name = "Anna";
	claim.client_id = "a";
	assert_int_equal(kit_step(&kit, &claim), REFUSAL_NONE);
	int64_t claimed = kit.turn.events[0].seq;
	assert_int_equal(conversation_find_client_id(kit.state, "a", 1), claimed);
	assert_int_equal(conversation_find_client_id(kit.state, "a", 0), 1);
	assert_int_equal(conversation_find_client_id(kit.state, "a", 2), 0);
	/* A transfer names who takes over, not who gave: any agent's. */
	struct input transfer = input_blank(INPUT_TRANSFER);
	transfer.agent = 1;
	transfer.agent_name = "Anna";
	transfer.client_id = "t";
	assert_int_equal(kit_step(&kit, &transfer), REFUSAL_NONE);
	assert_int_equal(conversation_find_client_id(kit.state, "t", 1), claimed + 1);
	assert_int_equal(conversation_find_client_id(kit.state, "t", 0), 0);
}

/* Every input that is stored, done once: the event under its client_id is that of the same input, and of no other. */
static void test_what_was_sent_before(void **state)
{
	(void)state;
	enum { ANNA = 1 };
	struct row {
		enum input_kind kind;
		const char *text, *option, *email;
		int helpful, csat;
		int64_t to_agent;
	};
	static const struct row rows[] = {
		{ INPUT_MESSAGE, "track my order", "", "", -1, -1, 0 },
		{ INPUT_MESSAGE, "delivery time", "", "", -1, -1, 0 },
		{ INPUT_RATE, "", "", "", 1, -1, 0 },
		{ INPUT_RATE, "", "", "", 0, -1, 0 },
		{ INPUT_SURVEY, "", "", "", -1, 5, 0 },
		{ INPUT_SURVEY, "", "", "", -1, 4, 0 },
		{ INPUT_PERSON, "", "", "", -1, -1, 0 },
		{ INPUT_CHOOSE, "", "email", "", -1, -1, 0 },
		{ INPUT_CONTACT, "", "", "a@b.example", -1, -1, 0 },
		{ INPUT_CONTACT, "", "", "c@d.example", -1, -1, 0 },
		{ INPUT_CLAIM, "", "", "", -1, -1, 0 },
		{ INPUT_AGENT_MESSAGE, "hello, Anna here", "", "", -1, -1, 0 },
		{ INPUT_NOTE, "hello, Anna here", "", "", -1, -1, 0 },
		{ INPUT_RATE_HANDOVER, "", "", "", -1, -1, 0 },
		{ INPUT_TRANSFER, "", "", "", -1, -1, 2 },
		{ INPUT_CLOSE, "", "", "", -1, -1, 0 },
	};
	struct input inputs[COUNT(rows)];
	struct event events[COUNT(rows)];
	int64_t bot_line = 0;
	kit_begin(&kit);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct input *input = &inputs[i];
		*input = input_blank(rows[i].kind);
		input->client_id = "id";
		input->text = str_of(rows[i].text);
		input->option = rows[i].option;
		input->contact_email = rows[i].email;
		input->rating.rates = rows[i].kind == INPUT_RATE ? bot_line : 0;
		input->rating.helpful = rows[i].helpful;
		input->rating.csat = rows[i].csat;
		input->rating.handover_right = rows[i].kind == INPUT_RATE_HANDOVER ? 1 : -1;
		input->agent = rows[i].kind >= INPUT_CLAIM ? ANNA : 0;
		input->agent_name = input->agent ? "Anna" : "";
		input->to_agent = rows[i].to_agent;
		input->to_agent_name = "Bernd";
		if (rows[i].kind == INPUT_CLOSE)
			input->agent = 0;
		assert_int_equal(kit_step(&kit, input), REFUSAL_NONE);
		assert_true(kit.turn.event_count > 0);
		events[i] = kit.turn.events[0];
		for (size_t k = 0; k < kit.turn.event_count; k++)
			if (kit.turn.events[k].kind == EVENT_MESSAGE && kit.turn.events[k].from == AUTHOR_BOT)
				bot_line = kit.turn.events[k].seq;
		assert_string_equal(events[i].client_id, "id");
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t k = 0; k < COUNT(rows); k++)
			if (event_is_of_input(&events[i], &inputs[k]) != (i == k))
				fail_msg("event %zu, input %zu", i, k);
	struct input timer = input_blank(INPUT_TIMER);
	assert_false(event_is_of_input(&events[0], &timer));
}

static void test_language(void **state)
{
	(void)state;
	kit_begin(&kit);
	assert_string_equal(conversation_language(kit.state), "");
	kit_say(&kit, "was kostet die lieferung");
	assert_string_equal(conversation_language(kit.state), "de");
	assert_true(str_starts(str_of(kit_bot_text(&kit)), "Die Lieferung kostet"));
	kit_press(&kit, "person");
	assert_string_equal(kit.turn.events[0].text, "Mit einem Menschen sprechen");
	assert_true(strstr(kit_event(&kit, EVENT_HANDOVER, AUTHOR_SYSTEM)->text, "Sie sind als Nächstes dran."));
	/* A suggestion that only English has: its answer and its follow-ups are those of the English corpus. */
	kit_begin(&kit);
	kit_say(&kit, "was kostet die lieferung");
	assert_int_equal(kit_press(&kit, "track-order"), REFUSAL_NONE);
	const struct event *line = kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT);
	assert_true(str_starts(str_of(line->text), "You can follow your parcel"));
	assert_int_equal(line->option_count, 2);
	assert_string_equal(line->options[0].label, "How long does delivery take?");
	assert_string_equal(line->options[1].label, "How do I return something?");
	/* The page's language counts before anything was said. */
	kit_begin(&kit);
	struct input input = input_blank(INPUT_PERSON);
	input.language = "de";
	kit_step(&kit, &input);
	assert_string_equal(kit.turn.events[0].text, "Mit einem Menschen sprechen");
	assert_string_equal(conversation_language(kit.state), "de");
}

static void test_mood(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "how much is postage");
	assert_true(conversation_mood(kit.state) < 0.3);
	assert_int_equal(conversation_trend(kit.state), 0);
	kit_agent(&kit, INPUT_CLAIM, 1, "");
	kit_say(&kit, "This is a shambles!!! I am furious, you are useless");
	assert_true(conversation_mood(kit.state) > 0.5);
	assert_int_equal(conversation_trend(kit.state), -1);
	kit_say(&kit, "ok thank you, that is great");
	assert_int_equal(conversation_trend(kit.state), 1);
}

static void test_broken_bot(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_do(&kit, INPUT_UNANSWERABLE);
	assert_int_equal(kit.turn.refusal, REFUSAL_NO_CONVERSATION);
	kit_say(&kit, "hello");
	kit_do(&kit, INPUT_UNANSWERABLE);
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
	kit_do(&kit, INPUT_UNANSWERABLE);
	assert_int_equal(kit.turn.event_count, 0);
}

/* The state keeps its own copies: what the turns were made in may go. */
static void test_state_owns_its_texts(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "how much is postage");
	kit_agent(&kit, INPUT_CLAIM, 1, "");
	const struct turn last = kit.turn;
	memset((char *)last.events[0].agent_name, 'x', strlen(last.events[0].agent_name));
	arena_clear(&kit.arena);
	assert_string_equal(conversation_intent(kit.state), "delivery-prices");
	kit_agent(&kit, INPUT_AGENT_GONE, 1, "");
	assert_true(strstr(kit.turn.events[0].text, "Anna"));
	arena_clear(&kit.arena);
	kit_press(&kit, "bot"); /* shown by nobody here */
	assert_int_equal(kit.turn.refusal, REFUSAL_UNKNOWN_OPTION);
	assert_int_equal(kit_press(&kit, "delivery-time"), REFUSAL_NONE);
	assert_string_equal(kit.turn.events[0].text, "How long does delivery take?");
}

/* A step is pure: it leaves the state alone and gives the same again. */
static void test_step_is_pure(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "where is my order");
	struct input input = input_blank(INPUT_MESSAGE);
	input.text = STR_LIT("how much is postage");
	struct turn first, second;
	int64_t seq = conversation_seq(kit.state);
	conversation_step(kit.state, &input, kit.knowledge, kit.mind, &kit.situation, &kit.arena, &first);
	conversation_step(kit.state, &input, kit.knowledge, kit.mind, &kit.situation, &kit.arena, &second);
	assert_int_equal(conversation_seq(kit.state), seq);
	assert_int_equal(first.event_count, second.event_count);
	for (size_t i = 0; i < first.event_count; i++) {
		assert_string_equal(first.events[i].text, second.events[i].text);
		assert_int_equal(first.events[i].seq, seq + 1 + (int64_t)i);
		assert_int_equal(first.events[i].at_ms, kit.situation.now_ms);
	}
}

static int setup(void **state)
{
	(void)state;
	kit_init(&kit);
	return 0;
}

/* ---- Tags ---- */

static enum refusal tag(const char *text, bool is_removal)
{
	struct input input = input_blank(INPUT_TAG);
	input.agent = 1;
	input.agent_name = "Anna";
	input.text = str_of(text);
	input.is_removal = is_removal;
	return kit_step(&kit, &input);
}

static void test_tags(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool is_removal;
		const char *after; /* all tags */
		bool is_change;
	} rows[] = {
		{ " Refund \t due\n", false, "Refund due", true },
		{ "refund DUE", false, "Refund due", false }, /* it is there */
		{ "urgent", true, "Refund due", false },      /* it is not there */
		{ "<b>late</b>", false, "Refund due\n<b>late</b>", true },
		{ "!!", false, "Refund due\n<b>late</b>\n!!", true },
		{ "??", false, "Refund due\n<b>late</b>\n!!\n??", true }, /* without a word: as it is written */
		{ "r\xc3\xa9"
		  "clamation \xf0\x9f\x94\xa5",
		  false,
		  "Refund due\n<b>late</b>\n!!\n??\nr\xc3\xa9"
		  "clamation \xf0\x9f\x94\xa5",
		  true },
		{ "!!", true,
		  "Refund due\n<b>late</b>\n??\nr\xc3\xa9"
		  "clamation \xf0\x9f\x94\xa5",
		  true },
		{ "refund due", true,
		  "<b>late</b>\n??\nr\xc3\xa9"
		  "clamation \xf0\x9f\x94\xa5",
		  true },
	};
	kit_begin(&kit);
	kit_say(&kit, "hello");
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(tag(rows[i].text, rows[i].is_removal), REFUSAL_NONE);
		if (strcmp(conversation_tags(kit.state), rows[i].after) != 0)
			print_error("row %zu\n", i);
		assert_string_equal(conversation_tags(kit.state), rows[i].after);
		assert_int_equal(kit.turn.event_count, rows[i].is_change);
	}
	/* They are the conversation's, not the episode's, and change nothing else. */
	enum owner owner = conversation_owner(kit.state);
	tag("vip", false);
	assert_int_equal(conversation_owner(kit.state), owner);
	assert_string_equal(kit.turn.events[0].agent_name, "Anna");
	kit_do(&kit, INPUT_CLOSE);
	kit_say(&kit, "hello again");
	assert_int_equal(conversation_episode(kit.state), 2);
	tag("vip", true);
	assert_string_equal(conversation_tags(kit.state), rows[COUNT(rows) - 1].after);
}

static void test_as_many_tags_as_there_may_be(void **state)
{
	(void)state;
	char text[TAG_CHARACTERS_MAX + 2] = { 0 };
	kit_begin(&kit);
	kit_say(&kit, "hello");
	for (int i = 0; i < TAGS_MAX; i++) {
		snprintf(text, sizeof text, "tag %d", i);
		assert_int_equal(tag(text, false), REFUSAL_NONE);
	}
	assert_int_equal(tag("tag 0", false), REFUSAL_NONE); /* nothing new */
	assert_int_equal(tag("one more", false), REFUSAL_TOO_MANY_TAGS);
	assert_int_equal(tag("tag 3", true), REFUSAL_NONE);
	memset(text, 'a', sizeof text - 1);
	assert_int_equal(tag(text, false), REFUSAL_TOO_LONG);
	text[TAG_CHARACTERS_MAX] = '\0';
	assert_int_equal(tag(text, false), REFUSAL_NONE);
	assert_int_equal(tag("", false), REFUSAL_EMPTY);
	assert_int_equal(tag("\xe2\x80\x8b", false), REFUSAL_EMPTY);
}

static int teardown(void **state)
{
	(void)state;
	kit_clear(&kit);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_refused),
		cmocka_unit_test(test_text_is_repaired),
		cmocka_unit_test(test_agents_refused),
		cmocka_unit_test(test_visitors_refused),
		cmocka_unit_test(test_rating_only_bot_lines),
		cmocka_unit_test(test_no_bot_while_a_person_owns),
		cmocka_unit_test(test_queue_notices),
		cmocka_unit_test(test_ladder_of_the_queue),
		cmocka_unit_test(test_timers_by_owner),
		cmocka_unit_test(test_contact),
		cmocka_unit_test(test_transfers),
		cmocka_unit_test(test_lost_agent_keeps_the_front),
		cmocka_unit_test(test_episodes),
		cmocka_unit_test(test_new_episode_forgets),
		cmocka_unit_test(test_return_uses_up),
		cmocka_unit_test(test_clarified_is_no_miss),
		cmocka_unit_test(test_chosen_keeps_its_rules),
		cmocka_unit_test(test_thumbs),
		cmocka_unit_test(test_thumbs_of_earlier_episodes),
		cmocka_unit_test(test_surveys_and_words_of_agents),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_as_many_tags_as_there_may_be),
		cmocka_unit_test(test_client_ids),
		cmocka_unit_test(test_what_was_sent_before),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_mood),
		cmocka_unit_test(test_broken_bot),
		cmocka_unit_test(test_state_owns_its_texts),
		cmocka_unit_test(test_step_is_pure),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
