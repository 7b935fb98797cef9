/* SPDX-License-Identifier: Apache-2.0 */
/* What an operator watches, counted by every thread, printed in the text format of Prometheus. */
#ifndef SHOPBELL_SERVER_METRICS_H
#define SHOPBELL_SERVER_METRICS_H

#include "base/buf.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { HISTOGRAM_BOUNDS = 12 };

/* How often something took how long; zero is a valid start. */
struct histogram {
	atomic_ulong buckets[HISTOGRAM_BOUNDS + 1]; /* up to each bound of its own table, and above the last */
	atomic_ulong sum_us;
};

/* Zero is a valid start but for is_saving. */
struct metrics {
	/* gauges */
	atomic_long visitors, agents, waiting, conversations_loaded, http_connections;
	atomic_ulong unsaved_bytes, unsaved_bytes_limit;    /* of what waits for the disk */
	atomic_long wait_estimates, wait_estimate_error_ms; /* counters, set from the queue: struct queue_accuracy */
	/* counters */
	atomic_ulong connections, connections_refused;
	atomic_ulong messages; /* of visitors, accepted */
	atomic_ulong agent_messages;
	atomic_ulong decisions[5]; /* by enum action */
	atomic_ulong handovers[8]; /* by enum reason */
	atomic_ulong errors_sent, rate_limited, outbox_overflows;
	atomic_ulong http_requests, sign_ins, sign_ins_refused;
	atomic_ulong commits_failed, writes, conflicts;
	atomic_ulong overload_refusals;
	atomic_ulong scrubs, scrub_us; /* what erasures left behind: cleared, and the time that took */
	struct histogram commit, wait; /* of a batch until it was on the disk; of visitors until an agent came */
	atomic_ulong reloads, reloads_failed;
	atomic_ulong answer_us;      /* sum of the time to decide */
	atomic_bool is_saving;       /* the last commit reached the disk */
	atomic_bool is_scrub_owed;   /* something erased is still to be cleared from the file */
	atomic_bool is_crowded;      /* so much waits for the disk that nobody new may begin */
	atomic_bool is_serving;      /* the last reload was good */
	atomic_long corpus_loaded_s; /* Unix time */
};

static inline void metrics_add(atomic_ulong *counter, unsigned long amount)
{
	atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

/* One commit that took `us`. */
void metrics_commit(struct metrics *metrics, int64_t us, size_t writes, bool is_done);
/* An agent came to a visitor who had waited so long. */
void metrics_wait(struct metrics *metrics, int64_t ms);
void metrics_print(const struct metrics *metrics, struct buf *out);

#endif
