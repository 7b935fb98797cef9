/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a whole file, or the standard input, for a command. */
#ifndef SHOPBELL_APP_FILES_H
#define SHOPBELL_APP_FILES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#include <stddef.h>

/* All bytes of `path` (at most `max_bytes`: more is ERROR_LIMIT), in the arena. 0, or -1 with err. */
int file_read_in(struct arena *arena, const char *path, size_t max_bytes, struct str *out, struct error *err);

/* Behind the last line of the standard input: what the command ends with, EXIT_PROBLEM when that was not its end but an error,
 * which is told on stderr then. errno is still that of the last read. */
int input_ended(const char *command);

#endif
