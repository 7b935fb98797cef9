/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell ask`: one question, the answer, and why. */
#include "app/command.h"
#include "app/loading.h"
#include "app/arguments.h"
#include "base/count.h"
#include "dialogue/policy.h"
#include "text/language.h"
#include "wire/wire.h"

#include <stdio.h>

static void print_share(const struct decision_word *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s%s %.0f %%", i ? ", " : "", words[i].term, words[i].weight * 100);
	puts(count ? "" : "nothing that the files know");
}

static void print_mood(const struct decision *decision)
{
	const char *name = decision->polarity <= -0.05  ? "negative"
			   : decision->polarity >= 0.05 ? "positive"
							: "neutral";
	printf("mood     %s (%.2f)%s", name, decision->polarity, decision->is_upset ? ", upset" : "");
	for (size_t i = 0; i < decision->mood_word_count; i++)
		printf("%s%s", i ? ", " : ": ", decision->mood_words[i].term);
	puts("");
}

static void print_decision(const struct decision *decision)
{
	if (decision->intent)
		printf("%s  (%s, %s:%u)\n\n", decision->intent->question, decision->intent->id,
		       decision->intent->place.file, decision->intent->place.line);
	if (decision->text[0])
		printf("%s\n", decision->text);
	for (size_t i = 0; i < decision->option_count; i++)
		printf("  [%s]\n", decision->options[i].label);
	printf("\ndecision %s by rule \"%s\"", action_name(decision->action), decision->rule);
	if (decision->reason)
		printf(", reason: %s", reason_name(decision->reason));
	printf("\nsure     %.0f %% (answers from %.0f %% on)\nwhy      ", decision->confidence * 100,
	       decision->threshold * 100);
	print_share(decision->why, decision->why_count);
	printf("nearest ");
	for (size_t i = 0; i < decision->candidate_count; i++)
		printf(" %s %.0f %%%s", decision->candidates[i].intent, decision->candidates[i].confidence * 100,
		       i + 1 < decision->candidate_count ? "," : "");
	puts("");
	print_mood(decision);
	printf("language %s, corpus %s\n", decision->language, decision->corpus);
}

static bool has_text(const struct operands *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (str_trim(str_of(words->items[i])).len)
			return true;
	return false;
}

static int run_ask(int argc, char **argv)
{
	const char *intents = DEFAULT_INTENTS, *language = NULL;
	bool is_json = false;
	const struct option_spec specs[] = { { "--intents", &intents, NULL },
					     { "--lang", &language, NULL },
					     { "--json", NULL, &is_json } };
	struct operands words;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 1, OPERANDS_MAX, &words);
	if (status)
		return status;
	const char *code = language ? language_code(str_of(language)) : NULL;
	if (language && !code) {
		fprintf(stderr, "shopbell ask: no language is called \"%s\"; use a code such as en or de\n", language);
		return EXIT_USAGE;
	}
	if (!has_text(&words)) {
		fputs("shopbell ask: the question is empty; write it behind `shopbell ask`\n", stderr);
		return EXIT_USAGE;
	}
	struct knowledge *knowledge = load_knowledge(intents, false);
	if (!knowledge)
		return EXIT_PROBLEM;
	struct buf text = { 0 };
	for (size_t i = 0; i < words.count; i++)
		buf_printf(&text, "%s%s", i ? " " : "", words.items[i]);
	struct arena arena = { 0 };
	struct mind *mind = mind_new();
	struct decision decision;
	policy_ask(knowledge, mind, buf_str(&text), code, &arena, &decision);
	if (is_json) {
		struct buf json = { 0 };
		wire_ask(&json, &decision);
		puts(buf_text(&json));
		buf_clear(&json);
	} else {
		print_decision(&decision);
	}
	mind_free(mind);
	arena_clear(&arena);
	buf_clear(&text);
	knowledge_unref(knowledge);
	return EXIT_FINE;
}

const struct command command_ask = {
	"ask", "the answer to a question, and why",
	"usage: shopbell ask [--json] [--intents DIR] [--lang CODE] TEXT...\n\n"
	"Says what the bot would answer to TEXT as the first message of a visitor, and what the\n"
	"decision rests on: how sure it is, which words spoke for it, what else came near, the mood.\n\n"
	"  --json         one JSON object, as POST /api/v1/ask answers\n"
	"  --intents DIR  the folder of topic files (default: intents)\n"
	"  --lang CODE    the language of the page; without it the shop's language is the usual one\n",
	run_ask
};
