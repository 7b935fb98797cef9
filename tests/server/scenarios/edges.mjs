// SPDX-License-Identifier: Apache-2.0
/* What stands around every answer and every request: headers that protect, addresses that proxies tell, identities that
 * others made. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Client } from "../client.mjs";
import { assertProtected, headersOf, statusesOf } from "../headers.mjs";
import { PASSWORD, Server, root, run } from "../server.mjs";

/* Every kind of answer by HTTP: page, asset, packed asset, data, refusals of each status that a request can bring about. */
export async function headers_of_every_kind_of_answer() {
	const server = await Server.start({ args: ["--proxy", "127.0.0.1"], changes: { limits: { "messages per minute": 1, "connections per address": 1 } } });
	const cookie = await server.owner(), forwarded = (address) => ({ "X-Forwarded-For": address });
	const anna = await server.agent("Anna"), visitor = await server.visitor();
	await visitor.say("delivery time", "m");
	const { conversation, seq } = await anna.any((frame) => frame.type === "event" && frame.client_id === "m", "the event");
	assert.equal((await anna.does({ type: "teach", conversation, seq, question: "New?" })).type, "ack");
	const { json: { drafts: [draft] } } = await server.ask("GET", "/api/v1/drafts", { cookie });
	const { headers: { etag } } = await server.ask("GET", "/widget.js");
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" }, headers: forwarded("192.0.2.99") })).status, 200);
	const kinds = [
		["a page", "GET", "/", {}, 200], ["the console", "GET", "/console/", {}, 200], ["a redirection", "GET", "/console", {}, 308],
		["a script", "GET", "/widget.js", {}, 200], ["a packed script", "GET", "/widget.js", { headers: { "Accept-Encoding": "gzip" } }, 200],
		["a script that is known", "GET", "/widget.js", { headers: { "If-None-Match": etag } }, 304],
		["HEAD", "HEAD", "/", {}, 200], ["text", "GET", "/healthz", {}, 200], ["data", "GET", "/api/v1/agents", { cookie }, 200],
		["a file", "GET", `/api/v1/visitors/${conversation}`, { cookie }, 200],
		["something made", "POST", "/api/v1/replies", (scheme) => ({ cookie, body: { name: scheme, text: "x" } }), 201],
		["something gone", "DELETE", "/api/v1/replies/", (scheme) => ({ cookie, suffix: scheme === "http" ? 1 : 2 }), 204],
		["bad JSON", "POST", "/api/v1/password", { cookie, body: "{" }, 400], ["nobody", "GET", "/api/v1/agents", {}, 401],
		["another site", "POST", "/api/v1/agents", { cookie, body: {}, headers: { Origin: "https://evil.example" } }, 403],
		["nothing there", "GET", "/no/such/page", {}, 404], ["nothing there in the API", "GET", "/api/v1/nothing", { cookie }, 404],
		["another method", "PUT", "/api/v1/ask", {}, 405], ["a conflict", "POST", "/api/v1/setup", { body: { link: "x", name: "x", password: PASSWORD } }, 409],
		["too long", "POST", "/api/v1/ask", { body: { text: "x".repeat(70000) } }, 413],
		["another type", "POST", "/api/v1/agents", { cookie, body: "{}", type: "text/plain" }, 415],
		["what would break the files", "POST", `/api/v1/drafts/${draft.id}`, { cookie, body: { question: "New?", file: "topics.md", wording: "new", answer: "Yes.\n\nnxt: x" } }, 422],
		["no upgrade", "GET", "/ws/visitor", {}, 426],
		["too many questions", "POST", "/api/v1/ask", { body: { text: "delivery time" }, headers: forwarded("192.0.2.99") }, 429],
	];
	/* A desk that is full and a disk that fails are met elsewhere (overload, disk), by the same way out; so are requests that
	 * are none (requests). */
	const known = new Set([...kinds.map((kind) => kind[4]), 503]);
	for (const status of statusesOf((name) => name !== "head.c")) assert.ok(known.has(status), `${status} is given by no row`);
	for (const scheme of ["http", "https"])
		for (const [kind, method, target, given, status] of kinds) {
			const { suffix = "", ...options } = typeof given === "function" ? given(scheme) : given;
			const ask = () => server.ask(method, target + suffix, { ...options, headers: { "X-Forwarded-For": "192.0.2.7", ...options.headers, "X-Forwarded-Proto": scheme } });
			let answer = await ask();
			if (status === 429 && answer.status === 200) answer = await ask(); /* after a minute one more is free */
			const remark = `${kind} over ${scheme}`;
			assert.equal(answer.status, status, `${remark}: ${answer.text}`);
			assertProtected(answer.headers, remark, { target, isTls: scheme === "https" });
		}
	/* Pages have nothing in them that such a policy stops. */
	for (const target of ["/", "/console/"]) {
		const { text } = await server.ask("GET", target);
		assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:|(src|href)="(https?:)?\/\//, target);
	}
}

