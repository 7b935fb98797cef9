/* SPDX-License-Identifier: Apache-2.0 */
/* How much longer a bound on processor time is in a build whose checks slow every access down. */
#ifndef SHOPBELL_TESTS_PATIENCE_H
#define SHOPBELL_TESTS_PATIENCE_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PATIENCE 15.0
#else
#define PATIENCE 1.0
#endif

#endif
