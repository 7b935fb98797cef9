/* SPDX-License-Identifier: Apache-2.0 */
#include "server/identity.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static int refuse(struct wire_error *err, const char *why)
{
	err->code = "bad_identity";
	snprintf(err->message, sizeof err->message, "the identity was not accepted: %s", why);
	return -1;
}

/* Decodes strictly: no padding, no other alphabet, nothing behind. */
static int decode(struct arena *arena, struct str part, struct str *out)
{
	unsigned char *bytes = arena_alloc(arena, part.len + 1);
	size_t len;
	if (!part.len || sodium_base642bin(bytes, part.len, part.ptr, part.len, NULL, &len, NULL,
					   sodium_base64_VARIANT_URLSAFE_NO_PADDING))
		return -1;
	*out = (struct str){ (const char *)bytes, len };
	return 0;
}

static bool signature_holds(struct str secret, struct str signed_part, struct str signature)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.ptr, secret.len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)signed_part.ptr, signed_part.len);
	crypto_auth_hmacsha256_final(&state, mac);
	return signature.len == sizeof mac && !sodium_memcmp(mac, signature.ptr, sizeof mac);
}

int identity_verify(struct arena *arena, struct str secret, const char *token, int64_t now_ms,
		    struct wire_identity *out, struct wire_error *err)
{
	struct str rest = str_of(token), parts[3], decoded[3];
	const char *alg;
	if (rest.len > JWT_BYTES_MAX)
		return refuse(err, "it is too long");
	for (int i = 0; i < 3; i++)
		if (!str_split(&rest, '.', &parts[i]) || decode(arena, parts[i], &decoded[i]))
			return refuse(err, "it is not a signed token");
	if (rest.ptr)
		return refuse(err, "it is not a signed token");
	if (wire_read_jwt_header(arena, decoded[0], &alg, err) || strcmp(alg, "HS256"))
		return refuse(err, "it has to be signed with HS256");
	struct str signed_part = { token, parts[0].len + 1 + parts[1].len };
	if (!secret.len || !signature_holds(secret, signed_part, decoded[2]))
		return refuse(err, "its signature is not this shop's");
	struct wire_identity identity;
	if (wire_read_identity(arena, decoded[1], &identity, err))
		return refuse(err, "its claims cannot be read, or `exp` is missing");
	if (now_ms / 1000 >= identity.expires_s)
		return refuse(err, "it has expired");
	if (now_ms / 1000 < identity.not_before_s)
		return refuse(err, "it is not valid yet");
	*out = identity;
	return 0;
}

struct secret secret_make(void)
{
	unsigned char random[32];
	struct secret secret;
	randombytes_buf(random, sizeof random);
	sodium_bin2base64(secret.text, sizeof secret.text, random, sizeof random,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(random, sizeof random);
	return secret;
}

void secret_hash(const char *secret, unsigned char out[TOKEN_HASH_BYTES])
{
	crypto_generichash(out, TOKEN_HASH_BYTES, (const unsigned char *)secret, strlen(secret), NULL, 0);
}

void secret_hash_hex(const char *secret, char out[2 * TOKEN_HASH_BYTES + 1])
{
	unsigned char hash[TOKEN_HASH_BYTES];
	secret_hash(secret, hash);
	sodium_bin2hex(out, 2 * TOKEN_HASH_BYTES + 1, hash, sizeof hash);
}
