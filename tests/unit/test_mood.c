/* SPDX-License-Identifier: Apache-2.0 */
#include "sentiment/mood.h"

#include "cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct row {
	const char *text;
	bool is_upset;
	int sign; /* of the polarity: -1, 1, or 0 where it does not matter */
};

static const struct mood_lexicon *lexicon_for(struct arena *arena, const char *language)
{
	return mood_lexicon_new_in(arena, language, NULL, 0, NULL, 0);
}

static struct mood mood_of(const struct mood_lexicon *lexicon, const char *text)
{
	struct arena scratch = { 0 };
	struct mood mood;
	mood_read(lexicon, &scratch, str_of(text), &mood);
	arena_clear(&scratch);
	return mood;
}

static void print_mood(const char *text, const struct mood *mood)
{
	print_error("\"%s\": frustration %.2f, polarity %+.2f:", text, mood->frustration, mood->polarity);
	for (size_t i = 0; i < mood->cue_count; i++)
		print_error(" %s %+.2f \"%.*s\"", mood->cues[i].family, mood->cues[i].weight,
			    (int)(mood->cues[i].to - mood->cues[i].from), text + mood->cues[i].from);
	print_error("\n");
}

static void check_rows(const char *language, const struct row *rows, size_t count)
{
	struct arena arena = { 0 };
	const struct mood_lexicon *lexicon = lexicon_for(&arena, language);
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		struct mood mood = mood_of(lexicon, rows[i].text);
		bool is_right = mood.is_upset == rows[i].is_upset && (rows[i].sign >= 0 || mood.polarity < 0) &&
				(rows[i].sign <= 0 || mood.polarity > 0);
		if (!is_right) {
			print_error("should be %s, sign %+d: ", rows[i].is_upset ? "upset" : "calm", rows[i].sign);
			print_mood(rows[i].text, &mood);
		}
		wrong += !is_right;
	}
	arena_clear(&arena);
	assert_int_equal(wrong, 0);
}

#define ROWS(name)            static const struct row name[]
#define CHECK(language, rows) check_rows(language, rows, sizeof(rows) / sizeof *(rows))

ROWS(ANGRY) = {
	{ "I have been waiting for three weeks and nobody answers", true, 0 },
	{ "still nothing after 10 days", true, 0 },
	{ "been on hold for 45 minutes", true, 0 },
	{ "how much longer do I have to wait?!", true, 0 },
	{ "this is the fourth time I contact you about this", true, 0 },
	{ "every single time the same problem", true, 0 },
	{ "I already told you twice", true, 0 },
	{ "I keep getting the same error again and again and nobody helps", true, 0 },
	{ "no response to my emails at all", true, 0 },
	{ "you keep ignoring me", true, 0 },
	{ "your agent hung up on me", true, 0 },
	{ "nobody answers the phone, ever", true, 0 },
	{ "you lost my parcel and refuse to refund me", true, 0 },
	{ "you ruined my daughter's birthday", true, -1 },
	{ "shame on you", true, -1 },
	{ "how is it possible that you lose a parcel twice", true, 0 },
	{ "what kind of company does that?", true, 0 },
	{ "are you kidding me", true, 0 },
	{ "why do you never answer?", true, 0 },
	{ "I will never buy from you again", true, 0 },
	{ "never again!", true, 0 },
	{ "you just lost a customer", true, 0 },
	{ "I'm taking my business elsewhere", true, 0 },
	{ "cancel everything, I have had enough", true, 0 },
	{ "my lawyer will hear about this", true, 0 },
	{ "I am going to report you to trading standards", true, 0 },
	{ "give me my money back now", true, 0 },
	{ "I demand a refund immediately, this is unacceptable", true, -1 },
	{ "get me your manager", true, 0 },
	{ "do something!", true, 0 },
	{ "useless bot", true, -1 },
	{ "that's not what I asked", true, 0 },
	{ "you don't understand me, stupid machine", true, -1 },
	{ "I want to talk to a real person, not a stupid robot", true, 0 },
	{ "terrible service", true, -1 },
	{ "this is ridiculous", true, -1 },
	{ "worst shop ever", true, -1 },
	{ "the most unprofessional company I have ever dealt with", true, 0 },
	{ "what a joke", true, 0 },
	{ "your customer service sucks", true, -1 },
	{ "you are liars and thieves", true, -1 },
	{ "I hate this company", true, -1 },
	{ "I am furious", true, -1 },
	{ "I'm sick of this", true, -1 },
	{ "so frustrated with you guys", true, -1 },
	{ "complete waste of money", true, -1 },
	{ "your driver was extremely rude", true, -1 },
	{ "I'm really disappointed with the quality", true, -1 },
};

