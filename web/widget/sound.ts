// SPDX-License-Identifier: Apache-2.0
/* A small bell, made of a fading sine: no file to fetch. Of all the shop's tabs only one rings. */

const HELD_MS = 30000;
const BELL_MS = 1000;
const ifAvailable = true;

function wait(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

/* The tab that is first to get the lock of line `seq` rings for it, and keeps that lock until also a tab that sleeps in the
 * background has heard of the line. (What the tabs write into local storage reaches the others too late for this.) Lines
 * that come while a bell rings ring along with it. A tab that nobody has touched is not allowed to make a sound, so it
 * leaves the lock to another. */
export function ring(seq: number): void {
	if (!navigator.userActivation?.hasBeenActive) return;
	void navigator.locks?.request(`shopbell-${seq}`, { ifAvailable }, (isOurs) => isOurs && Promise.all([
		wait(HELD_MS),
		navigator.locks.request("shopbell", { ifAvailable }, (isQuiet) => isQuiet && bell()),
	]));
}

async function bell(): Promise<void> {
	const context = new AudioContext();
	const gain = new GainNode(context, { gain: 0.1 });
	const tone = new OscillatorNode(context, { frequency: 988 });
	tone.connect(gain).connect(context.destination);
	gain.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.9);
	tone.start();
	await wait(BELL_MS);
	await context.close();
}
