/* SPDX-License-Identifier: Apache-2.0 */
#include "server/internal.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/vec.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

void text_set(const char **slot, const char *value)
{
	if (!value)
		value = "";
	if (*slot && !strcmp(*slot, value))
		return;
	if (*slot && **slot)
		free((char *)(uintptr_t)*slot);
	*slot = *value ? mem_strdup(value) : "";
}

/* The texts of a row, to be owned, copied and freed in one place. */
enum { ROW_TEXTS = 9 };
static void row_texts(struct conversation_row *row, const char **out[ROW_TEXTS])
{
	const char **texts[ROW_TEXTS] = { &row->agent_name, &row->language,     &row->intent,
					  &row->last_text,  &row->visitor_name, &row->visitor_email,
					  &row->subject,    &row->profile,      &row->tags };
	memcpy(out, texts, sizeof texts);
}

static void row_clear(struct conversation_row *row)
{
	const char **texts[ROW_TEXTS];
	row_texts(row, texts);
	for (int i = 0; i < ROW_TEXTS; i++)
		text_set(texts[i], "");
}

static void row_own(struct conversation_row *own, const struct conversation_row *from)
{
	struct conversation_row copy = *from;
	const char **texts[ROW_TEXTS], **froms[ROW_TEXTS];
	row_clear(own);
	*own = copy;
	row_texts(&copy, froms);
	row_texts(own, texts);
	for (int i = 0; i < ROW_TEXTS; i++) {
		*texts[i] = "";
		text_set(texts[i], *froms[i]);
	}
}

struct live *live_new(struct hub *hub)
{
	struct live *live = mem_zalloc(1, sizeof *live);
	live->hub = hub;
	live->state = conversation_new();
	live->row = (struct conversation_row){ .owner = OWNER_BOT, .handover_right = -1, .last_from = AUTHOR_VISITOR };
	row_clear(&live->row);
	live->idle_ms = clock_steady_ms();
	atomic_fetch_add(&hub->options.metrics->conversations_loaded, 1);
	return live;
}

/* ---- New ones, until they have a number ---- */

static uint64_t key_of(const unsigned char token_hash[TOKEN_HASH_BYTES])
{
	uint64_t key;
	memcpy(&key, token_hash, sizeof key);
	return key;
}

void live_begins(struct live *live, const unsigned char token_hash[TOKEN_HASH_BYTES])
{
	live->beginning = key_of(token_hash);
	idmap_put(&live->hub->beginnings, live->beginning, live);
}

struct live *live_beginning(struct hub *hub, const unsigned char token_hash[TOKEN_HASH_BYTES])
{
	unsigned char own[TOKEN_HASH_BYTES];
	struct live *live = idmap_get(&hub->beginnings, key_of(token_hash));
	if (!live)
		return NULL;
	secret_hash(live->token.text, own);
	return memcmp(own, token_hash, sizeof own) ? NULL : live;
}

static void has_begun(struct live *live)
{
	struct idmap *beginnings = &live->hub->beginnings;
	if (live->beginning && idmap_get(beginnings, live->beginning) == live)
		idmap_remove(beginnings, live->beginning);
	live->beginning = 0;
}

static void list(struct live *live)
{
	idmap_put(&live->hub->lives, (uint64_t)live->id, live);
	live->is_listed = true;
}

void live_numbered(struct live *live, int64_t id)
{
	has_begun(live);
	live->id = live->row.id = id;
	list(live);
	if (live->row.owner == OWNER_QUEUE)
		live_apply(live, NULL, 0); /* now it can stand in the queue */
	step_release(live);
}

void live_free(struct live *live)
{
	struct hub *hub = live->hub;
	loop_set_timer(hub->options.loop, &live->wake, 0);
	for (size_t i = 0; live->is_dirty && i < hub->dirty.count; i++)
		if (hub->dirty.items[i] == live)
			hub->dirty.items[i--] = hub->dirty.items[--hub->dirty.count];
	has_begun(live);
	if (live->is_listed)
		idmap_remove(&hub->lives, (uint64_t)live->id);
	conversation_free(live->state);
	row_clear(&live->row);
	atomic_fetch_sub(&hub->options.metrics->conversations_loaded, 1);
	free(live);
}

