/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "base/mem.h"
#include "server/request.h"
#include "server/session.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_CHARACTERS = 60, SEARCH_LIMIT = 50, DAYS_USUAL = 30, DAYS_MAX = 3650 };
#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

/* ---- Answers ---- */

void answer_error(struct request *request, int status, const char *code, const char *message)
{
	request->status = status;
	buf_reset(&request->answer);
	wire_http_error(&request->answer, code, message);
}

static void answer_failure(struct request *request, const struct error *err)
{
	if (err->kind == ERROR_CONFLICT) {
		answer_error(request, 409, "conflict", err->message);
		return;
	}
	log_line(LOG_ERROR, "%s %s: %s", request->method, request->path, err->message);
	request->retry_after_s = 1;
	answer_error(request, 503, "not_saved", "this cannot be read or kept just now, please try again");
}

static void answer_wait(struct clerk *clerk, struct request *request, int64_t wait_ms, const char *message)
{
	metrics_add(&clerk->options.metrics->rate_limited, 1);
	request->retry_after_s = (wait_ms + 999) / 1000;
	answer_error(request, 429, "rate_limited", message);
}

static void answer_text(struct request *request, int status, const char *text)
{
	request->status = status;
	request->type = "text/plain; charset=utf-8";
	buf_add_text(&request->answer, text);
}

static struct wire_agent agent_of(const struct agent_row *row)
{
	return (struct wire_agent){ .id = row->id, .name = row->name, .status = "offline",
		                    .role = row->role == ROLE_OWNER ? "owner" : "agent" };
}

/* The texts of the body, or false after an answer. */
static bool read_body(struct request *request, const char *const *names, size_t count, int max_characters,
                      const char **out)
{
	struct wire_error why;
	if (!wire_read_texts(&request->arena, buf_str(&request->body), names, count, max_characters, out, &why))
		return true;
	answer_error(request, 400, why.code, why.message);
	return false;
}

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
	return store_add_session(store, change->session, change->agent, change->now_ms, change->now_ms + SESSION_MS, err);
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
	request->set_cookie = arena_printf(&request->arena,
	                                   "shopbell_session=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
	                                   secret.text, (long long)(SESSION_MS / 1000), request->is_tls ? "; Secure" : "");
	struct wire_agent self = agent_of(agent);
	request->status = 200;
	wire_session(&request->answer, &self);
	metrics_add(&clerk->options.metrics->sign_ins, 1);
}

static bool name_is_right(struct request *request, const char *name)
{
	struct str text = str_of(name);
	if (text.len && text.len == str_trim(text).len && text.len <= 4 * NAME_CHARACTERS)
		return true;
	answer_error(request, 400, "bad_frame", "`name` must be a text without blanks at its ends");
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

static bool may_try(struct clerk *clerk, struct request *request, uint64_t name)
{
	static const struct rate of_address = { .per_minute = 10, .burst = 20 }, of_name = { .per_minute = 5, .burst = 10 };
	struct limits *limits = clerk->options.limits;
	int64_t now = clock_steady_ms();
	int64_t wait = limits_take(limits, LIMIT_SIGN_IN, request->address, of_address, now);
	if (!wait && (wait = limits_take(limits, LIMIT_SIGN_IN_NAME, name, of_name, now)))
		limits_give(limits, LIMIT_SIGN_IN, request->address);
	if (wait)
		answer_wait(clerk, request, wait, "too many attempts to sign in, please wait");
	return !wait;
}

static void sign_in(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "name", "password" };
	const char *values[2];
	struct agent_row agent;
	struct error err = { 0 };
	struct limits *limits = clerk->options.limits;
	if (!read_body(request, names, 2, PASSWORD_CHARACTERS_MAX, values))
		return;
	uint64_t name = limits_name(limits, values[0]);
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

static void show_session(struct clerk *clerk, struct request *request)
{
	struct wire_agent self = agent_of(&request->agent);
	(void)clerk;
	request->status = 200;
	wire_session(&request->answer, &self);
}

/* The hash of the session that the request's cookie names; false when there is none. */
static bool session_hash(struct request *request, unsigned char out[TOKEN_HASH_BYTES])
{
	struct str cookie = cookie_value(request->cookie, "shopbell_session");
	if (cookie.len != SECRET_CHARACTERS)
		return false;
	secret_hash(arena_strdup(&request->arena, cookie), out);
	return true;
}

static void sign_out(struct clerk *clerk, struct request *request)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	struct error err = { 0 };
	struct change change = { .session = hash };
	if (session_hash(request, hash) && change_take(clerk, &change, end_session, &err)) {
		answer_failure(request, &err);
		return;
	}
	request->set_cookie = "shopbell_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict";
	request->status = 204;
	hub_agents_changed(clerk->options.hub);
}

