/* SPDX-License-Identifier: Apache-2.0 */
/* Events and decisions as JSON. */
#include "base/hash.h"
#include "wire/internal.h"

#include <stdio.h>
#include <string.h>

static void add_agent_of_event(struct buf *out, const struct event *event, bool for_agent)
{
	if (!event->agent_name[0] && !event->agent)
		return;
	json_open(out, "agent", '{');
	if (for_agent)
		json_add_int_unless(out, "id", event->agent, 0);
	json_add_text(out, "name", event->agent_name);
	buf_add_char(out, '}');
}

static void add_rating(struct buf *out, const struct rating *rating)
{
	json_add_int_unless(out, "rates", rating->rates, 0);
	if (rating->helpful >= 0)
		json_add_bool(out, "helpful", rating->helpful);
	json_add_int_unless(out, "csat", rating->csat, -1);
	json_add_int_unless(out, "ces", rating->ces, -1);
	json_add_int_unless(out, "nps", rating->nps, -1);
	json_add_text_unless_empty(out, "comment", rating->comment);
	if (rating->handover_right >= 0)
		json_add_bool(out, "right", rating->handover_right);
}

static void add_contact(struct buf *out, const struct event *event)
{
	json_open(out, "contact", '{');
	json_add_text_unless_empty(out, "name", event->contact_name);
	json_add_text(out, "email", event->contact_email);
	json_add_kept(out, "consent", event->details);
	buf_add_char(out, '}');
}

static void add_for_agent(struct buf *out, const struct event *event, int64_t conversation)
{
	json_add_int(out, "conversation", conversation);
	json_add_int(out, "id", event->id);
	if (event->kind == EVENT_MESSAGE && event->from == AUTHOR_VISITOR) {
		json_open(out, "mood", '{');
		json_add_real(out, "score", event->polarity);
		json_add_real(out, "frustration", event->frustration);
		buf_add_char(out, '}');
		json_add_text_unless_empty(out, "lang", event->language);
	}
	if (event->kind != EVENT_CONTACT)
		json_add_details(out, event->details);
}

static void print_event(struct buf *out, const struct event *event, int64_t conversation, bool for_agent)
{
	json_frame(out, "event");
	json_add_int(out, "seq", event->seq);
	json_add_int(out, "at", event->at_ms);
	json_add_text(out, "kind", event_kind_name(event->kind));
	json_add_text(out, "from", author_name(event->from));
	json_add_text(out, "text", event->text);
	json_add_text(out, "owner", owner_name(event->owner));
	json_add_int(out, "episode", event->episode);
	json_add_text_unless_empty(out, "html", event->html);
	if (event->option_count)
		json_add_options(out, "options", event->options, event->option_count);
	add_agent_of_event(out, event, for_agent);
	if (event->reason != REASON_NONE)
		json_add_text(out, "reason", reason_name(event->reason));
	if (for_agent || event->from == AUTHOR_VISITOR)
		json_add_text_unless_empty(out, "client_id", event->client_id);
	if (event->kind == EVENT_MESSAGE && event->from == AUTHOR_BOT)
		json_add_text_unless_empty(out, "intent", event->intent);
	if (event->kind == EVENT_RATING)
		add_rating(out, &event->rating);
	if (event->kind == EVENT_CONTACT)
		add_contact(out, event);
	if (for_agent)
		add_for_agent(out, event, conversation);
	buf_add_char(out, '}');
}

void wire_consent(struct buf *out, const char *sentence)
{
	char version[20] = "standard";
	struct str text = str_of(sentence);
	if (text.len)
		snprintf(version, sizeof version, "%016llx", (unsigned long long)hash_bytes(text.ptr, text.len, 0));
	buf_add_text(out, "{\"version\":\"");
	buf_add_text(out, version);
	buf_add_char(out, '"');
	json_add_text(out, "text", sentence);
	buf_add_char(out, '}');
}

void wire_event(struct buf *out, const struct event *event, int64_t conversation, bool for_agent)
{
	print_event(out, event, conversation, for_agent);
}

void json_add_events(struct buf *out, const struct event *events, size_t count, int64_t conversation)
{
	json_open(out, "events", '[');
	for (size_t i = 0; i < count; i++) {
		json_comma(out);
		print_event(out, &events[i], conversation, true);
	}
	buf_add_char(out, ']');
}

