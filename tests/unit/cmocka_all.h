/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes: cmocka with what it needs before it, and COUNT() for its tables. */
#ifndef SHOPBELL_TESTS_CMOCKA_ALL_H
#define SHOPBELL_TESTS_CMOCKA_ALL_H

#include "base/count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
