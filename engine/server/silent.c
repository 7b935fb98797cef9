/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations with the bot that everybody has left are closed, most of them long after they were put away. */
#include "server/internal.h"

#include <stddef.h>

enum {
	/* Half an hour after a full hour some hundred conversations a second have to be closed, and after a night without
	 * the program all at once: a page at a time, and not while so many steps wait for the disk. Often, because what
	 * many need at once the allocator does not give back. */
	SILENT_PAGE = 32,
	SILENT_PAUSE_MS = 25,
	SILENT_AWAY_MAX = 4 * SILENT_PAGE,
	SILENT_SWEEP_MS = 5 * 1000, /* when all are closed */
};

/* Awake, its own timer closes it; with that on the disk it is put away. */
static void wake_silent(struct hub *hub, int64_t id)
{
	struct error err;
	bool is_missing;
	struct live *live = live_wake(hub, id, &is_missing, &err);
	if (live && !live->visitors)
		live->idle_ms = clock_steady_ms() - LIVE_LINGER_MS;
}

static void on_silent(struct timer *timer, int64_t now_ms)
{
	struct hub *hub = (struct hub *)(void *)((char *)timer - offsetof(struct hub, silent));
	int64_t ids[SILENT_PAGE], before_ms = now_ms - hub_settings(hub)->visitor_away_ms;
	size_t count = 0;
	struct error err;
	if (hub->is_stopping)
		return;
	bool is_busy = hub->away >= SILENT_AWAY_MAX;
	if (!is_busy && !store_load_silent(hub->store, before_ms, &hub->silent_place, ids, SILENT_PAGE, &count, &err))
		for (size_t i = 0; i < count; i++)
			wake_silent(hub, ids[i]);
	bool is_done = !is_busy && count < SILENT_PAGE;
	if (is_done)
		hub->silent_place = (struct store_place){ 0 };
	loop_set_timer(hub->options.loop, timer, now_ms + (is_done ? SILENT_SWEEP_MS : SILENT_PAUSE_MS));
}

void silent_open(struct hub *hub)
{
	hub->silent.fire = on_silent;
	loop_set_timer(hub->options.loop, &hub->silent, clock_ms());
}

void silent_close(struct hub *hub)
{
	loop_set_timer(hub->options.loop, &hub->silent, 0);
}
