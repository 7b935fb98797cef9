/* SPDX-License-Identifier: Apache-2.0 */
/* Two words written as one. A table per language, of four kinds: heads before an apostrophe (l'adresse), tails with
 * one (we'll), and whole words that people type without it (dont); "'s" is a verb after some words and else a genitive. */
#include "base/count.h"
#include "text/internal.h"
#include "text/utterance.h"

#include <assert.h>
#include <string.h>

struct pair {
	const char *part, *full; /* "'ll", "will" */
};

struct whole {
	char word[9];
	const char *first, *second;
	unsigned cut; /* characters before the second word */
};

struct contraction_rules {
	const char *language;
	const struct pair *heads; /* each table ends with a NULL */
	const struct pair *tails;
	const struct pair *irregular; /* what is left of "can't" without "n't" is "ca": "can" */
	const char *const *verb_s;    /* words after which 's is `s_word`; NULL-terminated */
	const char *s_word;
	const struct whole *wholes; /* sorted */
	size_t whole_count;
	bool drops_s; /* other 's is a genitive and goes */
};

static const struct pair NO_PAIRS[] = { { NULL, NULL } };
static const char *const NO_WORDS[] = { NULL };

static const struct pair EN_TAILS[] = {
	{ "n't", "not" },  { "'m", "am" },    { "'re", "are" }, { "'ve", "have" },
	{ "'ll", "will" }, { "'d", "would" }, { NULL, NULL },
};
static const struct pair EN_IRREGULAR[] = {
	{ "ca", "can" }, { "wo", "will" }, { "sha", "shall" }, { "ai", "is" }, { NULL, NULL },
};
static const char *const EN_VERB_S[] = {
	"it", "that", "what", "where", "who", "how", "when", "why", "there", "here", "he", "she", "everything", NULL,
};
/* Only words that mean nothing else without the apostrophe: not "ill", "well", "were", "its", "lets". */
static const struct whole EN_WHOLES[] = {
	{ "aint", "is", "not", 2 },       { "arent", "are", "not", 3 },       { "cannot", "can", "not", 3 },
	{ "cant", "can", "not", 2 },      { "couldnt", "could", "not", 5 },   { "didnt", "did", "not", 3 },
	{ "doesnt", "does", "not", 4 },   { "dont", "do", "not", 2 },         { "gimme", "give", "me", 3 },
	{ "gonna", "going", "to", 3 },    { "gotta", "got", "to", 3 },        { "hadnt", "had", "not", 3 },
	{ "hasnt", "has", "not", 3 },     { "havent", "have", "not", 4 },     { "heres", "here", "is", 4 },
	{ "hes", "he", "is", 2 },         { "hows", "how", "is", 3 },         { "im", "i", "am", 1 },
	{ "isnt", "is", "not", 2 },       { "itll", "it", "will", 2 },        { "ive", "i", "have", 1 },
	{ "lemme", "let", "me", 3 },      { "mustnt", "must", "not", 4 },     { "neednt", "need", "not", 4 },
	{ "shes", "she", "is", 3 },       { "shouldnt", "should", "not", 6 }, { "thatll", "that", "will", 4 },
	{ "thats", "that", "is", 4 },     { "theres", "there", "is", 5 },     { "theyd", "they", "would", 4 },
	{ "theyll", "they", "will", 4 },  { "theyre", "they", "are", 4 },     { "theyve", "they", "have", 4 },
	{ "wanna", "want", "to", 3 },     { "wasnt", "was", "not", 3 },       { "werent", "were", "not", 4 },
	{ "weve", "we", "have", 2 },      { "whats", "what", "is", 4 },       { "whens", "when", "is", 4 },
	{ "wheres", "where", "is", 5 },   { "whos", "who", "is", 3 },         { "wont", "will", "not", 2 },
	{ "wouldnt", "would", "not", 5 }, { "youd", "you", "would", 3 },      { "youll", "you", "will", 3 },
	{ "youre", "you", "are", 3 },     { "youve", "you", "have", 3 },
};

static const char *const DE_VERB_S[] = {
	"geht", "gibt", "hab", "hat", "war", "ist", "kann", "wie", "was", "wo", "wenn", "ich", "du", "er", "mir", NULL,
};
static const struct whole DE_WHOLES[] = {
	{ "gehts", "geht", "es", 4 },
	{ "gibts", "gibt", "es", 4 },
	{ "habs", "hab", "es", 3 },
	{ "hats", "hat", "es", 3 },
};

static const struct pair FR_HEADS[] = {
	{ "l", "le" },           { "d", "de" },         { "j", "je" },           { "n", "ne" },
	{ "s", "se" },           { "m", "me" },         { "t", "te" },           { "c", "ce" },
	{ "qu", "que" },         { "jusqu", "jusque" }, { "lorsqu", "lorsque" }, { "puisqu", "puisque" },
	{ "quoiqu", "quoique" }, { NULL, NULL },
};
static const struct whole FR_WHOLES[] = {
	{ "cest", "ce", "est", 1 },         { "jai", "je", "ai", 1 },         { "jarrive", "je", "arrive", 1 },
	{ "jattends", "je", "attends", 1 }, { "jaurais", "je", "aurais", 1 }, { "nest", "ne", "est", 1 },
	{ "quest", "que", "est", 2 },
};

