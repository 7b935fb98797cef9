/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/choice.h"

#include "text/token.h"

#include <string.h>

enum { TEXT_BYTES_MAX = 60, NUMBERS = 3 };

/* Words of one list, each between blanks. */
static bool stands_in(const char *list, struct str word)
{
	size_t bytes = word.len;
	for (const char *at = list; (at = strchr(at, word.ptr[0])); at++)
		if (at[-1] == ' ' && !strncmp(at, word.ptr, bytes) && at[bytes] == ' ')
			return true;
	return false;
}

/* 1 to NUMBERS, or 0. */
static size_t number_of(struct str word)
{
	static const char *const lists[NUMBERS] = {
		" 1 1st first erste ersten erstes erster eins première premiere premier primera primero ",
		" 2 2nd second two zweite zweiten zweites zweiter zwei deuxième deuxieme seconde segunda segundo ",
		" 3 3rd third three dritte dritten drittes dritter drei troisième troisieme tercera tercero ",
	};
	for (size_t i = 0; i < NUMBERS; i++)
		if (stands_in(lists[i], word))
			return i + 1;
	return 0;
}

size_t choice_read(struct arena *arena, struct str text, size_t count)
{
	static const char
		yes[] = " yes yeah yep yup yea sure correct exactly right ok okay ja jo jep genau richtig stimmt klar "
			"oui ouais exactement exact sí si claro exacto eso vale ",
		little[] = " the that this it is one please i mean meant option number das die der den dies bitte "
			   "ich meine la le les c ce est cest ça ca el lo es por favor merci gracias thanks danke ";
	if (text.len > TEXT_BYTES_MAX)
		return 0;
	struct tokens tokens = tokens_read_in(arena, text, "en");
	size_t number = 0;
	bool is_yes = false;
	for (size_t i = 0; i < tokens.count; i++) {
		const struct token *token = &tokens.items[i];
		if (token->kind == TOKEN_PUNCT || token->kind == TOKEN_EMOJI || stands_in(little, token->text))
			continue;
		size_t found = number_of(token->text);
		if (stands_in(yes, token->text))
			is_yes = true;
		else if (!found || (number && number != found))
			return 0;
		else
			number = found;
	}
	if (number)
		return number <= count + 1 ? number : 0;
	return is_yes && count == 1 ? 1 : 0;
}
