/* SPDX-License-Identifier: Apache-2.0 */
/* What is stored about a visitor: given out and erased. Owners ask for it over HTTP (persons.c); that is told here. */
#include "server/internal.h"

#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>

/* It is gone from the disk: visitors are told, agents, and owners that a draft may be gone with it. */
static void forget(struct hub *hub, int64_t conversation)
{
	struct live *live = idmap_get(&hub->lives, (uint64_t)conversation);
	if (live) {
		live_gone(live);
	} else {
		buf_reset(&hub->text);
		wire_gone(&hub->text, conversation);
		tell_all_agents(hub, NULL);
	}
	hub_changed(hub, CHANGED_DRAFTS);
}

/* ---- Asked for by visitors themselves ---- */

/* How often one address may have a whole conversation read, or one erased; the second is the writer's time. */
static bool is_too_often(struct visitor *visitor, enum limit_kind kind, const struct origin *origin)
{
	static const struct rate_limit rate = { .per_minute = 30, .burst = 60 };
	struct hub *hub = visitor->peer.hub;
	int64_t wait = limits_take(hub->options.limits, kind, visitor->peer.address, rate, clock_steady_ms());
	if (!wait)
		return false;
	metrics_add(&hub->options.metrics->rate_limited, 1);
	tell_error(&visitor->peer, "rate_limited", "too often, please wait a moment", origin, wait, 0);
	return true;
}

void visitor_export(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct hub *hub = visitor->peer.hub;
	struct event *events;
	size_t count;
	struct error err;
	(void)frame;
	if (is_too_often(visitor, LIMIT_EXPORT, origin))
		return;
	if (store_load_events(hub->store, &hub->arena, visitor->live->id, 0, &events, &count, &err)) {
		tell_error(&visitor->peer, "not_saved", "this cannot be read just now", origin, RETRY_MS, 0);
		return;
	}
	struct wire_ack ack = {
		.of = FRAME_EXPORT, .client_id = origin->client_id, .token = "", .conversation = visitor->live->id
	};
	buf_reset(&hub->text);
	wire_export(&hub->text, &ack, events, count);
	tell_peer(&visitor->peer);
}

static void on_erased(struct act *act)
{
	struct hub *hub = act->hub;
	struct origin origin = { .peer = act->peer, .of = act->of, .client_id = act->client_id };
	struct peer *peer = peer_find(hub, act->peer);
	struct live *live = idmap_get(&hub->lives, (uint64_t)act->writing.number);
	if (act->writing.status) {
		log_line(LOG_ERROR, "an erasure failed: %s", act->writing.error.message);
		if (peer)
			tell_error(peer, "not_saved", "not erased, please try again", &origin, RETRY_MS, 0);
		return;
	}
	struct visitor *visitor = (struct visitor *)(void *)peer; /* the peer is its first member */
	if (live && visitor && visitor->live == live) {
		live_detach(visitor); /* it asked for this: the ack says enough */
		visitor->sent_seq = 0;
	}
	forget(hub, act->writing.number);
	if (peer)
		tell_ack(peer, &origin, 0, 0, "", 0);
}

void visitor_erase(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	(void)frame;
	if (backlog_refuses(&visitor->peer, BACKLOG_RUNNING, origin, 0) || is_too_often(visitor, LIMIT_ERASE, origin))
		return;
	struct act *act = act_new(visitor->peer.hub, origin, visitor->live->id);
	act->writing.act = writing_erase;
	act->done = on_erased;
	act_put(act);
}

/* ---- Erased by somebody else ---- */

struct erased {
	struct erased *next;
	int64_t conversation;
};

static void on_erased_elsewhere(struct task *task)
{
	struct hub *hub = (struct hub *)(void *)((char *)task - offsetof(struct hub, erasures));
	step_settle(hub); /* what was written before it is told before it */
	for (struct erased *at = atomic_exchange(&hub->erased, NULL), *next; at; at = next) {
		next = at->next;
		forget(hub, at->conversation);
		free(at);
	}
}

void hub_erased(struct hub *hub, int64_t conversation)
{
	struct erased *erased = mem_alloc(sizeof *erased);
	erased->conversation = conversation;
	erased->next = atomic_load(&hub->erased);
	while (!atomic_compare_exchange_weak(&hub->erased, &erased->next, erased))
		;
	/* Only who finds the list empty rings: whoever takes it takes all. */
	if (!erased->next)
		loop_post(hub->options.loop, &hub->erasures);
}

void privacy_open(struct hub *hub)
{
	hub->erasures.run = on_erased_elsewhere;
}

void privacy_close(struct hub *hub)
{
	for (struct erased *at = atomic_exchange(&hub->erased, NULL), *next; at; at = next) {
		next = at->next;
		free(at);
	}
}
