// SPDX-License-Identifier: Apache-2.0
/* Runs the scenarios: each file exports functions, each a test of its own. `node run.mjs [NAME...]` takes those whose
 * file or test contains a NAME. Several files at a time, the tests of one file in order. */
import fs from "node:fs";
import path from "node:path";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const FILES_AT_ONCE = 3;
const TEST_MS = 180000;

function withLimit(promise) {
	let timer;
	const limit = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`took longer than ${TEST_MS / 1000} s`)), TEST_MS);
	});
	return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

async function runFile() {
	const { Server } = await import("./server.mjs");
	const tests = await import(pathToFileURL(workerData.file));
	for (const [name, test] of Object.entries(tests)) {
		if (!workerData.wanted.every((word) => `${workerData.file} ${name}`.includes(word))) continue;
		const began = Date.now();
		const errors = [];
		const note = (error) => errors.push(error.stack ?? String(error));
		await withLimit(test()).catch(note);
		const ms = Date.now() - began;
		await Server.stopAll().catch(note);
		parentPort.postMessage({ name, ms, error: errors.join("\n") });
	}
}

async function main() {
	const wanted = process.argv.slice(2);
	const folder = path.join(here, "scenarios");
	const files = fs.readdirSync(folder).filter((name) => name.endsWith(".mjs")).sort();
	let passed = 0, failed = 0;
	const take = async () => {
		for (let file; (file = files.shift());) {
			await new Promise((resolve) => {
				const worker = new Worker(fileURLToPath(import.meta.url),
					{ workerData: { file: path.join(folder, file), wanted } });
				worker.on("message", ({ name, ms, error }) => {
					if (error) failed++;
					else passed++;
					console.log(`${error ? "FAILED" : "ok    "} ${file.replace(".mjs", "")}: ${name} (${ms} ms)${error ? `\n${error}` : ""}`);
				});
				worker.on("error", (error) => {
					failed++;
					console.log(`FAILED ${file}\n${error.stack}`);
				});
				worker.on("exit", resolve);
			});
		}
	};
	await Promise.all(Array.from({ length: FILES_AT_ONCE }, take));
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed || !passed ? 1 : 0);
}

await (isMainThread ? main() : runFile());
