// SPDX-License-Identifier: Apache-2.0
/* Elements without a framework. Texts become text nodes, never markup. */

type Child = Node | string | null | false | undefined;
type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

export function h<T extends keyof HTMLElementTagNameMap>(
	tag: T, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[T] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === "function") element.addEventListener(name, value);
		else if (value !== false) element.setAttribute(name, value === true ? "" : value);
	}
	element.append(...children.filter((child): child is Node | string => !!child));
	return element;
}

/* Stroked drawings on a 24 by 24 grid. */
const ICONS = {
	bell: "M5 17h14l-1.8-2.6V10a5.2 5.2 0 0 0-10.4 0v4.4zM10 20h4M12 4.8V3.5",
	close: "M6 6l12 12M18 6L6 18",
	more: "M5 12h.01M12 12h.01M19 12h.01",
	send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
	person: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
	up: "M7 20H4v-9h3zM7 11l4-7.5a2 2 0 0 1 2 2V10h5.2a2 2 0 0 1 2 2.4l-1.4 6a2 2 0 0 1-2 1.6H7",
	arrow: "M12 5v14M6 13l6 6 6-6",
};

export function icon(name: keyof typeof ICONS): SVGElement {
	const space = "http://www.w3.org/2000/svg";
	const svg = document.createElementNS(space, "svg");
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("aria-hidden", "true");
	const path = svg.appendChild(document.createElementNS(space, "path"));
	path.setAttribute("d", ICONS[name]);
	return svg;
}

/* An icon that is a button; `label` is what is read out and shown on hover. */
export function iconButton(name: keyof typeof ICONS, className: string, label: string, press: () => void): HTMLButtonElement {
	return h("button", { type: "button", class: className, "aria-label": label, title: label, click: press }, icon(name));
}

/* Sets only what differs, so that screen readers are not told the same thing again. */
export function setText(element: HTMLElement, text: string): void {
	if (element.textContent !== text) element.textContent = text;
}

export function fill(text: string, ...values: (string | number)[]): string {
	return text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)] ?? ""));
}

/* The engine's own safe HTML, as nodes. Links leave the chat standing: other hosts open beside the shop. */
export function fromEngine(html: string): DocumentFragment {
	const template = document.createElement("template");
	template.innerHTML = html;
	for (const link of template.content.querySelectorAll("a")) {
		if (link.host === location.host) continue;
		link.target = "_blank";
		link.rel = "noopener noreferrer";
	}
	return template.content;
}

export function download(name: string, type: string, text: string): void {
	const address = URL.createObjectURL(new Blob([text], { type }));
	h("a", { href: address, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(address), 10000);
}
