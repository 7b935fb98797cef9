/* SPDX-License-Identifier: Apache-2.0 */
#include "server/internal.h"

#include "base/log.h"
#include "base/mem.h"
#include "dialogue/asked.h"
#include "server/cards.h"

#include <stdlib.h>
#include <string.h>

enum { INBOX_MAX = 200, SUGGESTIONS = 3, LIST_USUAL = 50, CAPACITY_MAX = 50 };

/* ---- hello ---- */

struct rows {
	struct wire_summary *items;
	size_t count, capacity;
};

static int add_rows(struct hub *hub, const struct list_query *query, struct rows *inbox, struct error *err)
{
	struct conversation_row *rows;
	size_t count;
	if (store_list(hub->store, &hub->arena, query, &rows, &count, err))
		return -1;
	for (size_t i = 0; i < count; i++) {
		bool is_in = false;
		for (size_t j = 0; j < inbox->count && !is_in; j++)
			is_in = inbox->items[j].id == rows[i].id;
		if (!is_in)
			vec_push(inbox, summary_of(hub, &rows[i]));
	}
	return 0;
}

/* Waiting ones, the agent's own, and all others that are open. */
static int inbox_of(struct agent_peer *agent, struct rows *inbox, struct error *err)
{
	struct hub *hub = agent->peer.hub;
	const struct list_query queries[] = {
		{ .list = LIST_WAITING, .limit = INBOX_MAX },
		{ .list = LIST_OF_AGENT, .agent = agent->agent->id, .limit = INBOX_MAX },
		{ .list = LIST_OPEN, .limit = INBOX_MAX },
	};
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		if (add_rows(hub, &queries[i], inbox, err))
			return -1;
	return 0;
}

static void unreadable(struct agent_peer *agent, const struct error *err, const struct origin *origin)
{
	log_line(LOG_ERROR, "the data file cannot be read: %s", err->message);
	tell_error(&agent->peer, "not_saved", "this cannot be read just now", origin, RETRY_MS, 0);
}

static void not_there(struct agent_peer *agent, int64_t conversation, const struct origin *origin)
{
	tell_error(&agent->peer, "not_found", "there is no such conversation", origin, 0, conversation);
}

static void on_hello(struct agent_peer *agent, const struct frame *frame, const struct origin *origin)
{
	struct hub *hub = agent->peer.hub;
	struct rows inbox = { 0 };
	struct error err = { 0 };
	int64_t last = 0;
	if (agent->peer.is_welcome) {
		tell_error(&agent->peer, "hello_first", "hello was said already", origin, 0, 0);
		return;
	}
	if (store_last_event_id(hub->store, &last, &err) || inbox_of(agent, &inbox, &err)) {
		unreadable(agent, &err, origin);
		vec_clear(&inbox);
		return;
	}
	agent->peer.is_welcome = true;
	ws_greeted(agent->peer.socket);
	staff_connected(agent->agent);
	struct wire_agent_welcome welcome = {
		.you = staff_wire(agent->agent),
		.shop = hub_settings(hub)->name,
		.inbox = inbox.items,
		.inbox_count = inbox.count,
		.last = last,
		.corpus = snapshot_corpus(hub->snapshot),
	};
	welcome.agents = staff_list(hub, &hub->arena, &welcome.agent_count);
	buf_reset(&hub->text);
	wire_agent_welcome(&hub->text, &welcome);
	tell_peer(&agent->peer);
	vec_clear(&inbox);
	agent->sent_id = frame->last && frame->last < last ? frame->last : last;
	tell_missed_agent(agent);
}

/* ---- What an agent does in a conversation ---- */

/* Without the numbers of cards, whoever writes them. */
static char *masked(struct agent_peer *agent, const char *text)
{
	char *copy = arena_strdup(&agent->peer.hub->arena, str_of(text));
	cards_mask(copy);
	return copy;
}

