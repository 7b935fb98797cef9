// SPDX-License-Identifier: Apache-2.0
/* Limits that fire, say when to come back, and spare everybody else. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Client, OP, PATIENCE_MS, frameBytes } from "../client.mjs";
import { PASSWORD, Server, root } from "../server.mjs";

export async function messages_of_one_visitor() {
	const PER_MINUTE = 20;
	const server = await Server.start({ changes: { limits: { "messages per minute": PER_MINUTE } } });
	const loud = await server.visitor(), other = await server.visitor();
	const began = performance.now();
	/* The burst, and what has grown back since, on a machine as slow as it may be. */
	const allowance = () => PER_MINUTE + Math.ceil((performance.now() - began) * PER_MINUTE / 60000);
	loud.send(...Array.from({ length: 60 }, (_, i) => ({ type: "message", client_id: `m${i}`, text: "delivery time" })));
	await loud.until(() => loud.frames.filter((frame) => frame.type === "ack" || frame.type === "error").length === 60, "60 answers");
	const acks = loud.frames.filter((frame) => frame.type === "ack");
	const errors = loud.frames.filter((frame) => frame.type === "error");
	assert.ok(acks.length >= PER_MINUTE && acks.length <= allowance(), `${acks.length} acks`);
	assert.ok(errors.every((error) => error.code === "rate_limited" && error.retry_after_ms > 0 && error.client_id));
	/* Not thrown out, and the neighbour on the same line is spared. */
	assert.equal(loud.isGone, false);
	assert.equal((await other.say("delivery time")).type, "ack");
	/* What was acknowledged is acknowledged again, at no cost. */
	assert.deepEqual(await loud.acked("m0"), acks[0]);
	loud.send({ type: "message", client_id: "m0", text: "delivery time" });
	await loud.until(() => loud.frames.filter((frame) => frame.type === "ack").length === acks.length + 1, "the ack again");
	/* A new connection does not make a new start: of another sixty no more are taken than what grew back meanwhile. */
	const token = acks.find((ack) => ack.token).token;
	const again = await server.visitor({ token });
	again.send(...Array.from({ length: 60 }, (_, i) => ({ type: "message", client_id: `n${i}`, text: "delivery time" })));
	const answered = () => again.frames.filter((frame) => (frame.type === "ack" || frame.type === "error") && frame.client_id);
	await again.until(() => answered().length === 60, "60 answers");
	assert.ok(answered().filter((frame) => frame.type === "ack").length <= allowance() - acks.length);
}

export async function sign_ins() {
	const server = await Server.start();
	await server.owner("Olga");
	const attempt = (name, password) => server.ask("POST", "/api/v1/session", { body: { name, password } });
	/* Several at a time: to check a password takes long, and meanwhile the right to guess grows back. */
	const guess = async (name) => {
		for (let round = 0; round < 40; round++) {
			const answers = await Promise.all(Array.from({ length: 4 }, (_, i) => attempt(name(4 * round + i), "guess")));
			assert.ok(answers.every((answer) => answer.status === 401 || answer.status === 429));
			if (!round) assert.ok(answers.some((answer) => answer.status === 401));
			const refused = answers.find((answer) => answer.status === 429);
			if (refused) return refused;
		}
		return assert.fail("never refused");
	};
	/* However the name is written. */
	const refused = await guess((i) => ["Jörg", "JÖRG", "jÖrg", "jörg"][i % 4]);
	assert.ok(Number(refused.headers["retry-after"]) >= 1);
	assert.equal(refused.json.error.code, "rate_limited");
	/* Another name from the same address still gets in, as often as it likes. */
	for (let i = 0; i < 12; i++) assert.equal((await attempt("Olga", PASSWORD)).status, 200, `sign-in ${i}`);
	/* Until the address itself has guessed too often. */
	await guess((i) => `name ${i}`);
}

export async function connections_of_one_address() {
	const server = await Server.start({ changes: { limits: { "connections per address": 20 } } });
	const clients = await Promise.all(Array.from({ length: 20 }, () => Client.open(server.port, "/ws/visitor")));
	assert.ok(clients.every((client) => client.status === 101));
	const refused = await Client.open(server.port, "/ws/visitor");
	assert.equal(refused.status, 429);
	assert.match(refused.head, /Retry-After: \d+/);
	const web = await server.ask("GET", "/healthz").catch((error) => ({ status: error.code }));
	assert.ok(web.status === 429 || web.status === "ECONNRESET");
	/* Another address is spared. */
	const other = await Client.open(server.port, "/ws/visitor", { from: "127.0.0.2" });
	await clients[0].close();
	let again;
	do again = await Client.open(server.port, "/ws/visitor"); while (again.status === 429);
	assert.equal(again.status, 101);
	assert.equal(other.status, 101);
}

