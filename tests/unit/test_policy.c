/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/policy.h"

#include "dialogue_kit.h"

#include <stdio.h>

/* ---- Every reason, every owner state, every availability ---- */

enum state {
	FRESH,    /* the first message */
	MISSED,   /* one miss so far */
	ANSWERED, /* "where is my order" was answered */
	DOWN,     /* two answers, one thumb down */
	USED,     /* the automatic handover is used up, the bot owns again */
	QUEUED,
	AGENT,
	NOBODY, /* was handed over, and nobody was there */
	CLOSED, /* by the visitor */
	STATES
};
static const char *const state_names[] = { "fresh", "missed", "answered", "thumb down", "used",
					   "queue", "agent",  "nobody",   "closed" };

enum cause {
	BUTTON,
	WORDS,
	ALWAYS,
	PROMISED, /* always to a person, with an answer that counts on one, and none for the closed shop */
	SENSITIVE,
	UPSET,
	UPSET_MATTER,
	UPSET_BOT_ONLY,
	GIBBERISH,
	SAME,
	COMPLEX,
	QUESTIONS,
	VIP,
	CHECKOUT,
	THUMB,
	KNOWN,
	BROKEN,
	CAUSES
};
static const char *const cause_texts[] = {
	[BUTTON] = "(person)",
	[WORDS] = "i want to talk to a human",
	[ALWAYS] = "my teapot arrived broken",
	[PROMISED] = "you sent me the wrong tea",
	[SENSITIVE] = "the tea made me ill",
	[UPSET] = "This is a shambles!!! I am furious, you are useless",
	[UPSET_MATTER] = "WHERE IS MY PARCEL!!! this is the third time I ask, useless",
	[UPSET_BOT_ONLY] = "do you sell my data, you useless thieves!!! disgusting",
	[GIBBERISH] = "asdf ghjk qwer",
	[SAME] = "where is my order?",
	[COMPLEX] = "zorp ",
	[QUESTIONS] = "zorp flim? blarg quux? wibble wobble?",
	[VIP] = "how hot should the water be",
	[CHECKOUT] = "how hot should the water be",
	[THUMB] = "(thumb)",
	[KNOWN] = "how much is postage",
	[BROKEN] = "(broken)",
};

/* Who is there, and when. */
static const struct availability {
	const char *name;
	int available, online, hour, queue;
} availabilities[] = {
	{ "free", 1, 1, 10, 0 },         { "busy", 0, 1, 10, 0 },           { "closed, busy", 0, 1, 20, 0 },
	{ "open, no one", 0, 0, 10, 0 }, { "closed, no one", 0, 0, 20, 0 }, { "closed, free", 1, 1, 20, 0 },
	{ "full", 1, 1, 10, 5 },
};

