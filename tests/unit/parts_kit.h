/* SPDX-License-Identifier: Apache-2.0 */
/* A stream in parts, as a socket gives it: each in memory of its own size, so that reading beyond it shows. */
#ifndef SHOPBELL_TESTS_PARTS_KIT_H
#define SHOPBELL_TESTS_PARTS_KIT_H

#include "base/count.h"
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

/* Gives `take` the bytes in three parts, the first up to `cut`, the second up to `other`; none that is empty. */
static inline void take_in_parts(const char *bytes, size_t len, size_t cut, size_t other,
				 void (*take)(void *context, unsigned char *part, size_t len), void *context)
{
	const size_t ends[] = { cut, other, len };
	for (size_t i = 0, at = 0; i < COUNT(ends); at = ends[i++]) {
		if (ends[i] <= at)
			continue;
		unsigned char *part = malloc(ends[i] - at);
		assert_non_null(part);
		memcpy(part, bytes + at, ends[i] - at);
		take(context, part, ends[i] - at);
		free(part);
	}
}

#endif
