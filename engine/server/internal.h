/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the hub share: hub.c (the whole), door.c (connections come and go), live.c (a conversation in memory),
 * step.c (a step on its way to the disk and back), backlog.c (how much may be on that way), tell.c (frames that go out),
 * visitor.c and agent.c (frames that come in), hello.c (a visitor arrives), privacy.c (what is stored about one), staff.c
 * (agents, their presence and load). */
#ifndef SHOPBELL_SERVER_INTERNAL_H
#define SHOPBELL_SERVER_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "dialogue/conversation.h"
#include "dialogue/queue.h"
#include "server/hub.h"
#include "server/identity.h"
#include "server/idmap.h"
#include "wire/wire.h"

enum {
	ERRORS_MAX = 50,        /* in a row; then the connection is closed */
	ERRORS_ROW_MS = 10000,  /* errors further apart are not "in a row" */
	LIVE_LINGER_MS = 60000, /* a conversation that nobody is in stays in memory so long */
	RETRY_MS = 1000,        /* told with `not_saved` */
	BUSY_MS = 2000,         /* told with `busy` */
	LANGUAGE_BYTES = 12,
	ARENAS_KEPT = 256,
};

/* ---- Connections ---- */

struct peer {
	struct ws_socket *socket;
	struct hub *hub;
	uint64_t number;  /* how a step that is on its way names it; 0 until then */
	uint64_t address; /* as limits know it */
	int64_t error_ms; /* steady: of the last error */
	struct bucket frames;
	uint16_t errors; /* in a row */
	uint8_t side;    /* enum frame_side */
	bool is_counted; /* `address` holds a connection more in limits, as the proxy told */
	bool is_welcome; /* said hello */
	bool is_behind;  /* does not keep up: gets events from the disk when it has read what waits */
};

/* What a signed token said; heap. */
struct known_visitor {
	struct arena arena;
	struct wire_identity claims;
};

struct visitor {
	struct peer peer;
	struct live *live;              /* NULL: no conversation yet */
	struct visitor *next;           /* of the same conversation */
	struct visitor *before, *after; /* of the hub */
	struct known_visitor *identity; /* NULL: none */
	char *page_url, *page_title;    /* heap; NULL */
	int64_t sent_seq;               /* events up to here were sent */
	struct bucket messages;         /* until there is a conversation */
	char language[LANGUAGE_BYTES];  /* of the page, canonical; "" */
};

struct agent_peer {
	struct peer peer;
	struct agent *agent;
	struct agent_peer *before, *after; /* of the hub */
	int64_t sent_id;                   /* events up to here were sent */
	unsigned char session[TOKEN_HASH_BYTES];
};

/* Somebody who may sign in; known for as long as the process lives. */
struct agent {
	struct hub *hub;
	int64_t id;
	char *name;
	enum role role;
	bool is_removed;
	bool is_available; /* said so; also while the connection is gone */
	int capacity;      /* 0: the shop's */
	int load;          /* conversations owned */
	int connections;
	struct timer gone; /* when the grace after the last connection is over */
};

/* ---- Conversations ---- */

struct live {
	struct hub *hub;
	int64_t id;                  /* 0: not on disk yet */
	struct conversation *state;  /* with the steps that are on their way */
	struct conversation_row row; /* the same; texts owned, see text_set() */
	struct visitor *visitors;
	struct step *first, *last; /* at the writer or held, in order */
	size_t held;               /* of these: held until the first is stored */
	struct timer wake;
	struct bucket messages;
	int64_t idle_ms;        /* steady: since when nobody is here */
	int64_t waits_since_ms; /* as the queue knows it, while it is in there */
	size_t told_position;   /* in the queue, as visitors know it; 0 none */
	uint64_t beginning;     /* its key in hub->beginnings, or 0 */
	struct secret token;    /* "" unless it was made by this process */
	bool is_broken;         /* a step failed: read again as soon as all are back */
	bool is_erased;
	bool is_in_queue, is_dirty; /* dirty: agents have to hear of it */
	bool is_listed;             /* in hub->lives */
	struct step *told;          /* the last step of the round that came back */
};

/* Whom an answer is for. */
struct origin {
	uint64_t peer;
	enum frame_type of;
	const char *client_id;
};

/* A step on its way to the disk and back. */
struct step {
	struct writing writing; /* first member: the task leads back here */
	struct live *live;
	struct step *next;  /* of the same conversation */
	struct arena arena; /* of everything below */
	struct turn turn;
	struct origin *origins;
	size_t origin_count, origin_capacity; /* the array is heap: more may come while it is away */
	int64_t ack_seq, ack_ms;
	size_t unsaved_bytes; /* as counted in the hub */
	bool is_held;
};

