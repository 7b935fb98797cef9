// SPDX-License-Identifier: Apache-2.0
/* What this browser remembers of an agent: drafts, lines that are not sent yet, likings. A browser that refuses storage
 * forgets them with the page; nothing else changes. */

import type { Pending } from "./state";

const PREFIX = "shopbell.console.";
/* What the browser did not take, full or forbidden as its storage is: known as long as the page is there. */
const untaken = new Map<string, string>();

function read<T>(name: string, fallback: T, isFine: (value: unknown) => value is T): T {
	try {
		const value: unknown = JSON.parse(untaken.get(name) ?? localStorage.getItem(PREFIX + name) ?? "null");
		return isFine(value) ? value : fallback;
	} catch {
		return fallback;
	}
}

function write(name: string, value: unknown): void {
	untaken.delete(name);
	try {
		if (value === null) localStorage.removeItem(PREFIX + name);
		else localStorage.setItem(PREFIX + name, JSON.stringify(value));
	} catch {
		untaken.set(name, JSON.stringify(value));
	}
}

const isText = (value: unknown): value is string => typeof value === "string";
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

export type DraftKind = "reply" | "note";
export function draft(kind: DraftKind, conversation: number): string {
	return read(`${kind}.${conversation}`, "", isText);
}
export function keepDraft(kind: DraftKind, conversation: number, text: string): void {
	write(`${kind}.${conversation}`, text || null);
}

/* A line that the server has not shown us yet, and whose it is: another agent may sign in here. */
export interface Unsent { agent: number; conversation: number; line: Pending }

function isUnsent(value: unknown): value is Unsent {
	const { agent, conversation, line } = (value ?? {}) as Partial<Unsent>;
	return typeof agent === "number" && typeof conversation === "number" && isText(line?.clientId) && isText(line.text) &&
		(line.kind === "message" || line.kind === "note") && typeof line.at === "number" && typeof line.after === "number";
}

/* Each under a name of its own, so that two tabs do not write over each other's. */
export function keepUnsent(unsent: Unsent): void {
	write(`unsent.${unsent.line.clientId}`, unsent);
}
export function forgetUnsent(clientId: string): void {
	write(`unsent.${clientId}`, null);
}

/* Those of one agent, in the order in which they were said. */
export function unsentOf(agent: number): Unsent[] {
	const start = `${PREFIX}unsent.`;
	let names: string[] = [];
	try {
		names = Object.keys(localStorage).filter((name) => name.startsWith(start));
	} catch {
		/* then there are none */
	}
	return names.flatMap((name) => read<Unsent | null>(name.slice(PREFIX.length), null, isUnsent) ?? [])
		.filter((unsent) => unsent.agent === agent).sort((a, b) => a.line.at - b.line.at);
}

/* `{name}` and the like, filled in; a variable that is known to be empty takes the blank before it along. What is no
 * variable here stays, to be filled in by hand. */
export function fill(text: string, values: Record<string, string>): string {
	return text.replace(/ ?\{([a-z][a-z0-9_]*)\}/g, (whole, name: string) => {
		if (!Object.hasOwn(values, name)) return whole;
		const value = values[name];
		return value ? `${whole.startsWith(" ") ? " " : ""}${value}` : "";
	});
}

/* Where the first variable stands that is not filled in; null when there is none. */
export function unfilled(text: string): [from: number, to: number] | null {
	const found = /\{[a-z][a-z0-9_]*\}/.exec(text);
	return found && [found.index, found.index + found[0].length];
}

export type Theme = "auto" | "light" | "dark";
const isTheme = (value: unknown): value is Theme => value === "auto" || value === "light" || value === "dark";
export interface Likings { sound: boolean; notify: boolean; shortcuts: boolean; theme: Theme; steps: boolean }
export function likings(): Likings {
	return {
		sound: read("sound", true, isFlag),
		notify: read("notify", true, isFlag),
		shortcuts: read("shortcuts", true, isFlag),
		theme: read<Theme>("theme", "auto", isTheme),
		steps: read("steps", true, isFlag),
	};
}
export function keepLikings(change: Partial<Likings>): void {
	for (const [name, value] of Object.entries(change)) write(name, value);
}
