// SPDX-License-Identifier: Apache-2.0
/* Which rows of a long conversation are in the page: a window that moves with the reader and never grows beyond a
 * bound, however much was said. Pure. */

/* Rows [from, to). `to` is Infinity while the window holds the end, whatever is added there. */
export interface Sight { from: number; to: number }

export const ROWS_AT_ONCE = 80;
/* The window moves by so many rows: few, so that one step fits into a frame. */
export const ROWS_STEP = 12;
export const ROWS_MOST = 160;

export function latest(count: number): Sight {
	return { from: Math.max(0, count - ROWS_AT_ONCE), to: Infinity };
}

export function earlier({ from, to }: Sight, count: number): Sight {
	const first = Math.max(0, from - ROWS_STEP);
	const last = Math.min(to, first + ROWS_MOST);
	return { from: first, to: last >= count ? Infinity : last };
}

export function later({ from, to }: Sight, count: number): Sight {
	const last = Math.min(count, to + ROWS_STEP);
	return { from: Math.max(from, last - ROWS_MOST), to: last >= count ? Infinity : last };
}

/* With the row `at` near its beginning. */
export function around(at: number, count: number): Sight {
	const from = Math.max(0, Math.min(at, count) - ROWS_STEP);
	return { from, to: from + ROWS_AT_ONCE >= count ? Infinity : from + ROWS_AT_ONCE };
}

/* When `count` has grown. At the end the first rows make room; who reads further up keeps what is read, and what is new
 * is drawn when the reader comes down to it. */
export function grown(sight: Sight, count: number, isAtEnd: boolean): Sight {
	if (sight.to !== Infinity || count - sight.from <= ROWS_MOST) return sight;
	return isAtEnd ? { from: count - ROWS_AT_ONCE, to: Infinity } : { from: sight.from, to: sight.from + ROWS_MOST };
}
