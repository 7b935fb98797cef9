/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/asked.h"

#include "corpus/corpus.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct row {
	const char *language, *text;
};

static void check(const struct row *rows, size_t count, bool expected)
{
	struct arena arena = { 0 };
	size_t failed = 0;
	for (size_t i = 0; i < count; i++) {
		bool got = person_wish(&arena, str_of(rows[i].text), rows[i].language) == WISH_PERSON;
		if (got != expected)
			print_error("%s \"%s\": %s\n", rows[i].language, rows[i].text, got ? "asked" : "not asked");
		failed += got != expected;
		arena_reset(&arena);
	}
	arena_clear(&arena);
	assert_int_equal(failed, 0);
}

static void test_asked(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "talk to a human" },
		{ "en", "Can I talk to a real person?" },
		{ "en", "can i speak to someone" },
		{ "en", "human please" },
		{ "en", "HUMAN!!!" },
		{ "en", "agent please" },
		{ "en", "agent" },
		{ "en", "real person" },
		{ "en", "a real person now please" },
		{ "en", "i want a human" },
		{ "en", "I'd like to speak with a member of your team" },
		{ "en", "I would like a human please" },
		{ "en", "get me a person" },
		{ "en", "give me an agent now" },
		{ "en", "let me speak with an advisor" },
		{ "en", "connect me to a person" },
		{ "en", "put me through to someone" },
		{ "en", "please transfer me to an operator" },
		{ "en", "is there anybody there i can talk to" },
		{ "en", "Is there a person I could speak with?" },
		{ "en", "who can i talk to about this" },
		{ "en", "i dont want to talk to a bot" },
		{ "en", "I don't want a bot, I want a human" },
		{ "en", "Where is my parcel? I need to talk to somebody." },
		{ "en", "this is useless, let me talk to a human being" },
		{ "en", "speak to the manager" },
		{ "en", "need human help" },
		{ "en", "i need a human who can look at my order" },
		{ "en", "live agent" },
		{ "en", "customer service please" },
		{ "en", "hooman" },
		{ "en", "can i have a person instead" },
		{ "en", "are you a bot? I want to speak to a person" },
		{ "en", "could i chat with one of your colleagues" },
		{ "en", "prefer talking to a human" },
		{ "en", "do you have someone I can talk to" },
		{ "de", "ich möchte mit einem menschen sprechen" },
		{ "de", "mitarbeiter bitte" },
		{ "de", "kann ich mit jemandem reden" },
		{ "de", "echter Mensch" },
		{ "de", "Verbinden Sie mich bitte mit einem Mitarbeiter" },
		{ "de", "ich will nicht mit einem bot reden" },
		{ "de", "bitte einen berater" },
		{ "de", "ist da jemand mit dem ich sprechen kann" },
		{ "de", "Könnte ich bitte mit einer Person aus Ihrem Team chatten?" },
		{ "de", "ich brauche einen menschlichen Ansprechpartner" },
		{ "de", "kann ich einen mitarbeiter sprechen" },
		{ "de", "talk to a human" },
		{ "fr", "parler à quelqu'un" },
		{ "fr", "je voudrais parler à une personne" },
		{ "fr", "Je veux parler avec un conseiller, s'il vous plaît" },
		{ "fr", "un humain svp" },
		{ "fr", "passez-moi un conseiller" },
		{ "fr", "mettez-moi en relation avec un agent" },
		{ "fr", "je ne veux pas parler à un robot" },
		{ "fr", "parler à un être humain" },
		{ "fr", "je veux un vrai humain" },
		{ "es", "quiero hablar con una persona" },
		{ "es", "hablar con un agente por favor" },
		{ "es", "persona real" },
		{ "es", "¿Puedo hablar con alguien?" },
		{ "es", "pásame con un asesor" },
		{ "es", "no quiero hablar con un bot" },
		{ "es", "necesito un agente" },
		{ "es", "quiero hablar con un ser humano" },
	};
	check(rows, COUNT(rows), true);
}

