/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/episode.h"

#include <stdio.h>
#include <string.h>

enum { THUMBS_MAX = sizeof((struct episodes *)0)->thumbs / sizeof *((struct episodes *)0)->thumbs };

/* Only answers before the first word of a person count towards "mixed": those after it were given in the same episode
 * too, but a bot that only takes over afterwards has not kept anybody from the person. */
enum handler episode_handler(const struct episode *episode)
{
	if (!episode->person_messages)
		return episode->bot_answers ? HANDLER_BOT : HANDLER_NONE;
	return episode->bot_answers ? HANDLER_MIXED : HANDLER_PERSON;
}

bool episode_is_involved(const struct episode *episode)
{
	return episode->bot_answers > 0 || episode->is_handed_over;
}

bool episode_is_deflected(const struct episode *episode)
{
	return episode_is_involved(episode) && !episode->is_handed_over && !episode->person_messages;
}

void episodes_init(struct episodes *fold, int64_t now_ms, void (*each)(void *context, const struct episode *episode),
		   void *context)
{
	*fold = (struct episodes){ .now_ms = now_ms, .each = each, .context = context };
}

/* Clocks are set back: no time is negative. */
static int64_t time_between(int64_t from_ms, int64_t to_ms)
{
	return to_ms > from_ms ? to_ms - from_ms : 0;
}

static double mean_of(const double *values)
{
	double sum = 0;
	for (int i = 0; i < MOOD_SPAN; i++)
		sum += values[i];
	return sum / MOOD_SPAN;
}

static void finish(struct episodes *fold)
{
	struct episode *episode = &fold->current;
	if (!episode->start_ms)
		return;
	episode->age_ms = time_between(episode->last_ms, fold->now_ms);
	episode->is_waiting = fold->owner == OWNER_QUEUE;
	episode->first_mood = mean_of(fold->early);
	episode->last_mood = mean_of(fold->late);
	fold->each(fold->context, episode);
}

void episodes_end(struct episodes *fold)
{
	finish(fold);
	episodes_init(fold, fold->now_ms, fold->each, fold->context);
}

static void begin(struct episodes *fold, int64_t conversation, const struct event *event)
{
	if (fold->current.conversation == conversation && fold->current.start_ms)
		fold->current.back_ms = time_between(fold->current.last_ms, event->at_ms);
	episodes_end(fold);
	fold->current = (struct episode){
		.conversation = conversation,
		.number = event->episode,
		.close_ms = -1,
		.back_ms = -1,
		.wait_ms = -1,
		.response_ms = -1,
		.response_after_handover_ms = -1,
		.csat = -1,
		.ces = -1,
		.nps = -1,
		.last_thumb = -1,
		.handover_right = -1,
	};
}

/* ---- Messages ---- */

static void add_mood(struct episodes *fold, double polarity)
{
	int64_t at = fold->current.moods++;
	if (at < MOOD_SPAN)
		fold->early[at] = polarity;
	fold->late[at % MOOD_SPAN] = polarity;
}

static void add_visitors(struct episodes *fold, const struct event *event)
{
	struct episode *episode = &fold->current;
	if (!episode->start_ms)
		episode->start_ms = event->at_ms;
	if (*event->language)
		snprintf(episode->language, sizeof episode->language, "%s", event->language);
	fold->is_pressed = *event->intent != '\0';
	if (!fold->is_pressed)
		add_mood(fold, event->polarity);
	else if (!strcmp(event->intent, "person"))
		episode->has_asked_for_person = true;
}

static void add_persons(struct episodes *fold, const struct event *event)
{
	struct episode *episode = &fold->current;
	if (!episode->person_messages++ && episode->start_ms)
		episode->response_ms = time_between(episode->start_ms, event->at_ms);
	if (episode->response_after_handover_ms < 0 && fold->handover_ms)
		episode->response_after_handover_ms = time_between(fold->handover_ms, event->at_ms);
}

static void add_trial(struct episode *episode, const struct event *event)
{
	size_t at = 0;
	while (at < episode->trial_count && (strcmp(episode->trials[at].intent, event->intent) != 0 ||
					     strcmp(episode->trials[at].variant, event->variant) != 0))
		at++;
	if (at == TRIALS_MAX)
		return;
	struct trial *trial = &episode->trials[at];
	if (at == episode->trial_count) {
		episode->trial_count++;
		*trial = (struct trial){ .helpful = -1 };
		snprintf(trial->intent, sizeof trial->intent, "%s", event->intent);
		snprintf(trial->variant, sizeof trial->variant, "%s", event->variant);
	}
	trial->lines[trial->line_count++ % TRIAL_LINES] = event->seq;
}

static void add_message(struct episodes *fold, const struct event *event)
{
	struct episode *episode = &fold->current;
	bool is_answer = event->from == AUTHOR_BOT && *event->intent && fold->action != ACTION_HANDOVER;
	if (event->from == AUTHOR_VISITOR) {
		add_visitors(fold, event);
		return;
	}
	if (event->from == AUTHOR_AGENT)
		add_persons(fold, event);
	if (event->from == AUTHOR_BOT && *event->variant)
		add_trial(episode, event);
	if (is_answer && !episode->person_messages)
		episode->bot_answers++;
	episode->last_line_from = event->from;
	episode->is_last_line_answer = is_answer;
}

