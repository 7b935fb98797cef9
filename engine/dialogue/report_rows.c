/* SPDX-License-Identifier: Apache-2.0 */
/* What each figure counts: its functions, and the table that names them. */
#include "base/count.h"
#include "dialogue/report_internal.h"

#include <math.h>

/* ---- How many cases one episode adds ---- */

static bool is_glad(const struct episode *e)
{
	return e->csat >= 4 || (e->csat < 0 && e->last_thumb == 1);
}

static bool is_sorry(const struct episode *e)
{
	return (e->csat > 0 && e->csat < 4) || (e->csat < 0 && e->last_thumb == 0);
}

static bool was_quiet(const struct episode *e, int64_t seconds)
{
	return e->back_ms < 0 ? e->age_ms >= seconds * 1000 : e->back_ms >= seconds * 1000;
}

/* Whether the time in which the visitor might have come back is over, one way or the other. */
static bool is_settled(const struct episode *e, int64_t seconds)
{
	return e->back_ms >= 0 || e->age_ms >= seconds * 1000;
}

static bool is_confirmed(const struct episode *e)
{
	return episode_is_deflected(e) && is_glad(e);
}

static bool is_assumed(const struct episode *e)
{
	return episode_is_deflected(e) && !is_glad(e) && !is_sorry(e) && e->is_last_line_answer &&
	       !e->has_asked_for_person;
}

static bool is_resolved(const struct episode *e)
{
	return is_confirmed(e) || is_assumed(e);
}

static bool is_abandoned(const struct episode *e)
{
	return e->is_handed_over && e->has_waited && e->wait_ms < 0 && !e->is_waiting;
}

static int64_t one(const struct episode *e, int which)
{
	(void)e, (void)which;
	return 1;
}

static int64_t involved(const struct episode *e, int which)
{
	(void)which;
	return episode_is_involved(e);
}

static int64_t deflected(const struct episode *e, int which)
{
	(void)which;
	return episode_is_deflected(e);
}

/* A deflection of today without a word on it is not known yet. */
static int64_t containable(const struct episode *e, int which)
{
	bool is_open_question = episode_is_deflected(e) && !is_glad(e) && !is_sorry(e) && !is_settled(e, which);
	return episode_is_involved(e) && !is_open_question;
}

static int64_t contained(const struct episode *e, int which)
{
	return episode_is_deflected(e) && (is_glad(e) || (!is_sorry(e) && was_quiet(e, which)));
}

static int64_t confirmed(const struct episode *e, int which)
{
	(void)which;
	return is_confirmed(e);
}

static int64_t assumed(const struct episode *e, int which)
{
	(void)which;
	return is_assumed(e);
}

static int64_t resolved(const struct episode *e, int which)
{
	(void)which;
	return is_resolved(e);
}

static int64_t old_resolved(const struct episode *e, int which)
{
	return is_resolved(e) && e->age_ms >= (int64_t)which * 1000;
}

static int64_t durable(const struct episode *e, int which)
{
	return old_resolved(e, which) && was_quiet(e, which);
}

static int64_t reopened(const struct episode *e, int which)
{
	(void)which;
	return is_resolved(e) && e->back_ms >= 0;
}

static int64_t handed_over(const struct episode *e, int which)
{
	(void)which;
	return e->is_handed_over;
}

static int64_t handed_over_because(const struct episode *e, int which)
{
	return e->is_handed_over && (int)e->reason == which;
}

static int64_t decided_handovers(const struct episode *e, int which)
{
	(void)which;
	return e->is_handed_over && !(e->is_waiting && e->wait_ms < 0);
}

static int64_t succeeded(const struct episode *e, int which)
{
	return e->is_handed_over && e->wait_ms >= 0 && e->wait_ms <= (int64_t)which * 1000;
}

static int64_t claimed(const struct episode *e, int which)
{
	(void)which;
	return e->is_handed_over && e->wait_ms >= 0;
}

static int64_t abandoned(const struct episode *e, int which)
{
	(void)which;
	return is_abandoned(e);
}

static int64_t nobody_there(const struct episode *e, int which)
{
	(void)which;
	return e->is_handed_over && !e->has_waited;
}

static int64_t judged_handovers(const struct episode *e, int which)
{
	(void)which;
	return e->handover_right >= 0;
}

static int64_t right_handovers(const struct episode *e, int which)
{
	(void)which;
	return e->handover_right > 0;
}

