// SPDX-License-Identifier: Apache-2.0
/* The limits of one address: each fires and tells when to come back, and each spares those elsewhere, those who are there
 * already, and a shop's own Wi-Fi. */
import assert from "node:assert/strict";
import { Agent, Client } from "../client.mjs";
import { PASSWORD, Server } from "../server.mjs";

const ELSEWHERE = "127.0.0.2";
/* The burst of each, as engine/wire/README.md "Limits" has it. */
const BURST = { conversations: 100, exports: 60, erasures: 60, tokens: 120, frames: 400 };

/* A refusal that says when to come back. */
function told(error, remark) {
	assert.equal(error.type, "error", remark);
	assert.equal(error.code, "rate_limited", remark);
	assert.ok(error.retry_after_ms >= 1 && error.retry_after_ms <= 60000, `${remark}: ${error.retry_after_ms}`);
	assert.ok(error.message.length > 5, remark);
}

export async function new_conversations() {
	const server = await Server.start({ changes: { limits: { "connections per address": 40 } } });
	const first = await server.visitor();
	assert.equal((await first.say("delivery time")).type, "ack");
	const begin = async (options) => {
		const visitor = await server.visitor({}, options);
		const answer = await visitor.say("delivery time");
		await visitor.close();
		return answer;
	};
	let refused, begun = 1;
	for (; !refused && begun <= 2 * BURST.conversations; begun++) {
		const answer = await begin();
		if (answer.type === "error") refused = answer;
	}
	assert.ok(begun > BURST.conversations, `${begun} conversations were enough`);
	told(refused, "a conversation too many");
	/* Whoever has one goes on, and another address begins. */
	assert.equal((await first.say("track my order")).type, "ack");
	assert.equal((await begin({ from: ELSEWHERE })).type, "ack");
}

export async function questions_over_http() {
	const server = await Server.start({ changes: { limits: { "messages per minute": 5, "connections per address": 8 } } });
	const ask = (from) => server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" }, from });
	let refused, count = 0;
	for (; !refused && count < 200; count++) {
		const answer = await ask();
		if (answer.status !== 200) refused = answer;
	}
	assert.ok(count > 40, `refused after ${count}`);
	assert.equal(refused.status, 429);
	assert.equal(refused.json.error.code, "rate_limited");
	assert.ok(Number(refused.headers["retry-after"]) >= 1);
	assert.equal((await ask(ELSEWHERE)).status, 200);
	assert.equal((await server.ask("GET", "/healthz")).status, 200);
}

export async function exports_and_erasures() {
	const server = await Server.start();
	const visitor = await server.visitor();
	await visitor.say("delivery time");
	const send = async (who, type, clientId) => {
		who.send({ type, client_id: clientId });
		return who.acked(clientId);
	};
	let refused, count = 0;
	for (; !refused && count < 2 * BURST.exports; count++) {
		const answer = await send(visitor, "export", `x${count}`);
		if (answer.type === "error") refused = answer;
	}
	assert.ok(count > BURST.exports);
	told(refused, "an export too many");
	const other = await server.visitor({}, { from: ELSEWHERE });
	await other.say("delivery time");
	assert.equal((await send(other, "export", "x")).type, "ack");
	/* Erasing is counted by itself, and may be had at once by those who only exported too often. */
	refused = undefined;
	for (count = 0; !refused && count < 2 * BURST.erasures; count++) {
		await visitor.say("delivery time", `again${count}`);
		const answer = await send(visitor, "erase", `e${count}`);
		if (answer.type === "error") refused = answer;
	}
	assert.ok(count > BURST.erasures);
	told(refused, "an erasure too many");
	assert.equal((await send(other, "erase", "e")).type, "ack");
}

export async function tokens_that_open_nothing() {
	const server = await Server.start();
	const real = await server.visitor();
	await real.say("delivery time");
	/* The right one is not counted, however often. */
	for (let i = 0; i < BURST.tokens + 10; i++) {
		const back = await server.visitor({ token: real.token, last_seq: 99 });
		assert.ok(back.welcome.conversation, `coming back for the ${i}th time`);
		await back.close();
	}
	const guess = async (options) => {
		const client = await Client.open(server.port, "/ws/visitor", options);
		client.send({ type: "hello", token: "A".repeat(43) });
		const error = await client.next("error");
		assert.equal((await client.next("welcome")).conversation, null);
		await client.close();
		return error;
	};
	let refused, count = 0;
	for (; !refused && count < 2 * BURST.tokens; count++) {
		const error = await guess();
		if (error.code !== "unknown_token") refused = error;
	}
	assert.ok(count > BURST.tokens);
	told(refused, "a guess too many");
	assert.equal((await guess({ from: ELSEWHERE })).code, "unknown_token");
	assert.equal((await real.say("track my order")).type, "ack");
}