static void open_ack(struct buf *out, const struct wire_ack *ack)
{
	json_frame(out, "ack");
	json_add_text(out, "of", frame_type_name(ack->of));
	json_add_text_unless_empty(out, "client_id", ack->client_id);
	json_add_int_unless(out, "seq", ack->seq, 0);
	json_add_int_unless(out, "at", ack->at_ms, 0);
	json_add_text_unless_empty(out, "token", ack->token);
}

void wire_ack(struct buf *out, const struct wire_ack *ack)
{
	open_ack(out, ack);
	json_add_int_unless(out, "conversation", ack->conversation, 0);
	buf_add_char(out, '}');
}

/* All that is stored means all: the events are printed as agents see them. */
void wire_export(struct buf *out, const struct wire_ack *ack, const struct event *events, size_t count)
{
	open_ack(out, ack);
	json_open(out, "export", '{');
	json_add_int(out, "conversation", ack->conversation);
	json_add_events(out, events, count, ack->conversation);
	buf_add_text(out, "}}");
}

/* ---- Decisions ---- */

static void add_candidates(struct buf *out, const struct decision *decision)
{
	json_open(out, "candidates", '[');
	for (size_t i = 0; i < decision->candidate_count; i++) {
		json_open(out, NULL, '{');
		json_add_text(out, "intent", decision->candidates[i].intent);
		json_add_real(out, "confidence", decision->candidates[i].confidence);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
	json_open(out, "why", '[');
	for (size_t i = 0; i < decision->why_count; i++) {
		json_open(out, NULL, '{');
		json_add_text(out, "term", decision->why[i].term);
		json_add_real(out, "weight", decision->why[i].weight);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_mood_word(struct buf *out, struct str word, const char *family, double weight)
{
	json_open(out, NULL, '{');
	json_add_str(out, "word", word);
	json_add_text(out, "family", family);
	json_add_real(out, "weight", weight);
	buf_add_char(out, '}');
}

static void add_mood(struct buf *out, const struct decision *decision)
{
	json_open(out, "mood", '{');
	json_add_real(out, "score", decision->polarity);
	json_add_real(out, "frustration", decision->frustration);
	json_add_bool(out, "upset", decision->is_upset);
	json_open(out, "words", '[');
	for (size_t i = 0; i < decision->mood_word_count; i++) {
		const struct decision_word *word = &decision->mood_words[i];
		add_mood_word(out, str_of(word->term), word->family, word->weight);
	}
	buf_add_text(out, "]}");
}

static void add_reason_of_decision(struct buf *out, const struct decision *decision)
{
	if (decision->reason != REASON_NONE)
		json_add_text(out, "reason", reason_name(decision->reason));
	json_add_text(out, "lang", decision->language);
	json_add_text(out, "corpus", decision->corpus);
}

void wire_ask(struct buf *out, const struct decision *decision)
{
	buf_add_char(out, '{');
	json_add_text(out, "action", action_name(decision->action));
	if (decision->intent)
		json_add_text(out, "intent", decision->intent->id);
	json_add_text(out, "answer", decision->text);
	json_add_text(out, "html", decision->html);
	json_add_real(out, "confidence", decision->confidence);
	json_add_real(out, "threshold", decision->threshold);
	add_candidates(out, decision);
	add_mood(out, decision);
	add_reason_of_decision(out, decision);
	buf_add_char(out, '}');
}

/* The usual line of valence lexicons between neutral and not: VADER's compound score, 0.05 (Hutto and Gilbert,
 * 2014, and its README). */
static const double NEUTRAL_BELOW = 0.05;

void wire_mood(struct buf *out, struct str utterance, const struct mood *mood)
{
	const char *label = "neutral";
	if (mood->polarity >= NEUTRAL_BELOW)
		label = "positive";
	else if (mood->polarity <= -NEUTRAL_BELOW)
		label = "negative";
	buf_add_char(out, '{');
	json_add_real(out, "score", mood->polarity);
	json_add_text(out, "label", label);
	json_add_bool(out, "upset", mood->is_upset);
	json_add_real(out, "frustration", mood->frustration);
	json_open(out, "words", '[');
	for (size_t i = 0; i < mood->cue_count; i++) {
		const struct mood_cue *cue = &mood->cues[i];
		size_t len = cue->to > cue->from ? cue->to - cue->from : 0;
		add_mood_word(out, str_part(utterance, cue->from, len), cue->family, cue->weight);
	}
	buf_add_text(out, "]}");
}
