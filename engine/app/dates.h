/* SPDX-License-Identifier: Apache-2.0 */
/* Dates on the command line. */
#ifndef SHOPBELL_APP_DATES_H
#define SHOPBELL_APP_DATES_H

#include <stdint.h>

/* Unix milliseconds now. */
int64_t date_now_ms(void);
/* The begin (UTC) of a day written as 2026-01-31, an option of `command`; NULL leaves `out_ms` as it is. 0, or EXIT_USAGE
 * when it is no date, which is told on stderr then. */
int date_read(const char *command, const char *text, int64_t *out_ms);

#endif
