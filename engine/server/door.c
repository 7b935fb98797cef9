/* SPDX-License-Identifier: Apache-2.0 */
/* Connections come and go: who is let in, and what the socket's news mean to the hub. */
#include "server/internal.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ---- Who may come in ---- */

/* "https://Shop.example:443" -> host "Shop.example"; the scheme's own port says nothing. */
static struct str origin_host(struct str origin)
{
	bool is_tls = str_starts(origin, "https://");
	if (!is_tls && !str_starts(origin, "http://"))
		return (struct str){ "", 0 };
	struct str host = str_part(origin, is_tls ? 8 : 7, origin.len);
	const char *usual = is_tls ? ":443" : ":80";
	return str_ends(host, usual) ? str_part(host, 0, host.len - strlen(usual)) : host;
}

bool origin_is_allowed(const char *origin, const char *host, const char **listed, size_t listed_count, bool is_needed)
{
	if (!*origin)
		return !is_needed;
	struct str from = origin_host(str_of(origin)), own = str_of(host);
	bool is_tls = str_starts(str_of(origin), "https://");
	if (str_ends(own, is_tls ? ":443" : ":80"))
		own = str_part(own, 0, own.len - (is_tls ? 4 : 3));
	if (from.len && str_equal_nocase(from, own))
		return true;
	/* Whole and exact: "https://shop.example.evil.example" is not "https://shop.example". */
	for (size_t i = 0; i < listed_count; i++)
		if (str_equal_nocase(str_of(origin), str_of(listed[i])))
			return true;
	return false;
}

struct str cookie_value(const char *header, const char *name)
{
	struct str rest = str_of(header), part;
	size_t len = strlen(name);
	while (str_split(&rest, ';', &part)) {
		part = str_trim(part);
		if (part.len > len && part.ptr[len] == '=' && str_starts(part, name))
			return str_part(part, len + 1, part.len);
	}
	return (struct str){ "", 0 };
}

struct str forwarded_address(const char *header)
{
	const char *comma = strrchr(header, ',');
	return str_trim(str_of(comma ? comma + 1 : header));
}

/* 101, or 401; the session's agent is noted in a new connection. */
static int admit_agent(struct hub *hub, const struct ws_request *request, void **out_user)
{
	struct arena arena = { 0 };
	struct agent_row row;
	struct error err;
	unsigned char hash[TOKEN_HASH_BYTES];
	struct str cookie = cookie_value(request->cookie, "shopbell_session");
	int status = 401;
	if (cookie.len == SECRET_CHARACTERS) {
		secret_hash(arena_strdup(&arena, cookie), hash);
		if (!store_find_session(hub->store, &arena, hash, clock_ms(), &row, &err)) {
			/* A page of another site can make a browser send the cookie, but not hide where it stands. */
			status = origin_is_allowed(request->origin, request->host, NULL, 0, true) ? 101 : 403;
		}
	}
	if (status == 101) {
		struct agent_peer *agent = mem_zalloc(1, sizeof *agent);
		agent->agent = staff_seen(hub, &row);
		memcpy(agent->session, hash, sizeof hash);
		agent->peer.side = SIDE_AGENT;
		agent->peer.hub = hub;
		*out_user = agent;
	}
	arena_clear(&arena);
	return status;
}

static int admit(void *context, const struct ws_request *request, void **out_user)
{
	struct hub *hub = context;
	const struct settings *settings = hub_settings(hub);
	if (hub->is_stopping)
		return 503;
	uint64_t address = request->address;
	if (request->is_proxied)
		address = limits_address_text(hub->options.limits, forwarded_address(request->forwarded_for));
	struct str path = str_of(request->path);
	if (str_is(path, "/ws/agent")) {
		int status = admit_agent(hub, request, out_user);
		if (status != 101)
			return status;
	} else if (str_is(path, "/ws/visitor")) {
		if (!origin_is_allowed(request->origin, request->host, settings->origins, settings->origin_count,
				       false))
			return 403;
		struct visitor *visitor = mem_zalloc(1, sizeof *visitor);
		visitor->peer.side = SIDE_VISITOR;
		visitor->peer.hub = hub;
		*out_user = visitor;
	} else {
		return 404;
	}
	struct peer *peer = *out_user;
	peer->address = address;
	if (!request->is_proxied || !address)
		return 101;
	peer->is_counted = limits_enter(hub->options.limits, address, settings->connections_per_address);
	if (peer->is_counted)
		return 101;
	free(*out_user);
	return 429;
}

static void dropped(void *context, void *user)
{
	struct hub *hub = context;
	struct peer *peer = user;
	if (peer->is_counted)
		limits_leave(hub->options.limits, peer->address);
	free(peer);
}

/* Both kinds of connections stand in a list of their own; the two are alike but for the type. */
#define LIST_ADD(head, item) \
	((item)->after = (head), (head) ? (void)((head)->before = (item)) : (void)0, (void)((head) = (item)))
#define LIST_REMOVE(head, item)                                                                           \
	((item)->before ? (void)((item)->before->after = (item)->after) : (void)((head) = (item)->after), \
	 (item)->after ? (void)((item)->after->before = (item)->before) : (void)0)

static void opened(void *context, struct ws_socket *socket, void *user)
{
	struct hub *hub = context;
	struct peer *peer = user;
	peer->socket = socket;
	if (peer->side == SIDE_AGENT) {
		struct agent_peer *agent = user;
		LIST_ADD(hub->agent_peers, agent);
		atomic_fetch_add(&hub->options.metrics->agents, 1);
	} else {
		struct visitor *visitor = user;
		LIST_ADD(hub->visitors, visitor);
		atomic_fetch_add(&hub->options.metrics->visitors, 1);
	}
}

static void received(void *context, struct ws_socket *socket, struct str text)
{
	struct hub *hub = context;
	struct peer *peer = ws_user(socket);
	if (hub->is_stopping)
		return;
	if (peer->side == SIDE_AGENT)
		agent_received((struct agent_peer *)(void *)peer, text);
	else
		visitor_received((struct visitor *)(void *)peer, text);
}

static void drained(void *context, struct ws_socket *socket)
{
	struct peer *peer = ws_user(socket);
	(void)context;
	if (!peer->is_behind)
		return;
	if (peer->side == SIDE_AGENT)
		tell_missed_agent((struct agent_peer *)(void *)peer);
	else
		tell_missed((struct visitor *)(void *)peer);
}

static void closed(void *context, struct ws_socket *socket, void *user)
{
	struct hub *hub = context;
	struct peer *peer = user;
	(void)socket;
	if (peer->number)
		idmap_remove(&hub->peers, peer->number);
	if (peer->side == SIDE_AGENT) {
		struct agent_peer *agent = user;
		agent_closed(agent);
		LIST_REMOVE(hub->agent_peers, agent);
		atomic_fetch_sub(&hub->options.metrics->agents, 1);
	} else {
		struct visitor *visitor = user;
		visitor_closed(visitor);
		LIST_REMOVE(hub->visitors, visitor);
		atomic_fetch_sub(&hub->options.metrics->visitors, 1);
	}
	dropped(hub, user);
}

struct ws_handlers hub_handlers(struct hub *hub)
{
	return (struct ws_handlers){ .context = hub,
				     .overflows = &hub->options.metrics->outbox_overflows,
				     .admit = admit,
				     .dropped = dropped,
				     .opened = opened,
				     .received = received,
				     .drained = drained,
				     .closed = closed };
}
