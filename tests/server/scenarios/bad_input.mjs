// SPDX-License-Identifier: Apache-2.0
/* Whatever comes in gets its documented error or close, and the others never notice. */
import assert from "node:assert/strict";
import net from "node:net";
import { Client, OP, Visitor, frameBytes } from "../client.mjs";
import { Server } from "../server.mjs";

/* A frame as it is sent, and the error that answers it. `after`: what was said before it. */
const frames = [
	["not JSON", "{", "bad_json"],
	["no object", "[1]", "bad_json"],
	["a number", "7", "bad_json"],
	["nothing", "", "bad_json"],
	["rubbish behind", "{\"type\":\"read\",\"seq\":1}x", "bad_json"],
	["deep", `${"[".repeat(1000)}${"]".repeat(1000)}`, "bad_json"],
	["no type", "{}", "bad_frame"],
	["type 0", { type: 0 }, "bad_frame"],
	["type null", { type: null }, "bad_frame"],
	["unknown type", { type: "dance" }, "unknown_type"],
	["a verb of agents", { type: "claim", conversation: 1 }, "unknown_type"],
	["no client_id", { type: "message", text: "hi" }, "bad_frame"],
	...[0, [], null, {}, true].flatMap((value) => [
		[`client_id ${JSON.stringify(value)}`, { type: "message", client_id: value, text: "hi" }, "bad_frame"],
		[`text ${JSON.stringify(value)}`, { type: "message", client_id: "a", text: value }, "bad_frame"],
		[`option ${JSON.stringify(value)}`, { type: "choose", client_id: "a", option: value }, "bad_frame"],
	]),
	["client_id too long", { type: "message", client_id: "x".repeat(65), text: "hi" }, /^(bad_frame|too_long)$/],
	["empty text", { type: "message", client_id: "a", text: "" }, "empty"],
	["white text", { type: "message", client_id: "a", text: " \n\t\u00a0" }, "empty"],
	["text too long", { type: "message", client_id: "a", text: "x".repeat(4001) }, "too_long"],
	["rate without a conversation", { type: "rate", seq: 1, helpful: true }, "no_conversation"],
	["survey without a conversation", { type: "survey", csat: 5 }, "no_conversation"],
	["contact without a conversation", { type: "contact", email: "a@b.example", consent: true }, "no_conversation"],
	["close without a conversation", { type: "close" }, "no_conversation"],
	["export without a conversation", { type: "export" }, "no_conversation"],
	["erase without a conversation", { type: "erase" }, "no_conversation"],
	["rate helpful as text", { type: "rate", seq: 1, helpful: "yes" }, "bad_frame"],
	["rate seq -1", { type: "rate", seq: -1, helpful: true }, "bad_frame"],
	["survey csat 6", { type: "survey", csat: 6 }, "bad_frame"],
	["survey of nothing", { type: "survey" }, "bad_frame"],
	["contact without consent", { type: "contact", email: "a@b.example", consent: false }, "consent_missing"],
	["contact without an address", { type: "contact", email: "nobody", consent: true }, "bad_email"],
	["an unknown button", { type: "choose", client_id: "a", option: "launch" }, "unknown_option"],
	["hello again", { type: "hello" }, "hello_first"],
];

export async function errors_that_leave_the_connection() {
	const server = await Server.start();
	for (const [remark, frame, code] of frames) {
		const visitor = await server.visitor();
		visitor.text(typeof frame === "string" ? frame : JSON.stringify(frame));
		const error = await visitor.next("error").catch((cause) => { throw new Error(`${remark}: ${cause.message}`); });
		assert.match(error.code, code instanceof RegExp ? code : new RegExp(`^${code}$`), `${remark}: ${JSON.stringify(error)}`);
		assert.ok(error.message.length > 5, remark);
		assert.equal((await visitor.say("delivery time")).type, "ack", remark);
		await visitor.close();
	}
}

export async function before_hello() {
	const server = await Server.start();
	const client = await Client.open(server.port, "/ws/visitor");
	client.send({ type: "message", client_id: "a", text: "hi" });
	assert.equal((await client.next("error")).code, "hello_first");
	client.send({ type: "hello", token: "A".repeat(43) });
	assert.equal((await client.next("error")).code, "unknown_token");
	assert.equal((await client.next("welcome")).conversation, null);
}

