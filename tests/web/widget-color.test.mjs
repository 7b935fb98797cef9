// SPDX-License-Identifier: Apache-2.0
/* Whatever colour an owner chooses, everything on it and in it can be read: 4.5 to 1, by the formulas of WCAG 2.2. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { contrast, luminance, readable, textOn } = await load("widget/color.ts");

test("the formula gives the figures of the standard", () => {
	assert.equal(luminance([255, 255, 255]), 1);
	assert.equal(luminance([0, 0, 0]), 0);
	assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
	assert.equal(contrast([119, 119, 119], [255, 255, 255]).toFixed(2), "4.48");
});

/* Every colour on a grid of 18 steps a channel: 5,832 of them. */
const steps = Array.from({ length: 18 }, (_, i) => i * 15);
const colors = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => [r, g, b])));

test("text on any colour", () => {
	for (const color of colors) assert.ok(contrast(textOn(color), color) >= 4.5, String(color));
});

for (const [name, ground] of [["day", [241, 244, 243]], ["night", [35, 41, 40]]]) {
	test(`any colour as an accent by ${name}`, () => {
		for (const color of colors) {
			const accent = readable(color, ground, 4.6);
			assert.ok(contrast(accent, ground) >= 4.5, `${color} became ${accent}`);
			assert.ok(accent.every((value) => Number.isInteger(value) && value >= 0 && value <= 255), String(accent));
		}
	});
}

test("a colour that can be read stays as it is", () => {
	assert.deepEqual(readable([31, 95, 74], [255, 255, 255], 4.5), [31, 95, 74]);
});
