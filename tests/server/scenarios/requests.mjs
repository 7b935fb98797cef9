// SPDX-License-Identifier: Apache-2.0
/* Requests that are none, too long, or two things at once, byte by byte over the wire: refused by the server itself, with the
 * headers that protect and words that help, and nothing that was smuggled in is done. (All forms: tests/unit/test_head.c.) */
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { PATIENCE_MS, handshake } from "../client.mjs";
import { assertProtected, headersOf, statusesOf } from "../headers.mjs";
import { Server, built, root } from "../server.mjs";

const HOST = "Host: x\r\n", LAST = "Connection: close\r\n";
const GET = `GET /healthz HTTP/1.1\r\n${HOST}${LAST}`, ASK = `POST /api/v1/ask HTTP/1.1\r\n${HOST}${LAST}Content-Type: application/json\r\n`;
/* A limit that head.h names. */
function limit(name) {
	const found = new RegExp(`${name} = ([0-9]+)`).exec(fs.readFileSync(path.join(root, "engine/server/head.h"), "utf8"));
	return Number(found[1]);
}

/* Sends and gives all that came until the server ended the connection. */
function say(server, ...parts) {
	return new Promise((resolve, reject) => {
		let all = "";
		const socket = net.connect(server.port, "127.0.0.1");
		const timer = setTimeout(() => socket.destroy(new Error(`no end after ${parts.join("").slice(0, 80)}; came: ${all}`)), PATIENCE_MS);
		socket.on("data", (bytes) => (all += bytes.toString("latin1")));
		socket.on("error", reject);
		socket.on("close", () => { clearTimeout(timer); resolve(all); });
		for (const part of parts) socket.write(Buffer.from(part, "latin1"));
	});
}

/* Each answer of a connection: status, headers, body. */
function answersOf(text) {
	const answers = [];
	while (text) {
		const end = text.indexOf("\r\n\r\n"), head = text.slice(0, end), headers = headersOf(head), length = Number(headers["content-length"] ?? 0);
		assert.ok(end > 0, text);
		answers.push({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), headers, body: text.slice(end + 4, end + 4 + length) });
		text = text.slice(end + 4 + length);
	}
	return answers;
}

function assertRefused(answer, status, remark, { isTls = false } = {}) {
	assert.equal(answer?.status, status, `${remark}: ${JSON.stringify(answer)}`);
	assertProtected(answer.headers, remark, { isTls });
	assert.equal(answer.headers.connection, "close", remark);
	assert.equal(answer.headers["content-type"], "application/json", remark);
	const { error } = JSON.parse(answer.body);
	assert.ok(error.code && error.message.length > 10, remark);
}

const tooLong = () => [
	["a long address", `GET /${"x".repeat(limit("HEAD_TARGET_MAX"))} HTTP/1.1\r\n${HOST}\r\n`, 414],
	["an address without end", `GET /${"x".repeat(100000)}`, 414],
	["many arguments", `GET /?${"a&".repeat(limit("HEAD_ARGUMENTS_MAX"))} HTTP/1.1\r\n${HOST}\r\n`, 414],
	["many arguments for a WebSocket", `GET /ws/visitor?${"a&".repeat(limit("HEAD_ARGUMENTS_MAX"))} HTTP/1.1\r\n${HOST}\r\n`, 414],
	["a long field", `${GET}X: ${"y".repeat(limit("HEAD_BYTES_MAX"))}\r\n\r\n`, 431],
	["many fields", `${GET}${"X: y\r\n".repeat(limit("HEAD_PARTS_MAX"))}\r\n`, 431],
	["many cookies", `${GET}Cookie: ${"a=b; ".repeat(limit("HEAD_PARTS_MAX"))}\r\n\r\n`, 431],
	["a header without end", `${GET}${"X: y\r\n".repeat(20000)}`, 431],
	["a long field for a WebSocket", `GET /ws/visitor HTTP/1.1\r\n${HOST}X: ${"y".repeat(30000)}\r\n\r\n`, 431],
	["a body far too long", `${ASK}Content-Length: 99999999\r\n\r\n{`, 413],
	["a chunk far too long", `${ASK}Transfer-Encoding: chunked\r\n\r\nffffff\r\n{`, 413],
];

