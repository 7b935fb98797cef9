/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/policy.h"

#include "dialogue_kit.h"

#include <stdio.h>

static struct kit kit;

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

static void note_bot_line(void)
{
	const struct event *event = kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT);
	if (event)
		last_bot_line = event->seq;
}

static void thumb_down(void)
{
	struct input input = input_blank(INPUT_RATE);
	input.rating.rates = last_bot_line;
	input.rating.helpful = 0;
	assert_int_equal(kit_step(&kit, &input), REFUSAL_NONE);
}

static void bring_to(enum state state)
{
	kit_begin(&kit);
	switch (state) {
	case FRESH:
	case STATES: break;
	case MISSED: kit_say(&kit, "xkcd blorp zzzt"); break;
	case ANSWERED:
		kit_say(&kit, "where is my order?");
		note_bot_line();
		break;
	case DOWN:
		kit_say(&kit, "where is my order?");
		note_bot_line();
		thumb_down();
		kit_say(&kit, "how much is postage to ireland");
		note_bot_line();
		break;
	case USED:
		kit_say(&kit, cause_texts[ALWAYS]);
		kit_agent(&kit, INPUT_CLAIM, 1, "");
		kit_agent(&kit, INPUT_RETURN, 1, "");
		break;
	case QUEUED: kit_press(&kit, "person"); break;
	case AGENT:
		kit_say(&kit, "where is my order?");
		kit_agent(&kit, INPUT_CLAIM, 1, "");
		break;
	case NOBODY:
		kit.situation.agents_available = kit.situation.agents_online = 0;
		kit_press(&kit, "person");
		break;
	case CLOSED:
		kit_say(&kit, "where is my order?");
		note_bot_line();
		kit_do(&kit, INPUT_CLOSE);
		break;
	}
}

static void set_availability(const struct availability *availability)
{
	kit.situation.agents_available = availability->available;
	kit.situation.agents_online = availability->online;
	kit.situation.queue_length = availability->queue;
	kit.situation.queue_position = availability->queue + 1;
	kit.situation.now_ms = kit_time(&kit, 1, availability->hour, 0) + 5 * KIT_MINUTE;
}

static void bring_about(enum cause cause)
{
	static const struct option gold[] = { { "tier", "gold" } };
	struct input input = input_blank(INPUT_MESSAGE);
	char longer[400] = "";
	input.text = str_of(cause_texts[cause]);
	switch (cause) {
	case BUTTON: input.kind = INPUT_PERSON; break;
	case THUMB: thumb_down(); return;
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
	assert_int_equal(kit_step(&kit, &input), REFUSAL_NONE);
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

static bool row_holds(const struct row *row, size_t at)
{
	const struct availability *availability = &availabilities[at];
	bring_to(row->state);
	enum owner before = conversation_owner(kit.state);
	set_availability(availability);
	bring_about(row->cause);
	enum owner owner = owner_of_letter(row->owners[at], before);
	const struct event *handover = kit_event(&kit, EVENT_HANDOVER, AUTHOR_SYSTEM);
	bool is_handed = row->reason != REASON_NONE && owner != OWNER_BOT;
	bool is_full = row->reason != REASON_NONE && owner == OWNER_BOT;
	const char *rule = is_full ? "queue_full" : row->rule;
	bool ok = conversation_owner(kit.state) == owner && !strcmp(kit_rule(&kit), rule) &&
		  (handover != NULL) == is_handed && (!handover || handover->reason == row->reason);
	/* The owner's letter fits the availability, the reason is in the decision, and there is a visible line. */
	if (ok && kit.turn.decision)
		ok = kit.turn.decision->reason == row->reason && kit_event(&kit, EVENT_DECISION, AUTHOR_BOT) &&
		     (handover || *kit_bot_text(&kit));
	if (!ok)
		print_error("%s, \"%.40s\", %s: owner %s, rule \"%s\", handover %s; expected %s, \"%s\", %s\n",
			    state_names[row->state], cause_texts[row->cause], availability->name,
			    owner_name(conversation_owner(kit.state)), kit_rule(&kit),
			    handover ? reason_name(handover->reason) : "none", owner_name(owner), rule,
			    is_handed ? reason_name(row->reason) : "none");
	return ok;
}

static void test_table(void **state)
{
	(void)state;
	size_t checked = 0, failed = 0;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t at = 0; at < COUNT(availabilities); at++, checked++)
			failed += !row_holds(&rows[i], at);
	print_message("%zu combinations of state, cause and availability\n", checked);
	assert_int_equal(failed, 0);
	assert_true(checked >= 120);
}

/* ---- What is said ---- */

static void test_words_of_handovers(void **state)
{
	(void)state;
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
		bring_to(rows_of_words[i].state);
		set_availability(&availabilities[rows_of_words[i].availability]);
		bring_about(rows_of_words[i].cause);
		const struct event *handover = kit_event(&kit, EVENT_HANDOVER, AUTHOR_SYSTEM);
		const char *bot = kit_bot_text(&kit), *text = handover ? handover->text : "(none)";
		bool ok = strstr(text, rows_of_words[i].handover) &&
			  !strncmp(bot, rows_of_words[i].bot, strlen(rows_of_words[i].bot)) &&
			  (*rows_of_words[i].bot || !*bot);
		if (!ok)
			print_error("%s, \"%s\": \"%s\" then \"%s\"\n", state_names[rows_of_words[i].state],
				    cause_texts[rows_of_words[i].cause], bot, text);
		assert_true(ok);
	}
}