export async function the_limits_of_a_text() {
	const server = await Server.start();
	const visitor = await server.visitor();
	for (const letter of ["x", "é", "😀"]) {
		assert.equal((await visitor.say(letter.repeat(3999))).type, "ack");
		assert.equal((await visitor.say(letter.repeat(4000))).type, "ack");
		assert.equal((await visitor.say(letter.repeat(4001))).code, "too_long");
	}
	await visitor.until(() => visitor.events.filter((event) => event.from === "visitor").length === 6, "all six");
	assert.deepEqual(visitor.events.filter((event) => event.from === "visitor").map((event) => [...event.text].length),
		[3999, 4000, 3999, 4000, 3999, 4000]);
}

/* What is said before a close, and its code, arrive also at somebody who goes on sending: the connection is not torn off with
 * unread bytes in it, which would take with them what was on its way out. */
export async function a_close_is_heard() {
	const server = await Server.start();
	for (let i = 0; i < 10; i++) {
		const visitor = await server.visitor();
		while (!visitor.isGone && !visitor.closeCode) {
			for (let k = 0; k < 10; k++) visitor.send({ type: "dance" });
			await new Promise((resolve) => setImmediate(resolve));
		}
		await visitor.ended();
		assert.equal(visitor.closeCode, 1008);
		assert.equal(visitor.frames.at(-1).code, "too_many_errors");
	}
}

export async function too_many_errors() {
	const server = await Server.start();
	const visitor = await server.visitor();
	visitor.send(...Array.from({ length: 50 }, () => ({ type: "dance" })));
	await visitor.ended();
	assert.equal(visitor.closeCode, 1008);
	const last = await server.visitor();
	last.send(...Array.from({ length: 49 }, () => ({ type: "dance" })));
	await last.until(() => last.frames.filter((frame) => frame.code === "unknown_type").length === 49, "49 errors");
	assert.equal((await last.say("delivery time")).type, "ack");
	last.send(...Array.from({ length: 49 }, () => ({ type: "dance" })));
	assert.equal((await last.say("delivery time")).type, "ack");
}

export async function frames_in_odd_pieces() {
	const server = await Server.start();
	const visitor = await server.visitor();
	/* 100 frames in one write. */
	visitor.send(...Array.from({ length: 100 }, (_, i) => ({ type: "message", client_id: `w${i}`, text: "delivery time" })));
	await visitor.until(() => visitor.frames.filter((frame) => frame.type === "ack").length === 100, "100 acks");
	/* Byte by byte. */
	const bytes = frameBytes(OP.text, JSON.stringify({ type: "message", client_id: "slow", text: "grüße, how long does delivery take" }));
	for (const byte of bytes) {
		visitor.raw(Buffer.from([byte]));
		await new Promise(setImmediate);
	}
	assert.equal((await visitor.acked("slow")).type, "ack");
	/* One message in many frames, with a ping between them, cut inside a character. */
	const text = Buffer.from(JSON.stringify({ type: "message", client_id: "parts", text: "größe 😀 ".repeat(300).trim() }));
	for (let i = 0; i < text.length; i += 7) {
		visitor.raw(frameBytes(i ? OP.more : OP.text, text.subarray(i, i + 7), { final: i + 7 >= text.length }));
		if (i % 70 === 0) visitor.raw(frameBytes(OP.ping, "hello"));
	}
	assert.equal((await visitor.acked("parts")).type, "ack");
	/* The largest frame that is allowed: white space around a small message. */
	const small = JSON.stringify({ type: "message", client_id: "large", text: "delivery time" });
	visitor.text(small + " ".repeat(65536 - small.length));
	assert.equal((await visitor.acked("large")).type, "ack");
	assert.equal(visitor.isGone, false);
}

export async function half_a_frame_and_silence() {
	const server = await Server.start();
	const silent = await server.visitor();
	silent.raw(frameBytes(OP.text, "x".repeat(1000)).subarray(0, 500));
	const half = net.connect(server.port, "127.0.0.1");
	half.write("GET /ws/vis");
	const mute = net.connect(server.port, "127.0.0.1");
	mute.on("error", () => {});
	const visitor = await server.visitor();
	assert.equal((await visitor.say("delivery time")).type, "ack");
	/* Those that never finish their request are closed after ten seconds. */
	await new Promise((resolve) => half.on("close", resolve).on("error", resolve).resume());
	assert.equal((await visitor.say("delivery time")).type, "ack");
	assert.equal(silent.isGone, false);
	mute.destroy();
}

export async function no_hello_in_time() {
	const server = await Server.start();
	const client = await Client.open(server.port, "/ws/visitor");
	await client.ended();
	assert.equal(client.closeCode, 1008);
}

const tokens = ["", "0", "A".repeat(43), "../../etc/passwd", "' OR 1=1 --", "\u0000".repeat(3), "x".repeat(64), "é".repeat(43),
	"AAAA AAAA", "{}", "null", "true"];

