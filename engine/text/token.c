/* SPDX-License-Identifier: Apache-2.0 */
#include "text/token.h"

#include "base/count.h"
#include "base/hash.h"
#include "text/internal.h"
#include "text/utf8.h"

#include <string.h>

struct reader {
	struct arena *arena;
	struct str text;
	const struct contraction_rules *rules;
	struct tokens tokens;
	size_t capacity;
};

/* A run of word characters in the original. */
struct run {
	size_t from, to;
	size_t letters, capitals, digits, apostrophes, hyphens;
	bool is_ascii;
};

static void push(struct reader *reader, const struct token *token)
{
	struct tokens *tokens = &reader->tokens;
	if (tokens->count == reader->capacity) {
		size_t capacity = reader->capacity ? reader->capacity * 2 : reader->text.len / 4 + 8;
		struct token *items = arena_alloc(reader->arena, capacity * sizeof *items);
		if (tokens->count)
			memcpy(items, tokens->items, tokens->count * sizeof *items);
		tokens->items = items;
		reader->capacity = capacity;
	}
	struct token *pushed = &tokens->items[tokens->count++];
	*pushed = *token;
	if (token->kind != TOKEN_PUNCT)
		pushed->hash = hash_bytes(token->text.ptr, token->text.len, 0);
}

static struct str keep(struct reader *reader, struct str text)
{
	char *copy = arena_alloc(reader->arena, text.len ? text.len : 1);
	memcpy(copy, text.ptr, text.len);
	return (struct str){ copy, text.len };
}

/* The code point at `at`, without moving on. */
static uint32_t peek(struct str text, size_t at, size_t *out_next)
{
	if ((unsigned char)text.ptr[at] < 0x80) {
		*out_next = at + 1;
		return (unsigned char)text.ptr[at];
	}
	*out_next = at;
	return utf8_next(text, out_next);
}

static bool letter_follows(struct str text, size_t at)
{
	size_t next;
	return at < text.len && char_class_of(peek(text, at, &next)) == CHAR_LETTER;
}

/* "e-mail" and "e-bike" are one word: people write them both ways. Elsewhere a hyphen separates. */
static bool is_e_hyphen(struct str text, const struct run *run)
{
	return run->to - run->from == 1 && (text.ptr[run->from] | 0x20) == 'e' && text.ptr[run->to] == '-' &&
	       letter_follows(text, run->to + 1);
}

/* The plain part of a word, which most words are all of. */
static void scan_ascii(struct str text, struct run *run)
{
	size_t at = run->to;
	for (; at < text.len && (unsigned char)text.ptr[at] < 0x80; at++) {
		char c = text.ptr[at];
		enum char_class class = char_class_of((unsigned char)c);
		if (class == CHAR_LETTER) {
			run->letters++;
			run->capitals += c < 'a';
		} else if (class == CHAR_DIGIT) {
			run->digits++;
		} else {
			break;
		}
	}
	run->to = at;
}

/* Reads on from run->from as long as it is one word. */
static void scan_run(struct str text, struct run *run)
{
	scan_ascii(text, run);
	if (run->to < text.len && text.ptr[run->to] == ' ') /* which most words end with */
		return;
	for (size_t next; run->to < text.len; run->to = next) {
		uint32_t code = peek(text, run->to, &next);
		enum char_class class = char_class_of(code);
		if (class == CHAR_APOSTROPHE) {
			if (run->letters + run->digits == 0 || !letter_follows(text, next))
				return;
			run->apostrophes++;
		} else if (class == CHAR_LETTER) {
			run->letters++;
			run->capitals += char_is_upper(code);
		} else if (class == CHAR_DIGIT) {
			run->digits++;
		} else if (is_e_hyphen(text, run)) {
			run->hyphens++;
		} else if (class != CHAR_MARK && class != CHAR_IGNORED) {
			return;
		}
		run->is_ascii &= code < 0x80;
	}
}

static uint8_t run_flags(const struct run *run)
{
	return run->letters >= 2 && run->capitals == run->letters ? TOKEN_CAPS : 0;
}

/* A letter three times is no stress in these: battery and clothing sizes, web addresses. */
static bool is_spelt_so(struct str run)
{
	static const char *const WORDS[] = { "www", "aaa", "aaaa", "xxxl", "xxxxl", "xxxs" };
	for (size_t i = 0; run.len <= 5 && i < COUNT(WORDS); i++)
		if (str_equal_nocase(run, str_of(WORDS[i])))
			return true;
	return false;
}

/* The folded bytes without apostrophes and hyphens, in place. */
static size_t without_joints(char *folded, size_t len)
{
	size_t kept = 0;
	for (size_t i = 0; i < len; i++)
		if (folded[i] != '\'' && folded[i] != '-')
			folded[kept++] = folded[i];
	return kept;
}

