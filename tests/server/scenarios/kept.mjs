// SPDX-License-Identifier: Apache-2.0
/* What agents and owners keep beside the messages: tags, saved replies, drafts for the owner's files. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Agent } from "../client.mjs";
import { Server, run } from "../server.mjs";

const MARKUP = "<script>alert(1)</script>";

async function talk(server, text) {
	const visitor = await server.visitor();
	const { seq } = await visitor.say(text);
	const { conversation } = await (async () => {
		visitor.send({ type: "export", client_id: "copy" });
		return (await visitor.acked("copy")).export;
	})();
	return { visitor, conversation, seq };
}

/* ---- Tags ---- */

export async function tags_are_shared_found_and_erased() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const bert = await server.agent("Bert");
	const { visitor, conversation } = await talk(server, "delivery time");
	const other = await talk(server, "track my order");
	const tag = (frame) => anna.does({ type: "tag", conversation, ...frame });
	assert.equal((await tag({ tag: "Refund" })).type, "ack");
	assert.equal((await tag({ tag: MARKUP })).type, "ack");
	assert.equal((await tag({ tag: "refund" })).type, "ack"); // it is there: done
	/* A colleague sees it at once, in the list and in the conversation; the visitor does not. */
	const told = await bert.any((frame) => frame.type === "inbox" && frame.conversation.tags?.length === 2, "the tags");
	assert.deepEqual(told.conversation.tags, ["Refund", MARKUP]);
	const events = bert.events.filter((event) => event.kind === "tags");
	assert.deepEqual(events.map(({ text, agent }) => [text, agent.name]), [["Refund", "Anna"], [`Refund\n${MARKUP}`, "Anna"]]);
	await bert.does({ type: "tag", conversation: other.conversation, tag: "refund" });
	await visitor.say("and to spain");
	assert.ok(!visitor.events.some((event) => event.kind === "tags"));
	/* Names, the list of one, the search. */
	const get = async (target) => (await server.ask("GET", `/api/v1/${target}`, { cookie: server.ownerCookie })).json;
	assert.deepEqual((await get("tags")).tags, [{ tag: "Refund", count: 2 }, { tag: MARKUP, count: 1 }]);
	const ids = ({ conversations }) => conversations.map(({ id }) => id).sort();
	assert.deepEqual(ids(await get("search?tag=REFUND")), [conversation, other.conversation].sort());
	assert.deepEqual(ids(await get("search?q=refu")), [conversation, other.conversation].sort());
	assert.deepEqual(ids(await get(`search?tag=${encodeURIComponent(MARKUP)}`)), [conversation]);
	assert.deepEqual(ids(await get("search?tag=nothing")), []);
	/* Off again, after a restart; the export has all of it. */
	await server.kill("SIGTERM");
	await server.up();
	const again = await Agent.arrive(server.port, await server.signIn("Anna"));
	assert.deepEqual(again.welcome.inbox.find(({ id }) => id === conversation).tags, ["Refund", MARKUP]);
	assert.equal((await again.does({ type: "tag", conversation, tag: "REFUND", remove: true })).type, "ack");
	const left = await again.any((frame) => frame.type === "inbox" && frame.conversation.id === conversation, "the summary");
	assert.deepEqual(left.conversation.tags, [MARKUP]);
	assert.match(run("export", "--conversation", String(conversation), "--data", server.data).stdout, /"kind":"tags".*Refund/);
	/* Erased with the visitor. */
	const back = await server.visitor({ token: visitor.token });
	back.send({ type: "erase", client_id: "e" });
	assert.equal((await back.acked("e")).type, "ack");
	assert.deepEqual((await get("tags")).tags, [{ tag: "refund", count: 1 }]);
	const files = fs.readdirSync(server.data).map((name) => fs.readFileSync(path.join(server.data, name)));
	assert.ok(!files.some((bytes) => bytes.includes(MARKUP)));
}

export async function tags_have_limits() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const { conversation } = await talk(server, "delivery time");
	const tag = (text) => anna.does({ type: "tag", conversation, tag: text });
	assert.equal((await tag("ä".repeat(41))).code, "too_long");
	assert.equal((await tag(" ")).code, "empty");
	assert.equal((await tag(7)).code, "bad_frame");
	for (let i = 0; i < 11; i++) assert.equal((await tag(`tag ${i}`)).type, "ack");
	assert.equal((await tag("ä".repeat(40))).type, "ack");
	const more = await tag("one more");
	assert.equal(more.code, "too_many");
	assert.match(more.message, /12/);
	assert.equal((await anna.does({ type: "tag", conversation: 4711, tag: "x" })).code, "not_found");
}

