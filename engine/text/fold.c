/* SPDX-License-Identifier: Apache-2.0 */
#include "text/fold.h"

#include "text/internal.h"
#include "text/utf8.h"

#include <string.h>

enum { SLUG_BYTES_PER_CHARACTER = 4 }; /* "ffi" for one ligature; what is longer is cut */

struct str fold_words_in(struct arena *arena, struct str text, const char *language)
{
	struct tokens tokens = tokens_read_in(arena, text, language);
	size_t len = 0;
	for (size_t i = 0; i < tokens.count; i++)
		len += tokens.items[i].text.len + 1;
	char *out = arena_alloc(arena, len + 1);
	len = 0;
	for (size_t i = 0; i < tokens.count; i++) {
		struct str word = tokens.items[i].text;
		if (tokens.items[i].kind == TOKEN_PUNCT)
			continue;
		if (len)
			out[len++] = ' ';
		memcpy(out + len, word.ptr, word.len);
		len += word.len;
	}
	out[len] = '\0';
	return (struct str){ out, len };
}

/* The plain letters and digits of one character. */
static size_t put_plain(struct str character, char *out)
{
	char folded[WORD_BYTES_MAX], plain[MARKS_STRIPPED_MAX];
	bool is_stretched = false;
	size_t len = fold_word(character, (unsigned char)character.ptr[0] < 0x80, folded, &is_stretched);
	size_t plain_len = strip_marks((struct str){ folded, len }, plain), kept = 0;
	for (size_t i = 0; i < plain_len && kept < SLUG_BYTES_PER_CHARACTER; i++)
		if ((plain[i] >= 'a' && plain[i] <= 'z') || (plain[i] >= '0' && plain[i] <= '9'))
			out[kept++] = plain[i];
	return kept;
}

struct str fold_slug_in(struct arena *arena, struct str text)
{
	text = str_part(text, 0, UTTERANCE_BYTES_MAX);
	char *out = arena_alloc(arena, text.len * (SLUG_BYTES_PER_CHARACTER + 1) + 1);
	size_t len = 0;
	bool is_apart = false;
	for (size_t at = 0, next; at < text.len; at = next) {
		next = at;
		enum char_class class = char_class_of(utf8_next(text, &next));
		if (class == CHAR_MARK || class == CHAR_IGNORED || class == CHAR_APOSTROPHE)
			continue;
		char plain[SLUG_BYTES_PER_CHARACTER];
		bool is_word = class == CHAR_LETTER || class == CHAR_DIGIT;
		size_t more = is_word ? put_plain(str_part(text, at, next - at), plain) : 0;
		if (more && is_apart && len)
			out[len++] = '-';
		is_apart = more ? false : true;
		memcpy(out + len, plain, more);
		len += more;
	}
	out[len] = '\0';
	return (struct str){ out, len };
}
