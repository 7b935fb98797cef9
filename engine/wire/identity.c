/* SPDX-License-Identifier: Apache-2.0 */
/* Who the visitor is: the claims of a verified token, and the profile that is kept with a conversation. */
#include "text/utf8.h"
#include "wire/internal.h"

#include <math.h>
#include <string.h>

enum {
	SUBJECT_CHARACTERS_MAX = 200,
	ATTRIBUTES_MAX = 32,
	ATTRIBUTE_NAME_BYTES_MAX = 64,
	ATTRIBUTE_VALUE_BYTES_MAX = 400,
};

static const char *const registered_claims[] = { "sub", "name", "email", "exp", "nbf", "iat", "iss", "aud", "jti" };

static bool is_registered(const char *name)
{
	for (size_t i = 0; i < sizeof registered_claims / sizeof *registered_claims; i++)
		if (strcmp(name, registered_claims[i]) == 0)
			return true;
	return false;
}

static const cJSON *claim_of(const cJSON *claims, const char *name)
{
	const cJSON *claim = cJSON_GetObjectItemCaseSensitive(claims, name);
	return cJSON_IsNull(claim) ? NULL : claim; /* many JWT libraries write null for what is not known */
}

static int read_claim(const cJSON *claims, const char *name, int max, const char **out, struct wire_error *err)
{
	const cJSON *claim = claim_of(claims, name);
	*out = "";
	if (!claim)
		return 0;
	if (!json_is_text(claim, 0, max))
		return wire_refuse(err, "bad_identity", "the claim `%s` must be a text of at most %d characters", name,
				   max);
	*out = claim->valuestring;
	return 0;
}

/* NumericDate of RFC 7519: seconds, perhaps with a fraction. */
static int read_date(const cJSON *claims, const char *name, bool is_required, int64_t *out, struct wire_error *err)
{
	const cJSON *claim = claim_of(claims, name);
	*out = 0;
	if (!claim && !is_required)
		return 0;
	if (!claim || !cJSON_IsNumber(claim) || !(claim->valuedouble > 0 && claim->valuedouble <= (double)WHOLE_MAX))
		return wire_refuse(err, "bad_identity", "the claim `%s` must be a time in seconds", name);
	*out = (int64_t)floor(claim->valuedouble);
	return 0;
}

/* The value as a text, or NULL when it is nothing that can be compared with one. */
static const char *attribute_text(struct arena *arena, const cJSON *claim)
{
	if (cJSON_IsString(claim))
		return arena_strdup(arena, utf8_cut(str_of(claim->valuestring), ATTRIBUTE_VALUE_BYTES_MAX));
	if (cJSON_IsBool(claim))
		return cJSON_IsTrue(claim) ? "true" : "false";
	if (!cJSON_IsNumber(claim) || !isfinite(claim->valuedouble))
		return NULL;
	double value = claim->valuedouble;
	if (value == floor(value) && fabs(value) <= (double)WHOLE_MAX)
		return arena_printf(arena, "%lld", (long long)value);
	return arena_printf(arena, "%.15g", value);
}

static void read_attributes(struct arena *arena, const cJSON *claims, struct wire_identity *out)
{
	struct option *attributes = arena_zalloc(arena, ATTRIBUTES_MAX, sizeof *attributes);
	size_t count = 0;
	for (const cJSON *claim = claims->child; claim && count < ATTRIBUTES_MAX; claim = claim->next) {
		size_t name_len = strlen(claim->string);
		if (is_registered(claim->string) || !name_len || name_len > ATTRIBUTE_NAME_BYTES_MAX)
			continue;
		const char *value = attribute_text(arena, claim);
		if (value)
			attributes[count++] = (struct option){ claim->string, value };
	}
	out->attributes = attributes;
	out->attribute_count = count;
}

/* A name given twice would let the signer's library and this one see different claims. */
static bool has_twins(const cJSON *object)
{
	for (const cJSON *member = object->child; member; member = member->next)
		for (const cJSON *other = member->next; other; other = other->next)
			if (strcmp(member->string, other->string) == 0)
				return true;
	return false;
}

