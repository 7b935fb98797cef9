/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for the disk, all of it together. Each visitor's rate is bounded, but not how many visitors there are: a disk
 * that is slower than all of them for long would fill the memory. Whoever comes when it is full is told so while nothing
 * of theirs was taken; what was taken before is written in its order as ever. */
#include "base/mem.h"
#include "server/internal.h"

enum { MEGABYTE = 1024 * 1024, CROWDED_BYTES = 16 * MEGABYTE };

static size_t most_bytes(const struct hub *hub, enum backlog_share share)
{
	/* Quarters of the bound: the last one is the agents' alone. */
	static const size_t quarters[] = { [BACKLOG_NEW] = 2, [BACKLOG_RUNNING] = 3, [BACKLOG_AGENT] = 4 };
	return (size_t)hub_settings(hub)->unsaved_megabytes * MEGABYTE / 4 * quarters[share];
}

void backlog_show(struct hub *hub)
{
	struct metrics *metrics = hub->options.metrics;
	bool is_crowded = hub->unsaved_bytes >= most_bytes(hub, BACKLOG_NEW);
	atomic_store_explicit(&metrics->unsaved_bytes, hub->unsaved_bytes, memory_order_relaxed);
	atomic_store_explicit(&metrics->unsaved_bytes_limit, most_bytes(hub, BACKLOG_AGENT), memory_order_relaxed);
	atomic_store_explicit(&metrics->is_crowded, is_crowded, memory_order_relaxed);
}

void backlog_count(struct hub *hub, size_t *counted, size_t bytes)
{
	hub->unsaved_bytes += bytes - *counted;
	*counted = bytes;
	hub->was_crowded |= hub->unsaved_bytes >= CROWDED_BYTES;
	/* The allocator would keep the memory of a disk that stood still for good: a heap of free pieces between the few that
	 * are still used. */
	if (hub->was_crowded && hub->unsaved_bytes < MEGABYTE) {
		hub->was_crowded = false;
		mem_give_back();
	}
	backlog_show(hub);
}

bool backlog_refuses(struct peer *peer, enum backlog_share share, const struct origin *origin, int64_t conversation)
{
	struct hub *hub = peer->hub;
	if (hub->unsaved_bytes < most_bytes(hub, share))
		return false;
	metrics_add(&hub->options.metrics->overload_refusals, 1);
	tell_error(peer, "busy", "too much to do just now, please send it again in a moment", origin, BUSY_MS,
		   conversation);
	return true;
}
