/* SPDX-License-Identifier: Apache-2.0 */
#include "server/internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct agent *staff_find(struct hub *hub, int64_t id)
{
	return idmap_get(&hub->agents, (uint64_t)id);
}

/* Whoever owns conversations and does not come back in time gives them back to the queue. */
static void on_gone(struct timer *timer, int64_t now_ms)
{
	struct agent *agent = (struct agent *)(void *)((char *)timer - offsetof(struct agent, gone));
	struct hub *hub = agent->hub;
	struct {
		struct live **items;
		size_t count, capacity;
	} owned = { 0 };
	size_t at = 0;
	(void)now_ms;
	if (agent->connections || hub->is_stopping)
		return;
	for (struct live *live; (live = idmap_next(&hub->lives, &at));)
		if (live->row.owner == OWNER_AGENT && live->row.agent == agent->id)
			vec_push(&owned, live);
	for (size_t i = 0; i < owned.count; i++) {
		struct input input = input_blank(INPUT_AGENT_GONE);
		input.agent = agent->id;
		input.agent_name = agent->name;
		step_take(owned.items[i], &input, NULL);
	}
	vec_clear(&owned);
	if (agent->load > 0) /* something was on its way to the disk: once more */
		loop_set_timer(hub->options.loop, &agent->gone, clock_ms() + RETRY_MS);
}

/* From now on nobody of theirs is connected. Whoever was removed does not come back. */
static void begin_grace(struct agent *agent)
{
	int64_t grace_ms = agent->is_removed ? 0 : hub_settings(agent->hub)->agent_grace_ms;
	loop_set_timer(agent->hub->options.loop, &agent->gone, clock_ms() + grace_ms);
}

struct agent *staff_seen(struct hub *hub, const struct agent_row *row)
{
	struct agent *agent = staff_find(hub, row->id);
	if (!agent) {
		agent = mem_zalloc(1, sizeof *agent);
		agent->hub = hub;
		agent->id = row->id;
		agent->is_available = true;
		agent->gone.fire = on_gone;
		idmap_put(&hub->agents, (uint64_t)row->id, agent);
	}
	if (!agent->name || strcmp(agent->name, row->name)) {
		free(agent->name);
		agent->name = mem_strdup(row->name);
	}
	agent->role = row->role;
	agent->is_removed = false;
	return agent;
}

int staff_load(struct hub *hub, struct error *err)
{
	struct arena arena = { 0 };
	struct agent_row *rows;
	struct agent *agent;
	size_t count, at = 0;
	int status = store_list_agents(hub->store, &arena, &rows, &count, err);
	if (!status) {
		while ((agent = idmap_next(&hub->agents, &at)))
			agent->is_removed = true;
		for (size_t i = 0; i < count; i++)
			staff_seen(hub, &rows[i]);
		for (at = 0; (agent = idmap_next(&hub->agents, &at));)
			if (agent->is_removed && agent->load > 0 && !agent->connections)
				begin_grace(agent);
		hub->staff_changed = true;
	}
	arena_clear(&arena);
	return status;
}

bool staff_lost_one(struct hub *hub)
{
	struct arena arena = { 0 };
	struct agent_row row;
	struct error err;
	size_t at = 0;
	bool is_lost = false;
	for (struct agent *agent; !is_lost && (agent = idmap_next(&hub->agents, &at));) {
		if (agent->is_removed || agent->connections || agent->load <= 0)
			continue;
		int found = store_find_agent(hub->store, &arena, agent->name, &row, &err);
		is_lost = found == 1 || (found == 0 && row.id != agent->id);
	}
	arena_clear(&arena);
	return is_lost;
}

void staff_connected(struct agent *agent)
{
	agent->connections++;
	loop_set_timer(agent->hub->options.loop, &agent->gone, 0);
	agent->hub->staff_changed = true;
}

void staff_disconnected(struct agent *agent)
{
	struct hub *hub = agent->hub;
	hub->staff_changed = true;
	if (--agent->connections == 0 && agent->load > 0)
		begin_grace(agent);
}

void staff_owns(struct hub *hub, int64_t id, int change)
{
	struct agent *agent = id ? staff_find(hub, id) : NULL;
	if (!agent && (!id || change < 0))
		return;
	if (!agent) { /* removed while the server was down */
		agent = staff_seen(hub, &(struct agent_row){ .id = id, .name = "", .role = ROLE_AGENT });
		agent->is_removed = true;
	}
	agent->load += change;
	hub->staff_changed = true;
	/* A conversation given to somebody who is away waits for them no longer than one of their own. */
	if (change > 0 && !agent->connections && !agent->gone.place)
		begin_grace(agent);
}

int staff_capacity(const struct agent *agent)
{
	return agent->capacity ? agent->capacity : hub_settings(agent->hub)->agent_capacity;
}

void staff_count(struct hub *hub, int *out_online, int *out_available)
{
	size_t at = 0;
	*out_online = *out_available = 0;
	for (struct agent *agent; (agent = idmap_next(&hub->agents, &at));) {
		if (!agent->connections)
			continue;
		++*out_online;
		*out_available += agent->is_available && agent->load < staff_capacity(agent);
	}
}

struct wire_agent staff_wire(const struct agent *agent)
{
	return (struct wire_agent){
		.id = agent->id,
		.name = agent->name,
		.role = agent->role == ROLE_OWNER ? "owner" : "agent",
		.status = !agent->connections   ? "offline"
			  : agent->is_available ? "available"
						: "away",
		.capacity = staff_capacity(agent),
		.load = agent->load,
	};
}

static int by_id(const void *a, const void *b)
{
	const struct wire_agent *left = a, *right = b;
	return (left->id > right->id) - (left->id < right->id);
}

struct wire_agent *staff_list(struct hub *hub, struct arena *arena, size_t *out_count)
{
	struct wire_agent *list = arena_zalloc(arena, hub->agents.count + 1, sizeof *list);
	size_t at = 0, count = 0;
	for (struct agent *agent; (agent = idmap_next(&hub->agents, &at));)
		if (!agent->is_removed)
			list[count++] = staff_wire(agent);
	qsort(list, count, sizeof *list, by_id);
	*out_count = count;
	return list;
}

void staff_free(struct hub *hub)
{
	size_t at = 0;
	for (struct agent *agent; (agent = idmap_next(&hub->agents, &at));) {
		loop_set_timer(hub->options.loop, &agent->gone, 0);
		free(agent->name);
		free(agent);
	}
	idmap_clear(&hub->agents);
}
