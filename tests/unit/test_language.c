/* SPDX-License-Identifier: Apache-2.0 */
#include "text/language.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Short questions as visitors write them. */
static const struct {
	const char *language, *text;
} QUESTIONS[] = {
	{ "de", "wo ist mein paket" },
	{ "es", "donde esta mi pedido" },
	{ "fr", "où est mon colis" },
	{ "en", "and in german?" },
	{ "en", "where is my parcel" },
	{ "en", "wheres my stuff" },
	{ "en", "how much is delivery" },
	{ "en", "can i return this" },
	{ "en", "do you ship to germany" },
	{ "en", "i want my money back" },
	{ "en", "is the shop open today" },
	{ "en", "hello" },
	{ "en", "talk to a human" },
	{ "en", "what sizes do you have" },
	{ "en", "refund please" },
	{ "en", "my parcel hasn't arrived" },
	{ "en", "u guys open on sunday?" },
	{ "en", "cancel my order" },
	{ "en", "opening hours" },
	{ "en", "the lamp is broken" },
	{ "en", "discount code doesnt work" },
	{ "de", "wie lange dauert der versand" },
	{ "de", "wann kommt meine bestellung" },
	{ "de", "kann ich das zurückgeben" },
	{ "de", "was kostet der versand" },
	{ "de", "ich möchte mein geld zurück" },
	{ "de", "hallo" },
	{ "de", "guten tag" },
	{ "de", "habt ihr sonntags geöffnet" },
	{ "de", "mein paket ist kaputt" },
	{ "de", "Rechnung bitte" },
	{ "de", "wo bleibt meine Lieferung?" },
	{ "de", "ich will mit einem menschen sprechen" },
	{ "de", "größe tauschen" },
	{ "de", "groesse umtauschen" },
	{ "de", "passwort vergessen" },
	{ "de", "liefert ihr nach österreich" },
	{ "de", "bestellung stornieren" },
	{ "de", "wie gehts" },
	{ "de", "Gutschein funktioniert nicht" },
	{ "de", "das ist zu teuer" },
	{ "de", "danke" },
	{ "fr", "bonjour" },
	{ "fr", "quand arrive ma commande" },
	{ "fr", "combien coûte la livraison" },
	{ "fr", "combien coute la livraison" },
	{ "fr", "je veux être remboursé" },
	{ "fr", "comment retourner un article" },
	{ "fr", "j'ai pas reçu mon colis" },
	{ "fr", "vous êtes ouvert dimanche ?" },
	{ "fr", "mot de passe oublié" },
	{ "fr", "parler à un conseiller" },
	{ "fr", "livrez-vous en Belgique" },
	{ "fr", "je n'ai rien reçu" },
	{ "fr", "où en est ma livraison" },
	{ "fr", "ou est mon colis" },
	{ "fr", "annuler ma commande" },
	{ "fr", "la taille ne va pas" },
	{ "fr", "merci" },
	{ "fr", "quels sont vos horaires" },
	{ "fr", "c'est cassé" },
	{ "fr", "tu es un robot" },
	{ "fr", "tu es humain ou un robot" },
	{ "es", "hola" },
	{ "es", "cuanto cuesta el envio" },
	{ "es", "¿cuánto tarda el envío?" },
	{ "es", "quiero devolver un producto" },
	{ "es", "no he recibido mi paquete" },
	{ "es", "a qué hora abren" },
	{ "es", "quiero hablar con una persona" },
	{ "es", "necesito una factura" },
	{ "es", "mi pedido no ha llegado" },
	{ "es", "cambiar la talla" },
	{ "es", "olvide mi contraseña" },
	{ "es", "renovación" },
	{ "es", "cancelar mi pedido" },
	{ "es", "hacen envios a portugal" },
	{ "es", "gracias" },
	{ "es", "buenas tardes" },
	{ "es", "el codigo no funciona" },
	{ "es", "cual es tu horario" },
	{ "es", "eres un robot" },
	{ "es", "quiero mi dinero" },
	{ "nl", "waar is mijn pakket" },
	{ "nl", "wanneer komt mijn bestelling" },
	{ "nl", "hoeveel kost verzenden" },
	{ "nl", "ik wil mijn geld terug" },
	{ "nl", "kan ik dit retourneren" },
	{ "nl", "zijn jullie zondag open" },
	{ "nl", "wachtwoord vergeten" },
	{ "it", "dov'è il mio pacco" },
	{ "it", "quanto costa la spedizione" },
	{ "it", "vorrei un rimborso" },
	{ "it", "quando arriva il mio ordine" },
	{ "it", "voglio parlare con una persona" },
	{ "it", "siete aperti la domenica" },
	{ "it", "ciao" },
	{ "pt", "onde está minha encomenda" },
	{ "pt", "onde esta o meu pedido" },
	{ "pt", "quanto custa o envio" },
	{ "pt", "quero o meu dinheiro de volta" },
	{ "pt", "não recebi a encomenda" },
	{ "pt", "obrigado" },
};
enum { QUESTION_COUNT = COUNT(QUESTIONS) };

