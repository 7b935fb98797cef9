/* SPDX-License-Identifier: Apache-2.0 */
#include "server/reading.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { READ_BYTES = 16384 };

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
}

/* How many of the bytes belong to the request: up to its empty line. */
static size_t request_part(struct reader *reader, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n' && reader->is_line_empty)
			return i + 1;
		if (bytes[i] != '\r')
			reader->is_line_empty = bytes[i] == '\n';
	}
	return len;
}

/* Frames that were sent together with the request stay in the socket until the library has answered it: it would read
 * them in one go, and they would not be followed. */
static ssize_t read_request(struct reader *reader, int fd, void *bytes, size_t len, int flags)
{
	ssize_t seen = recvfrom(fd, bytes, len, flags | MSG_PEEK, NULL, NULL);
	return seen <= 0 ? seen : recvfrom(fd, bytes, request_part(reader, bytes, (size_t)seen), flags, NULL, NULL);
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
	if (!reader->is_open)
		return read_request(reader, fd, bytes, len, flags);
	return read_frames(reading, reader, flags);
}
