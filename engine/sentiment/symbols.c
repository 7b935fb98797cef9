/* SPDX-License-Identifier: Apache-2.0 */
/* From an utterance to letters for the automaton: known words, beginnings, starred swear words, glued hashtags. */
#include "base/count.h"
#include "base/hash.h"
#include "sentiment/internal.h"

#include <string.h>

enum {
	PIECES_MAX = 8,         /* words that one token may become */
	HASHTAG_BYTES_MAX = 40, /* longer ones are not taken apart */
};

struct symbol_reader {
	const struct cue_book *book;
	struct symbols symbols;
	bool has_pause; /* since the last symbol */
};

/* "No, the blue one": the last word answers, and turns nothing round. */
static bool is_answer(const struct symbol_reader *reader)
{
	static const char *const answers[] = { "no", "nope", "nah", "nein", "nö", "non" };
	const struct symbols *symbols = &reader->symbols;
	if (symbols->count < 2 || symbols->letters[symbols->count - 2] >= LETTER_BOUNDARIES)
		return false;
	const struct str text = reader->book->vocabulary.words[symbols->letters[symbols->count - 1]].text;
	for (size_t i = 0; i < COUNT(answers); i++)
		if (str_is(text, answers[i]))
			return true;
	return false;
}

/* What a pause does to the symbols around it; apart from push(), since few symbols have one. */
__attribute__((noinline)) static void take_pause(struct symbol_reader *reader)
{
	struct symbols *symbols = &reader->symbols;
	if (is_answer(reader))
		symbols->letters[symbols->count - 1] = LETTER_OTHER;
	reader->has_pause = false;
}

static void push(struct symbol_reader *reader, uint32_t letter, uint32_t from, uint32_t to, unsigned flags)
{
	struct symbols *symbols = &reader->symbols;
	if (reader->has_pause) {
		flags |= SYMBOL_PAUSE;
		take_pause(reader);
	}
	symbols->letters[symbols->count] = letter;
	symbols->places[symbols->count++] = (struct symbol){ from, to, (uint8_t)flags };
	symbols->flags |= flags;
}

static void push_edge(struct symbol_reader *reader, uint32_t letter, uint32_t from, uint32_t to)
{
	struct symbols *symbols = &reader->symbols;
	/* "... ?" is a question: the later sign says more than a full stop or an edge. */
	if (symbols->count && symbols->letters[symbols->count - 1] == LETTER_EDGE && letter != LETTER_EDGE &&
	    symbols->count > 1)
		symbols->count--;
	else if (symbols->count && letter == LETTER_EDGE && symbols->letters[symbols->count - 1] < LETTER_BOUNDARIES)
		return;
	push(reader, letter, from, to, 0);
}

static void push_known(struct symbol_reader *reader, uint32_t letter, const struct token *token, unsigned flags)
{
	const struct vocabulary_word *word = &reader->book->vocabulary.words[letter];
	if (!word->reading)
		push(reader, letter, token->from, token->to, flags);
	for (size_t i = 0; word->reading && i < word->reading_count; i++)
		push(reader, word->reading[i], token->from, token->to, flags);
}

/* "f***", "sh!t": as many letters of the swear word as are written must agree; a final row of stars stands for any
 * number. */
