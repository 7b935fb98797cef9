/* SPDX-License-Identifier: Apache-2.0 */
#include "server/outbox.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct packet *packet_new(struct str text)
{
	struct packet *packet = mem_alloc(sizeof *packet + PACKET_ROOM + text.len);
	packet->refs = 1;
	packet->len = (unsigned)text.len;
	memcpy(packet->bytes + PACKET_ROOM, text.ptr, text.len);
	return packet;
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
	free(outbox->ring);
	*outbox = (struct outbox){ 0 };
}

static void grow(struct outbox *outbox)
{
	uint16_t capacity = (uint16_t)(outbox->capacity ? outbox->capacity * 2 : 4);
	struct packet **ring = mem_zalloc(capacity, sizeof *ring);
	for (uint16_t i = 0; i < outbox->count; i++)
		ring[i] = outbox->ring[(outbox->head + i) % outbox->capacity];
	free(outbox->ring);
	outbox->ring = ring;
	outbox->head = 0;
	outbox->capacity = capacity;
}

bool outbox_put(struct outbox *outbox, struct packet *packet, size_t most)
{
	if (outbox->count >= OUTBOX_PACKETS_MAX || outbox->bytes + packet->len > most)
		return false;
	if (outbox->count == outbox->capacity)
		grow(outbox);
	outbox->ring[(outbox->head + outbox->count++) % outbox->capacity] = packet_ref(packet);
	outbox->bytes += packet->len;
	return true;
}

struct packet *outbox_first(const struct outbox *outbox)
{
	return outbox->count ? outbox->ring[outbox->head] : NULL;
}

void outbox_drop(struct outbox *outbox)
{
	struct packet *packet = outbox->ring[outbox->head];
	outbox->head = (uint16_t)((outbox->head + 1) % outbox->capacity);
	outbox->count--;
	outbox->bytes -= packet->len;
	packet_unref(packet);
}
