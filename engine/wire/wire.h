/* SPDX-License-Identifier: Apache-2.0 */
/* Frames and HTTP bodies, to and from JSON, as README.md beside this file says. Nothing else in the program knows
 * JSON. Reading never trusts a type; writing never makes anything but valid JSON (malformed UTF-8 is repaired). */
#ifndef SHOPBELL_WIRE_WIRE_H
#define SHOPBELL_WIRE_WIRE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "corpus/corpus.h"
#include "dialogue/conversation.h"
#include "dialogue/event.h"
#include "dialogue/policy.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	FRAME_BYTES_MAX = 65536,
	FRAME_DEPTH_MAX = 32,
	CLIENT_ID_MAX = 64, /* characters */
	TOKEN_TEXT_MAX = 64,
	TOKEN_OFFER_MIN = 22, /* characters of one that the page made: room for 128 bits */
	TOKEN_OFFER_MAX = 43,
	JWT_BYTES_MAX = 4096,
	PAGE_URL_MAX = 2000, /* bytes; longer ones are cut */
	PAGE_TITLE_MAX = 300,
	NAME_MAX_CHARACTERS = 100,
	COMMENT_MAX_CHARACTERS = 2000,
	LIST_LIMIT_MAX = 200,
	REPLY_NAME_CHARACTERS_MAX = 60,
	REPLY_CHARACTERS_MAX = 4000,
};

enum frame_type {
	FRAME_NONE,
	/* visitors */
	FRAME_HELLO,
	FRAME_MESSAGE,
	FRAME_CHOOSE,
	FRAME_PERSON,
	FRAME_TYPING,
	FRAME_READ,
	FRAME_PAGE,
	FRAME_RATE,
	FRAME_SURVEY,
	FRAME_CONTACT,
	FRAME_CLOSE,
	FRAME_EXPORT,
	FRAME_ERASE,
	FRAME_PING,
	/* agents too */
	FRAME_PRESENCE,
	FRAME_OPEN,
	FRAME_CLAIM,
	FRAME_NOTE,
	FRAME_TRANSFER,
	FRAME_RETURN,
	FRAME_RATE_HANDOVER,
	FRAME_SUGGEST,
	FRAME_TEACH,
	FRAME_LIST,
	FRAME_TAG,
};
const char *frame_type_name(enum frame_type type);

enum frame_side { SIDE_VISITOR, SIDE_AGENT };

enum list_filter { FILTER_WAITING, FILTER_MINE, FILTER_ALL, FILTER_TICKETS };

/* One frame, read. Which fields count depends on the type. Texts are NUL-terminated copies in the arena, "" when they
 * were not sent. */
struct frame {
	enum frame_type type;
	const char *client_id;
	const char *token, *language, *identity;
	const char *page_url, *page_title;
	bool has_page;
	int64_t last; /* last_seq, last */
	const char *text;
	const char *option;
	int64_t seq;
	struct rating rating;
	const char *name, *email;
	bool has_consent;
	bool is_available;
	int capacity; /* 0: not sent */
	int64_t conversation;
	int64_t to_agent;
	bool to_queue, is_removal;
	const char *intent, *question;
	enum list_filter filter;
	int64_t before;
	int limit;
};

/* A refusal on the wire. */
struct wire_error {
	const char *code; /* static */
	char message[256];
};

/* Reads one frame. 0, or -1 with `err` (bad_json, bad_frame, unknown_type, too_long, empty ...; out->type and
 * out->client_id are then set as far as they could be read, so that the answer can name them).
 * `text_limit`: characters of a message. */
int wire_read_frame(struct arena *arena, enum frame_side side, struct str json, int text_limit, struct frame *out,
		    struct wire_error *err);

/* ---- What the server sends. Each appends one JSON object to `out`. ---- */

/* An event as visitors see it (agents: false) or as agents do. */
void wire_event(struct buf *out, const struct event *event, int64_t conversation, bool for_agent);
/* The opaque `details` of an EVENT_DECISION; wire_event() makes an object of it for agents. */
void wire_decision_details(struct buf *out, const struct decision *decision, int64_t took_us);
/* The opaque `details` of an EVENT_CONTACT: the sentence that was consented to, and which one that is: 16 hexadecimal digits
 * that are the same for the same sentence. "" stands for the widget's own words, version "standard". */
void wire_consent(struct buf *out, const char *sentence);
/* The answer of POST /api/v1/ask and of `shopbell ask --json`. */
void wire_ask(struct buf *out, const struct decision *decision);
/* A line of `shopbell mood --json`. */
void wire_mood(struct buf *out, struct str utterance, const struct mood *mood);