static struct input input_of(struct agent_peer *agent, enum input_kind kind, const struct frame *frame)
{
	struct input input = input_blank(kind);
	input.client_id = frame->client_id;
	input.text = str_of(masked(agent, frame->text));
	input.agent = agent->agent->id;
	input.agent_name = agent->agent->name;
	return input;
}

static void on_verb(struct agent_peer *agent, struct live *live, const struct frame *frame, const struct origin *origin)
{
	static const enum input_kind kinds[] = {
		[FRAME_CLAIM] = INPUT_CLAIM,       [FRAME_MESSAGE] = INPUT_AGENT_MESSAGE,
		[FRAME_NOTE] = INPUT_NOTE,         [FRAME_RETURN] = INPUT_RETURN,
		[FRAME_CLOSE] = INPUT_AGENT_CLOSE, [FRAME_RATE_HANDOVER] = INPUT_RATE_HANDOVER,
		[FRAME_TAG] = INPUT_TAG,
	};
	struct input input = input_of(agent, kinds[frame->type], frame);
	input.rating = frame->rating;
	input.is_removal = frame->is_removal;
	step_once(live, &input, origin);
}

static void on_transfer(struct agent_peer *agent, struct live *live, const struct frame *frame,
			const struct origin *origin)
{
	struct input input = input_of(agent, INPUT_TRANSFER, frame);
	struct agent *to = frame->to_queue ? NULL : staff_find(agent->peer.hub, frame->to_agent);
	if (!frame->to_queue && (!to || to->is_removed)) {
		tell_error(&agent->peer, "not_found", "there is no such agent", origin, 0, live->id);
		return;
	}
	if (to) {
		input.to_agent = to->id;
		input.to_agent_name = to->name;
	}
	step_once(live, &input, origin);
}

static void on_ping(struct agent_peer *agent, const struct frame *frame, const struct origin *origin)
{
	(void)frame, (void)origin;
	tell_pong(&agent->peer);
}

static void on_typing(struct agent_peer *agent, struct live *live, const struct frame *frame,
		      const struct origin *origin)
{
	struct hub *hub = agent->peer.hub;
	(void)frame, (void)origin;
	buf_reset(&hub->text);
	wire_typing(&hub->text, "agent", agent->agent->name, live->id);
	tell_all_agents(hub, agent);
	if (live->row.owner != OWNER_AGENT || live->row.agent != agent->agent->id)
		return;
	buf_reset(&hub->text);
	wire_typing(&hub->text, "agent", agent->agent->name, 0);
	tell_visitors(live, NULL);
}

static void on_read(struct agent_peer *agent, struct live *live, const struct frame *frame, const struct origin *origin)
{
	struct hub *hub = agent->peer.hub;
	(void)origin;
	buf_reset(&hub->text);
	wire_read(&hub->text, frame->seq, 0);
	tell_visitors(live, NULL);
}

/* ---- What an agent wants to see ---- */

/* "I am asking a colleague to join us" is nothing that the colleague could send. */
static size_t suggest(struct hub *hub, struct live *live, struct str text, struct wire_suggestion out[SUGGESTIONS])
{
	struct understanding *understood = arena_zalloc(&hub->arena, 1, sizeof *understood);
	size_t count = 0;
	if (!str_trim(text).len)
		return 0;
	const char *usual = *live->row.language ? live->row.language : NULL;
	knowledge_understand(hub->snapshot->knowledge, hub->mind, text, usual, understood);
	const struct match_result *match = &understood->match;
	for (size_t i = 0; i < match->count && count < SUGGESTIONS; i++) {
		const struct intent *intent = &understood->language->corpus->intents[match->candidates[i].intent];
		const struct answer *answer = intent_answer(intent, ANSWER_PLAIN);
		if (answer && !is_person_intent(intent))
			out[count++] = (struct wire_suggestion){ intent->id, intent->question, answer->text,
								 answer->html, match->candidates[i].confidence };
	}
	return count;
}

static struct str last_question(const struct event *events, size_t count)
{
	while (count)
		if (events[--count].kind == EVENT_MESSAGE && events[count].from == AUTHOR_VISITOR)
			return str_of(events[count].text);
	return (struct str){ "", 0 };
}

