/* SPDX-License-Identifier: Apache-2.0 */
#include "server/internal.h"

#include "base/count.h"
#include "base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct situation hub_situation(struct hub *hub, const struct live *live, int64_t now_ms)
{
	struct situation situation = { .now_ms = now_ms };
	size_t place = live->id ? queue_position(hub->queue, live->id) : 0;
	staff_count(hub, &situation.agents_online, &situation.agents_available);
	situation.queue_length = (int)queue_length(hub->queue) - (place ? 1 : 0);
	if (!place)
		place = queue_position_for(hub->queue, live->row.priority);
	situation.queue_position = (int)place;
	situation.wait_ms = queue_wait_ms(hub->queue, place);
	return situation;
}

/* ---- On the way to the disk ---- */

static struct step *step_new(struct live *live)
{
	struct hub *hub = live->hub;
	struct step *step = mem_zalloc(1, sizeof *step);
	step->live = live;
	if (hub->arenas.count)
		step->arena = hub->arenas.items[--hub->arenas.count];
	return step;
}

static void step_free(struct step *step)
{
	struct hub *hub = step->live->hub;
	backlog_count(hub, &step->unsaved_bytes, 0);
	if (hub->arenas.count < ARENAS_KEPT && arena_size_bytes(&step->arena) <= 64 * 1024) {
		arena_reset(&step->arena);
		vec_push(&hub->arenas, step->arena);
	} else {
		arena_clear(&step->arena);
	}
	free(step->origins);
	free(step);
}

/* All memory that it holds, for as long as it is away. */
static void count_bytes(struct step *step)
{
	backlog_count(step->live->hub, &step->unsaved_bytes,
		      sizeof *step + arena_size_bytes(&step->arena) + step->origin_capacity * sizeof *step->origins);
}

static void add_origin(struct step *step, const struct origin *origin)
{
	struct {
		struct origin *items;
		size_t count, capacity;
	} list = { step->origins, step->origin_count, step->origin_capacity };
	vec_push(&list, *origin);
	list.items[list.count - 1].client_id = arena_strdup(&step->arena, str_of(origin->client_id));
	step->origins = list.items;
	step->origin_count = list.count;
	step->origin_capacity = list.capacity;
	count_bytes(step);
}

static struct conversation_row row_copy_in(struct arena *arena, const struct conversation_row *row)
{
	struct conversation_row copy = *row;
	copy.agent_name = arena_strdup(arena, str_of(row->agent_name));
	copy.language = arena_strdup(arena, str_of(row->language));
	copy.intent = arena_strdup(arena, str_of(row->intent));
	copy.last_text = arena_strdup(arena, str_of(row->last_text));
	copy.visitor_name = arena_strdup(arena, str_of(row->visitor_name));
	copy.visitor_email = arena_strdup(arena, str_of(row->visitor_email));
	copy.subject = arena_strdup(arena, str_of(row->subject));
	copy.profile = arena_strdup(arena, str_of(row->profile));
	copy.tags = arena_strdup(arena, str_of(row->tags));
	return copy;
}

/* The event that the sender waits for: the message that carries the client_id, or else the first. */
static const struct event *acknowledged(const struct step *step, const struct input *input)
{
	const struct event *events = step->turn.events;
	for (size_t i = 0; i < step->turn.event_count; i++)
		if (events[i].kind == EVENT_MESSAGE && *input->client_id &&
		    !strcmp(events[i].client_id, input->client_id))
			return &events[i];
	return step->turn.event_count ? &events[0] : NULL;
}

static void on_back(struct task *task)
{
	struct step *step = (struct step *)(void *)task;
	vec_push(&step->live->hub->round, step);
}

/* The writer is woken once for all of a round. */
static void leave(struct hub *hub, struct writing *writing)
{
	hub->away++;
	writing->next = NULL;
	if (hub->leaving)
		hub->leaving_last->next = writing;
	else
		hub->leaving = writing;
	hub->leaving_last = writing;
}

void step_hand_over(struct hub *hub)
{
	if (hub->leaving)
		writer_put_all(hub->options.writer, hub->leaving, hub->leaving_last);
	hub->leaving = hub->leaving_last = NULL;
}

static void send_off(struct step *step)
{
	struct live *live = step->live;
	step->writing.is_step = true;
	step->writing.task.run = on_back;
	step->writing.step.row.id = live->id;
	leave(live->hub, &step->writing);
}

/* Why the bot did what it did, kept with the decision; and the figures of the metrics. */
static void record_decision(struct step *step, int64_t took_us)
{
	struct hub *hub = step->live->hub;
	struct metrics *metrics = hub->options.metrics;
	for (size_t i = 0; i < step->turn.event_count; i++) {
		struct event *event = &step->turn.events[i];
		if (event->kind == EVENT_HANDOVER)
			metrics_add(&metrics->handovers[event->reason], 1);
		if (event->kind != EVENT_DECISION || !step->turn.decision)
			continue;
		metrics_add(&metrics->decisions[event->action], 1);
		metrics_add(&metrics->answer_us, (unsigned long)took_us);
		buf_reset(&hub->text);
		wire_decision_details(&hub->text, step->turn.decision, took_us);
		event->details = arena_strdup(&step->arena, buf_str(&hub->text));
	}
}