static void on_wake(struct timer *timer, int64_t now_ms)
{
	struct live *live = (struct live *)(void *)((char *)timer - offsetof(struct live, wake));
	struct input input = input_blank(INPUT_TIMER);
	(void)now_ms;
	if (live->is_broken || live->is_erased || live->hub->is_stopping)
		return;
	step_take(live, &input, NULL);
	/* Should a turn have nothing to do at its own time, it is not asked again at once. */
	live_set_timer(live, clock_ms() + RETRY_MS);
}

void live_set_timer(struct live *live, int64_t earliest_ms)
{
	int64_t at_ms = live->is_erased ? 0 : conversation_wake_ms(live->state, hub_settings(live->hub));
	live->wake.fire = on_wake;
	loop_set_timer(live->hub->options.loop, &live->wake, at_ms && at_ms < earliest_ms ? earliest_ms : at_ms);
}

/* ---- The row follows the events ---- */

static void set_last_text(struct conversation_row *row, const char *text)
{
	char cut[LAST_TEXT_BYTES + 1];
	struct str kept = utf8_cut(str_of(text), LAST_TEXT_BYTES);
	memcpy(cut, kept.ptr, kept.len);
	cut[kept.len] = '\0';
	text_set(&row->last_text, cut);
}

/* `is_last`: no message follows it. */
static void follow_event(struct live *live, const struct event *event, bool is_last)
{
	struct conversation_row *row = &live->row;
	row->updated_ms = event->at_ms;
	if (!row->created_ms)
		row->created_ms = event->at_ms;
	if (event->kind == EVENT_MESSAGE && is_last) {
		set_last_text(row, event->text);
		row->last_from = event->from;
		row->last_agent = event->from == AUTHOR_AGENT ? event->agent : 0;
		row->last_at_ms = event->at_ms;
	} else if (event->kind == EVENT_CONTACT) {
		if (!*row->subject) { /* what was signed is not written over by what is only said */
			text_set(&row->visitor_email, event->contact_email);
			if (event->contact_name[0])
				text_set(&row->visitor_name, event->contact_name);
		}
		if (event->owner != OWNER_AGENT)
			row->ticket_ms = event->at_ms;
	} else if (event->kind == EVENT_RATING && event->rating.handover_right >= 0) {
		row->handover_right = event->rating.handover_right;
	} else if (event->kind == EVENT_CLOSE && event->from == AUTHOR_AGENT) {
		row->ticket_ms = 0; /* somebody saw to it */
	}
}

static void follow_owner(struct live *live, int64_t agent_before, bool was_waiting)
{
	struct hub *hub = live->hub;
	struct conversation_row *row = &live->row;
	if (row->agent != agent_before) {
		struct agent *agent = row->agent ? staff_find(hub, row->agent) : NULL;
		text_set(&row->agent_name, agent ? agent->name : "");
		staff_owns(hub, agent_before, -1);
		staff_owns(hub, row->agent, 1);
	}
	if (was_waiting || row->owner == OWNER_QUEUE)
		hub->queue_changed = true;
}

/* The queue knows conversations by id: a new one is put in when it has one. */
static void follow_queue(struct live *live)
{
	struct hub *hub = live->hub;
	const struct conversation_row *row = &live->row;
	bool is_waiting = row->owner == OWNER_QUEUE && live->id && !live->is_erased;
	if (is_waiting) {
		queue_push(hub->queue, live->id, row->priority, row->waiting_since_ms);
		live->waits_since_ms = row->waiting_since_ms;
	} else if (live->is_in_queue) {
		bool is_claimed = row->owner == OWNER_AGENT;
		queue_remove(hub->queue, live->id, is_claimed ? row->updated_ms : 0);
		if (is_claimed)
			metrics_wait(hub->options.metrics, row->updated_ms - live->waits_since_ms);
	}
	live->is_in_queue = is_waiting;
	live->told_position = 0; /* after every step the place is told again */
	struct queue_accuracy accuracy = queue_accuracy(hub->queue);
	atomic_store(&hub->options.metrics->waiting, (long)queue_length(hub->queue));
	atomic_store(&hub->options.metrics->wait_estimates, (long)accuracy.count);
	atomic_store(&hub->options.metrics->wait_estimate_error_ms, (long)accuracy.error_ms);
}