/* `owners`: who owns afterwards, a letter for each availability: B bot, Q queue, A agent, N nobody; S stays as it was. */
static const struct row {
	enum state state;
	enum cause cause;
	const char *owners;
	enum reason reason; /* of the handover where it comes to one */
	const char *rule;   /* "" where the bot does not think; a full queue has its own */
} rows[] = {
	{ FRESH, BUTTON, "QQNNNQB", REASON_ASKED, "person_button" },
	{ FRESH, WORDS, "QQNNNQB", REASON_ASKED, "asked_in_words" },
	{ FRESH, ALWAYS, "QQNNNQB", REASON_INTENT, "intent_always" },
	{ FRESH, PROMISED, "QQNNNQB", REASON_INTENT, "intent_always" },
	{ FRESH, SENSITIVE, "QQNNNQB", REASON_INTENT, "sensitive" },
	{ FRESH, UPSET, "QQNNNQB", REASON_UPSET, "upset" },
	{ FRESH, UPSET_MATTER, "QQNNNQB", REASON_UPSET, "upset" },
	{ FRESH, UPSET_BOT_ONLY, "BBBBBBB", REASON_NONE, "upset_bot_only" },
	{ FRESH, GIBBERISH, "BBBBBBB", REASON_NONE, "miss" },
	{ FRESH, SAME, "BBBBBBB", REASON_NONE, "answer" },
	{ FRESH, COMPLEX, "QQNNNQB", REASON_COMPLEX, "complex" },
	{ FRESH, QUESTIONS, "QQNNNQB", REASON_COMPLEX, "complex" },
	{ FRESH, VIP, "QQNNNQQ", REASON_SEGMENT, "segment" },
	{ FRESH, CHECKOUT, "QQNNNQQ", REASON_SEGMENT, "segment" },
	{ FRESH, KNOWN, "BBBBBBB", REASON_NONE, "answer" },

	{ MISSED, BUTTON, "QQNNNQB", REASON_ASKED, "person_button" },
	{ MISSED, WORDS, "QQNNNQB", REASON_ASKED, "asked_in_words" },
	{ MISSED, ALWAYS, "QQNNNQB", REASON_INTENT, "intent_always" },
	{ MISSED, UPSET, "QQNNNQB", REASON_UPSET, "upset" },
	{ MISSED, GIBBERISH, "QQNNNQB", REASON_UNSURE, "last_miss" },
	{ MISSED, COMPLEX, "QQNNNQB", REASON_COMPLEX, "complex" },
	{ MISSED, KNOWN, "BBBBBBB", REASON_NONE, "answer" },
	{ MISSED, BROKEN, "QQNNNQB", REASON_UNSURE, "bot_failed" },

	{ ANSWERED, BUTTON, "QQNNNQB", REASON_ASKED, "person_button" },
	{ ANSWERED, SAME, "QQNNNQB", REASON_REPEATED, "repeated" },
	{ ANSWERED, UPSET, "QQNNNQB", REASON_UPSET, "upset" },
	{ ANSWERED, UPSET_MATTER, "QQNNNQB", REASON_UPSET, "upset" },
	{ ANSWERED, SENSITIVE, "QQNNNQB", REASON_INTENT, "sensitive" },
	{ ANSWERED, KNOWN, "BBBBBBB", REASON_NONE, "answer" },
	{ ANSWERED, GIBBERISH, "BBBBBBB", REASON_NONE, "miss" },
	{ ANSWERED, THUMB, "BBBBBBB", REASON_NONE, "" },
	{ ANSWERED, VIP, "QQNNNQQ", REASON_SEGMENT, "segment" },

	{ DOWN, THUMB, "QQNNNQB", REASON_UNSURE, "two_thumbs_down" },
	{ DOWN, BUTTON, "QQNNNQB", REASON_ASKED, "person_button" },
	{ DOWN, GIBBERISH, "BBBBBBB", REASON_NONE, "miss" },

	{ USED, BUTTON, "QQNNNQB", REASON_ASKED, "person_button" },
	{ USED, WORDS, "QQNNNQB", REASON_ASKED, "asked_in_words" },
	{ USED, ALWAYS, "BBBBBBB", REASON_NONE, "intent_always_again" },
	{ USED, SENSITIVE, "BBBBBBB", REASON_NONE, "sensitive_again" },
	{ USED, UPSET, "BBBBBBB", REASON_NONE, "miss" },
	{ USED, UPSET_MATTER, "BBBBBBB", REASON_NONE, "answer" },
	{ USED, GIBBERISH, "BBBBBBB", REASON_NONE, "miss" },
	{ USED, COMPLEX, "BBBBBBB", REASON_NONE, "miss" },
	{ USED, VIP, "BBBBBBB", REASON_NONE, "answer" },
	{ USED, KNOWN, "BBBBBBB", REASON_NONE, "answer" },
	{ USED, BROKEN, "BBBBBBB", REASON_NONE, "bot_failed_again" },

	{ QUEUED, BUTTON, "SSSSSSS", REASON_NONE, "" },
	{ QUEUED, WORDS, "SSSSSSS", REASON_NONE, "" },
	{ QUEUED, KNOWN, "SSSSSSS", REASON_NONE, "" },
	{ QUEUED, UPSET, "SSSSSSS", REASON_NONE, "" },
	{ QUEUED, GIBBERISH, "SSSSSSS", REASON_NONE, "" },
	{ QUEUED, BROKEN, "SSSSSSS", REASON_NONE, "" },

	{ AGENT, BUTTON, "SSSSSSS", REASON_NONE, "" },
	{ AGENT, WORDS, "SSSSSSS", REASON_NONE, "" },
	{ AGENT, KNOWN, "SSSSSSS", REASON_NONE, "" },
	{ AGENT, UPSET, "SSSSSSS", REASON_NONE, "" },
	{ AGENT, SENSITIVE, "SSSSSSS", REASON_NONE, "" },
	{ AGENT, VIP, "SSSSSSS", REASON_NONE, "" },
	{ AGENT, BROKEN, "SSSSSSS", REASON_NONE, "" },

	{ NOBODY, BUTTON, "QQNNNQB", REASON_ASKED, "person_button" },
	{ NOBODY, WORDS, "QQNNNQB", REASON_ASKED, "asked_in_words" },
	{ NOBODY, KNOWN, "BBBBBBB", REASON_NONE, "answer" },
	{ NOBODY, GIBBERISH, "BBBBBBB", REASON_NONE, "miss" },
	{ NOBODY, ALWAYS, "BBBBBBB", REASON_NONE, "intent_always_again" },
	{ NOBODY, UPSET, "BBBBBBB", REASON_NONE, "miss" },
	{ NOBODY, VIP, "BBBBBBB", REASON_NONE, "answer" },

	{ CLOSED, BUTTON, "QQNNNQB", REASON_ASKED, "person_button" },
	{ CLOSED, WORDS, "QQNNNQB", REASON_ASKED, "asked_in_words" },
	{ CLOSED, ALWAYS, "QQNNNQB", REASON_INTENT, "intent_always" },
	{ CLOSED, UPSET, "QQNNNQB", REASON_UPSET, "upset" },
	{ CLOSED, GIBBERISH, "BBBBBBB", REASON_NONE, "miss" },
	{ CLOSED, SAME, "BBBBBBB", REASON_NONE, "answer" },
	{ CLOSED, KNOWN, "BBBBBBB", REASON_NONE, "answer" },
	{ CLOSED, VIP, "QQNNNQQ", REASON_SEGMENT, "segment" },
	{ CLOSED, THUMB, "SSSSSSS", REASON_NONE, "" },
};

