// SPDX-License-Identifier: Apache-2.0
/* A disk that takes nothing for long while everybody goes on talking: what waits for it is bounded in all. The program is
 * the real one, linked with a disk that the test stops (tests/vfs). */
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Agent, PATIENCE_MS } from "../client.mjs";
import { Server, built, program, root } from "../server.mjs";

const gated = built("gated");
const MEGABYTE = 1024 * 1024;

async function gatedServer(changes) {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-gate-")), file = path.join(folder, "gate");
	fs.writeFileSync(file, Buffer.of(0));
	const server = await Server.start({ binary: gated, by: ["env", `SHOPBELL_TEST_GATE=${file}`], changes });
	/* In place: the program has it mapped. */
	server.shut = (isShut) => fs.writeFileSync(file, Buffer.of(isShut ? 1 : 0), { flag: "r+" });
	server.figures = async () => {
		const { text } = await server.ask("GET", "/metrics");
		const value = (name) => Number(new RegExp(`^shopbell_${name} (\\S+)$`, "m").exec(text)[1]);
		return { bytes: value("unsaved_bytes"), limit: value("unsaved_limit_bytes"), refusals: value("overload_refusals_total") };
	};
	server.empty = async () => {
		const until = Date.now() + PATIENCE_MS;
		let bytes;
		do ({ bytes } = await server.figures()); while (bytes && Date.now() < until);
		assert.equal(bytes, 0);
	};
	server.cleanUp = () => fs.rmSync(folder, { recursive: true });
	return server;
}

/* Sends messages one after the other until one is refused; the refusal, and the client_ids of those that were taken. */
async function fill(speakers, prefix, extra = {}) {
	const taken = [];
	for (let i = 0; i < 1000; i++) {
		const speaker = speakers(i), clientId = `${prefix}${i}`;
		speaker.send({ type: "message", client_id: clientId, text: `delivery time ${clientId}`, ...extra }, { type: "ping" });
		await speaker.next("pong");
		const refusal = speaker.frames.find((frame) => frame.type === "error" && frame.client_id === clientId);
		if (refusal) return { refusal, refused: clientId, speaker, taken };
		taken.push({ speaker, clientId });
	}
	return assert.fail("nobody was refused");
}

function assertBusy(refusal, remark) {
	assert.equal(refusal.code, "busy", remark);
	assert.ok(refusal.retry_after_ms > 0 && refusal.message, remark);
}

export async function visitors_who_begin_then_those_who_talk_then_agents() {
	const server = await gatedServer({ limits: { "messages per minute": "10000", "connections per address": "10000", "unsaved megabytes": 1 } });
	const anna = await Agent.arrive(server.port, await server.agentCookie("Anna"));
	const talker = await server.visitor();
	await talker.say("delivery time", "before");
	const { conversation } = await anna.any((frame) => frame.client_id === "before", "the event");
	const newcomers = [];
	for (let i = 0; i < 100; i++) newcomers.push(await server.visitor());
	assert.deepEqual(await server.figures(), { bytes: 0, limit: MEGABYTE, refusals: 0 });
	assert.equal((await server.ask("GET", "/readyz")).status, 200);

	server.shut(true);
	const fresh = await fill((i) => newcomers[i], "new-");
	assertBusy(fresh.refusal, "a visitor who begins");
	const half = await server.figures();
	assert.ok(half.bytes >= half.limit / 2 && half.bytes < half.limit * 3 / 4, JSON.stringify(half));
	const { status, text } = await server.ask("GET", "/readyz");
	assert.equal(status, 503);
	assert.match(text, /waits for the disk/);
	const running = await fill(() => talker, "run-");
	assertBusy(running.refusal, "a visitor who talks");
	assert.ok((await server.figures()).bytes >= half.limit * 3 / 4);
	/* What is on its way already is not taken twice. */
	talker.send({ type: "message", client_id: "run-0", text: "delivery time run-0" }, { type: "erase", client_id: "gone" });
	assertBusy(await talker.acked("run-0"), "the same again");
	assertBusy(await talker.acked("gone"), "an erasure");
	const said = await fill(() => anna, "say-", { conversation });
	assertBusy(said.refusal, "an agent");
	assertBusy(await anna.does({ type: "teach", conversation, seq: 1, intent: "delivery-time" }), "a lesson");
	const full = await server.figures();
	/* One step more than fits, at most. */
	assert.ok(full.bytes >= full.limit && full.bytes < full.limit * 1.25, JSON.stringify(full));
	assert.equal(full.refusals, 6);
	assert.ok(fresh.taken.length && running.taken.length && said.taken.length);
	/* Whatever needs no disk goes on, also for those who were refused, and nobody was thrown out. */
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" } })).json.intent, "delivery-time");
	assert.ok((await server.visitor()).welcome);
	for (const client of [anna, talker, ...newcomers]) assert.equal(client.isGone, false);
	assert.ok(!talker.frames.some((frame) => frame.type === "ack" && frame.client_id.startsWith("run-")));

	/* The disk is back: what was taken is kept, what was refused is taken now, all of it once. */
	server.shut(false);
	const isAck = (clientId) => (frame) => frame.type === "ack" && frame.client_id === clientId;
	for (const { speaker, clientId } of [...fresh.taken, ...running.taken, ...said.taken])
		await speaker.any(isAck(clientId), `the ack of ${clientId}`);
	for (const { speaker, refused } of [fresh, running, said]) {
		speaker.send({ type: "message", client_id: refused, text: `delivery time ${refused}`, ...(speaker === anna ? { conversation } : {}) });
		await speaker.any(isAck(refused), `the ack of ${refused}`);
	}
	await server.empty();
	assert.equal((await server.figures()).refusals, full.refusals);
	assert.equal((await server.ask("GET", "/readyz")).status, 200);
	await server.kill();
	await server.up();
	const token = talker.frames.find(isAck("before")).token;
	const back = await server.visitor({ token });
	const wanted = [{ clientId: "before" }, ...running.taken, ...said.taken, { clientId: running.refused }, { clientId: said.refused }];
	await back.until(() => back.events.some((event) => event.text.endsWith(said.refused)), "all of it");
	const lines = back.events.filter((event) => event.kind === "message" && event.from !== "bot").map((event) => event.text);
	assert.deepEqual(lines, wanted.map(({ clientId }) => clientId === "before" ? "delivery time" : `delivery time ${clientId}`));
	server.cleanUp();
}

