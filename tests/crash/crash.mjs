// SPDX-License-Identifier: Apache-2.0
/* A shop at work whose server is killed again and again. Visitors and agents talk over real sockets; after every restart
 * what was acknowledged must stand once and in order, for the visitor and for the agents, the same lines under the same
 * numbers as before, and every conversation must be what its events add up to (`shopbell verify`).
 *
 * The moment of a kill is one of four, in turn: after some acknowledgements; as soon as the journal grows, which is between
 * the commit and its acknowledgement; a little later; and at once after the messages have been written to the sockets. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Agent, Visitor } from "../server/client.mjs";
import { Server, run } from "../server/server.mjs";

const TEXTS = ["wheres my parcel", "delivery time", "I want to return this", "qwertz uiop", "thanks", "I want a human",
	"how do returns work", "this is useless, third time I ask!!!"];
const ROUNDS_A_CONVERSATION = 6; /* then the visitor begins anew: the first message is killed too */
const SPIN_MS = 2; /* at most, between the journal's growth and a later kill */

/* A small generator, so that a run's choices can be had again from its seed (the machine's timing cannot). */
function choices(seed) {
	let state = seed >>> 0;
	return (below) => {
		state = Math.imul(state ^ state >>> 15, 0x2c1b3c6d) + 0x9e3779b9 >>> 0;
		return Math.floor(((state ^ state >>> 13) >>> 0) % 65536 * below / 65536);
	};
}

/* Somebody who sends, and sends again after a break whatever was not answered, with the same client_id. */
class Sender {
	open = new Map();  // client_id -> frame: sent, not answered
	acked = new Map(); // client_id -> seq
	sent = 0;

	constructor(name) {
		this.name = name;
	}

	put(frame) {
		const whole = { ...frame, client_id: `${this.name}-${this.sent++}` };
		this.open.set(whole.client_id, whole);
		this.client.send(whole);
	}

	again() {
		if (this.open.size) this.client.send(...this.open.values());
	}

	/* What has been answered so far. */
	note(onAck = () => {}) {
		for (const frame of this.client.frames) {
			const sent = this.open.get(frame.client_id);
			if (!sent || frame.type !== "ack" && frame.type !== "error") continue;
			this.open.delete(frame.client_id);
			if (frame.type === "ack") this.acked.set(frame.client_id, frame.seq);
			onAck(frame, sent);
		}
	}
}

class Talker extends Sender {
	lines = new Map(); // seq -> the event as it was first seen, as JSON
	rounds = 0;

	/* `isFull`: as a page that knows nothing; or else from the last number seen. */
	async connect(port, isFull) {
		const last = isFull ? 0 : Math.max(0, ...this.lines.keys());
		this.client = await Visitor.arrive(port, { token: this.token, last_seq: last });
		const { conversation } = this.client.welcome;
		if (this.token) assert.ok(conversation, `${this.name}: the conversation is gone`);
		if (conversation) this.id = conversation.id;
	}

	note() {
		super.note((frame) => {
			assert.equal(frame.type, "ack", `${this.name}: ${JSON.stringify(frame)}`);
			this.token ??= frame.token;
		});
		let before = 0;
		for (const event of this.client.events) {
			assert.ok(event.seq > before, `${this.name}: ${event.seq} comes after ${before}`);
			before = event.seq;
			const line = JSON.stringify(event);
			assert.equal(line, this.lines.get(event.seq) ?? line, `${this.name}: another line under an old number`);
			this.lines.set(event.seq, line);
		}
	}
}

class Desk extends Sender {
	acks = []; // what was sent, with its seq

	constructor(name, cookie) {
		super(name);
		this.cookie = cookie;
	}

	async connect(port) {
		this.client = await Agent.arrive(port, this.cookie, this.last ? { last: this.last } : {});
	}

