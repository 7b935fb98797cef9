/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "base/mem.h"
#include "dialogue/report.h"
#include "server/request.h"
#include "server/identity.h"
#include "server/summary.h"
#include "text/language.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEARCH_LIMIT = 50, DAYS_USUAL = 30, DAYS_MAX = 3650 };
#define HOUR_MS (60 * 60 * (int64_t)1000)
#define DAY_MS  (24 * HOUR_MS)

int clerk_open(struct clerk *clerk, const struct http_options *options, struct error *err)
{
	clerk->options = *options;
	clerk->mind = mind_new();
	return store_open(options->store_path, STORE_READ, &clerk->store, err);
}

void clerk_close(struct clerk *clerk)
{
	store_close(clerk->store);
	mind_free(clerk->mind);
}

/* ---- Answers ---- */

void answer_error(struct request *request, int status, const char *code, const char *message)
{
	request->status = status;
	buf_reset(&request->answer);
	wire_http_error(&request->answer, code, message);
}

void answer_failure(struct request *request, const struct error *err)
{
	if (err->kind == ERROR_CONFLICT || err->kind == ERROR_LIMIT) {
		answer_error(request, 409, err->kind == ERROR_LIMIT ? "too_many" : "conflict", err->message);
		return;
	}
	if (err->kind == ERROR_MISSING) {
		answer_error(request, 404, "not_found", err->message);
		return;
	}
	log_line(LOG_ERROR, "%s %s: %s", request->route->method, request->route->path, err->message);
	request->retry_after_s = 1;
	answer_error(request, 503, "not_saved", "this cannot be read or kept just now, please try again");
}

void answer_wait(struct clerk *clerk, struct request *request, int64_t wait_ms, const char *message)
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

struct wire_agent wire_agent_of(const struct agent_row *row)
{
	return (struct wire_agent){ .id = row->id,
				    .name = row->name,
				    .status = "offline",
				    .role = row->role == ROLE_OWNER ? "owner" : "agent" };
}

/* The texts of the body, or false after an answer. */
bool request_texts(struct request *request, const char *const *names, size_t count, int max_characters,
		   const char **out)
{
	struct wire_error why;
	if (!wire_read_texts(&request->arena, buf_str(&request->body), names, count, max_characters, out, &why))
		return true;
	answer_error(request, 400, why.code, why.message);
	return false;
}

/* The hash of the session that the request's cookie names; false when there is none. */
bool request_session(struct request *request, unsigned char out[TOKEN_HASH_BYTES])
{
	struct str cookie = cookie_value(request->cookie, "shopbell_session");
	if (cookie.len != SECRET_CHARACTERS)
		return false;
	secret_hash(arena_strdup(&request->arena, cookie), out);
	return true;
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
	struct rate_limit rate = { .per_minute = most, .burst = most };
	int64_t wait = limits_take(clerk->options.limits, LIMIT_ASK, request->address, rate, clock_steady_ms());
	if (wait) {
		answer_wait(clerk, request, wait, "too many questions, please wait");
	} else if (request_texts(request, names, 2, settings->message_length, values)) {
		if (!str_trim(str_of(values[0])).len) {
			answer_error(request, 400, "empty", "`text` has no visible character");
		} else {
			struct decision *decision = arena_zalloc(&request->arena, 1, sizeof *decision);
			policy_ask(snapshot->knowledge, clerk->mind, str_of(values[0]),
				   language_code(str_of(values[1])), &request->arena, decision);
			request->status = 200;
			wire_ask(&request->answer, decision);
		}
	}
	snapshot_unref(snapshot);
}

static struct wire_summary found_summary(const struct search_hit *hit)
{
	struct wire_summary summary = summary_of_row(&hit->row);
	summary.snippet = hit->snippet;
	return summary;
}

static int find_tagged(struct clerk *clerk, struct request *request, const char *tag, struct search_hit **out,
		       size_t *out_count, struct error *err)
{
	struct conversation_row *rows;
	struct list_query query = { .list = LIST_TAGGED, .tag = tag, .limit = STORE_HITS_MAX };
	if (store_list(clerk->store, &request->arena, &query, &rows, out_count, err))
		return -1;
	*out = arena_zalloc(&request->arena, *out_count + 1, sizeof **out);
	for (size_t i = 0; i < *out_count; i++)
		(*out)[i] = (struct search_hit){ rows[i], "" };
	return 0;
}