/* The episodes before the present one, from their events. */
static size_t earlier_episodes(struct arena *arena, const struct event *events, size_t count, int present,
			       struct wire_earlier **out)
{
	size_t most = (size_t)present < count ? (size_t)present : count, found = 0;
	struct wire_earlier *list = *out = arena_zalloc(arena, most + 1, sizeof *list);
	for (size_t i = 0; i < count && events[i].episode < present; i++) {
		if (!found || list[found - 1].episode != events[i].episode) {
			if (found == most)
				break;
			list[found++] = (struct wire_earlier){ events[i].episode, events[i].at_ms, 0, REASON_NONE, -1 };
		}
		struct wire_earlier *episode = &list[found - 1];
		if (events[i].kind == EVENT_CLOSE)
			episode->closed_ms = events[i].at_ms;
		if (events[i].kind == EVENT_HANDOVER)
			episode->reason = events[i].reason;
		if (events[i].kind == EVENT_RATING && events[i].rating.csat > 0)
			episode->csat = events[i].rating.csat;
	}
	return found;
}

static void on_open(struct agent_peer *agent, struct live *live, const struct frame *frame, const struct origin *origin)
{
	struct hub *hub = agent->peer.hub;
	struct event *events;
	size_t count, skipped = 0;
	struct error err = { 0 };
	struct wire_earlier *earlier;
	struct wire_suggestion suggestions[SUGGESTIONS];
	struct conversation_row row;
	/* As it is on the disk: what is on its way comes as events. */
	int status = store_load_row(hub->store, &hub->arena, live->id, &row, &err);
	if (status > 0) { /* just erased */
		not_there(agent, live->id, origin);
		return;
	}
	if (status < 0 || store_load_events(hub->store, &hub->arena, live->id, 0, &events, &count, &err)) {
		unreadable(agent, &err, origin);
		return;
	}
	while (skipped < count && events[skipped].seq <= frame->last)
		skipped++;
	size_t earlier_count = earlier_episodes(&hub->arena, events, count, row.episode, &earlier);
	size_t suggestion_count = suggest(hub, live, last_question(events, count), suggestions);
	struct wire_summary summary = summary_of(hub, &row);
	buf_reset(&hub->text);
	wire_conversation(&hub->text, &summary, events + skipped, count - skipped, earlier, earlier_count, suggestions,
			  suggestion_count);
	tell_peer(&agent->peer);
}

static void on_suggest(struct agent_peer *agent, struct live *live, const struct frame *frame,
		       const struct origin *origin)
{
	struct hub *hub = agent->peer.hub;
	struct wire_suggestion suggestions[SUGGESTIONS];
	struct str text = str_of(frame->text);
	struct event *events;
	size_t count;
	struct error err;
	if (!text.len) {
		if (store_load_events(hub->store, &hub->arena, live->id, 0, &events, &count, &err)) {
			unreadable(agent, &err, origin);
			return;
		}
		text = last_question(events, count);
	}
	count = suggest(hub, live, text, suggestions);
	buf_reset(&hub->text);
	wire_suggestions(&hub->text, live->id, suggestions, count);
	tell_peer(&agent->peer);
}

static void on_list(struct agent_peer *agent, const struct frame *frame, const struct origin *origin)
{
	static const enum store_list lists[] = { [FILTER_WAITING] = LIST_WAITING,
						 [FILTER_MINE] = LIST_OF_AGENT,
						 [FILTER_ALL] = LIST_ALL,
						 [FILTER_TICKETS] = LIST_TICKETS };
	struct hub *hub = agent->peer.hub;
	size_t limit = frame->limit > 0 ? (size_t)frame->limit : LIST_USUAL;
	struct list_query query = {
		.list = lists[frame->filter], .agent = agent->agent->id, .before_ms = frame->before, .limit = limit + 1
	};
	struct rows rows = { 0 };
	struct error err;
	if (add_rows(hub, &query, &rows, &err)) {
		unreadable(agent, &err, origin);
	} else {
		bool has_more = rows.count > limit;
		buf_reset(&hub->text);
		wire_list(&hub->text, frame->filter, rows.items, has_more ? limit : rows.count, has_more);
		tell_peer(&agent->peer);
	}
	vec_clear(&rows);
}

