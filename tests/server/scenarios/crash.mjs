// SPDX-License-Identifier: Apache-2.0
/* Killed at any moment, refused when it is not alone, and stopped in good order. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { crash } from "../../crash/crash.mjs";
import { Agent, PATIENCE_MS } from "../client.mjs";
import { Server, program } from "../server.mjs";

const isSlow = /asan|tsan/.test(program);

/* The short form of `make crash`. */
export async function killed_again_and_again() {
	const tally = await crash(isSlow ? { kills: 3, visitors: 12, agents: 2 } : { kills: 8 });
	console.log(`      ${tally.checked} times an acknowledged line was looked for; ${tally.unheard} were stored and unheard of`);
	assert.ok(tally.checked > 0);
}

export async function a_second_server_is_refused() {
	const server = await Server.start();
	const { spawnSync } = await import("node:child_process");
	const second = spawnSync(program, ["serve", "--intents", server.intents, "--data", server.data, "--listen", "127.0.0.1:0"],
		{ encoding: "utf8", timeout: 20000 });
	assert.equal(second.status, 1);
	assert.match(second.stderr, /another server works on/);
	assert.equal((await server.ask("GET", "/healthz")).status, 200);
	const taken = spawnSync(program, ["serve", "--intents", server.intents, "--data", `${server.data}2`, "--listen",
		`127.0.0.1:${server.port}`], { encoding: "utf8", timeout: 20000 });
	assert.equal(taken.status, 1);
	assert.match(taken.stderr, /cannot listen on 127\.0\.0\.1:\d+/);
}

/* SIGTERM: everybody is told, everything is on the disk, and it is over within two seconds: on a machine that does
 * something else meanwhile, at least once. */
export async function stops_cleanly() {
	const PROMISE_MS = isSlow ? 10000 : 2000;
	const server = await Server.start();
	const cookie = await server.agentCookie("Anna"), times = [];
	let token;
	for (const [round, signal] of ["SIGTERM", "SIGINT", "SIGTERM"].entries()) {
		const anna = await Agent.arrive(server.port, cookie);
		const visitor = await server.visitor(token ? { token } : {});
		visitor.send(...Array.from({ length: 50 }, (_, i) => ({ type: "message", client_id: `${round}-${i}`, text: "delivery time" })));
		await visitor.until(() => visitor.frames.some((frame) => frame.type === "ack"), "the first ack");
		token ??= visitor.frames.find((frame) => frame.token).token;
		const began = performance.now();
		const { code } = await server.kill(signal);
		times.push(performance.now() - began);
		assert.equal(code, 0);
		assert.equal(visitor.closeCode, 1001);
		assert.equal(anna.closeCode, 1001);
		const acked = visitor.frames.filter((frame) => frame.type === "ack").map((frame) => frame.client_id);
		await server.up();
		const back = await server.visitor({ token });
		await back.until(() => acked.every((id) => back.events.some((event) => event.client_id === id)), "all of it");
		await back.close();
	}
	console.log(`      stopped in ${times.map((ms) => Math.round(ms)).join(", ")} ms`);
	assert.ok(Math.min(...times) < PROMISE_MS, `stopped in ${times} ms`);
}

/* Topic files from which to learn takes many times as long as a stop may. */
function largeTopics(questions, wordings) {
	let seed = 1;
	const word = () => `w${(seed = seed * 48271 % 2147483647) % 5000}`;
	const line = (i, j) => `- ${word()} ${word()} ${word()} q${i} ${word()} v${j}`;
	return Array.from({ length: questions }, (_, i) => `## Question number ${i} of many {#many-${i}}\n${Array.from({ length: wordings }, (_, j) => line(i, j)).join("\n")}\n\nAnswer ${i}.\n`).join("\n");
}

/* A saved folder and a draft are both being learnt: nobody waits for that. Nothing is half done, nothing stays behind. */
export async function stops_while_it_learns() {
	const server = await Server.start(), anna = await server.agent("Anna"), visitor = await server.visitor();
	const ack = await visitor.say("zounds the wagon", "q"), owner = { cookie: server.ownerCookie };
	const { conversation } = await anna.any((frame) => frame.type === "event" && frame.client_id === "q", "the event");
	await anna.does({ type: "teach", conversation, seq: ack.seq, intent: "track-order" });
	const drafts = async (cookie) => (await server.ask("GET", "/api/v1/drafts", cookie)).json.drafts;
	const [draft] = await drafts(owner), topics = path.join(server.intents, "topics.md"), many = path.join(server.intents, "many.md");
	const before = fs.readFileSync(topics), trials = () => fs.readdirSync(server.data).filter((name) => name.includes(".trial-"));
	fs.writeFileSync(many, largeTopics(200, 100));
	server.ask("POST", `/api/v1/drafts/${draft.id}`, { ...owner, body: { intent: "track-order", wording: draft.text } }).catch(() => {});
	for (const began = performance.now(); !trials().length && performance.now() - began < PATIENCE_MS;) await server.ask("GET", "/healthz");
	assert.equal(trials().length, 1);
	assert.equal((await server.kill("SIGTERM")).code, 0);
	assert.equal(visitor.closeCode, 1001);
	assert.ok(before.equals(fs.readFileSync(topics)), "it did not wait for what was learnt");
	const wal = path.join(server.data, "shopbell.db-wal");
	assert.ok(!fs.existsSync(wal) || !fs.statSync(wal).size, "all of it stands in the file");
	fs.rmSync(many);
	await server.up();
	assert.deepEqual(trials(), []);
	assert.equal((await drafts({ cookie: await server.signIn("Olga") })).length, 1);
	await (await server.visitor({ token: visitor.token })).any((frame) => frame.client_id === "q", "the message");
}