static void search(struct clerk *clerk, struct request *request)
{
	struct search_hit *hits = NULL;
	size_t count = 0;
	struct error err = { 0 };
	const char *words = request_argument(request, "q"), *tag = request_argument(request, "tag");
	int status = *tag     ? find_tagged(clerk, request, tag, &hits, &count, &err)
		     : *words ? store_search(clerk->store, &request->arena, words, SEARCH_LIMIT, &hits, &count, &err)
			      : 0;
	if (status) {
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
	struct error err = { 0 };
	const char *asked = request_argument(request, "days");
	if (*asked && (!str_number(str_of(asked), DAYS_MAX, &days) || !days)) {
		answer_error(request, 400, "bad_frame", "`days` must be a number from 1 to 3650");
		return;
	}
	int64_t now_ms = clock_ms(), from_ms = now_ms - (int64_t)days * DAY_MS, by_hour[24];
	/* From a full hour on, so that what is counted by hour falls into the hours of the clock. */
	from_ms -= from_ms % HOUR_MS;
	struct report *report = report_new();
	if (store_report(clerk->store, from_ms, now_ms, report, by_hour, &err)) {
		answer_failure(request, &err);
	} else {
		request->status = 200;
		wire_numbers(&request->answer, from_ms, now_ms, report, by_hour);
	}
	report_free(report);
}

/* ---- For the operator ---- */

static void show_health(struct clerk *clerk, struct request *request)
{
	(void)clerk;
	answer_text(request, 200, "ok\n");
}

static void show_ready(struct clerk *clerk, struct request *request)
{
	const struct metrics *metrics = clerk->options.metrics;
	if (!atomic_load(&metrics->is_saving))
		answer_text(request, 503, "not ready: the last commit did not reach the disk\n");
	else if (atomic_load(&metrics->is_crowded))
		answer_text(request, 503, "not ready: too much waits for the disk\n");
	else
		answer_text(request, 200, "ready\n");
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
	{ "POST", "/api/v1/session", 0, true, true, account_sign_in, false },
	{ "GET", "/api/v1/session", ROLE_AGENT, false, false, account_show_session, false },
	{ "DELETE", "/api/v1/session", ROLE_AGENT, true, true, account_sign_out, false },
	{ "GET", "/api/v1/setup", 0, false, false, account_show_setup, false },
	{ "POST", "/api/v1/setup", 0, true, true, account_set_up, false },
	{ "GET", "/api/v1/corpus", ROLE_AGENT, false, false, show_corpus, false },
	{ "GET", "/api/v1/agents", ROLE_OWNER, false, false, account_list_agents, false },
	{ "POST", "/api/v1/agents", ROLE_OWNER, true, true, account_create_agent, false },
	{ "DELETE", "/api/v1/agents/", ROLE_OWNER, true, true, account_delete_agent, true },
	{ "POST", "/api/v1/password", ROLE_AGENT, true, true, account_change_password, false },
	{ "GET", "/api/v1/search", ROLE_AGENT, true, false, search, false },
	{ "GET", "/api/v1/numbers", ROLE_AGENT, true, false, show_numbers, false },
	{ "GET", "/api/v1/settings", ROLE_OWNER, false, false, show_settings, false },
	{ "GET", "/api/v1/tags", ROLE_AGENT, true, false, kept_list_tags, false },
	{ "GET", "/api/v1/replies", ROLE_AGENT, true, false, kept_list_replies, false },
	{ "POST", "/api/v1/replies", ROLE_OWNER, true, true, kept_create_reply, false },
	{ "POST", "/api/v1/replies/", ROLE_OWNER, true, true, kept_change_reply, true },
	{ "DELETE", "/api/v1/replies/", ROLE_OWNER, true, true, kept_delete_reply, true },
	{ "GET", "/api/v1/drafts", ROLE_OWNER, true, false, drafts_list, false },
	{ "POST", "/api/v1/drafts/", ROLE_OWNER, true, true, drafts_approve, true },
	{ "DELETE", "/api/v1/drafts/", ROLE_OWNER, true, true, drafts_dismiss, true },
	{ "GET", "/api/v1/visitors/", ROLE_OWNER, true, false, person_export, true },
	{ "DELETE", "/api/v1/visitors/", ROLE_OWNER, true, true, person_erase, true },
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
	enum { GET = 1, POST = 2, DELETE = 4 };
	static const char *const allows[] = {
		NULL,     "GET, HEAD",         "POST",         "GET, HEAD, POST",
		"DELETE", "GET, HEAD, DELETE", "POST, DELETE", "GET, HEAD, POST, DELETE"
	};
	unsigned others = 0;
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		if (!path_fits(&routes[i], path, out_number))
			continue;
		if (!strcmp(routes[i].method, method))
			return &routes[i];
		others |= routes[i].method[0] == 'G' ? GET : routes[i].method[0] == 'P' ? POST : DELETE;
	}
	*out_allow = allows[others];
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
	if (request_session(request, hash))
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

/* A form of another site can post, and send the cookie, but neither as JSON nor with our Origin. Where no cookie counts
 * the type of the body says nothing that reading it does not. */
static bool check_source(struct request *request)
{
	const struct route *route = request->route;
	if (!route->changes)
		return true;
	if (route->least && !strcmp(route->method, "POST") && strncmp(request->content_type, "application/json", 16)) {
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
