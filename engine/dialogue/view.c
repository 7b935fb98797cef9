/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules of the policy look at: the question understood, beside the conversation and the world around. */
#include "base/count.h"
#include "dialogue/policy_internal.h"
#include "text/token.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A did-you-mean is worth asking when the right one is more probably among the shown than not. Five wordings an intent
 * of shop27, its validation rows that were not answered: 101 of 125 are asked back with the right one among the shown,
 * and 19 of 198 rows of clinc150's out-of-scope sets are asked back at all; with 0.35 it were 106 and 49 (2026-11). */
static const double SHOWN_SUM_LEAST = 0.5;
/* One word alone that the files know ("order") stands in many wordings: it is asked which, rather than told that the bot
 * does not know it. */
static const double SHOWN_SUM_LEAST_ONE_WORD = 0.3;
/* ... and a candidate is shown when it is not hopeless, neither by itself nor beside the first. */
static const double SHOWN_LEAST = 0.06, SHOWN_SHARE_LEAST = 0.2;
/* Two wordings with this share of words in common are the same question. */
static const double SAME_WORDS = 0.75;
/* Less is no question that one could repeat: "thanks", "ok great". */
enum { REPEATED_WORDS_LEAST = 3, REPEATED_TIMES = 2 };
/* With a running mood over the line, a message adds to it from this frustration on. */
static const double STILL_CROSS = 0.1;

/* Whatever a small corpus says of itself: an answer that is more probably wrong than right is not given. */
static const double ANSWER_LEAST = 0.5;

double answer_threshold(const struct known_language *language, double wrong_share)
{
	double threshold = wrong_share > 0 ? matcher_threshold_for(language->matcher, wrong_share)
					   : matcher_threshold(language->matcher);
	return threshold > ANSWER_LEAST ? threshold : ANSWER_LEAST;
}

bool situation_is_reachable(const struct situation *situation, bool is_open)
{
	return situation->agents_available > 0 || (situation->agents_online > 0 && is_open);
}

/* ---- Segments ---- */

static bool condition_holds(const struct condition *condition, const struct view *view)
{
	const struct input *input = view->question->input;
	switch (condition->kind) {
	case CONDITION_ATTRIBUTE:
		for (size_t i = 0; i < input->attribute_count; i++)
			if (!strcmp(input->attributes[i].id, condition->name))
				return !strcmp(input->attributes[i].label, condition->value);
		return false;
	case CONDITION_PAGE: return *input->page_path && str_starts(str_of(input->page_path), condition->value);
	case CONDITION_LANGUAGE: return !strcmp(view->language->corpus->language, condition->value);
	case CONDITION_VISITS: return input->visits >= atoi(condition->value);
	}
	return false;
}

static bool segment_holds(const struct segment *segment, const struct view *view)
{
	for (size_t i = 0; i < segment->condition_count; i++)
		if (!condition_holds(&segment->conditions[i], view))
			return false;
	return segment->condition_count > 0;
}

/* Of a threshold the first segment that sets one decides, of priorities the highest. Before the candidates are looked
 * at, since what is sure enough is one of the thresholds. */
static void read_segments(struct view *view)
{
	static const double lines[] = {
		[UPSET_FROM_ANNOYED] = 0.33, [UPSET_FROM_UPSET] = 0.5, [UPSET_FROM_FURIOUS] = 0.75
	};
	const struct settings *settings = &view->knowledge->corpus->settings;
	double wrong_share = 0;
	enum upset_from upset_from = UPSET_FROM_USUAL;
	view->segment_name = "";
	view->segment_priority = INT_MIN;
	for (size_t i = 0; i < settings->segment_count; i++) {
		const struct segment *segment = &settings->segments[i];
		if (!segment_holds(segment, view))
			continue;
		if (!*view->segment_name)
			view->segment_name = segment->name;
		if (segment->route == SEGMENT_ROUTE_PERSON && !view->segment)
			view->segment = segment;
		if (segment->priority > view->segment_priority)
			view->segment_priority = segment->priority;
		wrong_share = wrong_share > 0 ? wrong_share : segment->wrong_share;
		view->misses = view->misses ? view->misses : segment->misses;
		upset_from = upset_from ? upset_from : segment->upset_from;
	}
	if (!view->misses)
		view->misses = settings->misses;
	view->upset_line = upset_from ? lines[upset_from] : MOOD_UPSET_LINE;
	view->threshold = answer_threshold(view->language, wrong_share);
}

/* ---- Candidates ---- */

