/* SPDX-License-Identifier: Apache-2.0 */
#include "server/internal.h"
#include "server/summary.h"

#include "base/log.h"
#include "dialogue/hours.h"

#include <assert.h>
#include <string.h>

enum { AGENT_CHUNK = 200 };

/* ---- To one ---- */

struct peer *peer_find(struct hub *hub, uint64_t number)
{
	return number ? idmap_get(&hub->peers, number) : NULL;
}

struct origin origin_of(struct peer *peer, const struct frame *frame)
{
	struct hub *hub = peer->hub;
	if (!peer->number) {
		peer->number = ++hub->last_number;
		idmap_put(&hub->peers, peer->number, peer);
	}
	return (struct origin){ .peer = peer->number, .of = frame->type, .client_id = frame->client_id };
}

void tell_pong(struct peer *peer)
{
	buf_reset(&peer->hub->text);
	wire_pong(&peer->hub->text);
	tell_peer(peer);
}

void tell_peer(struct peer *peer)
{
	ws_send_text(peer->socket, buf_str(&peer->hub->text));
}

/* Waiting is no mistake: whoever is told to come back later is not thrown out for it so soon. */
static bool is_mistake(const char *code)
{
	return strcmp(code, "rate_limited") && strcmp(code, "busy") && strcmp(code, "not_saved") &&
	       strcmp(code, "unknown_token");
}

void tell_error(struct peer *peer, const char *code, const char *message, const struct origin *origin,
		int64_t retry_after_ms, int64_t conversation)
{
	enum { CLOSE_POLICY = 1008 };
	struct hub *hub = peer->hub;
	metrics_add(&hub->options.metrics->errors_sent, 1);
	buf_reset(&hub->text);
	wire_error_frame(&hub->text, code, message, origin ? origin->client_id : "", retry_after_ms,
			 peer->side == SIDE_AGENT ? conversation : 0);
	tell_peer(peer);
	if (!is_mistake(code))
		return;
	int64_t now = clock_steady_ms();
	peer->errors = (uint16_t)(now - peer->error_ms > ERRORS_ROW_MS ? 1 : peer->errors + 1);
	peer->error_ms = now;
	if (peer->errors < ERRORS_MAX)
		return;
	buf_reset(&hub->text);
	wire_error_frame(&hub->text, "too_many_errors", "too many errors in a row, the connection is closed", "", 0, 0);
	tell_peer(peer);
	ws_close(peer->socket, CLOSE_POLICY);
}

void tell_ack(struct peer *peer, const struct origin *origin, int64_t seq, int64_t at_ms, const char *token,
	      int64_t conversation)
{
	bool is_agent = peer->side == SIDE_AGENT;
	struct wire_ack ack = { .of = origin->of,
				.client_id = origin->client_id,
				.seq = seq,
				.at_ms = at_ms,
				.token = is_agent ? "" : token,
				.conversation = is_agent ? conversation : 0 };
	buf_reset(&peer->hub->text);
	wire_ack(&peer->hub->text, &ack);
	tell_peer(peer);
}

void tell_refusal(struct peer *peer, enum refusal refusal, const struct origin *origin, const struct live *live)
{
	static const struct {
		const char *code, *message;
	} words[] = {
		[REFUSAL_EMPTY] = { "empty", "there is nothing to read in this message" },
		[REFUSAL_TOO_LONG] = { "too_long", "this message is too long" },
		[REFUSAL_UNKNOWN_OPTION] = { "unknown_option", "this button was not offered" },
		[REFUSAL_NO_CONVERSATION] = { "no_conversation", "there is no conversation yet" },
		[REFUSAL_NOT_RATEABLE] = { "not_rateable", "only answers of the bot can be rated" },
		[REFUSAL_TAKEN] = { "taken", "a colleague has taken this conversation" },
		[REFUSAL_CLOSED] = { "closed", "this conversation is closed" },
		[REFUSAL_NOT_YOURS] = { "not_yours", "this conversation is not yours" },
		[REFUSAL_TOO_MANY_TAGS] = { "too_many", "this conversation has as many tags as it may have (12)" },
	};
	static_assert(TAGS_MAX == 12, "the message above says how many");
	assert(words[refusal].code); /* a turn that refused nothing is not told as a refusal */
	tell_error(peer, words[refusal].code, words[refusal].message, origin, 0, live->id);
}

/* ---- To those in a conversation, and to agents ---- */

void tell_all_agents(struct hub *hub, const struct agent_peer *but)
{
	struct packet *packet = NULL;
	for (struct agent_peer *agent = hub->agent_peers; agent; agent = agent->after) {
		if (agent == but || !agent->peer.is_welcome)
			continue;
		if (!packet)
			packet = packet_new(buf_str(&hub->text));
		ws_send(agent->peer.socket, packet);
	}
	packet_unref(packet);
}

void tell_visitors(struct live *live, const struct visitor *but)
{
	struct packet *packet = NULL;
	for (struct visitor *visitor = live->visitors; visitor; visitor = visitor->next) {
		if (visitor == but)
			continue;
		if (!packet)
			packet = packet_new(buf_str(&live->hub->text));
		ws_send(visitor->peer.socket, packet);
	}
	packet_unref(packet);
}

/* Whoever does not keep up reads the rest from the disk later: its outbox stays small and nothing gets lost. */
static bool can_take(struct peer *peer)
{
	if (!peer->is_behind && ws_queued(peer->socket) <= WS_OUTBOX_SOFT)
		return true;
	peer->is_behind = true;
	return false;
}

