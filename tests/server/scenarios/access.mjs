// SPDX-License-Identifier: Apache-2.0
/* Nobody in who should not be. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Agent, Client } from "../client.mjs";
import { PASSWORD, Server, cookieOf, program, root, run, settings } from "../server.mjs";

export async function the_link_works_once() {
	const server = await Server.start();
	const link = await server.link();
	const setup = (body) => server.ask("POST", "/api/v1/setup", { body });
	assert.deepEqual((await server.ask("GET", "/api/v1/setup")).json, { needed: true });
	assert.equal((await setup({ link: "A".repeat(43), name: "Olga", password: PASSWORD })).status, 403);
	assert.equal((await setup({ link: "", name: "Olga", password: PASSWORD })).status, 403);
	assert.equal((await setup({ link, name: "Olga", password: "short" })).status, 400);
	assert.equal((await setup({ link, name: "", password: PASSWORD })).status, 400);
	/* Two at once: one wins. */
	const both = await Promise.all([setup({ link, name: "Olga", password: PASSWORD }), setup({ link, name: "Otto", password: PASSWORD })]);
	assert.deepEqual(both.map((answer) => answer.status).sort(), [200, 409]);
	assert.equal((await setup({ link, name: "Oscar", password: PASSWORD })).status, 409);
	assert.deepEqual((await server.ask("GET", "/api/v1/setup")).json, { needed: false });
	await server.kill("SIGTERM");
	await server.up();
	assert.ok(!server.stdout.includes("#setup="));
	assert.equal((await setup({ link, name: "Oscar", password: PASSWORD })).status, 409);
}

export async function a_restart_makes_a_new_link() {
	const server = await Server.start();
	const old = await server.link();
	await server.kill("SIGTERM");
	await server.up();
	const fresh = await server.link();
	assert.notEqual(fresh, old);
	const setup = (link) => server.ask("POST", "/api/v1/setup", { body: { link, name: "Olga", password: PASSWORD } });
	assert.equal((await setup(old)).status, 403);
	assert.equal((await setup(fresh)).status, 200);
}

export async function signing_in_and_out() {
	const server = await Server.start();
	await server.owner("Olga");
	const signIn = (name, password) => server.ask("POST", "/api/v1/session", { body: { name, password } });
	assert.equal((await signIn("Olga", "wrong password")).status, 401);
	assert.equal((await signIn("Nobody", PASSWORD)).status, 401);
	assert.equal((await signIn("", "")).status, 401);
	const good = await signIn("olga", PASSWORD);
	assert.equal(good.status, 200);
	assert.equal(good.json.agent.name, "Olga");
	assert.equal(good.json.agent.role, "owner");
	const header = good.headers["set-cookie"][0];
	assert.match(header, /^shopbell_session=[\w-]{43};/);
	assert.match(header, /HttpOnly/);
	assert.match(header, /SameSite=Strict/);
	assert.match(header, /Path=\//);
	const cookie = cookieOf(good);
	assert.notEqual(cookie, server.ownerCookie);
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie })).json.agent.name, "Olga");
	assert.equal((await server.ask("GET", "/api/v1/session")).status, 401);
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie: "shopbell_session=" })).status, 401);
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie: `shopbell_session=${"A".repeat(43)}` })).status, 401);
	/* Among other cookies of the same host. */
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie: `a=b; xshopbell_session=1; ${cookie}; c=d` })).status, 200);
	/* Out; the connection ends too, the other session does not. */
	const agent = await Agent.arrive(server.port, cookie);
	const other = await Agent.arrive(server.port, server.ownerCookie);
	assert.equal((await server.ask("DELETE", "/api/v1/session", { cookie })).status, 204);
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie })).status, 401);
	await agent.ended();
	assert.equal((await other.does({ type: "presence", status: "away" })).type, "ack");
}

export async function a_new_password_ends_all_sessions() {
	const server = await Server.start();
	const cookies = [await server.agentCookie("Anna"), await server.signIn("Anna"), await server.signIn("Anna")];
	const agents = await Promise.all(cookies.map((cookie) => Agent.arrive(server.port, cookie)));
	const change = (body) => server.ask("POST", "/api/v1/password", { cookie: cookies[0], body });
	assert.equal((await change({ old: "wrong password", new: "another long one" })).status, 403);
	assert.equal((await change({ old: PASSWORD, new: "short" })).status, 400);
	const done = await change({ old: PASSWORD, new: "another long one" });
	assert.equal(done.status, 204);
	await Promise.all(agents.map((agent) => agent.ended()));
	for (const cookie of cookies) assert.equal((await server.ask("GET", "/api/v1/session", { cookie })).status, 401);
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie: cookieOf(done) })).status, 200);
	assert.equal((await server.ask("POST", "/api/v1/session", { body: { name: "Anna", password: PASSWORD } })).status, 401);
	await server.signIn("Anna", "another long one");
}

