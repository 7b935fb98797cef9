/* SPDX-License-Identifier: Apache-2.0 */
/* What a visitor does: writes, presses, rates, leaves an address, closes. */
#include "dialogue/choice.h"
#include "dialogue/policy_internal.h"
#include "dialogue/step_internal.h"
#include "text/utf8.h"

#include <string.h>

enum { NOTICE_EVERY_MS = 60 * 1000, THUMBS_DOWN = 2 };

/* ---- The bot's turn ---- */

static void add_handover(struct step *step, const struct verdict *verdict)
{
	const char *language = verdict->decision.language;
	bool is_reachable = step_is_reachable(step);
	struct event event = step_event(step, EVENT_HANDOVER, AUTHOR_SYSTEM);
	struct option *options = arena_zalloc(step->arena, 2, sizeof *options);
	event.owner = is_reachable ? OWNER_QUEUE : OWNER_NOBODY;
	event.reason = verdict->decision.reason;
	event.confidence = verdict->priority;
	event.text = handover_text_in(step->arena, verdict, step->knowledge, &step->facts, step->situation,
				      step->hours.is_open);
	if (!step->facts.has_contact)
		options[event.option_count++] = phrase_option(language, PHRASE_EMAIL);
	options[event.option_count++] = phrase_option(language, PHRASE_BOT);
	event.options = options;
	step_add(step, &event);
}

/* Copies all: an event outlives the snapshot of the knowledge that an answer belongs to. */
static void add_bot_line(struct step *step, const char *text, const char *html, const struct option *options,
			 size_t option_count, const char *intent, const char *variant)
{
	struct event event = step_event(step, EVENT_MESSAGE, AUTHOR_BOT);
	struct option *copies = arena_zalloc(step->arena, option_count + 1, sizeof *copies);
	for (size_t i = 0; i < option_count; i++)
		copies[i] = (struct option){ step_copy(step, options[i].id), step_copy(step, options[i].label) };
	event.text = step_copy(step, text);
	event.html = step_copy(step, html);
	event.options = copies;
	event.option_count = option_count;
	event.intent = step_copy(step, intent);
	event.variant = step_copy(step, variant);
	step_add(step, &event);
}

static void add_full(struct step *step, const char *language)
{
	struct phrase_values values = { .number = step->situation->queue_length };
	struct option *options = arena_zalloc(step->arena, 3, sizeof *options);
	const char *text = phrase_in(step->arena, language, PHRASE_FULL, &values);
	options[0] = phrase_option(language, PHRASE_EMAIL);
	options[1] = phrase_option(language, PHRASE_WAIT);
	options[2] = phrase_option(language, PHRASE_BOT);
	add_bot_line(step, text, reply_paragraph_in(step->arena, text), options, 3, "", "");
}

/* The reasons come before the line that they led to, and the line before the owner changes. */
static void add_verdict(struct step *step, const struct verdict *verdict)
{
	struct decision *decision = arena_zalloc(step->arena, 1, sizeof *decision);
	*decision = verdict->decision;
	struct event event = step_event(step, EVENT_DECISION, AUTHOR_BOT);
	event.action = decision->action;
	event.reason = decision->reason;
	event.intent = step_copy(step, decision->intent_id);
	event.confidence = decision->confidence;
	event.language = decision->language;
	event.segment = step_copy(step, decision->segment);
	event.variant = step_copy(step, decision->variant);
	step_add(step, &event);
	step->turn->decision = decision;
	if (*decision->text)
		add_bot_line(step, decision->text, decision->html, decision->options, decision->option_count,
			     decision->intent ? decision->intent->id : "", decision->variant);
	if (verdict->is_full)
		add_full(step, decision->language);
	else if (decision->action == ACTION_HANDOVER)
		add_handover(step, verdict);
}

static void think(struct step *step, struct question *question)
{
	struct verdict verdict;
	question->facts = &step->facts;
	question->input = step->input;
	question->situation = step->situation;
	question->is_open = step->hours.is_open;
	question->usual_language = step_language(step);
	policy_decide(question, step->knowledge, step->mind, step->arena, &verdict);
	if (verdict.decision.action != ACTION_QUIET || *verdict.decision.text)
		add_verdict(step, &verdict);
}

/* ---- The visitor's line ---- */

static bool is_reopened(const struct step *step)
{
	const struct facts *facts = &step->facts;
	return facts->is_closed && facts->closing_agent && step->situation->agents_online > 0 &&
	       step->situation->now_ms - facts->closed_ms <= step->settings->reopen_ms;
}

/* A message after a close begins an episode, with the bot or, soon after an agent's close, with the same agent. One
 * that finds nobody goes to the bot. */
static struct event visitor_line(const struct step *step, const char *pressed)
{
	struct event event = step_event(step, EVENT_MESSAGE, AUTHOR_VISITOR);
	event.client_id = step_copy(step, step->input->client_id);
	event.intent = pressed;
	event.language = step_language(step);
	if (step->facts.is_closed) {
		event.episode++;
		event.owner = is_reopened(step) ? OWNER_QUEUE : OWNER_BOT;
	} else if (event.owner == OWNER_NOBODY) {
		event.owner = OWNER_BOT;
	}
	return event;
}

