/* SPDX-License-Identifier: Apache-2.0 */
/* Faces made of punctuation, and words whose letters are partly hidden. Both are small grammars: tables of all
 * spellings would be long and still miss some. */
#include "base/count.h"
#include "text/internal.h"

#include <string.h>

enum { MASKED_BYTES_MAX = 24 };

static char byte_at(struct str text, size_t at)
{
	return at < text.len ? text.ptr[at] : '\0';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters beyond ASCII count as letters. */
static bool is_wordly(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

struct mouth {
	char shape;
	const char *plain, *cross, *wink, *tear; /* after : >: ; :' */
	bool stands_apart; /* only with no letter or digit directly before: "and/or:/" is no face */
};

static const struct mouth MOUTHS[] = {
	{ ')', ":)", ">:)", ";)", ":')", false }, { ']', ":)", ">:)", ";)", ":')", true },
	{ 'D', ":D", ">:D", ";D", ":'D", true },  { '(', ":(", ">:(", ";(", ":'(", false },
	{ '[', ":(", ">:(", ";(", ":'(", true },  { '{', ":(", ">:(", ";(", ":'(", true },
	{ 'P', ":p", ">:p", ";p", ":'p", true },  { 'p', ":p", ">:p", ";p", ":'p", true },
	{ '/', ":/", ">:/", ";/", ":'/", true },  { '\\', ":/", ">:/", ";/", ":'/", true },
	{ '|', ":|", ">:|", ";|", ":'|", true },  { 'o', ":o", ">:o", ";o", ":'o", true },
	{ 'O', ":o", ">:o", ";o", ":'o", true },  { '*', ":*", ":*", ";*", ":*", true },
	{ '@', ":@", ":@", ":@", ":@", true },    { 'S', ":s", ":s", ":s", ":s", true },
	{ 's', ":s", ":s", ":s", ":s", true },    { '3', ":3", ":3", ":3", ":3", true },
};

static const struct mouth *mouth_of(char shape)
{
	for (size_t i = 0; i < COUNT(MOUTHS); i++)
		if (MOUTHS[i].shape == shape)
			return &MOUTHS[i];
	return NULL;
}

/* [>] eyes ['] [-] mouth, the mouth as often as one likes. */
static size_t face_at(struct str text, size_t at, const char **out_text)
{
	size_t start = at;
	bool is_cross = byte_at(text, at) == '>', has_tear = false;
	if (is_cross)
		at++;
	char eyes = byte_at(text, at);
	if (eyes != ':' && eyes != ';' && eyes != '=')
		return 0;
	at++;
	if (byte_at(text, at) == '\'' &&
	    (byte_at(text, at + 1) == '(' || byte_at(text, at + 1) == ')' || byte_at(text, at + 1) == '-')) {
		has_tear = true;
		at++;
	}
	if (byte_at(text, at) == '-')
		at++;
	const struct mouth *mouth = mouth_of(byte_at(text, at));
	if (!mouth)
		return 0;
	bool touches = start > 0 && is_wordly(text.ptr[start - 1]);
	if (touches && (mouth->stands_apart || eyes == '='))
		return 0;
	while (byte_at(text, at) == mouth->shape)
		at++;
	if (is_wordly(mouth->shape) && is_wordly(byte_at(text, at)))
		return 0;
	if (mouth->shape == '/' && at - start > 2 && byte_at(text, start + 1) == '/')
		return 0;
	*out_text = has_tear ? mouth->tear : is_cross ? mouth->cross : eyes == ';' ? mouth->wink : mouth->plain;
	return at - start;
}

size_t emoticon_at(struct str text, size_t at, const char **out_text)
{
	static const struct {
		const char *shape, *plain;
	} OTHERS[] = { { "</3", "</3" }, { "<3", "<3" }, { "^_^", "^^" }, { "^^", "^^" }, { "-_-", "-_-" } };
	char first = byte_at(text, at);
	if (first == ':' || first == ';' || first == '=' || (first == '>' && byte_at(text, at + 1) == ':')) {
		size_t bytes = face_at(text, at, out_text);
		/* "http://" looks like a face with two mouths. */
		return bytes >= 3 && !memcmp(text.ptr + at, "://", 3) ? 0 : bytes;
	}
	if (first != '<' && first != '^' && first != '-')
		return 0;
	for (size_t i = 0; i < COUNT(OTHERS); i++) {
		size_t bytes = strlen(OTHERS[i].shape);
		if (str_starts(str_part(text, at, bytes), OTHERS[i].shape) && !is_wordly(byte_at(text, at + bytes))) {
			*out_text = OTHERS[i].plain;
			return bytes;
		}
	}
	return 0;
}

/* Swear words that are seen through signs in place of letters; with stars any word counts as masked. */
static const char *const HIDDEN[] = {
	"fuck",  "fucks",   "fucked",  "fucker",  "fucking", "shit",   "shits",    "shitty", "bullshit",
	"bitch", "bastard", "ass",     "asses",   "asshole", "arse",   "arsehole", "crap",   "damn",
	"dick",  "cunt",    "wanker",  "wankers", "piss",    "pissed", "scheisse", "arsch",  "arschloch",
	"merde", "putain",  "connard", "mierda",  "puta",    "joder",  "cazzo",    "merda",
};

/* 4 and 5 stand for letters too, but "A55" is a telephone. */
static bool letter_fits(char written, char meant)
{
	switch (written) {
	case '*':
	case '#':
	case '%': return true;
	case '!':
	case '1': return meant == 'i';
	case '@': /* "b@stard", "f@ck" */ return meant == 'a' || meant == 'u';
	case '$': return meant == 's';
	case '0': return meant == 'o';
	case '3': return meant == 'e';
	default: return ascii_fold(written) == meant;
	}
}

static bool is_hidden_word(struct str chunk)
{
	for (size_t i = 0; i < COUNT(HIDDEN); i++) {
		size_t at = 0;
		while (at < chunk.len && HIDDEN[i][at] && letter_fits(chunk.ptr[at], HIDDEN[i][at]))
			at++;
		if (at == chunk.len && !HIDDEN[i][at])
			return true;
	}
	return false;
}

/* Stars among letters: "w*nker"; or two and more at the end of a short beginning, "f***", but not **bold** text. */
static bool is_starred(struct str chunk, bool follows_star)
{
	size_t stars = 0, at_end = 0;
	for (size_t i = 0; i < chunk.len; i++) {
		if (!is_letter(chunk.ptr[i]) && chunk.ptr[i] != '*')
			return false;
		stars += chunk.ptr[i] == '*';
		at_end = chunk.ptr[i] == '*' ? at_end + 1 : 0;
	}
	if (!stars || !is_letter(chunk.ptr[0]) || chunk.len < 3)
		return false;
	if (stars > at_end)
		return at_end || chunk.len >= 4;
	return at_end >= 2 && !follows_star && chunk.len - at_end <= 4;
}

size_t masked_at(struct str text, size_t at)
{
	size_t len = 0, letters = 0, signs = 0;
	for (;; len++) {
		char c = byte_at(text, at + len);
		if (!c || len > MASKED_BYTES_MAX || (unsigned char)c >= 0x80)
			break;
		bool is_sign = strchr("*!@$#%", c) != NULL, is_digit = c >= '0' && c <= '9';
		if (!is_letter(c) && !is_sign && !is_digit)
			break;
		letters += is_letter(c);
		signs += is_sign || is_digit;
	}
	if (!letters || !signs || len > MASKED_BYTES_MAX || (unsigned char)byte_at(text, at + len) >= 0x80)
		return 0;
	while (len && byte_at(text, at + len - 1) == '!')
		len--; /* an exclamation, not a letter */
	struct str chunk = str_part(text, at, len);
	size_t plain = 0;
	while (plain < chunk.len && is_letter(chunk.ptr[plain]))
		plain++;
	if (plain == chunk.len)
		return 0;
	return is_starred(chunk, at > 0 && text.ptr[at - 1] == '*') || is_hidden_word(chunk) ? len : 0;
}
