// SPDX-License-Identifier: Apache-2.0
// Which words belong together by dictionary and by form, for make-vectors.mjs: "purchase" and "buy", "deliver" and
// "delivery", "refund" and "refunded". Words that merely stand in the same places ("cheap" and "expensive") do not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// By judgement, then compared on ten and five rows an intent drawn from the open training sets (2026-11): half or
// twice of any of them changes less than 0.2 points.
const SYNONYM = 1;
const DERIVED = 1;
const SIMILAR = 0.5;
const BROADER = 0.2;
const NARROWER = 0.06;
const INFLECTED = 0.5;
const SENSES = 2; // of a word, the most usual ones
const SUM_MAX = 2; // what all relatives of a word may weigh together, beside 1 for the word itself
const ROUNDS = 8;

const FILES = ['', 'data.noun', 'data.verb', 'data.adj', 'data.adv', 'data.adj']; // by kind in a sense's key
const KINDS = { n: 1, v: 2, a: 3, r: 4, s: 5 };

// Readers of WordNet's database files (their manual page is wndb).
function openDictionary(folder) {
	const data = FILES.map((file) => file && readFileSync(join(folder, file)));
	return function synset(kind, offset) {
		const line = data[kind].subarray(offset, data[kind].indexOf(10, offset)).toString('latin1').split(' | ')[0];
		const fields = line.split(' ');
		const wordCount = parseInt(fields[3], 16);
		const words = Array.from({ length: wordCount }, (_, i) => fields[4 + 2 * i].replace(/\(.*\)/, '').toLowerCase());
		const from = 4 + 2 * wordCount;
		const links = Array.from({ length: Number(fields[from]) }, (_, i) => {
			const [symbol, to, letter, ends] = fields.slice(from + 1 + 4 * i, from + 5 + 4 * i);
			return {
				symbol,
				offset: Number(to),
				kind: KINDS[letter],
				source: parseInt(ends.slice(0, 2), 16),
				target: parseInt(ends.slice(2), 16),
			};
		});
		return { words, links };
	};
}

// Of the words in `places`: how often each sense is meant, the most usual one first.
function readSenses(folder, places) {
	const senses = [];
	const totals = new Map();
	for (const line of readFileSync(join(folder, 'index.sense'), 'latin1').split('\n')) {
		const [key, offset, number, times] = line.split(' ');
		const [word, rest] = key.split('%');
		if (!offset || !places.has(word)) continue;
		senses.push({ word, kind: Number(rest[0]), offset: Number(offset), number: Number(number), times: Number(times) + 1 });
		totals.set(word, (totals.get(word) ?? 0) + Number(times) + 1);
	}
	return senses.filter((sense) => sense.number <= SENSES).map((sense) => ({ ...sense, share: sense.times / totals.get(sense.word) }));
}

function inflections(word) {
	const last = word.at(-1);
	const forms = ['s', 'es', 'ed', 'd', 'ing', 'er', 'ers', 'ly'].map((ending) => word + ending);
	forms.push(`${word}${last}ing`, `${word}${last}ed`);
	if (last === 'e') forms.push(`${word.slice(0, -1)}ing`);
	if (last === 'y') forms.push(`${word.slice(0, -1)}ies`, `${word.slice(0, -1)}ied`);
	return forms;
}

// For each of `words` a map from the places of its relatives to how much they count. `folder`: WordNet's files.
export function relatives(words, folder) {
	const places = new Map(words.map((word, place) => [word, place]));
	const synset = openDictionary(folder);
	const all = words.map(() => new Map());
	const link = (place, word, weight) => {
		const other = places.get(word);
		if (other !== undefined && other !== place) all[place].set(other, Math.max(all[place].get(other) ?? 0, weight));
	};
	for (const sense of readSenses(folder, places)) {
		const place = places.get(sense.word);
		const { words: synonyms, links } = synset(sense.kind, sense.offset);
		const own = synonyms.indexOf(sense.word) + 1;
		const linkAll = (to, weight) => to.words.forEach((word) => link(place, word, weight * sense.share));
		linkAll({ words: synonyms }, SYNONYM);
		for (const { symbol, kind, offset, source, target } of links) {
			if (symbol === '@') linkAll(synset(kind, offset), BROADER);
			if (symbol === '~') linkAll(synset(kind, offset), NARROWER);
			if (symbol === '&') linkAll(synset(kind, offset), SIMILAR);
			if ((symbol === '+' || symbol === '\\') && source === own)
				link(place, synset(kind, offset).words[target - 1], DERIVED * sense.share);
		}
	}
	words.forEach((word, place) => {
		for (const form of word.length > 2 ? inflections(word) : []) {
			link(place, form, INFLECTED);
			if (places.has(form)) link(places.get(form), word, INFLECTED);
		}
	});
	return all;
}

// Moves each row towards those of its relatives and gives it length 1. After Faruqui et al., Retrofitting Word Vectors
// to Semantic Lexicons (2015), with lengths kept.
export function retrofit(rows, allRelatives) {
	const unit = (row) => {
		const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
		return row.map((x) => x / length);
	};
	const start = rows.map(unit);
	let moved = start;
	for (let round = 0; round < ROUNDS; round++) {
		const before = moved;
		moved = start.map((row, place) => {
			const sum = Float64Array.from(row);
			const total = [...allRelatives[place].values()].reduce((a, b) => a + b, 0);
			const scale = total > SUM_MAX ? SUM_MAX / total : 1;
			for (const [other, weight] of allRelatives[place])
				before[other].forEach((x, d) => (sum[d] += scale * weight * x));
			return unit(sum);
		});
	}
	return moved;
}