static void tell_place(struct step *step, const char *before)
{
	struct event event = step_event(step, EVENT_NOTICE, AUTHOR_SYSTEM);
	event.intent = NOTICE_ADDED;
	event.text = arena_printf(step->arena, "%s%s%s", before, *before ? " " : "", step_place(step));
	step_add(step, &event);
}

static void welcome_back(struct step *step)
{
	struct phrase_values values = { .name = step->facts.texts[TEXT_AGENT] };
	struct event event = step_line(step, EVENT_NOTICE, PHRASE_REOPEN, &values);
	event.agent = step->facts.closing_agent;
	event.agent_name = step_copy(step, step->facts.texts[TEXT_AGENT]);
	step_add(step, &event);
}

/* The line is in: what follows from it, by its owner. */
static void go_on(struct step *step, struct question *question, bool was_closed)
{
	if (step->facts.owner == OWNER_BOT) {
		think(step, question);
	} else if (step->facts.owner == OWNER_QUEUE) {
		bool is_due = step->situation->now_ms - step->facts.noticed_ms >= NOTICE_EVERY_MS;
		if (was_closed)
			welcome_back(step);
		else if (is_due || question->trigger == TRIGGER_PERSON)
			tell_place(step, phrase_text(step_language(step), PHRASE_ADDED));
	}
}

static const char *usual_language(const struct step *step)
{
	const char *before = step->facts.language;
	return *before ? before : *step->input->language ? step->input->language : step->settings->language;
}

/* ---- Buttons ---- */

static void press(struct step *step, const char *option, const char *label, struct question *question)
{
	bool was_closed = step->facts.is_closed;
	struct event event = visitor_line(step, step_copy(step, option));
	if (!*step->facts.language)
		event.language = usual_language(step);
	if (question->trigger == TRIGGER_GO_ON && event.owner == OWNER_QUEUE)
		event.owner = OWNER_BOT;
	event.text = step_copy(step, label);
	step_add(step, &event);
	go_on(step, question, was_closed);
}

static void press_person(struct step *step, const char *text)
{
	struct question question = { .trigger = TRIGGER_PERSON };
	press(step, "person", text ? text : phrase_text(usual_language(step), PHRASE_PERSON), &question);
}

void step_person(struct step *step)
{
	press_person(step, NULL);
}

/* The page opens its form; who chooses it on the wire is told so. Nothing else changes. */
static void press_email(struct step *step, const char *label)
{
	struct event event = visitor_line(step, "email");
	if (step->facts.owner == OWNER_NOBODY && !step->facts.is_closed)
		event.owner = OWNER_NOBODY;
	event.text = step_copy(step, label);
	step_add(step, &event);
	event = step_line(step, EVENT_NOTICE, PHRASE_ASK_EMAIL, &(struct phrase_values){ 0 });
	step_add(step, &event);
}

/* Into the line, or back into it, also when it is long. */
static void press_wait(struct step *step, const char *label)
{
	struct verdict verdict = { .priority = step->facts.priority };
	struct event event = visitor_line(step, "wait");
	bool is_waiting = event.owner == OWNER_QUEUE;
	event.text = step_copy(step, label);
	step_add(step, &event);
	if (is_waiting) {
		tell_place(step, "");
		return;
	}
	verdict.decision.language = step_language(step);
	verdict.decision.reason = REASON_ASKED;
	verdict.decision.intent_id = "";
	add_handover(step, &verdict);
}

/* The intent behind a button, in the language of the conversation before the others. */
static void find_intent(const struct step *step, const char *id, struct question *question)
{
	const struct known_language *usual = knowledge_language(step->knowledge, usual_language(step));
	for (size_t i = 0; i <= step->knowledge->language_count; i++) {
		const struct known_language *language = i ? &step->knowledge->languages[i - 1] : usual;
		uint32_t at = language ? corpus_intent(language->corpus, str_of(id)) : INTENT_NONE;
		if (at == INTENT_NONE)
			continue;
		question->chosen = &language->corpus->intents[at];
		question->chosen_language = language;
		return;
	}
}

static bool is_suggested(const struct settings *settings, const char *id)
{
	for (size_t i = 0; i < settings->suggestion_count; i++)
		if (!strcmp(settings->suggestions[i], id))
			return true;
	return false;
}

/* `text`: what the visitor typed instead of pressing the button, or NULL. */
static void choose(struct step *step, const char *id, const char *text)
{
	const char *label = text ? text : conversation_option_label(step->state, id);
	struct question question = { .trigger = TRIGGER_CHOSEN };
	find_intent(step, id, &question);
	if (!label && question.chosen && is_suggested(step->settings, id))
		label = question.chosen->question;
	if (!strcmp(id, "person")) {
		press_person(step, text);
		return;
	}
	if (!label) {
		step_refuse(step, REFUSAL_UNKNOWN_OPTION);
		return;
	}
	bool is_with_agent = step->facts.owner == OWNER_AGENT;
	if (!strcmp(id, "email") && !is_with_agent) {
		press_email(step, label);
	} else if (!strcmp(id, "wait") && !is_with_agent) {
		press_wait(step, label);
	} else {
		if (!strcmp(id, "bot"))
			question.trigger = TRIGGER_GO_ON;
		press(step, id, label, &question);
	}
}

