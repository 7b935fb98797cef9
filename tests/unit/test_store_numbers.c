/* SPDX-License-Identifier: Apache-2.0 */
/* Counts, and the questions for a replay, from conversations written as lines. */
#include "store/store.h"

#include "dialogue/report.h"

#include "store_case.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)

/* One event as a line of a story: when it is (minutes after NOON), what, by whom, who owns it then. */
struct line {
	int minute;
	enum event_kind kind;
	enum author from;
	enum owner owner;
	int episode;
	enum reason reason;
	enum action action;
	const char *intent;
	int64_t rates;
	int helpful, csat;
};

#define VISITOR(minute, episode)                                                               \
	{                                                                                      \
		minute, EVENT_MESSAGE, AUTHOR_VISITOR, OWNER_BOT, episode, 0, 0, "", 0, -1, -1 \
	}
#define ANSWER(minute, episode, intent)                                                        \
	{                                                                                      \
		minute, EVENT_MESSAGE, AUTHOR_BOT, OWNER_BOT, episode, 0, 0, intent, 0, -1, -1 \
	}
#define DECIDES(minute, episode, action)                                                         \
	{                                                                                        \
		minute, EVENT_DECISION, AUTHOR_BOT, OWNER_BOT, episode, 0, action, "", 0, -1, -1 \
	}
#define HANDOVER(minute, episode, reason, owner)                                             \
	{                                                                                    \
		minute, EVENT_HANDOVER, AUTHOR_BOT, owner, episode, reason, 0, "", 0, -1, -1 \
	}
#define CLAIM(minute, episode)                                                               \
	{                                                                                    \
		minute, EVENT_CLAIM, AUTHOR_AGENT, OWNER_AGENT, episode, 0, 0, "", 0, -1, -1 \
	}
#define GIVE_UP(minute, episode)                                                                \
	{                                                                                       \
		minute, EVENT_NOTICE, AUTHOR_SYSTEM, OWNER_NOBODY, episode, 0, 0, "", 0, -1, -1 \
	}
#define THUMB(minute, episode, seq, helpful)                                                         \
	{                                                                                            \
		minute, EVENT_RATING, AUTHOR_VISITOR, OWNER_BOT, episode, 0, 0, "", seq, helpful, -1 \
	}
#define SURVEY(minute, episode, csat)                                                           \
	{                                                                                       \
		minute, EVENT_RATING, AUTHOR_VISITOR, OWNER_BOT, episode, 0, 0, "", 0, -1, csat \
	}
#define END               \
	{                 \
		.kind = 0 \
	}

static int64_t add_story(struct store_case *c, const struct line *lines)
{
	struct event events[20];
	size_t count = 0;
	for (; lines[count].kind; count++) {
		const struct line *line = &lines[count];
		events[count] = said(line->from, line->kind == EVENT_MESSAGE ? "text" : "", line->owner);
		events[count].kind = line->kind;
		events[count].at_ms = NOON + line->minute * MINUTE;
		events[count].episode = line->episode;
		events[count].reason = line->reason;
		events[count].action = line->action;
		events[count].intent = line->intent;
		events[count].rating.rates = line->rates;
		events[count].rating.helpful = line->helpful;
		events[count].rating.csat = line->csat;
	}
	return add_events(c, 0, events, count);
}

enum { HANDED_OVER, CLAIMED, ABANDONED, NOBODY, ASKED, UNSURE, UPSET, HELPFUL, CSAT, RATE_COUNT };
/* What is counted of the time from a minute on, as it stands at another. */
struct counts {
	struct report_sums sums;
	size_t episodes, waits;
	double wait_median_s, wait_p90_s;
	int64_t by_hour[24];
	struct rate rates[RATE_COUNT];
};

static struct counts count_from(struct store_case *c, int from_minute, int now_minute)
{
	struct counts counts;
	struct report *report = report_new();
	MUST(store_report(c->store, NOON + from_minute * MINUTE, NOON + now_minute * MINUTE, report, counts.by_hour,
			  &err));
	static const char *const names[] = { "handoff",        "handoff_claimed", "handoff_abandoned",
					     "handoff_nobody", "handoff_asked",   "handoff_unsure",
					     "handoff_upset",  "helpful",         "csat" };
	struct sample *waits = &report_figure(report, "wait_s")->sample;
	counts.sums = report_sums(report);
	counts.episodes = report_episodes(report);
	counts.waits = waits->values.count;
	for (size_t i = 0; i < COUNT(names); i++)
		counts.rates[i] = report_figure(report, names[i])->rate;
	counts.wait_median_s = sample_percentile(waits, 50);
	counts.wait_p90_s = sample_percentile(waits, 90);
	report_free(report);
	return counts;
}