struct hub {
	struct hub_options options;
	struct store *store;
	struct mind *mind;
	struct snapshot *snapshot;
	struct arena arena;                /* of the frame that is being answered */
	struct buf text;                   /* the frame that is being written */
	struct idmap lives, peers, agents; /* by id, number, id */
	struct idmap beginnings;           /* lives that have no id yet, by a part of the token's hash */
	struct visitor *visitors;
	struct agent_peer *agent_peers;
	struct queue *queue;
	uint64_t last_number;
	struct {
		struct arena *items;
		size_t count, capacity;
	} arenas; /* used ones, for the next steps */
	struct {
		struct step **items;
		size_t count, capacity;
	} round; /* steps that came back in this round */
	struct {
		struct live **items;
		size_t count, capacity;
	} dirty;
	struct task reloaded, agents_changed, kept_changed, erasures;
	_Atomic(struct erased *) erased; /* by others, and not told yet */
	atomic_bool is_reload_posted, is_change_posted;
	atomic_uint kept_changes; /* a bit for each of enum hub_change that is not told yet */
	int64_t swept_ms, expired_ms, checked_ms, limits_ms; /* when these were last done */
	size_t expired; /* conversations, since the last run of the retention began */
	struct timer silent;
	struct store_place silent_place; /* how far the closing of silent ones has come */
	bool is_stopping;
	bool presence_changed, staff_changed, queue_changed;
	struct {
		bool is_open;
		int64_t opens_ms;
		int agents;
	} told;                                 /* presence, as visitors know it */
	size_t away;                            /* steps and acts at the writer */
	size_t unsaved_bytes;                   /* held by these, and by the steps that wait behind them */
	bool was_crowded;                       /* by far more of them than usual */
	struct writing *leaving, *leaving_last; /* those of this round, handed over at its end */
};

/* ---- live.c ---- */

/* Sets an owned text of a row. */
void text_set(const char **slot, const char *value);
/* The conversation in memory, or read from the disk; NULL with `out_missing` true when there is none, or with err. */
struct live *live_wake(struct hub *hub, int64_t id, bool *out_missing, struct error *err);
struct live *live_new(struct hub *hub);
/* Takes what a turn decided into the state, the row, the queue and the agents' load. */
void live_apply(struct live *live, const struct event *events, size_t count);
/* The first step of a new one is on its way, under this token. */
void live_begins(struct live *live, const unsigned char token_hash[TOKEN_HASH_BYTES]);
void live_numbered(struct live *live, int64_t id); /* it is stored, under this number */
/* The new one whose first step, under this token, has not come back; or NULL. */
struct live *live_beginning(struct hub *hub, const unsigned char token_hash[TOKEN_HASH_BYTES]);
/* Reads it again: what was on its way is lost. */
void live_reread(struct live *live);
/* The clock was set by so much. */
void live_shift(struct live *live, int64_t by_ms);
void live_set_timer(struct live *live, int64_t earliest_ms);
/* Whether nobody has needed it in memory for a while. */
bool live_is_over(const struct live *live, int64_t steady_ms);
/* Lets go of those that are over. */
void live_sweep(struct hub *hub, int64_t steady_ms);
void live_attach(struct live *live, struct visitor *visitor);
void live_detach(struct visitor *visitor);
/* Agents hear of it at the end of this round: who is there has changed, or the page. */
void live_touch(struct live *live);
/* It is no more: erased or expired. Visitors are told. */
void live_gone(struct live *live);
void live_free(struct live *live);

/* ---- silent.c ---- */

/* Closes, from now on, conversations with the bot that were silent for long and are not in memory. */
void silent_open(struct hub *hub);
void silent_close(struct hub *hub);

/* ---- step.c ---- */

struct situation hub_situation(struct hub *hub, const struct live *live, int64_t now_ms);
/* One step. `origin` NULL: nobody waits for an answer. False when it was refused (and the origin told). */
bool step_take(struct live *live, const struct input *input, const struct origin *origin);
/* The same for what an agent sends under a client_id: sent again it is answered as it was the first time, and not stored
 * twice; refused when too much waits for the disk. */
