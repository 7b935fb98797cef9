// SPDX-License-Identifier: Apache-2.0
/* The list of what was said. Every line has one element that stays the same while the line does, so a screen reader is
 * told of it once, and only the small print below it changes. */
import { fill, fromEngine, h, icon, iconButton } from "./dom";
import { type Line, lineWithOptions, PLAIN, type State } from "./state";
import type { Option } from "../shared/wire";
import * as t from "./texts/en";
import { dated, speaker } from "./transcript";

export interface LogActions {
	choose(id: string, label: string): void;
	retry(clientId: string): void;
	rate(seq: number, isHelpful: boolean): void;
}

interface Shown { element: HTMLElement; meta: HTMLElement; signature: string; state: string }

/* A pause after which the time is written above what follows. */
const PAUSE_MS = 15 * 60000;
/* So many lines are shown at first, and as many more with each press of the button above them: the page stays quick
 * however long the talk is. */
export const SHOWN_LINES = 200;
/* Screen readers are not to read out a page of old lines; by then they have seen them come. */
const HUSH_MS = 1000;
/* Closer to the end than this counts as being there. */
const END_PX = 60;

/* Somebody comes or goes: shown between the lines, not as one. */
function isTurn({ kind }: Line): boolean {
	return /claim|transfer|return|close/.test(kind);
}

export interface Log {
	element: HTMLElement;
	button: HTMLElement;
	render(state: State): void;
	toEnd(): void;
}

