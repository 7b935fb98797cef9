/* SPDX-License-Identifier: Apache-2.0 */
/* Ctrl-C and the like, while something is under way that has to be put in order first. */
#ifndef SHOPBELL_APP_ENDS_H
#define SHOPBELL_APP_ENDS_H

#include <signal.h>
#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP wait; those that are ignored (nohup) go on to be. */
void ends_hold(sigset_t *out_before);
/* Whether one of them waits. */
bool ends_are_asked(void);
/* As it was before; one that waits ends the program here. */
void ends_let(const sigset_t *before);

#endif
