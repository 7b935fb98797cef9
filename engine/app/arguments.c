/* SPDX-License-Identifier: Apache-2.0 */
#include "app/arguments.h"

#include "app/command.h"
#include "corpus/diagnostics.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int usage_error(const char *command, const char *what, const char *about, const char *hint)
{
	fprintf(stderr, "shopbell %s: %s %s%s; see `shopbell %s --help`\n", command, what, about, hint, command);
	return EXIT_USAGE;
}

static int unknown_option(const char *command, const char *argument, const struct option_spec *specs, size_t count)
{
	const char *known[32];
	char hint[128] = "";
	for (size_t i = 0; i < count && i < 32; i++)
		known[i] = specs[i].name;
	const char *nearest = nearest_known(str_of(argument), known, count);
	if (nearest)
		snprintf(hint, sizeof hint, ", did you mean %s", nearest);
	return usage_error(command, "there is no option", argument, hint);
}

/* An empty value is mostly a variable of a script that was never set: it names nobody, no folder and no address. Of two values
 * one would be passed over in silence. */
static int take_value(const char *command, const struct option_spec *spec, const char *value, bool is_first)
{
	if (!value || !*value)
		return usage_error(command, "a value is missing after", spec->name, "");
	if (!is_first)
		return usage_error(command, "only one value is taken for", spec->name, "");
	*spec->value = value;
	return 0;
}

/* The option at argv[*at] with its value; moves *at to the last argument used. `io_seen` has a bit for each that has come. */
static int read_option(int argc, char **argv, int *at, const struct option_spec *specs, size_t count, uint32_t *io_seen)
{
	const char *argument = argv[*at];
	size_t length = strcspn(argument, "=");
	for (size_t i = 0; i < count; i++) {
		if (strlen(specs[i].name) != length || strncmp(specs[i].name, argument, length) != 0)
			continue;
		bool has_value = argument[length] == '=';
		if (specs[i].flag && has_value)
			return usage_error(argv[0], "no value goes with", specs[i].name, "");
		if (specs[i].flag) {
			*specs[i].flag = true;
			return 0;
		}
		const char *value = has_value ? argument + length + 1 : *at + 1 < argc ? argv[++*at] : NULL;
		uint32_t bit = UINT32_C(1) << i;
		bool is_first = !(*io_seen & bit);
		*io_seen |= bit;
		return take_value(argv[0], &specs[i], value, is_first);
	}
	return unknown_option(argv[0], argument, specs, count);
}

int arguments_read(int argc, char **argv, const struct option_spec *specs, size_t spec_count, size_t min, size_t max,
		   struct operands *out)
{
	bool are_over = false;
	uint32_t seen = 0;
	assert(spec_count <= 32);
	out->count = 0;
	for (int i = 1; i < argc; i++) {
		if (!are_over && !strcmp(argv[i], "--")) {
			are_over = true;
		} else if (!are_over && argv[i][0] == '-' && argv[i][1]) {
			int status = read_option(argc, argv, &i, specs, spec_count, &seen);
			if (status)
				return status;
		} else if (out->count == max || out->count == OPERANDS_MAX) {
			return usage_error(argv[0], "do not know what to do with", argv[i], "");
		} else {
			out->items[out->count++] = argv[i];
		}
	}
	if (out->count < min)
		return usage_error(argv[0], "something is missing after", argv[0], "");
	return 0;
}