const malformed = [
	["another version", `GET / HTTP/2.0\r\n${HOST}\r\n`, 505], ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505],
	["no version", "GET /\r\n\r\n", 400], ["bytes", "\u0000\u0001\u0002\u0016\u0003\r\n", 400], ["TLS where none is", "\u0016\u0003\u0001\u0002\u0000\u0001\n", 400],
	["no Host", "GET / HTTP/1.1\r\n\r\n", 400], ["two Hosts", `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, 400],
	["an escaped NUL", `GET /healthz%00 HTTP/1.1\r\n${HOST}\r\n`, 400], ["another coding", `${ASK}Transfer-Encoding: gzip\r\n\r\n`, 501],
	["half an escape for a WebSocket", `GET /ws/%z HTTP/1.1\r\n${HOST}\r\n`, 400], ["a control character for a WebSocket", `GET /ws/visitor\u0001 HTTP/1.1\r\n${HOST}\r\n`, 400],
	["a bare LF for a WebSocket", `GET /ws/visitor HTTP/1.1\nHost: x\n\n`, 400], ["a folded line for a WebSocket", `GET /ws/visitor HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 400],
	["a subprotocol", handshake("/ws/visitor", 1, { "Sec-WebSocket-Protocol": "chat" }), 400],
];

export async function refusals_that_libraries_would_give() {
	const server = await Server.start({ args: ["--proxy", "127.0.0.1"] }), rows = [...tooLong(), ...malformed];
	const elsewhere = [408]; /* requests_that_take_their_time */
	for (const status of statusesOf((name) => name === "head.c")) assert.ok(elsewhere.includes(status) || rows.some((row) => row[2] === status), `${status} is given by no row`);
	for (const [remark, bytes, status] of rows) {
		const answers = answersOf(await say(server, bytes));
		assertRefused(answers.pop(), status, remark);
		assert.deepEqual(answers, [], remark);
	}
	/* What the proxy told before the fault is believed, and nobody else. */
	const late = `${GET}X-Forwarded-Proto: https\r\n${HOST}\r\n`, direct = await Server.start();
	assertRefused(answersOf(await say(server, late))[0], 400, "behind a proxy", { isTls: true });
	assertRefused(answersOf(await say(direct, late))[0], 400, "without one");
	assert.equal((await server.ask("GET", "/healthz")).status, 200);
}

/* What fits goes through: the most of everything at once. */
export async function the_largest_request() {
	const server = await Server.start();
	const fill = (text, size) => text + "x".repeat(size - text.length);
	const fields = `Cookie: ${"a=b; ".repeat(limit("HEAD_PARTS_MAX") - 10)}c=d\r\n`;
	for (const target of [fill("/?", limit("HEAD_TARGET_MAX")), `/?${"a&".repeat(limit("HEAD_ARGUMENTS_MAX") - 1)}`]) {
		const start = `GET ${target} HTTP/1.1\r\n${HOST}${LAST}${fields}`, rest = limit("HEAD_BYTES_MAX") - start.length - 4;
		const [answer] = answersOf(await say(server, start, `${fill("X: ", rest)}\r\n\r\n`));
		assert.equal(answer.status, 200, target);
	}
	const chunks = ["{\"te", "xt\":\"how long is the delivery\"}", ""].map((text) => `${text.length.toString(16)};a=b\r\n${text}\r\n`);
	const [chunked] = answersOf(await say(server, `${ASK}Transfer-Encoding: chunked\r\n\r\n`, ...chunks));
	assert.equal(chunked.status, 200, chunked.body);
}