/* ---- Decisions and ratings ---- */

static void add_decision(struct episodes *fold, const struct event *event)
{
	struct episode *episode = &fold->current;
	bool is_matter = event->reason == REASON_INTENT || event->reason == REASON_ASKED;
	fold->action = event->action;
	if (!*episode->segment)
		snprintf(episode->segment, sizeof episode->segment, "%s", event->segment);
	if (event->action == ACTION_QUIET)
		return;
	episode->turns++;
	episode->answers += event->action == ACTION_ANSWER;
	episode->misses += event->action == ACTION_MISS;
	episode->clarifications += event->action == ACTION_CLARIFY;
	episode->has_asked_for_person |= event->reason == REASON_ASKED;
	if (fold->is_pressed)
		return;
	episode->typed_turns++;
	episode->understood_turns += event->action == ACTION_ANSWER || (event->action == ACTION_HANDOVER && is_matter);
}

static void add_thumb(struct episodes *fold, int64_t seq, int helpful)
{
	struct episode *episode = &fold->current;
	int at = 0;
	while (at < fold->thumb_count && fold->thumbs[at].seq != seq)
		at++;
	if (at < fold->thumb_count) {
		episode->thumbs_up -= fold->thumbs[at].helpful;
		episode->thumbs_down -= !fold->thumbs[at].helpful;
	} else if (fold->thumb_count < THUMBS_MAX) {
		fold->thumb_count++;
	} else {
		at = 0; /* one of so many that were given: it stands as it is */
	}
	fold->thumbs[at].seq = seq;
	fold->thumbs[at].helpful = helpful;
	episode->thumbs_up += helpful;
	episode->thumbs_down += !helpful;
	episode->last_thumb = helpful;
	for (size_t i = 0; i < episode->trial_count; i++)
		for (size_t line = 0; line < TRIAL_LINES; line++)
			if (episode->trials[i].lines[line] == seq)
				episode->trials[i].helpful = helpful;
}

static void add_rating(struct episodes *fold, const struct rating *rating)
{
	struct episode *episode = &fold->current;
	if (rating->helpful >= 0)
		add_thumb(fold, rating->rates, rating->helpful > 0);
	if (rating->csat > 0 || rating->ces > 0 || rating->nps >= 0)
		episode->rated_handler = episode_handler(episode);
	if (rating->csat > 0)
		episode->csat = rating->csat;
	if (rating->ces > 0)
		episode->ces = rating->ces;
	if (rating->nps >= 0)
		episode->nps = rating->nps;
	if (rating->handover_right >= 0)
		episode->handover_right = rating->handover_right;
}

/* ---- Owners ---- */

static void add_handover(struct episodes *fold, const struct event *event)
{
	struct episode *episode = &fold->current;
	if (!episode->is_handed_over)
		episode->reason = event->reason;
	if (!fold->handover_ms)
		fold->handover_ms = event->at_ms;
	episode->is_handed_over = true;
	for (size_t i = 0; i < episode->trial_count; i++)
		episode->trials[i].is_handed_over = true;
	episode->has_asked_for_person |= event->reason == REASON_ASKED;
}

static void follow_owner(struct episodes *fold, const struct event *event)
{
	struct episode *episode = &fold->current;
	if (event->owner == OWNER_QUEUE && fold->owner != OWNER_QUEUE) {
		episode->has_waited = true;
		fold->queued_ms = event->at_ms;
	}
	if (event->owner == OWNER_AGENT && fold->owner == OWNER_QUEUE && episode->wait_ms < 0)
		episode->wait_ms = time_between(fold->queued_ms, event->at_ms);
	fold->owner = event->owner;
}

struct episode *episodes_add(struct episodes *fold, int64_t conversation, const struct event *event)
{
	struct episode *episode = &fold->current;
	if (conversation != episode->conversation || event->episode != episode->number)
		begin(fold, conversation, event);
	switch (event->kind) {
	case EVENT_MESSAGE: add_message(fold, event); break;
	case EVENT_DECISION: add_decision(fold, event); break;
	case EVENT_RATING: add_rating(fold, &event->rating); break;
	case EVENT_HANDOVER: add_handover(fold, event); break;
	case EVENT_CLOSE: episode->close_ms = event->at_ms; break;
	case EVENT_CLAIM:
	case EVENT_TRANSFER:
	case EVENT_RETURN:
	case EVENT_NOTE:
	case EVENT_TAGS:
	case EVENT_CONTACT:
	case EVENT_NOTICE: break;
	}
	follow_owner(fold, event);
	/* What is said after the close (a survey, a note) belongs to the episode, but does not prolong it. */
	if (episode->close_ms < 0 || event->kind == EVENT_CLOSE)
		episode->last_ms = event->at_ms;
	return episode;
}
