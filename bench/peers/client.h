/* SPDX-License-Identifier: Apache-2.0 */
/* The load client of the comparison: connections, and the dialects that the servers beside Shopbell speak. */
#ifndef SHOPBELL_BENCH_PEERS_CLIENT_H
#define SHOPBELL_BENCH_PEERS_CLIENT_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WAITING_MAX = 1024 };

enum stage { STAGE_CONNECTING, STAGE_UPGRADED, STAGE_GREETING, STAGE_READY, STAGE_LOST };

struct connection {
	int fd;
	enum stage stage;
	bool awaits_line; /* shopbell: the message is acknowledged, the bot's line not here yet */
	struct buf in, out;
	uint32_t asked, answered;
	uint64_t *due_us; /* of the questions on their way, a ring of WAITING_MAX; NULL: an idle one */
};

/* What a piece that came in means to the measurement. */
enum heard { HEARD_NOTHING, HEARD_READY, HEARD_ANSWER, HEARD_REFUSAL };

struct dialect {
	const char *name;
	const char *path;
	bool is_http;                           /* no upgrade: ready when connected */
	void (*greet)(struct connection *conn); /* after the upgrade; NULL: ready at once */
	/* Puts one question into the outgoing bytes. `text` is already fit to stand in JSON. */
	void (*ask)(struct connection *conn, uint32_t number, const char *text);
	enum heard (*hear)(struct connection *conn, struct str text);
};

const struct dialect *dialect_find(const char *name);
void dialect_names(struct buf *out);

/* Appends a masked WebSocket frame. */
void frame_add(struct buf *out, unsigned char opcode, struct str payload);
/* Takes one whole frame off `*rest`: false when there is none yet. */
bool frame_take(struct str *rest, unsigned char *out_opcode, struct str *out_payload);
/* Takes one whole HTTP answer off `*rest`: its status, or 0 when it is not there yet. */
int answer_take(struct str *rest);

#endif
