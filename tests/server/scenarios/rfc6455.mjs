// SPDX-License-Identifier: Apache-2.0
/* RFC 6455 to the letter: what a client must not send ends its connection with the code that the RFC names, what it may
 * send is served, and nobody else notices either. */
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import { Client, OP, PATIENCE_MS, frameBytes, handshake } from "../client.mjs";
import { Server } from "../server.mjs";

const FRAME_BYTES_MAX = 65536;
const HELLO = JSON.stringify({ type: "hello" });
const say = (clientId) => JSON.stringify({ type: "message", client_id: clientId, text: "delivery time" });

/* A head as it is told, whatever that makes of it. */
function head(first, lengthBytes, { masked = true } = {}) {
	return Buffer.from([first, (masked ? 0x80 : 0) | lengthBytes[0], ...lengthBytes.slice(1), ...(masked ? [0, 0, 0, 0] : [])]);
}

function closeBytes(code, reason = "") {
	return frameBytes(OP.close, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]));
}

/* ---- What must not be sent ---- */

const wrong = [
	["a text without a mask", [frameBytes(OP.text, say("u"), { masked: false })], 1002],
	["a ping without a mask", [frameBytes(OP.ping, "x", { masked: false })], 1002],
	["a close without a mask", [frameBytes(OP.close, Buffer.from([3, 232]), { masked: false })], 1002],
	["a second frame without a mask", [frameBytes(OP.text, HELLO.slice(0, 5), { final: false }), frameBytes(OP.more, HELLO.slice(5), { masked: false })], 1002],
	...[1, 2, 4, 7].map((rsv) => [`reserved bits ${rsv}`, [frameBytes(OP.text, "{}", { rsv })], 1002]),
	["RSV1 on a ping", [frameBytes(OP.ping, "x", { rsv: 4 })], 1002],
	["RSV1 on a continuation", [frameBytes(OP.text, "{", { final: false }), frameBytes(OP.more, "}", { rsv: 4 })], 1002],
	...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((op) => [`opcode ${op}`, [frameBytes(op, "x")], 1002]),
	...[OP.close, OP.ping, OP.pong].map((op) => [`control frame ${op} in pieces`, [frameBytes(op, "", { final: false })], 1002]),
	...[OP.close, OP.ping, OP.pong].map((op) => [`control frame ${op} of 126 bytes`, [frameBytes(op, Buffer.alloc(126))], 1002]),
	["a control frame of 64 KiB announced", [head(0x89, [127, 0, 0, 0, 0, 0, 1, 0, 0])], 1002],
	["a continuation of nothing", [frameBytes(OP.more, "x")], 1002],
	["a continuation behind a whole message", [frameBytes(OP.text, HELLO), frameBytes(OP.more, "x")], 1002],
	["a text within a text", [frameBytes(OP.text, "{", { final: false }), frameBytes(OP.text, "}")], 1002],
	["a binary within a text", [frameBytes(OP.text, "{", { final: false }), frameBytes(OP.binary, "}")], 1002],
	["5 bytes in 16 bits", [head(0x81, [126, 0, 5])], 1002],
	["125 bytes in 16 bits", [head(0x81, [126, 0, 125])], 1002],
	["5 bytes in 64 bits", [head(0x81, [127, 0, 0, 0, 0, 0, 0, 0, 5])], 1002],
	["65,535 bytes in 64 bits", [head(0x81, [127, 0, 0, 0, 0, 0, 0, 255, 255])], 1002],
	["a length with its highest bit", [head(0x81, [127, 128, 0, 0, 0, 0, 0, 0, 1])], 1002],
	["2^63 - 1 bytes announced", [head(0x81, [127, 127, 255, 255, 255, 255, 255, 255, 255])], 1009],
	["4 GiB announced", [head(0x81, [127, 0, 0, 0, 1, 0, 0, 0, 0])], 1009],
	["one byte too many", [frameBytes(OP.text, Buffer.alloc(FRAME_BYTES_MAX + 1, 32))], 1009],
	["too much in two pieces", [frameBytes(OP.text, Buffer.alloc(FRAME_BYTES_MAX, 32), { final: false }), frameBytes(OP.more, " ")], 1009],
	["too much in many pieces", [frameBytes(OP.text, "", { final: false }),
		...Array.from({ length: 20 }, () => frameBytes(OP.more, Buffer.alloc(4000, 32), { final: false }))], 1009],
	["binary", [frameBytes(OP.binary, "{}")], 1003],
	["malformed UTF-8", [frameBytes(OP.text, Buffer.from([0x22, 0xc3, 0x28, 0x22]))], 1007],
	["an overlong form", [frameBytes(OP.text, Buffer.from([0xc0, 0xaf]))], 1007],
	["half of a surrogate pair", [frameBytes(OP.text, Buffer.from([0xed, 0xa0, 0x80]))], 1007],
	["behind U+10FFFF", [frameBytes(OP.text, Buffer.from([0xf4, 0x90, 0x80, 0x80]))], 1007],
	["UTF-8 that stops within a character", [frameBytes(OP.text, Buffer.from([0x22, 0xe2, 0x82]))], 1007],
	["a character in two pieces, the second wrong", [frameBytes(OP.text, Buffer.from([0x22, 0xe2, 0x82]), { final: false }), frameBytes(OP.more, "\"")], 1007],
	["a close with half a code", [frameBytes(OP.close, Buffer.from([3]))], 1002],
	...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535].map((code) => [`close code ${code}`, [closeBytes(code)], 1002]),
	["a close reason that is not UTF-8", [frameBytes(OP.close, Buffer.from([3, 232, 0xc3, 0x28]))], 1007],
];

