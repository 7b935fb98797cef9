/* SPDX-License-Identifier: Apache-2.0 */
/* The one thread that writes into the data file. It takes everything that is queued, commits it in one transaction,
 * and hands it back; acknowledged means that it came back done. */
#ifndef SHOPBELL_SERVER_WRITER_H
#define SHOPBELL_SERVER_WRITER_H

#include "server/loop.h"
#include "server/metrics.h"
#include "store/store.h"

struct writer;

/* One thing to write; lives inside what it is about, which the writer owns until it is back. */
struct writing {
	struct task task; /* how it comes back to the loop; task.run is the owner's */
	struct writing *next;
	/* A step of a conversation, or else (is_step false) `act`, run by itself between the batches. */
	bool is_step;
	struct store_write step;
	struct store_result result;
	int (*act)(struct writing *writing, struct store *store, struct error *err);
	int64_t number; /* what act is about: a conversation, or a time */
	int status;     /* of act: 0, or -1 with error */
	struct error error;
	void (*back)(struct writing *writing); /* called by the writer's thread instead of going to the loop, if set */
	void *context;                         /* the owner's */
	void *asked;                           /* the writer's own */
};

/* Takes over `store` (STORE_WRITE), which writer_stop() closes. */
struct writer *writer_start(struct store *store, struct loop *loop, struct metrics *metrics);
/* Writes what is queued, ends the thread and closes the store. What comes back is posted to the loop as ever; who asks for
 * something from now on waits for ever. */
void writer_stop(struct writer *writer);
void writer_free(struct writer *writer); /* once nobody can ask it any more */
/* Queues; from every thread. */
void writer_put(struct writer *writer, struct writing *writing);
/* Queues a chain of them, linked by `next`, so that it is woken once for all. */
void writer_put_all(struct writer *writer, struct writing *first, struct writing *last);
/* Queues `act` and waits for it (never from the loop's thread). 0, or -1 with err. */
int writer_ask(struct writer *writer, struct writing *writing, struct error *err);
/* An `act`: erases the conversation of that number. */
int writing_erase(struct writing *writing, struct store *store, struct error *err);

#endif
