/* SPDX-License-Identifier: Apache-2.0 */
/* "Can I talk to a person?" in many wordings, without the traps: "user agent", "human hair wig", "person size", "is this
 * a person or a bot". The rules are in asked_rules.c; here they are held against an utterance, clause by clause. */
#include "dialogue/asked.h"

#include "base/count.h"
#include "base/map.h"
#include "base/mem.h"
#include "corpus/corpus.h"
#include "dialogue/asked_internal.h"
#include "text/utterance.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 400, SHORT_TOKENS = 9 };

/* What is kept of a word: bit i when it is in class i of its language, and whether it is one of those that every request
 * needs. */
enum { CLASSES_MAX = 16, KEY_WORD = 1 << CLASSES_MAX };

/* One clause, being matched. */
struct clause {
	const struct language_rules *rules;
	const struct str *words;
	uint32_t *classes; /* of each word */
	size_t count;
	bool is_short; /* the whole utterance is */
};

/* ---- Words ---- */

struct wish_words {
	struct map *of; /* of each language that has rules */
	size_t count;
};

static void keep_word(struct map *words, struct str word, uint32_t bits)
{
	uint32_t before = map_intern(words, word, 0);
	map_put(words, word, before | bits);
}

static void keep_words(struct map *words, const struct language_rules *rules)
{
	static const char *const keys[] = { "through", "relation", "contact", "communication", "live" };
	assert(rules->class_count <= CLASSES_MAX);
	for (size_t c = 0; c < rules->class_count; c++) {
		struct str rest = str_of(rules->classes[c].words), word;
		while (str_split(&rest, ' ', &word))
			if (word.len)
				keep_word(words, word, 1u << c | (c < KEY_CLASSES ? KEY_WORD : 0));
	}
	for (size_t k = 0; k < COUNT(keys); k++)
		keep_word(words, str_of(keys[k]), KEY_WORD);
}

struct wish_words *wish_words_new(void)
{
	struct wish_words *words = mem_zalloc(1, sizeof *words);
	const struct language_rules *all_rules = asked_rules(&words->count);
	words->of = mem_zalloc(words->count, sizeof *words->of);
	for (size_t i = 0; i < words->count; i++)
		keep_words(&words->of[i], &all_rules[i]);
	return words;
}

void wish_words_free(struct wish_words *words)
{
	if (!words)
		return;
	for (size_t i = 0; i < words->count; i++)
		map_clear(&words->of[i]);
	free(words->of);
	free(words);
}

/* ---- Patterns ---- */

static bool is_in_class(const struct clause *clause, struct str name, size_t at)
{
	for (size_t i = 0; i < clause->rules->class_count; i++)
		if (str_is(name, clause->rules->classes[i].name))
			return clause->classes[at] >> i & 1;
	return false;
}

/* `element`: "a|b|@x" or ".". */
static bool word_fits(const struct clause *clause, struct str element, size_t at)
{
	struct str choice;
	while (str_split(&element, '|', &choice)) {
		bool is_class = choice.len && choice.ptr[0] == '@';
		if (str_is(choice, ".") || (is_class ? is_in_class(clause, str_part(choice, 1, choice.len), at)
						     : str_equal(choice, clause->words[at])))
			return true;
	}
	return false;
}

static bool matches(const struct clause *clause, size_t at, struct str pattern)
{
	struct str rest = pattern, element;
	if (!pattern.len || !str_split(&rest, ' ', &element))
		return true;
	if (!rest.ptr)
		rest = (struct str){ "", 0 };
	bool is_end = at == clause->count;
	char last = element.ptr[element.len - 1];
	if (str_is(element, "^"))
		return clause->is_short && at == 0 && matches(clause, at, rest);
	if (str_is(element, "$"))
		return clause->is_short && is_end && matches(clause, at, rest);
	if (element.ptr[0] == '!' || element.ptr[0] == '%') {
		bool fits = !is_end && word_fits(clause, str_part(element, 1, element.len), at);
		return (element.ptr[0] == '!' ? !fits : is_end || fits) && matches(clause, at, rest);
	}
	struct str one = last == '?' || last == '*' ? str_part(element, 0, element.len - 1) : element;
	if (one.len != element.len && matches(clause, at, rest))
		return true;
	if (is_end || !word_fits(clause, one, at))
		return false;
	return matches(clause, at + 1, last == '*' ? pattern : rest);
}

static bool any_matches(const struct clause *clause, const char *const *patterns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at <= clause->count; at++)
			if (matches(clause, at, str_of(patterns[i])))
				return true;
	return false;
}

/* Nearly all clauses have no word that every request needs: those are done with quickly. */
static enum wish clause_wish(const struct clause *clause)
{
	const struct language_rules *rules = clause->rules;
	uint32_t all = 0;
	for (size_t i = 0; i < clause->count; i++)
		all |= clause->classes[i];
	if (!(all & KEY_WORD))
		return WISH_NONE;
	if (any_matches(clause, rules->vetoes, rules->veto_count))
		return WISH_NO_PERSON;
	return any_matches(clause, rules->requests, rules->request_count) ? WISH_PERSON : WISH_NONE;
}

static enum wish wish_in(const struct language_rules *rules, const struct map *known, const struct tokens *tokens)
{
	enum wish wish = WISH_NONE;
	static const struct str nothing;
	struct str words[WORDS_MAX];
	uint32_t classes[WORDS_MAX];
	struct clause clause = {
		.rules = rules, .words = words, .classes = classes, .is_short = tokens->count <= SHORT_TOKENS
	};
	for (size_t i = 0; i <= tokens->count; i++) {
		bool is_word = i < tokens->count && tokens->items[i].kind != TOKEN_PUNCT &&
			       tokens->items[i].kind != TOKEN_EMOJI;
		struct str text = i < tokens->count ? tokens->items[i].text : nothing;
		/* A hyphen joins: "passez-moi". */
		if (!is_word && str_is(text, "-"))
			continue;
		if (is_word && clause.count < WORDS_MAX) {
			uint32_t bits = map_get(known, text);
			classes[clause.count] = bits == MAP_NONE ? 0 : bits;
			words[clause.count++] = text;
			continue;
		}
		enum wish said = clause_wish(&clause);
		if (said == WISH_PERSON)
			return said;
		wish = said != WISH_NONE ? said : wish;
		clause.count = 0;
	}
	return wish;
}

enum wish person_wish(const struct wish_words *words, struct utterance *utterance, const char *language)
{
	enum wish wish = WISH_NONE;
	size_t count;
	const struct language_rules *all_rules = asked_rules(&count);
	for (size_t i = 0; i < count && wish != WISH_PERSON; i++) {
		const struct language_rules *rules = &all_rules[i];
		if (strcmp(rules->language, "en") != 0 && strcmp(rules->language, language) != 0)
			continue;
		enum wish said = wish_in(rules, &words->of[i], utterance_tokens(utterance, rules->language));
		wish = said != WISH_NONE ? said : wish;
	}
	return wish;
}

bool is_person_intent(const struct intent *intent)
{
	static const char *const ids[] = { "talk-to-a-person", "human",     "person", "agent",
					   "talk-to-a-human",  "live-agent" };
	if (intent->human != HUMAN_ALWAYS)
		return false;
	for (size_t i = 0; i < COUNT(ids); i++)
		if (!strcmp(intent->id, ids[i]))
			return true;
	return false;
}
