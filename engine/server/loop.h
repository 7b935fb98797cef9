/* SPDX-License-Identifier: Apache-2.0 */
/* The one thread that owns the conversations: sockets, timers, and tasks that other threads hand over. The only
 * place, with ws.c, that knows libev. */
#ifndef SHOPBELL_SERVER_LOOP_H
#define SHOPBELL_SERVER_LOOP_H

#include "base/error.h"
#include "server/timers.h"

#include <stdint.h>

struct loop;

/* Something to be done by the loop's thread. Lives inside what it is about; the loop lets go of it before run(). */
struct task {
	struct task *next;
	void (*run)(struct task *task);
};

struct loop_handlers {
	void *context;
	void (*tick)(void *context, int64_t now_ms);      /* about once a second */
	void (*settle)(void *context);                    /* after each round, before it sleeps */
	void (*signal)(void *context, int signal_number); /* SIGTERM, SIGINT, SIGHUP */
	/* Somebody has set the clock by so much (CLOCK_STEP_MS or more, either way). Timers have been moved with it
	 * already: they fire after as much real time as before. */
	void (*stepped)(void *context, int64_t by_ms);
};

enum { CLOCK_STEP_MS = 2000 }; /* less is taken for the clock being kept right */

int loop_open(struct loop **out, struct error *err);
void loop_close(struct loop *loop); /* NULL does nothing */
/* Runs in the calling thread until loop_stop(). The three signals may be blocked until then: they are unblocked, in this
 * thread, as soon as they are watched. */
void loop_run(struct loop *loop, const struct loop_handlers *handlers);
/* From the loop's thread. */
void loop_stop(struct loop *loop);
/* From any thread: `task` is run by the loop's thread, in the order of posting. */
void loop_post(struct loop *loop, struct task *task);
/* The same for a chain of them, linked by `next`. */
void loop_post_all(struct loop *loop, struct task *first, struct task *last);
/* Runs what was posted and has not run; for who comes behind loop_run(), in the same thread. */
void loop_run_posted(struct loop *loop);
/* Sets a timer (the loop's thread only); at_ms is Unix time, 0 unsets. */
void loop_set_timer(struct loop *loop, struct timer *timer, int64_t at_ms);
/* Looks whether the clock was set. Done before timers and about once a second; whoever is about to reckon with clock_ms()
 * and times of before calls it first. The loop's thread only. */
void loop_look_at_clock(struct loop *loop);
/* The libev loop, for the socket library. */
void *loop_backend(struct loop *loop);

/* Unix time. */
int64_t clock_ms(void);
/* Never goes back; only differences mean something. */
int64_t clock_steady_ms(void);
int64_t clock_steady_us(void);

#endif
