/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the dialogue module share. */
#ifndef SHOPBELL_DIALOGUE_INTERNAL_H
#define SHOPBELL_DIALOGUE_INTERNAL_H

#include <stdint.h>

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back. A month or day out of its range carries over
 * for days only. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int64_t days_from_civil(int64_t year, int month, int day);
void civil_from_days(int64_t days, int *out_year, int *out_month, int *out_day);

#endif