/* Where the original is cut when the folded word is cut as `split` says. Marks and joiners go with the front. */
static size_t cut_of(struct str text, const struct run *run, const struct contraction *split)
{
	size_t at = run->from, wanted = split->head_characters;
	if (split->tail_characters) {
		size_t total = 0;
		for (size_t i = run->from; i < run->to; total++)
			utf8_next(text, &i);
		wanted = total > split->tail_characters ? total - split->tail_characters : 1;
	}
	for (size_t i = 0; i < wanted && at < run->to; i++)
		utf8_next(text, &at);
	return at;
}

static void push_pair(struct reader *reader, const struct run *run, const struct contraction *split,
		      const struct token *whole)
{
	size_t cut = cut_of(reader->text, run, split);
	struct token first = *whole, second = *whole;
	first.text = split->first;
	first.to = second.from = (uint32_t)cut;
	second.text = split->second;
	if (split->is_second_clitic)
		second.flags |= TOKEN_CLITIC;
	else
		first.flags |= TOKEN_CLITIC;
	char joined[WORD_BYTES_MAX];
	for (int i = 0; i < 2; i++) {
		struct token *token = i ? &second : &first;
		memcpy(joined, token->text.ptr, token->text.len);
		token->text.len = without_joints(joined, token->text.len);
		token->text = keep(reader, (struct str){ joined, token->text.len });
		if (token->text.len && token->from < token->to)
			push(reader, token);
	}
}

static void push_word(struct reader *reader, const struct run *run)
{
	char folded[WORD_BYTES_MAX];
	bool is_stretched = false;
	struct str original = { reader->text.ptr + run->from, run->to - run->from };
	struct token token = {
		.from = (uint32_t)run->from, .to = (uint32_t)run->to, .kind = TOKEN_WORD, .flags = run_flags(run)
	};
	size_t len = fold_word(original, run->is_ascii, folded, &is_stretched);
	if (is_stretched && is_spelt_so(original)) {
		for (len = 0; len < original.len; len++)
			folded[len] = ascii_fold(original.ptr[len]);
	} else if (is_stretched) {
		token.flags |= TOKEN_STRETCHED;
	}
	struct contraction split = { 0 };
	if (reader->rules &&
	    contraction_split(reader->rules, (struct str){ folded, len }, run->apostrophes > 0, &split)) {
		if (!split.is_one) {
			push_pair(reader, run, &split, &token);
			return;
		}
		len = split.first.len;
	}
	if (run->apostrophes + run->hyphens)
		len = without_joints(folded, len);
	if (!len)
		return;
	/* "xD" is a face that is spelt with letters. */
	if (len == 2 && folded[0] == 'x' && folded[1] == 'd' && original.ptr[1] == 'D')
		token.kind = TOKEN_EMOJI;
	token.text = keep(reader, (struct str){ folded, len });
	push(reader, &token);
}

/* Digits go on over . , : or / when more digits follow. */
static void push_number(struct reader *reader, struct run *run)
{
	struct str text = reader->text;
	char folded[WORD_BYTES_MAX];
	bool is_stretched = false;
	while (run->to + 1 < text.len && strchr(".,:/", text.ptr[run->to]) && text.ptr[run->to] &&
	       text.ptr[run->to + 1] >= '0' && text.ptr[run->to + 1] <= '9') {
		run->to++;
		while (run->to < text.len && text.ptr[run->to] >= '0' && text.ptr[run->to] <= '9')
			run->to++;
	}
	size_t len = fold_word(str_part(text, run->from, run->to - run->from), run->is_ascii, folded, &is_stretched);
	if (!run->is_ascii)
		len = without_joints(folded, len);
	if (len)
		push(reader, &(struct token){ .text = keep(reader, (struct str){ folded, len }),
					      .from = (uint32_t)run->from,
					      .to = (uint32_t)run->to,
					      .kind = TOKEN_NUMBER });
}

static size_t read_masked(struct reader *reader, size_t at, size_t bytes)
{
	char folded[WORD_BYTES_MAX];
	size_t letters = 0, capitals = 0;
	for (size_t i = 0; i < bytes; i++) {
		char c = reader->text.ptr[at + i];
		folded[i] = ascii_fold(c);
		letters += folded[i] >= 'a' && folded[i] <= 'z';
		capitals += c >= 'A' && c <= 'Z';
	}
	push(reader, &(struct token){ .text = keep(reader, (struct str){ folded, bytes }),
				      .from = (uint32_t)at,
				      .to = (uint32_t)(at + bytes),
				      .kind = TOKEN_WORD,
				      .flags = TOKEN_MASKED | (letters >= 2 && capitals == letters ? TOKEN_CAPS : 0) });
	return at + bytes;
}

