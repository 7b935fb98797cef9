/* SPDX-License-Identifier: Apache-2.0 */
/* A did-you-mean that is answered in words instead of by its buttons: "yes", "the second one". */
#ifndef SHOPBELL_DIALOGUE_CHOICE_H
#define SHOPBELL_DIALOGUE_CHOICE_H

#include "base/arena.h"
#include "base/str.h"

/* Which of `count` things asked about is meant, from 1; `count` + 1 stands for the button behind them; 0: none that could be
 * told, as for nearly all texts. A yes chooses where one thing was asked about. English, German, French, Spanish. Linear in
 * the length of the text. */
size_t choice_read(struct arena *arena, struct str text, size_t count);

#endif
