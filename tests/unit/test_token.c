/* SPDX-License-Identifier: Apache-2.0 */
#include "text/token.h"

#include "base/buf.h"
#include "base/mem.h"
#include "text/utf8.h"

#include "cmocka_all.h"
#include "patience.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Tokens as one line: "where is/+ my parcel ??/P". Behind the slash: N number, E emoji, P punctuation; C capitals,
 * S stretched, M masked, + clitic. */
static void print_tokens(const struct tokens *tokens, struct buf *out)
{
	static const char *const kinds[] = { "", "N", "E", "P" };
	static const char flags[] = "CSM+";
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];
		buf_printf(out, "%s%.*s", i ? " " : "", STR_ARG(token->text));
		if (token->kind != TOKEN_WORD || token->flags)
			buf_printf(out, "/%s", kinds[token->kind]);
		for (int bit = 0; bit < 4; bit++)
			if (token->flags >> bit & 1)
				buf_add_char(out, flags[bit]);
	}
}

/* The original pieces of the tokens, with | between. */
static void print_pieces(const struct tokens *tokens, const char *original, struct buf *out)
{
	for (size_t i = 0; i < tokens->count; i++)
		buf_printf(out, "%s%.*s", i ? "|" : "", (int)(tokens->items[i].to - tokens->items[i].from),
			   original + tokens->items[i].from);
}

struct row {
	const char *language, *text, *tokens;
};

static void check_rows(const struct row *rows, size_t count)
{
	struct arena arena = { 0 };
	struct buf seen = { 0 };
	size_t failed = 0;
	for (size_t i = 0; i < count; i++) {
		struct tokens tokens = tokens_read_in(&arena, str_of(rows[i].text), rows[i].language);
		buf_reset(&seen);
		print_tokens(&tokens, &seen);
		if (strcmp(buf_text(&seen), rows[i].tokens) != 0) {
			print_error("%s: \"%s\"\n  expected %s\n  got      %s\n", rows[i].language, rows[i].text,
				    rows[i].tokens, buf_text(&seen));
			failed++;
		}
	}
	buf_clear(&seen);
	arena_clear(&arena);
	assert_int_equal(failed, 0);
}
#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

static void test_words(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "", "" },
		{ "en", "   \t\r\n ", "" },
		{ "en", "Where is my Parcel", "where is my parcel" },
		{ "en", "size10 10am 2nd", "size10 10am 2nd" },
		{ "en", "m&s p&p", "m &/P s p &/P p" },
		{ "en", "next-day e-mail E-Bike t-shirt", "next -/P day email ebike t -/P shirt" },
		{ "en", "hello,world.again", "hello ,/P world ./P again" },
		{ "en", "snake_case", "snake _/P case" },
		{ "en", "me@shop.example", "me @/P shop ./P example" },
		{ "en", "http://shop.example/a", "http :/P ///P shop ./P example //P a" },
		{ "de", "STRASSE Straße Größe", "strasse/C strasse grösse" },
		{ "fr", "Œuvre ÉTÉ", "œuvre été/C" },
		{ "en", "ﬁne ＨＥＬＬＯ Ⅳ", "fine hello/C iv" },
		{ "en", "cafe\xcc\x81 = café", "café =/P café" },
		{ "en", "co\xc2\xadoperate zero\xe2\x80\x8bwidth", "cooperate zerowidth" },
		{ "ru", "Где мой ЗАКАЗ", "где мой заказ/C" },
		{ "el", "ΛΌΓΟΣ λόγος", "λόγοσ/C λόγοσ" },
		{ "en",
		  "a\xff"
		  "b",
		  "a b" },
		{ "en", "caf\xc3", "caf" },
	};
	CHECK(rows);
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "12 9:30 1,000.50 24/7", "12/N 9:30/N 1,000.50/N 24/7/N" },
		{ "en", "£3.95", "£/P 3.95/N" },
		{ "en", "5% off", "5/N %/P off" },
		{ "en", "in 2024. ok", "in 2024/N ./P ok" },
		{ "en", "1000 10000000", "1000/N 10000000/N" },
		{ "en", "½ ² ٣", "1/2/N 2/N ٣/N" },
		{ "en", "12.50eur", "12.50/N eur" },
		{ "en", "1. 2", "1/N ./P 2/N" },
	};
	CHECK(rows);
}