static void test_traps(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "user agent" },
		{ "en", "what is the user agent string" },
		{ "en", "human hair wig" },
		{ "en", "do you sell human hair wigs" },
		{ "en", "i want a human hair wig" },
		{ "en", "a person size blanket" },
		{ "en", "i need a person size cushion" },
		{ "en", "humanity" },
		{ "en", "estate agent" },
		{ "en", "i work for an estate agent" },
		{ "en", "is this a person or a bot" },
		{ "en", "are you a human" },
		{ "en", "are you a real person?" },
		{ "en", "am i talking to a human" },
		{ "en", "am I chatting with a real person or a machine" },
		{ "en", "i want to know if i am talking to a person" },
		{ "en", "I don't want to talk to a person" },
		{ "en", "i do not need to speak to anyone" },
		{ "en", "can i order without talking to anyone" },
		{ "en", "a gift for a person who has everything" },
		{ "en", "how many people fit on the sofa" },
		{ "en", "do i need someone to sign for the parcel" },
		{ "en", "is it for one person" },
		{ "en", "does it fit a tall person" },
		{ "en", "cleaning agent" },
		{ "en", "i spoke to someone yesterday" },
		{ "en", "duvet for two people" },
		{ "en", "the person who delivered it was rude" },
		{ "en", "where is my parcel" },
		{ "en", "" },
		{ "en", "?!" },
		{ "en", "i need an agent id" },
		{ "en", "customer service number" },
		{ "en", "are your products tested on humans" },
		{ "en", "i want to return a team shirt" },
		{ "en", "bot" },
		{ "de", "Menschenhaar" },
		{ "de", "spreche ich mit einem menschen" },
		{ "de", "bist du ein mensch" },
		{ "de", "Sind Sie ein echter Mensch oder ein Bot?" },
		{ "de", "eine decke für zwei personen" },
		{ "de", "wie viele menschen passen auf das sofa" },
		{ "de", "ich möchte nicht mit einem mitarbeiter sprechen" },
		{ "de", "Agentur für Arbeit" },
		{ "fr", "est-ce que je parle à un humain" },
		{ "fr", "êtes-vous une personne" },
		{ "fr", "couverture pour deux personnes" },
		{ "fr", "je ne veux pas parler à un conseiller" },
		{ "fr", "c'est pour une personne âgée" },
		{ "es", "¿estoy hablando con una persona?" },
		{ "es", "¿eres un humano?" },
		{ "es", "una manta para dos personas" },
		{ "es", "no quiero hablar con un agente" },
	};
	check(rows, COUNT(rows), false);
}

/* The reverse is known as such: the policy then leaves the intent "talk to a person" alone. */
static void test_reverse(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "is this a person or a bot" },
		{ "en", "am i talking to a human" },
		{ "en", "I don't want to talk to a person" },
		{ "de", "spreche ich mit einem menschen" },
		{ "de", "ich möchte nicht mit einem mitarbeiter sprechen" },
		{ "fr", "est-ce que je parle à un humain" },
		{ "es", "no quiero hablar con un agente" },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum wish got = person_wish(&arena, str_of(rows[i].text), rows[i].language);
		if (got != WISH_NO_PERSON)
			print_error("\"%s\": %d\n", rows[i].text, got);
		assert_int_equal(got, WISH_NO_PERSON);
	}
	assert_int_equal(person_wish(&arena, STR_LIT("are you a bot? i want a human"), "en"), WISH_PERSON);
	assert_int_equal(person_wish(&arena, STR_LIT("where is my parcel"), "en"), WISH_NONE);
	arena_clear(&arena);
}

static void test_long_text(void **state)
{
	(void)state;
	enum { BYTES = 16 * 1024 };
	struct arena arena = { 0 };
	char *text = calloc(1, BYTES + 1);
	static const char piece[] = "want a real live human ";
	for (size_t i = 0; i < BYTES; i++)
		text[i] = piece[i % (sizeof piece - 1)];
	/* Whatever it says, it is read to the end without harm. */
	(void)person_wish(&arena, str_of(text), "de");
	memset(text, 'a', BYTES);
	assert_int_equal(person_wish(&arena, str_of(text), "fr"), WISH_NONE);
	free(text);
	arena_clear(&arena);
}

static void test_intents(void **state)
{
	(void)state;
	static const struct {
		const char *id;
		enum human_rule human;
		bool is_person;
	} rows[] = {
		{ "talk-to-a-person", HUMAN_ALWAYS, true }, { "human", HUMAN_ALWAYS, true },
		{ "person", HUMAN_ALWAYS, true },           { "complaint", HUMAN_ALWAYS, false },
		{ "person", HUMAN_DEFAULT, false },         { "human", HUMAN_NEVER, false },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(is_person_intent(&(struct intent){ .id = rows[i].id, .human = rows[i].human }),
				 rows[i].is_person);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked),     cmocka_unit_test(test_traps),   cmocka_unit_test(test_reverse),
		cmocka_unit_test(test_long_text), cmocka_unit_test(test_intents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
