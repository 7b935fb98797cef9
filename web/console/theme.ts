// SPDX-License-Identifier: Apache-2.0
/* Light, dark, or as the system has it: one attribute of the page, which the style sheet goes by. */
import { useEffect, useState } from "preact/hooks";
import type { Theme } from "./keep";

const system = matchMedia("(prefers-color-scheme: dark)");
const watchers = new Set<() => void>();
let chosen: Theme = "auto";

function isDark(): boolean {
	return chosen === "auto" ? system.matches : chosen === "dark";
}

function show(): void {
	document.documentElement.dataset.theme = isDark() ? "dark" : "light";
	for (const watcher of watchers) watcher();
}
system.addEventListener("change", show);

export function applyTheme(theme: Theme): void {
	chosen = theme;
	show();
}

/* For what takes its colours from the page once, such as a plot. */
export function useDark(): boolean {
	const [dark, setDark] = useState(isDark);
	useEffect(() => {
		const look = (): void => setDark(isDark());
		look();
		watchers.add(look);
		return () => void watchers.delete(look);
	}, []);
	return dark;
}
