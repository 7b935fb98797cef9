/* SPDX-License-Identifier: Apache-2.0 */
/* What a step refuses, who may speak, and that it is a pure function. More of the dialogue by theme: test_queueing,
 * test_episodes, test_ratings, test_tags, test_sent_again. */
#include "dialogue/conversation.h"

#include "dialogue_kit.h"

/* ---- Refusals ---- */

static void texts_need_a_visible_character(void **state)
{
	struct kit *kit = *state;
	static const struct {
		const char *text;
		enum refusal refusal;
		const char *remark;
	} rows[] = {
		{ "", REFUSAL_EMPTY, "nothing" },
		{ "  \n\t ", REFUSAL_EMPTY, "white space" },
		{ "\xe2\x80\x8b\xe2\x80\x8b", REFUSAL_EMPTY, "zero-width spaces" },
		{ "\xc2\xa0\xe3\x80\x80\xef\xbb\xbf", REFUSAL_EMPTY, "spaces of other scripts, a byte order mark" },
		{ ".", REFUSAL_NONE, "one sign" },
		{ "\xf0\x9f\x91\x8d", REFUSAL_NONE, "one emoji" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		kit_begin(kit);
		enum refusal got = kit_say(kit, rows[i].text);
		if (got != rows[i].refusal)
			print_error("%s: %d\n", rows[i].remark, got);
		assert_int_equal(got, rows[i].refusal);
		assert_int_equal(kit->turn.event_count > 0, got == REFUSAL_NONE);
	}
}

static void texts_are_as_long_as_the_shop_allows(void **state)
{
	struct kit *kit = *state;
	size_t limit = (size_t)kit_settings(kit)->message_length;
	char *text = calloc(limit + 2, 1);
	assert_non_null(text);
	memset(text, 'a', limit);
	assert_int_equal(kit_say(kit, text), REFUSAL_NONE);
	text[limit] = 'a';
	assert_int_equal(kit_say(kit, text), REFUSAL_TOO_LONG);
	free(text);
}

static void malformed_bytes_are_repaired_before_anything_keeps_them(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "where\xff is my order");
	assert_string_equal(kit_event(kit, EVENT_MESSAGE, AUTHOR_VISITOR)->text, "where\xef\xbf\xbd is my order");
}

/* Whose the conversation is when agent Anna does something. */
enum whose { NOBODYS_YET, BOTS, QUEUED, HERS, BENS, CLOSED, WHOSE_COUNT };
static const char *const whose_names[] = { "not begun", "the bot's", "queued", "hers", "Ben's", "closed" };

static void make_it(struct kit *kit, enum whose whose)
{
	kit_begin(kit);
	if (whose == NOBODYS_YET)
		return;
	kit_say(kit, "hello");
	if (whose == QUEUED)
		kit_person(kit);
	else if (whose == HERS || whose == BENS)
		kit_agent(kit, INPUT_CLAIM, whose == HERS ? ANNA : BEN, "");
	else if (whose == CLOSED)
		kit_do(kit, INPUT_CLOSE);
}

