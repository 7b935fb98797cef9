/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/sample.h"
#include "base/vec.h"

#include <math.h>
#include <stdlib.h>

void rate_interval(struct rate rate, double *out_low, double *out_high)
{
	const double z = 1.959964;
	double n = (double)rate.whole;
	*out_low = 0;
	*out_high = 1;
	if (rate.whole <= 0)
		return;
	double p = (double)rate.part / n, width = 1 + z * z / n;
	double middle = (p + z * z / (2 * n)) / width;
	double half = z / width * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	*out_low = fmax(0, middle - half);
	*out_high = fmin(1, middle + half);
}

static int compare_values(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double sample_percentile(struct sample *sample, unsigned percent)
{
	size_t count = sample->values.count;
	if (!count)
		return 0;
	qsort(sample->values.items, count, sizeof *sample->values.items, compare_values);
	return sample->values.items[(count * percent + 99) / 100 - 1];
}

double sample_mean(const struct sample *sample)
{
	double sum = 0;
	for (size_t i = 0; i < sample->values.count; i++)
		sum += sample->values.items[i];
	return sample->values.count ? sum / (double)sample->values.count : 0;
}

void sample_add(struct sample *sample, double value)
{
	vec_push(&sample->values, value);
}

void sample_clear(struct sample *sample)
{
	vec_clear(&sample->values);
}
