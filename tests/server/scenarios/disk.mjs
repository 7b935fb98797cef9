// SPDX-License-Identifier: Apache-2.0
/* A disk that refuses: the senders are told, nothing that was acknowledged is lost, and it goes on by itself. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { Agent } from "../client.mjs";
import { Server } from "../server.mjs";

/* From now on no file of the server may grow beyond so many bytes. */
function limitFiles(server, bytes) {
	return new Promise((resolve, reject) => execFile("prlimit", ["--pid", `${server.child.pid}`, `--fsize=${bytes}:unlimited`],
		(error) => error ? reject(error) : resolve()));
}

async function readiness(server, status) {
	const began = Date.now();
	let answer;
	do answer = await server.ask("GET", "/readyz"); while (answer.status !== status && Date.now() - began < 20000);
	assert.equal(answer.status, status);
}

export async function full_and_free_again() {
	const server = await Server.start();
	const cookie = await server.agentCookie("Anna");
	const anna = await Agent.arrive(server.port, cookie);
	const visitor = await server.visitor(), stranger = await server.visitor();
	const first = await visitor.say("delivery time", "kept");
	await visitor.reply(first);
	const { conversation: id } = await anna.any((frame) => frame.client_id === "kept", "the event");
	await readiness(server, 200);

	await limitFiles(server, 1);
	for (let round = 0; round < 3; round++) {
		visitor.send({ type: "message", client_id: `lost${round}`, text: "track my order" },
			{ type: "message", client_id: `lost${round}b`, text: "how do returns work" });
		for (const clientId of [`lost${round}`, `lost${round}b`]) {
			const refusal = await visitor.acked(clientId);
			assert.equal(refusal.code, "not_saved");
			assert.ok(refusal.retry_after_ms > 0);
		}
	}
	/* A conversation that was to begin, and an agent's claim. */
	assert.equal((await stranger.say("wheres my parcel", "new")).code, "not_saved");
	assert.equal((await anna.does({ type: "claim", conversation: id })).code, "not_saved");
	await readiness(server, 503);
	assert.equal((await server.ask("GET", "/healthz")).status, 200);
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" } })).json.intent, "delivery-time");
	assert.equal((await server.ask("POST", "/api/v1/session", { body: { name: "Anna", password: "correct horse battery" } })).status, 503);
	assert.ok(!visitor.events.some((event) => event.client_id?.startsWith("lost")));
	/* Whoever reconnects now reads what is there. */
	const tab = await server.visitor({ token: visitor.token });
	await tab.until(() => tab.events.length === 2, "the transcript");

	await limitFiles(server, "unlimited");
	await readiness(server, 200);
	/* The same again, with the same client_id: kept now, once. */
	visitor.send({ type: "message", client_id: "lost0", text: "track my order" });
	const ack = await visitor.any((frame) => frame.type === "ack" && frame.client_id === "lost0", "the ack");
	assert.equal(ack.seq, visitor.events[1].seq + 1);
	assert.equal((await visitor.reply(ack)).intent, "track-order");
	stranger.send({ type: "message", client_id: "new", text: "wheres my parcel" });
	const begun = await stranger.any((frame) => frame.type === "ack" && frame.client_id === "new", "the ack");
	assert.equal(begun.seq, 1);
	assert.ok(begun.token);
	assert.equal((await anna.does({ type: "claim", conversation: id })).type, "ack");
	assert.equal((await visitor.say("thanks", "last")).type, "ack");
	await visitor.until(() => visitor.events.some((event) => event.client_id === "last"), "the last one");
	await server.kill();
	await server.up();
	const back = await server.visitor({ token: visitor.token });
	await back.until(() => back.events.some((event) => event.client_id === "last"), "all of it");
	assert.deepEqual(back.events, visitor.events);
}
