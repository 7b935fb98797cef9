/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of asked_internal.h for English, German, French and Spanish. */
#include "base/count.h"
#include "dialogue/asked_internal.h"

static const struct word_class classes_en[] = {
	{ "talk", " talk speak chat talking speaking chatting tlak speek " },
	{ "person",
	  " human humans person people agent agents representative representatives rep advisor adviser advisors "
	  "operator someone somebody anyone anybody sum1 some1 any1 staff team colleague colleagues manager supervisor "
	  "employee "
	  "consultant owner boss "
	  "assistant being support hooman humna persn persom agnet service " },
	{ "hard", " human humans person people agent agents colleague colleagues representative rep advisor adviser "
		  "operator manager "
		  "supervisor employee being hooman humna persn persom agnet " },
	{ "bot", " bot bots robot robots machine machines computer chatbot chatbots ai " },
	{ "link", " to with too 2 " },
	{ "fill",
	  " a an the some any one your real live actual human proper of member members another customer service "
	  "support sales store shop company nice fucking bloody damn goddamn " },
	{ "want", " want need get give have prefer like fetch bring rather require wanna " },
	{ "me", " me us " },
	{ "can", " can could may might " },
	{ "after",
	  " please pls plz now to who instead here asap today and not thanks thank because i right immediately on "
	  "from or but about that so help straight " },
	{ "later", " when once before if after until unless as " },
	{ "other", " you u ya yourself myself it him her them this that a an the my your bot bots robot " },
	{ "trap", " hair size sized resources rights shaped shape id number name string " },
	{ "polite",
	  " please pls plz now hi hello hey ok okay thanks thank you i just can could would may immediately asap "
	  "actually only today here there " },
};
static const char *const vetoes_en[] = {
	"am|are i|we talking|speaking|chatting|really|actually|even",
	"if|whether i|we am|are talking|speaking|chatting",
	"are you @fill* @person",
	"is this|that|it @fill* @person",
	"not @want to? @talk? @link? @fill* @hard",
	"not @want to? @talk @link @fill* @person !@bot",
	"rather|prefer|please not to? @talk",
	"do not need|want @fill* anyone|anybody",
	"no need for|of @fill* @person",
	"no @fill* @hard needed|required|necessary|thanks",
	"have @fill* @hard on staff|site",
	"not have|need to @talk @link? @fill* @person",
	"no need to @talk",
	"without @talk",
	"never @want? to? @talk",
	"not connect|transfer|pass|put|forward|switch|redirect|escalate @me?",
	"a|the|my|bank|made transfer|send",
	"do|must|would i|we need|have to @talk",
	"i transfer|send|pass|give|forward|hand it|this|them|that|my|the",
	"you sound|seem|look|talk|act|write .? like",
};
static const char *const requests_en[] = {
	"@talk @link @fill* @person !@trap",
	"@talk @hard !@trap",
	"@person there|here? who|that? i|we @can @talk",
	"@person to @talk @link",
	"who @can|do|should? i|we @talk",
	"@want @me? @fill* @hard %@after",
	"@want to have|get|see @fill* @hard %@after",
	"@want @me? @fill* human|live help|assistance|support|contact|chat|intervention",
	"connect|transfer|pass|forward|switch @me|this|it? over? @link @fill* @person !@trap",
	"connected|transferred|forwarded|passed|switched over|on? @link @fill* @person !@trap",
	"redirect|route|escalate|hand|refer @me|this|it? over? @link @fill* @person !@trap",
	"send @me @link @fill* @person !@trap",
	"deal|dealing with @fill* @hard !@trap",
	"reach|find @fill* @hard %@after|here|on",
	"get hold of @fill* @hard %@after",
	"a word with @fill* @person !@trap",
	"anyone|anybody|someone|somebody there|here who|that @can .? help|assist|answer",
	"contact|contacting @fill* @hard|somebody|someone|assistant !@trap",
	"get me .? .? .? .? to @fill* @hard !@trap",
	"put @fill* @hard on",
	"@can @fill* @hard .? .? .? take|step|jump over|in",
	"skip|bypass|avoid|exit|quit the|this? @bot",
	"anyone|anybody|someone|somebody real|human|alive",
	"human|operator|representative please|pls|plz",
	"any @fill* @hard around|here|there|available|online|awake",
	"is|are @person from @fill* team|staff|support|shop|store",
	"is|are @person .? .? available|free|around to @talk",
	"can|could|please|need|want|have @fill* @person .? .? .? .? call|phone|ring @me !@later",
	"@want @me someone|somebody who|that",
	"can|could a|an|any|some|real|actual|live @fill* @hard .? help|assist|answer|look|check|take|see|read",
	"help|assistance|support from @fill* @hard !@trap",
	"put|get|patch @me through|thru",
	"^ @polite* connect|transfer|forward @me @polite* $",
	"^ @polite* @talk to|with !@me !@other . @polite* $",
	"@talk to|with whoever|whomever",
	"get|have @fill* @person on the? line|phone|chat",
	"connect|transfer @me through? to|with .",
	"is|are there @fill* @hard here|there|available|around|who|that|on|i",
	"@can @fill* real|live|actual|human @person . me",
	"not @want to? @talk? @link? @fill* @bot",
	"no more? @bot @polite* $",
	"< @polite* @fill* human|agent|person|representative|operator|manager please|pls|plz >",
	"^ @polite* real|live|actual|human|proper @fill* @person @polite* $",
	"^ @polite* @fill* human|agent|person|representative|operator|supervisor|manager @polite* $",
	"^ @polite* @fill* advisor|adviser|hooman @polite* $",
	"^ @polite* live chat|help @polite* $",
	"^ @polite* customer service|support|care please|pls|plz|now $",
	"^ @polite* speak|talk please $",
};