static void keep_candidates(struct view *view)
{
	const struct match_result *match = &view->heard.match;
	view->candidate_count = 0;
	for (size_t i = 0; i < match->count; i++) {
		const struct intent *intent = &view->language->corpus->intents[match->candidates[i].intent];
		/* "Am I talking to a person?" has the words of that intent, and does not want it. */
		if (!intent->is_live || (view->heard.wish == WISH_NO_PERSON && is_person_intent(intent)))
			continue;
		view->candidates[view->candidate_count].intent = intent;
		view->candidates[view->candidate_count++].confidence = match->candidates[i].confidence;
	}
	view->top = view->candidate_count ? view->candidates[0].intent : NULL;
	view->confidence = view->candidate_count ? view->candidates[0].confidence : 0;
	view->is_confident = view->top && view->confidence >= view->threshold;
}

size_t candidates_shown(const struct match_result *match, const double *confidences, size_t count)
{
	bool is_known_word = match->term_count == 1 && match->coverage >= 1;
	double sum_least = is_known_word ? SHOWN_SUM_LEAST_ONE_WORD : SHOWN_SUM_LEAST;
	double sum = 0;
	size_t shown = 0;
	while (shown < count && shown < CLARIFY_MAX) {
		double confidence = confidences[shown];
		if (confidence < SHOWN_LEAST || confidence < SHOWN_SHARE_LEAST * confidences[0])
			break;
		sum += confidence;
		shown++;
	}
	return sum >= sum_least ? shown : 0;
}

bool is_small_talk(const char *id)
{
	static const char *const ids[] = {
		"hello",      "hi",     "thanks",      "thank-you",  "bye",         "goodbye", "yes",
		"no",         "ok",     "how-are-you", "small-talk", "who-are-you", "joke",    "are-you-a-bot",
		"compliment", "praise", "sorry"
	};
	for (size_t i = 0; i < COUNT(ids); i++)
		if (ids[i][0] == id[0] && !strcmp(ids[i], id)) /* mostly the first letter tells */
			return true;
	return false;
}

static size_t count_shown(const struct view *view)
{
	double confidences[MATCH_CANDIDATES];
	for (size_t i = 0; i < view->candidate_count; i++)
		confidences[i] = view->candidates[i].confidence;
	size_t shown = candidates_shown(&view->heard.match, confidences, view->candidate_count);
	/* "Did you mean: Goodbye?" is asked of nobody; see ask_which(). */
	for (size_t i = 0; i < shown; i++)
		if (!is_small_talk(view->candidates[i].intent->id))
			return shown;
	return 0;
}

/* "perfect": thanks or consent, who knows; either answer will do. Not for "no that's wrong": nobody is dismissed who
 * contradicts. */
static void try_either_courtesy(struct view *view)
{
	double sum = 0;
	if (view->is_confident || !view->top || !is_small_talk(view->top->id) || view->heard.mood.frustration > 0)
		return;
	for (size_t i = 0; i < view->candidate_count; i++)
		sum += is_small_talk(view->candidates[i].intent->id) ? view->candidates[i].confidence : 0;
	view->is_confident = sum >= view->threshold;
}

/* What the bot would say if `text` had been said; the mood and the words stay those of what was said. */
static struct view view_of(const struct view *view, struct mind *mind, struct str text)
{
	struct view other = *view;
	knowledge_match_in(view->language, mind, text, &other.heard.match);
	other.heard.match.why_count = 0;
	other.heard.match.repair_count = 0;
	keep_candidates(&other);
	return other;
}

/* "and to Spain?" after "how much is delivery to France": both are ranked as one question. */
static void read_together(struct view *view, struct mind *mind, struct str utterance)
{
	const char *before = view->question->facts->texts[TEXT_ANSWERED];
	const char *both = arena_printf(mind_arena(mind), "%s %.*s", before, STR_ARG(utterance));
	struct view together = view_of(view, mind, str_of(both));
	if (!together.is_confident || is_small_talk(together.top->id))
		return;
	/* The words of the question before weigh more than "and how much is that?". */
	if (follow_up_asks(utterance) && !strcmp(together.top->id, view->question->facts->texts[TEXT_INTENT]))
		return;
	*view = together;
	view->is_confident = false;
	view->is_follow_up = true;
}

static void try_together(struct view *view, struct mind *mind, struct str utterance)
{
	if (*view->question->facts->texts[TEXT_ANSWERED] && is_follow_up(utterance))
		read_together(view, mind, utterance);
}

