/* SPDX-License-Identifier: Apache-2.0 */
/* What an agent does in a conversation, and what happens when one is lost. */
#include "dialogue/step_internal.h"
#include "text/fold.h"
#include "text/utf8.h"

static struct event agent_event(const struct step *step, enum event_kind kind)
{
	struct event event = step_event(step, kind, AUTHOR_AGENT);
	event.agent = step->input->agent;
	event.agent_name = step_copy(step, step->input->agent_name);
	event.client_id = step_copy(step, step->input->client_id);
	return event;
}

/* A line of the system's about an agent. */
static struct event line_about(const struct step *step, enum event_kind kind, enum phrase phrase, int64_t agent,
			       const char *name)
{
	struct phrase_values values = { .name = name };
	struct event event = step_line(step, kind, phrase, &values);
	event.agent = agent;
	event.agent_name = step_copy(step, name);
	return event;
}

static bool is_theirs(const struct step *step)
{
	return step->facts.owner == OWNER_AGENT && step->facts.agent == step->input->agent;
}

static bool is_open(struct step *step)
{
	if (!step->facts.seq)
		step_refuse(step, REFUSAL_NO_CONVERSATION);
	else if (step->facts.is_closed)
		step_refuse(step, REFUSAL_CLOSED);
	return step->facts.seq && !step->facts.is_closed;
}

/* Open, and owned by the agent who acts. */
static bool may_act(struct step *step)
{
	if (!is_open(step))
		return false;
	if (!is_theirs(step))
		step_refuse(step, REFUSAL_NOT_YOURS);
	return is_theirs(step);
}

static void add_claim(struct step *step, const char *client_id)
{
	struct event event = line_about(step, EVENT_CLAIM, PHRASE_CLAIM, step->input->agent, step->input->agent_name);
	event.from = AUTHOR_AGENT;
	event.owner = OWNER_AGENT;
	event.owner_agent = step->input->agent;
	event.client_id = step_copy(step, client_id);
	step_add(step, &event);
}

/* Claiming what is one's own already is done, not an error. */
void step_claim(struct step *step)
{
	if (!is_open(step) || is_theirs(step))
		return;
	if (step->facts.owner == OWNER_AGENT)
		step_refuse(step, REFUSAL_TAKEN);
	else
		add_claim(step, step->input->client_id);
}

void step_agent_message(struct step *step)
{
	struct str text = utf8_repair_in(step->arena, step->input->text);
	if (!is_open(step) || !step_takes_text(step, text))
		return;
	if (step->facts.owner == OWNER_AGENT && !is_theirs(step)) {
		step_refuse(step, REFUSAL_NOT_YOURS);
		return;
	}
	if (!is_theirs(step))
		add_claim(step, ""); /* the message is what was sent */
	struct event event = agent_event(step, EVENT_MESSAGE);
	event.text = arena_strdup(step->arena, text);
	step_add(step, &event);
}

/* Notes are for colleagues: anybody may write one, at any time. */
void step_note(struct step *step)
{
	struct str text = utf8_repair_in(step->arena, step->input->text);
	if (!step->facts.seq)
		step_refuse(step, REFUSAL_NO_CONVERSATION);
	else if (step_takes_text(step, text)) {
		struct event event = agent_event(step, EVENT_NOTE);
		event.text = arena_strdup(step->arena, text);
		step_add(step, &event);
	}
}

/* "Refund" and "refund" are one tag. */
static bool is_same_tag(const struct step *step, struct str a, struct str b)
{
	struct str left = fold_words_in(step->arena, a, "en"), right = fold_words_in(step->arena, b, "en");
	return str_equal(a, b) || (left.len && str_equal(left, right));
}

