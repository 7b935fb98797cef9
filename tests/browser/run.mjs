// SPDX-License-Identifier: Apache-2.0
/* Runs every tests/browser/*.test.mjs, one process each, and ends with `N passed, N failed`. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/* A browser that hangs must not hang the rest. */
const FILE_MS = 600000;
/* Most of a test is waiting for a page; two at once keep two cores busy. */
const FILES_AT_ONCE = 2;
const here = fileURLToPath(new URL(".", import.meta.url));

async function runFile(file, names = []) {
	const child = spawn(process.execPath, [here + file, ...names.map((name) => `=${name}`)],
		{ timeout: FILE_MS, killSignal: "SIGKILL", stdio: ["ignore", "pipe", "pipe"] });
	let stdout = "", stderr = "";
	child.stdout.setEncoding("utf8").on("data", (text) => { stdout += text; });
	child.stderr.setEncoding("utf8").on("data", (text) => { stderr += text; });
	await new Promise((resolve) => child.on("close", resolve));
	const sum = /^(\d+) passed, (\d+) failed$/m.exec(stdout);
	console.log(`# ${file}\n${stdout.replace(/^\d+ passed, \d+ failed$/m, "").trimEnd()}`);
	if (stderr) console.log(stderr);
	return {
		passed: Number(sum?.[1] ?? 0),
		failed: Number(sum?.[2] ?? 1),
		names: [...stdout.matchAll(/^not ok (.*) \(\d+ ms\)$/gm)].map((match) => match[1]),
	};
}

/* The longest stand at the end of the alphabet: first, so that none of them is left alone at the end. */
const files = readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort().reverse();
const sums = new Map();
async function take() {
	for (let file; (file = files.shift());) sums.set(file, await runFile(file));
}
await Promise.all(Array.from({ length: FILES_AT_ONCE }, take));

/* A browser on a machine that is doing other work may miss its moment once; what fails twice is broken. The first failure
 * stays in the output. Only what failed by name runs again, by itself; a file that broke off runs whole. */
for (const [file, sum] of sums) {
	if (!sum.failed) continue;
	console.log(`# ${file}: once more, ${sum.failed} failed`);
	const named = sum.names.length === sum.failed;
	const again = await runFile(file, named ? sum.names : []);
	sums.set(file, named ? { passed: sum.passed + again.passed, failed: sum.failed - again.passed } : again);
}

let passed = 0, failed = 0;
for (const sum of sums.values()) {
	passed += sum.passed;
	failed += sum.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
