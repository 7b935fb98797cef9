/* SPDX-License-Identifier: Apache-2.0 */
/* What the server reads of a request beside its frames. The first byte chooses: 0 an Origin against a Host (parted by a
 * newline), 1 a Cookie header, 2 forwarded addresses, 3 a text that may hold card numbers, 4 a signed identity, 5 requests
 * with the next byte as the length of their first piece. */
#include "server/cards.h"
#include "server/head.h"
#include "server/hub.h"
#include "server/identity.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_origin(char *text)
{
	static const char *listed[] = { "https://shop.example" };
	char *host = strchr(text, '\n');
	if (!host)
		return;
	*host++ = '\0';
	bool is_allowed = origin_is_allowed(text, host, listed, 1, true);
	if (!*text)
		assert(!is_allowed);
	if (!strcmp(text, listed[0]))
		assert(is_allowed);
	/* Whatever is allowed is listed, or holds the host as it is. */
	if (is_allowed && strcasecmp(text, listed[0]))
		assert(!strncasecmp(text, "http", 4));
}

static void read_cookie(const char *text)
{
	struct str value = cookie_value(text, "shopbell_session");
	assert(!value.len || (value.ptr >= text && value.ptr + value.len <= text + strlen(text)));
	assert(!memchr(value.ptr, ';', value.len));
}

static void read_forwarded(const char *text)
{
	struct limits *limits = limits_new();
	struct str address = forwarded_address(text);
	assert(!memchr(address.ptr, ',', address.len));
	limits_address_text(limits, address);
	limits_name(limits, text);
	limits_free(limits);
}

static void mask_cards(char *text)
{
	size_t len = strlen(text);
	size_t found = cards_mask(text);
	assert(strlen(text) == len);
	/* Thirteen digits at least, of which the four that are left to be seen may begin another one. */
	assert(!found || 13 + 9 * (found - 1) <= len);
	/* Nothing is left to be masked. */
	assert(cards_mask(text) == 0);
}

static void read_identity(const char *text)
{
	struct arena arena = { 0 };
	struct wire_identity identity;
	struct wire_error err = { 0 };
	/* Nobody guesses a signature. */
	assert(identity_verify(&arena, STR_LIT("a secret that no input knows"), text, 1, &identity, &err) == -1);
	assert(!strcmp(err.code, "bad_identity") && err.message[0]);
	arena_clear(&arena);
}

static void follow(struct head *head, const char *bytes, size_t len)
{
	char *copy = malloc(len ? len : 1);
	memcpy(copy, bytes, len);
	for (size_t at = 0, took; at < len && !head->fault; at += took) {
		took = head_read(head, copy + at, len - at);
		assert(took > 0 && took <= len - at);
	}
	free(copy);
}

static void read_heads(const char *bytes, size_t len)
{
	struct head whole = { 0 }, cut = { 0 };
	size_t first = len ? (unsigned char)bytes[0] : 0;
	bytes += len > 0;
	len -= len > 0;
	first = first < len ? first : len;
	follow(&whole, bytes, len);
	follow(&cut, bytes, first);
	follow(&cut, bytes + first, len - first);
	assert(whole.requests == cut.requests && whole.fault == cut.fault);
	assert(whole.fault || head_is_between(&whole) == head_is_between(&cut));
	/* None is less than this. */
	assert(whole.requests * strlen("A / HTTP/1.0\r\n\r\n") <= len);
	head_clear(&whole);
	head_clear(&cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	char *text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0] % 6) {
	case 0: read_origin(text); break;
	case 1: read_cookie(text); break;
	case 2: read_forwarded(text); break;
	case 3: mask_cards(text); break;
	case 4: read_identity(text); break;
	default: read_heads((const char *)data + 1, size - 1); break;
	}
	free(text);
	return 0;
}
