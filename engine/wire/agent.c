/* SPDX-License-Identifier: Apache-2.0 */
/* What agents are sent. */
#include "wire/internal.h"

static void add_agent_head(struct buf *out, const struct wire_agent *agent)
{
	json_add_int(out, "id", agent->id);
	json_add_text(out, "name", agent->name);
	json_add_text(out, "role", agent->role);
}

static void print_agent(struct buf *out, const struct wire_agent *agent)
{
	buf_add_char(out, '{');
	add_agent_head(out, agent);
	json_add_text(out, "status", agent->status);
	json_add_int(out, "capacity", agent->capacity);
	json_add_int(out, "load", agent->load);
	buf_add_char(out, '}');
}

void wire_agent(struct buf *out, const struct wire_agent *agent)
{
	print_agent(out, agent);
}

static void add_agents(struct buf *out, const struct wire_agent *agents, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		json_comma(out);
		print_agent(out, &agents[i]);
	}
	buf_add_char(out, ']');
}

void wire_agents(struct buf *out, const struct wire_agent *agents, size_t count)
{
	buf_add_char(out, '[');
	add_agents(out, agents, count);
}

void wire_session(struct buf *out, const struct wire_agent *agent)
{
	buf_add_text(out, "{\"agent\":{");
	add_agent_head(out, agent);
	buf_add_text(out, "}}");
}

/* ---- Summaries ---- */

static const char *trend_name(int trend)
{
	if (trend < 0)
		return "sinking";
	return trend > 0 ? "rising" : "steady";
}

static void add_visitor(struct buf *out, const struct wire_summary *summary)
{
	json_open(out, "visitor", '{');
	json_add_text_unless_empty(out, "name", summary->visitor_name);
	json_add_text_unless_empty(out, "email", summary->visitor_email);
	json_add_bool(out, "verified", summary->is_verified);
	json_add_bool(out, "online", summary->is_online);
	json_add_kept_members(out, summary->profile); /* `attributes` and `page` */
	buf_add_char(out, '}');
}

static void add_state(struct buf *out, const struct wire_summary *summary)
{
	json_add_int(out, "priority", summary->priority);
	if (summary->reason != REASON_NONE)
		json_add_text(out, "reason", reason_name(summary->reason));
	json_add_int_unless(out, "waiting_since", summary->waiting_since_ms, 0);
	json_open(out, "mood", '{');
	json_add_real(out, "running", summary->mood);
	json_add_text(out, "trend", trend_name(summary->trend));
	buf_add_char(out, '}');
	json_open(out, "last", '{');
	json_add_text(out, "from", author_name(summary->last_from));
	json_add_text(out, "text", summary->last_text);
	json_add_int(out, "at", summary->last_at_ms);
	json_add_int_unless(out, "agent", summary->last_agent, 0);
	buf_add_char(out, '}');
}

static void add_tags(struct buf *out, const char *tags)
{
	struct str rest = str_of(tags), tag;
	if (!rest.len)
		return;
	json_open(out, "tags", '[');
	while (rest.len && str_split(&rest, '\n', &tag))
		json_add_str(out, NULL, tag);
	buf_add_char(out, ']');
}

static void print_summary(struct buf *out, const struct wire_summary *summary)
{
	buf_add_char(out, '{');
	json_add_int(out, "id", summary->id);
	json_add_int(out, "seq", summary->seq);
	json_add_text(out, "owner", owner_name(summary->owner));
	if (summary->agent)
		json_add_agent(out, summary->agent, summary->agent_name);
	json_add_int(out, "episode", summary->episode);
	json_add_text(out, "lang", summary->language);
	json_add_int(out, "created_at", summary->created_ms);
	json_add_int(out, "updated_at", summary->updated_ms);
	add_state(out, summary);
	json_add_text_unless_empty(out, "intent", summary->intent);
	add_visitor(out, summary);
	if (summary->ticket_ms) {
		json_open(out, "ticket", '{');
		json_add_text(out, "email", summary->visitor_email);
		json_add_int(out, "at", summary->ticket_ms);
		buf_add_char(out, '}');
	}
	json_add_bool(out, "closed", summary->is_closed);
	if (summary->handover_right >= 0)
		json_add_bool(out, "right", summary->handover_right);
	add_tags(out, summary->tags);
	json_add_text_unless_empty(out, "snippet", summary->snippet);
	buf_add_char(out, '}');
}

void wire_summary(struct buf *out, const struct wire_summary *summary)
{
	print_summary(out, summary);
}

static void add_summaries(struct buf *out, const char *key, const struct wire_summary *rows, size_t count)
{
	json_open(out, key, '[');
	for (size_t i = 0; i < count; i++) {
		json_comma(out);
		print_summary(out, &rows[i]);
	}
	buf_add_char(out, ']');
}

void wire_found(struct buf *out, const struct wire_summary *rows, size_t count)
{
	buf_add_char(out, '{');
	add_summaries(out, "conversations", rows, count);
	buf_add_char(out, '}');
}

void wire_kept(struct buf *out, const struct wire_kept *conversations, size_t count)
{
	buf_add_char(out, '{');
	json_open(out, "conversations", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, NULL, '{');
		buf_add_text(out, "\"conversation\":");
		print_summary(out, &conversations[i].summary);
		json_add_events(out, conversations[i].events, conversations[i].event_count,
				conversations[i].summary.id);
		buf_add_char(out, '}');
	}
	buf_add_text(out, "]}");
}

/* ---- Frames ---- */

