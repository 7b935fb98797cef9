// SPDX-License-Identifier: Apache-2.0
/* The chat's four languages say the same things, with the same gaps to fill. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { all } = await load("widget/texts/texts.ts");
const gaps = (text) => (text.match(/\{\d\}/g) ?? []).sort().join();

test("in French no line begins with the sign that ends a sentence", () => {
	for (const [name, text] of Object.entries(all.fr)) assert.doesNotMatch(text, / [?!:;]/, name);
});

for (const [lang, texts] of Object.entries(all)) {
	test(`${lang} says everything`, () => {
		assert.deepEqual(Object.keys(texts).sort(), Object.keys(all.en).sort());
		for (const [name, text] of Object.entries(texts)) {
			assert.ok(text.trim(), name);
			assert.equal(gaps(text), gaps(all.en[name]), name);
		}
		assert.equal(texts.grades.split("|").length, 5);
	});
	test(`${lang} is right for any number`, () => {
		/* A noun behind a number would have to agree with 1; of minutes there are two at least. */
		for (const name of ["tooLong", "dataThere"]) assert.match(texts[name], /:\s\{0\}/, name);
	});
	test(`${lang} is not left in English`, () => {
		if (lang === "en") return;
		const same = Object.keys(texts).filter((name) => texts[name] === all.en[name]);
		assert.deepEqual(same.filter((name) => !["bot", "title", "log", "emailField"].includes(name)), []);
	});
}