/* Whatever stores something counts as a message, and all frames together have a limit above it. */
export async function thumbs_and_frames() {
	const server = await Server.start({ changes: { limits: { "messages per minute": 20 } } });
	const visitor = await server.visitor(), other = await server.visitor();
	const { seq } = await visitor.reply(await visitor.say("delivery time"));
	visitor.send(...Array.from({ length: 40 }, (_, i) => ({ type: "rate", seq, helpful: i % 2 === 0, client_id: `r${i}` })));
	const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => visitor.acked(`r${i}`)));
	assert.ok(answers.slice(0, 19).every((answer) => answer.type === "ack"));
	told(answers.at(-1), "a thumb too many");
	other.send(...Array.from({ length: BURST.frames + 50 }, () => ({ type: "typing" })));
	told(await other.next("error"), "a frame too many");
	assert.equal(other.isGone, false);
}

/* ---- Spared ---- */

const USUAL = { limits: { "messages per minute": null, "connections per address": null } };

/* Thirty visitors behind one line of a shop's Wi-Fi, each with a page that reconnects and talks as people do. */
export async function thirty_visitors_on_one_line() {
	const server = await Server.start({ changes: USUAL });
	const questions = ["delivery time", "wheres my parcel", "how do returns work", "track my order", "thank you"];
	await Promise.all(Array.from({ length: 30 }, async (_, i) => {
		let visitor = await server.visitor({ page: { url: `https://shop.example/${i}`, title: "Shop" } });
		for (const [k, question] of questions.entries()) {
			visitor.send({ type: "typing" });
			const ack = await visitor.say(question);
			assert.equal(ack.type, "ack", JSON.stringify(ack));
			if (k === 0) {
				const { seq } = await visitor.reply(ack);
				visitor.send({ type: "rate", seq, helpful: true, client_id: "thumb" }, { type: "read", seq });
				assert.equal((await visitor.acked("thumb")).type, "ack");
			}
			if (k === 2) { /* another page of the shop */
				const { token } = visitor;
				await visitor.close();
				visitor = Object.assign(await server.visitor({ token }), { token });
			}
			assert.equal((await server.ask("GET", "/widget.js")).status, 200);
		}
		visitor.send({ type: "export", client_id: "export" });
		assert.equal((await visitor.acked("export")).type, "ack");
		assert.deepEqual(visitor.frames.filter((frame) => frame.type === "error"), []);
	}));
}

/* Ten agents in one office: all sign in within a minute, some with a wrong password at first, and take chats. */
export async function ten_agents_on_one_line() {
	const server = await Server.start({ changes: USUAL });
	const owner = await server.owner("Olga"), cookies = [];
	for (let i = 0; i < 10; i++) {
		const name = `Agent ${i}`, body = { name, role: "agent", password: PASSWORD };
		assert.equal((await server.ask("POST", "/api/v1/agents", { cookie: owner, body })).status, 201);
		if (i % 3 === 0)
			assert.equal((await server.ask("POST", "/api/v1/session", { body: { name, password: "mistyped" } })).status, 401);
		cookies.push(await server.signIn(name));
	}
	const agents = await Promise.all(cookies.map((cookie) => Agent.arrive(server.port, cookie)));
	await Promise.all(agents.map(async (agent, i) => {
		const visitor = await server.visitor();
		visitor.send({ type: "person", client_id: `person ${i}` });
		await visitor.acked(`person ${i}`);
		const { conversation } = await agent.any((frame) => frame.client_id === `person ${i}`, "the conversation");
		for (const frame of [{ type: "claim" }, ...Array.from({ length: 20 }, (_, k) => ({ type: "message", text: `line ${k}` })), { type: "close" }])
			assert.equal((await agent.does({ ...frame, conversation })).type, "ack");
		for (const target of ["/api/v1/corpus", "/api/v1/numbers", "/api/v1/search?q=line", "/console/"])
			assert.equal((await server.ask("GET", target, { cookie: cookies[i] })).status, 200, target);
	}));
	assert.deepEqual(agents.flatMap((agent) => agent.frames.filter((frame) => frame.type === "error")), []);
}