static void agents_act_on_what_is_theirs(void **state)
{
	struct kit *kit = *state;
	enum { OK = REFUSAL_NONE, NONE = REFUSAL_NO_CONVERSATION, NOT = REFUSAL_NOT_YOURS, OVER = REFUSAL_CLOSED };
	static const struct {
		enum input_kind kind;
		int refusals[WHOSE_COUNT];
	} rows[] = {
		/*                     not begun, the bot's, queued, hers, Ben's, closed */
		{ INPUT_CLAIM, { NONE, OK, OK, OK, REFUSAL_TAKEN, OVER } },
		{ INPUT_AGENT_MESSAGE, { NONE, OK, OK, OK, NOT, OVER } },
		{ INPUT_NOTE, { NONE, OK, OK, OK, OK, OK } },
		{ INPUT_TAG, { NONE, OK, OK, OK, OK, OK } },
		{ INPUT_TRANSFER, { NONE, NOT, NOT, OK, NOT, OVER } },
		{ INPUT_RETURN, { NONE, NOT, NOT, OK, NOT, OVER } },
		{ INPUT_AGENT_CLOSE, { NONE, NOT, NOT, OK, NOT, OVER } },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		for (enum whose whose = 0; whose < WHOSE_COUNT; whose++) {
			make_it(kit, whose);
			int got = (int)kit_agent(kit, rows[i].kind, ANNA, "hi");
			if (got != rows[i].refusals[whose])
				print_error("input %d, %s: %d\n", rows[i].kind, whose_names[whose], got);
			assert_int_equal(got, rows[i].refusals[whose]);
		}
}

static void nothing_but_a_message_begins_a_conversation(void **state)
{
	struct kit *kit = *state;
	static const enum input_kind kinds[] = { INPUT_RATE, INPUT_SURVEY, INPUT_CONTACT, INPUT_CLOSE,
						 INPUT_UNANSWERABLE };
	for (size_t i = 0; i < COUNT(kinds); i++)
		assert_int_equal(kit_do(kit, kinds[i]), REFUSAL_NO_CONVERSATION);
}

static void only_buttons_that_were_shown_are_pressed(void **state)
{
	struct kit *kit = *state;
	static const char *const never_shown[] = { "delivery-prices", "email", "" };
	for (size_t i = 0; i < COUNT(never_shown); i++)
		assert_int_equal(kit_press(kit, never_shown[i]), REFUSAL_UNKNOWN_OPTION);
	/* A suggestion of the settings is shown before the first message. */
	assert_int_equal(kit_press(kit, "track-order"), REFUSAL_NONE);
	assert_string_equal(conversation_intent(kit->state), "track-order");
}

static void what_is_closed_is_not_closed_again(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	assert_int_equal(kit_do(kit, INPUT_CLOSE), REFUSAL_NONE);
	assert_int_equal(kit_do(kit, INPUT_CLOSE), REFUSAL_CLOSED);
}

/* ---- Owners ---- */

static void the_bot_is_silent_while_a_person_owns(void **state)
{
	struct kit *kit = *state;
	static const char *const texts[] = { "how much is postage", "hello", "i want a human",
					     "useless!!! furious!!!" };
	kit_say(kit, "hello");
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	for (size_t i = 0; i < COUNT(texts); i++) {
		kit_say(kit, texts[i]);
		assert_int_equal(kit->turn.event_count, 1);
		assert_int_equal(kit->turn.events[0].owner, OWNER_AGENT);
		assert_int_equal(kit->turn.events[0].owner_agent, ANNA);
	}
	/* The mood goes on being read. */
	assert_true(kit->turn.events[0].frustration > 0.3);
}

static void a_message_of_an_agent_claims_first(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	kit_agent(kit, INPUT_AGENT_MESSAGE, ANNA, "Hello, this is Anna.");
	assert_int_equal(kit->turn.event_count, 2);
	assert_int_equal(kit->turn.events[0].kind, EVENT_CLAIM);
	assert_int_equal(kit->turn.events[0].from, AUTHOR_AGENT);
	assert_string_equal(kit->turn.events[0].text, "Anna has joined.");
	assert_int_equal(kit->turn.events[1].kind, EVENT_MESSAGE);
}

static void a_claim_of_what_is_owned_changes_nothing(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	assert_int_equal(kit_agent(kit, INPUT_CLAIM, ANNA, ""), REFUSAL_NONE);
	assert_int_equal(kit->turn.event_count, 0);
}

static void a_bot_that_fails_hands_over_once(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	kit_do(kit, INPUT_UNANSWERABLE);
	assert_int_equal(kit_owner(kit), OWNER_QUEUE);
	kit_do(kit, INPUT_UNANSWERABLE);
	assert_int_equal(kit->turn.event_count, 0);
}

/* ---- Language and mood ---- */

static void the_language_is_that_of_the_message(void **state)
{
	struct kit *kit = *state;
	assert_string_equal(conversation_language(kit->state), "");
	kit_say(kit, "was kostet die lieferung");
	assert_string_equal(conversation_language(kit->state), "de");
	assert_true(str_starts(str_of(kit_bot_text(kit)), "Die Lieferung kostet"));
	kit_person(kit);
	assert_string_equal(kit->turn.events[0].text, "Mit einem Menschen sprechen");
	assert_true(strstr(kit_handover(kit)->text, "Sie sind als Nächstes dran."));
}

/* Its answer and its follow-ups are those of the English corpus. */
static void a_button_that_one_language_has_answers_in_that(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "was kostet die lieferung");
	assert_int_equal(kit_press(kit, "track-order"), REFUSAL_NONE);
	const struct event *line = kit_bot_line(kit);
	assert_true(str_starts(str_of(line->text), "You can follow your parcel"));
	assert_int_equal(line->option_count, 2);
	assert_string_equal(line->options[0].label, "How long does delivery take?");
	assert_string_equal(line->options[1].label, "How do I return something?");
}

