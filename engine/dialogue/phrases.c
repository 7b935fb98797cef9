/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/phrases.h"

#include "base/buf.h"
#include "base/count.h"
#include "dialogue/internal.h"

#include <string.h>

enum { LANGUAGE_COUNT = 4 };
static const char *const languages[LANGUAGE_COUNT] = { "en", "de", "fr", "es" };

/* One row a phrase, one line a language, in the order of `languages`. */
static const char *const table[PHRASE_COUNT][LANGUAGE_COUNT] = {
	[PHRASE_PERSON] = { "Talk to a person", "Mit einem Menschen sprechen", "Parler à une personne",
	                    "Hablar con una persona" },
	[PHRASE_EMAIL] = { "Leave my e-mail address", "Meine E-Mail-Adresse hinterlassen", "Laisser mon adresse e-mail",
	                   "Dejar mi correo electrónico" },
	[PHRASE_BOT] = { "Go on with the bot", "Mit dem Bot weitermachen", "Continuer avec le bot",
	                 "Seguir con el bot" },
	[PHRASE_WAIT] = { "Keep waiting", "Weiter warten", "Continuer à attendre", "Seguir esperando" },

	[PHRASE_MISS] = {
		"I am a bot, and I do not know that one. You can put it in other words, or talk to a person.",
		"Ich bin ein Bot und weiß das leider nicht. Sie können es anders formulieren oder mit einem Menschen sprechen.",
		"Je suis un bot et je n’ai pas la réponse. Vous pouvez le dire autrement ou parler à une personne.",
		"Soy un bot y esto no lo sé. Puede decirlo de otra manera o hablar con una persona.",
	},
	[PHRASE_MISS_UPSET] = {
		"I am sorry: I am a bot, and this is more than I can solve. A person can; please press the button below.",
		"Es tut mir leid: Ich bin ein Bot und kann das nicht lösen. Ein Mensch kann es; dafür ist der Knopf unten.",
		"Je suis désolé : je suis un bot et je ne peux pas régler cela. Une personne le peut ; le bouton est ci-dessous.",
		"Lo siento: soy un bot y no puedo resolver esto. Una persona sí puede; pulse el botón de abajo.",
	},
	[PHRASE_CLARIFY] = {
		"I am a bot and not sure that I understood. Did you mean one of these?",
		"Ich bin ein Bot und nicht sicher, ob ich Sie verstanden habe. Meinten Sie eines davon?",
		"Je suis un bot et je ne suis pas sûr d’avoir compris. Est-ce l’une de ces questions ?",
		"Soy un bot y no estoy seguro de haber entendido. ¿Se refiere a una de estas preguntas?",
	},
	[PHRASE_ONLY_PERSON] = {
		"This is a matter for a person, not for a bot like me. Press the button and somebody is called.",
		"Das ist etwas für einen Menschen, nicht für einen Bot wie mich. Mit dem Knopf wird jemand gerufen.",
		"C’est une question pour une personne, pas pour un bot comme moi. Le bouton fait venir quelqu’un.",
		"Esto es para una persona, no para un bot como yo. Con el botón se avisa a alguien.",
	},
	[PHRASE_FULL] = {
		"{number} people are waiting for the team just now, so it would take long. Leave your e-mail address, wait "
		"all the same, or go on with me: I am the bot and keep helping.",
		"Gerade warten schon {number} Personen auf das Team, es würde lange dauern. Hinterlassen Sie Ihre "
		"E-Mail-Adresse, warten Sie trotzdem, oder machen Sie mit mir weiter: Ich bin der Bot und helfe gern.",
		"{number} personnes attendent déjà l’équipe, ce serait long. Laissez votre adresse e-mail, attendez quand "
		"même, ou continuez avec moi : je suis le bot et je reste là.",
		"Ya hay {number} personas esperando al equipo y tardaría mucho. Deje su correo electrónico, espere de "
		"todos modos o siga conmigo: soy el bot y sigo ayudando.",
	},
	[PHRASE_GO_ON] = {
		"Very well, I am the bot and still here. What would you like to know?",
		"In Ordnung, ich bin der Bot und noch da. Was möchten Sie wissen?",
		"Très bien, je suis le bot et toujours là. Que souhaitez-vous savoir ?",
		"De acuerdo, soy el bot y sigo aquí. ¿Qué desea saber?",
	},

	[PHRASE_OPEN_ASKED] = { "Of course, you can talk to a person.", "Natürlich können Sie mit einem Menschen sprechen.",
	                        "Bien sûr, vous pouvez parler à une personne.",
	                        "Por supuesto, puede hablar con una persona." },
	[PHRASE_OPEN_INTENT] = { "A person should look after this.", "Darum soll sich ein Mensch kümmern.",
	                         "C’est à une personne de s’en occuper.", "De esto debe ocuparse una persona." },
	[PHRASE_OPEN_SENSITIVE] = {
		"This is too important for a bot to answer, so it goes to a person.",
		"Das ist zu wichtig für die Antwort eines Bots, deshalb geht es an einen Menschen.",
		"C’est trop important pour la réponse d’un bot : une personne va s’en charger.",
		"Esto es demasiado importante para que responda un bot, así que pasa a una persona.",
	},
	[PHRASE_OPEN_UNSURE] = {
		"Sorry, the bot does not understand this well enough, so a person should.",
		"Entschuldigung, der Bot versteht das nicht gut genug; das soll ein Mensch tun.",
		"Désolé, le bot ne comprend pas assez bien ; une personne doit prendre le relais.",
		"Lo sentimos, el bot no lo entiende lo bastante bien; debe hacerlo una persona.",
	},
	[PHRASE_OPEN_THUMBS] = {
		"Thank you for saying that these answers did not help. A person should try instead.",
		"Danke, dass Sie sagen, dass diese Antworten nicht geholfen haben. Das soll ein Mensch versuchen.",
		"Merci de nous dire que ces réponses n’ont pas aidé. Une personne doit prendre le relais.",
		"Gracias por decirnos que estas respuestas no ayudaron. Debe intentarlo una persona.",
	},
	[PHRASE_OPEN_REPEATED] = {
		"Sorry that the answer did not settle it. A person should look at it.",
		"Es tut uns leid, dass die Antwort nicht geholfen hat. Das soll sich ein Mensch ansehen.",
		"Désolé que la réponse n’ait pas suffi. Une personne doit regarder cela.",
		"Sentimos que la respuesta no lo haya resuelto. Debe verlo una persona.",
	},
	[PHRASE_OPEN_UPSET] = {
		"We are sorry. This should not have been so much trouble for you.",
		"Es tut uns leid. Das hätte Ihnen nicht so viel Ärger machen dürfen.",
		"Nous sommes désolés. Cela n’aurait pas dû vous causer autant d’ennuis.",
		"Lo sentimos. Esto no debería haberle causado tantas molestias.",
	},
	[PHRASE_OPEN_UPSET_MATTER] = {
		"We are sorry for the trouble you have with this: “{matter}”.",
		"Es tut uns leid, dass Sie damit Ärger haben: „{matter}“.",
		"Nous sommes désolés pour les ennuis que vous avez à ce sujet : « {matter} ».",
		"Sentimos las molestias que tiene con esto: «{matter}».",
	},
	[PHRASE_OPEN_COMPLEX] = {
		"These are several things at once, and a person can look at them together.",
		"Das sind mehrere Dinge auf einmal; ein Mensch kann sie im Zusammenhang ansehen.",
		"Il y a plusieurs choses à la fois ; une personne peut les regarder ensemble.",
		"Son varias cosas a la vez; una persona puede verlas en conjunto.",
	},
	[PHRASE_OPEN_SEGMENT] = {
		"You go straight to a person of the team.",
		"Sie kommen gleich zu einem Menschen aus dem Team.",
		"Vous passez directement à une personne de l’équipe.",
		"Pasa directamente a una persona del equipo.",
	},
	[PHRASE_OPEN_BROKEN] = {
		"Sorry, something went wrong with the bot.",
		"Entschuldigung, mit dem Bot ist etwas schiefgegangen.",
		"Désolé, le bot a rencontré un problème.",
		"Lo sentimos, el bot ha tenido un problema.",
	},

	[PHRASE_CALLING] = {
		"A colleague has been called and can read everything above.",
		"Eine Kollegin oder ein Kollege ist gerufen und kann alles lesen, was oben steht.",
		"Un membre de l’équipe a été appelé et peut lire tout ce qui précède.",
		"Se ha avisado al equipo, que puede leer todo lo anterior.",
	},
	[PHRASE_NEXT] = { "You are next in line.", "Sie sind als Nächstes dran.", "Vous êtes le prochain dans la file.",
	                  "Es su turno a continuación." },
	[PHRASE_NUMBER] = { "You are number {number} in line.", "Sie sind Nummer {number} in der Reihe.",
	                    "Vous êtes numéro {number} dans la file.", "Es el número {number} en la cola." },
	[PHRASE_WAIT_SHORT] = { "It usually takes less than a minute.", "Es dauert meist weniger als eine Minute.",
	                        "Il faut en général moins d’une minute.", "Suele tardar menos de un minuto." },
	[PHRASE_WAIT_MINUTE] = { "It will take about a minute.", "Es dauert etwa eine Minute.",
	                         "Il faut environ une minute.", "Tardará alrededor de un minuto." },
	[PHRASE_WAIT_MINUTES] = { "It will take about {number} minutes.", "Es dauert etwa {number} Minuten.",
	                          "Il faut environ {number} minutes.", "Tardará unos {number} minutos." },
	[PHRASE_WAIT_LONG] = { "It may take more than an hour.", "Es kann länger als eine Stunde dauern.",
	                       "Cela peut prendre plus d’une heure.", "Puede tardar más de una hora." },

	[PHRASE_NOBODY] = { "Nobody of the team is here at the moment.", "Gerade ist niemand aus dem Team da.",
	                    "Personne de l’équipe n’est là en ce moment.",
	                    "En este momento no hay nadie del equipo." },
	[PHRASE_BACK] = { "We are back {when} (shop time).", "Wir sind {when} wieder da (Ortszeit des Geschäfts).",
	                  "Nous serons de retour {when} (heure de la boutique).",
	                  "Volvemos {when} (hora de la tienda)." },
	[PHRASE_LEAVE_EMAIL] = {
		"Leave your e-mail address and we will answer there, or go on with the bot.",
		"Hinterlassen Sie Ihre E-Mail-Adresse, dann antworten wir dort, oder machen Sie mit dem Bot weiter.",
		"Laissez votre adresse e-mail et nous y répondrons, ou continuez avec le bot.",
		"Deje su correo electrónico y le responderemos allí, o siga con el bot.",
	},
	[PHRASE_HAVE_EMAIL] = {
		"We have your address {email} and will answer there; the bot is here meanwhile.",
		"Wir haben Ihre Adresse {email} und antworten dort; solange ist der Bot da.",
		"Nous avons votre adresse {email} et y répondrons ; en attendant, le bot est là.",
		"Tenemos su dirección {email} y le responderemos allí; mientras tanto está el bot.",
	},

	[PHRASE_ADDED] = { "Added for the team to read.", "Das Team kann es lesen.", "Ajouté pour l’équipe.",
	                   "Añadido para el equipo." },
	[PHRASE_ALERT] = {
		"Sorry, this takes longer than it should. The whole team has been called again.",
		"Entschuldigung, es dauert länger als es soll. Das ganze Team wurde noch einmal gerufen.",
		"Désolé, c’est plus long que prévu. Toute l’équipe a été rappelée.",
		"Lo sentimos, tarda más de lo debido. Se ha vuelto a avisar a todo el equipo.",
	},
	[PHRASE_GIVE_UP] = { "We are sorry, nobody could come in time.",
			     "Es tut uns leid, niemand konnte rechtzeitig kommen.",
			     "Nous sommes désolés, personne n’a pu venir à temps.",
			     "Lo sentimos, nadie pudo venir a tiempo." },
	[PHRASE_GIVE_UP_OFFER] = {
		"Leave your e-mail address and we will answer there, keep waiting, or go on with the bot.",
		"Hinterlassen Sie Ihre E-Mail-Adresse, dann antworten wir dort, warten Sie weiter, oder machen Sie mit dem Bot weiter.",
		"Laissez votre adresse e-mail et nous y répondrons, continuez à attendre, ou continuez avec le bot.",
		"Deje su correo electrónico y le responderemos allí, siga esperando o siga con el bot.",
	},
	[PHRASE_ASK_EMAIL] = {
		"Please write your e-mail address in the form, and we will answer there.",
		"Bitte tragen Sie Ihre E-Mail-Adresse in das Formular ein, dann antworten wir dort.",
		"Écrivez votre adresse e-mail dans le formulaire et nous y répondrons.",
		"Escriba su correo electrónico en el formulario y le responderemos allí.",
	},
	[PHRASE_CONTACT] = { "Thank you. We will write to {email}.", "Danke. Wir schreiben an {email}.",
	                     "Merci. Nous écrirons à {email}.", "Gracias. Escribiremos a {email}." },
	[PHRASE_CLAIM] = { "{name} has joined.", "{name} ist jetzt da.", "{name} vous a rejoint.",
	                   "{name} se ha unido." },
	[PHRASE_TRANSFER_AGENT] = { "{name} takes over from here.", "{name} übernimmt ab hier.",
	                            "{name} prend la suite.", "{name} continúa a partir de aquí." },
	[PHRASE_TRANSFER_QUEUE] = { "You are being passed on to another colleague.",
	                            "Sie werden an jemand anderen aus dem Team weitergegeben.",
	                            "Vous êtes transmis à un autre membre de l’équipe.",
	                            "Se le pasa a otra persona del equipo." },
	[PHRASE_RETURN] = {
		"From here on the bot answers again; you can ask for a person at any time.",
		"Ab hier antwortet wieder der Bot; nach einem Menschen können Sie jederzeit fragen.",
		"À partir d’ici, le bot répond de nouveau ; vous pouvez demander une personne à tout moment.",
		"A partir de aquí responde de nuevo el bot; puede pedir una persona en cualquier momento.",
	},
	[PHRASE_AGENT_GONE] = {
		"Sorry, the connection to {name} was lost. You keep your place, and the team has been called.",
		"Entschuldigung, die Verbindung zu {name} ist abgerissen. Sie behalten Ihren Platz; das Team ist gerufen.",
		"Désolé, la connexion avec {name} est perdue. Vous gardez votre place et l’équipe est appelée.",
		"Lo sentimos, se perdió la conexión con {name}. Conserva su lugar y se ha avisado al equipo.",
	},
	[PHRASE_REOPEN] = {
		"Welcome back. {name} has been called and can read everything above.",
		"Willkommen zurück. {name} ist gerufen und kann alles lesen, was oben steht.",
		"Bon retour. Nous avons appelé {name}, qui peut lire tout ce qui précède.",
		"Bienvenido de nuevo. Se ha avisado a {name}, que puede leer todo lo anterior.",
	},
	[PHRASE_CLOSE_AGENT] = {
		"{name} has ended the conversation. Write whenever there is something else.",
		"{name} hat das Gespräch beendet. Schreiben Sie jederzeit, wenn noch etwas ist.",
		"{name} a terminé la conversation. Écrivez dès qu’il y a autre chose.",
		"{name} ha terminado la conversación. Escriba cuando necesite algo más.",
	},
	[PHRASE_CLOSE_VISITOR] = {
		"You have ended the conversation. Write whenever there is something else.",
		"Sie haben das Gespräch beendet. Schreiben Sie jederzeit, wenn noch etwas ist.",
		"Vous avez terminé la conversation. Écrivez dès qu’il y a autre chose.",
		"Ha terminado la conversación. Escriba cuando necesite algo más.",
	},
	[PHRASE_CLOSE_AWAY] = {
		"It was quiet for a while, so this conversation has ended. Just write to go on.",
		"Es war eine Weile still, deshalb ist dieses Gespräch beendet. Schreiben Sie einfach, um weiterzumachen.",
		"Sans nouvelles depuis un moment, cette conversation est terminée. Écrivez simplement pour continuer.",
		"Ha habido silencio un rato, así que esta conversación ha terminado. Escriba para continuar.",
	},

	[PHRASE_TIME] = { "{time}", "{time} Uhr", "{time}", "{time}" },
	[PHRASE_TODAY] = { "today at {time}", "heute um {time}", "aujourd’hui à {time}", "hoy a las {time}" },
	[PHRASE_TOMORROW] = { "tomorrow at {time}", "morgen um {time}", "demain à {time}", "mañana a las {time}" },
	[PHRASE_ON_DAY] = { "on {day} at {time}", "am {day} um {time}", "{day} à {time}", "el {day} a las {time}" },
	[PHRASE_ON_DATE] = { "on {day} at {time}", "am {day}, um {time}", "{day} à {time}", "el {day} a las {time}" },
};