static void change_password(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "old", "new" };
	const char *values[2];
	char hash[PASSWORD_HASH_BYTES];
	struct error err = { 0 };
	uint64_t name = limits_name(clerk->options.limits, request->agent.name);
	if (!read_body(request, names, 2, PASSWORD_CHARACTERS_MAX, values) ||
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

static void show_setup(struct clerk *clerk, struct request *request)
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

static void set_up(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "link", "name", "password" };
	const char *values[3];
	char hash[PASSWORD_HASH_BYTES];
	bool has_owner;
	struct error err = { 0 };
	if (!read_body(request, names, 3, PASSWORD_CHARACTERS_MAX, values) ||
	    !may_try(clerk, request, limits_name(clerk->options.limits, "")))
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
		answer_error(request, 403, "forbidden", "this link is not valid (any more); a restart prints a new one");
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

static void list_agents(struct clerk *clerk, struct request *request)
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
		agents[i] = agent_of(&rows[i]);
	wire_agents(&list, agents, count);
	request->status = 200;
	wire_pair(&request->answer, "agents", buf_text(&list));
	buf_clear(&list);
}

static void create_agent(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "name", "role", "password" };
	const char *values[3];
	char hash[PASSWORD_HASH_BYTES];
	struct error err = { 0 };
	if (!read_body(request, names, 3, PASSWORD_CHARACTERS_MAX, values) || !name_is_right(request, values[0]) ||
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
	struct wire_agent agent = agent_of(&row);
	request->status = 201;
	wire_session(&request->answer, &agent);
	hub_agents_changed(clerk->options.hub);
}

static void delete_agent(struct clerk *clerk, struct request *request)
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

/* ---- The corpus, questions, figures ---- */

static void show_corpus(struct clerk *clerk, struct request *request)
{
	struct snapshot *snapshot = shelf_take(clerk->options.shelf);
	struct wire_corpus state = snapshot_corpus(snapshot);
	request->status = 200;
	wire_corpus_page(&request->answer, &state, snapshot->knowledge->corpus);
	snapshot_unref(snapshot);
}

static void show_settings(struct clerk *clerk, struct request *request)
{
	struct snapshot *snapshot = shelf_take(clerk->options.shelf);
	request->status = 200;
	wire_settings_page(&request->answer, &snapshot->knowledge->corpus->settings);
	snapshot_unref(snapshot);
}

static void ask(struct clerk *clerk, struct request *request)
{
	static const char *const names[] = { "text", "lang" };
	const char *values[2];
	struct snapshot *snapshot = shelf_take(clerk->options.shelf);
	const struct settings *settings = &snapshot->knowledge->corpus->settings;
	double most = (double)settings->messages_per_minute * settings->connections_per_address;
	struct rate rate = { .per_minute = most, .burst = most };
	int64_t wait = limits_take(clerk->options.limits, LIMIT_ASK, request->address, rate, clock_steady_ms());
	if (wait) {
		answer_wait(clerk, request, wait, "too many questions, please wait");
	} else if (read_body(request, names, 2, settings->message_length, values)) {
		if (!str_trim(str_of(values[0])).len) {
			answer_error(request, 400, "empty", "`text` has no visible character");
		} else {
			struct decision *decision = arena_zalloc(&request->arena, 1, sizeof *decision);
			policy_ask(snapshot->knowledge, clerk->mind, str_of(values[0]), *values[1] ? values[1] : NULL,
			           &request->arena, decision);
			request->status = 200;
			wire_ask(&request->answer, decision);
		}
	}
	snapshot_unref(snapshot);
}

