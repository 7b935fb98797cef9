/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ends.h"

#include "base/count.h"

static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

void ends_hold(sigset_t *out_before)
{
	sigset_t held;
	sigemptyset(&held);
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct sigaction present;
		if (!sigaction(ends[i], NULL, &present) && present.sa_handler != SIG_IGN)
			sigaddset(&held, ends[i]);
	}
	sigprocmask(SIG_BLOCK, &held, out_before);
}

bool ends_are_asked(void)
{
	sigset_t pending;
	bool is_asked = false;
	sigpending(&pending);
	for (size_t i = 0; i < COUNT(ends); i++)
		is_asked |= sigismember(&pending, ends[i]) == 1;
	return is_asked;
}

void ends_let(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}