export async function what_must_not_be_sent() {
	const server = await Server.start();
	const witness = await server.visitor();
	await Promise.all(wrong.map(async ([remark, frames, code]) => {
		const visitor = await server.visitor();
		visitor.raw(Buffer.concat(frames));
		await visitor.ended();
		assert.equal(visitor.closeCode, code, remark);
	}));
	assert.equal((await witness.say("delivery time")).type, "ack");
}

/* The same a byte at a time: the end comes with the first byte that is wrong, and what was right before it counts. */
export async function what_must_not_be_sent_byte_by_byte() {
	const server = await Server.start();
	await Promise.all(wrong.filter(([, frames]) => Buffer.concat(frames).length < 200).map(async ([remark, frames, code]) => {
		const visitor = await server.visitor();
		for (const byte of Buffer.concat([frameBytes(OP.text, say("before")), ...frames])) {
			if (visitor.isGone) break;
			visitor.raw(Buffer.from([byte]));
			await new Promise(setImmediate);
		}
		await visitor.ended();
		assert.equal(visitor.closeCode, code, remark);
	}));
}

/* What was right before the fault, in the same packet, was received. */
export async function what_stands_before_a_fault_counts() {
	const server = await Server.start();
	const first = await server.visitor();
	await first.say("delivery time", "first");
	const second = await server.visitor({ token: first.token });
	second.raw(Buffer.concat([frameBytes(OP.text, say("second")), frameBytes(3, "x"), frameBytes(OP.text, say("third"))]));
	await second.ended();
	assert.equal(second.closeCode, 1002);
	await first.until(() => first.events.some((event) => event.client_id === "second"), "what stood before the fault");
	await first.say("delivery time", "fourth");
	await first.until(() => first.events.some((event) => event.client_id === "fourth"), "the next");
	assert.ok(!first.events.some((event) => event.client_id === "third"), "what stood behind the fault");
}

/* ---- What may be sent ---- */

