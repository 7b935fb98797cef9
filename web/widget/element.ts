// SPDX-License-Identifier: Apache-2.0
/* Elements without a framework: in the loader, which hands both functions to the panel (window.shopbell.tools). Texts
 * become text nodes, never markup. */

type Attributes = Record<string, string | boolean | ((event: Event) => void)>;
type Part = Attributes | Node | string | false | undefined;
type Tag = keyof HTMLElementTagNameMap;

/* h("p.note", { lang: "en" }, "text", node): attributes (functions are listeners) and children in any number. Buttons
 * do not submit unless they say so. */
export function h<T extends Tag>(what: T | `${T}.${string}`, ...parts: Part[]): HTMLElementTagNameMap[T] {
	const [tag, className = ""] = what.split(".") as [T, string?];
	const element = document.createElement(tag);
	if (className) element.className = className;
	if (tag === "button") element.setAttribute("type", "button");
	for (const part of parts) {
		if (!part) continue;
		if (typeof part === "string" || part instanceof Node) element.append(part);
		else for (const [name, value] of Object.entries(part)) {
			if (typeof value === "function") element.addEventListener(name, value);
			else if (value !== false) element.setAttribute(name, value === true ? "" : value);
		}
	}
	return element;
}

/* A stroked drawing on a 24 by 24 grid. */
export function draw(path: string): SVGElement {
	const space = "http://www.w3.org/2000/svg";
	const svg = document.createElementNS(space, "svg");
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("aria-hidden", "true");
	svg.appendChild(document.createElementNS(space, "path")).setAttribute("d", path);
	return svg;
}
