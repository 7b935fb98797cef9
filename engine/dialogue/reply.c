/* SPDX-License-Identifier: Apache-2.0 */
/* What is said and recorded once the rule stands: the bot's line with its buttons, the line of a handover, the reasons. */
#include "base/buf.h"
#include "base/hash.h"
#include "dialogue/hours.h"
#include "dialogue/policy_internal.h"

#include <string.h>

/* ---- The record ---- */

static const char *part_of(struct arena *arena, struct str utterance, uint32_t from, uint32_t to)
{
	return arena_strdup(arena, str_part(utterance, from, to > from ? to - from : 0));
}

void reply_record(const struct view *view, struct arena *arena, struct decision *decision)
{
	const struct match_result *match = &view->heard.match;
	const struct mood *mood = &view->heard.mood;
	struct str utterance = view->question->utterance;
	decision->corpus = view->knowledge->corpus->version;
	decision->language = view->language->corpus->language;
	decision->intent_id = view->top ? view->top->id : "";
	decision->confidence = view->confidence;
	decision->threshold = view->threshold;
	decision->text = decision->html = decision->variant = "";
	for (size_t i = 0; i < view->candidate_count; i++) {
		decision->candidates[i].intent = view->candidates[i].intent->id;
		decision->candidates[i].confidence = view->candidates[i].confidence;
	}
	decision->candidate_count = view->candidate_count;
	for (size_t i = 0; i < match->why_count && i < DECISION_WORDS; i++)
		decision->why[decision->why_count++] =
			(struct decision_word){ part_of(arena, utterance, match->why[i].from, match->why[i].to), "",
						match->why[i].weight };
	for (size_t i = 0; i < mood->cue_count && i < DECISION_WORDS; i++)
		decision->mood_words[decision->mood_word_count++] =
			(struct decision_word){ part_of(arena, utterance, mood->cues[i].from, mood->cues[i].to),
						mood->cues[i].family, mood->cues[i].weight };
	decision->polarity = mood->polarity;
	decision->frustration = mood->frustration;
	decision->is_upset = mood->frustration >= view->upset_line;
	decision->segment = view->segment_name;
}

/* ---- The bot's line ---- */

const char *reply_paragraph_in(struct arena *arena, const char *text)
{
	struct buf html = { 0 };
	buf_add_text(&html, "<p>");
	for (const char *c = text; *c; c++) {
		if (*c == '&')
			buf_add_text(&html, "&amp;");
		else if (*c == '<')
			buf_add_text(&html, "&lt;");
		else if (*c == '>')
			buf_add_text(&html, "&gt;");
		else
			buf_add_char(&html, *c);
	}
	buf_add_text(&html, "</p>\n");
	const char *result = arena_strdup(arena, buf_str(&html));
	buf_clear(&html);
	return result;
}

static void say(const struct view *view, enum phrase phrase, struct arena *arena, struct decision *decision)
{
	decision->text = phrase_text(view->language->corpus->language, phrase);
	decision->html = reply_paragraph_in(arena, decision->text);
}

static void add_option(struct decision *decision, struct option option)
{
	if (decision->option_count < DECISION_OPTIONS)
		decision->options[decision->option_count++] = option;
}

static void offer_person(const struct view *view, struct decision *decision)
{
	add_option(decision, phrase_option(view->language->corpus->language, PHRASE_PERSON));
}

static void add_follow_ups(const struct view *view, struct decision *decision)
{
	const struct intent *intent = view->top;
	if (view->second)
		add_option(decision, (struct option){ view->second->id, view->second->question });
	for (size_t i = 0; i < intent->next_count; i++) {
		const struct intent *next = &view->language->corpus->intents[intent->next[i]];
		if (next->is_live && next != view->second)
			add_option(decision, (struct option){ next->id, next->question });
	}
}

/* Who asks for a person as the first thing has not been let down by the bot, however firmly it is said. */
static bool is_sorry(const struct view *view)
{
	const struct facts *facts = view->question->facts;
	bool is_first = !facts->answered_count && !facts->misses;
	return (view->is_upset || view->is_over_line) && !(is_first && is_person_intent(view->top));
}

