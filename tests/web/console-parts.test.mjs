// SPDX-License-Identifier: Apache-2.0
/* The console's other pure parts: rows, the handover's card, addresses, saved replies, words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { rowsOf, moodPoints, handoverOf } = await load("console/rows.ts");
const { readRoute, hashOf } = await load("console/route.ts");
const { latest, around, earlier, later, grown, ROWS_AT_ONCE, ROWS_MOST } = await load("console/sight.ts");
const { fill, unfilled } = await load("console/keep.ts");
const { matching } = await load("console/replies.tsx");
const { offers } = await load("console/tags.tsx");
const { rulesOf, PASSWORD_MIN } = await load("console/password.ts");
const { clock, ago, duration, moodOf, decisionSentence, span, toneWord } = await load("console/words.ts");

const NOON = new Date(2026, 4, 12, 12).getTime();
function event(seq, more = {}) {
	return { type: "event", seq, at: NOON + seq * 1000, kind: "message", from: "visitor", text: `text ${seq}`, owner: "bot", episode: 1, ...more };
}
function decision(action, more = {}) {
	return {
		action, rule: "rule", confidence: 0.9, threshold: 0.6, candidates: [{ intent: "track-order", confidence: 0.9 }], why: [],
		mood: { score: 0, frustration: 0, upset: false, words: [] }, running_mood: 0, lang: "en", corpus: "v", took_us: 1, ...more,
	};
}
const shape = (rows) => rows.map(({ kind, event: of }) => (of ? `${kind} ${of.seq}` : kind));

test("a decision is shown with what the bot said by it", () => {
	const why = decision("answer");
	const rows = rowsOf([event(1), event(2, { kind: "decision", from: "system", details: why }), event(3, { from: "bot" }), event(4, { from: "bot" })]);
	assert.deepEqual(shape(rows), ["day", "said 1", "said 3", "said 4"]);
	assert.equal(rows[2].decision, why);
	assert.equal(rows[3].decision, undefined);
});

test("a decision to hand over is shown with the handover; a quiet one with nothing", () => {
	const why = decision("handover");
	const rows = rowsOf([
		event(1), event(2, { kind: "decision", from: "system", details: why }), event(3, { kind: "handover", from: "system", reason: "upset" }),
		event(4), event(5, { kind: "decision", from: "system", details: decision("quiet") }), event(6, { kind: "notice", from: "system" }),
	]);
	assert.deepEqual(shape(rows), ["day", "said 1", "line 3", "said 4", "line 6"]);
	assert.equal(rows[2].decision, why);
	assert.equal(rows[4].decision, undefined);
});

test("a thumb sits on the message it rates; the last one counts", () => {
	const rate = (seq, helpful) => event(seq, { kind: "rating", rates: 2, helpful });
	const rows = rowsOf([event(1), event(2, { from: "bot" }), rate(3, true), rate(4, false), event(5, { kind: "rating", csat: 4 })]);
	assert.deepEqual(shape(rows), ["day", "said 1", "said 2", "line 5"]);
	assert.equal(rows[2].thumb, false);
});

test("days, episodes and blocks of one author", () => {
	const rows = rowsOf([event(1), event(2), event(3, { at: NOON + 86400000, episode: 2 }), event(4, { at: NOON + 86400000 + 600000, episode: 2 })]);
	assert.deepEqual(shape(rows), ["day", "said 1", "said 2", "episode", "day", "said 3", "said 4"]);
	assert.deepEqual(rows.filter(({ kind }) => kind === "said").map(({ isFirst }) => isFirst), [true, false, true, true]);
});

test("the handover's card: the last handover of the episode, with what led to it", () => {
	const words = [{ word: "Useless", family: "insult", weight: 0.5 }];
	const events = [
		event(1), event(2, { kind: "decision", details: decision("answer") }), event(3, { from: "bot", intent: "track-order" }),
		event(4, { text: "useless bot" }), event(5, { kind: "decision", details: decision("handover", { mood: { score: -1, frustration: 1, upset: true, words } }) }),
		event(6, { kind: "handover", from: "system", reason: "upset" }), event(7, { text: "later" }),
		event(8, { kind: "claim", from: "agent", owner: "agent" }), event(9, { from: "agent", owner: "agent" }), event(10, { text: "to a person" }),
	];
	const card = handoverOf(events, 1);
	assert.equal(card.event.seq, 6);
	assert.deepEqual(card.asked.map(({ seq }) => seq), [1, 4, 7], "also what was said while waiting");
	assert.deepEqual(card.answered.map(({ event: said }) => said.seq), [3]);
	assert.equal(card.answered[0].decision.action, "answer");
	assert.equal(card.decision.action, "handover");
	assert.deepEqual(card.words, words);
	assert.equal(handoverOf(events, 2), null);
	assert.equal(handoverOf(events.slice(0, 5), 1), null);
});

test("the mood line takes the visitor's words of one episode", () => {
	const mood = { score: -0.5, frustration: 0.6 };
	const points = moodPoints([event(1, { mood }), event(2, { from: "bot" }), event(3, { mood, episode: 2 })], 1);
	assert.deepEqual(points, [{ seq: 1, at: NOON + 1000, text: "text 1", ...mood }]);
});

test("addresses", () => {
	const inbox = (filter, conversation = null, details = false) => ({ at: "inbox", filter, conversation, details });
	const rows = [
		["", inbox("waiting")],
		["#/mine", inbox("mine")],
		["#/all/12", inbox("all", 12)],
		["#/all/12/details", inbox("all", 12, true)],
		["#/answers", { at: "answers" }],
		["#setup=ab%2Fc", { at: "setup", link: "ab/c" }],
		["#setup=%", { at: "setup", link: "%" }],
		["#/nonsense", inbox("waiting")],
		["#/all/0", inbox("all")],
		["#/all/-1", inbox("all")],
		["#/all/1e3", inbox("all")],
		["#/tickets/x/details", inbox("tickets")],
	];
	for (const [hash, wanted] of rows) assert.deepEqual(readRoute(hash), wanted, hash);
	for (const hash of ["#/mine", "#/all/12", "#/all/12/details", "#/settings", "#setup=ab%2Fc"]) assert.equal(hashOf(readRoute(hash)), hash);
});

test("saved replies", () => {
	const values = { name: "Leo", agent: "Anna", shop: "" };
	const rows = [
		["Hello {name}, I am {agent}.", "Hello Leo, I am Anna."],
		["{name}", "Leo"],
		["from {shop}.", "from."],
		["{unknown} stays", "{unknown} stays"],
		["{constructor} stays", "{constructor} stays"],
		["nothing", "nothing"],
	];
	for (const [text, wanted] of rows) assert.equal(fill(text, values), wanted, text);
	assert.deepEqual(unfilled("see {order}, {x}"), [4, 11]);
	for (const text of ["", "nothing", "{}", "{ x }", "{Name}", "{1}"]) assert.equal(unfilled(text), null, text);
});

test("saved replies by what is typed: names first", () => {
	const replies = [["Late", "x"], ["Not late", "y"], ["Sorry", "that it is late"], ["Bye", "z"]].map(([name, text], id) => ({ id, name, text }));
	assert.deepEqual(matching(replies, "LATE").map(({ name }) => name), ["Late", "Not late", "Sorry"]);
	assert.equal(matching(replies, "").length, 4);
	assert.equal(matching(replies, "nothing of it").length, 0);
});

test("tags that are offered", () => {
	const known = ["refund", "Refund due", "late"];
	const rows = [
		["", [], ["refund", "Refund due", "late"]], ["ref", [], ["refund", "Refund due", "ref"]], ["REFUND", [], ["refund", "Refund due"]],
		["refund", ["Refund"], ["Refund due"]], ["  new \t one ", [], ["new one"]], ["late", ["late"], []],
	];
	for (const [text, taken, wanted] of rows) assert.deepEqual(offers(text, known, taken), wanted, text);
});

test("a change of the tags says what came and went", () => {
	const tags = (seq, text) => ({ type: "event", seq, at: seq, kind: "tags", from: "agent", text, owner: "bot", episode: 1 });
	const lines = rowsOf([tags(1, "a\nb"), tags(2, "b"), tags(3, ""), tags(4, "<b>")]).filter(({ kind }) => kind === "line");
	assert.deepEqual(lines.map((row) => row.tags), [{ on: ["a", "b"], off: [] }, { on: [], off: ["a"] }, { on: [], off: ["b"] }, { on: ["<b>"], off: [] }]);
});

test("the rules of a password, at the limit and around", () => {
	const kept = (...given) => rulesOf(...given).map(({ isKept }) => isKept);
	const just = "x".repeat(PASSWORD_MIN);
	const rows = [
		[["Anna", just.slice(1), just.slice(1)], [false, true, true]],
		[["Anna", just, just], [true, true, true]],
		[["Anna", `${just}x`, just], [true, true, false]],
		[["annaannaanna", "AnnaAnnaAnna", "AnnaAnnaAnna"], [true, false, true]],
		[["Anna", "", ""], [false, false, false]],
		[["Anna", "🦊".repeat(PASSWORD_MIN - 1), ""], [false, true, false]],
	];
	for (const [given, wanted] of rows) assert.deepEqual(kept(...given), wanted, given.join(" | "));
});

test("times in words", () => {
	const rows = [
		[clock, 0, "0:00"], [clock, -5, "0:00"], [clock, 59999, "0:59"], [clock, 60000, "1:00"], [clock, 3599000, "59:59"], [clock, 3720000, "1 h 2 min"],
		[ago, 59000, "now"], [ago, 60000, "1 min"], [ago, 3600000, "1 h"], [ago, 90000000, "1 d"],
		[span, 1, "1 second"], [span, 120, "2 minutes"], [span, 90, "90 seconds"], [span, 3600, "1 hour"],
		[duration, 59, "59 s"], [duration, 131, "2 min 11 s"], [duration, 7260, "2 h 1 min"],
	];
	for (const [say, given, wanted] of rows) assert.equal(say(given), wanted, `${say.name}(${given})`);
});

test("moods in words", () => {
	for (const [running, face] of [[0, "calm"], [0.24, "calm"], [0.25, "uneasy"], [0.5, "upset"], [0.75, "angry"], [1, "angry"]]) {
		assert.equal(moodOf(running).face, face, String(running));
	}
	for (const [score, word] of [[-1, "very negative"], [-0.3, "negative"], [0, "neutral"], [0.3, "positive"], [1, "very positive"]]) {
		assert.equal(toneWord(score), word, String(score));
	}
});

test("every action is explained in a sentence", () => {
	for (const action of ["answer", "clarify", "miss", "handover", "quiet"]) {
		for (const candidates of [[], [{ intent: "a-b", confidence: 0.2 }]]) {
			const sentence = decisionSentence(decision(action, { candidates, reason: "upset" }));
			assert.match(sentence, /\.$/, `${action}, ${candidates.length} candidates`);
			assert.doesNotMatch(sentence, /undefined|NaN|“”/, `${action}, ${candidates.length} candidates`);
		}
	}
});

test("the window over a long conversation reaches both ends and never grows beyond its bound", () => {
	const count = 5000;
	let sight = latest(count);
	assert.deepEqual(sight, { from: count - ROWS_AT_ONCE, to: Infinity });
	const drawn = ({ from, to }) => Math.min(to, count) - from;
	const walk = (step, isThere) => {
		for (let i = 0; !isThere(); i++) {
			assert.ok(i < count, "it gets there");
			sight = step(sight, count);
			assert.ok(drawn(sight) <= ROWS_MOST && drawn(sight) >= ROWS_AT_ONCE, `${sight.from} to ${sight.to}`);
		}
	};
	walk(earlier, () => sight.from === 0);
	assert.notEqual(sight.to, Infinity, "the end is out of it");
	walk(later, () => sight.to === Infinity);
	for (const at of [0, 1, 2500, count - 1]) {
		const there = around(at, count);
		assert.ok(there.from <= at && at < Math.min(there.to, count) && drawn(there) <= ROWS_MOST, `${at} is in ${there.from} to ${there.to}`);
	}
	assert.deepEqual(earlier({ from: 0, to: Infinity }, 3), { from: 0, to: Infinity }, "a short one is there as a whole");
});

test("what is new moves the window of who is at the end, and nobody else's", () => {
	const rows = [
		/* before, rows by now, at the end, after */
		[{ from: 0, to: Infinity }, 50, true, { from: 0, to: Infinity }],
		[{ from: 0, to: Infinity }, ROWS_MOST, true, { from: 0, to: Infinity }],
		[{ from: 0, to: Infinity }, ROWS_MOST + 1, true, { from: ROWS_MOST + 1 - ROWS_AT_ONCE, to: Infinity }],
		[{ from: 0, to: Infinity }, ROWS_MOST + 1, false, { from: 0, to: ROWS_MOST }],
		[{ from: 40, to: 200 }, 900, false, { from: 40, to: 200 }],
	];
	for (const [before, count, isAtEnd, after] of rows) assert.deepEqual(grown(before, count, isAtEnd), after, JSON.stringify([before, count, isAtEnd]));
});

test("days are told apart by this place's midnight, also where one has 23 or 25 hours", () => {
	const at = (day, hour) => new Date(2026, 2, day, hour).getTime();
	const times = [at(28, 0), at(28, 23), at(29, 0), at(29, 23), at(30, 0), at(30, 1)];
	const rows = rowsOf(times.map((time, i) => event(i + 1, { at: time })));
	assert.deepEqual(shape(rows), ["day", "said 1", "said 2", "day", "said 3", "said 4", "day", "said 5", "said 6"]);
});
