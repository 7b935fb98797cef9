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

/* Who waits: the more urgent first, then the longer. Everything else: the latest first. */
function order(filter: Filter): (a: Summary, b: Summary) => number {
	if (filter !== "waiting") return (a, b) => b.updated_at - a.updated_at || b.id - a.id;
	return (a, b) => b.priority - a.priority || (a.waiting_since ?? a.updated_at) - (b.waiting_since ?? b.updated_at) || a.id - b.id;
}

export function listed(state: State, filter: Filter, sieve: Sieve = noSieve): Summary[] {
	return [...state.summaries.values()]
		.filter((summary) => belongs(summary, filter, state.you?.id) && passes(summary, sieve))
		.sort(order(filter));
}

export function countOf(state: State, filter: Filter): number {
	let count = 0;
	for (const summary of state.summaries.values()) if (belongs(summary, filter, state.you?.id)) count++;
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