static void fill(struct store_case *c)
{
	/* A question that is answered, thumbs that change. */
	add_story(c, (const struct line[]){ VISITOR(0, 1), DECIDES(0, 1, ACTION_ANSWER), ANSWER(0, 1, "track-order"),
					    THUMB(1, 1, 3, 0), THUMB(2, 1, 3, 1), SURVEY(3, 1, 5), END });
	/* Clarified, missed, handed over, claimed after 4 minutes. */
	add_story(c,
		  (const struct line[]){ VISITOR(10, 1), DECIDES(10, 1, ACTION_CLARIFY), ANSWER(10, 1, ""),
					 VISITOR(11, 1), DECIDES(11, 1, ACTION_MISS), ANSWER(11, 1, ""), VISITOR(12, 1),
					 DECIDES(12, 1, ACTION_HANDOVER), HANDOVER(12, 1, REASON_UNSURE, OWNER_QUEUE),
					 CLAIM(16, 1), SURVEY(30, 1, 2), END });
	/* Two episodes: one given up, one claimed after 2 minutes, an hour later. */
	add_story(c, (const struct line[]){ VISITOR(20, 1), HANDOVER(20, 1, REASON_ASKED, OWNER_QUEUE), GIVE_UP(30, 1),
					    VISITOR(80, 2), HANDOVER(80, 2, REASON_ASKED, OWNER_QUEUE), CLAIM(82, 2),
					    THUMB(90, 2, 1, 0), END });
	/* Nobody there at all. */
	add_story(c, (const struct line[]){ VISITOR(40, 1), HANDOVER(40, 1, REASON_UPSET, OWNER_NOBODY), END });
	/* Still waiting. */
	add_story(c, (const struct line[]){ VISITOR(50, 1), HANDOVER(50, 1, REASON_UPSET, OWNER_QUEUE), END });
	/* Yesterday. */
	add_story(c, (const struct line[]){ VISITOR(-1500, 1), ANSWER(-1500, 1, "x"), END });
}

static void test_counts(void **state)
{
	struct store_case *c = *state;
	fill(c);
	struct counts n = count_from(c, 0, 1440);
	assert_int_equal(n.episodes, 6);
	assert_int_equal(n.sums.answers, 1);
	assert_int_equal(n.sums.clarifications, 1);
	assert_int_equal(n.sums.misses, 1);
	assert_int_equal(n.rates[ASKED].part, 2);
	assert_int_equal(n.rates[UNSURE].part, 1);
	assert_int_equal(n.rates[UPSET].part, 2);
	assert_int_equal(n.rates[HANDED_OVER].part, 5);
	assert_int_equal(n.rates[CLAIMED].part, 2);
	assert_int_equal(n.rates[ABANDONED].part, 1);
	assert_int_equal(n.rates[NOBODY].part, 1);
	assert_int_equal(n.rates[HELPFUL].part, 1); /* changed: the last thumb counts */
	assert_int_equal(n.rates[HELPFUL].whole, 2);
	assert_int_equal(n.sums.csat_sum, 7);
	assert_int_equal(n.rates[CSAT].whole, 2);
	assert_int_equal(n.waits, 2);
	assert_true(n.wait_median_s == 2 * 60 && n.wait_p90_s == 4 * 60);
	assert_int_equal(n.by_hour[0], 7);
	assert_int_equal(n.by_hour[1], 1);
	/* The parts add up to the whole, with the one who waits still. */
	assert_int_equal(n.rates[CLAIMED].part + n.rates[ABANDONED].part + n.rates[NOBODY].part + 1,
			 n.rates[HANDED_OVER].part);
}

static const struct {
	int from;
	size_t episodes;
	int64_t claimed;
} range_rows[] = {
	{ -2000, 7, 2 }, { 0, 6, 2 }, { 1, 5, 2 }, { 11, 4, 1 }, { 80, 1, 1 }, { 81, 0, 0 }, { 5000, 0, 0 },
};

/* An episode counts where it began, and whole. */
static void test_ranges(void **state)
{
	struct store_case *c = *state;
	fill(c);
	for (size_t i = 0; i < COUNT(range_rows); i++) {
		struct counts n = count_from(c, range_rows[i].from, 6000);
		if (n.episodes != range_rows[i].episodes || n.rates[CLAIMED].part != range_rows[i].claimed)
			fail_msg("from %d: %zu episodes, %lld claimed", range_rows[i].from, n.episodes,
				 (long long)n.rates[CLAIMED].part);
	}
}

static void test_nothing_to_count(void **state)
{
	struct store_case *c = *state;
	struct counts n = count_from(c, 0, 1440);
	assert_int_equal(n.episodes, 0);
	assert_int_equal(n.waits, 0);
	assert_true(n.wait_median_s == 0 && n.wait_p90_s == 0);
}

static void test_percentiles(void **state)
{
	struct store_case *c = *state;
	for (int wait = 10; wait >= 1; wait--)
		add_story(c, (const struct line[]){ VISITOR(0, 1), HANDOVER(0, 1, REASON_ASKED, OWNER_QUEUE),
						    CLAIM(wait, 1), END });
	struct counts n = count_from(c, 0, 60);
	assert_int_equal(n.waits, 10);
	assert_true(n.wait_median_s == 5 * 60 && n.wait_p90_s == 9 * 60);
}