static void tell_event_visitors(struct live *live, const struct event *event)
{
	struct packet *packet = NULL;
	for (struct visitor *visitor = live->visitors; visitor; visitor = visitor->next) {
		if (visitor->sent_seq >= event->seq || !can_take(&visitor->peer))
			continue;
		if (!packet) {
			buf_reset(&live->hub->text);
			wire_event(&live->hub->text, event, live->id, false);
			packet = packet_new(buf_str(&live->hub->text));
		}
		visitor->sent_seq = event->seq;
		ws_send(visitor->peer.socket, packet);
	}
	packet_unref(packet);
}

static void tell_event_agents(struct live *live, const struct event *event)
{
	struct hub *hub = live->hub;
	struct packet *packet = NULL;
	for (struct agent_peer *agent = hub->agent_peers; agent; agent = agent->after) {
		if (!agent->peer.is_welcome || agent->sent_id >= event->id || !can_take(&agent->peer))
			continue;
		if (!packet) {
			buf_reset(&hub->text);
			wire_event(&hub->text, event, live->id, true);
			packet = packet_new(buf_str(&hub->text));
		}
		agent->sent_id = event->id;
		ws_send(agent->peer.socket, packet);
	}
	packet_unref(packet);
}

void tell_event(struct live *live, const struct event *event)
{
	if (event_is_public(event->kind))
		tell_event_visitors(live, event);
	tell_event_agents(live, event);
}

struct wire_summary summary_of(struct hub *hub, const struct conversation_row *row)
{
	const struct live *live = idmap_get(&hub->lives, (uint64_t)row->id);
	struct wire_summary summary = summary_of_row(row);
	summary.is_online = live && live->visitors;
	return summary;
}

void tell_summary(struct live *live, const struct conversation_row *row)
{
	struct hub *hub = live->hub;
	struct wire_summary summary = summary_of(hub, row);
	buf_reset(&hub->text);
	wire_inbox(&hub->text, &summary);
	tell_all_agents(hub, NULL);
}

/* ---- What was missed ---- */

void tell_missed(struct visitor *visitor)
{
	struct hub *hub = visitor->peer.hub;
	struct arena arena = { 0 };
	struct event *events;
	size_t count, i = 0;
	struct error err;
	visitor->peer.is_behind = false;
	if (!visitor->live || !visitor->live->id)
		return;
	if (store_load_events(hub->store, &arena, visitor->live->id, visitor->sent_seq, &events, &count, &err)) {
		log_line(LOG_ERROR, "events cannot be read: %s", err.message);
		ws_close(visitor->peer.socket, 1011); /* it comes back and asks again */
		count = 0;
	}
	for (; i < count && can_take(&visitor->peer); i++) {
		visitor->sent_seq = events[i].seq;
		if (!event_is_public(events[i].kind))
			continue;
		buf_reset(&hub->text);
		wire_event(&hub->text, &events[i], visitor->live->id, false);
		tell_peer(&visitor->peer);
	}
	visitor->peer.is_behind = i < count;
	arena_clear(&arena);
}

/* One by one: texts are long or short, and what piles up above its bound ends a connection. */
void tell_missed_agent(struct agent_peer *agent)
{
	struct hub *hub = agent->peer.hub;
	struct arena arena = { 0 };
	size_t count = AGENT_CHUNK;
	agent->peer.is_behind = false;
	while (count == AGENT_CHUNK && can_take(&agent->peer)) {
		struct stored_event *events;
		struct error err;
		if (store_load_since(hub->store, &arena, agent->sent_id, AGENT_CHUNK, &events, &count, &err)) {
			log_line(LOG_ERROR, "events cannot be read: %s", err.message);
			ws_close(agent->peer.socket, 1011);
			break;
		}
		for (size_t i = 0; i < count && can_take(&agent->peer); i++) {
			buf_reset(&hub->text);
			wire_event(&hub->text, &events[i].event, events[i].conversation, true);
			tell_peer(&agent->peer);
			agent->sent_id = events[i].event.id;
		}
		arena_reset(&arena);
	}
	arena_clear(&arena);
}

/* ---- The queue and the presence, as visitors see them ---- */

void tell_queue(struct hub *hub)
{
	enum { TOLD_MAX = 1000 };
	int64_t waiting[TOLD_MAX];
	if (!hub->queue_changed)
		return;
	hub->queue_changed = false;
	size_t count = queue_list(hub->queue, waiting, TOLD_MAX);
	for (size_t i = 0; i < count; i++) {
		struct live *live = idmap_get(&hub->lives, (uint64_t)waiting[i]);
		if (!live || live->told_position == i + 1)
			continue;
		live->told_position = i + 1;
		buf_reset(&hub->text);
		wire_queue(&hub->text, i + 1, queue_wait_ms(hub->queue, i + 1));
		tell_visitors(live, NULL);
	}
}

void tell_presence(struct hub *hub)
{
	int online, available;
	const struct knowledge *knowledge = hub->snapshot->knowledge;
	struct opening_state hours = hours_at(&knowledge->corpus->settings, knowledge->zone, clock_ms());
	staff_count(hub, &online, &available);
	if (hours.is_open == hub->told.is_open && hours.opens_ms == hub->told.opens_ms && available == hub->told.agents)
		return;
	hub->told.is_open = hours.is_open;
	hub->told.opens_ms = hours.opens_ms;
	hub->told.agents = available;
	buf_reset(&hub->text);
	wire_presence(&hub->text, hours.is_open, hours.opens_ms, available);
	struct packet *packet = packet_new(buf_str(&hub->text));
	for (struct visitor *visitor = hub->visitors; visitor; visitor = visitor->after)
		if (visitor->peer.is_welcome)
			ws_send(visitor->peer.socket, packet);
	packet_unref(packet);
}
