/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/event.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

static const char *kind_of(int n)
{
	return event_kind_name((enum event_kind)n);
}

static const char *author_of(int n)
{
	return author_name((enum author)n);
}

static const char *owner_of(int n)
{
	return owner_name((enum owner)n);
}

static const char *reason_of(int n)
{
	return reason_name((enum reason)n);
}

static const char *action_of(int n)
{
	return action_name((enum action)n);
}

/* The numbers are stored and the words are on the wire: neither may ever move. */
static void test_names(void **state)
{
	(void)state;
	static const struct {
		const char *(*name)(int);
		int first;
		const char *words[16];
	} rows[] = {
		{ kind_of,
		  1,
		  { "message", "decision", "handover", "claim", "transfer", "return", "note", "contact", "rating",
		    "notice", "close", "tags", "" } },
		{ author_of, 1, { "visitor", "bot", "agent", "system", "" } },
		{ owner_of, 1, { "bot", "queue", "agent", "nobody", "" } },
		{ reason_of, 0, { "", "asked", "intent", "unsure", "repeated", "upset", "complex", "segment", "" } },
		{ action_of, 0, { "quiet", "answer", "clarify", "miss", "handover", "" } },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (int n = 0; n < (int)COUNT(rows[i].words) && rows[i].words[n]; n++) {
			const char *got = rows[i].name(rows[i].first + n);
			if (strcmp(got, rows[i].words[n]) != 0)
				print_error("table %zu, number %d: \"%s\", not \"%s\"\n", i, rows[i].first + n, got,
					    rows[i].words[n]);
			assert_string_equal(got, rows[i].words[n]);
		}
		assert_string_equal(rows[i].name(-1), "");
		assert_string_equal(rows[i].name(1 << 30), "");
	}
}

static void test_public(void **state)
{
	(void)state;
	for (int kind = -1; kind < 20; kind++) {
		bool is_hidden = kind < 1 || kind > EVENT_TAGS || kind == EVENT_DECISION || kind == EVENT_NOTE ||
				 kind == EVENT_TAGS;
		assert_int_equal(event_is_public((enum event_kind)kind), !is_hidden);
	}
}

static void test_blank(void **state)
{
	(void)state;
	struct event event = event_blank();
	const char *const texts[] = { event.agent_name, event.client_id,     event.text,         event.html,
				      event.intent,     event.language,      event.contact_name, event.contact_email,
				      event.details,    event.rating.comment };
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_string_equal(texts[i], "");
	const int said[] = { event.rating.helpful, event.rating.csat, event.rating.ces, event.rating.nps,
			     event.rating.handover_right };
	for (size_t i = 0; i < COUNT(said); i++)
		assert_int_equal(said[i], -1);
	assert_int_equal(event.seq, 0);
	assert_int_equal(event.option_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_blank),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
