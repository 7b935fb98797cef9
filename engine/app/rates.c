/* SPDX-License-Identifier: Apache-2.0 */
#include "app/rates.h"

#include <stdio.h>

void rate_print(struct rate rate)
{
	double low, high;
	printf("%6lld of %6lld   ", (long long)rate.part, (long long)rate.whole);
	if (rate.whole < SAMPLE_TOO_FEW) {
		printf("%-24s", "too few to tell");
		return;
	}
	rate_interval(rate, &low, &high);
	printf("%5.1f %% (%5.1f to %5.1f)", 100.0 * (double)rate.part / (double)rate.whole, low * 100, high * 100);
}
