/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP request on its way through http.c (how it comes and goes) and routes.c (what it means). Inside the module. */
#ifndef SHOPBELL_SERVER_REQUEST_H
#define SHOPBELL_SERVER_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "server/assets.h"
#include "server/http.h"
#include "store/store.h"

enum { BODY_MAX = 65536, TARGET_MAX = 4000 };

struct MHD_Connection;
struct request;

/* What a thread that answers requests works with. */
struct clerk {
	struct http_options options;
	struct store *store; /* STORE_READ */
	struct mind *mind;
};

struct route {
	const char *method, *path;  /* a path that ends with '/' before a number: "/api/v1/agents/" */
	int least;                  /* enum role; 0: anybody */
	bool is_slow;               /* the desk's */
	bool changes;               /* needs a JSON body (POST), and this host's Origin when one is sent */
	void (*run)(struct clerk *clerk, struct request *request);
	bool has_number;            /* the path goes on with one */
};

struct request {
	struct MHD_Connection *connection;
	struct http *http;
	const struct route *route;
	struct request *next;       /* at the desk */
	struct arena arena;
	struct buf body;
	size_t received;            /* bytes of the body, also those that were dropped */
	bool is_too_large, is_started, is_at_desk, is_done;
	const char *method, *path;
	const char *host, *origin, *cookie, *content_type;
	uint64_t address;
	bool is_tls;
	int64_t number;             /* of the path */
	struct agent_row agent;     /* who is signed in; id 0: nobody */
	/* The answer. */
	int status;
	const char *type;
	const char *set_cookie, *allow;
	int64_t retry_after_s;
	struct buf answer;
	const struct asset *asset;  /* instead of `answer` */
};

/* The route for a method and a path: NULL when there is none; `out_allow` then names the methods that there are. */
const struct route *route_find(const char *method, const char *path, int64_t *out_number, const char **out_allow);
/* Checks what the route asks for, and runs it. */
void route_run(struct clerk *clerk, struct request *request);
/* An error as the answer. */
void answer_error(struct request *request, int status, const char *code, const char *message);
/* A value of the query string, "" when it is not there. */
const char *request_argument(const struct request *request, const char *name);

#endif