static size_t read_word(struct reader *reader, size_t at)
{
	struct run run = { .from = at, .to = at, .is_ascii = true };
	scan_run(reader->text, &run);
	char next = run.to < reader->text.len ? reader->text.ptr[run.to] : '\0';
	bool may_hide = run.digits || (next > ' ' && strchr("*!@$#%", next));
	if (run.is_ascii && run.letters && may_hide) {
		size_t bytes = masked_at(reader->text, at);
		if (bytes)
			return read_masked(reader, at, bytes);
	}
	if (run.letters)
		push_word(reader, &run);
	else
		push_number(reader, &run);
	return run.to;
}

/* One emoji with what modifies it: variation, skin tone, joined pictures, the second half of a flag. Its text is the
 * first picture alone, so that all skin tones and genders of a gesture are the same. */
static size_t read_emoji(struct reader *reader, size_t at)
{
	struct str text = reader->text;
	size_t to, next;
	uint32_t code = peek(text, at, &to);
	char folded[8];
	size_t len = utf8_put(code, folded);
	if (char_is_regional(code) && to < text.len && char_is_regional(peek(text, to, &next))) {
		len += utf8_put(peek(text, to, &next), folded + len);
		to = next;
	}
	for (bool joins = false; to < text.len; to = next) {
		uint32_t more = peek(text, to, &next);
		enum char_class class = char_class_of(more);
		if (class != CHAR_MARK && class != CHAR_IGNORED && !(joins && class == CHAR_EMOJI))
			break;
		joins = more == 0x200d;
	}
	push(reader, &(struct token){ .text = keep(reader, (struct str){ folded, len }),
				      .from = (uint32_t)at,
				      .to = (uint32_t)to,
				      .kind = TOKEN_EMOJI });
	return to;
}

static bool goes_on(uint32_t first, uint32_t code)
{
	bool asks = first == '?' || first == '!';
	return code == first || (asks && (code == '?' || code == '!'));
}

/* The plain form of the signs that are written in one character for several. */
static size_t put_sign(uint32_t code, char out[4])
{
	switch (code) {
	case 0x2026: memcpy(out, "...", 3); return 3;
	case 0x203c: memcpy(out, "!!", 2); return 2;
	case 0x2047:
	case 0x2048:
	case 0x2049: memcpy(out, code == 0x2047 ? "??" : code == 0x2048 ? "?!" : "!?", 2); return 2;
	default:
		/* The full-width forms are ASCII, shifted. */
		return utf8_put(code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code, out);
	}
}

static size_t read_punct(struct reader *reader, size_t at)
{
	struct str text = reader->text;
	const char *face;
	size_t bytes = emoticon_at(text, at, &face);
	if (bytes) {
		push(reader, &(struct token){ .text = str_of(face),
					      .from = (uint32_t)at,
					      .to = (uint32_t)(at + bytes),
					      .kind = TOKEN_EMOJI });
		return at + bytes;
	}
	bool may_hide = text.ptr[at] == '$' || text.ptr[at] == '@';
	if (may_hide && (bytes = masked_at(text, at)) > 0)
		return read_masked(reader, at, bytes);
	char folded[WORD_BYTES_MAX];
	size_t len = 0, to = at, next;
	uint32_t first = peek(text, at, &next);
	while (to < text.len) {
		uint32_t code = peek(text, to, &next);
		if (to > at && !goes_on(first, code))
			break;
		if (len + 4 <= WORD_BYTES_MAX)
			len += put_sign(code, folded + len);
		to = next;
	}
	push(reader, &(struct token){ .text = keep(reader, (struct str){ folded, len }),
				      .from = (uint32_t)at,
				      .to = (uint32_t)to,
				      .kind = TOKEN_PUNCT });
	return to;
}

struct tokens tokens_read_in(struct arena *arena, struct str utterance, const char *language)
{
	struct reader reader = { .arena = arena, .rules = contraction_rules_for(language), .tokens.text = utterance };
	reader.text = str_part(utterance, 0, UTTERANCE_BYTES_MAX);
	for (size_t at = 0, next; at < reader.text.len;) {
		switch (char_class_of(peek(reader.text, at, &next))) {
		case CHAR_LETTER:
		case CHAR_DIGIT: at = read_word(&reader, at); break;
		case CHAR_EMOJI: at = read_emoji(&reader, at); break;
		case CHAR_PUNCT:
		case CHAR_APOSTROPHE: at = read_punct(&reader, at); break;
		case CHAR_SPACE:
		case CHAR_MARK:
		case CHAR_IGNORED: at = next; break;
		}
	}
	return reader.tokens;
}
