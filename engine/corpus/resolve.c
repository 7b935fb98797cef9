/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/resolve.h"

#include "base/map.h"
#include "base/vec.h"
#include "text/fold.h"

#include <string.h>

/* Where a wording was first seen. */
struct wording {
	uint32_t intent;
	struct spot spot;
	bool is_heading;
};

struct resolver {
	struct arena *arena;
	const struct drafts *drafts;
	struct diagnostics *problems;
	struct map ids, headings; /* to intents */
	struct map wordings;      /* folded, to places in `seen` */
	struct {
		struct wording *items;
		size_t count, capacity;
	} seen;
	const char **names; /* ids and questions, for "did you mean" */
	size_t unknown;     /* references that led nowhere */
};

/* So many of them get a "did you mean": each is compared with every name, and after a rename there may be many. */
enum { NEAREST_MAX = 100 };

static const char *place_text(struct resolver *resolver, struct spot spot)
{
	struct place place = spot_place(spot);
	return arena_printf(resolver->arena, "%s:%u:%u", place.file, place.line, place.column ? place.column : 1);
}

static struct str folded(struct resolver *resolver, struct str text)
{
	return fold_words_in(resolver->arena, text, resolver->drafts->language);
}

/* ---- Doubles ---- */

static void add_names(struct resolver *resolver, uint32_t number)
{
	const struct draft *draft = &resolver->drafts->items[number], *other;
	resolver->names[2 * number] = draft->id.ptr;
	resolver->names[2 * number + 1] = draft->question.ptr;
	if (!draft->id.len)
		return;
	other = &resolver->drafts->items[map_intern(&resolver->ids, draft->id, number)];
	map_intern(&resolver->headings, folded(resolver, draft->question), number);
	if (other != draft)
		report(resolver->problems, SEVERITY_ERROR, draft->spot,
		       arena_printf(resolver->arena,
				    "the other one stands at %s; give one of them an id of its own: {#...}",
				    place_text(resolver, other->spot)),
		       "two questions have the id %s", quoted_in(resolver->arena, draft->id));
}

static void report_double(struct resolver *resolver, const struct wording *first, uint32_t intent, struct str text,
			  struct spot spot)
{
	const struct draft *mine = &resolver->drafts->items[intent], *other = &resolver->drafts->items[first->intent];
	const char *place = place_text(resolver, first->spot), *quoted = quoted_in(resolver->arena, text);
	if (first->intent == intent) {
		if (!first->is_heading)
			report(resolver->problems, SEVERITY_WARNING, spot, "leave one of the two out",
			       "the wording %s stands here twice, first at %s", quoted, place);
		return;
	}
	if (str_equal(mine->id, other->id))
		return; /* the double id was reported */
	report(resolver->problems, SEVERITY_ERROR, spot,
	       arena_printf(resolver->arena, "it is also at %s; keep it where it belongs", place),
	       "the wording %s is in two questions, \"%.*s\" and \"%.*s\"", quoted, STR_ARG(other->id),
	       STR_ARG(mine->id));
}

static void add_wording(struct resolver *resolver, uint32_t intent, struct str text, struct spot spot, bool is_heading)
{
	struct str key = folded(resolver, text);
	if (!key.len) {
		if (text.len)
			report(resolver->problems, SEVERITY_WARNING, spot, "the bot reads words, numbers and emoji",
			       "there is no word in %s", quoted_in(resolver->arena, text));
		return;
	}
	uint32_t first = map_intern(&resolver->wordings, key, (uint32_t)resolver->seen.count);
	if (first < resolver->seen.count)
		report_double(resolver, &resolver->seen.items[first], intent, text, spot);
	else
		vec_push(&resolver->seen, (struct wording){ intent, spot, is_heading });
}

static void add_wordings(struct resolver *resolver, uint32_t number)
{
	const struct draft *draft = &resolver->drafts->items[number];
	add_wording(resolver, number, draft->question, draft->spot, true);
	for (size_t i = 0; i < draft->examples.count; i++)
		add_wording(resolver, number, draft->examples.items[i].text, draft->examples.items[i].spot, false);
}

/* ---- References ---- */

/* The intent that is meant, by id or by heading; INTENT_NONE, with the problem and what comes of it told, when there is
 * none. */
static uint32_t look_up(struct resolver *resolver, const struct reference *reference, enum severity severity,
			const char *outcome)
{
	uint32_t found = map_get(&resolver->ids, reference->name);
	if (found == MAP_NONE) {
		struct str key = folded(resolver, reference->name);
		found = key.len ? map_get(&resolver->headings, key) : MAP_NONE;
	}
	if (found != MAP_NONE)
		return found;
	bool has_comma = str_find(reference->name, ',') < reference->name.len;
	size_t names = resolver->unknown++ < NEAREST_MAX ? 2 * resolver->drafts->count : 0;
	report(resolver->problems, severity, reference->spot,
	       hint_nearest_in(resolver->arena, reference->name, resolver->names, names,
			       has_comma ? "put a | between two names"
					 : "write the id or the heading of a question in this language"),
	       "there is no question %s%s", quoted_in(resolver->arena, reference->name), outcome);
	return INTENT_NONE;
}

