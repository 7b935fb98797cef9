/* SPDX-License-Identifier: Apache-2.0 */
/* What time itself brings: nobody claims, nobody comes, the visitor has gone. */
#include "dialogue/step_internal.h"

static void alert(struct step *step)
{
	struct event event = step_line(step, EVENT_NOTICE, PHRASE_ALERT, &(struct phrase_values){ 0 });
	event.intent = NOTICE_ALERT;
	step_add(step, &event);
	step->turn->is_alert = true;
}

static void give_up(struct step *step)
{
	const char *language = step_language(step);
	bool has_contact = step->facts.has_contact;
	struct phrase_values values = { .email = step->facts.texts[TEXT_EMAIL] };
	struct event event = step_line(step, EVENT_NOTICE, PHRASE_GIVE_UP, &values);
	struct option *options = arena_zalloc(step->arena, 3, sizeof *options);
	enum phrase offer = has_contact ? PHRASE_HAVE_EMAIL : PHRASE_GIVE_UP_OFFER;
	event.text = arena_printf(step->arena, "%s %s", event.text, phrase_in(step->arena, language, offer, &values));
	event.owner = OWNER_NOBODY;
	if (!has_contact)
		options[event.option_count++] = phrase_option(language, PHRASE_EMAIL);
	options[event.option_count++] = phrase_option(language, PHRASE_WAIT);
	options[event.option_count++] = phrase_option(language, PHRASE_BOT);
	event.options = options;
	step_add(step, &event);
}

static void close_silent(struct step *step)
{
	struct event event = step_line(step, EVENT_CLOSE, PHRASE_CLOSE_AWAY, &(struct phrase_values){ 0 });
	event.owner = OWNER_NOBODY;
	step_add(step, &event);
}

/* The time may have come too early or for something that is over: then nothing happens. */
void step_timer(struct step *step)
{
	int64_t wake_ms = conversation_wake_ms(step->state, step->settings), now_ms = step->situation->now_ms;
	const struct facts *facts = &step->facts;
	if (!wake_ms || now_ms < wake_ms)
		return;
	if (facts->owner != OWNER_QUEUE)
		close_silent(step);
	else if (now_ms >= facts->queued_ms + step->settings->give_up_ms)
		give_up(step);
	else
		alert(step);
}
