// SPDX-License-Identifier: Apache-2.0
/* The way from the details to a place in the conversation that is open. */
let shower: ((episode: number) => void) | null = null;

/* The conversation shows the beginning of an episode when asked, until the function that is returned is called. */
export function takeJumps(show: (episode: number) => void): () => void {
	shower = show;
	return () => {
		if (shower === show) shower = null;
	};
}

export function jumpTo(episode: number): void {
	shower?.(episode);
}
