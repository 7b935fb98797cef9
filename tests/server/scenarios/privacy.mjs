// SPDX-License-Identifier: Apache-2.0
/* What is kept, what is not, and what is gone when it is erased. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Agent, PATIENCE_MS } from "../client.mjs";
import { Server, built, program, root, run, settings } from "../server.mjs";

/* Whether any file of the data folder holds the text, the journal included. */
function isOnDisk(server, text) {
	return fs.readdirSync(server.data).some((name) => fs.readFileSync(path.join(server.data, name)).includes(text));
}

export async function nothing_before_the_first_message() {
	const server = await Server.start();
	const visitor = await server.visitor({ page: { url: "https://shop.example/zebra-page", title: "Zebra" }, lang: "en" });
	visitor.send({ type: "typing" }, { type: "page", url: "https://shop.example/giraffe-page", title: "Giraffe" }, { type: "dance" });
	await visitor.next("error");
	assert.ok(!isOnDisk(server, "zebra-page") && !isOnDisk(server, "giraffe-page"));
	await visitor.say("delivery time");
	assert.ok(isOnDisk(server, "giraffe-page"));
	assert.ok(!isOnDisk(server, visitor.token), "tokens are kept as hashes only");
}

export async function card_numbers_are_masked() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const visitor = await server.visitor();
	await visitor.say("my card 4111 1111 1111 1111 was charged, and 5555555555554444", "card");
	const event = await anna.any((frame) => frame.client_id === "card", "the event");
	assert.equal(event.text, "my card **** **** **** 1111 was charged, and ************4444");
	const own = await visitor.any((frame) => frame.type === "event" && frame.client_id === "card", "the visitor's own");
	assert.equal(own.text, event.text);
	visitor.send({ type: "survey", csat: 1, comment: "378282246310005", client_id: "s" });
	await visitor.acked("s");
	/* The same again with the number in it is the same message. */
	assert.equal((await visitor.say("my card 4111 1111 1111 1111 was charged, and 5555555555554444", "card")).type, "ack");
	/* Nor do agents leave any: in a line, a note, a tag, a question that they teach. */
	const { conversation, seq } = event, number = "3530111333300000";
	for (const [i, frame] of [{ type: "message", text: `charged to ${number}?` }, { type: "note", text: number }, { type: "tag", tag: number }, { type: "teach", seq, question: `is ${number} mine` }].entries())
		assert.equal((await anna.does({ ...frame, conversation, client_id: `agent ${i}` })).type, "ack", frame.type);
	assert.equal((await visitor.any((frame) => frame.client_id === "agent 0" || frame.from === "agent" && frame.kind === "message", "the agent's line")).text, "charged to ************0000?");
	assert.equal((await anna.does({ type: "message", text: `charged to ${number}?`, conversation, client_id: "agent 0" })).type, "ack");
	for (const digits of ["4111 1111", "4111111111111111", "5555555555554444", "378282246310005", number])
		assert.ok(!isOnDisk(server, digits), digits);
}

export async function export_and_erase() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const visitor = await server.visitor(), tab = await server.visitor({}), bystander = await server.visitor();
	await bystander.say("wheres my parcel, walrus");
	await visitor.say("my name is Hyacinth Quartermaine, delivery time");
	const second = await server.visitor({ token: visitor.token });
	visitor.send({ type: "contact", email: "hyacinth@quartermaine.example", name: "Hyacinth", consent: true, client_id: "c" });
	await visitor.acked("c");
	visitor.send({ type: "export", client_id: "e" });
	const { export: copy } = await visitor.acked("e");
	assert.deepEqual(copy.events.filter((event) => event.from === "visitor" && event.kind === "message").map((event) => event.text),
		["my name is Hyacinth Quartermaine, delivery time"]);
	assert.ok(JSON.stringify(copy).includes("hyacinth@quartermaine.example"));
	assert.ok(!JSON.stringify(copy).includes("walrus"));
	assert.ok(!JSON.stringify(copy).includes(visitor.token));
	assert.ok(isOnDisk(server, "Quartermaine"));
	const search = () => server.ask("GET", "/api/v1/search?q=Quartermaine", { cookie: server.ownerCookie });
	assert.equal((await search()).json.conversations.length, 1);

	visitor.send({ type: "erase", client_id: "x" });
	assert.equal((await visitor.acked("x")).of, "erase");
	assert.equal((await second.any((frame) => frame.type === "error", "word in the other tab")).code, "unknown_token");
	await anna.any((frame) => frame.type === "gone" && frame.conversation === copy.conversation, "word to the agents");
	assert.equal((await search()).json.conversations.length, 0);
	for (const text of ["Quartermaine", "hyacinth@", "Hyacinth"]) assert.ok(!isOnDisk(server, text), `${text} is still on the disk`);
	assert.ok(isOnDisk(server, "walrus"));
	/* The token is worth nothing, and the visitor can begin anew. */
	const back = await server.visitor({ token: visitor.token });
	assert.equal(back.welcome.conversation, null);
	const fresh = await visitor.say("delivery time");
	assert.ok(fresh.token && fresh.token !== copy.token);
	assert.equal(fresh.seq, 1);
	assert.ok(tab);
}