/* Closed: for an answer, the opening hours say so; before a handover, that nobody is there. A matter that always goes
 * to a person has nothing honest to say then, but for what the owner wrote for this case. */
static const struct answer *fit_answer(const struct view *view, enum action action)
{
	const struct intent *intent = view->top;
	bool is_handover = action == ACTION_HANDOVER;
	const struct answer *plain = intent_answer(intent, ANSWER_PLAIN);
	const struct answer *upset = intent_answer(intent, ANSWER_UPSET);
	const struct answer *closed = intent_answer(intent, ANSWER_CLOSED);
	bool is_closed = is_handover ? !view->is_reachable : !view->question->is_open;
	if (is_closed && closed && closed->when == ANSWER_CLOSED && (is_handover || !view->is_upset))
		return closed;
	if (is_closed && is_handover && intent->human == HUMAN_ALWAYS)
		return NULL;
	if (is_sorry(view) && upset && upset->when == ANSWER_UPSET)
		return upset;
	return plain;
}

/* Where the owner wrote several answers for the usual case, every visitor has one of them, always the same: drawn, with
 * equal chances, by who it is (else by when the conversation began) and the question. */
static const struct answer *draw_variant(const struct view *view, const struct answer *plain, struct decision *decision)
{
	const struct intent *intent = view->top;
	const struct input *input = view->question->input;
	const struct answer *drawn = plain;
	int64_t first_ms = view->question->facts->first_ms;
	size_t variants = 0;
	for (size_t i = 0; i < intent->answer_count; i++)
		variants += intent->answers[i].when == ANSWER_VARIANT;
	if (!variants || !input->has_variants)
		return plain;
	uint64_t who = *input->subject ? text_hash(input->subject) : hash_bytes(&first_ms, sizeof first_ms, 3);
	size_t at = hash_bytes(&who, sizeof who, text_hash(intent->id)) % (variants + 1);
	for (size_t i = 0; i < intent->answer_count && at; i++)
		if (intent->answers[i].when == ANSWER_VARIANT && !--at)
			drawn = &intent->answers[i];
	decision->variant = drawn == plain ? ANSWER_PLAIN_NAME : drawn->variant;
	return drawn;
}

static void say_answer(const struct view *view, struct decision *decision)
{
	const struct answer *answer = fit_answer(view, decision->action);
	if (!answer)
		return;
	if (answer->when == ANSWER_PLAIN)
		answer = draw_variant(view, answer, decision);
	decision->intent = view->top;
	decision->answer = answer;
	decision->text = answer->text;
	decision->html = answer->html;
	if (decision->action == ACTION_ANSWER)
		add_follow_ups(view, decision);
}

static void ask_which(const struct view *view, struct arena *arena, struct decision *decision)
{
	say(view, PHRASE_CLARIFY, arena, decision);
	for (size_t i = 0; i < view->shown; i++) {
		const struct intent *intent = view->candidates[i].intent;
		if (!is_small_talk(intent->id))
			add_option(decision, (struct option){ intent->id, intent->question });
	}
	offer_person(view, decision);
}

static void add_sentence(struct buf *out, const char *sentence)
{
	if (out->len && *sentence)
		buf_add_char(out, ' ');
	buf_add_text(out, sentence);
}

/* The bot can do no more and cannot hand over by itself again: a person is offered. When nobody is there, that button would
 * lead to nobody: then the truth is told, and an address asked for. */
static void say_only_person(const struct view *view, enum phrase usual, enum phrase opening, struct arena *arena,
			    struct decision *decision)
{
	const struct facts *facts = view->question->facts;
	const char *language = view->language->corpus->language;
	if (view->is_reachable) {
		say(view, usual, arena, decision);
		offer_person(view, decision);
		return;
	}
	struct phrase_values values = { .email = facts->texts[TEXT_EMAIL] };
	struct buf out = { 0 };
	add_sentence(&out, phrase_text(language, opening));
	add_sentence(&out, phrase_text(language, PHRASE_NOBODY));
	add_sentence(&out,
		     phrase_in(arena, language, facts->has_contact ? PHRASE_HAVE_EMAIL : PHRASE_LEAVE_EMAIL, &values));
	decision->text = arena_strdup(arena, buf_str(&out));
	decision->html = reply_paragraph_in(arena, decision->text);
	buf_clear(&out);
	if (!facts->has_contact)
		add_option(decision, phrase_option(language, PHRASE_EMAIL));
	offer_person(view, decision);
}

