// SPDX-License-Identifier: Apache-2.0
/* A whole conversation, and coming back to it. */
import assert from "node:assert/strict";
import { Server } from "../server.mjs";

export async function answered_and_resumed() {
	const server = await Server.start();
	const visitor = await server.visitor({ lang: "en", page: { url: "https://shop.example/", title: "Home" } });
	assert.equal(visitor.welcome.shop, "Test Shop");
	assert.equal(visitor.welcome.conversation, null);
	assert.deepEqual(visitor.welcome.suggestions.map((option) => option.id), ["delivery-time"]);
	const ack = await visitor.say("wheres my parcel", "a1");
	assert.equal(ack.of, "message");
	assert.equal(ack.seq, 1);
	assert.match(ack.token, /^[\w-]{22,}$/);
	const reply = await visitor.reply(ack);
	assert.equal(reply.from, "bot");
	assert.equal(reply.intent, "track-order");
	assert.match(reply.html, /<a /);
	const own = visitor.events[0];
	assert.equal(own.client_id, "a1");
	assert.ok(own.seq < reply.seq);

	/* The same again after a break: only what was missed, in order, once. */
	await visitor.close();
	const back = await server.visitor({ token: visitor.token, last_seq: own.seq });
	assert.equal(back.welcome.conversation.seq, reply.seq);
	assert.equal(back.welcome.conversation.owner, "bot");
	await back.until(() => back.events.length === 1, "the missed event");
	assert.deepEqual(back.events[0], reply);
	const second = await back.say("how long does delivery take");
	const answer = await back.reply(second);
	assert.equal(answer.intent, "delivery-time");
	assert.equal(second.token, undefined);

	/* And all of it for a page that knows nothing. */
	const fresh = await server.visitor({ token: visitor.token });
	await fresh.until(() => fresh.events.length === 4, "the whole transcript");
	assert.deepEqual(fresh.events.map((event) => event.from), ["visitor", "bot", "visitor", "bot"]);
}

export async function two_tabs_see_the_same() {
	const server = await Server.start();
	const first = await server.visitor();
	await first.say("delivery time");
	const second = await server.visitor({ token: first.token, last_seq: 0 });
	const ack = await second.say("track my order");
	await first.reply(ack);
	await second.reply(ack);
	const rest = (client) => client.events.map((event) => [event.seq, event.from, event.text]);
	await second.until(() => second.events.length === first.events.length, "as many events");
	assert.deepEqual(rest(second), rest(first));
}

export async function handed_over_claimed_closed_rated() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	assert.equal(anna.welcome.you.name, "Anna");
	const visitor = await server.visitor();
	visitor.send({ type: "person", client_id: "p1" });
	const ack = await visitor.acked("p1");
	const handover = await visitor.any((frame) => frame.kind === "handover", "a handover");
	assert.equal(handover.reason, "asked");
	assert.equal(handover.owner, "queue");
	const place = await visitor.any((frame) => frame.type === "queue", "the place in the queue");
	assert.equal(place.position, 1);
	const inbox = await anna.any((frame) => frame.type === "inbox" && frame.conversation.owner === "queue", "the inbox");
	const id = inbox.conversation.id;
	assert.equal((await anna.does({ type: "claim", conversation: id })).type, "ack");
	const claim = await visitor.any((frame) => frame.kind === "claim", "the claim");
	assert.equal(claim.agent.name, "Anna");
	assert.equal((await anna.does({ type: "message", conversation: id, text: "Hello, Anna here." })).type, "ack");
	const hello = await visitor.any((frame) => frame.from === "agent" && frame.kind === "message", "the agent's line");
	assert.equal(hello.text, "Hello, Anna here.");
	assert.equal(hello.owner, "agent");
	visitor.send({ type: "typing" });
	await anna.any((frame) => frame.type === "typing" && frame.conversation === id, "the visitor's typing");
	anna.send({ type: "typing", conversation: id });
	await visitor.any((frame) => frame.type === "typing" && frame.agent.name === "Anna", "the agent's typing");
	anna.send({ type: "read", conversation: id, seq: ack.seq });
	await visitor.any((frame) => frame.type === "read" && frame.seq === ack.seq, "the agent has read");
	const said = await visitor.say("thanks");
	await anna.any((frame) => frame.type === "event" && frame.seq === said.seq && frame.conversation === id, "it arrives");
	assert.ok(!visitor.events.some((event) => event.seq > claim.seq && event.from === "bot"));
	assert.equal((await anna.does({ type: "close", conversation: id })).type, "ack");
	await visitor.any((frame) => frame.kind === "close", "the close");
	visitor.send({ type: "survey", csat: 5, comment: "quick", client_id: "s1" });
	assert.equal((await visitor.acked("s1")).of, "survey");
	const open = await anna.does({ type: "message", conversation: id, text: "too late" });
	assert.equal(open.code, "closed");
	anna.send({ type: "open", conversation: id });
	const whole = await anna.next("conversation");
	assert.equal(whole.conversation.closed, true);
	assert.ok(whole.events.some((event) => event.kind === "decision" || event.kind === "handover"));
	const seqs = whole.events.map((event) => event.seq);
	assert.deepEqual(seqs, seqs.map((_, i) => i + 1));
}

