// SPDX-License-Identifier: Apache-2.0
/* Two speakers at once, which must never be. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Agent, Client } from "../client.mjs";
import { Server } from "../server.mjs";

const SHOTS = 200;

/* Visitor's messages as fast as they go, the claim in their midst. `shape` is how they are fired. */
async function race(server, anna, shoot) {
	const visitor = await server.visitor();
	const first = await visitor.say("delivery time", "start");
	const inbox = await anna.any((frame) => frame.type === "inbox" && frame.conversation.last?.at === first.at ||
		frame.type === "event" && frame.client_id === "start" && frame.at === first.at && frame.seq === first.seq &&
		!anna.used?.has(frame.conversation), "the new conversation");
	const id = inbox.conversation.id ?? inbox.conversation;
	(anna.used ??= new Set()).add(id);
	await shoot(visitor, id);
	const acked = () => visitor.frames.filter((frame) => frame.type === "ack").length;
	await visitor.until(() => acked() === SHOTS + 1, "all acks");
	const claim = await visitor.any((frame) => frame.kind === "claim", "the claim");
	await visitor.until(() => visitor.events.some((event) => event.client_id === `m${SHOTS - 1}`), "the last message");
	const late = visitor.events.filter((event) => event.seq > claim.seq && event.from === "bot");
	assert.deepEqual(late, []);
	const seqs = visitor.events.map((event) => event.seq);
	assert.ok(seqs.every((seq, i) => !i || seq > seqs[i - 1]), "in order, none twice");
	assert.equal(new Set(visitor.events.map((event) => event.client_id).filter(Boolean)).size, SHOTS + 1);
	/* The same on the disk. */
	const again = await server.visitor({ token: visitor.token });
	await again.until(() => again.events.length === visitor.events.length, "the transcript");
	assert.deepEqual(again.events, visitor.events);
	await again.close();
	await visitor.close();
}

const shot = (i) => ({ type: "message", client_id: `m${i}`, text: i % 3 ? "wheres my parcel" : `gibber ${i} xyzzy` });

export async function claim_among_200_messages() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	/* The claim goes out after so many of them have been written to the socket. */
	for (const before of [0, 1, 10, 100, 199])
		await race(server, anna, async (visitor, id) => {
			for (let i = 0; i < SHOTS; i++) {
				if (i === before) anna.send({ type: "claim", conversation: id, client_id: "claim" });
				visitor.send(shot(i));
			}
		});
	/* All in one write. */
	await race(server, anna, async (visitor, id) => {
		visitor.send(...Array.from({ length: SHOTS }, (_, i) => shot(i)));
		anna.send({ type: "claim", conversation: id, client_id: "claim" });
	});
	/* With the event loop's turns between them. */
	await race(server, anna, async (visitor, id) => {
		for (let i = 0; i < SHOTS; i++) {
			visitor.send(shot(i));
			if (i === 77) anna.send({ type: "claim", conversation: id, client_id: "claim" });
			if (i % 5 === 0) await new Promise(setImmediate);
		}
	});
}

export async function two_agents_claim_at_once() {
	const server = await Server.start();
	const agents = [await server.agent("Anna"), await server.agent("Bert")];
	for (let round = 0; round < 20; round++) {
		const visitor = await server.visitor();
		visitor.send({ type: "person", client_id: `p${round}` });
		await visitor.acked(`p${round}`);
		const event = await agents[0].any((frame) => frame.type === "event" && frame.client_id === `p${round}`, "the event");
		const answers = await Promise.all(agents.map((agent) => agent.does({ type: "claim", conversation: event.conversation })));
		assert.deepEqual(answers.map((answer) => answer.code ?? answer.type).sort(), ["ack", "taken"]);
		const winner = answers[0].type === "ack" ? 0 : 1;
		const other = await agents[1 - winner].does({ type: "message", conversation: event.conversation, text: "me too" });
		assert.match(other.code, /^(taken|not_yours)$/);
		await visitor.any((frame) => frame.kind === "claim", "the claim");
		assert.equal(visitor.events.filter((one) => one.kind === "claim").length, 1);
		assert.equal((await agents[winner].does({ type: "close", conversation: event.conversation })).type, "ack");
		await visitor.close();
	}
}