/* The owner gives out or erases a visitor who asks for it by letter: the one conversation of somebody unknown, all those
 * of a customer for whom the shop vouches. */
export async function the_owner_exports_and_erases() {
	const server = await Server.start();
	const cookie = await server.owner(), agent = await server.agentCookie("Anna"), anna = await Agent.arrive(server.port, agent);
	const secret = run("secret", "--data", server.data).stdout.trim().split("\n").at(-1).trim();
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const body = `${part({ alg: "HS256" })}.${part({ sub: "c-42", name: "Hyacinth Quartermaine", exp: Math.floor(Date.now() / 1000) + 3600, tier: "amethyst" })}`;
	const identity = `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
	const idOf = async (clientId) => (await anna.any((frame) => frame.type === "event" && frame.client_id === clientId, "the event")).conversation;

	const stranger = await server.visitor(), phone = await server.visitor({ identity }), desktop = await server.visitor({ identity });
	await stranger.say("wheres my parcel, walrus", "w");
	await phone.say("delivery time, says the narwhal", "n");
	await desktop.say("return it, says the platypus", "p");
	const ids = { stranger: await idOf("w"), phone: await idOf("n"), desktop: await idOf("p") };
	await anna.does({ type: "note", conversation: ids.phone, text: "she is a capybara" });
	await anna.does({ type: "tag", conversation: ids.phone, tag: "axolotl" });
	await anna.does({ type: "teach", conversation: ids.phone, seq: 1, intent: "delivery-time" });
	const TEXTS = ["narwhal", "platypus", "capybara", "axolotl", "Quartermaine", "amethyst", "c-42"];
	for (const text of TEXTS) assert.ok(isOnDisk(server, text), `${text} was never on the disk`);

	const target = `/api/v1/visitors/${ids.phone}`;
	const copy = await server.ask("GET", target, { cookie });
	assert.equal(copy.status, 200, copy.text);
	assert.equal(copy.headers["content-disposition"], `attachment; filename="visitor-${ids.phone}.json"`);
	assert.equal(copy.headers["cache-control"], "no-store");
	assert.deepEqual(copy.json.conversations.map(({ conversation }) => conversation.id).sort(), [ids.phone, ids.desktop].sort());
	for (const text of TEXTS.filter((each) => each !== "c-42")) assert.ok(copy.text.includes(text), text);
	for (const text of ["walrus", phone.token, stranger.token]) assert.ok(!copy.text.includes(text));
	const own = copy.json.conversations.find(({ conversation }) => conversation.id === ids.phone);
	assert.deepEqual(own.events.map(({ seq }) => seq), own.events.map((_, i) => i + 1), "every event is in it");

	/* Not for agents, nor from elsewhere; nothing was touched then. */
	assert.equal((await server.ask("GET", target, { cookie: agent })).status, 403);
	assert.equal((await server.ask("DELETE", target, { cookie: agent })).status, 403);
	assert.equal((await server.ask("DELETE", target, { cookie, headers: { Origin: "https://evil.example" } })).status, 403);
	assert.equal((await server.ask("DELETE", target)).status, 401);
	for (const bad of ["0", "999", "x", "1x", "-1", "99999999999999999999"])
		assert.equal((await server.ask("DELETE", `/api/v1/visitors/${bad}`, { cookie })).status, 404, bad);
	assert.deepEqual((await server.ask("GET", target, { cookie })).json, copy.json);
	const report = () => JSON.parse(run("report", "--json", "--data", server.data).stdout).episodes;
	assert.equal(report(), 3);

	assert.equal((await server.ask("DELETE", target, { cookie })).status, 204);
	for (const text of TEXTS) assert.ok(!isOnDisk(server, text), `${text} is still on the disk`);
	assert.ok(isOnDisk(server, "walrus"));
	assert.equal(report(), 1);
	for (const visitor of [phone, desktop])
		assert.equal((await visitor.any((frame) => frame.type === "error", "word to the visitor")).code, "unknown_token");
	for (const conversation of [ids.phone, ids.desktop])
		await anna.any((frame) => frame.type === "gone" && frame.conversation === conversation, "word to the agents");
	assert.ok(!anna.frames.some((frame) => frame.type === "gone" && frame.conversation === ids.stranger));
	for (const words of ["narwhal", "platypus", "capybara"])
		assert.deepEqual((await server.ask("GET", `/api/v1/search?q=${words}`, { cookie })).json.conversations, [], words);
	assert.deepEqual((await server.ask("GET", "/api/v1/tags", { cookie })).json.tags, []);
	assert.deepEqual((await server.ask("GET", "/api/v1/drafts", { cookie })).json.drafts, []);
	assert.equal((await server.ask("GET", target, { cookie })).status, 404);
	assert.equal((await server.ask("DELETE", target, { cookie })).status, 404);
	/* The customer can begin anew. */
	const fresh = await phone.say("delivery time");
	assert.equal(fresh.seq, 1);
	assert.ok(fresh.token && fresh.token !== phone.frames.find((frame) => frame.type === "ack" && frame.client_id === "n").token);

	/* One who is not in memory and has no name. */
	await server.kill();
	await server.up();
	const cookieAgain = await server.signIn("Olga"), annaAgain = await Agent.arrive(server.port, agent);
	assert.equal((await server.ask("DELETE", `/api/v1/visitors/${ids.stranger}`, { cookie: cookieAgain })).status, 204);
	await annaAgain.any((frame) => frame.type === "gone" && frame.conversation === ids.stranger, "word to the agents");
	assert.ok(!isOnDisk(server, "walrus"));
	assert.equal((await server.visitor({ token: stranger.token })).welcome.conversation, null);
	assert.equal(run("verify", "--data", server.data).status, 0);
}

/* The words are those of the page's language, and so is what is kept, whatever language the visitor writes in. */
export async function consent_in_the_language_of_the_page() {
	const said = { en: "You may keep it.", de: "Sie dürfen sie behalten." };
	const server = await Server.start({ changes: { privacy: { consent: said.en, "consent de": said.de } } });
	const anna = await server.agent("Anna");
	fs.mkdirSync(path.join(server.intents, "de"));
	fs.writeFileSync(path.join(server.intents, "de", "themen.md"), "## Wo ist mein Paket?\n- wann kommt mein paket\n\nUnterwegs.\n");
	await anna.any((frame) => frame.type === "corpus" && frame.serving, "the German topic");
	for (const [lang, shown, text] of [["de", said.de, "where is my parcel"], ["de-AT", said.de, "wo ist mein paket"], ["en", said.en, "wo ist mein paket"],
		["fr", said.en, "où est mon colis"], [undefined, said.en, "wo ist mein paket"]]) {
		const visitor = await server.visitor(lang && { lang });
		assert.equal(visitor.welcome.consent, shown, lang);
		await visitor.say(text);
		const id = `contact ${lang} ${text}`;
		visitor.send({ type: "contact", email: "grace@shop.example", consent: true, client_id: id });
		const { contact } = await anna.any((frame) => frame.kind === "contact" && frame.client_id === id, "the contact");
		assert.equal(contact.consent.text, shown, lang);
		visitor.close();
	}
}

/* The program to which every data file is too large to be cleared before an erasure is acknowledged (tests/vfs/owing.c). */
async function owingServer() {
	const server = await Server.start({ binary: built("owing"), changes: { limits: { "messages per minute": "10000" } } });
	server.figure = async (name) => {
		const { text } = await server.ask("GET", "/metrics");
		return Number(new RegExp(`^shopbell_${name} (\\S+)$`, "m").exec(text)[1]);
	};
	server.cleared = async () => {
		const until = Date.now() + PATIENCE_MS;
		while (await server.figure("scrub_owed")) assert.ok(Date.now() < until, "it is still owed");
	};
	return server;
}

/* A large file: what was erased is acknowledged when nobody finds it any more, and cleared from the bytes of all files afterwards,
 * while everybody else goes on; a restart in between does not forget it. */
export async function erased_from_a_large_file() {
	const server = await owingServer();
	const anna = await server.agent("Anna"), bystander = await server.visitor();
	await bystander.say("wheres my parcel, walrus");
	const animals = ["narwhal", "platypus", "capybara", "axolotl"], visitors = [];
	for (const animal of animals) {
		const visitor = await server.visitor();
		for (let i = 0; i < 5; i++) await visitor.say(`delivery time, says the ${animal} for the ${i}th time`, `${animal}${i}`);
		visitors.push(visitor);
	}
	const { conversation } = await anna.any((frame) => frame.type === "event" && frame.client_id === "axolotl0", "the event");
	const search = async (words) => (await server.ask("GET", `/api/v1/search?q=${words}`, { cookie: server.ownerCookie })).json.conversations.length;
	for (const animal of animals) assert.equal(await search(animal), 1, animal);
	assert.equal(await server.figure("scrub_owed"), 0);
	/* Of a word the search index may hold the end alone. */
	const isGone = (animal) => { for (const text of [animal, animal.slice(2)]) assert.ok(!isOnDisk(server, text), `${text} is still on the disk`); };

	/* Two share a scrub, or have two; messages are acknowledged whatever goes on. */
	for (let i = 0; i < 2; i++) {
		visitors[i].send({ type: "erase", client_id: "x" });
		assert.equal((await visitors[i].acked("x")).of, "erase");
		assert.equal(await search(animals[i]), 0);
		assert.equal((await server.visitor({ token: visitors[i].token })).welcome.conversation, null);
		assert.equal((await bystander.say("track my order", `between${i}`)).type, "ack");
	}
	for (let i = 0; await server.figure("scrub_owed"); i++)
		assert.equal((await bystander.say("track my order", `meanwhile${i}`)).type, "ack");
	assert.ok(await server.figure("scrubs_total") >= 1);
	assert.ok(await server.figure("scrub_seconds_total") > 0);
	for (const animal of animals.slice(0, 2)) isGone(animal);
	assert.ok(isOnDisk(server, "walrus"));

	/* Killed as soon as it is acknowledged. */
	visitors[2].send({ type: "erase", client_id: "x" });
	assert.equal((await visitors[2].acked("x")).of, "erase");
	await server.kill();
	await server.up();
	await server.cleared();
	isGone(animals[2]);

	/* By the owner; and by the command, which waits for all of it and needs no restart. */
	const cookie = await server.signIn("Olga");
	assert.equal((await server.ask("DELETE", `/api/v1/visitors/${conversation}`, { cookie })).status, 204);
	await server.cleared();
	isGone(animals[3]);
	assert.ok(isOnDisk(server, "walrus"));
	const done = spawnSync(built("owing"), ["erase", "--data", server.data, "--conversation", "1"], { encoding: "utf8", cwd: root });
	assert.equal(done.status, 0, done.stderr);
	assert.match(done.stdout, /^1 conversation erased/);
	isGone("walrus");
	assert.equal(run("verify", "--data", server.data).status, 0);
}

/* An address is kept with the words that its owner agreed to, as they were then. */
export async function consent_is_kept_with_its_words() {
	const words = ["I agree that Test Shop keeps my address.", "I agree that Test Shop keeps my address for a year."];
	const server = await Server.start({ changes: { privacy: { consent: words[0] } } });
	const anna = await server.agent("Anna");
	const visitor = await server.visitor();
	assert.equal(visitor.welcome.consent, words[0]);
	await visitor.say("delivery time");
	const leave = async (clientId) => {
		visitor.send({ type: "contact", email: "grace@shop.example", name: "Grace", consent: true, client_id: clientId });
		await visitor.acked(clientId);
		return anna.any((frame) => frame.kind === "contact" && frame.client_id === clientId, "the contact");
	};
	const first = await leave("c1");
	assert.equal(first.contact.consent.text, words[0]);
	assert.match(first.contact.consent.version, /^[0-9a-f]{16}$/);
	for (const consent of [words[1], null, words[0]]) {
		const before = anna.frames.filter((frame) => frame.type === "corpus").length;
		fs.writeFileSync(path.join(server.intents, "shop.ini"), settings({ privacy: { consent } }));
		await anna.until(() => anna.frames.filter((frame) => frame.type === "corpus").length > before, "the other words");
		const { contact } = await leave(`c ${consent}`);
		assert.equal(contact.consent.text, consent ?? "");
		if (consent === null) assert.equal(contact.consent.version, "standard");
		else assert.equal(contact.consent.version === first.contact.consent.version, consent === words[0]);
	}
	/* The visitor's own copy has it, and the operator's; a false or missing consent keeps nothing. */
	visitor.send({ type: "export", client_id: "x" });
	const { export: copy } = await visitor.acked("x");
	assert.equal(copy.events.find((event) => event.kind === "contact").contact.consent.text, words[0]);
	assert.ok(run("export", "--conversation", String(copy.conversation), "--data", server.data).stdout.includes(words[1]));
	for (const consent of [false, undefined, "true", 1, null]) {
		visitor.send({ type: "contact", email: "not@kept.example", consent });
		assert.match((await visitor.next("error")).code, /^(consent_missing|bad_frame)$/);
	}
	assert.ok(!isOnDisk(server, "not@kept.example"));
}

/* Old conversations go by themselves unless the owner says otherwise (how they go: test_store_file). */
export async function retention_is_on_by_default() {
	const server = await Server.start();
	const shown = (await server.ask("GET", "/api/v1/settings", { cookie: await server.owner() })).text;
	assert.match(shown, /"retention_days":\s*180/);
}

export async function erase_from_the_command_line() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const visitor = await server.visitor();
	await visitor.say("I am Persephone, delivery time", "p");
	const { conversation: id } = await anna.any((frame) => frame.client_id === "p", "the event");
	const done = run("erase", "--data", server.data, "--conversation", `${id}`);
	assert.equal(done.status, 0, done.stderr);
	assert.ok(!isOnDisk(server, "Persephone"));
	/* Who still has it in the list is told so. */
	assert.equal((await anna.does({ type: "open", conversation: id })).code, "not_found");
	/* The running server finds out at the next message: nothing is kept under the old name, and the page hears of it. */
	visitor.send({ type: "message", client_id: "q", text: "still there?" });
	const answer = await visitor.acked("q");
	assert.equal(answer.code, "not_saved");
	assert.equal((await visitor.any((frame) => frame.code === "unknown_token", "the news")).type, "error");
	assert.equal((await visitor.say("still there?", "q2")).type, "ack");
}

/* An address finds its person also when another one was given after it, and beside what the shop signed. */
export async function every_address_that_was_given_finds_its_person() {
	const server = await Server.start();
	const secret = run("secret", "--data", server.data).stdout.trim().split("\n").at(-1).trim();
	const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const body = `${part({ alg: "HS256" })}.${part({ sub: "c-42", email: "signed@shop.example", exp: Math.floor(Date.now() / 1000) + 3600 })}`;
	const leave = async (visitor, email) => {
		visitor.send({ type: "contact", email, consent: true, client_id: email });
		assert.equal((await visitor.acked(email)).type, "ack");
	};
	const changed = await server.visitor(), bystander = await server.visitor();
	const customer = await server.visitor({ identity: `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}` });
	await changed.say("delivery time, says the narwhal");
	for (const email of ["first@given.example", "second@given.example"]) await leave(changed, email);
	await customer.say("delivery time, says the platypus");
	await leave(customer, "typed@given.example");
	await bystander.say("delivery time, says the walrus");
	await leave(bystander, "other@given.example");
	const of = (command, email) => run(command, "--email", email, "--data", server.data);
	for (const [email, animal] of [["First@given.example", "narwhal"], ["second@given.example", "narwhal"], ["typed@given.example", "platypus"], ["signed@shop.example", "platypus"]]) {
		const { status, stdout } = of("export", email);
		assert.equal(status, 0, email);
		for (const each of ["narwhal", "platypus", "walrus"]) assert.equal(stdout.includes(each), each === animal, `${each} of ${email}`);
	}
	assert.equal(of("export", "nobody@given.example").status, 1);
	for (const email of ["first@given.example", "typed@given.example"]) assert.match(of("erase", email).stdout, /^1 conversation erased/);
	for (const text of ["narwhal", "platypus", "first@given", "second@given", "typed@given", "signed@shop"]) assert.ok(!isOnDisk(server, text), text);
	assert.ok(isOnDisk(server, "walrus"));
}

export async function backup_while_serving() {
	const server = await Server.start();
	const visitor = await server.visitor();
	await visitor.say("delivery time", "first");
	let stop = false;
	const talking = (async () => { for (let i = 0; !stop; i++) await visitor.say("track my order", `t${i}`); })();
	const file = path.join(server.folder, "copy.db");
	const done = await new Promise((resolve) => {
		import("node:child_process").then(({ execFile }) => import("../server.mjs").then(({ program }) =>
			execFile(program, ["backup", "--data", server.data, file], (error, stdout, stderr) => resolve({ error, stdout, stderr }))));
	});
	stop = true;
	await talking;
	assert.equal(done.error, null, done.stderr);
	/* A server that starts on the copy has the conversation. */
	const copy = path.join(server.folder, "second");
	fs.mkdirSync(path.join(copy, "data"), { recursive: true });
	fs.cpSync(server.intents, path.join(copy, "intents"), { recursive: true });
	fs.copyFileSync(file, path.join(copy, "data", "shopbell.db"));
	const other = await Server.start({ folder: copy });
	const back = await other.visitor({ token: visitor.token });
	await back.until(() => back.events.some((event) => event.client_id === "first"), "the first message");
	assert.equal((await back.say("delivery time")).type, "ack");
}

/* Asked to stop at whatever moment, a backup leaves a whole copy or nothing. */
export async function a_backup_that_is_stopped() {
	const server = await Server.start();
	const visitor = await server.visitor();
	for (let i = 0; i < 40; i++) await visitor.say(`delivery time ${"x".repeat(3900)}`, `m${i}`);
	const folder = path.join(server.folder, "copies");
	fs.mkdirSync(folder);
	for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGTERM"]) {
		const file = path.join(folder, "copy.db"), backup = spawn(program, ["backup", "--data", server.data, file]);
		const ended = new Promise((resolve) => backup.on("close", (code, by) => resolve(by ?? code)));
		let hasEnded = false;
		ended.then(() => { hasEnded = true; });
		while (!fs.readdirSync(folder).length && !hasEnded) await new Promise((resolve) => setImmediate(resolve));
		backup.kill(signal);
		assert.ok([signal, 0].includes(await ended), signal);
		for (const name of fs.readdirSync(folder)) {
			assert.equal(name, "copy.db", "nothing half-made");
			fs.mkdirSync(path.join(folder, "check"));
			fs.renameSync(file, path.join(folder, "check/shopbell.db"));
			assert.equal(run("verify", "--data", path.join(folder, "check")).status, 0);
			fs.rmSync(path.join(folder, "check"), { recursive: true });
		}
	}
}

export async function agents_by_command() {
	const server = await Server.start();
	const { spawnSync } = await import("node:child_process");
	const { program } = await import("../server.mjs");
	const add = spawnSync(program, ["agent", "add", "Carla", "--role", "owner", "--password-stdin", "--data", server.data],
		{ input: "correct horse battery\n", encoding: "utf8" });
	assert.equal(add.status, 0, add.stderr);
	const cookie = await server.signIn("Carla", "correct horse battery");
	const carla = await Agent.arrive(server.port, cookie);
	assert.equal(carla.welcome.you.role, "owner");
	assert.match(run("agent", "list", "--data", server.data).stdout, /Carla/);
	const removed = run("agent", "remove", "Carla", "--data", server.data);
	assert.equal(removed.status, 0, removed.stderr);
	await carla.ended();
}