export function newLog(actions: LogActions, lang: string): Log {
	const element = h("div.log", { role: "log", "aria-live": "polite", "aria-label": t.log, tabindex: "0" });
	const jump = h("button.chip down", { hidden: true, click() {
		toEnd();
		element.focus();
	} }, icon("arrow"), t.newMessages);
	const dots = h("div.row bot first", { "aria-hidden": "true" }, h("div.face"), h("div.bubble dots", h("i"), h("i"), h("i")));
	const clock = new Intl.DateTimeFormat(lang, { timeStyle: "short" });
	let shown = new Map<string, Shown>();
	let lastKey = "";
	let isAtEnd = true;
	let most = SHOWN_LINES;
	let latest: State;

	element.addEventListener("scroll", () => {
		isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX;
		if (isAtEnd) jump.hidden = true;
	});
	new ResizeObserver(() => isAtEnd && toEnd()).observe(element);

	function toEnd(): void {
		element.scrollTop = element.scrollHeight;
		jump.hidden = true;
		isAtEnd = true;
	}

	/* What stands under the eyes stays there; the button goes with the last of them. */
	function showOlder(event: Event): void {
		const below = element.scrollHeight - element.scrollTop;
		most += SHOWN_LINES;
		isAtEnd = false;
		element.ariaLive = "off";
		render(latest);
		element.scrollTop = element.scrollHeight - below;
		if (!(event.target as Node).isConnected) element.focus({ preventScroll: true });
		setTimeout(() => (element.ariaLive = "polite"), HUSH_MS);
	}

	function row(from: string, isFirst: boolean, ...body: Node[]): HTMLElement {
		return h("div", { class: `row ${from}${isFirst ? " first" : ""}` }, from !== "visitor" && h("div.face", { "aria-hidden": "true" }, icon("bell")), h("div.body", ...body));
	}

	function options(list: readonly Option[]): HTMLElement {
		return h("div.options", ...list.map(({ id, label }) =>
			h("button.chip", { dir: "auto", click: () => actions.choose(id, label) }, label)));
	}

	function bubble(state: State, line: Line, isFirst: boolean, meta: HTMLElement): HTMLElement {
		/* A sentence of ours, in a language that runs to the right, whoever's name it begins with. */
		if (isTurn(line)) return h("div", h("div.notice", { dir: "ltr" }, line.text), meta);
		const hasName = isFirst && line.from !== "visitor";
		const content = line.html ? fromEngine(line.html) : line.text;
		const made = row(
			line.from,
			isFirst,
			h("span", { class: hasName ? "name" : "hush", dir: "ltr" }, speaker(state, line), hasName && !!line.at && h("bdi", { "aria-hidden": "true" }, ` · ${clock.format(line.at)}`)),
			h("div.bubble", h("div", { class: line.html ? "rich" : "plain", dir: "auto" }, content)),
			meta,
		);
		if (line.from === "agent") made.querySelector(".face")!.replaceChildren((line.agent || state.shop).slice(0, 1));
		return made;
	}

	/* Below a line: the buttons it came with, its rating, or how far it has got. */
	function metaOf(state: State, line: Line, hasOptions: boolean, isLastOwn: boolean): Node[] {
		const nodes: Node[] = [];
		if (line.unsent) {
			nodes.push(h("span", { class: line.isFailed ? "alarm" : "" }, line.isFailed ? t.failed : t.sending));
			if (line.isFailed) nodes.push(h("button.link", { click: () => actions.retry(line.key) }, t.again));
		} else if (isLastOwn) {
			nodes.push(h("span", `${line.seq <= state.agentRead ? t.seen : t.sent} · ${clock.format(line.at)}`));
		}
		if (line.canRate) {
			nodes.push(h("div.rate",
				iconButton("up", t.helpful, () => actions.rate(line.seq, true)),
				iconButton("up", t.unhelpful, () => actions.rate(line.seq, false))));
		}
		if (hasOptions) nodes.push(options(line.options));
		return nodes;
	}

	/* One line: the element of the last time, or a new one; small print only if it changed. */
	function place(next: Map<string, Shown>, state: State, line: Line, isFirst: boolean, hasOptions: boolean, isLastOwn: boolean): HTMLElement {
		const signature = [line.text, line.html, isFirst, line.agent, state.bot].join("\n");
		let entry = shown.get(line.key);
		if (entry?.signature !== signature) {
			const meta = h("div.meta");
			entry = { element: bubble(state, line, isFirst, meta), meta, signature, state: "" };
		}
		const small = [!!line.unsent, line.isFailed, isLastOwn && line.seq <= state.agentRead, isLastOwn, hasOptions].join();
		if (entry.state !== small) {
			entry.meta.replaceChildren(...metaOf(state, line, hasOptions, isLastOwn));
			entry.state = small;
		}
		entry.meta.querySelectorAll(".rate button").forEach((thumb, i) => (thumb.ariaPressed = `${line.helpful === !i}`));
		entry.meta.querySelector(".rate")?.classList.toggle("done", line.helpful !== null);
		next.set(line.key, entry);
		return entry.element;
	}

	/* What is no line: made once for its key, then kept. */
	function other(next: Map<string, Shown>, key: string, make: () => HTMLElement): HTMLElement {
		const entry = shown.get(key) ?? { element: make(), meta: element, signature: "", state: "" };
		next.set(key, entry);
		return entry.element;
	}

	function divider(next: Map<string, Shown>, key: string, text: string): HTMLElement {
		return other(next, key, () => h("div.split", { dir: "auto" }, text));
	}

	function elements(state: State, next: Map<string, Shown>): HTMLElement[] {
		const list: HTMLElement[] = [];
		const withOptions = lineWithOptions(state);
		const lastOwn = state.lines.filter((line) => line.from === "visitor" && line.kind === "message").at(-1);
		const lastRated = state.lines.filter((line) => line.canRate).at(-1);
		const hidden = Math.max(0, state.lines.length - most);
		let before = state.lines[hidden - 1];
		if (hidden) list.push(other(next, "older", () => h("button.chip older", { click: showOlder }, t.older)));
		else if (state.greeting) list.push(place(next, state, { ...PLAIN, key: "greeting", at: 0, from: "bot", text: state.greeting }, true, false, false));
		for (const line of state.lines.slice(hidden)) {
			const isNewEpisode = before?.kind === "close" && line.episode !== before.episode;
			if (isNewEpisode) list.push(divider(next, `e${line.key}`, t.earlier));
			if (line.at - (before?.at ?? line.at) > PAUSE_MS || (!before && Date.now() - line.at > PAUSE_MS)) {
				list.push(divider(next, `t${line.key}`, dated(lang, line.at)));
				before = undefined;
			}
			const isFirst = before?.from !== line.from || before.agent !== line.agent || isTurn(before);
			const placed = place(next, state, line, isFirst, line.key === withOptions, line === lastOwn && !line.unsent);
			placed.classList.toggle("late", line === lastRated);
			list.push(placed);
			before = line;
		}
		if (withOptions === "" && state.suggestions.length) {
			list.push(other(next, JSON.stringify(state.suggestions), () => options(state.suggestions)));
		}
		if (state.isAwaiting || state.typing) {
			dots.classList.toggle("agent", state.owner === "agent");
			dots.firstElementChild!.replaceChildren(state.owner === "agent" ? state.agent.slice(0, 1) : icon("bell"));
			list.push(dots);
		}
		return list;
	}

	function render(state: State): void {
		latest = state;
		if (isAtEnd) most = SHOWN_LINES;
		/* The history of a reload is not news. */
		element.ariaBusy = `${state.seq < state.history}`;
		const next = new Map<string, Shown>();
		const list = elements(state, next);
		shown = next;
		const wanted = new Set<Element>(list);
		for (const old of [...element.children]) if (!wanted.has(old)) old.remove();
		let at = element.firstChild;
		for (const child of list) {
			if (child === at) at = at.nextSibling;
			else element.insertBefore(child, at);
		}
		const last = state.lines.at(-1);
		const isOwn = last?.from === "visitor";
		if (isAtEnd || (isOwn && last.key !== lastKey)) toEnd();
		else if (last && last.key !== lastKey) jump.hidden = false;
		lastKey = last?.key ?? "";
	}

	return { element, button: jump, render, toEnd };
}

/* How long it takes and how many are before, in one or two sentences. */
export function queueText(state: State): string {
	const { position = 0, wait_s: wait } = state.queue ?? {};
	return `${position > 1 ? fill(t.position, position) : position ? t.next : t.called} ${
		wait === undefined ? "" : wait > 60 ? fill(t.wait, Math.ceil(wait / 60)) : t.soon}`;
}