/* ---- What the owner may learn from it ---- */

static int draft_at_disk(struct writing *writing, struct store *store, struct error *err)
{
	struct act *act = (struct act *)(void *)writing;
	return store_add_draft(store, &act->draft, &act->draft.id, err);
}

static void on_drafted(struct act *act)
{
	struct origin origin = { .peer = act->peer, .of = act->of, .client_id = act->client_id };
	struct peer *peer = peer_find(act->hub, act->peer);
	if (peer && act->writing.status && act->writing.error.kind == ERROR_MISSING)
		tell_error(peer, "not_found", "this conversation was deleted", &origin, 0, act->writing.number);
	else if (peer && act->writing.status)
		tell_error(peer, "not_saved", "not saved, please try again", &origin, RETRY_MS, act->writing.number);
	else if (peer)
		tell_ack(peer, &origin, act->draft.seq, act->draft.at_ms, "", act->writing.number);
	if (!act->writing.status)
		hub_changed(act->hub, CHANGED_DRAFTS);
	free((char *)(uintptr_t)act->draft.utterance);
	free((char *)(uintptr_t)act->draft.intent);
	free((char *)(uintptr_t)act->draft.question);
	free((char *)(uintptr_t)act->draft.answer);
}

static void on_teach(struct agent_peer *agent, struct live *live, const struct frame *frame,
		     const struct origin *origin)
{
	struct hub *hub = agent->peer.hub;
	struct event *events;
	size_t count;
	struct error err;
	const char *answer = "";
	if (backlog_refuses(&agent->peer, BACKLOG_AGENT, origin, live->id))
		return;
	if (store_load_events(hub->store, &hub->arena, live->id, frame->seq - 1, &events, &count, &err)) {
		unreadable(agent, &err, origin);
		return;
	}
	if (!count || events[0].seq != frame->seq || events[0].kind != EVENT_MESSAGE ||
	    events[0].from != AUTHOR_VISITOR) {
		tell_error(&agent->peer, "not_found", "this is no message of a visitor", origin, 0, live->id);
		return;
	}
	for (size_t i = 1; i < count && !*answer; i++)
		if (events[i].kind == EVENT_MESSAGE && events[i].from == AUTHOR_AGENT)
			answer = events[i].text;
	struct act *act = act_new(hub, origin, live->id);
	act->draft = (struct draft_row){
		.conversation = live->id,
		.seq = frame->seq,
		.agent = agent->agent->id,
		.at_ms = clock_ms(),
		.utterance = mem_strdup(events[0].text),
		.intent = mem_strdup(frame->intent),
		.question = mem_strdup(masked(agent, frame->question)),
		.answer = mem_strdup(answer),
	};
	act->writing.act = draft_at_disk;
	act->done = on_drafted;
	act_put(act);
}

static void on_presence(struct agent_peer *agent, const struct frame *frame, const struct origin *origin)
{
	struct agent *self = agent->agent;
	self->is_available = frame->is_available;
	if (frame->capacity > 0)
		self->capacity = frame->capacity > CAPACITY_MAX ? CAPACITY_MAX : frame->capacity;
	self->hub->staff_changed = true;
	tell_ack(&agent->peer, origin, 0, 0, "", 0);
}

/* ---- One frame ---- */