static void test_english_contractions(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "don't", "do not/+" },
		{ "en", "don’t", "do not/+" },
		{ "en", "don`t don´t don＇t", "do not/+ do not/+ do not/+" },
		{ "en", "can't won't shan't", "can not/+ will not/+ shall not/+" },
		{ "en", "DON'T", "do/C not/C+" },
		{ "en", "I'm we're I've we'll I'd", "i am/+ we are/+ i have/+ we will/+ i would/+" },
		{ "en", "where's it's that's", "where is/+ it is/+ that is/+" },
		{ "en", "let's", "let us/+" },
		{ "en", "John's mother's", "john mother" },
		{ "en", "o'neil o'clock", "oneil oclock" },
		{ "en", "customers' parcels", "customers '/P parcels" },
		{ "en", "'quoted'", "'/P quoted '/P" },
		{ "en", "dont cant wont isnt", "do not/+ can not/+ will not/+ is not/+" },
		{ "en", "wheres whats whos", "where is/+ what is/+ who is/+" },
		{ "en", "ive im youre theyve", "i have/+ i am/+ you are/+ they have/+" },
		{ "en", "cannot gonna wanna", "can not/+ going to/+ want to/+" },
		{ "en", "aint arent couldnt didnt doesnt hadnt hasnt havent",
		  "is not/+ are not/+ could not/+ did not/+ does not/+ had not/+ has not/+ have not/+" },
		{ "en", "mustnt neednt shouldnt wasnt werent wouldnt",
		  "must not/+ need not/+ should not/+ was not/+ were not/+ would not/+" },
		{ "en", "heres hes hows shes thats theres whens",
		  "here is/+ he is/+ how is/+ she is/+ that is/+ there is/+ when is/+" },
		{ "en", "itll thatll theyll youll theyd youd theyre weve youve",
		  "it will/+ that will/+ they will/+ you will/+ they would/+ you would/+ they are/+ we have/+ you "
		  "have/+" },
		{ "en", "gimme lemme gotta", "give me/+ let me/+ got to/+" },
		{ "en", "ill well were its lets", "ill well were its lets" },
		{ "en", "dooon't", "doo/S not/S+" },
		{ "de", "don't", "dont" },
	};
	CHECK(rows);
}

static void test_other_contractions(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "fr", "l'adresse d’email", "le/+ adresse de/+ email" },
		{ "fr", "j'ai qu'est c'est", "je/+ ai que/+ est ce/+ est" },
		{ "fr", "aujourd'hui", "aujourdhui" },
		{ "fr", "jai cest quest", "je ai/+ ce est/+ que est/+" },
		{ "it", "l'ordine dov'è un'altra", "lo/+ ordine dove/+ è una/+ altra" },
		{ "de", "geht's gibt’s", "geht es/+ gibt es/+" },
		{ "de", "gehts gibts habs hats", "geht es/+ gibt es/+ hab es/+ hat es/+" },
		{ "de", "Anna's Laden", "anna laden" },
		{ "ca", "l'adreça", "el/+ adreça" },
		{ "es", "d'accord", "daccord" },
	};
	CHECK(rows);
}

static void test_flags(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "WHERE is My I", "where/C is my i" },
		{ "en", "A4 XL2", "a4 xl2/C" },
		{ "en", "sooooo niiice", "soo/S niice/S" },
		{ "en", "SOOOOO", "soo/CS" },
		{ "de", "jaaaa schööön", "jaa/S schöön/S" },
		{ "en", "XXXL AAA www", "xxxl/C aaa/C www" },
		{ "en", "f*** f*ck s**t w*nker", "f***/M f*ck/M s**t/M w*nker/M" },
		{ "en", "sh!t b1tch $hit a$$ @sshole F@CK", "sh!t/M b1tch/M $hit/M a$$/M @sshole/M f@ck/CM" },
		{ "en", "**bold** stars* 5*3", "**/P bold **/P stars */P 5/N */P 3/N" },
		{ "en", "hi!there wow! A55", "hi !/P there wow !/P a55" },
	};
	CHECK(rows);
}

static void test_signs_and_faces(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "what?! no!!! ...", "what ?!/P no !!!/P .../P" },
		{ "en", "… ‼ ⁉ ！", ".../P !!/P !?/P !/P" },
		{ "en", "¿qué?", "¿/P qué ?/P" },
		{ "en", ":) :-) :))) =) ;-)", ":)/E :)/E :)/E :)/E ;)/E" },
		{ "en", ":( :'( >:( :((((", ":(/E :'(/E >:(/E :(/E" },
		{ "en", ":D :P :/ :| :o :@", ":D/E :p/E ://E :|/E :o/E :@/E" },
		{ "en", "thanks:) xD XD", "thanks :)/E xd/E xd/EC" },
		{ "en", "<3 </3 ^^ ^_^ -_-", "<3/E </3/E ^^/E ^^/E -_-/E" },
		{ "en", "size:P and/or:/ 10:30", "size :/P p and //P or :/P //P 10:30/N" },
		{ "en", "(see: this)", "(/P see :/P this )/P" },
		{ "en", "😡😡 ❤️ ❤", "😡/E 😡/E ❤/E ❤/E" },
		{ "en", "👍 👍🏽 🤦‍♀️ 🇩🇪", "👍/E 👍/E 🤦/E 🇩🇪/E" },
		{ "en", "☎ ✔ → ™ ©", "☎/E ✔/E →/P ™/P ©/P" },
	};
	CHECK(rows);
}