/* A disk that hangs for a moment in a full shop is not that: with the usual bound nobody notices but by waiting. */
export async function a_full_shop_is_spared() {
	const server = await gatedServer();
	const visitors = [];
	for (let i = 0; i < 50; i++) visitors.push(await server.visitor());
	server.shut(true);
	for (const visitor of visitors) {
		visitor.send(...Array.from({ length: 10 }, (_, i) => ({ type: "message", client_id: `m${i}`, text: "x".repeat(2000) })), { type: "ping" });
		await visitor.next("pong");
	}
	const { bytes, limit, refusals } = await server.figures();
	assert.ok(bytes > 0 && bytes < limit / 8, `${bytes} of ${limit}`);
	assert.equal(refusals, 0);
	assert.equal((await server.ask("GET", "/readyz")).status, 200);
	server.shut(false);
	for (const visitor of visitors)
		for (let i = 0; i < 10; i++) assert.equal((await visitor.acked(`m${i}`)).type, "ack");
	await server.empty();
	server.cleanUp();
}

/* Calls that change something wait at one desk while the disk takes nothing: when it is full the next are told, and those
 * at it are served when the disk is back. What needs no desk is answered meanwhile. */
export async function a_full_desk() {
	const server = await gatedServer();
	const cookie = await server.owner();
	const [, ROOM] = /DESK_MAX = (\d+)/.exec(fs.readFileSync(path.join(root, "engine/server/http.c"), "utf8"));
	const kept = async () => (await server.ask("GET", "/api/v1/replies", { cookie })).json.replies.length;
	const before = await kept();
	server.shut(true);
	let refusal;
	const calls = [], call = (i) => server.ask("POST", "/api/v1/replies", { cookie, body: { name: `reply ${i}`, text: "Hello" } });
	for (let i = 0; i < 2 * ROOM; i++) {
		calls.push(call(i));
		calls[i].then((answer) => { if (answer.status === 503) refusal ??= answer; });
	}
	/* Nobody at the desk is answered: the first answers are refusals. */
	await Promise.any(calls);
	assert.equal(refusal.status, 503);
	assert.equal(refusal.json.error.code, "busy");
	assert.ok(Number(refusal.headers["retry-after"]) >= 1);
	assert.equal(refusal.headers["x-content-type-options"], "nosniff");
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" } })).status, 200);
	assert.equal((await server.ask("GET", "/healthz")).status, 200);
	server.shut(false);
	const statuses = (await Promise.all(calls)).map(({ status }) => status);
	const made = statuses.filter((status) => status === 201).length;
	assert.equal(made + statuses.filter((status) => status === 503).length, calls.length);
	/* One is being served while the desk is full. */
	assert.ok(made >= ROOM, `${made} of ${ROOM} had room`);
	assert.equal(await kept() - before, made);
	assert.equal((await call("late")).status, 201);
	server.cleanUp();
}