static const struct word_class classes_de[] = {
	{ "talk", " sprechen reden chatten schreiben telefonieren verbunden verbinden kontaktieren " },
	{ "person",
	  " mensch menschen person personen mitarbeiter mitarbeiterin mitarbeitern berater beraterin beratern "
	  "jemand jemandem jemanden wem irgendwem irgendjemandem kundenservice kundendienst kundenberater "
	  "kollegen kollegin kollege personal support team chef chefin ansprechpartner verkäufer " },
	{ "hard", " mensch menschen mitarbeiter mitarbeiterin berater beraterin kundenberater ansprechpartner "
		  "kundenberaterin person " },
	{ "bot", " bot roboter maschine chatbot computer automat automaten ki " },
	{ "fill",
	  " einem einen einer eine ein der dem den die das echten echter echtes echte echtem richtigen richtiger "
	  "richtige realen realem lebendigen lebenden wirklichen menschlichen menschlicher menschliche ihrem ihren "
	  "ihrer eurem euren eurer vom aus dem ihrem team von irgend irgendeinem anderen " },
	{ "want", " brauche möchte moechte will hätte haette gib gebt geben hol holen bräuchte wünsche " },
	{ "wish", " will möchte moechte mag muss soll wollte würde wuerde brauche " },
	{ "staff", " mitarbeiter mitarbeiterin berater beraterin kundenberater kundenberaterin ansprechpartner " },
	{ "living", " echtes echten lebendes lebendiges lebendigen richtiges menschliches reales " },
	{ "after", " bitte sprechen reden jetzt der haben und dran sofort statt am mit " },
	{ "polite", " bitte jetzt hallo ich guten tag danke sofort gerne gern nur einfach mal lieber " },
};
static const char *const vetoes_de[] = {
	"spreche|rede|chatte|schreibe ich .? .? mit",
	"ob ich .? mit @fill* @person",
	"@wish .? .? .? nicht mit @fill* @person !@bot",
	"nicht mit @fill* @hard .? verbinden|verbunden|verbindet",
	"mit niemand|niemandem|niemanden|keinem|keiner .? .? @talk",
	"kein|keinen|keine @fill* @hard",
	"bist|sind|seid du|sie|ihr .? @fill* @person",
	"ist das .? @fill* @person",
};
static const char *const requests_de[] = {
	"mit @fill* @person .? .? .? @talk",
	"@talk .? .? mit @fill* @person",
	"verbinden|verbinde|verbindet .? .? .? mit|zu @fill* @person",
	"@fill* @hard .? sprechen|reden|chatten",
	"@person mit|zum|zu dem|der|denen|reden|sprechen .? .? @talk?",
	"@want .? .? @fill* echten|echter|richtigen|menschlichen @person",
	"@want .? .? @fill* mensch|menschen|mitarbeiter|mitarbeiterin %@after",
	"@want .? .? @fill* berater|beraterin|ansprechpartner|kundenberater %@after",
	"nicht .? .? mit @fill* @bot",
	"kein|keinen @fill* @bot $",
	"kann|könnte|koennte|möchte|will|hätte .? .? .? @fill* @hard haben|bekommen|kriegen|erreichen",
	"@want .? .? @fill* kollege|kollegen|kollegin|vorgesetzten|chef %@after",
	"kein|keinen @fill* @bot bitte|danke|mehr",
	"^ @polite* ruft|rufen|ruf sie? mich|uns .? .? .? an|zurück|zurueck",
	"gibt es .? .? @fill* ansprechpartner|berater|mitarbeiter|kundenberater",
	"zu|an @fill* @hard .? .? durchgestellt|verbunden|weitergeleitet|durchstellen|weiterleiten",
	"gibt|ist|sind .? .? .? echte|echter|richtige|richtiger|lebende @person",
	"ist|sind|gibt es? da|hier .? .? @fill* mensch|menschen|mitarbeiter|mitarbeiterin|berater|beraterin",
	"jemand|jemanden|jemandem|wer|wen|wem @living",
	"gibt es hier|da|dort|bei|euch|ihnen|auch|noch|überhaupt* mensch|menschen|@staff",
	"kann|könnte|koennte|soll|bitte .? .? @person .? .? anrufen|zurückrufen|zurueckrufen",
	/* "Mensch, ist das schön!" calls for nobody. */
	"^ = mensch|menschen $",
	"^ @polite* @fill* mensch|menschen|person bitte|jetzt|sofort $",
	"^ @polite* bitte|lieber|ich|nur|ein|einen|einem @fill* mensch|menschen|person @polite* $",
	"^ @polite* @fill* @staff @polite* $",
	"< @polite* @fill* @hard bitte >",
	"^ @polite* @fill* echter|echten|richtiger|lebender @fill* @person @polite* $",
	"^ @polite* kundenservice|kundendienst bitte|jetzt $",
};