static const struct pair IT_HEADS[] = {
	{ "l", "lo" },       { "un", "una" },     { "d", "di" },         { "c", "ci" },         { "dov", "dove" },
	{ "com", "come" },   { "cos", "cosa" },   { "all", "alla" },     { "dell", "della" },   { "nell", "nella" },
	{ "sull", "sulla" }, { "dall", "dalla" }, { "quell", "quella" }, { "quest", "questa" }, { NULL, NULL },
};
static const struct pair CA_HEADS[] = {
	{ "l", "el" }, { "d", "de" }, { "s", "es" }, { "n", "en" }, { "m", "em" }, { "t", "et" }, { NULL, NULL },
};

static const struct contraction_rules RULES[] = {
	{ "en", NO_PAIRS, EN_TAILS, EN_IRREGULAR, EN_VERB_S, "is", EN_WHOLES, COUNT(EN_WHOLES), true },
	{ "de", NO_PAIRS, NO_PAIRS, NO_PAIRS, DE_VERB_S, "es", DE_WHOLES, COUNT(DE_WHOLES), true },
	{ "fr", FR_HEADS, NO_PAIRS, NO_PAIRS, NO_WORDS, "", FR_WHOLES, COUNT(FR_WHOLES), false },
	{ "it", IT_HEADS, NO_PAIRS, NO_PAIRS, NO_WORDS, "", NULL, 0, false },
	{ "ca", CA_HEADS, NO_PAIRS, NO_PAIRS, NO_WORDS, "", NULL, 0, false },
};

static_assert(COUNT(RULES) + 1 == UTTERANCE_CUTS_MAX, "an utterance has room for a cut by each of them, and by none");

const struct contraction_rules *contraction_rules_for(const char *language)
{
	for (size_t i = 0; language && i < COUNT(RULES); i++)
		if (!strcmp(RULES[i].language, language))
			return &RULES[i];
	return NULL;
}

static const char *full_form(const struct pair *pairs, struct str part)
{
	for (; pairs->part; pairs++)
		if (str_is(part, pairs->part))
			return pairs->full;
	return NULL;
}

static bool split_whole(const struct contraction_rules *rules, struct str folded, struct contraction *out)
{
	if (folded.len > WORD_KEY_BYTES || folded.len < 2 || !rules->whole_count)
		return false;
	uint64_t wanted = word_key(folded.ptr, folded.len);
	const struct whole *whole = rules->wholes; /* the last one that is not behind it, searched without a branch */
	for (size_t count = rules->whole_count; count > 1;) {
		size_t half = count / 2;
		whole += word_key(whole[half].word, WORD_KEY_BYTES) <= wanted ? half : 0;
		count -= half;
	}
	if (word_key(whole->word, WORD_KEY_BYTES) != wanted)
		return false;
	*out = (struct contraction){ .first = str_of(whole->first),
				     .second = str_of(whole->second),
				     .head_characters = whole->cut,
				     .is_second_clitic = true };
	return true;
}

static bool split_tail(const struct contraction_rules *rules, struct str folded, struct contraction *out)
{
	for (const struct pair *tail = rules->tails; tail->part; tail++) {
		size_t tail_len = strlen(tail->part);
		if (folded.len <= tail_len || !str_ends(folded, tail->part))
			continue;
		struct str first = { folded.ptr, folded.len - tail_len };
		const char *irregular = tail->part[0] == 'n' ? full_form(rules->irregular, first) : NULL;
		*out = (struct contraction){ .first = irregular ? str_of(irregular) : first,
					     .second = str_of(tail->full),
					     .tail_characters = tail_len,
					     .is_second_clitic = true };
		return true;
	}
	return false;
}

static bool split_s(const struct contraction_rules *rules, struct str folded, struct contraction *out)
{
	if (folded.len < 3 || !str_ends(folded, "'s"))
		return false;
	struct str first = { folded.ptr, folded.len - 2 };
	if (str_is(first, "let") && str_is(str_of(rules->s_word), "is")) {
		*out = (struct contraction){
			.first = first, .second = STR_LIT("us"), .tail_characters = 2, .is_second_clitic = true
		};
		return true;
	}
	for (const char *const *verb = rules->verb_s; *verb; verb++)
		if (str_is(first, *verb)) {
			*out = (struct contraction){ .first = first,
						     .second = str_of(rules->s_word),
						     .tail_characters = 2,
						     .is_second_clitic = true };
			return true;
		}
	*out = (struct contraction){ .first = first, .is_one = true };
	return rules->drops_s;
}

static bool split_head(const struct contraction_rules *rules, struct str folded, struct contraction *out)
{
	size_t at = str_find(folded, '\'');
	if (at + 1 >= folded.len)
		return false;
	const char *full = full_form(rules->heads, str_part(folded, 0, at));
	if (!full)
		return false;
	*out = (struct contraction){ .first = str_of(full),
				     .second = str_part(folded, at + 1, folded.len),
				     .head_characters = at + 1 };
	return true;
}

bool contraction_split(const struct contraction_rules *rules, struct str folded, bool has_apostrophe,
		       struct contraction *out)
{
	if (!has_apostrophe)
		return split_whole(rules, folded, out);
	return split_tail(rules, folded, out) || split_s(rules, folded, out) || split_head(rules, folded, out);
}
