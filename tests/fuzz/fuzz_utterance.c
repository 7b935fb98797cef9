/* SPDX-License-Identifier: Apache-2.0 */
/* What a visitor writes: tokens, terms, folding, and telling the language. The first byte chooses the language, the
 * second whether there is a thesaurus. */
#include "base/count.h"
#include "text/fold.h"
#include "text/language.h"
#include "text/stem.h"
#include "text/terms.h"
#include "text/token.h"
#include "text/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const CODES[] = { "en", "de", "fr", "es", "it", "nl", "pt", "ca", "tr", "ru", "hi", "ar" };
enum { CODE_COUNT = COUNT(CODES) };

static void check_tokens(const struct tokens *tokens, struct str text)
{
	uint32_t end = 0;
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];
		assert(token->from >= end && token->from < token->to && token->to <= text.len);
		assert(token->text.len > 0 && token->text.len <= WORD_BYTES_MAX && utf8_is_valid(token->text));
		assert(token->kind <= TOKEN_PUNCT);
		end = token->to;
	}
}

static void check_terms(const struct terms *terms, const struct tokens *tokens, struct str text)
{
	uint32_t end = 0;
	assert(terms->count <= tokens->count);
	for (size_t i = 0; i < terms->count; i++) {
		const struct term *term = &terms->items[i];
		assert(term->from >= end && term->from < term->to && term->to <= text.len);
		assert(term->word.len > 0 && utf8_is_valid(term->word) && utf8_is_valid(term->stem));
		end = term->to;
	}
}

static struct thesaurus *thesaurus_in(struct arena *arena, const char *language)
{
	static const struct str names[] = { { "a b", 3 }, { "royal mail", 10 } };
	static const struct str group[] = { { "c", 1 }, { "a b c", 5 }, { "d d", 3 } };
	const struct thesaurus_group groups[] = { { group, 3 } };
	return thesaurus_new_in(arena, language, names, 2, groups, 1);
}

/* One for all inputs, as in the server: what it keeps of words that it has seen is read as well. */
static struct stemmer *stemmer_for(size_t number, const char *language)
{
	static struct stemmer *stemmers[CODE_COUNT];
	if (!stemmers[number])
		stemmers[number] = stemmer_new(language);
	return stemmers[number];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	struct arena arena = { 0 };
	const char *codes[CODE_COUNT];
	for (size_t i = 0; i < CODE_COUNT; i++)
		codes[i] = language_code(str_of(CODES[i]));
	const char *language = codes[data[0] % CODE_COUNT];
	struct thesaurus *thesaurus = data[1] & 1 ? thesaurus_in(&arena, language) : NULL;
	char *copy = malloc(size - 2 ? size - 2 : 1);
	memcpy(copy, data + 2, size - 2);
	struct str text = { copy, size - 2 };

	struct tokens tokens = tokens_read_in(&arena, text, language);
	check_tokens(&tokens, text);
	struct stemmer *stemmer = stemmer_for(data[0] % CODE_COUNT, language);
	struct terms terms = terms_read_in(&arena, stemmer, thesaurus, text, language);
	check_terms(&terms, &tokens, text);
	assert(utf8_is_valid(fold_words_in(&arena, text, language)));
	struct str slug = fold_slug_in(&arena, text);
	assert(strlen(slug.ptr) == slug.len && strspn(slug.ptr, "abcdefghijklmnopqrstuvwxyz0123456789-") == slug.len);
	assert(!str_starts(slug, "-") && !str_ends(slug, "-"));
	assert(language_guess(text, codes, CODE_COUNT, language));
	language_is_foreign(text, language);
	free(copy);
	arena_clear(&arena);
	return 0;
}