export async function transfer_note_return() {
	const server = await Server.start();
	const anna = await server.agent("Anna"), bert = await server.agent("Bert");
	const visitor = await server.visitor();
	visitor.send({ type: "person", client_id: "p" });
	await visitor.acked("p");
	const { conversation: id } = await anna.any((frame) => frame.type === "event" && frame.client_id === "p", "the event");
	assert.equal((await anna.does({ type: "return", conversation: id })).code, "not_yours");
	assert.equal((await anna.does({ type: "claim", conversation: id })).type, "ack");
	assert.equal((await anna.does({ type: "note", conversation: id, text: "a regular" })).type, "ack");
	assert.equal((await anna.does({ type: "transfer", conversation: id, agent: 999 })).code, "not_found");
	assert.equal((await anna.does({ type: "transfer", conversation: id, agent: bert.welcome.you.id })).type, "ack");
	await visitor.any((frame) => frame.kind === "transfer", "the transfer");
	assert.equal((await anna.does({ type: "message", conversation: id, text: "still me" })).code, "not_yours");
	assert.equal((await bert.does({ type: "message", conversation: id, text: "Bert here" })).type, "ack");
	assert.equal((await bert.does({ type: "transfer", conversation: id, queue: true })).type, "ack");
	await bert.any((frame) => frame.type === "inbox" && frame.conversation.id === id && frame.conversation.owner === "queue" &&
		frame.conversation.seq > 5, "back in the queue");
	assert.equal((await bert.does({ type: "claim", conversation: id })).type, "ack");
	assert.equal((await bert.does({ type: "return", conversation: id })).type, "ack");
	const ack = await visitor.say("how do returns work");
	assert.equal((await visitor.reply(ack)).intent, "return-item");
	assert.ok(!visitor.events.some((event) => event.kind === "note" || event.kind === "decision"));
	assert.ok(!JSON.stringify(visitor.frames).includes("a regular"));
	assert.equal((await anna.does({ type: "claim", conversation: 4711 })).code, "not_found");
}

export async function agent_gone_for_good() {
	const server = await Server.start({ changes: { handover: { "agent grace": "1 second" } } });
	const cookie = await server.agentCookie("Anna");
	const anna = await Agent.arrive(server.port, cookie);
	const visitor = await server.visitor();
	visitor.send({ type: "person", client_id: "p" });
	await visitor.acked("p");
	const { conversation: id } = await anna.any((frame) => frame.type === "event" && frame.client_id === "p", "the event");
	assert.equal((await anna.does({ type: "claim", conversation: id })).type, "ack");
	/* A short absence changes nothing ... */
	await anna.close();
	const back = await Agent.arrive(server.port, cookie);
	assert.equal((await back.does({ type: "message", conversation: id, text: "back" })).type, "ack");
	/* ... a long one gives the conversation back to the queue. */
	await back.close();
	const event = await visitor.any((frame) => frame.kind === "return", "the return to the queue");
	assert.equal(event.owner, "queue");
	/* Also when the server was restarted meanwhile. */
	const again = await Agent.arrive(server.port, cookie);
	assert.equal((await again.does({ type: "claim", conversation: id })).type, "ack");
	await server.kill();
	await server.up();
	const later = await server.visitor({ token: visitor.token, last_seq: event.seq });
	await later.any((frame) => frame.kind === "return", "the return after the restart");
}

export async function an_agent_resumes() {
	const server = await Server.start();
	const cookie = await server.agentCookie("Anna");
	const anna = await Agent.arrive(server.port, cookie);
	const visitor = await server.visitor();
	await visitor.say("delivery time", "one");
	const seen = await anna.any((frame) => frame.type === "event" && frame.client_id === "one", "the event");
	await anna.until(() => anna.events.length >= 3, "message, decision, answer");
	const last = Math.max(...anna.events.map((event) => event.id));
	await anna.close();
	await visitor.say("track my order", "two");
	await visitor.until(() => visitor.events.length >= 4, "the answer");
	const back = await Agent.arrive(server.port, cookie, { last });
	await back.until(() => back.events.length >= 3, "the missed events");
	assert.equal(back.events[0].client_id, "two");
	assert.ok(back.events.every((event) => event.id > last && event.conversation === seen.conversation));
	assert.ok(back.welcome.inbox.some((summary) => summary.id === seen.conversation && summary.visitor.online));
	const ids = back.events.map((event) => event.id);
	assert.equal(new Set(ids).size, ids.length);
}

