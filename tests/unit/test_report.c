/* SPDX-License-Identifier: Apache-2.0 */
/* Each figure over stories small enough to be counted by hand. */
#include "dialogue/report.h"

#include "story.h"

#include <math.h>
#include <string.h>

enum { LINES_MAX = 14 };
/* What the stories are told at: ten days after their begin. */
#define NOW (STORY_BEGIN + 10 * STORY_DAY)
enum { DAY_MINUTES = 24 * 60 };

struct teller {
	struct episodes fold;
	int64_t conversation;
};

static void fold_event(void *context, const struct event *event)
{
	struct teller *teller = context;
	episodes_add(&teller->fold, teller->conversation, event);
}

static void count_episode(void *context, const struct episode *episode)
{
	report_add(context, episode);
}

static struct report *report_of(const struct line (*stories)[LINES_MAX], size_t count, int64_t now_ms)
{
	struct report *report = report_new();
	struct teller teller = { .conversation = 0 };
	episodes_init(&teller.fold, now_ms, count_episode, report);
	for (size_t i = 0; i < count; i++) {
		teller.conversation++;
		story_tell(stories[i], fold_event, &teller);
	}
	episodes_end(&teller.fold);
	return report;
}

static struct figure *figure_named(struct report *report, const char *name)
{
	size_t count;
	struct figure *figures = report_figures(report, &count);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(figures[i].name, name))
			return &figures[i];
	fail_msg("there is no figure \"%s\"", name);
	return NULL;
}

/* ---- Shares, one story each: who counts as what ---- */

