// SPDX-License-Identifier: Apache-2.0
/* What went wrong in other chats, each as a test here. A test is named after the advisory and what it was; payloads in the
 * pages themselves are in tests/browser (console-live, widget-embed). */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Agent, Client } from "../client.mjs";
import { PASSWORD, Server, cookieOf, root, run } from "../server.mjs";

const source = (name) => fs.readFileSync(path.join(root, name), "utf8");
const secretOf = (server) => run("secret", "--data", server.data).stdout.trim().split("\n").at(-1).trim();
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
function jwt(secret, claims) {
	const signed = `${part({ alg: "HS256" })}.${part({ exp: Math.floor(Date.now() / 1000) + 600, ...claims })}`;
	return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/* Says hello and gives the error, if one comes before the welcome, and the welcome. */
async function hello(server, fields) {
	const client = await Client.open(server.port, "/ws/visitor");
	client.text(typeof fields === "string" ? fields : JSON.stringify({ type: "hello", ...fields }));
	const first = await client.next((frame) => ["welcome", "error"].includes(frame.type), "an answer");
	const error = first.type === "error" ? first : null;
	const welcome = !error ? first : error.code === "bad_frame" ? null : await client.next("welcome");
	return { client, error, welcome };
}

/* Rocket.Chat Livechat before 3.11: a guest's token with any room's id read that room. The answer to a foreign id tells
 * nothing: it is the same as to none. (All verbs: roles.mjs.) */
export async function rocketchat_3_11_unauthenticated_read_by_room_id() {
	const server = await Server.start();
	const victim = await server.visitor();
	await victim.say("my secret is xyzzy-4711, delivery time");
	const answers = [];
	for (const token of ["1", "A".repeat(43), `${victim.token.slice(0, -1)}${victim.token.at(-1) === "A" ? "B" : "A"}`]) {
		const { client, error, welcome } = await hello(server, { token, conversation: 1, last_seq: 0 });
		assert.equal(welcome.conversation, null);
		assert.equal(client.events.length, 0);
		answers.push(JSON.stringify(error));
		await client.close();
	}
	assert.equal(new Set(answers).size, 1, "the same words for all that open nothing");
}

/* CVE-2026-48616 (Rocket.Chat): a file's id could be guessed and was not tied to the room. All that opens something here
 * has 256 random bits. */
export async function CVE_2026_48616_guessable_ids() {
	const server = await Server.start();
	const tokens = [];
	for (let i = 0; i < 50; i++) {
		const visitor = await server.visitor();
		await visitor.say("delivery time");
		tokens.push(visitor.token);
		await visitor.close();
	}
	tokens.push(server.ownerCookie ?? (await server.owner()).split("=")[1], (await server.signIn("Olga")).split("=")[1]);
	assert.equal(new Set(tokens).size, tokens.length);
	for (const token of tokens) assert.equal(Buffer.from(token, "base64url").length, 32);
	/* Each bit is set about as often as not: 52 tosses are between 8 and 44 but for one in a million such tests. */
	const bytes = tokens.map((token) => Buffer.from(token, "base64url"));
	for (let bit = 0; bit < 256; bit++) {
		const set = bytes.filter((one) => one[bit >> 3] >> (bit & 7) & 1).length;
		assert.ok(set > 4 && set < 48, `bit ${bit} was set in ${set} of ${tokens.length}`);
	}
}

/* CVE-2026-115725 (Chatwoot before 4.17.0): an id of another account opened it. Two shops: nothing of one counts in the other. */
export async function CVE_2026_115725_what_opens_one_shop_in_another() {
	const [one, two] = [await Server.start(), await Server.start()];
	const visitor = await one.visitor();
	await visitor.say("delivery time");
	const cookie = await one.owner(), other = await two.owner();
	assert.equal((await hello(two, { token: visitor.token })).error.code, "unknown_token");
	assert.equal((await hello(two, { identity: jwt(secretOf(one), { sub: "7" }) })).error.code, "bad_identity");
	assert.equal((await two.ask("GET", "/api/v1/agents", { cookie })).status, 401);
	assert.equal((await one.ask("GET", "/api/v1/agents", { cookie: other })).status, 401);
	const agent = await Client.open(two.port, "/ws/agent", { headers: { Cookie: cookie, Origin: `http://127.0.0.1:${two.port}` } });
	assert.equal(agent.status, 401);
}

/* Rocket.Chat pull request 40501: an info call handed out the visitor's token. No secret is in anything that anybody is sent,
 * or stored as it is. */
export async function rocketchat_40501_a_token_in_an_answer() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const visitor = await server.visitor({ identity: jwt(secretOf(server), { sub: "7", name: "Grace" }) });
	await visitor.say("delivery time");
	visitor.send({ type: "contact", email: "grace@shop.example", consent: true, client_id: "c" }, { type: "export", client_id: "x" });
	await visitor.acked("x");
	const { conversation } = await anna.any((frame) => frame.kind === "contact", "the contact");
	anna.send({ type: "open", conversation }, { type: "list", filter: "all" });
	await anna.next("list");
	const cookie = server.ownerCookie, seen = [JSON.stringify(anna.frames)];
	/* The one frame that gives the token is its own ack. */
	seen.push(JSON.stringify(visitor.frames.filter((frame) => !(frame.type === "ack" && frame.token))));
	for (const [, target] of source("engine/server/routes.c").matchAll(/\{ "GET", "([^"]+)"/g))
		seen.push((await server.ask("GET", target, { cookie })).text);
	seen.push(run("export", "--conversation", String(conversation), "--data", server.data).stdout, server.stderr);
	const files = fs.readdirSync(server.data).map((name) => fs.readFileSync(path.join(server.data, name), "latin1"));
	const secrets = { token: visitor.token, session: cookie.split("=")[1], password: PASSWORD, identity: secretOf(server) };
	for (const [name, secret] of Object.entries(secrets)) {
		for (const text of seen) assert.ok(!text.includes(secret), `${name} in ${text.slice(0, 200)}`);
		if (name !== "identity") for (const text of files) assert.ok(!text.includes(secret), `${name} in the data folder`);
	}
	for (const text of seen) assert.doesNotMatch(text, /\$argon2/);
	assert.ok(files.some((text) => text.includes("$argon2id$")), "passwords are kept as Argon2id");
}

/* Chatwoot pull request 14884: the signature was not asked for on an update. What is only said binds to nobody who is signed. */
export async function chatwoot_14884_an_unsigned_update_of_a_signed_identity() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const secret = secretOf(server);
	const grace = await server.visitor({ identity: jwt(secret, { sub: "customer-7", name: "Grace", email: "grace@shop.example" }) });
	await grace.say("delivery time, xyzzy");
	const mallory = await server.visitor({ name: "Grace", email: "grace@shop.example", subject: "customer-7", sub: "customer-7" });
	await mallory.say("delivery time");
	mallory.send({ type: "contact", email: "grace@shop.example", name: "Grace", consent: true, client_id: "c", sub: "customer-7" });
	await mallory.acked("c");
	await anna.any((frame) => frame.kind === "contact", "the contact");
	anna.send({ type: "list", filter: "all" });
	const { conversations } = await anna.next("list");
	assert.deepEqual(conversations.map((one) => [one.visitor.verified, one.visitor.name]).sort(), [[false, "Grace"], [true, "Grace"]].sort());
	assert.ok(!JSON.stringify(mallory.frames).includes("xyzzy"));
}