ROWS(CALM_PROBLEMS) = {
	{ "my card was declined", false, 0 },
	{ "there is a problem with my order", false, 0 },
	{ "I think I was charged twice, can you check?", false, 0 },
	{ "how do I dispute a charge", false, 0 },
	{ "my parcel arrived damaged, what should I do?", false, 0 },
	{ "the app does not open on my phone", false, 0 },
	{ "I want to cancel my order", false, 0 },
	{ "I lost my password", false, 0 },
	{ "I forgot to enter the discount code", false, 0 },
	{ "I entered the wrong address, can I change it?", false, 0 },
	{ "my card has been stolen, how do I block it?", false, 0 },
	{ "the payment failed", false, 0 },
	{ "where can I complain?", false, 0 },
	{ "how can I get a refund", false, 0 },
	{ "is there a cancellation fee?", false, 0 },
	{ "I have a question about an error message", false, 0 },
	{ "the discount code is not valid", false, 0 },
	{ "one item is missing", false, 0 },
	{ "I received the wrong size", false, 0 },
	{ "why was my payment declined?", false, 0 },
	{ "when will my order arrive?", false, 0 },
	{ "how long do I have to wait for the blue one?", false, 0 },
	{ "is there a waiting list", false, 0 },
	{ "can I order the same again?", false, 0 },
	{ "do you deliver twice a week?", false, 0 },
	{ "I would like to speak to a person please", false, 0 },
	{ "can I talk to an agent", false, 0 },
	{ "are you a robot?", false, 0 },
	{ "it is urgent, I leave tomorrow", false, 0 },
	{ "can I switch to the yearly plan?", false, 0 },
	{ "how do I delete my account", false, 0 },
	{ "I need an invoice for order 12345", false, 0 },
	{ "my tracking number doesn't work, could you look it up?", false, 0 },
	{ "what is the worst case delivery time?", false, 0 },
	{ "do you sell anger management books", false, 0 },
	{ "a ticket for the Damn Yankees please", false, 0 },
	{ "do you have trash bags?", false, 0 },
	{ "who is the manager of the store in Leeds?", false, 0 },
	{ "do you have this in killer heels", false, 0 },
};

/* Written without looking at any data, over many trades. */
ROWS(ANGRY_ANYWHERE) = {
	{ "my internet has been down for 5 days and no one gives a damn", true, 0 },
	{ "your website keeps crashing when I try to pay", true, 0 },
	{ "I've called four times and got four different answers", true, 0 },
	{ "where the hell is my delivery", true, 0 },
	{ "this is beyond a joke now", true, 0 },
	{ "absolutely appalling customer service", true, 0 },
	{ "I want to make a complaint about your staff", true, 0 },
	{ "you have charged me twice and no one will refund me", true, 0 },
	{ "this company is a disgrace", true, 0 },
	{ "I'm losing my patience", true, 0 },
	{ "third email and still no reply", true, 0 },
	{ "can someone actually help me for once?", true, 0 },
	{ "are you even reading my messages", true, 0 },
	{ "stop sending me the same useless answer", true, 0 },
	{ "I have been a loyal customer for ten years and this is how you treat me", true, 0 },
	{ "unbelievable. just unbelievable.", true, 0 },
	{ "how many times do I have to explain this", true, 0 },
	{ "I give up", true, 0 },
	{ "this is a scam", true, 0 },
	{ "you people are useless", true, 0 },
	{ "pathetic excuse for a shop", true, 0 },
	{ "what's the point of tracking if it never updates", true, 0 },
	{ "the dress fell apart after one wash, rubbish quality", true, 0 },
	{ "I am at my wits end", true, 0 },
	{ "I feel cheated", true, 0 },
	{ "refund me or I'll leave a bad review", true, 0 },
	{ "not good enough guys", true, 0 },
	{ "NO ONE IS HELPING ME", true, 0 },
	{ "seriously considering going elsewhere", true, 0 },
	{ "I've been passed around between departments all day", true, 0 },
	{ "so now I have to wait ANOTHER week?", true, 0 },
	{ "ffs just answer the question", true, 0 },
	{ "your chatbot is a waste of time", true, 0 },
	{ "thanks for wasting my day", true, 0 },
	{ "this is getting really annoying", true, 0 },
	{ "it broke after two days, what a piece of junk", true, 0 },
	{ "I am extremely upset with how this was handled", true, 0 },
	{ "nobody told me it would cost extra", true, 0 },
	{ "I won't be shopping here again", true, 0 },
};

