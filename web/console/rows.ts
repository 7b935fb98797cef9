// SPDX-License-Identifier: Apache-2.0
/* The events of a conversation as the rows that an agent reads. Pure. */
import type { DecisionDetails, EventFrame } from "../shared/wire";
import { tagsOf } from "./state";

export type Row =
	| { kind: "day"; key: string; at: number }
	| { kind: "episode"; key: string; episode: number; at: number }
	| {
		kind: "said"; key: string; event: EventFrame; decision?: DecisionDetails; thumb?: boolean;
		/* The first of several by the same author: it carries the name. */
		isFirst: boolean;
	}
	/* `tags`: what a change of the tags brought and took. */
	| { kind: "line"; key: string; event: EventFrame; decision?: DecisionDetails; tags?: { on: string[]; off: string[] } }
	| { kind: "note"; key: string; event: EventFrame };

/* Who follows whom within this time is shown as one block. */
const BLOCK_MS = 5 * 60 * 1000;

/* The day that holds `at`, from midnight to midnight as the clock of this place has it. */
function dayOf(at: number): [from: number, to: number] {
	const from = new Date(at).setHours(0, 0, 0, 0);
	return [from, new Date(from).setHours(24)];
}

/* The last thumb that was given on each message of the bot. */
function thumbs(events: readonly EventFrame[]): Map<number, boolean> {
	const given = new Map<number, boolean>();
	for (const { kind, rates, helpful } of events) if (kind === "rating" && rates && helpful !== undefined) given.set(rates, helpful);
	return given;
}

function isThumb(event: EventFrame): boolean {
	return event.kind === "rating" && event.rates !== undefined;
}

function continues(before: Row | undefined, event: EventFrame): boolean {
	return before?.kind === "said" && before.event.from === event.from && before.event.agent?.name === event.agent?.name &&
		event.at - before.event.at < BLOCK_MS;
}

export function rowsOf(events: readonly EventFrame[]): Row[] {
	const rows: Row[] = [];
	const given = thumbs(events);
	let [dayFrom, dayTo] = [0, 0];
	let episode = 0;
	let decision: DecisionDetails | undefined;
	let tags: string[] = [];
	for (const event of events) {
		if (event.kind === "decision") {
			decision = event.details?.action === "quiet" ? undefined : event.details;
			continue;
		}
		if (isThumb(event)) continue;
		if (event.episode !== episode) {
			if (episode) rows.push({ kind: "episode", key: `e${event.episode}`, episode: event.episode, at: event.at });
			episode = event.episode;
		}
		if (event.at < dayFrom || event.at >= dayTo) {
			[dayFrom, dayTo] = dayOf(event.at);
			rows.push({ kind: "day", key: `d${event.seq}`, at: event.at });
		}
		const key = String(event.seq);
		const byBot = event.from === "bot" || event.from === "system";
		const why = byBot ? decision : undefined;
		if (byBot || event.from === "visitor") decision = undefined;
		if (event.kind === "note") rows.push({ kind: "note", key, event });
		else if (event.kind === "tags") {
			const [before, after] = [tags, tagsOf(event)];
			tags = after;
			rows.push({
				kind: "line", key, event,
				tags: { on: after.filter((tag) => !before.includes(tag)), off: before.filter((tag) => !after.includes(tag)) },
			});
		}
		else if (event.kind === "message") {
			rows.push({ kind: "said", key, event, decision: why, thumb: given.get(event.seq), isFirst: !continues(rows.at(-1), event) });
		} else rows.push({ kind: "line", key, event, decision: why });
	}
	return rows;
}

export interface MoodPoint { seq: number; at: number; score: number; frustration: number; text: string }

/* The mood of what the visitor said in one episode. */
export function moodPoints(events: readonly EventFrame[], episode: number): MoodPoint[] {
	return events.flatMap(({ seq, at, kind, from, mood, text, episode: of }) =>
		kind === "message" && from === "visitor" && of === episode && mood ? [{ seq, at, text, ...mood }] : []);
}

export interface Handover {
	event: EventFrame;
	decision?: DecisionDetails;
	asked: EventFrame[];
	answered: { event: EventFrame; decision?: DecisionDetails }[];
	/* What spoke of anger, over all messages; not what spoke against it. */
	words: { word: string; family: string; weight: number }[];
}

/* What led to the last handover of the last episode: for the card. */
export function handoverOf(events: readonly EventFrame[], episode: number): Handover | null {
	const mine = events.filter((event) => event.episode === episode);
	const at = mine.findLastIndex((event) => event.kind === "handover");
	if (at < 0) return null;
	const asked: EventFrame[] = [];
	const answered: Handover["answered"] = [];
	const words = new Map<string, { word: string; family: string; weight: number }>();
	let decision: DecisionDetails | undefined;
	/* Who waits goes on explaining: until a person answers it belongs to what was asked. */
	const answer = mine.findIndex((event, i) => i > at && event.kind === "message" && event.from === "agent");
	const waiting = mine.slice(at + 1, answer < 0 ? undefined : answer).filter((event) => event.kind === "message" && event.from === "visitor");
	for (const event of mine.slice(0, at)) {
		if (event.kind === "decision") {
			decision = event.details;
			for (const word of decision?.mood.words ?? []) if (word.weight > 0) words.set(word.word.toLowerCase(), word);
		} else if (event.kind === "message" && event.from === "visitor") {
			asked.push(event);
			decision = undefined;
		} else if (event.kind === "message" && event.from === "bot") {
			answered.push({ event, decision });
			decision = undefined;
		}
	}
	return { event: mine[at]!, decision, asked: [...asked, ...waiting].slice(-3), answered: answered.slice(-3), words: [...words.values()].slice(0, 8) };
}
