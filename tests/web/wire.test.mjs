// SPDX-License-Identifier: Apache-2.0
/* The frames: every sample that the C side writes is read here, and nothing that is malformed gets through. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./load.mjs";

const { readVisitorFrame, readAgentFrame } = await load("shared/wire.ts");
const folder = new URL("../wire/", import.meta.url);
const samples = readdirSync(folder)
	.filter((name) => name.endsWith(".json"))
	.map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, folder), "utf8")) }));
const readers = { to_visitor: readVisitorFrame, to_agent: readAgentFrame };
const outgoing = samples.filter(({ direction }) => direction in readers);

test("there are samples for both sides", () => {
	for (const side of Object.keys(readers)) assert.ok(outgoing.some(({ direction }) => direction === side), side);
});

for (const { name, direction, frame } of outgoing) {
	test(`${name} is read as it is`, () => assert.deepEqual(readers[direction](JSON.stringify(frame)), frame));
}

/* Whatever is taken away from a sample or changed in it, the reader either refuses it or gives it as it is: it never
 * throws. Fields without which the page cannot go on are refused. */
const needed = {
	event: ["seq", "at", "kind", "from", "text", "owner", "episode"],
	ack: ["of"], error: ["code", "message"], read: ["seq"], queue: ["position"], typing: ["from"],
	welcome: ["shop", "suggestions"], presence: [],
};
for (const { name, direction, frame } of outgoing.filter((sample) => sample.direction === "to_visitor")) {
	test(`${name}, damaged`, () => {
		for (const field of Object.keys(frame)) {
			for (const value of [undefined, null, 0, "", "text", true, [], {}, [null], -1.5]) {
				const damaged = { ...frame, [field]: value };
				const read = readers[direction](JSON.stringify(damaged));
				if (!needed[frame.type]?.includes(field)) continue;
				if (value === undefined || value === null || typeof value !== typeof frame[field]) {
					assert.equal(read, null, `${field}: ${JSON.stringify(value)}`);
				}
			}
		}
	});
}

for (const text of ["", "null", "1", "[]", "{", "{}", '"text"', '{"type":1}', '{"type":"constructor"}', '{"type":"__proto__"}',
	'{"type":"nothing"}', '{"type":"event"}', "\u0000"]) {
	test(`not a frame: ${JSON.stringify(text)}`, () => {
		assert.equal(readVisitorFrame(text), null);
		assert.equal(readAgentFrame(text), null);
	});
}
