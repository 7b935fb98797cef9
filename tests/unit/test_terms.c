/* SPDX-License-Identifier: Apache-2.0 */
#include "text/terms.h"

#include "base/buf.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

/* "word=stem word=stem"; a space inside a term is shown as _. */
static void print_terms(const struct terms *terms, struct buf *out)
{
	for (size_t i = 0; i < terms->count; i++) {
		size_t at = out->len + (i > 0);
		buf_printf(out, "%s%.*s=%.*s", i ? " " : "", STR_ARG(terms->items[i].word),
			   STR_ARG(terms->items[i].stem));
		for (; at < out->len; at++)
			if (out->data[at] == ' ')
				out->data[at] = '_';
	}
}

static struct thesaurus *shop_words_in(struct arena *arena)
{
	static const struct str names[] = {
		{ "Royal Mail", 10 }, { "M&S", 3 }, { "click and collect", 17 }, { "Ludlows", 7 }, { "???", 3 }
	};
	static const struct str parcel[] = { { "parcel", 6 }, { "package", 7 }, { "post packet", 11 } };
	static const struct str refund[] = { { "refund", 6 }, { "money back", 10 }, { "money", 5 } };
	static const struct str mail[] = { { "post", 4 }, { "Royal Mail", 10 } };
	static const struct str twice[] = { { "luggage", 7 }, { "packages", 8 } };
	static const struct str phrase[] = { { "gift card", 9 }, { "voucher", 7 } };
	const struct thesaurus_group groups[] = {
		{ parcel, 3 }, { refund, 3 }, { mail, 2 }, { twice, 2 }, { phrase, 2 }
	};
	return thesaurus_new_in(arena, "en", names, COUNT(names), groups, COUNT(groups));
}

static void test_terms(void **state)
{
	(void)state;
	static const struct {
		const char *text, *terms;
	} plain[] = {
		{ "", "" },
		{ "?!? ...", "" },
		{ "?!? :)", ":)=:)" },
		{ "thanks :)", "thanks=thank" },
		{ "Where are my parcels?", "where=where are=are my=my parcels=parcel" },
		{ "order 12345 of 12.5.", "order=order 0=0 of=of 0=0" },
		{ "size10 doesn't fit", "size10=size10 does=doe not=not fit=fit" },
	}, with_words[] = {
		{ "my packages", "my=my packages=parcel" },
		{ "a post packet", "a=a post_packet=parcel" },
		{ "post packed", "post=post packed=pack" },
		{ "post a packet", "post=post a=a packet=packet" },
		{ "I want my money back", "i=i want=want my=my money_back=refund" },
		{ "money", "money=refund" },
		{ "royal mail lost it", "royal_mail=post lost=lost it=it" },
		{ "royal mails", "royal=royal mails=mail" },
		{ "mail from M&S", "mail=mail from=from m_s=m_s" },
		{ "CLICK AND COLLECT orders", "click_and_collect=click_and_collect orders=order" },
		{ "Ludlows", "ludlows=ludlows" },
		{ "luggage", "luggage=luggag" },
		{ "a voucher", "a=a voucher=gift_card" },
		{ "gift cards", "gift_cards=gift_card" },
		{ "gift", "gift=gift" },
	};
	struct arena arena = { 0 };
	struct buf seen = { 0 };
	struct stemmer *stemmer = stemmer_new("en");
	struct thesaurus *thesaurus = shop_words_in(&arena);
	size_t plain_count = COUNT(plain), all = plain_count + COUNT(with_words);
	for (size_t i = 0; i < all; i++) {
		bool is_plain = i < plain_count;
		const char *text = is_plain ? plain[i].text : with_words[i - plain_count].text;
		const char *expected = is_plain ? plain[i].terms : with_words[i - plain_count].terms;
		struct terms terms = terms_read_in(&arena, stemmer, is_plain ? NULL : thesaurus, str_of(text), "en");
		buf_reset(&seen);
		print_terms(&terms, &seen);
		if (strcmp(buf_text(&seen), expected) != 0)
			fail_msg("\"%s\"\n  expected %s\n  got      %s", text, expected, buf_text(&seen));
	}
	buf_clear(&seen);
	stemmer_free(stemmer);
	arena_clear(&arena);
}

static void test_places(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct stemmer *stemmer = stemmer_new("en");
	struct str text = STR_LIT("¡My money, BACK now!");
	struct terms terms = terms_read_in(&arena, stemmer, shop_words_in(&arena), text, "en");
	static const char *const pieces[] = { "My", "money, BACK", "now" };
	assert_int_equal(terms.count, 3);
	for (size_t i = 0; i < terms.count; i++)
		assert_true(str_is(str_part(text, terms.items[i].from, terms.items[i].to - terms.items[i].from),
				   pieces[i]));
	stemmer_free(stemmer);
	arena_clear(&arena);
}

static void test_an_empty_thesaurus(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct stemmer *stemmer = stemmer_new("de");
	struct thesaurus *thesaurus = thesaurus_new_in(&arena, "de", NULL, 0, NULL, 0);
	struct terms terms = terms_read_in(&arena, stemmer, thesaurus, STR_LIT("Wo ist mein Paket"), "de");
	assert_int_equal(terms.count, 4);
	stemmer_free(stemmer);
	arena_clear(&arena);
}

/* A phrase of twelve words is found; of thirteen, never. */
static void test_the_longest_phrase(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct stemmer *stemmer = stemmer_new("en");
	for (int words = 12; words <= 13; words++) {
		char text[200] = "";
		for (int i = 0; i < words; i++)
			snprintf(text + strlen(text), sizeof text - strlen(text), "%sw%c", i ? " " : "", 'a' + i);
		struct str name = str_of(text);
		struct thesaurus *thesaurus = thesaurus_new_in(&arena, "en", &name, 1, NULL, 0);
		struct terms terms = terms_read_in(&arena, stemmer, thesaurus, name, "en");
		assert_int_equal(terms.count, words == 12 ? 1 : 13);
	}
	stemmer_free(stemmer);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_an_empty_thesaurus),
		cmocka_unit_test(test_the_longest_phrase),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
