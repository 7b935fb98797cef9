/* SPDX-License-Identifier: Apache-2.0 */
/* Random walks through conversations, each step checked against what must never happen:
 *
 *     test_walk [WALKS [FIRST]]      400 walks of 60 inputs without an argument; FIRST is the number of the first one.
 *                                    `make walks` makes a million
 *
 * An input is anything that visitors, agents, time, a lost agent, a failure of the bot or a restart bring: after that
 * the conversation goes on from the state that its events make. Agents come and go, the line is long or short, visitors
 * belong to segments or not. In every walk:
 * - the bot speaks only where it owns; a person's or the queue's conversation never gets a line of it
 * - every message of a visitor has a visible next line, or is with a person, or waits and was told so a minute ago at most
 * - who presses the button for a person is not left with the bot, but for a queue that is full and says so
 * - every button that is shown can be pressed
 * - a handover goes to the queue when somebody is there, else to nobody and to the e-mail; it has a reason
 * - at most one automatic handover an episode, and at most as many misses as the visitor's segment has patience for
 * - what is sensitive or not live is never answered; each decision is on record with its rule and corpus
 * - what was sent is found again under its client_id
 * - times do not go back, and what is refused leaves no event
 * - every conversation in the queue leaves it, by itself, in bounded time
 * - a state made again from the events is the same, and decides the same
 * A walk that fails prints its number and its last events. */
#include "dialogue/hours.h"

#include "dialogue_kit.h"

#include <stdio.h>
#include <stdlib.h>

#define EMAIL "ada@tea.example"

enum { WALK_STEPS = 60, WALK_EVENTS_MAX = WALK_STEPS * 8, AGENTS = 3, NOTICE_MS = KIT_MINUTE };

static size_t walks_wanted = 400, first_walk = 1;

struct walk {
	struct kit *kit;
	unsigned long long random;
	size_t number;
	struct event events[WALK_EVENTS_MAX];
	size_t count, sent;
	enum owner owner;
	bool is_closed;
	int episode, automatic, misses;
	bool is_beyond_bot; /* in this episode */
	int64_t told_ms;    /* the last line that a waiting visitor saw */
};

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled". */
static unsigned next(struct walk *walk, unsigned below)
{
	walk->random ^= walk->random >> 12;
	walk->random ^= walk->random << 25;
	walk->random ^= walk->random >> 27;
	return (unsigned)((walk->random * 2685821657736338717ULL) >> 33) % below;
}

static void print_event(const struct event *event)
{
	print_error("  %lld ep %d %s from %s, owner %s %lld, reason \"%s\", action \"%s\", \"%.70s\"\n",
		    (long long)event->seq, event->episode, event_kind_name(event->kind), author_name(event->from),
		    owner_name(event->owner), (long long)event->owner_agent, reason_name(event->reason),
		    action_name(event->action), event->text);
}

static void must(const struct walk *walk, bool holds, const char *what)
{
	if (holds)
		return;
	print_error("walk %zu: %s\n", walk->number, what);
	for (size_t i = walk->count > 12 ? walk->count - 12 : 0; i < walk->count; i++)
		print_event(&walk->events[i]);
	fail();
}

static bool was_shown(const struct walk *walk, const char *option)
{
	for (size_t i = 0; i < walk->count; i++)
		if (kit_has_option(&walk->events[i], option))
			return true;
	return false;
}

/* ---- One event, against the model ---- */

/* An answer to a question that is gone, or to none, says nothing that it may not. */
static bool may_be_answered(const struct knowledge *knowledge, const char *intent)
{
	for (size_t i = 0; i < knowledge->language_count; i++) {
		const struct language_corpus *corpus = knowledge->languages[i].corpus;
		uint32_t at = corpus_intent(corpus, str_of(intent));
		if (at != INTENT_NONE && (corpus->intents[at].is_sensitive || !corpus->intents[at].is_live))
			return false;
	}
	return true;
}

static void check_line(const struct walk *walk, const struct event *event)
{
	bool is_bot_line = event->kind == EVENT_MESSAGE && event->from == AUTHOR_BOT;
	must(walk, !is_bot_line || (walk->owner == OWNER_BOT && event->owner == OWNER_BOT && !walk->is_closed),
	     "the bot spoke where it does not own");
	must(walk, event->kind != EVENT_DECISION || walk->owner == OWNER_BOT, "the bot decided where it does not own");
	must(walk, !event_is_public(event->kind) || event->kind == EVENT_RATING || *event->text, "a line without text");
	must(walk, (event->owner == OWNER_AGENT) == (event->owner_agent != 0), "an agent owns without being named");
	must(walk, !is_bot_line || may_be_answered(walk->kit->knowledge, event->intent),
	     "the bot answered what it may not");
	must(walk, walk->count < 2 || walk->events[walk->count - 2].at_ms <= event->at_ms, "time went back");
}