static const struct word_class classes_fr[] = {
	{ "talk", " parler discuter échanger echanger dialoguer chatter tchatter parlé causer " },
	{ "person",
	  " humain humaine personne conseiller conseillère conseillere agent opérateur operateur opératrice vendeur "
	  "vendeuse collaborateur employé employe responsable être quelqu quelquun quelqu'un client équipe "
	  "personnes clients interlocuteur technicien " },
	{ "hard", " humain humaine conseiller conseillère conseillere opérateur operateur agent interlocuteur " },
	{ "bot", " bot robot machine chatbot ordinateur automate " },
	{ "link", " à a avec au aux " },
	{ "fill",
	  " un une le la l de du des d vrai vraie vrais réel réelle reel reelle votre vos être etre humain humaine "
	  "physique autre service membre équipe en chair " },
	{ "want", " veux voudrais souhaite souhaiterais besoin faut préfère prefere préférerais voudrai " },
	{ "wish", " puis peux peut pourrais pourrait possible veux voudrais aimerais souhaite souhaiterais " },
	{ "after", " svp s s'il sil pour maintenant merci et pas au tout " },
	{ "polite", " svp s se s'il il vous plaît plait bonjour merci je maintenant sil stp te allo allô " },
};
static const char *const vetoes_fr[] = {
	"je parle|discute|suis",
	"je ne? suis",
	"parle|discute t? je|on",
	"êtes|etes|es vous|tu .? @fill* @person",
	"@want pas .? .? @talk @link @fill* @person !@bot",
	"@talk à|a|avec personne",
	"pas .? besoin|peine",
	"ai|avons|avais|avait .? @talk",
	"est ce @fill* @person",
};
static const char *const requests_fr[] = {
	"@talk @link @fill* @person",
	"mettre|mettez|mets|met .? .? en relation|contact|communication avec",
	"passez|passer|passe moi|nous? @fill* @person",
	"joindre|contacter|appeler @fill* @person",
	"transférez|transferez|transférer|redirigez|orientez|dirigez moi|nous? à|vers @fill* @person",
	"quelquun peut|pourrait il? me|nous? appeler|rappeler|répondre",
	"y a t? il? @fill* humain|conseiller|humaine|responsable",
	"@want de|d? @fill* @hard %@after",
	"@want de|d? @fill* vraie|vrai|réelle @person",
	"@person à qui .? .? @talk",
	"quelquun|personne de? vivant|vivante|réel|reel|réelle|reelle|humain|vrai",
	"@wish .? .? avoir @fill* @hard|quelquun",
	"@want|aimerais être|etre contacté|contactée|recontacté|recontactée|rappelé|rappelée",
	"pas .? .? @talk @link @fill* @bot",
	"^ @polite* @fill* @hard @polite* $",
	"^ @polite* @fill* vraie|vrai @person @polite* $",
	"^ @polite* pas de|un|une|le|la @bot @polite* $",
	"^ @polite* rappelez|appelez moi|nous .? .? @polite* $",
	"< @polite* @fill* @hard svp|stp|sil|se|s .? .? .? >",
};

