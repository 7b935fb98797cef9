// SPDX-License-Identifier: Apache-2.0
/* A full shop: two agents, fifty visitors at once. Nobody is lost between bot and person, and nobody has two owners. */
import assert from "node:assert/strict";
import { Agent } from "../client.mjs";
import { Server, run } from "../server.mjs";

const VISITORS = 50;
const LOAD = 4; /* conversations that an agent takes at a time */

/* Ways to come: what is said, and whether a person has to come for it. */
const COURSES = [
	{ texts: ["where is my parcle"], person: false }, /* misspelt */
	{ texts: ["I want a human"], person: true },
	{ texts: ["how do returns work", "real person please"], person: true },
	{ texts: ["xyzzy gibber plugh", "qwrt zxcvb frobnicate"], person: true },
	{ texts: ["delivery time"], person: true, button: true },
];

/* One visitor, to the end of what they have to say. */
async function come(server, i) {
	const course = COURSES[i % COURSES.length];
	const visitor = await server.visitor();
	visitor.course = course;
	for (const [k, text] of course.texts.entries()) {
		const ack = await visitor.say(text, `v${i}-${k}`);
		assert.equal(ack.type, "ack");
		await visitor.reply(ack); /* a visible next line, each time */
	}
	if (course.button) {
		visitor.send({ type: "person", client_id: `v${i}-person` });
		await visitor.reply(await visitor.acked(`v${i}-person`));
	}
	if (course.person) await visitor.any((frame) => frame.kind === "handover", `the handover of visitor ${i}`);
	return visitor;
}

/* An agent at work: takes from the queue whatever is told to wait, answers, and closes, until `isDone`. Both agents
 * reach for the same ones, so that claims collide. */
async function work(agent, log, isDone) {
	const tried = new Set();
	const waiting = () => {
		for (const frame of agent.frames) {
			const summary = frame.type === "inbox" ? frame.conversation : null;
			if (summary?.owner !== "queue" || tried.has(summary.id)) continue;
			tried.add(summary.id); /* here: the others look before this one's turn comes */
			return summary.id;
		}
		return isDone() ? -1 : 0;
	};
	const serve = async () => {
		for (;;) {
			const id = await agent.until(waiting, "a conversation in the queue");
			if (id < 0) return;
			const claim = await agent.does({ type: "claim", conversation: id });
			if (claim.type === "error") {
				assert.match(claim.code, /^(taken|closed)$/); /* the other was quicker, or is through already */
				log.collisions++;
				continue;
			}
			log.claimed.push({ id, agent: agent.welcome.you.id });
			const line = await agent.does({ type: "message", conversation: id, text: "I am here." });
			assert.equal(line.type, "ack", `message in ${id}: ${line.message}`);
			const end = await agent.does({ type: "close", conversation: id });
			assert.equal(end.type, "ack", `close of ${id}: ${end.message}`);
		}
	};
	await Promise.all(Array.from({ length: LOAD }, serve));
}

/* What a visitor was told of the wait, each time against the time that was really left then: seconds. */
function waitErrors(visitor, seen) {
	const claim = visitor.events.find((event) => event.kind === "claim");
	return seen.filter((told) => told.wait_s !== undefined && told.wait_s !== null && told.at < claim.at)
		.map((told) => Math.abs(told.wait_s - (claim.at - told.at) / 1000));
}

/* Owners follow each other as they may: a claim only where nobody owned, the bot's lines only where the bot did. */
function checkOwners(events) {
	let owner = "bot", agent = null, claims = 0;
	for (const event of events) {
		if (event.from === "bot") assert.equal(owner, "bot", `the bot speaks at ${event.seq} while ${owner} owns`);
		if (event.kind === "claim") {
			assert.notEqual(owner, "agent");
			claims++;
			agent = event.agent.id ?? event.agent.name;
		}
		if (event.kind === "message" && event.from === "agent") {
			assert.equal(owner, "agent");
			assert.equal(event.agent.id ?? event.agent.name, agent, "another agent speaks");
		}
		owner = event.owner;
	}
	return claims;
}

