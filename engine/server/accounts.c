/* SPDX-License-Identifier: Apache-2.0 */
/* Who works here: signing in and out, passwords, the first owner, agents. */
#include "server/request.h"
#include "server/session.h"
#include "wire/wire.h"

#include <stdlib.h>
#include <string.h>

/* ---- Changes: written by the writer, waited for at the desk ---- */

struct change {
	struct writing writing; /* first member */
	const char *name, *hash;
	enum role role;
	int64_t agent, now_ms;
	const unsigned char *session;
};

static int change_take(struct clerk *clerk, struct change *change,
		       int (*act)(struct writing *, struct store *, struct error *), struct error *err)
{
	change->now_ms = clock_ms();
	change->writing.act = act;
	return writer_ask(clerk->options.writer, &change->writing, err);
}

static int add_session(struct writing *writing, struct store *store, struct error *err)
{
	struct change *change = (struct change *)(void *)writing;
	return store_add_session(store, change->session, change->agent, change->now_ms, change->now_ms + SESSION_MS,
				 err);
}

static int end_session(struct writing *writing, struct store *store, struct error *err)
{
	return store_remove_session(store, ((struct change *)(void *)writing)->session, err);
}

static int add_owner(struct writing *writing, struct store *store, struct error *err)
{
	struct change *change = (struct change *)(void *)writing;
	if (store_add_first_owner(store, change->name, change->hash, change->now_ms, &change->agent, err))
		return -1;
	return setup_void(store, err);
}

static int add_agent(struct writing *writing, struct store *store, struct error *err)
{
	struct change *change = (struct change *)(void *)writing;
	return store_add_agent(store, change->name, change->role, change->hash, change->now_ms, &change->agent, err);
}

static int remove_agent(struct writing *writing, struct store *store, struct error *err)
{
	return store_remove_agent(store, ((struct change *)(void *)writing)->agent, err);
}

static int set_password(struct writing *writing, struct store *store, struct error *err)
{
	struct change *change = (struct change *)(void *)writing;
	return store_set_password(store, change->agent, change->hash, err);
}

/* Signs in: a new session, its cookie, and who it is. */
static void open_session(struct clerk *clerk, struct request *request, const struct agent_row *agent)
{
	struct secret secret = secret_make();
	unsigned char hash[TOKEN_HASH_BYTES];
	struct error err = { 0 };
	secret_hash(secret.text, hash);
	struct change change = { .agent = agent->id, .session = hash };
	if (change_take(clerk, &change, add_session, &err)) {
		answer_failure(request, &err);
		return;
	}
	request->set_cookie =
		arena_printf(&request->arena, "shopbell_session=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
			     secret.text, (long long)(SESSION_MS / 1000), request->is_tls ? "; Secure" : "");
	struct wire_agent self = wire_agent_of(agent);
	request->status = 200;
	wire_session(&request->answer, &self);
	metrics_add(&clerk->options.metrics->sign_ins, 1);
}

static bool name_is_right(struct request *request, const char *name)
{
	struct error err;
	if (!agent_name_check(name, &err))
		return true;
	answer_error(request, 400, "bad_frame", err.message);
	return false;
}

static bool password_is_right(struct request *request, const char *field, const char *password)
{
	size_t characters = 0;
	for (const char *at = password; *at; at++)
		characters += ((unsigned char)*at & 0xc0) != 0x80;
	if (characters >= PASSWORD_CHARACTERS_MIN && characters <= PASSWORD_CHARACTERS_MAX)
		return true;
	answer_error(request, 400, "bad_frame",
		     arena_printf(&request->arena, "`%s` must have %d to %d characters", field, PASSWORD_CHARACTERS_MIN,
				  PASSWORD_CHARACTERS_MAX));
	return false;
}

/* ---- Sessions ---- */

/* However it is written: who may sign in as "Jörg" may guess at "JÖRG" no more often. */
static uint64_t limit_of_name(struct clerk *clerk, struct request *request, const char *name)
{
	return limits_name(clerk->options.limits, store_fold_name(&request->arena, name));
}

