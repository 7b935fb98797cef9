// SPDX-License-Identifier: Apache-2.0
/* `shopbell check` with recorded questions: what it tells an owner, in words and as JSON. */
import assert from "node:assert/strict";
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