static const struct word_class classes_es[] = {
	{ "talk", " hablar chatear conversar comunicar comunicarme contactar contactarme charlar " },
	{ "person",
	  " persona humano humana alguien agente asesor asesora operador operadora representante empleado empleada "
	  "encargado encargada ejecutivo ejecutiva responsable gerente cliente equipo personal ser " },
	{ "hard", " persona humano humana agente asesor asesora operador operadora representante "
		  "ejecutivo ejecutiva " },
	{ "bot", " bot robot máquina maquina chatbot ordenador " },
	{ "link", " con a al " },
	{ "fill",
	  " un una el la algún alguna algun ser humano humana real verdadera verdadero de su vuestro vuestra verdad "
	  "otra otro atención atencion servicio miembro del al " },
	{ "want", " quiero necesito prefiero quisiera deseo querría dame deme " },
	{ "wish", " quiero necesito deseo quisiera querría quería " },
	{ "after", " por ya ahora gracias y no que para favor " },
	{ "polite", " por favor hola gracias ahora ya buenas buenos días dias tardes " },
};
static const char *const vetoes_es[] = {
	"estoy|estamos|estaré hablando|chateando",
	"si hablo|estoy",
	"hablo con",
	"eres|es|son usted? @fill* @person",
	"no @wish .? @talk @link @fill* @person|nadie|ninguno|ninguna !@bot",
	"no @wish @fill* @hard",
};
static const char *const requests_es[] = {
	"@talk @link @fill* @person",
	"pásame|pasame|páseme|paseme|pásenme|pasenme|ponme|póngame|pongame @link @fill* @person",
	"comuníqueme|comuniqueme|conéctame|conectame|conécteme|conecteme @link @fill* @person",
	"transfiéreme|transfiereme|transfiérame @link @fill* @person",
	"@want @fill* @hard %@after",
	"atender|atienda|ayudar|ayude|contestar|conteste|responder @fill* @hard %@after",
	"@want @fill* persona|agente|asesor real|humano|humana",
	"me comunica|comunicas|comunican|pasa|pasas|pasan|transfiere|conecta|conectas @link @fill* @person",
	"persona|humano|alguien|agente de verdad",
	"alguien vivo|viva|real",
	"que me atienda|ayude|conteste|llame @fill* @person",
	"^ @polite* llámenme|llamenme|llámeme|llameme @polite* $",
	"atención|atencion|ayuda humana",
	"@person con quien|el|la que? .? @talk",
	"me puede|pueden|podría|podrían llamar @fill* @person",
	"puede|pueden|podría|podrían llamarme @fill* @person",
	"puede|pueden|podría|podrían @fill* @person llamar|llamarme",
	"no .? .? @talk @link @fill* @bot",
	"^ @polite* con? @fill* @hard @polite* $",
	"< @polite* @fill* @hard por favor >",
	"^ @polite* @fill* persona|agente real|humano|humana @polite* $",
};

#define RULES(code)                                                                                                 \
	{                                                                                                           \
#code, classes_##code, COUNT(classes_##code), vetoes_##code, COUNT(vetoes_##code), requests_##code, \
			COUNT(requests_##code)                                                                      \
	}
static const struct language_rules all_rules[] = { RULES(en), RULES(de), RULES(fr), RULES(es) };

const struct language_rules *asked_rules(size_t *out_count)
{
	*out_count = COUNT(all_rules);
	return all_rules;
}