	note() {
		super.note((frame, sent) => {
			/* Without a time nothing was to be stored: claimed what was theirs already. */
			if (frame.type === "ack" && frame.at) this.acks.push({ ...sent, seq: frame.seq });
			else if (frame.type === "error") assert.match(frame.code, /^(taken|closed|not_yours|not_found)$/, JSON.stringify(frame));
		});
		let before = 0;
		for (const event of this.client.events) {
			assert.ok(event.id > before, `${this.name}: event ${event.id} comes after ${before}`);
			before = event.id;
		}
		this.last = Math.max(this.last ?? 0, before, this.client.welcome.last ?? 0);
	}

	/* The whole of a conversation, as the console opens it. */
	async transcript(id) {
		this.client.send({ type: "open", conversation: id });
		return this.client.any((frame) => frame.type === "conversation" && frame.conversation.id === id, `conversation ${id}`);
	}
}

/* ---- What must hold ---- */

const isPublic = (event) => event.kind !== "decision" && event.kind !== "note";

/* One conversation as an agent sees all of it. */
function checkTranscript({ conversation, events }, name) {
	assert.deepEqual(events.map((event) => event.seq), events.map((_, i) => i + 1), `${name}: numbered without a gap`);
	const last = events.at(-1);
	assert.equal(conversation.seq, last.seq, `${name}: as long as its summary says`);
	assert.equal(conversation.owner, last.owner, `${name}: owned as its last event says`);
	const sent = events.filter((event) => event.client_id).map((event) => `${event.from === "agent" ? event.agent.id : 0} ${event.client_id}`);
	assert.equal(new Set(sent).size, sent.length, `${name}: nothing stands there twice`);
	let owner = "bot";
	for (const event of events) {
		if (event.from === "bot" && event.kind === "message") assert.equal(owner, "bot", `${name}: the bot speaks at ${event.seq} while ${owner} owns`);
		if (event.kind === "claim") assert.notEqual(owner, "agent", `${name}: claimed twice`);
		owner = event.owner;
	}
}

/* Both sides hold the same lines, and each acknowledged one once, in the order in which they were sent. */
function checkTalker(talker, whole, tally) {
	const events = new Map(whole.events.map((event) => [event.seq, event]));
	const shown = whole.events.filter(isPublic);
	assert.deepEqual([...talker.lines.keys()].sort((a, b) => a - b), shown.map((event) => event.seq), `${talker.name}: as many lines on both sides`);
	for (const [seq, line] of talker.lines) {
		const mine = JSON.parse(line), theirs = events.get(seq);
		for (const key of ["kind", "from", "text", "owner", "at"]) assert.equal(mine[key], theirs[key], `${talker.name}: ${key} of ${seq}`);
	}
	let before = 0;
	for (const [clientId, seq] of talker.acked) {
		assert.equal(events.get(seq)?.client_id, clientId, `${talker.name}: ${clientId} was acknowledged and is gone`);
		assert.ok(seq > before, `${talker.name}: ${clientId} stands before what was sent earlier`);
		before = seq;
		tally.checked++;
	}
	for (const clientId of talker.open.keys()) tally.unheard += whole.events.some((event) => event.client_id === clientId);
}

function checkDesk(desk, wholes, tally) {
	for (const { type, conversation, client_id, seq } of desk.acks) {
		const whole = wholes.get(conversation);
		if (!whole) continue; /* an older one, checked when it was the visitor's */
		const found = whole.events.filter((event) => event.client_id === client_id);
		assert.deepEqual(found.map((event) => event.seq), [seq], `${desk.name}: ${type} ${client_id} was acknowledged with ${seq}`);
		tally.checked++;
	}
	for (const frame of desk.open.values())
		tally.unheard += Boolean(wholes.get(frame.conversation)?.events.some((event) => event.client_id === frame.client_id));
}