/* A page that gave a line up says its first words again on another, and goes on there, before the disk has taken them:
 * they begin one conversation. */
export async function first_words_on_two_lines() {
	const server = await gatedServer();
	const token = "a-key-that-the-page-has-made";
	const words = { type: "message", client_id: "first", text: "delivery time", token };
	const [deaf, other] = [await server.visitor(), await server.visitor()];
	server.shut(true);
	for (const line of [deaf, other]) {
		line.send(words, { type: "ping" });
		await line.next("pong");
	}
	other.send({ type: "message", client_id: "second", text: "track my order" }, { ...words, text: "something else" });
	assert.equal((await other.next("error")).code, "conflict");
	assert.ok(![deaf, other].some((line) => line.frames.some((frame) => frame.type === "ack")), "nothing is on the disk");
	server.shut(false);
	const first = await deaf.acked("first"), second = await other.acked("second");
	assert.deepEqual([first.type, first.token, first.seq], ["ack", token, 1]);
	assert.deepEqual(other.frames.find((frame) => frame.type === "ack" && frame.client_id === "first"), first);
	assert.ok(second.type === "ack" && second.seq > first.seq);
	const anna = await server.agent("Anna");
	anna.send({ type: "list", filter: "all" });
	assert.equal((await anna.next("list")).conversations.length, 1);
	server.cleanUp();
}

/* An agent teaches from a message whose erasure waits for the disk already: it does not come back as a draft. */
export async function taught_while_it_is_erased() {
	const server = await gatedServer(), anna = await server.agent("Anna"), visitor = await server.visitor();
	const { seq } = await visitor.say("zounds the narwhal", "q");
	const { conversation } = await anna.any((frame) => frame.type === "event" && frame.client_id === "q", "the event");
	server.shut(true);
	visitor.send({ type: "erase", client_id: "x" }, { type: "ping" });
	await visitor.next("pong");
	anna.send({ type: "teach", conversation, seq, intent: "track-order", client_id: "t" }, { type: "ping" });
	await anna.next("pong");
	server.shut(false);
	assert.equal((await visitor.acked("x")).type, "ack");
	const refusal = await anna.any((frame) => frame.client_id === "t", "the answer");
	assert.deepEqual([refusal.type, refusal.code], ["error", "not_found"]);
	assert.deepEqual((await server.ask("GET", "/api/v1/drafts", { cookie: server.ownerCookie })).json.drafts, []);
	assert.ok(!fs.readdirSync(server.data).some((name) => fs.readFileSync(path.join(server.data, name)).includes("narwhal")));
	server.cleanUp();
}

/* A disk that takes the last words only when the goodbyes should have been said long ago: they are kept, who still listens is told,
 * and nothing is left over (sanitizers look for that). */
export async function stopped_while_the_disk_stands_still() {
	const server = await gatedServer(), visitor = await server.visitor(), fresh = await server.visitor();
	await visitor.say("delivery time", "before");
	const line = net.connect(server.port, "127.0.0.1");
	await new Promise((resolve) => line.once("data", resolve).write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
	const closed = new Promise((resolve) => line.once("close", resolve));
	server.shut(true);
	visitor.send(...Array.from({ length: 20 }, (_, i) => ({ type: "message", client_id: `m${i}`, text: "track my order" })), { type: "ping" });
	fresh.send({ type: "message", client_id: "first", text: "delivery time" }, { type: "message", client_id: "second", text: "track my order" }, { type: "ping" });
	for (const one of [visitor, fresh]) await one.next("pong");
	server.child.kill("SIGTERM");
	await closed; /* when the loop has ended, HTTP does */
	server.shut(false);
	assert.equal((await server.exited).code, 0, server.stderr);
	assert.equal((await visitor.acked("m19")).type, "ack");
	assert.equal((await fresh.acked("first")).type, "ack");
	await server.up();
	const back = await server.visitor({ token: visitor.token }), other = await server.visitor({ token: fresh.token });
	await back.any((frame) => frame.client_id === "m19", "the last of them");
	await other.any((frame) => frame.client_id === "first", "the first words");
	server.cleanUp();
}
