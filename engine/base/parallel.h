/* SPDX-License-Identifier: Apache-2.0 */
/* A loop whose turns do not depend on each other, shared out among the processor's cores. For long calculations that
 * must come to the same result however many cores there are: turn `i` writes only what belongs to `i`. */
#ifndef SHOPBELL_BASE_PARALLEL_H
#define SHOPBELL_BASE_PARALLEL_H

#include <stddef.h>

/* More threads than these are not started, however many cores there are. */
enum { PARALLEL_WORKERS_MAX = 8 };

/* How many threads parallel_each uses at most: as many as there are cores that this process may run on, 1 or more. */
size_t parallel_workers(void);
/* Calls `work` for every turn 0 .. count-1, in no certain order, and returns when all are done. `worker` (below
 * parallel_workers, as it was asked before) says whose scratch memory may be used; 0 is the thread that calls. When a
 * thread cannot be started, the others do its share. */
void parallel_each(size_t count, size_t workers, void (*work)(void *context, size_t worker, size_t turn),
		   void *context);

/* From now on the calling thread, and all that it starts, leave the processor to other threads of the process that want it
 * at the same time; for good, since the kernel lets nobody take that back. Not to the idle class: on a machine that is
 * always busy with something else they would never come to an end. */
enum { PARALLEL_NICE = 5 }; /* nicer by so much: a quarter of a core that one has to share that has not stood back */
void parallel_stand_back(void);
/* Runs `work` in a thread that stands back, and returns when it is done: for a thread that has to stay as urgent as it is.
 * When no thread can be started, it is done by the calling one. */
void parallel_behind(void (*work)(void *context), void *context);

#endif
