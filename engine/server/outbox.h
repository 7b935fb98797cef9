/* SPDX-License-Identifier: Apache-2.0 */
/* What waits to be sent on one connection: counted frames, one for all their receivers. */
#ifndef SHOPBELL_SERVER_OUTBOX_H
#define SHOPBELL_SERVER_OUTBOX_H

#include "base/str.h"
#include "server/framing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUTBOX_PACKETS_MAX = 16384 };

/* A text as the frame that carries it (RFC 6455 5.2, final, unmasked), or a control frame. Counted without locks: it belongs to one thread. */
struct packet {
	int refs;
	unsigned len;
	unsigned char bytes[]; /* head and text */
};
struct packet *packet_new(struct str text); /* refs 1 */
/* A control frame: its opcode, and what it carries, up to 125 bytes. */
struct packet *packet_control(enum opcode opcode, struct str payload);
struct packet *packet_ref(struct packet *packet);
void packet_unref(struct packet *packet); /* NULL does nothing */

/* A ring that grows on demand; zero is valid and empty. Most connections have one packet at a time, which needs no ring. */
struct outbox {
	union {
		struct packet *only; /* while capacity is 0 */
		struct packet **ring;
	} at;
	uint32_t bytes; /* of frames */
	uint16_t head, count, capacity;
};
void outbox_clear(struct outbox *outbox);
/* Puts `packet` (counted once more) at the end: false, and nothing is done, when there are OUTBOX_PACKETS_MAX, or more
 * than `most` bytes would wait. */
bool outbox_put(struct outbox *outbox, struct packet *packet, size_t most);
/* The first one, or NULL. */
struct packet *outbox_first(const struct outbox *outbox);
/* Lets go of the first one. */
void outbox_drop(struct outbox *outbox);
/* Moves as many whole packets from the front into `bytes` as fit into `size`; gives how many bytes that were. */
size_t outbox_take(struct outbox *outbox, unsigned char *bytes, size_t size);

#endif
