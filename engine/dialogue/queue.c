/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/queue.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WAITS_KEPT = 50, WAITS_NEEDED = 3, HOUR_MS = 3600 * 1000 };

struct waiting {
	int64_t conversation, since_ms;
	int64_t estimate_ms; /* when it came; -1: none */
	int priority;
};

struct claimed {
	int64_t at_ms;
	int64_t head_ms; /* how long it was the next one to be claimed */
};

struct queue {
	struct {
		struct waiting *items; /* in order */
		size_t count, capacity;
	} line;
	struct claimed claims[WAITS_KEPT]; /* a ring */
	size_t claim_count;                /* ever */
	struct queue_accuracy accuracy;
};

struct queue *queue_new(void)
{
	return mem_zalloc(1, sizeof(struct queue));
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	vec_clear(&queue->line);
	free(queue);
}

static size_t find(const struct queue *queue, int64_t conversation)
{
	size_t i = 0;
	while (i < queue->line.count && queue->line.items[i].conversation != conversation)
		i++;
	return i;
}

static void take_out(struct queue *queue, size_t at)
{
	queue->line.count--;
	memmove(queue->line.items + at, queue->line.items + at + 1,
		(queue->line.count - at) * sizeof *queue->line.items);
}

void queue_push(struct queue *queue, int64_t conversation, int priority, int64_t since_ms)
{
	size_t at = find(queue, conversation);
	bool is_new = at == queue->line.count;
	int64_t estimate_ms =
		is_new ? queue_wait_ms(queue, queue_position_for(queue, priority)) : queue->line.items[at].estimate_ms;
	if (!is_new)
		take_out(queue, at);
	for (at = 0; at < queue->line.count; at++) {
		const struct waiting *other = &queue->line.items[at];
		if (other->priority < priority || (other->priority == priority && other->since_ms > since_ms))
			break;
	}
	(void)vec_room(&queue->line);
	memmove(queue->line.items + at + 1, queue->line.items + at,
		(queue->line.count - at) * sizeof *queue->line.items);
	queue->line.items[at] = (struct waiting){ conversation, since_ms, estimate_ms, priority };
	queue->line.count++;
}

/* A wait says how long the line needs for one step only from the moment on at which it was the next: that is, since
 * it came or since the claim before it, whichever was later. Idle times of an empty line do not count. */
static void measure(struct queue *queue, const struct waiting *waiting, int64_t claimed_ms)
{
	int64_t from_ms = waiting->since_ms;
	if (queue->claim_count) {
		int64_t last_ms = queue->claims[(queue->claim_count - 1) % WAITS_KEPT].at_ms;
		from_ms = last_ms > from_ms ? last_ms : from_ms;
	}
	int64_t head_ms = claimed_ms > from_ms ? claimed_ms - from_ms : 0;
	queue->claims[queue->claim_count++ % WAITS_KEPT] = (struct claimed){ claimed_ms, head_ms };
	if (waiting->estimate_ms < 0)
		return;
	int64_t error_ms = claimed_ms - waiting->since_ms - waiting->estimate_ms;
	queue->accuracy.count++;
	queue->accuracy.error_ms += error_ms < 0 ? -error_ms : error_ms;
}

void queue_remove(struct queue *queue, int64_t conversation, int64_t claimed_ms)
{
	size_t at = find(queue, conversation);
	if (at == queue->line.count)
		return;
	if (claimed_ms)
		measure(queue, &queue->line.items[at], claimed_ms);
	take_out(queue, at);
}

size_t queue_length(const struct queue *queue)
{
	return queue->line.count;
}

size_t queue_position(const struct queue *queue, int64_t conversation)
{
	size_t at = find(queue, conversation);
	return at < queue->line.count ? at + 1 : 0;
}

size_t queue_position_for(const struct queue *queue, int priority)
{
	size_t at = 0;
	while (at < queue->line.count && queue->line.items[at].priority >= priority)
		at++;
	return at + 1;
}

static int by_value(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

int64_t queue_wait_ms(const struct queue *queue, size_t position)
{
	int64_t steps[WAITS_KEPT] = { 0 };
	size_t kept = queue->claim_count < WAITS_KEPT ? queue->claim_count : WAITS_KEPT, count = 0;
	if (!kept)
		return -1;
	int64_t newest_ms = queue->claims[(queue->claim_count - 1) % WAITS_KEPT].at_ms;
	for (size_t i = 0; i < kept; i++)
		if (queue->claims[i].at_ms > newest_ms - HOUR_MS)
			steps[count++] = queue->claims[i].head_ms;
	if (count < WAITS_NEEDED)
		return -1;
	qsort(steps, count, sizeof *steps, by_value);
	int64_t median = count % 2 ? steps[count / 2] : (steps[count / 2 - 1] + steps[count / 2]) / 2;
	return median * (int64_t)position;
}

struct queue_accuracy queue_accuracy(const struct queue *queue)
{
	return queue->accuracy;
}

size_t queue_list(const struct queue *queue, int64_t *out_conversations, size_t max)
{
	size_t count = queue->line.count < max ? queue->line.count : max;
	for (size_t i = 0; i < count; i++)
		out_conversations[i] = queue->line.items[i].conversation;
	return count;
}
