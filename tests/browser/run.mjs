// SPDX-License-Identifier: Apache-2.0
/* Runs every tests/browser/*.test.mjs, one process each, and ends with `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/* A browser that hangs must not hang the rest. */
const FILE_MS = 600000;
const here = fileURLToPath(new URL(".", import.meta.url));
let passed = 0;
let failed = 0;
function runFile(file, names = []) {
	const { stdout, stderr } = spawnSync(process.execPath, [here + file, ...names.map((name) => `=${name}`)],
		{ encoding: "utf8", maxBuffer: 1 << 26, timeout: FILE_MS, killSignal: "SIGKILL" });
	const sum = /^(\d+) passed, (\d+) failed$/m.exec(stdout);
	console.log(`# ${file}\n${stdout.replace(/^\d+ passed, \d+ failed$/m, "").trimEnd()}`);
	if (stderr) console.log(stderr);
	return {
		passed: Number(sum?.[1] ?? 0),
		failed: Number(sum?.[2] ?? 1),
		names: [...stdout.matchAll(/^not ok (.*) \(\d+ ms\)$/gm)].map((match) => match[1]),
	};
}

for (const file of readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort()) {
	let sum = runFile(file);
	if (sum.failed) {
		/* A browser on a machine that is doing other work may miss its moment once; what fails twice is broken. The first
		 * failure stays in the output. Only what failed by name runs again; a file that broke off runs whole. */
		console.log(`# ${file}: once more, ${sum.failed} failed`);
		const named = sum.names.length === sum.failed;
		const again = runFile(file, named ? sum.names : []);
		sum = named ? { passed: sum.passed + again.passed, failed: sum.failed - again.passed } : again;
	}
	passed += sum.passed;
	failed += sum.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