/* The same, and words with a second meaning: nuts, junk mail, a vacuum that sucks. */
ROWS(CALM_ANYWHERE) = {
	{ "where can i find my order history", false, 0 },
	{ "my phone screen is broken can you repair it", false, 0 },
	{ "do you have waterproof jackets", false, 0 },
	{ "hi, can I still change the delivery date of my order?", false, 0 },
	{ "I need to return a pair of shoes, they are too small", false, 0 },
	{ "what happens if I miss the delivery", false, 0 },
	{ "how do I cancel my subscription", false, 0 },
	{ "it says payment failed, what does that mean", false, 0 },
	{ "I accidentally ordered two instead of one", false, 0 },
	{ "is the warranty still valid after 2 years", false, 0 },
	{ "what's your phone number", false, 0 },
	{ "thank you for your quick reply", false, 0 },
	{ "no I meant the blue one", false, 0 },
	{ "not the one I ordered, it should be size 8", false, 0 },
	{ "sorry for the late reply", false, 0 },
	{ "never mind, found it", false, 0 },
	{ "I'm not sure which size to take", false, 0 },
	{ "the zip is stuck, any tips?", false, 0 },
	{ "does the alarm clock have a loud ring?", false, 0 },
	{ "do you ship to Northern Ireland, and how long does it take", false, 0 },
	{ "my order hasn't arrived yet, could you check where it is?", false, 0 },
	{ "I was wondering why I have been charged for delivery", false, 0 },
	{ "a friend recommended you", false, 0 },
	{ "what time do you close on sunday", false, 0 },
	{ "can't find my voucher code anywhere", false, 0 },
	{ "I didn't get the confirmation email", false, 0 },
	{ "the item arrived broken, how do I return it", false, 0 },
	{ "why is my order split into two parcels?", false, 0 },
	{ "I would like a refund please", false, 0 },
	{ "please cancel order 4411", false, 0 },
	{ "is this suitable for sensitive skin? my skin gets irritated", false, 0 },
	{ "hello", false, 0 },
	{ "yes", false, 0 },
	{ "no", false, 0 },
	{ "ok thanks bye", false, 0 },
	{ "we ordered for a funeral, can it come before friday", false, 0 },
	{ "do you have a store in Hell, Norway", false, 0 },
	{ "my dog destroyed the toy in one day haha", false, 0 },
	{ "is it bad for the environment", false, 0 },
	{ "the battery died, where can I get a new one", false, 0 },
	{ "which mattress is best for a bad back", false, 0 },
	{ "are the headphones noise cancelling", false, 0 },
	{ "how do I kill weeds with this", false, 0 },
	{ "do you do sick bags for cars", false, 0 },
	{ "I lost my receipt", false, 0 },
	{ "do you have nuts in this cake", false, 0 },
	{ "I am allergic to nuts", false, 0 },
	{ "two rubbish bags please", false, 0 },
	{ "looking for an anti stress tea", false, 0 },
	{ "crazy golf set", false, 0 },
	{ "the zip is a bit silly but ok", false, 0 },
	{ "my order lol", false, 0 },
	{ "apparently my card is blocked", false, 0 },
	{ "does the hair dryer blow cold air", false, 0 },
	{ "gross weight of the package?", false, 0 },
	{ "I need a solicitor's letter template book", false, 0 },
	{ "do you run a competition", false, 0 },
	{ "resident evil game", false, 0 },
	{ "mad max dvd", false, 0 },
	{ "it is stuck", false, 0 },
	{ "I missed the delivery", false, 0 },
	{ "we missed the courier, can you redeliver?", false, 0 },
	{ "I was out when the driver came", false, 0 },
	{ "I need it by friday, otherwise it's too late", false, 0 },
	{ "my son broke the handle", false, 0 },
	{ "the parcel is late", false, 0 },
	{ "it has been delayed, when will it come?", false, 0 },
	{ "I paid for express delivery but it says standard", false, 0 },
	{ "how come it is sold out", false, 0 },
	{ "why don't you sell vinyl anymore?", false, 0 },
	{ "you sent me the wrong colour", false, 0 },
	{ "you sent the wrong item", false, 0 },
	{ "you forgot to include the screws", false, 0 },
	{ "I never received an email", false, 0 },
	{ "still no tracking number, could you check?", false, 0 },
	{ "I want my money back please", false, 0 },
	{ "can I speak to a manager", false, 0 },
	{ "this is the second time I order from you, great shop", false, 0 },
	{ "again the same one please", false, 0 },
	{ "every time I come to your shop I find something nice", false, 0 },
	{ "never used this before, how does it work", false, 0 },
	{ "I have never been so happy with a purchase", false, 0 },
	{ "nothing else, thanks", false, 0 },
	{ "not at the moment", false, 0 },
	{ "no one home until 5pm, can you deliver later?", false, 0 },
	{ "nobody is home on monday", false, 0 },
	{ "do not leave it with the neighbours", false, 0 },
	{ "I won't need the bag", false, 0 },
	{ "cancel that, I found it", false, 0 },
	{ "that's it, thanks", false, 0 },
	{ "I'm done, thank you", false, 0 },
	{ "are you there?", false, 0 },
	{ "hello, is anyone there?", false, 0 },
	{ "seriously good coffee", false, 0 },
	{ "this is insane value for money", false, 0 },
	{ "wicked fast delivery", false, 0 },
	{ "killer deal", false, 0 },
	{ "holy crap that was fast", false, 0 },
	{ "damn, that looks good", false, 0 },
	{ "bloody hell that was quick, thanks", false, 0 },
	{ "I'm dying to try it", false, 0 },
	{ "sick trainers mate", false, 0 },
};

