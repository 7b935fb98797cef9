/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into the program for tests of a disk that takes nothing: while the first byte of the file named by
 * SHOPBELL_TEST_GATE is 1, nothing is brought to the disk, and whoever asked for it waits. */
#include "faulty_vfs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static void wait_at_gate(void *context)
{
	const volatile unsigned char *is_shut = context;
	while (*is_shut)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

__attribute__((constructor)) static void put_up_gate(void)
{
	const char *path = getenv("SHOPBELL_TEST_GATE");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	void *map = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return;
	faulty_install();
	faulty_on_sync(wait_at_gate, map);
}
