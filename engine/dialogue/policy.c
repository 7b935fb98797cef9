/* SPDX-License-Identifier: Apache-2.0 */
/* The table of rules. A row is taken when its condition holds; the first one wins. */
#include "dialogue/policy.h"

#include "dialogue/policy_internal.h"

#include <string.h>

enum { COMPLEX_TERMS = 60, COMPLEX_QUESTIONS = 3 };
static const double SENSITIVE_LEAST = 0.5;
/* From this frustration on, it is the anger that hands over, whatever the matter. Between the complaints among the
 * wordings of intents/ (0.64 to 0.67) and outbursts (0.8 and more), 2026-11. */
static const double FURIOUS = 0.75;

/* ---- Conditions. Those of rows that hand over by themselves are asked only while that is still to be had. ---- */

static bool always(const struct view *view)
{
	(void)view;
	return true;
}

static bool pressed_person(const struct view *view)
{
	return view->question->trigger == TRIGGER_PERSON;
}

static bool pressed_go_on(const struct view *view)
{
	return view->question->trigger == TRIGGER_GO_ON;
}

static bool asked_in_words(const struct view *view)
{
	return view->heard.wish == WISH_PERSON;
}

static bool asked_by_intent(const struct view *view)
{
	return view->is_confident && is_person_intent(view->top);
}

static bool bot_is_broken(const struct view *view)
{
	return view->question->trigger == TRIGGER_BROKEN;
}

static bool two_thumbs_down(const struct view *view)
{
	return view->question->trigger == TRIGGER_THUMBS;
}

static bool segment_sends_to_person(const struct view *view)
{
	return view->segment != NULL;
}

/* Understood, be it only together with the question before. */
static bool is_understood(const struct view *view)
{
	return view->is_confident || view->is_follow_up;
}

/* An injury or a fraud is not asked back: more probably so than not is enough. */
static bool is_sensitive(const struct view *view)
{
	return view->top && view->top->is_sensitive && (is_understood(view) || view->confidence >= SENSITIVE_LEAST);
}

static bool upset_but_bot_only(const struct view *view)
{
	return view->is_upset && is_understood(view) && view->top->human == HUMAN_NEVER;
}

static bool is_upset(const struct view *view)
{
	return view->is_upset;
}

static bool intent_always(const struct view *view)
{
	return is_understood(view) && view->top->human == HUMAN_ALWAYS;
}

/* A complaint has words of anger by its nature ("i am not happy with ..."): who makes one calmly enough has come for
 * the matter. */
static bool intent_always_calmly(const struct view *view)
{
	return intent_always(view) && view->heard.mood.frustration < FURIOUS;
}

static bool intent_when_upset(const struct view *view)
{
	return is_understood(view) && view->top->human == HUMAN_WHEN_UPSET && view->is_over_line;
}

static bool is_repeated(const struct view *view)
{
	return view->is_repeated && view->top->human != HUMAN_NEVER;
}

static bool was_chosen(const struct view *view)
{
	return view->question->trigger == TRIGGER_CHOSEN && view->is_confident;
}

/* An intent may be without a plain answer: one that always goes to a person. */
static bool is_confident(const struct view *view)
{
	return view->is_confident && intent_answer(view->top, ANSWER_PLAIN);
}

static bool is_follow_up_now(const struct view *view)
{
	return view->is_follow_up && intent_answer(view->top, ANSWER_PLAIN);
}

/* Sentences that end in a question mark. */
static size_t count_questions(struct str utterance)
{
	size_t count = 0;
	bool has_words = false;
	for (size_t i = 0; i < utterance.len; i++) {
		if (utterance.ptr[i] == '?') {
			count += has_words;
			has_words = false;
		} else if (utterance.ptr[i] != ' ' && utterance.ptr[i] != '!') {
			has_words = true;
		}
	}
	return count;
}

static bool is_complex(const struct view *view)
{
	return view->heard.match.term_count >= COMPLEX_TERMS ||
	       count_questions(view->question->utterance) >= COMPLEX_QUESTIONS;
}

static bool is_last_miss(const struct view *view)
{
	return view->question->facts->misses + 1 >= view->misses;
}

/* Typed where the form was meant: nobody has agreed yet that it is kept. */
static bool is_address(const struct view *view)
{
	return view->bare == BARE_ADDRESS;
}

/* The bot cannot look anything up. */
static bool is_number(const struct view *view)
{
	return view->bare == BARE_NUMBER;
}

/* Nobody who is upset is asked what they mean. */
static bool is_plausible(const struct view *view)
{
	return view->shown > 0 && !view->is_upset;
}

/* ---- The table ---- */

enum { AUTOMATIC = 1 }; /* at most one such handover in an episode */

