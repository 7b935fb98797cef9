/* SPDX-License-Identifier: Apache-2.0 */
#include "server/loop.h"

#include "base/mem.h"

#include <ev.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

enum { SIGNALS = 3, TIMER_SLEEP_MS = 1000 };

struct loop {
	struct ev_loop *ev;
	ev_async wake;
	ev_timer next, tick;
	ev_prepare settle;
	ev_signal signals[SIGNALS];
	struct timers timers;
	int64_t clock_offset_ms; /* Unix time less steady time, when last looked at */
	struct loop_handlers handlers;
	pthread_mutex_t mutex; /* guards the two below */
	struct task *first, **last;
	atomic_bool is_woken; /* one wake-up for many tasks */
};

static int64_t read_clock(clockid_t clock, int64_t per_second)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * per_second + now.tv_nsec / (1000000000 / per_second);
}

int64_t clock_ms(void)
{
	return read_clock(CLOCK_REALTIME, 1000);
}

int64_t clock_steady_ms(void)
{
	return read_clock(CLOCK_MONOTONIC, 1000);
}

int64_t clock_steady_us(void)
{
	return read_clock(CLOCK_MONOTONIC, 1000000);
}

/* Timers are in Unix time, libev sleeps in steady time: never for long, so that a clock that runs at another pace is kept
 * up with; one that was set moves the timers with it. */
static void arm(struct loop *loop)
{
	int64_t due = timers_next(&loop->timers);
	ev_timer_stop(loop->ev, &loop->next);
	if (!due)
		return;
	int64_t wait = due - clock_ms();
	wait = wait < 0 ? 0 : wait > TIMER_SLEEP_MS ? TIMER_SLEEP_MS : wait;
	ev_now_update(loop->ev);
	ev_timer_set(&loop->next, (double)wait / 1e3, 0.);
	ev_timer_start(loop->ev, &loop->next);
}

/* Between two looks, a second at most, a clock that is only kept right moves by little. */
void loop_look_at_clock(struct loop *loop)
{
	int64_t offset_ms = clock_ms() - clock_steady_ms(), by_ms = offset_ms - loop->clock_offset_ms;
	loop->clock_offset_ms = offset_ms;
	if (-CLOCK_STEP_MS < by_ms && by_ms < CLOCK_STEP_MS)
		return;
	timers_shift(&loop->timers, by_ms);
	if (loop->handlers.stepped)
		loop->handlers.stepped(loop->handlers.context, by_ms);
	arm(loop);
}

static void on_settle(struct ev_loop *ev, ev_prepare *watcher, int events)
{
	struct loop *loop = ev_userdata(ev);
	(void)watcher, (void)events;
	if (loop->handlers.settle)
		loop->handlers.settle(loop->handlers.context);
}

void loop_run_posted(struct loop *loop)
{
	pthread_mutex_lock(&loop->mutex);
	struct task *task = loop->first;
	loop->first = NULL;
	loop->last = &loop->first;
	pthread_mutex_unlock(&loop->mutex);
	for (struct task *next; task; task = next) {
		next = task->next;
		task->run(task);
	}
}

static void on_wake(struct ev_loop *ev, ev_async *watcher, int events)
{
	struct loop *loop = ev_userdata(ev);
	(void)watcher, (void)events;
	atomic_store(&loop->is_woken, false); /* before looking: a task that comes later wakes again */
	loop_run_posted(loop);
}

static void on_timer(struct ev_loop *ev, ev_timer *watcher, int events)
{
	struct loop *loop = ev_userdata(ev);
	(void)watcher, (void)events;
	loop_look_at_clock(loop);
	timers_run(&loop->timers, clock_ms());
	arm(loop);
}

static void on_tick(struct ev_loop *ev, ev_timer *watcher, int events)
{
	struct loop *loop = ev_userdata(ev);
	(void)watcher, (void)events;
	loop_look_at_clock(loop);
	if (loop->handlers.tick)
		loop->handlers.tick(loop->handlers.context, clock_ms());
}

static void on_signal(struct ev_loop *ev, ev_signal *watcher, int events)
{
	struct loop *loop = ev_userdata(ev);
	(void)events;
	if (loop->handlers.signal)
		loop->handlers.signal(loop->handlers.context, watcher->signum);
}

int loop_open(struct loop **out, struct error *err)
{
	struct ev_loop *ev = ev_loop_new(EVBACKEND_EPOLL);
	if (!ev)
		return error_set(err, ERROR_SYSTEM, "the event loop cannot be made (epoll)");
	struct loop *loop = mem_zalloc(1, sizeof *loop);
	loop->ev = ev;
	loop->clock_offset_ms = clock_ms() - clock_steady_ms();
	loop->last = &loop->first;
	pthread_mutex_init(&loop->mutex, NULL);
	ev_set_userdata(ev, loop);
	ev_async_init(&loop->wake, on_wake);
	ev_async_start(ev, &loop->wake);
	ev_timer_init(&loop->next, on_timer, 0., 0.);
	ev_timer_init(&loop->tick, on_tick, 1., 1.);
	ev_prepare_init(&loop->settle, on_settle);
	*out = loop;
	return 0;
}

void loop_close(struct loop *loop)
{
	if (!loop)
		return;
	ev_async_stop(loop->ev, &loop->wake);
	ev_loop_destroy(loop->ev);
	timers_clear(&loop->timers);
	pthread_mutex_destroy(&loop->mutex);
	free(loop);
}

void loop_run(struct loop *loop, const struct loop_handlers *handlers)
{
	static const int numbers[SIGNALS] = { SIGTERM, SIGINT, SIGHUP };
	sigset_t watched;
	sigemptyset(&watched);
	loop->handlers = *handlers;
	for (int i = 0; i < SIGNALS; i++) {
		ev_signal_init(&loop->signals[i], on_signal, numbers[i]);
		ev_signal_start(loop->ev, &loop->signals[i]);
		sigaddset(&watched, numbers[i]);
	}
	pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
	ev_timer_start(loop->ev, &loop->tick);
	ev_prepare_start(loop->ev, &loop->settle);
	arm(loop);
	ev_run(loop->ev, 0);
	ev_prepare_stop(loop->ev, &loop->settle);
	ev_timer_stop(loop->ev, &loop->tick);
	ev_timer_stop(loop->ev, &loop->next);
	for (int i = 0; i < SIGNALS; i++)
		ev_signal_stop(loop->ev, &loop->signals[i]);
}

void loop_stop(struct loop *loop)
{
	ev_break(loop->ev, EVBREAK_ALL);
}

void loop_post_all(struct loop *loop, struct task *first, struct task *last)
{
	last->next = NULL;
	pthread_mutex_lock(&loop->mutex);
	*loop->last = first;
	loop->last = &last->next;
	pthread_mutex_unlock(&loop->mutex);
	if (!atomic_exchange(&loop->is_woken, true))
		ev_async_send(loop->ev, &loop->wake);
}

void loop_post(struct loop *loop, struct task *task)
{
	loop_post_all(loop, task, task);
}

void loop_set_timer(struct loop *loop, struct timer *timer, int64_t at_ms)
{
	int64_t before = timers_next(&loop->timers);
	timers_set(&loop->timers, timer, at_ms);
	if (timers_next(&loop->timers) != before)
		arm(loop);
}

void *loop_backend(struct loop *loop)
{
	return loop->ev;
}
