// SPDX-License-Identifier: Apache-2.0
/* Somebody sets the clock of the machine while the shop is open. The program is the real one, linked with a clock that
 * the test sets (tests/clock). */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Agent } from "../client.mjs";
import { Server, built, program, run } from "../server.mjs";

const HOUR_MS = 3600000;
const clocked = built("clocked");

/* The program, its clock so far ahead of the system's; `set` sets it and waits until the program has noticed. */
async function clockedServer(aheadMs, changes) {
	const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-clock-")), "clock");
	let ahead = aheadMs;
	const write = (flag) => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(BigInt(ahead));
		fs.writeFileSync(file, bytes, { flag });
	};
	write("w");
	const server = await Server.start({ binary: clocked, by: ["env", `SHOPBELL_TEST_CLOCK=${file}`], changes });
	const noticed = () => [...server.stderr.matchAll(/the clock was set (back|forward) by/g)].length;
	server.set = async (nextMs) => {
		const before = noticed();
		ahead = nextMs;
		write("r+"); /* in place: the program has it mapped */
		await server.until(() => noticed() > before, "word of the clock");
	};
	/* For the next start. */
	server.wake = (nextMs) => {
		ahead = nextMs;
		write("r+");
		return server.up();
	};
	server.cleanUp = () => fs.rmSync(path.dirname(file), { recursive: true });
	return server;
}

export async function set_forward_and_back() {
	const server = await clockedServer(0, { handover: { "claim timeout": "10 minutes", "give up after": "20 minutes", "agent grace": "1 second" } });
	const cookie = await server.agentCookie("Anna");
	let anna = await Agent.arrive(server.port, cookie);

	/* One waits, one is with Anna, one talks to the bot. */
	const waiting = await server.visitor(), served = await server.visitor(), alone = await server.visitor();
	for (const visitor of [waiting, served]) {
		visitor.send({ type: "person", client_id: "p" });
		visitor.asked = await visitor.acked("p");
		visitor.id = (await anna.any((frame) => frame.type === "event" && frame.client_id === "p" && frame.at === visitor.asked.at &&
			![waiting.id, served.id].includes(frame.conversation), "the event")).conversation;
	}
	assert.equal((await anna.does({ type: "claim", conversation: served.id })).type, "ack");
	const before = await alone.say("delivery time");

	/* An hour forward: nobody has waited an hour, nobody has been silent for one. */
	await server.set(HOUR_MS);
	const after = await alone.say("how do returns work");
	assert.ok(after.at - before.at >= HOUR_MS, "times are the clock's");
	assert.equal((await alone.reply(after)).intent, "return-item");
	assert.equal((await anna.does({ type: "message", conversation: served.id, text: "still here" })).type, "ack");
	await served.any((frame) => frame.text === "still here", "Anna's line");
	assert.equal((await waiting.say("hello?")).type, "ack");
	for (const visitor of [waiting, served, alone])
		assert.ok(!visitor.events.some((event) => event.kind === "close" || event.kind === "return" || event.owner === "nobody"));

	/* Anna goes, and the clock goes two hours back: her second is over after a second all the same. */
	await anna.close();
	await server.set(-HOUR_MS);
	const back = await served.any((frame) => frame.kind === "return", "the return to the queue");
	assert.equal(back.owner, "queue");
	const last = await alone.say("track my order");
	assert.ok(last.at < before.at && last.seq > after.seq, "numbers go on growing whatever the clock says");
	await alone.reply(last);

	/* Started again with times in the file that are still to come. */
	await server.kill();
	await server.up();
	anna = await Agent.arrive(server.port, cookie);
	const again = await server.visitor({ token: alone.token });
	await again.until(() => again.events.length === alone.events.length, "the transcript");
	assert.deepEqual(again.events, alone.events);
	for (const visitor of [waiting, served]) assert.equal((await anna.does({ type: "claim", conversation: visitor.id })).type, "ack");
	assert.equal((await anna.does({ type: "close", conversation: waiting.id })).type, "ack");
	assert.equal(run("verify", "--data", server.data).status, 0);
	const report = run("report", "--json", "--data", server.data);
	assert.equal(report.status, 0, report.stderr);
	assert.ok(!/:\s*-\d/.test(report.stdout), `no time is negative: ${report.stdout}`);
	await server.kill("SIGTERM");
	server.cleanUp();
}

