/* SPDX-License-Identifier: Apache-2.0 */
#include "text/utterance.h"

#include "text/internal.h"

#include <assert.h>

void utterance_init(struct utterance *utterance, struct arena *arena, struct str text)
{
	utterance->arena = arena;
	utterance->text = text;
	utterance->cut_count = 0;
}

const struct tokens *utterance_tokens(struct utterance *utterance, const char *language)
{
	const struct contraction_rules *rules = contraction_rules_for(language);
	for (size_t i = 0; i < utterance->cut_count; i++)
		if (utterance->cuts[i].rules == rules)
			return &utterance->cuts[i].tokens;
	assert(utterance->cut_count < UTTERANCE_CUTS_MAX);
	struct utterance_cut *cut = &utterance->cuts[utterance->cut_count++];
	cut->rules = rules;
	cut->tokens = tokens_read_in(utterance->arena, utterance->text, language);
	return &cut->tokens;
}