/* "no, I meant the price": what was answered is not it, however well its words would fit. */
static void try_correction(struct view *view, struct mind *mind)
{
	struct str meant = correction_in(view->question->utterance);
	if (!meant.len || !*view->question->facts->texts[TEXT_INTENT])
		return;
	struct view corrected = view_of(view, mind, meant);
	if (corrected.is_confident && !is_small_talk(corrected.top->id))
		*view = corrected;
	else
		read_together(view, mind, meant);
}

/* What stands behind the first comma, full stop or the like and asks for something, or what begins as a question does
 * behind the first words ("merci comment renvoyer"); empty when nothing does. */
static struct str asked_behind(const struct view *view)
{
	enum { COURTESY_WORDS = 4 };
	struct str utterance = view->question->utterance;
	struct tokens tokens = view->question->heard->tokens;
	for (size_t i = 1; i < tokens.count; i++) {
		const struct token *token = &tokens.items[i];
		bool is_break = token->kind == TOKEN_PUNCT && !str_is(token->text, "-");
		struct str rest = str_trim(str_part(utterance, is_break ? token->to : token->from, utterance.len));
		bool is_asked = begins_as_question(rest);
		/* "thanks for the quick delivery", "thanks and see you" ask for nothing. */
		if (is_break)
			is_asked |= is_follow_up(rest) || memchr(rest.ptr, '?', rest.len);
		if (is_break || (is_asked && i <= COURTESY_WORDS))
			return is_asked ? rest : (struct str){ 0 };
	}
	return (struct str){ 0 };
}

static bool is_courteous(const struct view *view)
{
	enum { FIRST = 2 };
	for (size_t i = 0; i < FIRST && i < view->candidate_count; i++)
		if (is_small_talk(view->candidates[i].intent->id))
			return i == 0 || !view->is_confident;
	return false;
}

/* "thanks, and returns?": whoever thanks or greets and asks in the same breath is not answered with politeness. */
static void try_behind_courtesy(struct view *view, struct mind *mind)
{
	if (!is_courteous(view))
		return;
	struct str rest = asked_behind(view);
	if (!rest.len)
		return;
	struct view asked = view_of(view, mind, rest);
	bool is_matter = asked.top && !is_small_talk(asked.top->id);
	bool is_better = asked.is_confident && (is_matter || !view->is_confident);
	if (!is_better)
		try_together(view, mind, rest);
	if (is_better || (is_matter && !view->is_follow_up && asked.confidence >= ANSWER_LEAST))
		*view = asked;
}

/* ---- Two questions at once ---- */

/* Where a clause ends that may be a question: at a sign, or before an "and" with a question behind it. */
static bool ends_clause(struct str utterance, const struct token *token)
{
	static const char *const ands[] = { "and", "und", "et", "y" };
	if (token->kind == TOKEN_PUNCT)
		return strchr(".!?;,", token->text.ptr[0]) != NULL;
	for (size_t i = 0; i < COUNT(ands); i++)
		if (str_is(token->text, ands[i]))
			return begins_as_question(str_trim(str_part(utterance, token->to, utterance.len)));
	return false;
}

static void try_clause(struct view *view, struct mind *mind, struct str clause)
{
	struct view other = view_of(view, mind, clause);
	if (other.is_confident && other.top != view->top && !is_small_talk(other.top->id))
		view->second = other.top;
}

/* "Can I pay with PayPal? And are returns free?": one is answered, and the other shall not be lost. */
static void find_second(struct view *view, struct mind *mind)
{
	enum { CLAUSES_MAX = 4, WORDS_LEAST = 3 };
	struct str utterance = view->question->utterance;
	const struct tokens *tokens = &view->question->heard->tokens;
	size_t from = 0, words = 0, tried = 0;
	for (size_t i = 0; i <= tokens->count && tried < CLAUSES_MAX && !view->second; i++) {
		const struct token *token = i < tokens->count ? &tokens->items[i] : NULL;
		if (token && !ends_clause(utterance, token)) {
			words += token->kind == TOKEN_WORD;
			continue;
		}
		size_t to = token ? token->from : utterance.len;
		struct str clause = str_trim(str_part(utterance, from, to - from));
		bool is_asked = begins_as_question(clause) || (token && token->text.ptr[0] == '?');
		if (is_asked && words >= WORDS_LEAST && clause.len < utterance.len) {
			try_clause(view, mind, clause);
			tried++;
		}
		from = token ? token->to : to;
		words = 0;
	}
}

/* ---- The same again ---- */

