// SPDX-License-Identifier: Apache-2.0
/* The long form: `node tests/crash/run.mjs [KILLS [SEED]]`. */
import { Server } from "../server/server.mjs";
import { crash } from "./crash.mjs";

const [kills = 200, seed] = process.argv.slice(2).map(Number);
let failed = 0;
try {
	const began = performance.now();
	const tally = await crash({ kills, seed });
	console.log(`killed ${kills} times in ${Math.round((performance.now() - began) / 1000)} s: 50 visitors, 3 agents, ` +
		`${tally.conversations} conversations; ${tally.checked} times an acknowledged line was looked for on both sides; ` +
		`${tally.unheard} were on the disk whose acknowledgement nobody had heard, and stand once`);
} catch (error) {
	failed = 1;
	console.log(error.stack);
}
await Server.stopAll().catch((error) => {
	failed = 1;
	console.log(error.stack);
});
console.log(`${1 - failed} passed, ${failed} failed`);
process.exit(failed);