static void follow_state(struct live *live)
{
	struct conversation_row *row = &live->row;
	const struct conversation *state = live->state;
	int64_t agent_before = row->agent;
	bool was_waiting = row->owner == OWNER_QUEUE;
	row->id = live->id;
	row->seq = conversation_seq(state);
	row->owner = conversation_owner(state);
	row->agent = row->owner == OWNER_AGENT ? conversation_agent(state) : 0;
	row->episode = conversation_episode(state);
	row->is_closed = conversation_is_closed(state);
	row->reason = conversation_reason(state);
	row->priority = conversation_priority(state);
	row->waiting_since_ms = conversation_waiting_since(state);
	row->mood = conversation_mood(state);
	row->trend = conversation_trend(state);
	text_set(&row->language, conversation_language(state));
	text_set(&row->intent, conversation_intent(state));
	text_set(&row->tags, conversation_tags(state));
	follow_owner(live, agent_before, was_waiting);
	follow_queue(live);
}

void live_apply(struct live *live, const struct event *events, size_t count)
{
	size_t last = 0; /* message */
	for (size_t i = 0; i < count; i++)
		if (events[i].kind == EVENT_MESSAGE)
			last = i;
	for (size_t i = 0; i < count; i++) {
		conversation_apply(live->state, &events[i]);
		follow_event(live, &events[i], i == last);
	}
	follow_state(live);
	live_set_timer(live, 0);
}

void live_shift(struct live *live, int64_t by_ms)
{
	conversation_shift(live->state, by_ms);
	live->row.waiting_since_ms = conversation_waiting_since(live->state);
	if (!live->is_in_queue)
		return;
	live->waits_since_ms = live->row.waiting_since_ms;
	queue_push(live->hub->queue, live->id, live->row.priority, live->waits_since_ms);
}

/* ---- From the disk ---- */

/* 0, 1 when it is not there, -1 with err. On success the state and the row are those of the disk. */
static int read_live(struct live *live, struct error *err)
{
	struct hub *hub = live->hub;
	struct arena arena = { 0 };
	struct conversation_row row;
	struct event *events;
	size_t count;
	int status = store_load_row(hub->store, &arena, live->id, &row, err);
	if (!status && !store_load_events(hub->store, &arena, live->id, 0, &events, &count, err)) {
		struct conversation *state = conversation_new();
		for (size_t i = 0; i < count; i++)
			conversation_apply(state, &events[i]);
		/* Written before the clock was set back: nothing waits for a time that is still to come. */
		int64_t ahead_ms = conversation_last_at(state) - clock_ms();
		if (ahead_ms > 0)
			conversation_shift(state, -ahead_ms);
		conversation_free(live->state);
		live->state = state;
		int64_t agent_before = live->row.agent;
		row_own(&live->row, &row);
		live->row.agent = agent_before; /* follow_state() sees the change and moves the load */
		follow_state(live);
		live_set_timer(live, 0);
	} else if (!status) {
		status = -1;
	}
	arena_clear(&arena);
	return status;
}

struct live *live_wake(struct hub *hub, int64_t id, bool *out_missing, struct error *err)
{
	struct live *live = idmap_get(&hub->lives, (uint64_t)id);
	*out_missing = false;
	if (live)
		return live;
	/* On the disk already, and its first step is not back: it is that one, not a second. */
	unsigned char hash[TOKEN_HASH_BYTES];
	int status = hub->beginnings.count ? store_load_token(hub->store, id, hash, err) : 1;
	if (!status && (live = live_beginning(hub, hash))) {
		live_numbered(live, id);
		return live;
	}
	live = live_new(hub);
	live->id = id;
	status = status < 0 ? status : read_live(live, err);
	if (status) {
		*out_missing = status == 1;
		live_free(live);
		return NULL;
	}
	list(live);
	return live;
}