static size_t words_of(struct tokens tokens, struct str *out, size_t max)
{
	size_t count = 0;
	for (size_t i = 0; i < tokens.count && count < max; i++)
		if (tokens.items[i].kind == TOKEN_WORD || tokens.items[i].kind == TOKEN_NUMBER)
			out[count++] = tokens.items[i].text;
	return count;
}

/* Share of the words of both that stand in both (Jaccard), each word once. */
static double words_shared(const struct str *a, size_t a_count, const struct str *b, size_t b_count)
{
	size_t common = 0;
	for (size_t i = 0; i < a_count; i++)
		for (size_t j = 0; j < b_count; j++)
			if (str_equal(a[i], b[j])) {
				common++;
				break;
			}
	return (double)common / (double)(a_count + b_count - common);
}

static bool is_repeated(const struct view *view, struct arena *scratch)
{
	enum { WORDS = 64 };
	const struct question *question = view->question;
	const struct facts *facts = question->facts;
	if (question->trigger != TRIGGER_MESSAGE || !view->is_confident || is_small_talk(view->top->id))
		return false;
	const struct answered *earlier = facts_answered(facts, view->top->id);
	if (!earlier)
		return false;
	bool is_same = earlier->times >= REPEATED_TIMES || earlier->wording == facts_wording(facts);
	if (!is_same && strcmp(facts->texts[TEXT_INTENT], view->top->id) != 0)
		return false;
	struct str now[WORDS], before[WORDS];
	size_t now_count = words_of(question->heard->tokens, now, WORDS);
	if (is_same || now_count < REPEATED_WORDS_LEAST)
		return now_count >= REPEATED_WORDS_LEAST;
	struct tokens tokens =
		tokens_read_in(scratch, str_of(facts->texts[TEXT_ANSWERED]), view->language->corpus->language);
	size_t before_count = words_of(tokens, before, WORDS);
	return words_shared(now, now_count, before, before_count) >= SAME_WORDS;
}

/* ---- All of it ---- */

static void hear(struct view *view, struct mind *mind)
{
	const struct question *question = view->question;
	view->heard = *question->heard;
	view->language = view->heard.language;
	read_segments(view);
	keep_candidates(view);
	try_correction(view, mind);
	try_behind_courtesy(view, mind);
	try_either_courtesy(view);
	if (!view->is_confident && !view->is_follow_up)
		try_together(view, mind, question->utterance);
	if (view->is_confident && !is_small_talk(view->top->id))
		find_second(view, mind);
	view->bare = bare_read(&question->heard->tokens);
	/* Without a single known word, only a strong likeness (a compound, a typing error) is worth asking about. */
	bool is_gibberish = view->heard.match.coverage <= 0 && view->confidence < SHOWN_SUM_LEAST;
	view->shown = is_gibberish ? 0 : count_shown(view);
}

/* A button, or what the bot was told about itself: nothing to understand. */
static void take_as_it_is(struct view *view)
{
	const struct question *question = view->question;
	view->language = question->chosen ? question->chosen_language
					  : knowledge_language(view->knowledge, question->usual_language);
	if (!view->language)
		view->language = &view->knowledge->languages[0];
	view->heard.language = view->language;
	read_segments(view);
	if (!question->chosen)
		return;
	view->candidates[0].intent = question->chosen;
	view->candidates[0].confidence = 1;
	view->candidate_count = 1;
	view->top = question->chosen;
	view->confidence = 1;
	view->is_confident = true;
}

void view_read(struct view *view, const struct question *question, const struct knowledge *knowledge, struct mind *mind)
{
	*view = (struct view){ .question = question, .knowledge = knowledge };
	if (question->trigger == TRIGGER_MESSAGE)
		hear(view, mind);
	else
		take_as_it_is(view);
	const struct mood *mood = &view->heard.mood;
	const struct settings *settings = &knowledge->corpus->settings;
	const struct situation *situation = question->situation;
	view->is_over_line = question->facts->mood >= view->upset_line;
	view->is_upset =
		mood->frustration >= view->upset_line || (view->is_over_line && mood->frustration >= STILL_CROSS);
	view->is_reachable = situation_is_reachable(situation, question->is_open);
	view->is_full =
		view->is_reachable && settings->queue_limit > 0 && situation->queue_length >= settings->queue_limit;
	view->is_repeated = is_repeated(view, mind_arena(mind));
	view->priority = view->top && view->is_confident ? view->top->priority : 0;
	if (view->segment_priority > view->priority)
		view->priority = view->segment_priority;
}
