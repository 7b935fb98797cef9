/* SPDX-License-Identifier: Apache-2.0 */
#include "server/internal.h"

#include "base/count.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
	LIMITS_SWEEP_MS = 60 * 1000,
	SESSIONS_CHECK_MS = 2 * 1000, /* `shopbell agent remove` and `... password` are other processes */
	EXPIRE_MS = 60 * 60 * 1000,
	LIVE_SWEEP_MS = 5 * 1000,
};

const struct settings *hub_settings(const struct hub *hub)
{
	return &hub->snapshot->knowledge->corpus->settings;
}

/* ---- News from outside ---- */

static void on_reloaded(struct task *task)
{
	struct hub *hub = (struct hub *)(void *)((char *)task - offsetof(struct hub, reloaded));
	struct snapshot *before = hub->snapshot;
	atomic_store(&hub->is_reload_posted, false);
	hub->snapshot = shelf_take(hub->options.shelf);
	snapshot_unref(before);
	backlog_show(hub);
	struct wire_corpus corpus = snapshot_corpus(hub->snapshot);
	buf_reset(&hub->text);
	wire_corpus_frame(&hub->text, &corpus);
	tell_all_agents(hub, NULL);
	hub->presence_changed = true;
}

void hub_reloaded(struct hub *hub)
{
	if (!atomic_exchange(&hub->is_reload_posted, true))
		loop_post(hub->options.loop, &hub->reloaded);
}

/* Closes the connections of agents whose session is over; whether there were any. */
static bool check_sessions(struct hub *hub)
{
	enum { CLOSE_POLICY = 1008 };
	bool has_ended = false;
	struct arena arena = { 0 };
	struct agent_row row;
	struct error err;
	for (struct agent_peer *agent = hub->agent_peers, *after; agent; agent = after) {
		after = agent->after;
		if (store_find_session(hub->store, &arena, agent->session, clock_ms(), &row, &err) == 1) {
			ws_close(agent->peer.socket, CLOSE_POLICY);
			has_ended = true;
		}
		arena_reset(&arena);
	}
	arena_clear(&arena);
	return has_ended;
}

static void read_staff(struct hub *hub)
{
	struct error err;
	if (staff_load(hub, &err))
		log_line(LOG_ERROR, "the agents cannot be read: %s", err.message);
}

static void on_agents_changed(struct task *task)
{
	struct hub *hub = (struct hub *)(void *)((char *)task - offsetof(struct hub, agents_changed));
	atomic_store(&hub->is_change_posted, false);
	read_staff(hub);
	check_sessions(hub);
}

void hub_agents_changed(struct hub *hub)
{
	if (!atomic_exchange(&hub->is_change_posted, true))
		loop_post(hub->options.loop, &hub->agents_changed);
}

static void on_kept_changed(struct task *task)
{
	static const char *const names[CHANGED_COUNT] = { [CHANGED_REPLIES] = "replies", [CHANGED_DRAFTS] = "drafts" };
	struct hub *hub = (struct hub *)(void *)((char *)task - offsetof(struct hub, kept_changed));
	unsigned changes = atomic_exchange(&hub->kept_changes, 0);
	for (unsigned i = 0; i < CHANGED_COUNT; i++) {
		if (!(changes & 1u << i))
			continue;
		buf_reset(&hub->text);
		wire_changed(&hub->text, names[i]);
		tell_all_agents(hub, NULL);
	}
}

void hub_changed(struct hub *hub, enum hub_change what)
{
	if (!atomic_fetch_or(&hub->kept_changes, 1u << what))
		loop_post(hub->options.loop, &hub->kept_changed);
}

/* ---- As time goes by ---- */

static bool is_due(int64_t *last_ms, int64_t every_ms, int64_t steady_ms)
{
	if (*last_ms && steady_ms - *last_ms < every_ms)
		return false;
	*last_ms = steady_ms;
	return true;
}

static int expire_at_disk(struct writing *writing, struct store *store, struct error *err)
{
	struct act *act = (struct act *)(void *)writing; /* it is the first member */
	return store_expire(store, writing->number, &act->count, err);
}

static void expire_before(struct hub *hub, int64_t before_ms);

/* A page is an act of its own: messages are written in between. */
static void on_expired(struct act *act)
{
	struct hub *hub = act->hub;
	if (act->writing.status)
		log_line(LOG_ERROR, "old conversations cannot be deleted: %s", act->writing.error.message);
	hub->expired += act->count;
	if (!act->writing.status && act->count == STORE_EXPIRE_AT_ONCE && !hub->is_stopping) {
		expire_before(hub, act->writing.number);
		return;
	}
	if (hub->expired)
		log_line(LOG_INFO, "%zu conversations were deleted for their age", hub->expired);
	hub->expired = 0;
}

static void expire_before(struct hub *hub, int64_t before_ms)
{
	struct act *act = act_new(hub, NULL, before_ms);
	act->writing.act = expire_at_disk;
	act->done = on_expired;
	act_put(act);
}

static void expire(struct hub *hub, int64_t now_ms)
{
	int64_t days = hub_settings(hub)->retention_days;
	if (days > 0)
		expire_before(hub, now_ms - days * 24 * 60 * 60 * 1000);
}

