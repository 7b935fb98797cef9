/* SPDX-License-Identifier: Apache-2.0 */
/* A crowd of visitors for one server, in one thread: connects them, lets them speak, and looks at everything that comes
 * back: acknowledgements in order, each own message and each event once and in order. */
#ifndef SHOPBELL_BENCH_CROWD_H
#define SHOPBELL_BENCH_CROWD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { DUE_KEPT = 64, DRAIN_S = 20 };

struct visitor {
	int fd;                            /* -1: gone */
	bool is_open, is_welcome, is_deaf; /* deaf: does not read */
	char *input; /* made at the first bytes, given back when it is empty: idle ones need none */
	size_t input_len;
	struct buf output;
	char token[64];
	uint64_t sent, acked, seen_own, seen_bot; /* messages */
	uint64_t last_seq;
	uint64_t due_us[DUE_KEPT]; /* of those in flight, by number */
	uint64_t again_us;         /* its last message was refused for now: when to send it again; 0: it was not */
};

/* All figures of a run. */
struct crowd {
	int epoll, port;
	pid_t server;
	char folder[64];
	size_t open, welcome, failed;                /* failed: ended by the server, or refused */
	uint64_t acks, errors, out_of_order, closed; /* closed: told so by the server */
	bool is_patient; /* who is told "busy" comes again; whoever else is, counts as an error */
	uint64_t busy;
	uint32_t *latency_us; /* of the first `latencies_max` acknowledgements; NULL: not kept */
	size_t latencies, latencies_max;
};
extern struct crowd crowd;

uint64_t now_us(void);
_Noreturn void die(const char *what);
/* As many open files as there may be; gives their number. */
size_t files_most(void);

/* Starts $SHOPBELL, or build/shopbell, on a free port with settings that allow so much from one machine. */
void start_server(void);
void stop_server(void);
long server_status_kb(const char *field); /* "VmRSS:" */
double server_cpu_s(void);                /* processor time used */
/* A figure of /metrics, or -1. */
double server_metric(const char *name);

/* Connects `visitor` (zeroed, but for a token to come back with) from 127.0.0.(2 + `host`). */
void visitor_connect(struct visitor *visitor, unsigned host);
/* Closes; what is known of it stays but for the buffers. */
void visitor_leave(struct visitor *visitor);
/* Sends its next message, due at `due_us`: a question of the shop, or `text`. */
void visitor_say(struct visitor *visitor, uint64_t due_us, const char *text);
/* Sends the one that was refused once more, if it is time to; the same words. */
void visitor_say_again(struct visitor *visitor, const char *text);
/* Reads and writes what can be, waiting at most so long for something. */
void crowd_turn(int wait_ms);
/* Connects `count` visitors, a bounded number of handshakes at a time. */
void crowd_open(struct visitor *visitors, size_t count);
/* In ms, of the acknowledgements; sorts them. */
double crowd_quantile_ms(double share);

#endif
