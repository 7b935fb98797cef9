// SPDX-License-Identifier: Apache-2.0
/* The way from one view to another that is open beside it. */
interface Way<T> {
	/* Whoever takes is told, until the function that is returned is called; the latest to come is the one. */
	take: (taker: (value: T) => void) => () => void;
	send: (value: T) => void;
}

function way<T>(): Way<T> {
	let current: ((value: T) => void) | null = null;
	return {
		take(taker) {
			current = taker;
			return () => {
				if (current === taker) current = null;
			};
		},
		send: (value) => current?.(value),
	};
}

/* Words for the composer. */
export const insertions = way<string>();
/* An episode for the conversation to show, from its beginning. */
export const jumps = way<number>();