export async function what_may_be_sent() {
	const server = await Server.start();
	const visitor = await server.visitor();
	const whole = async (clientId, ...frames) => {
		visitor.raw(Buffer.concat(frames));
		assert.equal((await visitor.acked(clientId)).type, "ack", clientId);
	};
	const text = (clientId) => Buffer.from(say(clientId));
	await whole("empty pieces", frameBytes(OP.text, "", { final: false }), frameBytes(OP.more, "", { final: false }),
		frameBytes(OP.more, text("empty pieces"), { final: false }), frameBytes(OP.more, ""));
	await whole("pings between", frameBytes(OP.text, text("pings between").subarray(0, 9), { final: false }), frameBytes(OP.ping, ""),
		frameBytes(OP.ping, Buffer.alloc(125, 65)), frameBytes(OP.pong, "not asked for"), frameBytes(OP.more, text("pings between").subarray(9)));
	/* Pings and pongs carry any bytes, also within a character of the message around them. */
	const cut = Buffer.from(JSON.stringify({ type: "message", client_id: "cut", text: "größe" }));
	const within = cut.indexOf(Buffer.from("ö")) + 1;
	await whole("cut", frameBytes(OP.text, cut.subarray(0, within), { final: false }), frameBytes(OP.ping, Buffer.alloc(125, 0xff)),
		frameBytes(OP.pong, Buffer.alloc(125, 0xff)), frameBytes(OP.pong, "a"), frameBytes(OP.more, cut.subarray(within)));
	const split = Buffer.from(JSON.stringify({ type: "message", client_id: "split", text: "größe 😀" }));
	await whole("split", ...[...split].map((byte, i) => frameBytes(i ? OP.more : OP.text, Buffer.from([byte]), { final: i + 1 === split.length })));
	for (const length of [125, 126, 127, 128, 65535, FRAME_BYTES_MAX]) {
		const id = `length ${length}`;
		await whole(id, frameBytes(OP.text, say(id).padEnd(length)));
	}
	await whole("in halves", frameBytes(OP.text, say("in halves").padEnd(FRAME_BYTES_MAX / 2), { final: false }),
		frameBytes(OP.more, " ".repeat(FRAME_BYTES_MAX / 2)));
	assert.equal(visitor.isGone, false);
	/* A mask of zeros is a mask. */
	const bytes = text("zero mask");
	await whole("zero mask", Buffer.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0]), bytes);
	/* Closes that are right are answered with the same code. */
	for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999]) {
		const leaver = await server.visitor();
		leaver.isRude = true; /* says it once */
		leaver.raw(closeBytes(code, "größe"));
		await leaver.ended();
		assert.equal(leaver.closeCode, code);
	}
	const leaver = await server.visitor();
	leaver.raw(frameBytes(OP.close, ""));
	await leaver.ended();
}

/* ---- The handshake ---- */

/* The answer to a request that is given as it is. */
function ask(port, request) {
	return new Promise((resolve, reject) => {
		const socket = net.connect(port, "127.0.0.1");
		const timer = setTimeout(() => reject(new Error(`no answer to ${request}`)), PATIENCE_MS);
		let answer = "";
		const done = () => {
			clearTimeout(timer);
			socket.destroy();
			resolve(answer);
		};
		socket.on("error", done).on("close", done);
		socket.on("data", (bytes) => {
			answer += bytes.toString("latin1");
			if (answer.includes("\r\n\r\n")) done();
		});
		socket.write(request);
	});
}

export async function handshakes() {
	const server = await Server.start();
	const usual = handshake("/ws/visitor", server.port);
	const without = (name) => usual.replace(new RegExp(`^${name}:.*\r\n`, "im"), "");
	const instead = (name, value) => without(name).replace("\r\n\r\n", `\r\n${name}: ${value}\r\n\r\n`);
	const twice = (name) => usual.replace("\r\n\r\n", `\r\n${new RegExp(`^${name}:.*$`, "im").exec(usual)[0]}\r\n\r\n`);
	const rows = [
		["as it should be", usual, 101], ["more words in Connection", instead("Connection", "keep-alive, Upgrade"), 101],
		["another case", usual.replace("Upgrade: websocket", "upgrade: WebSocket"), 101],
		["extensions that are not taken", instead("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"), 101],
		["no key", without("Sec-WebSocket-Key"), 400], ["two keys", twice("Sec-WebSocket-Key"), 400],
		["a short key", instead("Sec-WebSocket-Key", "AAAA"), 400], ["a key that is not base64", instead("Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!=="), 400],
		["no version", without("Sec-WebSocket-Version"), 400], ["two versions", twice("Sec-WebSocket-Version"), 400],
		...["0", "8", "12", "14", "130", "x"].map((version) => [`version ${version}`, instead("Sec-WebSocket-Version", version), 426]),
		["no Host", without("Host"), 400], ["two Hosts", twice("Host"), 400],
		["no Connection", without("Connection"), 400], ["another Connection", instead("Connection", "close"), 400],
		["no Upgrade", without("Upgrade"), 426],
	];
	for (const [remark, request, status] of rows) {
		const answer = await ask(server.port, request);
		assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), remark);
		if (status === 426) assert.match(answer, /^Sec-WebSocket-Version: 13\r$/m, remark);
		assert.doesNotMatch(answer, /^Sec-WebSocket-Extensions:/im, remark);
	}
	/* Something else to upgrade to, and an older HTTP: refused, however that is said. */
	for (const request of [instead("Upgrade", "h2c"), instead("Upgrade", "tcp"), usual.replace("HTTP/1.1", "HTTP/1.0")])
		assert.doesNotMatch(await ask(server.port, request), /^HTTP\/1\.\d 101/, request);
	assert.equal((await (await server.visitor()).say("delivery time")).type, "ack");
}

