/* SPDX-License-Identifier: Apache-2.0 */
#include "app/data.h"

#include "app/command.h"
#include "server/server.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int data_open(const char *data, enum data_use use, struct store **out, struct error *err)
{
	if (use == DATA_ADD && mkdir(data, 0700) && errno != EEXIST)
		return error_set(err, ERROR_SYSTEM, "the folder %s cannot be made: %s", data, strerror(errno));
	char *path = server_store_path(data);
	bool is_new = use == DATA_ADD && access(path, F_OK);
	int status;
	/* What may not be looked at would seem not to be there. */
	if (access(path, R_OK) && errno == EACCES)
		status = error_set(err, ERROR_SYSTEM, "%s may not be read by this user: %s", path, strerror(errno));
	else if (use == DATA_CHANGE && access(path, F_OK))
		status = error_set(err, ERROR_MISSING, "%s is not there: name the folder that it is in with --data",
				   path);
	else
		status = store_open(path, use == DATA_READ ? STORE_READ : STORE_WRITE, out, err);
	if (!status && is_new) /* perhaps the folder was mistyped, or one stands somewhere else */
		fprintf(stderr, "shopbell: %s was not there and was made; --data names another folder\n", path);
	free(path);
	return status;
}

int data_failed(const char *command, const struct error *err)
{
	fprintf(stderr, "shopbell %s: %s\n", command, err->message);
	return EXIT_PROBLEM;
}
