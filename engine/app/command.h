/* SPDX-License-Identifier: Apache-2.0 */
/* One file a command; the table of them is in main.c. `--help` is answered by main. */
#ifndef SHOPBELL_APP_COMMAND_H
#define SHOPBELL_APP_COMMAND_H

/* The Makefile reads it from here for packages. */
#define SHOPBELL_VERSION "0.1.0"

/* What the program ends with. */
enum { EXIT_FINE = 0, EXIT_PROBLEM = 1, EXIT_USAGE = 2 };

struct command {
	const char *name;
	const char *purpose; /* one line, for the list */
	const char *help;    /* printed whole by --help; begins with the usage */
	/* argv[0] is the command's name. Returns an EXIT_ value; has then told the user, on stderr, what is wrong. */
	int (*run)(int argc, char **argv);
};

extern const struct command command_serve, command_check, command_ask, command_chat, command_replay, command_eval,
	command_mood, command_agent, command_secret, command_import, command_export, command_erase, command_backup,
	command_report, command_audit, command_verify;

#endif