/* A reader that stops reading is closed, and the others lose nothing. */
export async function a_reader_that_stops() {
	const server = await Server.start();
	const talker = await server.visitor();
	await talker.say("delivery time", "first");
	const stopped = await server.visitor({ token: talker.token });
	stopped.socket.pause();
	const reader = await server.visitor({ token: talker.token });
	/* 6 MB: more than what the kernel keeps for somebody who does not read. */
	const COUNT = 500, text = "€".repeat(4000);
	for (let i = 0; i < COUNT; i += 50) {
		talker.send(...Array.from({ length: 50 }, (_, k) => ({ type: "message", client_id: `bulk-${i + k}`, text })));
		await talker.acked(`bulk-${i + 49}`);
	}
	const { seq: last } = await talker.reply(await talker.acked(`bulk-${COUNT - 1}`));
	await reader.until(() => reader.events.at(-1)?.seq >= last, "the last one");
	assert.equal(reader.events.filter((event) => event.client_id?.startsWith("bulk-")).length, COUNT);
	/* It wakes up again in time: nothing is lost for it either. */
	stopped.socket.resume();
	await stopped.until(() => stopped.events.at(-1)?.seq >= last, "all of it, late");
	assert.ok(JSON.stringify(stopped.events) === JSON.stringify(reader.events), "the same for both");
	/* And it does not: closed. */
	const dead = await server.visitor({ token: talker.token });
	dead.socket.pause();
	const before = (await server.ask("GET", "/metrics")).text.match(/^shopbell_visitors (\d+)/m)[1];
	const visitors = async () => Number((await server.ask("GET", "/metrics")).text.match(/^shopbell_visitors (\d+)/m)[1]);
	const began = Date.now();
	while (await visitors() >= Number(before) && Date.now() - began < 60000) await new Promise((resolve) => setTimeout(resolve, 500));
	assert.ok(await visitors() < Number(before), "the dead reader is still there");
}

/* Frames that are no messages cost too: whoever sends nothing else is shown out, whoever pings now and then is not. */
export async function pings_and_empty_frames() {
	const [, BURST] = /WS_BARE_BURST = (\d+)/.exec(fs.readFileSync(path.join(root, "engine/server/ws.h"), "utf8"));
	const repeated = (bytes, times) => Buffer.concat(Array.from({ length: times }, () => bytes));
	const server = await Server.start();
	const witness = await server.visitor();
	const floods = { pings: frameBytes(OP.ping, "x"), pongs: frameBytes(OP.pong, ""), "empty parts": frameBytes(OP.more, "", { final: false }) };
	for (const [name, bytes] of Object.entries(floods)) {
		const open = async () => {
			const visitor = await server.visitor();
			if (name === "empty parts") visitor.raw(frameBytes(OP.text, "{\"type\":", { final: false }));
			return visitor;
		};
		const loud = await open();
		loud.raw(repeated(bytes, 20 * BURST));
		await loud.ended();
		assert.equal(loud.closeCode, 1008, name);
		const moderate = await open();
		moderate.raw(repeated(bytes, BURST - 10));
		if (name === "empty parts") moderate.raw(frameBytes(OP.more, "\"ping\"}"));
		else moderate.send({ type: "ping" });
		await moderate.next("pong");
	}
	assert.equal((await witness.say("delivery time")).type, "ack");
}

/* More visitors than the process may have files: those above are told so, and the data file, the owner's files and the
 * visitors who are there have what they need. */
export async function more_connections_than_files() {
	const FILES = 240;
	const server = await Server.start({ by: ["prlimit", `--nofile=${FILES}:${FILES}`] });
	await server.until(() => server.stderr.includes(`only ${FILES} files may be open`), "word of the limit");
	const visitor = await server.visitor(), clients = [];
	let refused;
	while (!refused && clients.length < FILES) {
		const client = await Client.open(server.port, "/ws/visitor");
		client.send({ type: "hello" }); /* or else it is sent away after ten seconds */
		if (client.status === 101) clients.push(client);
		else refused = client;
	}
	assert.equal(refused?.status, 503);
	assert.match(refused.head, /Retry-After: \d+/);
	assert.ok(clients.length > FILES / 2, `only ${clients.length} had room`);
	assert.equal((await visitor.reply(await visitor.say("delivery time"))).intent, "delivery-time");
	const file = path.join(server.intents, "topics.md");
	fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("Two to four days.", "By balloon."));
	await server.until(() => /answers reloaded/.test(server.stderr), "the reload");
	for (const client of clients.splice(0, 5)) await client.close();
	let again;
	do again = await Client.open(server.port, "/ws/visitor"); while (again.status === 503);
	assert.equal(again.status, 101);
	const until = Date.now() + PATIENCE_MS;
	let answer;
	do answer = (await server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" } })).json?.answer;
	while (answer !== "By balloon." && Date.now() < until);
	assert.equal(answer, "By balloon.");
}
