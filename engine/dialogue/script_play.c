/* SPDX-License-Identifier: Apache-2.0 */
/* The player of .chat files: does what the lines say, compares what came of it. */
#include "base/count.h"
#include "base/vec.h"
#include "dialogue/internal.h"
#include "dialogue/script.h"
#include "dialogue/script_internal.h"

#include <assert.h>
#include <string.h>

enum { STEP_MS = 1000, TIMERS_MAX = 1000 };

static void fail(struct player *player, const struct script_line *line, const char *came, const char *instead)
{
	vec_push(&player->failures, (struct script_failure){
					    .line = line->number,
					    .expected = arena_strdup(player->arena, line->source),
					    .came = came,
					    .instead = instead,
				    });
}

/* A line that could not be done stays as it is. */
static void fail_to_do(struct player *player, const struct script_line *line, const char *why)
{
	fail(player, line, why, arena_strdup(player->arena, line->source));
}

/* ---- Doing ---- */

static int64_t agent_id(struct player *player, struct str name)
{
	for (size_t i = 0; i < player->name_count; i++)
		if (str_is(name, player->names[i]))
			return (int64_t)i + 1;
	if (player->name_count == NAMES_MAX)
		return NAMES_MAX;
	player->names[player->name_count++] = arena_strdup(player->arena, name);
	return (int64_t)player->name_count;
}

static void take_events(struct player *player, const struct turn *turn)
{
	enum action action = ACTION_QUIET;
	for (size_t i = 0; i < turn->event_count; i++) {
		const struct event *event = &turn->events[i];
		conversation_apply(player->state, event);
		if (event->kind == EVENT_DECISION)
			action = event->action;
		if (event->kind == EVENT_HANDOVER)
			player->handover = event->reason;
		bool is_persons = event->from == AUTHOR_VISITOR || event->from == AUTHOR_AGENT;
		bool is_said =
			event->kind == EVENT_MESSAGE || event->kind == EVENT_CONTACT || event->kind == EVENT_RATING;
		if (!(is_persons && is_said) && event_is_public(event->kind))
			vec_push(&player->came, (struct came){ event, action });
	}
}

static enum refusal step(struct player *player, const struct input *input)
{
	struct turn turn;
	player->situation.now_ms = player->now_ms;
	player->situation.queue_position = player->situation.queue_length + 1;
	conversation_step(player->state, input, player->knowledge, player->mind, &player->situation, player->arena,
			  &turn);
	take_events(player, &turn);
	return turn.refusal;
}

static void run_timers(struct player *player, int64_t until_ms)
{
	const struct settings *settings = &player->knowledge->corpus->settings;
	struct input timer = input_blank(INPUT_TIMER);
	for (int i = 0; i < TIMERS_MAX; i++) {
		int64_t wake_ms = conversation_wake_ms(player->state, settings);
		if (!wake_ms || wake_ms > until_ms)
			break;
		player->now_ms = wake_ms > player->now_ms ? wake_ms : player->now_ms;
		step(player, &timer);
	}
	player->now_ms = until_ms;
}

static void begin(struct player *player)
{
	player->came.count = 0;
	player->cursor = 0;
}

static void set_clock(struct player *player, const struct script_line *line)
{
	const struct script_clock *clock = &line->clock;
	const struct zone *zone = player->knowledge->zone;
	struct civil_time civil = {
		.year = clock->year, .month = clock->month, .day = clock->day, .minute = clock->minute
	};
	begin(player);
	int64_t then_ms = clock->weekday < 0 ? zone_instant_ms(zone, &civil) : 0;
	/* The first such weekday from a Monday without any well-known holiday near, later from now on. */
	struct civil_time from = player->now_ms ? zone_civil(zone, player->now_ms)
						: (struct civil_time){ .year = 2026, .month = 6, .day = 1 };
	for (int days = 0; clock->weekday >= 0 && days <= 7; days++) {
		civil = from;
		civil.day += days;
		civil.minute = clock->minute;
		then_ms = zone_instant_ms(zone, &civil);
		if (then_ms >= player->now_ms && zone_civil(zone, then_ms).weekday == clock->weekday)
			break;
	}
	if (then_ms < player->now_ms) {
		fail_to_do(player, line, "the clock cannot go back");
		return;
	}
	run_timers(player, then_ms);
	if (clock->has_agents) {
		player->situation.agents_available = (int)clock->online_count;
		player->situation.agents_online = (int)(clock->online_count + clock->away_count);
	}
	if (clock->queue >= 0)
		player->situation.queue_length = clock->queue;
}

/* What is behind a button: its id, or NULL. The button for a person is always there, in any language. */
static const char *find_button(const struct player *player, struct str label)
{
	static const char *const languages[] = { "en", "de", "fr", "es" };
	const struct settings *settings = &player->knowledge->corpus->settings;
	for (size_t i = player->state->shown.count; i-- > 0;)
		if (str_is(label, player->state->shown.items[i].label))
			return player->state->shown.items[i].id;
	for (size_t i = 0; i < COUNT(languages); i++)
		if (str_is(label, phrase_text(languages[i], PHRASE_PERSON)))
			return "person";
	const struct language_corpus *corpus = player->knowledge->languages[0].corpus;
	for (size_t i = 0; i < settings->suggestion_count; i++) {
		uint32_t at = corpus_intent(corpus, str_of(settings->suggestions[i]));
		if (at != INTENT_NONE && str_is(label, corpus->intents[at].question))
			return settings->suggestions[i];
	}
	return NULL;
}