/* ---- Saved replies ---- */

export async function the_owner_keeps_replies_for_all() {
	const server = await Server.start();
	const cookie = await server.agentCookie("Anna");
	const anna = await Agent.arrive(server.port, cookie);
	const list = async () => (await server.ask("GET", "/api/v1/replies", { cookie })).json.replies;
	const owner = { cookie: server.ownerCookie };
	const begin = await list();
	assert.ok(begin.length >= 3 && begin.every(({ id, name, text }) => id && name && text));
	const made = await server.ask("POST", "/api/v1/replies", { ...owner, body: { name: ` ${MARKUP} `, text: "Hello {name}" } });
	assert.equal(made.status, 201);
	assert.equal(made.json.reply.name, MARKUP);
	assert.equal((await anna.next("changed")).what, "replies");
	const { id } = made.json.reply;
	assert.equal((await server.ask("POST", "/api/v1/replies", { ...owner, body: { name: MARKUP.toUpperCase(), text: "x" } })).status, 409);
	const changed = await server.ask("POST", `/api/v1/replies/${id}`, { ...owner, body: { name: "Bye", text: "Goodbye,\n{name}" } });
	assert.deepEqual(changed.json.reply, { id, name: "Bye", text: "Goodbye,\n{name}" });
	await anna.next("changed");
	assert.deepEqual((await list()).find((reply) => reply.id === id), changed.json.reply);
	for (const [body, status] of [[{ name: "", text: "x" }, 400], [{ name: "x", text: " " }, 400], [{ name: "x".repeat(61), text: "x" }, 400],
		[{ name: "a\nb", text: "x" }, 400], [{ name: "x", text: "x".repeat(4001) }, 400], [{ name: 1, text: "x" }, 400], [{ text: "x" }, 400]])
		assert.equal((await server.ask("POST", "/api/v1/replies", { ...owner, body })).status, status, JSON.stringify(body).slice(0, 80));
	assert.equal((await server.ask("DELETE", `/api/v1/replies/${id}`, owner)).status, 204);
	assert.equal((await server.ask("DELETE", `/api/v1/replies/${id}`, owner)).status, 404);
	assert.deepEqual((await list()).map(({ name }) => name), begin.map(({ name }) => name));
}

/* ---- Drafts ---- */

export async function an_approved_wording_is_served() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const file = path.join(server.intents, "topics.md");
	const before = fs.readFileSync(file, "utf8");
	fs.chmodSync(file, 0o640);
	const { conversation, seq } = await talk(server, `zounds the wagon ${MARKUP}`);
	await anna.does({ type: "teach", conversation, seq, intent: "track-order" });
	assert.equal((await anna.next("changed")).what, "drafts");
	const owner = { cookie: server.ownerCookie };
	const list = async () => (await server.ask("GET", "/api/v1/drafts", owner)).json.drafts;
	const [draft, ...others] = await list();
	assert.equal(others.length, 0);
	assert.equal(draft.text, `zounds the wagon ${MARKUP}`);
	assert.equal(draft.intent, "track-order");
	assert.equal(draft.agent.name, "Anna");
	assert.equal(draft.lang, "en");
	/* As it is, edited first by the owner; the rest of the file keeps its bytes. */
	const done = await server.ask("POST", `/api/v1/drafts/${draft.id}`, { ...owner, body: { intent: "track-order", wording: `zounds ${MARKUP}` } });
	assert.deepEqual([done.status, done.json], [200, { file: "topics.md", intent: "track-order" }]);
	const after = fs.readFileSync(file, "utf8");
	const added = after.split("\n").filter((line) => !before.split("\n").includes(line));
	assert.equal(added.length, 1);
	assert.equal(after.replace(`${added[0]}\n`, ""), before);
	assert.equal(fs.statSync(file).mode & 0o777, 0o640);
	assert.deepEqual(fs.readdirSync(server.intents).sort(), ["shop.ini", "topics.md"]);
	assert.ok(!fs.readdirSync(server.data).some((name) => name.includes("trial")));
	await anna.next((frame) => frame.type === "corpus" && frame.serving, "the reload");
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: `zounds ${MARKUP}` } })).json.intent, "track-order");
	assert.deepEqual(await list(), []);
	assert.equal((await server.ask("POST", `/api/v1/drafts/${draft.id}`, { ...owner, body: { intent: "track-order", wording: "x" } })).status, 404);
}

