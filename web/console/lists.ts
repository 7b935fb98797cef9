// SPDX-License-Identifier: Apache-2.0
/* Which conversations a list shows, and in which order. Pure. */
import type { Summary } from "../shared/wire";
import { moodOf } from "./words";
import type { Filter, State } from "./state";

export interface Sieve { mood: "" | "upset" | "sinking"; reason: string; topic: string; tag: string }
export const noSieve: Sieve = { mood: "", reason: "", topic: "", tag: "" };

export function isWaiting(summary: Summary): boolean {
	return summary.owner === "queue" && !summary.closed;
}

export function isMine(summary: Summary, you: number | undefined): boolean {
	return summary.owner === "agent" && summary.agent?.id === you && !summary.closed;
}

/* Of yours, and the visitor spoke last. */
export function isUnanswered(summary: Summary, you: number | undefined): boolean {
	return isMine(summary, you) && summary.last.from === "visitor";
}

function belongs(summary: Summary, filter: Filter, you: number | undefined): boolean {
	switch (filter) {
	case "waiting": return isWaiting(summary);
	case "mine": return isMine(summary, you);
	case "all": return true;
	case "tickets": return summary.ticket !== undefined;
	}
}

/* "Refund" and "refund" are one tag. */
export function isSameTag(a: string, b: string): boolean {
	return a.toLowerCase() === b.toLowerCase();
}

function passes(summary: Summary, sieve: Sieve): boolean {
	if (sieve.mood === "sinking" && summary.mood.trend !== "sinking") return false;
	if (sieve.mood === "upset" && !moodOf(summary.mood.running).isBad) return false;
	if (sieve.tag && !summary.tags?.some((tag) => isSameTag(tag, sieve.tag))) return false;
	return (!sieve.reason || summary.reason === sieve.reason) && (!sieve.topic || summary.intent === sieve.topic);
}

type Order = (a: Summary, b: Summary) => number;
const latestFirst: Order = (a, b) => b.updated_at - a.updated_at || b.id - a.id;
const longestWaitFirst: Order = (a, b) =>
	b.priority - a.priority || (a.waiting_since ?? a.updated_at) - (b.waiting_since ?? b.updated_at) || a.id - b.id;

/* Of one's own: first who waits for an answer, the longest on top, so that the next thing to do is always the first. */
function owedFirst(you: number | undefined): Order {
	return (a, b) => {
		const [isOwed, isOtherOwed] = [isUnanswered(a, you), isUnanswered(b, you)];
		if (isOwed !== isOtherOwed) return isOwed ? -1 : 1;
		return isOwed ? a.last.at - b.last.at || a.id - b.id : latestFirst(a, b);
	};
}

function orderOf(filter: Filter, you: number | undefined): Order {
	switch (filter) {
	case "waiting": return longestWaitFirst;
	case "mine": return owedFirst(you);
	case "all": case "tickets": return latestFirst;
	}
}

export function listed(state: State, filter: Filter, sieve: Sieve = noSieve): Summary[] {
	return [...state.summaries.values()]
		.filter((summary) => belongs(summary, filter, state.you?.id) && passes(summary, sieve))
		.sort(orderOf(filter, state.you?.id));
}

export function countOf(state: State, filter: Filter): number {
	let count = 0;
	for (const summary of state.summaries.values()) if (belongs(summary, filter, state.you?.id)) count++;
	return count;
}

export function countUnanswered(state: State): number {
	let count = 0;
	for (const summary of state.summaries.values()) if (isUnanswered(summary, state.you?.id)) count++;
	return count;
}

/* The reasons and topics that occur, for the sieve's choices. */
export function choices(state: State, filter: Filter): { reasons: string[]; topics: string[] } {
	const reasons = new Set<string>();
	const topics = new Set<string>();
	for (const summary of state.summaries.values()) {
		if (!belongs(summary, filter, state.you?.id)) continue;
		if (summary.reason) reasons.add(summary.reason);
		if (summary.intent) topics.add(summary.intent);
	}
	return { reasons: [...reasons].sort(), topics: [...topics].sort() };
}