export async function nobody_is_lost_and_nobody_has_two_owners() {
	const server = await Server.start({ changes: { handover: { "agent grace": "60 seconds", "queue limit": String(VISITORS) } } });
	const agents = [];
	for (const name of ["Anna", "Bert"]) {
		const agent = await Agent.arrive(server.port, await server.agentCookie(name));
		await agent.does({ type: "presence", status: "available", capacity: VISITORS });
		agents.push(agent);
	}
	const visitors = await Promise.all(Array.from({ length: VISITORS }, (_, i) => come(server, i)));
	const wanting = visitors.filter((visitor) => visitor.course.person);
	const log = { claimed: [], collisions: 0 };
	const told = new Map(wanting.map((visitor) => [visitor, []]));
	const note = () => {
		for (const [visitor, seen] of told) {
			const queued = visitor.frames.filter((frame) => frame.type === "queue");
			while (seen.length < queued.length) seen.push({ ...queued[seen.length], at: Date.now() });
		}
	};
	for (const visitor of wanting) visitor.socket.on("data", note);
	let served = 0;
	const isDone = () => served === wanting.length;
	const ends = wanting.map((visitor) => visitor.any((frame) => frame.kind === "close", "the close")
		.then(() => { if (++served === wanting.length) for (const agent of agents) agent.send({ type: "ping" }); }));
	await Promise.all([...agents.map((agent) => work(agent, log, isDone)), ...ends]);

	/* Each was claimed once, by one of the two. */
	assert.equal(log.claimed.length, wanting.length);
	assert.equal(new Set(log.claimed.map((one) => one.id)).size, wanting.length);
	const errors = [];
	for (const visitor of visitors) {
		const claims = checkOwners(visitor.events);
		assert.equal(claims, visitor.course.person ? 1 : 0);
		if (!visitor.course.person) continue;
		assert.equal(visitor.events.filter((event) => event.kind === "handover").length, 1);
		assert.ok(visitor.events.some((event) => event.from === "agent" && event.text === "I am here."));
		errors.push(...waitErrors(visitor, told.get(visitor)));
	}
	errors.sort((a, b) => a - b);
	console.log(`      ${wanting.length} waited, ${log.collisions} claims came second; ` + (errors.length
		? `wait estimate: ${errors.length} told, error median ${errors[errors.length >> 1].toFixed(3)} s, ` +
			`worst ${errors[errors.length - 1].toFixed(3)} s` : "no wait estimate was told"));
	assert.ok(errors.length > 0, "an estimate is told once waits are measured");
	/* The operator sees it too: the estimates at the beginning of each wait. */
	const metrics = (await server.ask("GET", "/metrics")).text;
	const metric = (name) => Number(new RegExp(`^shopbell_${name} (\\S+)`, "m").exec(metrics)[1]);
	assert.ok(metric("wait_estimates_total") <= wanting.length && metric("wait_estimate_error_seconds_total") >= 0);

	/* The same on the disk, and in the owner's report. */
	for (const visitor of visitors) {
		const again = await server.visitor({ token: visitor.token });
		await again.until(() => again.events.length === visitor.events.length, "the transcript");
		assert.deepEqual(again.events, visitor.events);
		await again.close();
	}
	const report = JSON.parse(run("report", "--json", "--data", server.data).stdout);
	assert.equal(report.episodes, VISITORS);
	assert.equal(report.handoff.part, wanting.length);
	assert.deepEqual([report.handoff_claimed.part, report.handoff_claimed.whole], [wanting.length, wanting.length]);
	assert.equal(report.handoff_abandoned.part, 0);
	assert.equal(report.wait_s.n, wanting.length);
	const audit = run("audit", "--data", server.data, "--intents", server.intents);
	assert.equal(audit.status, 0, audit.stderr);
	assert.match(audit.stdout, new RegExp(`en: ${VISITORS} episodes`));
	assert.match(audit.stdout, new RegExp(`not signed in: ${VISITORS} episodes`));
	assert.match(audit.stdout, new RegExp(`none of them: ${VISITORS} episodes`));
	const [some, none] = ["some", "none"].map((word) => Number(new RegExp(`${word} repaired: (\\d+) `).exec(audit.stdout)?.[1]));
	assert.ok(some >= VISITORS / COURSES.length, audit.stdout);
	assert.equal(some + none, VISITORS);
}
