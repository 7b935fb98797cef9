// SPDX-License-Identifier: Apache-2.0
/* Where in the console one is: the part of the address behind #, so that the back button, a reload and a second tab
 * work. #/waiting/12/details, #/answers, #setup=LINK. Pure. */
import { FILTERS, type Filter } from "./state";

export type PageName = "answers" | "numbers" | "agents" | "settings";
export const PAGES: readonly PageName[] = ["answers", "numbers", "agents", "settings"];

export type Route =
	| { at: "setup"; link: string }
	| { at: "inbox"; filter: Filter; conversation: number | null; details: boolean }
	| { at: PageName };

export const home: Extract<Route, { at: "inbox" }> = { at: "inbox", filter: "waiting", conversation: null, details: false };

export function readRoute(hash: string): Route {
	if (hash.startsWith("#setup=")) {
		const link = hash.slice("#setup=".length);
		try {
			return { at: "setup", link: decodeURIComponent(link) };
		} catch {
			return { at: "setup", link };
		}
	}
	const [first = "", second = "", third] = hash.replace(/^#\/?/, "").split("/");
	const page = PAGES.find((name) => name === first);
	if (page) return { at: page };
	const filter = FILTERS.find((name) => name === first);
	if (!filter) return home;
	const conversation = /^[1-9]\d{0,15}$/.test(second) ? Number(second) : null;
	return { at: "inbox", filter, conversation, details: conversation !== null && third === "details" };
}

export function hashOf(route: Route): string {
	switch (route.at) {
	case "setup": return `#setup=${encodeURIComponent(route.link)}`;
	case "inbox":
		return `#/${route.filter}${route.conversation === null ? "" : `/${route.conversation}${route.details ? "/details" : ""}`}`;
	default: return `#/${route.at}`;
	}
}