static int read_claims(struct arena *arena, const cJSON *claims, struct wire_identity *out, struct wire_error *err)
{
	if (has_twins(claims))
		return wire_refuse(err, "bad_identity", "a claim is there twice");
	if (read_claim(claims, "sub", SUBJECT_CHARACTERS_MAX, &out->subject, err) != 0 ||
	    read_claim(claims, "name", NAME_MAX_CHARACTERS, &out->name, err) != 0 ||
	    read_claim(claims, "email", 254, &out->email, err) != 0 ||
	    read_date(claims, "exp", true, &out->expires_s, err) != 0 ||
	    read_date(claims, "nbf", false, &out->not_before_s, err) != 0)
		return -1;
	read_attributes(arena, claims, out);
	return 0;
}

int wire_read_identity(struct arena *arena, struct str json, struct wire_identity *out, struct wire_error *err)
{
	if (json.len > JWT_BYTES_MAX)
		return wire_refuse(err, "bad_identity", "the identity has more than %d bytes", JWT_BYTES_MAX);
	const cJSON *claims = json_read_object(arena, json, NULL, err);
	if (!claims) {
		err->code = "bad_identity";
		return -1;
	}
	struct wire_identity identity = { 0 };
	int result = read_claims(arena, claims, &identity, err);
	if (result == 0)
		*out = identity;
	return result;
}

int wire_read_jwt_header(struct arena *arena, struct str json, const char **out_alg, struct wire_error *err)
{
	const cJSON *header = json.len > JWT_BYTES_MAX ? NULL : json_read_object(arena, json, NULL, err);
	if (!header)
		return wire_refuse(err, "bad_identity", "the header of the identity is not a JSON object");
	int result = 0;
	const cJSON *alg = cJSON_GetObjectItemCaseSensitive(header, "alg");
	if (has_twins(header))
		result = wire_refuse(err, "bad_identity", "a field of the identity's header is there twice");
	else if (alg && !cJSON_IsString(alg))
		result = wire_refuse(err, "bad_identity", "`alg` of the identity's header must be a text");
	else if (cJSON_HasObjectItem(header, "crit")) /* RFC 7515 4.1.11: what is not understood must be refused */
		result = wire_refuse(err, "bad_identity", "the identity needs extensions that are not known here");
	else
		*out_alg = alg ? alg->valuestring : "";
	return result;
}

/* ---- The profile ---- */

static void add_page(struct buf *out, const char *url, const char *title)
{
	json_open(out, "page", '{');
	json_add_text(out, "url", url);
	json_add_text(out, "title", title ? title : "");
	buf_add_char(out, '}');
}

/* The part of an earlier profile called `name`, printed again. */
static void add_kept(struct buf *out, const cJSON *before, const char *name)
{
	const cJSON *part = cJSON_GetObjectItemCaseSensitive(before, name);
	char *text = cJSON_IsObject(part) ? cJSON_PrintUnformatted(part) : NULL;
	if (text)
		json_add_raw(out, name, str_of(text));
	cJSON_free(text);
}

void wire_profile(struct buf *out, const char *before, const char *page_url, const char *page_title,
		  const struct wire_identity *identity)
{
	struct arena arena = { 0 };
	struct wire_error ignored;
	const cJSON *kept = before && before[0] ? json_read_object(&arena, str_of(before), NULL, &ignored) : NULL;
	buf_add_char(out, '{');
	if (page_url && page_url[0])
		add_page(out, page_url, page_title);
	else
		add_kept(out, kept, "page");
	if (identity && identity->attribute_count) {
		json_open(out, "attributes", '{');
		for (size_t i = 0; i < identity->attribute_count; i++)
			json_add_member(out, str_of(identity->attributes[i].id), identity->attributes[i].label);
		buf_add_char(out, '}');
	} else if (!identity) {
		add_kept(out, kept, "attributes");
	}
	buf_add_char(out, '}');
	arena_clear(&arena);
}
