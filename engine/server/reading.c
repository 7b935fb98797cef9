/* SPDX-License-Identifier: Apache-2.0 */
#include "server/reading.h"

#include "base/mem.h"
#include "server/headers.h"
#include "server/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { READ_BYTES = 16384, DROPPED_MAX = 1024 * 1024 /* of what comes after a refusal */ };

struct reading {
	bool (*take)(struct reader *reader, unsigned char *bytes, size_t len);
	struct reader **readers; /* by file descriptor */
	size_t capacity;
	unsigned char bytes[READ_BYTES]; /* of the one that is being read */
};

/* Of the thread that serves WebSockets; recv() has no argument to carry it. */
static _Thread_local struct reading *present;

struct reading *reading_new(bool (*take)(struct reader *reader, unsigned char *bytes, size_t len))
{
	struct reading *reading = mem_zalloc(1, sizeof *reading);
	reading->take = take;
	return reading;
}

void reading_free(struct reading *reading)
{
	if (!reading)
		return;
	if (present == reading)
		present = NULL;
	free(reading->readers);
	free(reading);
}

void reading_begin(struct reading *reading, struct reader *reader, int fd)
{
	size_t at = (size_t)fd;
	if (at >= reading->capacity) {
		size_t capacity = at < 512 ? 1024 : 2 * at;
		reading->readers = mem_resize(reading->readers, capacity, sizeof *reading->readers);
		memset(reading->readers + reading->capacity, 0,
		       (capacity - reading->capacity) * sizeof *reading->readers);
		reading->capacity = capacity;
	}
	reader->fd = fd;
	reading->readers[at] = reader;
	present = reading;
}

void reading_end(struct reading *reading, struct reader *reader)
{
	if (reading->readers[reader->fd] == reader) /* the number may be somebody else's by now */
		reading->readers[reader->fd] = NULL;
	head_clear(&reader->head);
}

bool reading_is_tls(const struct reader *reader)
{
	return reader->is_proxied && reader->head.is_tls;
}

/* Says why, and takes what still comes until the other side is through: to close at once would overtake the answer. For the
 * library nothing has come; it ends the connection when the other side does, or after its own time. */
static void refuse(struct reader *reader, int fd)
{
	char answer[REFUSAL_BYTES];
	const struct head_fault *fault = reader->head.fault;
	struct refused refusal = { fault->status, "", fault->code, fault->message };
	size_t len = headers_refusal(answer, &refusal, reading_is_tls(reader));
	reader->is_refused = true;
	(void)!send(fd, answer, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
}

static ssize_t drop_rest(struct reader *reader, int fd)
{
	char bytes[4096];
	for (ssize_t len; (len = recvfrom(fd, bytes, sizeof bytes, MSG_DONTWAIT, NULL, NULL)) != 0;) {
		if (len < 0)
			return -1; /* and errno as it is */
		reader->dropped += (size_t)len;
		if (reader->dropped > DROPPED_MAX)
			return 0;
	}
	return 0;
}

/* Frames that were sent together with the request stay in the socket until the library has answered it: it would read
 * them in one go, and they would not be followed. */
static ssize_t read_handshake(struct reader *reader, int fd, void *bytes, size_t len, int flags)
{
	ssize_t seen = recvfrom(fd, bytes, len, flags | MSG_PEEK, NULL, NULL);
	if (seen <= 0)
		return seen;
	ssize_t got = recvfrom(fd, bytes, head_read(&reader->head, bytes, (size_t)seen), flags, NULL, NULL);
	if (!reader->head.fault)
		return got;
	refuse(reader, fd);
	return drop_rest(reader, fd);
}

/* One request may follow another in the same bytes. A fault in the second is said when the first was answered: until then the
 * library does not read. */
static ssize_t read_requests(struct reader *reader, int fd, void *bytes, size_t len, int flags)
{
	ssize_t got = recvfrom(fd, bytes, len, flags, NULL, NULL);
	size_t good = 0;
	for (size_t at = 0; got > 0 && at < (size_t)got && !reader->head.fault;) {
		at += head_read(&reader->head, (const char *)bytes + at, (size_t)got - at);
		if (!reader->head.fault && head_is_between(&reader->head))
			good = at;
	}
	if (got > 0 && !reader->head.fault)
		head_look_at_time(&reader->head, clock_steady_ms());
	if (!reader->head.fault)
		return got;
	if (good) {
		shutdown(fd, SHUT_RD); /* rings at the library, which would wait for bytes otherwise */
		return (ssize_t)good;
	}
	refuse(reader, fd);
	return drop_rest(reader, fd);
}

static ssize_t read_frames(struct reading *reading, struct reader *reader, int flags)
{
	ssize_t got = recvfrom(reader->fd, reading->bytes, sizeof reading->bytes, flags, NULL, NULL);
	if (got <= 0)
		return got;
	if (!reading->take(reader, reading->bytes, (size_t)got))
		return 0;
	errno = EAGAIN; /* for the library nothing has come */
	return -1;
}

/* The name in the object file is recv; in C the header has an inline function of that name. */
ssize_t read_strictly(int fd, void *bytes, size_t len, int flags) __asm__("recv");

ssize_t read_strictly(int fd, void *bytes, size_t len, int flags)
{
	struct reading *reading = present;
	struct reader *reader = reading && fd >= 0 && (size_t)fd < reading->capacity ? reading->readers[fd] : NULL;
	if (!reader)
		return recvfrom(fd, bytes, len, flags, NULL, NULL);
	if (reader->is_open)
		return read_frames(reading, reader, flags);
	if (!reader->is_refused && reader->head.fault) /* of a request behind one that was answered by now */
		refuse(reader, fd);
	if (reader->is_refused)
		return drop_rest(reader, fd);
	return reading->take ? read_handshake(reader, fd, bytes, len, flags)
			     : read_requests(reader, fd, bytes, len, flags);
}