/* CVE-2022-1176 (Live Helper Chat): a loose comparison let 0 or true pass as a secret. */
export async function CVE_2022_1176_loose_comparison() {
	const server = await Server.start();
	const owner = await server.owner(), anna = await server.agent("Anna");
	const visitor = await server.visitor();
	await visitor.say("delivery time");
	for (const value of [0, 1, true, false, null, [], {}, "0", "1", "", "true", "null", [0], { $ne: null }, 1e308, -1]) {
		const text = JSON.stringify(value);
		const { client, error, welcome } = await hello(server, `{"type":"hello","token":${text}}`);
		assert.ok(error ? ["bad_frame", "unknown_token"].includes(error.code) : welcome.conversation === null, text);
		await client.close();
		for (const [target, body] of [["/api/v1/session", { name: "Olga", password: value }], ["/api/v1/session", { name: value, password: value }],
			["/api/v1/setup", { link: value, name: "Eve", password: PASSWORD }]]) {
			const answer = await server.ask("POST", target, { body });
			assert.ok([400, 401, 403, 409, 429].includes(answer.status), `${target} ${text}: ${answer.status}`);
			assert.equal(answer.headers["set-cookie"], undefined);
		}
		if (value === 1) continue; /* that is the conversation */
		anna.send({ type: "open", conversation: value, client_id: `o${text}`.slice(0, 60) });
		assert.ok(["bad_frame", "not_found"].includes((await anna.next("error")).code), `open ${text}`);
	}
	for (const cookie of ["shopbell_session=0", "shopbell_session=true", "shopbell_session=", `shopbell_session=${"A".repeat(43)}`, "shopbell_session"])
		assert.equal((await server.ask("GET", "/api/v1/session", { cookie })).status, 401, cookie);
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie: owner })).status, 200);
	/* What guards is compared in constant time or found by its hash. */
	assert.match(source("engine/server/identity.c"), /sodium_memcmp\(mac/);
	assert.match(source("engine/server/session.c"), /sodium_memcmp\(kept/);
}

/* CVE-2017-1000059, Live Helper Chat 731, CVE-2025-51403 (nick), CVE-2026-0483, CVE-2021-3741 (files: there are none here),
 * CVE-2026-24399 (chat input), CVE-2026-110662 (comment in transcripts): stored cross-site scripting. Whatever stands in a field
 * stays text: no `html` that the server makes holds markup of anybody but the owner's files. */
export async function CVE_2017_1000059_CVE_2025_51403_CVE_2026_24399_CVE_2026_110662_stored_markup() {
	const server = await Server.start();
	const owner = await server.owner("<b>Olga</b>");
	const anna = await Agent.arrive(server.port, owner);
	const payloads = ["<script>owned()</script>", "<img src=x onerror=owned()>", "\"><svg onload=owned()>", "javascript:owned()",
		"<a href=\"javascript:owned()\">x</a>", "</textarea><script>owned()</script>", "[x](javascript:owned())", "![x](x \"onerror=owned()\")",
		"&lt;script&gt;", "<scr\u0000ipt>".replace("\u0000", ""), "\u2028<script>owned()</script>", "{{constructor.constructor('owned()')()}}"];
	const frames = [];
	for (const [i, payload] of payloads.entries()) {
		const visitor = await server.visitor({ lang: payload, page: { url: `https://shop.example/${payload}`, title: payload } },
			{ headers: { "User-Agent": payload.replace(/[^ -~]/g, ""), Referer: `https://x.example/${encodeURIComponent(payload)}` } });
		const { seq } = await visitor.reply(await visitor.say(`delivery time ${payload}`, `m${i}`));
		visitor.send({ type: "rate", seq, helpful: false, client_id: "r" }, { type: "survey", csat: 1, comment: payload, client_id: "s" },
			{ type: "contact", name: payload, email: "a@b.example", consent: true, client_id: "c" }, { type: "person", client_id: "p" });
		await visitor.acked("p");
		const { conversation } = await anna.any((frame) => frame.client_id === `m${i}`, "the conversation");
		await anna.does({ type: "claim", conversation });
		await anna.does({ type: "message", conversation, text: payload });
		await anna.does({ type: "note", conversation, text: payload });
		await anna.does({ type: "tag", conversation, tag: payload.slice(0, 40) });
		anna.send({ type: "open", conversation });
		await anna.next("conversation");
		await visitor.until(() => visitor.events.some((event) => event.from === "agent" && event.text === payload), "the agent's line, as text");
		frames.push(...visitor.frames);
	}
	const answer = await server.ask("POST", "/api/v1/ask", { body: { text: `delivery time ${payloads[0]}` } });
	const html = [];
	JSON.stringify([frames, anna.frames, answer.json], (key, value) => {
		if (key === "html") html.push(value);
		return value;
	});
	assert.ok(html.length > payloads.length);
	for (const one of html) assert.doesNotMatch(one, /owned|<script|<img|<svg|onerror|javascript:/i);
	/* JSON is never taken for a page, and the pages put text in as text: one place makes elements of the engine's html. */
	assert.match(answer.headers["content-type"], /^application\/json/);
	assert.equal(answer.headers["x-content-type-options"], "nosniff");
}

/* GHSA-8wcc-f2vq-h4gx (Live Helper Chat): what a visitor wrote was run as a template. */
export async function GHSA_8wcc_f2vq_h4gx_template_injection() {
	const server = await Server.start();
	const visitor = await server.visitor();
	for (const text of ["{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{name}", "{agent}", "{{constructor.constructor('return 1')()}}", "%s %n %d", "$(id)", "`id`"]) {
		const ack = await visitor.say(text);
		const event = await visitor.any((one) => one.type === "event" && one.seq === ack.seq, "the line");
		assert.equal(event.text, text);
		const reply = await visitor.reply(ack);
		assert.ok(!/\b49\b|uid=|function/.test(reply.text), reply.text);
	}
}

/* GHSA-rpg7-q4cv-p466, GHSA-hx77-5p88-f92r (Live Helper Chat): forged requests. Every call of the table that changes something
 * refuses another site's Origin, and where a cookie counts every type that a form can send. */
export async function GHSA_rpg7_q4cv_p466_GHSA_hx77_5p88_f92r_forged_requests() {
	const server = await Server.start();
	const cookie = await server.owner();
	const routes = [...source("engine/server/routes.c").matchAll(/\{ "(\w+)", "([^"]+)", (\w+), (\w+), (\w+), \w+, (\w+) \}/g)];
	assert.ok(routes.length > 20, `${routes.length} routes found`);
	for (const [, method, target, least, , changes, numbered] of routes) {
		const whole = numbered === "true" ? `${target}1` : target;
		assert.equal(changes === "true", method !== "GET", `${method} ${target}`);
		if (method === "GET" || target === "/api/v1/ask") continue;
		for (const origin of ["https://evil.example", "null", `http://127.0.0.1:${server.port}.evil.example`, `http://127.0.0.1:${server.port + 1}`])
			assert.equal((await server.ask(method, whole, { cookie, headers: { Origin: origin }, body: {} })).status, 403, `${method} ${whole} from ${origin}`);
		if (method === "POST" && least !== "0") /* where the cookie counts */
			for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
				assert.equal((await server.ask(method, whole, { cookie, type, body: "{}" })).status, 415, `${whole} as ${type}`);
	}
	/* The owner is still signed in, and nothing was changed. */
	assert.equal((await server.ask("GET", "/api/v1/agents", { cookie })).json.agents.length, 1);
}

/* CVE-2026-27954 (Live Helper Chat): hold, block and transfer did not ask whose chat it was. The whole matrix: roles.mjs. */
export async function CVE_2026_27954_a_transfer_of_a_foreign_conversation() {
	const server = await Server.start();
	const anna = await server.agent("Anna"), bernd = await server.agent("Bernd");
	const visitor = await server.visitor();
	visitor.send({ type: "person", client_id: "p" });
	await visitor.acked("p");
	const { conversation } = await anna.any((frame) => frame.kind === "handover", "the handover");
	await anna.does({ type: "claim", conversation });
	for (const frame of [{ type: "transfer", queue: true }, { type: "transfer", agent: bernd.welcome.you.id }, { type: "return" }, { type: "close" }, { type: "message", text: "x" }])
		assert.equal((await bernd.does({ ...frame, conversation })).code, "not_yours", JSON.stringify(frame));
	assert.equal((await anna.does({ type: "message", conversation, text: "still me" })).type, "ack");
}

/* CVE-2021-3740 (Chatwoot): sessions survived a new password. */
export async function CVE_2021_3740_sessions_after_a_new_password() {
	const server = await Server.start();
	const old = await server.owner(), second = await server.signIn("Olga");
	const agent = await Agent.arrive(server.port, second);
	const done = await server.ask("POST", "/api/v1/password", { cookie: old, body: { old: PASSWORD, new: "another long one" } });
	assert.equal(done.status, 204);
	await agent.ended();
	for (const cookie of [old, second]) assert.equal((await server.ask("GET", "/api/v1/session", { cookie })).status, 401);
	assert.equal((await server.ask("GET", "/api/v1/session", { cookie: cookieOf(done) })).status, 200);
}

/* CVE-2021-22911, CVE-2026-45689 (Rocket.Chat): operators in place of texts reached the database before anybody had signed in. */
export async function CVE_2021_22911_CVE_2026_45689_injection_before_sign_in() {
	const server = await Server.start();
	await server.owner();
	const visitor = await server.visitor();
	await visitor.say("my secret is xyzzy-4711, delivery time");
	for (const value of [{ $ne: null }, { $regex: ".*" }, { $where: "while (true) {}" }, { $gt: "" }, [{ $ne: 1 }], ["Olga"]]) {
		for (const body of [{ name: value, password: PASSWORD }, { name: "Olga", password: value }, { name: value, password: value }])
			assert.equal((await server.ask("POST", "/api/v1/session", { body })).status, 400, JSON.stringify(body));
		assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: value } })).status, 400);
		const { client, error } = await hello(server, { token: value });
		assert.equal(error.code, "bad_frame");
		await client.close();
	}
	const cookie = await server.signIn("Olga");
	for (const sql of ["' OR '1'='1", "'; DROP TABLE events; --", "\" OR 1=1 --", "x' UNION SELECT password_hash FROM agents --", "%", "_%", "\\", "*", "\"", "xyzzy\" OR \"a", "NEAR(a b)", "text:*"]) {
		const { error } = await hello(server, { token: sql });
		assert.equal(error.code, "unknown_token", sql);
		const found = await server.ask("GET", `/api/v1/search?q=${encodeURIComponent(sql)}`, { cookie });
		assert.equal(found.status, 200, `${sql}: ${found.text}`);
		assert.ok(!found.text.includes("$argon2"));
	}
	assert.equal((await server.ask("POST", "/api/v1/session", { body: { name: "' OR '1'='1", password: PASSWORD } })).status, 401);
	assert.equal((await visitor.say("delivery time")).type, "ack");
	/* No statement is put together from texts: all values are bound. */
	for (const name of fs.readdirSync(path.join(root, "engine/store")).filter((one) => one.endsWith(".c")))
		assert.doesNotMatch(source(`engine/store/${name}`), /sqlite3_(v?m|sn|vsn)printf|printf[^;]*"[^"]*\b(SELECT|INSERT|UPDATE|DELETE)\b[^"]*%s/, name);
}

