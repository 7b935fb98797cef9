/* SPDX-License-Identifier: Apache-2.0 */
#include "text/internal.h"

#include "base/count.h"
#include "text/utf8.h"

#include <string.h>
#include <utf8proc.h>

enum {
	SOFT_APOSTROPHE = 0x02bc,
	FRACTION_SLASH = 0x2044,
	REPLACEMENT = 0xfffd,
	RUN_BYTES_READ = 256,
	MARKS_KEPT = 4, /* on one letter; more is decoration, and sorting them by class takes quadratic time */
};

#define S CHAR_SPACE
#define P CHAR_PUNCT
#define A CHAR_APOSTROPHE
#define D CHAR_DIGIT
#define L CHAR_LETTER
const uint8_t ASCII_CLASSES[128] = {
	/* clang-format off */
	S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S,
	S, S, S, S, S, S, S, S, S, S, S, S, S, S, S, S,
	S, P, P, P, P, P, P, A, P, P, P, P, P, P, P, P,
	D, D, D, D, D, D, D, D, D, D, P, P, P, P, P, P,
	P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, P, P, P, P, P,
	A, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, P, P, P, P, S,
	/* clang-format on */
};
#undef S
#undef P
#undef A
#undef D
#undef L

/* Acute accent, the curly quotes, prime, and the full-width form stand in for an apostrophe on many keyboards. */
static bool is_apostrophe(uint32_t code)
{
	return code == 0xb4 || code == SOFT_APOSTROPHE || code == 0x2018 || code == 0x2019 || code == 0x2032 ||
	       code == 0xff07;
}

/* Pictures among the symbols: behind the arrows, without letters in circles and the box drawings. */
static bool is_picture(uint32_t code)
{
	if (code >= 0x1f000 && code <= 0x1faff)
		return true;
	return code >= 0x2300 && code <= 0x2bff && !(code >= 0x2400 && code <= 0x259f);
}

static bool is_skin_tone(uint32_t code)
{
	return code >= 0x1f3fb && code <= 0x1f3ff;
}

static enum char_class symbol_class(uint32_t code)
{
	if (is_skin_tone(code))
		return CHAR_MARK;
	if (is_picture(code) || code == 0x3297 || code == 0x3299)
		return CHAR_EMOJI;
	/* Circled and squared letters and the parts of Han characters fold to letters. */
	if ((code >= 0x2460 && code <= 0x24ff) || (code >= 0x2e80 && code <= 0x33ff))
		return CHAR_LETTER;
	return code == REPLACEMENT ? CHAR_SPACE : CHAR_PUNCT;
}

enum char_class char_class_beyond_ascii(uint32_t code)
{
	if (is_apostrophe(code))
		return CHAR_APOSTROPHE;
	switch (utf8proc_category((utf8proc_int32_t)code)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_NL: return CHAR_LETTER;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NO: return CHAR_DIGIT;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME: return CHAR_MARK;
	case UTF8PROC_CATEGORY_CF: return CHAR_IGNORED;
	case UTF8PROC_CATEGORY_PC:
	case UTF8PROC_CATEGORY_PD:
	case UTF8PROC_CATEGORY_PS:
	case UTF8PROC_CATEGORY_PE:
	case UTF8PROC_CATEGORY_PI:
	case UTF8PROC_CATEGORY_PF:
	case UTF8PROC_CATEGORY_PO: return CHAR_PUNCT;
	case UTF8PROC_CATEGORY_SM:
	case UTF8PROC_CATEGORY_SC:
	case UTF8PROC_CATEGORY_SK:
	case UTF8PROC_CATEGORY_SO: return symbol_class(code);
	case UTF8PROC_CATEGORY_CN: /* an emoji younger than the tables */
		return code >= 0x1f000 && code <= 0x1faff ? CHAR_EMOJI : CHAR_SPACE;
	default: return CHAR_SPACE;
	}
}

bool char_is_upper(uint32_t code)
{
	if (code < 0x80)
		return code >= 'A' && code <= 'Z';
	return utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_LU;
}

bool char_is_regional(uint32_t code)
{
	return code >= 0x1f1e6 && code <= 0x1f1ff;
}

static size_t fold_ascii(struct str run, char out[WORD_BYTES_MAX], bool *out_stretched)
{
	size_t len = 0;
	char last = '\0', before_last = '\0';
	for (size_t i = 0; i < run.len && len < WORD_BYTES_MAX; i++) {
		char c = ascii_fold(run.ptr[i]);
		if (c == '`')
			c = '\'';
		if (c == last && c == before_last && c >= 'a' && c <= 'z') {
			*out_stretched = true;
			continue;
		}
		out[len++] = c;
		before_last = last;
		last = c;
	}
	return len;
}