static int64_t last_bot_line(const struct player *player)
{
	size_t count = player->state->bot_lines.count;
	return count ? player->state->bot_lines.items[count - 1] : 0;
}

/* The visitor's inputs. False when the line cannot be one now. */
static bool visitor_input(struct player *player, const struct script_line *line, struct input *input)
{
	switch (line->kind) {
	case SCRIPT_SAYS:
		input->kind = INPUT_MESSAGE;
		input->text = line->text;
		break;
	case SCRIPT_PRESSES: {
		const char *id = find_button(player, line->text);
		input->kind = id && !strcmp(id, "person") ? INPUT_PERSON : INPUT_CHOOSE;
		input->option = id ? id : "";
		return id != NULL;
	}
	case SCRIPT_RATES:
		input->kind = INPUT_RATE;
		input->rating.helpful = line->value;
		input->rating.rates = last_bot_line(player);
		break;
	case SCRIPT_SURVEYS:
		input->kind = INPUT_SURVEY;
		input->rating.csat = line->value;
		break;
	case SCRIPT_EMAIL:
		input->kind = INPUT_CONTACT;
		input->contact_email = arena_strdup(player->arena, line->text);
		break;
	case SCRIPT_BOT_FAILS: input->kind = INPUT_UNANSWERABLE; break;
	default: input->kind = INPUT_CLOSE; break;
	}
	input->page_path = player->page;
	input->attributes = player->attributes;
	input->attribute_count = player->attribute_count;
	input->visits = player->visits;
	return true;
}

static void agent_input(struct player *player, const struct script_line *line, struct input *input)
{
	static const enum input_kind kinds[] = {
		[SCRIPT_AGENT_SAYS] = INPUT_AGENT_MESSAGE,
		[SCRIPT_AGENT_NOTES] = INPUT_NOTE,
		[SCRIPT_CLAIMS] = INPUT_CLAIM,
		[SCRIPT_RETURNS] = INPUT_RETURN,
		[SCRIPT_AGENT_CLOSES] = INPUT_AGENT_CLOSE,
		[SCRIPT_LEAVES] = INPUT_AGENT_GONE,
		[SCRIPT_PASSES] = INPUT_TRANSFER,
	};
	input->kind = kinds[line->kind];
	input->agent = agent_id(player, line->name);
	input->agent_name = player->names[input->agent - 1];
	input->text = line->text;
	if (line->kind == SCRIPT_PASSES && !str_is(line->text, "queue")) {
		input->to_agent = agent_id(player, line->text);
		input->to_agent_name = player->names[input->to_agent - 1];
	}
}

static const char *refusal_text(enum refusal refusal)
{
	static const char *const texts[] = {
		[REFUSAL_EMPTY] = "refused: the text is empty",
		[REFUSAL_TOO_LONG] = "refused: the text is too long",
		[REFUSAL_UNKNOWN_OPTION] = "refused: that button was never shown",
		[REFUSAL_NO_CONVERSATION] = "refused: nothing was said yet",
		[REFUSAL_NOT_RATEABLE] = "refused: there is no line of the bot to rate",
		[REFUSAL_TAKEN] = "refused: another agent has it",
		[REFUSAL_CLOSED] = "refused: it is closed",
		[REFUSAL_NOT_YOURS] = "refused: this agent does not have it",
		[REFUSAL_TOO_MANY_TAGS] = "refused: there are too many tags",
	};
	return texts[refusal];
}

static void act(struct player *player, const struct script_line *line)
{
	struct input input = input_blank(INPUT_MESSAGE);
	bool is_visitor = line->kind < SCRIPT_AGENT_SAYS;
	begin(player);
	run_timers(player, player->now_ms + STEP_MS);
	if (is_visitor)
		player->handover = REASON_NONE;
	if (!is_visitor) {
		agent_input(player, line, &input);
	} else if (!visitor_input(player, line, &input)) {
		fail_to_do(player, line, "no such button was shown");
		return;
	}
	enum refusal refusal = step(player, &input);
	if (refusal != REFUSAL_NONE)
		fail_to_do(player, line, refusal_text(refusal));
	if (line->kind == SCRIPT_LEAVES && player->situation.agents_online > 0) {
		player->situation.agents_online--;
		player->situation.agents_available -= player->situation.agents_available > 0;
	}
}

static void set_visitor(struct player *player, const struct script_line *line)
{
	if (line->kind == SCRIPT_AT)
		player->page = arena_strdup(player->arena, line->text);
	else if (line->kind == SCRIPT_VISITS)
		player->visits = line->value;
	else if (player->attribute_count < ATTRIBUTES_MAX)
		player->attributes[player->attribute_count++] =
			(struct option){ arena_strdup(player->arena, line->name),
					 arena_strdup(player->arena, line->text) };
}

