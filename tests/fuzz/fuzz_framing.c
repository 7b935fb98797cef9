/* SPDX-License-Identifier: Apache-2.0 */
/* The raw bytes of a WebSocket connection. However they are cut, the same are kept and the same code follows. */
#include "server/framing.h"

#include <assert.h>

enum { MOST = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct framing whole = { 0 }, drop = { 0 };
	int code, drop_code = 0;
	size_t kept = framing_take(&whole, data, size, MOST, &code), at = 0;
	assert(kept <= size);
	assert(!code || kept < size);
	while (at < size && framing_take(&drop, data + at, 1, MOST, &drop_code) == 1)
		at++;
	assert(at == kept && drop_code == code);
	assert(whole.message <= MOST);
	/* What was kept is right by itself. */
	struct framing again = { 0 };
	assert(framing_take(&again, data, kept, MOST, &code) == kept && !code);
	return 0;
}
