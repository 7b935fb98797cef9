/* SPDX-License-Identifier: Apache-2.0 */
#include "base/count.h"
#include "base/hash.h"
#include "dialogue/internal.h"
#include "dialogue/phrases.h"
#include "text/language.h"
#include "text/utf8.h"

#include <string.h>

/* So much the running mood must move with one message to be called a trend. */
static const double TREND_STEP = 0.1;

struct facts facts_blank(void)
{
	struct facts facts = { .owner = OWNER_BOT, .language = "" };
	for (size_t i = 0; i < TEXT_COUNT; i++)
		facts.texts[i] = "";
	return facts;
}

uint64_t text_hash(const char *text)
{
	return hash_bytes(text, strlen(text), 1);
}

/* Letters and digits of ASCII without case, and all bytes above it: enough to see that somebody repeats himself. */
uint64_t wording_hash(struct str utterance)
{
	/* clang-format off */
	static const char plain[128] = {
		['0'] = '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
		['A'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
			'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
		['a'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
			'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
	};
	/* clang-format on */
	char kept[256];
	size_t count = 0;
	/* Without a branch: words end anywhere, which no processor foresees. */
	for (size_t i = 0; i < utterance.len && count < sizeof kept; i++) {
		unsigned char c = (unsigned char)utterance.ptr[i];
		kept[count] = c < sizeof plain ? plain[c] : (char)c;
		count += kept[count] != '\0';
	}
	return hash_bytes(kept, count, 2);
}

/* `openings` begin with a small letter each. How many bytes of `text` are one of them, 0 when none is. */
static size_t opening_of(struct str text, const char *const *openings, size_t count)
{
	char first = text.len ? (char)(text.ptr[0] | 0x20) : '\0';
	for (size_t i = 0; i < count; i++)
		if (first == openings[i][0] && text.len > strlen(openings[i]) &&
		    str_equal_nocase(str_part(text, 0, strlen(openings[i])), str_of(openings[i])))
			return strlen(openings[i]);
	return 0;
}

static bool begins_with_any(struct str text, const char *const *openings, size_t count)
{
	return opening_of(text, openings, count) > 0;
}

uint64_t facts_wording(const struct facts *facts)
{
	return facts->wording ? facts->wording : wording_hash(str_of(facts->texts[TEXT_QUESTION]));
}

static size_t count_words(struct str text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] != ' ' && (i == 0 || text.ptr[i - 1] == ' ');
	return count;
}

/* Spanish begins a question with one. */
static struct str without_turned_mark(struct str text)
{
	static const char turned[] = "¿";
	return str_starts(text, turned) ? str_trim(str_part(text, sizeof turned - 1, text.len)) : text;
}

struct str correction_in(struct str utterance)
{
	static const char *const refusals[] = { "no",    "nope", "nein", "nee",    "non",    "sorry",          "oh",
						"ah",    "oops", "wait", "pardon", "perdón", "entschuldigung", "desole",
						"désolé" };
	static const char *const meant[] = { "i mean ",       "i meant ",     "ich meine ",      "ich meinte ",
					     "je veux dire ", "je parle de ", "je parlais de ",  "je voulais dire ",
					     "quiero decir ", "quise decir ", "quería decir ",   "me refiero a ",
					     "me refería a ", "meinte ich ",  "actually i mean " };
	enum { REFUSALS_MAX = 3 };
	struct str text = str_trim(utterance), none = { "", 0 };
	for (int i = 0; i < REFUSALS_MAX; i++) {
		size_t said = opening_of(text, refusals, COUNT(refusals)), at = said;
		while (at < text.len && strchr(" ,.!", text.ptr[at]))
			at++;
		if (at == said) /* none, or the beginning of a longer word */
			break;
		text = str_part(text, at, text.len);
	}
	size_t opening = opening_of(text, meant, COUNT(meant));
	return opening ? str_trim(str_part(text, opening, text.len)) : none;
}

/* A preposition opens a follow-up only when hardly anything comes behind it: "to spain?", "by paypal". */
bool is_follow_up(struct str utterance)
{
	static const char *const openings[] = { "and ",        "or ",        "but ",         "also ",
						"what about ", "how about ", "same for ",    "und ",
						"oder ",       "aber ",      "was ist mit ", "wie ist es mit ",
						"et ",         "mais ",      "y ",           "o ",
						"pero ",       "qué tal ",   "que tal " };
	static const char *const prepositions[] = { "to ",  "for ", "in ",   "with ", "by ",   "from ", "on ", "nach ",
						    "für ", "mit ", "pour ", "en ",   "avec ", "para ", "con " };
	enum { FOLLOW_UP_BYTES = 60, PREPOSITION_WORDS = 4, CORRECTION_WORDS = 2 };
	struct str text = without_turned_mark(str_trim(utterance)), meant = correction_in(text);
	if (text.len > FOLLOW_UP_BYTES)
		return false;
	if (meant.len && count_words(meant) <= CORRECTION_WORDS)
		return true;
	return begins_with_any(text, openings, COUNT(openings)) ||
	       (begins_with_any(text, prepositions, COUNT(prepositions)) && count_words(text) <= PREPOSITION_WORDS);
}

bool begins_as_question(struct str text)
{
	static const char *const openings[] = {
		"how ",      "how's ",    "what ",       "what's ",     "whats ",     "where ",     "where's ",
		"when ",     "when's ",   "which ",      "who ",        "why ",       "can i ",     "can you ",
		"can we ",   "could ",    "do you ",     "do i ",       "do they ",   "does ",      "is there ",
		"are there", "is it ",    "is the ",     "are ",        "will ",      "would you ", "may i ",
		"should i ", "have you ", "wie ",        "was ",        "wo ",        "wohin ",     "woher ",
		"wann ",     "welche",    "wer ",        "warum ",      "kann ich ",  "kann man",   "können ",
		"darf ich",  "muss ich",  "gibt es ",    "gibts ",      "haben sie ", "habt ihr ",  "liefern ",
		"liefert ",  "sind ",     "comment ",    "combien ",    "quand ",     "où ",        "quel",
		"pourquoi ", "est-ce ",   "est ce ",     "puis-je ",    "je peux ",   "peut-on ",   "qu'est-ce",
		"avez-vous", "vous avez", "pouvez-vous", "livrez-vous", "faut-il",    "dois-je",    "y a-t-il",
		"êtes-vous", "cómo ",     "como ",       "cuánto",      "cuanto",     "cuándo ",    "cuando ",
		"dónde ",    "donde ",    "qué ",        "cuál",        "cual",       "puedo ",     "pueden ",
		"se puede ", "tienen ",   "hacen ",      "envían ",     "aceptan ",   "hay ",
	};
	return begins_with_any(without_turned_mark(text), openings, COUNT(openings));
}

bool follow_up_asks(struct str utterance)
{
	static const char *const same[] = { "what about ",     "how about ", "was ist mit ",
					    "wie ist es mit ", "qué tal ",   "que tal " };
	struct str text = without_turned_mark(str_trim(utterance));
	struct str rest = str_trim(str_part(text, str_find(text, ' '), text.len));
	bool is_same = begins_with_any(text, same, COUNT(same)) || begins_with_any(rest, same, COUNT(same));
	return !is_same && (begins_as_question(text) || begins_as_question(rest));
}

struct str tag_tidy(struct str text, char *out)
{
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if ((unsigned char)c > ' ' && c != 0x7f)
			out[len++] = c;
		else if (len && out[len - 1] != ' ')
			out[len++] = ' ';
	}
	len -= len && out[len - 1] == ' ';
	out[len] = '\0';
	return (struct str){ out, len };
}