static int64_t last_bot_line; /* seq */

static void note_bot_line(struct kit *kit)
{
	const struct event *event = kit_bot_line(kit);
	if (event)
		last_bot_line = event->seq;
}

static void thumb_down(struct kit *kit)
{
	assert_int_equal(kit_rate(kit, last_bot_line, 0), REFUSAL_NONE);
}

static void bring_to(struct kit *kit, enum state state)
{
	kit_begin(kit);
	switch (state) {
	case FRESH:
	case STATES: break;
	case MISSED: kit_say(kit, "xkcd blorp zzzt"); break;
	case ANSWERED:
		kit_say(kit, "where is my order?");
		note_bot_line(kit);
		break;
	case DOWN:
		kit_say(kit, "where is my order?");
		note_bot_line(kit);
		thumb_down(kit);
		kit_say(kit, "how much is postage to ireland");
		note_bot_line(kit);
		break;
	case USED:
		kit_say(kit, cause_texts[ALWAYS]);
		kit_agent(kit, INPUT_CLAIM, ANNA, "");
		kit_agent(kit, INPUT_RETURN, ANNA, "");
		break;
	case QUEUED: kit_person(kit); break;
	case AGENT:
		kit_say(kit, "where is my order?");
		kit_agent(kit, INPUT_CLAIM, ANNA, "");
		break;
	case NOBODY:
		kit_set_agents(kit, 0);
		kit_person(kit);
		break;
	case CLOSED:
		kit_say(kit, "where is my order?");
		note_bot_line(kit);
		kit_do(kit, INPUT_CLOSE);
		break;
	}
}

static void set_availability(struct kit *kit, const struct availability *availability)
{
	kit->situation.agents_available = availability->available;
	kit->situation.agents_online = availability->online;
	kit->situation.queue_length = availability->queue;
	kit->situation.queue_position = availability->queue + 1;
	kit->situation.now_ms = kit_time(kit, 1, availability->hour, 0) + 5 * KIT_MINUTE;
}

static void bring_about(struct kit *kit, enum cause cause)
{
	static const struct option gold[] = { { "tier", "gold" } };
	struct input input = input_blank(INPUT_MESSAGE);
	char longer[400] = "";
	input.text = str_of(cause_texts[cause]);
	switch (cause) {
	case BUTTON: input.kind = INPUT_PERSON; break;
	case THUMB: thumb_down(kit); return;
	case BROKEN: input.kind = INPUT_UNANSWERABLE; break;
	case VIP:
		input.attributes = gold;
		input.attribute_count = 1;
		break;
	case CHECKOUT: input.page_path = "/checkout/help/42"; break;
	case COMPLEX:
		for (int i = 0; i < 70; i++)
			snprintf(longer + strlen(longer), sizeof longer - strlen(longer), "%s", cause_texts[COMPLEX]);
		input.text = str_of(longer);
		break;
	default: break;
	}
	assert_int_equal(kit_step(kit, &input), REFUSAL_NONE);
}