/* Compares both sides of every conversation that goes on now. Nothing is sent meanwhile. */
async function check(talkers, desks, tally) {
	const wholes = new Map();
	await Promise.all(talkers.filter((talker) => talker.id).map(async (talker, i) => {
		const whole = await desks[i % desks.length].transcript(talker.id);
		wholes.set(talker.id, whole);
		const last = whole.events.findLast(isPublic).seq;
		await talker.client.until(() => talker.lines.has(last) || talker.client.events.some((event) => event.seq === last), `${talker.name}'s line ${last}`);
	}));
	for (const talker of talkers) talker.note();
	for (const talker of talkers.filter((one) => one.id)) {
		checkTranscript(wholes.get(talker.id), talker.name);
		checkTalker(talker, wholes.get(talker.id), tally);
	}
	for (const desk of desks) checkDesk(desk, wholes, tally);
}

function verify(server) {
	const { status, stdout, stderr } = run("verify", "--data", server.data);
	assert.equal(status, 0, `shopbell verify: ${stdout}${stderr}`);
}

/* ---- The work, and its end ---- */

function work(talkers, desks, choose) {
	for (const talker of talkers) {
		talker.again();
		for (let n = 1 + choose(3); n > 0; n--)
			talker.put(choose(12) ? { type: "message", text: TEXTS[choose(TEXTS.length)] } : { type: "person" });
	}
	const known = talkers.filter((talker) => talker.id);
	for (const desk of desks) {
		desk.again();
		for (let n = choose(8); n > 0 && known.length; n--) {
			const conversation = known[choose(known.length)].id;
			desk.put({ type: "claim", conversation });
			desk.put({ type: "message", conversation, text: `${desk.name} is here, line ${desk.sent}` });
			if (choose(3) === 0) desk.put({ type: "note", conversation, text: `note ${desk.sent}` });
			if (choose(3) === 0) desk.put({ type: ["return", "close", "transfer"][choose(3)], conversation, queue: true });
		}
	}
}

/* Waits for the moment of the round. */
async function moment(round, server, talkers, choose) {
	const anybody = talkers[choose(talkers.length)].client;
	if (round % 4 === 3) return;
	if (round % 4 === 0) {
		await anybody.until(() => anybody.frames.some((frame) => frame.type === "ack"), "an acknowledgement");
		for (let turns = choose(20); turns > 0; turns--) await new Promise(setImmediate);
		return;
	}
	await new Promise((resolve) => {
		const watcher = fs.watch(path.join(server.data, "shopbell.db-wal"), () => {
			watcher.close();
			resolve();
		});
		work(talkers, server.desks, choose);
	});
	if (round % 4 === 2) for (const until = performance.now() + choose(100) * SPIN_MS / 100; performance.now() < until;);
}

export async function crash({ kills, visitors = 50, agents = 3, seed = Date.now() % 1e9 }) {
	const choose = choices(seed);
	const server = await Server.start({ changes: { handover: { "queue limit": "1000" } } });
	const tally = { checked: 0, unheard: 0, conversations: visitors };
	const desks = server.desks = [];
	for (let i = 0; i < agents; i++) desks.push(new Desk(`agent${i}`, await server.agentCookie(`Agent ${i}`)));
	const talkers = Array.from({ length: visitors }, (_, i) => new Talker(`visitor${i}`));
	try {
		for (let round = 0; round <= kills; round++) {
			await Promise.all([...desks, ...talkers].map((one, i) => one.connect(server.port, (round + i) % 2 === 0)));
			await check(talkers, desks, tally);
			if (round === kills) break;
			for (const [i, talker] of talkers.entries()) {
				if (!talker.token || ++talker.rounds <= ROUNDS_A_CONVERSATION + i % 5) continue;
				await talker.client.close();
				talkers[i] = new Talker(`visitor${i}.${round}`);
				await talkers[i].connect(server.port);
				tally.conversations++;
			}
			work(talkers, desks, choose);
			await moment(round, server, talkers, choose);
			await server.kill();
			await Promise.all([...desks, ...talkers].map((one) => one.client.ended()));
			for (const one of [...desks, ...talkers]) one.note();
			if (round % 10 === 0) verify(server);
			await server.up();
		}
	} catch (error) {
		throw new Error(`with seed ${seed}: ${error.stack}`);
	}
	verify(server);
	return tally;
}
