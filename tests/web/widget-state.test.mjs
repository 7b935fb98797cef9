// SPDX-License-Identifier: Apache-2.0
/* What the chat knows after each happening: order, doubles, resending, unread, and what the buttons are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { firstState, reduce, unread, pending, isLive, lineWithOptions } = await load("widget/state.ts");

const START = firstState({ shop: "Shop", bot: "Finch", greeting: "Hello" });
const welcome = (more = {}) => ({
	type: "welcome", shop: "Shop", bot: "Finch", open: true, agents: 1, greeting: "Hello", suggestions: [{ id: "a", label: "A" }],
	lang: "en", conversation: null, limits: { text: 4000 }, consent: "yes", survey: ["csat"], ...more,
});
const event = (seq, more = {}) => ({
	type: "event", seq, at: 1000 + seq, kind: "message", from: "bot", text: `line ${seq}`, owner: "bot", episode: 1, ...more,
});
const own = (seq, id, more = {}) => event(seq, { from: "visitor", client_id: id, text: `mine ${id}`, ...more });
const ack = (id, seq) => ({ type: "ack", of: "message", client_id: id, seq, at: 1000 + seq });
const say = (id, type = "message") => ({ type: "say", frame: { type, client_id: id, text: `mine ${id}` }, now: 5 });
const FRAMES = new Set(["welcome", "event", "ack", "typing", "queue", "presence", "pong", "error"]);
const run = (steps, state = START) => steps.reduce(
	(now, step) => reduce(now, FRAMES.has(step.type) ? { type: "frame", frame: step } : step), state);
const texts = (state) => state.lines.map(({ text }) => text);

test("after hours it is said when people are back, unless somebody is there all the same", () => {
	const opens = (frame) => run([welcome(), { type: "presence", ...frame }]).opensAt;
	assert.equal(opens({ open: false, opens_at: 5000, agents: 0 }), 5000);
	assert.equal(opens({ open: false, opens_at: 5000, agents: 1 }), 0);
	assert.equal(opens({ open: false, agents: 0 }), 0);
	assert.equal(opens({ open: true, agents: 0 }), 0);
	assert.equal(run([welcome({ open: false, opens_at: 5000, agents: 0 })]).opensAt, 5000);
	assert.equal(run([welcome({ open: false, opens_at: 5000, agents: 2 })]).opensAt, 0);
});

test("a message is sending, then sent, and its event changes nothing more", () => {
	const sending = run([welcome(), say("c1")]);
	assert.deepEqual(pending(sending).map(({ client_id: id }) => id), ["c1"]);
	assert.equal(sending.isAwaiting, true);
	const sent = run([ack("c1", 1)], sending);
	assert.deepEqual(pending(sent), []);
	assert.equal(sent.seq, 0, "an acknowledgement does not promise that all below it has arrived");
	const echoed = run([own(1, "c1")], sent);
	assert.deepEqual(texts(echoed), ["mine c1"]);
	assert.equal(echoed.seq, 1);
});

test("the event may come before the acknowledgement", () => {
	assert.deepEqual(texts(run([welcome(), say("c1"), own(1, "c1"), ack("c1", 1)])), ["mine c1"]);
	assert.deepEqual(pending(run([welcome(), say("c1"), own(1, "c1")])), []);
});

test("any order of frames, and any of them twice, gives the same transcript", () => {
	const frames = [own(1, "c1"), event(2), own(3, "c2"), event(5), event(8, { from: "agent", owner: "agent", agent: { name: "Anna" } })];
	const expected = texts(run([welcome(), ...frames]));
	/* All orders of the five, each with one frame said twice. */
	const orders = (rest) => (rest.length ? rest.flatMap((one, i) => orders(rest.toSpliced ? rest.toSpliced(i, 1)
		: [...rest.slice(0, i), ...rest.slice(i + 1)]).map((tail) => [one, ...tail])) : [[]]);
	for (const order of orders(frames)) {
		const doubled = [...order, order[0]];
		assert.deepEqual(texts(run([welcome(), say("c1"), say("c2"), ...doubled])), expected);
	}
});

