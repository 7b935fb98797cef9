// SPDX-License-Identifier: Apache-2.0
/* `shopbell check` with recorded questions: what it tells an owner, in words and as JSON. */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Server, run } from "../server.mjs";

export async function check_names_the_words_that_visitors_use() {
	const server = await Server.start();
	const visitor = await server.visitor();
	for (const [i, text] of ["is it gluten free", "is there gluten in the jam"].entries()) await visitor.reply(await visitor.say(text, `q${i}`));
	await server.kill("SIGTERM");
	const told = run("check", "--data", server.data, server.intents);
	assert.equal(told.status, 0, told.stderr);
	assert.match(told.stdout, /Words that visitors use and no wording has.*\n.*\bgluten \(2\)/);
	const json = JSON.parse(run("check", "--json", "--data", server.data, server.intents).stdout);
	assert.equal(json.heard, 2);
	const english = json.languages.find((language) => language.lang === "en");
	assert.deepEqual(english.unknown.find((word) => word.word === "gluten"), { word: "gluten", heard: 2 });
	assert.ok(Math.abs(english.right + english.wrong + english.unanswered - 1) < 1e-5);
	for (const pair of english.confused) assert.ok(pair.wordings.length > 0 && pair.intent !== pair.other);
	assert.equal(run("check", "--data", `${server.data}/nowhere`, server.intents).status, 1);
	assert.equal(run("check", "--nothing").status, 2);
}

/* Errors before warnings, of these so many that they can be read, and a last line that says where the owner stands. */
export async function check_tells_what_matters_first() {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "shopbell-check-"));
	try {
		const told = (name, rows) => {
			fs.writeFileSync(path.join(folder, name), rows.join("\n"));
			const { status, stdout, stderr } = run("check", ...(name === "all.md" ? ["--all"] : []), folder);
			return { status, stdout, lines: stderr.split("\n").filter((line) => /(error|warning): |more warnings/.test(line)) };
		};
		const wordings = Array.from({ length: 23 }, (_, i) => `- wording ${"abcdefghijklmnopqrstuvw"[i]} of it`);
		const twice = ["## One thing", ...wordings, ...wordings, "", "An answer.", "", "## Another thing", "- quite different", "", "Yes."];
		const warned = told("one.md", twice);
		assert.equal(warned.status, 0);
		assert.equal(warned.lines.filter((line) => /warning: .*stands here twice/.test(line)).length, 20);
		assert.equal(warned.lines.at(-1), `and ${wordings.length - 20} more warnings, told by: shopbell check --all`);
		assert.match(warned.stdout, /No errors\. There are no conversations in tests\/ that must come true\.\n$/);
		assert.ok(warned.stdout.indexOf("Too few wordings") > 0);
		const wrong = told("two.md", ["## A third thing", "- third", "", "No.", "", "tset: third"]);
		assert.equal(wrong.status, 1);
		assert.match(wrong.lines[0], /^two\.md:6:1: error: unknown key "tset"/);
		assert.match(wrong.lines[1], /^one\.md:.*warning/);
		fs.rmSync(path.join(folder, "two.md"));
		assert.equal(told("all.md", []).lines.filter((line) => /stands here twice/.test(line)).length, wordings.length);
	} finally {
		fs.rmSync(folder, { recursive: true });
	}
}