/* More than the bound of an outbox was missed, and the console begins to read only when all of it is under way. */
export async function an_agent_resumes_and_reads_late() {
	const NOTES = 600, server = await Server.start();
	const cookie = await server.agentCookie("Anna"), anna = await Agent.arrive(server.port, cookie);
	const visitor = await server.visitor();
	await visitor.say("delivery time", "q");
	const { conversation, id } = await anna.any((frame) => frame.type === "event" && frame.client_id === "q", "the event");
	for (let i = 0; i < NOTES; i++) anna.send({ type: "note", conversation, client_id: `n${i}`, text: "\u{1f993}".repeat(4000) });
	await anna.until(() => anna.events.filter(({ kind }) => kind === "note").length === NOTES, "all notes");
	const told = () => anna.frames.filter(({ type }) => type === "presence").length, before = told();
	const late = await Client.open(server.port, "/ws/agent", { headers: { Cookie: cookie, Origin: `http://127.0.0.1:${server.port}` } });
	late.socket.pause();
	late.send({ type: "hello", last: id });
	await anna.until(() => told() > before, "word of the second console");
	late.socket.resume();
	const seen = anna.events.filter((event) => event.id > id);
	await late.until(() => late.events.length === seen.length || late.isGone, "all of it");
	assert.deepEqual(late.events.map((event) => event.id), seen.map((event) => event.id));
	assert.ok(!late.isGone);
}

export async function suggest_teach_list_search() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const visitor = await server.visitor();
	const ack = await visitor.say("wheres my parcel", "q");
	const { conversation: id } = await anna.any((frame) => frame.type === "event" && frame.client_id === "q", "the event");
	anna.send({ type: "suggest", conversation: id });
	const { suggestions } = await anna.next("suggestions");
	assert.equal(suggestions[0].intent, "track-order");
	assert.ok(suggestions.length <= 3 && suggestions[0].text && suggestions[0].html);

	/* An agent is not offered to say that a colleague is being asked. */
	fs.appendFileSync(path.join(server.intents, "topics.md"), "\n## Live agent {#live-agent}\n- live agent for my parcel\n- where is a live agent\n\nI am asking a colleague.\n\nhuman: always\n");
	await anna.any((frame) => frame.type === "corpus" && frame.serving, "the new topic");
	const asked = await server.ask("POST", "/api/v1/ask", { body: { text: "live agent for my parcel" } });
	assert.equal(asked.json.candidates[0].intent, "live-agent");
	anna.send({ type: "suggest", conversation: id, text: "live agent for my parcel" });
	assert.ok((await anna.next("suggestions")).suggestions.every(({ intent }) => intent !== "live-agent"));
	assert.equal((await anna.does({ type: "teach", conversation: id, seq: ack.seq, intent: "track-order" })).type, "ack");
	assert.equal((await anna.does({ type: "teach", conversation: id, seq: 99, intent: "track-order" })).code, "not_found");
	anna.send({ type: "list", filter: "all" });
	assert.deepEqual((await anna.next("list")).conversations.map((summary) => summary.id), [id]);
	const found = await server.ask("GET", "/api/v1/search?q=parcel", { cookie: server.ownerCookie });
	assert.equal(found.json.conversations[0].id, id);
	assert.match(found.json.conversations[0].snippet, /parcel/);
	const numbers = await server.ask("GET", "/api/v1/numbers?days=1", { cookie: server.ownerCookie });
	assert.equal(numbers.json.episodes, 1);
	assert.equal(numbers.json.answered, 1);
}
