/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a conversation and the frame of a step. What each input does is in step_*.c. */
#include "dialogue/conversation.h"

#include "base/count.h"
#include "base/mem.h"
#include "base/vec.h"
#include "dialogue/policy_internal.h"
#include "dialogue/step_internal.h"
#include "text/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TURN_EVENTS_MAX = 8, CLIENT_PLACES_LEAST = 8 };

struct conversation *conversation_new(void)
{
	struct conversation *state = mem_zalloc(1, sizeof *state);
	state->facts = facts_blank();
	return state;
}

void conversation_free(struct conversation *state)
{
	if (!state)
		return;
	for (size_t i = 0; i < TEXT_COUNT; i++)
		free(state->owned[i]);
	for (size_t i = 0; i < state->shown.count; i++) {
		free(state->shown.items[i].id);
		free(state->shown.items[i].label);
	}
	vec_clear(&state->shown);
	free(state->clients.places);
	vec_clear(&state->bot_lines);
	free(state);
}

/* The facts borrow texts of the event, and of each other: copy all that are new before any old one goes. */
static void own_texts(struct conversation *state)
{
	char *before[TEXT_COUNT];
	memcpy(before, state->owned, sizeof before);
	for (size_t i = 0; i < TEXT_COUNT; i++)
		if (state->facts.texts[i] != before[i])
			state->owned[i] = *state->facts.texts[i] ? mem_strdup(state->facts.texts[i]) : NULL;
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		if (state->owned[i] != before[i])
			free(before[i]);
		state->facts.texts[i] = state->owned[i] ? state->owned[i] : "";
	}
}

static const struct shown_option *find_shown(const struct conversation *state, const char *id)
{
	for (size_t i = 0; i < state->shown.count; i++)
		if (!strcmp(state->shown.items[i].id, id))
			return &state->shown.items[i];
	return NULL;
}

static void keep_option(struct conversation *state, const struct option *option)
{
	struct shown_option *known = (struct shown_option *)find_shown(state, option->id);
	size_t place = known ? (size_t)(known - state->shown.items) : state->shown.count;
	if (!known) {
		vec_push(&state->shown, (struct shown_option){ mem_strdup(option->id), mem_strdup(option->label) });
	} else if (strcmp(known->label, option->label) != 0) {
		free(known->label);
		known->label = mem_strdup(option->label);
	}
	if (state->offered_count < OFFERED_KEPT && place <= UINT16_MAX)
		state->offered[state->offered_count++] = (uint16_t)place;
}

static int64_t sender_of(const struct event *event)
{
	if (event->from == AUTHOR_VISITOR)
		return 0;
	return event->from == AUTHOR_AGENT ? event->agent : -1;
}

static void place_mark(struct client_mark *places, size_t capacity, const struct client_mark *mark)
{
	size_t at = mark->hash & (capacity - 1);
	while (places[at].seq)
		at = (at + 1) & (capacity - 1);
	places[at] = *mark;
}

/* A quarter of the places stays free, so that a look ends soon. */
static void add_mark(struct conversation *state, const struct client_mark *mark)
{
	if (state->clients.count >= state->clients.capacity / 4 * 3) {
		size_t capacity = state->clients.capacity ? 2 * state->clients.capacity : CLIENT_PLACES_LEAST;
		struct client_mark *places = mem_zalloc(capacity, sizeof *places);
		for (size_t i = 0; i < state->clients.capacity; i++)
			if (state->clients.places[i].seq)
				place_mark(places, capacity, &state->clients.places[i]);
		free(state->clients.places);
		state->clients.places = places;
		state->clients.capacity = capacity;
	}
	place_mark(state->clients.places, state->clients.capacity, mark);
	state->clients.count++;
}

void conversation_apply(struct conversation *state, const struct event *event)
{
	assert(event->seq == state->facts.seq + 1);
	facts_apply(&state->facts, event);
	own_texts(state);
	if (*event->client_id)
		add_mark(state, &(struct client_mark){ text_hash(event->client_id), event->seq, sender_of(event) });
	if (event->kind == EVENT_MESSAGE && event->from == AUTHOR_BOT)
		vec_push(&state->bot_lines, event->seq);
	if (event->option_count)
		state->offered_count = 0;
	for (size_t i = 0; i < event->option_count; i++)
		keep_option(state, &event->options[i]);
}