export async function garbage_tokens() {
	const server = await Server.start();
	const first = await server.visitor();
	await first.say("delivery time");
	for (const token of [...tokens, first.token.slice(0, -1), `${first.token}A`, first.token.toLowerCase() + "_",
		[...first.token].reverse().join("")]) {
		const client = await Client.open(server.port, "/ws/visitor");
		client.send({ type: "hello", token });
		const answer = await client.any((frame) => frame.type === "welcome" || frame.type === "error", "an answer");
		if (answer.type === "error") assert.match(answer.code, /^(unknown_token|bad_frame)$/, token);
		else assert.equal(answer.conversation, null, token);
		assert.equal(client.events.length, 0);
		await client.close();
	}
	for (const token of [0, [], null, {}, true, 1e400]) {
		const client = await Client.open(server.port, "/ws/visitor");
		client.text(`{"type":"hello","token":${token === Infinity ? "1e400" : JSON.stringify(token)}}`);
		const answer = await client.next((frame) => true, "an answer");
		assert.ok(answer.type === "error" && answer.code === "bad_frame" || answer.type === "welcome" && !answer.conversation,
			JSON.stringify([token, answer]));
		await client.close();
	}
}

/* The token of one conversation and everything that another one is known by: nothing of it is to be had. */
export async function the_token_of_another_conversation() {
	const server = await Server.start();
	const victim = await server.visitor();
	const ack = await victim.say("my secret is xyzzy-4711, delivery time");
	await victim.reply(ack);
	const thief = await server.visitor();
	await thief.say("track my order");
	for (const frame of [{ type: "hello", token: victim.token }, { type: "rate", seq: 3, helpful: true, conversation: 1, client_id: "r" },
		{ type: "export", conversation: 1, client_id: "e" }, { type: "read", seq: 1, conversation: 1 },
		{ type: "typing", conversation: 1 }, { type: "message", conversation: 1, client_id: "m", text: "hello" },
		{ type: "close", conversation: 1, client_id: "c" }, { type: "erase", conversation: 1, client_id: "x" }]) {
		thief.send(frame);
		if (frame.client_id) await thief.acked(frame.client_id);
	}
	assert.ok(!JSON.stringify(thief.frames).includes("xyzzy"));
	assert.equal((await victim.say("delivery time")).type, "ack");
	const back = await server.visitor({ token: victim.token });
	await back.until(() => back.events.length >= 2, "the victim's transcript");
	assert.ok(back.events.some((event) => event.text.includes("xyzzy")));
	assert.ok(!back.events.some((event) => event.text === "hello"));
}

export async function http_that_is_none() {
	const server = await Server.start();
	const sockets = [];
	for (const bytes of ["\r\n\r\n", "\u0000\u0001\u0002", "GET\r\n\r\n", `GET /${"x".repeat(40000)} HTTP/1.1\r\n\r\n`,
		"GET / HTTP/9.9\r\n\r\n", "POST /api/v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		`GET /ws/visitor HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX: ${"y".repeat(30000)}\r\n\r\n`,
		"GET /ws/visitor HTTP/1.1\r\nHost: x\r\n\r\n", "GET /wsx HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]) {
		const socket = net.connect(server.port, "127.0.0.1").on("error", () => {}).resume();
		await new Promise((resolve) => socket.write(bytes, resolve));
		sockets.push(socket);
	}
	assert.equal((await server.ask("GET", "/healthz")).status, 200);
	assert.equal((await (await server.visitor()).say("delivery time")).type, "ack");
	const large = await server.ask("POST", "/api/v1/ask", { body: { text: "x".repeat(65536) } });
	assert.equal(large.status, 413);
	for (const [body, code] of [["{", "bad_json"], ["[]", "bad_json"], [{ text: 7 }, "bad_frame"], [{ text: null }, "bad_frame"],
		[{}, "empty"], [{ text: " " }, "empty"], [{ text: "x".repeat(4001) }, "too_long"]]) {
		const answer = await server.ask("POST", "/api/v1/ask", { body });
		assert.equal(answer.status, 400, JSON.stringify(body));
		assert.match(answer.json.error.code, code === "too_long" ? /^(too_long|bad_frame)$/ : new RegExp(code), JSON.stringify(body));
	}
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: "text=hi", type: "application/x-www-form-urlencoded" })).status, 400);
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: '{"text":"hi"}', type: "text/plain" })).status, 200);
	assert.equal((await server.ask("PUT", "/api/v1/ask")).status, 405);
	assert.equal((await server.ask("GET", "/no/such/page")).status, 404);
	for (const socket of sockets) socket.destroy();
}
