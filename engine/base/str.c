/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <string.h>

struct str str_part(struct str s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return (struct str){ s.ptr + from, len };
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.len && is_space(s.ptr[0]))
		s.ptr++, s.len--;
	while (s.len && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

static char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_equal_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
			return false;
	return true;
}

bool str_starts(struct str s, const char *prefix)
{
	return str_is(str_part(s, 0, strlen(prefix)), prefix);
}

bool str_ends(struct str s, const char *suffix)
{
	size_t len = strlen(suffix);
	return len <= s.len && str_is(str_part(s, s.len - len, len), suffix);
}

int str_compare(struct str a, struct str b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

size_t str_find(struct str s, char byte)
{
	const char *hit = s.len ? memchr(s.ptr, byte, s.len) : NULL;
	return hit ? (size_t)(hit - s.ptr) : s.len;
}

bool str_split(struct str *rest, char separator, struct str *out_part)
{
	if (!rest->ptr)
		return false;
	size_t at = str_find(*rest, separator);
	*out_part = (struct str){ rest->ptr, at };
	if (at == rest->len)
		*rest = (struct str){ NULL, 0 };
	else
		*rest = (struct str){ rest->ptr + at + 1, rest->len - at - 1 };
	return true;
}

bool str_line(struct str *rest, struct str *out_line)
{
	if (!rest->ptr || !rest->len)
		return false;
	str_split(rest, '\n', out_line);
	if (str_ends(*out_line, "\r"))
		out_line->len--;
	return true;
}

bool str_number(struct str s, unsigned long long max, unsigned long long *out_value)
{
	unsigned long long value = 0;
	if (!s.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		unsigned digit = (unsigned)(s.ptr[i] - '0');
		if (digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out_value = value;
	return true;
}
