/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "base/count.h"
#include "corpus/diagnostics.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_serve,  &command_check,  &command_ask,    &command_chat,   &command_replay, &command_eval,
	&command_mood,   &command_agent,  &command_secret, &command_import, &command_export, &command_erase,
	&command_backup, &command_report, &command_audit,  &command_verify,
};
enum { COMMAND_COUNT = COUNT(commands) };

static void print_commands(FILE *out)
{
	fputs("Chat for a small shop: a bot that answers from Markdown files, and people where it does not.\n\n"
	      "usage: shopbell COMMAND [OPTIONS]\n\n",
	      out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-8s %s\n", commands[i]->name, commands[i]->purpose);
	fputs("\n`shopbell COMMAND --help` says more about each; `shopbell --version` says which program this is.\n"
	      "Without --intents DIR a command reads ./intents, without --data DIR it looks into ./data.\n",
	      out);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int no_such_command(const char *name)
{
	const char *known[COMMAND_COUNT];
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		known[i] = commands[i]->name;
	const char *nearest = nearest_known(str_of(name), known, COMMAND_COUNT);
	fprintf(stderr, "shopbell: there is no command \"%s\"", name);
	if (nearest)
		fprintf(stderr, "; did you mean `shopbell %s`?", nearest);
	fputs("\nshopbell: `shopbell --help` lists them all\n", stderr);
	return EXIT_USAGE;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

/* Gives `status`, but for output that did not reach where it was to go, at the end or on the way. */
static int finish(int status)
{
	bool is_lost = fflush(stdout) || ferror(stdout);
	if (!is_lost || status != EXIT_FINE)
		return status;
	fputs("shopbell: the output could not be written\n", stderr);
	return EXIT_PROBLEM;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_commands(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_commands(stdout);
		return finish(EXIT_FINE);
	}
	if (!strcmp(argv[1], "--version")) {
		puts("shopbell " SHOPBELL_VERSION);
		return finish(EXIT_FINE);
	}
	const struct command *command = find_command(argv[1]);
	if (!command)
		return no_such_command(argv[1]);
	if (wants_help(argc - 1, argv + 1)) {
		fputs(command->help, stdout);
		return finish(EXIT_FINE);
	}
	return finish(command->run(argc - 1, argv + 1));
}
