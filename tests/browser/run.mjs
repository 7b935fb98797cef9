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
for (const file of readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort()) {
	const { stdout, stderr } = spawnSync(process.execPath, [here + file], { encoding: "utf8", maxBuffer: 1 << 26, timeout: FILE_MS, killSignal: "SIGKILL" });
	const sum = /^(\d+) passed, (\d+) failed$/m.exec(stdout);
	passed += Number(sum?.[1] ?? 0);
	failed += Number(sum?.[2] ?? 1);
	console.log(`# ${file}\n${stdout.replace(/^\d+ passed, \d+ failed$/m, "").trimEnd()}`);
	if (stderr) console.log(stderr);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
