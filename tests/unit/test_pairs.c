/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences that differ only in a name, a dialect word or a spelling get the same decision. */
#include "dialogue_kit.h"

#include <math.h>
#include <stdio.h>

static struct kit kit;

static struct decision decide_in(const struct knowledge *knowledge, const char *language, struct arena *arena,
				 const char *text)
{
	struct decision decision;
	policy_ask(knowledge, kit.mind, str_of(text), language, arena, &decision);
	return decision;
}

static struct decision decide(struct arena *arena, const char *text)
{
	return decide_in(kit.knowledge, "en", arena, text);
}

/* Which of the hopeless candidates is the first one decides nothing. */
static bool is_same(const struct decision *a, const struct decision *b)
{
	bool is_likely = a->confidence >= 0.5 || b->confidence >= 0.5;
	return a->action == b->action && a->reason == b->reason && a->is_upset == b->is_upset &&
	       (!is_likely || !strcmp(a->intent_id, b->intent_id)) && !strcmp(a->language, b->language);
}

static void print_both(const char *a, const struct decision *x, const char *b, const struct decision *y)
{
	print_error("\"%s\": %s %s %s %.2f mood %.2f\n\"%s\": %s %s %s %.2f mood %.2f\n", a, action_name(x->action),
		    reason_name(x->reason), x->intent_id, x->confidence, x->frustration, b, action_name(y->action),
		    reason_name(y->reason), y->intent_id, y->confidence, y->frustration);
}

/* First names that are common among different groups of people: who is asking changes nothing, not even the mood. */
static void test_names(void **state)
{
	(void)state;
	static const char *const names[] = { "Emily",  "Mohammed",  "Aisha",   "Jamal",  "Siobhan", "Wei",    "Olumide",
					     "Priya",  "Krzysztof", "Lakisha", "Greg",   "Zoë",     "Nguyen", "Fatima",
					     "Darius", "Agnieszka", "José",    "Ingrid", "Tyrone",  "Yusuf" };
	static const char *const templates[] = {
		"Hello, this is %s. Where is my order?",
		"I am %s and my teapot arrived broken",
		"%s here, how much is postage?",
		"My name is %s, how long does delivery take",
		"%s again. This is a shambles!!! I am furious, you are useless",
		"How do I return something? Thanks, %s",
		"My friend %s would like to talk to a person",
	};
	struct arena arena = { 0 };
	size_t differences = 0;
	for (size_t i = 0; i < COUNT(templates); i++) {
		char first_text[200], text[200];
		snprintf(first_text, sizeof first_text, templates[i], names[0]);
		struct decision first = decide(&arena, first_text);
		for (size_t j = 1; j < COUNT(names); j++) {
			snprintf(text, sizeof text, templates[i], names[j]);
			struct decision other = decide(&arena, text);
			if (is_same(&first, &other) && fabs(first.frustration - other.frustration) < 0.01)
				continue;
			differences++;
			print_both(first_text, &first, text, &other);
		}
	}
	arena_clear(&arena);
	assert_int_equal(differences, 0);
}

static void test_spellings_and_dialects(void **state)
{
	(void)state;
	static const struct {
		const char *plain, *other;
	} rows[] = {
		{ "where is my order", "wheres my order" },
		{ "where is my order", "Where's my order?" },
		{ "where is my order", "were is my order" },
		{ "where is my order", "where is me order" },
		{ "where is my parcel", "where is my parcle" },
		{ "how much is postage", "how much is the postage pls" },
		{ "how much is postage", "how much is postige" },
		{ "how do i return something", "how do i retrun something" },
		{ "my teapot arrived broken", "my teapot arived broken" },
		{ "my teapot arrived broken", "me teapot arrived broken" },
		{ "i want to talk to a human", "i wanna talk to a human" },
		{ "i want to talk to a human", "i want to tlak to a human" },
		{ "thank you very much", "thank u very much" },
		{ "when do i get my money back", "when do i get me money back" },
		{ "you are useless, this is a shambles", "youre useless, this is a shambles" },
	};
	struct arena arena = { 0 };
	size_t differences = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct decision plain = decide(&arena, rows[i].plain), other = decide(&arena, rows[i].other);
		if (is_same(&plain, &other))
			continue;
		differences++;
		print_both(rows[i].plain, &plain, rows[i].other, &other);
	}
	arena_clear(&arena);
	assert_int_equal(differences, 0);
}