/* Every call, for nobody, an agent and an owner. 0: anything but 401 and 403. */
const calls = [
	["GET", "/healthz", null, 200, 200, 200],
	["GET", "/readyz", null, 200, 200, 200],
	["GET", "/metrics", null, 200, 200, 200],
	["POST", "/api/v1/ask", { text: "delivery time" }, 200, 200, 200],
	["GET", "/api/v1/setup", null, 200, 200, 200],
	["POST", "/api/v1/setup", { link: "x", name: "New", password: PASSWORD }, 409, 409, 409],
	["POST", "/api/v1/session", { name: "Nobody", password: "x" }, 401, 401, 401],
	["GET", "/api/v1/session", null, 401, 200, 200],
	["GET", "/api/v1/corpus", null, 401, 200, 200],
	["GET", "/api/v1/search?q=x", null, 401, 200, 200],
	["GET", "/api/v1/numbers", null, 401, 200, 200],
	["GET", "/api/v1/settings", null, 401, 403, 200],
	["GET", "/api/v1/agents", null, 401, 403, 200],
	["POST", "/api/v1/agents", { name: "New", role: "agent", password: PASSWORD }, 401, 403, 201],
	["DELETE", "/api/v1/agents/999", null, 401, 403, 404],
	["GET", "/api/v1/tags", null, 401, 200, 200],
	["GET", "/api/v1/replies", null, 401, 200, 200],
	["POST", "/api/v1/replies", { name: "New", text: "Hello" }, 401, 403, 201],
	["POST", "/api/v1/replies/999", { name: "Other", text: "Hello" }, 401, 403, 404],
	["DELETE", "/api/v1/replies/999", null, 401, 403, 404],
	["GET", "/api/v1/drafts", null, 401, 403, 200],
	["POST", "/api/v1/drafts/999", { intent: "delivery-time", wording: "x" }, 401, 403, 404],
	["DELETE", "/api/v1/drafts/999", null, 401, 403, 404],
	["GET", "/api/v1/visitors/999", null, 401, 403, 404],
	["DELETE", "/api/v1/visitors/999", null, 401, 403, 404],
	["POST", "/api/v1/password", { old: "x", new: "another long one" }, 401, 403, 403],
	["DELETE", "/api/v1/session", null, 401, 204, 204],
];

export async function every_call_by_every_role() {
	/* No call of the program's table without a row here. */
	const table = readFileSync(path.join(root, "engine/server/routes.c"), "utf8").matchAll(/\{ "(\w+)", "(\/[^"]+)"/g);
	const rows = calls.map(([method, target]) => `${method} ${target.replace(/\?.*|\d+$/g, "")}`);
	for (const [, method, target] of table)
		assert.ok(rows.includes(`${method} ${target}`), `${method} ${target} has no row`);
	const server = await Server.start();
	const agent = await server.agentCookie("Anna"), owner = server.ownerCookie;
	for (const [method, path, body, ...wanted] of calls)
		for (const [i, cookie] of [undefined, agent, owner].entries()) {
			const answer = await server.ask(method, path, { cookie, body: body ?? undefined });
			assert.equal(answer.status, wanted[i], `${method} ${path} by ${["nobody", "an agent", "an owner"][i]}: ${answer.text}`);
			if (wanted[i] >= 400) assert.ok(answer.json.error.code && answer.json.error.message);
		}
}