/* Anybody may, at any time, as with notes. What is there already, or is not there, is done, not an error. */
void step_tag(struct step *step)
{
	struct str sent = utf8_repair_in(step->arena, step->input->text), tag, line;
	struct str rest = str_of(step->facts.texts[TEXT_TAGS]);
	struct event event = agent_event(step, EVENT_TAGS);
	char *tidy = arena_alloc(step->arena, sent.len + 1);
	size_t count = 0;
	bool is_there = false;
	tag = tag_tidy(sent, tidy);
	event.intent = tidy;
	if (!step->facts.seq) {
		step_refuse(step, REFUSAL_NO_CONVERSATION);
		return;
	}
	if (!step_takes_text(step, tag))
		return;
	while (rest.len && str_split(&rest, '\n', &line)) {
		bool is_it = is_same_tag(step, line, tag);
		is_there |= is_it;
		count++;
		if (!is_it)
			event.text = arena_printf(step->arena, "%s%s%.*s", event.text, *event.text ? "\n" : "",
						  STR_ARG(line));
	}
	if (is_there != step->input->is_removal)
		return;
	if (!is_there && (utf8_count(tag) > TAG_CHARACTERS_MAX || count >= TAGS_MAX)) {
		step_refuse(step, count >= TAGS_MAX ? REFUSAL_TOO_MANY_TAGS : REFUSAL_TOO_LONG);
		return;
	}
	if (!is_there)
		event.text = arena_printf(step->arena, "%s%s%.*s", event.text, *event.text ? "\n" : "", STR_ARG(tag));
	step_add(step, &event);
}

void step_transfer(struct step *step)
{
	const struct input *input = step->input;
	struct event event;
	if (!may_act(step) || input->to_agent == input->agent)
		return;
	if (input->to_agent) {
		event = line_about(step, EVENT_TRANSFER, PHRASE_TRANSFER_AGENT, input->to_agent, input->to_agent_name);
		event.owner_agent = input->to_agent;
	} else {
		event = step_line(step, EVENT_TRANSFER, PHRASE_TRANSFER_QUEUE, &(struct phrase_values){ 0 });
		event.text = arena_printf(step->arena, "%s %s", event.text, step_place(step));
		event.owner = OWNER_QUEUE;
	}
	event.client_id = step_copy(step, input->client_id);
	step_add(step, &event);
}

void step_return(struct step *step)
{
	if (!may_act(step))
		return;
	struct event event = line_about(step, EVENT_RETURN, PHRASE_RETURN, step->input->agent, step->input->agent_name);
	event.owner = OWNER_BOT;
	event.client_id = step_copy(step, step->input->client_id);
	step_add(step, &event);
}

/* A ticket, where nobody owns, may be closed by anybody. */
void step_agent_close(struct step *step)
{
	if (!is_open(step) || (step->facts.owner != OWNER_NOBODY && !may_act(step)))
		return;
	struct event event =
		line_about(step, EVENT_CLOSE, PHRASE_CLOSE_AGENT, step->input->agent, step->input->agent_name);
	event.from = AUTHOR_AGENT;
	event.owner = OWNER_NOBODY;
	event.client_id = step_copy(step, step->input->client_id);
	step_add(step, &event);
}

void step_rate_handover(struct step *step)
{
	if (!step->facts.seq || !step->facts.had_handover) {
		step_refuse(step, step->facts.seq ? REFUSAL_NOT_RATEABLE : REFUSAL_NO_CONVERSATION);
		return;
	}
	struct event event = agent_event(step, EVENT_RATING);
	event.rating.handover_right = step->input->rating.handover_right;
	step_add(step, &event);
}

void step_agent_gone(struct step *step)
{
	if (!step->facts.seq || step->facts.is_closed || step->facts.owner != OWNER_AGENT ||
	    (step->input->agent && !is_theirs(step)))
		return;
	struct event event =
		line_about(step, EVENT_RETURN, PHRASE_AGENT_GONE, step->facts.agent, step->facts.texts[TEXT_AGENT]);
	event.owner = OWNER_QUEUE;
	step_add(step, &event);
}
