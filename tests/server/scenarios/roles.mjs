// SPDX-License-Identifier: Apache-2.0
/* Who may do what: every verb of the program's own tables, by every role, in a conversation that is one's own, a
 * colleague's, the bot's, waiting, closed, or not there. A verb without a row here fails. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Agent } from "../client.mjs";
import { Server, root } from "../server.mjs";

const source = (name) => fs.readFileSync(path.join(root, "engine/server", name), "utf8");

/* The verbs of a table in C, as the wire names them, with their least role. */
function verbsOf(name) {
	const table = /verbs\[\] = \{([\s\S]*?)\n\};/.exec(source(name))[1];
	return [...table.matchAll(/\[FRAME_(\w+)\] = \{ (?:ROLE_(\w+))?/g)].map(([, verb, role]) => [verb.toLowerCase(), role?.toLowerCase()]);
}

const COLUMNS = ["own", "foreign", "bot", "waiting", "closed", "missing"];
/* What an agent is answered, by column: an ack, a frame, an error's code, or silence. */
const agents = {
	open: [{}, "conversation", "conversation", "conversation", "conversation", "conversation", "not_found"],
	claim: [{}, "ack", "taken", "ack", "ack", "closed", "not_found"],
	message: [{ text: "hello" }, "ack", "not_yours", "ack", "ack", "closed", "not_found"],
	note: [{ text: "hello" }, "ack", "ack", "ack", "ack", "ack", "not_found"],
	tag: [{ tag: "refund" }, "ack", "ack", "ack", "ack", "ack", "not_found"],
	return: [{}, "ack", "not_yours", "not_yours", "not_yours", "closed", "not_found"],
	close: [{}, "ack", "not_yours", "not_yours", "not_yours", "closed", "not_found"],
	transfer: [{ queue: true }, "ack", "not_yours", "not_yours", "not_yours", "closed", "not_found"],
	rate_handover: [{ right: true }, "ack", "ack", "ack", "ack", "ack", "not_found"],
	suggest: [{}, "suggestions", "suggestions", "suggestions", "suggestions", "suggestions", "not_found"],
	teach: [{ seq: 1, intent: "delivery-time" }, "ack", "ack", "ack", "ack", "ack", "not_found"],
	typing: [{}, null, null, null, null, null, null],
	read: [{ seq: 1 }, null, null, null, null, null, null],
	hello: [{}, "hello_first", "hello_first", "hello_first", "hello_first", "hello_first", "hello_first"],
	presence: [{ status: "available" }, "ack", "ack", "ack", "ack", "ack", "ack"],
	list: [{ filter: "all" }, "list", "list", "list", "list", "list", "list"],
	ping: [{}, "pong", "pong", "pong", "pong", "pong", "pong"],
};

/* A conversation as the column says; `me` is whose own it is to be. */
async function conversationFor(server, column, me, colleague) {
	if (column === "missing") return 999999;
	const visitor = await server.visitor();
	const id = randomBytes(6).toString("hex");
	await visitor.say("delivery time", id);
	visitor.send({ type: "person", client_id: `${id}p` });
	await visitor.acked(`${id}p`);
	const { conversation } = await me.any((event) => event.client_id === id, "the conversation");
	await me.any((event) => event.kind === "handover" && event.conversation === conversation, "the handover");
	const owner = column === "foreign" ? colleague : me;
	if (column !== "waiting") assert.equal((await owner.does({ type: "claim", conversation })).type, "ack");
	if (column === "bot") assert.equal((await owner.does({ type: "return", conversation })).type, "ack");
	if (column === "closed") assert.equal((await owner.does({ type: "close", conversation })).type, "ack");
	await visitor.close();
	return conversation;
}

/* The answer to a frame, in a word: what comes before the pong of a ping that is sent behind it. */
async function answerTo(agent, frame) {
	const from = agent.frames.length, clientId = randomBytes(6).toString("hex");
	agent.send({ ...frame, client_id: clientId });
	if (frame.type !== "ping") agent.send({ type: "ping" });
	const isAnswer = (one) => (one.type === "ack" || one.type === "error") && one.client_id === clientId ||
		["conversation", "suggestions", "list"].includes(one.type);
	const answers = () => agent.frames.slice(from);
	const isSilent = agents[frame.type].every((word) => word === null || typeof word === "object");
	await agent.until(() => answers().some((one) => one.type === "pong") && (isSilent || frame.type === "ping" || answers().some(isAnswer)),
		`an answer to ${JSON.stringify(frame)}`);
	if (frame.type === "ping") return "pong";
	const answer = answers().find(isAnswer);
	return !answer ? null : answer.type === "error" ? answer.code : answer.type;
}

export async function every_verb_of_agents() {
	const verbs = verbsOf("agent.c");
	assert.deepEqual(verbs.map(([verb]) => verb).sort(), Object.keys(agents).sort(), "every verb has a row, every row a verb");
	const server = await Server.start();
	const roles = { agent: await server.agent("Anna"), owner: await Agent.arrive(server.port, await server.agentCookie("Otto", "owner")) };
	const colleague = await server.agent("Bernd");
	for (const [verb, least] of verbs)
		for (const [role, me] of Object.entries(roles))
			for (const [i, column] of COLUMNS.entries()) {
				const [fields, ...wanted] = agents[verb];
				const conversation = await conversationFor(server, column, me, colleague);
				const expected = least === "owner" && role === "agent" ? "forbidden" : wanted[i];
				assert.equal(await answerTo(me, { type: verb, conversation, ...fields }), expected, `${verb} by an ${role}, ${column}`);
			}
}

/* Nobody who is not signed in has any of them: there is no connection, and a visitor's knows no such verbs. */
export async function no_verb_of_agents_for_visitors() {
	const server = await Server.start();
	const visitor = await server.visitor();
	await visitor.say("delivery time");
	const shared = verbsOf("visitor.c").map(([verb]) => verb);
	for (const [verb] of verbsOf("agent.c").filter(([name]) => !shared.includes(name))) {
		visitor.send({ type: verb, conversation: 1, client_id: verb, ...agents[verb][0] });
		assert.equal((await visitor.acked(verb)).code, "unknown_type", verb);
	}
}

/* What a visitor sends is about the visitor's own conversation, whatever else it names. */
const visitors = {
	hello: {}, message: { text: "delivery time" }, choose: { option: "delivery-time" }, person: {}, typing: {}, read: { seq: 1 },
	page: { url: "https://shop.example/x", title: "X" }, rate: { seq: 3, helpful: false }, survey: { csat: 1 },
	contact: { email: "thief@evil.example", consent: true }, export: {}, ping: {}, close: {}, erase: {},
};

export async function every_verb_of_visitors_with_a_foreign_conversation() {
	assert.deepEqual(verbsOf("visitor.c").map(([verb]) => verb).sort(), Object.keys(visitors).sort(), "every verb has a row");
	const server = await Server.start();
	const victim = await server.visitor();
	await victim.reply(await victim.say("my secret is xyzzy-4711, delivery time"));
	victim.send({ type: "export", client_id: "before" });
	const { export: before } = await victim.acked("before");
	const thief = await server.visitor();
	await thief.say("track my order");
	for (const [verb, fields] of Object.entries(visitors)) {
		const names = { conversation: before.conversation, id: before.conversation, token: victim.token, subject: "x", agent: 1 };
		thief.send({ type: verb, client_id: `t-${verb}`, ...names, ...fields }, { type: "ping" });
		await thief.next("pong");
	}
	await thief.any((frame) => frame.type === "ack" && frame.of === "erase", "the end");
	assert.ok(!JSON.stringify(thief.frames).includes("xyzzy"));
	victim.send({ type: "export", client_id: "after" });
	assert.deepEqual((await victim.acked("after")).export, before);
}
