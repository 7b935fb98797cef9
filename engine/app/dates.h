/* SPDX-License-Identifier: Apache-2.0 */
/* Dates on the command line. */
#ifndef SHOPBELL_APP_DATES_H
#define SHOPBELL_APP_DATES_H

#include <stdint.h>

/* Unix milliseconds now. */
int64_t date_now_ms(void);
/* The begin (UTC) of a day written as 2026-01-31. 0, or -1 when it is none. */
int date_read(const char *text, int64_t *out_ms);

#endif
