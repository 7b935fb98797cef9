// SPDX-License-Identifier: Apache-2.0
/* Somebody sets the clock of the machine while the shop is open. The program is the real one, linked with a clock that
 * the test sets (tests/clock). */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Agent } from "../client.mjs";
import { Server, program, root, run } from "../server.mjs";

const HOUR_MS = 3600000;
const variant = /build\/(asan|tsan)\//.exec(program)?.[1] ?? "release";
const clocked = path.join(root, "build", variant, "tests/clocked");

export async function set_forward_and_back() {
	const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-clock-")), "clock");
	let steps = 0;
	const set = (aheadMs) => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(BigInt(aheadMs));
		fs.writeFileSync(file, bytes, { flag: steps ? "r+" : "w" }); /* in place: the program has it mapped */
		steps++;
	};
	set(0);
	const server = await Server.start({ binary: clocked, by: ["env", `SHOPBELL_TEST_CLOCK=${file}`],
		changes: { handover: { "claim timeout": "10 minutes", "give up after": "20 minutes", "agent grace": "1 second" } } });
	const noticed = (words) => server.until(() => server.stderr.includes(words), `"${words}"`);
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
	set(HOUR_MS);
	await noticed("the clock was set forward by");
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
	set(-HOUR_MS);
	await noticed("the clock was set back by");
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
	fs.rmSync(path.dirname(file), { recursive: true });
}