static const char *const weekdays[LANGUAGE_COUNT][7] = {
	{ "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
	{ "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag" },
	{ "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" },
	{ "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo" },
};
static const char *const months[LANGUAGE_COUNT][12] = {
	{ "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
	  "December" },
	{ "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
	  "Dezember" },
	{ "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
	  "décembre" },
	{ "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
	  "noviembre", "diciembre" },
};
static size_t language_row(const char *language)
{
	for (size_t i = 0; language && i < LANGUAGE_COUNT; i++)
		if (!strcmp(languages[i], language))
			return i;
	return 0;
}

const char *phrase_text(const char *language, enum phrase phrase)
{
	return table[phrase][language_row(language)];
}

/* The value for the place that begins at `place` ("{name} ..."); NULL when it is none. */
static const char *value_of(struct arena *arena, const struct phrase_values *values, struct str place)
{
	const struct {
		const char *place, *value;
	} known[] = {
		{ "{name}", values->name },     { "{email}", values->email }, { "{when}", values->when },
		{ "{matter}", values->matter }, { "{time}", values->time },   { "{day}", values->day },
	};
	if (str_starts(place, "{number}"))
		return arena_printf(arena, "%ld", values->number);
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_starts(place, known[i].place))
			return known[i].value ? known[i].value : "";
	return NULL;
}

