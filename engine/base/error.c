/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf cuts at a byte: drop the bytes of a character that was cut in two. */
static void drop_half_character(char *text)
{
	size_t len = strlen(text), at = len;
	while (at && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (!at || (unsigned char)text[at - 1] < 0xc0)
		return;
	unsigned char lead = (unsigned char)text[at - 1];
	size_t needs = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	if (len - (at - 1) < needs)
		text[at - 1] = '\0';
}

int error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
	if (!err)
		return -1;
	err->kind = kind;
	va_list args;
	va_start(args, format);
	int len = vsnprintf(err->message, sizeof err->message, format, args);
	va_end(args);
	if (len >= (int)sizeof err->message)
		drop_half_character(err->message);
	return -1;
}