/* Whether somebody is there decides where a handover goes, and what is offered. */
static void check_handover(const struct walk *walk, const struct event *event)
{
	const struct situation *now = &walk->kit->situation;
	const struct settings *settings = kit_settings(walk->kit);
	bool is_open = hours_at(settings, walk->kit->knowledge->zone, now->now_ms).is_open;
	bool is_there = now->agents_available > 0 || (now->agents_online > 0 && is_open);
	if (event->kind != EVENT_HANDOVER)
		return;
	must(walk, event->owner == (is_there ? OWNER_QUEUE : OWNER_NOBODY), "handed over to the wrong place");
	must(walk, event->reason != REASON_NONE, "handed over for no reason");
	must(walk, is_there || kit_has_option(event, "email") || strstr(event->text, EMAIL),
	     "nobody is there, and no e-mail is asked for or known");
	must(walk, kit_has_option(event, "bot"), "a handover without a way back");
}

/* A miss more than this hands over: so much patience no segment has more. */
static int misses_most(const struct settings *settings)
{
	int most = settings->misses;
	for (size_t i = 0; i < settings->segment_count; i++)
		if (settings->segments[i].misses > most)
			most = settings->segments[i].misses;
	return most - 1;
}

/* While nobody but the bot has had the episode, and no full queue was told of instead. */
static void check_misses(struct walk *walk, const struct event *event)
{
	bool is_decision = event->kind == EVENT_DECISION;
	bool is_full = is_decision && event->reason != REASON_NONE && event->action != ACTION_HANDOVER;
	walk->is_beyond_bot |= event->owner != OWNER_BOT || is_full;
	walk->misses += is_decision && event->action == ACTION_MISS;
	must(walk, walk->is_beyond_bot || walk->misses <= misses_most(kit_settings(walk->kit)),
	     "a miss too many without a person");
}

static void check_episode(struct walk *walk, const struct event *event)
{
	bool begins = event->episode != walk->episode;
	must(walk, !begins || (event->episode == walk->episode + 1 && (walk->is_closed || !walk->episode)),
	     "an episode began without an end before");
	must(walk,
	     !walk->is_closed || begins || event->kind == EVENT_RATING || event->kind == EVENT_CONTACT ||
		     event->kind == EVENT_NOTE || event->kind == EVENT_NOTICE,
	     "something went on after the close");
	if (begins) {
		walk->automatic = walk->misses = 0;
		walk->is_beyond_bot = false;
	}
	if (event->kind == EVENT_HANDOVER && event->reason != REASON_ASKED)
		walk->automatic++;
	must(walk, walk->automatic <= 1, "a second automatic handover in an episode");
	walk->episode = event->episode;
	walk->is_closed = event->kind == EVENT_CLOSE || (walk->is_closed && !begins);
}

static void take(struct walk *walk, const struct event *event)
{
	walk->events[walk->count++] = *event;
	must(walk, event->seq == (int64_t)walk->count, "a number is missing");
	check_episode(walk, event);
	check_line(walk, event);
	check_handover(walk, event);
	check_misses(walk, event);
	if (event->from == AUTHOR_SYSTEM && event_is_public(event->kind))
		walk->told_ms = event->at_ms;
	walk->owner = event->owner;
}

/* The reasons of a decision are whole, and go with its event. */
static void check_decision(const struct walk *walk)
{
	const struct turn *turn = &walk->kit->turn;
	const struct decision *decision = turn->decision;
	const struct event *event = kit_event(walk->kit, EVENT_DECISION, AUTHOR_BOT);
	must(walk, !decision == !event, "a decision without its event, or the reverse");
	if (!decision)
		return;
	must(walk, *decision->rule && !strcmp(decision->corpus, walk->kit->knowledge->corpus->version),
	     "a decision without its rule or corpus");
	must(walk, decision->confidence >= 0 && decision->confidence <= 1 && decision->threshold > 0,
	     "a confidence that is none");
	must(walk, (decision->action == ACTION_HANDOVER) == (kit_handover(walk->kit) != NULL),
	     "a decision to hand over and its handover go together");
}