static void before_the_first_message_the_page_tells_the_language(void **state)
{
	struct kit *kit = *state;
	struct input input = input_blank(INPUT_PERSON);
	input.language = "de";
	kit_step(kit, &input);
	assert_string_equal(kit->turn.events[0].text, "Mit einem Menschen sprechen");
	assert_string_equal(conversation_language(kit->state), "de");
}

static void the_mood_sinks_and_rises_with_the_words(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "how much is postage");
	assert_true(conversation_mood(kit->state) < 0.3);
	assert_int_equal(conversation_trend(kit->state), 0);
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	kit_say(kit, "This is a shambles!!! I am furious, you are useless");
	assert_true(conversation_mood(kit->state) > 0.5);
	assert_int_equal(conversation_trend(kit->state), -1);
	kit_say(kit, "ok thank you, that is great");
	assert_int_equal(conversation_trend(kit->state), 1);
}

/* ---- The state ---- */

/* What the turns were made in may go. */
static void the_state_owns_its_texts(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "how much is postage");
	kit_agent(kit, INPUT_CLAIM, ANNA, "");
	memset((char *)kit->turn.events[0].agent_name, 'x', strlen(kit->turn.events[0].agent_name));
	arena_clear(&kit->arena);
	assert_string_equal(conversation_intent(kit->state), "delivery-prices");
	kit_agent(kit, INPUT_AGENT_GONE, ANNA, "");
	assert_true(strstr(kit->turn.events[0].text, "Anna"));
	arena_clear(&kit->arena);
	assert_int_equal(kit_press(kit, "bot"), REFUSAL_UNKNOWN_OPTION); /* nothing here has shown it */
	assert_int_equal(kit_press(kit, "delivery-time"), REFUSAL_NONE);
	assert_string_equal(kit->turn.events[0].text, "How long does delivery take?");
}

static void a_step_leaves_the_state_alone_and_gives_the_same_again(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "where is my order");
	struct input input = input_blank(INPUT_MESSAGE);
	input.text = STR_LIT("how much is postage");
	struct turn first, second;
	int64_t seq = conversation_seq(kit->state);
	conversation_step(kit->state, &input, kit->knowledge, kit->mind, &kit->situation, &kit->arena, &first);
	conversation_step(kit->state, &input, kit->knowledge, kit->mind, &kit->situation, &kit->arena, &second);
	assert_int_equal(conversation_seq(kit->state), seq);
	assert_int_equal(first.event_count, second.event_count);
	for (size_t i = 0; i < first.event_count; i++) {
		assert_string_equal(first.events[i].text, second.events[i].text);
		assert_int_equal(first.events[i].seq, seq + 1 + (int64_t)i);
		assert_int_equal(first.events[i].at_ms, kit->situation.now_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(texts_need_a_visible_character),
		KIT_TEST(texts_are_as_long_as_the_shop_allows),
		KIT_TEST(malformed_bytes_are_repaired_before_anything_keeps_them),
		KIT_TEST(agents_act_on_what_is_theirs),
		KIT_TEST(nothing_but_a_message_begins_a_conversation),
		KIT_TEST(only_buttons_that_were_shown_are_pressed),
		KIT_TEST(what_is_closed_is_not_closed_again),
		KIT_TEST(the_bot_is_silent_while_a_person_owns),
		KIT_TEST(a_message_of_an_agent_claims_first),
		KIT_TEST(a_claim_of_what_is_owned_changes_nothing),
		KIT_TEST(a_bot_that_fails_hands_over_once),
		KIT_TEST(the_language_is_that_of_the_message),
		KIT_TEST(a_button_that_one_language_has_answers_in_that),
		KIT_TEST(before_the_first_message_the_page_tells_the_language),
		KIT_TEST(the_mood_sinks_and_rises_with_the_words),
		KIT_TEST(the_state_owns_its_texts),
		KIT_TEST(a_step_leaves_the_state_alone_and_gives_the_same_again),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