const struct answered *facts_answered(const struct facts *facts, const char *intent)
{
	size_t kept = facts->answered_count < ANSWERED_KEPT ? facts->answered_count : ANSWERED_KEPT;
	uint64_t hash = kept ? text_hash(intent) : 0;
	for (size_t i = 0; i < kept; i++)
		if (facts->answered[i].intent == hash)
			return &facts->answered[i];
	return NULL;
}

/* Counters and memory of misses, moods and answers see one episode only. */
static void begin_episode(struct facts *facts, const struct event *first)
{
	struct facts fresh = facts_blank();
	fresh.seq = facts->seq;
	fresh.last_at_ms = facts->last_at_ms;
	fresh.first_ms = facts->first_ms;
	fresh.episode = first->episode;
	fresh.first_seq = first->seq;
	fresh.began_ms = first->at_ms;
	fresh.language = facts->language;
	fresh.texts[TEXT_AGENT] = facts->texts[TEXT_AGENT];
	fresh.texts[TEXT_EMAIL] = facts->texts[TEXT_EMAIL];
	fresh.texts[TEXT_TAGS] = facts->texts[TEXT_TAGS];
	fresh.had_handover = facts->had_handover;
	/* Who closed the last one stays known: a visitor who comes back soon meets the same agent. */
	fresh.closed_ms = facts->closed_ms;
	fresh.closing_agent = facts->closing_agent;
	*facts = fresh;
}

static void apply_visitor_message(struct facts *facts, const struct event *event)
{
	bool is_typed = !*event->intent;
	if (facts->owner == OWNER_NOBODY)
		facts->is_automatic_used =
			true; /* nobody was there: go on with the bot, and do not run into that again */
	/* A did-you-mean whose button is pressed was no miss. */
	if (!is_typed && facts->is_clarifying && !phrase_label("", event->intent) && facts->misses)
		facts->misses--;
	facts->is_clarifying = false;
	facts->texts[TEXT_QUESTION] = event->text;
	facts->wording = event->wording;
	const char *language = language_code(str_of(event->language));
	if (language)
		facts->language = language;
	if (!is_typed)
		return;
	double before = facts->mood;
	facts->mood =
		mood_running(before, &(struct mood){ .polarity = event->polarity, .frustration = event->frustration });
	facts->trend = facts->mood > before + TREND_STEP ? -1 : facts->mood < before - TREND_STEP ? 1 : 0;
}