static void resolve_next(struct resolver *resolver, const struct draft *draft, struct intent *out)
{
	uint32_t *next = arena_alloc(resolver->arena, (draft->next.count + 1) * sizeof *next);
	uint32_t self = (uint32_t)(draft - resolver->drafts->items);
	for (size_t i = 0; i < draft->next.count; i++) {
		const struct reference *reference = &draft->next.items[i];
		uint32_t found = look_up(resolver, reference, SEVERITY_WARNING, ", so this button is left out");
		if (found == INTENT_NONE)
			continue;
		if (found == self)
			report(resolver->problems, SEVERITY_WARNING, reference->spot, "leave it out",
			       "this button leads to its own answer");
		else if (!resolver->drafts->items[found].is_live)
			report(resolver->problems, SEVERITY_WARNING, reference->spot, "its question says \"live: no\"",
			       "this button leads to an answer that is not given yet");
		next[out->next_count++] = found;
	}
	out->next = next;
}

static void resolve_tests(struct resolver *resolver, const struct draft *draft, struct intent *out)
{
	struct test_line *tests = arena_alloc(resolver->arena, (draft->tests.count + 1) * sizeof *tests);
	uint32_t self = (uint32_t)(draft - resolver->drafts->items);
	for (size_t i = 0; i < draft->tests.count; i++) {
		const struct draft_test *test = &draft->tests.items[i];
		struct test_line *line = &tests[i];
		*line = (struct test_line){ test->utterance.ptr, EXPECT_INTENT, self, spot_place(test->spot) };
		if (str_is(test->expects.name, "none")) {
			line->expects = EXPECT_NONE;
			line->intent = INTENT_NONE;
		} else if (test->expects.name.len) {
			line->intent = look_up(resolver, &test->expects, SEVERITY_ERROR, "");
		}
	}
	out->tests = tests;
	out->test_count = draft->tests.count;
}

/* ---- Intents ---- */

static const void *kept(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *copy = arena_zalloc(arena, count + 1, size);
	if (count)
		memcpy(copy, items, count * size);
	return copy;
}

static void settle(struct resolver *resolver, const struct draft *draft, struct intent *out)
{
	struct arena *arena = resolver->arena;
	struct example *examples = arena_alloc(arena, (draft->examples.count + 1) * sizeof *examples);
	for (size_t i = 0; i < draft->examples.count; i++)
		examples[i] = (struct example){ draft->examples.items[i].text.ptr,
						spot_place(draft->examples.items[i].spot) };
	*out = (struct intent){
		.id = draft->id.ptr,
		.question = draft->question.ptr,
		.page = draft->page.ptr,
		.place = spot_place(draft->spot),
		.examples = examples,
		.example_count = draft->examples.count,
		.answers = kept(arena, draft->answers.items, draft->answers.count, sizeof *draft->answers.items),
		.answer_count = draft->answers.count,
		.human = draft->human,
		.is_sensitive = draft->is_sensitive,
		.is_live = draft->is_live,
		.priority = draft->priority,
		.keywords = kept(arena, draft->keywords.items, draft->keywords.count, sizeof *draft->keywords.items),
		.keyword_count = draft->keywords.count,
	};
	resolve_next(resolver, draft, out);
	resolve_tests(resolver, draft, out);
}

void resolve_in(struct arena *arena, const struct drafts *drafts, struct language_corpus *out,
		struct diagnostics *problems)
{
	struct resolver resolver = { .arena = arena, .drafts = drafts, .problems = problems };
	struct intent *intents = arena_alloc(arena, (drafts->count + 1) * sizeof *intents);
	resolver.names = arena_alloc(arena, (2 * drafts->count + 1) * sizeof *resolver.names);
	for (uint32_t i = 0; i < drafts->count; i++)
		add_names(&resolver, i);
	for (uint32_t i = 0; i < drafts->count; i++)
		add_wordings(&resolver, i);
	for (uint32_t i = 0; i < drafts->count; i++)
		settle(&resolver, &drafts->items[i], &intents[i]);
	out->language = drafts->language;
	out->intents = intents;
	out->intent_count = drafts->count;
	map_clear(&resolver.ids);
	map_clear(&resolver.headings);
	map_clear(&resolver.wordings);
	vec_clear(&resolver.seen);
}