static const struct rule {
	const char *name;
	bool (*holds)(const struct view *view);
	enum action action;
	enum reason reason;
	enum reply reply;    /* what the bot itself says, before a handover too */
	enum phrase opening; /* of a handover's line when the bot says nothing; PHRASE_COUNT: always without */
	int flags;
} rules[] = {
	/* Who asks for a person gets one, at any time. */
	{ "person_button", pressed_person, ACTION_HANDOVER, REASON_ASKED, REPLY_NONE, PHRASE_OPEN_ASKED, 0 },
	{ "asked_in_words", asked_in_words, ACTION_HANDOVER, REASON_ASKED, REPLY_ANSWER, PHRASE_OPEN_ASKED, 0 },
	{ "asked_intent", asked_by_intent, ACTION_HANDOVER, REASON_ASKED, REPLY_ANSWER, PHRASE_OPEN_ASKED, 0 },
	{ "go_on_button", pressed_go_on, ACTION_QUIET, REASON_NONE, REPLY_GO_ON, PHRASE_COUNT, 0 },
	{ "bot_failed", bot_is_broken, ACTION_HANDOVER, REASON_UNSURE, REPLY_NONE, PHRASE_OPEN_BROKEN, AUTOMATIC },
	{ "bot_failed_again", bot_is_broken, ACTION_MISS, REASON_NONE, REPLY_MISS, PHRASE_COUNT, 0 },
	{ "two_thumbs_down", two_thumbs_down, ACTION_HANDOVER, REASON_UNSURE, REPLY_NONE, PHRASE_OPEN_THUMBS,
	  AUTOMATIC },
	{ "thumbs_down_again", two_thumbs_down, ACTION_QUIET, REASON_NONE, REPLY_NONE, PHRASE_COUNT, 0 },
	/* Some matters and some visitors go to a person whatever the bot knows. Nothing is said about what is sensitive,
	 * so it comes before all rows that answer. */
	{ "sensitive", is_sensitive, ACTION_HANDOVER, REASON_INTENT, REPLY_NONE, PHRASE_OPEN_SENSITIVE, AUTOMATIC },
	{ "sensitive_again", is_sensitive, ACTION_MISS, REASON_NONE, REPLY_ONLY_PERSON, PHRASE_COUNT, 0 },
	{ "segment", segment_sends_to_person, ACTION_HANDOVER, REASON_SEGMENT, REPLY_NONE, PHRASE_OPEN_SEGMENT,
	  AUTOMATIC },
	/* Mood, with the apology of the matter where the owner wrote one. */
	{ "upset_bot_only", upset_but_bot_only, ACTION_ANSWER, REASON_NONE, REPLY_ANSWER, PHRASE_COUNT, 0 },
	{ "intent_always", intent_always_calmly, ACTION_HANDOVER, REASON_INTENT, REPLY_ANSWER, PHRASE_OPEN_INTENT,
	  AUTOMATIC },
	{ "upset", is_upset, ACTION_HANDOVER, REASON_UPSET, REPLY_ANSWER_IF_UPSET, PHRASE_OPEN_UPSET, AUTOMATIC },
	{ "intent_always_again", intent_always, ACTION_MISS, REASON_NONE, REPLY_ONLY_PERSON, PHRASE_COUNT, 0 },
	{ "intent_when_upset", intent_when_upset, ACTION_HANDOVER, REASON_UPSET, REPLY_ANSWER_IF_UPSET,
	  PHRASE_OPEN_UPSET, AUTOMATIC },
	{ "repeated", is_repeated, ACTION_HANDOVER, REASON_REPEATED, REPLY_NONE, PHRASE_OPEN_REPEATED, AUTOMATIC },
	/* What the bot knows. */
	{ "chosen", was_chosen, ACTION_ANSWER, REASON_NONE, REPLY_ANSWER, PHRASE_COUNT, 0 },
	{ "answer", is_confident, ACTION_ANSWER, REASON_NONE, REPLY_ANSWER, PHRASE_COUNT, 0 },
	{ "follow_up", is_follow_up_now, ACTION_ANSWER, REASON_NONE, REPLY_ANSWER, PHRASE_COUNT, 0 },
	/* What it does not know. */
	{ "complex", is_complex, ACTION_HANDOVER, REASON_COMPLEX, REPLY_NONE, PHRASE_OPEN_COMPLEX, AUTOMATIC },
	{ "last_miss", is_last_miss, ACTION_HANDOVER, REASON_UNSURE, REPLY_NONE, PHRASE_OPEN_UNSURE, AUTOMATIC },
	{ "address", is_address, ACTION_MISS, REASON_NONE, REPLY_ASK_EMAIL, PHRASE_COUNT, 0 },
	{ "number", is_number, ACTION_MISS, REASON_NONE, REPLY_ONLY_PERSON, PHRASE_COUNT, 0 },
	{ "clarify", is_plausible, ACTION_CLARIFY, REASON_NONE, REPLY_CLARIFY, PHRASE_COUNT, 0 },
	{ "miss", always, ACTION_MISS, REASON_NONE, REPLY_MISS, PHRASE_COUNT, 0 },
};