/* What an input means whatever the state. */
static void check_input(const struct walk *walk, const struct input *input)
{
	struct kit *kit = walk->kit;
	const struct turn *turn = &kit->turn;
	bool is_full = turn->decision && !strcmp(turn->decision->rule, "queue_full");
	must(walk, input->kind != INPUT_PERSON || kit_owner(kit) != OWNER_BOT || is_full,
	     "who asked for a person is left with the bot");
	must(walk,
	     input->kind != INPUT_CHOOSE || turn->refusal != REFUSAL_UNKNOWN_OPTION || !was_shown(walk, input->option),
	     "a button that was shown cannot be pressed");
	if (*input->client_id && turn->event_count && *turn->events[0].client_id) {
		must(walk,
		     conversation_find_client_id(kit->state, input->client_id, input->agent) == turn->events[0].seq,
		     "what was sent is not found again");
		must(walk, event_is_of_input(&turn->events[0], input), "what was sent is taken for something else");
	}
}

/* After the turn: whoever wrote sees what comes next. */
static void check_turn(const struct walk *walk)
{
	const struct turn *turn = &walk->kit->turn;
	bool is_said = false, is_answered = false, has_decided = false;
	must(walk, turn->refusal == REFUSAL_NONE || !turn->event_count, "a refusal with events");
	for (size_t i = 0; i < turn->event_count; i++) {
		const struct event *event = &turn->events[i];
		bool is_visitors = event->from == AUTHOR_VISITOR && event->kind == EVENT_MESSAGE;
		is_said |= is_visitors;
		is_answered |= is_said && !is_visitors && event_is_public(event->kind);
		has_decided |= event->kind == EVENT_DECISION;
		must(walk, event->kind != EVENT_MESSAGE || event->from != AUTHOR_BOT || has_decided,
		     "the bot spoke without a reason on record");
	}
	bool is_waiting = walk->owner == OWNER_QUEUE && walk->kit->situation.now_ms - walk->told_ms < NOTICE_MS;
	must(walk, !is_said || is_answered || walk->owner == OWNER_AGENT || is_waiting,
	     "a visitor without a next line");
	must(walk, walk->owner == kit_owner(walk->kit), "the owner is not the last event's");
	must(walk, walk->is_closed == conversation_is_closed(walk->kit->state), "closed or not");
	must(walk, walk->owner != OWNER_QUEUE || conversation_wake_ms(walk->kit->state, kit_settings(walk->kit)) > 0,
	     "a queue without a timer");
}

/* ---- What may happen ---- */

static const char *const texts[] = {
	"where is my order",
	"how much is postage",
	"asdf ghjk qwer",
	"xkcd blorp zzzt",
	"This is a shambles!!! I am furious, you are useless",
	"WHERE IS MY PARCEL!!! this is the third time I ask, useless",
	"i want to talk to a human",
	"my teapot arrived broken",
	"the tea made me ill",
	"do you do gift wrapping",
	"hello",
	"thanks",
	"and to Spain?",
	"tea",
	"how long",
	"what is the capital of australia",
	"zorp flim? blarg quux? wibble wobble?",
	"was kostet der versand",
	"ich möchte mit einem menschen sprechen",
	"?",
	"\xf0\x9f\x98\xa1\xf0\x9f\x98\xa1\xf0\x9f\x98\xa1",
	"do you sell my data, you useless thieves!!! disgusting",
	"ok",
	"still waiting, this is annoying",
};

static void choose_option(struct walk *walk, struct input *input)
{
	static const char *const usual[] = { "person", "email", "bot", "wait", "track-order", "never-shown" };
	input->option = usual[next(walk, COUNT(usual))];
	for (size_t tries = 0; tries < 4 && walk->count; tries++) {
		const struct event *event = &walk->events[next(walk, (unsigned)walk->count)];
		if (event->option_count)
			input->option = event->options[next(walk, (unsigned)event->option_count)].id;
	}
}

