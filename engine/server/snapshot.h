/* SPDX-License-Identifier: Apache-2.0 */
/* What is served now: the knowledge, and what the last reload of the owner's files said. Counted; a reload puts a new
 * one in its place while others still read the old. */
#ifndef SHOPBELL_SERVER_SNAPSHOT_H
#define SHOPBELL_SERVER_SNAPSHOT_H

#include "base/arena.h"
#include "corpus/diagnostics.h"
#include "dialogue/knowledge.h"
#include "wire/wire.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct snapshot {
	atomic_int refs;
	struct knowledge *knowledge; /* never NULL */
	bool is_serving;             /* the files as they are now are what is served */
	int64_t loaded_ms;           /* when `knowledge` was loaded */
	uint64_t number;             /* grows with every reload, good or bad */
	struct arena arena;          /* of the problems' texts */
	struct diagnostics problems;
};

/* Takes over the reference to `knowledge`; `problems` stay empty. */
struct snapshot *snapshot_new(struct knowledge *knowledge, bool is_serving, int64_t loaded_ms);
struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_unref(struct snapshot *snapshot); /* NULL does nothing; safe from every thread */
/* As the frame `corpus` tells it; borrows from the snapshot. */
struct wire_corpus snapshot_corpus(const struct snapshot *snapshot);

/* Where the current one stands. */
struct shelf;
struct shelf *shelf_new(struct snapshot *first); /* takes it over */
void shelf_free(struct shelf *shelf);
/* The current one with a reference for the caller: one locked step. */
struct snapshot *shelf_take(struct shelf *shelf);
/* Puts `snapshot` there (and takes it over), numbered after the one before. */
void shelf_put(struct shelf *shelf, struct snapshot *snapshot);

#endif