struct wire_welcome {
	const char *shop, *bot, *greeting, *language, *consent;
	bool is_open;
	int64_t opens_ms; /* 0 unknown */
	int agents;
	const struct option *suggestions;
	size_t suggestion_count;
	int64_t conversation; /* 0: null */
	int64_t seq;
	enum owner owner;
	int episode;
	int text_limit;
	unsigned survey; /* SURVEY_...: what is asked at the end */
};
void wire_welcome(struct buf *out, const struct wire_welcome *welcome);

struct wire_ack {
	enum frame_type of;
	const char *client_id; /* "" not sent */
	int64_t seq, at_ms;    /* 0: left out */
	const char *token;     /* "" left out */
	int64_t conversation;  /* agents; 0 left out */
};
void wire_ack(struct buf *out, const struct wire_ack *ack);
/* `ack` of an export, with all events. */
void wire_export(struct buf *out, const struct wire_ack *ack, const struct event *events, size_t count);
/* `retry_after_ms` 0 and "" client_id are left out. */
void wire_error_frame(struct buf *out, const char *code, const char *message, const char *client_id,
		      int64_t retry_after_ms, int64_t conversation);
void wire_queue(struct buf *out, size_t position, int64_t wait_ms);
void wire_presence(struct buf *out, bool is_open, int64_t opens_ms, int agents);
/* `who`: "visitor", "bot", "agent". conversation 0 and name "" are left out. */
void wire_typing(struct buf *out, const char *who, const char *agent_name, int64_t conversation);
void wire_read(struct buf *out, int64_t seq, int64_t conversation);
void wire_pong(struct buf *out);

/* ---- For agents ---- */
struct wire_agent {
	int64_t id;
	const char *name, *role, *status; /* "agent" or "owner"; "available", "away", "offline" */
	int capacity, load;
};
struct wire_summary {
	int64_t id, seq;
	enum owner owner;
	int64_t agent; /* 0 left out */
	const char *agent_name;
	int episode;
	const char *language;
	int64_t created_ms, updated_ms, waiting_since_ms;
	int priority;
	enum reason reason;
	double mood;
	int trend;
	const char *last_text;
	enum author last_from;
	int64_t last_agent; /* 0 left out */
	int64_t last_at_ms;
	const char *intent;
	const char *visitor_name, *visitor_email;
	const char *profile; /* as made by wire_profile, "" */
	bool is_verified, is_online;
	int64_t ticket_ms;
	bool is_closed;
	int handover_right;  /* -1 left out */
	const char *snippet; /* search: "" left out */
	const char *tags;    /* a line each */
};
/* The claims of a visitor's token. */
struct wire_identity {
	const char *subject, *name, *email; /* "" when not claimed */
	int64_t expires_s;
	int64_t not_before_s;            /* `nbf`; 0 when there is none */
	const struct option *attributes; /* all other claims that are texts, numbers or booleans, as texts */
	size_t attribute_count;
};
/* The opaque `profile` kept with a conversation: page and attributes. `before`: the profile so far ("" none), of which
 * stays what is not given anew: the page when `page_url` is NULL or "", the attributes when `identity` is NULL. */
void wire_profile(struct buf *out, const char *before, const char *page_url, const char *page_title,
		  const struct wire_identity *identity);
/* The payload of a JWT (base64url decoded by the caller). 0, or -1: not an object, `exp` missing ... Claims that are
 * null count as missing; at most 32 attributes are kept, and of each value 400 bytes. */
int wire_read_identity(struct arena *arena, struct str json, struct wire_identity *out, struct wire_error *err);
/* The header of a JWT: `alg` as sent ("" when missing). 0, or -1: not an object, `crit` extensions. */
int wire_read_jwt_header(struct arena *arena, struct str json, const char **out_alg, struct wire_error *err);