void step_choose(struct step *step)
{
	choose(step, step->input->option, NULL);
}

/* ---- A message ---- */

/* The button of a did-you-mean that is meant by a typed line ("yes", "the second"), or NULL. */
static const char *option_meant(const struct step *step, struct str text)
{
	const struct facts *facts = &step->facts;
	size_t count = 0;
	if (!facts->is_clarifying || facts->owner != OWNER_BOT || facts->is_closed)
		return NULL;
	for (const char *id; (id = conversation_offered(step->state, count)) && strcmp(id, "person");)
		count++;
	size_t choice = choice_read(step->arena, text, count);
	return choice ? conversation_offered(step->state, choice - 1) : NULL;
}

void step_message(struct step *step)
{
	struct str text = utf8_repair_in(step->arena, step->input->text);
	if (!step_takes_text(step, text))
		return;
	const char *meant = option_meant(step, text);
	if (meant) {
		choose(step, meant, arena_strdup(step->arena, text));
		return;
	}
	struct understanding heard;
	struct question question = { .trigger = TRIGGER_MESSAGE, .heard = &heard };
	bool was_closed = step->facts.is_closed;
	struct event event = visitor_line(step, "");
	event.text = arena_strdup(step->arena, text);
	question.utterance = str_of(event.text);
	if (event.owner == OWNER_BOT) {
		knowledge_understand(step->knowledge, step->mind, question.utterance, usual_language(step), &heard);
		event.language = heard.language->corpus->language;
		event.wording = wording_hash(question.utterance);
	} else {
		event.language = knowledge_mood(step->knowledge, step->mind, question.utterance, usual_language(step),
						&heard.mood);
	}
	event.polarity = heard.mood.polarity;
	event.frustration = heard.mood.frustration;
	step_add(step, &event);
	go_on(step, &question, was_closed);
}

/* ---- The rest ---- */

static bool has_begun(struct step *step)
{
	if (!step->facts.seq)
		step_refuse(step, REFUSAL_NO_CONVERSATION);
	return step->facts.seq > 0;
}

static void add_rating(struct step *step, const struct rating *rating)
{
	struct event event = step_event(step, EVENT_RATING, AUTHOR_VISITOR);
	event.client_id = step_copy(step, step->input->client_id);
	event.rating = *rating;
	event.rating.comment = step_copy(step, rating->comment);
	step_add(step, &event);
}

void step_rate(struct step *step)
{
	struct rating rating = event_blank().rating;
	rating.rates = step->input->rating.rates;
	rating.helpful = step->input->rating.helpful;
	if (!has_begun(step))
		return;
	if (!conversation_is_bot_line(step->state, rating.rates) || rating.helpful < 0) {
		step_refuse(step, REFUSAL_NOT_RATEABLE);
		return;
	}
	add_rating(step, &rating);
	const struct facts *facts = &step->facts;
	bool is_bots = facts->owner == OWNER_BOT && !facts->is_closed;
	if (is_bots && !rating.helpful && facts->thumbs_down_count >= THUMBS_DOWN && !facts->is_automatic_used) {
		struct question question = { .trigger = TRIGGER_THUMBS };
		think(step, &question);
	}
}

void step_survey(struct step *step)
{
	struct rating rating = step->input->rating;
	rating.rates = 0;
	rating.helpful = rating.handover_right = -1;
	if (has_begun(step))
		add_rating(step, &rating);
}

void step_contact(struct step *step)
{
	if (!has_begun(step))
		return;
	struct event event = step_event(step, EVENT_CONTACT, AUTHOR_VISITOR);
	event.client_id = step_copy(step, step->input->client_id);
	event.contact_name = step_copy(step, step->input->contact_name);
	event.contact_email = step_copy(step, step->input->contact_email);
	event.text = event.contact_email;
	step_add(step, &event);
	struct phrase_values values = { .email = event.contact_email };
	event = step_line(step, EVENT_NOTICE, PHRASE_CONTACT, &values);
	step_add(step, &event);
}

void step_close(struct step *step)
{
	if (!has_begun(step))
		return;
	if (step->facts.is_closed) {
		step_refuse(step, REFUSAL_CLOSED);
		return;
	}
	struct event event = step_line(step, EVENT_CLOSE, PHRASE_CLOSE_VISITOR, &(struct phrase_values){ 0 });
	event.from = AUTHOR_VISITOR;
	event.client_id = step_copy(step, step->input->client_id);
	event.owner = OWNER_NOBODY;
	step_add(step, &event);
}

void step_unanswerable(struct step *step)
{
	struct question question = { .trigger = TRIGGER_BROKEN };
	if (has_begun(step) && step->facts.owner == OWNER_BOT && !step->facts.is_closed)
		think(step, &question);
}