const char *phrase_in(struct arena *arena, const char *language, enum phrase phrase, const struct phrase_values *values)
{
	struct str rest = str_of(phrase_text(language, phrase));
	struct buf out = { 0 };
	while (rest.len) {
		size_t open = str_find(rest, '{');
		buf_add_str(&out, str_part(rest, 0, open));
		rest = str_part(rest, open, rest.len);
		const char *value = rest.len ? value_of(arena, values, rest) : NULL;
		if (value)
			buf_add_text(&out, value);
		rest = str_part(rest, str_find(rest, '}') + 1, rest.len);
	}
	const char *text = arena_strdup(arena, buf_str(&out));
	buf_clear(&out);
	return text;
}

const char *phrase_place_in(struct arena *arena, const char *language, long position, int64_t wait_ms)
{
	struct phrase_values place = { .number = position };
	const char *where = phrase_in(arena, language, position <= 1 ? PHRASE_NEXT : PHRASE_NUMBER, &place);
	if (wait_ms < 0)
		return where;
	struct phrase_values wait = { .number = (long)((wait_ms + 30 * 1000) / (60 * 1000)) };
	enum phrase how_long = wait.number < 1    ? PHRASE_WAIT_SHORT
			       : wait.number == 1 ? PHRASE_WAIT_MINUTE
			       : wait.number < 60 ? PHRASE_WAIT_MINUTES
						  : PHRASE_WAIT_LONG;
	return arena_printf(arena, "%s %s", where, phrase_in(arena, language, how_long, &wait));
}