export async function a_new_question_with_the_answer_of_a_person() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const { visitor, conversation, seq } = await talk(server, "do you wrap gifts");
	await anna.does({ type: "message", conversation, text: "Yes, for free." });
	await visitor.any((frame) => frame.text === "Yes, for free.", "the answer");
	await anna.does({ type: "teach", conversation, seq, question: "Do you wrap gifts?" });
	const owner = { cookie: server.ownerCookie };
	const [draft] = (await server.ask("GET", "/api/v1/drafts", owner)).json.drafts;
	assert.equal(draft.answer, "Yes, for free.");
	const approve = (body) => server.ask("POST", `/api/v1/drafts/${draft.id}`, { ...owner, body });
	const question = { question: "Do you wrap gifts?", wording: draft.text, file: "topics.md", answer: "Yes, **for free**." };
	const file = path.join(server.intents, "topics.md");
	const before = fs.readFileSync(file, "utf8");
	/* Refused: nothing is lost and nothing is changed. */
	for (const [body, status, wanted] of [
		[{ ...question, answer: "" }, 422, /errors/], [{ ...question, answer: "Yes.\n\n## Another?\n\nNo." }, 422, /heading/],
		[{ ...question, answer: "Yes.\n\nhumn: always" }, 422, /errors/],
		[{ ...question, answer: "Yes:\n\n```\nand so on" }, 422, /does not end/], [{ ...question, answer: "Yes. \n\n<!-- not yet" }, 422, /does not end/],
		[{ ...question, question: "How long does delivery take?" }, 422, /errors/], [{ ...question, wording: "track my order" }, 422, /errors/],
		...["../topics.md", "./topics.md", "/etc/hosts", "topics.md/", "topics.md ", ".topics.md.new", "t\u03bfpics.md", "words.md", "x".repeat(3000)].map((name) => [{ ...question, file: name }, 404, /file/]), [{ ...question, file: "shop.ini" }, 404, /file/], [{ ...question, file: "" }, 404, /file/],
		[{ intent: "no-such", wording: "x" }, 404, /no-such/], [{ intent: "track-order", wording: " " }, 422, /empty/], [{}, 400, /intent/],
		[{ ...question, intent: "track-order" }, 400, /either/],
	]) {
		const answer = await approve(body);
		assert.equal(answer.status, status, `${JSON.stringify(body)}: ${answer.text}`);
		assert.match(answer.json.error.message, wanted);
		if (/errors/.test(answer.json.error.message)) assert.ok(answer.json.problems.some((one) => one.severity === "error" && one.file === "topics.md" && one.line > 0), answer.text);
		assert.equal(fs.readFileSync(file, "utf8"), before);
	}
	assert.equal((await server.ask("GET", "/api/v1/drafts", owner)).json.drafts.length, 1);
	/* Nor is a question put where it would be read as code. */
	fs.writeFileSync(file, `${before}\n~~~\nopen`);
	await anna.next("corpus");
	const open = await approve(question);
	assert.equal(open.status, 422);
	assert.match(open.json.error.message, /topics\.md ends in a block of code/);
	fs.writeFileSync(file, before);
	await anna.next("corpus");
	/* Two approvals at once: one is done. */
	const both = await Promise.all([approve(question), approve(question)]);
	assert.deepEqual(both.map(({ status }) => status).sort(), [200, 404]);
	const good = both.find(({ status }) => status === 200);
	assert.deepEqual(good.json, { file: "topics.md", intent: "do-you-wrap-gifts" });
	assert.equal(fs.readFileSync(file, "utf8"), `${before}\n## Do you wrap gifts?\n- do you wrap gifts\n\nYes, **for free**.\n`);
	await anna.next((frame) => frame.type === "corpus" && frame.serving, "the reload");
	assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "do you wrap gifts" } })).json.answer, "Yes, for free.");
}

