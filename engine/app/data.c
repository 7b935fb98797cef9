/* SPDX-License-Identifier: Apache-2.0 */
#include "app/data.h"

#include "app/command.h"
#include "server/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int data_open(const char *data, enum store_mode mode, struct store **out, struct error *err)
{
	if (mode == STORE_WRITE && mkdir(data, 0700) && errno != EEXIST)
		return error_set(err, ERROR_SYSTEM, "the folder %s cannot be made: %s", data, strerror(errno));
	char *path = server_store_path(data);
	int status;
	/* What may not be looked at would seem not to be there. */
	if (access(path, R_OK) && errno == EACCES)
		status = error_set(err, ERROR_SYSTEM, "%s may not be read by this user: %s", path, strerror(errno));
	else
		status = store_open(path, mode, out, err);
	free(path);
	return status;
}

int data_failed(const char *command, const struct error *err)
{
	fprintf(stderr, "shopbell %s: %s\n", command, err->message);
	return EXIT_PROBLEM;
}