static const char *severity_name(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR: return "error";
	case SEVERITY_WARNING: return "warning";
	case SEVERITY_NOTE: return "note";
	}
	return "";
}

void json_add_problems(struct buf *out, const struct problem *problems, size_t count)
{
	json_open(out, "problems", '[');
	for (size_t i = 0; i < count; i++) {
		const struct problem *problem = &problems[i];
		json_open(out, NULL, '{');
		json_add_text(out, "severity", severity_name(problem->severity));
		json_add_text(out, "file", problem->place.file);
		json_add_int(out, "line", problem->place.line);
		json_add_int(out, "column", problem->place.column);
		json_add_text(out, "what", problem->what);
		json_add_text(out, "hint", problem->hint);
		json_add_text(out, "source", problem->source);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void json_add_corpus(struct buf *out, const struct wire_corpus *corpus)
{
	json_add_text(out, "version", corpus->version);
	json_add_bool(out, "serving", corpus->is_serving);
	json_add_int(out, "loaded_at", corpus->loaded_ms);
	json_add_problems(out, corpus->problems, corpus->problem_count);
}

void wire_agent_welcome(struct buf *out, const struct wire_agent_welcome *welcome)
{
	json_frame(out, "welcome");
	json_open(out, "you", '{');
	add_agent_head(out, &welcome->you);
	buf_add_char(out, '}');
	json_add_text(out, "shop", welcome->shop);
	json_open(out, "agents", '[');
	add_agents(out, welcome->agents, welcome->agent_count);
	add_summaries(out, "inbox", welcome->inbox, welcome->inbox_count);
	json_add_int(out, "last", welcome->last);
	json_open(out, "corpus", '{');
	json_add_corpus(out, &welcome->corpus);
	buf_add_char(out, '}');
	json_add_text(out, "status", welcome->you.status);
	json_add_int(out, "capacity", welcome->you.capacity);
	buf_add_char(out, '}');
}

void wire_agent_presence(struct buf *out, const struct wire_agent *agents, size_t count)
{
	json_frame(out, "presence");
	json_open(out, "agents", '[');
	add_agents(out, agents, count);
	buf_add_char(out, '}');
}

void wire_inbox(struct buf *out, const struct wire_summary *summary)
{
	json_frame(out, "inbox");
	buf_add_text(out, ",\"conversation\":");
	print_summary(out, summary);
	buf_add_char(out, '}');
}

void wire_gone(struct buf *out, int64_t conversation)
{
	json_frame(out, "gone");
	json_add_int(out, "conversation", conversation);
	buf_add_char(out, '}');
}

void wire_changed(struct buf *out, const char *what)
{
	json_frame(out, "changed");
	json_add_text(out, "what", what);
	buf_add_char(out, '}');
}

void wire_alert(struct buf *out, int64_t conversation, const char *text)
{
	json_frame(out, "alert");
	json_add_int(out, "conversation", conversation);
	json_add_text(out, "text", text);
	buf_add_char(out, '}');
}

void wire_corpus_frame(struct buf *out, const struct wire_corpus *corpus)
{
	json_frame(out, "corpus");
	json_add_corpus(out, corpus);
	buf_add_char(out, '}');
}

void json_add_suggestions(struct buf *out, const struct wire_suggestion *suggestions, size_t count)
{
	json_open(out, "suggestions", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, NULL, '{');
		json_add_text(out, "intent", suggestions[i].intent);
		json_add_text(out, "question", suggestions[i].question);
		json_add_real(out, "confidence", suggestions[i].confidence);
		json_add_text(out, "text", suggestions[i].text);
		json_add_text(out, "html", suggestions[i].html);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void wire_suggestions(struct buf *out, int64_t conversation, const struct wire_suggestion *suggestions, size_t count)
{
	json_frame(out, "suggestions");
	json_add_int(out, "conversation", conversation);
	json_add_suggestions(out, suggestions, count);
	buf_add_char(out, '}');
}

static void add_earlier(struct buf *out, const struct wire_earlier *earlier, size_t count)
{
	json_open(out, "earlier", '[');
	for (size_t i = 0; i < count; i++) {
		json_open(out, NULL, '{');
		json_add_int(out, "episode", earlier[i].episode);
		json_add_int(out, "started_at", earlier[i].started_ms);
		json_add_int_unless(out, "closed_at", earlier[i].closed_ms, 0);
		if (earlier[i].reason != REASON_NONE)
			json_add_text(out, "reason", reason_name(earlier[i].reason));
		json_add_int_unless(out, "csat", earlier[i].csat, -1);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void wire_conversation(struct buf *out, const struct wire_summary *summary, const struct event *events,
		       size_t event_count, const struct wire_earlier *earlier, size_t earlier_count,
		       const struct wire_suggestion *suggestions, size_t suggestion_count)
{
	json_frame(out, "conversation");
	buf_add_text(out, ",\"conversation\":");
	print_summary(out, summary);
	json_add_events(out, events, event_count, summary->id);
	add_earlier(out, earlier, earlier_count);
	json_add_suggestions(out, suggestions, suggestion_count);
	buf_add_char(out, '}');
}

void wire_list(struct buf *out, enum list_filter filter, const struct wire_summary *rows, size_t count, bool has_more)
{
	json_frame(out, "list");
	json_add_text(out, "filter", list_filter_name(filter));
	add_summaries(out, "conversations", rows, count);
	json_add_bool(out, "more", has_more);
	buf_add_char(out, '}');
}
