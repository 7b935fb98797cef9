/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of agents, and the one-time link of the first owner. */
#ifndef SHOPBELL_SERVER_SESSION_H
#define SHOPBELL_SERVER_SESSION_H

#include "base/error.h"
#include "server/identity.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	PASSWORD_CHARACTERS_MIN = 8, /* OWASP ASVS 5.0, 6.2.1 */
	PASSWORD_CHARACTERS_MAX = 200,
	PASSWORD_HASH_BYTES = 128,
	AGENT_NAME_CHARACTERS_MAX = 60,
};
#define SESSION_MS (7 * 24 * 60 * 60 * (int64_t)1000)

/* Argon2id with the library's parameters for sign-ins: 64 MB and about a tenth of a second. Call sodium_start() first.
 * 0, or -1 with err when the memory is not there. */
int password_hash(const char *password, char out[PASSWORD_HASH_BYTES], struct error *err);
bool password_holds(const char *hash, const char *password);
/* A hash that no password has, for names that do not exist: the answer takes as long as for those that do. */
const char *password_decoy(void);
/* Makes the random numbers and primitives ready: once, before everything else here and in identity.h. */
int sodium_start(struct error *err);

/* Whether somebody may be called so: visitors and colleagues read it, in lines and in lists. 0, or -1 with err. */
int agent_name_check(const char *name, struct error *err);

/* A new link (any earlier one is void); its hash is kept in the store. */
int setup_make(struct store *store, struct secret *out_link, struct error *err);
bool setup_holds(struct store *store, const char *link);
int setup_void(struct store *store, struct error *err);

/* The key that the shop signs identities with; made when there is none yet, or anew. */
int identity_secret(struct store *store, struct arena *arena, bool is_new, struct str *out, struct error *err);

#endif
