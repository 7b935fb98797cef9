/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell backup`: a consistent, checked copy of the data file. */
#include "app/command.h"
#include "app/data.h"
#include "app/loading.h"
#include "app/arguments.h"
#include "base/count.h"

#include <signal.h>
#include <stdio.h>

static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

/* While a copy is made these wait for a place where nothing is left behind; those that are ignored (nohup) go on to be. */
static void hold_ends(sigset_t *out_before)
{
	sigset_t held;
	sigemptyset(&held);
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct sigaction present;
		if (!sigaction(ends[i], NULL, &present) && present.sa_handler != SIG_IGN)
			sigaddset(&held, ends[i]);
	}
	sigprocmask(SIG_BLOCK, &held, out_before);
}

static bool is_to_end(void)
{
	sigset_t pending;
	bool is_asked = false;
	sigpending(&pending);
	for (size_t i = 0; i < COUNT(ends); i++)
		is_asked |= sigismember(&pending, ends[i]) == 1;
	return is_asked;
}

static int run_backup(int argc, char **argv)
{
	const char *data = DEFAULT_DATA;
	const struct option_spec specs[] = { { "--data", &data, NULL } };
	struct operands file;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 1, 1, &file);
	if (status)
		return status;
	struct store *store = NULL;
	struct error err = { 0 };
	sigset_t before;
	hold_ends(&before);
	if (data_open(data, STORE_READ, &store, &err) || store_backup(store, file.items[0], is_to_end, &err))
		status = data_failed("backup", &err);
	else
		printf("%s is a whole and checked copy\n", file.items[0]);
	store_close(store);
	fflush(stdout);
	sigprocmask(SIG_SETMASK, &before, NULL); /* one that waits ends the program here */
	return status;
}

const struct command command_backup = {
	"backup", "a whole copy of the data file, also while serving",
	"usage: shopbell backup [--data DIR] FILE\n\n"
	"Writes a consistent copy to FILE, which must not exist, and checks it. To restore, put it as\n"
	"shopbell.db into an empty data folder and start the server on that.\n",
	run_backup
};