/* The line of a visitor who meets a full queue has what is left to do. */
static void test_full_queue(void **state)
{
	(void)state;
	bring_to(FRESH);
	set_availability(&availabilities[6]);
	bring_about(UPSET_MATTER);
	const struct event *line = kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT);
	assert_non_null(line);
	assert_true(strstr(line->text, "5 people are waiting"));
	assert_true(kit_has_option(line, "email") && kit_has_option(line, "wait") && kit_has_option(line, "bot"));
	/* It is told once; the bot goes on helping. */
	bring_about(UPSET_MATTER);
	assert_string_equal(kit_rule(&kit), "answer");
	/* Who waits all the same, waits. */
	assert_int_equal(kit_press(&kit, "wait"), REFUSAL_NONE);
	assert_int_equal(conversation_owner(kit.state), OWNER_QUEUE);
}

static void test_order_of_events(void **state)
{
	(void)state;
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
		bring_to(FRESH);
		bring_about(orders[i].cause);
		size_t count = 0;
		while (count < COUNT(orders[i].kinds) && orders[i].kinds[count])
			count++;
		assert_int_equal(kit.turn.event_count, count);
		for (size_t j = 0; j < count; j++) {
			assert_int_equal(kit.turn.events[j].kind, orders[i].kinds[j]);
			assert_int_equal(kit.turn.events[j].seq, j + 1);
			/* The owner changes with the handover, not before. */
			assert_int_equal(kit.turn.events[j].owner,
					 orders[i].kinds[j] == EVENT_HANDOVER ? OWNER_QUEUE : OWNER_BOT);
		}
	}
}

/* ---- Answers, questions, follow-ups ---- */

static void test_live_and_variants(void **state)
{
	(void)state;
	/* What is not live is never answered. */
	kit_begin(&kit);
	kit_say(&kit, "do you do gift wrapping");
	assert_null(kit.turn.decision->intent);
	for (size_t i = 0; i < kit.turn.decision->candidate_count; i++)
		assert_string_not_equal(kit.turn.decision->candidates[i].intent, "gift-wrap");
	/* Closed by the hours: the answer for that case. */
	kit_begin(&kit);
	kit_say(&kit, "what are your opening hours");
	assert_true(str_starts(str_of(kit_bot_text(&kit)), "The shop is open"));
	kit.situation.now_ms = kit_time(&kit, 1, 22, 0);
	kit_begin(&kit);
	kit.situation.now_ms = kit_time(&kit, 1, 22, 0);
	kit_say(&kit, "what are your opening hours");
	assert_true(str_starts(str_of(kit_bot_text(&kit)), "We are closed just now."));
	/* Follow-ups of the answer are its buttons. */
	const struct event *line = (kit_say(&kit, "how much is postage"), kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT));
	assert_int_equal(line->option_count, 2);
	assert_string_equal(line->options[0].id, "delivery-time");
	assert_string_equal(line->options[0].label, "How long does delivery take?");
	assert_true(strstr(line->html, "<p>"));
}

