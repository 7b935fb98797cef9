/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a command's arguments: `--name VALUE`, `--name=VALUE`, `--flag`, and operands; `--` ends the options. A value is never
 * empty, and given once. */
#ifndef SHOPBELL_APP_ARGUMENTS_H
#define SHOPBELL_APP_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct option_spec {
	const char *name;   /* "--json" */
	const char **value; /* takes a value, or NULL */
	bool *flag;         /* takes none, or NULL */
};

enum { OPERANDS_MAX = 256 };

struct operands {
	const char *items[OPERANDS_MAX];
	size_t count;
};

/* 0, or EXIT_USAGE after saying on stderr what is wrong. At least `min` and at most `max` operands are taken. */
int arguments_read(int argc, char **argv, const struct option_spec *specs, size_t spec_count, size_t min, size_t max,
		   struct operands *out);

#endif