static bool may_try(struct clerk *clerk, struct request *request, uint64_t name)
{
	static const struct rate_limit of_address = { .per_minute = 10, .burst = 20 },
				       of_name = { .per_minute = 5, .burst = 10 };
	struct limits *limits = clerk->options.limits;
	int64_t now = clock_steady_ms();
	int64_t wait = limits_take(limits, LIMIT_SIGN_IN, request->address, of_address, now);
	if (!wait && (wait = limits_take(limits, LIMIT_SIGN_IN_NAME, name, of_name, now)))
		limits_give(limits, LIMIT_SIGN_IN, request->address);
	if (wait)
		answer_wait(clerk, request, wait, "too many attempts to sign in, please wait");
	return !wait;
}

void account_sign_in(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "name", "password" };
	const char *values[2];
	struct agent_row agent;
	struct error err = { 0 };
	struct limits *limits = clerk->options.limits;
	if (!request_texts(request, names, 2, PASSWORD_CHARACTERS_MAX, values))
		return;
	uint64_t name = limit_of_name(clerk, request, values[0]);
	if (!may_try(clerk, request, name))
		return;
	int status = store_find_agent(clerk->store, &request->arena, values[0], &agent, &err);
	if (status < 0) {
		answer_failure(request, &err);
		return;
	}
	/* A name that does not exist takes as long as a wrong password. */
	bool holds = password_holds(status ? password_decoy() : agent.password_hash, values[1]);
	if (status || !holds) {
		metrics_add(&clerk->options.metrics->sign_ins_refused, 1);
		answer_error(request, 401, "sign_in", "name or password is wrong");
		return;
	}
	limits_give(limits, LIMIT_SIGN_IN, request->address);
	limits_give(limits, LIMIT_SIGN_IN_NAME, name);
	open_session(clerk, request, &agent);
}

void account_show_session(struct clerk *clerk, struct request *request)
{
	struct wire_agent self = wire_agent_of(&request->agent);
	(void)clerk;
	request->status = 200;
	wire_session(&request->answer, &self);
}

void account_sign_out(struct clerk *clerk, struct request *request)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	struct error err = { 0 };
	struct change change = { .session = hash };
	if (request_session(request, hash) && change_take(clerk, &change, end_session, &err)) {
		answer_failure(request, &err);
		return;
	}
	request->set_cookie = "shopbell_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict";
	request->status = 204;
	hub_agents_changed(clerk->options.hub);
}

void account_change_password(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "old", "new" };
	const char *values[2];
	char hash[PASSWORD_HASH_BYTES];
	struct error err = { 0 };
	uint64_t name = limit_of_name(clerk, request, request->agent.name);
	if (!request_texts(request, names, 2, PASSWORD_CHARACTERS_MAX, values) ||
	    !password_is_right(request, "new", values[1]) || !may_try(clerk, request, name))
		return;
	if (!password_holds(request->agent.password_hash, values[0])) {
		answer_error(request, 403, "forbidden", "the old password is wrong");
		return;
	}
	struct change change = { .agent = request->agent.id, .hash = hash };
	if (password_hash(values[1], hash, &err) || change_take(clerk, &change, set_password, &err)) {
		answer_failure(request, &err);
		return;
	}
	struct agent_row self = request->agent;
	open_session(clerk, request, &self); /* all sessions have ended: this one goes on with a new token */
	if (request->status != 200)
		return;
	buf_reset(&request->answer);
	request->status = 204;
	hub_agents_changed(clerk->options.hub);
}

/* ---- The first owner ---- */

void account_show_setup(struct clerk *clerk, struct request *request)
{
	bool has_owner;
	struct error err = { 0 };
	if (store_has_owner(clerk->store, &has_owner, &err)) {
		answer_failure(request, &err);
		return;
	}
	request->status = 200;
	wire_pair(&request->answer, "needed", has_owner ? "false" : "true");
}

