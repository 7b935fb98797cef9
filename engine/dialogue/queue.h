/* SPDX-License-Identifier: Apache-2.0 */
/* Conversations that wait for an agent: in order of priority, then of waiting; and how long it takes. */
#ifndef SHOPBELL_DIALOGUE_QUEUE_H
#define SHOPBELL_DIALOGUE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct queue;

struct queue *queue_new(void);
void queue_free(struct queue *queue);
/* Puts a conversation in, or moves it when it is in already. */
void queue_push(struct queue *queue, int64_t conversation, int priority, int64_t since_ms);
/* Takes it out; when `claimed_ms` is not 0, the wait counts for the estimate. Not being in is no error. */
void queue_remove(struct queue *queue, int64_t conversation, int64_t claimed_ms);
size_t queue_length(const struct queue *queue);
/* From 1; 0 when it does not wait. */
size_t queue_position(const struct queue *queue, int64_t conversation);
/* Where a new one with this priority would stand. */
size_t queue_position_for(const struct queue *queue, int priority);
/* Estimated wait for a position: the measured median time between claims of the last hour's (at most 50) waits times
 * the position; -1 with fewer than 3 measured. Between claims counts only while somebody waited; the last hour is the
 * one before the newest claim. */
int64_t queue_wait_ms(const struct queue *queue, size_t position);
/* How good the estimates were that could be told at the beginning of a wait: of the waits that a claim ended since the
 * queue was made, how many had one, and by how much they missed in all. */
struct queue_accuracy {
	size_t count;
	int64_t error_ms;
};
struct queue_accuracy queue_accuracy(const struct queue *queue);
/* Conversations in order, at most `max`; their count. */
size_t queue_list(const struct queue *queue, int64_t *out_conversations, size_t max);

#endif
