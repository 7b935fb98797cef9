// SPDX-License-Identifier: Apache-2.0
/* Light, dark, or as the system has it. */
import type { Theme } from "./keep";

export function applyTheme(theme: Theme): void {
	if (theme === "auto") document.documentElement.removeAttribute("data-theme");
	else document.documentElement.dataset.theme = theme;
}
