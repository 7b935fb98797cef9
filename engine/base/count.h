/* SPDX-License-Identifier: Apache-2.0 */
/* How many rows a table has. */
#ifndef SHOPBELL_BASE_COUNT_H
#define SHOPBELL_BASE_COUNT_H

#include <stddef.h>

/* The elements of an array, as a size_t; not for a pointer to one, which gives nonsense (-Wsizeof-pointer-div says so). */
#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