/* first_ms stays: by it a visitor is given the same one of several answers again. */
void conversation_shift(struct conversation *state, int64_t by_ms)
{
	struct facts *facts = &state->facts;
	int64_t *times[] = { &facts->last_at_ms,    &facts->closed_ms,  &facts->waiting_since_ms, &facts->queued_ms,
			     &facts->place_kept_ms, &facts->noticed_ms, &facts->began_ms };
	for (size_t i = 0; i < COUNT(times); i++)
		if (*times[i])
			*times[i] += by_ms;
}

/* ---- Questions ---- */

int64_t conversation_last_at(const struct conversation *state)
{
	return state->facts.last_at_ms;
}

int64_t conversation_seq(const struct conversation *state)
{
	return state->facts.seq;
}

enum owner conversation_owner(const struct conversation *state)
{
	return state->facts.owner;
}

int64_t conversation_agent(const struct conversation *state)
{
	return state->facts.agent;
}

int conversation_episode(const struct conversation *state)
{
	return state->facts.episode;
}

bool conversation_is_closed(const struct conversation *state)
{
	return state->facts.is_closed;
}

const char *conversation_language(const struct conversation *state)
{
	return state->facts.language;
}

double conversation_mood(const struct conversation *state)
{
	return state->facts.mood;
}

int conversation_trend(const struct conversation *state)
{
	return state->facts.trend;
}

int64_t conversation_waiting_since(const struct conversation *state)
{
	return state->facts.waiting_since_ms;
}

int conversation_priority(const struct conversation *state)
{
	return state->facts.priority;
}

enum reason conversation_reason(const struct conversation *state)
{
	return state->facts.reason;
}

const char *conversation_intent(const struct conversation *state)
{
	return state->facts.texts[TEXT_INTENT];
}

const char *conversation_tags(const struct conversation *state)
{
	return state->facts.texts[TEXT_TAGS];
}

int64_t conversation_find_client_id(const struct conversation *state, const char *client_id, int64_t agent)
{
	uint64_t hash = text_hash(client_id);
	size_t last = state->clients.capacity - 1;
	int64_t newest = 0;
	if (!*client_id || !state->clients.capacity)
		return 0;
	for (size_t at = hash & last; state->clients.places[at].seq; at = (at + 1) & last) {
		const struct client_mark *mark = &state->clients.places[at];
		bool is_theirs = mark->sender == agent || (mark->sender < 0 && agent);
		if (mark->hash == hash && is_theirs && mark->seq > newest)
			newest = mark->seq;
	}
	return newest;
}

const char *conversation_offered(const struct conversation *state, size_t place)
{
	return place < state->offered_count ? state->shown.items[state->offered[place]].id : NULL;
}

const char *conversation_option_label(const struct conversation *state, const char *id)
{
	const struct shown_option *option = find_shown(state, id);
	return option ? option->label : NULL;
}

bool conversation_is_bot_line(const struct conversation *state, int64_t seq)
{
	for (size_t i = state->bot_lines.count; i-- > 0;)
		if (state->bot_lines.items[i] == seq)
			return true;
	return false;
}

int64_t conversation_wake_ms(const struct conversation *state, const struct settings *settings)
{
	const struct facts *facts = &state->facts;
	if (!facts->seq || facts->is_closed || facts->owner == OWNER_AGENT)
		return 0;
	if (facts->owner == OWNER_QUEUE) {
		int64_t alert_ms = facts->queued_ms + settings->claim_timeout_ms;
		int64_t end_ms = facts->queued_ms + settings->give_up_ms;
		return facts->is_alerted || alert_ms > end_ms ? end_ms : alert_ms;
	}
	/* A ticket stays open until an agent has answered it. */
	bool is_ticket = facts->owner == OWNER_NOBODY && facts->has_contact;
	return is_ticket ? 0 : facts->last_at_ms + settings->visitor_away_ms;
}

/* ---- A step ---- */

struct input input_blank(enum input_kind kind)
{
	return (struct input){
		.kind = kind,
		.client_id = "",
		.text = { "", 0 },
		.option = "",
		.language = "",
		.page_path = "",
		.agent_name = "",
		.to_agent_name = "",
		.rating = event_blank().rating,
		.contact_name = "",
		.contact_email = "",
		.subject = "",
	};
}

const char *step_language(const struct step *step)
{
	return *step->facts.language ? step->facts.language : step->settings->language;
}

struct event step_event(const struct step *step, enum event_kind kind, enum author from)
{
	struct event event = event_blank();
	event.seq = step->facts.seq + 1;
	event.at_ms = step->situation->now_ms;
	event.kind = kind;
	event.from = from;
	event.owner = step->facts.owner;
	event.owner_agent = step->facts.agent;
	event.episode = step->facts.episode ? step->facts.episode : 1;
	return event;
}