static void apply_bot_message(struct facts *facts, const struct event *event)
{
	if (!*event->intent)
		return;
	struct answered *entry = (struct answered *)facts_answered(facts, event->intent);
	if (!entry) {
		entry = &facts->answered[facts->answered_count++ % ANSWERED_KEPT];
		*entry = (struct answered){ .intent = text_hash(event->intent) };
	}
	entry->times++;
	entry->wording = facts_wording(facts);
	/* "and to Spain?" is understood by the question before it, and so is "and to Italy?" after that. */
	if (!*facts->texts[TEXT_ANSWERED] || !is_follow_up(str_of(facts->texts[TEXT_QUESTION])))
		facts->texts[TEXT_ANSWERED] = facts->texts[TEXT_QUESTION];
	facts->texts[TEXT_INTENT] = event->intent;
}

static void apply_decision(struct facts *facts, const struct event *event)
{
	facts->is_clarifying = event->action == ACTION_CLARIFY;
	if (event->reason == REASON_NONE)
		facts->misses += event->action == ACTION_CLARIFY || event->action == ACTION_MISS;
	else if (event->action != ACTION_HANDOVER)
		facts->is_full_told = true;
}

static void apply_handover(struct facts *facts, const struct event *event)
{
	facts->reason = event->reason;
	facts->had_handover = true;
	facts->priority = (int)event->confidence;
	if (event->reason != REASON_ASKED)
		facts->is_automatic_used = true;
}

static void apply_thumb(struct facts *facts, const struct event *event)
{
	size_t at = 0;
	while (at < facts->thumbs_down_count && facts->thumbs_down[at] != event->rating.rates)
		at++;
	bool is_known = at < facts->thumbs_down_count;
	if (event->rating.helpful == 0 && !is_known && at < THUMBS_KEPT)
		facts->thumbs_down[facts->thumbs_down_count++] = event->rating.rates;
	if (event->rating.helpful == 1 && is_known)
		facts->thumbs_down[at] = facts->thumbs_down[--facts->thumbs_down_count];
}

static void apply_close(struct facts *facts, const struct event *event)
{
	facts->is_closed = true;
	facts->closed_ms = event->at_ms;
	facts->closing_agent = event->from == AUTHOR_AGENT ? event->agent : 0;
	if (facts->closing_agent)
		facts->texts[TEXT_AGENT] = event->agent_name;
}

static void apply_kind(struct facts *facts, const struct event *event)
{
	switch (event->kind) {
	case EVENT_MESSAGE:
		if (event->from == AUTHOR_VISITOR)
			apply_visitor_message(facts, event);
		else if (event->from == AUTHOR_BOT)
			apply_bot_message(facts, event);
		break;
	case EVENT_DECISION: apply_decision(facts, event); break;
	case EVENT_HANDOVER: apply_handover(facts, event); break;
	case EVENT_RETURN:
		if (event->owner == OWNER_BOT) {
			facts->is_automatic_used = true;
			facts->misses = 0;
		}
		break;
	case EVENT_CLAIM:
	case EVENT_TRANSFER:
		if (event->owner == OWNER_AGENT)
			facts->texts[TEXT_AGENT] = event->agent_name;
		break;
	case EVENT_CONTACT:
		facts->has_contact = true;
		facts->texts[TEXT_EMAIL] = event->contact_email;
		break;
	case EVENT_RATING:
		if (event->rating.rates >= facts->first_seq)
			apply_thumb(facts, event);
		break;
	case EVENT_NOTICE:
		facts->is_alerted |= !strcmp(event->intent, NOTICE_ALERT);
		facts->noticed_ms = event->at_ms;
		break;
	case EVENT_CLOSE: apply_close(facts, event); break;
	case EVENT_TAGS: facts->texts[TEXT_TAGS] = event->text; break;
	case EVENT_NOTE: break;
	}
}

/* The place in the line: an agent who is lost, or passes on to the queue, gives it back. */
static void apply_owner(struct facts *facts, const struct event *event)
{
	enum owner before = facts->owner;
	facts->owner = event->owner;
	facts->agent = event->owner == OWNER_AGENT ? event->owner_agent : 0;
	if (event->owner == OWNER_AGENT && before != OWNER_AGENT)
		facts->place_kept_ms = facts->waiting_since_ms ? facts->waiting_since_ms : facts->began_ms;
	if (event->owner == OWNER_QUEUE && before != OWNER_QUEUE) {
		facts->waiting_since_ms =
			before == OWNER_AGENT && facts->place_kept_ms ? facts->place_kept_ms : event->at_ms;
		facts->queued_ms = facts->noticed_ms = event->at_ms;
		facts->is_alerted = false;
	}
	if (event->owner != OWNER_QUEUE)
		facts->waiting_since_ms = 0;
}

void facts_apply(struct facts *facts, const struct event *event)
{
	if (event->episode > facts->episode)
		begin_episode(facts, event);
	if (!facts->first_ms)
		facts->first_ms = event->at_ms;
	facts->seq = event->seq;
	facts->last_at_ms = event->at_ms;
	apply_kind(facts, event);
	apply_owner(facts, event);
}
