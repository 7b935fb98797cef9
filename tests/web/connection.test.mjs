// SPDX-License-Identifier: Apache-2.0
/* The connection, with the browser's socket, clock and chance replaced by ones that do as they are told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

class Socket {
	static all = [];
	static get last() { return Socket.all.at(-1); }
	sent = [];
	isClosed = false;
	constructor(url) {
		this.url = url;
		Socket.all.push(this);
	}
	send(text) { this.sent.push(JSON.parse(text)); }
	close() { this.isClosed = true; }
	open() { this.onopen?.(); }
	hear(frame) { this.onmessage?.({ data: JSON.stringify(frame) }); }
	die() { this.onclose?.(); }
}

/* Time passes only by `tick`. */
const clock = { now: 0, timers: new Map(), next: 1 };
globalThis.setTimeout = (call, ms = 0) => {
	clock.timers.set(clock.next, { call, at: clock.now + ms });
	return clock.next++;
};
Date.now = () => clock.now;
globalThis.clearTimeout = (id) => clock.timers.delete(id);
function tick(ms) {
	const end = clock.now + ms;
	for (;;) {
		const [id, due] = [...clock.timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0] ?? [];
		if (!due) break;
		clock.timers.delete(id);
		clock.now = due.at;
		due.call();
	}
	clock.now = end;
}

globalThis.WebSocket = Socket;
globalThis.document = { hidden: false };
globalThis.addEventListener = globalThis.removeEventListener = () => {};
Math.random = () => 1; /* the longest delay each time */
const { connect } = await load("shared/connection.ts");

/* A connection that is online, and what it reported. */
function online() {
	clock.timers.clear();
	Socket.all = [];
	document.hidden = false;
	const heard = [];
	const links = [];
	const connection = connect({ url: "ws://x", hello: () => ({ type: "hello", n: Socket.all.length }), onData: (data) => heard.push(data), onLink: (link) => links.push(link) });
	connection.start();
	Socket.last.open();
	Socket.last.hear({ type: "welcome" });
	return { connection, heard, links };
}

test("says hello first and is online with the first answer", () => {
	const { links, heard } = online();
	assert.deepEqual(Socket.last.sent, [{ type: "hello", n: 1 }]);
	assert.deepEqual(links, ["connecting", "online"]);
	assert.equal(heard.length, 1);
});

test("sends nothing before the first answer, and says so", () => {
	const { connection } = online();
	Socket.last.die();
	assert.equal(connection.send({ type: "message" }), false);
	tick(500);
	Socket.last.open();
	assert.equal(connection.send({ type: "message" }), false, "hello is not answered yet");
	Socket.last.hear({ type: "welcome" });
	assert.equal(connection.send({ type: "message" }), true);
	assert.deepEqual(Socket.last.sent.map(({ type }) => type), ["hello", "message"]);
});

test("returns after a break with growing pauses, at most 2 seconds", () => {
	const { links } = online();
	Socket.last.die();
	assert.equal(links.at(-1), "offline");
	for (const pause of [500, 1000, 2000, 2000, 2000, 2000]) {
		const before = Socket.all.length;
		tick(pause - 1);
		assert.equal(Socket.all.length, before, `not before ${pause} ms`);
		tick(1);
		assert.equal(Socket.all.length, before + 1, `after ${pause} ms`);
		Socket.last.die();
	}
});

test("in a hidden tab it waits up to 30 seconds", () => {
	online();
	document.hidden = true;
	Socket.last.die();
	for (let i = 0; i < 8; i++) {
		tick(30000);
		Socket.last.die();
	}
	const before = Socket.all.length;
	tick(29999);
	assert.equal(Socket.all.length, before);
	tick(1);
	assert.equal(Socket.all.length, before + 1);
});

test("the pause begins small again after success", () => {
	online();
	for (let i = 0; i < 4; i++) {
		Socket.last.die();
		tick(4000);
	}
	Socket.last.open();
	Socket.last.hear({ type: "welcome" });
	Socket.last.die();
	const before = Socket.all.length;
	tick(500);
	assert.equal(Socket.all.length, before + 1);
});

test("a silent line is asked, doubted, and given up when it stays silent", () => {
	const { links } = online();
	tick(2500);
	assert.deepEqual(Socket.last.sent.at(-1), { type: "ping" });
	const dead = Socket.last;
	tick(1500);
	assert.notEqual(Socket.last, dead, "another line is tried");
	assert.equal(dead.isClosed, false, "beside the old one");
	assert.equal(links.at(-1), "online");
	tick(2500);
	assert.equal(dead.isClosed, true);
	assert.equal(links.at(-1), "offline");
});