/* Also where it was left already, unless it is the same. */
static void ask_email(const struct view *view, struct arena *arena, struct decision *decision)
{
	const struct facts *facts = view->question->facts;
	const char *language = view->language->corpus->language, *kept = facts->texts[TEXT_EMAIL];
	struct phrase_values values = { .email = kept };
	bool is_kept = facts->has_contact && *kept && strcasestr(view->question->utterance.ptr, kept);
	decision->text = phrase_in(arena, language, is_kept ? PHRASE_HAVE_EMAIL : PHRASE_ASK_EMAIL, &values);
	decision->html = reply_paragraph_in(arena, decision->text);
	if (!is_kept)
		add_option(decision, phrase_option(language, PHRASE_EMAIL));
	offer_person(view, decision);
}

static void say_missed(const struct view *view, struct arena *arena, struct decision *decision)
{
	if (view->is_upset || view->is_over_line) {
		say_only_person(view, PHRASE_MISS_UPSET, PHRASE_OPEN_UPSET, arena, decision);
		return;
	}
	say(view, PHRASE_MISS, arena, decision);
	offer_person(view, decision);
}

void reply_make(const struct view *view, enum reply reply, struct arena *arena, struct decision *decision)
{
	switch (reply) {
	case REPLY_NONE: break;
	case REPLY_ANSWER:
	case REPLY_ANSWER_IF_UPSET: say_answer(view, decision); break;
	case REPLY_CLARIFY: ask_which(view, arena, decision); break;
	case REPLY_MISS: say_missed(view, arena, decision); break;
	case REPLY_ONLY_PERSON:
		if (view->is_upset)
			say_only_person(view, PHRASE_MISS_UPSET, PHRASE_OPEN_UPSET, arena, decision);
		else
			say_only_person(view, PHRASE_ONLY_PERSON, PHRASE_OPEN_INTENT, arena, decision);
		break;
	case REPLY_ASK_EMAIL: ask_email(view, arena, decision); break;
	case REPLY_GO_ON: say(view, PHRASE_GO_ON, arena, decision); break;
	}
}

/* ---- The line of a handover ---- */

static void add_nobody(struct buf *out, struct arena *arena, const char *language, const struct knowledge *knowledge,
		       const struct facts *facts, int64_t now_ms)
{
	struct opening_state hours = hours_at(&knowledge->corpus->settings, knowledge->zone, now_ms);
	struct phrase_values values = { .email = facts->texts[TEXT_EMAIL] };
	add_sentence(out, phrase_text(language, PHRASE_NOBODY));
	if (hours.opens_ms) {
		values.when = phrase_when_in(arena, language, knowledge->zone, now_ms, hours.opens_ms);
		add_sentence(out, phrase_in(arena, language, PHRASE_BACK, &values));
	}
	add_sentence(out,
		     phrase_in(arena, language, facts->has_contact ? PHRASE_HAVE_EMAIL : PHRASE_LEAVE_EMAIL, &values));
}

const char *handover_text_in(struct arena *arena, const struct verdict *verdict, const struct knowledge *knowledge,
			     const struct facts *facts, const struct situation *situation, bool is_open)
{
	const char *language = verdict->decision.language;
	struct buf out = { 0 };
	if (verdict->has_opening) {
		struct phrase_values values = { .matter = verdict->matter };
		add_sentence(&out, phrase_in(arena, language, verdict->opening, &values));
	}
	if (situation_is_reachable(situation, is_open)) {
		add_sentence(&out, phrase_text(language, PHRASE_CALLING));
		add_sentence(&out, phrase_place_in(arena, language, situation->queue_position, situation->wait_ms));
	} else {
		add_nobody(&out, arena, language, knowledge, facts, situation->now_ms);
	}
	const char *text = arena_strdup(arena, buf_str(&out));
	buf_clear(&out);
	return text;
}
