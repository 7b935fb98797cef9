/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP request on its way through http.c (how it comes and goes) and routes.c (what it means). Inside the module. */
#ifndef SHOPBELL_SERVER_REQUEST_H
#define SHOPBELL_SERVER_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "server/assets.h"
#include "server/http.h"
#include "store/store.h"
#include "wire/wire.h"

enum { BODY_MAX = 65536 };

struct MHD_Connection;
struct request;

/* What a thread that answers requests works with. */
struct clerk {
	struct http_options options;
	struct store *store; /* STORE_READ */
	struct mind *mind;
};

int clerk_open(struct clerk *clerk, const struct http_options *options, struct error *err);
void clerk_close(struct clerk *clerk);

struct route {
	const char *method, *path; /* a path that ends with '/' before a number: "/api/v1/agents/" */
	int least;                 /* enum role; 0: anybody */
	bool is_slow;              /* the desk's */
	bool changes;              /* needs a JSON body (POST), and this host's Origin when one is sent */
	void (*run)(struct clerk *clerk, struct request *request);
	bool has_number; /* the path goes on with one */
};

struct request {
	struct MHD_Connection *connection;
	struct http *http;
	const struct route *route;
	struct request *next; /* at the desk */
	struct arena arena;
	struct buf body;
	size_t received; /* bytes of the body, also those that were dropped */
	bool is_too_large, is_started, is_at_desk, is_done;
	const char *method, *path;
	const char *host, *origin, *cookie, *content_type;
	uint64_t address;
	bool is_tls;
	int64_t number;         /* of the path */
	struct agent_row agent; /* who is signed in; id 0: nobody */
	/* The answer. */
	int status;
	const char *type;
	const char *set_cookie, *allow;
	const char *file_name; /* the answer is to be kept under it; NULL: shown */
	int64_t retry_after_s;
	struct buf answer;
	const struct asset *asset; /* instead of `answer` */
};

/* The route for a method and a path: NULL when there is none; `out_allow` then names the methods that there are. */
const struct route *route_find(const char *method, const char *path, int64_t *out_number, const char **out_allow);
/* Checks what the route asks for, and runs it. */
void route_run(struct clerk *clerk, struct request *request);
/* An error as the answer. */
void answer_error(struct request *request, int status, const char *code, const char *message);
/* An error of the store as the answer. */
void answer_failure(struct request *request, const struct error *err);
/* Too many: when to come back. */
void answer_wait(struct clerk *clerk, struct request *request, int64_t wait_ms, const char *message);
/* The texts of the body, or false after an answer. */
bool request_texts(struct request *request, const char *const *names, size_t count, int max_characters,
		   const char **out);
/* The hash of the session that the request's cookie names; false when there is none. */
bool request_session(struct request *request, unsigned char out[TOKEN_HASH_BYTES]);
struct wire_agent wire_agent_of(const struct agent_row *row);

/* accounts.c: what the table of routes calls. */
void account_sign_in(struct clerk *clerk, struct request *request);
void account_show_session(struct clerk *clerk, struct request *request);
void account_sign_out(struct clerk *clerk, struct request *request);
void account_change_password(struct clerk *clerk, struct request *request);
void account_show_setup(struct clerk *clerk, struct request *request);
void account_set_up(struct clerk *clerk, struct request *request);
void account_list_agents(struct clerk *clerk, struct request *request);
void account_create_agent(struct clerk *clerk, struct request *request);
void account_delete_agent(struct clerk *clerk, struct request *request);

/* kept.c: tags, and the replies that the owner keeps. */
void kept_list_tags(struct clerk *clerk, struct request *request);
void kept_list_replies(struct clerk *clerk, struct request *request);
void kept_create_reply(struct clerk *clerk, struct request *request);
void kept_change_reply(struct clerk *clerk, struct request *request);
void kept_delete_reply(struct clerk *clerk, struct request *request);

/* drafts.c: what agents taught. */
void drafts_list(struct clerk *clerk, struct request *request);
void drafts_approve(struct clerk *clerk, struct request *request);
void drafts_dismiss(struct clerk *clerk, struct request *request);
/* Removes what a program that was ended in the middle of a trial has left beside the data file. */
void drafts_tidy(const char *store_path);

/* persons.c: what is stored about a visitor. */
void person_export(struct clerk *clerk, struct request *request);
void person_erase(struct clerk *clerk, struct request *request);

/* A value of the query string, "" when it is not there. */
const char *request_argument(const struct request *request, const char *name);

#endif