test("the line that speaks first stays: the old one", () => {
	const { links, heard } = online();
	const old = Socket.last;
	tick(4000);
	const other = Socket.last;
	old.hear({ type: "pong" });
	assert.equal(other.isClosed, true);
	other.open();
	assert.deepEqual(other.sent, [], "nothing is said on a line that was given up");
	assert.equal(heard.length, 2);
	assert.deepEqual(links, ["connecting", "online"], "nobody noticed");
});

test("the line that speaks first stays: the new one", () => {
	const { connection, links, heard } = online();
	const old = Socket.last;
	tick(4000);
	Socket.last.open();
	Socket.last.hear({ type: "welcome" });
	assert.equal(old.isClosed, true);
	assert.deepEqual(links, ["connecting", "online", "offline", "online"], "what was said on the old one may be lost");
	old.hear({ type: "event" });
	assert.equal(heard.length, 2);
	connection.send({ type: "typing" });
	assert.deepEqual(Socket.last.sent.at(-1), { type: "typing" });
});

test("a second line that is refused does not cost the first", () => {
	const { links } = online();
	const old = Socket.last;
	tick(4000);
	Socket.last.die();
	tick(1000);
	old.hear({ type: "pong" });
	tick(1000);
	assert.equal(old.isClosed, false);
	assert.equal(links.at(-1), "online");
});

test("any answer to the question keeps the line", () => {
	const { links } = online();
	tick(2500);
	Socket.last.hear({ type: "pong" });
	tick(1500);
	assert.equal(Socket.all.length, 1);
	assert.equal(links.at(-1), "online");
});

test("where nothing is said, or nobody looks, the line is asked seldom", () => {
	const { connection } = online();
	const pings = () => Socket.last.sent.filter(({ type }) => type === "ping").length;
	for (let i = 0; i < 60; i++) {
		tick(2500);
		Socket.last.hear({ type: "pong" });
	}
	const before = pings();
	tick(19999);
	assert.equal(pings(), before);
	tick(1);
	assert.equal(pings(), before + 1);
	connection.send({ type: "message" });
	Socket.last.hear({ type: "ack" });
	tick(2500);
	assert.equal(pings(), before + 2, "somebody talks again");
	document.hidden = true;
	Socket.last.hear({ type: "event" });
	tick(19999);
	assert.equal(pings(), before + 2);
});

test("a probe asks at once while connected, and connects at once while waiting", () => {
	const { connection } = online();
	connection.probe();
	connection.probe();
	assert.deepEqual(Socket.last.sent.map(({ type }) => type), ["hello", "ping"], "asked once");
	Socket.last.die();
	connection.probe();
	connection.probe();
	assert.equal(Socket.all.length, 2);
});

test("a network that is back is found within 4.5 seconds, however long it swallowed everything", () => {
	for (let seconds = 1; seconds < 15; seconds += 0.5) {
		const { links } = online();
		tick(seconds * 1000); /* all attempts hang */
		const hung = Socket.all.length;
		const isDoubted = links.at(-1) === "online";
		tick(4500);
		assert.ok(Socket.all.length > hung || isDoubted, `after ${seconds} s`);
	}
});

test("an attempt that hangs is given up after 2.5 seconds; the first and every fifth has 8, for slow networks", () => {
	clock.timers.clear();
	Socket.all = [];
	connect({ url: "ws://x", hello: () => ({ type: "hello" }), onData() {}, onLink() {} }).start();
	for (const patience of [8000, 2500, 2500, 2500, 2500, 8000, 2500]) {
		const stuck = Socket.last;
		stuck.open(); /* hello is said; nothing comes */
		tick(patience - 1);
		assert.equal(stuck.isClosed, false, `${patience}`);
		tick(1);
		assert.equal(stuck.isClosed, true, `${patience}`);
		for (let ms = 0; ms < 2000 && Socket.last === stuck; ms += 100) tick(100);
	}
});

test("a socket that was given up is not listened to", () => {
	const { heard } = online();
	const old = Socket.last;
	tick(6500);
	old.hear({ type: "late" });
	assert.equal(heard.length, 1);
});

test("stop means stop", () => {
	const { connection, links } = online();
	connection.stop();
	assert.equal(links.at(-1), "off");
	assert.equal(Socket.last.isClosed, true);
	tick(100000);
	connection.probe();
	assert.equal(Socket.all.length, 1);
	connection.start();
	assert.equal(Socket.all.length, 2);
});

test("renew hangs up and says hello anew at once", () => {
	const { connection } = online();
	const old = Socket.last;
	connection.renew();
	assert.equal(old.isClosed, true);
	Socket.last.open();
	assert.deepEqual(Socket.last.sent, [{ type: "hello", n: 2 }]);
});