/* All verbs and who may use them: `least` is the lowest role. */
static const struct verb {
	enum role least;
	void (*alone)(struct agent_peer *agent, const struct frame *frame, const struct origin *origin);
	void (*about)(struct agent_peer *agent, struct live *live, const struct frame *frame,
		      const struct origin *origin);
	bool is_silent; /* nothing is answered, not even that there is no such conversation */
} verbs[] = {
	[FRAME_HELLO] = { ROLE_AGENT, on_hello, NULL, false },
	[FRAME_PRESENCE] = { ROLE_AGENT, on_presence, NULL, false },
	[FRAME_LIST] = { ROLE_AGENT, on_list, NULL, false },
	[FRAME_OPEN] = { ROLE_AGENT, NULL, on_open, false },
	[FRAME_CLAIM] = { ROLE_AGENT, NULL, on_verb, false },
	[FRAME_MESSAGE] = { ROLE_AGENT, NULL, on_verb, false },
	[FRAME_NOTE] = { ROLE_AGENT, NULL, on_verb, false },
	[FRAME_TAG] = { ROLE_AGENT, NULL, on_verb, false },
	[FRAME_RETURN] = { ROLE_AGENT, NULL, on_verb, false },
	[FRAME_CLOSE] = { ROLE_AGENT, NULL, on_verb, false },
	[FRAME_RATE_HANDOVER] = { ROLE_AGENT, NULL, on_verb, false },
	[FRAME_TRANSFER] = { ROLE_AGENT, NULL, on_transfer, false },
	[FRAME_SUGGEST] = { ROLE_AGENT, NULL, on_suggest, false },
	[FRAME_TEACH] = { ROLE_AGENT, NULL, on_teach, false },
	[FRAME_TYPING] = { ROLE_AGENT, NULL, on_typing, true },
	[FRAME_READ] = { ROLE_AGENT, NULL, on_read, true },
	[FRAME_PING] = { ROLE_AGENT, on_ping, NULL, true },
};

static void dispatch_about(struct agent_peer *agent, const struct verb *verb, const struct frame *frame,
			   const struct origin *origin)
{
	struct hub *hub = agent->peer.hub;
	struct error err = { 0 };
	bool is_missing;
	struct live *live = live_wake(hub, frame->conversation, &is_missing, &err);
	if (live && !live->is_erased)
		verb->about(agent, live, frame, origin);
	else if (verb->is_silent)
		return;
	else if (is_missing || live)
		not_there(agent, frame->conversation, origin);
	else
		unreadable(agent, &err, origin);
}

static void dispatch(struct agent_peer *agent, const struct frame *frame)
{
	const struct verb *verb = &verbs[frame->type];
	struct origin origin = { .of = frame->type, .client_id = frame->client_id };
	if (frame->type != FRAME_HELLO && !agent->peer.is_welcome) {
		tell_error(&agent->peer, "hello_first", "the first frame has to be hello", &origin, 0, 0);
	} else if (agent->agent->role < verb->least) {
		tell_error(&agent->peer, "forbidden", "only owners may do this", &origin, 0, frame->conversation);
	} else {
		origin = origin_of(&agent->peer, frame);
		if (verb->alone)
			verb->alone(agent, frame, &origin);
		else
			dispatch_about(agent, verb, frame, &origin);
	}
}

void agent_received(struct agent_peer *agent, struct str text)
{
	struct hub *hub = agent->peer.hub;
	struct frame frame;
	struct wire_error why;
	if (wire_read_frame(&hub->arena, SIDE_AGENT, text, hub_settings(hub)->message_length, &frame, &why)) {
		struct origin origin = { .of = frame.type, .client_id = frame.client_id };
		bool is_early = !agent->peer.is_welcome && frame.type != FRAME_HELLO && frame.type != FRAME_NONE;
		tell_error(&agent->peer, is_early ? "hello_first" : why.code,
			   is_early ? "the first frame has to be hello" : why.message, &origin, 0, 0);
	} else {
		uint16_t errors = agent->peer.errors;
		dispatch(agent, &frame);
		if (agent->peer.errors == errors)
			agent->peer.errors = 0;
	}
	arena_reset(&hub->arena);
}

void agent_closed(struct agent_peer *agent)
{
	if (agent->peer.is_welcome)
		staff_disconnected(agent->agent);
}