void step_once(struct live *live, const struct input *input, const struct origin *origin);
/* Answers an input whose client_id was used before: true when it was that. step_take() is not for it then. */
bool step_repeat(struct live *live, const struct input *input, const struct origin *origin);
void step_release(struct live *live);  /* those that were held until it has its number */
void step_drop_all(struct live *live); /* nobody writes any more */
/* All steps that came back since the last call. */
void step_settle(struct hub *hub);
/* Hands what this round decided over to the writer. */
void step_hand_over(struct hub *hub);
/* What an erasure or another act needs: posts back to the loop; frees itself through `done`. */
struct act {
	struct writing writing; /* first member */
	struct hub *hub;
	uint64_t peer;
	enum frame_type of;
	char *client_id;
	struct draft_row draft;
	size_t count;         /* conversations that it deleted */
	size_t unsaved_bytes; /* as counted in the hub */
	void (*done)(struct act *act);
};
struct act *act_new(struct hub *hub, const struct origin *origin, int64_t number);
void act_put(struct act *act);

/* ---- backlog.c ---- */

/* Who is refused first when much waits for the disk: visitors who only begin, at half of what may; then those who talk
 * already, at three quarters; agents last. */
enum backlog_share { BACKLOG_NEW, BACKLOG_RUNNING, BACKLOG_AGENT };
/* What was counted for a thing that waits becomes `bytes`. */
void backlog_count(struct hub *hub, size_t *counted, size_t bytes);
/* True when there is no room, and the peer was told to come back. */
bool backlog_refuses(struct peer *peer, enum backlog_share share, const struct origin *origin, int64_t conversation);
void backlog_show(struct hub *hub); /* in the metrics: at first, and when the bound may be another */

/* ---- tell.c ---- */

void tell_peer(struct peer *peer); /* sends hub->text */
void tell_pong(struct peer *peer);
void tell_error(struct peer *peer, const char *code, const char *message, const struct origin *origin,
		int64_t retry_after_ms, int64_t conversation);
void tell_ack(struct peer *peer, const struct origin *origin, int64_t seq, int64_t at_ms, const char *token,
	      int64_t conversation);
void tell_refusal(struct peer *peer, enum refusal refusal, const struct origin *origin, const struct live *live);
struct peer *peer_find(struct hub *hub, uint64_t number);
struct origin origin_of(struct peer *peer, const struct frame *frame);
/* An event that is on disk, to all whom it concerns. */
void tell_event(struct live *live, const struct event *event);
void tell_summary(struct live *live, const struct conversation_row *row);
void tell_all_agents(struct hub *hub, const struct agent_peer *but); /* sends hub->text */
void tell_visitors(struct live *live, const struct visitor *but);    /* sends hub->text */
void tell_queue(struct hub *hub);                                    /* places that changed */
void tell_presence(struct hub *hub);                                 /* when it changed */
/* Events above what was sent, from the disk, as many as fit. */
void tell_missed(struct visitor *visitor);
void tell_missed_agent(struct agent_peer *agent);
struct wire_summary summary_of(struct hub *hub, const struct conversation_row *row);

/* ---- staff.c ---- */

int staff_load(struct hub *hub, struct error *err);
struct agent *staff_find(struct hub *hub, int64_t id);
struct agent *staff_seen(struct hub *hub, const struct agent_row *row);
/* Whether somebody who is away and owns conversations was removed, as the file says, and nobody here knows. */
bool staff_lost_one(struct hub *hub);
void staff_connected(struct agent *agent);
void staff_disconnected(struct agent *agent);
void staff_owns(struct hub *hub, int64_t agent, int change); /* of its load */
int staff_capacity(const struct agent *agent);
void staff_count(struct hub *hub, int *out_online, int *out_available);
struct wire_agent staff_wire(const struct agent *agent);
struct wire_agent *staff_list(struct hub *hub, struct arena *arena, size_t *out_count);
void staff_free(struct hub *hub);

/* ---- hello.c ---- */

void visitor_hello(struct visitor *visitor, const struct frame *frame, const struct origin *origin);
void visitor_page(struct visitor *visitor, const struct frame *frame, const struct origin *origin);
/* Is there nothing yet, on the disk or on its way there, that this visitor is in? */
bool visitor_is_beginning(const struct visitor *visitor);
/* Into a new conversation, under the token that the page offers ("" none); or into the one that began under it, when the
 * page never heard of that and says its first words again. False: neither, and the connection is closed. */
bool visitor_begin(struct visitor *visitor, const char *offer);

/* ---- privacy.c ---- */

void visitor_export(struct visitor *visitor, const struct frame *frame, const struct origin *origin);
void visitor_erase(struct visitor *visitor, const struct frame *frame, const struct origin *origin);
void privacy_open(struct hub *hub);
void privacy_close(struct hub *hub);

/* ---- visitor.c, agent.c ---- */

void visitor_received(struct visitor *visitor, struct str text);
void visitor_closed(struct visitor *visitor);
void agent_received(struct agent_peer *agent, struct str text);
void agent_closed(struct agent_peer *agent);
const struct settings *hub_settings(const struct hub *hub);

#endif
