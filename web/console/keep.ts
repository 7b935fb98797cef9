// SPDX-License-Identifier: Apache-2.0
/* What this browser remembers of an agent: drafts, canned replies, likings. A browser that refuses storage only
 * forgets; nothing else changes. */

const PREFIX = "shopbell.console.";

function read<T>(name: string, fallback: T, isFine: (value: unknown) => value is T): T {
	try {
		const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
		return isFine(value) ? value : fallback;
	} catch {
		return fallback;
	}
}

function write(name: string, value: unknown): void {
	try {
		if (value === null) localStorage.removeItem(PREFIX + name);
		else localStorage.setItem(PREFIX + name, JSON.stringify(value));
	} catch {
		return;
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

export interface Canned { title: string; text: string }
const isCanned = (value: unknown): value is Canned[] =>
	Array.isArray(value) && value.every((item: Partial<Canned> | null) => isText(item?.title) && isText(item?.text));
const FIRST_CANNED: Canned[] = [
	{ title: "Hello", text: "Hello {name}, this is {agent} from {shop}. I have read what you wrote. " },
	{ title: "One moment", text: "Let me look that up for you, it takes a minute or two." },
	{ title: "Sorry", text: "I am sorry about this, {name}. I will put it right." },
	{ title: "Anything else", text: "Is there anything else that I can help you with?" },
];
export function cannedReplies(): Canned[] {
	return read("canned", FIRST_CANNED, isCanned);
}
export function keepCanned(list: Canned[]): void {
	write("canned", list);
}

/* `{name}` and the like, filled in; a variable that nothing is known for takes the blank before it along. */
export function fill(text: string, values: Record<string, string>): string {
	return text.replace(/ ?\{([a-z]+)\}/g, (whole, name: string) => {
		if (!Object.hasOwn(values, name)) return whole;
		const value = values[name];
		return value ? `${whole.startsWith(" ") ? " " : ""}${value}` : "";
	});
}

export type Theme = "auto" | "light" | "dark";
const isTheme = (value: unknown): value is Theme => value === "auto" || value === "light" || value === "dark";
export interface Likings { sound: boolean; notify: boolean; shortcuts: boolean; theme: Theme }
export function likings(): Likings {
	return {
		sound: read("sound", true, isFlag),
		notify: read("notify", true, isFlag),
		shortcuts: read("shortcuts", true, isFlag),
		theme: read<Theme>("theme", "auto", isTheme),
	};
}
export function keepLikings(change: Partial<Likings>): void {
	for (const [name, value] of Object.entries(change)) write(name, value);
}