static void fill_visitor(struct walk *walk, struct input *input)
{
	static const struct option members[] = { { "tier", "gold" }, { "plan", "trial" }, { "plan", "patient" } };
	input->text = str_of(texts[next(walk, COUNT(texts))]);
	input->client_id = arena_printf(&walk->kit->arena, "c%zu", ++walk->sent);
	choose_option(walk, input);
	input->rating.rates = walk->count ? (int64_t)next(walk, (unsigned)walk->count + 1) : 0;
	input->rating.helpful = next(walk, 4) == 0;
	input->contact_email = EMAIL;
	input->attributes = &members[next(walk, COUNT(members))];
	input->attribute_count = next(walk, 15) == 0;
	input->visits = (int)next(walk, 5);
	input->has_variants = true;
	input->page_path = next(walk, 20) == 0 ? "/checkout/help" : "/";
}

static void fill_agent(struct walk *walk, struct input *input)
{
	static const char *const names[] = { "", "Anna", "Ben", "Cleo" };
	input->agent = 1 + next(walk, AGENTS);
	/* Mostly the one who owns it. */
	if (next(walk, 3) && conversation_agent(walk->kit->state))
		input->agent = conversation_agent(walk->kit->state);
	input->agent_name = names[input->agent];
	input->text = STR_LIT("Let me see.");
	input->to_agent = next(walk, AGENTS + 1);
	input->to_agent_name = names[input->to_agent];
	input->rating.handover_right = (int)next(walk, 2);
}

static enum input_kind choose_kind(struct walk *walk)
{
	/* Twice and more often what visitors do. */
	static const enum input_kind kinds[] = {
		INPUT_MESSAGE,  INPUT_MESSAGE,      INPUT_MESSAGE,       INPUT_MESSAGE,       INPUT_MESSAGE,
		INPUT_MESSAGE,  INPUT_MESSAGE,      INPUT_CHOOSE,        INPUT_CHOOSE,        INPUT_CHOOSE,
		INPUT_PERSON,   INPUT_RATE,         INPUT_RATE,          INPUT_SURVEY,        INPUT_CONTACT,
		INPUT_CLOSE,    INPUT_CLAIM,        INPUT_AGENT_MESSAGE, INPUT_NOTE,          INPUT_RETURN,
		INPUT_TRANSFER, INPUT_RETURN,       INPUT_AGENT_CLOSE,   INPUT_RATE_HANDOVER, INPUT_TIMER,
		INPUT_TIMER,    INPUT_UNANSWERABLE, INPUT_AGENT_GONE,
	};
	return kinds[next(walk, COUNT(kinds))];
}

/* Time goes on by seconds mostly, sometimes to the next timer, sometimes by hours. */
static void pass_time(struct walk *walk, enum input_kind kind)
{
	struct situation *now = &walk->kit->situation;
	int64_t wake_ms = conversation_wake_ms(walk->kit->state, kit_settings(walk->kit));
	if (kind == INPUT_TIMER && wake_ms > now->now_ms)
		now->now_ms = wake_ms;
	else if (next(walk, 12) == 0)
		now->now_ms += next(walk, 9 * KIT_HOUR);
	else
		now->now_ms += next(walk, 40 * KIT_SECOND);
	if (next(walk, 8))
		return;
	now->agents_online = (int)next(walk, AGENTS + 1);
	now->agents_available = now->agents_online ? (int)next(walk, (unsigned)now->agents_online + 1) : 0;
	now->queue_length = (int)next(walk, 8);
	now->queue_position = 1 + (int)next(walk, 8);
	now->wait_ms = next(walk, 2) ? -1 : (int64_t)next(walk, 90 * KIT_MINUTE);
}

/* What the state `in` makes of the input, taken nowhere. */
static struct turn try_step(struct kit *kit, const struct conversation *in, const struct input *input)
{
	struct turn turn;
	conversation_step(in, input, kit->knowledge, kit->mind, &kit->situation, &kit->arena, &turn);
	return turn;
}

static void step(struct walk *walk, const struct input *input)
{
	struct kit *kit = walk->kit;
	kit->turn = try_step(kit, kit->state, input);
	for (size_t i = 0; i < kit->turn.event_count; i++) {
		conversation_apply(kit->state, &kit->turn.events[i]);
		take(walk, &kit->turn.events[i]);
	}
	check_turn(walk);
	check_decision(walk);
	check_input(walk, input);
}

/* ---- Replay ---- */

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a, b);
}

static bool same_event(const struct event *a, const struct event *b)
{
	return a->kind == b->kind && a->from == b->from && a->owner == b->owner && a->reason == b->reason &&
	       a->action == b->action && a->episode == b->episode && a->seq == b->seq && same_text(a->text, b->text) &&
	       same_text(a->intent, b->intent) && a->option_count == b->option_count;
}

