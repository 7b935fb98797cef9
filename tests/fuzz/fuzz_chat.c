/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a .chat file: read or refused with a problem; of what was read some is played against the shop of the golden
 * conversations. The first byte: whether it may be. What is said in them is fuzz_utterance's to try, and to play takes ten times
 * as long as to read: one of eight is, picked by its bytes, so that what is found does not lead to more of the same. */
#include "base/hash.h"
#include "dialogue/script.h"

#include <stdbool.h>
#include <stdlib.h>

enum { PLAYED_OF = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct knowledge *shop(void)
{
	static struct knowledge *knowledge;
	static struct arena arena;
	struct diagnostics problems;
	if (knowledge)
		return knowledge;
	diagnostics_init(&problems, &arena);
	knowledge = knowledge_load("tests/golden/intents", NULL, &problems);
	if (!knowledge)
		abort(); /* run from the top of the repository */
	return knowledge;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mind *mind;
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct script_outcome outcome;
	if (!size)
		return 0;
	if (!mind)
		mind = mind_new();
	diagnostics_init(&problems, &arena);
	const struct script *script =
		script_read_in(&arena, "fuzz.chat", (struct str){ (const char *)data + 1, size - 1 }, &problems);
	if (!script && !problems.error_count)
		abort();
	if (script && data[0] & 1 && hash_bytes(data, size, 0) % PLAYED_OF == 0)
		script_play(script, shop(), mind, &arena, &outcome);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return 0;
}
