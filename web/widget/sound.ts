// SPDX-License-Identifier: Apache-2.0
/* A small bell, made of a fading sine: no file to fetch. Of all the shop's tabs only one rings. */

export function ring(): void {
	/* The lock is held while it rings: another tab that wants to ring in that time finds it taken and is silent. */
	void navigator.locks?.request("shopbell-ring", { ifAvailable: true }, async (lock) => {
		if (!lock) return;
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
