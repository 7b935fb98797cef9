/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cards.h"

#include <stdbool.h>

enum { DIGITS_MIN = 13, DIGITS_MAX = 19, DIGITS_SHOWN = 4 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ISO/IEC 7812-1 annex B: from the right every second digit doubled, the digits of the products summed. */
static bool luhn_holds(const char *const *digits, size_t count)
{
	int sum = 0;
	for (size_t i = 0; i < count; i++) {
		int digit = *digits[count - 1 - i] - '0';
		if (i % 2)
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return sum % 10 == 0;
}

/* The end of the longest card number that begins with the group of digits at `text` and ends with a group, or NULL. Its
 * digits are left in `digits`. */
static char *card_at(char *text, char *digits[DIGITS_MAX], size_t *out_count)
{
	char *found = NULL;
	size_t count = 0;
	for (char *at = text; count < DIGITS_MAX; at++) {
		if (is_digit(*at)) {
			digits[count++] = at;
			if (!is_digit(at[1]) && count >= DIGITS_MIN && luhn_holds((const char *const *)digits, count)) {
				found = at + 1;
				*out_count = count;
			}
		} else if ((*at != ' ' && *at != '-') || !is_digit(at[1])) {
			break;
		}
	}
	return found;
}

size_t cards_mask(char *text)
{
	size_t found = 0;
	for (char *at = text; *at; at++) {
		char *digits[DIGITS_MAX], *end;
		size_t count = 0;
		if (*at < '2' || *at > '6' || (at > text && is_digit(at[-1])) || !(end = card_at(at, digits, &count)))
			continue;
		for (size_t i = 0; i + DIGITS_SHOWN < count; i++)
			*digits[i] = '*';
		found++;
		at = end - 1;
	}
	return found;
}
