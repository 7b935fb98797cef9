// SPDX-License-Identifier: Apache-2.0
/* /widget.js, the one file that a shop's page loads before anybody touches the chat: the launcher, window.shopbell and
 * the nudges. It keeps to a few kilobytes; everything else is in panel.ts, which is fetched on the first hover, focus
 * or click. */
import { css, textOn } from "./color";
import { type Config, type Host, type Kept, type Panel, type Rgb, STORE } from "./host";
import styles from "./launcher.css";

const DEFAULTS: Config = {
	name: "", bot: "Bot", language: "en", color: "#1f5f4a", position: "right", greeting: {}, nudges: [],
};
/* Languages that have a panel of their own; the others speak English. */
const PANELS = ["de", "fr", "es"];
const LABELS: Record<string, [chat: string, unread: string, dismiss: string]> = {
	en: ["Chat", "unread", "Dismiss"],
	de: ["Chat", "ungelesen", "Ausblenden"],
	fr: ["Discussion", "non lus", "Masquer"],
	es: ["Chat", "sin leer", "Ocultar"],
};
/* A speech bubble with a bell in it. */
const ICON = "M5 4h14a2.5 2.5 0 0 1 2.5 2.5v8A2.5 2.5 0 0 1 19 17h-7l-4.5 4v-4H5a2.5 2.5 0 0 1-2.5-2.5v-8A2.5 2.5 0 0 1 5 4z" +
	"M8.6 12.6h6.8l-.9-1.4V9.7a2.5 2.5 0 0 0-5 0v1.5zM11.6 14.2h.8";

/* The server writes the owner's settings over the token; a file that was served as it is keeps the defaults. */
function readConfig(config: unknown): Config {
	return { ...DEFAULTS, ...(typeof config === "object" ? config : {}) };
}

function keptState(): Kept | null {
	try {
		return JSON.parse(localStorage.getItem(STORE) ?? "null") as Kept | null;
	} catch {
		return null; /* storage is forbidden, or somebody else wrote there: begin anew */
	}
}