/* Those that are given before the request was read, or instead of a WebSocket, have them too. */
export async function headers_of_every_refusal_at_the_door() {
	const FILES = 200;
	const server = await Server.start({ args: ["--proxy", "127.0.0.1"], by: ["prlimit", `--nofile=${FILES}:${FILES}`], changes: { limits: { "connections per address": 1 } } });
	const one = await Client.open(server.port, "/ws/visitor", { headers: { "X-Forwarded-For": "192.0.2.8" } });
	assert.equal(one.status, 101);
	const rows = [
		["/ws/visitor", { "Sec-WebSocket-Key": "x" }, 400], ["/ws/agent", {}, 401], ["/ws/visitor", { Origin: "https://evil.example" }, 403],
		["/ws/other", {}, 404], ["/ws/visitor", { "Sec-WebSocket-Version": "12" }, 426],
		["/ws/visitor", { "X-Forwarded-For": "192.0.2.8" }, 429], ["/ws/visitor", {}, 503],
	];
	for (const status of statusesOf((name) => ["handshake.c", "acceptor.c"].includes(name))) assert.ok(rows.some((row) => row[2] === status), `${status} is given by no row`);
	const clients = [];
	for (const [target, headers, status] of rows) {
		/* As many as there are files for: the next is refused by the acceptor. */
		for (let isFull = status !== 503; !isFull;) {
			const client = await Client.open(server.port, "/ws/visitor");
			client.send({ type: "hello" });
			clients.push(client);
			isFull = client.status === 503;
		}
		for (const scheme of ["http", "https"]) {
			const { status: given, head } = await Client.open(server.port, target, { headers: { ...headers, "X-Forwarded-Proto": scheme } });
			assert.equal(given, status, `${target} ${JSON.stringify(headers)}: ${head}`);
			assertProtected(headersOf(head), `${status} over ${scheme}`, { isTls: scheme === "https" });
			assert.equal(headersOf(head)["retry-after"] !== undefined, status === 429 || status === 503, head);
		}
	}
	await Promise.all(clients.map((client) => client.close()));
	/* And by an address that has too many connections, for which no proxy speaks. */
	const bare = await Server.start({ changes: { limits: { "connections per address": 1 } } });
	assert.equal((await Client.open(bare.port, "/ws/visitor")).status, 101);
	const { status, head } = await Client.open(bare.port, "/ws/visitor", { headers: { "X-Forwarded-Proto": "https" } });
	assert.equal(status, 429);
	assertProtected(headersOf(head), "429 by the acceptor");
}

/* How many connections of this forwarded address are let in, when each may have `most`. */
async function letIn(server, forwarded, most) {
	const clients = [];
	for (let i = 0; i <= most; i++)
		clients.push(await Client.open(server.port, "/ws/visitor", { headers: forwarded === null ? {} : { "X-Forwarded-For": forwarded } }));
	const count = clients.filter((client) => client.status === 101).length;
	await Promise.all(clients.map((client) => client.close()));
	return count;
}

/* Behind a named proxy the last address counts, whatever stands before it; what is no address counts for nobody. */
export async function addresses_that_a_proxy_tells() {
	const MOST = 2, A_MINUTE = 5;
	const server = await Server.start({ args: ["--proxy", "127.0.0.1"], changes: { limits: { "connections per address": MOST, "messages per minute": A_MINUTE } } });
	for (const forwarded of ["192.0.2.1", "10.0.0.1, 192.0.2.2", "garbage, , 192.0.2.3", "2001:db8:1::1", "unknown, 2001:db8:2::1", "[2001:db8:3::1]", "::ffff:192.0.2.4"])
		assert.equal(await letIn(server, forwarded, MOST), MOST, forwarded);
	/* One household of IPv6, one address; another is another. IPv4 in IPv6 is IPv4. */
	const hold = async (...addresses) => {
		const clients = [];
		for (const address of addresses) clients.push(await Client.open(server.port, "/ws/visitor", { headers: { "X-Forwarded-For": address } }));
		const statuses = clients.map((client) => client.status);
		await Promise.all(clients.map((client) => client.close()));
		return statuses;
	};
	assert.deepEqual(await hold("2001:db8:9:9::1", "2001:db8:9:9::2", "2001:db8:9:9:ffff::3", "2001:db8:9:a::1"), [101, 101, 429, 101]);
	assert.deepEqual(await hold("192.0.2.50", "::ffff:192.0.2.50", "192.0.2.50"), [101, 101, 429]);
	/* Over HTTP too: counted for the address that the proxy saw, not for the one that was made up. */
	const ask = (address) => server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" }, headers: { "X-Forwarded-For": address } });
	let refused = 0;
	for (let i = 0; i < 200 && !refused; i++)
		if ((await ask(`203.0.113.${i}, 192.0.2.66`)).status === 429) refused = i;
	assert.ok(refused >= MOST * A_MINUTE, `refused after ${refused}`);
	assert.equal((await ask("203.0.113.1, 192.0.2.67")).status, 200);
}