export async function bytes_behind_the_handshake() {
	const server = await Server.start();
	const open = (bytes) => Client.open(server.port, "/ws/visitor", { behind: bytes });
	const good = await open(Buffer.concat([frameBytes(OP.text, HELLO), frameBytes(OP.text, say("piped"))]));
	await good.any((frame) => frame.type === "ack" && frame.client_id === "piped", "the ack");
	await good.close();
	for (const [bytes, code] of [[frameBytes(OP.text, HELLO, { masked: false }), 1002], [frameBytes(3, "x"), 1002],
		[frameBytes(OP.text, Buffer.alloc(70000, 32)), 1009], [Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 1002]]) {
		const bad = await open(bytes);
		assert.equal(bad.status, 101);
		await bad.ended();
		assert.equal(bad.closeCode, code);
	}
}

export async function a_slow_handshake() {
	const server = await Server.start();
	const slow = await Client.open(server.port, "/ws/visitor", { slowly: true, behind: frameBytes(OP.text, HELLO) });
	assert.equal(slow.status, 101);
	await slow.next("welcome");
	const bad = await Client.open(server.port, "/ws/visitor", { slowly: true, behind: frameBytes(OP.text, HELLO, { masked: false }) });
	await bad.ended();
	assert.equal(bad.closeCode, 1002);
}

/* ---- Mutations ---- */

/* mulberry32: the same numbers on every run. */
function random(seed) {
	let state = seed;
	return (below) => {
		state = state + 0x6d2b79f5 | 0;
		let t = Math.imul(state ^ state >>> 15, 1 | state);
		t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
		return ((t ^ t >>> 14) >>> 0) % below;
	};
}

