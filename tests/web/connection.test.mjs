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

test("returns after a break with growing pauses, at most 4 seconds", () => {
	const { links } = online();
	Socket.last.die();
	assert.equal(links.at(-1), "offline");
	for (const pause of [500, 1000, 2000, 4000, 4000, 4000]) {
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

test("a silent line is asked, and given up when it stays silent", () => {
	const { links } = online();
	tick(20000);
	assert.deepEqual(Socket.last.sent.at(-1), { type: "ping" });
	const dead = Socket.last;
	tick(4000);
	assert.equal(dead.isClosed, true);
	assert.equal(links.at(-1), "offline");
	tick(500);
	assert.notEqual(Socket.last, dead);
});

test("any answer to the question keeps the line", () => {
	const { links } = online();
	tick(20000);
	Socket.last.hear({ type: "pong" });
	tick(4000);
	assert.equal(Socket.all.length, 1);
	assert.equal(links.at(-1), "online");
});

test("a probe asks at once while connected, and connects at once while waiting", () => {
	const { connection } = online();
	connection.probe();
	connection.probe();
	assert.deepEqual(Socket.last.sent.map(({ type }) => type), ["hello", "ping"], "asked once");
	Socket.last.die();
	connection.probe();
	assert.equal(Socket.all.length, 2);
});

test("a server that does not answer the connection is given up after 8 seconds", () => {
	online();
	Socket.last.die();
	tick(500);
	const stuck = Socket.last;
	tick(8000);
	assert.equal(stuck.isClosed, true);
});

test("a socket that was given up is not listened to", () => {
	const { heard } = online();
	const old = Socket.last;
	tick(24000);
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
