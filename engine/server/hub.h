/* SPDX-License-Identifier: Apache-2.0 */
/* Who is connected, and the conversations that are awake. Frames come in, steps of conversations are decided in memory
 * and handed to the writer; what came back as stored is acknowledged and told to everybody whom it concerns.
 *
 *     frame -> input -> conversation_step -> apply -> writer -> disk -> ack, events, inbox
 *                                              |
 *                     refused by the disk: the conversation is read again from what is stored
 *
 * Everything belongs to the loop's thread, save where it says "from every thread". */
#ifndef SHOPBELL_SERVER_HUB_H
#define SHOPBELL_SERVER_HUB_H

#include "base/error.h"
#include "server/acceptor.h"
#include "server/limits.h"
#include "server/loop.h"
#include "server/metrics.h"
#include "server/snapshot.h"
#include "server/writer.h"
#include "server/ws.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct hub;

struct hub_options {
	struct loop *loop;
	struct writer *writer;
	struct store *store; /* STORE_READ; taken over */
	struct shelf *shelf;
	struct limits *limits;
	struct metrics *metrics;
};

/* Wakes all conversations that wait or belong to an agent. */
int hub_open(const struct hub_options *options, struct hub **out, struct error *err);
/* After the last connection is gone and the writer has stopped. */
void hub_close(struct hub *hub);
struct ws_handlers hub_handlers(struct hub *hub);
/* Once a second. */
void hub_tick(struct hub *hub, int64_t now_ms);
/* Somebody has set the clock: how long everybody has waited stays as it is. */
void hub_clock_stepped(struct hub *hub, int64_t by_ms);
/* After every round of the loop: tells what changed in it. */
void hub_settle(struct hub *hub);
/* From here on nothing new is taken: frames are dropped. */
void hub_stop(struct hub *hub);
bool hub_is_idle(const struct hub *hub); /* nothing is at the writer */

/* From every thread: there is a new snapshot on the shelf. */
void hub_reloaded(struct hub *hub);
/* From every thread: the sessions of an agent have ended (0: look at all of them): connections without one are closed,
 * and the list of agents is read again. */
void hub_agents_changed(struct hub *hub);

/* From every thread: this conversation was erased; whoever is in it is told, and all agents. */
void hub_erased(struct hub *hub, int64_t conversation);

/* From every thread: agents are told that they have to read these again. */
enum hub_change { CHANGED_REPLIES, CHANGED_DRAFTS, CHANGED_COUNT };
void hub_changed(struct hub *hub, enum hub_change what);

/* Whether `origin` (the header) may open a connection or change things at this host: it is the `host` itself by http or
 * https, or one of `listed`. "" is allowed where `is_needed` is false. */
bool origin_is_allowed(const char *origin, const char *host, const char **listed, size_t listed_count, bool is_needed);
/* The value of a cookie in a Cookie header, or an empty slice. */
struct str cookie_value(const char *header, const char *name);
/* The address that a trusted proxy added last to X-Forwarded-For; empty when there is none. */
struct str forwarded_address(const char *header);

#endif
