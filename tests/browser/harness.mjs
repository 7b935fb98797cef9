// SPDX-License-Identifier: Apache-2.0
/* Browser tests: the real program, a real Chromium, and things found as a person finds them. A test file registers its
 * tests and ends with `await run()`. Every test gets a page (or several) of its own; any error in a page's console and
 * any break of its Content-Security-Policy fails the test. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { root, Server } from "../server/server.mjs";

const require = createRequire(path.join(root, "web/"));
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = path.join(root, "build/screenshots");
export const PATIENCE_MS = 20000;

export const SIZES = {
	phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
	desktop: { viewport: { width: 1280, height: 800 } },
};

export { assert, root, Server };

const tests = [];
let browser;

/* Registers a test. `body` gets { page(options), shot(page, name) }. */
export function test(name, body) {
	tests.push({ name, body });
}

/* Registers one test for each size. */
export function testSizes(name, body) {
	for (const size of Object.keys(SIZES)) test(`${name}, ${size}`, (tools) => body({ ...tools, size }));
}

function watch(page, problems) {
	page.setDefaultTimeout(PATIENCE_MS);
	page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
	page.on("console", (message) => {
		/* A connection that cannot be made, and a call that is refused (not signed in, a link used twice), are reported by the
		 * browser itself; the tests that cause them expect that. */
		if (message.type() === "error" && !/WebSocket connection to|ERR_(CONNECTION|INTERNET|NETWORK|EMPTY|SOCKET)|status of (401|403|409|422|429)/.test(message.text())) problems.push(`console: ${message.text()}`);
	});
}

/* What a test may use; `end` closes it all and answers what went wrong in the pages. */
function tools(name) {
	const contexts = [];
	const problems = [];
	const context = async ({ size = "desktop", ...options } = {}) => {
		const made = await browser.newContext({ ...SIZES[size], locale: "en-GB", timezoneId: "Europe/London", reducedMotion: "reduce", ...options });
		made.on("page", (page) => watch(page, problems));
		await made.grantPermissions(["clipboard-read", "clipboard-write"]);
		contexts.push(made);
		return made;
	};
	return {
		context,
		page: async (options) => (await context(options)).newPage(),
		shot: (page, what) => shot(page, what),
		problems,
		async end() {
			for (const [i, made] of contexts.entries()) {
				const page = made.pages()[0];
				if (page && process.exitCode) await shot(page, `failed-${name}-${i}`).catch(() => {});
				await made.close();
			}
			return problems;
		},
	};
}

export async function shot(page, name) {
	mkdirSync(SCREENSHOTS, { recursive: true });
	await page.screenshot({ path: path.join(SCREENSHOTS, `${name.replace(/[^\w-]+/g, "-")}.png`) });
}

/* axe-core finds nothing to object to, shadow roots included. `without`: rules that cannot judge this state. */
export async function accessible(page, what, without = []) {
	await page.evaluate(axeSource);
	const violations = await page.evaluate(async (off) => {
		const { violations } = await globalThis.axe.run(document, {
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
			rules: Object.fromEntries(off.map((rule) => [rule, { enabled: false }])),
		});
		return violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map(({ target, any }) => `${target.flat().join(" ")} ${any[0]?.message ?? ""}`).join("\n    ")}`);
	}, without);
	assert.deepEqual(violations, [], what);
}

/* A little site of a shop, on an origin of its own: `pages` maps paths to HTML, `policies` some of them to their
 * Content-Security-Policy. */
export async function site(pages, policies = {}) {
	const server = http.createServer((request, response) => {
		const path = request.url.split("?")[0];
		response.writeHead(path in pages ? 200 : path === "/favicon.ico" ? 204 : 404, {
			"Content-Type": "text/html; charset=utf-8",
			...(policies[path] && { "Content-Security-Policy": policies[path] }),
		});
		response.end(pages[path] ?? "");
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${server.address().port}`,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

/* Runs the registered tests one after the other and ends the process. With words on the command line only the tests
 * whose names hold all of them; with `=NAME`s only the tests of just those names. */
export async function run() {
	if (!existsSync("/usr/bin/chromium")) throw new Error("Chromium is missing: apt-get install chromium");
	browser = await chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync"],
	});
	const words = process.argv.slice(2).filter((word) => !word.startsWith("="));
	const names = process.argv.slice(2).filter((word) => word.startsWith("=")).map((word) => word.slice(1));
	const isWanted = (name) => words.every((word) => name.includes(word)) && (!names.length || names.includes(name));
	let passed = 0;
	let failed = 0;
	for (const { name, body } of tests.filter((one) => isWanted(one.name))) {
		const started = performance.now();
		const given = tools(name);
		process.exitCode = 0;
		let problem;
		try {
			await body(given);
		} catch (error) {
			problem = error;
			process.exitCode = 1;
		}
		const problems = await given.end();
		if (!problem && problems.length) problem = new Error(problems.join("\n"));
		if (problem) failed++;
		else passed++;
		console.log(`${problem ? "not ok" : "ok"} ${name} (${Math.round(performance.now() - started)} ms)`);
		if (problem) console.log(String(problem.stack ?? problem).replace(/^/gm, "    "));
	}
	await browser.close();
	/* A server that does not stop cleanly is one more failure. */
	await Server.stopAll().catch((error) => {
		failed++;
		console.log(`not ok every server stops\n${String(error.message).replace(/^/gm, "    ")}`);
	});
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed || !passed ? 1 : 0);
}
