/* SPDX-License-Identifier: Apache-2.0 */
#include "server/identity.h"

#include "cmocka_all.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char SECRET[] = "the shop's secret, as printed";
enum { NOW_S = 1800000000 };

static void add_part(struct buf *out, const void *bytes, size_t len)
{
	char text[4096];
	sodium_bin2base64(text, sizeof text, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	buf_add_text(out, text);
}

/* header.payload.signature, as a JWT library would make it. */
static struct buf sign(const char *header, const char *payload, const char *secret)
{
	struct buf token = { 0 };
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	add_part(&token, header, strlen(header));
	buf_add_char(&token, '.');
	add_part(&token, payload, strlen(payload));
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)token.data, token.len);
	crypto_auth_hmacsha256_final(&state, mac);
	buf_add_char(&token, '.');
	add_part(&token, mac, sizeof mac);
	return token;
}

static const struct {
	const char *header, *payload, *secret;
	bool is_good;
	const char *remark;
} rows[] = {
	{ "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{\"sub\":\"7\",\"exp\":1800000060}", SECRET, true, "good" },
	{ "{\"alg\":\"HS256\"}", "{\"sub\":\"7\",\"exp\":1800000001}", SECRET, true, "one second left" },
	{ "{\"alg\":\"HS256\"}", "{\"sub\":\"7\",\"exp\":1800000000}", SECRET, false, "over just now" },
	{ "{\"alg\":\"HS256\"}", "{\"sub\":\"7\",\"exp\":1}", SECRET, false, "long over" },
	{ "{\"alg\":\"HS256\"}", "{\"sub\":\"7\"}", SECRET, false, "no exp" },
	{ "{\"alg\":\"HS256\"}", "{\"sub\":\"7\",\"exp\":\"1800000060\"}", SECRET, false, "exp as a text" },
	{ "{\"alg\":\"HS256\"}", "{\"sub\":\"7\",\"exp\":1800000060,\"nbf\":1800000030}", SECRET, false, "not yet" },
	{ "{\"alg\":\"HS256\"}", "{\"sub\":\"7\",\"exp\":1800000060}", "another secret", false, "another's signature" },
	{ "{\"alg\":\"none\"}", "{\"sub\":\"7\",\"exp\":1800000060}", SECRET, false, "alg none, signed all the same" },
	{ "{\"alg\":\"None\"}", "{\"sub\":\"7\",\"exp\":1800000060}", SECRET, false, "alg None" },
	{ "{\"alg\":\"hs256\"}", "{\"sub\":\"7\",\"exp\":1800000060}", SECRET, false, "case matters" },
	{ "{\"alg\":\"HS512\"}", "{\"sub\":\"7\",\"exp\":1800000060}", SECRET, false, "HS512" },
	{ "{\"alg\":\"RS256\"}", "{\"sub\":\"7\",\"exp\":1800000060}", SECRET, false, "RS256: key confusion" },
	{ "{}", "{\"sub\":\"7\",\"exp\":1800000060}", SECRET, false, "no alg" },
	{ "[]", "{\"sub\":\"7\",\"exp\":1800000060}", SECRET, false, "header is no object" },
	{ "{\"alg\":\"HS256\"}", "[]", SECRET, false, "claims are no object" },
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena arena = { 0 };
		struct wire_identity identity;
		struct wire_error err = { 0 };
		struct buf token = sign(rows[i].header, rows[i].payload, rows[i].secret);
		int status = identity_verify(&arena, str_of(SECRET), buf_text(&token), (int64_t)NOW_S * 1000, &identity,
					     &err);
		if ((status == 0) != rows[i].is_good)
			fail_msg("%s: %d %s", rows[i].remark, status, err.message);
		if (status == 0)
			assert_string_equal(identity.subject, "7");
		else
			assert_string_equal(err.code, "bad_identity");
		buf_clear(&token);
		arena_clear(&arena);
	}
}

/* A good token, damaged at every single character, and cut at every length. */
static void test_damaged(void **state)
{
	(void)state;
	struct buf token = sign(rows[0].header, rows[0].payload, SECRET);
	struct wire_identity identity;
	struct wire_error err;
	for (size_t i = 0; i < token.len; i++) {
		struct arena arena = { 0 };
		char before = token.data[i];
		token.data[i] = before == 'A' ? 'B' : 'A';
		/* The last character of 43 holds two bits that mean nothing: libsodium refuses them too. */
		assert_int_equal(identity_verify(&arena, str_of(SECRET), token.data, (int64_t)NOW_S * 1000, &identity,
						 &err),
				 -1);
		token.data[i] = '\0';
		assert_int_equal(identity_verify(&arena, str_of(SECRET), token.data, (int64_t)NOW_S * 1000, &identity,
						 &err),
				 -1);
		token.data[i] = before;
		arena_clear(&arena);
	}
	buf_clear(&token);
}

static void test_other_shapes(void **state)
{
	(void)state;
	static const char *const wrong[] = { "",     ".", "..", "...", "a.b.c", "a.b", "e30.e30.", "e30.e30.e30.e30",
					     " . . " };
	struct arena arena = { 0 };
	struct wire_identity identity;
	struct wire_error err;
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (!identity_verify(&arena, str_of(SECRET), wrong[i], (int64_t)NOW_S * 1000, &identity, &err))
			fail_msg("\"%s\" was accepted", wrong[i]);
	struct buf unsigned_token = sign("{\"alg\":\"none\"}", "{\"exp\":1800000060}", SECRET);
	*strrchr(unsigned_token.data, '.') = '\0';
	buf_add_char(&unsigned_token, '.');
	assert_int_equal(identity_verify(&arena, str_of(SECRET), unsigned_token.data, 0, &identity, &err), -1);
	buf_clear(&unsigned_token);
	/* A shop without a secret knows nobody. */
	struct buf empty_key = sign(rows[0].header, rows[0].payload, "");
	assert_int_equal(identity_verify(&arena, str_of(""), buf_text(&empty_key), (int64_t)NOW_S * 1000, &identity,
					 &err),
			 -1);
	buf_clear(&empty_key);
	arena_clear(&arena);
}

static void test_secrets(void **state)
{
	(void)state;
	struct secret a = secret_make(), b = secret_make();
	unsigned char hash[TOKEN_HASH_BYTES];
	char hex[2 * TOKEN_HASH_BYTES + 1], again[2 * TOKEN_HASH_BYTES + 1];
	assert_int_equal(strlen(a.text), SECRET_CHARACTERS);
	assert_string_not_equal(a.text, b.text);
	assert_int_equal(strspn(a.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
			 SECRET_CHARACTERS);
	secret_hash(a.text, hash);
	secret_hash_hex(a.text, hex);
	sodium_bin2hex(again, sizeof again, hash, sizeof hash);
	assert_string_equal(hex, again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_other_shapes),
		cmocka_unit_test(test_secrets),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
