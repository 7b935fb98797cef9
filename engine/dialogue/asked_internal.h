/* SPDX-License-Identifier: Apache-2.0 */
/* The wordings in which people ask for a person, as rules over folded words.
 *
 * A pattern is a row of elements that must follow each other within one clause:
 *     word  a|b|c     one of these words                @x      a word of class x
 *     e?  e*          once or not at all; any number    .       any word
 *     !@x             the next word is not of class x   %@x     the clause ends here, or a word of class x follows
 *     ^  $            begin and end of a clause in a short utterance
 *     <  >            the same in any
 *     =               nothing else is said
 */
#ifndef SHOPBELL_DIALOGUE_ASKED_INTERNAL_H
#define SHOPBELL_DIALOGUE_ASKED_INTERNAL_H

#include <stddef.h>

/* Every request has a word of one of the first so many classes in it, or one of a few others: see know_classes(). */
enum { KEY_CLASSES = 4 };

/* "talk", "person", "hard" (persons that nobody wants but to talk to) and "bot" come first. At most 16 a language. */
struct word_class {
	const char *name;
	const char *words; /* with a blank at both ends */
};

struct language_rules {
	const char *language;
	const struct word_class *classes;
	size_t class_count;
	const char *const *vetoes; /* questions about the bot, and refusals: then the clause asks for nobody */
	size_t veto_count;
	const char *const *requests;
	size_t request_count;
};

/* The rules of every language that has some; static. */
const struct language_rules *asked_rules(size_t *out_count);

#endif