static void test_follow_up(void **state)
{
	(void)state;
	kit_begin(&kit);
	kit_say(&kit, "and for coffee mugs");
	assert_string_not_equal(kit_rule(&kit), "follow_up");
	kit_begin(&kit);
	kit_say(&kit, "how long does it take to refund me");
	assert_string_equal(conversation_intent(kit.state), "refund-time");
	kit_say(&kit, "and on paypal");
	assert_string_equal(kit_rule(&kit), "follow_up");
	assert_string_equal(conversation_intent(kit.state), "refund-time");
	/* And once more: the question before is still the first one. */
	kit_say(&kit, "and by cheque");
	assert_string_equal(kit_rule(&kit), "follow_up");
	/* Without the question before nothing is understood. */
	static const char *const elliptical[] = { "on paypal?", "same for paypal", "by cheque", "or on paypal" };
	for (size_t i = 0; i < COUNT(elliptical); i++) {
		kit_begin(&kit);
		kit_say(&kit, elliptical[i]);
		assert_string_not_equal(kit_rule(&kit), "follow_up");
		assert_string_not_equal(kit_rule(&kit), "answer");
		kit_begin(&kit);
		kit_say(&kit, "how long does it take to refund me");
		kit_say(&kit, elliptical[i]);
		assert_string_equal(kit_rule(&kit), "follow_up");
		assert_string_equal(conversation_intent(kit.state), "refund-time");
	}
	/* What is complete on its own is not read together, whatever it begins with; nor what is long. */
	kit_say(&kit, "and how much is postage");
	assert_string_equal(kit_rule(&kit), "answer");
	kit_say(&kit, "on the hills above the village seven zebras sing");
	assert_string_not_equal(kit_rule(&kit), "follow_up");
}

static void test_repeats(void **state)
{
	(void)state;
	static const struct {
		const char *texts[4];
		const char *rule; /* of the last */
		const char *remark;
	} rows_of_repeats[] = {
		{ { "where is my order?", "Where is MY order" }, "repeated", "case and signs do not matter" },
		{ { "where is my order", "where is my order now" }, "repeated", "nearly the same words" },
		{ { "where is my order", "any news on my parcel" },
		  "answer",
		  "the same matter, other words: once more" },
		{ { "where is my order", "any news on my parcel", "have you posted it yet" },
		  "repeated",
		  "a third time" },
		{ { "where is my order", "how much is postage", "where is my order" },
		  "repeated",
		  "with another between" },
		{ { "thanks", "thanks", "thanks", "thank you very much" }, "answer", "politeness is no repeat" },
		{ { "postage", "postage" }, "answer", "too short to be a repeat" },
	};
	for (size_t i = 0; i < COUNT(rows_of_repeats); i++) {
		kit_begin(&kit);
		for (size_t j = 0; j < 4 && rows_of_repeats[i].texts[j]; j++)
			kit_say(&kit, rows_of_repeats[i].texts[j]);
		if (strcmp(kit_rule(&kit), rows_of_repeats[i].rule) != 0)
			print_error("%s: %s\n", rows_of_repeats[i].remark, kit_rule(&kit));
		assert_string_equal(kit_rule(&kit), rows_of_repeats[i].rule);
	}
}

/* A visitor who grows cross over several messages is handed over too, though none alone would be enough. */
static void test_rising_frustration(void **state)
{
	(void)state;
	static const char *const texts[] = { "still waiting for an answer here", "this is really annoying",
					     "i am getting annoyed, still nothing",
					     "not good enough, i am very annoyed" };
	kit_begin(&kit);
	enum reason reason = REASON_NONE;
	double before = 0;
	for (size_t i = 0; i < COUNT(texts) && reason != REASON_UPSET; i++) {
		kit_say(&kit, texts[i]);
		reason = conversation_reason(kit.state);
		assert_true(conversation_mood(kit.state) >= before);
		before = conversation_mood(kit.state) / 4;
	}
	assert_int_equal(reason, REASON_UPSET);
}

