// SPDX-License-Identifier: Apache-2.0
/* The owner edits a file, and the bot knows better within a second; a broken edit changes nothing. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { PATIENCE_MS } from "../client.mjs";
import { Server, program, settings } from "../server.mjs";

/* The promise; programs built with sanitizers are several times slower. The quickest of several edits has to keep it: a
 * machine that does something else meanwhile must not fail the test. */
const LIVE_MS = /asan|tsan/.test(program) ? 10000 : 1000;

/* How long it takes until `text` is answered as wanted. */
async function answers(server, text, wanted) {
	const began = performance.now();
	let answer;
	do {
		answer = (await server.ask("POST", "/api/v1/ask", { body: { text } })).json;
	} while (!wanted(answer) && performance.now() - began < PATIENCE_MS);
	assert.ok(wanted(answer), JSON.stringify(answer));
	return performance.now() - began;
}

function keepsThePromise(times) {
	const quickest = Math.min(...times);
	console.log(`      live after ${times.map((ms) => Math.round(ms)).join(", ")} ms`);
	assert.ok(quickest < LIVE_MS, `live after ${quickest} ms at best`);
}

export async function good_broken_good() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const file = path.join(server.intents, "topics.md");
	const before = fs.readFileSync(file, "utf8");
	const version = anna.welcome.corpus.version;
	assert.equal(anna.welcome.corpus.serving, true);

	fs.writeFileSync(file, before.replace("Two to four days.", "Five to six weeks."));
	const times = [await answers(server, "delivery time", (answer) => answer.answer === "Five to six weeks.")];
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
	times.push(await answers(server, "delivery time", (answer) => answer.answer === "Two to four days."));
	keepsThePromise(times);
}

/* How nice each thread of a process is: the 19th field of its stat, counted behind the name, which may hold anything. */
function nicenesses(pid) {
	return fs.readdirSync(`/proc/${pid}/task`).map((task) =>
		Number(fs.readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[16]));
}

export async function who_learns_stands_back() {
	const server = await Server.start();
	const [own] = nicenesses("self"), nicer = Math.min(own + 5, 19);
	/* The thread that reloads does so when it starts; the workers that it will start inherit it. */
	const began = performance.now(), all = () => nicenesses(server.child.pid);
	while (Math.max(...all()) < nicer && performance.now() - began < PATIENCE_MS) await server.ask("GET", "/healthz");
	assert.deepEqual(all().filter((nice) => nice !== own), nicer === own ? [] : [nicer]);
}

export async function ways_to_save() {
	const server = await Server.start();
	const file = path.join(server.intents, "topics.md"), times = [];
	const before = fs.readFileSync(file, "utf8");
	/* As editors do: a new file put in place of the old one. */
	fs.writeFileSync(path.join(server.folder, "new.md"), before.replace("Two to four days.", "By balloon."));
	fs.renameSync(path.join(server.folder, "new.md"), file);
	times.push(await answers(server, "delivery time", (answer) => answer.answer === "By balloon."));
	/* A new file, and a folder of a new language. */
	fs.writeFileSync(path.join(server.intents, "more.md"),
		"## Do you sell umbrellas? {#umbrellas}\n- umbrella\n- do you have umbrellas\n- I need a brolly\n\nYes, in green.\n");
	times.push(await answers(server, "do you have umbrellas", (answer) => answer.intent === "umbrellas"));
	fs.mkdirSync(path.join(server.intents, "de"));
	fs.writeFileSync(path.join(server.intents, "de", "themen.md"),
		"## Wie lange dauert die Lieferung? {#lieferzeit}\n- wann kommt mein paket\n- wie lange braucht die post\n\nZwei Tage.\n");
	const german = (answer) => answer.lang === "de";
	times.push(await answers(server, "wie lange dauert die lieferung bei euch", german));
	fs.rmSync(path.join(server.intents, "more.md"));
	times.push(await answers(server, "do you have umbrellas", (answer) => answer.intent !== "umbrellas"));
	keepsThePromise(times);
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

/* Told to stop while new answers are being learned: it ends cleanly, however long that would have taken. */
export async function stopped_while_reloading() {
	const server = await Server.start();
	for (let round = 0; round < 5; round++) {
		server.child.kill("SIGHUP");
		const { code, signal } = await server.kill("SIGTERM");
		assert.equal(code, 0, `ended by ${signal}\n${server.stderr}`);
		await server.up();
	}
	/* A folder that takes longer to learn than a stop may take. */
	const TOPICS = /asan|tsan/.test(program) ? 15 : 120;
	const word = (i) => [..."bdfgklmnprst"][i % 12] + [..."aeiou"][i % 5] + [..."lmnrstv"][i % 7] + [..."aeiou"][(i >> 3) % 5] + i.toString(36);
	const topics = Array.from({ length: TOPICS }, (_, i) => `## What about ${word(i)}?\n` +
		Array.from({ length: 12 }, (_, k) => `- ${word(i)} ${word(1000 + 31 * i + k)} ${word(5000 + 17 * k + i)}\n`).join("") + `\n${word(i)}.\n`);
	fs.writeFileSync(path.join(server.intents, "many.md"), topics.join("\n"));
	await server.ask("GET", "/healthz");
	server.child.kill("SIGHUP");
	const visitor = await server.visitor();
	await visitor.say("delivery time", "kept");
	const { code, signal } = await server.kill("SIGTERM");
	assert.equal(code, 0, `ended by ${signal}\n${server.stderr}`);
	assert.equal(visitor.closeCode, 1001);
	fs.rmSync(path.join(server.intents, "many.md"));
	await server.up();
	const back = await server.visitor({ token: visitor.token });
	await back.any((frame) => frame.type === "event" && frame.client_id === "kept", "the message");
}
