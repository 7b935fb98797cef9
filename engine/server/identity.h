/* SPDX-License-Identifier: Apache-2.0 */
/* Who a visitor is, said by the shop's own server in a signed token (JWT, RFC 7519, HS256 only), and random tokens of
 * our own. */
#ifndef SHOPBELL_SERVER_IDENTITY_H
#define SHOPBELL_SERVER_IDENTITY_H

#include "base/arena.h"
#include "base/str.h"
#include "store/store.h"
#include "wire/wire.h"

#include <stdbool.h>

/* Verifies `token` with `secret` (its bytes are the key) at `now_ms`: signature in constant time, `alg` exactly HS256,
 * `exp` there and not over. 0, or -1 with err (code bad_identity). The identity lives in the arena. */
int identity_verify(struct arena *arena, struct str secret, const char *token, int64_t now_ms,
		    struct wire_identity *out, struct wire_error *err);

/* A token of ours, for a visitor, a session or a one-time link: 256 random bits in base64url. */
enum { SECRET_CHARACTERS = 43 };
struct secret {
	char text[SECRET_CHARACTERS + 1];
};
struct secret secret_make(void);
/* What is kept of a token. */
void secret_hash(const char *secret, unsigned char out[TOKEN_HASH_BYTES]);
/* The same as lower-case hex with a NUL, for values kept as text. */
void secret_hash_hex(const char *secret, char out[2 * TOKEN_HASH_BYTES + 1]);

#endif