ROWS(POLITE_AND_GLAD) = {
	{ "thanks!", false, 1 },
	{ "thank you so much, that worked", false, 1 },
	{ "perfect, that solved it", false, 1 },
	{ "great service, thanks a lot", false, 1 },
	{ "thanks, that's all", false, 1 },
	{ "wow, that was quick!", false, 0 },
	{ "I love this shop", false, 1 },
	{ "you guys are the best", false, 1 },
	{ "could you please help me with my order?", false, 0 },
	{ "a handy little shop, hands down the best", false, 1 },
	{ "sorry to bother you, quick question", false, 0 },
	{ "good morning, I hope you are well", false, 1 },
	{ "lovely, I can't wait to get it", false, 1 },
	{ "thank you for fixing the delayed order so quickly", false, 1 },
	{ "no complaints, very happy with it", false, 1 },
	{ "highly recommended", false, 0 },
	{ "your agent was very kind and helpful", false, 1 },
};

ROWS(SARCASM) = {
	{ "thanks for nothing", true, 0 },
	{ "great, another week without internet", true, 0 },
	{ "wow, amazing service, only lost my package twice", true, 0 },
	{ "way to treat your customers", true, 0 },
	{ "thanks for ruining my weekend", true, 0 },
	{ "oh great, cancelled again", true, 0 },
	{ "nice job losing my bag", true, 0 },
	{ "I love waiting for hours", true, 0 },
	{ "well played, three hours on hold", true, 0 },
	{ "so much for next day delivery", true, 0 },
};

ROWS(NEGATION) = {
	{ "I'm not happy with this", true, -1 },
	{ "this is not good enough", true, 0 },
	{ "not impressed", true, 0 },
	{ "that is not helpful at all", true, -1 },
	{ "I'm not angry, just curious", false, 0 },
	{ "not bad at all", false, 1 },
	{ "no thanks", false, 0 },
	{ "no problem", false, 0 },
	{ "no worries, take your time", false, 0 },
	{ "can't complain", false, 0 },
	{ "don't worry about it", false, 0 },
	{ "it is not urgent", false, 0 },
	{ "I am not disappointed, it is a nice jacket", false, 0 },
};