static const char *code(const char *tag)
{
	return language_code(str_of(tag));
}

static void test_codes(void **state)
{
	(void)state;
	static const struct {
		const char *tag, *code;
	} rows[] = {
		{ "en", "en" },    { "EN", "en" }, { "en-GB", "en" }, { "de_AT", "de" },
		{ "nb-NO", "no" }, { "nn", "no" }, { "", NULL },      { "e", NULL },
		{ "eng", NULL },   { "xx", NULL }, { "en.GB", NULL }, { "tests", NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *found = code(rows[i].tag);
		if (!found != !rows[i].code || (found && strcmp(found, rows[i].code) != 0))
			fail_msg("\"%s\" gives %s", rows[i].tag, found ? found : "none");
	}
	assert_ptr_equal(code("de"), code("DE-ch"));
	assert_string_equal(language_name(code("de")), "German");
}

/* In a shop of four languages each question is found, whatever the page is in. */
static void test_guess_among_four(void **state)
{
	(void)state;
	const char *codes[] = { code("en"), code("de"), code("fr"), code("es") };
	size_t failed = 0;
	for (size_t i = 0; i < QUESTION_COUNT; i++)
		for (size_t j = 0; j < 4; j++) {
			const char *found = language_guess(str_of(QUESTIONS[i].text), codes, 4, codes[j]);
			bool is_ours = false;
			for (size_t k = 0; k < 4; k++)
				is_ours |= !strcmp(codes[k], QUESTIONS[i].language);
			if (is_ours && strcmp(found, QUESTIONS[i].language) != 0) {
				print_error("\"%s\" on a page in %s is taken for %s\n", QUESTIONS[i].text, codes[j],
					    found);
				failed++;
			}
		}
	assert_int_equal(failed, 0);
}

/* In a shop of two languages each is found from the page of the other, and kept on its own. */
static void test_guess_among_two(void **state)
{
	(void)state;
	size_t failed = 0;
	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		const char *own = code(QUESTIONS[i].language), *other = code(strcmp(own, "en") ? "en" : "de");
		const char *codes[] = { other, own };
		for (size_t j = 0; j < 2; j++) {
			const char *found = language_guess(str_of(QUESTIONS[i].text), codes, 2, codes[j]);
			if (found != own) {
				print_error("\"%s\" on a page in %s is taken for %s\n", QUESTIONS[i].text, codes[j],
					    found);
				failed++;
			}
		}
	}
	assert_int_equal(failed, 0);
}

/* French in two words that Spanish has, too, the other way round: on a page in neither it is told, on one in either it
 * stays. */
static void test_guess_es_tu(void **state)
{
	(void)state;
	const char *codes[] = { code("en"), code("de"), code("es"), code("fr") };
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(language_guess(STR_LIT("es-tu un robot ?"), codes, 4, codes[i]),
				    i == 2 ? "es" : "fr");
}

/* What tells nothing stays with the page. */
static void test_guess_stays(void **state)
{
	(void)state;
	static const char *const texts[] = { "",     "???", "12345", "paypal",    "iphone 12",
					     "visa", "😡",   "ok",    "asdf qwer", "info@shop.example",
					     "XL" };
	const char *codes[] = { code("en"), code("de"), code("fr"), code("es") };
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t j = 0; j < 4; j++)
			if (language_guess(str_of(texts[i]), codes, 4, codes[j]) != codes[j])
				fail_msg("\"%s\" leaves %s", texts[i], codes[j]);
	assert_ptr_equal(language_guess(STR_LIT("wo ist mein paket"), codes, 1, codes[0]), codes[0]);
}

