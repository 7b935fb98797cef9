/* SPDX-License-Identifier: Apache-2.0 */
/* Why something could not be done, as one whole message that may be shown to the owner as it is. */
#ifndef SHOPBELL_BASE_ERROR_H
#define SHOPBELL_BASE_ERROR_H

enum error_kind {
	ERROR_NONE,
	ERROR_INPUT,    /* bytes from outside are not what they should be */
	ERROR_MISSING,  /* no such file, row or thing */
	ERROR_CONFLICT, /* somebody else was first, or it exists already */
	ERROR_LIMIT,    /* more than a named limit allows */
	ERROR_SYSTEM,   /* the disk, the network, the operating system */
};

/* Zero is "no error". Functions that fail fill it and return -1; on success they leave it alone. */
struct error {
	enum error_kind kind;
	char message[504]; /* NUL-terminated, cut at a character's start when too long */
};

/* Fills `err` (may be NULL) and returns -1, so that a failing function can end with `return error_set(...)`. */
int error_set(struct error *err, enum error_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