static int64_t turns(const struct episode *e, int which)
{
	(void)which;
	return e->turns;
}

static int64_t fallbacks(const struct episode *e, int which)
{
	(void)which;
	return e->misses + e->clarifications;
}

static int64_t typed_turns(const struct episode *e, int which)
{
	(void)which;
	return e->typed_turns;
}

static int64_t understood_turns(const struct episode *e, int which)
{
	(void)which;
	return e->understood_turns;
}

static int64_t thumbs(const struct episode *e, int which)
{
	(void)which;
	return e->thumbs_up + e->thumbs_down;
}

static int64_t thumbs_up(const struct episode *e, int which)
{
	(void)which;
	return e->thumbs_up;
}

/* `which` is a handler here and below, or ALL. */
enum { ALL = -1 };

static bool is_rated_for(const struct episode *e, int which)
{
	return e->csat > 0 && (which == ALL || (int)e->rated_handler == which);
}

static int64_t rated(const struct episode *e, int which)
{
	return is_rated_for(e, which);
}

static int64_t satisfied(const struct episode *e, int which)
{
	return is_rated_for(e, which) && e->csat >= 4;
}

static int64_t closed(const struct episode *e, int which)
{
	return e->close_ms >= 0 && (which == ALL || (int)episode_handler(e) == which);
}

static int64_t closed_rated(const struct episode *e, int which)
{
	return closed(e, which) && e->csat > 0;
}

static bool knows_mood(const struct episode *e, int which)
{
	return e->moods >= 2 * MOOD_SPAN && (which == ALL || (int)episode_handler(e) == which);
}

/* Where a text counts as negative, as in the label of `shopbell mood --json`. */
static const double NEGATIVE = -0.05;

static int64_t began_badly(const struct episode *e, int which)
{
	return knows_mood(e, which) && e->first_mood <= NEGATIVE;
}

static int64_t ended_better(const struct episode *e, int which)
{
	return began_badly(e, which) && e->last_mood > NEGATIVE;
}

/* ---- Values: NAN where an episode is no case ---- */

static double seconds(int64_t ms)
{
	return ms < 0 ? (double)NAN : (double)ms / 1000;
}

static double response(const struct episode *e, int which)
{
	(void)which;
	return seconds(e->response_ms);
}

static double response_after_handover(const struct episode *e, int which)
{
	(void)which;
	return seconds(e->response_after_handover_ms);
}

static double waited(const struct episode *e, int which)
{
	(void)which;
	return seconds(e->wait_ms);
}

static double resolution(const struct episode *e, int which)
{
	(void)which;
	return seconds(e->close_ms < 0 ? -1 : e->close_ms > e->start_ms ? e->close_ms - e->start_ms : 0);
}

static double effort(const struct episode *e, int which)
{
	return e->ces > 0 && (which == ALL || (int)e->rated_handler == which) ? e->ces : (double)NAN;
}

static double mood_shift(const struct episode *e, int which)
{
	return knows_mood(e, which) ? e->last_mood - e->first_mood : (double)NAN;
}

/* ---- NPS ---- */

static int64_t asked_nps(const struct episode *e, int which)
{
	return e->nps >= 0 && (which == ALL || (int)e->rated_handler == which);
}

static int64_t promoters(const struct episode *e, int which)
{
	return asked_nps(e, which) && e->nps >= 9;
}

static int64_t detractors(const struct episode *e, int which)
{
	return asked_nps(e, which) && e->nps <= 6;
}

/* ---- The table ---- */

#define RATE(name, what, rule, part, whole, which)                            \
	{                                                                     \
		FIGURE_RATE, name, what, rule, part, whole, NULL, NULL, which \
	}
#define TIME(name, what, rule, value)                                       \
	{                                                                   \
		FIGURE_TIME, name, what, rule, NULL, NULL, NULL, value, ALL \
	}

#define MEAN(name, what, rule, value, handler)                                  \
	{                                                                       \
		FIGURE_MEAN, name, what, rule, NULL, NULL, NULL, value, handler \
	}
#define SCORE(name, what, rule, handler)                                                        \
	{                                                                                       \
		FIGURE_SCORE, name, what, rule, promoters, asked_nps, detractors, NULL, handler \
	}