struct expected {
	const char *name;
	int part, whole;
};
static const struct {
	const char *remark;
	struct line lines[LINES_MAX];
	struct expected expected[8];
} share_rows[] = {
	{ "answered, no word, never back",
	  { LINE(0, SAYS), LINE(0, ANSWERS) },
	  { { "involvement", 1, 1 },
	    { "deflection", 1, 1 },
	    { "containment", 1, 1 },
	    { "resolution_confirmed", 0, 1 },
	    { "resolution_assumed", 1, 1 },
	    { "resolution_durable", 1, 1 },
	    { "reopened", 0, 1 },
	    { "handoff", 0, 1 } } },
	{ "answered, back after an hour",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, CLOSES), LINE(61, SAYS, .episode = 2) },
	  { { "involvement", 1, 2 },
	    { "containment", 0, 1 },
	    { "resolution_assumed", 1, 1 },
	    { "resolution_durable", 0, 1 },
	    { "reopened", 1, 1 } } },
	{ "answered, back after three days",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, CLOSES), LINE(3 * DAY_MINUTES, SAYS, .episode = 2) },
	  { { "containment", 1, 1 }, { "resolution_durable", 0, 1 }, { "reopened", 1, 1 } } },
	{ "answered today: not known yet",
	  { LINE(10 * DAY_MINUTES - 60, SAYS), LINE(10 * DAY_MINUTES - 60, ANSWERS) },
	  { { "deflection", 1, 1 },
	    { "containment", 0, 0 },
	    { "resolution_assumed", 1, 1 },
	    { "resolution_durable", 0, 0 } } },
	{ "answered today, with a good word: known",
	  { LINE(10 * DAY_MINUTES - 60, SAYS), LINE(10 * DAY_MINUTES - 60, ANSWERS),
	    LINE(10 * DAY_MINUTES - 60, THUMBS, 3, 1) },
	  { { "containment", 1, 1 }, { "resolution_confirmed", 1, 1 }, { "resolution_assumed", 0, 1 } } },
	{ "a bad word is no containment, however quiet it is afterwards",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, THUMBS, 3, 0) },
	  { { "deflection", 1, 1 },
	    { "containment", 0, 1 },
	    { "resolution_confirmed", 0, 1 },
	    { "resolution_assumed", 0, 1 } } },
	{ "stars speak louder than a thumb",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, THUMBS, 3, 1), LINE(2, STARS, 2) },
	  { { "containment", 0, 1 }, { "resolution_confirmed", 0, 1 } } },
	{ "four stars confirm",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, CLOSES), LINE(2, STARS, 4) },
	  { { "resolution_confirmed", 1, 1 }, { "csat", 1, 1 }, { "csat_bot", 1, 1 }, { "csat_response", 1, 1 } } },
	{ "three do not",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, CLOSES), LINE(2, STARS, 3) },
	  { { "resolution_confirmed", 0, 1 }, { "csat", 0, 1 }, { "containment", 0, 1 } } },
	{ "only questions back: not involved",
	  { LINE(0, SAYS), LINE(0, CLARIFIES), LINE(1, SAYS), LINE(1, MISSES) },
	  { { "involvement", 0, 1 }, { "deflection", 0, 0 }, { "fallback", 2, 2 }, { "coverage", 0, 2 } } },
	{ "an answer and a miss",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, SAYS), LINE(1, MISSES) },
	  { { "fallback", 1, 2 }, { "coverage", 1, 2 } } },
	{ "a pressed button is no question of understanding",
	  { LINE(0, PRESSES, .text = "delivery-time"), LINE(0, ANSWERS) },
	  { { "fallback", 0, 1 }, { "coverage", 0, 0 } } },
	{ "the thumb that is taken back counts once, as the last",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, THUMBS, 3, 0), LINE(2, THUMBS, 3, 1) },
	  { { "helpful", 1, 1 }, { "resolution_confirmed", 1, 1 } } },
	{ "handed over and claimed in a minute",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_ASKED), LINE(1, CLAIMS), LINE(2, WRITES), LINE(9, CLOSES) },
	  { { "involvement", 1, 1 },
	    { "deflection", 0, 1 },
	    { "handoff", 1, 1 },
	    { "handoff_asked", 1, 1 },
	    { "handoff_upset", 0, 1 },
	    { "handoff_claimed", 1, 1 },
	    { "handoff_success", 1, 1 },
	    { "handoff_abandoned", 0, 1 } } },
	{ "claimed at the target, and past it",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_UPSET), LINE(2, CLAIMS) },
	  { { "handoff_success", 1, 1 }, { "handoff_claimed", 1, 1 } } },
	{ "claimed late",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_UPSET), LINE(3, CLAIMS) },
	  { { "handoff_success", 0, 1 }, { "handoff_claimed", 1, 1 }, { "handoff_upset", 1, 1 } } },
	{ "nobody came",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_UNSURE), LINE(9, GIVES_UP) },
	  { { "handoff_claimed", 0, 1 }, { "handoff_abandoned", 1, 1 }, { "handoff_nobody", 0, 1 } } },
	{ "left while waiting",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_UNSURE), LINE(4, CLOSES) },
	  { { "handoff_abandoned", 1, 1 }, { "handoff_claimed", 0, 1 } } },
	{ "waits still: not known",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_COMPLEX) },
	  { { "handoff", 1, 1 },
	    { "handoff_complex", 1, 1 },
	    { "handoff_abandoned", 0, 0 },
	    { "handoff_claimed", 0, 0 } } },
	{ "nobody was there",
	  { LINE(0, SAYS), LINE(0, HANDS_TO_NOBODY, REASON_INTENT) },
	  { { "handoff_nobody", 1, 1 }, { "handoff_abandoned", 0, 1 }, { "handoff_intent", 1, 1 } } },
	{ "the reason of the first handover counts",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_REPEATED), LINE(1, CLAIMS), LINE(2, RETURNS), LINE(3, SAYS),
	    LINE(3, HANDS, REASON_ASKED) },
	  { { "handoff_repeated", 1, 1 }, { "handoff_asked", 0, 1 }, { "handoff", 1, 1 } } },
	{ "a segment's handover, judged right",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_SEGMENT), LINE(1, CLAIMS), LINE(2, JUDGES, 1) },
	  { { "handoff_segment", 1, 1 }, { "handoff_right", 1, 1 } } },
	{ "judged wrong after having been judged right",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_UPSET), LINE(1, CLAIMS), LINE(2, JUDGES, 1), LINE(3, JUDGES, 0) },
	  { { "handoff_right", 0, 1 } } },
	{ "a person without a handover: no deflection either",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, CLAIMS), LINE(1, WRITES) },
	  { { "handoff", 0, 1 }, { "deflection", 0, 1 }, { "containment", 0, 1 }, { "resolution_assumed", 0, 1 } } },
	{ "person alone",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_ASKED), LINE(1, CLAIMS), LINE(1, WRITES), LINE(2, CLOSES),
	    LINE(3, STARS, 5) },
	  { { "csat_person", 1, 1 }, { "csat_mixed", 0, 0 }, { "csat_bot", 0, 0 }, { "csat_response_person", 1, 1 } } },
	{ "bot, then person",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, HANDS, REASON_ASKED), LINE(1, CLAIMS), LINE(1, WRITES),
	    LINE(3, STARS, 1) },
	  { { "csat_mixed", 0, 1 }, { "csat_person", 0, 0 }, { "csat_bot", 0, 0 } } },
	{ "rated before the person came: the bot's rating for good",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, STARS, 1), LINE(2, HANDS, REASON_ASKED), LINE(2, CLAIMS),
	    LINE(2, WRITES) },
	  { { "csat_bot", 0, 1 }, { "csat_mixed", 0, 0 } } },
	{ "rated again afterwards: the last word, by who had served then",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, STARS, 1), LINE(2, CLAIMS), LINE(2, WRITES), LINE(3, STARS, 5) },
	  { { "csat_bot", 0, 0 }, { "csat_mixed", 1, 1 }, { "csat", 1, 1 } } },
	{ "a bot that answers after the person has not kept anybody from one",
	  { LINE(0, SAYS), LINE(0, HANDS, REASON_ASKED), LINE(1, CLAIMS), LINE(1, WRITES), LINE(2, RETURNS),
	    LINE(3, SAYS), LINE(3, ANSWERS), LINE(4, STARS, 5) },
	  { { "csat_person", 1, 1 }, { "csat_mixed", 0, 0 } } },
	{ "the line that goes with a handover is no answer of the bot's",
	  { LINE(0, SAYS), LINE(0, ANSWERS, ACTION_HANDOVER), LINE(0, HANDS, REASON_ASKED), LINE(1, CLAIMS),
	    LINE(1, WRITES), LINE(3, STARS, 5) },
	  { { "involvement", 1, 1 }, { "csat_person", 1, 1 }, { "csat_mixed", 0, 0 } } },
	{ "closed and not rated",
	  { LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, CLOSES) },
	  { { "csat_response", 0, 1 }, { "csat_response_bot", 0, 1 }, { "csat", 0, 0 } } },
	{ "no message of the visitor: no episode", { LINE(0, CLOSES) }, { { "involvement", 0, 0 } } },
	{ "mended",
	  { LINE(0, SAYS, .value = -0.5), LINE(1, SAYS, .value = -0.1), LINE(2, SAYS, .value = 0.9),
	    LINE(3, SAYS, .value = 0) },
	  { { "mood_mended", 1, 1 } } },
	{ "not mended",
	  { LINE(0, SAYS, .value = -0.5), LINE(1, SAYS, .value = -0.1), LINE(2, SAYS, .value = 0.1),
	    LINE(3, SAYS, .value = -0.5) },
	  { { "mood_mended", 0, 1 } } },
	{ "too short to tell",
	  { LINE(0, SAYS, .value = -0.5), LINE(1, SAYS, .value = -0.1), LINE(2, SAYS, .value = 0.9) },
	  { { "mood_mended", 0, 0 } } },
};

