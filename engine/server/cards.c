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

/* How many digits the longest card number has that begins with the group of digits at `text` and ends with a group, or 0.
 * They are left in `digits`. */
static size_t card_at(char *text, char *digits[DIGITS_MAX])
{
	size_t found = 0, count = 0;
	for (char *at = text; count < DIGITS_MAX; at++) {
		if (is_digit(*at)) {
			digits[count++] = at;
			if (!is_digit(at[1]) && count >= DIGITS_MIN && luhn_holds((const char *const *)digits, count))
				found = count;
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
		char *digits[DIGITS_MAX];
		if (*at < '2' || *at > '6' || (at > text && is_digit(at[-1])))
			continue;
		size_t count = card_at(at, digits);
		for (size_t i = 0; i + DIGITS_SHOWN < count; i++)
			*digits[i] = '*';
		found += count >
			 0; /* and on from here: another one may begin among the digits that are left to be seen */
	}
	return found;
}
