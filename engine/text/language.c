/* SPDX-License-Identifier: Apache-2.0 */
#include "text/language.h"

#include "base/count.h"
#include "text/internal.h"
#include "text/utf8.h"

#include <string.h>

static const struct {
	const char *code, *name, *snowball;
} LANGUAGES[] = {
	{ "ar", "Arabic", "arabic" },       { "ca", "Catalan", "catalan" },       { "da", "Danish", "danish" },
	{ "de", "German", "german" },       { "el", "Greek", "greek" },           { "en", "English", "english" },
	{ "es", "Spanish", "spanish" },     { "eu", "Basque", "basque" },         { "fi", "Finnish", "finnish" },
	{ "fr", "French", "french" },       { "ga", "Irish", "irish" },           { "hi", "Hindi", "hindi" },
	{ "hu", "Hungarian", "hungarian" }, { "hy", "Armenian", "armenian" },     { "id", "Indonesian", "indonesian" },
	{ "it", "Italian", "italian" },     { "lt", "Lithuanian", "lithuanian" }, { "ne", "Nepali", "nepali" },
	{ "nl", "Dutch", "dutch" },         { "no", "Norwegian", "norwegian" },   { "pt", "Portuguese", "portuguese" },
	{ "ro", "Romanian", "romanian" },   { "ru", "Russian", "russian" },       { "sr", "Serbian", "serbian" },
	{ "sv", "Swedish", "swedish" },     { "ta", "Tamil", "tamil" },           { "tr", "Turkish", "turkish" },
	{ "yi", "Yiddish", "yiddish" },
};
enum { LANGUAGE_COUNT = COUNT(LANGUAGES) };

/* All codes have two letters. */
static bool is_code(const char *code, const char *other)
{
	return code[0] == other[0] && code[1] == other[1];
}

