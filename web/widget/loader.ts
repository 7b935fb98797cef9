// SPDX-License-Identifier: Apache-2.0
/* /widget.js, the one file that a shop's page loads before anybody touches the chat: the launcher and window.shopbell.
 * It keeps to a few kilobytes; everything else is in panel.ts, which is fetched on the first hover, focus or click. */
import { draw, h } from "./element";
import { readable, type Rgb, textOn } from "./color";
import { type Config, type Host, type Kept, type Panel, SMALL, STORE } from "./host";
import styles from "./launcher.css";

/* Languages that have a panel of their own; the others speak English. */
const UNREAD: Record<string, string> = { en: "unread", de: "ungelesen", fr: "à lire", es: "sin leer" };
/* A speech bubble with a bell in it. */
const ICON = "M5 4h14a2.5 2.5 0 0 1 2.5 2.5v8A2.5 2.5 0 0 1 19 17h-7l-4.5 4v-4H5a2.5 2.5 0 0 1-2.5-2.5v-8A2.5 2.5 0 0 1 5 4z" +
	"M8.6 12.6h6.8l-.9-1.4V9.7a2.5 2.5 0 0 0-5 0v1.5zM11.6 14.2h.8";
/* What accents stand on by day and by night: the bubbles of panel.css, the worse ground of the two there. */
const DAY = [241, 244, 243];
const NIGHT = [35, 41, 40];

function kept(): Kept | null {
	try {
		return JSON.parse(localStorage.getItem(STORE) ?? "null") as Kept | null;
	} catch {
		return null; /* storage is forbidden, or somebody else wrote there: begin anew */
	}
}

function start(script: HTMLScriptElement | null): void {
	const queue = window.shopbell?.q;
	/* The server writes the owner's settings over this text. `Object` keeps it together when the script is made small. */
	const config = Object("__SHOPBELL_CONFIG__") as Config;
	const data = script?.dataset ?? {};
	const base = new URL(script?.src || "/", location.href).origin;
	const lang = (data.lang || document.documentElement.lang || config.language).toLowerCase();
	const short = lang.slice(0, 2) in UNREAD ? lang.slice(0, 2) : "en";
	const listeners: [string, (detail: unknown) => void][] = [];
	let panel: Panel | null = null;
	let isLoading = false;
	let unread = -1;
	let waiting: ((panel: Panel) => void)[] = [];

	class Widget extends HTMLElement {
		/* Beside the body, which single-page shops swap for another, and take pictures of to swap it back. Should a page throw
		 * us out from there too, we come back. */
		disconnectedCallback(): void {
			setTimeout(() => this.isConnected || document.documentElement.append(this));
		}
	}
	customElements.define("shopbell-widget", Widget);
	const element = h("shopbell-widget" as "div");
	const root = element.attachShadow({ mode: "open" });
	const style = (text: string): void => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(text);
		root.adoptedStyleSheets.push(sheet);
	};
	style(styles);

	const badge = h("span.badge");
	const launcher = h("button.go", { "aria-expanded": "false" }, draw(ICON), badge);
	const frame = h("div", { class: data.position || config.position, lang: short }, launcher);
	root.append(frame);

	/* Any colour that CSS knows, as numbers. What CSS does not know falls back to the owner's. */
	function colorOf(): Rgb {
		const probe = root.appendChild(h("i"));
		/* Mixed with itself it comes out as shares of red, green and blue, also from oklch() and the like. */
		for (const name of [config.color, data.color]) if (name) probe.style.color = `color-mix(in srgb,${name},${name})`;
		const shares = getComputedStyle(probe).color.match(/[\d.e-]+/g) ?? [];
		probe.remove();
		return shares.slice(0, 3).map((share) => Number(share) * 255);
	}

	function setUnread(count: number): void {
		if (count === unread) return;
		unread = count;
		badge.hidden = !count;
		badge.textContent = count > 99 ? "99+" : `${count}`;
		launcher.ariaLabel = `Chat: ${config.name || config.bot}${count ? `, ${count} ${UNREAD[short]}` : ""}`;
		tell("unread", count);
	}

	/* Each by itself: a listener of the shop's that fails takes nothing of the chat along. */
	function tell(name: string, detail?: unknown): void {
		for (const [wanted, call] of listeners) if (wanted === name) queueMicrotask(() => call(detail));
	}

	/* Calls `then` with the panel, fetching it first if need be. A failed fetch is tried again at the next touch. */
	function withPanel(then: (panel: Panel) => void): void {
		if (panel) return then(panel);
		waiting.push(then);
		if (isLoading) return;
		isLoading = true;
		const fetched = h("script", {
			src: `${base}/widget/panel${short === "en" ? "" : `.${short}`}.js`,
			nonce: script?.nonce ?? "",
			error() {
				isLoading = false;
				waiting = [];
				launcher.ariaBusy = null;
				fetched.remove();
			},
		});
		document.head.append(fetched);
	}

	function open(): void {
		launcher.ariaBusy = "true";
		withPanel((loaded) => {
			launcher.ariaBusy = null;
			loaded.open();
		});
	}

	function command(name: unknown, first: unknown, second: unknown): void {
		if (name === "open") open();
		else if (name === "close") panel?.close();
		else if (name === "on") listeners.push([String(first), second as () => void]);
		else if (name === "identify") {
			host.identity = String(first ?? "");
			panel?.identify();
		} else if (name === "page") {
			host.page = typeof first === "string" ? { url: first, title: second as string } : first as Host["page"];
			panel?.page();
		} else if (name === "reset") {
			host.identity = "";
			/* Without a conversation there is nothing to forget, and nothing to fetch. */
			if (panel || kept()) withPanel((loaded) => loaded.reset());
		}
	}

	document.documentElement.append(element);
	const color = colorOf();
	const host: Host = { config, base, lang, root, frame, launcher, tell, open, kept, unread: setUnread, identity: data.identity ?? "" };
	style(`:host{${Object.entries({
		c: color, on: textOn(color), "by-day": readable(color, DAY, 4.6), "by-night": readable(color, NIGHT, 6),
	}).map(([name, value]) => `--${name}:rgb(${value})`).join(";")}}`);
	const api: NonNullable<Window["shopbell"]> = (name, first, second) => command(name, first, second);
	api.panel = (boot, sheet) => {
		if (!panel) style(sheet);
		panel ??= boot(host);
		for (const then of waiting.splice(0)) then(panel);
	};
	api.tools = { h, draw };
	window.shopbell = api;
	launcher.onpointerenter = launcher.onfocus = () => withPanel(() => {});
	launcher.onclick = () => (panel?.isOpen() ? panel.close() : open());
	const before = kept();
	setUnread(Number(before?.unread) || 0);
	/* Somebody may be answering, or the visitor was in the middle of a talk on the page before. */
	if (before?.isOpen && !matchMedia(SMALL).matches) withPanel((loaded) => loaded.open(true));
	else if (before?.live || before?.unread) withPanel(() => {});
	else if (!before) {
		for (const { page, after_ms, text } of config.nudges) {
			if (location.pathname.includes(page)) setTimeout(() => withPanel((loaded) => loaded.nudge(text)), after_ms);
		}
	}
	for (const call of Array.from(queue ?? [])) command(call[0], call[1], call[2]);
	tell("ready");
}

/* A second copy of the tag (a template and a tag manager, say) changes nothing. */
if (!window.shopbell?.panel) {
	const script = document.currentScript as HTMLScriptElement | null;
	if (document.body) start(script);
	else addEventListener("DOMContentLoaded", () => window.shopbell?.panel || start(script));
}