static bool same_state(const struct conversation *a, const struct conversation *b, const struct settings *settings)
{
	return conversation_seq(a) == conversation_seq(b) && conversation_owner(a) == conversation_owner(b) &&
	       conversation_agent(a) == conversation_agent(b) && conversation_episode(a) == conversation_episode(b) &&
	       conversation_is_closed(a) == conversation_is_closed(b) && conversation_mood(a) == conversation_mood(b) &&
	       conversation_trend(a) == conversation_trend(b) && conversation_priority(a) == conversation_priority(b) &&
	       conversation_reason(a) == conversation_reason(b) &&
	       conversation_waiting_since(a) == conversation_waiting_since(b) &&
	       conversation_wake_ms(a, settings) == conversation_wake_ms(b, settings) &&
	       same_text(conversation_language(a), conversation_language(b)) &&
	       same_text(conversation_intent(a), conversation_intent(b));
}

static struct conversation *replay(struct walk *walk)
{
	struct conversation *again = conversation_new();
	for (size_t i = 0; i < walk->count; i++)
		conversation_apply(again, &walk->events[i]);
	must(walk, same_state(walk->kit->state, again, kit_settings(walk->kit)), "a replayed state is another one");
	return again;
}

static void restart(struct walk *walk)
{
	struct conversation *again = replay(walk);
	conversation_free(walk->kit->state);
	walk->kit->state = again;
}

static void check_replay(struct walk *walk)
{
	struct conversation *again = replay(walk);
	struct input input = input_blank(choose_kind(walk));
	fill_visitor(walk, &input);
	if (input.kind >= INPUT_CLAIM && input.kind <= INPUT_AGENT_GONE)
		fill_agent(walk, &input);
	struct turn live = try_step(walk->kit, walk->kit->state, &input);
	struct turn replayed = try_step(walk->kit, again, &input);
	bool is_same = live.refusal == replayed.refusal && live.event_count == replayed.event_count;
	for (size_t i = 0; is_same && i < live.event_count; i++)
		is_same = same_event(&live.events[i], &replayed.events[i]);
	must(walk, is_same, "a replayed state decides otherwise");
	conversation_free(again);
}

static void check_queue_ends(struct walk *walk)
{
	struct kit *kit = walk->kit;
	const struct settings *settings = kit_settings(kit);
	int64_t end_ms = kit->situation.now_ms + settings->give_up_ms;
	struct input timer = input_blank(INPUT_TIMER);
	while (walk->owner == OWNER_QUEUE) {
		int64_t wake_ms = conversation_wake_ms(kit->state, settings);
		must(walk, wake_ms <= end_ms, "the queue holds on too long");
		if (wake_ms > kit->situation.now_ms)
			kit->situation.now_ms = wake_ms;
		size_t before = walk->count;
		step(walk, &timer);
		must(walk, walk->count > before, "a timer of the queue that does nothing");
	}
}

static size_t run_walk(struct kit *kit, size_t number)
{
	static struct walk walk;
	walk = (struct walk){ .kit = kit,
			      .random = 88172645463325252ULL ^ (number * 0x9e3779b97f4a7c15ULL),
			      .number = number };
	kit_begin(kit);
	walk.owner = OWNER_BOT;
	kit->situation.now_ms = kit_time(kit, 1 + (int)next(&walk, 7), (int)next(&walk, 24), 0);
	for (size_t i = 0; i < WALK_STEPS && walk.count + 16 < WALK_EVENTS_MAX; i++) {
		struct input input = input_blank(choose_kind(&walk));
		pass_time(&walk, input.kind);
		fill_visitor(&walk, &input);
		if (input.kind >= INPUT_CLAIM && input.kind <= INPUT_AGENT_GONE)
			fill_agent(&walk, &input);
		step(&walk, &input);
		if (next(&walk, 20) == 0)
			restart(&walk);
	}
	check_queue_ends(&walk);
	check_replay(&walk);
	return walk.count;
}

static void what_must_never_happen_does_not(void **state)
{
	struct kit *kit = *state;
	size_t events = 0, walks = 0;
	while (walks < walks_wanted)
		events += run_walk(kit, first_walk + walks++);
	print_message("%zu events in %zu walks\n", events, walks);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_must_never_happen_does_not) };
	if (argc > 1)
		walks_wanted = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		first_walk = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
