/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/asked.h"

#include "corpus/corpus.h"
#include "text/utterance.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *language, *text;
};

static struct wish_words *words;

static int make_words(void **state)
{
	(void)state;
	words = wish_words_new();
	return 0;
}

static int free_words(void **state)
{
	(void)state;
	wish_words_free(words);
	return 0;
}

static enum wish wish_of(struct arena *arena, const char *text, const char *language)
{
	struct utterance utterance;
	utterance_init(&utterance, arena, str_of(text));
	return person_wish(words, &utterance, language);
}

static void check(const struct row *rows, size_t count, bool expected)
{
	struct arena arena = { 0 };
	size_t failed = 0;
	for (size_t i = 0; i < count; i++) {
		bool got = wish_of(&arena, rows[i].text, rows[i].language) == WISH_PERSON;
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
		{ "en", "how do i get hold of a person" },
		{ "en", "can I have a word with someone" },
		{ "en", "is anybody there who can help me" },
		{ "de", "kundenservice bitte" },
		{ "fr", "je souhaite être contacté par un conseiller" },
		{ "fr", "je voudrais être rappelée demain" },
		{ "es", "¿me puede llamar alguien?" },
		{ "es", "puede alguien llamarme" },
		{ "es", "hablar con atención al cliente" },
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
		{ "en", "how do I get hold of the human body poster" },
		{ "de", "hat der kundenservice angerufen" },
		{ "fr", "j'ai été contacté par un livreur" },
		{ "es", "¿me puede llamar el repartidor?" },
		{ "es", "mi vecino puede llamar al personal de correos" },
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

/* Written from imagination, without a look at the patterns. */
static void test_asked_otherwise(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "can you get a colleague to look at this" },
		{ "en", "is there a human I can chat to" },
		{ "en", "pass me to your manager please" },
		{ "en", "I'd rather deal with a person" },
		{ "en", "id rather talk to somebody who works there" },
		{ "en", "could you hand me over to a member of staff" },
		{ "en", "please escalate this to a supervisor" },
		{ "en", "I need to talk to customer service" },
		{ "en", "talk to customer support" },
		{ "en", "let me speak to a representative" },
		{ "en", "any humans around?" },
		{ "en", "is anyone from the team available to chat" },
		{ "en", "I want to be connected to an agent" },
		{ "en", "can someone from your team call me" },
		{ "en", "get me someone who can actually help" },
		{ "en", "can a human help me" },
		{ "en", "I would prefer human assistance" },
		{ "en", "speak to a live person" },
		{ "en", "how do I reach a human" },
		{ "en", "how can I contact a real person" },
		{ "en", "can I get a real human being on here" },
		{ "en", "switch me to a person" },
		{ "en", "I'd like some help from an actual person please" },
		{ "en", "operator" },
		{ "en", "representative!" },
		{ "en", "agent, please!" },
		{ "en", "no bots please, a person" },
		{ "en", "not a bot, a human" },
		{ "en", "stop, get me an operator" },
		{ "en", "I wish to speak with an adviser" },
		{ "en", "would it be possible to speak to one of your staff" },
		{ "en", "may I talk with the owner" },
		{ "en", "can i speak with the person in charge" },
		{ "en", "I want someone to call me back" },
		{ "en", "need a person not a machine" },
		{ "en", "can I chat with a live agent" },
		{ "en", "is it possible to talk to an actual employee" },
		{ "en", "give me a human" },
		{ "en", "bring me a human" },
		{ "en", "I demand to speak to a manager" },
		{ "en", "hi, person please" },
		{ "de", "kann ich bitte einen menschen haben" },
		{ "de", "holen sie bitte einen kollegen" },
		{ "de", "ich will mit dem chef sprechen" },
		{ "de", "gibt es hier auch echte menschen" },
		{ "de", "ich möchte mit dem kundenservice sprechen" },
		{ "de", "bitte verbinden sie mich mit einem berater" },
		{ "de", "kann mich jemand anrufen" },
		{ "de", "lieber ein mensch bitte" },
		{ "de", "ich möchte lieber mit einer person schreiben" },
		{ "de", "mit wem kann ich persönlich sprechen" },
		{ "fr", "je souhaite parler à un responsable" },
		{ "fr", "pouvez-vous me passer quelqu'un" },
		{ "fr", "j'aimerais échanger avec un humain" },
		{ "fr", "est-ce que je peux parler à une vraie personne" },
		{ "fr", "je préfère parler à un humain" },
		{ "fr", "un conseiller s'il vous plaît" },
		{ "es", "¿me puede atender una persona?" },
		{ "es", "me gustaría hablar con un representante" },
		{ "es", "prefiero hablar con un humano" },
		{ "es", "póngame con un agente por favor" },
		{ "es", "quiero hablar con el encargado" },
		{ "es", "necesito hablar con alguien" },
		{ "en", "Is it possible to get a person on the line" },
		{ "en", "I would like to be transferred to a human" },
		{ "en", "could a colleague of yours take over" },
		{ "en", "get a human on this chat" },
		{ "en", "I need real help from a real person" },
		{ "en", "put a human on" },
		{ "en", "who is the manager I can speak to" },
		{ "en", "where can I find a human being" },
		{ "en", "let me talk to someone in charge" },
		{ "en", "please have somebody ring me back" },
		{ "en", "talking to a bot is not for me, human please" },
		{ "en", "skip the bot" },
		{ "en", "forward me to support staff" },
		{ "en", "i am looking to speak with an agent" },
		{ "en", "can you connect me with the store team" },
		{ "en", "I don't want an automated answer, I want a person" },
		{ "en", "may I have an agent" },
		{ "en", "live person pls" },
		{ "en", "I'd like to chat with your colleague Anna" },
		{ "en", "your manager please" },
		{ "en", "can i just speak to somebody" },
		{ "en", "anyone real there I can talk to?" },
		{ "en", "want to speek to a humna" },
		{ "en", "get me out of here and to a human" },
		{ "de", "ich hätte gern einen mitarbeiter" },
		{ "de", "bitte mit einem menschen verbinden" },
		{ "de", "gibt es einen ansprechpartner" },
		{ "de", "kann ich bei euch auch mit wem sprechen" },
		{ "de", "ich möchte zu einem berater durchgestellt werden" },
		{ "de", "kein bot bitte" },
		{ "fr", "je veux un agent" },
		{ "fr", "transférez-moi à un conseiller" },
		{ "fr", "quelqu'un peut-il m'appeler" },
		{ "fr", "y a-t-il un humain ici" },
		{ "es", "quiero que me atienda una persona" },
		{ "es", "¿hay alguien con quien pueda hablar?" },
		{ "es", "con un humano por favor" },
		{ "en", "is there anyone alive there" },
		{ "en", "transfer me" },
		{ "en", "connect me please" },
		{ "en", "can you put me thru to sum1" },
		{ "en", "no bot please" },
		{ "en", "no robots thanks" },
		{ "en", "could I speak with Anna please" },
		{ "en", "talk to sales" },
		{ "en", "hi, person please, my parcel is three days late" },
		{ "en", "my order never came and the page shows nothing, human please" },
		{ "en", "can't I talk to a human" },
		{ "en", "why can I not speak to a person" },
		{ "de", "Mensch bitte" },
		{ "de", "Mensch" },
		{ "de", "bitte Mensch" },
		{ "de", "ist da ein Mensch" },
		{ "de", "gibt es hier jemanden Lebendiges" },
		{ "de", "ist da jemand echtes" },
		{ "de", "kann ich nicht mit einem Menschen sprechen?" },
		{ "de", "mein Paket ist seit drei Tagen überfällig, einen Mitarbeiter bitte" },
		{ "fr", "quelqu'un de vivant ?" },
		{ "fr", "pas de robot svp" },
		{ "fr", "je ne peux pas parler à un conseiller ?" },
		{ "fr", "puis-je avoir quelqu'un au téléphone" },
		{ "fr", "je voudrais avoir un conseiller" },
		{ "fr", "mon colis n'est pas là depuis trois jours, un conseiller svp" },
		{ "es", "una persona de verdad" },
		{ "es", "¿hay alguien vivo ahí?" },
		{ "es", "¿no puedo hablar con una persona?" },
		{ "es", "¿me comunican con un asesor?" },
		{ "es", "me pasa con un ejecutivo por favor" },
		{ "es", "mi paquete lleva tres días de retraso, una persona por favor" },
		{ "en", "can i get someone on the line" },
		{ "en", "no chatbots please" },
		{ "en", "can u connect me to sales" },
		{ "en", "phone me please, I want to speak to whoever runs the shop" },
		{ "de", "gibt es bei euch auch Menschen" },
		{ "de", "kein Automat bitte" },
		{ "de", "ruft mich bitte an" },
		{ "fr", "rappelez-moi s'il vous plaît" },
		{ "fr", "pas une machine" },
		{ "es", "quiero que me atienda alguien" },
		{ "es", "pásenme con el encargado" },
		{ "es", "llámenme por favor" },
		{ "es", "atención humana" },
	};
	check(rows, COUNT(rows), true);
}