/* A full queue is told once; after that the bot goes on as if the automatic handover were used up. */
static bool is_to_be_had(const struct rule *rule, const struct view *view)
{
	const struct facts *facts = view->question->facts;
	if (!(rule->flags & AUTOMATIC))
		return true;
	return !facts->is_automatic_used && !(view->is_full && facts->is_full_told);
}

static const struct rule *find_rule(const struct view *view)
{
	const struct rule *rule = rules;
	while (!is_to_be_had(rule, view) || !rule->holds(view))
		rule++; /* the last row holds always */
	return rule;
}

static bool is_upset_answer(const struct answer *answer)
{
	return answer && answer->when == ANSWER_UPSET;
}

/* What stands in for the reply of a row where the owner wrote nothing fit for it. */
static enum reply reply_of(const struct rule *rule, const struct view *view)
{
	if (rule->reply == REPLY_ANSWER_IF_UPSET)
		return is_understood(view) && is_upset_answer(intent_answer(view->top, ANSWER_UPSET)) ? REPLY_ANSWER
												      : REPLY_NONE;
	if (rule->reply != REPLY_ANSWER || !(rule->reason == REASON_ASKED || !intent_answer(view->top, ANSWER_PLAIN)))
		return rule->reply;
	if (rule->reason == REASON_ASKED)
		return asked_by_intent(view) ? REPLY_ANSWER : REPLY_NONE;
	return rule->action == ACTION_HANDOVER ? REPLY_NONE : REPLY_ONLY_PERSON;
}

/* What a visitor is upset about: what was said now or, when that would not be answered either, what was answered last. A
 * wrong guess would be worse than none ("sorry for the trouble you have with this: Are you a bot?"). */
static const char *matter_of(const struct view *view)
{
	const char *answered = view->question->facts->texts[TEXT_INTENT];
	if (view->top && view->is_confident && !is_small_talk(view->top->id))
		return view->top->question;
	uint32_t at = corpus_intent(view->language->corpus, str_of(answered));
	bool is_matter = *answered && at != INTENT_NONE && !is_small_talk(answered);
	return is_matter ? view->language->corpus->intents[at].question : "";
}

static void choose_opening(const struct rule *rule, const struct view *view, struct verdict *out)
{
	out->opening = rule->opening;
	out->has_opening = rule->action == ACTION_HANDOVER && !out->decision.answer;
	/* "Of course, you can talk to a person" or "straight to a person" would not be true now. */
	if (!view->is_reachable && (rule->reason == REASON_ASKED || rule->reason == REASON_SEGMENT))
		out->has_opening = false;
	out->matter = rule->opening == PHRASE_OPEN_UPSET ? matter_of(view) : "";
	if (*out->matter)
		out->opening = PHRASE_OPEN_UPSET_MATTER;
}

static void decide(const struct view *view, struct arena *arena, struct verdict *out)
{
	const struct rule *rule = find_rule(view);
	*out = (struct verdict){ .priority = view->priority };
	struct decision *decision = &out->decision;
	decision->rule = rule->name;
	decision->action = rule->action;
	decision->reason = rule->reason;
	out->is_full = rule->action == ACTION_HANDOVER && view->is_full && rule->reason != REASON_SEGMENT;
	reply_record(view, arena, decision);
	reply_make(view, reply_of(rule, view), arena, decision);
	choose_opening(rule, view, out);
	if (!out->is_full)
		return;
	decision->rule = "queue_full";
	decision->action = decision->answer ? ACTION_ANSWER : ACTION_MISS;
}

void policy_decide(const struct question *question, const struct knowledge *knowledge, struct mind *mind,
		   struct arena *arena, struct verdict *out)
{
	struct view view;
	view_read(&view, question, knowledge, mind);
	decide(&view, arena, out);
	out->decision.running_mood = question->facts->mood;
}

void policy_ask(const struct knowledge *knowledge, struct mind *mind, struct str utterance, const char *language,
		struct arena *arena, struct decision *out)
{
	struct facts facts = facts_blank();
	struct input input = input_blank(INPUT_MESSAGE);
	struct situation situation = { .agents_online = 1, .agents_available = 1, .queue_position = 1, .wait_ms = -1 };
	struct understanding heard;
	knowledge_understand(knowledge, mind, utterance, language && *language ? language : NULL, &heard);
	facts.mood = mood_running(0, &heard.mood);
	struct question question = {
		.trigger = TRIGGER_MESSAGE,
		.utterance = utterance,
		.heard = &heard,
		.facts = &facts,
		.input = &input,
		.situation = &situation,
		.is_open = true,
	};
	struct verdict verdict;
	policy_decide(&question, knowledge, mind, arena, &verdict);
	*out = verdict.decision;
	if (!*out->text) {
		out->text = handover_text_in(arena, &verdict, knowledge, &facts, &situation, true);
		out->html = reply_paragraph_in(arena, out->text);
	}
}
