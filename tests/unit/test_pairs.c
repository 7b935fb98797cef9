/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences that differ only in a name, a dialect word or a spelling get the same decision. */
#include "dialogue_kit.h"

#include <math.h>
#include <stdio.h>

static struct decision decide(struct kit *kit, const struct knowledge *knowledge, const char *language,
			      const char *text)
{
	struct decision decision;
	policy_ask(knowledge, kit->mind, str_of(text), language, &kit->arena, &decision);
	return decision;
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

struct pair {
	const char *language, *plain, *other;
};

static void check(struct kit *kit, const struct knowledge *knowledge, const struct pair *rows, size_t count)
{
	size_t differences = 0;
	for (size_t i = 0; i < count; i++) {
		struct decision plain = decide(kit, knowledge, rows[i].language, rows[i].plain);
		struct decision other = decide(kit, knowledge, rows[i].language, rows[i].other);
		if (is_same(&plain, &other))
			continue;
		differences++;
		print_both(rows[i].plain, &plain, rows[i].other, &other);
	}
	assert_int_equal(differences, 0);
}

/* First names that are common among different groups of people: not even the mood. */
static void a_name_changes_nothing(void **state)
{
	struct kit *kit = *state;
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
	size_t differences = 0;
	for (size_t i = 0; i < COUNT(templates); i++) {
		char first_text[200], text[200];
		snprintf(first_text, sizeof first_text, templates[i], names[0]);
		struct decision first = decide(kit, kit->knowledge, "en", first_text);
		for (size_t j = 1; j < COUNT(names); j++) {
			snprintf(text, sizeof text, templates[i], names[j]);
			struct decision other = decide(kit, kit->knowledge, "en", text);
			if (is_same(&first, &other) && fabs(first.frustration - other.frustration) < 0.01)
				continue;
			differences++;
			print_both(first_text, &first, text, &other);
		}
	}
	assert_int_equal(differences, 0);
}

static void a_spelling_or_dialect_changes_nothing(void **state)
{
	struct kit *kit = *state;
	static const struct pair rows[] = {
		{ "en", "where is my order", "wheres my order" },
		{ "en", "where is my order", "Where's my order?" },
		{ "en", "where is my order", "were is my order" },
		{ "en", "where is my order", "where is me order" },
		{ "en", "where is my parcel", "where is my parcle" },
		{ "en", "how much is postage", "how much is the postage pls" },
		{ "en", "how much is postage", "how much is postige" },
		{ "en", "how do i return something", "how do i retrun something" },
		{ "en", "my teapot arrived broken", "my teapot arived broken" },
		{ "en", "my teapot arrived broken", "me teapot arrived broken" },
		{ "en", "i want to talk to a human", "i wanna talk to a human" },
		{ "en", "i want to talk to a human", "i want to tlak to a human" },
		{ "en", "thank you very much", "thank u very much" },
		{ "en", "when do i get my money back", "when do i get me money back" },
		{ "en", "you are useless, this is a shambles", "youre useless, this is a shambles" },
	};
	check(kit, kit->knowledge, rows, COUNT(rows));
}

static void nor_do_they_on_the_sample_topics_in_four_languages(void **state)
{
	struct kit *kit = *state;
	static const struct pair rows[] = {
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
	struct knowledge *shop = kit_load("intents");
	check(kit, shop, rows, COUNT(rows));
	knowledge_unref(shop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(a_name_changes_nothing),
		KIT_TEST(a_spelling_or_dialect_changes_nothing),
		KIT_TEST(nor_do_they_on_the_sample_topics_in_four_languages),
	};
	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