export async function agents_come_and_go() {
	const server = await Server.start();
	const cookie = await server.agentCookie("Anna");
	const anna = await Agent.arrive(server.port, cookie);
	const add = (body) => server.ask("POST", "/api/v1/agents", { cookie: server.ownerCookie, body });
	assert.equal((await add({ name: "ANNA", role: "agent", password: PASSWORD })).status, 409);
	assert.equal((await add({ name: "Bert", role: "king", password: PASSWORD })).status, 400);
	/* A name stands in one line, by itself; the same by both ways. */
	const byCommand = (name) => spawnSync(program, ["agent", "add", name, "--password-stdin", "--data", server.data], { input: `${PASSWORD}\n` }).status;
	for (const name of ["", " Bert", "Bert ", "Be\nrt", "Be\trt", "Be\u0085rt", "Be\u202ert", "\u2066Bert", "ö".repeat(61)]) {
		assert.equal((await add({ name, role: "agent", password: PASSWORD })).status, 400, JSON.stringify(name));
		assert.equal(byCommand(name), 1, JSON.stringify(name));
	}
	const long = "ö".repeat(60);
	assert.equal((await add({ name: long, role: "agent", password: PASSWORD })).status, 201);
	assert.equal(byCommand(`B${long.slice(1)}`), 0);
	assert.equal((await add({ name: "Bert", role: "agent", password: "short" })).status, 400);
	const { agents } = (await server.ask("GET", "/api/v1/agents", { cookie: server.ownerCookie })).json;
	agents.sort((a, b) => a.id - b.id);
	assert.deepEqual(agents.map((agent) => [agent.name, agent.role]), [["Olga", "owner"], ["Anna", "agent"], [long, "agent"], [`B${long.slice(1)}`, "agent"]]);
	assert.ok(!JSON.stringify(agents).includes("argon"));
	const visitor = await server.visitor();
	visitor.send({ type: "person", client_id: "p" });
	await visitor.acked("p");
	assert.equal((await server.ask("DELETE", `/api/v1/agents/${agents[0].id}`, { cookie: server.ownerCookie })).status, 409);
	assert.equal((await server.ask("DELETE", `/api/v1/agents/${agents[1].id}`, { cookie: server.ownerCookie })).status, 204);
	await anna.ended();
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie })).status, 401);
}

/* Whoever is removed, or gets a new password, by the console or by the command line while it serves: their connections end, and
 * whoever they talked with is back in the queue without waiting for the grace that is given to those who may come back. */
export async function removed_while_talking() {
	const server = await Server.start({ changes: { handover: { "agent grace": "1 hour" } } });
	const owner = await server.owner();
	const ways = {
		console: async (id) => assert.equal((await server.ask("DELETE", `/api/v1/agents/${id}`, { cookie: owner })).status, 204),
		command: async (id, name) => assert.equal(run("agent", "remove", name, "--data", server.data).status, 0),
		"command, away": async (id, name, agent) => {
			await agent.close();
			assert.equal(run("agent", "remove", name, "--data", server.data).status, 0);
		},
	};
	for (const [way, remove] of Object.entries(ways)) {
		const name = `Anna by ${way}`, cookie = await server.agentCookie(name), agent = await Agent.arrive(server.port, cookie);
		const visitor = await server.visitor();
		visitor.send({ type: "person", client_id: `p ${way}` });
		await visitor.acked(`p ${way}`);
		const { conversation } = await agent.any((frame) => frame.client_id === `p ${way}`, "the conversation");
		assert.equal((await agent.does({ type: "claim", conversation })).type, "ack");
		await remove(agent.welcome.you.id, name, agent);
		await agent.ended();
		assert.equal((await server.ask("GET", "/api/v1/session", { cookie })).status, 401, way);
		assert.equal((await visitor.any((frame) => frame.kind === "return", `the return to the queue (${way})`)).owner, "queue");
	}
	const anna = await server.agent("Anna");
	const changed = spawnSync(program, ["agent", "password", "Anna", "--password-stdin", "--data", server.data], { input: "another long one\n" });
	assert.equal(changed.status, 0, String(changed.stderr));
	await anna.ended();
	await server.signIn("Anna", "another long one");
}