/* An address is kept together with the words that were agreed to: those of the page, as its welcome had them. */
static void record_consent(struct step *step, const char *language)
{
	struct hub *hub = step->live->hub;
	for (size_t i = 0; i < step->turn.event_count; i++) {
		struct event *event = &step->turn.events[i];
		if (event->kind != EVENT_CONTACT)
			continue;
		buf_reset(&hub->text);
		wire_consent(&hub->text, localized_text(&hub_settings(hub)->consent, language));
		event->details = arena_strdup(&step->arena, buf_str(&hub->text));
	}
}

static void prepare_write(struct step *step, int64_t seq_before)
{
	struct live *live = step->live;
	struct store_write *write = &step->writing.step;
	write->row = row_copy_in(&step->arena, &live->row);
	write->expected_seq = seq_before;
	write->events = step->turn.events;
	write->event_count = step->turn.event_count;
	if (live->id)
		return;
	if (!live->token.text[0])
		live->token = secret_make();
	secret_hash(live->token.text, write->token_hash);
	live_begins(live, write->token_hash);
}

static void queue_step(struct step *step)
{
	struct live *live = step->live;
	if (live->last)
		live->last->next = step;
	else
		live->first = step;
	live->last = step;
	count_bytes(step);
	/* A new conversation gets its number from its first step: the others wait for it. */
	step->is_held = !live->id && live->first != step;
	if (step->is_held)
		live->held++;
	else
		send_off(step);
}

bool step_take(struct live *live, const struct input *input, const struct origin *origin)
{
	struct hub *hub = live->hub;
	struct peer *peer = origin ? peer_find(hub, origin->peer) : NULL;
	if (live->is_broken || live->is_erased) {
		if (peer)
			tell_error(peer, "not_saved", "not saved, please send it again", origin, RETRY_MS, live->id);
		return false;
	}
	loop_look_at_clock(hub->options.loop);
	struct step *step = step_new(live);
	int64_t began_us = clock_steady_us(), seq_before = conversation_seq(live->state);
	struct situation situation = hub_situation(hub, live, clock_ms());
	conversation_step(live->state, input, hub->snapshot->knowledge, hub->mind, &situation, &step->arena,
			  &step->turn);
	if (step->turn.refusal || !step->turn.event_count) {
		if (peer && step->turn.refusal)
			tell_refusal(peer, step->turn.refusal, origin, live);
		else if (peer)
			tell_ack(peer, origin, seq_before, 0, "", live->id);
		bool is_taken = !step->turn.refusal;
		step_free(step);
		return is_taken;
	}
	record_decision(step, clock_steady_us() - began_us);
	record_consent(step, input->language);
	const struct event *told = acknowledged(step, input);
	step->ack_seq = told->seq;
	step->ack_ms = told->at_ms;
	if (origin)
		add_origin(step, origin);
	live_apply(live, step->turn.events, step->turn.event_count);
	prepare_write(step, seq_before);
	queue_step(step);
	return true;
}

/* ---- The same client_id again ---- */

static struct step *step_with(const struct live *live, int64_t seq)
{
	for (struct step *step = live->first; step; step = step->next)
		if (step->turn.event_count && step->turn.events[0].seq <= seq &&
		    seq < step->turn.events[0].seq + (int64_t)step->turn.event_count)
			return step;
	return NULL;
}

/* The event number `seq`, on its way or on the disk; NULL when it cannot be read. */
static const struct event *event_at(struct live *live, const struct step *step, int64_t seq)
{
	struct event *events;
	size_t count;
	struct error err;
	if (step)
		return &step->turn.events[seq - step->turn.events[0].seq];
	if (store_load_events(live->hub->store, &live->hub->arena, live->id, seq - 1, &events, &count, &err) || !count)
		return NULL;
	return &events[0];
}

bool step_repeat(struct live *live, const struct input *input, const struct origin *origin)
{
	struct peer *peer = peer_find(live->hub, origin->peer);
	int64_t seq = conversation_find_client_id(live->state, origin->client_id, input->agent);
	if (!seq)
		return false;
	struct step *step = step_with(live, seq);
	const struct event *event = event_at(live, step, seq);
	if (!event) {
		tell_error(peer, "not_saved", "not saved, please send it again", origin, RETRY_MS, live->id);
		return true;
	}
	if (strcmp(event->client_id, origin->client_id))
		return false; /* only the hash is the same */
	if (!event_is_of_input(event, input))
		tell_error(peer, "conflict", "this client_id was used for something else", origin, 0, live->id);
	else if (!step)
		tell_ack(peer, origin, event->seq, event->at_ms, seq == 1 ? live->token.text : "", live->id);
	else if (!backlog_refuses(peer, input->agent ? BACKLOG_AGENT : BACKLOG_RUNNING, origin, live->id))
		add_origin(step, origin); /* acknowledged together with the first */
	return true;
}