static const char *date_in(struct arena *arena, size_t row, const struct civil_time *date)
{
	const char *weekday = weekdays[row][date->weekday], *month = months[row][date->month - 1];
	switch (row) {
	case 1: return arena_printf(arena, "%s, dem %d. %s", weekday, date->day, month);
	case 2: return arena_printf(arena, "%s %d %s", weekday, date->day, month);
	case 3: return arena_printf(arena, "%s %d de %s", weekday, date->day, month);
	default: return arena_printf(arena, "%s, %d %s", weekday, date->day, month);
	}
}

const char *phrase_when_in(struct arena *arena, const char *language, const struct zone *zone, int64_t now_ms,
			   int64_t then_ms)
{
	size_t row = language_row(language);
	struct civil_time now = zone_civil(zone, now_ms), then = zone_civil(zone, then_ms);
	int64_t days = days_from_civil(then.year, then.month, then.day) - days_from_civil(now.year, now.month, now.day);
	struct phrase_values values = {
		.time = arena_printf(arena, "%d:%02d", then.minute / 60, then.minute % 60),
		.day = weekdays[row][then.weekday],
	};
	values.time = phrase_in(arena, language, PHRASE_TIME, &values);
	if (days < 7)
		return phrase_in(arena, language,
				 days <= 0   ? PHRASE_TODAY
				 : days == 1 ? PHRASE_TOMORROW
					     : PHRASE_ON_DAY,
				 &values);
	values.day = date_in(arena, row, &then);
	return phrase_in(arena, language, PHRASE_ON_DATE, &values);
}

struct option phrase_option(const char *language, enum phrase phrase)
{
	static const char *const ids[] = {
		[PHRASE_PERSON] = "person",
		[PHRASE_EMAIL] = "email",
		[PHRASE_BOT] = "bot",
		[PHRASE_WAIT] = "wait",
	};
	return (struct option){ ids[phrase], phrase_text(language, phrase) };
}

const char *phrase_label(const char *language, const char *option)
{
	for (enum phrase phrase = PHRASE_PERSON; phrase <= PHRASE_WAIT; phrase++)
		if (!strcmp(phrase_option(language, phrase).id, option))
			return phrase_text(language, phrase);
	return NULL;
}