void wire_agent(struct buf *out, const struct wire_agent *agent);
void wire_agents(struct buf *out, const struct wire_agent *agents, size_t count); /* an array */
void wire_summary(struct buf *out, const struct wire_summary *summary);
struct wire_corpus {
	const char *version;
	bool is_serving;
	int64_t loaded_ms;
	const struct problem *problems;
	size_t problem_count;
};
struct wire_agent_welcome {
	struct wire_agent you;
	const char *shop;
	const struct wire_agent *agents;
	size_t agent_count;
	const struct wire_summary *inbox;
	size_t inbox_count;
	int64_t last;
	struct wire_corpus corpus;
};
void wire_agent_welcome(struct buf *out, const struct wire_agent_welcome *welcome);
void wire_agent_presence(struct buf *out, const struct wire_agent *agents, size_t count);
void wire_inbox(struct buf *out, const struct wire_summary *summary);
void wire_gone(struct buf *out, int64_t conversation);
void wire_alert(struct buf *out, int64_t conversation, const char *text);
void wire_corpus_frame(struct buf *out, const struct wire_corpus *corpus);
struct wire_suggestion {
	const char *intent, *question, *text, *html;
	double confidence;
};
void wire_suggestions(struct buf *out, int64_t conversation, const struct wire_suggestion *suggestions, size_t count);
struct wire_earlier {
	int episode;
	int64_t started_ms, closed_ms; /* closed 0 left out */
	enum reason reason;
	int csat; /* -1 left out */
};
void wire_conversation(struct buf *out, const struct wire_summary *summary, const struct event *events,
		       size_t event_count, const struct wire_earlier *earlier, size_t earlier_count,
		       const struct wire_suggestion *suggestions, size_t suggestion_count);
/* The answer of GET /api/v1/search. */
void wire_found(struct buf *out, const struct wire_summary *rows, size_t count);
/* The answer of GET /api/v1/visitors/ID: all that is kept of each conversation. */
struct wire_kept {
	struct wire_summary summary;
	const struct event *events;
	size_t event_count;
};
void wire_kept(struct buf *out, const struct wire_kept *conversations, size_t count);
void wire_list(struct buf *out, enum list_filter filter, const struct wire_summary *rows, size_t count, bool has_more);

/* Something that agents read by HTTP is not what it was: "replies" or "drafts". */
void wire_changed(struct buf *out, const char *what);

/* ---- HTTP bodies ---- */
/* Reads the texts called `names` of a JSON object; a missing one gives "". Every value must be a text of at most
 * `max_characters`. 0, or -1 with err. */
int wire_read_texts(struct arena *arena, struct str json, const char *const *names, size_t count, int max_characters,
		    const char **out_values, struct wire_error *err);
/* The answer of GET /api/v1/numbers. */
struct report;
void wire_numbers(struct buf *out, int64_t from_ms, int64_t to_ms, struct report *report, const int64_t by_hour[24]);
/* An item of `shopbell check --json`: what to expect of one language, and all of the advice. */
struct advice;
struct advice_word;
void wire_advice(struct buf *out, const struct advice *advice, const struct advice_word *words, size_t word_count);
/* The line of `shopbell report --json`: the same figures, by their names. */
void wire_report(struct buf *out, int64_t from_ms, int64_t to_ms, struct report *report);
void wire_http_error(struct buf *out, const char *code, const char *message);
/* The same with the problems of the owner's files that stood in the way. */
void wire_http_problems(struct buf *out, const char *code, const char *message, const struct problem *problems,
			size_t count);
struct wire_tag {
	const char *tag;
	int64_t count;
};
void wire_tags(struct buf *out, const struct wire_tag *tags, size_t count);
struct wire_reply {
	int64_t id;
	const char *name, *text;
};
void wire_reply(struct buf *out, const struct wire_reply *reply); /* {"reply": {id, name, text}} */
void wire_replies(struct buf *out, const struct wire_reply *replies, size_t count);
struct wire_draft {
	int64_t id, conversation, seq, at_ms, agent;
	const char *agent_name; /* "" when there is no such agent any more */
	const char *utterance, *language;
	const char *intent, *question; /* "" left out */
	const char *answer;
};
void wire_drafts(struct buf *out, const struct wire_draft *drafts, size_t count);
/* Where an approved draft stands now. */
void wire_approved(struct buf *out, const char *file, const char *intent);
void wire_session(struct buf *out, const struct wire_agent *agent); /* {"agent": {id, name, role}} */
/* GET /api/v1/corpus; `corpus` NULL when none could be loaded yet. */
void wire_corpus_page(struct buf *out, const struct wire_corpus *state, const struct corpus *corpus);
void wire_settings_page(struct buf *out, const struct settings *settings);
/* What /widget.js carries: name, bot, language, colour, position, greeting per language, enabled nudges. */
void wire_widget_config(struct buf *out, const struct settings *settings);
/* One JSON object of numbers and texts, for the small answers: {"needed": true} ... `value` is printed as it is. */
void wire_pair(struct buf *out, const char *name, const char *json_value);

#endif
