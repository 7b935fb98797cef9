/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into the program for tests of requests that take their time: to this program they have a fifth of a second instead of
 * HEAD_REQUEST_MS (server/head_limit.c). */
#include <stdint.h>

extern const int64_t head_request_ms;
const int64_t head_request_ms = 200;
