/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that are no question, but what somebody hands over: an e-mail address, an order number. No wording could ever fit
 * them, and to ask for other words would be silly. */
#ifndef SHOPBELL_DIALOGUE_BARE_H
#define SHOPBELL_DIALOGUE_BARE_H

#include "text/token.h"

enum bare {
	BARE_NOTHING, /* words */
	BARE_ADDRESS, /* "ada@tea.example", "my e-mail is ada@tea.example" */
	BARE_NUMBER,  /* "482913", "it is AB-48291" */
};

/* What an utterance, cut into `tokens`, is but for little words around it. */
enum bare bare_read(const struct tokens *tokens);

#endif