static void test_places(void **state)
{
	(void)state;
	static const struct {
		const char *language, *text, *pieces;
	} rows[] = {
		{ "en", "Where's my ﬁle, it isn’t here!", "Where|'s|my|ﬁle|,|it|is|n’t|here|!" },
		{ "en", "dont CAN’T", "do|nt|CA|N’T" },
		{ "fr", "l’adresse qu'ils", "l’|adresse|qu'|ils" },
		{ "de", "Größe STRASSE 👍🏽!", "Größe|STRASSE|👍🏽|!" },
		{ "en", "e-mail:-))) café", "e-mail|:-)))|café" },
		{ "en", "sooo 9:30", "sooo|9:30" },
	};
	struct arena arena = { 0 };
	struct buf seen = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tokens tokens = tokens_read_in(&arena, str_of(rows[i].text), rows[i].language);
		buf_reset(&seen);
		print_pieces(&tokens, rows[i].text, &seen);
		if (strcmp(buf_text(&seen), rows[i].pieces) != 0)
			fail_msg("\"%s\"\n  expected %s\n  got      %s", rows[i].text, rows[i].pieces, buf_text(&seen));
	}
	buf_clear(&seen);
	arena_clear(&arena);
}

static void test_long_words_are_cut(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	static const size_t lengths[] = { WORD_BYTES_MAX - 1, WORD_BYTES_MAX, WORD_BYTES_MAX + 1 };
	for (size_t i = 0; i < COUNT(lengths); i++) {
		char text[2 * WORD_BYTES_MAX];
		for (size_t j = 0; j < lengths[i]; j++)
			text[j] = j % 2 ? 'a' : 'b';
		struct tokens tokens = tokens_read_in(&arena, (struct str){ text, lengths[i] }, "en");
		assert_int_equal(tokens.count, 1);
		assert_int_equal(tokens.items[0].text.len, lengths[i] < WORD_BYTES_MAX ? lengths[i] : WORD_BYTES_MAX);
		assert_int_equal(tokens.items[0].to, lengths[i]);
	}
	arena_clear(&arena);
}

static void test_long_utterances_are_cut(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	size_t len = UTTERANCE_BYTES_MAX + 2;
	char *text = mem_zalloc(len, 1);
	memset(text, ' ', len);
	memcpy(text + UTTERANCE_BYTES_MAX - 1, "xyz", 3);
	struct tokens tokens = tokens_read_in(&arena, (struct str){ text, len }, "en");
	assert_int_equal(tokens.count, 1);
	assert_true(str_is(tokens.items[0].text, "x"));
	free(text);
	arena_clear(&arena);
}

/* What must hold for any bytes. */
static void check_tokens(const struct tokens *tokens, size_t len)
{
	uint32_t end = 0;
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];
		assert_true(token->from >= end && token->from < token->to && token->to <= len);
		assert_true(token->text.len > 0 && token->text.len <= WORD_BYTES_MAX);
		assert_true(utf8_is_valid(token->text));
		end = token->to;
	}
}

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A megabyte of one thing after the other: what is linear takes a moment, what is quadratic takes minutes. */
static void test_hostile_inputs_take_linear_time(void **state)
{
	(void)state;
	static const char *const patterns[] = {
		"a",
		"A",
		"1",
		" ",
		"'",
		"a'",
		"e-",
		"*",
		"a*",
		"$",
		"sh!t",
		":",
		":(",
		"<",
		"!",
		"?!",
		".",
		"1.",
		"\xcc\x81",
		"\xcc\x81\xcc\xa3",
		"a\xcc\x81\xcc\xa3",
		"\xe2\x80\x8d",
		"\xf0\x9f\x98\xa1\xe2\x80\x8d",
		"\xf0\x9f\x87\xa9",
		"\xef\xb7\xba",
		"\xff",
		"\xc3",
		"\xe2\x82",
		"\xc2\xad",
		"\xe4\xbd\xa0",
		"n't",
		"l'",
	};
	enum { SIZE = 1024 * 1024 };
	char *text = mem_alloc(SIZE);
	for (size_t i = 0; i < COUNT(patterns); i++) {
		struct arena arena = { 0 };
		size_t pattern_len = strlen(patterns[i]);
		for (size_t at = 0; at < SIZE; at++)
			text[at] = patterns[i][at % pattern_len];
		double start = seconds_now();
		struct tokens tokens = tokens_read_in(&arena, (struct str){ text, SIZE }, i % 2 ? "en" : "fr");
		if (seconds_now() - start > 1.0 * PATIENCE)
			fail_msg("row %zu (\"%s\") took %.2f s", i, patterns[i], seconds_now() - start);
		check_tokens(&tokens, SIZE);
		arena_clear(&arena);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_english_contractions),
		cmocka_unit_test(test_other_contractions),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_signs_and_faces),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_long_words_are_cut),
		cmocka_unit_test(test_long_utterances_are_cut),
		cmocka_unit_test(test_hostile_inputs_take_linear_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
