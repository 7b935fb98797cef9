/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/trials.h"
#include "base/vec.h"

#include <string.h>

void trials_clear(struct trials *trials)
{
	vec_clear(&trials->results);
}

static int compare(const struct trial_result *result, const struct trial *trial)
{
	int by_intent = strcmp(result->intent, trial->intent);
	return by_intent ? by_intent : strcmp(result->variant, trial->variant);
}

static struct trial_result *result_of(struct trials *trials, const struct trial *trial)
{
	struct trial_result fresh = { .helpful = { 0, 0 } };
	size_t at = 0;
	while (at < trials->results.count && compare(&trials->results.items[at], trial) < 0)
		at++;
	if (at < trials->results.count && !compare(&trials->results.items[at], trial))
		return &trials->results.items[at];
	memcpy(fresh.intent, trial->intent, sizeof fresh.intent);
	memcpy(fresh.variant, trial->variant, sizeof fresh.variant);
	vec_push(&trials->results, fresh);
	struct trial_result *place = &trials->results.items[at];
	memmove(place + 1, place, (trials->results.count - 1 - at) * sizeof *place);
	*place = fresh;
	return place;
}

void trials_add(struct trials *trials, const struct episode *episode)
{
	for (size_t i = 0; i < episode->trial_count; i++) {
		const struct trial *trial = &episode->trials[i];
		struct trial_result *result = result_of(trials, trial);
		result->handed_over.whole++;
		result->handed_over.part += trial->is_handed_over;
		result->helpful.whole += trial->helpful >= 0;
		result->helpful.part += trial->helpful > 0;
	}
}
