// SPDX-License-Identifier: Apache-2.0
/* A small bell, made of a fading sine: no file to fetch. Of all the shop's tabs only one rings. */

/* `isOurs` is asked under a lock, by one tab after the other: it answers true in the first alone. (A lock held while
 * it rings would not do: a tab in the background may hear of the line later than that.) A tab that nobody has touched
 * is not allowed to make a sound, so it leaves the ring to another. */
export function ring(isOurs: () => boolean): void {
	if (!navigator.userActivation?.hasBeenActive) return;
	void navigator.locks?.request("shopbell", async () => {
		if (!isOurs()) return;
		const context = new AudioContext();
		const gain = new GainNode(context, { gain: 0.1 });
		const tone = new OscillatorNode(context, { frequency: 988 });
		tone.connect(gain).connect(context.destination);
		gain.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.9);
		tone.start();
		await new Promise((resolve) => setTimeout(resolve, 1000));
		await context.close();
	});
}
