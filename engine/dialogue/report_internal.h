/* SPDX-License-Identifier: Apache-2.0 */
/* The definitions of the figures, as the table holds them and the counting reads them. */
#ifndef SHOPBELL_DIALOGUE_REPORT_INTERNAL_H
#define SHOPBELL_DIALOGUE_REPORT_INTERNAL_H

#include "dialogue/report.h"

/* One figure. `which` is the row's own number, given to each of its functions: a reason, a handler, a time in seconds;
 * what it is stands at the function. */
struct report_row {
	enum figure_kind kind;
	const char *name, *what, *rule; /* as in struct figure */
	/* How many cases of the figure an episode adds to its part, to its whole and, for a score, to what is taken off. */
	int64_t (*part)(const struct episode *e, int which);
	int64_t (*whole)(const struct episode *e, int which);
	int64_t (*minus)(const struct episode *e, int which);
	/* Instead of the three: the value that an episode adds to a sample, NAN where it is no case. */
	double (*value)(const struct episode *e, int which);
	int which;
};

/* All rows, in the order in which they are shown; static. */
const struct report_row *report_rows(size_t *out_count);

#endif
