// SPDX-License-Identifier: Apache-2.0
/* Who is served how: segments with measures of their own, several answers to one question, what the survey asks; and
 * that the record, the report and the audit tell them apart. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Server, root, run } from "../server.mjs";

const PLAIN = "Use the label in the parcel.", SHORT = "Label, parcel, post.";
const VISITORS = 24;

function topicsWithVariant() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-intents-"));
	const text = fs.readFileSync(path.join(root, "tests/server/intents/topics.md"), "utf8");
	assert.ok(text.includes(PLAIN));
	fs.writeFileSync(path.join(folder, "topics.md"), text.replace(PLAIN, `${PLAIN}\n\n### Variant short\n${SHORT}`));
	return folder;
}

export async function each_visitor_has_one_of_the_answers_and_the_report_tells_them_apart() {
	const intents = topicsWithVariant();
	const server = await Server.start({ intents, changes: { survey: { ask: "nps, csat" } } });
	fs.rmSync(intents, { recursive: true });
	const agent = await server.agent();
	const given = { [PLAIN]: 0, [SHORT]: 0 };
	for (let i = 0; i < VISITORS; i++) {
		const visitor = await server.visitor();
		assert.deepEqual(visitor.welcome.survey, ["csat", "nps"]);
		const first = await visitor.reply(await visitor.say("how do returns work", "a"));
		const second = await visitor.reply(await visitor.say("send it back", "b"));
		assert.ok(first.text in given, first.text);
		assert.equal(second.text, first.text, "the same visitor, the same answer");
		given[first.text]++;
		visitor.send({ type: "rate", seq: first.seq, helpful: true, client_id: "c" });
		await visitor.acked("c");
		if (i) continue;
		const decision = await agent.until(() => agent.frames.find((frame) => frame.details?.variant), "the decision");
		assert.equal(decision.details.variant, first.text === SHORT ? "short" : "plain");
	}
	const report = JSON.parse(run("report", "--json", "--data", server.data).stdout);
	const expected = [["plain", given[PLAIN]], ["short", given[SHORT]]].filter(([, count]) => count);
	assert.deepEqual(report.answers.map((one) => [one.variant, one.handed_over.whole]), expected);
	assert.ok(report.answers.every((one) => one.intent === "return-item" && one.handed_over.part === 0));
	assert.deepEqual(report.answers.map((one) => [one.helpful.part, one.helpful.whole]), expected.map(([, n]) => [n, n]));
	/* Without a visitor it is the plain one. */
	for (let i = 0; i < 3; i++) {
		const asked = await server.ask("POST", "/api/v1/ask", { body: { text: "how do returns work" } });
		assert.equal(asked.json.answer, PLAIN);
	}
}

export async function a_segment_has_measures_of_its_own_and_a_name_in_the_audit() {
	const server = await Server.start({ changes: {
		"segment checkout": { when: "page = /checkout", "second miss": "1" },
		"segment french": { when: "language = fr", priority: "3" },
		survey: { ask: "none" },
	} });
	const agent = await server.agent();
	await agent.does({ type: "presence", status: "available", capacity: 50 });
	const meet = async (url) => {
		const visitor = await server.visitor({ page: { url, title: "Page" } });
		assert.deepEqual(visitor.welcome.survey, []);
		await visitor.reply(await visitor.say("xyzzy gibber plugh", "a"));
		return visitor;
	};
	const hurried = await meet("https://shop.example/checkout/pay");
	await hurried.any((frame) => frame.kind === "handover" && frame.reason === "unsure", "the handover at the first miss");
	const usual = await meet("https://shop.example/tea");
	assert.equal(usual.events.some((event) => event.kind === "handover"), false);
	await usual.reply(await usual.say("qwrt zxcvb frobnicate", "b"));
	await usual.any((frame) => frame.kind === "handover", "the handover at the second miss");
	const decision = await agent.until(() => agent.frames.find((frame) => frame.details?.segment), "the decision");
	assert.equal(decision.details.segment, "checkout");
	const audit = run("audit", "--data", server.data, "--intents", server.intents);
	assert.equal(audit.status, 0, audit.stderr);
	assert.match(audit.stdout, /by segment: .*\n {2}checkout: 1 episodes/);
	assert.match(audit.stdout, /\n {2}none of them: 1 episodes/);
}

/* As pages and browsers write it. A language that the shop does not serve is the shop's own. */
export async function the_language_of_a_question_is_a_tag() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-intents-"));
	fs.mkdirSync(path.join(folder, "de"));
	fs.writeFileSync(path.join(folder, "topics.md"), "## Do you take Visa? {#visa-en}\n- visa\n- pay by visa\n\nYes.\n");
	fs.writeFileSync(path.join(folder, "de", "themen.md"), "## Nehmt ihr Visa? {#visa-de}\n- visa\n- mit visa bezahlen\n\nJa.\n");
	const server = await Server.start({ intents: folder, changes: { shop: { suggestions: null } } });
	fs.rmSync(folder, { recursive: true });
	for (const [code, tags] of [["de", ["de", "DE", "de-AT", "de_CH"]], ["en", ["en", "en-GB", "", "fr", "tlh", "nonsense", undefined]]])
		for (const lang of tags)
			assert.equal((await server.ask("POST", "/api/v1/ask", { body: { text: "visa", lang } })).json.lang, code, lang);
}
