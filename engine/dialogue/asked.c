/* SPDX-License-Identifier: Apache-2.0 */
/* "Can I talk to a person?" in many wordings, without the traps: "user agent", "human hair wig", "person size", "is this
 * a person or a bot". The rules are in asked_rules.c; here they are held against an utterance, clause by clause. */
#include "dialogue/asked.h"

#include "base/count.h"
#include "corpus/corpus.h"
#include "dialogue/asked_internal.h"
#include "text/token.h"

#include <string.h>

enum { WORDS_MAX = 400, SHORT_TOKENS = 9 };

/* One clause, being matched. */
struct clause {
	const struct language_rules *rules;
	const struct str *words;
	uint16_t *classes; /* of each word: bit i for class i of the rules */
	size_t count;
	bool is_short; /* the whole utterance is */
};

/* Bit i is set when `word` is in class i; only the first `count` classes are looked at. */
static uint16_t classes_of(const struct language_rules *rules, struct str word, size_t count)
{
	char padded[WORD_BYTES_MAX + 3] = " ";
	uint16_t bits = 0;
	if (word.len > WORD_BYTES_MAX)
		return 0;
	memcpy(padded + 1, word.ptr, word.len);
	padded[word.len + 1] = ' ';
	padded[word.len + 2] = '\0';
	for (size_t i = 0; i < count; i++)
		bits |= (uint16_t)((strstr(rules->classes[i].words, padded) != NULL) << i);
	return bits;
}

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
static bool has_key_word(const struct clause *clause)
{
	static const char *const keys[] = { "through", "relation", "contact", "communication", "live" };
	for (size_t at = 0; at < clause->count; at++) {
		if (classes_of(clause->rules, clause->words[at], KEY_CLASSES))
			return true;
		for (size_t i = 0; i < COUNT(keys); i++)
			if (str_is(clause->words[at], keys[i]))
				return true;
	}
	return false;
}

static enum wish clause_wish(struct clause *clause)
{
	const struct language_rules *rules = clause->rules;
	if (!has_key_word(clause))
		return WISH_NONE;
	for (size_t i = 0; i < clause->count; i++)
		clause->classes[i] = classes_of(rules, clause->words[i], rules->class_count);
	if (any_matches(clause, rules->vetoes, rules->veto_count))
		return WISH_NO_PERSON;
	return any_matches(clause, rules->requests, rules->request_count) ? WISH_PERSON : WISH_NONE;
}

static enum wish wish_in(const struct language_rules *rules, struct tokens tokens)
{
	enum wish wish = WISH_NONE;
	static const struct str nothing;
	struct str words[WORDS_MAX];
	uint16_t classes[WORDS_MAX];
	struct clause clause = {
		.rules = rules, .words = words, .classes = classes, .is_short = tokens.count <= SHORT_TOKENS
	};
	for (size_t i = 0; i <= tokens.count; i++) {
		bool is_word =
			i < tokens.count && tokens.items[i].kind != TOKEN_PUNCT && tokens.items[i].kind != TOKEN_EMOJI;
		struct str text = i < tokens.count ? tokens.items[i].text : nothing;
		/* A hyphen joins: "passez-moi". */
		if (!is_word && str_is(text, "-"))
			continue;
		if (is_word && clause.count < WORDS_MAX) {
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

enum wish person_wish(struct arena *scratch, struct str utterance, const char *language)
{
	enum wish wish = WISH_NONE;
	size_t count;
	const struct language_rules *all_rules = asked_rules(&count);
	for (size_t i = 0; i < count && wish != WISH_PERSON; i++) {
		const struct language_rules *rules = &all_rules[i];
		if (strcmp(rules->language, "en") != 0 && strcmp(rules->language, language) != 0)
			continue;
		enum wish said = wish_in(rules, tokens_read_in(scratch, utterance, rules->language));
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
