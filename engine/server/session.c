/* SPDX-License-Identifier: Apache-2.0 */
#include "server/session.h"

#include "text/utf8.h"

#include <sodium.h>
#include <string.h>

static const char SETUP[] = "setup_link", IDENTITY[] = "identity_secret";

int sodium_start(struct error *err)
{
	return sodium_init() < 0 ? error_set(err, ERROR_SYSTEM, "the cryptographic library does not start") : 0;
}

int password_hash(const char *password, char out[PASSWORD_HASH_BYTES], struct error *err)
{
	if (crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return error_set(err, ERROR_SYSTEM, "not enough memory to protect a password (64 MB are needed)");
	return 0;
}

bool password_holds(const char *hash, const char *password)
{
	return !crypto_pwhash_str_verify(hash, password, strlen(password));
}

const char *password_decoy(void)
{
	/* The parameters decide how long a check takes; this hash was cut out of random bits and belongs to nothing. */
	return "$argon2id$v=19$m=65536,t=2,p=1$c2hvcGJlbGwtZGVjb3kxMg$"
	       "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
}

/* What breaks a line, or turns the order of the letters around it. */
static bool is_control(uint32_t code)
{
	return code < ' ' || (code >= 0x7f && code < 0xa0) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

int agent_name_check(const char *name, struct error *err)
{
	struct str text = str_of(name);
	bool is_right = text.len && text.len == str_trim(text).len && utf8_is_valid(text) &&
			utf8_count(text) <= AGENT_NAME_CHARACTERS_MAX;
	for (size_t at = 0; is_right && at < text.len;)
		is_right = !is_control(utf8_next(text, &at));
	return is_right ? 0
			: error_set(err, ERROR_INPUT,
				    "a name has 1 to %d characters in one line, without blanks at its ends",
				    AGENT_NAME_CHARACTERS_MAX);
}

int setup_make(struct store *store, struct secret *out_link, struct error *err)
{
	char hash[2 * TOKEN_HASH_BYTES + 1];
	*out_link = secret_make();
	secret_hash_hex(out_link->text, hash);
	return store_set_value(store, SETUP, str_of(hash), err);
}

bool setup_holds(struct store *store, const char *link)
{
	char hash[2 * TOKEN_HASH_BYTES + 1];
	struct arena arena = { 0 };
	struct str kept = { 0 };
	struct error err;
	secret_hash_hex(link, hash);
	bool holds = !store_get_value(store, &arena, SETUP, &kept, &err) && kept.len == sizeof hash - 1 &&
		     !sodium_memcmp(kept.ptr, hash, kept.len);
	arena_clear(&arena);
	return holds;
}

int setup_void(struct store *store, struct error *err)
{
	return store_set_value(store, SETUP, STR_LIT(""), err);
}

int identity_secret(struct store *store, struct arena *arena, bool is_new, struct str *out, struct error *err)
{
	struct str kept = { 0 };
	int status = store_get_value(store, arena, IDENTITY, &kept, err);
	if (status < 0)
		return -1;
	if (status == 0 && kept.len && !is_new) {
		*out = kept;
		return 0;
	}
	struct secret secret = secret_make();
	*out = str_of(arena_strdup(arena, str_of(secret.text)));
	return store_set_value(store, IDENTITY, *out, err);
}
