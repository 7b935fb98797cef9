/* SPDX-License-Identifier: Apache-2.0 */
/* "Can I talk to a person?" in many wordings, without the traps: "user agent", "human hair wig", "person size", "is this
 * a person or a bot". The rules are in asked_rules.c; here they are held against an utterance, clause by clause. */
#include "dialogue/asked.h"

#include "base/count.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "corpus/corpus.h"
#include "dialogue/asked_internal.h"
#include "text/language.h"
#include "text/utterance.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 400, SHORT_TOKENS = 9, WISH_LANGUAGES_MAX = 8 };

/* ---- Words ---- */

/* Bits of a word: the classes of its language that it is in, whether every request needs such a one, and its own when a
 * pattern names it. */
enum { CLASSES_MAX = 16, BIT_KEY = CLASSES_MAX, BIT_WORDS, SET_PARTS = 3, BITS_MAX = SET_PARTS * 64 };
struct word_set {
	uint64_t parts[SET_PARTS];
};

static void set_add(struct word_set *set, unsigned bit)
{
	set->parts[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool set_has(const struct word_set *set, unsigned bit)
{
	return set->parts[bit / 64] >> bit % 64 & 1;
}

static bool sets_meet(const struct word_set *a, const struct word_set *b)
{
	uint64_t both = 0;
	for (size_t i = 0; i < SET_PARTS; i++)
		both |= a->parts[i] & b->parts[i];
	return both != 0;
}

struct known_word {
	struct word_set set;
	unsigned own; /* its own bit, or 0 */
};

/* ---- Rules, compiled: what is read anew for every message is no text ---- */

enum element_kind {
	ELEMENT_ONE,
	ELEMENT_MAYBE,      /* e? */
	ELEMENT_ANY_NUMBER, /* e* */
	ELEMENT_NOT,        /* !e */
	ELEMENT_OR_END,     /* %e */
	ELEMENT_BEGIN,      /* ^ */
	ELEMENT_END,        /* $ */
	ELEMENT_FIRST,      /* < */
	ELEMENT_LAST,       /* > */
	ELEMENT_ALONE,      /* = */
	ELEMENT_STOP,       /* the pattern is over */
};

struct element {
	struct word_set words;
	enum element_kind kind;
	bool is_any; /* "." */
};

/* Elements of patterns one behind the other, each pattern with its stop. */
struct patterns {
	struct element *items;
	size_t count, capacity;
};

struct wish_rules {
	const struct language_rules *source;
	struct map places; /* of words in `words` */
	struct {
		struct known_word *items;
		size_t count, capacity;
	} words;
	struct patterns vetoes, requests;
	unsigned next_bit;
};

struct wish_words {
	struct wish_rules *of; /* of each language that has rules */
	size_t count;
};

static struct known_word *know_word(struct wish_rules *rules, struct str text)
{
	uint32_t place = map_intern(&rules->places, text, (uint32_t)rules->words.count);
	if (place == rules->words.count)
		vec_push(&rules->words, (struct known_word){ .own = 0 });
	return &rules->words.items[place];
}

static void know_classes(struct wish_rules *rules)
{
	static const char *const keys[] = { "through",  "thru",    "relation", "contact",  "communication", "live",
					    "transfer", "connect", "forward",  "ruft",     "rufen",         "ruf",
					    "rappelez", "appelez", "llámenme", "llamenme", "llámeme",       "llameme" };
	const struct language_rules *source = rules->source;
	assert(source->class_count <= CLASSES_MAX);
	for (unsigned c = 0; c < source->class_count; c++) {
		struct str rest = str_of(source->classes[c].words), text;
		while (str_split(&rest, ' ', &text)) {
			if (!text.len)
				continue;
			struct known_word *word = know_word(rules, text);
			set_add(&word->set, c);
			if (c < KEY_CLASSES)
				set_add(&word->set, BIT_KEY);
		}
	}
	for (size_t k = 0; k < COUNT(keys); k++)
		set_add(&know_word(rules, str_of(keys[k]))->set, BIT_KEY);
}

static unsigned class_bit(const struct language_rules *source, struct str name)
{
	unsigned c = 0;
	while (c < source->class_count && !str_is(name, source->classes[c].name))
		c++;
	assert(c < source->class_count);
	return c;
}

static unsigned word_bit(struct wish_rules *rules, struct str text)
{
	struct known_word *word = know_word(rules, text);
	if (!word->own) {
		assert(rules->next_bit < BITS_MAX);
		word->own = rules->next_bit++;
		set_add(&word->set, word->own);
	}
	return word->own;
}

/* `text`: "a|b|@x", "." */
static void take_choices(struct wish_rules *rules, struct str text, struct element *out)
{
	struct str choice;
	while (str_split(&text, '|', &choice)) {
		if (str_is(choice, "."))
			out->is_any = true;
		else if (str_starts(choice, "@"))
			set_add(&out->words, class_bit(rules->source, str_part(choice, 1, choice.len)));
		else
			set_add(&out->words, word_bit(rules, choice));
	}
}

static struct element element_of(struct wish_rules *rules, struct str text)
{
	static const struct {
		char sign;
		enum element_kind kind;
	} alone[] = { { '^', ELEMENT_BEGIN },
		      { '$', ELEMENT_END },
		      { '<', ELEMENT_FIRST },
		      { '>', ELEMENT_LAST },
		      { '=', ELEMENT_ALONE } },
	  before[] = { { '!', ELEMENT_NOT }, { '%', ELEMENT_OR_END } },
	  behind[] = { { '?', ELEMENT_MAYBE }, { '*', ELEMENT_ANY_NUMBER } };
	struct element element = { .kind = ELEMENT_ONE };
	for (size_t i = 0; i < COUNT(alone) && text.len == 1; i++)
		if (text.ptr[0] == alone[i].sign) {
			element.kind = alone[i].kind;
			return element;
		}
	for (size_t i = 0; i < COUNT(before) && element.kind == ELEMENT_ONE; i++)
		if (text.ptr[0] == before[i].sign) {
			element.kind = before[i].kind;
			text = str_part(text, 1, text.len);
		}
	for (size_t i = 0; i < COUNT(behind) && element.kind == ELEMENT_ONE; i++)
		if (text.ptr[text.len - 1] == behind[i].sign) {
			element.kind = behind[i].kind;
			text.len--;
		}
	take_choices(rules, text, &element);
	return element;
}

static void compile(struct wish_rules *rules, const char *const *texts, size_t count, struct patterns *out)
{
	for (size_t i = 0; i < count; i++) {
		struct str rest = str_of(texts[i]), text;
		while (str_split(&rest, ' ', &text)) {
			struct element element = element_of(rules, text);
			vec_push(out, element);
		}
		vec_push(out, (struct element){ .kind = ELEMENT_STOP });
	}
}

struct wish_words *wish_words_new(void)
{
	struct wish_words *words = mem_zalloc(1, sizeof *words);
	const struct language_rules *sources = asked_rules(&words->count);
	words->of = mem_zalloc(words->count, sizeof *words->of);
	for (size_t i = 0; i < words->count; i++) {
		struct wish_rules *rules = &words->of[i];
		rules->source = &sources[i];
		rules->next_bit = BIT_WORDS;
		know_classes(rules);
		compile(rules, sources[i].vetoes, sources[i].veto_count, &rules->vetoes);
		compile(rules, sources[i].requests, sources[i].request_count, &rules->requests);
	}
	return words;
}

void wish_words_free(struct wish_words *words)
{
	if (!words)
		return;
	for (size_t i = 0; i < words->count; i++) {
		map_clear(&words->of[i].places);
		vec_clear(&words->of[i].words);
		vec_clear(&words->of[i].vetoes);
		vec_clear(&words->of[i].requests);
	}
	free(words->of);
	free(words);
}

/* ---- A clause, held against them ---- */

struct clause {
	const struct word_set **words;
	size_t count;
	struct word_set all; /* of its words together */
	bool is_short;       /* the whole utterance is */
	bool is_alone;       /* no other clause of it has words */
};

static bool matches(const struct clause *clause, size_t at, const struct element *element)
{
	bool is_end = at == clause->count;
	bool fits = !is_end && (element->is_any || sets_meet(&element->words, clause->words[at]));
	switch (element->kind) {
	case ELEMENT_ONE: return fits && matches(clause, at + 1, element + 1);
	case ELEMENT_MAYBE: return matches(clause, at, element + 1) || (fits && matches(clause, at + 1, element + 1));
	case ELEMENT_ANY_NUMBER: return matches(clause, at, element + 1) || (fits && matches(clause, at + 1, element));
	case ELEMENT_NOT: return !fits && matches(clause, at, element + 1);
	case ELEMENT_OR_END: return (is_end || fits) && matches(clause, at, element + 1);
	case ELEMENT_BEGIN: return clause->is_short && at == 0 && matches(clause, at, element + 1);
	case ELEMENT_END: return clause->is_short && is_end && matches(clause, at, element + 1);
	case ELEMENT_FIRST: return at == 0 && matches(clause, at, element + 1);
	case ELEMENT_LAST: return is_end && matches(clause, at, element + 1);
	case ELEMENT_ALONE: return clause->is_alone && matches(clause, at, element + 1);
	case ELEMENT_STOP: break;
	}
	return true;
}

/* Whether every word that a pattern cannot do without is there, wherever it stands: few patterns get any further. */
static bool has_words(const struct clause *clause, const struct element *element)
{
	for (; element->kind != ELEMENT_STOP; element++)
		if (element->kind == ELEMENT_ONE && !element->is_any && !sets_meet(&element->words, &clause->all))
			return false;
	return true;
}

static bool any_matches(const struct clause *clause, const struct patterns *patterns)
{
	const struct element *element = patterns->items, *end = element + patterns->count;
	while (element < end) {
		for (size_t at = 0; at <= clause->count && (at || has_words(clause, element)); at++)
			if (matches(clause, at, element))
				return true;
		while (element++->kind != ELEMENT_STOP)
			;
	}
	return false;
}

/* Nearly all clauses have no word that every request needs: those are done with quickly. */
static enum wish clause_wish(const struct wish_rules *rules, const struct clause *clause)
{
	if (!set_has(&clause->all, BIT_KEY))
		return WISH_NONE;
	if (any_matches(clause, &rules->vetoes))
		return WISH_NO_PERSON;
	return any_matches(clause, &rules->requests) ? WISH_PERSON : WISH_NONE;
}

static void add_word(const struct wish_rules *rules, struct clause *clause, const struct token *token)
{
	static const struct word_set unknown;
	uint32_t place = map_get_hashed(&rules->places, token->text, token->hash);
	const struct word_set *set = place == MAP_NONE ? &unknown : &rules->words.items[place].set;
	for (size_t i = 0; i < SET_PARTS; i++)
		clause->all.parts[i] |= set->parts[i];
	clause->words[clause->count++] = set;
}

static bool is_word_token(const struct token *token)
{
	return token->kind != TOKEN_PUNCT && token->kind != TOKEN_EMOJI;
}

static enum wish wish_in(const struct wish_rules *rules, const struct tokens *tokens)
{
	enum wish wish = WISH_NONE;
	const struct word_set *words[WORDS_MAX];
	struct clause clause = { .words = words, .is_short = tokens->count <= SHORT_TOKENS };
	size_t words_end = tokens->count;
	bool is_first = true;
	while (words_end && !is_word_token(&tokens->items[words_end - 1]))
		words_end--;
	for (size_t i = 0; i <= tokens->count; i++) {
		const struct token *token = i < tokens->count ? &tokens->items[i] : NULL;
		bool is_word = token && is_word_token(token);
		/* A hyphen joins: "passez-moi". */
		if (token && !is_word && str_is(token->text, "-"))
			continue;
		if (is_word && clause.count < WORDS_MAX) {
			add_word(rules, &clause, token);
			continue;
		}
		clause.is_alone = is_first && i >= words_end;
		enum wish said = clause_wish(rules, &clause);
		is_first &= !clause.count;
		if (said == WISH_PERSON)
			return said;
		wish = said != WISH_NONE ? said : wish;
		clause.count = 0;
		clause.all = (struct word_set){ 0 };
	}
	return wish;
}

const char *wish_language(struct str utterance, const char *usual)
{
	const char *codes[WISH_LANGUAGES_MAX];
	size_t count;
	const struct language_rules *rules = asked_rules(&count);
	assert(count <= WISH_LANGUAGES_MAX);
	for (size_t i = 0; i < count; i++)
		codes[i] = rules[i].language;
	return language_guess(utterance, codes, count, usual);
}

enum wish person_wish(const struct wish_words *words, struct utterance *utterance, const char *language)
{
	enum wish wish = WISH_NONE;
	for (size_t i = 0; i < words->count && wish != WISH_PERSON; i++) {
		const char *code = words->of[i].source->language;
		if (strcmp(code, "en") != 0 && strcmp(code, language) != 0)
			continue;
		enum wish said = wish_in(&words->of[i], utterance_tokens(utterance, code));
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