static struct wire_summary found_summary(const struct search_hit *hit)
{
	const struct conversation_row *row = &hit->row;
	return (struct wire_summary){
		.id = row->id, .seq = row->seq, .owner = row->owner, .agent = row->owner == OWNER_AGENT ? row->agent : 0,
		.agent_name = row->agent_name, .episode = row->episode, .language = row->language,
		.created_ms = row->created_ms, .updated_ms = row->updated_ms, .waiting_since_ms = row->waiting_since_ms,
		.priority = row->priority, .reason = row->reason, .mood = row->mood, .trend = row->trend,
		.last_text = row->last_text, .last_from = row->last_from, .last_at_ms = row->last_at_ms,
		.intent = row->intent, .visitor_name = row->visitor_name, .visitor_email = row->visitor_email,
		.profile = row->profile, .is_verified = row->subject[0] != '\0', .ticket_ms = row->ticket_ms,
		.is_closed = row->is_closed, .handover_right = row->handover_right, .snippet = hit->snippet,
	};
}

static void search(struct clerk *clerk, struct request *request)
{
	struct search_hit *hits = NULL;
	size_t count = 0;
	struct error err = { 0 };
	const char *words = request_argument(request, "q");
	if (*words && store_search(clerk->store, &request->arena, words, SEARCH_LIMIT, &hits, &count, &err)) {
		answer_failure(request, &err);
		return;
	}
	struct wire_summary *rows = arena_zalloc(&request->arena, count + 1, sizeof *rows);
	for (size_t i = 0; i < count; i++)
		rows[i] = found_summary(&hits[i]);
	request->status = 200;
	wire_found(&request->answer, rows, count);
}

static void show_numbers(struct clerk *clerk, struct request *request)
{
	unsigned long long days = DAYS_USUAL;
	struct numbers n;
	struct error err = { 0 };
	const char *asked = request_argument(request, "days");
	if (*asked && (!str_number(str_of(asked), DAYS_MAX, &days) || !days)) {
		answer_error(request, 400, "bad_frame", "`days` must be a number from 1 to 3650");
		return;
	}
	int64_t now_ms = clock_ms();
	if (store_numbers(clerk->store, now_ms - (int64_t)days * DAY_MS, now_ms, &n, &err)) {
		answer_failure(request, &err);
		return;
	}
	struct wire_numbers page = {
		.from_ms = n.from_ms, .to_ms = n.to_ms, .episodes = n.episodes, .bot_answers = n.bot_answers,
		.misses = n.misses, .clarifications = n.clarifications, .handed_over_episodes = n.handed_over_episodes,
		.claimed = n.claimed, .missed = n.missed, .helpful = n.helpful, .not_helpful = n.not_helpful,
		.csat_sum = n.csat_sum, .csat_count = n.csat_count, .wait_median_ms = n.wait_median_ms,
		.wait_p90_ms = n.wait_p90_ms, .wait_count = n.wait_count,
	};
	memcpy(page.handovers, n.handovers, sizeof page.handovers);
	memcpy(page.messages_by_hour, n.messages_by_hour, sizeof page.messages_by_hour);
	request->status = 200;
	wire_numbers(&request->answer, &page);
}

/* ---- For the operator ---- */

static void show_health(struct clerk *clerk, struct request *request)
{
	(void)clerk;
	answer_text(request, 200, "ok\n");
}

static void show_ready(struct clerk *clerk, struct request *request)
{
	if (atomic_load(&clerk->options.metrics->is_saving))
		answer_text(request, 200, "ready\n");
	else
		answer_text(request, 503, "not ready: the last commit did not reach the disk\n");
}

static void show_metrics(struct clerk *clerk, struct request *request)
{
	answer_text(request, 200, "");
	request->type = "text/plain; version=0.0.4; charset=utf-8";
	metrics_print(clerk->options.metrics, &request->answer);
}