/* Where a page may stand that opens a connection, or asks for a change. */
export async function origins() {
	const server = await Server.start();
	const visitorSettings = settings({ site: { origins: "https://shop.example http://old.shop.example:8080" } });
	const { writeFileSync } = await import("node:fs");
	const anna = await server.agent("Anna");
	writeFileSync(`${server.intents}/shop.ini`, visitorSettings);
	await anna.next("corpus");
	const own = `http://127.0.0.1:${server.port}`;
	const rows = [
		[undefined, true], [own, true], [`https://127.0.0.1:${server.port}`, true], ["https://shop.example", true],
		["HTTPS://SHOP.EXAMPLE", true], ["http://old.shop.example:8080", true], ["http://shop.example", false],
		["https://shop.example.evil.example", false], ["https://evil.example/https://shop.example", false],
		["https://shop.example:444", false], ["http://old.shop.example", false], ["null", false], ["https://", false],
		["127.0.0.1", false], [`http://127.0.0.1:${server.port + 1}`, false], ["file://", false], [`${own}.evil.example`, false],
	];
	for (const [origin, isAllowed] of rows) {
		const client = await Client.open(server.port, "/ws/visitor", { headers: origin === undefined ? {} : { Origin: origin } });
		assert.equal(client.status, isAllowed ? 101 : 403, `visitor from ${origin}`);
		await client.close();
	}
	const cookie = server.ownerCookie;
	for (const [headers, status] of [[{ Cookie: cookie, Origin: own }, 101], [{ Cookie: cookie }, 403], [{ Origin: own }, 401],
		[{ Cookie: cookie, Origin: "https://shop.example" }, 403], [{ Cookie: cookie, Origin: "https://evil.example" }, 403],
		[{ Cookie: "shopbell_session=x", Origin: own }, 401], [{ Cookie: cookie, Origin: "null" }, 403]]) {
		const client = await Client.open(server.port, "/ws/agent", { headers });
		assert.equal(client.status, status, JSON.stringify(headers));
		await client.close();
	}
	assert.equal((await Client.open(server.port, "/ws/other")).status, 404);
	assert.equal((await Client.open(server.port, "/ws")).status, 404);
	/* Forged requests. */
	const add = (headers, type) => server.ask("POST", "/api/v1/agents",
		{ cookie, headers, type, body: { name: `N${Math.random()}`, role: "agent", password: PASSWORD } });
	assert.equal((await add({ Origin: own })).status, 201);
	assert.equal((await add({})).status, 201);
	assert.equal((await add({ Origin: "https://evil.example" })).status, 403);
	assert.equal((await add({ Origin: "https://shop.example" })).status, 403);
	assert.equal((await add({ Origin: "null" })).status, 403);
	assert.equal((await add({}, "text/plain")).status, 415);
	assert.equal((await add({}, "application/x-www-form-urlencoded")).status, 415);
	assert.equal((await server.ask("DELETE", "/api/v1/session", { cookie, headers: { Origin: "https://evil.example" } })).status, 403);
	assert.equal((await server.ask("POST", "/api/v1/session",
		{ headers: { Origin: "https://evil.example" }, body: { name: "Anna", password: PASSWORD } })).status, 403);
}

export async function headers_that_protect() {
	const server = await Server.start();
	for (const path of ["/", "/console/", "/widget.js", "/api/v1/setup", "/nothing", "/healthz"]) {
		const { headers } = await server.ask("GET", path);
		const policy = headers["content-security-policy"];
		assert.match(policy, /default-src 'none'/, path);
		assert.match(policy, /frame-ancestors '(none|self)'/, path);
		assert.ok(!/unsafe|\*|http:|https:/.test(policy), path);
		assert.equal(headers["x-content-type-options"], "nosniff", path);
		assert.ok(headers["referrer-policy"], path);
		assert.equal(headers["strict-transport-security"], undefined, path);
	}
	assert.match((await server.ask("GET", "/console/")).headers["content-security-policy"], /frame-ancestors 'none'/);
}