static void test_segments_need_verified_attributes(void **state)
{
	(void)state;
	static const struct {
		struct option attribute;
		const char *page;
		bool is_person;
	} rows_of_segments[] = {
		{ { "tier", "gold" }, "", true },         { { "tier", "silver" }, "", false },
		{ { "Tier", "gold" }, "", false },        { { "tier", "gold " }, "", false },
		{ { "x", "y" }, "/checkout/help", true }, { { "x", "y" }, "/checkout/helpers", true },
		{ { "x", "y" }, "/checkout", false },     { { "x", "y" }, "", false },
	};
	for (size_t i = 0; i < COUNT(rows_of_segments); i++) {
		kit_begin(&kit);
		struct input input = input_blank(INPUT_MESSAGE);
		input.text = STR_LIT("how hot should the water be");
		input.attributes = &rows_of_segments[i].attribute;
		input.attribute_count = 1;
		input.page_path = rows_of_segments[i].page;
		kit_step(&kit, &input);
		assert_int_equal(conversation_owner(kit.state) == OWNER_QUEUE, rows_of_segments[i].is_person);
		if (rows_of_segments[i].is_person && !*rows_of_segments[i].page)
			assert_int_equal(conversation_priority(kit.state), 10);
	}
}

static void say_as(const char *plan, const char *subject, const char *text)
{
	struct option attribute = { "plan", plan };
	struct input input = input_blank(INPUT_MESSAGE);
	input.text = str_of(text);
	input.attributes = &attribute;
	input.attribute_count = 1;
	input.subject = subject;
	input.has_variants = true;
	kit_step(&kit, &input);
}

/* Who is handed over at which miss, and at which mood; and what is recorded. */
static void test_thresholds_of_segments(void **state)
{
	(void)state;
	static const struct {
		const char *plan, *segment;
		int misses;
		enum reason annoyed, upset;
	} rows_of_plans[] = {
		{ "trial", "trial", 1, REASON_UPSET, REASON_UPSET },
		{ "basic", "", 2, REASON_NONE, REASON_UPSET },
		{ "patient", "patient", 3, REASON_NONE, REASON_NONE },
	};
	double last = 1;
	for (size_t i = 0; i < COUNT(rows_of_plans); i++) {
		int misses = 0;
		kit_begin(&kit);
		while (conversation_owner(kit.state) == OWNER_BOT) {
			say_as(rows_of_plans[i].plan, "", "asdf ghjk qwer");
			misses++;
			assert_string_equal(kit.turn.decision->segment, rows_of_plans[i].segment);
			assert_string_equal(kit_event(&kit, EVENT_DECISION, AUTHOR_BOT)->segment,
					    rows_of_plans[i].segment);
		}
		assert_int_equal(misses, rows_of_plans[i].misses);
		assert_int_equal(conversation_reason(kit.state), REASON_UNSURE);
		kit_begin(&kit);
		say_as(rows_of_plans[i].plan, "", "where is my order, i have waited so long");
		assert_true(kit.turn.decision->threshold <= last);
		last = kit.turn.decision->threshold;
		assert_int_equal(conversation_reason(kit.state), rows_of_plans[i].annoyed);
		kit_begin(&kit);
		say_as(rows_of_plans[i].plan, "", "where is my order, this is ridiculous");
		assert_int_equal(conversation_reason(kit.state), rows_of_plans[i].upset);
	}
}

/* Each visitor has one of the answers, always the same one, about as many the one as the other; what was given is on
 * record, and who is not a visitor (a test, a trial in the terminal) gets the plain one. */
static void test_variants(void **state)
{
	(void)state;
	enum { VISITORS = 400 };
	int is_short = 0;
	for (int i = 0; i < VISITORS; i++) {
		char subject[32];
		snprintf(subject, sizeof subject, "customer %d", i);
		bool was_short = false;
		for (int again = 0; again < 2; again++) {
			kit_begin(&kit);
			kit.situation.now_ms += again * KIT_HOUR; /* signed in: at any time */
			say_as("basic", subject, "how do returns work");
			const struct event *line = kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT);
			bool says_short = str_starts(str_of(line->text), "Print the label");
			assert_string_equal(line->variant, says_short ? "short" : "plain");
			assert_string_equal(kit_event(&kit, EVENT_DECISION, AUTHOR_BOT)->variant, line->variant);
			assert_true(!again || says_short == was_short);
			was_short = says_short;
		}
		is_short += was_short;
	}
	assert_true(is_short > VISITORS * 2 / 5 && is_short < VISITORS * 3 / 5);
	is_short = 0;
	for (int i = 0; i < VISITORS; i++) {
		kit_begin(&kit);
		kit.situation.now_ms += i * 17;
		say_as("basic", "", "how do returns work");
		char first[8];
		snprintf(first, sizeof first, "%s", kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT)->variant);
		is_short += !strcmp(first, "short");
		say_as("basic", "", "hello");
		assert_string_equal(kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT)->variant, ""); /* has no second answer */
		say_as("basic", "", "return policy");
		assert_string_equal(kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT)->variant, first);
	}
	assert_true(is_short > VISITORS * 2 / 5 && is_short < VISITORS * 3 / 5);
	kit_begin(&kit);
	kit_say(&kit, "how do returns work");
	assert_string_equal(kit_event(&kit, EVENT_MESSAGE, AUTHOR_BOT)->variant, "");
	assert_true(str_starts(str_of(kit_bot_text(&kit)), "Open the order"));
}

