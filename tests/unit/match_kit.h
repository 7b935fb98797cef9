/* SPDX-License-Identifier: Apache-2.0 */
/* A small shop to try the matcher on. */
#ifndef SHOPBELL_TESTS_MATCH_KIT_H
#define SHOPBELL_TESTS_MATCH_KIT_H

#include "base/count.h"
#include "match/match.h"

#include <string.h>

enum { KIT_EXAMPLES = 7 };

struct kit_intent {
	const char *name;
	const char *examples[KIT_EXAMPLES]; /* NULL behind the last */
};

static const struct kit_intent KIT_SHOP[] = {
	{ "delivery",
	  { "How long does delivery take?", "when will my parcel arrive", "delivery time", "how many days for shipping",
	    "how fast do you deliver", "when do you post my order" } },
	{ "price",
	  { "How much is delivery?", "what does shipping cost", "delivery price", "is postage free",
	    "do i have to pay for shipping", "shipping charges" } },
	{ "track",
	  { "Where is my order?", "track my parcel", "tracking number", "my package has not come",
	    "has my order been sent", "where has my parcel got to" } },
	{ "return",
	  { "How do I send something back?", "i want to return my order", "return a jumper", "send it back",
	    "how do returns work", "can i bring the shoes back" } },
	{ "refund",
	  { "When do I get my money back?", "refund please", "how long does a refund take",
	    "my refund has not come yet", "i am waiting for my money" } },
	{ "size",
	  { "Which size do I need?", "size chart", "does this dress run small", "what size am i",
	    "are the shoes true to size", "sizing help" } },
	{ "pay",
	  { "How can I pay?", "do you take paypal", "can i pay by card", "payment methods", "is apple pay possible",
	    "pay by invoice" } },
	{ "hours",
	  { "When are you open?", "opening hours", "are you open on sunday", "what time do you close",
	    "is the shop open today" } },
	{ "voucher",
	  { "How do I use a voucher?", "discount code does not work", "where do i enter my coupon", "gift voucher",
	    "promo code" } },
	{ "person",
	  { "I want to talk to a person", "human please", "let me speak to somebody", "customer service",
	    "can i chat with an agent" } },
};
enum { KIT_SHOP_COUNT = COUNT(KIT_SHOP) };

struct kit {
	struct training_example items[KIT_SHOP_COUNT * KIT_EXAMPLES];
	struct training_set set;
};

/* The first `intents` intents of the shop. */
static inline void kit_fill(struct kit *kit, size_t intents)
{
	size_t count = 0;
	for (uint32_t k = 0; k < intents; k++)
		for (size_t e = 0; e < KIT_EXAMPLES && KIT_SHOP[k].examples[e]; e++)
			kit->items[count++] = (struct training_example){ str_of(KIT_SHOP[k].examples[e]), k };
	kit->set = (struct training_set){ "en", intents, kit->items, count, NULL };
}

static inline struct matcher *kit_matcher(size_t intents)
{
	struct kit kit;
	struct match_options options = match_options_defaults();
	kit_fill(&kit, intents);
	return matcher_new(&kit.set, &options);
}

#endif