ROWS(SIGNS) = {
	{ "WHERE IS MY ORDER", true, 0 },
	{ "ANSWER ME", true, 0 },
	{ "HELLO", false, 0 },
	{ "MY ORDER NUMBER IS AB12 CD34", false, 0 },
	{ "UK or USA size?", false, 0 },
	{ "OK", false, 0 },
	{ "hello??? anyone there???", true, 0 },
	{ "seriously?!", true, 0 },
	{ "hi! quick question!", false, 0 },
	{ "bad quality \xf0\x9f\x91\x8e\xf0\x9f\x8f\xbd", true, -1 }, /* with a skin tone */
	{ "thanks \xe2\x9d\xa4\xef\xb8\x8f", false, 1 },              /* with a variation selector */
	{ "is it free? or not?", false, 0 },
	{ "my order never came \xf0\x9f\x98\xa1", true, -1 },
	{ "\xf0\x9f\x98\xa1\xf0\x9f\x98\xa1\xf0\x9f\x98\xa1", true, -1 },
	{ "still no answer \xf0\x9f\x99\x84", true, -1 },
	{ "thanks \xf0\x9f\x98\x8a", false, 1 },
	{ "\xf0\x9f\x91\x8d", false, 1 },
	{ "ok :)", false, 1 },
	{ "it is broken :(", true, -1 },
	{ "what the f*** is going on", true, 0 },
	{ "this is bullsh*t", true, -1 },
	{ "wtf", true, 0 },
	{ "fuck you", true, -1 },
	{ "sooooo disappointed", true, -1 },
	{ "I want to return the damn shoes", false, 0 },
	{ "#fail", true, -1 },
	{ "delayed #neveragain", true, 0 },
	{ "#newjacket arrived", false, 0 },
	{ "", false, 0 },
	{ "...", false, 0 },
	{ "12345", false, 0 },
};

ROWS(GERMAN) = {
	{ "Ich warte seit drei Wochen auf mein Paket und niemand antwortet!", true, 0 },
	{ "das ist eine Frechheit", true, -1 },
	{ "Ihr habt mein Paket verloren und keiner k\xc3\xbcmmert sich", true, 0 },
	{ "Na toll, schon wieder kaputt. Danke f\xc3\xbcr nichts.", true, 0 },
	{ "dieser Bot ist nutzlos", true, -1 },
	{ "nie wieder bestelle ich bei euch", true, 0 },
	{ "ich bin w\xc3\xbctend", true, -1 },
	{ "ich bin wuetend", true, -1 },
	{ "Ich gehe zum Anwalt", true, 0 },
	{ "wo ist mein Paket?", false, 0 },
	{ "ich habe mein Passwort vergessen", false, 0 },
	{ "kein Problem, danke!", false, 0 },
	{ "nein danke", false, 0 },
	{ "mein Artikel ist kaputt angekommen", false, -1 },
	{ "Der Service ist super, vielen Dank", false, 1 },
	{ "Ich m\xc3\xb6"
	  "chte mit einem Menschen sprechen",
	  false, 0 },
};

ROWS(FRENCH) = {
	{ "J'attends mon colis depuis trois semaines et personne ne r\xc3\xa9pond !", true, 0 },
	{ "C'est inadmissible", true, -1 },
	{ "Vous avez perdu mon colis et personne ne m'aide", true, 0 },
	{ "Bravo, encore une fois en retard. Merci pour rien.", true, 0 },
	{ "ce bot est nul", true, -1 },
	{ "plus jamais chez vous", true, 0 },
	{ "je suis tr\xc3\xa8s d\xc3\xa9\xc3\xa7u", true, -1 },
	{ "je suis tres decu", true, -1 },
	{ "o\xc3\xb9 est ma commande ?", false, 0 },
	{ "j'ai oubli\xc3\xa9 mon mot de passe", false, 0 },
	{ "pas de probl\xc3\xa8me, merci !", false, 0 },
	{ "mon article est arriv\xc3\xa9 cass\xc3\xa9", false, -1 },
	{ "Le service est super, merci beaucoup", false, 1 },
	{ "je voudrais parler \xc3\xa0 une personne", false, 0 },
};

ROWS(SPANISH) = {
	{ "Llevo tres semanas esperando mi paquete y nadie contesta!", true, 0 },
	{ "Esto es inaceptable", true, -1 },
	{ "Han perdido mi paquete y a nadie le importa", true, 0 },
	{ "Genial, otra vez roto. Gracias por nada.", true, 0 },
	{ "este bot es in\xc3\xbatil", true, -1 },
	{ "este bot es inutil", true, -1 },
	{ "nunca m\xc3\xa1s compro aqu\xc3\xad", true, 0 },
	{ "estoy harto", true, 0 },
	{ "\xc2\xbf"
	  "d\xc3\xb3nde est\xc3\xa1 mi pedido?",
	  false, 0 },
	{ "he olvidado mi contrase\xc3\xb1"
	  "a",
	  false, 0 },
	{ "no hay problema, gracias!", false, 1 },
	{ "mi art\xc3\xad"
	  "culo lleg\xc3\xb3 roto",
	  false, -1 },
	{ "El servicio es muy bueno, muchas gracias", false, 1 },
	{ "quiero hablar con una persona", false, 0 },
};

