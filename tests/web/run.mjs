// SPDX-License-Identifier: Apache-2.0
/* Runs every tests/web/*.test.mjs under Node's own runner and ends with `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(here).filter((name) => name.endsWith(".test.mjs")).sort().map((name) => here + name);
const { stdout, stderr, status } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", ...files], { encoding: "utf8", maxBuffer: 1 << 26 });
/* The runner's summary; what failed is shown whole. */
const count = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(stdout)?.[1] ?? 0);
const passed = count("pass");
const failed = count("fail") + count("cancelled");
if (failed || status || !passed) console.log(stdout, stderr);
console.log(`${passed} passed, ${failed || (status || !passed ? 1 : 0)} failed`);
process.exit(failed || status || !passed ? 1 : 0);