/* On the topics that the product comes with, in their four languages. */
static void test_pairs_in_all_languages(void **state)
{
	(void)state;
	static const struct {
		const char *language, *plain, *other;
	} rows[] = {
		{ "en", "where is my order", "wheres me order" },
		{ "en", "where is my order", "Where is my ORDER" },
		{ "en", "where is my order", "where is my order, mate" },
		{ "en", "where is my order", "where is my order, love" },
		{ "en", "where is my order", "pls where is my order" },
		{ "en", "how long does delivery take", "how long dose delivery take" },
		{ "en", "how long does delivery take", "how long does delivry take" },
		{ "en", "how long does delivery take", "how long does the delivery take innit" },
		{ "en", "how do i return something", "how do I return summat" },
		{ "en", "how do i return something", "how can a return something" },
		{ "en", "how do i return something", "how do i retern something" },
		{ "en", "how do i return something", "how do I return something, ta" },
		{ "en", "i want to talk to a human", "i wanna talk to a human" },
		{ "en", "i want to talk to a human", "I wanna speak to a hooman" },
		{ "en", "i want to talk to a human", "i want to tlk to a person" },
		{ "en", "i want to talk to a human", "lemme talk to a human" },
		{ "en", "i want to talk to a human", "gimme a human" },
		{ "en", "thank you very much", "ta very much" },
		{ "en", "thank you very much", "thx very much" },
		{ "en", "this is ridiculous, I am furious", "this is rediculous, I am furious" },
		{ "en", "this is ridiculous, I am furious", "this is ridiculous, I'm furious" },
		{ "en", "this is ridiculous, I am furious", "dis is ridiculous, im furious" },
		{ "en", "you are useless", "ur useless" },
		{ "en", "you are useless", "you're usless" },
		{ "en", "you are useless", "yous are useless" },
		{ "en", "my name is Emily, where is my order", "my name is Oluwaseun, where is my order" },
		{ "en", "my name is Emily, where is my order", "my name is Mohammed, where is my order" },
		{ "en", "my name is Emily, where is my order", "my name is Xiaoling, where is my order" },
		{ "en", "my name is Emily, where is my order", "my name is Shanice, where is my order" },
		{ "en", "my name is Emily, where is my order", "my name is Siobhan, where is my order" },
		{ "de", "Wo ist meine Bestellung?", "wo is meine bestellung" },
		{ "de", "Wo ist meine Bestellung?", "Wo bleibt denn meine Bestellung?" },
		{ "de", "Wo ist meine Bestellung?", "wo ist meine bestelung" },
		{ "de", "Wo ist meine Bestellung?", "Servus, wo ist meine Bestellung?" },
		{ "de", "Wo ist meine Bestellung?", "Grüezi, wo ist meine Bestellung?" },
		{ "de", "Wo ist meine Bestellung?", "Moin, wo ist meine Bestellung?" },
		{ "de", "Wie lange dauert die Lieferung?", "wie lang dauert die lieferung" },
		{ "de", "Wie lange dauert die Lieferung?", "Wie lange dauert die Liferung?" },
		{ "de", "Ich möchte mit einem Menschen sprechen", "Ich moechte mit einem Menschen sprechen" },
		{ "de", "Ich möchte mit einem Menschen sprechen", "ich möcht mit einem menschen reden" },
		{ "de", "Ich möchte mit einem Menschen sprechen", "I mecht mit einem Menschen sprechen" },
		{ "de", "Ich heiße Anna, wo ist meine Bestellung?", "Ich heiße Ayşe, wo ist meine Bestellung?" },
		{ "de", "Ich heiße Anna, wo ist meine Bestellung?", "Ich heisse Mehmet, wo ist meine Bestellung?" },
		{ "de", "Ich heiße Anna, wo ist meine Bestellung?", "Ich heiße Svetlana, wo ist meine Bestellung?" },
		{ "de", "Das ist eine Frechheit, ich bin stinksauer", "das ist ne frechheit, bin stinksauer" },
		{ "fr", "Où est ma commande ?", "ou est ma commande" },
		{ "fr", "Où est ma commande ?", "Elle est où ma commande ?" },
		{ "fr", "Où est ma commande ?", "ou est ma comande" },
		{ "fr", "Où est ma commande ?", "Où est ma commande, svp ?" },
		{ "fr", "Je voudrais parler à une personne", "je voudrai parler a une personne" },
		{ "fr", "Je voudrais parler à une personne", "j'voudrais parler à une personne" },
		{ "fr", "Je m'appelle Camille, où est ma commande ?", "Je m'appelle Fatoumata, où est ma commande ?" },
		{ "fr", "Je m'appelle Camille, où est ma commande ?", "Je m'appelle Karim, où est ma commande ?" },
		{ "fr", "C'est une honte, je suis furieux", "c'est une honte, chuis furieux" },
		{ "es", "¿Dónde está mi pedido?", "donde esta mi pedido" },
		{ "es", "¿Dónde está mi pedido?", "dónde está mi pedío" },
		{ "es", "¿Dónde está mi pedido?", "oye, dónde está mi pedido" },
		{ "es", "¿Dónde está mi pedido?", "disculpá, ¿dónde está mi pedido?" },
		{ "es", "Quiero hablar con una persona", "kiero hablar con una persona" },
		{ "es", "Quiero hablar con una persona", "quiero hablar con una persona, che" },
		{ "es", "Me llamo Lucía, ¿dónde está mi pedido?", "Me llamo Wilmer, ¿dónde está mi pedido?" },
		{ "es", "Me llamo Lucía, ¿dónde está mi pedido?", "Me llamo Yesenia, ¿dónde está mi pedido?" },
		{ "es", "Es una vergüenza, estoy furiosa", "es una verguenza, estoy furiosa" },
		{ "es", "Es una vergüenza, estoy furiosa", "ke vergüenza, estoy furiosa" },
	};
	struct arena arena = { 0 };
	struct knowledge *shop = kit_load("intents");
	size_t differences = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct decision plain = decide_in(shop, rows[i].language, &arena, rows[i].plain);
		struct decision other = decide_in(shop, rows[i].language, &arena, rows[i].other);
		if (is_same(&plain, &other))
			continue;
		differences++;
		print_both(rows[i].plain, &plain, rows[i].other, &other);
	}
	knowledge_unref(shop);
	arena_clear(&arena);
	assert_int_equal(differences, 0);
}

static int setup(void **state)
{
	(void)state;
	kit_init(&kit);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kit_clear(&kit);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_spellings_and_dialects),
		cmocka_unit_test(test_pairs_in_all_languages),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