const isUtf8 = (bytes) => {
	try {
		new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
};

/* What has to become of these bytes: the codes to close with that are right, "open" when all of it is in order, or
 * "waits" when a frame or a message is not whole. A second reading of the RFC, slow and plain. */
function verdict(bytes) {
	let at = 0, message = null;
	const faults = (code) => message && !isUtf8(Buffer.concat(message)) ? [code, 1007] : [code];
	while (at < bytes.length) {
		const op = bytes[at] & 15, final = bytes[at] >= 128, control = op >= 8;
		if (bytes[at] & 0x70 || op > 2 && op < 8 || op > 10 || control && !final) return faults(1002);
		if (!control && (message === null) === (op === OP.more)) return faults(1002);
		if (at + 1 >= bytes.length) return "waits";
		if (bytes[at + 1] < 128) return faults(1002);
		let length = BigInt(bytes[at + 1] & 127), need = length === 126n ? 2 : length === 127n ? 8 : 0;
		if (control && need) return faults(1002);
		if (need === 8 && bytes[at + 2] >= 128) return faults(1002);
		if (at + 2 + need > bytes.length) return "waits";
		if (need) length = need === 2 ? BigInt(bytes.readUInt16BE(at + 2)) : bytes.readBigUInt64BE(at + 2);
		if (need && length < (need === 2 ? 126n : 65536n)) return faults(1002);
		if (op === OP.close && length === 1n) return faults(1002);
		const before = message?.reduce((sum, part) => sum + part.length, 0) ?? 0;
		if (!control && length + BigInt(before) > FRAME_BYTES_MAX) return faults(1009);
		const start = at + 6 + need, end = start + Number(length);
		if (start > bytes.length) return "waits";
		const payload = Buffer.from(bytes.subarray(start, end)).map((byte, i) => byte ^ bytes[start - 4 + (i & 3)]);
		if (op === OP.close && payload.length >= 2) {
			const code = payload.readUInt16BE(0);
			if (!(code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999)) return faults(1002);
		}
		if (!control) message = op === OP.more ? [...message, payload] : op === OP.binary ? [] : [payload];
		/* A reader may say so at the first byte that cannot be, or at the end of the message. */
		if (op === OP.binary && (length || final)) return end > bytes.length && !payload.length ? "waits" : [1003];
		if (end > bytes.length) return !control && message && hasNoWay(Buffer.concat(message)) ? [1007] : "waits";
		if (op === OP.close) return payload.length < 2 ? [1005, 1000] : isUtf8(payload.subarray(2)) ? [payload.readUInt16BE(0)] : [1007];
		if (!control && (final ? !isUtf8(Buffer.concat(message)) : hasNoWay(Buffer.concat(message)))) return [1007];
		if (!control && final) message = null;
		at = end;
	}
	return message ? "waits" : "open";
}

/* Malformed whatever may follow. */
function hasNoWay(bytes) {
	try {
		new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
		return false;
	} catch {
		return true;
	}
}

/* Frames that are in order, cut from a small talk. */
function talk(pick, number) {
	const text = Buffer.from(say(`f${number}`));
	const cut = 1 + pick(text.length - 1);
	const kinds = [
		() => frameBytes(OP.text, text), () => frameBytes(OP.ping, "ping"), () => frameBytes(OP.pong, ""),
		() => Buffer.concat([frameBytes(OP.text, text.subarray(0, cut), { final: false }), frameBytes(OP.ping, "between"),
			frameBytes(OP.more, text.subarray(cut))]),
		() => frameBytes(OP.text, "{\"type\":\"typing\"}".padEnd(126 + pick(300))), () => closeBytes(1000 + pick(12), "bye"),
		() => frameBytes(OP.text, JSON.stringify({ type: "page", url: "https://shop.example/größe", title: "😀" })),
	];
	return Buffer.concat(Array.from({ length: 1 + pick(4) }, () => kinds[pick(kinds.length)]()));
}

function mutated(pick, bytes) {
	const parts = [...bytes];
	for (let count = 1 + pick(3); count--;) {
		const at = pick(Math.max(parts.length, 1));
		const ways = [() => { parts[at] ^= 1 << pick(8); }, () => { parts[at] = pick(256); }, () => { parts.splice(at, 1 + pick(4)); },
			() => { parts.splice(at, 0, pick(256)); }, () => { parts.length = at; }, () => { parts.splice(at, 0, ...parts.slice(at, at + pick(20))); },
			() => { parts[0] = pick(256); }, () => { parts[1] = pick(256); }];
		ways[pick(ways.length)]();
	}
	return Buffer.from(parts.map((byte) => byte ?? 0));
}

const memory = (server) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.child.pid}/status`, "utf8"))[1]) / 1024;

export async function mutations() {
	const server = await Server.start();
	const witness = await server.visitor();
	const pick = random(20261122);
	const counts = { open: 0, waits: 0, closed: 0 };
	const one = async (bytes, number) => {
		const visitor = await server.visitor();
		const expected = verdict(bytes);
		const remark = () => `mutation ${number}, ${bytes.toString("hex").slice(0, 600)}`;
		counts[Array.isArray(expected) ? "closed" : expected]++;
		visitor.raw(bytes);
		if (Array.isArray(expected)) {
			await visitor.ended().catch((error) => { throw new Error(`${remark()}, expected ${expected}: ${error.message}`); });
			assert.ok(expected.includes(visitor.closeCode), `${remark()}: ${visitor.closeCode}, expected ${expected}`);
		} else if (expected === "open") {
			/* Still there: it answers. Its frames were texts that may be anything. */
			visitor.raw(frameBytes(OP.text, "{\"type\":\"ping\"}"));
			await visitor.any((frame) => frame.type === "pong", `${remark()}: a pong`);
		} else {
			assert.ok(!visitor.isGone, remark());
		}
		await visitor.close();
	};
	const ROUNDS = 6, AT_ONCE = 350;
	let before = 0;
	for (let round = 0; round < ROUNDS; round++) {
		const all = Array.from({ length: AT_ONCE }, (_, i) => [mutated(pick, talk(pick, i)), round * AT_ONCE + i]);
		await Promise.all(all.map(([bytes, number]) => one(bytes, number)));
		assert.equal((await witness.say("delivery time")).type, "ack");
		if (round === ROUNDS / 3) before = memory(server);
	}
	/* The mutations are worth something: each outcome was met often. */
	for (const [outcome, count] of Object.entries(counts)) assert.ok(count > ROUNDS * AT_ONCE / 20, `${outcome}: ${count}`);
	/* Nobody is left behind, and the memory is what it was (sanitizers keep what was freed for a while). */
	const visitors = async () => Number((await server.ask("GET", "/metrics")).text.match(/^shopbell_visitors (\d+)/m)[1]);
	const until = Date.now() + PATIENCE_MS;
	while (await visitors() > 1 && Date.now() < until) await new Promise(setImmediate);
	assert.equal(await visitors(), 1);
	const grown = memory(server) - before;
	assert.ok(grown < (/asan|tsan/.test(process.env.SHOPBELL ?? "") ? 400 : 16), `grown by ${grown} MB`);
}