test("what is not acknowledged stays behind all that is", () => {
	const state = run([welcome(), say("c1"), event(4), say("c2"), event(9)]);
	assert.deepEqual(texts(state), ["line 4", "line 9", "mine c1", "mine c2"]);
	assert.deepEqual(texts(run([ack("c1", 5)], state)), ["line 4", "mine c1", "line 9", "mine c2"]);
});

test("an error names its line and keeps it for another try", () => {
	const state = run([welcome(), say("c1"), { type: "error", code: "rate_limited", message: "Slowly.", client_id: "c1", retry_after_ms: 900 }]);
	assert.equal(state.lines[0].isFailed, true);
	assert.equal(state.notice, "Slowly.");
	const again = run([{ type: "retry", client_id: "c1" }], state);
	assert.equal(again.lines[0].isFailed, false);
	assert.deepEqual(pending(again).map(({ client_id: id }) => id), ["c1"]);
});

test("what is refused for good is no line any more, so that it is not sent again with every page", () => {
	const state = run([welcome(), say("c1"), say("c2"), { type: "error", code: "empty", message: "Nothing to read.", client_id: "c1" }]);
	assert.deepEqual(texts(state), ["mine c2"]);
	assert.equal(state.notice, "Nothing to read.");
	assert.deepEqual(texts(run([{ type: "error", code: "bad_identity", message: "No." }], state)), ["mine c2"], "an error of nothing that was said");
});

test("what could not be done without a line is no news when there is one; what was done is", () => {
	const told = (isGood) => run([welcome(), { type: "link", link: "offline" }, { type: "set", change: { notice: "Told.", isGood } }, { type: "link", link: "online" }]).notice;
	assert.equal(told(false), "");
	assert.equal(told(true), "Told.");
});

test("the place in the queue is told again, whatever was told before", () => {
	const state = run([welcome(), event(1, { kind: "handover", owner: "queue" }), { type: "set", change: { notice: "Copied.", isGood: true } }]);
	assert.equal(run([{ type: "queue", position: 1 }], state).notice, "");
});

test("an overdue line is marked and still sent again after a break", () => {
	const state = run([welcome(), say("c1"), { type: "link", link: "offline" }, { type: "overdue", client_id: "c1" }]);
	assert.equal(state.lines[0].isFailed, true);
	assert.equal(pending(state).length, 1);
});

test("answers to probes are no news", () => {
	const before = run([welcome()]);
	assert.deepEqual(run([{ type: "pong" }], before), before);
});

const owners = [
	["bot", [], false],
	["queue", [event(1, { kind: "handover", owner: "queue" })], true],
	["agent", [event(1, { kind: "claim", from: "system", owner: "agent", agent: { name: "Anna" } })], true],
	["nobody", [event(1, { kind: "close", from: "system", owner: "nobody" })], false],
];
for (const [owner, frames, live] of owners) {
	test(`owner ${owner}: ${live ? "somebody may write at any moment" : "nobody will write by themselves"}`, () => {
		const state = run([welcome(), ...frames]);
		assert.equal(state.owner, owner);
		assert.equal(isLive(state), live);
	});
}

test("the agent's name comes with the claim and goes with the return", () => {
	const claimed = run([welcome(), event(1, { kind: "claim", from: "system", owner: "agent", agent: { name: "Anna" } })]);
	assert.equal(claimed.agent, "Anna");
	assert.equal(run([event(2, { kind: "transfer", from: "system", owner: "agent", agent: { name: "Ben" } })], claimed).agent, "Ben");
	assert.equal(run([event(2, { kind: "return", from: "system", owner: "bot", agent: { name: "Anna" } })], claimed).agent, "");
});

test("the queue is forgotten when it is over", () => {
	const waiting = run([welcome(), event(1, { kind: "handover", owner: "queue" }), { type: "queue", position: 2, wait_s: 90 }]);
	assert.deepEqual(waiting.queue, { position: 2, wait_s: 90 });
	assert.equal(run([event(2, { kind: "claim", from: "system", owner: "agent", agent: { name: "Anna" } })], waiting).queue, null);
});