/* The place of a code among LANGUAGES, which are in order; LANGUAGE_COUNT when it is not there. */
static size_t place_of(const char *code)
{
	int wanted = (unsigned char)code[0] << 8 | (unsigned char)code[1];
	size_t low = 0, high = LANGUAGE_COUNT;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int found = LANGUAGES[middle].code[0] << 8 | LANGUAGES[middle].code[1];
		if (found == wanted)
			return middle;
		if (found < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return LANGUAGE_COUNT;
}

const char *language_code(struct str tag)
{
	if (tag.len < 2 || (tag.len > 2 && tag.ptr[2] != '-' && tag.ptr[2] != '_'))
		return NULL;
	char code[2] = { ascii_fold(tag.ptr[0]), ascii_fold(tag.ptr[1]) };
	if (is_code("nb", code) || is_code("nn", code))
		code[1] = 'o';
	size_t place = place_of(code);
	return place < LANGUAGE_COUNT ? LANGUAGES[place].code : NULL;
}

const char *language_name(const char *code)
{
	for (size_t i = 0; i < LANGUAGE_COUNT; i++)
		if (!strcmp(LANGUAGES[i].code, code))
			return LANGUAGES[i].name;
	return "";
}

const char *language_snowball(const char *code)
{
	for (size_t i = 0; i < LANGUAGE_COUNT; i++)
		if (!strcmp(LANGUAGES[i].code, code))
			return LANGUAGES[i].snowball;
	return "";
}

enum { GUESS_BYTES = 2000 }; /* so much of an utterance is read; the language shows in its first line */

/* Scripts, by the ranges of their letters. */
enum script {
	SCRIPT_LATIN,
	SCRIPT_GREEK,
	SCRIPT_CYRILLIC,
	SCRIPT_ARMENIAN,
	SCRIPT_HEBREW,
	SCRIPT_ARABIC,
	SCRIPT_DEVANAGARI,
	SCRIPT_TAMIL,
	SCRIPT_OTHER,
	SCRIPT_COUNT,
};

static enum script script_of(uint32_t code)
{
	static const struct {
		uint32_t from, to;
		enum script script;
	} RANGES[] = {
		{ 0x0000, 0x036f, SCRIPT_LATIN },      { 0x0370, 0x03ff, SCRIPT_GREEK },
		{ 0x0400, 0x052f, SCRIPT_CYRILLIC },   { 0x0530, 0x058f, SCRIPT_ARMENIAN },
		{ 0x0590, 0x05ff, SCRIPT_HEBREW },     { 0x0600, 0x077f, SCRIPT_ARABIC },
		{ 0x0900, 0x097f, SCRIPT_DEVANAGARI }, { 0x0b80, 0x0bff, SCRIPT_TAMIL },
		{ 0x1e00, 0x1eff, SCRIPT_LATIN },      { 0x1f00, 0x1fff, SCRIPT_GREEK },
		{ 0x2100, 0x218f, SCRIPT_LATIN },      { 0xfb00, 0xfb06, SCRIPT_LATIN },
		{ 0xfb13, 0xfb17, SCRIPT_ARMENIAN },   { 0xfb1d, 0xfb4f, SCRIPT_HEBREW },
		{ 0xfb50, 0xfdff, SCRIPT_ARABIC },     { 0xfe70, 0xfeff, SCRIPT_ARABIC },
		{ 0xff21, 0xff5a, SCRIPT_LATIN },
	};
	for (size_t i = 0; i < COUNT(RANGES); i++)
		if (code >= RANGES[i].from && code <= RANGES[i].to)
			return RANGES[i].script;
	return SCRIPT_OTHER;
}

static enum script script_used(const char *code)
{
	static const struct {
		const char *code;
		enum script script;
	} USES[] = {
		{ "el", SCRIPT_GREEK },      { "ru", SCRIPT_CYRILLIC },   { "sr", SCRIPT_CYRILLIC },
		{ "hy", SCRIPT_ARMENIAN },   { "yi", SCRIPT_HEBREW },     { "ar", SCRIPT_ARABIC },
		{ "hi", SCRIPT_DEVANAGARI }, { "ne", SCRIPT_DEVANAGARI }, { "ta", SCRIPT_TAMIL },
	};
	for (size_t i = 0; i < COUNT(USES); i++)
		if (!strcmp(USES[i].code, code))
			return USES[i].script;
	return SCRIPT_LATIN;
}

static const char *const GUESSED[GUESS_COUNT] = { "en", "de", "fr", "es", "it", "nl", "pt" };

static int guess_of(const char *code)
{
	for (int i = 0; i < GUESS_COUNT; i++)
		if (is_code(GUESSED[i], code))
			return i;
	return -1;
}

bool language_is_function_word(struct str word, const char *code)
{
	int guess = guess_of(code);
	return guess >= 0 && (language_word(word) >> guess & 1);
}

/* What an utterance shows. A word counts 1 for its language, less when others have it too; a letter or an ending
 * counts about half a word. The weights are round numbers that the table in the test agrees with. */
struct evidence {
	double scores[LANGUAGE_COUNT + 1]; /* by letters and endings, in the order of LANGUAGES */
	bool has_scores;                   /* any of these */
	double guesses[GUESS_COUNT];       /* by words, in the order of GUESSED */
	size_t words, known_words;
	size_t letters[SCRIPT_COUNT];
	unsigned rivals; /* bits of the languages in question: what others have too does not matter */
	char before;     /* 't' or 'e' when the word before was "tu" or "es" */
};

static void add_score(struct evidence *evidence, const char *code, double score)
{
	evidence->scores[place_of(code)] += score;
	evidence->has_scores = true;
}

static double score_of(const struct evidence *evidence, const char *code)
{
	int guess = guess_of(code);
	double score = guess >= 0 ? evidence->guesses[guess] : 0;
	size_t place = evidence->has_scores ? place_of(code) : LANGUAGE_COUNT;
	return place < LANGUAGE_COUNT ? score + evidence->scores[place] : score;
}

/* Letters that few languages use. */
static void add_letter(struct evidence *evidence, uint32_t code)
{
	static const struct {
		uint32_t letter;
		const char *codes; /* two letters each */
		double score;
	} LETTERS[] = {
		{ 0xdf, "de", 1.5 },       { 0xe4, "defisv", 0.6 },       { 0xf6, "defisvtrhu", 0.5 },
		{ 0xfc, "detrhu", 0.6 },   { 0xf1, "es", 1.5 },           { 0xbf, "es", 1.5 },
		{ 0xa1, "es", 1.5 },       { 0xe7, "frptcatr", 0.5 },     { 0x153, "fr", 1.0 },
		{ 0xea, "frpt", 0.5 },     { 0xe8, "fritca", 0.4 },       { 0xe0, "fritptca", 0.4 },
		{ 0xf9, "frit", 0.5 },     { 0xfb, "fr", 0.6 },           { 0xf4, "frpt", 0.5 },
		{ 0xee, "frro", 0.5 },     { 0xe9, "frespthuitga", 0.2 }, { 0xe1, "espthuga", 0.4 },
		{ 0xed, "espthuga", 0.4 }, { 0xf3, "espthugaca", 0.4 },   { 0xfa, "espthuga", 0.4 },
		{ 0xe3, "pt", 1.5 },       { 0xf5, "pt", 1.0 },           { 0xec, "it", 0.8 },
		{ 0xf2, "itca", 0.6 },     { 0xe5, "svdano", 0.8 },       { 0xf8, "dano", 1.0 },
		{ 0xe6, "dano", 0.8 },     { 0x131, "tr", 1.5 },          { 0x15f, "tr", 1.2 },
		{ 0x11f, "tr", 1.5 },      { 0x151, "hu", 1.5 },          { 0x171, "hu", 1.5 },
		{ 0x103, "ro", 1.2 },      { 0x219, "ro", 1.5 },          { 0x21b, "ro", 1.5 },
		{ 0x117, "lt", 1.5 },      { 0x173, "lt", 1.2 },          { 0x12f, "lt", 1.2 },
	};
	for (size_t i = 0; i < COUNT(LETTERS); i++)
		if (LETTERS[i].letter == code)
			for (const char *codes = LETTERS[i].codes; *codes; codes += 2)
				add_score(evidence, codes, LETTERS[i].score);
}

#define ENDING(literal)                        \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}
static void add_ending(struct evidence *evidence, struct str word)
{
	static const struct {
		struct str text;
		const char *code;
		double score;
	} ENDINGS[] = {
		{ ENDING("ung"), "de", 0.6 },   { ENDING("ungen"), "de", 0.8 }, { ENDING("lich"), "de", 0.8 },
		{ ENDING("keit"), "de", 0.8 },  { ENDING("cht"), "de", 0.5 },   { ENDING("iert"), "de", 0.8 },
		{ ENDING("cion"), "es", 0.8 },  { ENDING("ción"), "es", 1.0 },  { ENDING("ciones"), "es", 0.8 },
		{ ENDING("zione"), "it", 1.0 }, { ENDING("zioni"), "it", 1.0 }, { ENDING("cao"), "pt", 0.6 },
		{ ENDING("ção"), "pt", 1.0 },   { ENDING("lijk"), "nl", 0.8 },  { ENDING("tje"), "nl", 0.6 },
		{ ENDING("eux"), "fr", 0.6 },   { ENDING("ez"), "fr", 0.5 },    { ENDING("tion"), "fr", 0.1 },
		{ ENDING("tion"), "en", 0.1 },  { ENDING("ing"), "en", 0.5 },   { ENDING("ing"), "nl", 0.3 },
		{ ENDING("ly"), "en", 0.4 },    { ENDING("ght"), "en", 0.6 },
	};
	char last = word.len ? word.ptr[word.len - 1] : '\0';
	for (size_t i = 0; i < COUNT(ENDINGS); i++) {
		struct str ending = ENDINGS[i].text;
		if (last == ending.ptr[ending.len - 1] && word.len > ending.len + 1 &&
		    !memcmp(word.ptr + word.len - ending.len, ending.ptr, ending.len))
			add_score(evidence, ENDINGS[i].code, ENDINGS[i].score);
	}
}
#undef ENDING

/* French and Spanish share "tu" and "es", but "tu es" ("you are") is French: in Spanish "tu" is "your". "es-tu" is
 * French, too, but Spanish has "es tu" ("is your"): that only decides where nothing else does. */
static void add_pair(struct evidence *evidence, struct str word)
{
	char before = evidence->before;
	evidence->before = str_is(word, "tu") ? 't' : str_is(word, "es") ? 'e' : 0;
	if (before && evidence->before && before != evidence->before)
		add_score(evidence, "fr", before == 't' ? 0.8 : 0.1);
}

static void add_word(struct evidence *evidence, struct str run, bool is_ascii)
{
	static const double SHARED[] = { 0, 1.0, 0.6, 0.4, 0.25, 0.2, 0.15, 0.1 };
	char folded[WORD_BYTES_MAX];
	bool is_stretched = false;
	struct str word = { folded, fold_word(run, is_ascii, folded, &is_stretched) };
	unsigned languages = language_word(word);
	evidence->words++;
	add_pair(evidence, word);
	if (!languages) {
		add_ending(evidence, word);
		return;
	}
	evidence->known_words++;
	double score = SHARED[__builtin_popcount(languages & evidence->rivals)];
	for (; languages; languages &= languages - 1)
		evidence->guesses[__builtin_ctz(languages)] += score;
}

/* How many letters of ASCII stand at `at`. */
static size_t plain_letters(struct str text, size_t at)
{
	size_t to = at;
	while (to < text.len && (unsigned char)text.ptr[to] < 0x80 &&
	       ASCII_CLASSES[(unsigned char)text.ptr[to]] == CHAR_LETTER)
		to++;
	return to - at;
}

/* A word that is being read. */
struct word_run {
	size_t from;
	bool is_open, is_ascii;
};

static void end_word(struct evidence *evidence, struct word_run *run, struct str text, size_t at)
{
	if (run->is_open)
		add_word(evidence, str_part(text, run->from, at - run->from), run->is_ascii);
	run->is_open = false;
}

static void begin_word(struct word_run *run, size_t at)
{
	if (!run->is_open)
		*run = (struct word_run){ at, true, true };
}

static void evidence_read(struct evidence *evidence, struct str utterance)
{
	struct str text = str_part(utterance, 0, GUESS_BYTES);
	struct word_run run = { 0 };
	uint32_t last = 0;
	for (size_t at = 0, next; at < text.len; at = next) {
		size_t plain = plain_letters(text, at); /* which most of a text is */
		if (plain) {
			begin_word(&run, at);
			evidence->letters[SCRIPT_LATIN] += plain;
			next = at + plain;
			last = 0;
			continue;
		}
		next = at;
		uint32_t code = utf8_next(text, &next);
		enum char_class class = char_class_of(code);
		if (class == CHAR_LETTER) {
			begin_word(&run, at);
			evidence->letters[script_of(code)]++;
		} else if (class != CHAR_MARK && class != CHAR_IGNORED) {
			end_word(evidence, &run, text, at);
		}
		run.is_ascii &= code < 0x80;
		if (code >= 0x80 && code != last)
			add_letter(evidence, code >= 0xc0 && code <= 0xde ? code + 0x20 : code);
		last = code;
	}
	end_word(evidence, &run, text, text.len);
}

/* The script of most letters; Latin when there are none. */
static enum script script_seen(const struct evidence *evidence)
{
	size_t best = SCRIPT_LATIN;
	for (size_t i = 0; i < SCRIPT_COUNT; i++)
		if (evidence->letters[i] > evidence->letters[best])
			best = i;
	return (enum script)best;
}

const char *language_guess(struct str utterance, const char *const *codes, size_t count, const char *usual)
{
	enum { LETTERS_MIN = 2 };
	struct evidence evidence = { 0 };
	if (count < 2)
		return usual;
	for (size_t i = 0; i < count; i++)
		if (guess_of(codes[i]) >= 0)
			evidence.rivals |= 1u << guess_of(codes[i]);
	evidence_read(&evidence, utterance);
	enum script script = script_seen(&evidence);
	if (script != SCRIPT_LATIN) {
		if (script_used(usual) == script || evidence.letters[script] < LETTERS_MIN)
			return usual;
		for (size_t i = 0; i < count; i++)
			if (script_used(codes[i]) == script)
				return codes[i];
		return usual;
	}
	const char *best = usual;
	double usual_score = score_of(&evidence, usual), best_score = usual_score;
	for (size_t i = 0; i < count; i++) {
		double score = codes[i] == usual ? usual_score : score_of(&evidence, codes[i]);
		if (score > best_score) {
			best = codes[i];
			best_score = score;
		}
	}
	/* One word that only the other language has is enough, when nothing speaks for the usual one. */
	return best_score >= 0.9 && best_score >= usual_score + 0.7 ? best : usual;
}

bool language_is_foreign(struct str utterance, const char *code)
{
	struct evidence evidence = { .rivals = (1u << GUESS_COUNT) - 1 };
	evidence_read(&evidence, utterance);
	enum script script = script_seen(&evidence);
	if (script != SCRIPT_LATIN)
		return script_used(code) != script && evidence.letters[script] >= 2;
	double own = score_of(&evidence, code), best = 0;
	for (int i = 0; i < GUESS_COUNT; i++)
		if (strcmp(GUESSED[i], code) != 0 && score_of(&evidence, GUESSED[i]) > best)
			best = score_of(&evidence, GUESSED[i]);
	/* Of a language without words here it is not known how much speaks for it: then nearly every word must tell. */
	if (guess_of(code) < 0)
		return best >= 3 && evidence.known_words * 3 >= evidence.words * 2;
	return best >= 1.9 && best >= 3 * own;
}
