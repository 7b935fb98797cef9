/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/bare.h"

#include <stdbool.h>
#include <string.h>

/* A year, a size and a price have fewer digits than what a shop numbers. */
enum { DIGITS_LEAST = 5, CODE_LETTERS_MAX = 3, DOMAIN_END_LEAST = 2 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Of an address, on either side of its @. */
static bool is_address_byte(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80 ||
	       (c && strchr("._%+-", c));
}

/* Whether one stands around the @ at `at`; where. */
static bool is_address(struct str text, size_t at, size_t *out_from, size_t *out_to)
{
	size_t from = at, to = at + 1, dot = 0;
	while (from && is_address_byte(text.ptr[from - 1]))
		from--;
	while (to < text.len && is_address_byte(text.ptr[to]))
		to++;
	while (to > at + 1 && strchr("._%+-", text.ptr[to - 1]))
		to--;
	for (size_t i = at + 2; i < to; i++)
		dot = text.ptr[i] == '.' ? i : dot;
	*out_from = from;
	*out_to = to;
	return from < at && dot && to - dot > DOMAIN_END_LEAST;
}

/* Of four languages at once: who writes an address on an English page may say "meine adresse". */
static bool is_little(struct str word)
{
	static const char words[] =
		" my email mail e address is it its this that at i you can a reach contact write me to on here number "
		"no nr "
		"the and hi hello please thanks "
		"meine mein adresse mailadresse emailadresse ist das lautet nummer die ich bin unter hallo bitte danke "
		"mon ma adresse courriel est numéro numero le la voici ce bonjour merci svp "
		"mi correo electrónico electronico dirección direccion es el número hola gracias ";
	for (const char *hit = words + 1; (hit = memmem(hit, strlen(hit), word.ptr, word.len)); hit++)
		if (hit[-1] == ' ' && hit[word.len] == ' ')
			return true;
	return false;
}

static size_t count_digits(struct str word)
{
	size_t count = 0;
	for (size_t i = 0; i < word.len; i++)
		count += is_digit(word.ptr[i]);
	return count;
}

enum bare bare_read(const struct tokens *tokens)
{
	size_t from = 0, to = 0, digits = 0;
	bool has_address = false;
	for (size_t at = 0; at < tokens->text.len && !has_address; at++)
		has_address = tokens->text.ptr[at] == '@' && is_address(tokens->text, at, &from, &to);
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];
		bool is_part = has_address && token->from >= from && token->to <= to;
		if (is_part || token->kind == TOKEN_PUNCT || token->kind == TOKEN_EMOJI)
			continue;
		size_t its_digits = has_address ? 0 : count_digits(token->text);
		digits += its_digits;
		/* The letters of "AB-48291" stand apart, in capitals. */
		bool is_code = !has_address && (token->flags & TOKEN_CAPS) && token->text.len <= CODE_LETTERS_MAX;
		if (!its_digits && !is_code && !is_little(token->text))
			return BARE_NOTHING;
	}
	return has_address ? BARE_ADDRESS : digits >= DIGITS_LEAST ? BARE_NUMBER : BARE_NOTHING;
}