/* A day forward: whoever waits has not waited for a day, and today's hours are those of the day that it is now. */
export async function a_day_forward() {
	const DAY_MS = 24 * HOUR_MS;
	const every = Object.fromEntries(["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, "00:00-23:59"]));
	/* Noon, so that the test is over before midnight. */
	const now = Date.now(), today = new Date(now).toISOString().slice(0, 10), tomorrow = new Date(now + DAY_MS).toISOString().slice(0, 10);
	const noon = Date.parse(`${today}T12:00:00Z`) - now;
	const server = await clockedServer(noon, { shop: { "time zone": "UTC" }, hours: every, holidays: { [tomorrow]: "The day after" },
		handover: { "claim timeout": "10 minutes", "give up after": "20 minutes" } });
	const anna = await server.agent("Anna");
	const waiting = await server.visitor(), alone = await server.visitor();
	assert.equal(alone.welcome.open, true);
	waiting.send({ type: "person", client_id: "p" });
	const asked = await waiting.acked("p");
	const before = await alone.say("delivery time");
	await server.set(noon + DAY_MS);
	await alone.any((frame) => frame.type === "presence" && frame.open === false, "word that it is closed");
	const late = await server.visitor();
	assert.equal(late.welcome.open, false);
	assert.equal(new Date(late.welcome.opens_at).toISOString().slice(0, 10), new Date(Date.parse(tomorrow) + DAY_MS).toISOString().slice(0, 10));
	const after = await alone.say("how do returns work");
	assert.ok(after.at - before.at >= DAY_MS && after.at - before.at < DAY_MS + HOUR_MS);
	assert.equal((await waiting.say("hello?")).type, "ack");
	assert.ok(!waiting.events.some((event) => event.kind === "close" || event.owner === "nobody" || event.owner === "bot" && event.seq > asked.seq));
	const { conversation } = await anna.any((frame) => frame.type === "event" && frame.kind === "handover", "the handover");
	assert.equal((await anna.does({ type: "claim", conversation })).type, "ack");
	const { text } = await server.ask("GET", "/metrics");
	assert.ok(Number(/^shopbell_wait_seconds_sum (\S+)$/m.exec(text)[1]) < 600, "a minute's wait, not a day's");
	server.cleanUp();
}

/* The night in which the clocks go back: half past one comes twice, and nobody in a conversation notices. */
export async function a_conversation_over_the_night_of_change() {
	const now = Date.now(), at = (time) => Date.parse(`2026-10-25T${time}:00Z`) - now;
	const server = await clockedServer(at("00:30"), { shop: { "time zone": "Europe/London" }, hours: { sun: "01:00-03:00", mon: "09:00-17:00" } });
	const visitor = await server.visitor(); /* 1:30 in summer */
	assert.equal(visitor.welcome.open, true);
	const first = await visitor.say("delivery time");
	await server.set(at("01:30")); /* 1:30 again, in winter */
	const second = await visitor.say("how do returns work");
	assert.ok(second.at - first.at >= HOUR_MS && second.at - first.at < 1.5 * HOUR_MS && second.seq > first.seq);
	assert.equal((await visitor.reply(second)).intent, "return-item");
	assert.equal((await server.visitor()).welcome.open, true, "between two and three it is open for three hours");
	await server.set(at("03:01"));
	await visitor.any((frame) => frame.type === "presence" && frame.open === false, "word that it is closed");
	const late = await server.visitor({ token: first.token });
	assert.equal(new Date(late.welcome.opens_at).toISOString(), "2026-10-26T09:00:00.000Z");
	await late.until(() => late.events.length === visitor.events.length, "the transcript");
	assert.deepEqual(late.events, visitor.events);
	assert.ok(late.events.every((event, i) => !i || event.at >= late.events[i - 1].at));
	/* Counted once each, in hours that are all as long: the hour that comes twice is two of them. */
	const { json } = await server.ask("GET", "/api/v1/numbers?days=1", { cookie: await server.owner() });
	assert.equal(json.by_hour.reduce((sum, count) => sum + count), 2);
	assert.equal(json.by_hour.filter((count) => count === 1).length, 2);
	assert.equal(json.episodes, 1);
	server.cleanUp();
}

/* All left in the evening, and the program was stopped. In the morning they are closed, each once, a page at a time: whoever
 * comes first does not wait for them. */
export async function a_night_without_the_program() {
	const VISITORS = 100; /* three pages and a part of one */
	const server = await clockedServer(0, { limits: { "messages per minute": "10000", "connections per address": "10000" } });
	const tokens = [];
	for (let i = 0; i < VISITORS; i++) {
		const visitor = await server.visitor();
		const ack = await visitor.say("delivery time");
		await visitor.reply(ack);
		tokens.push(ack.token);
		await visitor.close();
	}
	await server.kill("SIGTERM");
	await server.wake(8 * HOUR_MS);
	const first = await server.visitor();
	await first.reply(await first.say("delivery time"));
	const anna = await server.agent("Anna");
	let open;
	do {
		anna.send({ type: "list", filter: "all", limit: 200 });
		const { conversations } = await anna.next("list");
		assert.equal(conversations.length, VISITORS + 1);
		open = conversations.filter((one) => !one.closed).length;
	} while (open > 1);
	assert.equal(open, 1, "the one who has come");
	for (const token of tokens) {
		const again = await server.visitor({ token });
		await again.until(() => again.events.length >= again.welcome.conversation.seq || again.events.at(-1)?.seq === again.welcome.conversation.seq, "the transcript");
		assert.equal(again.events.filter((event) => event.kind === "close").length, 1);
		await again.close();
	}
	await server.kill("SIGTERM");
	assert.equal(run("verify", "--data", server.data).status, 0);
	server.cleanUp();
}

/* After half a year: they are deleted a page at a time, and who comes meanwhile is served (how: test_store_scrub). */
export async function old_conversations_go() {
	const OLD = 53; /* more than a page */
	const server = await clockedServer(0);
	const tokens = [];
	for (let i = 0; i < OLD; i++) {
		const visitor = await server.visitor();
		await visitor.say(`delivery time, says the ${i}th walrus`);
		visitor.send({ type: "close", client_id: "c" });
		await visitor.acked("c");
		tokens.push(visitor.token);
		await visitor.close();
	}
	await server.kill();
	await server.wake(200 * 24 * HOUR_MS);
	const fresh = await server.visitor();
	assert.equal((await fresh.say("delivery time, says the narwhal")).type, "ack");
	await server.until(() => server.stderr.includes(`${OLD} conversations were deleted for their age`), "the end of it");
	const files = () => fs.readdirSync(server.data).map((name) => fs.readFileSync(path.join(server.data, name)));
	assert.ok(!files().some((bytes) => bytes.includes("walrus")));
	assert.ok(files().some((bytes) => bytes.includes("narwhal")));
	for (const token of [tokens[0], tokens.at(-1)]) assert.equal((await server.visitor({ token })).welcome.conversation, null);
	assert.equal((await fresh.say("track my order")).type, "ack");
}