void hub_clock_stepped(struct hub *hub, int64_t by_ms)
{
	size_t at = 0;
	log_line(LOG_WARNING, "the clock was set %s by %lld s: waiting times go on as they were",
		 by_ms < 0 ? "back" : "forward", (long long)(by_ms < 0 ? -by_ms : by_ms) / 1000);
	for (struct live *live; (live = idmap_next(&hub->lives, &at));)
		live_shift(live, by_ms);
}

void hub_tick(struct hub *hub, int64_t now_ms)
{
	int64_t steady_ms = clock_steady_ms();
	if (hub->is_stopping)
		return;
	hub->presence_changed = true; /* opening hours */
	if (is_due(&hub->swept_ms, LIVE_SWEEP_MS, steady_ms))
		live_sweep(hub, steady_ms);
	if (is_due(&hub->limits_ms, LIMITS_SWEEP_MS, steady_ms))
		limits_sweep(hub->options.limits, steady_ms);
	if (is_due(&hub->checked_ms, SESSIONS_CHECK_MS, steady_ms) && (check_sessions(hub) || staff_lost_one(hub)))
		read_staff(hub); /* perhaps because somebody was removed */
	if (is_due(&hub->expired_ms, EXPIRE_MS, steady_ms))
		expire(hub, now_ms);
}

static void settle_dirty(struct hub *hub)
{
	/* Telling makes nothing dirty again, so the list does not grow meanwhile. */
	for (size_t i = 0; i < hub->dirty.count; i++) {
		struct live *live = hub->dirty.items[i];
		live->is_dirty = false;
		if (live->id && hub->agent_peers)
			tell_summary(live, &live->row);
	}
	hub->dirty.count = 0;
}

void hub_settle(struct hub *hub)
{
	step_settle(hub);
	settle_dirty(hub);
	tell_queue(hub);
	if (hub->staff_changed) {
		size_t count;
		hub->staff_changed = false;
		hub->presence_changed = true;
		struct wire_agent *list = staff_list(hub, &hub->arena, &count);
		buf_reset(&hub->text);
		wire_agent_presence(&hub->text, list, count);
		tell_all_agents(hub, NULL);
	}
	if (hub->presence_changed) {
		hub->presence_changed = false;
		tell_presence(hub);
	}
	step_hand_over(hub);
	arena_reset(&hub->arena);
}

/* ---- The whole ---- */

/* All that wait or belong to an agent: their timers have to run. */
static int wake_held(struct hub *hub, struct error *err)
{
	struct arena arena = { 0 };
	int64_t *ids;
	size_t count = 0;
	bool is_missing;
	int status = store_load_held(hub->store, &arena, &ids, &count, err);
	for (size_t i = 0; !status && i < count; i++)
		if (!live_wake(hub, ids[i], &is_missing, err) && !is_missing)
			status = -1;
	arena_clear(&arena);
	return status;
}

int hub_open(const struct hub_options *options, struct hub **out, struct error *err)
{
	struct hub *hub = mem_zalloc(1, sizeof *hub);
	hub->options = *options;
	hub->store = options->store;
	hub->mind = mind_new();
	hub->snapshot = shelf_take(options->shelf);
	hub->queue = queue_new();
	hub->reloaded.run = on_reloaded;
	hub->agents_changed.run = on_agents_changed;
	hub->kept_changed.run = on_kept_changed;
	hub->told.agents = -1;
	backlog_show(hub);
	privacy_open(hub);
	if (staff_load(hub, err) || wake_held(hub, err)) {
		hub_close(hub);
		return -1;
	}
	silent_open(hub);
	*out = hub;
	return 0;
}

void hub_stop(struct hub *hub)
{
	hub->is_stopping = true;
}

bool hub_is_idle(const struct hub *hub)
{
	return hub->away == 0;
}

void hub_close(struct hub *hub)
{
	if (!hub)
		return;
	const struct idmap *maps[] = { &hub->lives, &hub->beginnings };
	struct {
		struct live **items;
		size_t count, capacity;
	} lives = { 0 };
	for (size_t i = 0, at = 0; i < COUNT(maps); i++, at = 0)
		for (struct live *live; (live = idmap_next(maps[i], &at));)
			vec_push(&lives, live);
	for (size_t i = 0; i < lives.count; i++) {
		step_drop_all(lives.items[i]);
		live_free(lives.items[i]);
	}
	vec_clear(&lives);
	silent_close(hub);
	privacy_close(hub);
	staff_free(hub);
	idmap_clear(&hub->lives);
	idmap_clear(&hub->beginnings);
	idmap_clear(&hub->peers);
	queue_free(hub->queue);
	for (size_t i = 0; i < hub->arenas.count; i++)
		arena_clear(&hub->arenas.items[i]);
	vec_clear(&hub->arenas);
	vec_clear(&hub->round);
	vec_clear(&hub->dirty);
	arena_clear(&hub->arena);
	buf_clear(&hub->text);
	snapshot_unref(hub->snapshot);
	mind_free(hub->mind);
	store_close(hub->store);
	free(hub);
}