static enum owner owner_of_letter(char letter, enum owner before)
{
	switch (letter) {
	case 'B': return OWNER_BOT;
	case 'Q': return OWNER_QUEUE;
	case 'A': return OWNER_AGENT;
	case 'N': return OWNER_NOBODY;
	default: return before;
	}
}

static bool row_holds(struct kit *kit, const struct row *row, size_t at)
{
	const struct availability *availability = &availabilities[at];
	bring_to(kit, row->state);
	enum owner before = kit_owner(kit);
	set_availability(kit, availability);
	bring_about(kit, row->cause);
	enum owner owner = owner_of_letter(row->owners[at], before);
	const struct event *handover = kit_handover(kit);
	bool is_handed = row->reason != REASON_NONE && owner != OWNER_BOT;
	bool is_full = row->reason != REASON_NONE && owner == OWNER_BOT;
	const char *rule = is_full ? "queue_full" : row->rule;
	bool ok = kit_owner(kit) == owner && !strcmp(kit_rule(kit), rule) && (handover != NULL) == is_handed &&
		  (!handover || handover->reason == row->reason);
	/* The owner's letter fits the availability, the reason is in the decision, and there is a visible line. */
	if (ok && kit->turn.decision)
		ok = kit->turn.decision->reason == row->reason && kit_event(kit, EVENT_DECISION, AUTHOR_BOT) &&
		     (handover || *kit_bot_text(kit));
	if (!ok)
		print_error("%s, \"%.40s\", %s: owner %s, rule \"%s\", handover %s; expected %s, \"%s\", %s\n",
			    state_names[row->state], cause_texts[row->cause], availability->name,
			    owner_name(kit_owner(kit)), kit_rule(kit),
			    handover ? reason_name(handover->reason) : "none", owner_name(owner), rule,
			    is_handed ? reason_name(row->reason) : "none");
	return ok;
}

static void every_cause_in_every_state_and_availability(void **state)
{
	struct kit *kit = *state;
	size_t checked = 0, failed = 0;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t at = 0; at < COUNT(availabilities); at++, checked++)
			failed += !row_holds(kit, &rows[i], at);
	print_message("%zu combinations of state, cause and availability\n", checked);
	assert_int_equal(failed, 0);
	assert_true(checked >= 120);
}

/* ---- What is said ---- */

static void a_handover_says_why_and_what_comes_next(void **state)
{
	struct kit *kit = *state;
	static const struct {
		enum state state;
		enum cause cause;
		size_t availability;
		const char *bot;      /* how the bot's line before the handover begins, "" none */
		const char *handover; /* what the handover's line has in it */
	} rows_of_words[] = {
		{ FRESH, BUTTON, 0, "", "Of course, you can talk to a person. A colleague has been called" },
		{ FRESH, BUTTON, 0, "", "You are next in line." },
		{ FRESH, WORDS, 0, "Of course, I am calling a colleague.", "A colleague has been called" },
		{ FRESH, WORDS, 4, "Our people are back when the shop opens.",
		  "We are back tomorrow at 9:00 (shop time)." },
		{ FRESH, BUTTON, 3, "", "Nobody of the team is here at the moment. Leave your e-mail address" },
		{ FRESH, BUTTON, 4, "", "Nobody of the team is here at the moment. We are back tomorrow at 9:00" },
		{ FRESH, ALWAYS, 0, "I am sorry, that should not happen. A photo", "A colleague has been called" },
		{ FRESH, ALWAYS, 4, "I am sorry, that should not happen. Keep the pieces", "Nobody of the team" },
		{ FRESH, PROMISED, 0, "A colleague joins us in a moment", "A colleague has been called" },
		{ FRESH, PROMISED, 4, "", "A person should look after this. Nobody of the team" },
		{ FRESH, SENSITIVE, 0, "", "This is too important for a bot to answer" },
		{ FRESH, SENSITIVE, 4, "", "This is too important for a bot to answer" },
		{ FRESH, UPSET, 0, "", "We are sorry. This should not have been so much trouble for you." },
		{ ANSWERED, UPSET, 0, "", "We are sorry for the trouble you have with this: “Where is my order?”." },
		{ FRESH, UPSET_MATTER, 0, "I am sorry that you are still waiting.", "A colleague has been called" },
		{ FRESH, COMPLEX, 0, "", "These are several things at once" },
		{ FRESH, VIP, 0, "", "You go straight to a person of the team." },
		{ MISSED, GIBBERISH, 0, "", "the bot does not understand this well enough" },
		{ ANSWERED, SAME, 0, "", "Sorry that the answer did not settle it." },
		{ DOWN, THUMB, 0, "", "Thank you for saying that these answers did not help." },
		{ MISSED, BROKEN, 0, "", "something went wrong with the bot" },
	};
	for (size_t i = 0; i < COUNT(rows_of_words); i++) {
		bring_to(kit, rows_of_words[i].state);
		set_availability(kit, &availabilities[rows_of_words[i].availability]);
		bring_about(kit, rows_of_words[i].cause);
		const struct event *handover = kit_handover(kit);
		const char *bot = kit_bot_text(kit), *text = handover ? handover->text : "(none)";
		bool ok = strstr(text, rows_of_words[i].handover) &&
			  !strncmp(bot, rows_of_words[i].bot, strlen(rows_of_words[i].bot)) &&
			  (*rows_of_words[i].bot || !*bot);
		if (!ok)
			print_error("%s, \"%s\": \"%s\" then \"%s\"\n", state_names[rows_of_words[i].state],
				    cause_texts[rows_of_words[i].cause], bot, text);
		assert_true(ok);
	}
}