/* The bot is sorry that it was no help only where it had tried. */
static void test_sorry_for_something(void **state)
{
	(void)state;
	static const char demand[] = "get me a human, you useless bot!!! this is a shambles";
	kit_begin(&kit);
	kit_say(&kit, demand);
	assert_int_equal(conversation_reason(kit.state), REASON_ASKED);
	assert_false(strstr(kit_bot_text(&kit), "sorry"));
	kit_begin(&kit);
	kit_say(&kit, "asdf ghjk qwer");
	kit_say(&kit, demand);
	assert_int_equal(conversation_reason(kit.state), REASON_ASKED);
}

/* ---- policy_ask() ---- */

static void test_ask(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum action action;
		enum reason reason;
		const char *intent, *language;
	} rows_of_questions[] = {
		{ "how much is postage", ACTION_ANSWER, REASON_NONE, "delivery-prices", "en" },
		{ "was kostet der versand", ACTION_ANSWER, REASON_NONE, "delivery-prices", "de" },
		{ "asdf ghjk qwer", ACTION_MISS, REASON_NONE, NULL, "en" },
		{ "i want a human", ACTION_HANDOVER, REASON_ASKED, NULL, "en" },
		{ "ich möchte mit einem menschen sprechen", ACTION_HANDOVER, REASON_ASKED, NULL, "de" },
		{ "the tea made me ill", ACTION_HANDOVER, REASON_INTENT, "allergy", "en" },
		{ "WHERE IS MY PARCEL!!! this is the third time I ask, useless", ACTION_HANDOVER, REASON_UPSET,
		  "track-order", "en" },
		{ "", ACTION_MISS, REASON_NONE, NULL, "en" },
		{ "\xff\xfe\x80", ACTION_MISS, REASON_NONE, NULL, "en" },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows_of_questions); i++) {
		struct decision got;
		policy_ask(kit.knowledge, kit.mind, str_of(rows_of_questions[i].text), "", &arena, &got);
		bool ok = got.action == rows_of_questions[i].action && got.reason == rows_of_questions[i].reason &&
			  !strcmp(got.language, rows_of_questions[i].language) && *got.text && *got.html && *got.rule &&
			  (!rows_of_questions[i].intent || !strcmp(got.intent_id, rows_of_questions[i].intent));
		if (!ok)
			print_error("\"%s\": %s %s %s %s\n", rows_of_questions[i].text, action_name(got.action),
				    reason_name(got.reason), got.intent_id, got.language);
		assert_true(ok);
		assert_string_equal(got.corpus, kit.knowledge->corpus->version);
		/* What is sensitive is not answered. */
		if (!strcmp(got.rule, "sensitive"))
			assert_false(strstr(got.text, "doctor"));
	}
	arena_clear(&arena);
}

/* Names and lines that are made of the owner's words are text, never markup. */
static void test_lines_are_escaped(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct decision got;
	policy_ask(kit.knowledge, kit.mind, STR_LIT("<b>zorp</b> & flim"), "", &arena, &got);
	assert_false(strstr(got.html, "<b>"));
	arena_clear(&arena);
}

static int setup(void **state)
{
	(void)state;
	kit_init(&kit);
	return 0;
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
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_words_of_handovers),
		cmocka_unit_test(test_full_queue),
		cmocka_unit_test(test_order_of_events),
		cmocka_unit_test(test_live_and_variants),
		cmocka_unit_test(test_follow_up),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_rising_frustration),
		cmocka_unit_test(test_thresholds_of_segments),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_segments_need_verified_attributes),
		cmocka_unit_test(test_sorry_for_something),
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_lines_are_escaped),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
