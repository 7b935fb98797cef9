// SPDX-License-Identifier: Apache-2.0
/* Killed at any moment: what was acknowledged is there, once and in order. KILLS=N for a longer run. */
import assert from "node:assert/strict";
import { Agent, Visitor } from "../client.mjs";
import { Server } from "../server.mjs";

const KILLS = Number(process.env.KILLS ?? 10);
const VISITORS = 12;
const WORDS = ["wheres my parcel", "delivery time", "I want to return this", "qwertz uiop", "thanks"];

/* A visitor who keeps talking, and comes back after every break with what has not been acknowledged. */
class Talker {
	acked = new Map(); // client_id -> seq
	open = [];         // said, not acknowledged
	said = 0;

	constructor(number) {
		this.number = number;
	}

	async connect(port) {
		this.client = await Visitor.arrive(port, { token: this.token, last_seq: this.lastSeq ?? 0 });
		if (this.token) assert.ok(this.client.welcome.conversation, "the conversation is still there");
		for (const message of this.open) this.client.send(message);
	}

	talk() {
		const message = { type: "message", client_id: `v${this.number}-${this.said}`, text: WORDS[this.said % WORDS.length] };
		this.said++;
		this.open.push(message);
		this.client.send(message);
	}

	/* Notes what has been acknowledged so far. */
	note() {
		for (const frame of this.client.frames) {
			if (frame.type !== "ack" || this.acked.has(frame.client_id)) continue;
			this.acked.set(frame.client_id, frame.seq);
			this.token ??= frame.token;
		}
		this.open = this.open.filter((message) => !this.acked.has(message.client_id));
		/* The first message of a conversation that nobody heard of: without a token it begins anew. */
		for (const event of this.client.events) this.lastSeq = Math.max(this.lastSeq ?? 0, event.seq);
	}
}

/* All that a page sees that knows nothing yet. What it says itself comes last. */
async function transcript(server, talker) {
	const client = await server.visitor({ token: talker.token });
	await client.say("good bye", "the end");
	await client.until(() => client.events.some((event) => event.client_id === "the end"), "the transcript");
	const events = client.events;
	await client.close();
	return events;
}

export async function killed_again_and_again() {
	const server = await Server.start();
	const cookie = await server.agentCookie("Anna");
	const talkers = Array.from({ length: VISITORS }, (_, i) => new Talker(i));
	for (let round = 0; round < KILLS; round++) {
		const anna = await Agent.arrive(server.port, cookie);
		await Promise.all(talkers.map((talker) => talker.connect(server.port)));
		/* Until some have been acknowledged; then killed while more are on their way. */
		for (const talker of talkers) talker.talk();
		await talkers[round % VISITORS].client.until(() => talkers[round % VISITORS].client.frames.some((frame) =>
			frame.type === "ack"), "the first ack");
		const owned = anna.events.find((event) => event.from === "visitor");
		if (owned) anna.send({ type: "claim", conversation: owned.conversation, client_id: "claim" });
		for (let i = 0; i < round % 7; i++) for (const talker of talkers) talker.talk();
		await new Promise(setImmediate);
		await server.kill();
		await Promise.all(talkers.map((talker) => talker.client.ended()));
		for (const talker of talkers) talker.note();
		await server.up();
	}
	let checked = 0;
	for (const talker of talkers.filter((one) => one.token)) {
		const events = await transcript(server, talker);
		const seqs = events.map((event) => event.seq);
		assert.ok(seqs.every((seq, i) => !i || seq > seqs[i - 1]), "in order, none twice");
		const said = events.filter((event) => event.client_id);
		assert.equal(new Set(said.map((event) => event.client_id)).size, said.length, "nothing doubled");
		for (const [clientId, seq] of talker.acked) {
			const found = said.find((event) => event.client_id === clientId);
			assert.ok(found, `${clientId} was acknowledged and is gone`);
			assert.equal(found.seq, seq);
			checked++;
		}
		const claim = events.findLast((event) => event.kind === "claim");
		assert.ok(!claim || !events.some((event) => event.from === "bot" && event.seq > claim.seq &&
			!events.some((other) => other.seq > claim.seq && other.seq < event.seq && other.owner !== "agent")),
			"no bot line while a person owns it");
	}
	assert.ok(checked >= VISITORS, `only ${checked} acknowledgements were checked`);
}

export async function a_second_server_is_refused() {
	const server = await Server.start();
	const { spawnSync } = await import("node:child_process");
	const { program } = await import("../server.mjs");
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

export async function stops_cleanly() {
	const server = await Server.start();
	for (const signal of ["SIGTERM", "SIGINT"]) {
		server.cookie ??= await server.agentCookie("Anna");
		const anna = await Agent.arrive(server.port, server.cookie);
		const visitor = await server.visitor(server.token ? { token: server.token } : {});
		visitor.send(...Array.from({ length: 50 }, (_, i) => ({ type: "message", client_id: `${signal}${i}`, text: "delivery time" })));
		await visitor.until(() => visitor.frames.some((frame) => frame.type === "ack"), "the first ack");
		server.token ??= visitor.frames.find((frame) => frame.token).token;
		const began = performance.now();
		const { code } = await server.kill(signal);
		const took = performance.now() - began;
		assert.equal(code, 0);
		assert.ok(took < 2000, `${signal} took ${took} ms`);
		assert.equal(visitor.closeCode, 1001);
		assert.equal(anna.closeCode, 1001);
		const acked = visitor.frames.filter((frame) => frame.type === "ack").map((frame) => frame.client_id);
		await server.up();
		const back = await server.visitor({ token: server.token });
		await back.until(() => acked.every((id) => back.events.some((event) => event.client_id === id)), "all of it");
		await back.close();
	}
}

/* Stopping while the files are being read anew: the builder finishes into a server that still stands. */
export async function stops_while_reloading() {
	const server = await Server.start();
	for (let i = 0; i < 3; i++) {
		server.child.kill("SIGHUP");
		const { code } = await server.kill("SIGTERM");
		assert.equal(code, 0);
		await server.up();
	}
}
