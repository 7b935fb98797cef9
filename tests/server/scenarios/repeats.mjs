// SPDX-License-Identifier: Apache-2.0
/* Whatever stores something may be sent again after a break: it is answered as it was the first time, and kept once. */
import assert from "node:assert/strict";
import { Agent } from "../client.mjs";
import { Server } from "../server.mjs";

/* What a visitor sends, and the same client_id with another body. `{seq}` is that of a line of the bot's. */
const visitors = [
	[{ type: "message", client_id: "m", text: "delivery time" }, { text: "track my order" }],
	[{ type: "rate", client_id: "r", helpful: true }, { helpful: false }],
	[{ type: "survey", client_id: "s", csat: 4, comment: "fine" }, { comment: "not fine" }],
	[{ type: "contact", client_id: "c", email: "grace@shop.example", name: "Grace", consent: true }, { email: "other@shop.example" }],
	[{ type: "choose", client_id: "o", option: "delivery-time" }, { option: "track-order" }],
	[{ type: "person", client_id: "p" }, { type: "close" }],
	[{ type: "close", client_id: "x" }, { type: "person" }],
];

const agents = [
	[{ type: "claim", client_id: "1" }, { type: "return" }],
	[{ type: "message", client_id: "2", text: "Hello from Anna" }, { text: "Hello" }],
	[{ type: "note", client_id: "3", text: "a patient customer" }, { text: "a customer" }],
	[{ type: "tag", client_id: "t", tag: "refund" }, { tag: "late" }],
	[{ type: "tag", client_id: "u", tag: "Refund", remove: true }, { remove: undefined }],
	[{ type: "rate_handover", client_id: "4", right: true }, { right: false }],
	[{ type: "transfer", client_id: "5", queue: true }, { type: "note", text: "x" }],
];

/* Sends it and gives the answer that is new. */
async function answer(client, frame) {
	const answers = () => client.frames.filter((one) => (one.type === "ack" || one.type === "error") && one.client_id === frame.client_id);
	const before = answers().length;
	client.send(frame);
	await client.until(() => answers().length > before, `an answer to ${JSON.stringify(frame)}`);
	return answers()[before];
}

/* Everything that is stored of the conversation, as its visitor may see it. */
async function stored(visitor) {
	const { export: all } = await answer(visitor, { type: "export", client_id: `export-${visitor.frames.length}` });
	return all;
}

export async function of_a_visitor() {
	const server = await Server.start();
	const first = await server.visitor();
	const hello = await first.say("wheres my parcel", "start");
	const { seq } = await first.reply(hello);
	const acks = [];
	for (const [frame] of visitors) {
		const full = frame.type === "rate" ? { ...frame, seq } : frame;
		const ack = await answer(first, full);
		assert.equal(ack.type, "ack", JSON.stringify(ack));
		assert.ok(ack.seq > 0 && ack.at > 0, JSON.stringify(ack));
		acks.push(ack);
	}
	const before = await stored(first);
	/* Over the same connection, over a new one, and after the server was killed. */
	for (const way of ["same", "new", "killed"]) {
		if (way === "killed") {
			await server.kill();
			await server.up();
		}
		const client = way === "same" ? first : await server.visitor({ token: first.token });
		for (const [i, [frame, change]] of visitors.entries()) {
			const full = frame.type === "rate" ? { ...frame, seq } : frame;
			assert.deepEqual(await answer(client, full), acks[i], `${way}: ${frame.type}`);
			const other = await answer(client, { ...full, ...change });
			assert.equal(other.code, "conflict", `${way}: ${JSON.stringify(other)}`);
		}
		assert.deepEqual(await stored(client), before, way);
	}
	/* Both at once, before the first is on the disk: one of them. */
	const twice = await server.visitor({ token: first.token });
	const both = { type: "survey", client_id: "both", csat: 5 };
	twice.send(both, both);
	await twice.until(() => twice.frames.filter((frame) => frame.client_id === "both" && frame.type === "ack").length === 2, "two acks");
	const [one, two] = twice.frames.filter((frame) => frame.client_id === "both" && frame.type === "ack");
	assert.deepEqual(one, two);
	assert.equal((await stored(twice)).events.filter((event) => event.client_id === "both").length, 1);
}

