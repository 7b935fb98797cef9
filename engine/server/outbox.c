/* SPDX-License-Identifier: Apache-2.0 */
#include "server/outbox.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 10, FINAL = 0x80, TWO_BYTES = 126, EIGHT_BYTES = 127 };

/* The head says the length in 7 bits, or in 16 or 64 that follow, the highest byte first. */
static size_t write_head(unsigned char *bytes, enum opcode opcode, size_t len)
{
	size_t more = len < TWO_BYTES ? 0 : len <= UINT16_MAX ? 2 : 8;
	bytes[0] = (unsigned char)(FINAL | (int)opcode);
	bytes[1] = (unsigned char)(more == 0 ? len : more == 2 ? TWO_BYTES : EIGHT_BYTES);
	for (size_t i = 0; i < more; i++)
		bytes[2 + i] = (unsigned char)(len >> (8 * (more - 1 - i)));
	return 2 + more;
}

static struct packet *make(enum opcode opcode, struct str payload)
{
	struct packet *packet = mem_alloc(sizeof *packet + HEAD_MAX + payload.len);
	size_t head = write_head(packet->bytes, opcode, payload.len);
	packet->refs = 1;
	packet->len = (unsigned)(head + payload.len);
	if (payload.len)
		memcpy(packet->bytes + head, payload.ptr, payload.len);
	return packet;
}

struct packet *packet_new(struct str text)
{
	return make(OP_TEXT, text);
}

struct packet *packet_control(enum opcode opcode, struct str payload)
{
	return make(opcode, payload);
}

struct packet *packet_ref(struct packet *packet)
{
	packet->refs++;
	return packet;
}

void packet_unref(struct packet *packet)
{
	if (packet && --packet->refs == 0)
		free(packet);
}

void outbox_clear(struct outbox *outbox)
{
	while (outbox->count)
		outbox_drop(outbox);
	if (outbox->capacity)
		free(outbox->at.ring);
	*outbox = (struct outbox){ 0 };
}

static void grow(struct outbox *outbox)
{
	uint16_t capacity = (uint16_t)(outbox->capacity ? outbox->capacity * 2 : 4);
	struct packet **ring = mem_zalloc(capacity, sizeof *ring);
	for (uint16_t i = 0; i < outbox->count; i++)
		ring[i] = outbox->capacity ? outbox->at.ring[(outbox->head + i) % outbox->capacity] : outbox->at.only;
	if (outbox->capacity)
		free(outbox->at.ring);
	outbox->at.ring = ring;
	outbox->head = 0;
	outbox->capacity = capacity;
}

bool outbox_put(struct outbox *outbox, struct packet *packet, size_t most)
{
	if (outbox->count >= OUTBOX_PACKETS_MAX || outbox->bytes + packet->len > most)
		return false;
	if (outbox->count && outbox->count >= outbox->capacity)
		grow(outbox);
	if (outbox->capacity)
		outbox->at.ring[(outbox->head + outbox->count) % outbox->capacity] = packet_ref(packet);
	else
		outbox->at.only = packet_ref(packet);
	outbox->count++;
	outbox->bytes += packet->len;
	return true;
}

struct packet *outbox_first(const struct outbox *outbox)
{
	if (!outbox->count)
		return NULL;
	return outbox->capacity ? outbox->at.ring[outbox->head] : outbox->at.only;
}

void outbox_drop(struct outbox *outbox)
{
	struct packet *packet = outbox_first(outbox);
	if (outbox->capacity) {
		outbox->head = (uint16_t)((outbox->head + 1) % outbox->capacity);
		outbox->count--;
	} else {
		outbox->count = 0; /* it was the only one */
	}
	outbox->bytes -= packet->len;
	packet_unref(packet);
}

size_t outbox_take(struct outbox *outbox, unsigned char *bytes, size_t size)
{
	size_t len = 0;
	for (struct packet *packet; (packet = outbox_first(outbox)) && packet->len <= size - len; outbox_drop(outbox)) {
		memcpy(bytes + len, packet->bytes, packet->len);
		len += packet->len;
	}
	return len;
}
