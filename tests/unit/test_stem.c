/* SPDX-License-Identifier: Apache-2.0 */
#include "text/stem.h"

#include "text/language.h"
#include "text/token.h"
#include "text/utf8.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

/* The stem as a text of its own. */
static void stem_of(struct stemmer *stemmer, const char *word, char out[300])
{
	struct str stem = stemmer_stem(stemmer, str_of(word));
	snprintf(out, 300, "%.*s", STR_ARG(stem));
}

static void test_spellings_that_meet(void **state)
{
	(void)state;
	static const struct {
		const char *language, *words; /* words with spaces between: one stem */
	} rows[] = {
		{ "en", "return returns returned returning" },
		{ "en", "delivery deliveries" },
		{ "en", "café cafe" },
		{ "de", "grösse groesse grosse größe" },
		{ "de", "rücksendung ruecksendung rucksendung rücksendungen" },
		{ "de", "adresse addresse adressen" },
		{ "de", "bestellung bestellungen" },
		{ "de", "straße strasse" },
		{ "fr", "livré livrée livrées livree livrees livrer" },
		{ "fr", "où ou" },
		{ "fr", "adresse addresse adresses" },
		{ "fr", "remboursé remboursée rembourser rembourse" },
		{ "fr", "reçu recu" },
		{ "fr", "cœur coeur" },
		{ "es", "envío envio envíos envios" },
		{ "es", "devolución devolucion devoluciones" },
		{ "es", "dirección direccion" },
		{ "es", "contraseña contrasena" },
		{ "pt", "devolução devolucao devoluções devolucoes" },
		{ "it", "città citta" },
		{ "sv", "beställning bestallning" },
		{ "ru", "всё все" },
		{ "tr", "sipariş siparis" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stemmer *stemmer = stemmer_new(language_code(str_of(rows[i].language)));
		struct str rest = str_of(rows[i].words), word;
		char first[300] = "", copy[300], stem[300];
		while (rest.ptr && str_split(&rest, ' ', &word)) {
			snprintf(copy, sizeof copy, "%.*s", STR_ARG(word));
			stem_of(stemmer, copy, stem);
			if (!*first)
				snprintf(first, sizeof first, "%s", stem);
			if (strcmp(first, stem) != 0)
				fail_msg("%s: \"%s\" has the stem \"%s\", not \"%s\"", rows[i].language, copy, stem,
					 first);
		}
		stemmer_free(stemmer);
	}
}

static void test_words_that_stay_apart(void **state)
{
	(void)state;
	static const struct {
		const char *language, *a, *b;
	} rows[] = {
		{ "en", "order", "parcel" }, { "de", "denn", "den" },   { "de", "mann", "man" }, { "de", "neue", "nu" },
		{ "de", "bequem", "bekum" }, { "es", "perro", "pero" }, { "hi", "कम", "काम" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stemmer *stemmer = stemmer_new(language_code(str_of(rows[i].language)));
		char a[300], b[300];
		stem_of(stemmer, rows[i].a, a);
		stem_of(stemmer, rows[i].b, b);
		if (!strcmp(a, b))
			fail_msg("%s: \"%s\" and \"%s\" both have the stem \"%s\"", rows[i].language, rows[i].a,
				 rows[i].b, a);
		stemmer_free(stemmer);
	}
}

/* The cache must not be seen: asked again, alone or after many others, a word has the same stem. */
static void test_same_word_same_stem(void **state)
{
	(void)state;
	enum { WORDS = 10000 };
	struct stemmer *warm = stemmer_new("en");
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < WORDS; i++) {
			char word[40], stem[300], again[300];
			snprintf(word, sizeof word, "word%dings", i * 7919 % WORDS);
			stem_of(warm, word, stem);
			stem_of(warm, word, again);
			assert_string_equal(stem, again);
			if (i % 1000)
				continue;
			struct stemmer *cold = stemmer_new("en");
			stem_of(cold, word, again);
			assert_string_equal(stem, again);
			stemmer_free(cold);
		}
	stemmer_free(warm);
}

static void test_odd_words(void **state)
{
	(void)state;
	static const char *const languages[] = {
		"en", "de", "fr", "es", "it", "pt", "nl", "tr", "ar", "fi", "ru", "yi"
	};
	char longest[WORD_BYTES_MAX + 1], umlauts[WORD_BYTES_MAX + 1], small[WORD_BYTES_MAX + 1];
	memset(longest, 'a', WORD_BYTES_MAX);
	longest[WORD_BYTES_MAX] = '\0';
	for (size_t i = 0; i < WORD_BYTES_MAX; i += 2)
		memcpy(umlauts + i, "\xc3\xb6", 2);
	umlauts[WORD_BYTES_MAX] = '\0';
	for (size_t i = 0; i < WORD_BYTES_MAX; i++)
		small[i] = "ae"[i % 2];
	small[WORD_BYTES_MAX] = '\0';
	const char *const words[] = { "", "a", "0", "f***", "sh!t", "\xcc\x81", "你好", "ß", longest, umlauts, small };
	for (size_t i = 0; i < COUNT(languages); i++) {
		struct stemmer *stemmer = stemmer_new(languages[i]);
		for (size_t j = 0; j < COUNT(words); j++) {
			struct str stem = stemmer_stem(stemmer, str_of(words[j]));
			assert_true(stem.len <= 4 * WORD_BYTES_MAX);
			assert_true(utf8_is_valid(stem));
		}
		stemmer_free(stemmer);
	}
	stemmer_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings_that_meet),
		cmocka_unit_test(test_words_that_stay_apart),
		cmocka_unit_test(test_same_word_same_stem),
		cmocka_unit_test(test_odd_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
