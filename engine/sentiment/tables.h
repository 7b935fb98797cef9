/* SPDX-License-Identifier: Apache-2.0 */
/* The word tables and cue files that are built into the program. */
#ifndef SHOPBELL_SENTIMENT_TABLES_H
#define SHOPBELL_SENTIMENT_TABLES_H

struct mood_table {
	const char *language; /* NULL: for every language; NULL as well in the last, which has no cues */
	const char *name;     /* of the cue file, for errors */
	const char *cues;
	const char *values; /* lines of word TAB value, or NULL */
};

/* In the order in which they are read. */
extern const struct mood_table MOOD_TABLES[];

#endif
