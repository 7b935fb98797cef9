// SPDX-License-Identifier: Apache-2.0
/* Limits that fire, say when to come back, and spare everybody else. */
import assert from "node:assert/strict";
import { Client } from "../client.mjs";
import { PASSWORD, Server } from "../server.mjs";

export async function messages_of_one_visitor() {
	const server = await Server.start({ changes: { limits: { "messages per minute": 20 } } });
	const loud = await server.visitor(), other = await server.visitor();
	loud.send(...Array.from({ length: 60 }, (_, i) => ({ type: "message", client_id: `m${i}`, text: "delivery time" })));
	await loud.until(() => loud.frames.filter((frame) => frame.type === "ack" || frame.type === "error").length === 60, "60 answers");
	const acks = loud.frames.filter((frame) => frame.type === "ack");
	const errors = loud.frames.filter((frame) => frame.type === "error");
	assert.ok(acks.length >= 20 && acks.length <= 22, `${acks.length} acks`);
	assert.ok(errors.every((error) => error.code === "rate_limited" && error.retry_after_ms > 0 && error.client_id));
	/* Not thrown out, and the neighbour on the same line is spared. */
	assert.equal(loud.isGone, false);
	assert.equal((await other.say("delivery time")).type, "ack");
	/* What was acknowledged is acknowledged again, at no cost. */
	assert.deepEqual(await loud.acked("m0"), acks[0]);
	loud.send({ type: "message", client_id: "m0", text: "delivery time" });
	await loud.until(() => loud.frames.filter((frame) => frame.type === "ack").length === acks.length + 1, "the ack again");
	/* A new connection does not make a new start. */
	const token = acks.find((ack) => ack.token).token;
	const again = await server.visitor({ token });
	assert.equal((await again.say("delivery time")).code, "rate_limited");
}

export async function sign_ins() {
	const server = await Server.start();
	await server.owner("Olga");
	const attempt = (name, password) => server.ask("POST", "/api/v1/session", { body: { name, password } });
	const answers = [];
	for (let i = 0; i < 15; i++) answers.push(await attempt("Anna", `guess ${i}`));
	assert.equal(answers[0].status, 401);
	const refused = answers.at(-1);
	assert.equal(refused.status, 429);
	assert.ok(Number(refused.headers["retry-after"]) >= 1);
	assert.equal(refused.json.error.code, "rate_limited");
	/* Another name from the same address still gets in, as often as it likes. */
	for (let i = 0; i < 12; i++) assert.equal((await attempt("Olga", PASSWORD)).status, 200, `sign-in ${i}`);
	/* Until the address itself has guessed too often. */
	let last;
	for (let i = 0; i < 25 && last?.status !== 429; i++) last = await attempt(`name ${i}`, "guess");
	assert.equal(last.status, 429);
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
	await talker.say("delivery time");
	const stopped = await server.visitor({ token: talker.token });
	stopped.socket.pause();
	const reader = await server.visitor({ token: talker.token });
	const COUNT = 1500, text = "x".repeat(3900);
	for (let i = 0; i < COUNT; i += 50) {
		talker.send(...Array.from({ length: 50 }, (_, k) => ({ type: "message", client_id: `bulk-${i + k}`, text })));
		await talker.acked(`bulk-${i + 49}`);
	}
	await reader.until(() => reader.events.some((event) => event.client_id === `bulk-${COUNT - 1}`), "the last one");
	assert.equal(reader.events.filter((event) => event.client_id?.startsWith("bulk-")).length, COUNT);
	/* It wakes up again in time: nothing is lost for it either. */
	stopped.socket.resume();
	await stopped.until(() => stopped.events.some((event) => event.client_id === `bulk-${COUNT - 1}`), "all of it, late");
	assert.deepEqual(stopped.events, reader.events);
	/* And it does not: closed. */
	const dead = await server.visitor({ token: talker.token });
	dead.socket.pause();
	const before = (await server.ask("GET", "/metrics")).text.match(/^shopbell_visitors (\d+)/m)[1];
	const visitors = async () => Number((await server.ask("GET", "/metrics")).text.match(/^shopbell_visitors (\d+)/m)[1]);
	const began = Date.now();
	while (await visitors() >= Number(before) && Date.now() - began < 60000) await new Promise((resolve) => setTimeout(resolve, 500));
	assert.ok(await visitors() < Number(before), "the dead reader is still there");
}
