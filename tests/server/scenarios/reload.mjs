// SPDX-License-Identifier: Apache-2.0
/* The owner edits a file, and the bot knows better within a second; a broken edit changes nothing. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Server, program, settings } from "../server.mjs";

/* The promise; programs built with sanitizers are several times slower. */
const LIVE_MS = /asan|tsan/.test(program) ? 10000 : 1000;

async function answers(server, text, wanted) {
	const began = performance.now();
	let answer;
	do {
		answer = (await server.ask("POST", "/api/v1/ask", { body: { text } })).json;
	} while (!wanted(answer) && performance.now() - began < 5 * LIVE_MS);
	const took = performance.now() - began;
	assert.ok(wanted(answer), JSON.stringify(answer));
	return took;
}

export async function good_broken_good() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const file = path.join(server.intents, "topics.md");
	const before = fs.readFileSync(file, "utf8");
	const version = anna.welcome.corpus.version;
	assert.equal(anna.welcome.corpus.serving, true);

	fs.writeFileSync(file, before.replace("Two to four days.", "Five to six weeks."));
	const took = await answers(server, "delivery time", (answer) => answer.answer === "Five to six weeks.");
	assert.ok(took < LIVE_MS, `live after ${took} ms`);
	const good = await anna.next("corpus");
	assert.equal(good.serving, true);
	assert.notEqual(good.version, version);

	fs.writeFileSync(file, before.replace("next: How long", "nxt: How long"));
	const bad = await anna.next("corpus");
	assert.equal(bad.serving, false);
	assert.equal(bad.version, good.version);
	const line = before.split("\n").findIndex((text) => text.startsWith("next:")) + 1;
	const problem = bad.problems.find((one) => one.severity === "error");
	assert.equal(problem.file, "topics.md");
	assert.equal(problem.line, line);
	assert.match(problem.what, /nxt/);
	assert.match(problem.hint, /next/);
	await server.until(() => server.stderr.includes(`topics.md:${line}:`), "the problem in the log");
	assert.match(server.stderr, /error: .*nxt.*; .*next/);
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" } })).json.answer, "Five to six weeks.");
	assert.equal((await server.ask("GET", "/api/v1/corpus", { cookie: server.ownerCookie })).json.serving, false);

	fs.writeFileSync(file, before);
	assert.equal((await anna.next("corpus")).serving, true);
	assert.ok(await answers(server, "delivery time", (answer) => answer.answer === "Two to four days.") < LIVE_MS);
}

export async function ways_to_save() {
	const server = await Server.start();
	const file = path.join(server.intents, "topics.md");
	const before = fs.readFileSync(file, "utf8");
	/* As editors do: a new file put in place of the old one. */
	fs.writeFileSync(path.join(server.folder, "new.md"), before.replace("Two to four days.", "By balloon."));
	fs.renameSync(path.join(server.folder, "new.md"), file);
	assert.ok(await answers(server, "delivery time", (answer) => answer.answer === "By balloon.") < LIVE_MS);
	/* A new file, and a folder of a new language. */
	fs.writeFileSync(path.join(server.intents, "more.md"),
		"## Do you sell umbrellas? {#umbrellas}\n- umbrella\n- do you have umbrellas\n- I need a brolly\n\nYes, in green.\n");
	assert.ok(await answers(server, "do you have umbrellas", (answer) => answer.intent === "umbrellas") < LIVE_MS);
	fs.mkdirSync(path.join(server.intents, "de"));
	fs.writeFileSync(path.join(server.intents, "de", "themen.md"),
		"## Wie lange dauert die Lieferung? {#lieferzeit}\n- wann kommt mein paket\n- wie lange braucht die post\n\nZwei Tage.\n");
	const german = (answer) => answer.lang === "de";
	assert.ok(await answers(server, "wie lange dauert die lieferung bei euch", german) < LIVE_MS);
	fs.rmSync(path.join(server.intents, "more.md"));
	assert.ok(await answers(server, "do you have umbrellas", (answer) => answer.intent !== "umbrellas") < LIVE_MS);
}

export async function settings_take_effect() {
	const server = await Server.start();
	const visitor = await server.visitor();
	assert.equal(visitor.welcome.limits.text, 4000);
	const anna = await server.agent("Anna");
	fs.writeFileSync(path.join(server.intents, "shop.ini"), settings({ limits: { "message length": 100 } }));
	await anna.next("corpus");
	assert.equal((await visitor.say("x".repeat(101))).code, "too_long");
	assert.equal((await visitor.say("x".repeat(100))).type, "ack");
}

export async function broken_at_the_start() {
	const server = await Server.start();
	await server.kill();
	fs.appendFileSync(path.join(server.intents, "topics.md"), "\n## Where is my order?\n- broken twice\n\nYes.\n");
	await assert.rejects(server.up(), /the server ended with 1/);
	assert.match(server.stderr, /topics\.md:\d+:\d+: error: /);
}