test("unread counts what others wrote and was not shown", () => {
	const state = run([welcome(), own(1, "c1"), event(2), event(3, { from: "agent", owner: "agent" })]);
	assert.equal(unread(state), 2);
	assert.equal(unread(run([{ type: "read", seq: 2 }], state)), 1);
	assert.equal(unread(run([{ type: "read", seq: 3 }, { type: "read", seq: 1 }], state)), 0, "reading never goes back");
});

test("ratings are no lines; they mark the line they rate", () => {
	const state = run([welcome(), own(1, "c1"), event(2, { intent: "x" }), event(3, { kind: "rating", from: "visitor", text: "", rates: 2, helpful: true })]);
	assert.equal(state.lines.length, 2);
	assert.equal(state.lines[1].helpful, true);
	assert.equal(state.lines[1].canRate, true);
	assert.equal(state.seq, 3);
});

test("the survey is asked for once, after a close that happens now", () => {
	const close = event(4, { kind: "close", from: "system", owner: "nobody" });
	assert.equal(run([welcome(), close]).survey, "asked");
	const old = welcome({ conversation: { id: 1, seq: 4, owner: "nobody", episode: 1 } });
	assert.equal(run([old, close]).survey, "", "not for history");
	assert.equal(run([welcome(), close, { type: "set", change: { survey: "done" } }]).survey, "done");
	assert.equal(run([welcome(), close, event(5, { kind: "rating", from: "visitor", text: "", owner: "nobody" })]).survey, "done");
	assert.equal(run([welcome(), close, say("c9")]).survey, "", "who goes on writing is not asked");
});

test("buttons live until the visitor says something", () => {
	assert.equal(lineWithOptions(run([welcome()])), "", "the greeting's");
	const asked = run([welcome(), own(1, "c1"), event(2, { options: [{ id: "a", label: "A" }] })]);
	assert.equal(lineWithOptions(asked), "#2");
	assert.equal(lineWithOptions(run([event(3)], asked)), "#2", "a second line of the bot does not take them away");
	assert.equal(lineWithOptions(run([say("c2")], asked)), null);
	assert.equal(lineWithOptions(run([event(3, { kind: "claim", from: "agent", owner: "agent", agent: { name: "Anna" } })], asked)), null,
		"nor are they for a person");
	assert.equal(lineWithOptions(run([event(3, { kind: "close", from: "system", owner: "nobody" })], asked)), "", "after the end: the first ones");
});

test("typing ends with the message, with the break and by itself", () => {
	const typing = run([welcome(), { type: "typing", from: "agent", agent: { name: "Anna" } }]);
	assert.equal(typing.typing, "Anna");
	for (const end of [event(1, { from: "agent" }), { type: "link", link: "offline" }, { type: "set", change: { typing: "" } }]) {
		assert.equal(run([end], typing).typing, "", end.type);
	}
});

test("history is not news: a resumed conversation waits for nobody", () => {
	const resumed = run([welcome({ conversation: { id: 1, seq: 1, owner: "bot", episode: 1 } }), own(1, "c1")]);
	assert.equal(resumed.isAwaiting, false);
});

test("forgetting keeps what was never acknowledged, or nothing at all", () => {
	const state = run([welcome(), own(1, "c1"), event(2), say("c2")]);
	const next = run([{ type: "forget", isAll: false }], state);
	assert.deepEqual(texts(next), ["mine c2"]);
	assert.equal(next.seq, 0);
	assert.equal(next.shop, "Shop");
	assert.deepEqual(texts(run([{ type: "forget", isAll: true }], state)), []);
});

test("5,000 lines are put in order in a second", { timeout: 20000 }, () => {
	const frames = Array.from({ length: 5000 }, (_, i) => event(i + 1));
	const started = performance.now();
	const state = run([welcome(), ...frames]);
	assert.equal(state.lines.length, 5000);
	assert.ok(performance.now() - started < 5000, `${performance.now() - started} ms`);
});
