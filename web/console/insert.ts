// SPDX-License-Identifier: Apache-2.0
/* The way from a suggestion in the details to the composer that is open. */
let taker: ((text: string) => void) | null = null;

/* The composer takes what is inserted, until the function that is returned is called. */
export function takeInserted(take: (text: string) => void): () => void {
	taker = take;
	return () => {
		if (taker === take) taker = null;
	};
}

export function insertIntoReply(text: string): void {
	taker?.(text);
}
