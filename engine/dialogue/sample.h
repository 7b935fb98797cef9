/* SPDX-License-Identifier: Apache-2.0 */
/* Shares, means and percentiles, and how far they can be trusted. */
#ifndef SHOPBELL_DIALOGUE_SAMPLE_H
#define SHOPBELL_DIALOGUE_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* Below so many cases a share says nothing. */
enum { SAMPLE_TOO_FEW = 30 };

struct rate {
	int64_t part, whole;
};
/* Wilson's score interval at 95 % (E. B. Wilson, JASA 22, 1927): both within 0..1; 0 and 1 when whole is 0. */
void rate_interval(struct rate rate, double *out_low, double *out_high);

/* The times or marks of one figure, kept to be ordered. */
struct sample {
	struct {
		double *items;
		size_t count, capacity;
	} values;
};
/* The nearest-rank percentile: the smallest value that at least `percent` (1..100) of all do not exceed; 0 of none.
 * Orders the values: O(n log n). */
double sample_percentile(struct sample *sample, unsigned percent);
double sample_mean(const struct sample *sample); /* 0 of none */
void sample_add(struct sample *sample, double value);
void sample_clear(struct sample *sample);

#endif
