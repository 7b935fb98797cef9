/* SPDX-License-Identifier: Apache-2.0 */
/* The data file, opened for a command; the server may be running on it. */
#ifndef SHOPBELL_APP_DATA_H
#define SHOPBELL_APP_DATA_H

#include "base/error.h"
#include "store/store.h"

/* Opens the data file of folder `data`. With STORE_READ it must exist already; with STORE_WRITE it and its
 * folder are made. 0, or -1 with err. The caller closes the store. */
int data_open(const char *data, enum store_mode mode, struct store **out, struct error *err);

/* Says `err` on stderr as `shopbell COMMAND: message` and gives EXIT_PROBLEM. */
int data_failed(const char *command, const struct error *err);

#endif