static bool is_masked(struct str written, struct str swear)
{
	size_t i = 0;
	for (; i < written.len; i++) {
		char c = written.ptr[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
		if (i >= swear.len)
			return c == '*';
		if (is_letter && c != swear.ptr[i])
			return false;
	}
	return i == swear.len || (i && written.ptr[i - 1] == '*');
}

static uint32_t find_masked(const struct cue_book *book, struct str written)
{
	for (size_t i = 0; i < book->swear_count; i++)
		if (is_masked(written, book->vocabulary.words[book->swears[i]].text))
			return book->swears[i];
	return VOCABULARY_NONE;
}

/* "soo" was "sooo" or more: every double letter may stand for a single one. */
static uint32_t find_stretched(const struct vocabulary *vocabulary, struct str text)
{
	char single[WORD_BYTES_MAX];
	size_t len = 0;
	for (size_t i = 0; i < text.len && len < sizeof single; i++)
		if (!len || text.ptr[i] != single[len - 1])
			single[len++] = text.ptr[i];
	return vocabulary_find(vocabulary, (struct str){ single, len });
}

/* What a word that is not known as it is may stand for. */
__attribute__((noinline)) static uint32_t find_other_word(const struct cue_book *book, const struct token *token)
{
	const struct vocabulary *vocabulary = &book->vocabulary;
	uint32_t letter = VOCABULARY_NONE;
	if (token->flags & TOKEN_STRETCHED)
		letter = find_stretched(vocabulary, token->text);
	if (letter == VOCABULARY_NONE && (token->flags & TOKEN_MASKED))
		letter = find_masked(book, token->text);
	if (letter == VOCABULARY_NONE)
		letter = vocabulary_find_prefix(vocabulary, token->text);
	return letter;
}

static uint32_t find_word(const struct cue_book *book, const struct token *token)
{
	uint32_t letter = vocabulary_find_hashed(&book->vocabulary, token->text, token->hash);
	return letter != VOCABULARY_NONE ? letter : find_other_word(book, token);
}

static size_t leading_digits(struct str text)
{
	size_t count = 0;
	while (count < text.len && text.ptr[count] >= '0' && text.ptr[count] <= '9')
		count++;
	return count;
}

static bool holds_digit(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
			return true;
	return false;
}

/* A hashtag cut into known words, as few letters left over as possible, then as few pieces as possible. */
struct cut {
	unsigned cost; /* up to here */
	uint8_t from;  /* where the piece that ends here starts */
	uint32_t letter;
};

enum { COST_LEFT_OVER = 4, COST_PIECE = 3, COST_SHORT_PIECE = 9 };

static size_t cut_hashtag(const struct cue_book *book, struct str text, uint32_t pieces[PIECES_MAX])
{
	struct cut cuts[HASHTAG_BYTES_MAX + 1];
	cuts[0] = (struct cut){ 0 };
	for (size_t end = 1; end <= text.len; end++) {
		cuts[end] = (struct cut){ cuts[end - 1].cost + COST_LEFT_OVER, (uint8_t)(end - 1), LETTER_OTHER };
		for (size_t from = end >= 16 ? end - 16 : 0; from + 2 <= end; from++) {
			unsigned cost = cuts[from].cost + (end - from < 4 ? COST_SHORT_PIECE : COST_PIECE);
			if (cost >= cuts[end].cost)
				continue;
			uint32_t letter = vocabulary_find(&book->vocabulary, str_part(text, from, end - from));
			if (letter != VOCABULARY_NONE)
				cuts[end] = (struct cut){ cost, (uint8_t)from, letter };
		}
	}
	size_t count = 0;
	for (size_t at = text.len; at && count < PIECES_MAX; at = cuts[at].from)
		if (cuts[at].letter != LETTER_OTHER || !count || pieces[count - 1] != LETTER_OTHER)
			pieces[count++] = cuts[at].letter;
	return count;
}

static void push_hashtag(struct symbol_reader *reader, const struct token *token, unsigned flags)
{
	uint32_t pieces[PIECES_MAX];
	size_t count = token->text.len <= HASHTAG_BYTES_MAX ? cut_hashtag(reader->book, token->text, pieces) : 0;
	while (count--)
		push(reader, pieces[count], token->from, token->to, flags);
}

static void push_word(struct symbol_reader *reader, const struct token *token, bool is_hashtag)
{
	uint32_t letter = find_word(reader->book, token);
	unsigned flags = token->flags & TOKEN_CAPS ? SYMBOL_CAPS : 0;
	if (is_hashtag)
		push(reader, LETTER_HASHTAG, token->from, token->from, 0);
	reader->symbols.words += !(token->flags & TOKEN_CLITIC);
	reader->symbols.shouted += (token->flags & (TOKEN_CAPS | TOKEN_CLITIC)) == TOKEN_CAPS;
	if (letter != VOCABULARY_NONE) {
		push_known(reader, letter, token, flags);
		return;
	}
	size_t digits = leading_digits(token->text);
	if (digits) { /* "3hrs", "2nd" */
		struct token unit = *token;
		unit.text = str_part(token->text, digits, token->text.len);
		unit.hash = hash_bytes(unit.text.ptr, unit.text.len, 0);
		unit.flags = 0;
		letter = find_word(reader->book, &unit);
		push(reader, LETTER_NUMBER, token->from, token->from + (uint32_t)digits, 0);
		if (letter != VOCABULARY_NONE)
			push_known(reader, letter, token, 0);
		else
			push(reader, LETTER_OTHER, token->from, token->to, SYMBOL_CODE);
	} else if (is_hashtag) {
		push_hashtag(reader, token, flags);
	} else {
		push(reader, LETTER_OTHER, token->from, token->to,
		     flags | (holds_digit(token->text) ? SYMBOL_CODE : 0u));
	}
}

static void push_punct(struct symbol_reader *reader, const struct token *token)
{
	size_t exclaims = 0, questions = 0;
	for (size_t i = 0; i < token->text.len; i++) {
		exclaims += token->text.ptr[i] == '!';
		questions += token->text.ptr[i] == '?';
	}
	reader->symbols.exclaims += exclaims;
	reader->symbols.questions += questions;
	uint32_t letter = LETTER_EDGE;
	if (exclaims && questions)
		letter = LETTER_MIXED;
	else if (questions)
		letter = questions > 1 ? LETTER_QUESTIONS : LETTER_QUESTION;
	else if (exclaims)
		letter = exclaims > 1 ? LETTER_EXCLAIMS : LETTER_EXCLAIM;
	else if (token->text.ptr[0] != '.' && token->text.ptr[0] != ';' && !str_starts(token->text, "\xe2\x80\xa6")) {
		reader->has_pause = reader->has_pause || strchr(",:()", token->text.ptr[0]);
		return;
	}
	push_edge(reader, letter, token->from, token->to);
}

static void push_emoji(struct symbol_reader *reader, const struct token *token)
{
	uint32_t letter = vocabulary_find_hashed(&reader->book->vocabulary, token->text, token->hash);
	push(reader, letter == VOCABULARY_NONE ? LETTER_OTHER : letter, token->from, token->to, SYMBOL_EMOJI);
}

static bool holds_line_end(struct str text, uint32_t from, uint32_t to)
{
	while (from < to && text.ptr[from] != '\n')
		from++;
	return from < to;
}

struct symbols symbols_read_in(struct arena *scratch, const struct cue_book *book, const struct tokens *tokens)
{
	size_t room = tokens->count * (PIECES_MAX + 3) + 2; /* an edge, a sign and a number may come with them */
	struct symbol_reader reader = {
		.book = book,
		.symbols = { .letters = arena_alloc(scratch, room * sizeof(uint32_t)),
			     .places = arena_alloc(scratch, room * sizeof(struct symbol)) },
	};
	push(&reader, LETTER_EDGE, 0, 0, 0);
	const struct token *before = NULL;
	for (size_t i = 0; i < tokens->count; before = &tokens->items[i++]) {
		const struct token *token = &tokens->items[i];
		bool touches = before && before->to == token->from && before->kind == TOKEN_PUNCT;
		if (before && holds_line_end(tokens->text, before->to, token->from))
			push_edge(&reader, LETTER_EDGE, before->to, before->to);
		if (token->kind == TOKEN_PUNCT)
			push_punct(&reader, token);
		else if (token->kind == TOKEN_EMOJI)
			push_emoji(&reader, token);
		else if (token->kind == TOKEN_NUMBER)
			push(&reader, LETTER_NUMBER, token->from, token->to, 0);
		else if (touches && str_is(before->text, "@")) /* somebody's name */
			push(&reader, LETTER_OTHER, token->from, token->to, 0);
		else
			push_word(&reader, token, touches && str_is(before->text, "#"));
	}
	push_edge(&reader, LETTER_EDGE, (uint32_t)tokens->text.len, (uint32_t)tokens->text.len);
	return reader.symbols;
}
