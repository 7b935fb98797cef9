/* SPDX-License-Identifier: Apache-2.0 */
/* By itself, so that a test can be linked with another one and does not have to wait. */
#include "server/head.h"

const int64_t head_request_ms = HEAD_REQUEST_MS;
