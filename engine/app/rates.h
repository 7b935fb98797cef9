/* SPDX-License-Identifier: Apache-2.0 */
/* Shares on stdout: never without what they are a share of. */
#ifndef SHOPBELL_APP_RATES_H
#define SHOPBELL_APP_RATES_H

#include "dialogue/sample.h"

/* "   12 of     40    30.0 % (18.1 to 45.4)", or "too few to tell". No newline. */
void rate_print(struct rate rate);

#endif