/* A language without tables of its own hears what is said without words. */
ROWS(ANY_LANGUAGE) = {
	{ "missa on tilaukseni \xf0\x9f\x98\xa1", true, -1 },
	{ "MISSA ON TILAUKSENI", true, 0 },
	{ "missa on tilaukseni?", false, 0 },
	{ "kiitos :)", false, 1 },
};

static void test_angry(void **state)
{
	(void)state;
	CHECK("en", ANGRY);
}

static void test_calm_problems(void **state)
{
	(void)state;
	CHECK("en", CALM_PROBLEMS);
}

static void test_anywhere(void **state)
{
	(void)state;
	CHECK("en", ANGRY_ANYWHERE);
	CHECK("en", CALM_ANYWHERE);
}

static void test_polite_and_glad(void **state)
{
	(void)state;
	CHECK("en", POLITE_AND_GLAD);
}

/* Words that a table of single words praises, in a wish that is neither glad nor sad. */
static void test_neutral(void **state)
{
	(void)state;
	static const char *const texts[] = { "I need a hand", "can somebody give me a hand with this order",
					     "do you have second hand books" };
	struct arena arena = { 0 };
	const struct mood_lexicon *lexicon = lexicon_for(&arena, "en");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct mood mood = mood_of(lexicon, texts[i]);
		if (mood.polarity != 0 || mood.is_upset)
			fail_msg("\"%s\": polarity %+.2f", texts[i], mood.polarity);
	}
	arena_clear(&arena);
}

static void test_sarcasm(void **state)
{
	(void)state;
	CHECK("en", SARCASM);
}

static void test_negation(void **state)
{
	(void)state;
	CHECK("en", NEGATION);
}

static void test_signs(void **state)
{
	(void)state;
	CHECK("en", SIGNS);
}

static void test_other_languages(void **state)
{
	(void)state;
	CHECK("de", GERMAN);
	CHECK("fr", FRENCH);
	CHECK("es", SPANISH);
	CHECK("fi", ANY_LANGUAGE);
}

/* The same thing said by two people gets the same decision, and nearly the same number. */
static void test_same_for_everybody(void **state)
{
	(void)state;
	static const struct {
		const char *one, *other;
	} PAIRS[] = {
		{ "my name is Emily and my order is late", "my name is Lakisha and my order is late" },
		{ "Jamal here, still waiting for my refund, three weeks now",
		  "Greg here, still waiting for my refund, three weeks now" },
		{ "this is Mohammed, you lost my parcel and nobody cares",
		  "this is Matthew, you lost my parcel and nobody cares" },
		{ "I am Mrs Young, where is my parcel?", "I am Mrs Grimm, where is my parcel?" },
		{ "where is my package y'all", "where is my package you lot" },
		{ "I ain't got no parcel yet", "I have not got a parcel yet" },
		{ "my card dont work", "my card doesn't work" },
		{ "you dont answer me, im fed up", "you don't answer me, I'm fed up" },
		{ "u lost my order n nobody cares", "you lost my order and nobody cares" },
		{ "plz help me with my order", "please help me with my order" },
		{ "thx mate", "thanks mate" },
		{ "wee question about me order", "little question about my order" },
		{ "this is disapointing", "this is disappointing" },
		{ "i am realy dissapointed with your service", "i am really disappointed with your service" },
		{ "your service is unacceptible", "your service is unacceptable" },
		{ "i havent recieved my order", "i haven't received my order" },
		{ "still waiting for my cheque, its been 3 weeks", "still waiting for my check, it's been 3 weeks" },
		{ "I apologise, my mistake", "I apologize, my mistake" },
		{ "WHERE IS MY PARCEL, HOSSEIN", "WHERE IS MY PARCEL, JOHN" },
	};
	struct arena arena = { 0 };
	const struct mood_lexicon *lexicon = lexicon_for(&arena, "en");
	size_t wrong = 0;
	for (size_t i = 0; i < COUNT(PAIRS); i++) {
		struct mood one = mood_of(lexicon, PAIRS[i].one), other = mood_of(lexicon, PAIRS[i].other);
		if (one.is_upset != other.is_upset) {
			print_mood(PAIRS[i].one, &one);
			print_mood(PAIRS[i].other, &other);
			wrong++;
		}
	}
	arena_clear(&arena);
	assert_int_equal(wrong, 0);
}