/* The first words make the conversation. Who does not hear that they were taken has only the key that it offered with them. */
export async function of_first_words() {
	const server = await Server.start();
	const token = "a-key-that-the-page-has-made";
	const words = { type: "message", client_id: "first", text: "delivery time", token };
	const deaf = await server.visitor();
	const ack = await answer(deaf, words);
	assert.equal(ack.token, token, "the key of the page is the key");
	const before = await stored(deaf);
	for (const way of ["new", "killed"]) {
		if (way === "killed") {
			await server.kill();
			await server.up();
		}
		const again = await server.visitor();
		assert.deepEqual(await answer(again, words), ack, way);
		await again.reply(ack);
		assert.deepEqual(await stored(again), before, way);
		assert.equal((await answer(again, { ...words, text: "something else" })).code, "conflict");
	}
	/* It opens the conversation as any key does, and with other words than the first too. */
	const more = await server.visitor();
	const second = await answer(more, { type: "message", client_id: "second", text: "track my order", token });
	assert.ok(second.seq > before.events.at(-1).seq, "behind what is there");
	const known = await server.visitor({ token });
	assert.ok(known.welcome.conversation.seq >= second.seq);

	/* On two lines at the same moment: one conversation, whoever is first. */
	for (let round = 0; round < 10; round++) {
		const both = [await server.visitor(), await server.visitor()];
		const said = { ...words, token: `${token}-${round}` };
		for (const one of both) one.send(said);
		const acks = await Promise.all(both.map((one) => one.any((frame) => frame.client_id === "first" && frame.type !== "event", "an answer")));
		assert.equal(acks[0].type, "ack");
		assert.deepEqual(acks[0], acks[1]);
	}
	const anna = await server.agent("Anna");
	anna.send({ type: "list", filter: "all" });
	assert.equal((await anna.next("list")).conversations.length, 11);
}

export async function of_an_agent() {
	const server = await Server.start();
	const cookie = await server.agentCookie("Anna");
	let anna = await Agent.arrive(server.port, cookie);
	const visitor = await server.visitor();
	/* The visitor counts from 1 as well: that is nobody's business but the visitor's. */
	for (const clientId of ["1", "2", "3"]) assert.equal((await visitor.say("delivery time", clientId)).type, "ack");
	visitor.send({ type: "person", client_id: "4" });
	await visitor.acked("4");
	const { conversation } = await anna.any((frame) => frame.kind === "handover", "the handover");
	const acks = [];
	for (const [frame] of agents) {
		const ack = await answer(anna, { ...frame, conversation });
		assert.equal(ack.type, "ack", JSON.stringify(ack));
		acks.push(ack);
	}
	const all = async (agent) => {
		agent.send({ type: "open", conversation });
		return (await agent.next("conversation")).events;
	};
	const before = await all(anna);
	for (const way of ["same", "new", "killed"]) {
		if (way === "killed") {
			await server.kill();
			await server.up();
		}
		if (way !== "same") anna = await Agent.arrive(server.port, cookie);
		for (const [i, [frame, change]] of agents.entries()) {
			assert.deepEqual(await answer(anna, { ...frame, conversation }), acks[i], `${way}: ${frame.type}`);
			const other = await answer(anna, { ...frame, ...change, conversation });
			assert.equal(other.code, "conflict", `${way}: ${JSON.stringify(other)}`);
		}
		assert.deepEqual(await all(anna), before, way);
	}
	/* A colleague's client_id is the colleague's. */
	const bernd = await server.agent("Bernd");
	assert.equal((await answer(bernd, { type: "note", client_id: "3", text: "Bernd was here", conversation })).type, "ack");
	assert.equal((await all(bernd)).length, before.length + 1);
}
