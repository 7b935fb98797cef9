// SPDX-License-Identifier: Apache-2.0
/* The conversation as plain text, to copy or to save. */
import type { State } from "./state";
import * as t from "./texts/en";

export function dated(lang: string, at: number, dateStyle: "medium" | "full" = "medium"): string {
	return new Intl.DateTimeFormat(lang, { dateStyle, timeStyle: "short" }).format(at);
}

export function speaker(state: State, line: { from: string; agent: string }): string {
	if (line.from === "visitor") return t.you;
	if (line.from === "agent") return line.agent || state.shop;
	return line.from === "bot" ? `${state.bot} · ${t.bot}` : state.shop;
}

export function transcript(state: State, lang: string): string {
	const lines = state.lines.map((line) => `[${dated(lang, line.at)}] ${speaker(state, line)}: ${line.text}`);
	return [state.shop, "", ...lines, ""].join("\n");
}
