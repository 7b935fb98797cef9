/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell backup`: a consistent, checked copy of the data file. */
#include "app/command.h"
#include "app/data.h"
#include "app/ends.h"
#include "app/loading.h"
#include "app/arguments.h"
#include "base/count.h"

#include <stdio.h>

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
	ends_hold(&before); /* while a copy is made, until a place where nothing is left behind */
	if (data_open(data, DATA_READ, &store, &err) || store_backup(store, file.items[0], ends_are_asked, &err))
		status = data_failed("backup", &err);
	else
		printf("%s is a whole and checked copy\n", file.items[0]);
	store_close(store);
	fflush(stdout);
	ends_let(&before);
	return status;
}

const struct command command_backup = {
	"backup", "a whole copy of the data file, also while serving",
	"usage: shopbell backup [--data DIR] FILE\n\n"
	"Writes a consistent copy to FILE, which must not exist, and checks it. To restore, put it as\n"
	"shopbell.db into an empty data folder and start the server on that.\n",
	run_backup
};