void step_once(struct live *live, const struct input *input, const struct origin *origin)
{
	if (!live->is_broken && step_repeat(live, input, origin))
		return;
	if (!backlog_refuses(peer_find(live->hub, origin->peer), BACKLOG_AGENT, origin, live->id))
		step_take(live, input, origin);
}

/* ---- Back from the disk ---- */

static void answer_origins(struct step *step, bool is_done)
{
	struct live *live = step->live;
	for (size_t i = 0; i < step->origin_count; i++) {
		const struct origin *origin = &step->origins[i];
		struct peer *peer = peer_find(live->hub, origin->peer);
		if (!peer)
			continue;
		if (is_done)
			tell_ack(peer, origin, step->ack_seq, step->ack_ms,
				 step->turn.events[0].seq == 1 ? live->token.text : "", live->id);
		else
			tell_error(peer, "not_saved", "not saved, please send it again", origin, RETRY_MS, live->id);
	}
}

static void pop_step(struct live *live, struct step *step)
{
	assert(live->first == step);
	live->first = step->next;
	if (!live->first)
		live->last = NULL;
}

void step_release(struct live *live)
{
	for (struct step *step = live->first; step; step = step->next) {
		if (!step->is_held)
			continue;
		step->is_held = false;
		live->held--;
		send_off(step);
	}
}

void step_drop_all(struct live *live)
{
	while (live->first) {
		struct step *step = live->first;
		pop_step(live, step);
		step_free(step);
	}
}

static void fail_held(struct live *live)
{
	while (live->first && live->first->is_held) {
		struct step *step = live->first;
		live->held--;
		pop_step(live, step);
		answer_origins(step, false);
		step_free(step);
	}
}

static void tell_step(struct step *step)
{
	struct live *live = step->live;
	struct hub *hub = live->hub;
	answer_origins(step, true);
	for (size_t i = 0; i < step->turn.event_count; i++) {
		struct event *event = &step->turn.events[i];
		event->id = step->writing.result.first_id + (int64_t)i;
		tell_event(live, event);
		if (event->kind == EVENT_MESSAGE && event->from != AUTHOR_BOT)
			metrics_add(event->from == AUTHOR_AGENT ? &hub->options.metrics->agent_messages
								: &hub->options.metrics->messages,
				    1);
	}
	if (step->turn.is_alert && hub->agent_peers) {
		buf_reset(&hub->text);
		wire_alert(&hub->text, live->id, "A visitor is waiting and nobody has answered yet.");
		tell_all_agents(hub, NULL);
	}
	/* Of several steps of one round agents see the last state only. */
	if (live->told == step && hub->agent_peers && !live->is_erased) {
		step->writing.step.row.id = live->id;
		tell_summary(live, &step->writing.step.row);
	}
}

static void settle_step(struct step *step)
{
	struct live *live = step->live;
	pop_step(live, step);
	live->hub->away--;
	if (step->writing.result.outcome == STORE_DONE) {
		if (!live->id)
			live_numbered(live, step->writing.result.conversation);
		tell_step(step);
	} else {
		live->is_broken = true;
		answer_origins(step, false);
		fail_held(live);
	}
	step_free(step);
	if (live->first)
		return;
	if (live->is_erased || (!live->id && !live->visitors))
		live_free(live);
	else if (live->is_broken)
		live_reread(live);
	else if (live_is_over(live, clock_steady_ms())) /* woken to be closed */
		live_free(live);
}

void step_settle(struct hub *hub)
{
	for (size_t i = 0; i < hub->round.count; i++)
		hub->round.items[i]->live->told = hub->round.items[i];
	for (size_t i = 0; i < hub->round.count; i++)
		settle_step(hub->round.items[i]);
	hub->round.count = 0;
}

/* ---- Other things to write ---- */

static void on_act_back(struct task *task)
{
	struct act *act = (struct act *)(void *)task;
	step_settle(act->hub); /* what was written before it is told before it */
	act->hub->away--;
	backlog_count(act->hub, &act->unsaved_bytes, 0);
	act->done(act);
	free(act->client_id);
	free(act);
}

struct act *act_new(struct hub *hub, const struct origin *origin, int64_t number)
{
	struct act *act = mem_zalloc(1, sizeof *act);
	act->hub = hub;
	act->writing.number = number;
	act->client_id = mem_strdup(origin ? origin->client_id : "");
	act->writing.task.run = on_act_back;
	if (origin) {
		act->peer = origin->peer;
		act->of = origin->of;
	}
	return act;
}

void act_put(struct act *act)
{
	const struct draft_row *draft = &act->draft;
	const char *texts[] = { act->client_id, draft->utterance, draft->intent, draft->question, draft->answer };
	size_t bytes = sizeof *act;
	for (size_t i = 0; i < COUNT(texts); i++)
		bytes += texts[i] ? strlen(texts[i]) + 1 : 0;
	backlog_count(act->hub, &act->unsaved_bytes, bytes);
	leave(act->hub, &act->writing);
}