/* A proxy may add a line of its own behind one that came from the visitor, and behind as much as a header may hold: still the last
 * address is the proxy's word, and a header that is long is not one that is missing. */
export async function headers_that_are_long_or_there_twice() {
	const MOST = 2, A_MINUTE = 5, LONG = fs.readFileSync(path.join(root, "engine/server/head.h"), "utf8").match(/HEAD_BYTES_MAX = (\d+)/)[1] - 1000;
	const server = await Server.start({ args: ["--proxy", "127.0.0.1"], changes: { limits: { "connections per address": MOST, "messages per minute": A_MINUTE } } });
	const doubled = (first, last) => `${first}\r\nX-Forwarded-For: ${last}`;
	const openAll = async (headersOfOne) => {
		const clients = [];
		for (let i = 0; i <= MOST; i++) clients.push(await Client.open(server.port, "/ws/visitor", { headers: headersOfOne(i) }));
		const statuses = clients.map((client) => client.status);
		await Promise.all(clients.map((client) => client.close()));
		return statuses;
	};
	const some = Array.from({ length: MOST }, () => 101);
	assert.deepEqual(await openAll((i) => ({ "X-Forwarded-For": doubled(`203.0.113.${i}`, "192.0.2.66") })), [...some, 429]);
	assert.deepEqual(await openAll(() => ({ "X-Forwarded-For": `${"1".repeat(LONG)}, 192.0.2.67` })), [...some, 429]);
	let count = 0;
	const ask = (i) => server.ask("POST", "/api/v1/ask", { body: { text: "delivery time" }, headers: { "X-Forwarded-For": [`203.0.113.${i}`, "192.0.2.68"] } });
	while (count < 200 && (await ask(count)).status === 200) count++;
	assert.ok(count >= MOST * A_MINUTE && count < 200, `refused after ${count}`);
	for (const [schemes, isTls] of [[["https", "http"], false], [["http", "https"], true]]) {
		const { headers } = await server.ask("GET", "/", { headers: { "X-Forwarded-Proto": schemes } });
		assert.equal(headers["strict-transport-security"] !== undefined, isTls, `HTTP, ${schemes}`);
		const { head } = await Client.open(server.port, "/ws/agent", { headers: { "X-Forwarded-Proto": schemes.join("\r\nX-Forwarded-Proto: ") } });
		assert.equal(headersOf(head)["strict-transport-security"] !== undefined, isTls, `WebSocket, ${schemes}`);
	}
	/* From a page with a long Origin nobody is let in, and an agent with many cookies is. */
	const from = (address, headers) => Client.open(server.port, "/ws/visitor", { headers: { "X-Forwarded-For": address, ...headers } });
	assert.equal((await from("192.0.2.69", { Origin: `https://${"evil.".repeat(LONG / 5)}example` })).status, 403);
	const cookie = await server.owner();
	const agent = await Client.open(server.port, "/ws/agent", { headers: { "X-Forwarded-For": "192.0.2.70", Origin: `http://127.0.0.1:${server.port}`, Cookie: `a=${"x".repeat(LONG)}; ${cookie}` } });
	assert.equal(agent.status, 101, agent.head);
}

/* From anybody else neither the address nor the scheme is believed. */
export async function strangers_tell_nothing() {
	const server = await Server.start({ args: ["--proxy", "192.0.2.200"], changes: { limits: { "connections per address": 3 } } });
	const clients = [];
	for (const address of ["192.0.2.1", "192.0.2.2", "192.0.2.200", "127.0.0.1"])
		clients.push(await Client.open(server.port, "/ws/visitor", { headers: { "X-Forwarded-For": address, Forwarded: `for=${address}`, "X-Real-IP": address } }));
	assert.deepEqual(clients.map((client) => client.status), [101, 101, 101, 429]);
	await Promise.all(clients.map((client) => client.close()));
	let answer;
	do answer = await server.ask("GET", "/", { headers: { "X-Forwarded-Proto": "https" } }).catch(() => ({})); while (answer.status !== 200);
	assert.equal(answer.headers["strict-transport-security"], undefined);
	for (const args of [["--proxy", "nonsense"], ["--proxy", "192.0.2.1/24"]]) {
		const { status, stderr } = run("serve", "--intents", server.intents, "--data", path.join(server.folder, "other"), "--listen", "127.0.0.1:0", ...args);
		assert.ok(status === 1 || status === 2, `${args}: ${status} ${stderr}`);
	}
}

