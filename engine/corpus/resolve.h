/* SPDX-License-Identifier: Apache-2.0 */
/* From the drafts of all files of one language to its part of the corpus: what refers to other intents is looked up,
 * and doubles are found. */
#ifndef SHOPBELL_CORPUS_RESOLVE_H
#define SHOPBELL_CORPUS_RESOLVE_H

#include "corpus/topic.h"

/* Checks `drafts` and fills language, intents and intent_count of `out`, whose texts live in `arena`. */
void resolve_in(struct arena *arena, const struct drafts *drafts, struct language_corpus *out,
		struct diagnostics *problems);

#endif