export async function behind_a_proxy() {
	const server = await Server.start({ args: ["--proxy", "127.0.0.1"],
		changes: { limits: { "connections per address": "3", "messages per minute": 100 } } });
	const cookie = await server.owner("Olga");
	const secure = await server.ask("POST", "/api/v1/session", { body: { name: "Olga", password: PASSWORD },
		headers: { "X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "https" } });
	assert.match(secure.headers["set-cookie"][0], /; Secure/);
	assert.ok(secure.headers["strict-transport-security"]);
	const open = (address) => Client.open(server.port, "/ws/visitor", { headers: { "X-Forwarded-For": address } });
	/* The last address is the proxy's word, those before it anybody's. */
	const mine = [];
	for (let i = 0; i < 3; i++) mine.push(await open(`198.51.100.${i}, 192.0.2.1`));
	assert.ok(mine.every((client) => client.status === 101));
	assert.equal((await open("203.0.113.1, 192.0.2.1")).status, 429);
	assert.equal((await open("192.0.2.2")).status, 101);
	await mine[0].close();
	let again;
	do again = await open("192.0.2.1"); while (again.status === 429);
	assert.equal(again.status, 101);
	assert.ok(cookie);
}

export async function nobody_believes_a_stranger() {
	const server = await Server.start({ changes: { limits: { "connections per address": "4" } } });
	const open = (address) => Client.open(server.port, "/ws/visitor", { headers: { "X-Forwarded-For": address } });
	const clients = [];
	for (let i = 0; i < 4; i++) clients.push(await open(`192.0.2.${i}`));
	assert.ok(clients.every((client) => client.status === 101));
	const fifth = await open("192.0.2.77");
	assert.equal(fifth.status, 429);
	assert.match(fifth.head, /Retry-After: \d+/);
}

/* ---- Identities ---- */

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function jwt(secret, claims, header = { alg: "HS256", typ: "JWT" }, hash = "sha256") {
	const signed = `${part(header)}.${part(claims)}`;
	return `${signed}.${createHmac(hash, secret).update(signed).digest("base64url")}`;
}

export async function identities() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const secret = run("secret", "--data", server.data).stdout.trim().split("\n").at(-1).trim();
	assert.ok(secret.length >= 32, secret);
	const now = Math.floor(Date.now() / 1000);
	const claims = { sub: "customer-7", name: "Grace", email: "grace@shop.example", exp: now + 600, tier: "gold" };
	const bad = [
		["expired", jwt(secret, { ...claims, exp: now - 1 })], ["no exp", jwt(secret, { ...claims, exp: undefined })],
		["another key", jwt("x".repeat(43), claims)], ["alg none", `${part({ alg: "none" })}.${part(claims)}.`],
		["alg none, signed", jwt(secret, claims, { alg: "none" })], ["HS512", jwt(secret, claims, { alg: "HS512" }, "sha512")],
		["RS256 with the key as secret", jwt(secret, claims, { alg: "RS256" })], ["no header", `.${part(claims)}.x`],
		["garbage", "garbage"], ["two parts", "a.b"], ["exp as text", jwt(secret, { ...claims, exp: `${now + 600}` })],
	];
	for (const [remark, token] of bad) {
		const client = await Client.open(server.port, "/ws/visitor");
		client.send({ type: "hello", identity: token });
		const error = await client.next("error").catch((cause) => { throw new Error(`${remark}: ${cause.message}`); });
		assert.equal(error.code, "bad_identity", remark);
		await client.next("welcome");
		await client.close();
	}
	const visitor = await server.visitor({ identity: jwt(secret, claims) });
	await visitor.say("delivery time");
	const inbox = await anna.any((frame) => frame.type === "inbox", "the inbox");
	assert.equal(inbox.conversation.visitor.verified, true);
	assert.equal(inbox.conversation.visitor.name, "Grace");
	assert.equal(inbox.conversation.visitor.attributes.tier, "gold");
	/* On a shared computer: the token of the one before opens nothing for somebody else. */
	const other = await Client.open(server.port, "/ws/visitor");
	other.send({ type: "hello", token: visitor.token, identity: jwt(secret, { ...claims, sub: "customer-8" }) });
	assert.equal((await other.next("error")).code, "unknown_token");
	assert.equal((await other.next("welcome")).conversation, null);
	/* What is only said does not replace what was signed. */
	visitor.send({ type: "contact", email: "evil@evil.example", name: "Mallory", consent: true, client_id: "c" });
	assert.equal((await visitor.acked("c")).type, "ack");
	await anna.any((frame) => frame.kind === "contact", "the contact");
	anna.send({ type: "list", filter: "all" });
	assert.equal((await anna.next("list")).conversations[0].visitor.name, "Grace");
}

export async function only_signed_attributes_route() {
	const server = await Server.start({ changes: { "segment vip": { "when attribute tier": "gold", route: "person", priority: 10 } } });
	const secret = run("secret", "--data", server.data).stdout.trim().split("\n").at(-1).trim();
	const anna = await server.agent("Anna");
	const claims = { sub: "7", exp: Math.floor(Date.now() / 1000) + 600 };
	const gold = await server.visitor({ identity: jwt(secret, { ...claims, tier: "gold" }) });
	await gold.say("delivery time");
	assert.equal((await gold.any((frame) => frame.kind === "handover", "a handover")).reason, "segment");
	const claimed = await server.visitor({ identity: jwt("not the secret", { ...claims, tier: "gold" }), tier: "gold", attributes: { tier: "gold" } })
		.catch(() => null);
	const plain = claimed ?? await server.visitor({ tier: "gold", attributes: { tier: "gold" } });
	assert.equal((await plain.reply(await plain.say("delivery time"))).intent, "delivery-time");
	assert.ok(anna);
}