static void test_guess_by_script(void **state)
{
	(void)state;
	const char *codes[] = { code("en"), code("ru"), code("el"), code("ar") };
	static const struct {
		const char *text, *language;
	} rows[] = {
		{ "где мой заказ", "ru" },  { "Πού είναι η παραγγελία μου", "el" },
		{ "أين طلبي", "ar" },       { "where is my order", "en" },
		{ "我的订单在哪里", "en" }, { "iPhone 12 не работает", "ru" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(language_guess(str_of(rows[i].text), codes, 4, codes[0]), rows[i].language);
}

/* No question is foreign to its own language; nearly all of two words and more are to the others. */
static void test_foreign(void **state)
{
	(void)state;
	static const char *const tags[] = { "en", "de", "fr", "es", "it", "nl", "pt" };
	size_t asked = 0, found = 0;
	for (size_t i = 0; i < QUESTION_COUNT; i++)
		for (size_t j = 0; j < COUNT(tags); j++) {
			bool is_foreign = language_is_foreign(str_of(QUESTIONS[i].text), code(tags[j]));
			bool is_own = !strcmp(tags[j], QUESTIONS[i].language);
			if (is_own && is_foreign)
				fail_msg("\"%s\" is called foreign to %s", QUESTIONS[i].text, tags[j]);
			if (!is_own && strchr(QUESTIONS[i].text, ' ')) {
				asked++;
				found += is_foreign;
			}
		}
	if (found * 100 < asked * 90)
		fail_msg("only %zu of %zu foreign questions were told", found, asked);
}

static void test_foreign_scripts(void **state)
{
	(void)state;
	assert_true(language_is_foreign(STR_LIT("где мой заказ"), code("en")));
	assert_false(language_is_foreign(STR_LIT("где мой заказ"), code("ru")));
	assert_true(language_is_foreign(STR_LIT("我的订单在哪里"), code("de")));
	assert_false(language_is_foreign(STR_LIT("iphone 12 pro max"), code("ru")));
	assert_true(language_is_foreign(STR_LIT("wo ist mein paket"), code("sv")));
	assert_false(language_is_foreign(STR_LIT("var är mitt paket"), code("sv")));
	assert_false(language_is_foreign(STR_LIT(""), code("en")));
	assert_false(language_is_foreign(STR_LIT("12345 !!"), code("en")));
}

/* The table of words is searched by halving: an entry out of its order would never be found. */
static void test_the_table_is_sorted(void **state)
{
	(void)state;
	FILE *file = fopen("engine/text/language_words.c", "rb");
	assert_non_null(file);
	char line[400], last[100] = "", word[100];
	size_t count = 0;
	while (fgets(line, sizeof line, file))
		for (const char *at = line; (at = strstr(at, "{ \"")) && sscanf(at, "{ \"%99[^\"]\"", word) == 1;
		     at++) {
			if (strcmp(last, word) >= 0)
				fail_msg("\"%s\" stands behind \"%s\"", word, last);
			snprintf(last, sizeof last, "%s", word);
			count++;
		}
	fclose(file);
	assert_true(count > 1000);
}

static void test_any_bytes(void **state)
{
	(void)state;
	enum { SIZE = 1024 * 1024 };
	const char *codes[] = { code("en"), code("de") };
	char *text = malloc(SIZE);
	assert_non_null(text);
	for (int fill = 0; fill < 256; fill += 5) {
		memset(text, fill, SIZE);
		assert_non_null(language_guess((struct str){ text, SIZE }, codes, 2, codes[1]));
		language_is_foreign((struct str){ text, SIZE }, codes[0]);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_guess_among_four),
		cmocka_unit_test(test_guess_among_two),
		cmocka_unit_test(test_guess_es_tu),
		cmocka_unit_test(test_guess_stays),
		cmocka_unit_test(test_guess_by_script),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_foreign_scripts),
		cmocka_unit_test(test_the_table_is_sorted),
		cmocka_unit_test(test_any_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