/* ---- Comparing ---- */

static bool fits(const struct player *player, const struct script_line *line, const struct came *came)
{
	if (script_is_bot(came) != (line->kind == SCRIPT_BOT))
		return false;
	if (line->kind == SCRIPT_BOT && line->band != BAND_ANY) {
		bool has_intent = line->band == BAND_NONE || str_is(line->name, script_intent_of(came));
		if (script_band_of(came) != line->band || !has_intent)
			return false;
	}
	const char *prefix = arena_strdup(player->arena, line->text);
	struct str expected = script_collapsed(player->arena, prefix),
		   text = script_collapsed(player->arena, came->event->text);
	return str_equal(str_part(text, 0, expected.len), expected);
}

static void expect_line(struct player *player, const struct script_line *line)
{
	for (size_t i = player->cursor; i < player->came.count; i++)
		if (fits(player, line, &player->came.items[i])) {
			player->cursor = i + 1;
			return;
		}
	size_t next = player->cursor;
	while (next < player->came.count && script_is_bot(&player->came.items[next]) != (line->kind == SCRIPT_BOT))
		next++;
	bool is_there = next < player->came.count;
	fail(player, line, script_all_that_came(player),
	     is_there ? script_line_of(player, &player->came.items[next]) : NULL);
	player->cursor = is_there ? next + 1 : player->cursor;
}

static void expect_state(struct player *player, const struct script_line *line)
{
	bool is_true, is_about_owner = line->kind == SCRIPT_OWNER || line->kind == SCRIPT_CLOSED;
	switch (line->kind) {
	case SCRIPT_OWNER:
		is_true = conversation_owner(player->state) == line->owner &&
			  (line->owner != OWNER_AGENT ||
			   conversation_agent(player->state) == agent_id(player, line->name));
		break;
	case SCRIPT_CLOSED: is_true = conversation_is_closed(player->state); break;
	case SCRIPT_NO_HANDOVER: is_true = player->handover == REASON_NONE; break;
	default: is_true = player->handover == line->reason; break;
	}
	const char *truth = is_about_owner ? script_owner_line(player) : script_handover_line(player);
	if (!is_true)
		fail(player, line, truth, truth);
}

static void play_line(struct player *player, const struct script_line *line)
{
	player->checked += line->kind >= SCRIPT_BOT;
	switch (line->kind) {
	case SCRIPT_CLOCK: set_clock(player, line); break;
	case SCRIPT_HAS:
	case SCRIPT_AT:
	case SCRIPT_VISITS: set_visitor(player, line); break;
	case SCRIPT_BOT:
	case SCRIPT_SYSTEM: expect_line(player, line); break;
	case SCRIPT_OWNER:
	case SCRIPT_CLOSED:
	case SCRIPT_HANDOVER:
	case SCRIPT_NO_HANDOVER: expect_state(player, line); break;
	default: act(player, line); break;
	}
}

/* Monday at ten, nobody there, for a script that says nothing of it. */
static void set_first_clock(struct player *player)
{
	struct script_line first = { .clock = { .weekday = 0, .minute = 600, .queue = 0 } };
	set_clock(player, &first);
}

void script_play(const struct script *script, const struct knowledge *knowledge, struct mind *mind, struct arena *arena,
		 struct script_outcome *out)
{
	struct player player = {
		.script = script,
		.knowledge = knowledge,
		.mind = mind,
		.arena = arena,
		.state = conversation_new(),
		.situation = { .wait_ms = -1 },
		.page = "",
	};
	if (!script->count || script->lines[0].kind != SCRIPT_CLOCK)
		set_first_clock(&player);
	for (size_t i = 0; i < script->count; i++)
		play_line(&player, &script->lines[i]);
	*out = (struct script_outcome){ .failure_count = player.failures.count, .checked = player.checked };
	out->failures = arena_zalloc(arena, player.failures.count + 1, sizeof *out->failures);
	for (size_t i = 0; i < player.failures.count; i++)
		out->failures[i] = player.failures.items[i];
	vec_clear(&player.failures);
	vec_clear(&player.came);
	conversation_free(player.state);
}

size_t script_check(const char *file, struct str text, const struct knowledge *knowledge, struct mind *mind,
		    struct diagnostics *problems)
{
	struct arena arena = { 0 };
	struct script_outcome outcome = { 0 };
	size_t before = problems->error_count;
	const struct script *script = script_read_in(&arena, file, text, problems);
	if (script)
		script_play(script, knowledge, mind, &arena, &outcome);
	for (size_t i = 0; i < outcome.failure_count; i++) {
		const struct script_failure *failure = &outcome.failures[i];
		diagnostics_add(problems, &(struct problem){
						  .place = { file, failure->line, 1 },
						  .what = arena_printf(&arena, "this did not come true; it came: %s",
								       failure->came),
						  .hint = "",
						  .source = failure->expected,
						  .width = 1,
					  });
	}
	arena_clear(&arena);
	return problems->error_count - before;
}