#define BY_HANDLER(name, what, handler)                                                                           \
	RATE("csat" name, "satisfied" what, "4 and 5 of 5, among ratings", satisfied, rated, handler),            \
		RATE("csat_response" name, "  asked and rated" what, "rated, among closed", closed_rated, closed, \
		     handler),                                                                                    \
		MEAN("ces" name, "it was easy" what, "mean of 1 to 7", effort, handler),                          \
		SCORE("nps" name, "would recommend" what, "% of 9 and 10 less % of 0 to 6", handler),             \
		MEAN("mood_shift" name, "mood, end less begin" what,                                              \
		     "means of the last and first two messages, -1 to 1", mood_shift, handler),                   \
		RATE("mood_mended" name, "mood mended" what, "ended better, among those that began badly",        \
		     ended_better, began_badly, handler)

static const struct report_row rows[] = {
	RATE("involvement", "bot involved", "answered or handed over, among all episodes", involved, one, ALL),
	RATE("deflection", "no person needed", "no person's message and no handover, among bot involved", deflected,
	     involved, ALL),
	RATE("containment", "contained",
	     "no person, no handover, and a good word (thumb, 4 or 5) or, without a word, not back within 24 h; among "
	     "bot "
	     "involved and known",
	     contained, containable, REPORT_HELPED_S),
	RATE("resolution_confirmed", "resolved, confirmed", "no person, and a good word; among bot involved", confirmed,
	     involved, ALL),
	RATE("resolution_assumed", "resolved, assumed",
	     "no person asked for, no word, last line an answer; among bot involved", assumed, involved, ALL),
	RATE("resolution_durable", "resolved for good", "not back within 7 days, among resolved at least 7 days ago",
	     durable, old_resolved, REPORT_DURABLE_S),
	RATE("reopened", "reopened", "came back with another episode, among resolved", reopened, resolved, ALL),
	RATE("handoff", "handed over", "among bot involved", handed_over, involved, ALL),
	RATE("handoff_asked", "  because: asked", "of the first handover", handed_over_because, handed_over,
	     REASON_ASKED),
	RATE("handoff_intent", "  because: intent", "", handed_over_because, handed_over, REASON_INTENT),
	RATE("handoff_unsure", "  because: unsure", "", handed_over_because, handed_over, REASON_UNSURE),
	RATE("handoff_repeated", "  because: repeated", "", handed_over_because, handed_over, REASON_REPEATED),
	RATE("handoff_upset", "  because: upset", "", handed_over_because, handed_over, REASON_UPSET),
	RATE("handoff_complex", "  because: complex", "", handed_over_because, handed_over, REASON_COMPLEX),
	RATE("handoff_segment", "  because: segment", "", handed_over_because, handed_over, REASON_SEGMENT),
	RATE("handoff_claimed", "  an agent came", "among handovers not waiting still", claimed, decided_handovers,
	     ALL),
	RATE("handoff_success", "  within two minutes", "among handovers not waiting still", succeeded,
	     decided_handovers, REPORT_TARGET_S),
	RATE("handoff_abandoned", "  nobody came in time", "waited, and left or was let go without an agent", abandoned,
	     decided_handovers, ALL),
	RATE("handoff_nobody", "  nobody was there", "closed, or no agent available", nobody_there, decided_handovers,
	     ALL),
	RATE("handoff_right", "  right, say the agents", "among those they judged", right_handovers, judged_handovers,
	     ALL),
	RATE("fallback", "bot turns without an answer", "\"did you mean\" or a miss, among the bot's turns", fallbacks,
	     turns, ALL),
	RATE("coverage", "corpus coverage",
	     "typed questions answered or handed over for their matter, among typed ones", understood_turns,
	     typed_turns, ALL),
	RATE("helpful", "answers rated helpful", "last thumb on each", thumbs_up, thumbs, ALL),
	TIME("first_response_s", "first word of a person", "from the begin of the episode", response),
	TIME("first_response_after_handover_s", "  from the handover", "", response_after_handover),
	TIME("wait_s", "wait until claimed", "the first one of an episode", waited),
	TIME("resolution_s", "until closed", "from the begin, waits included", resolution),
	BY_HANDLER("", "", ALL),
	BY_HANDLER("_bot", ": bot alone", HANDLER_BOT),
	BY_HANDLER("_person", ": person alone", HANDLER_PERSON),
	BY_HANDLER("_mixed", ": bot, then person", HANDLER_MIXED),
};

const struct report_row *report_rows(size_t *out_count)
{
	*out_count = COUNT(rows);
	return rows;
}