export async function the_same_client_id() {
	const server = await Server.start();
	const visitor = await server.visitor();
	/* Both before the first is on disk. */
	visitor.send({ type: "message", client_id: "x", text: "delivery time" },
		{ type: "message", client_id: "x", text: "delivery time" });
	await visitor.until(() => visitor.frames.filter((frame) => frame.type === "ack").length === 2, "two acks");
	const [one, two] = visitor.frames.filter((frame) => frame.type === "ack");
	assert.deepEqual(one, two);
	visitor.send({ type: "message", client_id: "x", text: "something else" });
	const conflict = await visitor.any((frame) => frame.type === "error", "the conflict");
	assert.equal(conflict.code, "conflict");
	assert.equal(conflict.client_id, "x");
	/* After a reconnect and after a restart. */
	for (const again of ["reconnect", "restart"]) {
		if (again === "restart") {
			await server.kill();
			await server.up();
		}
		const back = await server.visitor({ token: one.token, last_seq: 99 });
		const repeated = await back.say("delivery time", "x");
		assert.equal(repeated.type, "ack", again);
		assert.equal(repeated.seq, one.seq, again);
		assert.equal(repeated.at, one.at, again);
		assert.equal((await back.say("no", "y")).type, "ack");
		back.send({ type: "message", client_id: "x", text: "no" });
		assert.equal((await back.any((frame) => frame.type === "error", "the conflict")).code, "conflict");
		await back.close();
	}
	const fresh = await server.visitor({ token: one.token });
	await fresh.until(() => fresh.events.length >= 2 && fresh.events.at(-1).seq >= fresh.welcome.conversation.seq, "all");
	assert.equal(fresh.events.filter((event) => event.client_id === "x").length, 1);
}

export async function choose_and_person() {
	const server = await Server.start();
	const visitor = await server.visitor();
	visitor.send({ type: "choose", client_id: "c", option: "delivery-time" });
	const ack = await visitor.acked("c");
	assert.equal((await visitor.reply(ack)).intent, "delivery-time");
	assert.equal(visitor.events[0].text, "How long does delivery take?");
	visitor.send({ type: "choose", client_id: "d", option: "no-such-button" });
	assert.equal((await visitor.acked("d")).code, "unknown_option");
	/* Repeated, as after a lost ack. */
	visitor.send({ type: "choose", client_id: "c", option: "delivery-time" });
	await visitor.until(() => visitor.frames.filter((frame) => frame.type === "ack").length === 2, "the ack again");
	assert.equal(visitor.frames.filter((frame) => frame.type === "ack")[1].seq, ack.seq);
}