struct event step_line(const struct step *step, enum event_kind kind, enum phrase phrase,
		       const struct phrase_values *values)
{
	struct event event = step_event(step, kind, AUTHOR_SYSTEM);
	event.text = phrase_in(step->arena, step_language(step), phrase, values);
	return event;
}

void step_add(struct step *step, const struct event *event)
{
	struct turn *turn = step->turn;
	assert(turn->event_count < TURN_EVENTS_MAX);
	if (!turn->events)
		turn->events = arena_zalloc(step->arena, TURN_EVENTS_MAX, sizeof *turn->events);
	struct event *added = &turn->events[turn->event_count++];
	*added = *event;
	if (added->owner != OWNER_AGENT)
		added->owner_agent = 0;
	facts_apply(&step->facts, added);
}

void step_refuse(struct step *step, enum refusal refusal)
{
	assert(!step->turn->event_count);
	step->turn->refusal = refusal;
}

const char *step_copy(const struct step *step, const char *text)
{
	return *text ? arena_strdup(step->arena, str_of(text)) : "";
}

bool step_is_reachable(const struct step *step)
{
	return situation_is_reachable(step->situation, step->hours.is_open);
}

const char *step_place(const struct step *step)
{
	return phrase_place_in(step->arena, step_language(step), step->situation->queue_position,
			       step->situation->wait_ms);
}

/* White space, controls, and what takes no room: joiners, marks of direction, the soft hyphen. */
static bool is_visible(uint32_t code)
{
	static const struct {
		uint32_t from, to;
	} blank[] = {
		{ 0, 0x20 },        { 0x7f, 0xa0 },     { 0xad, 0xad },     { 0x1680, 0x1680 }, { 0x180e, 0x180e },
		{ 0x2000, 0x200f }, { 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x2800, 0x2800 }, { 0x3000, 0x3000 },
		{ 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe01ef },
	};
	for (size_t i = 0; i < COUNT(blank); i++)
		if (code >= blank[i].from && code <= blank[i].to)
			return false;
	return true;
}

bool step_takes_text(struct step *step, struct str text)
{
	size_t most = (size_t)step->settings->message_length;
	bool has_visible = false;
	for (size_t at = 0; at < text.len && !has_visible;)
		has_visible = is_visible(utf8_next(text, &at));
	/* There are never more characters than bytes. */
	bool is_too_long = text.len > most && utf8_count(text) > most;
	if (is_too_long)
		step_refuse(step, REFUSAL_TOO_LONG);
	else if (!has_visible)
		step_refuse(step, REFUSAL_EMPTY);
	return has_visible && !is_too_long;
}

void conversation_step(const struct conversation *state, const struct input *input, const struct knowledge *knowledge,
		       struct mind *mind, const struct situation *situation, struct arena *arena, struct turn *out)
{
	static void (*const inputs[])(struct step *) = {
		[INPUT_MESSAGE] = step_message,
		[INPUT_CHOOSE] = step_choose,
		[INPUT_PERSON] = step_person,
		[INPUT_RATE] = step_rate,
		[INPUT_SURVEY] = step_survey,
		[INPUT_CONTACT] = step_contact,
		[INPUT_CLOSE] = step_close,
		[INPUT_CLAIM] = step_claim,
		[INPUT_AGENT_MESSAGE] = step_agent_message,
		[INPUT_NOTE] = step_note,
		[INPUT_TAG] = step_tag,
		[INPUT_TRANSFER] = step_transfer,
		[INPUT_RETURN] = step_return,
		[INPUT_AGENT_CLOSE] = step_agent_close,
		[INPUT_RATE_HANDOVER] = step_rate_handover,
		[INPUT_AGENT_GONE] = step_agent_gone,
		[INPUT_TIMER] = step_timer,
		[INPUT_UNANSWERABLE] = step_unanswerable,
	};
	const struct settings *settings = &knowledge->corpus->settings;
	*out = (struct turn){ .refusal = REFUSAL_NONE };
	struct step step = {
		.state = state,
		.input = input,
		.knowledge = knowledge,
		.settings = settings,
		.mind = mind,
		.situation = situation,
		.arena = arena,
		.facts = state->facts,
		.hours = hours_at(settings, knowledge->zone, situation->now_ms),
		.turn = out,
	};
	inputs[input->kind](&step);
}