/* What was heard, and where, is said with it. */
static void test_cues_and_places(void **state)
{
	(void)state;
	static const struct {
		const char *text, *family, *words;
	} PLACES[] = {
		{ "Hello, I am fed up with this", "feeling", "I am fed up with" },
		{ "ok... your driver was rude!", "staff", "driver was rude" },
		{ "caf\xc3\xa9: TERRIBLE service \xf0\x9f\x98\xa1", "emoji", "\xf0\x9f\x98\xa1" },
		{ "we were put on hold for an hour", "on hold", "on hold for an" },
		{ "thank you!", "thanks", "thank you!" },
		{ "it was late. never again.", "leaving", "never again" },
	};
	struct arena arena = { 0 };
	const struct mood_lexicon *lexicon = lexicon_for(&arena, "en");
	for (size_t i = 0; i < COUNT(PLACES); i++) {
		struct mood mood = mood_of(lexicon, PLACES[i].text);
		bool is_found = false;
		for (size_t c = 0; c < mood.cue_count; c++) {
			const struct mood_cue *cue = &mood.cues[c];
			assert_true(cue->from <= cue->to && cue->to <= strlen(PLACES[i].text));
			assert_true(c == 0 || fabs(mood.cues[c - 1].weight) >= fabs(cue->weight));
			is_found = is_found || (!strcmp(cue->family, PLACES[i].family) &&
						str_is((struct str){ PLACES[i].text + cue->from, cue->to - cue->from },
						       PLACES[i].words));
		}
		if (!is_found)
			print_mood(PLACES[i].text, &mood);
		assert_true(is_found);
	}
	arena_clear(&arena);
}

static void test_owners_words(void **state)
{
	(void)state;
	static const struct str UPSET[] = { { "wobbly again", 12 }, { "", 0 }, { "brass monkeys", 13 } };
	static const struct str CALM[] = { { "Angry Bees honey", 16 }, { "worst nightmare", 15 }, { "???", 3 } };
	static const struct row ROWS_PLAIN[] = {
		{ "my wheel is wobbly again", false, 0 },
		{ "do you sell Angry Bees honey? I am fed up", true, 0 },
		{ "the Worst Nightmare poster", true, 0 },
	};
	static const struct row ROWS_OWNED[] = {
		{ "my wheel is wobbly again", true, 0 },
		{ "my wheel is Wobbly  AGAIN", true, 0 },
		{ "my wheel is wobbly", false, 0 },
		{ "the Worst Nightmare poster", false, 0 },
		{ "the worst service", true, -1 },
		{ "do you have angry bees honey", false, 0 },
		{ "do you sell Angry Bees honey? I am fed up", true, 0 },
	};
	struct arena arena = { 0 };
	const struct mood_lexicon *owned = mood_lexicon_new_in(&arena, "en", UPSET, 3, CALM, 3);
	for (size_t i = 0; i < COUNT(ROWS_OWNED); i++) {
		struct mood mood = mood_of(owned, ROWS_OWNED[i].text);
		if (mood.is_upset != ROWS_OWNED[i].is_upset)
			print_mood(ROWS_OWNED[i].text, &mood);
		assert_int_equal(mood.is_upset, ROWS_OWNED[i].is_upset);
	}
	struct mood poster = mood_of(owned, "the Worst Nightmare poster");
	assert_true(poster.polarity == 0);
	arena_clear(&arena);
	CHECK("en", ROWS_PLAIN);
}