export async function files_that_are_broken_or_closed_stay_as_they_are() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	const { conversation, seq } = await talk(server, "zounds the wagon");
	await anna.does({ type: "teach", conversation, seq, intent: "track-order" });
	const owner = { cookie: server.ownerCookie };
	const [draft] = (await server.ask("GET", "/api/v1/drafts", owner)).json.drafts;
	const approve = () => server.ask("POST", `/api/v1/drafts/${draft.id}`, { ...owner, body: { intent: "track-order", wording: draft.text } });
	const file = path.join(server.intents, "topics.md");
	const whole = fs.readFileSync(file, "utf8");
	fs.writeFileSync(file, whole.replace("next: How long", "nxt: How long"));
	await anna.next("corpus");
	const refused = await approve();
	assert.equal(refused.status, 422);
	assert.match(refused.json.error.message, /mend/);
	assert.match(refused.json.problems.find((one) => one.severity === "error").what, /nxt/);
	/* Somewhere else, reached by a link: the link stays one. */
	const elsewhere = path.join(server.folder, "elsewhere.md");
	fs.writeFileSync(elsewhere, whole);
	fs.rmSync(file);
	fs.symlinkSync(elsewhere, file);
	await anna.next((frame) => frame.type === "corpus" && frame.serving, "the mended files");
	assert.equal((await approve()).status, 200);
	assert.ok(fs.lstatSync(file).isSymbolicLink());
	assert.match(fs.readFileSync(elsewhere, "utf8"), /^- zounds the wagon$/m);
	/* Dismissed: gone, and nothing else happens. */
	await anna.does({ type: "teach", conversation, seq, intent: "return-item" });
	const [second] = (await server.ask("GET", "/api/v1/drafts", owner)).json.drafts;
	assert.equal((await server.ask("DELETE", `/api/v1/drafts/${second.id}`, owner)).status, 204);
	assert.equal((await server.ask("DELETE", `/api/v1/drafts/${second.id}`, owner)).status, 404);
	assert.deepEqual((await server.ask("GET", "/api/v1/drafts", owner)).json.drafts, []);
}

/* ---- Figures ---- */

export async function the_same_figures_everywhere() {
	const server = await Server.start();
	const anna = await server.agent("Anna");
	await anna.does({ type: "presence", status: "available", capacity: 9 });
	for (let i = 0; i < 5; i++) {
		const visitor = await server.visitor();
		const { seq } = await visitor.reply(await visitor.say("delivery time"));
		visitor.send({ type: "rate", seq, helpful: i > 1, client_id: "r" });
		await visitor.acked("r");
		if (i < 3) {
			visitor.send({ type: "person", client_id: "p" });
			await visitor.acked("p");
		}
		if (i < 2) {
			const { conversation } = await anna.any((frame) => frame.type === "event" && frame.kind === "handover" &&
				!anna.frames.some((ack) => ack.kind === "claim" && ack.conversation === frame.conversation), "a handover");
			await anna.does({ type: "claim", conversation });
			visitor.send({ type: "survey", csat: 5 - i, client_id: "s" });
			await visitor.acked("s");
		}
	}
	const page = (await server.ask("GET", "/api/v1/numbers?days=7", { cookie: server.ownerCookie })).json;
	const line = JSON.parse(run("report", "--json", "--data", server.data).stdout);
	assert.equal(page.episodes, 5);
	assert.equal(line.episodes, 5);
	assert.deepEqual([page.answered, page.rated, page.handed_over_episodes, page.claimed, page.csat],
		[5, { helpful: 3, not_helpful: 2 }, 3, 2, { sum: 9, n: 2 }]);
	assert.equal(page.by_hour.reduce((sum, count) => sum + count), 8);
	/* Times are told to the millisecond, and a resolution that is not over yet has none. */
	for (const { name, kind, what, rule, ...value } of page.figures) {
		assert.deepEqual(line[name], value, name);
		assert.ok(what && kind && rule !== undefined && ("whole" in value || "n" in value), `${name} has its denominator`);
	}
	assert.equal(page.figures.length, Object.values(line).filter((value) => typeof value === "object" && !Array.isArray(value)).length);
	const named = Object.fromEntries(page.figures.map((figure) => [figure.name, figure]));
	assert.deepEqual([named.handoff.part, named.handoff.whole, named.helpful.part, named.helpful.whole], [3, 5, 3, 5]);
	const people = run("report", "--data", server.data).stdout;
	assert.match(people, /handed over +3 of +5 /);
}
