/* SPDX-License-Identifier: Apache-2.0 */
/* What cmocka needs before it, in one place. */
#ifndef SHOPBELL_TESTS_CMOCKA_ALL_H
#define SHOPBELL_TESTS_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
