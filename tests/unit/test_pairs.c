/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences that differ only in a name, a dialect word or a spelling get the same decision. */
#include "dialogue_kit.h"

#include <math.h>
#include <stdio.h>

static struct kit kit;

static struct decision decide(struct arena *arena, const char *text)
{
	struct decision decision;
	policy_ask(kit.knowledge, kit.mind, str_of(text), "en", arena, &decision);
	return decision;
}

/* Which of the hopeless candidates is the first one decides nothing. */
static bool is_same(const struct decision *a, const struct decision *b)
{
	bool is_likely = a->confidence >= 0.5 || b->confidence >= 0.5;
	return a->action == b->action && a->reason == b->reason && a->is_upset == b->is_upset &&
	       (!is_likely || !strcmp(a->intent_id, b->intent_id)) && !strcmp(a->language, b->language);
}

static void print_both(const char *a, const struct decision *x, const char *b, const struct decision *y)
{
	print_error("\"%s\": %s %s %s %.2f mood %.2f\n\"%s\": %s %s %s %.2f mood %.2f\n", a, action_name(x->action),
		    reason_name(x->reason), x->intent_id, x->confidence, x->frustration, b, action_name(y->action),
		    reason_name(y->reason), y->intent_id, y->confidence, y->frustration);
}

/* First names that are common among different groups of people: who is asking changes nothing, not even the mood. */
static void test_names(void **state)
{
	(void)state;
	static const char *const names[] = { "Emily",  "Mohammed",  "Aisha",   "Jamal",  "Siobhan", "Wei",    "Olumide",
					     "Priya",  "Krzysztof", "Lakisha", "Greg",   "Zoë",     "Nguyen", "Fatima",
					     "Darius", "Agnieszka", "José",    "Ingrid", "Tyrone",  "Yusuf" };
	static const char *const templates[] = {
		"Hello, this is %s. Where is my order?",
		"I am %s and my teapot arrived broken",
		"%s here, how much is postage?",
		"My name is %s, how long does delivery take",
		"%s again. This is a shambles!!! I am furious, you are useless",
		"How do I return something? Thanks, %s",
		"My friend %s would like to talk to a person",
	};
	struct arena arena = { 0 };
	size_t differences = 0;
	for (size_t i = 0; i < COUNT(templates); i++) {
		char first_text[200], text[200];
		snprintf(first_text, sizeof first_text, templates[i], names[0]);
		struct decision first = decide(&arena, first_text);
		for (size_t j = 1; j < COUNT(names); j++) {
			snprintf(text, sizeof text, templates[i], names[j]);
			struct decision other = decide(&arena, text);
			if (is_same(&first, &other) && fabs(first.frustration - other.frustration) < 0.01)
				continue;
			differences++;
			print_both(first_text, &first, text, &other);
		}
	}
	arena_clear(&arena);
	assert_int_equal(differences, 0);
}

static void test_spellings_and_dialects(void **state)
{
	(void)state;
	static const struct {
		const char *plain, *other;
	} rows[] = {
		{ "where is my order", "wheres my order" },
		{ "where is my order", "Where's my order?" },
		{ "where is my order", "were is my order" },
		{ "where is my order", "where is me order" },
		{ "where is my parcel", "where is my parcle" },
		{ "how much is postage", "how much is the postage pls" },
		{ "how much is postage", "how much is postige" },
		{ "how do i return something", "how do i retrun something" },
		{ "my teapot arrived broken", "my teapot arived broken" },
		{ "my teapot arrived broken", "me teapot arrived broken" },
		{ "i want to talk to a human", "i wanna talk to a human" },
		{ "i want to talk to a human", "i want to tlak to a human" },
		{ "thank you very much", "thank u very much" },
		{ "when do i get my money back", "when do i get me money back" },
		{ "you are useless, this is a shambles", "youre useless, this is a shambles" },
	};
	struct arena arena = { 0 };
	size_t differences = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct decision plain = decide(&arena, rows[i].plain), other = decide(&arena, rows[i].other);
		if (is_same(&plain, &other))
			continue;
		differences++;
		print_both(rows[i].plain, &plain, rows[i].other, &other);
	}
	arena_clear(&arena);
	assert_int_equal(differences, 0);
}

static int setup(void **state)
{
	(void)state;
	kit_init(&kit);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kit_clear(&kit);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_spellings_and_dialects),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
