/* SPDX-License-Identifier: Apache-2.0 */
/* Tags that agents put on a conversation. */
#include "dialogue/conversation.h"

#include "dialogue_kit.h"

#include <stdio.h>

static enum refusal put_on(struct kit *kit, const char *text)
{
	return kit_agent(kit, INPUT_TAG, ANNA, text);
}

static enum refusal take_off(struct kit *kit, const char *text)
{
	struct input input = kit_agent_input(INPUT_TAG, ANNA, text);
	input.is_removal = true;
	return kit_step(kit, &input);
}

static void tags_are_put_on_and_taken_off(void **state)
{
	struct kit *kit = *state;
#define RECLAMATION          \
	"r\xc3\xa9"          \
	"clamation \xf0\x9f" \
	"\x94\xa5"
	static const struct {
		enum refusal (*change)(struct kit *kit, const char *text);
		const char *text;
		bool is_change;
		const char *after; /* all tags */
	} rows[] = {
		{ put_on, " Refund \t due\n", true, "Refund due" },
		{ put_on, "refund DUE", false, "Refund due" }, /* it is there */
		{ take_off, "urgent", false, "Refund due" },   /* it is not there */
		{ put_on, "<b>late</b>", true, "Refund due\n<b>late</b>" },
		{ put_on, "!!", true, "Refund due\n<b>late</b>\n!!" },
		{ put_on, "??", true, "Refund due\n<b>late</b>\n!!\n??" }, /* without a word: as it is written */
		{ put_on, RECLAMATION, true, "Refund due\n<b>late</b>\n!!\n??\n" RECLAMATION },
		{ take_off, "!!", true, "Refund due\n<b>late</b>\n??\n" RECLAMATION },
		{ take_off, "refund due", true, "<b>late</b>\n??\n" RECLAMATION },
	};
	kit_say(kit, "hello");
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(rows[i].change(kit, rows[i].text), REFUSAL_NONE);
		if (strcmp(conversation_tags(kit->state), rows[i].after) != 0)
			print_error("row %zu\n", i);
		assert_string_equal(conversation_tags(kit->state), rows[i].after);
		assert_int_equal(kit->turn.event_count, rows[i].is_change);
	}
}

static void tags_name_who_put_them_on_and_move_nothing_else(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	put_on(kit, "vip");
	assert_int_equal(kit_owner(kit), OWNER_BOT);
	assert_string_equal(kit->turn.events[0].agent_name, "Anna");
}

static void tags_outlive_the_episode(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	put_on(kit, "vip");
	kit_do(kit, INPUT_CLOSE);
	kit_say(kit, "hello again");
	assert_int_equal(conversation_episode(kit->state), 2);
	assert_string_equal(conversation_tags(kit->state), "vip");
}

static void there_are_so_many_tags_at_most(void **state)
{
	struct kit *kit = *state;
	kit_say(kit, "hello");
	for (int i = 0; i < TAGS_MAX; i++)
		assert_int_equal(put_on(kit, arena_printf(&kit->arena, "tag %d", i)), REFUSAL_NONE);
	assert_int_equal(put_on(kit, "tag 0"), REFUSAL_NONE); /* nothing new */
	assert_int_equal(put_on(kit, "one more"), REFUSAL_TOO_MANY_TAGS);
	assert_int_equal(take_off(kit, "tag 3"), REFUSAL_NONE);
	assert_int_equal(put_on(kit, "one more"), REFUSAL_NONE);
}

static void a_tag_is_a_short_line(void **state)
{
	struct kit *kit = *state;
	char text[TAG_CHARACTERS_MAX + 2] = { 0 };
	memset(text, 'a', TAG_CHARACTERS_MAX + 1);
	kit_say(kit, "hello");
	assert_int_equal(put_on(kit, text), REFUSAL_TOO_LONG);
	text[TAG_CHARACTERS_MAX] = '\0';
	assert_int_equal(put_on(kit, text), REFUSAL_NONE);
	assert_int_equal(put_on(kit, ""), REFUSAL_EMPTY);
	assert_int_equal(put_on(kit, "\xe2\x80\x8b"), REFUSAL_EMPTY); /* nothing to see */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(tags_are_put_on_and_taken_off), KIT_TEST(tags_name_who_put_them_on_and_move_nothing_else),
		KIT_TEST(tags_outlive_the_episode),      KIT_TEST(there_are_so_many_tags_at_most),
		KIT_TEST(a_tag_is_a_short_line),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