static void test_traps_otherwise(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "en", "are there any people in the photo" },
		{ "en", "how many people work at your shop" },
		{ "en", "how many persons can sit in it" },
		{ "en", "a table for six people" },
		{ "en", "does a person have to be home for the delivery" },
		{ "en", "can someone else pick up my order" },
		{ "en", "can I send it to another person" },
		{ "en", "is there someone in the shop on Sunday" },
		{ "en", "can my husband speak for me at pick up" },
		{ "en", "I talked to an agent yesterday about my refund" },
		{ "en", "an agent told me it would be here today" },
		{ "en", "your agent was very friendly" },
		{ "en", "the travel agent booked it" },
		{ "en", "what does a real estate agent need" },
		{ "en", "is the bleaching agent safe" },
		{ "en", "which wetting agent do you use" },
		{ "en", "insurance agent discount" },
		{ "en", "human resources address" },
		{ "en", "is it safe for humans and pets" },
		{ "en", "do you have human anatomy posters" },
		{ "en", "the human body book" },
		{ "en", "a t-shirt that says only human" },
		{ "en", "what is your human rights policy" },
		{ "en", "do you have personal care products" },
		{ "en", "personalised gifts for a person" },
		{ "en", "manager of the month mug" },
		{ "en", "I am a manager and need an invoice" },
		{ "en", "a gift for my manager" },
		{ "en", "can the support beam carry 80 kg" },
		{ "en", "back support cushion" },
		{ "en", "do you support Apple Pay" },
		{ "en", "what languages does your support speak" },
		{ "en", "when is customer service open" },
		{ "en", "what are the customer service hours" },
		{ "en", "does the team ship on Saturdays" },
		{ "en", "team colours available" },
		{ "en", "staff discount" },
		{ "en", "I need a staff for my costume" },
		{ "en", "am I talking to a bot right now" },
		{ "en", "so this is a person, right?" },
		{ "en", "you sound like a human" },
		{ "en", "I never want to speak to a person, just answer here" },
		{ "en", "please do not connect me to anyone" },
		{ "en", "no need for an agent, thanks" },
		{ "en", "i already spoke to a representative, thanks" },
		{ "en", "my assistant will pick it up" },
		{ "en", "smart assistant compatible?" },
		{ "en", "does it talk to Alexa" },
		{ "en", "how do I talk to my kids about money, do you have that book" },
		{ "en", "I want a robot vacuum" },
		{ "en", "do you have a chat widget" },
		{ "en", "who can use the voucher" },
		{ "de", "wie viele personen passen in das zelt" },
		{ "de", "mein mitarbeiter holt es ab" },
		{ "de", "kann es jemand anders abholen" },
		{ "de", "ich habe gestern mit einem mitarbeiter gesprochen" },
		{ "de", "haben sie ein team trikot" },
		{ "de", "ich bin selbst berater" },
		{ "fr", "combien de personnes peuvent s'asseoir" },
		{ "fr", "j'ai parlé à un conseiller hier" },
		{ "fr", "est-ce qu'une autre personne peut le récupérer" },
		{ "es", "¿cuántas personas caben?" },
		{ "es", "ayer hablé con un agente" },
		{ "es", "¿otra persona puede recogerlo?" },
		{ "en", "is the person at the till able to exchange it" },
		{ "en", "what does the manager's choice box contain" },
		{ "en", "can I order for someone who lives abroad" },
		{ "en", "my colleague ordered two chairs" },
		{ "en", "does someone need to be home" },
		{ "en", "please call me when it is ready" },
		{ "en", "will the driver call me" },
		{ "en", "could someone leave it with my neighbour" },
		{ "en", "I want someone to love me t-shirt" },
		{ "en", "a chair for a person of 120 kg" },
		{ "en", "how do I become an agent for your brand" },
		{ "en", "are you hiring people" },
		{ "en", "do you need staff" },
		{ "en", "i want to talk about my order" },
		{ "en", "we need to talk about delivery" },
		{ "en", "talk show tickets" },
		{ "en", "human made candles" },
		{ "en", "one person tent" },
		{ "en", "people say your tea is great" },
		{ "en", "somebody stole my parcel" },
		{ "en", "someone else signed for it" },
		{ "en", "the agent number is on my contract" },
		{ "en", "is there a service fee" },
		{ "en", "customer service was great last time" },
		{ "en", "contact lenses" },
		{ "en", "can I contact the manufacturer" },
		{ "de", "ein zelt für eine person" },
		{ "de", "ist jemand samstags im laden" },
		{ "de", "die mitarbeiterin war sehr nett" },
		{ "de", "ich schreibe mit einem füller, habt ihr tinte" },
		{ "fr", "un agent nettoyant" },
		{ "fr", "le service client est ouvert quand" },
		{ "es", "crema para el ser humano" },
		{ "es", "la persona que lo trajo fue amable" },
		{ "en", "I don't want to talk to anyone" },
		{ "en", "I'd rather not talk to anyone" },
		{ "en", "I do not need an agent" },
		{ "en", "no need for a human, just tell me the opening hours" },
		{ "en", "do you have a person on staff who repairs jumpers" },
		{ "en", "talk to me" },
		{ "en", "can I talk to you" },
		{ "en", "please do not transfer me" },
		{ "en", "transfer my points" },
		{ "en", "no machine wash" },
		{ "en", "someone living in France wants it" },
		{ "de", "Mensch, ist das schön!" },
		{ "de", "Mensch, wo bleibt mein Paket" },
		{ "de", "ich will mit niemandem reden" },
		{ "de", "ich möchte lieber nicht mit jemandem sprechen" },
		{ "de", "bitte nicht mit einem Mitarbeiter verbinden" },
		{ "de", "Rabatt für Mitarbeiter?" },
		{ "de", "ist im Laden ein Lift für Menschen mit Rollstuhl" },
		{ "fr", "je ne veux pas parler à une personne" },
		{ "fr", "je ne veux parler à personne" },
		{ "fr", "pas besoin d'un conseiller" },
		{ "fr", "pas de robot de cuisine en stock ?" },
		{ "fr", "quelqu'un d'autre peut recevoir le colis ?" },
		{ "es", "no quiero hablar con nadie" },
		{ "es", "no necesito un agente" },
		{ "es", "no quiero hablar con alguien ahora" },
		{ "es", "para una persona" },
		{ "en", "no agent needed" },
		{ "en", "does it connect to my phone" },
		{ "de", "gibt es Hosen für große Menschen" },
		{ "de", "die Post ruft mich nie an" },
		{ "fr", "pas la peine de me passer quelqu'un" },
		{ "fr", "je n'ai besoin de personne" },
		{ "es", "no quiero que me llame nadie" },
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
		{ "en", "no need for a human, just tell me the opening hours" },
		{ "en", "I don't want to talk to anyone" },
		{ "de", "ich will mit niemandem reden" },
		{ "fr", "je ne veux pas parler à une personne" },
		{ "es", "no necesito un agente" },
		{ "es", "no quiero hablar con nadie" },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum wish got = wish_of(&arena, rows[i].text, rows[i].language);
		if (got != WISH_NO_PERSON)
			print_error("\"%s\": %d\n", rows[i].text, got);
		assert_int_equal(got, WISH_NO_PERSON);
	}
	assert_int_equal(wish_of(&arena, "are you a bot? i want a human", "en"), WISH_PERSON);
	assert_int_equal(wish_of(&arena, "where is my parcel", "en"), WISH_NONE);
	arena_clear(&arena);
}

/* For a shop that has no files in the visitor's language. */
static void test_language(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{ "de", "ich möchte mit einem menschen sprechen" },
		{ "fr", "je voudrais parler à un conseiller" },
		{ "es", "quiero hablar con una persona" },
		{ "en", "can i talk to a person" },
		{ "en", "xyzzy" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(wish_language(str_of(rows[i].text), "en"), rows[i].language);
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
	(void)wish_of(&arena, text, "de");
	memset(text, 'a', BYTES);
	assert_int_equal(wish_of(&arena, text, "fr"), WISH_NONE);
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
		cmocka_unit_test(test_asked),           cmocka_unit_test(test_traps),
		cmocka_unit_test(test_asked_otherwise), cmocka_unit_test(test_traps_otherwise),
		cmocka_unit_test(test_language),        cmocka_unit_test(test_reverse),
		cmocka_unit_test(test_long_text),       cmocka_unit_test(test_intents),
	};
	return cmocka_run_group_tests(tests, make_words, free_words);
}
