/* SPDX-License-Identifier: Apache-2.0 */
/* Reading UTF-8: what is valid, what is stepped over, what is repaired. */
#include "text/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	/* A copy without a NUL behind it, so that reading one byte too many is seen. */
	char *copy = malloc(size ? size : 1);
	if (size)
		memcpy(copy, data, size);
	struct str text = { copy, size };
	size_t characters = 0, malformed = 0;
	for (size_t at = 0, next; at < size; at = next) {
		char back[4];
		next = at;
		uint32_t code = utf8_next(text, &next);
		size_t len = utf8_put(code, back);
		/* Either the bytes of the character, or one byte that begins none. */
		bool is_same = next - at == len && !memcmp(copy + at, back, len);
		assert(is_same || (code == 0xfffd && next == at + 1));
		characters++;
		malformed += !is_same;
	}
	assert(utf8_is_valid(text) == !malformed);
	struct str repaired = utf8_repair_in(&arena, text);
	assert(utf8_is_valid(repaired));
	assert(utf8_count(repaired) == characters);
	assert(repaired.len == size + 2 * malformed);
	free(copy);
	arena_clear(&arena);
	return 0;
}
