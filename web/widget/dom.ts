// SPDX-License-Identifier: Apache-2.0
/* Elements without a framework. Texts become text nodes, never markup. */

/* The loader has brought them. */
export const { h, draw } = window.shopbell!.tools!;

/* Stroked drawings on a 24 by 24 grid. */
const ICONS = {
	bell: "M5 17h14l-2-3v-4a5 5 0 0 0-10 0v4zM10 20h4M12 5V3",
	close: "M6 6l12 12M18 6L6 18",
	more: "M5 12h0M12 12h0M19 12h0",
	send: "M12 19V5M6 11l6-6 6 6",
	person: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
	up: "M7 20H4v-9h3zM7 11l4-8q2 0 2 2v5h5q2 0 2 2l-2 6q-1 2-2 2H7",
	arrow: "M12 5v14M6 13l6 6 6-6",
};

export function icon(name: keyof typeof ICONS): SVGElement {
	return draw(ICONS[name]);
}

/* An icon that is a button; `label` is what is read out and shown on hover. */
export function iconButton(name: keyof typeof ICONS, label: string, press: () => void): HTMLButtonElement {
	return h("button.round", { "aria-label": label, title: label, click: press }, icon(name));
}

/* Sets only what differs, so that screen readers are not told the same thing again. */
export function setText(element: HTMLElement, text: string): void {
	if (element.textContent !== text) element.textContent = text;
}

export function fill(text: string, ...values: (string | number)[]): string {
	return text.replace(/{(.)}/g, (_, i) => `${values[i]}`);
}

/* The engine's own safe HTML, as nodes. Its links open beside the shop; those to the shop's own pages go there. */
export function fromEngine(html: string): DocumentFragment {
	const template = document.createElement("template");
	template.innerHTML = html;
	for (const link of template.content.querySelectorAll("a")) if (link.host === location.host) link.target = "";
	return template.content;
}

export function download(name: string, type: string, text: string): void {
	const address = URL.createObjectURL(new Blob([text], { type }));
	h("a", { href: address, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(address), 10000);
}