static void test_shares(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(share_rows); i++) {
		struct report *report = report_of(&share_rows[i].lines, 1, NOW);
		for (const struct expected *e = share_rows[i].expected; e < share_rows[i].expected + 8 && e->name;
		     e++) {
			struct rate found = figure_named(report, e->name)->rate;
			if (found.part != e->part || found.whole != e->whole)
				fail_msg("%s: %s is %lld of %lld, not %d of %d", share_rows[i].remark, e->name,
					 (long long)found.part, (long long)found.whole, e->part, e->whole);
		}
		report_free(report);
	}
}

/* ---- Times and marks over several stories ---- */

static const struct line times[][LINES_MAX] = {
	{ LINE(0, SAYS), LINE(2, HANDS, REASON_ASKED), LINE(3, CLAIMS), LINE(5, WRITES), LINE(6, WRITES),
	  LINE(20, CLOSES) },
	{ LINE(0, SAYS), LINE(0, HANDS, REASON_ASKED), LINE(7, CLAIMS), LINE(8, WRITES) },
	{ LINE(0, SAYS), LINE(0, ANSWERS), LINE(4, CLOSES) },
};

static void test_times(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		size_t count;
		double median_minutes, p90_minutes;
	} expected[] = {
		{ "first_response_s", 2, 5, 8 },
		{ "first_response_after_handover_s", 2, 3, 8 },
		{ "wait_s", 2, 1, 7 },
		{ "resolution_s", 2, 4, 20 },
	};
	struct report *report = report_of(times, COUNT(times), NOW);
	assert_int_equal(report_episodes(report), COUNT(times));
	for (size_t i = 0; i < COUNT(expected); i++) {
		struct sample *sample = &figure_named(report, expected[i].name)->sample;
		double median = sample_percentile(sample, 50) / 60, p90 = sample_percentile(sample, 90) / 60;
		if (sample->values.count != expected[i].count || median != expected[i].median_minutes ||
		    p90 != expected[i].p90_minutes)
			fail_msg("%s: median %g, p90 %g of %zu", expected[i].name, median, p90, sample->values.count);
	}
	report_free(report);
}

