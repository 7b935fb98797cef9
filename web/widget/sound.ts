// SPDX-License-Identifier: Apache-2.0
/* A small bell, made of two sines: no file to fetch. Of all the shop's tabs only one rings. */

export function ring(): void {
	/* The lock is held while it rings: another tab that wants to ring in that time finds it taken and is silent. */
	void navigator.locks?.request("shopbell-ring", { ifAvailable: true }, async (lock) => {
		if (!lock) return;
		const context = new AudioContext();
		const gain = context.createGain();
		gain.connect(context.destination);
		gain.gain.setValueAtTime(0.08, context.currentTime);
		gain.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.9);
		for (const frequency of [880, 1320]) {
			const tone = new OscillatorNode(context, { frequency });
			tone.connect(gain);
			tone.start();
		}
		await new Promise((resolve) => setTimeout(resolve, 1000));
		await context.close();
	});
}
