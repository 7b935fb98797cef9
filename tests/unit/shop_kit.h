/* SPDX-License-Identifier: Apache-2.0 */
/* The sample shop, asked one question at a time: what it answers, asks back and leaves. */
#ifndef SHOPBELL_TESTS_SHOP_KIT_H
#define SHOPBELL_TESTS_SHOP_KIT_H

#include "dialogue_kit.h"

#include "base/count.h"

static struct knowledge *shop;
static struct mind *mind;
static struct arena arena;

static inline int open_shop(void **state)
{
	(void)state;
	shop = kit_load("intents");
	mind = mind_new();
	return 0;
}

static inline int close_shop(void **state)
{
	(void)state;
	mind_free(mind);
	arena_clear(&arena);
	knowledge_unref(shop);
	return 0;
}

static inline const struct decision *ask(const char *utterance)
{
	static struct decision decision;
	arena_reset(&arena);
	policy_ask(shop, mind, str_of(utterance), NULL, &arena, &decision);
	return &decision;
}

/* Whether the bot took it upon itself to know what is wanted. */
static inline bool is_sure(const struct decision *decision)
{
	return decision->action == ACTION_ANSWER ||
	       (decision->action == ACTION_HANDOVER && decision->reason == REASON_INTENT);
}

static inline size_t count_answered(const char *const *utterances, size_t count)
{
	size_t answered = 0;
	for (size_t i = 0; i < count; i++) {
		const struct decision *decision = ask(utterances[i]);
		if (!is_sure(decision))
			continue;
		print_error("\"%s\" is answered with %s (%.2f)\n", utterances[i], decision->intent_id,
			    decision->confidence);
		answered++;
	}
	return answered;
}

struct row {
	const char *utterance, *intent;
};

/* How many are not taken for the intent in the language; `may_ask_back`: the intent among those offered is enough. */
static inline size_t count_wrong(const struct row *rows, size_t count, const char *language, bool may_ask_back)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		const struct decision *decision = ask(rows[i].utterance);
		bool is_right = decision->action == ACTION_ANSWER || decision->action == ACTION_HANDOVER
					? !strcmp(decision->intent_id, rows[i].intent)
					: false;
		for (size_t o = 0; may_ask_back && decision->action == ACTION_CLARIFY && o < decision->option_count;
		     o++)
			is_right = is_right || !strcmp(decision->options[o].id, rows[i].intent);
		if (is_right && !strcmp(decision->language, language))
			continue;
		print_error("\"%s\": expected %s, got %s of %s in %s (%.2f)\n", rows[i].utterance, rows[i].intent,
			    action_name(decision->action), decision->intent_id, decision->language,
			    decision->confidence);
		wrong++;
	}
	return wrong;
}

#endif
