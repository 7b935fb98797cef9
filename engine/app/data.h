/* SPDX-License-Identifier: Apache-2.0 */
/* The data file, opened for a command; the server may be running on it. */
#ifndef SHOPBELL_APP_DATA_H
#define SHOPBELL_APP_DATA_H

#include "base/error.h"
#include "store/store.h"

enum data_use {
	DATA_READ,
	DATA_CHANGE, /* what is there already: in a folder that was mistyped nobody is found, and nothing is made */
	DATA_ADD,    /* the file and its folder are made when they are not there, which is told on stderr */
};

/* Opens the data file of folder `data`. 0, or -1 with err. The caller closes the store. */
int data_open(const char *data, enum data_use use, struct store **out, struct error *err);

/* Says `err` on stderr as `shopbell COMMAND: message` and gives EXIT_PROBLEM. */
int data_failed(const char *command, const struct error *err);

#endif
