/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the file of a time zone: read or refused, and what was read answers for any instant. The first eight
 * bytes are an instant. */
#include "base/count.h"
#include "dialogue/zone.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t instants[] = { INT64_MIN, -1, 0, 1700000000000, 4102444800000, INT64_MAX };
	struct arena arena = { 0 };
	const struct zone *zone = NULL;
	struct error err = { 0 };
	int64_t at_ms;
	if (size < sizeof at_ms)
		return 0;
	memcpy(&at_ms, data, sizeof at_ms);
	struct str bytes = { (const char *)data + sizeof at_ms, size - sizeof at_ms };
	if (zone_read_in(&arena, "Fuzz/Zone", bytes, &zone, &err)) {
		if (!zone && err.kind == ERROR_NONE)
			abort();
	} else {
		for (size_t i = 0; i <= COUNT(instants); i++) {
			struct civil_time civil = zone_civil(zone, i ? instants[i - 1] : at_ms);
			bool ok = civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= 31 &&
				  civil.weekday >= 0 && civil.weekday <= 6 && civil.minute >= 0 && civil.minute < 1440;
			if (!ok)
				abort();
			(void)zone_instant_ms(zone, &civil);
		}
	}
	arena_clear(&arena);
	return 0;
}
