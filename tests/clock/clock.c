/* SPDX-License-Identifier: Apache-2.0 */
/* Linked into the program for a test that sets the clock: Unix time is the system's plus what the file named by
 * SHOPBELL_TEST_CLOCK holds (eight bytes, ms). Steady time stays as it is, as when somebody sets the clock. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *ahead_ms;

__attribute__((constructor)) static void open_clock(void)
{
	const char *path = getenv("SHOPBELL_TEST_CLOCK");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	void *map = mmap(NULL, sizeof *ahead_ms, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map != MAP_FAILED)
		ahead_ms = map;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	if (syscall(SYS_clock_gettime, clock, now))
		return -1;
	if (clock != CLOCK_REALTIME || !ahead_ms)
		return 0;
	int64_t ms = (int64_t)now->tv_sec * 1000 + now->tv_nsec / 1000000 + *ahead_ms;
	now->tv_sec = (time_t)(ms / 1000);
	now->tv_nsec = (long)(ms % 1000) * 1000000 + now->tv_nsec % 1000000;
	return 0;
}