/* A new conversation that was refused by the disk begins once more from nothing. */
static void start_over(struct live *live)
{
	conversation_free(live->state);
	live->state = conversation_new();
	int64_t agent = live->row.agent;
	struct conversation_row blank = { .handover_right = -1,
					  .agent = agent,
					  .last_from = AUTHOR_VISITOR,
					  .visitor_name = live->row.visitor_name,
					  .visitor_email = live->row.visitor_email,
					  .subject = live->row.subject,
					  .profile = live->row.profile };
	struct conversation_row kept = { 0 };
	row_own(&kept, &blank);
	row_clear(&live->row);
	live->row = kept;
	follow_state(live);
	live_set_timer(live, 0);
}

void live_reread(struct live *live)
{
	struct error err = { 0 };
	live->is_broken = false;
	if (!live->id) {
		start_over(live);
		return;
	}
	int status = read_live(live, &err);
	if (status == 1) {
		live_gone(live);
	} else if (status) {
		log_line(LOG_ERROR, "conversation %lld cannot be read: %s", (long long)live->id, err.message);
		live->is_broken = true; /* the sweep tries again */
	} else {
		live_set_timer(live, clock_ms() + RETRY_MS);
	}
}

/* ---- Who is in it ---- */

void live_touch(struct live *live)
{
	if (live->is_dirty || !live->id || live->is_erased)
		return;
	live->is_dirty = true;
	vec_push(&live->hub->dirty, live);
}

void live_attach(struct live *live, struct visitor *visitor)
{
	if (!live->visitors)
		live_touch(live);
	visitor->live = live;
	visitor->next = live->visitors;
	live->visitors = visitor;
}

void live_detach(struct visitor *visitor)
{
	struct live *live = visitor->live;
	if (!live)
		return;
	struct visitor **at = &live->visitors;
	while (*at != visitor)
		at = &(*at)->next;
	*at = visitor->next;
	visitor->live = NULL;
	visitor->next = NULL;
	if (live->visitors)
		return;
	live->idle_ms = clock_steady_ms();
	if (!live->id && !live->first)
		live_free(live);
	else
		live_touch(live);
}

void live_gone(struct live *live)
{
	struct hub *hub = live->hub;
	if (live->is_erased)
		return;
	live->is_erased = true;
	while (live->visitors) {
		struct visitor *visitor = live->visitors;
		live->visitors = visitor->next;
		visitor->live = NULL;
		visitor->next = NULL;
		visitor->sent_seq = 0;
		tell_error(&visitor->peer, "unknown_token", "this conversation was deleted", NULL, 0, 0);
	}
	live->row.owner = OWNER_NOBODY;
	int64_t agent = live->row.agent;
	live->row.agent = 0;
	follow_owner(live, agent, live->is_in_queue);
	follow_queue(live);
	buf_reset(&hub->text);
	wire_gone(&hub->text, live->id);
	tell_all_agents(hub, NULL);
	if (!live->first)
		live_free(live);
}

bool live_is_over(const struct live *live, int64_t steady_ms)
{
	bool is_needed =
		live->visitors || live->first || live->row.owner == OWNER_QUEUE || live->row.owner == OWNER_AGENT;
	return !is_needed && steady_ms - live->idle_ms > LIVE_LINGER_MS;
}

void live_sweep(struct hub *hub, int64_t steady_ms)
{
	struct {
		struct live **items;
		size_t count, capacity;
	} old = { 0 };
	size_t at = 0;
	for (struct live *live; (live = idmap_next(&hub->lives, &at));)
		if (live->is_broken ? !live->first : live_is_over(live, steady_ms))
			vec_push(&old, live);
	for (size_t i = 0; i < old.count; i++) {
		if (old.items[i]->is_broken)
			live_reread(old.items[i]);
		else
			live_free(old.items[i]);
	}
	vec_clear(&old);
}
