// SPDX-License-Identifier: Apache-2.0
/* What the loader hands to the panel. Types, and what both write down: the two are separate files on the wire. */

import type { draw, h } from "./element";
import type { SayFrame } from "./state";

export interface Nudge { name: string; page: string; after_ms: number; text: string }

/* From shop.ini; the server puts it into /widget.js. */
export interface Config {
	name: string;
	bot: string;
	language: string;
	color: string;
	position: string;
	greeting: Record<string, string>;
	nudges: Nudge[];
}

export interface Host {
	config: Config;
	/* Where the chat server is, e.g. https://chat.shop.example */
	base: string;
	lang: string;
	identity: string;
	/* What the shop said with shopbell('page', url, title); otherwise the address bar counts. */
	page?: { url?: string; title?: string };
	root: ShadowRoot;
	frame: HTMLElement;
	launcher: HTMLElement;
	/* What the browser keeps; null: nothing, or nothing that can be read. */
	kept(): Kept | null;
	/* The badge on the launcher. */
	unread(count: number): void;
	/* Tells the listeners of shopbell('on', name, ...). */
	tell(name: string, detail?: unknown): void;
	open(): void;
}

/* What the panel hands back. */
export interface Panel {
	/* `isByItself`: nobody asked for it now, so the focus stays where it is. */
	open(isByItself?: boolean): void;
	close(): void;
	isOpen(): boolean;
	/* The host's identity, or its page, is another one now. */
	identify(): void;
	page(): void;
	reset(): void;
	/* The owner's line beside the launcher, once on a page. */
	nudge(text: string): void;
}

/* What the browser keeps, and only after the first message: `read` is the last seq that was shown, `unread` how many
 * came after it, `live` says that an answer of a person may come at any time, `isOpen` that the panel was. */
export interface Kept {
	token: string;
	read: number;
	unread: number;
	live: boolean;
	isOpen: boolean;
	draft?: string;
	isMuted?: boolean;
	pending?: SayFrame[];
}

export const STORE = "shopbell";
/* Where the chat takes the whole window; as it stands in small.css, without blanks. */
export const SMALL = "(max-width:480px),(max-height:480px)";

declare global {
	interface Window {
		shopbell?: ((...call: unknown[]) => void) & {
			q?: ArrayLike<unknown>[];
			/* Set by the loader; the panel's file takes the tools and calls the other. */
			tools?: { h: typeof h; draw: typeof draw };
			panel?: (boot: (host: Host) => Panel, styles: string) => void;
		};
	}
}
