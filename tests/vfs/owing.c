/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into the program for tests of what an erasure in a large data file leaves for later: to this program every file is
 * too large to be cleared at once, instead of those above STORE_SCRUB_AT_ONCE_BYTES (store/scrub_limit.c). */
#include <stdint.h>

extern const int64_t scrub_at_once_bytes;
const int64_t scrub_at_once_bytes = 0;
