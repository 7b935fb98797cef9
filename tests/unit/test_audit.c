/* SPDX-License-Identifier: Apache-2.0 */
/* Groups and their shares, counted by hand. */
#include "dialogue/audit.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

static struct episode an_episode(bool is_handed_over)
{
	return (struct episode){ .is_handed_over = is_handed_over, .wait_ms = -1, .csat = -1 };
}

static void test_counts(void **state)
{
	(void)state;
	struct audit audit = { .groups = { 0 } };
	struct episode quiet = an_episode(false), handed = an_episode(true);
	quiet.turns = 5;
	quiet.misses = 2;
	handed.turns = 3;
	handed.misses = 1;
	handed.wait_ms = 90 * 1000;
	handed.csat = 4;
	audit_add(&audit, "en", &quiet);
	audit_add(&audit, "de", &quiet);
	audit_add(&audit, "en", &handed);
	audit_add(&audit, "fr", &handed);
	handed.csat = 3;
	audit_add(&audit, "en", &handed);
	assert_int_equal(audit.groups.count, 3);
	assert_string_equal(audit.groups.items[0].name, "de");
	assert_string_equal(audit.groups.items[2].name, "fr");
	struct audit_group *english = &audit.groups.items[1];
	assert_string_equal(english->name, "en");
	assert_int_equal(english->episodes, 3);
	assert_int_equal(english->handover.part, 2);
	assert_int_equal(english->handover.whole, 3);
	assert_int_equal(english->refusal.part, 4);
	assert_int_equal(english->refusal.whole, 11);
	assert_int_equal(english->satisfied.part, 1);
	assert_int_equal(english->satisfied.whole, 2);
	assert_int_equal(english->wait.values.count, 2);
	assert_true(sample_percentile(&english->wait, 50) == 90);
	assert_int_equal(english->prompt.part, 2);
	assert_int_equal(english->prompt.whole, 2);
	handed.wait_ms = 121 * 1000; /* a second too long */
	audit_add(&audit, "fr", &handed);
	assert_int_equal(audit.groups.items[2].prompt.part, 1);
	assert_int_equal(audit.groups.items[2].prompt.whole, 2);
	assert_int_equal(audit.groups.items[0].wait.values.count, 0);
	audit_clear(&audit);
	assert_int_equal(audit.groups.count, 0);
}

/* Handovers of two groups, and whether they differ. */
static const struct {
	int part, whole, others_part, others_whole;
	bool differs;
} differ_rows[] = {
	{ 10, 40, 10, 40, false }, { 0, 40, 40, 40, true },  { 40, 40, 0, 40, true },   { 29, 29, 0, 500, false },
	{ 30, 30, 0, 30, true },   { 30, 30, 0, 29, false }, { 15, 60, 21, 60, false }, { 5, 60, 35, 60, true },
	{ 0, 0, 10, 40, false },   { 40, 40, 0, 0, false },
};

static void fill(struct audit *audit, const char *name, int part, int whole)
{
	for (int i = 0; i < whole; i++) {
		struct episode episode = an_episode(i < part);
		audit_add(audit, name, &episode);
	}
}

static void test_differs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(differ_rows); i++) {
		struct audit audit = { .groups = { 0 } };
		fill(&audit, "a", differ_rows[i].part, differ_rows[i].whole);
		/* The others may be several. */
		fill(&audit, "b", differ_rows[i].others_part / 2, differ_rows[i].others_whole / 2);
		fill(&audit, "c", differ_rows[i].others_part - differ_rows[i].others_part / 2,
		     differ_rows[i].others_whole - differ_rows[i].others_whole / 2);
		bool found = differ_rows[i].whole &&
			     audit_differs(&audit, &audit.groups.items[0], offsetof(struct audit_group, handover));
		if (found != differ_rows[i].differs)
			fail_msg("%d of %d against %d of %d: %d", differ_rows[i].part, differ_rows[i].whole,
				 differ_rows[i].others_part, differ_rows[i].others_whole, found);
		audit_clear(&audit);
	}
}

/* Many groups, in any order, with names longer than are kept. */
static void test_many_groups(void **state)
{
	(void)state;
	enum { GROUPS = 100 };
	struct audit audit = { .groups = { 0 } };
	struct episode episode = an_episode(false);
	episode.wait_ms = 1;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < GROUPS; i++) {
			char name[64];
			snprintf(name, sizeof name, "%02d a name that is longer than what is kept of it",
				 i * 37 % GROUPS);
			audit_add(&audit, name, &episode);
		}
	assert_int_equal(audit.groups.count, GROUPS);
	for (size_t i = 0; i < GROUPS; i++) {
		assert_int_equal(audit.groups.items[i].episodes, 2);
		assert_int_equal(strlen(audit.groups.items[i].name), sizeof audit.groups.items[i].name - 1);
		assert_true(i == 0 || strcmp(audit.groups.items[i - 1].name, audit.groups.items[i].name) < 0);
	}
	audit_clear(&audit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_differs),
		cmocka_unit_test(test_many_groups),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