/* The clock may be set back by days: nothing is left out. */
static void test_clock_set_back(void **state)
{
	struct store_case *c = *state;
	add_story(c,
		  (const struct line[]){ VISITOR(3 * 1440, 1), HANDOVER(3 * 1440, 1, REASON_ASKED, OWNER_QUEUE), END });
	add_story(c, (const struct line[]){ VISITOR(0, 1), ANSWER(0, 1, "x"), END });
	add_story(c, (const struct line[]){ VISITOR(3 * 1440 + 1, 1), ANSWER(3 * 1440 + 1, 1, "x"), END });
	add_story(c,
		  (const struct line[]){ VISITOR(5, 1), HANDOVER(5, 1, REASON_ASKED, OWNER_QUEUE), CLAIM(1, 1), END });
	assert_int_equal(count_from(c, 0, 10000).episodes, 4);
	assert_true(count_from(c, 0, 10000).wait_median_s == 0);
	assert_int_equal(count_from(c, 3 * 1440, 10000).episodes, 2);
}

/* ---- Questions ---- */

struct asked {
	struct buf line;
	int stop_after;
};

static int note_question(void *context, const struct event *message, const struct event *decision)
{
	struct asked *asked = context;
	buf_printf(&asked->line, "%lld:%d ", (long long)message->seq, decision->kind ? (int)decision->action : -1);
	assert_non_null(decision->intent);
	return asked->stop_after && --asked->stop_after == 0 ? 7 : 0;
}

/* A decision that a thumb led to is none on the message before it. */
static void test_questions(void **state)
{
	struct store_case *c = *state;
	add_story(c, (const struct line[]){ VISITOR(-100, 1), DECIDES(-100, 1, ACTION_ANSWER), END });
	add_story(c, (const struct line[]){ VISITOR(0, 1), DECIDES(0, 1, ACTION_ANSWER), ANSWER(0, 1, "x"),
					    VISITOR(1, 1), VISITOR(2, 1), THUMB(2, 1, 3, 1), DECIDES(3, 1, ACTION_MISS),
					    ANSWER(3, 1, ""), VISITOR(4, 1), END });
	struct asked asked = { 0 };
	MUST(store_each_question(c->store, NOON, note_question, &asked, &err));
	assert_string_equal(buf_text(&asked.line), "1:1 4:-1 5:-1 9:-1 ");
	buf_reset(&asked.line);
	MUST(store_each_question(c->store, 0, note_question, &asked, &err));
	assert_string_equal(buf_text(&asked.line), "1:1 1:1 4:-1 5:-1 9:-1 ");
	buf_reset(&asked.line);
	asked.stop_after = 2;
	assert_int_equal(store_each_question(c->store, NOON, note_question, &asked, NULL), 7);
	assert_string_equal(buf_text(&asked.line), "1:1 4:-1 ");
	/* Nothing is held back by having stopped. */
	MUST(store_erase(c->store, 1, &err));
	buf_clear(&asked.line);
}

/* ---- Every event ---- */

static int note_event(void *context, int64_t conversation, const struct event *event)
{
	struct asked *asked = context;
	buf_printf(&asked->line, "%lld.%lld%s ", (long long)conversation, (long long)event->seq, event->intent);
	return asked->stop_after && --asked->stop_after == 0 ? 7 : 0;
}

static void test_each_event(void **state)
{
	struct store_case *c = *state;
	struct asked asked = { 0 };
	int64_t first = add_story(c, (const struct line[]){ VISITOR(0, 1), ANSWER(1, 1, "x"), END });
	add_story(c, (const struct line[]){ VISITOR(2, 1), END });
	struct event later = said(AUTHOR_VISITOR, "text", OWNER_BOT);
	later.at_ms = NOON + 9 * MINUTE;
	add_events(c, first, &later, 1);
	MUST(store_each_event(c->store, 0, note_event, &asked, &err));
	assert_string_equal(buf_text(&asked.line), "1.1 1.2x 1.3 2.1 ");
	/* Whole conversations, also what was before. */
	buf_reset(&asked.line);
	MUST(store_each_event(c->store, NOON + 3 * MINUTE, note_event, &asked, &err));
	assert_string_equal(buf_text(&asked.line), "1.1 1.2x 1.3 ");
	buf_reset(&asked.line);
	MUST(store_each_event(c->store, NOON + 10 * MINUTE, note_event, &asked, &err));
	assert_string_equal(buf_text(&asked.line), "");
	asked.stop_after = 2;
	assert_int_equal(store_each_event(c->store, 0, note_event, &asked, NULL), 7);
	assert_string_equal(buf_text(&asked.line), "1.1 1.2x ");
	MUST(store_erase(c->store, first, &err));
	buf_clear(&asked.line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_counts),         CASE(test_ranges),    CASE(test_nothing_to_count), CASE(test_percentiles),
		CASE(test_clock_set_back), CASE(test_questions), CASE(test_each_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