static const struct line marks[][LINES_MAX] = {
	{ LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, EASE, 7), LINE(1, WOULD, 10) },
	{ LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, EASE, 2), LINE(1, WOULD, 6) },
	{ LINE(0, SAYS), LINE(0, CLAIMS), LINE(0, WRITES), LINE(1, EASE, 6), LINE(1, WOULD, 9) },
	{ LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, WOULD, 7) },
	{ LINE(0, SAYS), LINE(0, ANSWERS), LINE(1, WOULD, 0) },
};

static void test_marks(void **state)
{
	(void)state;
	struct report *report = report_of(marks, COUNT(marks), NOW);
	assert_true(sample_mean(&figure_named(report, "ces")->sample) == 5);
	assert_true(sample_mean(&figure_named(report, "ces_bot")->sample) == 4.5);
	assert_true(sample_mean(&figure_named(report, "ces_person")->sample) == 6);
	/* Two of five would, two would not (0 and 6; 7 is neither). */
	const struct figure *nps = figure_named(report, "nps");
	assert_int_equal(nps->rate.part, 2);
	assert_int_equal(nps->minus, 2);
	assert_int_equal(nps->rate.whole, 5);
	assert_true(figure_score(nps) == 0);
	assert_true(figure_score(figure_named(report, "nps_bot")) == -25);
	assert_true(figure_score(figure_named(report, "nps_person")) == 100);
	assert_true(figure_score(figure_named(report, "nps_mixed")) == 0);
	report_free(report);
}

static const struct line moods[][LINES_MAX] = {
	/* The middle one counts neither here nor there; a button has no mood. */
	{ LINE(0, SAYS, .value = -1), LINE(1, SAYS, .value = 0), LINE(2, SAYS, .value = 0.7),
	  LINE(3, SAYS, .value = 0.5), LINE(4, PRESSES, .text = "x", .value = -1), LINE(5, SAYS, .value = 1) },
	{ LINE(0, SAYS), LINE(1, SAYS), LINE(2, SAYS, .value = -0.5), LINE(3, SAYS) },
	{ LINE(0, SAYS, .value = -1), LINE(1, SAYS, .value = 1) },
};

static void test_mood_shift(void **state)
{
	(void)state;
	struct report *report = report_of(moods, COUNT(moods), NOW);
	const struct sample *shift = &figure_named(report, "mood_shift")->sample;
	assert_int_equal(shift->values.count, 2);
	double first = (0.5 + 1) / 2 - (-1 + 0) / 2.0, second = -0.5 / 2;
	assert_true(fabs(sample_mean(shift) - (first + second) / 2) < 1e-12);
	report_free(report);
}

/* Whatever is told: a part is never more than its whole, and names are there once. */
static void test_parts_and_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(share_rows); i++) {
		struct report *report = report_of(&share_rows[i].lines, 1, NOW);
		size_t count;
		struct figure *figures = report_figures(report, &count);
		for (size_t k = 0; k < count; k++) {
			const struct rate *rate = &figures[k].rate;
			if (rate->part > rate->whole || rate->part < 0)
				fail_msg("%s: %s is %lld of %lld", share_rows[i].remark, figures[k].name,
					 (long long)rate->part, (long long)rate->whole);
			assert_ptr_equal(figure_named(report, figures[k].name), &figures[k]);
		}
		report_free(report);
	}
	report_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),     cmocka_unit_test(test_times),           cmocka_unit_test(test_marks),
		cmocka_unit_test(test_mood_shift), cmocka_unit_test(test_parts_and_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
