/* SPDX-License-Identifier: Apache-2.0 */
/* By itself, so that a test can be linked with another one and needs no large files. */
#include "store/internal.h"

const int64_t scrub_at_once_bytes = STORE_SCRUB_AT_ONCE_BYTES;