/* Copies what a fold needs of `run`: apostrophes made plain, marks in moderation. */
static size_t tame(struct str run, char out[RUN_BYTES_READ])
{
	size_t len = 0, marks = 0;
	for (size_t at = 0; at < run.len && len + 4 <= RUN_BYTES_READ;) {
		uint32_t code = utf8_next(run, &at);
		enum char_class class = char_class_of(code);
		marks = class == CHAR_MARK ? marks + 1 : 0;
		if (class == CHAR_APOSTROPHE)
			code = '\'';
		if (marks <= MARKS_KEPT)
			len += utf8_put(code, out + len);
	}
	return len;
}

/* Whether a folded code point stays in a word: compatibility forms of one character may hold spaces and signs. */
static bool is_wordly(uint32_t code)
{
	enum char_class class = char_class_of(code);
	return class == CHAR_LETTER || class == CHAR_DIGIT || class == CHAR_MARK || code == '\'' || code == '/';
}

/* Apart from fold_word(), so that plain words, which most are, pay nothing for the room. */
__attribute__((noinline)) static size_t fold_unicode(struct str run, char out[WORD_BYTES_MAX], bool *out_stretched)
{
	char tamed[RUN_BYTES_READ];
	/* The longest compatibility form is 18 code points for 3 bytes. */
	utf8proc_int32_t codes[RUN_BYTES_READ * 6 + 8];
	size_t tamed_len = tame(run, tamed);
	utf8proc_ssize_t count =
		utf8proc_decompose((const utf8proc_uint8_t *)tamed, (utf8proc_ssize_t)tamed_len, codes,
				   (utf8proc_ssize_t)(COUNT(codes) - 8),
				   UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
	if (count <= 0 || count > (utf8proc_ssize_t)(COUNT(codes) - 8))
		return 0;
	count = utf8proc_normalize_utf32(codes, count, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	size_t len = 0;
	uint32_t last = 0, before_last = 0;
	for (utf8proc_ssize_t i = 0; i < count; i++) {
		uint32_t code = codes[i] == FRACTION_SLASH ? '/' : (uint32_t)codes[i];
		if (!is_wordly(code))
			continue;
		if (code == last && code == before_last && char_class_of(code) == CHAR_LETTER) {
			*out_stretched = true;
			continue;
		}
		before_last = last;
		last = code;
		char bytes[4];
		size_t more = utf8_put(code, bytes);
		if (len + more > WORD_BYTES_MAX)
			break;
		memcpy(out + len, bytes, more);
		len += more;
	}
	return len;
}

size_t fold_word(struct str run, bool is_ascii, char out[WORD_BYTES_MAX], bool *out_stretched)
{
	return is_ascii ? fold_ascii(run, out, out_stretched) : fold_unicode(run, out, out_stretched);
}

/* Letters that are no letter with a mark for Unicode, but are typed as one without. */
static const char *plain_letter(uint32_t code)
{
	switch (code) {
	case 0xe6: return "ae";
	case 0xf0:
	case 0x111: return "d";
	case 0xf8: return "o";
	case 0x131: return "i";
	case 0x142: return "l";
	case 0x153: return "oe";
	case 0x451: /* Cyrillic io is mostly written ie */ return "\xd0\xb5";
	default: return NULL;
	}
}

/* Latin and Greek letters come in a plain form; in other scripts a mark is part of the spelling. */
static bool has_plain_form(uint32_t code)
{
	return (code >= 0xc0 && code < 0x250) || (code >= 0x370 && code < 0x400) || (code >= 0x1e00 && code < 0x2000);
}

size_t strip_marks(struct str word, char out[MARKS_STRIPPED_MAX])
{
	size_t len = 0;
	for (size_t at = 0; at < word.len && len + 8 <= MARKS_STRIPPED_MAX;) {
		uint32_t code = utf8_next(word, &at);
		const char *plain = plain_letter(code);
		utf8proc_int32_t parts[4];
		int class = 0;
		if (code < 0x80) {
			out[len++] = (char)code;
		} else if (plain) {
			memcpy(out + len, plain, strlen(plain));
			len += strlen(plain);
		} else if (has_plain_form(code) &&
			   utf8proc_decompose_char((utf8proc_int32_t)code, parts, 4, UTF8PROC_DECOMPOSE, &class) > 0) {
			len += utf8_put((uint32_t)parts[0], out + len);
		} else if (code < 0x300 || code > 0x36f) { /* those are marks without a letter of their own */
			len += utf8_put(code, out + len);
		}
	}
	return len;
}
