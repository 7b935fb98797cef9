/* SPDX-License-Identifier: Apache-2.0 */
/* A growing array of any type, held as three plain fields of the owner's struct:
 *
 *     struct { struct thing *items; size_t count, capacity; } things = { 0 };
 *     vec_push(&things, (struct thing){ ... });
 *     vec_clear(&things);
 */
#ifndef SHOPBELL_BASE_VEC_H
#define SHOPBELL_BASE_VEC_H

#include "base/mem.h"

#include <stdlib.h>

/* Makes room for one more and gives a pointer to it (not yet counted, uninitialised). */
#define vec_room(v)                                                                                                   \
	((v)->count == (v)->capacity ? (void)((v)->capacity = (v)->capacity ? (v)->capacity * 2 : 8,                  \
					      (v)->items = mem_resize((v)->items, (v)->capacity, sizeof *(v)->items)) \
				     : (void)0,                                                                       \
	 &(v)->items[(v)->count])

/* Appends one element. The value is a variadic argument so that a compound literal may hold commas. */
#define vec_push(v, ...) (*vec_room(v) = (__VA_ARGS__), (void)(v)->count++)

/* Gives the memory back; the array is empty and usable again. */
#define vec_clear(v) (free((v)->items), (v)->items = NULL, (void)((v)->count = (v)->capacity = 0))

#endif