/* As many phrases as are read, and one more, each as long as can be. */
static void test_many_owners_words(void **state)
{
	(void)state;
	enum { COUNT = MOOD_PHRASES_MAX + 1, WORDS = 70 };
	struct arena arena = { 0 };
	struct str *phrases = arena_zalloc(&arena, COUNT, sizeof *phrases);
	for (size_t i = 0; i < COUNT; i++) {
		char *text = arena_alloc(&arena, WORDS * 8);
		size_t len = 0;
		for (size_t w = 0; w < WORDS; w++)
			len += (size_t)snprintf(text + len, WORDS * 8 - len, "q%c%c%c ", (int)('a' + i / 676),
						(int)('a' + i / 26 % 26), (int)('a' + i % 26));
		phrases[i] = (struct str){ text, len };
	}
	const struct mood_lexicon *lexicon = mood_lexicon_new_in(&arena, "en", phrases, COUNT, phrases, 0);
	assert_true(mood_of(lexicon, phrases[0].ptr).is_upset);
	assert_true(mood_of(lexicon, phrases[COUNT - 2].ptr).is_upset);
	assert_false(mood_of(lexicon, phrases[COUNT - 1].ptr).is_upset);
	arena_clear(&arena);
}

/* Long calm stories do not add up to anger. */
static void test_length_is_no_anger(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	const struct mood_lexicon *lexicon = lexicon_for(&arena, "en");
	struct mood mood = mood_of(
		lexicon,
		"Hi, last month I ordered a jacket in size M. It did not fit, so I sent it back and ordered L. "
		"That one had a broken zip. I sent it back too. The money for the first has come, the second is "
		"missing. Could you tell me whether it is on its way? There is no hurry. Thanks in advance");
	assert_false(mood.is_upset);
	arena_clear(&arena);
}

/* Any bytes, any length: an answer within bounds. */
static void test_hostile(void **state)
{
	(void)state;
	struct arena arena = { 0 }, scratch = { 0 };
	const struct mood_lexicon *lexicon = lexicon_for(&arena, "en");
	static const char *const PIECES[] = {
		"still ",       "waiting ",         "????", "\xff\xfe", "#", "a", "#neveragainneveragain", "f***",
		"not not not ", "still no answer ", "!?",   "\n",       "@", "9"
	};
	for (size_t p = 0; p < COUNT(PIECES); p++) {
		char text[20000];
		size_t len = 0;
		while (len + strlen(PIECES[p]) < sizeof text) {
			memcpy(text + len, PIECES[p], strlen(PIECES[p]));
			len += strlen(PIECES[p]);
		}
		struct mood mood;
		mood_read(lexicon, &scratch, (struct str){ text, len }, &mood);
		assert_true(mood.frustration >= 0 && mood.frustration <= 1);
		assert_true(mood.polarity >= -1 && mood.polarity <= 1);
		for (size_t c = 0; c < mood.cue_count; c++)
			assert_true(mood.cues[c].from <= mood.cues[c].to && mood.cues[c].to <= len);
		arena_reset(&scratch);
	}
	arena_clear(&scratch);
	arena_clear(&arena);
}

static void test_running(void **state)
{
	(void)state;
	struct mood calm = { 0 }, mild = { .frustration = 0.3 }, strong = { .frustration = 0.8, .is_upset = true };
	struct mood glad = { .polarity = 0.8 };
	double mood = mood_running(0, &calm);
	assert_true(mood == 0);
	assert_true(mood_running(0, &strong) >= MOOD_UPSET_LINE); /* at once */
	/* Mild messages in a row sink below the line; one alone does not. */
	mood = mood_running(0, &mild);
	assert_true(mood < MOOD_UPSET_LINE);
	double before = mood;
	for (int i = 0; i < 3; i++) {
		mood = mood_running(mood, &mild);
		assert_true(mood > before && mood <= 1);
		before = mood;
	}
	/* Calm lets it fade, praise faster. */
	mood = mood_running(0, &strong);
	assert_true(mood_running(mood, &calm) < mood);
	assert_true(mood_running(mood, &glad) < mood_running(mood, &calm));
	for (int i = 0; i < 10; i++)
		mood = mood_running(mood, &calm);
	assert_true(mood < 0.01);
	for (int i = 0; i < 100; i++)
		mood = mood_running(mood, &strong);
	assert_true(mood <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_angry),
		cmocka_unit_test(test_calm_problems),
		cmocka_unit_test(test_anywhere),
		cmocka_unit_test(test_polite_and_glad),
		cmocka_unit_test(test_neutral),
		cmocka_unit_test(test_sarcasm),
		cmocka_unit_test(test_negation),
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_other_languages),
		cmocka_unit_test(test_same_for_everybody),
		cmocka_unit_test(test_cues_and_places),
		cmocka_unit_test(test_owners_words),
		cmocka_unit_test(test_many_owners_words),
		cmocka_unit_test(test_length_is_no_anger),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_running),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
