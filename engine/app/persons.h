/* SPDX-License-Identifier: Apache-2.0 */
/* The conversations that a command is about: one by number, or all of a person. */
#ifndef SHOPBELL_APP_PERSONS_H
#define SHOPBELL_APP_PERSONS_H

#include "base/arena.h"
#include "base/error.h"
#include "store/store.h"

struct person_query {
	int64_t conversation; /* or 0 */
	const char *email;    /* as ever given or last verified, without regard to case, or NULL */
	const char *subject;  /* `sub` of a verified identity, or NULL */
};

/* Reads `--data DIR` and exactly one of `--conversation N`, `--email ADDRESS`, `--subject SUB`. 0, or an EXIT_ value when
 * it has told what is wrong. */
int persons_arguments(int argc, char **argv, const char **data, struct person_query *out);

/* Numbers of the conversations, newest first, in the arena. Finding none is ERROR_MISSING. 0, or -1 with err. Cost with an
 * e-mail: linear in all conversations, and in the events of those of whom an address is known. */
int persons_find(struct store *store, struct arena *arena, const struct person_query *query, int64_t **out,
		 size_t *out_count, struct error *err);

#endif
