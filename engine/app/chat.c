/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell chat`: a conversation with the bot in the terminal. Nothing is stored. */
#include "app/command.h"
#include "app/dates.h"
#include "app/files.h"
#include "app/loading.h"
#include "app/arguments.h"
#include "base/arena.h"
#include "base/count.h"
#include "dialogue/conversation.h"
#include "dialogue/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct talk {
	const struct knowledge *knowledge;
	struct conversation *state;
	struct mind *mind;
	struct arena arena;   /* of one turn */
	struct arena options; /* of the buttons shown last */
	struct option shown[16];
	size_t shown_count;
	bool has_agent;
};

static void show_event(struct talk *talk, const struct event *event)
{
	if (event->from == AUTHOR_VISITOR || !event_is_public(event->kind) || !event->text[0])
		return;
	printf("%s> %s\n", author_name(event->from), event->text);
	if (!event->option_count)
		return;
	arena_reset(&talk->options);
	talk->shown_count = 0;
	for (size_t i = 0; i < event->option_count && i < 16; i++) {
		struct option *option = &talk->shown[talk->shown_count++];
		option->id = arena_strdup(&talk->options, str_of(event->options[i].id));
		option->label = arena_strdup(&talk->options, str_of(event->options[i].label));
		printf("     %zu  %s\n", i + 1, option->label);
	}
}

static void show_decision(const struct decision *decision)
{
	printf("     (%s by \"%s\"", action_name(decision->action), decision->rule);
	if (decision->intent_id[0])
		printf(", %s %.0f %%", decision->intent_id, decision->confidence * 100);
	if (decision->is_upset)
		printf(", upset");
	puts(")");
}

static const char *refusal_text(enum refusal refusal)
{
	switch (refusal) {
	case REFUSAL_EMPTY: return "there is nothing to read in that";
	case REFUSAL_TOO_LONG: return "that is too long for one message";
	case REFUSAL_UNKNOWN_OPTION: return "there is no such button";
	default: return "that cannot be done now";
	}
}

static void say(struct talk *talk, struct str line)
{
	struct input input = input_blank(INPUT_MESSAGE);
	unsigned long long number;
	input.text = line;
	if (str_is(line, "/person"))
		input.kind = INPUT_PERSON;
	else if (str_number(line, talk->shown_count, &number) && number)
		input = input_blank(INPUT_CHOOSE), input.option = talk->shown[number - 1].id;
	struct situation situation = { .now_ms = date_now_ms(),
				       .agents_online = talk->has_agent,
				       .agents_available = talk->has_agent,
				       .queue_position = 1,
				       .wait_ms = -1 };
	struct turn turn;
	conversation_step(talk->state, &input, talk->knowledge, talk->mind, &situation, &talk->arena, &turn);
	if (turn.refusal)
		printf("     (%s)\n", refusal_text(turn.refusal));
	if (turn.decision)
		show_decision(turn.decision);
	for (size_t i = 0; i < turn.event_count; i++) {
		conversation_apply(talk->state, &turn.events[i]);
		show_event(talk, &turn.events[i]);
	}
	arena_reset(&talk->arena);
}

static void prompt(void)
{
	if (isatty(STDIN_FILENO))
		fputs("you> ", stdout);
	fflush(stdout);
}

static int run_chat(int argc, char **argv)
{
	const char *intents = DEFAULT_INTENTS;
	bool is_alone = false;
	const struct option_spec specs[] = { { "--intents", &intents, NULL }, { "--closed", NULL, &is_alone } };
	struct operands none;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	struct knowledge *knowledge = load_knowledge(intents, false);
	if (!knowledge)
		return EXIT_PROBLEM;
	struct talk talk = {
		.knowledge = knowledge, .state = conversation_new(), .mind = mind_new(), .has_agent = !is_alone
	};
	const struct settings *settings = &knowledge->corpus->settings;
	printf("bot> %s\n", localized_text(&settings->greeting, settings->language));
	char *bytes = NULL;
	size_t capacity = 0;
	prompt();
	for (ssize_t length; (length = getline(&bytes, &capacity, stdin)) >= 0; prompt())
		if (str_trim((struct str){ bytes, (size_t)length }).len)
			say(&talk, str_trim((struct str){ bytes, (size_t)length }));
	status = input_ended("chat");
	free(bytes);
	conversation_free(talk.state);
	mind_free(talk.mind);
	arena_clear(&talk.arena);
	arena_clear(&talk.options);
	knowledge_unref(knowledge);
	return status;
}

const struct command command_chat = {
	"chat", "a conversation with the bot in the terminal",
	"usage: shopbell chat [--intents DIR] [--closed]\n\n"
	"Type as a visitor would; a number presses that button, /person asks for a person, Ctrl-D ends.\n"
	"Below each line stands in brackets what the bot decided, and by which rule. Nothing is stored.\n\n"
	"  --intents DIR  the folder of topic files (default: intents)\n"
	"  --closed       as if no agent were there\n",
	run_chat
};