void account_set_up(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "link", "name", "password" };
	const char *values[3];
	char hash[PASSWORD_HASH_BYTES];
	bool has_owner;
	struct error err = { 0 };
	if (!request_texts(request, names, 3, PASSWORD_CHARACTERS_MAX, values) ||
	    !may_try(clerk, request, limit_of_name(clerk, request, "")))
		return;
	if (store_has_owner(clerk->store, &has_owner, &err)) {
		answer_failure(request, &err);
		return;
	}
	if (has_owner) {
		answer_error(request, 409, "conflict", "there is an owner already");
		return;
	}
	if (!setup_holds(clerk->store, values[0])) {
		answer_error(request, 403, "forbidden",
			     "this link is not valid (any more); a restart prints a new one");
		return;
	}
	if (!name_is_right(request, values[1]) || !password_is_right(request, "password", values[2]))
		return;
	struct change change = { .name = values[1], .hash = hash };
	if (password_hash(values[2], hash, &err) || change_take(clerk, &change, add_owner, &err)) {
		answer_failure(request, &err);
		return;
	}
	struct agent_row owner = { .id = change.agent, .name = values[1], .role = ROLE_OWNER };
	open_session(clerk, request, &owner);
	hub_agents_changed(clerk->options.hub);
}

/* ---- Agents ---- */

void account_list_agents(struct clerk *clerk, struct request *request)
{
	struct agent_row *rows;
	size_t count;
	struct error err = { 0 };
	struct buf list = { 0 };
	if (store_list_agents(clerk->store, &request->arena, &rows, &count, &err)) {
		answer_failure(request, &err);
		return;
	}
	struct wire_agent *agents = arena_zalloc(&request->arena, count + 1, sizeof *agents);
	for (size_t i = 0; i < count; i++)
		agents[i] = wire_agent_of(&rows[i]);
	wire_agents(&list, agents, count);
	request->status = 200;
	wire_pair(&request->answer, "agents", buf_text(&list));
	buf_clear(&list);
}

void account_create_agent(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "name", "role", "password" };
	const char *values[3];
	char hash[PASSWORD_HASH_BYTES];
	struct error err = { 0 };
	if (!request_texts(request, names, 3, PASSWORD_CHARACTERS_MAX, values) || !name_is_right(request, values[0]) ||
	    !password_is_right(request, "password", values[2]))
		return;
	bool is_owner = !strcmp(values[1], "owner");
	if (!is_owner && *values[1] && strcmp(values[1], "agent")) {
		answer_error(request, 400, "bad_frame", "`role` must be \"agent\" or \"owner\"");
		return;
	}
	struct change change = { .name = values[0], .hash = hash, .role = is_owner ? ROLE_OWNER : ROLE_AGENT };
	if (password_hash(values[2], hash, &err) || change_take(clerk, &change, add_agent, &err)) {
		answer_failure(request, &err);
		return;
	}
	struct agent_row row = { .id = change.agent, .name = values[0], .role = change.role };
	struct wire_agent agent = wire_agent_of(&row);
	request->status = 201;
	wire_session(&request->answer, &agent);
	hub_agents_changed(clerk->options.hub);
}

void account_delete_agent(struct clerk *clerk, struct request *request)
{
	struct agent_row *rows;
	size_t count;
	struct error err = { 0 };
	bool is_there = false, is_last_owner = true;
	if (store_list_agents(clerk->store, &request->arena, &rows, &count, &err)) {
		answer_failure(request, &err);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		is_there |= rows[i].id == request->number;
		is_last_owner &= rows[i].role != ROLE_OWNER || rows[i].id == request->number;
	}
	if (!is_there) {
		answer_error(request, 404, "not_found", "there is no such agent");
		return;
	}
	if (is_last_owner) {
		answer_error(request, 409, "conflict", "the last owner cannot be removed");
		return;
	}
	struct change change = { .agent = request->number };
	if (change_take(clerk, &change, remove_agent, &err)) {
		answer_failure(request, &err);
		return;
	}
	request->status = 204;
	hub_agents_changed(clerk->options.hub);
}