/* ---- Identities ---- */

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
function signed(secret, claims, header = { alg: "HS256" }, hash = "sha256") {
	const body = `${part(header)}.${part(claims)}`;
	return `${body}.${createHmac(hash, secret).update(body).digest("base64url")}`;
}

export async function identities_that_are_none() {
	const server = await Server.start();
	const secret = run("secret", "--data", server.data).stdout.trim().split("\n").at(-1).trim();
	const now = Math.floor(Date.now() / 1000), claims = { sub: "7", exp: now + 600 };
	const good = signed(secret, claims), [head, body, tail] = good.split(".");
	const raw = (text) => signed(secret, text);
	const bad = {
		"alg none": `${part({ alg: "none" })}.${body}.`, "alg None": `${part({ alg: "None" })}.${body}.${tail}`, "alg missing": signed(secret, claims, { typ: "JWT" }),
		"alg twice": signed(secret, claims, "{\"alg\":\"none\",\"alg\":\"HS256\"}"), "alg as a list": signed(secret, claims, { alg: ["HS256"] }), "alg hs256": signed(secret, claims, { alg: "hs256" }),
		"RS256, the secret as its key": signed(secret, claims, { alg: "RS256" }), "HS384": signed(secret, claims, { alg: "HS384" }, "sha384"), "crit": signed(secret, claims, { alg: "HS256", crit: ["x"] }),
		"no exp": signed(secret, { sub: "7" }), "exp null": signed(secret, { sub: "7", exp: null }), "exp text": signed(secret, { sub: "7", exp: String(now + 600) }),
		"exp true": signed(secret, { sub: "7", exp: true }), "exp past": signed(secret, { sub: "7", exp: now - 1 }), "exp now": signed(secret, { sub: "7", exp: now }), "exp 1e400": raw("{\"sub\":\"7\",\"exp\":1e400}"),
		"exp negative": signed(secret, { sub: "7", exp: -1 }), "exp twice": raw(`{"sub":"7","exp":1,"exp":${now + 600}}`), "nbf to come": signed(secret, { ...claims, nbf: now + 3600 }),
		"nbf text": signed(secret, { ...claims, nbf: "x" }), "sub twice": raw(`{"sub":"7","sub":"8","exp":${now + 600}}`), "sub a number": signed(secret, { ...claims, sub: 7 }),
		"claims a list": raw("[]"), "claims nothing": raw(""), "claims no JSON": raw("{"), "another secret": signed(`${secret}x`, claims), "no secret": signed("", claims),
		"no signature": `${head}.${body}.`, "two parts": `${head}.${body}`, "four parts": `${good}.x`, "padded": `${good}=`, "standard base64": `${head}.${body}.${Buffer.from(tail, "base64url").toString("base64").replace(/[A-Za-z]/, "+")}`,
		"a blank": `${head}. ${body}.${tail}`, "one bit of the signature": `${head}.${body}.${tail.slice(0, 9)}${tail[9] === "A" ? "B" : "A"}${tail.slice(10)}`, "half a signature": `${head}.${body}.${tail.slice(0, 20)}`,
		"other claims": `${head}.${part({ sub: "8", exp: now + 600 })}.${tail}`, "just dots": "..", "very long": `${head}.${"A".repeat(5000)}.${tail}`,
	};
	for (const [remark, identity] of Object.entries(bad)) {
		const client = await Client.open(server.port, "/ws/visitor");
		client.send({ type: "hello", identity });
		const error = await client.next("error").catch((cause) => { throw new Error(`${remark}: ${cause.message}`); });
		assert.match(error.code, /^(bad_identity|bad_frame|too_long)$/, remark);
		assert.ok(!error.message.includes(secret), remark);
		await client.close();
	}
	for (const fine of [good, signed(secret, { ...claims, nbf: now - 5 }), signed(secret, { ...claims, iat: now, tier: "gold" })]) {
		const visitor = await server.visitor({ identity: fine });
		assert.deepEqual(visitor.frames.filter((frame) => frame.type === "error"), []);
		await visitor.close();
	}
	assert.match(fs.readFileSync(path.join(root, "engine/server/identity.c"), "utf8"), /!sodium_memcmp\(mac, signature\.ptr/);
}
