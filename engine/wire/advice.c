/* SPDX-License-Identifier: Apache-2.0 */
/* What an owner could do better, as `shopbell check --json` prints it. */
#include "dialogue/advice.h"
#include "wire/internal.h"

static void add_wording(struct buf *out, const struct example *wording)
{
	json_add_text(out, "text", wording->text);
	json_add_text(out, "file", wording->place.file);
	json_add_int(out, "line", wording->place.line);
}

static void add_pair(struct buf *out, const struct intent *intents, const struct advice_pair *pair)
{
	json_open(out, NULL, '{');
	json_add_text(out, "intent", intents[pair->first].id);
	json_add_text(out, "other", intents[pair->second].id);
	json_open(out, "wordings", '[');
	for (size_t i = 0; i < pair->count; i++) {
		const struct advice_stray *stray = &pair->strays[i];
		json_open(out, NULL, '{');
		add_wording(out, &stray->wording);
		json_add_text(out, "intent", intents[stray->intent].id);
		json_add_text(out, "taken_for", intents[stray->intent == pair->first ? pair->second : pair->first].id);
		json_add_real(out, "confidence", stray->confidence);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
	buf_add_char(out, '}');
}

static void add_few(struct buf *out, const struct advice *advice)
{
	json_open(out, "few", '[');
	for (size_t i = 0; i < advice->few_count; i++) {
		const struct intent *intent = &advice->language->corpus->intents[advice->few[i]];
		json_open(out, NULL, '{');
		json_add_text(out, "intent", intent->id);
		json_add_int(out, "wordings", (int64_t)intent->example_count);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_alike(struct buf *out, const struct advice *advice)
{
	json_open(out, "alike", '[');
	for (size_t i = 0; i < advice->alike_count; i++) {
		json_open(out, NULL, '{');
		add_wording(out, &advice->alike[i].wording);
		json_add_text(out, "earlier", advice->alike[i].earlier.text);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void wire_advice(struct buf *out, const struct advice *advice, const struct advice_word *words, size_t word_count)
{
	const struct language_corpus *corpus = advice->language->corpus;
	struct match_outlook outlook = matcher_outlook(advice->language->matcher);
	json_open(out, NULL, '{');
	json_add_text(out, "lang", corpus->language);
	json_add_int(out, "questions", (int64_t)corpus->intent_count);
	json_add_int(out, "wordings", (int64_t)advice->wordings);
	json_add_int(out, "tested", (int64_t)outlook.tested);
	json_add_real(out, "right", outlook.right);
	json_add_real(out, "wrong", outlook.wrong);
	json_add_real(out, "unanswered", outlook.unanswered);
	json_open(out, "confused", '[');
	for (size_t i = 0; i < advice->pair_count; i++)
		add_pair(out, corpus->intents, &advice->pairs[i]);
	buf_add_char(out, ']');
	json_open(out, "unknown", '[');
	for (size_t i = 0; i < word_count; i++) {
		json_open(out, NULL, '{');
		json_add_str(out, "word", words[i].word);
		json_add_int(out, "heard", (int64_t)words[i].heard);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
	add_few(out, advice);
	add_alike(out, advice);
	buf_add_char(out, '}');
}