/* ---- The table ---- */

static const struct route routes[] = {
	{ "GET", "/healthz", 0, false, false, show_health, false },
	{ "GET", "/readyz", 0, false, false, show_ready, false },
	{ "GET", "/metrics", 0, false, false, show_metrics, false },
	{ "POST", "/api/v1/ask", 0, false, true, ask, false },
	{ "POST", "/api/v1/session", 0, true, true, sign_in, false },
	{ "GET", "/api/v1/session", ROLE_AGENT, false, false, show_session, false },
	{ "DELETE", "/api/v1/session", ROLE_AGENT, true, true, sign_out, false },
	{ "GET", "/api/v1/setup", 0, false, false, show_setup, false },
	{ "POST", "/api/v1/setup", 0, true, true, set_up, false },
	{ "GET", "/api/v1/corpus", ROLE_AGENT, false, false, show_corpus, false },
	{ "GET", "/api/v1/agents", ROLE_OWNER, false, false, list_agents, false },
	{ "POST", "/api/v1/agents", ROLE_OWNER, true, true, create_agent, false },
	{ "DELETE", "/api/v1/agents/", ROLE_OWNER, true, true, delete_agent, true },
	{ "POST", "/api/v1/password", ROLE_AGENT, true, true, change_password, false },
	{ "GET", "/api/v1/search", ROLE_AGENT, true, false, search, false },
	{ "GET", "/api/v1/numbers", ROLE_AGENT, true, false, show_numbers, false },
	{ "GET", "/api/v1/settings", ROLE_OWNER, false, false, show_settings, false },
};

static bool path_fits(const struct route *route, const char *path, int64_t *out_number)
{
	size_t len = strlen(route->path);
	unsigned long long number;
	if (!route->has_number)
		return !strcmp(route->path, path);
	if (strncmp(route->path, path, len) || !str_number(str_of(path + len), INT64_MAX, &number))
		return false;
	*out_number = (int64_t)number;
	return true;
}

const struct route *route_find(const char *method, const char *path, int64_t *out_number, const char **out_allow)
{
	static const char *const allows[] = { "GET, HEAD", "POST", "DELETE" };
	const struct route *other = NULL;
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		if (!path_fits(&routes[i], path, out_number))
			continue;
		if (!strcmp(routes[i].method, method))
			return &routes[i];
		other = &routes[i];
	}
	*out_allow = !other ? NULL : allows[other->method[0] == 'G' ? 0 : other->method[0] == 'P' ? 1 : 2];
	return NULL;
}

/* Who is signed in; the answer is given when that fails or is not enough. */
static bool check_role(struct clerk *clerk, struct request *request)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	struct error err = { 0 };
	int status = 1;
	if (!request->route->least)
		return true;
	if (session_hash(request, hash))
		status = store_find_session(clerk->store, &request->arena, hash, clock_ms(), &request->agent, &err);
	if (status < 0)
		answer_failure(request, &err);
	else if (status)
		answer_error(request, 401, "sign_in", "please sign in");
	else if ((int)request->agent.role < request->route->least)
		answer_error(request, 403, "forbidden", "only owners may do this");
	else
		return true;
	return false;
}

/* A form of another site can post, and send the cookie, but neither as JSON nor with our Origin. */
static bool check_source(struct request *request)
{
	const struct route *route = request->route;
	if (!route->changes)
		return true;
	if (!strcmp(route->method, "POST") && strncmp(request->content_type, "application/json", 16)) {
		answer_error(request, 415, "content_type", "the body has to be application/json");
		return false;
	}
	if (route->run != ask && !origin_is_allowed(request->origin, request->host, NULL, 0, false)) {
		answer_error(request, 403, "forbidden", "this cannot be asked for from another site");
		return false;
	}
	return true;
}

void route_run(struct clerk *clerk, struct request *request)
{
	if (check_source(request) && check_role(clerk, request))
		request->route->run(clerk, request);
}