/* getmunin 618: the session's token stood in a URL, and so in logs. */
export async function munin_618_a_token_in_a_url() {
	const server = await Server.start();
	const visitor = await server.visitor();
	await visitor.say("delivery time");
	const cookie = await server.owner(), session = cookie.split("=")[1];
	const client = await Client.open(server.port, `/ws/visitor?token=${visitor.token}`);
	if (client.status === 101) {
		client.send({ type: "hello" });
		assert.equal((await client.next("welcome")).conversation, null);
	}
	const agent = await Client.open(server.port, `/ws/agent?shopbell_session=${session}`, { headers: { Origin: `http://127.0.0.1:${server.port}` } });
	assert.equal(agent.status, 401);
	assert.equal((await server.ask("GET", `/api/v1/agents?shopbell_session=${session}&token=${session}`)).status, 401);
	/* The one-time link hands its secret over behind a "#", which browsers do not send. */
	assert.match(server.stdout, /\/console\/#setup=/);
	assert.ok(!server.stderr.includes(visitor.token) && !server.stderr.includes(session));
}

/* OWASP WSTG-CLNT-10, ZAP 100025: another site's page opens the socket with the agent's cookie. */
export async function WSTG_CLNT_10_cross_site_websocket_hijacking() {
	const server = await Server.start({ changes: { site: { origins: "https://shop.example" } } });
	const cookie = await server.owner(), own = `http://127.0.0.1:${server.port}`;
	for (const [origin, status] of [[own, 101], [undefined, 403], ["null", 403], ["https://shop.example", 403], ["https://evil.example", 403],
		[`${own}.evil.example`, 403], [`http://evil.example/?${own}`, 403], [`http://127.0.0.1:${server.port}@evil.example`, 403]]) {
		const client = await Client.open(server.port, "/ws/agent", { headers: { Cookie: cookie, ...(origin === undefined ? {} : { Origin: origin }) } });
		assert.equal(client.status, status, String(origin));
		await client.close();
	}
	/* Visitors have no cookie at all that somebody could make a browser send. */
	const visitor = await server.visitor();
	await visitor.say("delivery time");
	assert.doesNotMatch(visitor.head, /set-cookie/i);
}

/* Words of 64 KiB and texts made to be slow: they take no longer than their length deserves, and nobody waits for them. */
export async function texts_made_to_be_slow() {
	const server = await Server.start();
	const visitor = await server.visitor(), witness = await server.visitor();
	const texts = ["a".repeat(4000), "ab".repeat(2000), "a ".repeat(2000), "not ".repeat(1000), "(".repeat(4000), "!".repeat(4000), "ß".repeat(4000),
		"\u0301".repeat(3999) + "a", "👩‍👩‍👧‍👦".repeat(360), "ationalizationational".repeat(190), "where is my ".repeat(333), "é́".repeat(2000), ".-".repeat(2000)];
	for (const text of texts) {
		const ack = await visitor.say([...text].slice(0, 4000).join(""));
		assert.equal(ack.type, "ack", text.slice(0, 20));
		assert.equal((await witness.say("delivery time")).type, "ack");
	}
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "x".repeat(64000) } })).status, 400);
}