/* Two readers of these bytes could see different requests: the one that is hidden in them is never answered. */
export async function requests_that_hide_another() {
	const server = await Server.start();
	const hidden = `GET /metrics HTTP/1.1\r\n${HOST}\r\n`, body = `0\r\n\r\n${hidden}`;
	const rows = [
		["CL.TE", `${ASK}Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n${body}`, 400],
		["TE.CL", `${ASK}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`, 400],
		["TE.TE", `${ASK}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n${body}`, 400],
		["TE with a space", `${ASK}Transfer-Encoding : chunked\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 400],
		["TE folded", `${ASK}Transfer-Encoding:\r\n chunked\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 501],
		["TE with a tab", `${ASK}Transfer-Encoding: \u000bchunked\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 400],
		["TE in 1.0", `${ASK.replace("HTTP/1.1", "HTTP/1.0")}Transfer-Encoding: chunked\r\n\r\n${body}`, 400],
		["CL.CL", `${ASK}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`, 400],
		["CL, CL", `${ASK}Content-Length: 0, ${hidden.length}\r\n\r\n${hidden}`, 400],
		["CL with a sign", `${ASK}Content-Length: +0\r\n\r\n${hidden}`, 400],
		["a bare LF", `${ASK}X: y\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`, 400],
		["a bare CR", `${ASK}X: y\rContent-Length: ${hidden.length}\r\n\r\n${hidden}`, 400],
		["a NUL", `${ASK}Content-Length: 0\u0000${hidden.length}\r\n\r\n${hidden}`, 400],
		["a chunk's size and more", `${ASK}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n${hidden}`, 400],
		["a chunk with a bare LF", `${ASK}Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n${body}`, 400],
		["a length in the trailer", `${ASK}Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`, 400],
		["behind a handshake", `GET /ws/visitor HTTP/1.1\r\n${HOST}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n${hidden}`, 400],
	];
	for (const [remark, bytes, status] of rows)
		for (const parts of [[bytes], [bytes.slice(0, 40), bytes.slice(40)]]) {
			const answers = answersOf(await say(server, ...parts));
			assertRefused(answers.at(-1), status, remark);
			assert.equal(answers.length, 1, `${remark}: ${JSON.stringify(answers)}`);
		}
}

/* One behind the other on one connection: each is answered in turn, and a fault in the last after the others. */
export async function a_fault_behind_other_requests() {
	const server = await Server.start();
	const one = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`, two = `POST /api/v1/ask HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 24\r\n\r\n{"text":"delivery time"}`;
	for (const first of [one, two, one + two]) {
		const answers = answersOf(await say(server, `${first}GET / HTTP/1.1\n`));
		assertRefused(answers.pop(), 400, first);
		assert.ok(answers.every((answer) => answer.status === 200) && answers.length === (first === one + two ? 2 : 1), first);
	}
	assert.deepEqual(answersOf(await say(server, one, two, GET + "\r\n")).map((answer) => answer.status), [200, 200, 200]);
}

/* A byte now and then keeps no connection for ever, in the head or in the body, while others are answered; and a connection may
 * rest between requests (for the library's own time). */
export async function requests_that_take_their_time() {
	const server = await Server.start({ binary: built("hasty") });
	const kept = net.connect(server.port, "127.0.0.1"), answers = [];
	kept.on("data", (bytes) => answers.push(bytes.toString("latin1")));
	const ask = async (count) => {
		kept.write(`GET /healthz HTTP/1.1\r\n${HOST}\r\n`);
		for (const until = Date.now() + PATIENCE_MS; answers.join("").split("HTTP/1.1 200").length - 1 < count;) {
			assert.ok(Date.now() < until, answers.join(""));
			await new Promise((resolve) => setImmediate(resolve));
		}
	};
	await ask(1);
	const drip = (start) => new Promise((resolve, reject) => {
		let all = "";
		const socket = net.connect(server.port, "127.0.0.1"), began = Date.now();
		const more = () => {
			if (Date.now() - began > PATIENCE_MS) socket.destroy(new Error(`not refused: ${start}`));
			else if (!all && !socket.destroyed) socket.write("y", () => setTimeout(more, 10));
		};
		socket.on("data", (bytes) => { all += bytes.toString("latin1"); });
		socket.on("end", () => socket.end());
		socket.on("error", reject);
		socket.on("close", () => resolve(all));
		socket.write(start, more);
	});
	for (const start of ["", "GET /healthz HTTP/1.1\r\nHost: x\r\nX: ", `${ASK}Content-Length: 60000\r\n\r\n{"text":"`, `${ASK}Transfer-Encoding: chunked\r\n\r\n7fff\r\n{"text":"`])
		assertRefused(answersOf(await drip(start))[0], 408, start);
	await ask(2);
	kept.destroy();
}