static void a_full_queue_says_so_and_what_is_left_to_do(void **state)
{
	struct kit *kit = *state;
	bring_to(kit, FRESH);
	set_availability(kit, &availabilities[6]);
	bring_about(kit, UPSET_MATTER);
	const struct event *line = kit_bot_line(kit);
	assert_non_null(line);
	assert_true(strstr(line->text, "5 people are waiting"));
	assert_true(kit_has_option(line, "email") && kit_has_option(line, "wait") && kit_has_option(line, "bot"));
	/* It is told once; the bot goes on helping. */
	bring_about(kit, UPSET_MATTER);
	assert_string_equal(kit_rule(kit), "answer");
	/* Who waits all the same, waits. */
	assert_int_equal(kit_press(kit, "wait"), REFUSAL_NONE);
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
}

static void the_owner_changes_with_the_handover_and_not_before(void **state)
{
	struct kit *kit = *state;
	static const struct {
		enum cause cause;
		enum event_kind kinds[6];
	} orders[] = {
		{ KNOWN, { EVENT_MESSAGE, EVENT_DECISION, EVENT_MESSAGE } },
		{ UPSET, { EVENT_MESSAGE, EVENT_DECISION, EVENT_HANDOVER } },
		{ UPSET_MATTER, { EVENT_MESSAGE, EVENT_DECISION, EVENT_MESSAGE, EVENT_HANDOVER } },
		{ ALWAYS, { EVENT_MESSAGE, EVENT_DECISION, EVENT_MESSAGE, EVENT_HANDOVER } },
		{ SENSITIVE, { EVENT_MESSAGE, EVENT_DECISION, EVENT_HANDOVER } },
	};
	for (size_t i = 0; i < COUNT(orders); i++) {
		bring_to(kit, FRESH);
		bring_about(kit, orders[i].cause);
		size_t count = 0;
		while (count < COUNT(orders[i].kinds) && orders[i].kinds[count])
			count++;
		assert_int_equal(kit->turn.event_count, count);
		for (size_t j = 0; j < count; j++) {
			assert_int_equal(kit->turn.events[j].kind, orders[i].kinds[j]);
			assert_int_equal(kit->turn.events[j].seq, j + 1);
			/* The owner changes with the handover, not before. */
			assert_int_equal(kit->turn.events[j].owner,
					 orders[i].kinds[j] == EVENT_HANDOVER ? OWNER_QUEUE : OWNER_BOT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(every_cause_in_every_state_and_availability),
		KIT_TEST(a_handover_says_why_and_what_comes_next),
		KIT_TEST(a_full_queue_says_so_and_what_is_left_to_do),
		KIT_TEST(the_owner_changes_with_the_handover_and_not_before),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
