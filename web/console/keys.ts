// SPDX-License-Identifier: Apache-2.0
/* The keyboard: one table, which the help shows too. Single letters count only outside of fields, and can be turned
 * off (WCAG 2.2, 2.1.4). */
import { likings } from "./keep";

export interface Shortcut { keys: string; what: string; group: string }
export const SHORTCUTS: readonly Shortcut[] = [
	{ group: "Anywhere", keys: "?", what: "This help" },
	{ group: "Anywhere", keys: "/", what: "Search" },
	{ group: "Anywhere", keys: "Esc", what: "Close, or one step back" },
	{ group: "Anywhere", keys: "a", what: "Available or away" },
	{ group: "Anywhere", keys: "g i", what: "Conversations" },
	{ group: "Anywhere", keys: "g a", what: "Answers and try-out" },
	{ group: "Anywhere", keys: "g n", what: "Numbers" },
	{ group: "Anywhere", keys: "g s", what: "Settings" },
	{ group: "List", keys: "1", what: "Waiting" },
	{ group: "List", keys: "2", what: "Mine" },
	{ group: "List", keys: "3", what: "All" },
	{ group: "List", keys: "4", what: "Tickets" },
	{ group: "List", keys: "j", what: "Next conversation" },
	{ group: "List", keys: "k", what: "Previous conversation" },
	{ group: "List", keys: "w", what: "Claim who is next in line" },
	{ group: "List", keys: "m", what: "The next of yours without an answer" },
	{ group: "Conversation", keys: "c", what: "Claim" },
	{ group: "Conversation", keys: "r", what: "Write a reply" },
	{ group: "Conversation", keys: "n", what: "Write a note" },
	{ group: "Conversation", keys: "s", what: "Suggested replies" },
	{ group: "Conversation", keys: "q", what: "Saved replies" },
	{ group: "Conversation", keys: "b", what: "Return to the bot" },
	{ group: "Conversation", keys: "t", what: "Transfer" },
	{ group: "Conversation", keys: "e", what: "Close" },
	{ group: "Conversation", keys: "u", what: "Undo the close" },
	{ group: "Conversation", keys: "#", what: "Put a tag on" },
	{ group: "Conversation", keys: "i", what: "Details of the visitor" },
	{ group: "Conversation", keys: "Home", what: "Its beginning, from within the messages" },
	{ group: "Conversation", keys: "End", what: "Its end, from within the messages" },
	{ group: "Writing", keys: "Enter", what: "Send" },
	{ group: "Writing", keys: "/", what: "Saved replies, at the start of a line" },
	{ group: "Writing", keys: "Shift Enter", what: "New line" },
];

const SEQUENCE_MS = 1200;

function isField(target: EventTarget | null): boolean {
	return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/* What the views that are there do; a view puts its own in and takes them out when it goes. */
const handlers = new Map<string, () => void>();

export function provide(keys: Record<string, () => void>): () => void {
	for (const [key, run] of Object.entries(keys)) handlers.set(key, run);
	return () => {
		for (const [key, run] of Object.entries(keys)) if (handlers.get(key) === run) handlers.delete(key);
	};
}

export function listenForKeys(): void {
	let first = "";
	let firstAt = 0;
	addEventListener("keydown", (event) => {
		if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
		if (document.querySelector("dialog[open]")) return;
		if (isField(event.target) && event.key !== "Escape") return;
		const isLetter = event.key.length === 1 && event.key !== "?";
		if (isLetter && !likings().shortcuts) return;
		const sequence = Date.now() - firstAt < SEQUENCE_MS ? `${first} ${event.key}` : "";
		first = event.key;
		firstAt = Date.now();
		const run = handlers.get(sequence) ?? handlers.get(event.key);
		if (!run) return;
		event.preventDefault();
		run();
	});
}