function start(script: HTMLScriptElement | null): void {
	const queue = window.shopbell?.q;
	const config = readConfig("__SHOPBELL_CONFIG__");
	const data = script?.dataset ?? {};
	const base = new URL(script?.src || "/", location.href).origin;
	const lang = (data.lang || document.documentElement.lang || config.language).toLowerCase();
	const short = lang.slice(0, 2);
	const [chat, unreadWord, dismiss] = (LABELS[short] ?? LABELS.en)!;
	const listeners: [string, (detail: unknown) => void][] = [];
	let panel: Panel | null = null;
	let isLoading = false;
	let waiting: ((panel: Panel) => void)[] = [];

	class Widget extends HTMLElement {
		/* A page that swaps its body (single-page shops) throws us out with it: move into the new one. */
		disconnectedCallback(): void {
			setTimeout(() => this.isConnected || document.body.append(this));
		}
	}
	customElements.define("shopbell-widget", Widget);
	const element = document.createElement("shopbell-widget");
	const root = element.attachShadow({ mode: "open" });
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(styles);
	root.adoptedStyleSheets = [sheet];

	const make = <T extends keyof HTMLElementTagNameMap>(tag: T, className: string, text = ""): HTMLElementTagNameMap[T] => {
		const made = document.createElement(tag);
		made.className = className;
		made.textContent = text;
		return made;
	};
	const frame = make("div", (data.position || config.position) === "left" ? "frame left" : "frame");
	frame.lang = short in LABELS ? short : "en";
	const launcher = make("button", "go");
	const badge = make("span", "badge");
	const space = "http://www.w3.org/2000/svg";
	const icon = document.createElementNS(space, "svg");
	icon.setAttribute("viewBox", "0 0 24 24");
	icon.setAttribute("aria-hidden", "true");
	icon.append(document.createElementNS(space, "path"));
	(icon.firstChild as Element).setAttribute("d", ICON);
	launcher.type = "button";
	launcher.setAttribute("aria-expanded", "false");
	launcher.append(icon, badge);
	frame.append(launcher);
	root.append(frame);

	/* Any colour that CSS knows, as numbers. What CSS does not know falls back to the owner's, then to ours. */
	function colorOf(): Rgb {
		for (const name of [data.color, config.color, DEFAULTS.color]) {
			launcher.style.color = name ?? "";
			const numbers = launcher.style.color && getComputedStyle(launcher).color.match(/[\d.]+/g);
			launcher.removeAttribute("style");
			if (numbers) return numbers.slice(0, 3).map(Number) as Rgb;
		}
		return [31, 95, 74];
	}

	function setUnread(count: number): void {
		badge.hidden = !count;
		badge.textContent = count > 99 ? "99+" : `${count}`;
		launcher.setAttribute("aria-label", `${chat}: ${config.name || config.bot}${count ? `, ${count} ${unreadWord}` : ""}`);
		tell("unread", count);
	}

	function tell(name: string, detail?: unknown): void {
		for (const [wanted, call] of listeners) if (wanted === name) call(detail);
	}

	/* Calls `then` with the panel, fetching it first if need be. A failed fetch is tried again at the next touch. */
	function withPanel(then: (panel: Panel) => void): void {
		if (panel) return then(panel);
		waiting.push(then);
		if (isLoading) return;
		isLoading = true;
		const fetched = document.createElement("script");
		fetched.src = `${base}/widget/panel${PANELS.includes(short) ? `.${short}` : ""}.js`;
		if (script?.nonce) fetched.nonce = script.nonce;
		fetched.onerror = () => {
			isLoading = false;
			waiting = [];
			launcher.ariaBusy = null;
			fetched.remove();
		};
		document.head.append(fetched);
	}

	function open(): void {
		launcher.ariaBusy = "true";
		root.querySelector(".nudge")?.remove();
		withPanel((loaded) => {
			launcher.ariaBusy = null;
			loaded.open();
		});
	}

	/* The owner's line beside the launcher, once on a page, and never to somebody who is talking already. */
	function nudge(text: string): void {
		if (panel || keptState() || root.querySelector(".nudge")) return;
		const bubble = make("div", "nudge");
		const say = make("button", "", text);
		const hide = make("button", "", "×");
		bubble.setAttribute("role", "status");
		hide.ariaLabel = dismiss;
		say.onclick = open;
		hide.onclick = () => bubble.remove();
		bubble.append(say, hide);
		frame.append(bubble);
	}

	function command(name: unknown, first: unknown, second: unknown): void {
		if (name === "open") open();
		else if (name === "close") panel?.close();
		else if (name === "on") listeners.push([String(first), second as () => void]);
		else if (name === "identify") {
			host.identity = String(first ?? "");
			panel?.identify(host.identity);
		} else if (name === "page") panel?.page((first ?? {}) as object);
		else if (name === "reset") {
			host.identity = "";
			if (panel) panel.reset();
			else {
				localStorage.removeItem(STORE);
				setUnread(0);
			}
		}
	}

	const api: NonNullable<Window["shopbell"]> = (name, first, second) => command(name, first, second);
	api.panel = (boot) => {
		panel ??= boot(host);
		for (const then of waiting.splice(0)) then(panel);
	};

	document.body.append(element);
	const color = colorOf();
	const theme = new CSSStyleSheet();
	theme.replaceSync(`:host{--c:${css(color)};--on:${css(textOn(color))}}`);
	root.adoptedStyleSheets.push(theme);
	const host: Host = {
		config, base, lang, root, launcher, color, tell,
		identity: data.identity ?? "",
		nonce: script?.nonce ?? "",
		unread: setUnread,
	};
	launcher.onpointerenter = launcher.onfocus = () => withPanel(() => {});
	launcher.onclick = () => (panel?.isOpen() ? panel.close() : open());
	window.shopbell = api;
	const kept = keptState();
	setUnread(kept?.unread ?? 0);
	/* Somebody may be answering, or the visitor was in the middle of a talk on the page before. */
	if (kept?.live || kept?.unread) withPanel(() => {});
	if (kept?.isOpen && innerWidth > 480) open();
	for (const line of config.nudges) {
		if (location.pathname.includes(line.page)) setTimeout(() => nudge(line.text), line.after_ms);
	}
	for (const call of Array.from(queue ?? [])) command(call[0], call[1], call[2]);
	tell("ready");
}

/* A second copy of the tag (a template and a tag manager, say) changes nothing. */
if (!customElements.get("shopbell-widget") && !window.shopbell?.panel) {
	const script = document.currentScript as HTMLScriptElement | null;
	if (document.body) start(script);
	else addEventListener("DOMContentLoaded", () => customElements.get("shopbell-widget") || start(script));
}
