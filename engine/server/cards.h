/* SPDX-License-Identifier: Apache-2.0 */
/* Payment card numbers do not belong into a chat: they are made unreadable before anything is kept. */
#ifndef SHOPBELL_SERVER_CARDS_H
#define SHOPBELL_SERVER_CARDS_H

#include <stddef.h>

/* Overwrites the digits of each card number in `text` with '*', all but the last four, and gives how many there were.
 * A card number: 13 to 19 digits, single blanks or dashes between them, the first one 2 to 6 (ISO/IEC 7812-1: banks
 * and merchandising), with a right check digit (Luhn); no digit stands right before or behind it. Linear time. */
size_t cards_mask(char *text);

#endif
